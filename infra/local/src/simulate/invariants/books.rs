//! Both sides of one customer at one moment, as the invariants look at them.

use std::collections::BTreeMap;

use domain::{Binding, KleerId, ObjectSettings, ObjectType, Problem};
use hubspot_sim::Record;
use kleer_sim::Kind;
use serde_json::{Map, Value};
use store::Pairing;

use super::super::stage::{Stage, Tenant};

/// A document of Kleer's.
pub(super) type Document = Map<String, Value>;

/// Everything of one object type.
pub(super) struct Shelf {
    pub(super) object: ObjectType,
    pub(super) settings: ObjectSettings,
    /// Kleer's documents by id.
    pub(super) documents: BTreeMap<i64, Document>,
    /// HubSpot's live records by id.
    pub(super) records: BTreeMap<u64, Record>,
    pub(super) bindings: BTreeMap<i64, Binding>,
    pub(super) problems: Vec<Problem>,
}

/// Everything of one customer.
pub(super) struct Books {
    pub(super) tenant: Tenant,
    pub(super) shelves: Vec<Shelf>,
    /// The first day of the invoice window; none if all invoices are in it.
    pub(super) window_from: Option<jiff::civil::Date>,
}

/// What Kleer calls a type.
pub(super) const fn kind(object: ObjectType) -> Option<Kind> {
    Some(match object {
        ObjectType::Product => Kind::Product,
        ObjectType::Client => Kind::Client,
        ObjectType::Agreement => Kind::Agreement,
        ObjectType::Invoice => Kind::Invoice,
        ObjectType::Project => Kind::Project,
        ObjectType::LineItem => return None,
    })
}

impl Books {
    /// Looks.
    pub(super) fn read(stage: &Stage, tenant: Tenant) -> Self {
        let shelves = ObjectType::ALL.into_iter().filter_map(|object| Shelf::read(stage, tenant, object)).collect();
        let sync = stage.clock.run(stage.app().store.sync_settings(tenant.portal_id()));
        let today = domain::computed::stockholm_date(stage.now());
        let window_from = sync.ok().and_then(|sync| sync.value.invoices_from(today));
        Self { tenant, shelves, window_from }
    }

    /// One type.
    pub(super) fn shelf(&self, object: ObjectType) -> Option<&Shelf> {
        self.shelves.iter().find(|shelf| shelf.object == object)
    }
}

impl Shelf {
    fn read(stage: &Stage, tenant: Tenant, object: ObjectType) -> Option<Self> {
        let (store, portal) = (&stage.app().store, tenant.portal_id());
        let settings = stage.clock.run(store.settings(portal, object)).ok()??.value;
        let documents = match kind(object) {
            None => BTreeMap::new(),
            Some(kind) => stage.kleer(tenant, |kleer| {
                ids(kleer, kind).into_iter().filter_map(|id| Some((id, kleer.document(kind, id)?))).collect()
            }),
        };
        let records = stage.pretend.hubspot.records(tenant.hub(), &settings.hubspot_object);
        let pairing = Pairing::new(portal, object, &settings.hubspot_object);
        let bound = stage.clock.run(store.binding_index(&pairing)).ok()?;
        let bound: Vec<KleerId> = bound.into_keys().collect();
        let bindings = stage.clock.run(store.bindings(&pairing, &bound)).ok()?;
        Some(Self {
            object,
            settings,
            documents,
            records: records.into_iter().map(|record| (record.id, record)).collect(),
            bindings: bindings.into_iter().map(|(id, binding)| (id.0, binding)).collect(),
            problems: stage.clock.run(store.problems(portal, object)).ok()?,
        })
    }

    /// The HubSpot record of a document.
    pub(super) fn record(&self, id: i64) -> Option<&Record> {
        let hubspot_id = self.bindings.get(&id)?.hubspot_id.as_ref()?;
        self.records.get(&hubspot_id.as_str().parse().ok()?)
    }
}

/// The ids of a kind.
pub(in crate::simulate) fn ids(kleer: &kleer_sim::Company, kind: Kind) -> Vec<i64> {
    match kind {
        Kind::Client => kleer.clients().iter().map(|one| one.id).collect(),
        Kind::Product => kleer.products().iter().map(|one| one.id).collect(),
        Kind::User => kleer.users().iter().map(|one| one.id).collect(),
        Kind::Invoice => kleer.invoices().iter().map(|one| one.id).collect(),
        Kind::Agreement => kleer.agreements().iter().map(|one| one.id).collect(),
        Kind::Project => kleer.projects().iter().map(|one| one.id).collect(),
    }
}
