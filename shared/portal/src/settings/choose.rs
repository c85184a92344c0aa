//! A person says which HubSpot record a record of Kleer's is, where nobody else can know.

use std::collections::BTreeMap;

use app::App;
use domain::{ActivityKind, HubspotId, ObjectType, RecordState};
use hubspot::{BatchRead, Fetch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sync::objects;

use super::problems::{Pointed, begun_anew};
use super::{Caller, Code, Done, ObjectName, RecordRequest, Refusal, SettingsError, note, refusal, words};

/// The records that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Candidates {
    /// At most twenty.
    pub candidates: Vec<Candidate>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// The HubSpot record.
    pub hubspot_id: String,
    /// What it is called there; null if it has no name.
    pub name: Option<String>,
    /// Its page.
    pub link: Option<String>,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Choose {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// The record in Kleer.
    pub kleer_id: i64,
    /// The record in HubSpot that it is; null if it is none of them and shall have one of its own.
    pub hubspot_id: Option<String>,
}

/// The HubSpot records that a doubtful record may be, with their names.
///
/// # Errors
/// If it is not in doubt, or HubSpot does not answer.
pub async fn candidates(app: &App, caller: &Caller, request: RecordRequest) -> Result<Candidates, SettingsError> {
    let pointed = Pointed::at(app, caller, request.object, request.kleer_id).await?;
    let problem = app.store.problem(caller.portal, request.object, pointed.kleer_id).await?;
    let Some(problem) = problem else { return Err(Pointed::unknown()) };
    let required = objects::spec(request.object).required.first();
    let mapped = pointed.settings.mappings.iter().find(|mapping| mapping.field.as_deref() == required.copied());
    let title = mapped.map_or("name", |mapping| mapping.property.as_str());
    let object = &pointed.settings.hubspot_object;
    let ids = problem.candidates.iter().map(|id| id.0.clone()).collect();
    let read = BatchRead { ids, properties: vec![title.to_owned()], ..BatchRead::default() };
    let hubspot = app.hubspot(caller.portal).await?;
    let found = hubspot.objects().batch_read(object, &read).await.map_err(|error| refusal::hubspot(&error))?;
    let names: BTreeMap<&str, Option<&str>> =
        found.results.iter().map(|record| (record.id.as_str(), record.value(title))).collect();
    // One that was deleted or merged meanwhile cannot be chosen any more.
    let candidates = problem.candidates.iter().filter_map(|id| {
        let name = names.get(id.as_str())?.map(str::to_owned);
        Some(Candidate { hubspot_id: id.0.clone(), name, link: words::link(caller.portal, object, id) })
    });
    Ok(Candidates { candidates: candidates.collect() })
}

/// Binds a doubtful record to the HubSpot record that was chosen, or lets it have one of its own. Kleer's values are written there.
///
/// # Errors
/// If it is not in doubt, or the HubSpot record is not there or another record's.
pub async fn choose(app: &App, caller: &Caller, request: Choose) -> Result<Done, SettingsError> {
    let pointed = Pointed::at(app, caller, request.object, request.kleer_id).await?;
    let binding = pointed.binding(app).await?;
    let wanted = request.hubspot_id.map(|id| HubspotId(id.trim().to_owned()));
    let Some(binding) = binding else { return Err(Pointed::unknown()) };
    if binding.state != RecordState::Doubtful {
        // The same choice was made before, and its answer was lost.
        let same = binding.hubspot_id.is_some() && binding.hubspot_id == wanted;
        return if same { Ok(Done {}) } else { Err(Pointed::unknown()) };
    }
    if let Some(wanted) = &wanted {
        check(app, caller, &pointed, wanted).await?;
    }
    pointed.change(app, |before| begun_anew(before, wanted.clone())).await?;
    app.store.clear_problem(caller.portal, request.object, pointed.kleer_id).await?;
    pointed.push(app, caller).await?;
    let label = objects::spec(request.object).label;
    let what = match &wanted {
        Some(wanted) => format!("said that {label} {} is HubSpot record {wanted}", request.kleer_id),
        None => format!("said that {label} {} is a HubSpot record of its own", request.kleer_id),
    };
    note(app, caller, ActivityKind::SettingsChanged, Some(request.object), &what).await?;
    Ok(Done {})
}

async fn check(app: &App, caller: &Caller, pointed: &Pointed, wanted: &HubspotId) -> Result<(), SettingsError> {
    let object = &pointed.settings.hubspot_object;
    let bound = app.store.bound_to(caller.portal, object, wanted).await?;
    if let Some(other) = bound.filter(|other| *other != pointed.kleer_id) {
        let why = format!("HubSpot record {wanted} belongs to {other} in Kleer already.");
        let details = serde_json::json!({ "kleer_id": other });
        return Err(Refusal::new(Code::BoundElsewhere, why).with(details).into());
    }
    let hubspot = app.hubspot(caller.portal).await?;
    match hubspot.objects().get(object, wanted.as_str(), &Fetch::default()).await {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == rest::ErrorKind::Missing => {
            let why = format!("HubSpot has no such record {wanted}: it was deleted or merged.");
            Err(Refusal::new(Code::UnknownRecord, why).into())
        }
        Err(error) => Err(refusal::hubspot(&error)),
    }
}
