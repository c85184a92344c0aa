//! What a run would do, told without doing it.

use std::collections::BTreeMap;
use std::time::Duration;

use app::App;
use domain::{Change, ChangeKind, HubspotId, ObjectType, SyncPlan};
use hubspot::BatchRead;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::problems::{ProblemView, view};
use super::{Caller, Code, ObjectRequest, Refusal, SettingsError, chosen, refusal, words};

/// A page waits no longer (contract hubspot-platform §2.3, §5.4: the gateway gives up after 30 s).
const LONGEST: Duration = Duration::from_secs(22);
/// How many samples of each kind are shown.
const SAMPLES: usize = 5;
/// How many problems are shown.
const PROBLEMS: usize = 20;

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    /// How many records, by what would become of them.
    pub counts: PreviewCounts,
    /// Some of the records that would be written.
    pub samples: Vec<Sample>,
    /// Some of the problems that it would find.
    pub problems: Vec<ProblemView>,
}

/// Records by what would become of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PreviewCounts {
    /// In Kleer.
    pub source: u64,
    /// Made in HubSpot.
    pub create: u64,
    /// Linked to a HubSpot record that is there already, and written to it.
    pub link: u64,
    /// Changed in HubSpot.
    pub update: u64,
    /// Told to be gone from Kleer.
    pub deactivate: u64,
    /// As they should be.
    pub unchanged: u64,
    /// Waiting for a record that they belong to.
    pub waiting: u64,
    /// Left out by rule.
    pub excluded: u64,
    /// Waiting for a person who says which HubSpot record they are.
    pub doubtful: u64,
    /// Deleted in HubSpot, and not made again unless a person asks.
    pub deleted_in_hubspot: u64,
    /// Not written, because of a problem.
    pub failed: u64,
}

/// A record that would be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sample {
    /// `create`, `link`, `update` or `deactivate`.
    pub kind: String,
    /// The record in Kleer.
    pub kleer_id: i64,
    /// The record in HubSpot; null if it would be made.
    pub hubspot_id: Option<String>,
    /// Its page.
    pub link: Option<String>,
    /// The properties that would be written with another value than they have. Of a link, empty values are not written.
    pub properties: Vec<PropertyChange>,
    /// How many line items it would have.
    pub rows: u64,
}

/// A value before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PropertyChange {
    /// The property.
    pub property: String,
    /// What HubSpot says now; empty if nothing.
    pub before: String,
    /// What it would say.
    pub after: String,
}

/// What the types are shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Create,
    Link,
    Update,
    Deactivate,
}

impl Kind {
    /// None if nothing is written.
    fn of(change: &Change) -> Option<Self> {
        match change.kind {
            ChangeKind::Create => Some(Self::Create),
            // Never bound before: first contact found it.
            ChangeKind::Update if change.version == 0 => Some(Self::Link),
            ChangeKind::Update => Some(Self::Update),
            ChangeKind::Deactivate => Some(Self::Deactivate),
            ChangeKind::Exclude(_) | ChangeKind::Unfit => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Link => "link",
            Self::Update => "update",
            Self::Deactivate => "deactivate",
        }
    }
}

/// What a run of a type would do. Nothing is written, neither to HubSpot nor to Kleer nor here.
///
/// # Errors
/// If a run could not do anything either, or it takes longer than a page can wait.
pub async fn preview(app: &App, caller: &Caller, request: ObjectRequest) -> Result<Preview, SettingsError> {
    let settings = chosen(app, caller, request.object).await?.value;
    if !ObjectType::POLLED.contains(&request.object) {
        let why = "Line items go with the invoices and agreements that have them: preview one of those.";
        return Err(Refusal::new(Code::NotPossible, why).into());
    }
    let planned = app.clock.timeout(LONGEST, Box::pin(sync::preview(app, caller.portal, request.object))).await;
    let plan = planned
        .map_err(|_| {
            let why =
                "There are so many records that a preview takes longer than this page can wait. Nothing was written.";
            SettingsError::from(Refusal::new(Code::TooLong, why))
        })?
        .map_err(|why| SettingsError::from(Refusal::new(Code::CannotRun, why)))?;
    let samples = samples(app, caller, &settings.hubspot_object, &plan).await?;
    let problems = plan.problems.iter().take(PROBLEMS).cloned().map(view).collect();
    Ok(Preview { counts: counts(&plan), samples, problems })
}

fn counts(plan: &SyncPlan) -> PreviewCounts {
    let of = |kind: Kind| plan.changes.iter().filter(|change| Kind::of(change) == Some(kind)).count() as u64;
    let excluded = plan.excluded;
    PreviewCounts {
        source: plan.source,
        create: of(Kind::Create),
        link: of(Kind::Link),
        update: of(Kind::Update),
        deactivate: of(Kind::Deactivate),
        unchanged: plan.unchanged,
        waiting: plan.waiting,
        excluded,
        doubtful: plan.doubtful,
        deleted_in_hubspot: plan.deleted_in_hubspot,
        failed: plan.refused() + plan.pausing,
    }
}

async fn samples(
    app: &App,
    caller: &Caller,
    hubspot_object: &str,
    plan: &SyncPlan,
) -> Result<Vec<Sample>, SettingsError> {
    let mut chosen: BTreeMap<Kind, Vec<&Change>> = BTreeMap::new();
    for change in &plan.changes {
        let Some(kind) = Kind::of(change) else { continue };
        let some = chosen.entry(kind).or_default();
        if some.len() < SAMPLES {
            some.push(change);
        }
    }
    let known: Vec<&HubspotId> = chosen.values().flatten().filter_map(|change| change.hubspot_id.as_ref()).collect();
    let names = chosen.values().flatten().flat_map(|change| change.content.properties.iter().map(|(name, _)| name));
    let names: std::collections::BTreeSet<&str> = names.collect();
    let read = BatchRead {
        ids: known.iter().map(|id| id.0.clone()).collect(),
        properties: names.into_iter().map(str::to_owned).collect(),
        ..BatchRead::default()
    };
    let hubspot = app.hubspot(caller.portal).await?;
    let found = hubspot.objects().batch_read(hubspot_object, &read).await.map_err(|error| refusal::hubspot(&error))?;
    let all = chosen.into_iter().flat_map(|(kind, changes)| changes.into_iter().map(move |change| (kind, change)));
    Ok(all
        .map(|(kind, change)| {
            let id = change.hubspot_id.as_ref();
            let before = found.results.iter().find(|record| id.is_some_and(|id| id.as_str() == record.id));
            sample(caller, hubspot_object, kind, change, before)
        })
        .collect())
}

fn sample(
    caller: &Caller,
    hubspot_object: &str,
    kind: Kind,
    change: &Change,
    before: Option<&hubspot::Record>,
) -> Sample {
    let is = |name: &str| before.and_then(|record| record.value(name)).unwrap_or_default().to_owned();
    // Empty values are not sent on create and at first contact (design §3 Empty values).
    let sends_empty = matches!(kind, Kind::Update | Kind::Deactivate);
    let changes = change.content.properties.iter().map(|(name, after)| PropertyChange {
        property: name.to_owned(),
        before: is(name),
        after: after.to_owned(),
    });
    Sample {
        kind: kind.as_str().to_owned(),
        kleer_id: change.kleer_id.0,
        hubspot_id: change.hubspot_id.as_ref().map(|id| id.0.clone()),
        link: change.hubspot_id.as_ref().and_then(|id| words::link(caller.portal, hubspot_object, id)),
        properties: changes.filter(|one| one.before != one.after && (sends_empty || !one.after.is_empty())).collect(),
        rows: change.content.rows.len() as u64,
    }
}
