//! What every queue must do. Written against [`Queue`] alone: the embedded queue passes it, SQS's side passes it against the
//! gateway in this process, and against an emulator that somebody else wrote on the edge (`tests/edge`).

#![expect(clippy::unwrap_used, reason = "a suite that cannot go on has failed, and the panic says where")]

use std::collections::BTreeMap;
use std::time::Duration;

use app::AwsAccess;
use domain::{KleerCompanyId, ObjectType, PortalId};
use jiff::Timestamp;
use local::aws::{Gateway, QueueState};
use local::machine::Ground;
use queue::{BATCH_LIMIT, Delivery, Envelope, Job, MAX_RECEIVES, Outgoing, Queue, QueueName};
use rest::{Clock, Transport};

use crate::{minutes, open_store, seconds};

const POLL: QueueName = QueueName::Poll;

/// A queue with nothing in it, and the clock it is asked at.
pub struct Suite {
    clock: Clock,
    queue: Queue,
    kind: Kind,
}

enum Kind {
    Embedded(Ground),
    Gateway(Gateway),
    /// On real time: waiting is real, so only what needs seconds can be shown.
    Emulator {
        runtime: tokio::runtime::Runtime,
    },
}

/// A rule, by its name.
pub type Rule = (&'static str, fn(&mut Suite));

/// The rules that take no longer than seconds on real time.
pub const QUICK: [Rule; 5] = [
    ("a group is handed out in order, one batch at a time", a_group_is_handed_out_in_order_one_batch_at_a_time),
    ("a backlog does not hold up others", a_backlog_does_not_hold_up_others),
    ("the same id at once is one message", the_same_id_at_once_is_one_message),
    (
        "what is put back comes again after its pause, and its group waits",
        what_is_put_back_comes_again_after_its_pause_and_its_group_waits,
    ),
    ("what was not tried comes again at once, in order", what_was_not_tried_comes_again_at_once_in_order),
];

impl Suite {
    /// The queues of one machine.
    ///
    /// # Panics
    /// If the engine fails.
    #[must_use]
    pub fn embedded() -> Self {
        let clock = manual();
        let ground = Ground::fresh().unwrap();
        let queue = clock.run(Queue::embedded(open_store(&ground, &clock))).unwrap();
        Self { clock, queue, kind: Kind::Embedded(ground) }
    }

    /// SQS as this repository pretends it; `mixes_groups`: one answer carries messages of several groups.
    ///
    /// # Panics
    /// If the engine fails.
    #[must_use]
    pub fn sqs(mixes_groups: bool) -> Self {
        let clock = manual();
        let mut state = QueueState::default();
        state.mixes_groups = mixes_groups;
        let queues = [("poll.fifo".to_owned(), state)].into_iter().collect();
        let gateway = Gateway::new(clock.clone(), Ground::fresh().unwrap().database, queues);
        let queue = over(gateway.transport(), &clock, "http://gateway.invalid/1/poll.fifo");
        Self { clock, queue, kind: Kind::Gateway(gateway) }
    }

    /// A queue of an emulator at that address; it must be empty.
    ///
    /// # Panics
    /// If there is no network.
    #[must_use]
    pub fn emulator(queue_url: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let clock = Clock::system();
        let queue = over(Transport::network().unwrap(), &clock, queue_url);
        Self { clock, queue, kind: Kind::Emulator { runtime } }
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        match &self.kind {
            Kind::Emulator { runtime } => runtime.block_on(future),
            Kind::Embedded(_) | Kind::Gateway(_) => self.clock.run(future),
        }
    }

    fn advance(&self, span: Duration) {
        match &self.kind {
            Kind::Emulator { .. } => self.run(self.clock.sleep(span + seconds(1))),
            Kind::Embedded(_) | Kind::Gateway(_) => self.clock.advance(span),
        }
    }

    fn send(&self, portal: i64, names: &[i64]) {
        let message = |name: &i64| {
            let job = Job::Poll { object: ObjectType::Client, slot: Timestamp::from_second(*name).unwrap() };
            let envelope = Envelope::new(PortalId(portal), Some(KleerCompanyId(1)), job);
            Outgoing { envelope, deduplication_id: format!("poll#{portal}#{name}") }
        };
        self.run(self.queue.send(POLL, names.iter().map(message).collect(), self.clock.now())).unwrap();
    }

    fn receive(&self) -> Vec<Delivery> {
        self.run(self.queue.receive(POLL, self.clock.now())).unwrap()
    }

    fn delete(&self, deliveries: &[Delivery]) {
        deliveries.iter().for_each(|delivery| self.run(self.queue.delete(delivery)).unwrap());
    }

    fn put_back(&self, delivery: &Delivery, pause: Duration) {
        self.run(self.queue.put_back(delivery, pause, self.clock.now())).unwrap();
    }

    fn dead_letters(&self) -> usize {
        match &self.kind {
            Kind::Gateway(gateway) => gateway.queue("poll.fifo", |queue| queue.dead.len()),
            _ => self.queue.dead_letters(POLL).len(),
        }
    }
}

fn manual() -> Clock {
    Clock::manual("2026-11-20T08:00:00Z".parse().unwrap())
}

fn over(transport: Transport, clock: &Clock, url: &str) -> Queue {
    let endpoint = url.split('/').take(3).collect::<Vec<_>>().join("/");
    let access = AwsAccess {
        region: "eu-north-1".to_owned(),
        key_id: "test".to_owned(),
        key: "test".into(),
        session: None,
        endpoint: Some(endpoint),
    };
    let urls: BTreeMap<QueueName, String> = [(POLL, url.to_owned())].into_iter().collect();
    Queue::sqs(app::sqs_client(&access.sdk(transport, clock)), urls)
}

/// What the messages of a batch were named by who sent them.
fn names(batch: &[Delivery]) -> Vec<i64> {
    let name = |delivery: &Delivery| match Envelope::read(&delivery.body).unwrap().job {
        Job::Poll { slot, .. } => slot.as_second(),
        _ => panic!("the suite sends polls only"),
    };
    batch.iter().map(name).collect()
}

/// # Panics
/// If the rule is broken.
pub fn a_group_is_handed_out_in_order_one_batch_at_a_time(suite: &mut Suite) {
    suite.send(1, &(0..12).collect::<Vec<_>>());
    let first = suite.receive();
    assert_eq!(names(&first), (0..10).collect::<Vec<_>>());
    assert_eq!(first.len(), BATCH_LIMIT);
    assert!(suite.receive().is_empty(), "the group is in a worker's hands");
    suite.delete(&first[..9]);
    assert!(suite.receive().is_empty(), "one of the batch is still in a worker's hands");
    suite.delete(&first[9..]);
    let second = suite.receive();
    assert_eq!(names(&second), [10, 11]);
    suite.delete(&second);
}

/// # Panics
/// If the rule is broken.
pub fn a_backlog_does_not_hold_up_others(suite: &mut Suite) {
    suite.send(11, &(0..100).collect::<Vec<_>>());
    suite.send(12, &[100]);
    let (one, two) = (suite.receive(), suite.receive());
    assert_eq!((one[0].portal, two[0].portal), (PortalId(11), PortalId(12)), "the other group has its turn next");
    assert!(one.iter().all(|delivery| delivery.portal == one[0].portal), "a batch is of one group");
    suite.delete(&one);
    suite.delete(&two);
    // Leaves nothing behind for the next rule on a shared queue.
    for _ in 0..9 {
        suite.delete(&suite.receive());
    }
}

/// # Panics
/// If the rule is broken.
pub fn the_same_id_at_once_is_one_message(suite: &mut Suite) {
    suite.send(21, &[1, 1]);
    suite.send(21, &[1]);
    let batch = suite.receive();
    assert_eq!(names(&batch), [1]);
    suite.delete(&batch);
    suite.send(21, &[1]);
    assert!(suite.receive().is_empty(), "it counts even when the first is done");
}

/// # Panics
/// If the rule is broken.
pub fn the_same_id_after_five_minutes_is_another_message(suite: &mut Suite) {
    the_same_id_at_once_is_one_message(suite);
    suite.advance(minutes(5) + seconds(1));
    suite.send(21, &[1]);
    assert_eq!(names(&suite.receive()), [1]);
}

/// # Panics
/// If the rule is broken.
pub fn what_is_put_back_comes_again_after_its_pause_and_its_group_waits(suite: &mut Suite) {
    suite.send(31, &[1, 2]);
    let batch = suite.receive();
    suite.delete(&batch[1..]);
    suite.put_back(&batch[0], seconds(2));
    suite.send(31, &[3]);
    assert!(suite.receive().is_empty());
    if matches!(suite.kind, Kind::Embedded(_)) {
        assert_eq!(suite.queue.next_ready(POLL), Some(suite.clock.now() + seconds(2)));
    }
    suite.advance(seconds(2));
    let again = suite.receive();
    assert_eq!(names(&again), [1, 3]);
    assert_eq!((again[0].receive_count, again[1].receive_count), (2, 1));
    suite.delete(&again);
}

/// # Panics
/// If the rule is broken.
pub fn what_was_not_tried_comes_again_at_once_in_order(suite: &mut Suite) {
    suite.send(41, &[1, 2, 3]);
    let batch = suite.receive();
    suite.delete(&batch[..1]);
    for delivery in batch[1..].iter().rev() {
        suite.run(suite.queue.put_back_untried(delivery, suite.clock.now())).unwrap();
    }
    let again = suite.receive();
    assert_eq!(names(&again), [2, 3]);
    // SQS cannot take a count back.
    let counted = if matches!(suite.kind, Kind::Embedded(_)) { 1 } else { 2 };
    assert_eq!(again[0].receive_count, counted);
    suite.delete(&again);
}

/// # Panics
/// If the rule is broken.
pub fn a_worker_that_never_answers_loses_its_messages(suite: &mut Suite) {
    suite.send(1, &[1]);
    let lost = suite.receive();
    assert_eq!(lost.len(), 1);
    suite.advance(POLL.visibility() - seconds(1));
    assert!(suite.receive().is_empty());
    suite.advance(seconds(1));
    assert_eq!(suite.receive()[0].receive_count, 2);
}

/// # Panics
/// If the rule is broken.
pub fn a_message_that_is_never_handled_is_put_aside(suite: &mut Suite) {
    suite.send(1, &[1, 2]);
    for _ in 0..MAX_RECEIVES {
        suite.receive().iter().for_each(|delivery| suite.put_back(delivery, seconds(0)));
    }
    let batch = suite.receive();
    assert!(batch.is_empty(), "both were handed out too often: {batch:?}");
    assert_eq!((suite.dead_letters(), suite.queue.depth(POLL)), (2, 0));
}

/// # Panics
/// If the rule is broken, or the queue is none of this machine.
pub fn a_restart_loses_nothing_and_frees_what_was_in_hand(suite: &mut Suite) {
    suite.send(1, &[1, 2, 3]);
    let batch = suite.receive();
    suite.delete(&batch[..1]);
    let Kind::Embedded(ground) = &suite.kind else { panic!("only this machine's queues end with the process") };
    suite.queue = suite.clock.run(Queue::embedded(open_store(ground, &suite.clock))).unwrap();
    assert_eq!(names(&suite.receive()), [2, 3]);
}

/// # Panics
/// If the rule is broken.
pub fn a_long_send_arrives_whole_and_in_order(suite: &mut Suite) {
    let names_sent: Vec<i64> = (0..25).collect();
    suite.send(1, &names_sent);
    let mut arrived = Vec::new();
    while arrived.len() < names_sent.len() {
        let batch = suite.receive();
        assert!(!batch.is_empty(), "only {arrived:?} arrived");
        arrived.extend(names(&batch));
        suite.delete(&batch);
    }
    assert_eq!(arrived, names_sent);
}

/// # Panics
/// If the rule is broken.
pub fn groups_of_one_answer_are_batches_of_their_own(suite: &mut Suite) {
    (1..=3).for_each(|portal| suite.send(portal, &[portal, portal + 10]));
    let batches: Vec<Vec<i64>> = (1..=3).map(|_| names(&suite.receive())).collect();
    assert_eq!(batches, [[1, 11], [2, 12], [3, 13]]);
    assert!(suite.receive().is_empty());
}
