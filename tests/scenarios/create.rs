//! A record of HubSpot asks for one in Kleer and gets exactly one, whatever goes wrong and whoever else asks.

mod claims;
mod crash;
mod doubt;

use std::time::Duration;

use app::App;
use domain::{HubspotId, ObjectType, PortalId};
use futures::future::join_all;
use insta::assert_snapshot;
use kleer_sim::Kind;
use local::pretend::{PORTAL, Scene};
use queue::{Envelope, Job, Outgoing, Push, QueueName};
use serde_json::{Value, json};
use sync::NewRecord;

use super::{World, client, minutes, product, seconds};

/// How long an action has for its answer.
const ANSWER: Duration = seconds(8);

/// What a workflow asks for: everything that an action does but its inputs.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) object: ObjectType,
    pub(super) hubspot_object: &'static str,
    pub(super) record: u64,
    pub(super) id_property: &'static str,
    pub(super) document: Value,
}

/// What a workflow is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Made(i64),
    Skipped,
    /// Again after this long.
    Again(Duration),
    Failed(String),
}

impl Asking {
    /// The action, as often as HubSpot calls it.
    pub(super) async fn call(&self, app: &App) -> Told {
        match self.act(app).await {
            Ok(told) => told,
            Err(error) => error.again().map_or_else(|| Told::Failed(error.to_string()), Told::Again),
        }
    }

    async fn act(&self, app: &App) -> Result<Told, sync::CreateError> {
        let connection = app.connect(PortalId(PORTAL)).await.unwrap();
        let fetch = hubspot::Fetch { properties: vec![self.id_property.to_owned()], ..hubspot::Fetch::default() };
        let id = HubspotId(self.record.to_string());
        let asked = connection.hubspot.objects().get(self.hubspot_object, id.as_str(), &fetch).await;
        let record = asked.map_err(sync::CreateError::Hubspot)?;
        if record.properties.get(self.id_property).is_some_and(|value| !value.as_deref().unwrap_or("").is_empty()) {
            return Ok(Told::Skipped);
        }
        let document = serde_json::from_value(self.document.clone()).unwrap();
        let new = NewRecord {
            object: self.object,
            hubspot_object: self.hubspot_object,
            hubspot_id: &id,
            id_property: self.id_property,
            document: &document,
        };
        let until = domain::schedule::later(app.clock.now(), ANSWER);
        let made = sync::create(app, &connection, &new, until).await?;
        if made.already {
            return Ok(Told::Skipped);
        }
        if self.hubspot_object == "deals" {
            let associate = vec![("deals".to_owned(), id.clone())];
            push(app, Push { object: self.object, kleer_id: made.kleer_id, associate }).await;
        }
        sync::finish(app, &connection, &new, &made).await?;
        Ok(Told::Made(made.kleer_id.0))
    }
}

/// Queues a push.
pub(super) async fn push(app: &App, push: Push) {
    let company = app.store.installation(PortalId(PORTAL)).await.unwrap().unwrap().value.kleer_company;
    let deduplication_id = format!("push#{}#{}#{}", push.object, push.kleer_id, app.clock.now());
    let envelope = Envelope::new(PortalId(PORTAL), company, Job::Push(push));
    app.queue.send(QueueName::Change, vec![Outgoing { envelope, deduplication_id }], app.clock.now()).await.unwrap();
}

/// A World with a client and a product in Kleer, whose company HubSpot has, and everything switched on.
pub(super) fn shop() -> World {
    shop_with(&ObjectType::ALL)
}

/// The same with some types.
pub(super) fn shop_with(objects: &[ObjectType]) -> World {
    let mut world = World::of(Scene::of(0, 0), objects);
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 95_000));
    });
    world.pass(minutes(1));
    world
}

/// What every deal has.
pub(super) const fn deal(name: &str) -> [(&str, &str); 3] {
    [("dealname", name), ("pipeline", "default"), ("dealstage", "contractsent")]
}

/// A deal that asks for an invoice to the client there is.
pub(super) fn invoice(world: &World) -> Asking {
    let client = world.client_id("Åkeri AB");
    let address = json!({"address1": "", "address2": "", "zip-code": "", "state": "", "country": ""});
    let document = json!({
        "po-nr": "", "client-ref": {"id": client}, "your-reference": "", "our-reference": {"id": 0},
        "invoice-address": address, "invoice-email": "", "delivery-name": "", "delivery-address": address,
        "delivery-email": "", "invoice-date": "2026-11-20", "due-date": "2026-12-20", "delivery-date": "",
        "currency": "SEK", "rows": {"rows": [
            {"quantity": 1.5, "price": 95_000, "vat": 0.25, "product": {"id": 1004}, "unit": "tim",
             "description": "Timme", "account-nr": 0}
        ]}
    });
    let record = world.person_creates("deals", &deal("Bygget"));
    Asking { object: ObjectType::Invoice, hubspot_object: "deals", record, id_property: "kleer_invoice_id", document }
}

