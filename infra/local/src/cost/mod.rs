//! `cargo local cost`: what the system costs on AWS, from counted requests and list prices, and what is reached first as it grows.

mod meter;
mod portal;

use comfy_table::{Table, presets::ASCII_MARKDOWN};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::output;
use crate::pretend::Scene;
use meter::Usage;

/// List prices, dated.
const PRICES: &str = include_str!("../../../prices.json");
const CLIENTS: u32 = 1_000;
const PRODUCTS: u32 = 100;
/// Of a hundred records, so many change in a month.
const CHANGED: u32 = 5;
/// Days of a month, in tenths.
const DAYS: (i64, u32) = (304, 1);
/// Memory of both functions in GB: 256 MB.
const MEMORY: (i64, u32) = (25, 2);
/// What a portal keeps in the table, in bytes: a generous kilobyte a record.
const BYTES_PER_RECORD: u64 = 1_024;
/// What nobody's number of portals changes: metrics of ours, alarms, and what the event sources ask SQS while nothing waits.
const METRICS: u32 = 35;
const ALARMS: u32 = 14;
/// Five pollers a queue, each asking every 20 s.
const IDLE_RECEIVES: u32 = 2 * 5 * 3 * 60 * 24 * 304 / 10;
const TICKS: u32 = 60 * 24 * 304 / 10;
/// A tick that finds nothing, in milliseconds.
const TICK_MILLIS: u32 = 150;

/// Anything that keeps the simulation from its end.
pub type CostError = Box<dyn std::error::Error + Send + Sync>;

/// Simulates, computes, prints.
///
/// # Errors
/// If the simulation fails.
pub fn run() -> Result<(), CostError> {
    let prices: Value = serde_json::from_str(PRICES)?;
    let price = |name: &str| -> Result<Decimal, CostError> {
        Ok(prices[name].as_str().ok_or_else(|| format!("infra/prices.json lacks {name}"))?.parse()?)
    };
    let scene = Scene { latency: true, ..Scene::of(CLIENTS, PRODUCTS) };
    let edits = (CLIENTS + PRODUCTS) * CHANGED / 100 / 30;
    let day = on_its_own_thread(|| portal::a_day(&scene, edits.max(1)))?;
    let rows = marginal(&day, &price)?;
    let fixed = fixed(&day, &price)?;
    let marginal: Decimal = rows.iter().map(|(_, _, cost)| *cost).sum();
    let mut table = markdown(["one portal, a month", "how much", "USD"]);
    for (name, amount, cost) in &rows {
        table.add_row([(*name).to_owned(), amount.clone(), cost.round_dp(4).to_string()]);
    }
    table.add_row(["together".to_owned(), String::new(), marginal.round_dp(4).to_string()]);
    output::say(
        false,
        &format!(
            "{CLIENTS} clients and {PRODUCTS} products, {CHANGED} % of them changed in a month, prices of {} in {}:\n\n{table}\n",
            prices["as_of"].as_str().unwrap_or("?"),
            prices["region"].as_str().unwrap_or("?")
        ),
    );
    output::say(false, &growth(&day, marginal, fixed).to_string());
    output::say(
        false,
        &format!("\nreached first, on average; a tenth of it leaves room for peaks:\n\n{}", limits(&day)),
    );
    Ok(())
}

/// Simulated time runs in one poll of one future, and on a thread of tokio's such a poll is interrupted for ever before long.
pub(crate) fn on_its_own_thread<T: Send>(simulate: impl FnOnce() -> T + Send) -> T {
    let ended = std::thread::scope(|scope| scope.spawn(simulate).join());
    ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn markdown<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    table.set_header(header);
    table
}

