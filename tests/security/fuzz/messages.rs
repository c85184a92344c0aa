//! Messages as an older release, a newer one or a damaged queue may hand them out.

use std::cell::Cell;

use domain::{KleerCompanyId, ObjectType, PortalId};
use local::pretend::Scene;
use proptest::prelude::any;
use proptest::sample::Index;
use queue::{Envelope, Job, QueueName};
use serde_json::{Value, json};
use tests::{World, client, minutes};

use super::check;
use super::mutate::spoilings;
use crate::routes::About;
use crate::tenants::{hand_out, jobs};

/// A page of a plan as it is queued: taken from the queue of a World that has something to write.
fn a_page() -> Value {
    let mut world = World::new();
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.kleer(|kleer| kleer.add_client(client("")));
    let app = world.app();
    let now = world.clock.now();
    let found = world.clock.run(async {
        local::worker::tick(app).await.unwrap();
        for delivery in app.queue.receive(QueueName::Poll, now).await.unwrap() {
            poll_function::handle(app, std::slice::from_ref(&delivery), queue::Timestamp::MAX).await;
            app.queue.delete(&delivery).await.unwrap();
        }
        let pages = app.queue.receive(QueueName::Sync, app.clock.now()).await.unwrap();
        let page = pages.iter().find(|page| page.body.contains("Åkeri")).map(|page| page.body.clone());
        for page in pages {
            app.queue.put_back_untried(&page, app.clock.now()).await.unwrap();
        }
        page
    });
    world.pass(minutes(5));
    serde_json::from_str(&found.expect("a client is to be made, so a page is queued")).unwrap()
}

/// One message of each kind, and a page with changes in it.
fn messages() -> Vec<Value> {
    let about = About { portal: 4242, record: 9001, kleer_id: 1004 };
    let portal = PortalId(about.portal);
    let made = jobs(about).into_iter().map(|(_, job)| Envelope::new(portal, Some(KleerCompanyId(1)), job));
    let mut messages: Vec<Value> = made.map(|envelope| serde_json::to_value(envelope).unwrap()).collect();
    messages.push(a_page());
    messages.push(json!({ "version": 99, "portal": 4242, "kleer_company": 1, "job": { "job": "to_come" } }));
    messages
}

#[test]
fn a_message_is_read_or_refused() {
    let messages = messages();
    let read = Cell::new(0_u32);
    check(1_000, (any::<Index>(), spoilings()), |(which, spoiling)| {
        match Envelope::read(&spoiling.text(which.get(&messages))) {
            Ok(envelope) => {
                read.set(read.get() + 1);
                // What is read can be written and read again: it may be sent on in a message of its own.
                let text = serde_json::to_string(&envelope).unwrap();
                assert_eq!(Envelope::read(&text).unwrap(), envelope);
            }
            Err(error) => assert!(error.to_string().len() < 2_000, "{} bytes", error.to_string().len()),
        }
    });
    assert!(read.get() > 30, "hardly anything was read: {}", read.get());
}

/// Whatever can be read is worked on, with numbers and moments of every size.
#[test]
fn work_of_a_spoiled_message_ends() {
    let mut world = World::of(Scene::of(0, 0), &ObjectType::ALL);
    world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    world.pass(minutes(3));
    world.forgive();
    let messages = messages();
    let worked = Cell::new(0_u32);
    check(400, (any::<Index>(), spoilings()), |(which, spoiling)| {
        let text = spoiling.text(which.get(&messages));
        let queue = match Envelope::read(&text) {
            Ok(Envelope { job: Job::Page(_), .. }) => QueueName::Sync,
            Ok(Envelope { job: Job::Import(_) | Job::Push(_), .. }) => QueueName::Change,
            Ok(Envelope { job: Job::Forget | Job::StartAfresh, .. }) => return,
            Ok(_) => QueueName::Poll,
            Err(_) => return,
        };
        worked.set(worked.get() + 1);
        assert_eq!(hand_out(&world, queue, PortalId(4242), text).len(), 1);
        assert_eq!(world.app().meters.take().panics, 0, "it panicked");
    });
    assert!(worked.get() > 15, "hardly anything was worked on: {}", worked.get());
    world.pass(minutes(1));
}
