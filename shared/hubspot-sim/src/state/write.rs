//! Creating and changing records: every check, then the record as it would be. Nothing is changed here, so that a batch
//! can be refused as a whole.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::alarm::{Alarm, is_dangerous};
use super::error::{ApiError, Invalid, invalid_properties};
use super::portal::Portal;
use super::record::{Record, Source, Stored};
use super::rules::Write;
use super::types::{self, ObjectTypeId};
use super::{builtin, required, values};

/// Plans the writes of one request on one object type.
pub(crate) struct Writer<'a> {
    pub(crate) portal: &'a Portal,
    pub(crate) object_type: ObjectTypeId,
    pub(crate) source: Source,
    pub(crate) now: Timestamp,
    /// Whether the version called enforces the administrator's rules (2026-09 and later).
    pub(crate) admin_rules: bool,
    /// Dangerous values seen, in refused inputs too.
    pub(crate) alarms: Vec<Alarm>,
    /// Unique values that earlier inputs of the request take.
    claims: BTreeMap<(String, String), u64>,
    next_id: u64,
}

/// A record as it will be, and what the request said about it.
#[derive(Clone, Debug)]
pub(crate) struct Planned {
    pub(crate) record: Record,
    pub(crate) new: bool,
    /// The properties that were sent, which the answer shows.
    pub(crate) sent: Vec<String>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(portal: &'a Portal, object_type: ObjectTypeId, source: Source, now: Timestamp) -> Writer<'a> {
        let next_id = portal.store(object_type).next_id();
        Writer {
            portal,
            object_type,
            source,
            now,
            admin_rules: false,
            alarms: Vec::new(),
            claims: BTreeMap::new(),
            next_id,
        }
    }

    /// A new record.
    pub(crate) fn create(&mut self, properties: &Map<String, Value>) -> Result<Planned, ApiError> {
        let empty = Record {
            id: self.next_id,
            properties: BTreeMap::new(),
            created_at: self.now,
            updated_at: self.now,
            archived_at: None,
            created_by: self.source,
        };
        let planned = self.plan(empty, properties, true)?;
        self.next_id += 1;
        Ok(planned)
    }

    /// A change of a record.
    pub(crate) fn update(&mut self, present: &Record, properties: &Map<String, Value>) -> Result<Planned, ApiError> {
        if properties.is_empty() {
            let error = ApiError::validation("No properties found to update, please provide at least one.");
            return Err(error.context("properties", ["{}".to_owned()]));
        }
        self.plan(present.clone(), properties, false)
    }

    fn plan(&mut self, mut record: Record, sent: &Map<String, Value>, new: bool) -> Result<Planned, ApiError> {
        let before = (!new).then(|| record.clone());
        let mut invalid = Vec::new();
        for (name, value) in sent {
            let Some(text) = values::text_of(value).map_err(|problem| self.bad_json(&problem))? else { continue };
            self.watch(&record, new, name, &text);
            match self.value(&record, name, &text) {
                Ok(text) => self.set(&mut record, name, text),
                Err(problem) => invalid.push(problem),
            }
        }
        invalid.extend(required::pipeline_stage(self.portal, self.object_type, &record));
        let write = Write {
            portal: self.portal,
            object_type: self.object_type,
            before: before.as_ref(),
            sent,
            source: self.source,
            now: self.now,
        };
        self.watch_billing(&write, &record);
        invalid.extend(write.invalid(&record));
        let unique = self.conflicts(&record)?;
        invalid.extend(unique);
        if !invalid.is_empty() {
            return Err(invalid_properties(self.portal.id, &invalid));
        }
        required::check(self.portal, self.object_type, &record, new, self.admin_rules)?;
        write.check(&record)?;
        write.complete(&mut record);
        record.updated_at = self.now;
        self.claim(&record);
        Ok(Planned { record, new, sent: sent.keys().cloned().collect() })
    }

    fn bad_json(&self, problem: &str) -> ApiError {
        ApiError::validation(format!("Invalid input JSON on line 1, column 1: {problem}"))
    }

    fn watch(&mut self, record: &Record, new: bool, name: &str, text: &str) {
        if is_dangerous(name, text) {
            self.alarm(record, new, name, text);
        }
    }

    /// An invoice is billable unless the request that creates it says otherwise; an open billable one is sent.
    fn watch_billing(&mut self, write: &Write<'_>, record: &Record) {
        let new = write.before.is_none();
        if new && self.object_type == types::INVOICES && !write.sends("hs_invoice_billable") {
            self.alarm(record, new, "hs_invoice_billable", "");
        }
        if write.opens_billable(record) {
            self.alarm(record, new, "hs_invoice_status", "open");
        }
    }

    fn alarm(&mut self, record: &Record, new: bool, property: &str, value: &str) {
        self.alarms.push(Alarm {
            at: self.now,
            portal: self.portal.id,
            object_type: self.portal.type_name(self.object_type),
            record: (!new).then_some(record.id),
            property: property.to_owned(),
            value: value.to_owned(),
        });
    }

    fn value(&self, record: &Record, name: &str, text: &str) -> Result<String, Invalid> {
        let Some(property) = self.portal.property(self.object_type, name, self.now) else {
            return Err(Invalid::new(name, "PROPERTY_DOESNT_EXIST", format!("Property \"{name}\" does not exist")));
        };
        if property.read_only_value || self.portal.refuses_values(self.object_type, name) {
            let kind = if property.calculated { "calculated" } else { "read only" };
            let message = format!("\"{name}\" is a {kind} property; its value cannot be set.");
            return Err(Invalid::new(name, "READ_ONLY_VALUE", message));
        }
        values::canonical(self.portal, self.object_type, property, text, record.get(name))
    }

    fn set(&self, record: &mut Record, name: &str, value: String) {
        if name == "lifecyclestage" && !moves_forward(record.get(name), &value) {
            return;
        }
        if value.is_empty() && !record.properties.contains_key(name) {
            return;
        }
        record.properties.insert(name.to_owned(), Stored { value, at: self.now, source: self.source });
    }

    /// Unique values that another record has. A contact's e-mail is a 409 of its own (contract §9).
    fn conflicts(&self, record: &Record) -> Result<Vec<Invalid>, ApiError> {
        let store = self.portal.store(self.object_type);
        let mut invalid = Vec::new();
        for name in store.unique_names() {
            let Some(value) = record.get(name) else { continue };
            let claimed = self.claims.get(&(name.clone(), value.to_owned())).copied();
            let Some(holder) = claimed.or_else(|| store.holder(name, value)).filter(|holder| *holder != record.id)
            else {
                continue;
            };
            if self.object_type == types::CONTACTS && name == "email" {
                let message = format!("Contact already exists. Existing ID: {holder}");
                return Err(ApiError::new(409, "CONFLICT", message));
            }
            let message = format!(
                "Cannot set PropertyValueCoordinates{{portalId={}, objectTypeId=ObjectTypeId{{legacyObjectType={}}}, \
                 propertyName={name}, value={value}}} on {}. {holder} already has that value.",
                self.portal.id,
                self.object_type.error_name(),
                record.id,
            );
            invalid.push(Invalid::new(name, "CONFLICTING_UNIQUE_VALUE", message));
        }
        Ok(invalid)
    }

    fn claim(&mut self, record: &Record) {
        for name in self.portal.store(self.object_type).unique_names() {
            if let Some(value) = record.get(name) {
                self.claims.insert((name.clone(), value.to_owned()), record.id);
            }
        }
    }
}

/// A lifecycle stage only moves forward, unless it is cleared first (contract §3.3).
fn moves_forward(present: Option<&str>, wanted: &str) -> bool {
    let place = |stage: &str| builtin::LIFECYCLE_STAGES.iter().position(|one| *one == stage);
    match present {
        Some(present) if !wanted.is_empty() => place(wanted) >= place(present),
        _ => true,
    }
}