type Row = (&'static str, String, Decimal);

fn marginal(day: &Usage, price: &impl Fn(&str) -> Result<Decimal, CostError>) -> Result<Vec<Row>, CostError> {
    let days = Decimal::new(DAYS.0, DAYS.1);
    let month = |amount: Decimal| (amount * days).round();
    let million = Decimal::from(1_000_000);
    let gigabyte = Decimal::from(1_000_000_000_u64);
    let (reads, writes) = (month(day.reads), month(day.writes));
    let (messages, invocations) = (month(day.messages.into()), month(day.invocations.into()));
    let seconds = month(Decimal::from(day.millis) / Decimal::from(1_000)) * Decimal::new(MEMORY.0, MEMORY.1);
    let kept = Decimal::from(u64::from(CLIENTS + PRODUCTS) * BYTES_PER_RECORD) / gigabyte;
    let logs = month(day.log_bytes.into()) / gigabyte;
    Ok(vec![
        ("DynamoDB, read units", reads.to_string(), reads * price("dynamodb_million_reads")? / million),
        ("DynamoDB, write units", writes.to_string(), writes * price("dynamodb_million_writes")? / million),
        (
            "DynamoDB, kept and backed up",
            format!("{} MB", (kept * Decimal::from(1_000)).round_dp(1)),
            kept * (price("dynamodb_gb_month")? + price("dynamodb_backup_gb_month")?),
        ),
        ("SQS, requests", messages.to_string(), messages * price("sqs_fifo_million_requests")? / million),
        ("Lambda, invocations", invocations.to_string(), invocations * price("lambda_million_requests")? / million),
        ("Lambda, GB-seconds", seconds.round().to_string(), seconds * price("lambda_arm64_gb_second")?),
        (
            "logs",
            format!("{} MB", (logs * Decimal::from(1_000)).round_dp(1)),
            logs * (price("logs_gb")? + price("logs_gb_month")?),
        ),
    ])
}

/// What the system costs before the first portal.
fn fixed(day: &Usage, price: &impl Fn(&str) -> Result<Decimal, CostError>) -> Result<Decimal, CostError> {
    let million = Decimal::from(1_000_000);
    let ticks = Decimal::from(TICKS);
    // Sixteen shards are asked, each for half a unit at least.
    let per_tick = Decimal::from(8).max(day.tick_reads / Decimal::from(day.slots.max(1)));
    let tick_seconds = ticks * Decimal::from(TICK_MILLIS) / Decimal::from(1_000) * Decimal::new(MEMORY.0, MEMORY.1);
    Ok(price("kms_key_month")?
        + price("secret_month")?
        + price("dashboard_month")?
        + Decimal::from(METRICS) * price("metric_month")?
        + Decimal::from(ALARMS) * price("alarm_month")?
        + Decimal::from(IDLE_RECEIVES) * price("sqs_fifo_million_requests")? / million
        + ticks * price("lambda_million_requests")? / million
        + tick_seconds * price("lambda_arm64_gb_second")?
        + ticks * per_tick * price("dynamodb_million_reads")? / million)
}

/// Cost and limits as the number of portals grows.
fn growth(day: &Usage, marginal: Decimal, fixed: Decimal) -> Table {
    let mut table = markdown([
        "portals",
        "USD a month",
        "of them fixed",
        "slots a minute",
        "functions at once",
        "messages a second",
        "writes a second and shard of the due index",
    ]);
    let minutes = Decimal::from(24 * 60);
    let per_second = |a_day: Decimal| a_day / Decimal::from(24 * 60 * 60);
    for portals in [10_u32, 1_000, 10_000, 100_000] {
        let portals = Decimal::from(portals);
        let at_once = per_second(Decimal::from(day.millis) / Decimal::from(1_000)) * portals;
        let index = per_second(Decimal::from(day.slots * 2)) * portals / Decimal::from(domain::schedule::DUE_SHARDS);
        table.add_row([
            portals.to_string(),
            (marginal * portals + fixed).round_dp(2).to_string(),
            fixed.round_dp(2).to_string(),
            (Decimal::from(day.slots) * portals / minutes).round().to_string(),
            at_once.round_dp(1).to_string(),
            (per_second(Decimal::from(day.invocations)) * portals).round_dp(1).to_string(),
            index.round_dp(1).to_string(),
        ]);
    }
    table
}

/// Both parameters of `template.yaml` together, as they are there.
const CONCURRENCY: u32 = 400;
/// An account's quota of functions at once.
const ACCOUNT_CONCURRENCY: u32 = 1_000;
/// What one partition of DynamoDB writes in a second.
const PARTITION_WRITES: u32 = 1_000;
/// What one FIFO queue takes in a second in high-throughput mode, where that is least.
const FIFO_A_SECOND: u32 = 2_400;

/// At how many portals of this kind each limit is reached.
fn limits(day: &Usage) -> Table {
    let seconds = Decimal::from(24 * 60 * 60);
    let at_once = Decimal::from(day.millis) / Decimal::from(1_000) / seconds;
    let shard_writes = Decimal::from(day.slots * 2) / Decimal::from(domain::schedule::DUE_SHARDS) / seconds;
    let messages = Decimal::from(day.invocations) / seconds;
    let mut table = markdown(["limit", "portals", "turn"]);
    for (name, limit, used, turn) in [
        ("PollConcurrency and SyncConcurrency", CONCURRENCY, at_once, "both parameters"),
        ("functions at once in an account", ACCOUNT_CONCURRENCY, at_once, "the quota"),
        ("messages a second of a FIFO queue", FIFO_A_SECOND, messages, "the quota, or queues by shard"),
        ("writes a second of a partition of the due index", PARTITION_WRITES, shard_writes, "DUE_SHARDS"),
    ] {
        let portals = Decimal::from(limit) / used.max(Decimal::new(1, 9));
        // Two digits say enough.
        let portals = portals.round_sf(2).unwrap_or(portals).normalize();
        table.add_row([name.to_owned(), portals.to_string(), turn.to_owned()]);
    }
    table
}
