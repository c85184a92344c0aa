//! What keeps a portal cheap, and that nothing else is lost by it: reads that may be a moment old, one message for all that is
//! due, few writes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use app::{App, AwsAccess, Parts};
use bytes::Bytes;
use domain::{ObjectType, PortalId, schedule};
use futures::FutureExt as _;
use futures::future::{join, join_all};
use hubspot_sim::Fault;
use insta::assert_snapshot;
use jiff::Timestamp;
use local::aws::Gateway;
use local::pretend::PORTAL;
use local::{embedded, worker};
use queue::QueueName;
use rest::Transport;
use serde_json::{Value, json};
use store::{Look, Store};

use super::{World, client, hours, minutes, product, seconds};

const DEMO: PortalId = PortalId(PORTAL);

/// Another process of the same portal, with a table of its own making.
fn process(world: &World, store: Store, kleer: Transport) -> App {
    let app = world.app();
    App::new(Parts {
        config: app.config.clone(),
        clock: app.clock.clone(),
        store,
        queue: app.queue.clone(),
        keys: app.keys.clone(),
        client_secrets: app.client_secrets.clone(),
        kleer_transport: kleer,
        hubspot_transport: app.hubspot_transport.clone(),
    })
}

/// From now on the product works on a table whose eventually consistent reads answer what they would have answered the time
/// before: much later than DynamoDB ever does.
fn lags(world: &mut World) {
    let earlier = Mutex::new(HashMap::new());
    passes_through(world, move |asked, answer| {
        if asked["ConsistentRead"] != json!(false) {
            return answer;
        }
        earlier.lock().unwrap().insert(asked.to_string(), answer.clone()).unwrap_or(answer)
    });
}

/// From now on every answer of the table passes through this, with what was asked: of a query, `:pk` stands beside the rest.
fn passes_through(world: &mut World, through: impl Fn(&Value, Bytes) -> Bytes + Send + Sync + 'static) {
    let gateway = Gateway::new(world.clock.clone(), world.ground().database, BTreeMap::new());
    let (table, through) = (gateway.transport(), Arc::new(through));
    let transport = Transport::in_process(Arc::new(move |request: http::Request<Bytes>| {
        let (table, through) = (table.clone(), through.clone());
        async move {
            let mut asked: Value = serde_json::from_slice(request.body()).unwrap();
            asked[":pk"] = asked["ExpressionAttributeValues"][":pk"].clone();
            let answer = table.send(request).await?;
            Ok(answer.map(|body| through(&asked, body)))
        }
        .boxed()
    }));
    let access = AwsAccess {
        region: "eu-north-1".to_owned(),
        key_id: "test".to_owned(),
        key: "test".into(),
        session: None,
        endpoint: Some("http://aws.invalid".to_owned()),
    };
    let table = app::dynamodb(&access.sdk(transport, &world.clock));
    let store = Store::new(table, &world.app().config.table_name);
    world.machine.app = process(world, store, world.app().kleer_transport.clone());
}

/// Three clients in sync, and a table that lags.
fn lagging() -> World {
    let mut world = World::new();
    lags(&mut world);
    world.kleer(|kleer| {
        for number in 1..=3 {
            kleer.add_client(client(&format!("Kund {number} AB")));
        }
    });
    world.pass(minutes(5));
    assert_eq!(world.records("companies").len(), 3);
    world
}

