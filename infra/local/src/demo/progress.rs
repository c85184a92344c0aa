//! A progress bar per object type while the first sync goes on.

use std::future::Future;
use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use app::App;
use domain::{ObjectType, PortalId};
use futures::future::{Either, select};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::pretend::PORTAL;

/// How often the bars look, in real time.
const LOOK: Duration = Duration::from_millis(80);

/// The bars; hidden unless standard error is a terminal.
pub(super) struct Bars<'a> {
    app: &'a App,
    bars: Vec<(ObjectType, ProgressBar)>,
    visible: bool,
}

impl<'a> Bars<'a> {
    pub(super) fn new(app: &'a App, json: bool) -> Self {
        let visible = std::io::stderr().is_terminal() && !json;
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let all = MultiProgress::with_draw_target(target);
        let style = ProgressStyle::with_template("  {prefix:10} {bar:40} {pos:>6}/{len:6} pages  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = |object: ObjectType| {
            // Of one page, so that the bar is empty until the pages are known.
            let bar = all.add(ProgressBar::new(1)).with_style(style.clone()).with_prefix(object.as_str());
            bar.set_message("waiting");
            (object, bar)
        };
        Self { app, bars: ObjectType::POLLED.into_iter().map(bar).collect(), visible }
    }

    /// Shows how far the runs are while `work` goes on.
    pub(super) async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let showing = async {
            let mut beat = tokio::time::interval(LOOK);
            loop {
                beat.tick().await;
                self.show().await;
            }
        };
        futures::pin_mut!(work, showing);
        let output = match select(work, showing).await {
            Either::Left((output, _)) => output,
            Either::Right((never, _)) => never,
        };
        self.show().await;
        self.bars.iter().for_each(|(_, bar)| bar.finish());
        if self.visible {
            // The bars leave the cursor behind the last of them.
            drop(writeln!(std::io::stderr()));
        }
        output
    }

    async fn show(&self) {
        for (object, bar) in &self.bars {
            let Ok(report) = self.app.store.run_report(PortalId(PORTAL), *object).await else { continue };
            let Some(pages) = report.progress.pages else {
                // The first pages may be written while Kleer is still being read.
                let reading = || format!("reading Kleer, {} created so far", report.counts.created);
                bar.set_message(report.interrupted.clone().unwrap_or_else(reading));
                continue;
            };
            bar.set_message(format!("{} created, {} updated", report.counts.created, report.counts.updated));
            // A run without pages has done all there was to do.
            bar.set_length(pages.max(1));
            bar.set_position(if pages == 0 { 1 } else { report.progress.done });
        }
    }
}
