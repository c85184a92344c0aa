//! Whatever a story told people has its Swedish.

use serde_json::Value;

/// Looks at an item of the store: problems, lines of the activity list, why a run was interrupted, why a type is unavailable.
pub(crate) fn check(item: &Value) {
    let key = item["pk"]["S"].as_str().unwrap_or_default();
    let kind = key.split('#').nth(1).unwrap_or_default();
    let document: Value =
        item["doc"]["S"].as_str().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let own = document["swedish"].as_str();
    let told = match kind {
        "problem" => vec![&document["message"], &document["remedy"]],
        "activity" if own.is_none() => vec![&document["message"]],
        "" => vec![&document["unavailable"], &item["interrupted"]["S"]],
        _ => Vec::new(),
    };
    for sentence in told.into_iter().filter_map(Value::as_str) {
        let known = portal::settings::swedish(sentence);
        assert!(known.is_some(), "shared/portal/src/settings/swedish does not know: {sentence}");
    }
}