#[test]
fn a_plan_from_an_old_index_doubles_nothing_and_the_next_one_makes_up_for_it() {
    let mut world = lagging();
    world.edit_client("Kund 1 AB", |client| client.phone = "08-1".to_owned());
    let before = world.writes();
    // The index is from before the first sync: as if nobody was bound.
    world.poll_now(ObjectType::Client);
    assert_eq!((world.writes(), world.records("companies").len()), (before, 3), "nothing is made twice");
    world.poll_now(ObjectType::Client);
    assert_eq!(world.writes(), before + 1);
    assert_snapshot!(world.table("companies", &["name", "phone"]), @"
    1004 | Kund 1 AB | 08-1
    1006 | Kund 2 AB | -
    1007 | Kund 3 AB | -
    ");
    world.pass(hours(2));
    assert_eq!(world.writes(), before + 1, "and then there is nothing to do");
}

#[test]
fn a_problem_is_not_cleared_because_an_old_index_says_that_all_is_well() {
    let mut world = lagging();
    world.poll_now(ObjectType::Client);
    let refusal = json!({ "status": "error", "category": "VALIDATION_ERROR", "message": "Something is odd" });
    let refusal = Fault::Status { status: 400, retry_after: None, saved: false, body: Some(refusal) };
    world.break_hubspot("companies/batch/update", refusal);
    world.edit_client("Kund 2 AB", |client| client.phone = "odd".to_owned());
    world.poll_now(ObjectType::Client);
    let refused = world.problems(ObjectType::Client);
    assert!(refused.starts_with("1006 RefusedByHubspot"), "{refused}");
    // This one reads the bindings of before the refusal, and the problems of now.
    world.poll_now(ObjectType::Client);
    assert_eq!(world.problems(ObjectType::Client), refused);
    world.mend();
    world.pass(hours(1));
    assert_eq!(world.problems(ObjectType::Client), "");
    assert_snapshot!(world.table("companies", &["phone"]), @"
    1004 | -
    1006 | odd
    1007 | -
    ");
}

/// How many messages wait to be polled.
fn waiting(world: &World) -> usize {
    world.app().queue.depth(QueueName::Poll)
}

#[test]
fn what_is_due_together_is_one_message() {
    let mut world = World::whole();
    world.clock.run(worker::tick(world.app())).unwrap();
    assert_eq!(waiting(&world), 1);
    world.clock.run(worker::work(world.app())).unwrap();
    assert!(ObjectType::POLLED.iter().all(|object| world.report(*object).finished_at.is_some()));
    // Ever after: clients and projects every quarter of an hour, at the same moment.
    world.pass(hours(1));
    let next = |object| world.clock.run(world.app().store.next_due(PortalId(PORTAL), object)).unwrap();
    assert_eq!(next(ObjectType::Client), next(ObjectType::Project));
}

/// What of the demo portal the index of what is due has.
fn indexed(world: &World) -> Vec<(ObjectType, Option<Look>)> {
    let due = world.app().store.due(schedule::due_shard(DEMO), Timestamp::MAX, 100);
    let mut due: Vec<_> = world.clock.run(due).unwrap().into_iter().map(|due| (due.object, due.look)).collect();
    due.sort();
    due
}

#[test]
fn what_comes_round_with_the_beat_is_not_in_the_index() {
    let mut world = World::whole();
    assert_eq!(indexed(&world).iter().filter(|(_, look)| look.is_none()).count(), 5);
    world.pass(minutes(20));
    assert!(indexed(&world).iter().all(|(_, look)| *look == Some(Look::Verify)), "{:?}", indexed(&world));
    // What is wanted sooner is in it, until it has had its turn.
    let soon = schedule::later(world.clock.now(), seconds(17));
    world.clock.run(world.app().store.bring_forward(DEMO, ObjectType::Product, soon)).unwrap();
    assert!(indexed(&world).contains(&(ObjectType::Product, None)));
    world.pass(seconds(17));
    assert_eq!(world.report(ObjectType::Product).started_at, Some(soon));
    assert!(!indexed(&world).contains(&(ObjectType::Product, None)));
    // And so is a pace that is not the beat's.
    world.settings(ObjectType::Product, |settings| settings.interval_s = Some(7 * 60));
    world.poll_now(ObjectType::Product);
    assert!(indexed(&world).contains(&(ObjectType::Product, None)));
}

#[test]
fn a_beat_that_was_lost_is_there_again_before_a_slot_leaves_the_index() {
    let mut world = World::new();
    world.pass(minutes(1));
    let beats = |world: &World| {
        let store = &world.app().store;
        world.clock.run(store.beats(schedule::phase(DEMO), schedule::due_shard(DEMO))).unwrap()
    };
    assert_eq!(beats(&world), [DEMO]);
    let key = json!({ "pk": { "S": DEMO.to_string() }, "sk": { "S": "beat" } });
    let delete = json!({ "TableName": world.app().config.table_name, "Key": key });
    world.ground().database.delete_item(serde_json::from_value(delete).unwrap()).unwrap();
    assert_eq!(beats(&world), []);
    world.poll_now(ObjectType::Client);
    assert_eq!(beats(&world), [DEMO]);
}

#[test]
fn two_processes_that_hear_one_beat_queue_one_message() {
    let mut world = World::whole();
    world.pass(minutes(20));
    // At a beat that no type's slot falls on, HubSpot is searched all the same.
    let store = world.app().store.clone();
    let is_quiet = |world: &World, at| world.clock.run(store.turns(DEMO, at)).unwrap().is_empty();
    while !is_quiet(&world, schedule::next_heard(DEMO, world.clock.now())) {
        world.pass(minutes(5));
    }
    world.clock.run(world.clock.sleep_until(schedule::next_heard(DEMO, world.clock.now())));
    let other = process(&world, world.app().store.clone(), world.app().kleer_transport.clone());
    world.clock.run(join(worker::tick(world.app()), worker::tick(&other))).0.unwrap();
    world.clock.run(worker::tick(&other)).unwrap();
    assert_eq!(waiting(&world), 1);
    world.pass(seconds(30));
}

#[test]
fn bindings_that_several_types_refer_to_are_read_once() {
    let mut world = World::whole();
    world.pass(minutes(20));
    let asked = Arc::new(Mutex::new(0));
    let counted = asked.clone();
    passes_through(&mut world, move |request, answer| {
        *counted.lock().unwrap() += usize::from(request[":pk"]["S"] == "4242#binding#client#companies");
        answer
    });
    let now = world.clock.now();
    for object in ObjectType::POLLED {
        world.clock.run(world.app().store.bring_forward(DEMO, object, now)).unwrap();
    }
    world.pass(seconds(30));
    assert!(ObjectType::POLLED.iter().all(|object| world.report(*object).started_at >= Some(now)));
    assert_eq!(*asked.lock().unwrap(), 1);
}

/// The document of an item of the demo portal, changed by hand.
fn rewrites(world: &World, sort: &str, document: &str) -> String {
    let (database, table) = (world.ground().database, &world.app().config.table_name);
    let items = embedded::dump(&database, table).unwrap();
    let mut item = items.into_iter().find(|item| item["sk"]["S"] == sort).unwrap();
    let before = item["doc"]["S"].as_str().unwrap().to_owned();
    item["doc"]["S"] = json!(document);
    database.put_item(serde_json::from_value(json!({ "TableName": table, "Item": item })).unwrap()).unwrap();
    before
}

#[test]
fn a_type_that_fails_comes_again_by_itself() {
    let mut world = World::new();
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 100_000));
    });
    world.clock.run(worker::tick(world.app())).unwrap();
    // The store gives what nobody can read; products stand before clients.
    let settings = rewrites(&world, "settings#product", "no JSON");
    world.clock.run(worker::work(world.app())).unwrap();
    assert_eq!((world.records("companies").len(), world.records("products").len()), (1, 0));
    assert_eq!(waiting(&world), 1);
    let began = world.report(ObjectType::Client).started_at;
    rewrites(&world, "settings#product", &settings);
    world.pass(seconds(30));
    assert_eq!(world.records("products").len(), 1);
    assert_eq!(world.report(ObjectType::Client).started_at, began, "clients have had their turn");
}

