//! Every request that the outside can make of us, one of each kind, as it is when it is what it says: made from the lists of routes,
//! operations and actions, so that a new one without a case fails.

use std::collections::BTreeSet;

use actions::{Action, Meaning};
use hubspot_sim::signature::{Scheme, sign};
use local::pretend::CLIENT_SECRET;
use serde_json::{Value, json};
use settings_function::operations;
use tests::World;

/// Whose request it is, and what it is about. The numbers may be another portal's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About {
    /// Who asks, as HubSpot signs it.
    pub(crate) portal: i64,
    /// A record of HubSpot.
    pub(crate) record: u64,
    /// A record of Kleer.
    pub(crate) kleer_id: i64,
}

/// How a route knows who sent a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// HubSpot's signature, the third.
    Signed,
    /// The third, or the second where there is no third.
    SignedOrV2,
    /// By a one-time state, or not at all.
    Unsigned,
}

/// A request before anybody signs it.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The route of `template.yaml` that it takes.
    pub(crate) route: &'static str,
    pub(crate) known: Known,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
}

impl Call {
    pub(crate) fn method(&self) -> &'static str {
        self.route.split(' ').next().unwrap_or_default()
    }

    /// The bytes of its body.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.body.as_ref().map(|body| body.to_string().into_bytes()).unwrap_or_default()
    }

    /// As it arrives, with that body, signed now if it has to be.
    pub(crate) fn with(&self, world: &World, body: Vec<u8>) -> web::Request {
        // No two requests of one moment: the second would be a copy.
        world.clock.advance(std::time::Duration::from_millis(1));
        let mut request = world.unsigned(self.method(), &self.path, body);
        let scheme = match self.known {
            Known::Unsigned => return request,
            Known::Signed => Scheme::Webhook,
            Known::SignedOrV2 => Scheme::Action,
        };
        sign(&mut request, scheme, CLIENT_SECRET, world.clock.now());
        request
    }

    /// As it arrives.
    pub(crate) fn request(&self, world: &World) -> web::Request {
        self.with(world, self.bytes())
    }
}

/// The routes of the HTTP API, as `template.yaml` has them.
pub(crate) fn routes() -> BTreeSet<String> {
    let template = include_str!("../../template.yaml");
    let routes = template.lines().filter_map(|line| line.trim().strip_prefix("RouteKey: "));
    routes.map(|route| route.trim_matches(['"', '\'']).to_owned()).collect()
}

/// One request of each kind.
pub(crate) fn calls(about: About) -> Vec<Call> {
    let mut calls = vec![
        plain("GET /health", "/health".to_owned()),
        plain("GET /oauth/start", "/oauth/start".to_owned()),
        plain("GET /oauth/callback", "/oauth/callback?code=nobodys&state=nobodys".to_owned()),
        Call {
            route: "POST /webhooks/hubspot",
            known: Known::Signed,
            path: "/webhooks/hubspot".to_owned(),
            body: Some(events(about)),
        },
    ];
    // The user guide is the same for everybody, however many routes it has.
    let pages = routes().into_iter().filter(|route| route.contains(" /docs"));
    calls.extend(pages.map(|route| {
        let path = route.replace("{proxy+}", "en/");
        plain(route.leak(), path.split(' ').nth(1).unwrap_or_default().to_owned())
    }));
    for action in Action::ALL {
        let path = format!("/actions/{}", action.definition().name);
        calls.push(of_workflow(path, execution(about, action)));
    }
    for input in live_inputs() {
        calls.push(of_workflow("/actions/options".to_owned(), options(about, input)));
    }
    for operation in operations::all() {
        let portal = about.portal;
        calls.push(Call {
            route: "POST /settings/{operation}",
            known: Known::Signed,
            path: format!(
                "/settings/{}?userId=7&portalId={portal}&userEmail=eva%40example.se&appId=1000001",
                operation.name
            ),
            body: Some(asked(operation.name, about)),
        });
    }
    calls
}

fn plain(route: &'static str, path: String) -> Call {
    Call { route, known: Known::Unsigned, path, body: None }
}

fn of_workflow(path: String, body: Value) -> Call {
    Call { route: "POST /actions/{action}", known: Known::SignedOrV2, path, body: Some(body) }
}

/// The inputs whose choices come from Kleer.
fn live_inputs() -> BTreeSet<&'static str> {
    let inputs = Action::ALL.into_iter().flat_map(|action| action.definition().inputs);
    inputs.filter(|input| matches!(input.meaning, Meaning::Live(_))).map(|input| input.name).collect()
}

