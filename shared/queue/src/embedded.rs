//! The queues of one machine: held in memory, written through to the store, with the semantics of SQS FIFO queues: groups,
//! deduplication for five minutes, a time limit on what was handed out, a count of how often, and dead letters.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::schedule::later;
use jiff::Timestamp;
use store::{MESSAGES_LIMIT, Store, StoredMessage};

use crate::{BATCH_LIMIT, Delivery, Error, MAX_RECEIVES, Outgoing, QueueName, job};

const DEDUPLICATION: Duration = Duration::from_secs(300);

/// How many dead letters are kept to be looked at; their work is planned anew by the next poll.
const DEAD_KEPT: usize = 100;

/// The most bytes of messages that are kept in one call; a transaction takes 4 MB.
const KEPT_BYTES: usize = 2_000_000;

/// Messages that are about to be kept, in one call.
#[derive(Debug, Default)]
struct Admitted {
    messages: Vec<StoredMessage>,
    deduplication_ids: Vec<String>,
    bytes: usize,
}

impl Admitted {
    /// Whether another message would be too much for one call.
    fn is_full(&self, body: &str) -> bool {
        self.messages.len() == MESSAGES_LIMIT || self.bytes + body.len() > KEPT_BYTES
    }
}

/// All queues of one machine.
#[derive(Debug, Clone)]
pub(crate) struct Embedded {
    store: Store,
    rooms: Arc<Mutex<HashMap<QueueName, Room>>>,
}

/// One queue.
#[derive(Debug, Default)]
struct Room {
    /// Groups that have messages.
    groups: BTreeMap<String, Group>,
    /// The order in which groups have their turn.
    turns: VecDeque<String>,
    /// Deduplication ids and until when they count.
    seen: HashMap<String, Timestamp>,
    /// The same in the order in which they were seen, so that old ones are forgotten without looking at all of them.
    seen_in_order: VecDeque<(Timestamp, String)>,
    dead: Vec<String>,
    next_sequence: i64,
}

#[derive(Debug, Default)]
struct Group {
    waiting: VecDeque<Entry>,
}

#[derive(Debug)]
struct Entry {
    message: StoredMessage,
    /// Handed out or put back: not available until then, and neither is its group.
    hidden_until: Option<Timestamp>,
}

impl Group {
    /// Until when the whole group waits. Only the first batch can be out, so a long backlog costs nothing here.
    fn blocked_until(&self) -> Option<Timestamp> {
        self.waiting.iter().take(BATCH_LIMIT).filter_map(|entry| entry.hidden_until).max()
    }

    /// The next messages, marked as handed out; dead letters apart.
    fn hand_out(&mut self, now: Timestamp, hidden_until: Timestamp) -> (Vec<StoredMessage>, Vec<StoredMessage>) {
        let mut dead = Vec::new();
        while self.waiting.front().is_some_and(|entry| entry.message.receive_count >= MAX_RECEIVES) {
            dead.extend(self.waiting.pop_front().map(|entry| entry.message));
        }
        let mut batch = Vec::new();
        for entry in self.waiting.iter_mut().take(BATCH_LIMIT) {
            if entry.message.receive_count >= MAX_RECEIVES || entry.hidden_until.is_some_and(|until| until > now) {
                break;
            }
            entry.message.receive_count += 1;
            entry.hidden_until = Some(hidden_until);
            batch.push(entry.message.clone());
        }
        (batch, dead)
    }
}

impl Room {
    fn forget_seen(&mut self, now: Timestamp) {
        while let Some((until, id)) = self.seen_in_order.pop_front_if(|(until, _)| *until <= now) {
            // An id whose message could not be kept may have been seen again since.
            if self.seen.get(&id) == Some(&until) {
                self.seen.remove(&id);
            }
        }
    }

    fn push(&mut self, message: StoredMessage) {
        self.next_sequence = self.next_sequence.max(message.sequence + 1);
        let group = self.groups.entry(message.group.clone()).or_default();
        if group.waiting.is_empty() {
            self.turns.push_back(message.group.clone());
        }
        group.waiting.push_back(Entry { message, hidden_until: None });
    }

    /// The next batch: groups take turns, so that a backlog of one never holds up another.
    fn hand_out(&mut self, now: Timestamp, visibility: Duration) -> (Vec<StoredMessage>, Vec<StoredMessage>) {
        for _ in 0..self.turns.len() {
            let Some(name) = self.turns.pop_front() else { break };
            let Some(group) = self.groups.get_mut(&name) else { continue };
            self.turns.push_back(name.clone());
            if group.blocked_until().is_some_and(|until| until > now) {
                continue;
            }
            let (batch, dead) = group.hand_out(now, later(now, visibility));
            self.dead.extend(dead.iter().map(|message| message.body.clone()));
            let surplus = self.dead.len().saturating_sub(DEAD_KEPT);
            self.dead.drain(..surplus);
            if group.waiting.is_empty() {
                self.drop_group(&name);
            }
            if !batch.is_empty() || !dead.is_empty() {
                return (batch, dead);
            }
        }
        (Vec::new(), Vec::new())
    }

    fn entry(&mut self, delivery: &Delivery) -> Option<&mut Entry> {
        let group = self.groups.get_mut(&delivery.group)?;
        group.waiting.iter_mut().take(BATCH_LIMIT).find(|entry| entry.message.id == delivery.id)
    }

    fn remove(&mut self, delivery: &Delivery) {
        let Some(group) = self.groups.get_mut(&delivery.group) else { return };
        if let Some(place) = group.waiting.iter().take(BATCH_LIMIT).position(|entry| entry.message.id == delivery.id) {
            group.waiting.remove(place);
        }
        if group.waiting.is_empty() {
            self.drop_group(&delivery.group);
        }
    }

