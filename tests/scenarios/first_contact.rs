//! Stories of first_contact.