fn events(about: About) -> Value {
    let event = |subscription_type: &str| {
        json!({
            "eventId": 3_100_001, "subscriptionId": 610_001, "portalId": about.portal, "appId": 1_000_001,
            "occurredAt": 1_795_161_600_000_i64, "subscriptionType": subscription_type, "attemptNumber": 0,
            "objectId": about.record, "propertyName": "name", "propertyValue": "x",
            "changeSource": "CRM_UI", "sourceId": "userId:501", "objectTypeId": "0-2",
            "primaryObjectId": about.record, "mergedObjectIds": [about.record + 1], "newObjectId": about.record,
        })
    };
    let kinds = ["propertyChange", "creation", "deletion", "restore", "merge"];
    kinds.map(|kind| event(&format!("company.{kind}"))).to_vec().into()
}

fn execution(about: About, action: Action) -> Value {
    // Inputs that name a record name the other one's.
    let fields: serde_json::Map<String, Value> = action
        .definition()
        .inputs
        .iter()
        .map(|input| (input.name.to_owned(), json!(about.kleer_id.to_string())))
        .collect();
    let of_companies = action.makes() == domain::ObjectType::Client;
    json!({
        "callbackId": format!("ap-{}-{}", about.portal, action.definition().name),
        "origin": { "portalId": about.portal, "actionDefinitionId": 7001, "actionDefinitionVersion": 1 },
        "context": { "workflowId": 8001, "source": "WORKFLOWS" },
        "object": { "objectId": about.record, "objectType": if of_companies { "COMPANY" } else { "DEAL" } },
        "fields": {},
        "inputFields": fields,
    })
}

fn options(about: About, input: &str) -> Value {
    json!({
        "origin": { "portalId": about.portal, "actionDefinitionId": 2, "actionDefinitionVersion": 3 },
        "objectTypeId": "0-3", "inputFieldName": input, "inputFields": {}, "fetchOptions": { "q": "", "after": null },
    })
}

/// What an operation of the settings page is asked with.
fn asked(operation: &str, about: About) -> Value {
    let About { record, kleer_id, .. } = about;
    let mut body = match operation {
        "overview" | "disconnect" | "pipelines" | "status" => json!({}),
        "accept-terms" => json!({ "version": portal::settings::TERMS_VERSION }),
        "save-credentials" => json!({ "company_id": "1", "api_key": "a-guess" }),
        "start-afresh" => json!({ "company_id": "1", "api_key": "a-guess", "confirmed": true }),
        "save-sync-settings" => json!({
            "version": 0, "invoice_window_months": 12, "match_companies": true, "match_any_number": true,
            "project_pipeline": null, "default_product": kleer_id,
        }),
        "products" => json!({ "search": "e" }),
        "object" | "states" | "preview" | "preview-state" | "resync" => json!({ "object": "client" }),
        "save-object" => json!({
            "object": "client", "version": 1, "enabled": true, "hubspot_object": "companies", "create_in_kleer": false,
            "interval_s": 300,
        }),
        "save-schedule" => json!({ "object": "client", "version": 1, "interval_s": 600 }),
        "save-mapping" => json!({
            "object": "client", "version": 1, "replaces": null, "field": "contact", "property": "description",
            "default": null,
        }),
        "delete-mapping" => json!({ "object": "client", "version": 1, "property": "phone" }),
        "properties" => json!({ "object": "client", "field": "contact", "search": "e" }),
        "create-property" => json!({ "object": "client", "field": "contact", "name": "kleer_contact", "label": "C" }),
        "sync-now" | "verify-now" | "retry-all" => json!({ "object": "client" }),
        "problems" => json!({ "object": "client", "limit": 10, "after": kleer_id.to_string() }),
        "retry" | "recreate" | "candidates" => json!({ "object": "client", "kleer_id": kleer_id }),
        "choose" => json!({ "object": "client", "kleer_id": kleer_id, "hubspot_id": record.to_string() }),
        "activity" => json!({ "limit": 10, "before": "2026-11-20T08:00:00Z#x" }),
        "find" => json!({ "id": kleer_id.to_string() }),
        other => panic!("the operation {other} has no case here: say what it is asked with"),
    };
    body["request"] = json!(format!("{operation}-1"));
    body
}

#[test]
fn every_route_of_the_template_has_a_case() {
    let about = About { portal: 4242, record: 9001, kleer_id: 1004 };
    let cased: BTreeSet<String> = calls(about).into_iter().map(|call| call.route.to_owned()).collect();
    assert_eq!(cased, routes(), "a route of template.yaml has no case in calls(), or a case no route");
}
