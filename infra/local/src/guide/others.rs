//! What is neither about one type nor about one action.

use domain::{ProblemCode, Side, SyncSettings};
use serde_json::json;

use super::table::{code, table};
use super::texts::Texts;

/// Every problem that a record can have. A test of the page says that it has words for each.
pub(super) fn problems(texts: &Texts) -> String {
    let head = [
        texts.get("problems.what"),
        texts.of("Where it is mended", "Var det åtgärdas").to_owned(),
        texts.get("problems.todo"),
    ];
    let row = |name: &str| {
        let side = match serde_json::from_value::<ProblemCode>(json!(name)).ok()?.side() {
            Side::Kleer => texts.of("Kleer", "Kleer"),
            Side::Hubspot => texts.of("HubSpot", "HubSpot"),
            Side::Settings => texts.of("The settings page", "Inställningssidan"),
        };
        let [title, remedy] = ["problem", "remedy"].map(|what| texts.get(&format!("{what}.{name}")));
        Some([title, side.to_owned(), remedy])
    };
    let [what, side, todo] = &head;
    table([what, side, todo], texts.behind("problem.").filter_map(row))
}

/// What is chosen for an account as long as nobody chooses anything else.
pub(super) fn defaults(texts: &Texts) -> String {
    let SyncSettings { invoice_window_months, match_companies, match_any_number, project_pipeline, default_product } =
        SyncSettings::default();
    let switch = |is_on: bool| texts.get(if is_on { "abilities.on" } else { "abilities.off" });
    let window = invoice_window_months.map_or_else(
        || texts.get("sync.all"),
        |months| {
            texts.get(if months == 1 { "sync.month" } else { "sync.months" }).replace("{count}", &months.to_string())
        },
    );
    let rows = [
        ("sync.window", window, "sync.windowText"),
        (
            "product.label",
            default_product.map_or_else(|| texts.get("product.none"), |id| id.to_string()),
            "product.text",
        ),
        ("pipeline.label", project_pipeline.unwrap_or_else(|| texts.get("pipeline.first")), "pipeline.text"),
        ("sync.match", switch(match_companies), "sync.matchText"),
        ("sync.matchMany", switch(match_any_number), "sync.matchManyText"),
    ];
    let head = [
        texts.of("Setting", "Inställning"),
        texts.of("From the start", "Från början"),
        texts.of("What it does", "Vad den gör"),
    ];
    table(head, rows.map(|(label, value, help)| [texts.get(label), value, texts.get(help)]))
}

/// What a portal is asked to allow, by what it is for.
pub(super) fn scopes(texts: &Texts) -> String {
    let head = [texts.of("Permission in HubSpot", "Behörighet i HubSpot"), texts.of("Asked for", "Begärs")];
    let row = |need: &'static str| move |scope: &&str| [code(scope), need.to_owned()];
    let required = hubspot::scopes::REQUIRED.iter().map(row(texts.of("Always", "Alltid")));
    let optional = hubspot::scopes::OPTIONAL
        .iter()
        .map(row(texts.of("If the account has the feature", "Om kontot har funktionen")));
    table(head, required.chain(optional))
}

/// The version of the terms that have to be accepted.
pub(super) fn version(texts: &Texts) -> String {
    let version = portal::settings::TERMS_VERSION;
    format!("{} **{version}**.", texts.of("Version of", "Version av"))
}
