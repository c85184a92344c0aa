//! What must never happen: a write that would make HubSpot bill somebody.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A dangerous write; recorded whether or not HubSpot accepted it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// When.
    pub at: Timestamp,
    /// In which portal.
    pub portal: u64,
    /// Plural name of the object type.
    pub object_type: String,
    /// The record, unless it is new.
    pub record: Option<u64>,
    /// The property.
    pub property: String,
    /// The value that was written; empty when nothing was said where something has to be.
    pub value: String,
}

/// Whether writing this value can make HubSpot send an invoice (contract §3.5, §3.6).
pub(crate) fn is_dangerous(property: &str, value: &str) -> bool {
    match property {
        "hs_invoice_billable" => value != "false",
        "hs_invoice_creation" => !value.is_empty() && value != "off",
        _ => false,
    }
}
