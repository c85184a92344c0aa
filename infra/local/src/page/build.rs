//! The page is built with npm when it is asked for, and again when its sources have changed since.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use tokio::process::Command;

/// How much of what npm complained is shown.
const COMPLAINT_LINES: usize = 30;
/// What npm did for these pins need not be done again.
const INSTALLED: &str = "node_modules/installed.json";

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// There is a page, and it is what its sources say.
    Built,
    /// It is being built.
    Going,
    /// It could not be built; the text says what to do. Whoever asks again has it tried again.
    Failed(String),
}

/// What the build that was begun last came to; none if there was none.
static LAST: Mutex<Option<State>> = Mutex::new(None);

fn host() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("page")
}

/// Where the built page stands.
pub(super) fn folder() -> PathBuf {
    host().join("dist")
}

/// How far it is; begins to build where that is needed.
pub(super) fn state() -> State {
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    match last.take() {
        Some(State::Going) => *last = Some(State::Going),
        Some(State::Failed(why)) => return State::Failed(why),
        _ if is_current() => return State::Built,
        _ => {
            *last = Some(State::Going);
            tokio::spawn(async {
                let came_to = build().await.map_or_else(State::Failed, |()| State::Built);
                *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(came_to);
            });
        }
    }
    State::Going
}

async fn build() -> Result<(), String> {
    let lock = host().join("package-lock.json");
    let pins = std::fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    if std::fs::read(host().join(INSTALLED)).ok().as_ref() != Some(&pins) {
        npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]).await?;
        let noted = std::fs::write(host().join(INSTALLED), &pins);
        noted.map_err(|error| format!("{INSTALLED} cannot be written: {error}"))?;
    }
    npm(&["run", "build", "--silent"]).await
}

async fn npm(arguments: &[&str]) -> Result<(), String> {
    let ran = Command::new("npm").args(arguments).current_dir(host()).stdin(Stdio::null()).output().await;
    let ran = ran.map_err(|_| {
        "The settings page is built with Node 20.19 or newer and its npm, which are not on this machine: install them from \
         https://nodejs.org, then load this page again. Everything else works without."
            .to_owned()
    })?;
    if ran.status.success() {
        return Ok(());
    }
    let said = [ran.stdout, ran.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let shown = said.lines().take(COMPLAINT_LINES).collect::<Vec<_>>().join("\n");
    let command = arguments.first().unwrap_or(&"");
    Err(format!("The settings page could not be built (npm {command}). Load this page again to try again.\n\n{shown}"))
}

/// Whether the built page is younger than everything that it is made of.
fn is_current() -> bool {
    let Some(built) = changed(&folder().join("index.html")) else { return false };
    let page = host().join("../../hubspot/src/app/settings");
    let files = ["package-lock.json", "index.html", "vite.config.ts"].map(|name| host().join(name));
    let newest =
        files.iter().filter_map(|file| changed(file)).chain(newest(&host().join("src"))).chain(newest(&page)).max();
    newest.is_none_or(|newest| newest <= built)
}

fn changed(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).and_then(|found| found.modified()).ok()
}

/// When something in a folder was changed last, what is installed and what only tests read apart.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let of = |path: PathBuf| if path.is_dir() { newest(&path) } else { changed(&path) };
    let apart = |path: &PathBuf| !(path.ends_with("node_modules") || path.ends_with("tests"));
    entries.map(|entry| entry.path()).filter(apart).filter_map(of).max()
}
