//! `cargo local cost`: what the system costs on AWS, from counted requests and list prices, and what is reached first as it grows.

mod edits;
mod growth;
mod memory;
mod meter;
mod portal;
mod processor;

use comfy_table::{Table, presets::ASCII_MARKDOWN};
use domain::ObjectType;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::output;
use crate::pretend::{More, Scene};
pub(crate) use memory::Memory;
use meter::Access;
use portal::Day;

/// List prices, dated.
const PRICES: &str = include_str!("../../../prices.json");
/// The portal that the target is about.
const CLIENTS: u32 = 1_000;
const PRODUCTS: u32 = 300;
const MORE: More = More { invoices: 5_000, agreements: 500, projects: 200 };
const RECORDS: [(ObjectType, u32); 5] = [
    (ObjectType::Client, CLIENTS),
    (ObjectType::Product, PRODUCTS),
    (ObjectType::Invoice, MORE.invoices),
    (ObjectType::Agreement, MORE.agreements),
    (ObjectType::Project, MORE.projects),
];
/// Of a hundred records of each type, so many change in a month.
const CHANGED: u32 = 5;
/// What such a portal may cost in a month, in hundredths of a USD, looks at HubSpot included (everything once a day, projects every
/// five minutes).
const TARGET: (i64, u32) = (15, 2);
/// Bytes.
const STACK: usize = 32 * 1024 * 1024;
/// Days of a month, in tenths.
const DAYS: (i64, u32) = (304, 1);
/// What nobody's number of portals changes: metrics of ours, and what an event source asks SQS while nothing waits: five pollers,
/// each asking every 20 s.
const METRICS: u32 = 35;
const IDLE_RECEIVES: u32 = 5 * 3 * 60 * 24 * 304 / 10;
const TICKS: u32 = 60 * 24 * 304 / 10;
/// A tick that finds nothing, in milliseconds.
const TICK_MILLIS: u32 = 150;

/// Anything that keeps the simulation from its end.
pub type CostError = Box<dyn std::error::Error + Send + Sync>;

/// Simulates, computes, prints. Answers whether a portal costs no more than it may.
///
/// # Errors
/// If the simulation fails.
pub fn run() -> Result<bool, CostError> {
    let prices: Value = serde_json::from_str(PRICES)?;
    let price = |name: &str| price_of(&prices, name);
    let memory = Memory::of_template()?;
    let day = one_day(memory)?;
    let rows = marginal(&day, &price)?;
    let fixed = fixed(memory, &price)?;
    let marginal = rows.iter().map(|(_, _, cost)| *cost).sum::<Decimal>();
    let mut table = markdown(["one portal, a month", "amount", "USD"]);
    let usd = |cost: Decimal| cost.round_dp(4).to_string();
    for (name, amount, cost) in &rows {
        table.add_row([(*name).to_owned(), amount.clone(), usd(*cost)]);
    }
    let target = Decimal::new(TARGET.0, TARGET.1);
    let verdict = format!("at most {target}: {}", if marginal <= target { "met" } else { "MISSED" });
    table.add_row(["together".to_owned(), verdict, usd(marginal)]);
    let described = RECORDS.map(|(object, of)| format!("{of} {object}s")).join(", ");
    output::say(
        false,
        &format!(
            "{described}; {CHANGED} % of each changed in a month; prices of {} in {}; {} requests to Kleer in a day:\n\n{table}\n",
            prices["as_of"].as_str().unwrap_or("?"),
            prices["region"].as_str().unwrap_or("?"),
            day.usage.kleer_requests,
        ),
    );
    output::say(false, &format!("the most of its units, a month:\n\n{}\n", most(&day, &price)?));
    output::say(false, &growth::table(&day.usage, marginal, fixed).to_string());
    let limits = growth::limits(&day.usage);
    output::say(false, &format!("\nreached first, on average; a tenth of it leaves room for peaks:\n\n{limits}"));
    Ok(marginal <= target)
}

/// What the portal of which *It must hold* speaks costs a month, and what it may cost, in USD.
pub(crate) fn of_a_portal() -> Result<(Decimal, Decimal), CostError> {
    let prices: Value = serde_json::from_str(PRICES)?;
    let day = one_day(Memory::of_template()?)?;
    let rows = marginal(&day, &|name: &str| price_of(&prices, name))?;
    Ok((rows.iter().map(|(_, _, cost)| *cost).sum(), Decimal::new(TARGET.0, TARGET.1)))
}

fn one_day(memory: Memory) -> Result<Day, CostError> {
    let scene = Scene { latency: true, more: MORE, ..Scene::of(CLIENTS, PRODUCTS) };
    let edits = edits::of_a_day(&RECORDS, CHANGED);
    on_its_own_thread(|| portal::a_day(&scene, &edits, memory))
}

fn price_of(prices: &Value, name: &str) -> Result<Decimal, CostError> {
    Ok(prices[name].as_str().ok_or_else(|| format!("infra/prices.json lacks {name}"))?.parse()?)
}

