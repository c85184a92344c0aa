//! HubSpot says that records changed.

mod bad_input;
mod crash;

use domain::{ObjectType, PortalId};
use insta::assert_snapshot;
use local::pretend::{KLEER_KEY, NEXT_APP_TOKEN, PORTAL};
use queue::{Envelope, Import, Job, QueueName};
use serde_json::{Value, json};
use web::StatusCode;

use super::{World, client, hours, minutes, seconds};

const PATH: &str = "/webhooks/hubspot";

/// An event of the demo's portal as HubSpot writes it.
fn event(subscription_type: &str, object_id: u64) -> Value {
    json!({
        "eventId": 3_100_001, "subscriptionId": 610_001, "portalId": PORTAL, "appId": 1_000_001,
        "occurredAt": 1_795_161_600_000_i64, "subscriptionType": subscription_type, "attemptNumber": 0,
        "objectId": object_id, "propertyName": "name", "propertyValue": "x",
        "changeSource": "CRM_UI", "sourceId": "userId:501",
    })
}

fn with(mut event: Value, more: Value) -> Value {
    let more = more.as_object().expect("an object").clone();
    event.as_object_mut().expect("an object").extend(more);
    event
}

fn body(events: &[Value]) -> String {
    Value::from(events.to_vec()).to_string()
}

/// Sends signed events; what then waits, a line per message.
fn sends(world: &World, events: &[Value]) -> String {
    let answer = world.signed("POST", PATH, body(events));
    assert_eq!(answer.status(), StatusCode::OK, "{answer:?}");
    // The same events at another moment are another request.
    world.clock.advance(seconds(1));
    waiting(world)
}

/// What waits in the queue of single records; it is taken out of it.
fn waiting(world: &World) -> String {
    let mut lines = Vec::new();
    let (app, now) = (world.app(), world.clock.now());
    world.clock.run(async {
        loop {
            let batch = app.queue.receive(QueueName::Change, now).await.unwrap();
            if batch.is_empty() {
                return;
            }
            for delivery in batch {
                lines.push(line(&Envelope::read(&delivery.body).unwrap()));
                app.queue.delete(&delivery).await.unwrap();
            }
        }
    });
    lines.sort();
    lines.join("\n")
}

fn line(envelope: &Envelope) -> String {
    let company = envelope.kleer_company.map_or(0, |company| company.0);
    match &envelope.job {
        Job::Import(Import { hubspot_object, hubspot_id, event, .. }) => {
            format!("{} {company} {hubspot_object}/{hubspot_id} {event:?}", envelope.portal)
        }
        other => format!("{other:?}"),
    }
}

