//! What was measured, for machines, with when and on what.

use std::path::{Path, PathBuf};

use rest::Clock;
use serde::Serialize;

use super::Figure;

/// Below the top level of the repository, where cargo builds.
const FILE: &str = "target/bench/figures.json";

#[derive(Debug, Serialize)]
struct Record<'a> {
    /// RFC 3339, in UTC.
    measured_at: String,
    machine: Machine,
    figures: &'a [Figure],
}

#[derive(Debug, Serialize)]
struct Machine {
    processors: usize,
    /// As the processor calls itself; empty where the system does not tell.
    processor: String,
    architecture: &'static str,
    system: &'static str,
}

/// Writes all figures to [`FILE`] and answers where that is.
///
/// # Errors
/// If it cannot be written.
pub(super) fn write(figures: &[Figure]) -> std::io::Result<PathBuf> {
    let file = PathBuf::from(FILE);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let record = Record { measured_at: Clock::system().now().to_string(), machine: Machine::this(), figures };
    std::fs::write(&file, serde_json::to_vec_pretty(&record)?)?;
    Ok(file)
}

impl Machine {
    fn this() -> Self {
        let told = std::fs::read_to_string(Path::new("/proc/cpuinfo")).unwrap_or_default();
        let model = told.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
        Self {
            processors: std::thread::available_parallelism().map_or(1, Into::into),
            processor: model.trim_start_matches([':', ' ', '\t']).to_owned(),
            architecture: std::env::consts::ARCH,
            system: std::env::consts::OS,
        }
    }
}
