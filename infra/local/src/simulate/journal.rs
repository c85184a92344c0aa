//! What happened in a run, in order, each line with the records that it is about: what a failing seed tells as its story.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

/// The most lines of a story; what is left out is counted.
const LONGEST: usize = 60;

/// A record, as stories name it: `4242 client 1004` in Kleer, `4242 companies 9001` in HubSpot.
pub(super) type Tag = String;

/// The name of a record of a portal.
pub(super) fn tag(portal: impl std::fmt::Display, kind: &str, id: impl std::fmt::Display) -> Tag {
    format!("{portal} {kind} {id}")
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub(super) struct Line {
    at: Timestamp,
    text: String,
    /// The records that it is about; none if it is about everything, as a fault is.
    tags: Vec<Tag>,
}

/// The list of what happened.
#[derive(Debug, Default)]
pub(super) struct Journal {
    lines: RefCell<Vec<Line>>,
    counts: RefCell<BTreeMap<String, u64>>,
}

impl Journal {
    /// Notes something, and counts it under its name.
    pub(super) fn note(&self, at: Timestamp, name: &str, text: impl Into<String>, tags: Vec<Tag>) {
        *self.counts.borrow_mut().entry(name.to_owned()).or_default() += 1;
        self.lines.borrow_mut().push(Line { at, text: format!("{name}: {}", text.into()), tags });
    }

    /// How often what happened.
    pub(super) fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.borrow().clone()
    }

    /// What happened to some records and to those that were named together with them, and what happened to everything meanwhile.
    pub(super) fn story(&self, tags: &[Tag]) -> Vec<String> {
        let lines = self.lines.borrow();
        // Records that were named together with one of them belong to the story: a merge, a row's parent.
        let mut known: BTreeSet<&str> = tags.iter().map(String::as_str).collect();
        for line in lines.iter().filter(|line| line.tags.len() < 4) {
            if line.tags.iter().any(|tag| tags.contains(tag)) {
                known.extend(line.tags.iter().map(String::as_str));
            }
        }
        let about = |line: &Line| line.tags.iter().any(|tag| known.contains(tag.as_str()));
        let portal = tags.first().and_then(|tag| tag.split(' ').next()).unwrap_or_default();
        let elsewhere = |line: &Line| line.text.contains("portal ") && !line.text.contains(&format!("portal {portal}"));
        let told = |line: &&Line| about(line) || (line.tags.is_empty() && !elsewhere(line) && !tags.is_empty());
        let chosen: Vec<String> =
            lines.iter().filter(told).map(|line| format!("{:.3} {}", line.at, line.text)).collect();
        let surplus = chosen.len().saturating_sub(LONGEST);
        let mut story: Vec<String> = chosen.into_iter().skip(surplus).collect();
        if surplus > 0 {
            story.insert(0, format!("({surplus} earlier lines are left out)"));
        }
        story
    }

    /// Everything, for `--log`.
    pub(super) fn all(&self) -> Vec<String> {
        self.lines.borrow().iter().map(|line| format!("{:.3} {}", line.at, line.text)).collect()
    }
}
