//! All records and definitions of one object type in one portal, with an index for every unique property.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::property::{Group, Property};
use super::record::Record;

/// The first record id of every object type. Ids of different types overlap, as they may in HubSpot.
const FIRST_ID: u64 = 9001;

/// Records and definitions of one object type.
#[derive(Default)]
pub(crate) struct Store {
    /// All records, archived ones too.
    pub(crate) records: BTreeMap<u64, Record>,
    /// All definitions, archived ones too.
    pub(crate) properties: BTreeMap<String, Property>,
    /// Property groups.
    pub(crate) groups: BTreeMap<String, Group>,
    /// Where the records that were merged away live on.
    pub(crate) merged: BTreeMap<u64, u64>,
    /// Live records by the value of a unique property.
    unique: BTreeMap<String, BTreeMap<String, u64>>,
    /// What search still shows: records as they were before a change, with the time of the change.
    before: VecDeque<(Timestamp, u64, Option<Record>)>,
}

impl Store {
    /// The id the next record gets.
    pub(crate) fn next_id(&self) -> u64 {
        self.records.last_key_value().map_or(FIRST_ID, |(id, _)| id + 1)
    }

    /// A record by id, following merges; archived ones too.
    pub(crate) fn any(&self, id: u64) -> Option<&Record> {
        let mut id = id;
        while let Some(into) = self.merged.get(&id) {
            id = *into;
        }
        self.records.get(&id)
    }

    /// A live record by id, following merges.
    pub(crate) fn live(&self, id: u64) -> Option<&Record> {
        self.any(id).filter(|record| record.is_live())
    }

    /// The id of the live record that has this value in a unique property.
    pub(crate) fn holder(&self, property: &str, value: &str) -> Option<u64> {
        self.unique.get(property)?.get(value).copied()
    }

    /// Whether a property can serve as `idProperty`.
    pub(crate) fn is_unique(&self, property: &str) -> bool {
        self.unique.contains_key(property)
    }

    /// Names of the unique properties.
    pub(crate) fn unique_names(&self) -> impl Iterator<Item = &String> {
        self.unique.keys()
    }

    /// Adds or replaces a definition.
    pub(crate) fn define(&mut self, property: Property) {
        if property.has_unique_value && property.archived_at.is_none() {
            if !self.unique.contains_key(&property.name) {
                self.index(&property.name);
            }
        } else {
            self.unique.remove(&property.name);
        }
        self.properties.insert(property.name.clone(), property);
    }

    fn index(&mut self, name: &str) {
        let live = self.records.values().filter(|record| record.is_live());
        let values = live.filter_map(|record| Some((record.get(name)?.to_owned(), record.id))).collect();
        self.unique.insert(name.to_owned(), values);
    }

    /// Adds or replaces a record. With a lag, search goes on seeing the old one for so long.
    pub(crate) fn put(&mut self, record: Record, search_lag_ms: u64) {
        let old = self.records.get(&record.id);
        for (name, values) in &mut self.unique {
            let was = old.filter(|old| old.is_live()).and_then(|old| old.get(name));
            let is = Some(&record).filter(|record| record.is_live()).and_then(|record| record.get(name));
            if was == is {
                continue;
            }
            if let Some(was) = was {
                values.remove(was);
            }
            if let Some(is) = is {
                values.insert(is.to_owned(), record.id);
            }
        }
        let (at, id) = (record.archived_at.unwrap_or(record.updated_at), record.id);
        let old = self.records.insert(id, record);
        if search_lag_ms > 0 {
            let horizon = horizon(at, search_lag_ms);
            while self.before.front().is_some_and(|(at, ..)| *at <= horizon) {
                self.before.pop_front();
            }
            self.before.push_back((at, id, old));
        }
    }

    /// The live records as search sees them: without the changes of the last `lag` milliseconds.
    pub(crate) fn searchable(&self, now: Timestamp, lag_ms: u64) -> impl Iterator<Item = &Record> {
        let horizon = horizon(now, lag_ms);
        let mut hidden: BTreeMap<u64, Option<&Record>> = BTreeMap::new();
        for (_, id, old) in self.before.iter().filter(|(at, ..)| *at > horizon) {
            hidden.entry(*id).or_insert(old.as_ref());
        }
        let seen = move |(id, record)| match hidden.get(id) {
            Some(old) => *old,
            None => Some(record),
        };
        self.records.iter().filter_map(seen).filter(|record| record.is_live())
    }
}

fn horizon(now: Timestamp, lag_ms: u64) -> Timestamp {
    let lag = SignedDuration::from_millis(i64::try_from(lag_ms).unwrap_or(i64::MAX / 4));
    now.checked_sub(lag).unwrap_or(Timestamp::MIN)
}