/// A deal that asks for an agreement with the client there is.
fn agreement(world: &World) -> Asking {
    let client = world.client_id("Åkeri AB");
    let document = json!({
        "client-ref": {"id": client}, "description": "Support", "start-invoice-date": "2026-01-01", "end-date": null,
        "your-reference": "", "our-reference": null, "approver": null, "currency": "SEK", "payment-days": 30,
        "invoice-interval-months": 1, "invoice-day": "INVOICE_AT_START", "po-nr": "", "agreement-nr": "",
        "subscription-nr": "", "deleted": false, "first-invoice-rows": {},
        "recurring-rows": {"rows": [{"quantity": 1, "price": 90_000, "unit": "st", "description": "Support"}]}
    });
    let record = world.person_creates("deals", &deal("Support"));
    let id_property = "kleer_agreement_id";
    Asking { object: ObjectType::Agreement, hubspot_object: "deals", record, id_property, document }
}

/// A deal that asks for a project of the client there is.
fn project(world: &World, number: &str) -> Asking {
    let client = world.client_id("Åkeri AB");
    let document = json!({
        "client": {"id": client}, "fixed-price": false, "number": number, "name": "Webb", "comment": "",
        "budget-hours": 12.5, "budget-amount": 100, "incoming-invoiced-amount": 0, "incoming-invoiced-vat-amount": 0,
        "all-activities": true, "all-users": true
    });
    let record = world.person_creates("deals", &deal("Webb"));
    Asking { object: ObjectType::Project, hubspot_object: "deals", record, id_property: "kleer_project_id", document }
}

/// A company that asks for a client.
fn company(world: &World) -> Asking {
    let document = json!({
        "name": "Ny AB", "contact": "", "email": "", "country-code": "SE", "accountnr": 0, "payment-days": 20, "orgno": "",
        "phone": "08-1", "user": {"id": 0}, "active": true,
        "address": {"address1": "", "address2": "", "zip-code": "", "state": "", "country": ""}
    });
    let record = world.person_creates("companies", &[("name", "Ny"), ("domain", "ny.se")]);
    Asking { object: ObjectType::Client, hubspot_object: "companies", record, id_property: "kleer_id", document }
}

