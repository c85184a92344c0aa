//! Vocabulary and rules: no async, no I/O.
