//! `cargo local bench`: figures with their targets, measured side by side in one process.

mod backlog;
mod cold_start;
mod first_sync;
mod no_change;
mod tick;
mod webhooks;
mod whole_portal;

use comfy_table::{Table, presets::UTF8_HORIZONTAL_ONLY};
use serde::Serialize;

use crate::demo::DemoError;
use crate::output;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// The first sync of 10,000 clients, and of a portal with something of everything, against the time that the rate limit
    /// alone allows
    FirstSync,
    /// A poll of 100,000 unchanged clients against parsing their JSON
    NoChange,
    /// How fast a built function is there, beside one that does nothing
    ColdStart,
    /// Whether a tick fans out in its minute
    Tick,
    /// How long one portal's backlog holds up another portal's change
    Backlog,
    /// How fast HubSpot gets its answer when it says much
    Webhooks,
    /// Everything
    All,
}

/// One measured figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// What came out, with its unit.
    pub measured: String,
    /// What it must be.
    pub target: String,
    /// Whether it is.
    pub met: bool,
}

/// Measures a poll over a prepared folder and prints the figures for the benchmark that asked.
///
/// # Errors
/// If the folder is not a prepared one.
pub async fn measure_poll(folder: &std::path::Path) -> Result<bool, DemoError> {
    output::machine(&no_change::measure_poll(folder).await?);
    Ok(true)
}

/// Measures, prints a table, and answers whether all targets were met.
///
/// # Errors
/// If the demo world cannot be set up.
pub async fn run(what: What, portals: u32, json: bool) -> Result<bool, Box<dyn std::error::Error>> {
    let mut figures = Vec::new();
    if matches!(what, What::FirstSync | What::All) {
        output::say(
            json,
            "first sync: 10,000 clients, then a whole portal, through the enforced limit and realistic latency…",
        );
        figures.extend(first_sync::measure().await?);
    }
    if matches!(what, What::NoChange | What::All) {
        output::say(json, "no change: a poll of 100,000 clients that finds nothing to do…");
        figures.extend(no_change::measure().await?);
    }
    if matches!(what, What::Tick | What::All) {
        output::say(json, "tick: one minute of very many portals…");
        figures
            .extend(crate::cost::on_its_own_thread(|| tick::measure(i64::from(portals))).map_err(|e| e.to_string())?);
    }
    if matches!(what, What::Backlog | What::All) {
        output::say(json, "backlog: one portal's 100,000 changes beside another portal's one…");
        figures.extend(crate::cost::on_its_own_thread(backlog::measure).map_err(|e| e.to_string())?);
    }
    if matches!(what, What::Webhooks | What::All) {
        output::say(json, "webhooks: 150 requests a second with 100 events each, for 20 seconds…");
        figures.extend(webhooks::measure().await?);
    }
    if matches!(what, What::ColdStart | What::All) {
        output::say(
            json,
            "cold start: the functions as they are deployed; building them takes some minutes the first time…",
        );
        figures.extend(cold_start::measure().await?);
    }
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(["", "measured", "target", ""]);
    for Figure { name, measured, target, met } in &figures {
        table.add_row([*name, measured, target, if *met { "met" } else { "MISSED" }]);
    }
    output::say(json, &table.to_string());
    if json {
        output::machine(&figures);
    }
    Ok(figures.iter().all(|figure| figure.met))
}