/// What became of events so far.
fn counted(world: &World) -> String {
    let counts = world.app().meters.take().events;
    counts.into_iter().map(|(what, number)| format!("{what} {number}")).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_batch_becomes_one_message_per_record() {
    let world = World::new();
    let events: Vec<Value> = (0..100).map(|n| event("company.propertyChange", 1 + n % 3)).collect();
    assert_snapshot!(sends(&world, &events), @"
    4242 1 companies/1 Changed
    4242 1 companies/2 Changed
    4242 1 companies/3 Changed
    ");
    assert_eq!(counted(&world), "queued 3");
}

#[test]
fn what_is_no_news_is_left_out() {
    let world = World::new();
    let own = json!({ "changeSource": "INTEGRATION", "sourceId": "1000001" });
    let other = json!({ "changeSource": "INTEGRATION", "sourceId": "77" });
    let told = sends(
        &world,
        &[
            with(event("company.propertyChange", 1), own.clone()),
            with(event("company.creation", 2), own),
            with(event("company.propertyChange", 3), other),
            event("company.associationChange", 4),
            event("company.invented", 5),
            event("contact.propertyChange", 6),
            event("deal.creation", 7),
            with(event("object.propertyChange", 8), json!({ "objectTypeId": "0-2" })),
            with(event("object.propertyChange", 9), json!({ "objectTypeId": "2-17" })),
            with(event("company.propertyChange", 10), json!({ "portalId": 999 })),
            with(event("company.propertyChange", 11), json!({ "portalId": PORTAL + 1 })),
            with(event("company.propertyChange", 12), json!({ "occurredAt": null })),
            json!("odd"),
        ],
    );
    assert_snapshot!(told, @"
    4242 1 companies/3 Changed
    4242 1 companies/8 Changed
    ");
    assert_eq!(counted(&world), "own 2, queued 2, unconnected 2, unfollowed 3, unknown 2, unreadable 2");
}

/// Why a portal is disconnected whose renewal HubSpot refuses.
const GONE: &str = "HubSpot says that the app was uninstalled or its access taken back: install it again.";

#[test]
fn a_type_that_is_off_and_a_portal_that_left_hear_nothing() {
    let world = World::whole();
    let events = [
        event("company.propertyChange", 1),
        event("product.deletion", 2),
        with(event("object.deletion", 3), json!({ "objectTypeId": "0-53" })),
        with(event("object.propertyChange", 4), json!({ "objectTypeId": "0-970" })),
    ];
    assert_snapshot!(sends(&world, &events), @"
    4242 1 companies/1 Changed
    4242 1 invoices/3 Deleted
    4242 1 products/2 Deleted
    4242 1 projects/4 Changed
    ");
    world.settings(ObjectType::Client, |settings| settings.enabled = false);
    world.settings(ObjectType::Product, |settings| settings.hubspot_object = "2-17".to_owned());
    assert_snapshot!(sends(&world, &events), @"
    4242 1 invoices/3 Deleted
    4242 1 projects/4 Changed
    ");
    world.clock.run(world.app().mark_disconnected(PortalId(PORTAL), GONE)).unwrap();
    assert_eq!(sends(&world, &events), "");
}

#[test]
fn events_of_several_portals_go_each_its_own_way() {
    let world = World::new();
    world.connect(PortalId(PORTAL + 1), NEXT_APP_TOKEN, KLEER_KEY);
    let of_next = |event| with(event, json!({ "portalId": PORTAL + 1 }));
    let told = sends(
        &world,
        &[
            event("company.propertyChange", 1),
            of_next(event("company.propertyChange", 1)),
            of_next(event("company.deletion", 2)),
        ],
    );
    assert_snapshot!(told, @"
    4242 1 companies/1 Changed
    4243 1 companies/1 Changed
    4243 1 companies/2 Deleted
    ");
}

#[test]
fn our_own_writes_come_back_and_are_dropped() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(1));
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(hours(1));
    let counted = counted(&world);
    assert!(counted.starts_with("own ") && !counted.contains("queued"), "{counted}");
    assert!(world.pretend.hubspot.webhook_log().delivered > 0);
    assert_eq!(world.pretend.hubspot.webhook_log().failed, 0);
}

#[test]
fn a_request_that_is_sent_again_is_queued_once_and_a_retry_anew() {
    let world = World::new();
    let mut request = world.unsigned("POST", PATH, body(&[event("company.propertyChange", 1)]));
    let sign = |request: &mut web::Request| {
        let (scheme, now) = (hubspot_sim::signature::Scheme::Webhook, world.clock.now());
        hubspot_sim::signature::sign(request, scheme, local::pretend::CLIENT_SECRET, now);
    };
    sign(&mut request);
    for _ in 0..3 {
        assert_eq!(world.send(&request).status(), StatusCode::OK);
    }
    assert_snapshot!(waiting(&world), @"4242 1 companies/1 Changed");
    // A worker may have read the record before the change that this one is about.
    world.clock.advance(seconds(1));
    sign(&mut request);
    assert_eq!(world.send(&request).status(), StatusCode::OK);
    assert_snapshot!(waiting(&world), @"4242 1 companies/1 Changed");
}

#[test]
fn what_is_held_up_comes_later() {
    let mut world = World::new();
    let id = world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(1));
    world.hold_webhooks(true);
    world.person_edits("companies", world.records("companies")[0].id, &[("name", "Nya Åkeriet AB")]);
    world.pass(minutes(3));
    assert_eq!(world.kleer(|kleer| kleer.client(id).unwrap().name), "Åkeri AB");
    world.hold_webhooks(false);
    world.pass(seconds(5));
    assert_eq!(world.kleer(|kleer| kleer.client(id).unwrap().name), "Nya Åkeriet AB");
}

#[test]
fn another_portals_events_touch_nothing_here() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.connect(PortalId(PORTAL + 1), NEXT_APP_TOKEN, KLEER_KEY);
    world.pass(minutes(1));
    let (here, next) = (world.records("companies")[0].id, world.pretend.hubspot.records(4243, "companies")[0].id);
    assert_eq!(here, next, "ids of different portals overlap, as in HubSpot");
    // It is about a company of this portal, and names the other: what is looked at is the other's record.
    world.lose_webhooks(true);
    world.person_edits("companies", here, &[("name", "Nya Åkeriet AB")]);
    let edited = with(event("company.propertyChange", here), json!({ "portalId": PORTAL + 1 }));
    let answer = world.signed("POST", PATH, body(&[edited]));
    assert_eq!(answer.status(), StatusCode::OK);
    let before = world.writes();
    world.pass(minutes(5));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].name.clone()), "Åkeri AB");
    assert_eq!(world.writes(), before);
    assert_snapshot!(world.companies(&["name"]), @"1004 | Nya Åkeriet AB");
}
