//! Nobody reads or writes what is another portal's: every route, every job, asked by one portal with the numbers of another one's
//! records, while somebody watches every call to the store and to both services.

use std::collections::{BTreeMap, BTreeSet};

use app::Credentials;
use domain::{KleerCompanyId, ObjectType, PortalId};
use kleer_sim::AccessType;
use local::pretend::{NEXT_APP_TOKEN, PORTAL, Scene};
use queue::{Delivery, Envelope, Handled, Import, Job, Mend, Page, Push, QueueName, RecordEvent, Timestamp};
use serde_json::{Value, json};
use tests::{StoreCall, World, client, minutes};

use crate::routes::{About, calls};

/// Whose records they are.
const VICTIM: PortalId = PortalId(PORTAL);
/// Who asks.
const OTHER: PortalId = PortalId(PORTAL + 1);
/// The key of the Kleer company of the portal that asks.
const OTHER_KEY: &str = "the-key-of-company-two";

/// Two portals, each with a Kleer company of its own; a company of HubSpot and a client of Kleer that only the first one has.
struct Town {
    world: World,
    about: About,
}

impl Town {
    fn new() -> Self {
        let mut world = World::of(Scene::of(0, 0), &ObjectType::ALL);
        world.keeps_secret(OTHER_KEY);
        world.pretend.kleer.state(|state| {
            let company = state.add_company(2, kleer_sim::CompanyInformation::default());
            company.set_token(OTHER_KEY, [AccessType::Administrator]);
            company.add_client(client("Bageri AB"));
        });
        for name in ["Åkeri AB", "Hemliga AB"] {
            world.kleer(|kleer| kleer.add_client(client(name)));
        }
        let new = sync::NewPortal {
            portal: OTHER,
            kleer_company: KleerCompanyId(2),
            credentials: Credentials { access_token: NEXT_APP_TOKEN.into(), kleer_key: OTHER_KEY.into() },
            objects: ObjectType::ALL.to_vec(),
            every_s: None,
        };
        world.clock.run(sync::set_up_portal(world.app(), &new)).unwrap();
        world.pass(minutes(3));
        let hidden = world.client_id("Hemliga AB");
        let record = world.records("companies").iter().find(|one| one.get("name") == Some("Hemliga AB")).unwrap().id;
        assert!(world.pretend.hubspot.records(4243, "companies").iter().all(|one| one.id != record), "only one has it");
        Self { world, about: About { portal: OTHER.0, record, kleer_id: hidden } }
    }

    /// Everything of the first portal's, wherever it is.
    fn of_victim(&self) -> (BTreeMap<String, Value>, Vec<String>) {
        let items = local::embedded::dump(&self.world.ground().database, &self.world.app().config.table_name).unwrap();
        let own = items.into_iter().filter(|item| is_of(item["pk"]["S"].as_str().unwrap_or_default(), VICTIM));
        let own = own.map(|item| (format!("{} {}", item["pk"], item["sk"]), item)).collect();
        let objects = ["companies", "deals", "invoices", "line_items", "products", "projects", "subscriptions"];
        let mut others: Vec<String> =
            objects.iter().map(|object| format!("{object} {:?}", self.world.records(object))).collect();
        others.push(self.world.kleer(|kleer| format!("{:?}", kleer.clients())));
        (own, others)
    }

    /// Has something done in the name of the other portal, and asserts that the first one is not touched by it. Answers whether the
    /// store was asked for anything at all.
    fn keeps_apart<R>(&mut self, what: &str, does: impl FnOnce(&mut World) -> R) -> (R, bool) {
        let before = self.of_victim();
        self.world.pretend.kleer.forget_requests();
        let (done, calls) = self.world.store_calls_while(does);
        let foreign: Vec<&StoreCall> =
            calls.iter().filter(|call| call.partitions.iter().any(|partition| is_of(partition, VICTIM))).collect();
        assert!(foreign.is_empty(), "{what} touches what is another portal's: {foreign:?}");
        // Not even company 1 of Kleer is asked: it is the first portal's.
        let asked: Vec<String> = self.world.pretend.kleer.requests().iter().map(|asked| format!("{asked:?}")).collect();
        let foreign = asked.iter().find(|asked| asked.contains("/company/1/"));
        let own_guess = what.contains("/save-credentials") || what.contains("/start-afresh");
        assert!(own_guess || foreign.is_none(), "{what} asks another portal's Kleer company: {foreign:?}");
        assert_eq!(self.of_victim(), before, "{what} changes what is another portal's");
        (done, !calls.is_empty())
    }
}

