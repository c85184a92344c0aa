//! The activity list, told as it grows.

use app::App;
use domain::{Activity, PortalId};
use jiff::Timestamp;

/// More lines than come between two looks.
const LINES: u16 = 100;

/// Which lines of a portal were told.
#[derive(Debug)]
pub(crate) struct Told {
    portal: PortalId,
    /// What is older was told by another process.
    begun: Timestamp,
    last: Vec<Activity>,
}

impl Told {
    /// Tells what happens from now on.
    pub(crate) fn from_now(app: &App, portal: PortalId) -> Self {
        Self { portal, begun: app.clock.now(), last: Vec::new() }
    }

    /// The lines that are new since the last look, the oldest first.
    pub(crate) async fn news(&mut self, app: &App) -> Vec<String> {
        let Ok(found) = app.store.activities(self.portal, LINES, None).await else { return Vec::new() };
        let new = |line: &&Activity| line.at >= self.begun && !self.last.contains(*line);
        let news = found.lines.iter().rev().filter(new).map(|line| line.message.clone()).collect();
        self.last = found.lines;
        news
    }
}
