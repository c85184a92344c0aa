//! Which addresses there are on AWS, and which function each leads to. A route of an HTTP API answers the one method that it
//! names, so HEAD is a route of its own.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::checks::{named, resources};

/// The routes (design §3 Routes), with the function that answers them.
const ROUTES: [(&str, &str); 10] = [
    ("GET /docs", "SettingsFunction"),
    ("GET /docs/{proxy+}", "SettingsFunction"),
    ("GET /health", "WebhooksFunction"),
    ("GET /oauth/callback", "InstallFunction"),
    ("GET /oauth/start", "InstallFunction"),
    ("HEAD /docs", "SettingsFunction"),
    ("HEAD /docs/{proxy+}", "SettingsFunction"),
    ("POST /actions/{action}", "ActionsFunction"),
    ("POST /settings/{operation}", "SettingsFunction"),
    ("POST /webhooks/hubspot", "WebhooksFunction"),
];

/// Routes that are missing, that nobody knows of, or that lead elsewhere.
pub(crate) fn wrong(template: &Value) -> Vec<String> {
    let leads_to = |route: &Value| {
        let target = route["Properties"]["Target"]["Fn::Sub"].as_str().unwrap_or_default();
        let integration = target.strip_prefix("integrations/${").and_then(|name| name.strip_suffix('}'));
        let integration = &template["Resources"][integration.unwrap_or_default()];
        named(&integration["Properties"]["IntegrationUri"]).to_owned()
    };
    let found = resources(template, "AWS::ApiGatewayV2::Route");
    let found = found.map(|(_, route)| {
        let key = route["Properties"]["RouteKey"].as_str().unwrap_or_default();
        (key.to_owned(), leads_to(route))
    });
    let found: BTreeSet<(String, String)> = found.collect();
    let wanted: BTreeSet<(String, String)> =
        ROUTES.into_iter().map(|(key, function)| (key.to_owned(), function.to_owned())).collect();
    let missing = wanted.difference(&found).map(|(key, function)| format!("{key} does not lead to {function}"));
    let strange = found.difference(&wanted).map(|(key, function)| format!("{key} leads to {function}"));
    missing.chain(strange).collect()
}
