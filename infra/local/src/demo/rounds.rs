//! Runs until everything is in sync. Time in which nothing can be done is skipped.

use std::collections::BTreeMap;
use std::time::Duration;

use app::App;
use domain::{Counts, ObjectType, PortalId, SyncReport, schedule};
use jiff::Timestamp;

use super::DemoError;
use super::changes::KeptClock;
use crate::pretend::{PORTAL, Pretend};
use crate::worker;

/// A demo that is not in sync after so many rounds has records that cannot be: their problems are told.
const ROUNDS: u32 = 60;
/// Rounds in which records were refused, before they are taken to be refused for good.
const REFUSALS: u32 = 6;
/// Rounds in which records waited for others, before those are taken never to come.
const WAITS: u32 = 30;

/// What became of every type's records, when all that can be is in HubSpot.
pub(super) async fn until_in_sync(
    app: &App,
    kept: &KeptClock,
    carried: Option<&Pretend>,
) -> Result<BTreeMap<ObjectType, Counts>, DemoError> {
    let begun = app.clock.now();
    let mut totals: BTreeMap<(ObjectType, Part), Totals> = BTreeMap::new();
    let mut refusals = 0;
    let mut waits = 0;
    for _ in 0..ROUNDS {
        worker::tick(app).await?;
        settle(app, kept, carried).await?;
        let mut quiet = true;
        let mut refused = false;
        // What waits for another record is complete some rounds later.
        let mut waiting = false;
        for object in ObjectType::POLLED {
            let report = app.store.run_report(PortalId(PORTAL), object).await?;
            quiet &= finished_since(&report, begun);
            refused |= report.counts.failed > 0;
            waiting |= report.counts.waiting > 0;
            totals.entry((object, Part::Records)).or_default().count(&report, report.counts);
            totals.entry((object, Part::Rows)).or_default().count(&report, report.line_items);
        }
        refusals += u32::from(refused);
        waits += u32::from(waiting);
        if quiet && (!refused || refusals > REFUSALS) && (!waiting || waits > WAITS) {
            break;
        }
        skip_to_next(app, kept).await?;
    }
    let mut counts: BTreeMap<ObjectType, Counts> = BTreeMap::new();
    for ((object, part), totals) in totals {
        // Rows of invoices and of agreements are line items alike.
        let object = if part == Part::Rows { ObjectType::LineItem } else { object };
        counts.entry(object).or_default().add(&totals.counts());
    }
    Ok(counts)
}

/// What of a run is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Records,
    Rows,
}

/// One more run of every type, to its end.
pub(super) async fn once_more(app: &App, kept: &KeptClock, carried: Option<&Pretend>) -> Result<(), DemoError> {
    // So that the new slots are later than the old ones, which name their messages.
    kept.skip(&app.clock, Duration::from_secs(1));
    let begun = app.clock.now();
    for object in ObjectType::POLLED {
        app.store.bring_forward(PortalId(PORTAL), object, begun).await?;
    }
    for _ in 0..ROUNDS {
        worker::tick(app).await?;
        settle(app, kept, carried).await?;
        let mut quiet = true;
        for object in ObjectType::POLLED {
            quiet &= finished_since(&app.store.run_report(PortalId(PORTAL), object).await?, begun);
        }
        if quiet {
            break;
        }
        skip_to_next(app, kept).await?;
    }
    Ok(())
}

/// Works until the queues are empty, skipping the pauses of messages that were put back. What HubSpot has to say meanwhile is
/// carried to the app, unless it sends by itself.
async fn settle(app: &App, kept: &KeptClock, carried: Option<&Pretend>) -> Result<(), DemoError> {
    loop {
        worker::work(app).await?;
        if let Some(pretend) = carried
            && pretend.deliver(app).await > 0
        {
            continue;
        }
        let Some(next) = worker::next_message(app) else { return Ok(()) };
        kept.skip_to(&app.clock, next);
    }
}

async fn skip_to_next(app: &App, kept: &KeptClock) -> Result<(), DemoError> {
    let mut next: Option<Timestamp> = None;
    for object in ObjectType::POLLED {
        let due = app.store.next_due(PortalId(PORTAL), object).await?;
        next = next.into_iter().chain(due.map(|due| schedule::queued_at(PortalId(PORTAL), due, app.clock.now()))).min();
    }
    if let Some(next) = next {
        kept.skip_to(&app.clock, next);
    }
    Ok(())
}

fn finished_since(report: &SyncReport, begun: Timestamp) -> bool {
    report.started_at.is_some_and(|at| at >= begun) && report.finished_at.is_some()
}

/// Counts over several runs: what was written adds up, what stands is what the last run saw.
#[derive(Debug, Default)]
struct Totals {
    created: u64,
    updated: u64,
    last: Counts,
    seen: Option<(Option<Timestamp>, u64)>,
}

impl Totals {
    fn count(&mut self, report: &SyncReport, counts: Counts) {
        // The same run looked at twice counts once.
        let mark = (report.started_at, report.progress.done);
        if self.seen == Some(mark) {
            return;
        }
        let again = self.seen.is_some_and(|(started, _)| started == report.started_at);
        let before = if again { self.last } else { Counts::default() };
        self.created += counts.created.saturating_sub(before.created);
        self.updated += counts.updated.saturating_sub(before.updated);
        self.last = counts;
        self.seen = Some(mark);
    }

    fn counts(&self) -> Counts {
        let Self { created, updated, last, .. } = self;
        let others = created + updated + last.waiting + last.failed + last.excluded;
        Counts { created: *created, updated: *updated, unchanged: last.source.saturating_sub(others), ..*last }
    }
}
