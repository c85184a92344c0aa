//! What the demo does after its first sync: it says what it changes, and keeps its clock for the next start.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::PortalId;
use jiff::Timestamp;
use rest::Clock;

use super::Stage;
use crate::activity::Told;
use crate::output;
use crate::pretend::PORTAL;

/// The demo's time runs ahead of the real one. With a data folder it goes on where it stopped, or everything stored would
/// lie in the future.
#[derive(Debug)]
pub(super) struct KeptClock(Option<PathBuf>);

impl KeptClock {
    /// Turns the clock to where the folder says that it was.
    pub(super) fn resume(clock: &Clock, folder: Option<&Path>) -> Self {
        let file = folder.map(|folder| folder.join("clock"));
        let text = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
        if let Ok(kept) = text.trim().parse::<Timestamp>() {
            let behind = kept.duration_since(clock.now());
            clock.skip(Duration::try_from(behind).unwrap_or_default());
        }
        Self(file)
    }

    /// Notes a moment that the clock is about to reach.
    fn keep(&self, moment: Timestamp) {
        if let Some(file) = &self.0 {
            let draft = file.with_extension("new");
            let parent = file.parent().map_or(Ok(()), std::fs::create_dir_all);
            let written = parent.and_then(|()| std::fs::write(&draft, moment.to_string()));
            // A clock that could not be kept only makes the next start wait a little.
            drop(written.and_then(|()| std::fs::rename(draft, file)));
        }
    }

    /// Skips ahead to a moment.
    pub(super) fn skip_to(&self, clock: &Clock, moment: Timestamp) {
        self.skip(clock, Duration::try_from(moment.duration_since(clock.now())).unwrap_or_default());
    }

    /// Skips ahead.
    pub(super) fn skip(&self, clock: &Clock, pause: Duration) {
        // Noted before the jump, and a little more, so that a process killed here wakes up later and never earlier.
        self.keep(domain::schedule::later(clock.now(), pause + Duration::from_secs(60)));
        clock.skip(pause);
    }
}

/// Says what is written to HubSpot, what happens besides, and what is wrong, for ever.
pub(super) async fn watch(stage: &Stage, kept: &KeptClock, json: bool) {
    let app = &stage.machine.app;
    let mut shown = app.written.count();
    let mut told = BTreeSet::new();
    let mut activities = Told::from_now(app, PortalId(PORTAL));
    loop {
        app.clock.sleep(Duration::from_secs(2)).await;
        kept.keep(domain::schedule::later(app.clock.now(), Duration::from_secs(60)));
        for written in app.written.since(shown) {
            output::say(json, &format!("  {written}"));
        }
        shown = app.written.count();
        for line in activities.news(app).await {
            output::say(json, &format!("  {line}"));
        }
        for problem in problems(stage).await.unwrap_or_default() {
            if told.insert(problem.clone()) {
                output::say(json, &format!("  {problem}"));
            }
        }
    }
}

/// What is wrong at the moment.
async fn problems(stage: &Stage) -> Result<Vec<String>, store::Error> {
    let mut told = Vec::new();
    for object in domain::ObjectType::POLLED {
        let report = stage.machine.app.store.run_report(PortalId(PORTAL), object).await?;
        told.extend(report.interrupted.map(|reason| format!("{object}: {reason}")));
        let problems = stage.machine.app.store.problems(PortalId(PORTAL), object).await?;
        let link = |problem: &domain::Problem| problem.link.as_ref().map(|link| format!(" {link}")).unwrap_or_default();
        told.extend(
            problems.iter().map(|problem| format!("{object}: {} {}{}", problem.message, problem.remedy, link(problem))),
        );
    }
    Ok(told)
}
