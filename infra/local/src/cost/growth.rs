//! What grows with the number of portals: cost, and what is reached first.

use comfy_table::Table;
use rust_decimal::Decimal;

use super::markdown;
use super::meter::Usage;

/// Cost and limits as the number of portals grows.
pub(super) fn table(day: &Usage, marginal: Decimal, fixed: Decimal) -> Table {
    let mut table = markdown([
        "portals",
        "USD a month",
        "of them fixed",
        "portals looked at in a minute",
        "jobs a minute",
        "functions at once",
        "messages a second",
    ]);
    let minutes = Decimal::from(24 * 60);
    let per_second = |a_day: Decimal| a_day / Decimal::from(24 * 60 * 60);
    for portals in [10_u32, 1_000, 10_000, 100_000] {
        let portals = Decimal::from(portals);
        let at_once = per_second(Decimal::from(day.millis) / Decimal::from(1_000)) * portals;
        table.add_row([
            portals.to_string(),
            (marginal * portals + fixed).round_dp(2).to_string(),
            fixed.round_dp(2).to_string(),
            (portals / Decimal::from(domain::schedule::PHASES)).round().to_string(),
            (Decimal::from(day.jobs) * portals / minutes).round().to_string(),
            at_once.round_dp(1).to_string(),
            (per_second(Decimal::from(day.invocations)) * portals).round_dp(1).to_string(),
        ]);
    }
    table
}

/// Both parameters of `template.yaml` together, as they are there.
const CONCURRENCY: u32 = 400;
/// An account's quota of functions at once.
const ACCOUNT_CONCURRENCY: u32 = 1_000;
/// What one FIFO queue takes in a second in high-throughput mode, where that is least.
const FIFO_A_SECOND: u32 = 2_400;

/// At how many portals of this kind each limit is reached.
pub(super) fn limits(day: &Usage) -> Table {
    let seconds = Decimal::from(24 * 60 * 60);
    let at_once = Decimal::from(day.millis) / Decimal::from(1_000) / seconds;
    let messages = Decimal::from(day.invocations) / seconds;
    let mut table = markdown(["limit", "portals", "turn"]);
    for (name, limit, used, turn) in [
        ("PollConcurrency and SyncConcurrency", CONCURRENCY, at_once, "both parameters"),
        ("functions at once in an account", ACCOUNT_CONCURRENCY, at_once, "the quota"),
        ("messages a second of a FIFO queue", FIFO_A_SECOND, messages, "the quota, or queues by shard"),
    ] {
        let portals = Decimal::from(limit) / used.max(Decimal::new(1, 9));
        // Two digits say enough.
        let portals = portals.round_sf(2).unwrap_or(portals).normalize();
        table.add_row([name.to_owned(), portals.to_string(), turn.to_owned()]);
    }
    table
}