fn is_of(partition: &str, portal: PortalId) -> bool {
    partition.split('#').any(|part| part == portal.to_string())
}

#[test]
fn every_route_with_another_portals_numbers() {
    let mut town = Town::new();
    let mut silent = BTreeSet::new();
    // Leaving comes last: whoever left is told so, and nothing else.
    let (last, first): (Vec<_>, Vec<_>) =
        calls(town.about).into_iter().partition(|call| call.path.contains("/disconnect"));
    for call in first.into_iter().chain(last) {
        let request = call.request(&town.world);
        let what = format!("{} {}", call.method(), call.path);
        let (answer, asked) = town.keeps_apart(&what, |world| world.send(&request));
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(!text.contains("Hemliga"), "{what} tells of another portal's record: {text}");
        assert!(answer.status().as_u16() < 500, "{what}: {text}");
        if !asked {
            silent.insert(call.path.split('?').next().unwrap_or_default().to_owned());
        }
    }
    // Whatever else there is looks into the store: otherwise this test would have seen nothing.
    silent.retain(|path| !path.starts_with("/docs"));
    assert_eq!(silent, BTreeSet::from(["/health".to_owned()]));
    town.world.pass(minutes(5));
}

/// The page's own words do not say whose it is: only what HubSpot added does.
#[test]
fn words_of_the_body_do_not_make_it_another_portals() {
    let mut town = Town::new();
    for mut call in calls(town.about).into_iter().filter(|call| call.path.starts_with("/settings/")) {
        if call.path.contains("/disconnect") || call.path.contains("/start-afresh") {
            continue;
        }
        let body = call.body.as_mut().unwrap();
        for name in ["portal", "portalId", "portal_id", "hub_id"] {
            body[name] = json!(VICTIM.0);
        }
        call.path = format!("{}&portal=4242&x=portalId%3D4242%26portalId%3D4242", call.path);
        let request = call.request(&town.world);
        let (answer, _) = town.keeps_apart(&call.path, |world| world.send(&request));
        assert_eq!(answer.status(), 200, "{}", call.path);
    }
    town.world.pass(minutes(5));
}

/// One job of each kind, of one portal, with the numbers of another one's records.
pub(crate) fn jobs(about: About) -> Vec<(QueueName, Job)> {
    let (object, slot) = (ObjectType::Client, "2026-11-20T08:00:00Z".parse().unwrap());
    let import = |event| {
        Job::Import(Import {
            hubspot_object: "companies".to_owned(),
            hubspot_id: domain::HubspotId(about.record.to_string()),
            event,
            at: slot,
        })
    };
    let kleer_id = domain::KleerId(about.kleer_id);
    let page = Page {
        object,
        run: domain::RunId("1".to_owned()),
        number: 0,
        hubspot_object: "companies".to_owned(),
        line_object: "line_items".to_owned(),
        key: "kleer_id".to_owned(),
        line_key: "kleer_id".to_owned(),
        changes: Vec::new(),
    };
    let push =
        Push { object, kleer_id, associate: vec![("deals".to_owned(), domain::HubspotId(about.record.to_string()))] };
    let merged = RecordEvent::Merged(vec![domain::HubspotId((about.record + 1).to_string())]);
    vec![
        (QueueName::Poll, Job::Poll { object, slot }),
        (QueueName::Poll, Job::Verify { object, slot, after: Some(kleer_id) }),
        (QueueName::Poll, Job::Search { object: ObjectType::Project, slot }),
        (QueueName::Poll, Job::Provision),
        (QueueName::Poll, Job::Preview { object, asked_at: slot }),
        (QueueName::Poll, Job::Mend { object, what: Mend::Retry, after: Some(kleer_id) }),
        (QueueName::Poll, Job::Mend { object, what: Mend::Resync, after: None }),
        (QueueName::Poll, Job::Together { jobs: vec![Job::Poll { object, slot }, Job::Provision] }),
        (QueueName::Sync, Job::Page(page)),
        (QueueName::Change, import(RecordEvent::Changed)),
        (QueueName::Change, import(RecordEvent::Created)),
        (QueueName::Change, import(merged)),
        (QueueName::Change, import(RecordEvent::Restored)),
        (QueueName::Change, import(RecordEvent::Deleted)),
        (QueueName::Change, Job::Push(push)),
        (QueueName::Poll, Job::StartAfresh),
        (QueueName::Poll, Job::Forget),
    ]
}

