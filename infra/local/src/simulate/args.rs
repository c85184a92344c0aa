//! The command line of the simulation.

use std::ops::Range;

use super::plan::Wanted;

/// Which weeks to play. Exit code 0 if nothing was violated, 1 otherwise. From eight seeds on a build without optimizations makes an
/// optimized one (cargo's profile `bench`) and plays them there, unless `--this-build` says otherwise.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The seeds from A to before B, as `A..B`
    #[arg(long, value_parser = seeds, default_value = "0..50")]
    pub seeds: Range<u64>,
    /// Threads [default: one for each processor]
    #[arg(long)]
    pub jobs: Option<usize>,
    /// Days on which things happen; the faults stop after them, and up to four days more are played
    #[arg(long, default_value_t = 7)]
    pub days: u32,
    /// What people do in a day
    #[arg(long, default_value_t = 30)]
    pub events: u32,
    /// Nothing goes wrong
    #[arg(long)]
    pub calm: bool,
    /// The outcome as one JSON object on the last line of standard output, all else on standard error
    #[arg(long)]
    pub json: bool,
    /// Tell everything that happens
    #[arg(long)]
    pub log: bool,
    /// Write the product's own log to standard error
    #[arg(long)]
    pub trace: bool,
    /// Begin no further seed when one has broken something
    #[arg(long)]
    pub stop: bool,
    /// Play in this build, however many seeds there are
    #[arg(long)]
    pub this_build: bool,
}

impl Args {
    /// So many seeds, with everything else as it is unless somebody says so.
    #[must_use]
    pub const fn of(seeds: Range<u64>) -> Self {
        let (jobs, calm, json, log, trace, stop) = (None, false, false, false, false, false);
        Self { seeds, jobs, days: 7, events: 30, calm, json, log, trace, stop, this_build: true }
    }

    pub(super) const fn wanted(&self) -> Wanted {
        Wanted { days: self.days, events_a_day: self.events, calm: self.calm }
    }

    /// The command that plays one seed again.
    pub(super) fn replay(&self, seed: u64) -> String {
        let one = Self { seeds: seed..seed + 1, jobs: None, json: false, log: true, ..self.clone() };
        format!("cargo local simulate {}", one.words().join(" "))
    }

    /// The options as they were given.
    pub(super) fn words(&self) -> Vec<String> {
        let mut words = vec!["--seeds".to_owned(), format!("{}..{}", self.seeds.start, self.seeds.end)];
        words.extend(["--days".to_owned(), self.days.to_string(), "--events".to_owned(), self.events.to_string()]);
        words.extend(self.jobs.into_iter().flat_map(|jobs| ["--jobs".to_owned(), jobs.to_string()]));
        let flags = [
            (self.calm, "--calm"),
            (self.json, "--json"),
            (self.log, "--log"),
            (self.trace, "--trace"),
            (self.stop, "--stop"),
        ];
        words.extend(flags.into_iter().filter(|(given, _)| *given).map(|(_, flag)| flag.to_owned()));
        words
    }
}

fn seeds(text: &str) -> Result<Range<u64>, String> {
    let wrong = || format!("{text} is no range of seeds: write it as 0..50");
    let (first, end) = text.split_once("..").ok_or_else(wrong)?;
    let read = |text: &str| text.trim().parse::<u64>().map_err(|_| wrong());
    let range = read(first)?..read(end)?;
    if range.is_empty() { Err(wrong()) } else { Ok(range) }
}
