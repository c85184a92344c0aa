//! A record as it was read from Kleer.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::KleerId;
use crate::spec::ObjectType;
use crate::value::Value;

/// The mapped fields of one Kleer record, and what else of it matters. Made by `sync::objects` from Kleer's document, read
/// by [`crate::plan()`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// Its id in Kleer.
    pub id: KleerId,
    /// Fields that have a value, by field name.
    pub values: Values,
    /// Its rows in Kleer's order.
    pub rows: Vec<SourceRow>,
    /// The records that it belongs to.
    pub targets: Vec<Target>,
    /// Why it is not synchronized, unless it is in HubSpot already.
    pub exclusion: Option<Exclusion>,
    /// Whether a project is closed; none for types without stages.
    pub closed: Option<bool>,
    /// The number by which other records refer to it: an agreement's.
    pub number: Option<String>,
    /// The date of an invoice that is neither paid nor voided: it is read again outside the window too.
    pub open_since: Option<Date>,
    /// Its foreign id in Kleer, if it has one.
    pub foreign_id: Option<String>,
}

impl SourceRecord {
    /// A record of which nothing but its id is known.
    #[must_use]
    pub const fn new(id: KleerId) -> Self {
        Self {
            id,
            values: BTreeMap::new(),
            rows: Vec::new(),
            targets: Vec::new(),
            exclusion: None,
            closed: None,
            number: None,
            open_since: None,
            foreign_id: None,
        }
    }
}

/// Values by field name.
pub type Values = BTreeMap<&'static str, Value>;

/// One row of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceRow {
    /// Its place, which names it within its record: `row-0`, `recurring-2` (contract product §6.5).
    pub key: String,
    /// Fields that have a value, by field name.
    pub values: Values,
    /// The product in Kleer.
    pub product: Option<KleerId>,
    /// How often it is billed; empty where HubSpot has no word for it, none for a row that is billed once.
    pub billing_frequency: Option<&'static str>,
}

/// Another record that a record belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// Its type.
    pub object: ObjectType,
    /// Which one.
    #[serde(flatten)]
    pub reference: Reference,
}

/// How a record names another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// By its id.
    Id(KleerId),
    /// By a number that people type; it may mean no record at all.
    Number(String),
}

impl Target {
    /// The record of that id.
    #[must_use]
    pub const fn id(object: ObjectType, id: KleerId) -> Self {
        Self { object, reference: Reference::Id(id) }
    }
}

/// Why a record of Kleer is not synchronized by rule (contract product §6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// Not certified yet.
    Draft,
    /// Its total is negative.
    Credit,
    /// Its date is before the history window.
    OutsideWindow,
}

impl Exclusion {
    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Credit => "credit",
            Self::OutsideWindow => "outside_window",
        }
    }
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
