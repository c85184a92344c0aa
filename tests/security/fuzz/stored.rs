//! Items as another release, or an accident, may have left them: whoever reads one may say that it cannot be read, and nothing
//! more happens.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use domain::{HubspotId, KleerId, ObjectType, PortalId};
use local::machine::Ground;
use local::pretend::Scene;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::Index;
use serde_json::{Value, json};
use store::{Errand, ExecutionKey, Look, Memo, Pairing, Store};
use tests::{World, client, minutes, product};

use super::check;
use super::mutate::{Spoiling, spoilings};
use crate::routes::{About, calls};

const PORTAL: PortalId = PortalId(4242);

/// What happens to an attribute.
#[derive(Clone, Debug)]
enum Damage {
    Gone,
    /// A text that is JSON is spoiled as JSON, any other as a text.
    Spoiled(Spoiling),
    Text(String),
    Number(String),
    Flag,
}

fn damages() -> impl Strategy<Value = Damage> + Clone {
    let numbers = || {
        prop_oneof!["0", "-1", "9223372036854775807", "9223372036854775808", "1\\.5", "-377705116800001", "1E\\+100"]
    };
    prop_oneof![
        2 => Just(Damage::Gone),
        6 => spoilings().prop_map(Damage::Spoiled),
        2 => "\\PC{0,40}".prop_map(Damage::Text),
        1 => "[0-9|]{0,40}".prop_map(Damage::Text),
        3 => numbers().prop_map(Damage::Number),
        1 => Just(Damage::Flag),
    ]
}

/// The item with some of its attributes damaged; its keys stay, or nobody would find it.
fn damaged(item: &Value, damages: &[(Index, Damage)]) -> Value {
    let mut item = item.as_object().unwrap().clone();
    for (at, damage) in damages {
        let names: Vec<String> = item.keys().filter(|name| !is_key(name)).cloned().collect();
        if names.is_empty() {
            break;
        }
        let name = at.get(&names);
        let text = || item[name]["S"].as_str().unwrap_or_default().to_owned();
        let other = match damage {
            Damage::Gone => {
                item.remove(name);
                continue;
            }
            Damage::Spoiled(spoiling) => {
                let document = serde_json::from_str(&text()).unwrap_or_else(|_| Value::from(text()));
                json!({ "S": spoiling.text(&document) })
            }
            Damage::Text(text) => json!({ "S": text }),
            Damage::Number(number) => json!({ "N": number }),
            Damage::Flag => json!({ "BOOL": true }),
        };
        item.insert(name.clone(), other);
    }
    Value::Object(item)
}

fn is_key(name: &str) -> bool {
    ["pk", "sk", "due_shard", "due_at", "hubspot_key"].contains(&name)
}

fn put(ground: &Ground, table: &str, item: &Value) -> bool {
    let request = json!({ "TableName": table, "Item": item });
    serde_json::from_value(request).is_ok_and(|request| ground.database.put_item(request).is_ok())
}

/// A World in which something of everything is stored.
fn rich() -> World {
    let mut world = World::of(Scene::of(0, 0), &ObjectType::ALL);
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_client(client(""));
        kleer.add_product(product("Timme", 95_000))
    });
    world.pass(minutes(20));
    let about =
        About { portal: PORTAL.0, record: world.records("companies")[0].id, kleer_id: world.client_id("Åkeri AB") };
    let lasting = |path: &str| !path.contains("/disconnect") && !path.contains("/start-afresh");
    for call in calls(about).into_iter().filter(|call| lasting(&call.path)) {
        drop(world.send(&call.request(&world)));
    }
    world.pass(minutes(16));
    // Waits for as long as the World lives: a message that is not due.
    drop(world.request("GET", "/oauth/start", Vec::new()));
    world.forgive();
    world
}

fn items(world: &World) -> Vec<Value> {
    local::embedded::dump(&world.ground().database, &world.app().config.table_name).unwrap()
}

/// The kind of an item: its keys without numbers and names.
fn kind(item: &Value) -> String {
    let part = |name: &str| item[name]["S"].as_str().unwrap_or_default().to_owned();
    let kind = part("pk").split('#').nth(1).map(str::to_owned);
    kind.unwrap_or_else(|| part("sk").split('#').next().unwrap_or_default().to_owned())
}

/// The types that the keys of an item name.
fn objects(item: &Value) -> Vec<ObjectType> {
    let keys =
        format!("{}#{}", item["pk"]["S"].as_str().unwrap_or_default(), item["sk"]["S"].as_str().unwrap_or_default());
    ObjectType::ALL.into_iter().filter(|object| keys.split('#').any(|part| part == object.as_str())).collect()
}