/// Every record of a kind in Kleer, a line each: id, foreign id or number.
fn in_kleer(world: &World, kind: Kind) -> String {
    let documents = world
        .kleer(|kleer| (1_000..1_100).filter_map(|id| kleer.document(kind, id)).map(Value::Object).collect::<Vec<_>>());
    let line = |document: &Value| {
        let name = if kind == Kind::Project { "number" } else { "foreign-id" };
        let id = document["id"].as_i64().or_else(|| document["id"]["id"].as_i64());
        format!("{} {}", id.unwrap_or_default(), document[name].as_str().filter(|name| !name.is_empty()).unwrap_or("-"))
    };
    documents.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Calls the action as HubSpot does, until it has an answer.
pub(super) fn answered(world: &mut World, asking: &Asking) -> Told {
    for _ in 0..20 {
        match world.does(asking.call(world.app())) {
            None => world.restart(),
            Some(Told::Again(after)) => drop(world.pass(after.max(minutes(1)))),
            Some(told) => return told,
        }
    }
    panic!("it is never answered");
}

#[test]
fn each_kind_is_made_once() {
    let mut world = shop();
    let asking = [invoice(&world), agreement(&world), project(&world, ""), project(&world, "P-7"), company(&world)];
    let told: Vec<Told> = asking.iter().map(|one| answered(&mut world, one)).collect();
    assert_eq!(told, [Told::Made(1004), Told::Made(1004), Told::Made(1004), Told::Made(1006), Told::Made(1006)]);
    world.pass(minutes(1));
    assert_snapshot!(in_kleer(&world, Kind::Invoice), @"1004 hs:4242:deals:9001:create-invoice");
    assert_snapshot!(in_kleer(&world, Kind::Agreement), @"1004 hs:4242:deals:9002:create-agreement");
    assert_snapshot!(in_kleer(&world, Kind::Project), @r"
    1004 HS-9003
    1006 P-7
    ");
    assert_snapshot!(in_kleer(&world, Kind::Client), @r"
    1004 -
    1006 hs:4242:companies:9002:create-client
    ");
    let deals: Vec<u64> = asking[..4].iter().map(|one| one.record).collect();
    let knows = ["kleer_invoice_id", "kleer_agreement_id", "kleer_project_id"].map(|id| {
        let of = |deal: &u64| world.pretend.hubspot.record(4242, "deals", *deal).unwrap().get(id).map(str::to_owned);
        deals.iter().map(of).collect::<Vec<_>>()
    });
    assert_snapshot!(format!("{knows:?}"), @r#"[[Some("1004"), None, None, None], [None, Some("1004"), None, None], [None, None, Some("1004"), Some("1006")]]"#);
    assert_snapshot!(world.companies(&["name", "phone", "domain", "kleer_payment_days"]), @r"
    1004 | Åkeri AB | - | - | 30
    1006 | Ny AB | 08-1 | ny.se | 20
    ");
    assert_snapshot!(world.table("invoices", &["hs_invoice_status"]), @"1004 | draft");
    assert_snapshot!(world.table("projects", &["hs_name", "kleer_project_number"]), @r"
    1006 | Webb | P-7
    1004 | Webb | HS-9003
    ");
    // The workflow comes by again, and so do polls.
    let writes = world.writes();
    for one in &asking {
        assert_eq!(world.does(one.call(world.app())), Some(Told::Skipped));
    }
    for object in ObjectType::POLLED {
        world.poll_now(object);
    }
    assert_eq!(world.writes(), writes, "everything was said");
}

#[test]
fn many_at_once_make_one() {
    let mut world = shop();
    let asking = invoice(&world);
    let calls = (0..100).map(|_| asking.call(world.app()));
    let told = world.does(join_all(calls)).unwrap();
    let made = told.iter().filter(|told| matches!(told, Told::Made(_))).count();
    assert_eq!(made, 1);
    assert!(told.iter().all(|told| matches!(told, Told::Made(_) | Told::Again(_) | Told::Skipped)), "{told:?}");
    world.pass(minutes(1));
    assert_eq!(world.does(asking.call(world.app())), Some(Told::Skipped));
    assert_eq!(world.kleer(|kleer| kleer.count(Kind::Invoice)), 1);
    assert_eq!(world.records("invoices").len(), 1);
}

#[test]
fn an_emptied_id_asks_for_another() {
    let mut world = shop();
    for asking in [invoice(&world), project(&world, "P-7"), project(&world, ""), company(&world)] {
        let Told::Made(first) = answered(&mut world, &asking) else { panic!("it is made") };
        world.pass(minutes(1));
        world.person_edits(asking.hubspot_object, asking.record, &[(asking.id_property, "")]);
        let Told::Made(second) = answered(&mut world, &asking) else { panic!("it is made again") };
        assert_ne!(first, second);
        world.pass(minutes(1));
    }
    assert_snapshot!(in_kleer(&world, Kind::Invoice), @r"
    1004 hs:4242:deals:9001:create-invoice
    1006 hs:4242:deals:9001:create-invoice:2
    ");
    assert_snapshot!(in_kleer(&world, Kind::Project), @r"
    1004 P-7
    1006 P-7
    1007 HS-9003
    1010 HS-9003-2
    ");
    assert_snapshot!(in_kleer(&world, Kind::Client), @r"
    1004 -
    1006 hs:4242:companies:9002:create-client
    1007 hs:4242:companies:9002:create-client:2
    ");
    assert_snapshot!(world.companies(&["name"]), @r"
    1004 | Åkeri AB
    1007 | Ny AB
    ");
    assert_snapshot!(world.problems(ObjectType::Client), @"1006 DeletedInHubspot: Its record in HubSpot belongs to the client 1007 now. Nothing has to be done; this client is not synchronized any more.");
    let writes = world.writes();
    world.poll_now(ObjectType::Client);
    assert_eq!(world.writes(), writes, "two clients on one company would write for ever");
}

#[test]
fn whoever_looked_too_early_makes_nothing() {
    let mut world = shop();
    let asking = invoice(&world);
    assert_eq!(answered(&mut world, &asking), Told::Made(1004));
    // Another workflow saw the deal before it had its id, and only now comes to ask for the invoice.
    let late = async {
        let app = world.app();
        let connection = app.connect(PortalId(PORTAL)).await.unwrap();
        let id = HubspotId(asking.record.to_string());
        let document = serde_json::from_value(asking.document.clone()).unwrap();
        let (object, hubspot_object, id_property) = (asking.object, asking.hubspot_object, asking.id_property);
        let new = NewRecord { object, hubspot_object, hubspot_id: &id, id_property, document: &document };
        let until = domain::schedule::later(app.clock.now(), ANSWER);
        sync::create(app, &connection, &new, until).await.unwrap()
    };
    let made = world.does(late).unwrap();
    assert_eq!((made.kleer_id.0, made.already), (1004, true));
    world.pass(minutes(1));
}

#[test]
fn a_refusal_makes_nothing_and_is_forgotten() {
    let mut world = shop();
    let mut asking = invoice(&world);
    asking.document["our-reference"] = json!({"id": 999});
    let Told::Failed(why) = answered(&mut world, &asking) else { panic!("it is refused") };
    assert_snapshot!(why, @"Kleer refused the record: UserDoesNotExistException: Användaren med id 999 finns inte");
    assert_eq!(world.kleer(|kleer| kleer.count(Kind::Invoice)), 0);
    asking.document["our-reference"] = json!({"id": 0});
    assert_eq!(world.does(asking.call(world.app())), Some(Told::Made(1004)), "at once");
    world.pass(minutes(1));
}
