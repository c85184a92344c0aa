//! What must hold between the HubSpot project (`infra/hubspot`) and the code: HubSpot is told once, by files, what the code
//! counts on. Each check answers with complaints; a table of spoiled projects shows that each can complain. Whether HubSpot
//! takes the files at all is looked at with its own parser (`tests/hubspot`).

#![expect(clippy::unwrap_used, reason = "a check that cannot go on has failed, and the panic says where")]

#[path = "hubspot_project/checks.rs"]
mod checks;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use checks::{CHECKS, Check};

/// The project's JSON files, by their path in it.
type Project = BTreeMap<String, Value>;

const APP: &str = "src/app/app-hsmeta.json";
const WEBHOOKS: &str = "src/app/webhooks/webhooks-hsmeta.json";
const ACTIONS: &str = "src/app/workflow-actions/";
const SAMPLE: &str = "src/app/workflow-actions/create-sample-hsmeta.json";

fn project() -> Project {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/hubspot");
    let mut project = Project::new();
    for folder in ["", "src", "src/app", "src/app/settings", "src/app/webhooks", "src/app/workflow-actions"] {
        // Those of the page and the actions need not be there.
        let entries = std::fs::read_dir(root.join(folder)).into_iter().flatten();
        for name in entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()) {
            let read = ["hsproject.json", "-hsmeta.json"].iter().any(|end| name.ends_with(end));
            if read || name.starts_with("hsprofile.") {
                let file = if folder.is_empty() { name } else { format!("{folder}/{name}") };
                let text = std::fs::read_to_string(root.join(&file)).unwrap();
                project.insert(file, serde_json::from_str(&text).unwrap());
            }
        }
    }
    project
}

/// The project with one workflow action more, to be spoiled.
fn with_sample() -> Project {
    let mut project = project();
    let options = json!({ "typeDefinition": { "name": "user", "optionsUrl": "${PUBLIC_BASE_URL}/actions/options" } });
    let config = json!({ "actionUrl": "${PUBLIC_BASE_URL}/actions/create-sample", "inputFields": [options] });
    project.insert(SAMPLE.to_owned(), json!({ "uid": "create_sample", "type": "workflow-action", "config": config }));
    project
}

fn complaints(project: &Project) -> Vec<String> {
    CHECKS.iter().flat_map(|check| (check.look)(project)).collect()
}

#[test]
fn the_project_says_what_the_code_counts_on() {
    for project in [project(), with_sample()] {
        let complaints = complaints(&project);
        assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    }
}

#[test]
fn every_check_can_complain() {
    for Check { rule, look, spoil } in CHECKS {
        for (file, pointer, value) in *spoil {
            let mut project = with_sample();
            let spoiled = project.get_mut(*file).and_then(|content| content.pointer_mut(pointer));
            let spoiled = spoiled.unwrap_or_else(|| panic!("{rule}: nothing stands at {file} {pointer}"));
            *spoiled = value.strip_prefix("json:").map_or_else(|| json!(value), |json| json.parse().unwrap());
            assert!(!look(&project).is_empty(), "{rule}: {value} at {file} {pointer} is not noticed");
        }
    }
}
