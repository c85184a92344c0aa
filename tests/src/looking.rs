//! Saying what is in Kleer, and looking at HubSpot.

use domain::{FieldMapping, ObjectType, PortalId, Problem, SyncReport};
use hubspot_sim::Record;
use jiff::Timestamp;
use local::output::HubspotCalls;
use local::pretend::PORTAL;

use crate::World;

/// A client of that name with nothing special about it.
#[must_use]
pub fn client(name: &str) -> kleer_sim::Client {
    kleer_sim::Client { name: name.to_owned(), ..kleer_sim::Client::default() }
}

/// A product of that name and price in öre.
#[must_use]
pub fn product(name: &str, price: i64) -> kleer_sim::Product {
    kleer_sim::Product { name: name.to_owned(), price, ..kleer_sim::Product::default() }
}

/// A row of the mappings table: this field of Kleer's fills this property.
#[must_use]
pub fn mapping(field: &str, property: &str) -> FieldMapping {
    let made = Timestamp::UNIX_EPOCH;
    FieldMapping {
        field: Some(field.to_owned()),
        property: property.to_owned(),
        default: None,
        created_at: made,
        updated_at: made,
    }
}

impl World {
    /// The id of the client of that name in Kleer.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn client_id(&self, name: &str) -> i64 {
        let clients = self.kleer(|kleer| kleer.clients());
        clients.iter().find(|client| client.name == name).unwrap_or_else(|| panic!("no client {name:?}")).id
    }

    /// A user of Kleer edits the client of that name.
    ///
    /// # Panics
    /// If there is none.
    pub fn edit_client(&self, name: &str, edit: impl FnOnce(&mut kleer_sim::Client)) {
        let id = self.client_id(name);
        self.kleer(|kleer| kleer.edit_client(id, edit));
    }

    /// From now on, until [`World::mend`], this happens to every request to Kleer whose path has that part.
    pub fn break_kleer(&self, path: &str, fault: kleer_sim::Fault) {
        let matching = kleer_sim::faults::Match { method: None, path_contains: Some(path.to_owned()) };
        let rule = kleer_sim::faults::Rule { matching, probability: 1000, times: None, skip: None, fault };
        self.pretend.kleer.faults(kleer_sim::Faults { rules: vec![rule], ..kleer_sim::Faults::default() });
    }

    /// From now on, until [`World::mend`], this happens to every request to HubSpot whose path has that part.
    pub fn break_hubspot(&self, path: &str, fault: hubspot_sim::Fault) {
        let matches = hubspot_sim::Match { method: None, path_contains: Some(path.to_owned()) };
        let rule = hubspot_sim::Rule { matches, probability: 1000, times: None, skip: 0, fault };
        self.pretend.hubspot.faults(hubspot_sim::Faults { rules: vec![rule], ..hubspot_sim::Faults::default() });
    }

    /// Both services work again.
    pub fn mend(&self) {
        self.pretend.kleer.faults(kleer_sim::Faults::none(1));
        self.pretend.hubspot.faults(hubspot_sim::Faults::none(1));
    }

    /// The records that were written while something happened and what was sent of each, a line per record.
    pub fn sent_while<R>(&mut self, happens: impl FnOnce(&mut Self) -> R) -> String {
        let before = self.app().written.count();
        happens(self);
        self.app().written.since(before).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    /// Why the last run of a type was interrupted; empty if it was not.
    #[must_use]
    pub fn interrupted(&self, object: ObjectType) -> String {
        self.report(object).interrupted.unwrap_or_default()
    }

    /// The live records of a type in HubSpot, by id.
    #[must_use]
    pub fn records(&self, hubspot_object: &str) -> Vec<Record> {
        self.pretend.hubspot.records(PORTAL.unsigned_abs(), hubspot_object)
    }

    /// A line per company: Kleer id and the properties named.
    #[must_use]
    pub fn companies(&self, properties: &[&str]) -> String {
        self.table("companies", properties)
    }

    /// A line per record: Kleer id and the properties named; `-` where there is no value.
    #[must_use]
    pub fn table(&self, hubspot_object: &str, properties: &[&str]) -> String {
        let value = |record: &Record, name: &str| record.get(name).filter(|v| !v.is_empty()).unwrap_or("-").to_owned();
        let line = |record: &Record| {
            let values = properties.iter().map(|name| value(record, name));
            std::iter::once(value(record, "kleer_id")).chain(values).collect::<Vec<_>>().join(" | ")
        };
        self.records(hubspot_object).iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// How the last run of a type stands.
    ///
    /// # Panics
    /// If the store fails.
    #[must_use]
    pub fn report(&self, object: ObjectType) -> SyncReport {
        self.clock.run(self.app().store.run_report(PortalId(PORTAL), object)).expect("the store answers")
    }

    /// The problems of a type, a line each.
    ///
    /// # Panics
    /// If the store fails.
    #[must_use]
    pub fn problems(&self, object: ObjectType) -> String {
        let problems = self.clock.run(self.app().store.problems(PortalId(PORTAL), object)).expect("the store answers");
        let line = |problem: &Problem| {
            let id = problem.kleer_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
            format!("{id} {:?}: {} {}", problem.code, problem.message, problem.remedy)
        };
        problems.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Calls to HubSpot by this process so far, by kind.
    #[must_use]
    pub fn hubspot_calls(&self) -> HubspotCalls {
        HubspotCalls::of(&self.app().calls.snapshot())
    }

    /// Write calls to HubSpot by this process so far.
    #[must_use]
    pub fn writes(&self) -> u64 {
        HubspotCalls::writes(&self.app().calls.snapshot())
    }
}
