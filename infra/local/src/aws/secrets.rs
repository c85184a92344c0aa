//! Secrets Manager, as far as the functions use it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Answer, error};

pub(super) fn answer(secrets: &BTreeMap<String, String>, operation: &str, body: &[u8]) -> Answer {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let id = request["SecretId"].as_str().unwrap_or_default();
    match (operation, secrets.get(id)) {
        ("GetSecretValue", Some(value)) => (
            200,
            json!({ "Name": id, "SecretString": value, "VersionStages": ["AWSCURRENT"] }).to_string().into_bytes(),
        ),
        ("GetSecretValue", None) => {
            error(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        }
        (other, _) => error(400, "UnknownOperationException", other),
    }
}