/// Simulated time runs in one poll of one future, and on a thread of tokio's such a poll is interrupted for ever before long.
pub(crate) fn on_its_own_thread<T: Send>(simulate: impl FnOnce() -> T + Send) -> T {
    // Futures of a build without optimizations are large.
    let thread = std::thread::Builder::new().stack_size(STACK);
    let ended = std::thread::scope(|scope| {
        let running = thread.spawn_scoped(scope, simulate).expect("a process that just started can start a thread");
        running.join()
    });
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn markdown<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(header);
    table
}

type Row = (&'static str, String, Decimal);

fn marginal(day: &Day, price: &impl Fn(&str) -> Result<Decimal, CostError>) -> Result<Vec<Row>, CostError> {
    let Day { usage, kept } = day;
    let days = Decimal::new(DAYS.0, DAYS.1);
    let month = |amount: Decimal| (amount * days).round();
    let million = Decimal::from(1_000_000);
    let gigabyte = Decimal::from(1_000_000_000_u64);
    let counted = |name, amount: Decimal, price_of: &str| {
        let amount = month(amount);
        Ok::<Row, CostError>((name, amount.to_string(), amount * price(price_of)? / million))
    };
    let seconds = |name, megabyte_millis: u64| {
        let seconds = month(Decimal::from(megabyte_millis) / Decimal::from(1_024 * 1_000));
        Ok::<Row, CostError>((name, seconds.to_string(), seconds * price("lambda_arm64_gb_second")?))
    };
    let bytes = |name, bytes: Decimal, prices: Decimal| {
        let megabytes = (bytes / million).round_dp(1);
        (name, format!("{megabytes} MB"), bytes / gigabyte * prices)
    };
    Ok(vec![
        counted("DynamoDB, read units", usage.reads, "dynamodb_million_reads")?,
        counted("DynamoDB, write units", usage.writes, "dynamodb_million_writes")?,
        bytes(
            "DynamoDB, kept and backed up",
            (*kept).into(),
            price("dynamodb_gb_month")? + price("dynamodb_backup_gb_month")?,
        ),
        counted("SQS, requests", usage.messages.into(), "sqs_fifo_million_requests")?,
        counted("Lambda, invocations", usage.invocations.into(), "lambda_million_requests")?,
        seconds("Lambda, GB-seconds of waiting", usage.waiting)?,
        seconds("Lambda, GB-seconds of work", usage.working)?,
        bytes("logs", month(usage.log_bytes.into()), price("logs_gb")? + price("logs_gb_month")?),
    ])
}

/// What most of the units of DynamoDB are used for.
fn most(day: &Day, price: &impl Fn(&str) -> Result<Decimal, CostError>) -> Result<Table, CostError> {
    const LINES: usize = 12;
    let (read, write) = (price("dynamodb_million_reads")?, price("dynamodb_million_writes")?);
    let mut all: Vec<(String, Decimal, Decimal)> = Vec::new();
    for ((access, kind), units) in &day.usage.items {
        let (verb, price) = match access {
            Access::Read => ("read", read),
            Access::Write => ("written", write),
        };
        let units = (units * Decimal::new(DAYS.0, DAYS.1)).round();
        all.push((format!("{kind}, {verb}"), units, units * price / Decimal::from(1_000_000)));
    }
    all.sort_by_key(|(_, _, cost)| std::cmp::Reverse(*cost));
    let mut table = markdown(["items", "units", "USD"]);
    for (items, units, cost) in all.into_iter().take(LINES) {
        table.add_row([items, units.to_string(), cost.round_dp(4).to_string()]);
    }
    Ok(table)
}

/// What the system costs before the first portal.
fn fixed(memory: Memory, price: &impl Fn(&str) -> Result<Decimal, CostError>) -> Result<Decimal, CostError> {
    let million = Decimal::from(1_000_000);
    let ticks = Decimal::from(TICKS);
    // Every shard is asked for what is due and for the beats of this minute, and one partition for errands: half a unit each.
    let per_tick = Decimal::from(2 * domain::schedule::DUE_SHARDS + 1) / Decimal::TWO;
    let gigabytes = Decimal::from(memory.of_tick()) / Decimal::from(1_024);
    let tick_seconds = ticks * Decimal::from(TICK_MILLIS) / Decimal::from(1_000) * gigabytes;
    let (alarms, event_sources) = (memory::count("Type: AWS::CloudWatch::Alarm"), memory::count("Type: SQS"));
    Ok(price("kms_key_month")?
        + price("secret_month")?
        + price("dashboard_month")?
        + Decimal::from(METRICS) * price("metric_month")?
        + alarms * price("alarm_month")?
        + event_sources * Decimal::from(IDLE_RECEIVES) * price("sqs_fifo_million_requests")? / million
        + ticks * price("lambda_million_requests")? / million
        + tick_seconds * price("lambda_arm64_gb_second")?
        + ticks * per_tick * price("dynamodb_million_reads")? / million)
}