/// Hands a job to the function that it is for.
fn works(world: &World, queue: QueueName, envelope: &Envelope) -> Vec<Handled> {
    hand_out(world, queue, envelope.portal, serde_json::to_string(envelope).unwrap())
}

/// Hands a message to the function that it is for, whatever it says.
pub(crate) fn hand_out(world: &World, queue: QueueName, portal: PortalId, body: String) -> Vec<Handled> {
    let (group, id, receipt) = (portal.to_string(), "1".to_owned(), "1".to_owned());
    let delivery = Delivery { queue, portal, group, id, receipt, body, receive_count: 1 };
    world.clock.run(async {
        match queue {
            QueueName::Poll => poll_function::handle(world.app(), &[delivery], Timestamp::MAX).await,
            QueueName::Sync | QueueName::Change => {
                sync_function::handle(world.app(), &[delivery], Timestamp::MAX).await
            }
        }
    })
}

#[test]
fn every_job_with_another_portals_numbers() {
    let mut town = Town::new();
    for (queue, job) in jobs(town.about) {
        let what = format!("{job:?}");
        let envelope = Envelope::new(OTHER, Some(KleerCompanyId(2)), job);
        let (_, asked) = town.keeps_apart(&what, |world| works(world, queue, &envelope));
        assert!(asked, "{what} asks the store for nothing: this test sees nothing of it");
    }
    assert_eq!(town.world.app().meters.take().panics, 0);
    town.world.pass(minutes(5));
}

/// Kleer's numbers mean something else in another company: what was made for one is dropped where there is another by now.
#[test]
fn a_job_of_another_kleer_company_does_nothing() {
    let mut town = Town::new();
    for (queue, job) in jobs(town.about) {
        let of_company = !matches!(
            job,
            Job::Provision
                | Job::Forget
                | Job::StartAfresh
                | Job::Together { .. }
                | Job::Search { .. }
                | Job::Poll { .. }
        );
        if !of_company {
            continue;
        }
        let (what, hubspot) = (format!("{job:?}"), town.world.writes());
        let envelope = Envelope::new(OTHER, Some(KleerCompanyId(1)), job);
        town.keeps_apart(&what, |world| works(world, queue, &envelope));
        assert_eq!(town.world.writes(), hubspot, "{what} was done for a company that is not connected");
        assert!(town.world.pretend.kleer.requests().is_empty(), "{what} asked Kleer");
    }
    town.world.pass(minutes(5));
}

/// Serde knows every kind there is, and says so of one that there is not.
#[test]
fn every_kind_of_job_has_a_case() {
    let told = serde_json::from_str::<Job>(r#"{"job":"no such job"}"#).unwrap_err().to_string();
    let kinds: BTreeSet<String> = told.split('`').skip(3).step_by(2).map(str::to_owned).collect();
    let about = About { portal: 1, record: 1, kleer_id: 1 };
    let name = |(_, job): (QueueName, Job)| serde_json::to_value(job).unwrap()["job"].as_str().unwrap().to_owned();
    let cased: BTreeSet<String> = jobs(about).into_iter().map(name).collect();
    assert!(kinds.len() > 5, "{told}");
    assert_eq!(cased, kinds, "a kind of Job has no case in jobs()");
}

/// The watcher of this file is no good if it sees nothing.
#[test]
fn who_watches_sees_a_foreign_read() {
    let mut town = Town::new();
    let (_, calls) = town.world.store_calls_while(|world| {
        let app = world.app();
        world.clock.run(async {
            app.store.installation(VICTIM).await.unwrap();
            app.store.bound_to(VICTIM, "companies", &domain::HubspotId("1".into())).await.unwrap();
            app.store.due(domain::schedule::due_shard(VICTIM), Timestamp::MAX, 10).await.unwrap();
        });
    });
    assert_eq!(calls.len(), 3);
    for call in &calls {
        assert!(call.partitions.iter().any(|partition| is_of(partition, VICTIM)), "{call:?}");
    }
}
