//! What a poll costs that finds nothing to do, against parsing the same body; CPU time and memory of a process of its own,
//! so that neither the simulators nor the preparation count.

use std::path::Path;
use std::sync::Arc;

use app::Config;
use bytes::Bytes;
use domain::{ObjectType, PortalId};
use futures::FutureExt as _;
use rest::{Clock, Transport};
use serde::{Deserialize, Serialize};

use super::{Figure, of_limit};
use crate::demo::{DemoError, Stage};
use crate::machine::{Home, Machine, Transports};
use crate::pretend::{PORTAL, Scene};
use crate::worker;

const CLIENTS: u32 = 100_000;
/// Hundredths.
const TARGET_RATIO: u64 = 400;
const TARGET_MEGABYTES: u64 = 400;
/// The file with Kleer's answer.
const BODY_FILE: &str = "clients.json";
/// Each side is measured this often; the best counts.
const ROUNDS: u32 = 3;

/// What the measuring process tells.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Measured {
    poll_cpu_ms: u64,
    parse_cpu_ms: u64,
    peak_mb: u64,
    body_mb: u64,
    unchanged: u64,
}

/// Prepares a synchronized portal in a folder and lets a process of its own measure the poll.
pub(super) async fn measure() -> Result<Vec<Figure>, DemoError> {
    let folder = tempfile::tempdir().map_err(DemoError::Simulators)?;
    prepare(folder.path()).await?;
    let measured = in_own_process(folder.path()).map_err(DemoError::Simulators)?;
    let ratio = measured.poll_cpu_ms * 100 / measured.parse_cpu_ms.max(1);
    Ok(vec![
        Figure {
            name: "no change, CPU against parsing the body",
            measured: format!(
                "{}.{:02} ({} ms against {} ms for {} MB, {} unchanged)",
                ratio / 100,
                ratio % 100,
                measured.poll_cpu_ms,
                measured.parse_cpu_ms,
                measured.body_mb,
                measured.unchanged
            ),
            target: "at most 4".to_owned(),
            of_limit: of_limit(ratio, TARGET_RATIO),
            met: ratio <= TARGET_RATIO && measured.unchanged == u64::from(CLIENTS),
        },
        Figure {
            name: "no change, peak memory of the process",
            measured: format!("{} MB", measured.peak_mb),
            target: format!("at most {TARGET_MEGABYTES} MB"),
            of_limit: of_limit(measured.peak_mb, TARGET_MEGABYTES),
            met: measured.peak_mb <= TARGET_MEGABYTES,
        },
    ])
}

/// A first sync on a fast clock, kept in the folder with the list that Kleer answers.
async fn prepare(folder: &Path) -> Result<(), DemoError> {
    let scene = Scene::of(CLIENTS, 0);
    let clock = Clock::scaled(1_000);
    let data = folder.to_path_buf();
    let stage = Stage::set_for_measuring(&scene, &clock, &data).await?;
    worker::tick(&stage.machine.app).await?;
    worker::work(&stage.machine.app).await?;
    let request = http::Request::get("http://kleer.invalid/v1/company/1/client")
        .header("content-type", "application/json")
        .header("x-token", crate::pretend::KLEER_KEY)
        .body(Bytes::new())
        .expect("the parts are well formed");
    let body = match stage.pretend.kleer.call(request).await {
        Ok(answer) => answer.into_body(),
        Err(broken) => return Err(DemoError::Simulators(std::io::Error::other(broken.to_string()))),
    };
    std::fs::write(folder.join(BODY_FILE), body).map_err(DemoError::Simulators)
}

fn in_own_process(folder: &Path) -> std::io::Result<Measured> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    let output = command.arg("measure-poll").arg("--folder").arg(folder).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line)
        .map_err(|e| std::io::Error::other(format!("{e}: {line} {}", String::from_utf8_lossy(&output.stderr))))
}

/// The measuring process: polls over a prepared folder.
///
/// # Errors
/// If the folder is not a prepared one.
pub(super) async fn measure_poll(folder: &Path) -> Result<Measured, DemoError> {
    let (poll_cpu_ms, unchanged) = polls(folder).await?;
    let peak_mb = peak_megabytes();
    let body = std::fs::read(folder.join(BODY_FILE)).map_err(DemoError::Simulators)?;
    let mut parse_cpu_ms = u64::MAX;
    for _ in 0..ROUNDS {
        let before = cpu_ms();
        let value: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        drop(std::hint::black_box(value));
        parse_cpu_ms = parse_cpu_ms.min(cpu_ms() - before);
    }
    Ok(Measured { poll_cpu_ms, parse_cpu_ms, peak_mb, body_mb: body.len() as u64 / 1_000_000, unchanged })
}

async fn polls(folder: &Path) -> Result<(u64, u64), DemoError> {
    let clock = Clock::scaled(1_000);
    // The preparation's clock ran ahead of this one.
    clock.skip(std::time::Duration::from_secs(30 * 24 * 60 * 60));
    let data = folder.display().to_string();
    let config = Config::read(|name| (name == "DATA_DIR").then(|| data.clone()))?;
    let transports = Transports { kleer: file_answer(folder.join(BODY_FILE)), hubspot: no_answer() };
    let machine = Machine::start(config, &Home::Folder(folder.to_path_buf()), clock, transports).await?;
    let (app, portal) = (&machine.app, PortalId(PORTAL));
    // The properties are known for a day; they are made to be known still.
    if let Some(mut schema) = app.store.schema(portal, ObjectType::Client).await? {
        schema.checked_at = app.clock.now();
        app.store.set_schema(portal, ObjectType::Client, &schema).await?;
    }
    let mut best = u64::MAX;
    for _ in 0..ROUNDS {
        app.clock.skip(std::time::Duration::from_secs(60 * 60));
        app.store.bring_forward(portal, ObjectType::Client, app.clock.now()).await?;
        let before = cpu_ms();
        worker::tick(app).await?;
        worker::work(app).await?;
        best = best.min(cpu_ms() - before);
    }
    let report = app.store.run_report(portal, ObjectType::Client).await?;
    Ok((best, report.counts.unchanged))
}

/// A Kleer whose every answer is the file.
fn file_answer(file: std::path::PathBuf) -> Transport {
    Transport::in_process(Arc::new(move |_| {
        let body = std::fs::read(&file).map(Bytes::from).unwrap_or_default();
        async move { Ok(http::Response::new(body)) }.boxed()
    }))
}

/// A HubSpot that nobody may ask.
fn no_answer() -> Transport {
    Transport::in_process(Arc::new(|_| async { Err(rest::Failure::NotSent) }.boxed()))
}

/// CPU time of this process so far, in milliseconds; Linux only, 0 elsewhere.
pub(super) fn cpu_ms() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|text| text.parse::<u64>().ok()).sum();
    ticks * 10
}

/// The most memory this process ever had, in MB; Linux only, 0 elsewhere.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0) / 1_000
}
