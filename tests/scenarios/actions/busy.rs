//! A portal in the midst of its first sync, whose batches take all that they may of what HubSpot allows: a workflow does not wait
//! behind them. How the pace is shared stands in `shared/app/src/budgets/tests.rs`.

use std::pin::pin;
use std::time::Duration;

use domain::{ObjectType, PortalId};
use futures::future::{join_all, select};
use hubspot::{AssociationSpec, LabelledPair, Pair};
use kleer_sim::Kind;
use local::pretend::{CLIENT_SECRET, PORTAL, Scene};
use local::{routes, worker};
use queue::QueueName;

use super::{PRIMARY, body, new_deal};
use crate::{World, minutes, seconds};

/// HubSpot wants its answer within this (contract hubspot-platform §6.3).
const LIMIT: Duration = seconds(10);
const DEALS: usize = 3;

/// Deals of companies that the sync has brought by now.
async fn deals(world: &World) -> Vec<u64> {
    let app = world.app();
    while world.records("companies").len() < DEALS {
        app.clock.sleep(seconds(1)).await;
    }
    let deals: Vec<u64> = (0..DEALS).map(|number| new_deal(world, &format!("Affär {number}"))).collect();
    let pair = |(deal, company): (&u64, hubspot_sim::Record)| LabelledPair {
        pair: Pair { from: deal.to_string(), to: company.id.to_string() },
        types: vec![AssociationSpec::hubspot_defined(PRIMARY)],
    };
    let pairs: Vec<_> = deals.iter().zip(world.records("companies")).map(pair).collect();
    let connection = app.connect_urgently(PortalId(PORTAL)).await.unwrap();
    connection.hubspot.associations().create_labelled("deals", "companies", &pairs).await.unwrap();
    deals
}

/// How long a few requests to HubSpot take, one after the other.
async fn reads(world: &World, connection: &app::Connection, deal: u64) -> Duration {
    let begun = world.clock.now();
    for _ in 0..3 {
        connection.hubspot.objects().get("deals", &deal.to_string(), &hubspot::Fetch::default()).await.unwrap();
    }
    Duration::try_from(world.clock.now().duration_since(begun)).unwrap()
}

/// Calls the action for a deal; how it is answered, and after how long.
async fn act(world: &World, deal: u64) -> (u16, Duration) {
    let text = body(&format!("ap-4242-{deal}-1-0"), PORTAL, "DEAL", deal, &[]);
    let mut request = world.unsigned("POST", "/actions/create-invoice", text);
    let begun = world.clock.now();
    hubspot_sim::signature::sign(&mut request, hubspot_sim::signature::Scheme::Action, CLIENT_SECRET, begun);
    let answer = routes::answer(world.app(), &request).await;
    (answer.status().as_u16(), Duration::try_from(world.clock.now().duration_since(begun)).unwrap())
}

#[test]
fn actions_are_answered_in_time_while_the_first_sync_goes_on() {
    let scene = Scene { latency: true, ..Scene::of(4_000, 0) };
    let mut world = World::of(scene, &[ObjectType::Client]);
    // Each batch takes long, so that a few of them last for a while.
    world.break_hubspot("/companies/batch/upsert", hubspot_sim::Fault::LatencyMs { base: 4_000, per_record: 0 });
    let told = async {
        let deals = deals(&world).await;
        let first = act(&world, deals[0]).await;
        let (app, portal) = (world.app(), PortalId(PORTAL));
        let patient = reads(&world, &app.connect(portal).await.unwrap(), deals[0]).await;
        let urgent = reads(&world, &app.connect_urgently(portal).await.unwrap(), deals[0]).await;
        assert!(world.app().queue.depth(QueueName::Sync) > 0, "the first sync is done: nobody was in the way");
        assert!(urgent * 2 < patient, "what is urgent waits like everything else: {urgent:?} of {patient:?}");
        let others = join_all(deals[1..].iter().map(|deal| act(&world, *deal))).await;
        (first, others)
    };
    let working = worker::run(world.app(), minutes(1), std::future::pending());
    let (first, others) = match world.clock.run(select(pin!(told), pin!(working))) {
        futures::future::Either::Left((told, _)) => told,
        futures::future::Either::Right(((), _)) => unreachable!("the worker goes on for ever"),
    };
    assert!(first.0 == 200 && first.1 < seconds(4), "{first:?}");
    // Several at once share what Kleer allows, and still come through.
    assert!(others.iter().all(|(status, took)| *status == 200 && *took < LIMIT), "{others:?}");
    // What was under way when the worker went away comes again.
    world.pass(minutes(40));
    assert_eq!(world.kleer(|kleer| kleer.count(Kind::Invoice)), DEALS);
    assert_eq!(world.records("companies").len(), 4_000);
    let refused: u64 = world.app().calls.snapshot().values().map(|count| count.rate_limited).sum();
    assert_eq!(refused, 0, "HubSpot's limits were never exceeded");
}
