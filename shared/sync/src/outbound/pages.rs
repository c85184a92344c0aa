//! A plan is cut into pages: at most 300 changes each, and no longer than a message may be.

use domain::{Change, RunId};
use queue::{BODY_LIMIT, Page};

/// The most changes in a page: three HubSpot batches. A worker gets ten pages at a time and has to wait for the last of them
/// before it gets more; with one batch a page, six in flight and half a second a call it stands still too often to keep
/// the pace of nine calls a second (measured: 1.37 times the time that the pace allows, against 1.1 with three).
const PAGE_LIMIT: usize = 3 * hubspot::BATCH_LIMIT;

/// Cuts changes into pages in their order.
pub(super) fn cut(run: &RunId, hubspot_object: &str, object: domain::ObjectType, changes: Vec<Change>) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let mut room = 0;
    for change in changes {
        let length = length(&change);
        let full = pages.last().is_none_or(|page| page.changes.len() == PAGE_LIMIT || room < length);
        if full {
            pages.push(Page {
                object,
                run: run.clone(),
                number: pages.len() as u64,
                hubspot_object: hubspot_object.to_owned(),
                changes: Vec::new(),
            });
            room = BODY_LIMIT - 1_000;
        }
        room = room.saturating_sub(length);
        if let Some(page) = pages.last_mut() {
            page.changes.push(change);
        }
    }
    pages
}

/// An upper bound of a change's length in a message; JSON may write one byte as six.
fn length(change: &Change) -> usize {
    200 + change.properties.iter().map(|(name, value)| name.len() + escaped(value) + 8).sum::<usize>()
}

fn escaped(text: &str) -> usize {
    text.bytes().map(|byte| if byte < 0x20 { 6 } else { 1 + usize::from(matches!(byte, b'"' | b'\\')) }).sum()
}

#[cfg(test)]
mod tests;
