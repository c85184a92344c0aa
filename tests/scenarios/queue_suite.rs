//! What every queue must do. Written against [`Queue`] alone: the embedded queue passes it here, SQS passes the same.

use domain::{KleerCompanyId, ObjectType, PortalId};
use jiff::Timestamp;
use local::machine::Ground;
use queue::{BATCH_LIMIT, Delivery, Envelope, Job, MAX_RECEIVES, Outgoing, Queue, QueueName};
use rest::Clock;
use tests::{minutes, open_store, seconds};

const POLL: QueueName = QueueName::Poll;

/// A queue with nothing in it, and the clock it is asked at.
struct Suite {
    clock: Clock,
    ground: Ground,
    queue: Queue,
}

impl Suite {
    fn new() -> Self {
        let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
        let ground = Ground::fresh().unwrap();
        let queue = clock.run(Queue::embedded(open_store(&ground, &clock))).unwrap();
        Self { clock, ground, queue }
    }

    fn send(&self, portal: i64, name: &str) {
        let job = Job::Poll { object: ObjectType::Client, slot: Timestamp::UNIX_EPOCH };
        let envelope = Envelope::new(PortalId(portal), KleerCompanyId(1), job);
        let message = Outgoing { envelope, deduplication_id: name.to_owned() };
        self.clock.run(self.queue.send(POLL, vec![message], self.clock.now())).unwrap();
    }

    fn receive(&self) -> Vec<Delivery> {
        self.clock.run(self.queue.receive(POLL, self.clock.now())).unwrap()
    }

    fn delete(&self, deliveries: &[Delivery]) {
        deliveries.iter().for_each(|delivery| self.clock.run(self.queue.delete(delivery)).unwrap());
    }

    fn put_back(&self, delivery: &Delivery, pause: std::time::Duration) {
        self.clock.run(self.queue.put_back(delivery, pause, self.clock.now())).unwrap();
    }
}

fn ids(batch: &[Delivery]) -> Vec<&str> {
    batch.iter().map(|delivery| delivery.id.as_str()).collect()
}

#[test]
fn a_group_is_handed_out_in_order_one_batch_at_a_time() {
    let suite = Suite::new();
    (0..12).for_each(|number| suite.send(1, &format!("m{number}")));
    let first = suite.receive();
    assert_eq!(first.len(), BATCH_LIMIT);
    assert!(ids(&first).is_sorted());
    assert!(suite.receive().is_empty(), "the group is in a worker's hands");
    suite.delete(&first[..9]);
    assert!(suite.receive().is_empty(), "one of the batch is still in a worker's hands");
    suite.delete(&first[9..]);
    let second = suite.receive();
    assert_eq!(second.len(), 2);
    assert!(ids(&first).last() < ids(&second).first());
}

#[test]
fn a_backlog_does_not_hold_up_others() {
    let suite = Suite::new();
    (0..100).for_each(|number| suite.send(1, &format!("m{number}")));
    suite.send(2, "other");
    assert_eq!(suite.receive()[0].portal, PortalId(1));
    assert_eq!(suite.receive()[0].portal, PortalId(2), "the other group has its turn next");
}

#[test]
fn the_same_id_within_five_minutes_is_one_message() {
    let suite = Suite::new();
    suite.send(1, "same");
    suite.send(1, "same");
    let batch = suite.receive();
    assert_eq!(batch.len(), 1);
    suite.delete(&batch);
    suite.send(1, "same");
    assert!(suite.receive().is_empty(), "it counts even when the first is done");
    suite.clock.advance(minutes(5) + seconds(1));
    suite.send(1, "same");
    assert_eq!(suite.receive().len(), 1);
}

#[test]
fn what_is_put_back_comes_again_after_its_pause_and_its_group_waits() {
    let suite = Suite::new();
    suite.send(1, "a");
    suite.send(1, "b");
    let batch = suite.receive();
    suite.delete(&batch[1..]);
    suite.put_back(&batch[0], seconds(30));
    suite.send(1, "c");
    assert!(suite.receive().is_empty());
    assert_eq!(suite.queue.next_ready(POLL), Some(suite.clock.now() + seconds(30)));
    suite.clock.advance(seconds(30));
    let again = suite.receive();
    assert_eq!((again.len(), again[0].id.as_str()), (2, batch[0].id.as_str()));
    assert_eq!((again[0].receive_count, again[1].receive_count), (2, 1));
}

#[test]
fn a_worker_that_never_answers_loses_its_messages() {
    let suite = Suite::new();
    suite.send(1, "a");
    assert_eq!(suite.receive().len(), 1);
    suite.clock.advance(POLL.visibility() - seconds(1));
    assert!(suite.receive().is_empty());
    suite.clock.advance(seconds(1));
    assert_eq!(suite.receive()[0].receive_count, 2);
}

#[test]
fn a_message_that_is_never_handled_is_put_aside() {
    let suite = Suite::new();
    suite.send(1, "poison");
    suite.send(1, "good");
    for _ in 0..MAX_RECEIVES {
        let batch = suite.receive();
        suite.put_back(&batch[0], seconds(0));
        batch[1..].iter().for_each(|delivery| suite.put_back(delivery, seconds(0)));
    }
    let batch = suite.receive();
    assert!(batch.is_empty(), "both were handed out too often: {batch:?}");
    assert_eq!(suite.queue.dead_letters(POLL).len(), 2);
    assert_eq!(suite.queue.depth(POLL), 0);
}

#[test]
fn a_restart_loses_nothing_and_frees_what_was_in_hand() {
    let mut suite = Suite::new();
    (0..3).for_each(|number| suite.send(1, &format!("m{number}")));
    let batch = suite.receive();
    suite.delete(&batch[..1]);
    suite.queue = suite.clock.run(Queue::embedded(open_store(&suite.ground, &suite.clock))).unwrap();
    assert_eq!(ids(&suite.receive()), ids(&batch[1..]));
}
