//! The records of one kind in one company, by id.

use std::collections::BTreeMap;

use super::document::{Document, parse};

/// The first id of every kind. Kinds share their numbers on purpose: whoever takes a product's id for a client's
/// shall be found out.
const FIRST_ID: i64 = 1_004;

/// One record: its document as JSON text, and what is looked up often.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    text: Box<str>,
    foreign_id: Box<str>,
}

impl Record {
    /// Keeps a document.
    pub(crate) fn new(text: String, foreign_id: &str) -> Record {
        Record { text: text.into_boxed_str(), foreign_id: foreign_id.into() }
    }

    /// The document as JSON text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether a member stands in the document, `"deleted":true`: quotes within texts are escaped, so looking at the
    /// text is enough.
    pub(crate) fn says(&self, member: &str) -> bool {
        self.text.contains(member)
    }

    /// The document, parsed.
    pub(crate) fn document(&self) -> Document {
        parse(&self.text)
    }
}

/// The records of one kind in one company. Ids grow, with gaps, and are never given twice.
#[derive(Clone, Debug)]
pub(crate) struct Records {
    by_id: BTreeMap<i64, Record>,
    next_id: i64,
}

impl Default for Records {
    fn default() -> Records {
        Records { by_id: BTreeMap::new(), next_id: FIRST_ID }
    }
}

impl Records {
    /// The id that the next record will get.
    pub(crate) fn next_id(&self) -> i64 {
        self.next_id
    }

    /// Keeps a record under `id`, new or old.
    pub(crate) fn put(&mut self, id: i64, record: Record) {
        // Gaps of 0 to 3: as if other companies' records lay between.
        self.next_id = self.next_id.max(id + 1 + id * 7 / 4 % 4);
        self.by_id.insert(id, record);
    }

    /// Finds a record.
    pub(crate) fn get(&self, id: i64) -> Option<&Record> {
        self.by_id.get(&id)
    }

    /// Takes a record out; whether it was there.
    pub(crate) fn remove(&mut self, id: i64) -> bool {
        self.by_id.remove(&id).is_some()
    }

    /// The first record with this foreign id, unless it is empty.
    pub(crate) fn by_foreign_id(&self, foreign_id: &str) -> Option<(i64, &Record)> {
        let found = self.by_id.iter().find(|(_, record)| &*record.foreign_id == foreign_id);
        found.filter(|_| !foreign_id.is_empty()).map(|(id, record)| (*id, record))
    }

    /// All records, by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, &Record)> {
        self.by_id.iter().map(|(id, record)| (*id, record))
    }

    /// How long all documents are together.
    pub(crate) fn text_bytes(&self) -> usize {
        self.by_id.values().map(|record| record.text.len()).sum()
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }
}
