//! What happened lately, and the state of any record by either of its ids.

use app::App;
use domain::{Activity, ActivityKind, Binding, HubspotId, KleerId, ObjectSettings, ObjectType};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Pairing;

use super::problems::{ProblemView, view};
use super::{Caller, Code, ObjectName, Refusal, SettingsError, installed, swedish, words};

/// The most lines of one answer.
const MOST: u16 = 100;

/// Which lines of the list to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivityRequest {
    /// How many, at most 100; fifty if it is left out.
    #[serde(default)]
    pub limit: Option<u16>,
    /// Where the answer before ended; null for the newest.
    #[serde(default)]
    pub before: Option<String>,
    /// Only lines of this kind, such as `conflict`; null for all. After a long stretch of others an answer may hold fewer lines
    /// than there are.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub kind: Option<ActivityKind>,
}

/// Some lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivityPage {
    /// The newest first.
    pub lines: Vec<ActivityLine>,
    /// Where the next older ones begin; null if there are none.
    pub before: Option<String>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActivityLine {
    /// When.
    pub at: Timestamp,
    /// What kind of thing happened; the page has a sign for each.
    #[schemars(with = "String")]
    pub kind: ActivityKind,
    /// The type, where it is about one.
    #[schemars(with = "Option<ObjectName>")]
    pub object: Option<ObjectType>,
    /// The record in Kleer.
    pub kleer_id: Option<i64>,
    /// The record in HubSpot.
    pub hubspot_id: Option<String>,
    /// What happened, a sentence or two.
    pub message: String,
    /// The same in Swedish; null if it is not known in Swedish.
    pub message_sv: Option<String>,
}

/// An id of a record, of Kleer's or HubSpot's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Find {
    /// As it was typed.
    pub id: String,
}

/// What is known by that id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Found {
    /// Records of different types, and of both sides, may have the same number.
    pub records: Vec<FoundRecord>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FoundRecord {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// The record in Kleer.
    pub kleer_id: i64,
    /// The HubSpot object.
    pub hubspot_object: String,
    /// The record in HubSpot; null while it has none.
    pub hubspot_id: Option<String>,
    /// Its page.
    pub link: Option<String>,
    /// The name of its state, as in the counts.
    pub state: String,
    /// When it is tried again by itself, while it is failing.
    pub retry_at: Option<Timestamp>,
    /// How often it was refused in a row.
    pub failures: u32,
    /// What is wrong with it; null if nothing is.
    pub problem: Option<ProblemView>,
}

/// What happened lately.
///
/// # Errors
/// If the portal is not connected.
pub async fn activity(app: &App, caller: &Caller, request: ActivityRequest) -> Result<ActivityPage, SettingsError> {
    installed(app, caller).await?;
    let limit = request.limit.unwrap_or(50).clamp(1, MOST);
    let (portal, before) = (caller.portal, request.before.as_deref());
    let found = match request.kind {
        None => app.store.activities(portal, limit, before).await?,
        Some(kind) => app.store.activities_of(portal, kind, limit, before).await?,
    };
    Ok(ActivityPage { lines: found.lines.into_iter().map(line).collect(), before: found.before })
}

fn line(activity: Activity) -> ActivityLine {
    let Activity { at, kind, object, kleer_id, hubspot_id, message, swedish: known } = activity;
    ActivityLine {
        at,
        kind,
        object,
        kleer_id: kleer_id.map(|id| id.0),
        hubspot_id: hubspot_id.map(|id| id.0),
        message_sv: known.or_else(|| swedish(&message)),
        message,
    }
}

/// Every record that is known by an id, on either side.
///
/// # Errors
/// If it is no id.
pub async fn find(app: &App, caller: &Caller, request: Find) -> Result<Found, SettingsError> {
    installed(app, caller).await?;
    let Ok(kleer_id) = request.id.parse::<KleerId>() else {
        return Err(Refusal::new(Code::InvalidRequest, "An id of Kleer or HubSpot is a number.").into());
    };
    let hubspot_id = HubspotId(kleer_id.to_string());
    let mut records = Vec::new();
    for settings in app.store.all_settings(caller.portal).await? {
        if settings.object == ObjectType::LineItem {
            continue;
        }
        let bound = app.store.bound_to(caller.portal, &settings.hubspot_object, &hubspot_id).await?;
        let pairing = Pairing::new(caller.portal, settings.object, &settings.hubspot_object);
        let ids: Vec<KleerId> = std::iter::once(kleer_id).chain(bound.filter(|other| *other != kleer_id)).collect();
        for (id, binding) in app.store.bindings(&pairing, &ids).await? {
            // Types may share a HubSpot object: what is bound there may be another type's.
            if id == kleer_id || binding.hubspot_id.as_ref() == Some(&hubspot_id) {
                records.push(record(app, caller, &settings, id, binding).await?);
            }
        }
    }
    records.sort_by_key(|record| (record.object, record.kleer_id));
    Ok(Found { records })
}

async fn record(
    app: &App,
    caller: &Caller,
    settings: &ObjectSettings,
    kleer_id: KleerId,
    binding: Binding,
) -> Result<FoundRecord, store::Error> {
    let problem = app.store.problem(caller.portal, settings.object, kleer_id).await?;
    let link = |id: &HubspotId| words::link(caller.portal, &settings.hubspot_object, id);
    Ok(FoundRecord {
        object: settings.object,
        kleer_id: kleer_id.0,
        hubspot_object: settings.hubspot_object.clone(),
        link: binding.hubspot_id.as_ref().and_then(link),
        hubspot_id: binding.hubspot_id.map(|id| id.0),
        state: binding.state.as_str().to_owned(),
        retry_at: binding.retry_at,
        failures: binding.failures,
        problem: problem.map(view),
    })
}
