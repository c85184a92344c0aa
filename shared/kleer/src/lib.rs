//! The Kleer API in Kleer's words.
