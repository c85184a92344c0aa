//! Writes what HubSpot's project is told of the workflow actions, from their declarations in `shared/actions`, or says what is
//! out of date.

use std::collections::BTreeMap;
use std::path::PathBuf;

use actions::{Action, hsmeta};

use crate::output;

/// The files by name, as they shall be.
#[must_use]
pub fn files() -> BTreeMap<String, String> {
    let file = |action: Action| {
        let (name, content) = hsmeta::file(action.definition());
        (name, format!("{content:#}\n"))
    };
    Action::ALL.into_iter().map(file).collect()
}

/// What differs between the folder and the declarations, a line each; empty if nothing does.
///
/// # Errors
/// If the folder cannot be read.
pub fn differences() -> Result<Vec<String>, String> {
    let wanted = files();
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).map_err(said)? {
        let entry = entry.map_err(said)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        found.insert(name, std::fs::read_to_string(entry.path()).map_err(said)?);
    }
    let wrong = wanted.iter().filter(|(name, content)| found.get(*name) != Some(*content));
    let strange = found.keys().filter(|name| !wanted.contains_key(*name));
    let wrong = wrong.map(|(name, _)| format!("{name} is not what its action says"));
    Ok(wrong.chain(strange.map(|name| format!("{name} belongs to no action"))).collect())
}

/// Writes the files, or only compares them. False if they differ.
///
/// # Errors
/// If the folder cannot be read or written.
pub fn run(check: bool) -> Result<bool, String> {
    if check {
        let differences = differences()?;
        differences.iter().for_each(|line| output::complain(line));
        if !differences.is_empty() {
            output::complain("Run `cargo local workflow-actions` to write them anew.");
        }
        return Ok(differences.is_empty());
    }
    let folder = folder();
    std::fs::create_dir_all(&folder).map_err(said)?;
    for (name, content) in files() {
        std::fs::write(folder.join(name), content).map_err(said)?;
    }
    output::say(true, "The workflow actions of the HubSpot project are written.");
    Ok(true)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../hubspot/src/app/workflow-actions")
}

fn said(error: impl ToString) -> String {
    format!("infra/hubspot/src/app/workflow-actions: {}", error.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_project_says_what_the_actions_say() {
        let differences = super::differences().unwrap();
        assert!(differences.is_empty(), "run `cargo local workflow-actions`: {differences:#?}");
    }
}
