//! What people and machines get to read: the table, the summary, one-line messages.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};

use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use domain::Counts;
use serde::Serialize;

/// The summary of a demo, as `--json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Everything is in HubSpot, and a further run wrote nothing.
    pub ok: bool,
    /// By object type.
    pub objects: BTreeMap<&'static str, Counts>,
    /// Calls to HubSpot.
    pub hubspot: HubspotCalls,
    /// Calls to Kleer.
    pub kleer: KleerCalls,
    /// The run after everything was in sync.
    pub second_run: SecondRun,
    /// Seconds on the wall.
    pub elapsed_s: serde_json::Number,
}

/// Calls to HubSpot by kind, every attempt counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct HubspotCalls {
    /// By kind.
    pub requests: Requests,
    /// Answers with 429.
    pub rate_limited: u64,
}

/// Calls by kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Batch upserts.
    pub batch_upsert: u64,
    /// Batch updates.
    pub batch_update: u64,
    /// Batch reads.
    pub batch_read: u64,
    /// Associations, all kinds.
    pub associate: u64,
    /// Searches.
    pub search: u64,
    /// Properties and groups, reads and writes.
    pub properties: u64,
    /// Everything else.
    pub other: u64,
}

/// Calls to Kleer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct KleerCalls {
    /// All of them.
    pub requests: u64,
}

/// The run after everything was in sync.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SecondRun {
    /// Write calls to HubSpot; 0 when all is well.
    pub writes: u64,
}

type Snapshot = BTreeMap<(&'static str, &'static str), rest::Count>;

impl HubspotCalls {
    /// From the counters of the HTTP clients.
    #[must_use]
    pub fn of(calls: &Snapshot) -> Self {
        let mut counted = Self::default();
        for ((_, kind), count) in calls.iter().filter(|((service, _), _)| *service == hubspot::SERVICE) {
            let requests = &mut counted.requests;
            let slot = match *kind {
                "batch_upsert" => &mut requests.batch_upsert,
                "batch_update" => &mut requests.batch_update,
                "batch_read" => &mut requests.batch_read,
                "associate" => &mut requests.associate,
                "search" => &mut requests.search,
                "properties" | "create_properties" => &mut requests.properties,
                _ => &mut requests.other,
            };
            *slot += count.sent;
            counted.rate_limited += count.rate_limited;
        }
        counted
    }
}

impl HubspotCalls {
    /// Calls of one kind, every attempt counted.
    #[must_use]
    pub fn sent(calls: &Snapshot, kind: &str) -> u64 {
        let of_kind = |((service, known), _): &(&(&str, &str), _)| *service == hubspot::SERVICE && *known == kind;
        calls.iter().filter(of_kind).map(|(_, count)| count.sent).sum()
    }

    /// Calls that may change something in HubSpot, every attempt counted.
    #[must_use]
    pub fn writes(calls: &Snapshot) -> u64 {
        const WRITES: [&str; 6] =
            ["batch_upsert", "batch_update", "batch_create", "batch_archive", "associate", "create_properties"];
        let writes = |((service, kind), _): &(&(&str, &str), _)| *service == hubspot::SERVICE && WRITES.contains(kind);
        calls.iter().filter(writes).map(|(_, count)| count.sent).sum()
    }
}

/// All calls to Kleer.
#[must_use]
pub fn kleer_calls(calls: &Snapshot) -> KleerCalls {
    let kleer = calls.iter().filter(|((service, _), _)| *service != hubspot::SERVICE);
    KleerCalls { requests: kleer.map(|(_, count)| count.sent).sum() }
}

/// The summary as a table for people.
#[must_use]
pub fn table(summary: &Summary) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(["", "in Kleer", "created", "updated", "unchanged", "waiting", "failed", "excluded"]);
    for (object, counts) in &summary.objects {
        let Counts { source, created, updated, unchanged, waiting, failed, excluded } = counts;
        let numbers = [source, created, updated, unchanged, waiting, failed, excluded].map(ToString::to_string);
        table.add_row(std::iter::once((*object).to_owned()).chain(numbers));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let Requests { batch_upsert, batch_update, batch_read, associate, search, properties, other } =
        &summary.hubspot.requests;
    format!(
        "{table}\nHubSpot calls: {batch_upsert} batch upserts, {batch_update} batch updates, {batch_read} batch reads, \
         {associate} associations, {search} searches, {properties} properties, {other} other; {} rate limited\n\
         Kleer calls: {}\nA second run wrote {} times. All in {} s.",
        summary.hubspot.rate_limited, summary.kleer.requests, summary.second_run.writes, summary.elapsed_s
    )
}

/// A line for people, on standard error when standard output belongs to a machine.
pub fn say(json: bool, line: &str) {
    if json {
        drop(writeln!(std::io::stderr(), "{line}"));
    } else {
        drop(writeln!(std::io::stdout(), "{line}"));
    }
}

/// The one line that a machine reads, last on standard output.
pub fn machine<T: Serialize>(value: &T) {
    let line = serde_json::to_string(value).unwrap_or_default();
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// An error for people.
pub fn complain(message: &str) {
    let red = std::io::stderr().is_terminal();
    let (on, off) = if red { ("\u{1b}[31m", "\u{1b}[0m") } else { ("", "") };
    drop(writeln!(std::io::stderr(), "{on}error:{off} {message}"));
}
