//! A record as it was read from Kleer.

use std::collections::BTreeMap;

use crate::ids::KleerId;
use crate::value::Value;

/// The mapped fields of one Kleer record. Made by `sync::objects` from Kleer's document, read by [`crate::plan()`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// Its id in Kleer.
    pub id: KleerId,
    /// Fields that have a value, by field name.
    pub values: BTreeMap<&'static str, Value>,
}

/// A record of which something could not be read; it becomes a problem of its own and stops nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableRecord {
    /// Its id in Kleer, where that much could be read.
    pub id: Option<KleerId>,
    /// The field that could not be read, or empty for the whole record.
    pub field: String,
    /// What was found there.
    pub message: String,
}
