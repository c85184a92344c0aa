//! Messages come twice, late, side by side and out of date; ticks overlap.

use domain::{ObjectType, PortalId};
use local::pretend::PORTAL;
use local::worker;
use queue::{Delivery, Envelope, Handled, Job, Page, QueueName};

use super::{World, client, minutes, seconds};

/// A World whose poll is done and whose pages wait in the queue.
fn with_pages_waiting(clients: usize) -> (World, Vec<Delivery>) {
    let world = World::new();
    world.kleer(|kleer| {
        (0..clients).for_each(|number| {
            kleer.add_client(client(&format!("Kund {number} AB")));
        });
    });
    let app = world.app();
    let pages = world.clock.run(async {
        worker::tick(app).await.unwrap();
        let polls = app.queue.receive(QueueName::Poll, app.clock.now()).await.unwrap();
        poll_function::handle(app, &polls, queue::Timestamp::MAX).await;
        for poll in &polls {
            app.queue.delete(poll).await.unwrap();
        }
        app.queue.receive(QueueName::Sync, app.clock.now()).await.unwrap()
    });
    (world, pages)
}

fn page(delivery: &Delivery) -> (Envelope, Page) {
    let envelope = Envelope::read(&delivery.body).unwrap();
    let Job::Page(page) = envelope.job.clone() else { panic!("no page: {envelope:?}") };
    (envelope, page)
}

fn delete(world: &World, deliveries: &[Delivery]) {
    deliveries.iter().for_each(|delivery| world.clock.run(world.app().queue.delete(delivery)).unwrap());
}

#[test]
fn a_page_that_comes_twice_is_done_once() {
    let (world, pages) = with_pages_waiting(5);
    let (envelope, page) = page(&pages[0]);
    for delivery in 1..=2 {
        let applied = world.clock.run(sync::apply(world.app(), &envelope, &page, delivery)).unwrap();
        assert_eq!(applied, sync::Applied::Done);
    }
    delete(&world, &pages);
    assert_eq!(world.hubspot_calls().requests.batch_upsert, 1);
    let report = world.report(ObjectType::Client);
    assert_eq!((report.counts.created, report.progress.done), (5, 1));
    assert!(report.finished_at.is_some());
}

#[test]
fn a_page_in_two_workers_hands_at_once_is_written_once() {
    let (world, pages) = with_pages_waiting(5);
    let (envelope, page) = page(&pages[0]);
    let app = world.app();
    let both = futures::future::join(sync::apply(app, &envelope, &page, 1), sync::apply(app, &envelope, &page, 1));
    let _ = world.clock.run(both);
    delete(&world, &pages);
    assert_eq!(world.records("companies").len(), 5);
    assert_eq!(world.report(ObjectType::Client).counts.created, 5);
}

#[test]
fn a_page_of_an_older_run_is_dropped() {
    let (mut world, pages) = with_pages_waiting(5);
    let (envelope, old) = page(&pages[0]);
    delete(&world, &pages);
    // The run never ends, its lease does, and the next one plans everything again.
    world.pass(minutes(45));
    assert_eq!(world.records("companies").len(), 5);
    let writes = world.writes();
    let applied = world.clock.run(sync::apply(world.app(), &envelope, &old, 1)).unwrap();
    assert_eq!((applied, world.writes()), (sync::Applied::Stale, writes));
}

#[test]
fn a_page_for_another_kleer_company_is_dropped() {
    let (world, pages) = with_pages_waiting(1);
    let writes = world.writes();
    let (mut envelope, page) = page(&pages[0]);
    envelope.kleer_company = Some(domain::KleerCompanyId(2));
    let applied = world.clock.run(sync::apply(world.app(), &envelope, &page, 1)).unwrap();
    assert_eq!((applied, world.writes()), (sync::Applied::Stale, writes));
    delete(&world, &pages);
}

#[test]
fn overlapping_ticks_queue_every_poll_once() {
    let world = World::new();
    let app = world.app();
    let ticks = futures::future::join3(worker::tick(app), worker::tick(app), worker::tick(app));
    let _ = world.clock.run(ticks);
    assert_eq!(app.queue.depth(QueueName::Poll), 1, "clients and products, in one message");
    world.clock.run(worker::work(app)).unwrap();
}

#[test]
fn while_a_run_goes_on_its_type_is_not_polled_again() {
    let (mut world, pages) = with_pages_waiting(3);
    let calls = world.pretend.kleer.counters().total();
    let client = ObjectType::Client;
    world.clock.run(app_due_now(&world, client));
    world.pass(minutes(1));
    assert_eq!(world.pretend.kleer.counters().total(), calls, "Kleer was asked again");
    delete(&world, &pages);
    world.pass(minutes(45));
    assert_eq!(world.records("companies").len(), 3);
}

async fn app_due_now(world: &World, object: ObjectType) {
    world.app().store.bring_forward(PortalId(PORTAL), object, world.clock.now()).await.unwrap();
}

#[test]
fn a_panic_is_one_message_that_comes_again() {
    let (world, pages) = with_pages_waiting(1);
    let (app, limit, never) = (world.app(), minutes(1), queue::Timestamp::MAX);
    let panics = app.attempt(&pages[0], limit, never, async { panic!("a bug") });
    assert_eq!(world.clock.run(panics), Handled::Again(seconds(10)));
    assert_eq!(app.meters.take().panics, 1);
    let hangs = app.attempt(&pages[0], limit, never, std::future::pending());
    assert_eq!(world.clock.run(hangs), Handled::Again(seconds(10)));
    let soon = app.clock.now() + seconds(3);
    let interrupted = app.attempt(&pages[0], limit, soon, std::future::pending());
    assert_eq!(world.clock.run(interrupted), Handled::Again(seconds(0)), "the time limit is nobody's fault");
    let late = app.attempt(&pages[0], limit, soon, async { Handled::Done });
    assert_eq!(world.clock.run(late), Handled::NotYet, "nothing is begun");
    delete(&world, &pages);
}
