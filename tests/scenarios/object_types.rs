//! Stories of object_types.
