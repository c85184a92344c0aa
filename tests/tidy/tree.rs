//! What the repository consists of: its text files and its crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A text file that git would keep.
pub(crate) struct TextFile {
    /// From the root of the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TextFile {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Rust that is compiled for tests only. `tests/src` is not: World is a library, with readers of its own.
    pub(crate) fn is_test(&self) -> bool {
        let crate_of_tests = self.path.strip_prefix("tests/");
        crate_of_tests.map_or(self.path.contains("/tests/"), |path| !path.starts_with("src/"))
            || self.path.ends_with("/tests.rs")
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests crate stands in the root").to_owned()
}

/// All text files, by path. Build output and everything else in a `.gitignore` is left out; so are `node_modules`.
pub(crate) fn files() -> Vec<TextFile> {
    let mut files = Vec::new();
    walk(&root(), "", &[], &mut files);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// The text of one file, if there is one.
pub(crate) fn read(path: &str) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

/// The names at the top that git would keep.
pub(crate) fn top() -> Vec<String> {
    let patterns = ignore_patterns(&root(), "");
    names(&root()).into_iter().filter(|name| !ignored(&patterns, name)).collect()
}

fn walk(folder: &Path, prefix: &str, inherited: &[String], files: &mut Vec<TextFile>) {
    let patterns = [inherited, &ignore_patterns(folder, prefix)].concat();
    for name in names(folder) {
        let path = format!("{prefix}{name}");
        let place = folder.join(&name);
        if ignored(&patterns, &path) || place.is_symlink() {
            continue;
        }
        if place.is_dir() {
            walk(&place, &format!("{path}/"), &patterns, files);
        } else if let Ok(text) = fs::read_to_string(&place) {
            files.push(TextFile { path, text });
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of the repository can be listed");
    entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
}

/// The lines of a folder's `.gitignore`. One that begins with `/` is made to begin at the root.
fn ignore_patterns(folder: &Path, prefix: &str) -> Vec<String> {
    let text = fs::read_to_string(folder.join(".gitignore")).unwrap_or_default();
    let lines = text.lines().map(|line| line.trim().trim_end_matches('/'));
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.strip_prefix('/').map_or_else(|| line.to_owned(), |name| format!("/{prefix}{name}")))
        .collect()
}

/// Knows the three forms we use: `/path`, `*ending`, `name`.
fn ignored(patterns: &[String], path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    [".git", "node_modules"].contains(&name)
        || patterns.iter().any(|pattern| match (pattern.strip_prefix('/'), pattern.strip_prefix('*')) {
            (Some(exact), _) => path == exact,
            (_, Some(ending)) => name.ends_with(ending),
            _ => name == pattern,
        })
}

/// A crate of ours.
pub(crate) struct Package {
    pub(crate) name: String,
    /// From the root of the repository: `shared/domain`.
    pub(crate) folder: String,
    pub(crate) description: String,
    /// What the product is built from, ours and others'.
    pub(crate) dependencies: Vec<String>,
    /// What only its tests are built from.
    pub(crate) test_dependencies: Vec<String>,
}

/// All crates of ours, as cargo sees them.
pub(crate) fn packages() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata answers JSON");
    let packages = metadata["packages"].as_array().expect("cargo metadata lists packages");
    packages.iter().map(package).collect()
}

fn package(package: &Value) -> Package {
    let text = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
    let manifest = PathBuf::from(text("manifest_path"));
    let root = root().canonicalize().expect("the root exists");
    let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
    Package {
        name: text("name"),
        folder: folder.and_then(Path::to_str).expect("our crates stand in the repository").replace('\\', "/"),
        description: text("description"),
        dependencies: dependencies(package, |kind| kind != "dev"),
        test_dependencies: dependencies(package, |kind| kind == "dev"),
    }
}

fn dependencies(package: &Value, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let all = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    let wanted = all.iter().filter(|one| wanted(one["kind"].as_str().unwrap_or("normal")));
    wanted.filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
}
