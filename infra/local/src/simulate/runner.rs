//! Many seeds side by side, and what came of them.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::num::NonZeroUsize;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::args::Args;
use super::invariants::NAMES;
use super::run::{self, Outcome};
use crate::output;

/// So many seeds are worth an optimized build, which plays them about ten times as fast.
const WORTH_BUILDING: u64 = 8;
/// A seed's futures are deep in a build without optimizations.
const STACK: usize = 64 * 1024 * 1024;
/// The most violations of one invariant that are told of one seed.
const TOLD: usize = 3;

/// What came of all seeds.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// How many seeds were played.
    pub seeds: u64,
    /// How many of them broke something.
    pub violated: u64,
    /// Of every invariant, in how many seeds it held.
    pub invariants: BTreeMap<&'static str, u64>,
    /// What happened, how often.
    pub happened: BTreeMap<String, u64>,
    /// Requests of the product to both services.
    pub requests: u64,
    /// Seconds on the wall.
    pub elapsed_s: u64,
    /// Seeds per minute on the wall, with one decimal.
    pub seeds_per_minute: String,
    /// Of every seed the number that stands for all that was asked and answered.
    pub digests: BTreeMap<u64, String>,
    /// The commands that play a seed again that broke something.
    pub replay: Vec<String>,
}

/// Plays all seeds and tells what came of them; whether everything held.
///
/// # Errors
/// If the harness itself fails, or no optimized build can be made.
pub fn run(args: &Args) -> Result<bool, String> {
    let seeds = args.seeds.end - args.seeds.start;
    if cfg!(debug_assertions) && seeds >= WORTH_BUILDING && !args.this_build {
        return in_an_optimized_build(args);
    }
    if args.trace {
        app::Telemetry::Stderr.install("info,local=debug");
    }
    let summary = play(args)?;
    output::say(args.json, &table(&summary));
    if args.json {
        output::machine(&summary);
    }
    Ok(summary.violated == 0)
}

fn in_an_optimized_build(args: &Args) -> Result<bool, String> {
    output::say(true, "Building with optimizations first; that takes some minutes the first time…");
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--profile", "bench", "--package", "local", "--bin", "local", "--", "simulate"]);
    cargo.args(args.words());
    let status = cargo.status().map_err(|e| format!("cargo cannot be started: {e}"))?;
    Ok(status.success())
}

/// Plays all seeds, each on a thread that knows of no other. What breaks is told at once.
///
/// # Errors
/// If the harness itself fails.
pub fn play(args: &Args) -> Result<Summary, String> {
    let begun = Instant::now();
    let table =
        Played { next: AtomicU64::new(args.seeds.start), bar: bar(args), summary: Mutex::new(Summary::new(args)) };
    let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let workers = (0..args.jobs.unwrap_or(threads).max(1)).map(|_| {
            // Not on the threads of the runtime: a seed drives its own futures to their end.
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || work(args, &table))
        });
        let workers: Vec<_> = workers.collect();
        for worker in workers {
            let ended = worker.map_err(|e| format!("no thread can be started: {e}"))?.join();
            ended.map_err(|_| "a seed panicked; what it said stands above".to_owned())??;
        }
        Ok::<(), String>(())
    })?;
    table.bar.finish_and_clear();
    let mut summary = table.summary.into_inner().unwrap_or_else(PoisonError::into_inner);
    summary.ended(begun.elapsed().as_secs());
    Ok(summary)
}

/// What the threads have in common.
struct Played {
    next: AtomicU64,
    bar: ProgressBar,
    summary: Mutex<Summary>,
}

