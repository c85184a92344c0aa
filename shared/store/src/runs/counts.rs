//! How a run stands, in the attributes of its item.

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use domain::{Counts, ObjectType, Progress, RunId, SyncReport, Tally};

use crate::Error;
use crate::item::{Item, moment, n, number, text};

/// The attributes that the counts of a run are kept in: of its records and of their rows.
pub(super) const COUNTS: [&str; 14] = [
    "c_source",
    "c_created",
    "c_updated",
    "c_unchanged",
    "c_waiting",
    "c_failed",
    "c_excluded",
    "l_source",
    "l_created",
    "l_updated",
    "l_unchanged",
    "l_waiting",
    "l_failed",
    "l_excluded",
];

/// What an update adds that counts.
pub(super) fn added() -> String {
    COUNTS.map(|name| format!("{name} :{name}")).join(", ")
}

/// An update with the values of what it adds.
pub(super) fn with_counts(mut update: UpdateItemFluentBuilder, tally: &Tally) -> UpdateItemFluentBuilder {
    for (name, count) in COUNTS.iter().zip(values(tally)) {
        update = update.expression_attribute_values(format!(":{name}"), n(count));
    }
    update
}

/// The run an item is about. Its number is counted on when a run is interrupted, which makes the pages left of it stale.
pub(super) fn run_of(item: &Item) -> Option<RunId> {
    let number = item.get("run").and_then(|value| value.as_n().ok())?;
    Some(RunId(number.clone()))
}

/// How the run stands that an item is about.
pub(super) fn read_report(object: ObjectType, item: &Item) -> Result<SyncReport, Error> {
    let counts = |prefix: &str| {
        let count = |name: &str| number::<u64>(item, &format!("{prefix}_{name}")).map(Option::unwrap_or_default);
        Ok(Counts {
            source: count("source")?,
            created: count("created")?,
            updated: count("updated")?,
            unchanged: count("unchanged")?,
            waiting: count("waiting")?,
            failed: count("failed")?,
            excluded: count("excluded")?,
        })
    };
    let interrupted = text(item, "interrupted").map(str::to_owned);
    let done = item.get("done").and_then(|set| set.as_ns().ok()).map_or(0, Vec::len);
    Ok(SyncReport {
        object,
        run: run_of(item).filter(|_| interrupted.is_none()),
        started_at: moment(item, "started_at")?,
        finished_at: moment(item, "finished_at")?,
        progress: Progress { pages: number(item, "pages")?, done: done as u64 },
        counts: counts("c")?,
        line_items: counts("l")?,
        interrupted,
    })
}

fn values(tally: &Tally) -> impl Iterator<Item = u64> {
    let of = |counts: &Counts| {
        let Counts { source, created, updated, unchanged, waiting, failed, excluded } = *counts;
        [source, created, updated, unchanged, waiting, failed, excluded]
    };
    of(&tally.records).into_iter().chain(of(&tally.line_items))
}
