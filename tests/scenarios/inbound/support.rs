//! A portal and a company that say the same, and what was done since.

use domain::{HubspotId, KleerCompanyId, ObjectType, PortalId};
use kleer_sim::{Change, Command, Editor, Kind};
use queue::{Envelope, Import, Job, Outgoing, QueueName, RecordEvent};
use serde_json::{Map, Value};

use super::super::client;
use super::{World, minutes};

const PORTAL: PortalId = PortalId(4242);

/// A World with one client that is in HubSpot, and its company there. What was done until then does not count.
pub(super) fn bound() -> (World, u64) {
    let mut world = World::new();
    let id = world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(1));
    world.pretend.kleer.forget_requests();
    let company = company_of(&world, id);
    (world, company)
}

/// The HubSpot company of a client.
pub(super) fn company_of(world: &World, kleer_id: i64) -> u64 {
    record_of(world, "companies", kleer_id)
}

/// The HubSpot record that says it is that record of Kleer.
pub(super) fn record_of(world: &World, object: &str, kleer_id: i64) -> u64 {
    let records = world.records(object);
    let is_it = |record: &&hubspot_sim::Record| record.get("kleer_id") == Some(kleer_id.to_string().as_str());
    records.iter().find(is_it).expect("it is in HubSpot").id
}

/// How often something was written to Kleer since the World was made.
pub(super) fn kleer_writes(world: &World) -> usize {
    let requests = world.pretend.kleer.requests();
    requests.iter().filter(|request| request.method != "GET").count()
}

/// Whatever is polled and told from now on, nobody writes anything.
pub(super) fn quiet(world: &mut World) {
    world.pass(minutes(1));
    let before = (world.writes(), kleer_writes(world));
    for object in [ObjectType::Client, ObjectType::Project] {
        world.poll_now(object);
    }
    for object in ["companies", "projects"] {
        for record in world.records(object) {
            changed(world, object, record.id);
        }
    }
    world.pass(minutes(31));
    assert_eq!((world.writes(), kleer_writes(world)), before, "somebody wrote again");
}

/// A person edits a record, and HubSpot says so.
pub(super) fn edit(world: &World, hubspot_object: &str, id: u64, values: &[(&str, &str)]) {
    world.person_edits(hubspot_object, id, values);
    changed(world, hubspot_object, id);
}

/// A hint that a record changed, whoever gives it.
pub(super) fn changed(world: &World, hubspot_object: &str, id: u64) {
    hint(world, hubspot_object, id, RecordEvent::Changed);
}

/// A hint that something happened to a record.
pub(super) fn hint(world: &World, hubspot_object: &str, id: u64, event: RecordEvent) {
    let now = world.clock.now();
    let hubspot_id = HubspotId(id.to_string());
    let import = Import { hubspot_object: hubspot_object.to_owned(), hubspot_id, event, at: now };
    let deduplication_id = format!("{import:?}");
    let envelope = Envelope::new(PORTAL, Some(KleerCompanyId(1)), Job::Import(import));
    let send = world.app().queue.send(QueueName::Change, vec![Outgoing { deduplication_id, envelope }], now);
    world.clock.run(send).expect("the queue takes it");
}

/// The document of the only client, as Kleer keeps it.
pub(super) fn document(world: &World) -> Value {
    let id = world.kleer(|kleer| kleer.clients()[0].id);
    world.kleer(|kleer| kleer.document(Kind::Client, id)).expect("it is there").into()
}

/// Somebody edits the only client in Kleer: these members become so.
pub(super) fn lay_over(world: &World, members: &Value) {
    let id = world.kleer(|kleer| kleer.clients()[0].id);
    let mut document: Map<String, Value> = world.kleer(|kleer| kleer.document(Kind::Client, id)).expect("it is there");
    for (name, value) in members.as_object().expect("members") {
        document.insert(name.clone(), value.clone());
    }
    let change = Change::Put(id, document);
    let command = Command::Record { company: 1, kind: Kind::Client, by: Editor::Person, user: None, change };
    world.pretend.kleer.command(&command).expect("Kleer takes it");
}

/// How often Kleer was asked anything.
pub(super) fn kleer_requests(world: &World) -> usize {
    world.pretend.kleer.requests().len()
}

/// The activity list, the oldest first, a line each.
pub(super) fn activity(world: &World) -> String {
    let list = world.clock.run(world.app().store.activities(PORTAL, 100, None)).expect("the store answers");
    let line = |line: &domain::Activity| {
        let kind = serde_json::to_value(line.kind).expect("a kind has a name");
        let object = line.object.map(|object| object.to_string()).unwrap_or_default();
        let id = line.kleer_id.map(|id| id.to_string()).unwrap_or_default();
        format!("{} {object} {id}: {}", kind.as_str().unwrap_or_default(), line.message)
    };
    list.lines.iter().rev().map(line).collect::<Vec<_>>().join("\n")
}