fn work(args: &Args, played: &Played) -> Result<(), String> {
    loop {
        let seed = played.next.fetch_add(1, Ordering::Relaxed);
        if seed >= args.seeds.end {
            return Ok(());
        }
        let outcome =
            run::seed(seed, args.wanted()).map_err(|why| format!("seed {seed} could not be played: {why}"))?;
        let mut summary = played.summary.lock().unwrap_or_else(PoisonError::into_inner);
        played.bar.inc(1);
        played.bar.suspend(|| report(args, &outcome));
        summary.add(args, &outcome);
        if args.stop && summary.violated > 0 {
            played.next.store(args.seeds.end, Ordering::Relaxed);
        }
    }
}

fn bar(args: &Args) -> ProgressBar {
    let length = args.seeds.end - args.seeds.start;
    let shown = !args.json && std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} seeds, {eta} left");
    let bar = ProgressBar::with_draw_target(Some(length), target);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Tells what broke, with its story.
fn report(args: &Args, outcome: &Outcome) {
    if args.log {
        outcome.log.iter().for_each(|line| output::say(args.json, line));
        output::say(args.json, &format!("seed {} digest {}, {} cycles", outcome.seed, outcome.digest, outcome.cycles));
    }
    for verdict in outcome.verdicts.iter().filter(|verdict| !verdict.holds()) {
        output::say(args.json, &format!("\nseed {}: {} is violated", outcome.seed, verdict.name));
        for violation in verdict.violations.iter().take(TOLD) {
            output::say(args.json, &format!("  {}", violation.message));
            violation.story.iter().for_each(|line| output::say(args.json, &format!("    {line}")));
        }
        let more = verdict.violations.len().saturating_sub(TOLD);
        if more > 0 {
            output::say(args.json, &format!("  and {more} more"));
        }
    }
    if outcome.verdicts.iter().any(|verdict| !verdict.holds()) {
        output::say(args.json, &format!("  to play it again: {}", args.replay(outcome.seed)));
    }
}

impl Summary {
    fn new(args: &Args) -> Self {
        Self {
            seeds: 0,
            violated: 0,
            invariants: NAMES.iter().map(|name| (*name, 0)).collect(),
            happened: BTreeMap::new(),
            requests: 0,
            elapsed_s: 0,
            seeds_per_minute: String::new(),
            digests: BTreeMap::new(),
            replay: Vec::with_capacity(usize::from(args.json)),
        }
    }

    fn add(&mut self, args: &Args, outcome: &Outcome) {
        self.seeds += 1;
        self.requests += outcome.requests;
        self.digests.insert(outcome.seed, outcome.digest.clone());
        for (name, count) in &outcome.happened {
            *self.happened.entry(name.clone()).or_default() += count;
        }
        for verdict in outcome.verdicts.iter().filter(|verdict| verdict.holds()) {
            *self.invariants.entry(verdict.name).or_default() += 1;
        }
        if outcome.verdicts.iter().any(|verdict| !verdict.holds()) {
            self.violated += 1;
            self.replay.push(args.replay(outcome.seed));
        }
    }

    fn ended(&mut self, elapsed_s: u64) {
        self.elapsed_s = elapsed_s;
        let tenths = self.seeds * 600 / elapsed_s.max(1);
        self.seeds_per_minute = format!("{}.{}", tenths / 10, tenths % 10);
    }
}

fn table(summary: &Summary) -> String {
    let mut happened = new_table(["what happened", "times"]);
    for (name, count) in &summary.happened {
        happened.add_row([name.clone(), count.to_string()]);
    }
    let mut invariants = new_table(["what must hold", "held in"]);
    for name in NAMES {
        let held = summary.invariants.get(name).copied().unwrap_or(0);
        invariants.add_row([name.to_owned(), format!("{held} of {}", summary.seeds)]);
    }
    for table in [&mut happened, &mut invariants] {
        if let Some(column) = table.column_mut(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!(
        "{happened}\n{invariants}\n{} seeds, {} requests, {} s, {} seeds per minute; {} with a violation",
        summary.seeds, summary.requests, summary.elapsed_s, summary.seeds_per_minute, summary.violated
    )
}

fn new_table(header: [&str; 2]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    table.set_header(header);
    table
}