#[test]
fn processes_that_know_nothing_of_each_other_keep_kleers_pace_together() {
    let world = World::new();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kleer = {
        let (kleer, clock, asked) = (world.app().kleer_transport.clone(), world.clock.clone(), asked.clone());
        Transport::in_process(Arc::new(move |request| {
            asked.lock().unwrap().push(clock.now().as_millisecond());
            let kleer = kleer.clone();
            async move { kleer.send(request).await }.boxed()
        }))
    };
    let one = || process(&world, world.app().store.clone(), kleer.clone());
    // Two go on for long, and one comes in between.
    let (first, second, third) = (one(), one(), one());
    let asks = async |app: &App, times: usize| {
        let connection = app.connect(PortalId(PORTAL)).await.unwrap();
        join_all((0..times).map(async |_| connection.kleer.list_products().await.unwrap())).await
    };
    let late = async {
        world.clock.sleep(seconds(3)).await;
        asks(&third, 1).await
    };
    world.clock.run(join(join(asks(&first, 30), asks(&second, 30)), late));
    let mut asked = asked.lock().unwrap().clone();
    asked.sort_unstable();
    assert_eq!(asked.len(), 61);
    let pauses: Vec<i64> = asked.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(pauses.iter().all(|pause| *pause >= 250), "{pauses:?}");
    assert!(asked[60] - asked[0] <= 61 * 250 + 4_500, "hardly more than a slice is wasted: {pauses:?}");
}
