//! A portal that has invoices with rows, and clients that they belong to.

use std::collections::HashSet;

use jiff::civil::date;

use super::{NOW, Read};
use crate::plan::{PlanInput, SyncPlan, plan};
use crate::projection::Projector;
use crate::tests::{
    INVOICE, ROW, at, decimal, definition, in_hubspot, mapping, record, row, schema, target_type, text,
};
use crate::{
    BindingIndex, BindingSummary, Fingerprint, KleerId, Money, ObjectSettings, ObjectType, Place, PortalId,
    PropertyType, RecordState, RowProjector, SourceRecord, Stages, Target, Targets, Value,
};

/// What planning looks at besides the records; all of it may be changed.
pub(super) struct Portal {
    pub(super) bindings: BindingIndex,
    pub(super) targets: Targets,
    pub(super) rows: Option<RowProjector>,
    pub(super) stages: Option<Stages>,
    pub(super) complete: bool,
    pub(super) gone: HashSet<KleerId>,
}

impl Portal {
    /// Invoices of a window, of which none is known yet; client 12 is in HubSpot, and product 5.
    pub(super) fn new() -> Self {
        let mut targets = Targets::default();
        targets.add(ObjectType::Client, target_type("companies", &[(12, in_hubspot(12))]));
        targets.add(ObjectType::Product, target_type("products", &[(5, in_hubspot(5))]));
        let settings = ObjectSettings::defaults(&ROW, true, at(NOW));
        Self {
            bindings: BindingIndex::new(),
            targets,
            rows: Some(RowProjector::new(&ROW, &settings, &lines())),
            stages: None,
            complete: false,
            gone: HashSet::new(),
        }
    }

    pub(super) fn with<T>(&self, ask: impl FnOnce(&PlanInput<'_>) -> T) -> T {
        let text = definition(PropertyType::String);
        let schema = schema(&[("hs_number", text.clone()), ("hs_invoice_status", text)]);
        let mappings = [mapping("invoice-nr", "hs_number", ""), mapping("_status", "hs_invoice_status", "")];
        ask(&PlanInput {
            portal: PortalId(42),
            projector: &Projector::new(&INVOICE, &mappings, &schema),
            rows: self.rows.as_ref(),
            place: Place { hubspot_object: "invoices", line_object: "line_items" },
            bindings: &self.bindings,
            targets: &self.targets,
            stages: self.stages.as_ref(),
            complete: self.complete,
            gone: &self.gone,
            now: at(NOW),
        })
    }

    pub(super) fn planned(&self, records: &[SourceRecord]) -> SyncPlan {
        self.planned_of(records.iter().cloned().map(Ok).collect())
    }

    pub(super) fn planned_of(&self, records: Vec<Read>) -> SyncPlan {
        self.with(|input| plan(input, records))
    }

    /// The printed plan.
    pub(super) fn check(&self, records: &[SourceRecord]) -> String {
        self.planned(records).to_string()
    }

    /// The fingerprint of a record as it would be written now.
    pub(super) fn fingerprint(&self, record: &SourceRecord) -> Fingerprint {
        self.with(|input| input.content(record).unwrap().link(input.place, input.targets).fingerprint)
    }

    /// Remembers that a record is in HubSpot as it is now, in that state.
    pub(super) fn wrote(&mut self, record: &SourceRecord, state: RecordState) {
        let fingerprint = Some(self.fingerprint(record));
        self.bindings.insert(record.id, BindingSummary { fingerprint, state, ..in_hubspot(record.id.0) });
    }

    /// Remembers that a record has no record in HubSpot, and why.
    pub(super) fn has_none(&mut self, id: i64, state: RecordState) {
        let binding = BindingSummary { version: 1, state, ..BindingSummary::default() };
        self.bindings.insert(KleerId(id), binding);
    }

    /// Remembers that a write of the record as it is now was refused.
    pub(super) fn refused(&mut self, record: &SourceRecord, retry_at: &str) {
        let failed_fingerprint = Some(self.fingerprint(record));
        let retry_at = Some(at(retry_at));
        let state = RecordState::Failing;
        let binding = BindingSummary { state, failed_fingerprint, retry_at, ..in_hubspot(record.id.0) };
        self.bindings.insert(record.id, binding);
    }

    /// Forgets what is known of clients and tells these instead.
    pub(super) fn clients(&mut self, enabled: bool, bindings: &[(i64, BindingSummary)]) {
        let known = target_type("companies", bindings);
        self.targets.add(ObjectType::Client, crate::TargetType { enabled, ..known });
    }
}

fn lines() -> crate::Schema {
    let (text, number) = (definition(PropertyType::String), definition(PropertyType::Number));
    schema(&[
        ("name", text.clone()),
        ("quantity", number.clone()),
        ("price", number.clone()),
        ("kleer_unit", text),
        ("hs_product_id", number),
    ])
}

/// An open invoice of client 12 with one row.
pub(super) fn invoice(id: i64) -> SourceRecord {
    SourceRecord {
        rows: vec![line("row-0", "Chair")],
        targets: vec![Target::id(ObjectType::Client, KleerId(12))],
        open_since: Some(date(2026, 11, 1)),
        ..record(id, &[("invoice-nr", Value::Number(decimal("100"))), ("_status", text("open"))])
    }
}

/// One of these for 10.
pub(super) fn line(key: &str, name: &str) -> crate::SourceRow {
    let values =
        [("description", text(name)), ("quantity", Value::Number(decimal("1"))), ("price", Value::Money(Money(1_000)))];
    row(key, &values)
}
