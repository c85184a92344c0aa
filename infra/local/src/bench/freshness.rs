//! How long a change takes to the other side, among a thousand portals on one schedule, while one of them is being filled. Simulated
//! time: Kleer answers after 500 ms, HubSpot after 100 ms and a batch after 300 ms and 2 ms per record; as many batches are worked
//! on at once as the template allows.

mod crowd;

use std::pin::pin;
use std::time::Duration;

use app::App;
use domain::schedule;
use futures::future::{self, Either, select};
use jiff::Timestamp;
use queue::QueueName;
use rest::Clock;

use super::{Figure, of_limit};
use crate::demo::DemoError;
use crate::worker;
use crowd::{Crowd, Edit, Kind};

/// The sizes of the benchmark.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    /// All portals, with the one that is filled.
    portals: i64,
    /// Clients of the one that is filled.
    backlog: u32,
    /// Edits of each kind.
    edits: usize,
    /// In which edits are made; the one is still being filled at the end of it.
    editing: Duration,
}

/// The first sync of 100,000 clients takes 111 s at nine writes a second.
const SIZES: Sizes = Sizes { portals: 1_000, backlog: 100_000, edits: 150, editing: Duration::from_secs(90) };
/// Clients and projects of every other portal.
const CLIENTS: usize = 20;
const PROJECTS: usize = 5;
/// The first syncs of the others are over by then.
const SETTLED: Duration = Duration::from_secs(10 * 60);
/// An edit that is not there by then never comes.
const LATEST: Duration = Duration::from_secs(15 * 60);
/// How often it is looked whether an edit has come: what is measured may be this much too long.
const GLANCE: Duration = Duration::from_millis(250);
/// HubSpot's own wait before it tells of a change is not ours to measure; it is asked this often whether it has something to say.
const PUMP: Duration = Duration::from_millis(100);
/// Batches worked on at once: `PollConcurrency` and `SyncConcurrency` of the template.
const BATCHES: usize = 200;
const MINUTE: Duration = Duration::from_secs(60);

/// Measures.
pub(super) fn measure() -> Result<Vec<Figure>, DemoError> {
    figures(SIZES)
}

fn figures(sizes: Sizes) -> Result<Vec<Figure>, DemoError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap_or_default());
    clock.run(async {
        let crowd = Crowd::gather(sizes.portals, sizes.backlog, &clock).await?;
        let app = &crowd.machine.app;
        let living = future::join(worker::run_wide(app, MINUTE, BATCHES, future::pending()), pump(&crowd));
        match select(pin!(watch(&crowd, sizes)), pin!(living)).await {
            Either::Left((figures, _)) => figures,
            Either::Right(_) => unreachable!("the worker goes on for ever"),
        }
    })
}

/// Carries what HubSpot has to say.
async fn pump(crowd: &Crowd) {
    let app = &crowd.machine.app;
    loop {
        crowd.pretend.deliver(app).await;
        app.clock.sleep(PUMP).await;
    }
}

/// Lets the others settle, begins to fill the one, makes the edits and waits for all of them.
async fn watch(crowd: &Crowd, sizes: Sizes) -> Result<Vec<Figure>, DemoError> {
    let app = &crowd.machine.app;
    app.clock.sleep(SETTLED).await;
    crowd.fill_one().await?;
    until(app, || app.queue.depth(QueueName::Sync) > 0).await;
    let begin = app.clock.now();
    let mut to_come = crowd.edits(sizes.edits, begin, sizes.editing);
    let mut under_way: Vec<Edit> = Vec::new();
    let mut took: Vec<(Kind, Duration)> = Vec::new();
    let mut waiting_at_end = None;
    let latest = schedule::later(begin, LATEST);
    while !(to_come.is_empty() && under_way.is_empty()) && app.clock.now() < latest {
        let now = app.clock.now();
        while to_come.last().is_some_and(|edit| edit.at <= now) {
            under_way.extend(to_come.pop().map(|edit| crowd.make(edit, now)));
        }
        if to_come.is_empty() {
            waiting_at_end.get_or_insert_with(|| app.queue.depth(QueueName::Sync));
        }
        under_way.retain(|edit| {
            let there = crowd.has_come(edit);
            if there {
                took.push((edit.kind, span(edit.at, now)));
            }
            !there
        });
        app.clock.sleep(GLANCE).await;
    }
    // Otherwise the one was full before the edits were made.
    let filling = waiting_at_end.is_some_and(|pages| pages > 0);
    Ok(Kind::ALL.into_iter().map(|kind| figure(kind, &took, sizes, filling)).collect())
}

fn figure(kind: Kind, took: &[(Kind, Duration)], sizes: Sizes, filling: bool) -> Figure {
    let mut took: Vec<Duration> = took.iter().filter(|(of, _)| *of == kind).map(|(_, took)| *took).collect();
    took.sort_unstable();
    let arrived = took.len();
    let at =
        |percent: usize| took.get((arrived * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default();
    let Sizes { portals, backlog, edits, .. } = sizes;
    Figure {
        name: kind.name(),
        measured: format!(
            "{:.1} s (half within {:.1} s, all within {:.1} s; {arrived} of {edits} edits; {portals} portals of {CLIENTS} clients and {PROJECTS} projects, one being filled with {backlog}{})",
            at(95).as_secs_f32(),
            at(50).as_secs_f32(),
            at(100).as_secs_f32(),
            if filling { "" } else { ", but filled too early" },
        ),
        target: format!("at most {} s", kind.target().as_secs()),
        of_limit: of_limit(at(95).as_millis(), kind.target().as_millis()),
        met: filling && arrived == edits && at(95) <= kind.target(),
    }
}

async fn until(app: &App, there: impl Fn() -> bool) {
    let latest = schedule::later(app.clock.now(), LATEST);
    while !there() && app.clock.now() < latest {
        app.clock.sleep(GLANCE).await;
    }
}

fn span(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_reach_the_other_side_in_time() {
        let sizes = Sizes { portals: 6, backlog: 9_000, edits: 4, editing: Duration::from_secs(5) };
        let figures = crate::cost::on_its_own_thread(|| figures(sizes)).unwrap();
        assert!(figures.iter().all(|figure| figure.met), "{figures:?}");
    }
}