    fn drop_group(&mut self, name: &str) {
        self.groups.remove(name);
        self.turns.retain(|turn| turn != name);
    }
}

impl Embedded {
    pub(crate) async fn open(store: Store) -> Result<Self, Error> {
        let mut rooms = HashMap::new();
        for queue in QueueName::ALL {
            let mut room = Room::default();
            store.messages(queue.as_str()).await?.into_iter().for_each(|message| room.push(message));
            rooms.insert(queue, room);
        }
        Ok(Self { store, rooms: Arc::new(Mutex::new(rooms)) })
    }

    pub(crate) async fn send(&self, queue: QueueName, messages: Vec<Outgoing>, now: Timestamp) -> Result<(), Error> {
        let mut admitted = Admitted::default();
        for outgoing in messages {
            let body = match job::body(&outgoing.envelope) {
                Ok(body) => body,
                Err(error) => {
                    self.keep(queue, admitted).await?;
                    return Err(error);
                }
            };
            if admitted.is_full(&body) {
                self.keep(queue, std::mem::take(&mut admitted)).await?;
            }
            if let Some(message) = self.admit(queue, &outgoing, body, now) {
                admitted.bytes += message.body.len();
                admitted.messages.push(message);
                admitted.deduplication_ids.push(outgoing.deduplication_id);
            }
        }
        self.keep(queue, admitted).await
    }

    /// Kept first, handed out after: what a worker sees is never lost.
    async fn keep(&self, queue: QueueName, admitted: Admitted) -> Result<(), Error> {
        let Admitted { messages, deduplication_ids, .. } = admitted;
        let kept = self.store.put_messages(&messages).await;
        self.room(queue, |room| match &kept {
            Ok(()) => messages.into_iter().for_each(|message| room.push(message)),
            Err(_) => room.seen.retain(|id, _| !deduplication_ids.contains(id)),
        });
        Ok(kept?)
    }

    /// The message, unless one with its deduplication id was sent within five minutes.
    fn admit(&self, queue: QueueName, outgoing: &Outgoing, body: String, now: Timestamp) -> Option<StoredMessage> {
        self.room(queue, |room| {
            room.forget_seen(now);
            let (id, until) = (&outgoing.deduplication_id, later(now, DEDUPLICATION));
            if room.seen.contains_key(id) {
                return None;
            }
            room.seen.insert(id.clone(), until);
            room.seen_in_order.push_back((until, id.clone()));
            let sequence = room.next_sequence;
            room.next_sequence += 1;
            Some(StoredMessage {
                portal: outgoing.envelope.portal,
                queue: queue.as_str().to_owned(),
                id: format!("{sequence:012}"),
                sequence,
                group: outgoing.envelope.group(),
                body,
                receive_count: 0,
            })
        })
    }

    pub(crate) async fn receive(&self, queue: QueueName, now: Timestamp) -> Result<Vec<Delivery>, Error> {
        let (batch, dead) = self.room(queue, |room| room.hand_out(now, queue.visibility()));
        for message in dead {
            tracing::error!(queue = queue.as_str(), portal = %message.portal, "a message was handed out too often and is put aside");
            self.store.delete_message(message.portal, queue.as_str(), &message.id).await?;
        }
        // Kept before it is handed out: a message that kills the process counts as handed out after the restart too.
        for message in &batch {
            self.store.put_message(message).await?;
        }
        let deliver = |message: StoredMessage| Delivery {
            queue,
            portal: message.portal,
            group: message.group,
            receipt: message.id.clone(),
            id: message.id,
            body: message.body,
            receive_count: message.receive_count,
        };
        Ok(batch.into_iter().map(deliver).collect())
    }

    pub(crate) async fn delete(&self, delivery: &Delivery) -> Result<(), Error> {
        self.store.delete_message(delivery.portal, delivery.queue.as_str(), &delivery.id).await?;
        self.room(delivery.queue, |room| room.remove(delivery));
        Ok(())
    }

    pub(crate) async fn put_back(&self, delivery: &Delivery, pause: Duration, now: Timestamp) -> Result<(), Error> {
        self.change(delivery, |entry| entry.hidden_until = Some(later(now, pause))).await
    }

    pub(crate) async fn put_back_untried(&self, delivery: &Delivery, now: Timestamp) -> Result<(), Error> {
        let untried = |entry: &mut Entry| {
            entry.hidden_until = Some(now);
            entry.message.receive_count = entry.message.receive_count.saturating_sub(1);
        };
        self.change(delivery, untried).await
    }

    /// Changes a message that is out, and keeps what changed.
    async fn change(&self, delivery: &Delivery, change: impl FnOnce(&mut Entry)) -> Result<(), Error> {
        let message = self.room(delivery.queue, |room| {
            let entry = room.entry(delivery)?;
            change(entry);
            Some(entry.message.clone())
        });
        match message {
            Some(message) => Ok(self.store.put_message(&message).await?),
            None => Ok(()),
        }
    }

    pub(crate) fn depth(&self, queue: QueueName) -> usize {
        self.room(queue, |room| room.groups.values().map(|group| group.waiting.len()).sum())
    }

    pub(crate) fn next_ready(&self, queue: QueueName) -> Option<Timestamp> {
        self.room(queue, |room| {
            room.groups.values().map(|group| group.blocked_until().unwrap_or(Timestamp::UNIX_EPOCH)).min()
        })
    }

    pub(crate) fn dead_letters(&self, queue: QueueName) -> Vec<String> {
        self.room(queue, |room| room.dead.clone())
    }

    fn room<R>(&self, queue: QueueName, f: impl FnOnce(&mut Room) -> R) -> R {
        let mut rooms: MutexGuard<'_, _> = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        f(rooms.entry(queue).or_default())
    }
}
