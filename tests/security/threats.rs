//! The threat model cannot drift from the tests: every boundary has its row, every row names a test, every test exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What lies between us and others, as the table calls it.
const BOUNDARIES: [&str; 11] = [
    "HubSpot → API",
    "browser → OAuth",
    "settings page → API",
    "Kleer",
    "HubSpot's answers",
    "store",
    "queue",
    "logs, metrics",
    "deployer, keys",
    "another tenant",
    "supply chain",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rows of the table: the boundary, what else it says.
fn rows() -> Vec<(String, Vec<String>)> {
    let readme = std::fs::read_to_string(root().join("infra/README.md")).unwrap();
    let section = readme.split("\n## Threat model\n").nth(1).expect("infra/README.md has a section Threat model");
    let section = section.split("\n## ").next().unwrap_or_default();
    let lines = section.lines().filter(|line| line.starts_with("| ")).skip(1);
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    lines.map(|line| (cells(line)[0].clone(), cells(line))).collect()
}

/// What a cell calls tests: `path::function`, or a file that is run as a whole.
fn named(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// Why a test that is named is none; nothing if it is one.
fn missing(test: &str) -> Option<String> {
    let (file, function) = test.split_once("::").unwrap_or((test, ""));
    let text = std::fs::read_to_string(root().join(file)).ok();
    match (text, function) {
        (None, _) => Some(format!("{test}: there is no file {file}")),
        (Some(_), "") if !file.ends_with(".rs") => None,
        (Some(text), function) => {
            let head = format!("fn {function}()");
            let found = text.split_once(&head);
            let is_test = found.is_some_and(|(before, _)| before.trim_end().ends_with("#[test]"));
            (!is_test).then(|| format!("{test}: {file} has no test {function}"))
        }
    }
}

#[test]
fn every_boundary_has_a_row() {
    let named: BTreeSet<String> = rows().into_iter().map(|(boundary, _)| boundary).collect();
    assert_eq!(named, BOUNDARIES.into_iter().map(str::to_owned).collect());
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let mut wrong = Vec::new();
    for (boundary, cells) in rows() {
        assert_eq!(cells.len(), 4, "{boundary}: a row has four cells: {cells:?}");
        let tests = named(&cells[3]);
        if tests.is_empty() {
            wrong.push(format!("{boundary}: {} is guarded by no test", cells[1]));
        }
        wrong.extend(tests.into_iter().filter_map(missing));
    }
    assert!(wrong.is_empty(), "infra/README.md, Threat model:\n{}", wrong.join("\n"));
}

#[test]
fn a_test_that_is_gone_is_noticed() {
    assert_eq!(missing("tests/security/threats.rs::every_boundary_has_a_row"), None);
    assert!(missing("tests/security/threats.rs::rows").is_some(), "no test");
    assert!(missing("tests/security/threats.rs::no_such_test").is_some());
    assert!(missing("tests/security/no_such_file.rs::rows").is_some());
    assert!(missing("tests/security/threats.rs").is_some(), "a file of tests is not a test");
}
