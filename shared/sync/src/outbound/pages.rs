//! A plan is cut into pages: at most 300 changes each, and no longer than a message may be.

use domain::{Change, Content, Properties, Reference, RunId};
use queue::{BODY_LIMIT, Page};

/// The most changes in a page: three HubSpot batches. A worker gets ten pages at a time and has to wait for the last of them
/// before it gets more; with one batch a page, six in flight and half a second a call it stands still too often to keep
/// the pace of nine calls a second (measured: 1.37 times the time that the pace allows, against 1.1 with three).
const PAGE_LIMIT: usize = 3 * hubspot::BATCH_LIMIT;
/// What a page holds besides its changes.
const PAGE_OVERHEAD: usize = 1_000;

/// What all pages of a run have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut<'a> {
    pub(super) run: &'a RunId,
    pub(super) object: domain::ObjectType,
    pub(super) hubspot_object: &'a str,
    pub(super) line_object: &'a str,
    pub(super) key: &'a str,
    pub(super) line_key: &'a str,
}

/// Changes on their way into pages, in their order; those that write nothing to HubSpot come last, so that the others fill
/// batches.
#[derive(Debug)]
pub(super) struct Pages<'a> {
    cut: Cut<'a>,
    /// How many pages were cut off.
    count: u64,
    page: Vec<(Change, usize)>,
    length: usize,
    /// Those that write nothing.
    silent: Vec<Change>,
}

impl<'a> Pages<'a> {
    /// No page yet.
    pub(super) fn new(cut: Cut<'a>) -> Self {
        Self { cut, count: 0, page: Vec::new(), length: 0, silent: Vec::new() }
    }

    /// Whether there is nothing to write or to remember.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0 && self.page.is_empty() && self.silent.is_empty()
    }

    /// How many pages there are so far.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Takes changes; answers the pages that are full.
    pub(super) fn add(&mut self, changes: Vec<Change>) -> Vec<Page> {
        let mut full = Vec::new();
        for change in changes {
            if !change.kind.writes() {
                self.silent.push(change);
            } else {
                self.push(change, &mut full);
            }
        }
        full
    }

    /// The pages that are left.
    pub(super) fn finish(&mut self) -> Vec<Page> {
        let mut last = Vec::new();
        for change in std::mem::take(&mut self.silent) {
            self.push(change, &mut last);
        }
        if !self.page.is_empty() {
            let rest = std::mem::take(&mut self.page);
            last.push(self.numbered(rest));
        }
        last
    }

    fn push(&mut self, change: Change, full: &mut Vec<Page>) {
        let length = length(&change);
        // What is put off may be too long as well, so this looks again.
        while !self.page.is_empty()
            && (self.page.len() == PAGE_LIMIT || self.length + length > BODY_LIMIT - PAGE_OVERHEAD)
        {
            // A page that is cut short for its length ends where a batch ends.
            let rest = self.page.split_off(whole_batches(self.page.len()));
            self.length = rest.iter().map(|(_, length)| length).sum();
            let page = std::mem::replace(&mut self.page, rest);
            full.push(self.numbered(page));
        }
        self.length += length;
        self.page.push((change, length));
    }

    fn numbered(&mut self, changes: Vec<(Change, usize)>) -> Page {
        let number = self.count;
        self.count += 1;
        let Cut { run, object, hubspot_object, line_object, key, line_key } = self.cut;
        Page {
            object,
            run: run.clone(),
            number,
            hubspot_object: hubspot_object.to_owned(),
            line_object: line_object.to_owned(),
            key: key.to_owned(),
            line_key: line_key.to_owned(),
            changes: changes.into_iter().map(|(change, _)| change).collect(),
        }
    }
}

/// So many of the changes as fill batches, if they fill any.
fn whole_batches(count: usize) -> usize {
    if count > hubspot::BATCH_LIMIT { count - count % hubspot::BATCH_LIMIT } else { count }
}

/// An upper bound of a change's length in a message; JSON may write one byte as six.
fn length(change: &Change) -> usize {
    let Content { properties, rows, targets, stage, number, .. } = &change.content;
    let stage = stage.as_ref().map_or(0, |stage| 80 + stage.pipeline.len() + stage.stage.len());
    let rows: usize = rows.iter().map(|row| 80 + row.key.len() + texts(&row.properties)).sum();
    let named = targets.iter().filter_map(|target| match &target.reference {
        Reference::Number(number) => Some(number.len()),
        Reference::Id(_) => None,
    });
    let numbers: usize = named.chain(number.as_ref().map(String::len)).sum();
    200 + texts(properties) + rows + 120 * targets.len() + stage + 6 * numbers
}

fn texts(properties: &Properties) -> usize {
    properties.iter().map(|(name, _)| name.len() + 8).sum::<usize>() + properties.escaped_length()
}

#[cfg(test)]
mod tests;
