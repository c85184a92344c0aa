//! A plan is cut into pages: at most 300 changes each, and no longer than a message may be.

use domain::{Change, ChangeKind, Content, Properties, Reference, RunId};
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

/// Cuts changes into pages in their order; those that write nothing to HubSpot come last, so that the others fill batches.
pub(super) fn cut(cut: &Cut<'_>, mut changes: Vec<Change>) -> Vec<Page> {
    changes.sort_by_key(|change| matches!(change.kind, ChangeKind::Exclude(_)));
    let mut pages = Vec::new();
    let mut page: Vec<(Change, usize)> = Vec::new();
    let mut used = 0;
    for change in changes {
        let length = length(&change);
        // What is put off may be too long as well, so this looks again.
        while !page.is_empty() && (page.len() == PAGE_LIMIT || used + length > BODY_LIMIT - PAGE_OVERHEAD) {
            // A page that is cut short for its length ends where a batch ends.
            let rest = page.split_off(whole_batches(page.len()));
            used = rest.iter().map(|(_, length)| length).sum();
            pages.push(std::mem::replace(&mut page, rest));
        }
        used += length;
        page.push((change, length));
    }
    if !page.is_empty() {
        pages.push(page);
    }
    let number = |(number, changes): (usize, Vec<(Change, usize)>)| Page {
        object: cut.object,
        run: cut.run.clone(),
        number: number as u64,
        hubspot_object: cut.hubspot_object.to_owned(),
        line_object: cut.line_object.to_owned(),
        key: cut.key.to_owned(),
        line_key: cut.line_key.to_owned(),
        changes: changes.into_iter().map(|(change, _)| change).collect(),
    };
    pages.into_iter().enumerate().map(number).collect()
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
