//! The checks.

use std::collections::{BTreeMap, BTreeSet};

use domain::{COMPANY_TRIGGERS, ObjectType, hubspot_object_name};
use serde_json::Value;

use super::{ACTIONS, APP, Project, WEBHOOKS};

/// A rule about the project.
pub(crate) struct Check {
    pub(crate) rule: &'static str,
    /// Complaints.
    pub(crate) look: fn(&Project) -> Vec<String>,
    /// Ways to break the rule: a file, a place in it, and what stands there instead, `json:` before anything but a text.
    pub(crate) spoil: &'static [(&'static str, &'static str, &'static str)],
}

pub(crate) const CHECKS: &[Check] = &[
    Check {
        rule: "a portal is asked for the scopes of the code",
        look: scopes,
        spoil: &[
            (APP, "/config/auth/requiredScopes", r#"json:["oauth"]"#),
            (APP, "/config/auth/requiredScopes/0", "automation"),
            (APP, "/config/auth/optionalScopes", "json:[]"),
            (APP, "/config/auth/optionalScopes/0", "oauth"),
            (APP, "/config/auth/optionalScopes/1", "crm.objects.projects.read"),
            (APP, "/config/auth/conditionallyRequiredScopes", r#"json:["automation"]"#),
        ],
    },
    Check {
        rule: "an edit is told exactly where the code imports it",
        look: triggers,
        spoil: &[
            (WEBHOOKS, "/config/subscriptions/crmObjects/4/propertyName", "nickname"),
            (WEBHOOKS, "/config/subscriptions/crmObjects/5/propertyName", "name"),
            (WEBHOOKS, "/config/subscriptions/crmObjects/31/objectType", "deal"),
            (WEBHOOKS, "/config/subscriptions/crmObjects/31/active", "json:false"),
            (WEBHOOKS, "/config/subscriptions/crmObjects", "json:[]"),
        ],
    },
    Check {
        rule: "a record that comes, goes, returns or is merged is told where the code cares",
        look: events,
        spoil: &[
            (WEBHOOKS, "/config/subscriptions/crmObjects/0/subscriptionType", "object.associationChange"),
            (WEBHOOKS, "/config/subscriptions/crmObjects/2/active", "json:false"),
            (WEBHOOKS, "/config/subscriptions/crmObjects/32/objectType", "line_item"),
            (WEBHOOKS, "/config/subscriptions/crmObjects/33/objectType", "project"),
        ],
    },
    Check {
        rule: "HubSpot sends no faster than it may, and no slower than it must",
        look: pace,
        spoil: &[
            (WEBHOOKS, "/config/settings/maxConcurrentRequests", "json:5"),
            (WEBHOOKS, "/config/settings/maxConcurrentRequests", "json:11"),
            (WEBHOOKS, "/config/settings/maxConcurrentRequests", "10"),
        ],
    },
    Check {
        rule: "every address is a route of ours behind the one public address",
        look: addresses,
        spoil: &[
            (APP, "/config/auth/redirectUrls/0", "https://example.invalid/oauth/callback"),
            (APP, "/config/auth/redirectUrls", "json:[]"),
            (APP, "/config/permittedUrls/fetch", "json:[]"),
            (APP, "/config/permittedUrls/fetch/0", "${PUBLIC_BASE_URL}/settings"),
            (APP, "/config/support/supportUrl", "${PUBLIC_BASE_URL}/help"),
            (WEBHOOKS, "/config/settings/targetUrl", "${PUBLIC_BASE_URL}/webhooks"),
            (super::SAMPLE, "/config/actionUrl", "${PUBLIC_BASE_URL}/actions/create-other"),
            (super::SAMPLE, "/config/inputFields/0/typeDefinition/optionsUrl", "${PUBLIC_BASE_URL}/options"),
        ],
    },
    Check {
        rule: "each profile is one system of ours, with an address that our configuration takes as it is",
        look: profiles,
        spoil: &[
            ("src/hsprofile.dev.json", "/variables/PUBLIC_BASE_URL", "https://hubspot.example.com"),
            ("src/hsprofile.dev.json", "/variables/PUBLIC_BASE_URL", "https://hubspot-dev.example.com/"),
            ("src/hsprofile.prod.json", "/variables/PUBLIC_BASE_URL", "hubspot.example.com"),
            ("src/hsprofile.prod.json", "/variables/PUBLIC_BASE_URL", "http://hubspot.example.com"),
            ("src/hsprofile.prod.json", "/variables", r#"json:{"PUBLIC_BASE_URL":"https://hubspot.example.com"}"#),
            (APP, "/config/name", "Kleer"),
        ],
    },
];

/// What differs between two lists that should hold the same, in any order and each once.
fn differences(what: &str, written: &[&str], wanted: &[&str]) -> Vec<String> {
    let count = |list: &[&str], one: &str| list.iter().filter(|other| **other == one).count();
    let all: BTreeSet<&str> = written.iter().chain(wanted).copied().collect();
    let differing = all.into_iter().map(|one| (one, count(written, one), count(wanted, one)));
    let differing = differing.filter(|(_, written, wanted)| written != wanted);
    differing
        .map(|(one, written, wanted)| format!("{what}: {one} stands there {written} times, the code says {wanted}"))
        .collect()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn scopes(project: &Project) -> Vec<String> {
    let auth = &project[APP]["config"]["auth"];
    let lists: [(&str, &[&str]); 3] = [
        ("requiredScopes", &hubspot::scopes::REQUIRED),
        ("optionalScopes", &hubspot::scopes::OPTIONAL),
        ("conditionallyRequiredScopes", &[]),
    ];
    lists.into_iter().flat_map(|(name, wanted)| differences(name, &texts(&auth[name]), wanted)).collect()
}

/// Active subscriptions: what happens, to which object (its name in the code), in which property.
fn subscriptions(project: &Project) -> Vec<(&str, &str, Option<&str>)> {
    let generic = project[WEBHOOKS]["config"]["subscriptions"]["crmObjects"].as_array().into_iter().flatten();
    let active = generic.filter(|one| one["active"] == true);
    active
        .map(|one| {
            let happens = one["subscriptionType"].as_str().unwrap_or_default();
            let object = one["objectType"].as_str().map_or("", hubspot_object_name);
            (happens, object, one["propertyName"].as_str())
        })
        .collect()
}

fn triggers(project: &Project) -> Vec<String> {
    let changes = subscriptions(project).into_iter().filter(|(happens, ..)| *happens == "object.propertyChange");
    let (companies, others): (Vec<_>, Vec<_>) = changes.partition(|(_, object, _)| *object == "companies");
    let named: Vec<&str> = companies.into_iter().filter_map(|(.., property)| property).collect();
    let mut wrong = differences("company properties", &named, &COMPANY_TRIGGERS);
    wrong.extend(others.iter().map(|(_, object, property)| format!("nobody imports {property:?} of {object}")));
    wrong
}

/// Projects send nothing (design §3 Inbound: unproven). Line items neither: they are written with their record, and most that
/// are deleted were deleted by us.
fn events(project: &Project) -> Vec<String> {
    let found = subscriptions(project);
    let found = found.into_iter().filter(|(happens, ..)| *happens != "object.propertyChange");
    let found: Vec<String> = found.map(|(happens, object, _)| format!("{happens} {object}")).collect();
    let client = sync::objects::spec(ObjectType::Client).hubspot_object;
    let lives = ["creation", "merge", "restore"].map(|happens| format!("object.{happens} {client}"));
    let deleted = [ObjectType::Client, ObjectType::Product, ObjectType::Agreement, ObjectType::Invoice];
    let deletions = deleted.map(|object| format!("object.deletion {}", sync::objects::spec(object).hubspot_object));
    let wanted: Vec<&str> = lives.iter().chain(&deletions).map(String::as_str).collect();
    differences("events", &found.iter().map(String::as_str).collect::<Vec<_>>(), &wanted)
}

/// More than 5 (contract hubspot-platform §4.1); 10 is what HubSpot does by itself (§4.5), and what our targets count on.
fn pace(project: &Project) -> Vec<String> {
    let at_once = &project[WEBHOOKS]["config"]["settings"]["maxConcurrentRequests"];
    if *at_once == 10 { Vec::new() } else { vec![format!("maxConcurrentRequests is {at_once}, and should be 10")] }
}

/// Where in each file which route of design §3 stands.
fn addresses(project: &Project) -> Vec<String> {
    let app = &project[APP]["config"];
    let routes = |list: &[&str]| list.iter().map(|path| format!("${{PUBLIC_BASE_URL}}{path}")).collect::<Vec<_>>();
    let mut wrong = Vec::new();
    let mut check = |file: &str, what: &str, written: Vec<&str>, wanted: &[&str]| {
        let wanted = routes(wanted);
        wrong.extend((written != wanted).then(|| format!("{file}: {what} is {written:?}, and should be {wanted:?}")));
    };
    check(APP, "redirectUrls", texts(&app["auth"]["redirectUrls"]), &["/oauth/callback"]);
    check(APP, "fetch", texts(&app["permittedUrls"]["fetch"]), &[""]);
    for link in ["documentationUrl", "supportUrl"] {
        check(APP, link, app["support"][link].as_str().into_iter().collect(), &["/docs"]);
    }
    let target = &project[WEBHOOKS]["config"]["settings"]["targetUrl"];
    check(WEBHOOKS, "targetUrl", target.as_str().into_iter().collect(), &["/webhooks/hubspot"]);
    for (file, action) in project.iter().filter(|(file, _)| file.starts_with(ACTIONS)) {
        let name = file.trim_start_matches(ACTIONS).trim_end_matches("-hsmeta.json");
        let url = action["config"]["actionUrl"].as_str().into_iter().collect();
        check(file, "actionUrl", url, &[&format!("/actions/{name}")]);
        let inputs = action["config"]["inputFields"].as_array().into_iter().flatten();
        for options in inputs.filter_map(|input| input["typeDefinition"]["optionsUrl"].as_str()) {
            check(file, "optionsUrl", vec![options], &["/actions/options"]);
        }
    }
    wrong
}

fn profiles(project: &Project) -> Vec<String> {
    let all = || project.iter().filter(|(file, _)| file.starts_with("src/hsprofile."));
    let used: BTreeSet<&str> = project.values().flat_map(variables).collect();
    let mut wrong = Vec::new();
    let mut bases: BTreeMap<&str, &str> = BTreeMap::new();
    for (file, profile) in all() {
        let said: Vec<&str> =
            profile["variables"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        wrong.extend(differences(file, &said, &used.iter().copied().collect::<Vec<_>>()));
        let base = profile["variables"]["PUBLIC_BASE_URL"].as_str().unwrap_or_default();
        let config = app::Config::read(|name| (name == "PUBLIC_BASE_URL").then(|| base.to_owned()));
        let read = config.map(|config| config.public_base_url).unwrap_or_default();
        let good = base.starts_with("https://") && read == base;
        wrong.extend((!good).then(|| format!("{file}: {base:?} is not what PUBLIC_BASE_URL of that system would be")));
        wrong.extend(bases.insert(base, file).map(|other| format!("{file} and {other} are the same system")));
    }
    let names: Vec<&str> = all().map(|(file, _)| file.as_str()).collect();
    wrong.extend(differences("profiles", &names, &["src/hsprofile.dev.json", "src/hsprofile.prod.json"]));
    wrong
}

/// The variables that the texts in a file name: `${NAME}`.
fn variables(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => text.split("${").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect(),
        Value::Array(items) => items.iter().flat_map(variables).collect(),
        Value::Object(fields) => fields.values().flat_map(variables).collect(),
        _ => Vec::new(),
    }
}