/// Reads everything there is of a portal and of some types, as the product does; what cannot be read is said in few words.
async fn read_all(store: &Store, objects: &[ObjectType], now: jiff::Timestamp, faults: &RefCell<u32>) {
    let told = |fault: Option<store::Error>| {
        if let Some(fault) = fault {
            *faults.borrow_mut() += 1;
            assert!(fault.to_string().chars().count() < 2_000, "{} letters", fault.to_string().chars().count());
        }
    };
    told(store.installation(PORTAL).await.err());
    told(store.all_settings(PORTAL).await.err());
    told(store.sync_settings(PORTAL).await.err());
    told(store.secret(PORTAL, "kleer_key").await.err());
    told(store.credentials(PORTAL, "kleer_key").await.err());
    told(store.hubspot_tokens(PORTAL).await.err());
    told(store.all_pairings(PORTAL).await.err());
    told(store.written_since(PORTAL, "2026-01-01".parse().unwrap()).await.err());
    told(store.activities(PORTAL, 100, None).await.err());
    for memo in [Memo::Terms, Memo::KleerCompany, Memo::Afresh] {
        told(store.memo::<Value>(PORTAL, memo).await.err());
    }
    for errand in [Errand::Notice, Errand::Forget] {
        told(store.errand_due(PORTAL, errand).await.err());
        told(store.errand_memory::<Value>(PORTAL, errand).await.err());
    }
    told(store.errands(jiff::Timestamp::MAX, 10).await.err());
    told(store.due(domain::schedule::due_shard(PORTAL), now, 100).await.err());
    told(store.bound_to(PORTAL, "companies", &HubspotId("9001".into())).await.err());
    for &object in objects {
        told(store.settings(PORTAL, object).await.err());
        told(store.capability(PORTAL, object).await.err());
        told(store.first_contact(PORTAL, object).await.err());
        told(store.schema(PORTAL, object).await.err());
        told(store.problems(PORTAL, object).await.err());
        told(store.problem_page(PORTAL, object, 10, None).await.err());
        told(store.count_problems(PORTAL, object, now).await.err());
        told(store.run_report(PORTAL, object).await.err());
        told(store.standing(PORTAL, object).await.err());
        told(store.next_due(PORTAL, object).await.err());
        for look in [Look::Verify, Look::Search] {
            told(store.next_look(PORTAL, object, look).await.err());
            told(store.left_by_look::<Value>(PORTAL, object, look).await.err());
        }
    }
    for (object, name) in [(ObjectType::Client, "companies"), (ObjectType::Product, "products")] {
        let pairing = Pairing::new(PORTAL, object, name);
        told(store.binding_index(&pairing).await.err());
        told(store.bindings_between(&pairing, KleerId(1), KleerId(9_999)).await.err());
        told(store.has_bindings(&pairing).await.err());
    }
    for service in ["hubspot", "objects", "search", "associations", "kleer"] {
        told(store.budget::<Value>(PORTAL, service).await.err());
    }
    for queue in store::QUEUES {
        told(store.messages(queue).await.err());
    }
    let key = ExecutionKey {
        portal: PORTAL,
        hubspot_object: "deals".into(),
        hubspot_id: HubspotId("1".into()),
        action: "create-invoice".into(),
    };
    told(store.execution(&key).await.err());
}

#[test]
fn whoever_reads_a_damaged_item_says_so() {
    let world = rich();
    let (ground, table) = (world.ground(), world.app().config.table_name.clone());
    let items = items(&world);
    let kinds: BTreeSet<String> = items.iter().map(kind).collect();
    assert!(kinds.len() > 15, "a rich World stores something of everything: {kinds:?}");
    // Whatever is read again and again, a kind as often as another.
    let by_kind: Vec<Vec<&Value>> =
        kinds.iter().map(|one| items.iter().filter(|item| kind(item) == *one).collect()).collect();
    let (store, faults) = (&world.app().store, RefCell::new(0));
    check(150, (any::<Index>(), any::<Index>(), vec((any::<Index>(), damages()), 1..3)), |(kind, which, damages)| {
        let of_kind = &by_kind[kind.index(by_kind.len())];
        let item = of_kind[which.index(of_kind.len())];
        if put(&ground, &table, &damaged(item, &damages)) {
            world.clock.run(read_all(store, &objects(item), world.clock.now(), &faults));
        }
        assert!(put(&ground, &table, item));
    });
    assert!(faults.into_inner() > 20, "hardly anything was unreadable: nobody reads what is damaged");
}

/// The product lives on over a damaged item, and the other portals never notice.
#[test]
fn work_goes_on_over_damaged_items() {
    let died = Cell::new(0_u32);
    let damage = (any::<Index>(), any::<Index>(), vec((any::<Index>(), damages()), 1..3));
    check(4, vec(damage, 3), |cases| {
        let mut world = rich();
        let (ground, table) = (world.ground(), world.app().config.table_name.clone());
        let items = items(&world);
        let kinds: Vec<String> = items.iter().map(kind).collect::<BTreeSet<_>>().into_iter().collect();
        for (one, which, damages) in cases {
            let one = &kinds[one.index(kinds.len())];
            let of_kind: Vec<&Value> = items.iter().filter(|item| kind(item) == *one).collect();
            died.set(
                died.get() + u32::from(put(&ground, &table, &damaged(of_kind[which.index(of_kind.len())], &damages))),
            );
        }
        world.restart();
        // Every type has its turn: polls, looks, errands, and everything that the page asks.
        world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
        let lived = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.pass(minutes(40))));
        assert!(lived.is_ok(), "the process ended");
        let about = About { portal: PORTAL.0, record: 9001, kleer_id: 1004 };
        for call in calls(about).into_iter().filter(|call| !call.path.contains("/start-afresh")) {
            let answer = world.send(&call.request(&world));
            assert!(answer.status().as_u16() < 500 || answer.status() == 503, "{} {answer:?}", call.path);
        }
        assert_eq!(world.app().meters.take().panics, 0);
    });
    assert!(died.get() > 2);
}
