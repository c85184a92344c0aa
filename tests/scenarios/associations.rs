//! Stories of associations.
