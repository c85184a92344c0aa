//! The app's workflow actions, as its project files define them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::webhooks::check_url;

/// The demo's actions with the records their workflows are about (contract product §7.1).
const DEMO: [(&str, &str); 7] = [
    ("create-client", "company"),
    ("create-client-from-mappings", "company"),
    ("create-invoice", "deal"),
    ("create-agreement", "deal"),
    ("update-agreement", "deal"),
    ("create-project", "deal"),
    ("create-project-from-mappings", "deal"),
];

/// The app's actions, and how HubSpot calls them (contract hubspot-platform §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Workflows {
    /// The actions.
    pub actions: Vec<WorkflowAction>,
    /// Calls carry a v3 signature beside v2; off, they carry v2 only, as the documentation says (contract §5.1).
    pub v3_signature: bool,
    /// Calls in flight per portal (*guess*; contract §6.3 knows only "up to 20 requests/s" of an older feature).
    pub max_in_flight: usize,
    /// How long a call may take, in milliseconds (contract §6.3: 30 s, of an older feature).
    pub timeout_ms: u64,
}

/// One action that a workflow can have as a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkflowAction {
    /// The name it is enrolled by; HubSpot knows numbers only.
    pub name: String,
    /// Where it is called.
    pub action_url: String,
    /// Where the choices of its inputs are fetched.
    pub options_url: Option<String>,
    /// What its workflows can be about, by any name of the object type; empty is every type.
    pub object_types: Vec<String>,
    /// `objectRequestOptions`: the properties of the record that are sent along.
    pub properties: Vec<String>,
    /// Types of the inputs that are not `string`.
    pub inputs: BTreeMap<String, String>,
    /// `actionDefinitionVersion`; 1 when left out.
    pub version: u64,
}

impl Default for Workflows {
    fn default() -> Workflows {
        Workflows { actions: Vec::new(), v3_signature: true, max_in_flight: 20, timeout_ms: 30_000 }
    }
}

impl Workflows {
    /// The demo's actions at `{base}/actions/{name}`, their choices at `{base}/actions/options`.
    pub(crate) fn demo_actions(base: &str) -> Vec<WorkflowAction> {
        let action = |(name, object_type): (&str, &str)| WorkflowAction {
            name: name.to_owned(),
            action_url: format!("{base}/actions/{name}"),
            options_url: Some(format!("{base}/actions/options")),
            object_types: vec![object_type.to_owned()],
            ..WorkflowAction::default()
        };
        DEMO.map(action).to_vec()
    }

    /// An action by name, with `actionDefinitionId`.
    pub(crate) fn action(&self, name: &str) -> Option<(u64, &WorkflowAction)> {
        (7001..).zip(&self.actions).find(|(_, action)| action.name == name)
    }

    /// What HubSpot would refuse to upload.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.actions.iter().try_for_each(|action| {
            check_url(&action.action_url)?;
            action.options_url.as_deref().map_or(Ok(()), check_url)
        })
    }
}
