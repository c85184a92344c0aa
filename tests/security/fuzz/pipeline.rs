//! The whole product while both services lose their minds: some answers are spoiled on their way, wherever they are read. Then all is
//! well again, and so is the product.

use std::sync::{Arc, Mutex};

use domain::ObjectType;
use futures::FutureExt as _;
use local::machine::{Machine, Transports};
use local::pretend::{self, Scene};
use proptest::collection::vec;
use proptest::prelude::any;
use rest::{Failure, Transport};
use serde_json::Value;
use tests::{World, client, hours, minutes, product};

use super::check;
use super::mutate::{Spoiling, spoilings};

/// Spoils every answer whose turn it is, as long as there are spoilings left.
fn spoiling(inner: &Transport, queue: &Arc<Mutex<Vec<(u8, Spoiling)>>>) -> Transport {
    let Transport::InProcess(inner) = inner.clone() else { panic!("a simulator is in this process") };
    let queue = queue.clone();
    Transport::in_process(Arc::new(move |request| {
        let (inner, queue) = (inner.clone(), queue.clone());
        async move {
            let answer = inner(request).await?;
            let Some(spoiling) = turn(&queue) else { return Ok::<_, Failure>(answer) };
            let (head, body) = answer.into_parts();
            let Ok(document) = serde_json::from_slice::<Value>(&body) else {
                return Ok(http::Response::from_parts(head, body));
            };
            Ok(http::Response::from_parts(head, spoiling.of(&document).into()))
        }
        .boxed()
    }))
}

/// The spoiling of this answer, if it is its turn: each waits for so many answers that stay whole.
fn turn(queue: &Mutex<Vec<(u8, Spoiling)>>) -> Option<Spoiling> {
    let mut queue = queue.lock().unwrap();
    let (wait, _) = queue.last_mut()?;
    if *wait > 0 {
        *wait -= 1;
        return None;
    }
    queue.pop().map(|(_, spoiling)| spoiling)
}

#[test]
fn answers_spoiled_anywhere() {
    check(4, (vec((0_u8..20, spoilings()), 1..12), any::<bool>()), |(queue, at_first)| {
        let scene = Scene { more: pretend::More { invoices: 4, agreements: 3, projects: 2 }, ..Scene::of(4, 3) };
        let mut world = World::of(scene, &ObjectType::ALL);
        world.forgive();
        if !at_first {
            world.pass(minutes(10));
        }
        let queue = Arc::new(Mutex::new(queue));
        let Transports { kleer, hubspot } = world.pretend.transports();
        let transports = Transports { kleer: spoiling(&kleer, &queue), hubspot: spoiling(&hubspot, &queue) };
        let config = app::Config::read(pretend::variable).unwrap();
        let over = Machine::over(config, world.ground(), world.clock.clone(), transports);
        world.machine = world.clock.run(over).unwrap();
        world.kleer(|kleer| {
            kleer.add_client(client("Åkeri AB"));
            kleer.add_product(product("Timme", 95_000))
        });
        world.pass(minutes(20));
        assert_eq!(world.app().meters.take().panics, 0);
        // All is well: whatever was said, the next turns mend it.
        queue.lock().unwrap().clear();
        world.restart();
        world.pass(hours(3));
        let there = world.companies(&["name"]);
        assert_eq!(world.app().meters.take().panics, 0);
        assert!(there.contains("Åkeri AB"), "the client never came: {there}\n{}", world.problems(ObjectType::Client));
    });
}
