//! `cargo local bench`: figures with their targets, measured side by side in one process.

mod actions;
mod backlog;
mod cold_start;
mod first_sync;
mod freshness;
mod no_change;
mod record;
mod tick;
mod webhooks;
mod whole_portal;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;

use crate::cost::{CostError, on_its_own_thread};
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
    /// How many deals at once become how many invoices
    Actions,
    /// How long a change takes to the other side among a thousand portals
    Freshness,
    /// What one more portal costs on AWS
    Cost,
    /// Everything
    All,
}

/// Columns of the table.
const WIDTH: u16 = 140;

/// One measured figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// What came out, with its unit.
    pub measured: String,
    /// What it must be.
    pub target: String,
    /// What was measured as a part of the limit, in hundredths; none where there is no limit but a number that must come out.
    pub of_limit: Option<u64>,
    /// Whether it is.
    pub met: bool,
}

/// A measured value as a part of its limit, in hundredths, rounded up; both in the same unit.
fn of_limit(measured: impl TryInto<u128>, limit: impl TryInto<u128>) -> Option<u64> {
    let (measured, limit) = (measured.try_into().ok()?, limit.try_into().ok()?);
    u64::try_from((measured * 100).div_ceil(limit.max(1))).ok()
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
    for one in What::EACH.into_iter().filter(|one| what == *one || what == What::All) {
        output::say(json, one.words());
        figures.extend(one.measure(portals).await?);
    }
    output::say(json, &table(&figures).to_string());
    if what == What::All {
        let file = record::write(&figures)?;
        output::say(json, &format!("also in {}", file.display()));
    }
    if json {
        output::machine(&figures);
    }
    Ok(figures.iter().all(|figure| figure.met))
}

impl What {
    /// Everything, what needs nothing else's memory first.
    const EACH: [Self; 9] = [
        Self::FirstSync,
        Self::NoChange,
        Self::Tick,
        Self::Backlog,
        Self::Webhooks,
        Self::Actions,
        Self::Cost,
        Self::Freshness,
        Self::ColdStart,
    ];

    const fn words(self) -> &'static str {
        match self {
            Self::FirstSync => {
                "first sync: 10,000 clients, then a whole portal, through the enforced limit and realistic latency…"
            }
            Self::NoChange => "no change: a poll of 100,000 clients that finds nothing to do…",
            Self::Tick => "tick: one minute of very many portals…",
            Self::Backlog => "backlog: one portal's 100,000 changes beside another portal's one…",
            Self::Webhooks => "webhooks: 150 requests a second with 100 events each, for 20 seconds…",
            Self::Actions => "actions: a thousand deals enrolled at once in two workflows, simulated…",
            Self::Cost => "cost: a day of one portal on AWS, counted…",
            Self::Freshness => "freshness: half an hour of a thousand portals, simulated; takes some minutes…",
            Self::ColdStart => {
                "cold start: the functions as they are deployed; building them takes some minutes the first time…"
            }
            Self::All => "",
        }
    }

    async fn measure(self, portals: u32) -> Result<Vec<Figure>, Box<dyn std::error::Error>> {
        let figures = match self {
            Self::FirstSync => {
                let mut figures = first_sync::measure().await?;
                figures.extend(simulated(|| whole_portal::pace().map(|figure| vec![figure]))?);
                figures
            }
            Self::NoChange => no_change::measure().await?,
            Self::Tick => simulated(|| tick::measure(i64::from(portals)))?,
            Self::Backlog => simulated(backlog::measure)?,
            Self::Webhooks => webhooks::measure().await?,
            Self::Actions => simulated(actions::measure)?,
            Self::Cost => simulated(|| cost().map(|figure| vec![figure]))?,
            Self::Freshness => simulated(freshness::measure)?,
            Self::ColdStart => cold_start::measure().await?,
            Self::All => Vec::new(),
        };
        Ok(figures)
    }
}

fn simulated<E: Into<CostError>>(
    measure: impl FnOnce() -> Result<Vec<Figure>, E> + Send,
) -> Result<Vec<Figure>, Box<dyn std::error::Error>> {
    let measured: Result<_, CostError> = on_its_own_thread(|| measure().map_err(Into::into));
    measured.map_err(|error| error as Box<dyn std::error::Error>)
}

fn cost() -> Result<Figure, CostError> {
    let (costs, target) = crate::cost::of_a_portal()?;
    let of_limit = (costs / target * Decimal::ONE_HUNDRED).ceil().to_u64();
    Ok(Figure {
        name: "cost of one more portal on AWS, a month",
        measured: format!("{} USD", costs.round_dp(4)),
        target: format!("at most {target} USD"),
        of_limit,
        met: costs <= target,
    })
}

fn table(figures: &[Figure]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    // Never as wide as the longest sentence.
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(WIDTH);
    table.set_header(["", "measured", "target", "of the limit", ""]);
    for Figure { name, measured, target, of_limit, met } in figures {
        let of_limit = of_limit.map_or_else(String::new, |part| format!("{}.{:02}", part / 100, part % 100));
        table.add_row([*name, measured, target, &of_limit, if *met { "met" } else { "MISSED" }]);
    }
    table
}
