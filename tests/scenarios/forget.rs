//! A portal is forgotten: nothing of it is left, and everything of another one stays. Every World ends with such a look (see
//! `tests/src/checks.rs`), so that whatever a story stores is found here.

use std::collections::BTreeSet;

use domain::{ObjectType, PortalId};
use insta::assert_snapshot;
use local::embedded;
use local::forget::{self, Options};
use local::machine::{Home, Machine};
use local::pretend::{APP_TOKEN, KLEER_KEY, NEXT_APP_TOKEN, PORTAL};
use queue::QueueName;

use super::{World, client, minutes};

const MINE: PortalId = PortalId(PORTAL);
const OTHER: PortalId = PortalId(PORTAL + 1);

/// The partitions in the table, each once, with the portal they begin with cut off: of one portal.
fn kinds(world: &World, portal: PortalId) -> BTreeSet<String> {
    let items = embedded::dump(&world.ground().database, &world.app().config.table_name).unwrap();
    let partitions = items.iter().filter_map(|item| item["pk"]["S"].as_str());
    let own = partitions.filter(|partition| partition.split('#').next() == Some(portal.to_string().as_str()));
    own.map(|partition| partition.split_once('#').map_or("portal", |(_, kind)| kind).to_owned()).collect()
}

/// Two portals of one company, with clients in both, one of which cannot be written.
fn two_portals() -> World {
    let mut world = World::new();
    world.connect(OTHER, NEXT_APP_TOKEN, KLEER_KEY);
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_client(client(""));
    });
    world.pass(minutes(2));
    world
}

#[test]
fn nothing_of_it_is_left_and_everything_of_the_other_stays() {
    let mut world = two_portals();
    let (before, of_other) = (kinds(&world, MINE), kinds(&world, OTHER));
    assert_snapshot!(before.iter().cloned().collect::<Vec<_>>().join("\n"), @"
    binding#client#companies
    day
    detail#client#companies
    portal
    problem#client
    ");
    let count = embedded::dump(&world.ground().database, &world.app().config.table_name).unwrap().len() as u64;
    let mut told = Vec::new();
    let store = world.app().store.clone();
    let forgotten = world.clock.run(store.forget_portal_telling(MINE, |one| told.push((one.kind, one.items)))).unwrap();
    assert_eq!(kinds(&world, MINE), BTreeSet::new());
    assert_eq!(kinds(&world, OTHER), of_other);
    let left = embedded::dump(&world.ground().database, &world.app().config.table_name).unwrap().len() as u64;
    assert_eq!(forgotten, count - left);
    assert_eq!(told.iter().map(|(_, items)| items).sum::<u64>(), forgotten, "{told:?}");
    assert_eq!(world.clock.run(store.forget_portal(MINE)).unwrap(), 0, "a second time there is nothing");
    // Nothing is polled any more, and the other one goes on.
    world.kleer(|kleer| kleer.add_client(client("Bageri AB")));
    world.pass(minutes(20));
    assert_eq!(kinds(&world, MINE), BTreeSet::new());
    let other = world.pretend.hubspot.records(u64::try_from(OTHER.0).unwrap(), "companies");
    assert_eq!(other.len(), 2);
}

/// Bindings are kept by the HubSpot object that a type went to, and a portal may have chosen several, one after the other.
#[test]
fn what_an_earlier_choice_left_is_found() {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(2));
    world.settings(ObjectType::Client, |settings| settings.hubspot_object = "2-17".to_owned());
    assert!(kinds(&world, MINE).contains("binding#client#companies"));
    let store = world.app().store.clone();
    world.clock.run(store.forget_portal(MINE)).unwrap();
    assert_eq!(kinds(&world, MINE), BTreeSet::new());
}

#[test]
fn the_store_knows_all_queues() {
    assert_eq!(QueueName::ALL.map(QueueName::as_str), store::QUEUES);
}

/// `cargo local forget --data`.
#[test]
fn a_folder_of_this_machine() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = World::new();
    let folder = std::env::temp_dir().join(format!("forget-{}", std::process::id()));
    let options = Options { portal: MINE, data: Some(folder.clone()), yes: true };
    let sentence = runtime.block_on(forget::run(&options)).unwrap_err();
    assert!(sentence.ends_with("holds no store of this program; --data names the folder of one"), "{sentence}");
    let start = async || {
        let overrides = [("DATA_DIR", folder.display().to_string())].into();
        let config = app::Config::from_environment(&overrides).unwrap();
        let home = Home::Folder(folder.clone());
        Machine::start(config, &home, world.clock.clone(), world.transports()).await.unwrap()
    };
    let new = sync::NewPortal {
        portal: MINE,
        kleer_company: domain::KleerCompanyId(1),
        credentials: app::Credentials { access_token: APP_TOKEN.into(), kleer_key: KLEER_KEY.into() },
        objects: vec![ObjectType::Client],
        every_s: None,
    };
    world.clock.run(async {
        let machine = start().await;
        sync::set_up_portal(&machine.app, &new).await.unwrap();
    });
    assert_eq!(runtime.block_on(forget::run(&options)), Ok(true));
    let found = world.clock.run(async { start().await.app.store.installation(MINE).await.unwrap() });
    assert!(found.is_none());
    // Nobody is here to be asked.
    let asking = Options { yes: false, ..options };
    assert!(runtime.block_on(forget::run(&asking)).unwrap_err().contains("say --yes"));
    std::fs::remove_dir_all(folder).unwrap();
}
