//! What is special about some object types, beyond the definitions of their properties: one file each.

mod deals;
mod invoices;
mod line_items;
mod settle;
mod subscriptions;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::change::RecordKey;
use super::error::{ApiError, Invalid};
use super::portal::Portal;
use super::record::{Record, Source, SourceKind, Stored};
use super::types::{self, ObjectTypeId};
use super::values;

pub(crate) use line_items::{check_parent, children, line_and_parent, second_parent};

/// HubSpot itself, as the one who fills in and computes.
const HUBSPOT: Source = Source { kind: SourceKind::Calculated, id: 0 };

/// A write as the rules see it, beside the record as it would be.
pub(crate) struct Write<'a> {
    pub(crate) portal: &'a Portal,
    pub(crate) object_type: ObjectTypeId,
    /// The record before; none at creation.
    pub(crate) before: Option<&'a Record>,
    pub(crate) sent: &'a Map<String, Value>,
    pub(crate) source: Source,
    pub(crate) now: Timestamp,
}

impl Write<'_> {
    /// Whether the request says anything about a property; null says nothing.
    pub(crate) fn sends(&self, name: &str) -> bool {
        self.sent.get(name).is_some_and(|value| !value.is_null())
    }

    /// Values that the type's own rules refuse.
    pub(crate) fn invalid(&self, record: &Record) -> Vec<Invalid> {
        match self.object_type {
            types::INVOICES => invoices::invalid(self).into_iter().collect(),
            types::LINE_ITEMS => line_items::invalid(self, record),
            _ => Vec::new(),
        }
    }

    /// Refuses what a record of this type cannot become.
    pub(crate) fn check(&self, record: &Record) -> Result<(), ApiError> {
        match self.object_type {
            types::INVOICES => invoices::check(self, record),
            types::LINE_ITEMS => line_items::check(self, record),
            _ => Ok(()),
        }
    }

    /// Fills in what HubSpot fills in and computes.
    pub(crate) fn complete(&self, record: &mut Record) {
        match self.object_type {
            types::DEALS => deals::complete(self, record),
            types::INVOICES => invoices::complete(self, record),
            types::LINE_ITEMS => line_items::complete(self, record),
            types::SUBSCRIPTIONS => subscriptions::complete(self, record),
            _ => {}
        }
    }

    /// Whether the write would make HubSpot treat an invoice as one to be sent and paid.
    pub(crate) fn opens_billable(&self, record: &Record) -> bool {
        self.object_type == types::INVOICES && invoices::opens_billable(self, record)
    }
}

/// Refuses to delete what cannot be deleted.
pub(crate) fn check_removal(portal: &Portal, object_type: ObjectTypeId, record: &Record) -> Result<(), ApiError> {
    match object_type {
        types::INVOICES => invoices::check_removal(portal, record),
        types::SUBSCRIPTIONS => subscriptions::check_removal(record),
        _ => Ok(()),
    }
}

/// A live invoice or subscription with its totals as its line items now make them, if they differ.
fn recomputed(portal: &Portal, key: RecordKey, now: Timestamp) -> Option<Record> {
    let present = portal.store(key.0).records.get(&key.1).filter(|record| record.is_live())?;
    let mut record = present.clone();
    match key.0 {
        types::INVOICES => invoices::total(portal, &mut record, now),
        types::SUBSCRIPTIONS => subscriptions::total(portal, &mut record, now),
        _ => {}
    }
    record.updated_at = now;
    (record.properties != present.properties).then_some(record)
}

/// The number in a property.
fn number(record: &Record, name: &str) -> Option<Decimal> {
    record.get(name).and_then(values::number)
}

/// Sets what HubSpot knows; what is already so stays as it was.
fn put(record: &mut Record, name: &str, value: impl Into<String>, now: Timestamp) {
    let value = value.into();
    if record.get(name).unwrap_or_default() != value {
        record.properties.insert(name.to_owned(), Stored { value, at: now, source: HUBSPOT });
    }
}

/// As [`put`], where nothing was said.
fn put_default(record: &mut Record, name: &str, value: impl Into<String>, now: Timestamp) {
    if record.get(name).is_none() {
        put(record, name, value, now);
    }
}

/// As [`put`], for a computed number; none where it cannot be computed.
fn put_number(record: &mut Record, name: &str, value: Option<Decimal>, now: Timestamp) {
    put(record, name, value.map(|value| value.normalize().to_string()).unwrap_or_default(), now);
}
