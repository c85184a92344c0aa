//! What a run would do, told without doing it.
//!
//! Reading a whole company from Kleer takes longer than a page can wait for an answer (contract hubspot-platform §2.3, §5.4), so
//! that it is a job: the page asks for it, then asks how far it is, and is told at last what was found out. What was found out
//! is kept for a day, and holds values of the customer's as shortly as a sample can.

use std::collections::BTreeMap;
use std::time::Duration;

use app::App;
use domain::{Change, ChangeKind, HubspotId, ObjectType, PortalId, SyncPlan, schedule};
use hubspot::BatchRead;
use jiff::Timestamp;
use queue::{Envelope, Job, QueueName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Memo;

use super::problems::{ProblemView, view};
use super::status::send;
use super::{Caller, Code, ObjectRequest, Refusal, SettingsError, chosen, refusal, swedish, words};

/// A preview that takes longer is given up; a little less than the function that makes it may take (`functions/poll`).
const LONGEST: Duration = Duration::from_secs(270);
/// One that was asked for longer ago than this, and is not there yet, was lost: it may be asked for again.
const GIVEN_UP: Duration = Duration::from_secs(15 * 60);
/// What was found out is kept for this long.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// How many samples of each kind are shown.
const SAMPLES: usize = 5;
/// How many problems are shown.
const PROBLEMS: usize = 20;
/// A value in a sample is shown as far as this, in letters.
const VALUE_LETTERS: usize = 200;
/// A preview is cut shorter than an item of the table may be (400 kB), in bytes.
const LARGEST: usize = 300_000;

/// How far a preview is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PreviewState {
    /// Where it stands.
    pub stage: PreviewStage,
    /// When it was asked for; null if nobody did lately.
    pub asked_at: Option<Timestamp>,
    /// How many of Kleer's records were read.
    pub read: u64,
    /// How many there are, where Kleer says so.
    pub of: Option<u64>,
    /// What was found out; null until it was.
    pub preview: Option<Preview>,
    /// Why nothing could be found out; null if it could.
    pub refusal: Option<PreviewRefusal>,
}

/// Where a preview stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PreviewStage {
    /// Nobody asked.
    #[default]
    None,
    /// It has not begun: something else goes on.
    Waiting,
    /// Kleer is being read.
    Reading,
    /// It is there.
    Done,
    /// It could not be made.
    Refused,
}

/// Why there is no preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PreviewRefusal {
    /// Its name.
    pub code: Code,
    /// A sentence, English.
    pub message: String,
    /// The same in Swedish; null if it is not known in Swedish.
    pub message_sv: Option<String>,
}

impl PreviewState {
    const fn is_going_on(&self) -> bool {
        matches!(self.stage, PreviewStage::Waiting | PreviewStage::Reading)
    }

    fn refused(self, refusal: Refusal) -> Self {
        let Refusal { code, message, .. } = refusal;
        let refusal = Some(PreviewRefusal { code, message_sv: swedish(&message), message });
        Self { stage: PreviewStage::Refused, refusal, ..self }
    }
}

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
    /// What HubSpot says now; empty if nothing. Long texts are cut.
    pub before: String,
    /// What it would say. Long texts are cut.
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

/// Asks for what a run of a type would do. Nothing is written, neither to HubSpot nor to Kleer. Asked for while one is being
/// made, that one is told of.
///
/// # Errors
/// If there is no such run, or Kleer is not connected.
pub async fn preview(app: &App, caller: &Caller, request: ObjectRequest) -> Result<PreviewState, SettingsError> {
    let object = request.object;
    chosen(app, caller, object).await?;
    if !ObjectType::POLLED.contains(&object) {
        let why = "Line items go with the invoices and agreements that have them: preview one of those.";
        return Err(Refusal::new(Code::NotPossible, why).into());
    }
    let known = known(app, caller.portal, object).await?;
    if known.is_going_on() {
        return Ok(known);
    }
    // As it is kept: in whole milliseconds it compares equal everywhere.
    let now = Timestamp::from_millisecond(app.clock.now().as_millisecond()).unwrap_or_default();
    let state = PreviewState { stage: PreviewStage::Waiting, asked_at: Some(now), ..PreviewState::default() };
    keep(app, caller.portal, object, &state).await?;
    send(app, caller, QueueName::Poll, vec![("preview", object, Job::Preview { object, asked_at: now })]).await?;
    Ok(state)
}

/// How far a preview is, and what it found out.
///
/// # Errors
/// If the portal is not connected.
pub async fn preview_state(app: &App, caller: &Caller, request: ObjectRequest) -> Result<PreviewState, SettingsError> {
    chosen(app, caller, request.object).await?;
    Ok(known(app, caller.portal, request.object).await?)
}

/// What is kept of a preview. One that was lost on its way counts as refused.
async fn known(app: &App, portal: PortalId, object: ObjectType) -> Result<PreviewState, store::Error> {
    let found = app.store.memo::<PreviewState>(portal, Memo::Preview(object)).await?;
    let state = found.map(|found| found.value).unwrap_or_default();
    let is_lost = state.asked_at.is_none_or(|asked| schedule::later(asked, GIVEN_UP) < app.clock.now());
    Ok(if state.is_going_on() && is_lost { state.refused(too_long()) } else { state })
}

async fn keep(app: &App, portal: PortalId, object: ObjectType, state: &PreviewState) -> Result<(), store::Error> {
    let until = schedule::later(app.clock.now(), KEPT);
    app.store.set_memo_until(portal, Memo::Preview(object), state, until).await
}

fn too_long() -> Refusal {
    Refusal::new(Code::TooLong, "There are so many records that a preview takes too long. Nothing was written.")
}

/// A job that makes a preview for a person who waits for it.
///
/// # Errors
/// If the store fails; then the message should come again.
pub async fn make_preview(
    app: &App,
    envelope: &Envelope,
    object: ObjectType,
    asked_at: Timestamp,
) -> Result<(), SettingsError> {
    let portal = envelope.portal;
    let state = known(app, portal, object).await?;
    if state.asked_at != Some(asked_at) || !state.is_going_on() {
        return Ok(());
    }
    let begun = PreviewState { stage: PreviewStage::Reading, ..state };
    let tell = |read, of| {
        let state = PreviewState { read, of, ..begun.clone() };
        async move {
            // Whoever waits is told a moment later, then.
            if let Err(error) = keep(app, portal, object, &state).await {
                tracing::warn!(%portal, %object, %error, "the progress of a preview could not be told");
            }
        }
    };
    tell(0, None).await;
    let making = Box::pin(make(app, envelope, object, tell));
    let made = app.clock.timeout(LONGEST, making).await.unwrap_or_else(|_| Err(too_long().into()));
    let ended = match made {
        Ok(preview) => PreviewState { stage: PreviewStage::Done, preview: Some(preview), ..begun },
        Err(SettingsError::Refused(refusal)) => begun.refused(refusal),
        Err(error) => return Err(error),
    };
    Ok(keep(app, portal, object, &ended).await?)
}

async fn make<T: Future<Output = ()>>(
    app: &App,
    envelope: &Envelope,
    object: ObjectType,
    tell: impl Fn(u64, Option<u64>) -> T,
) -> Result<Preview, SettingsError> {
    let portal = envelope.portal;
    let installation = app.store.installation(portal).await?.map(|found| found.value);
    let settings = app.store.settings(portal, object).await?;
    let company = installation.and_then(|installation| installation.active_company());
    let Some(settings) = settings.filter(|_| company.is_some() && company == envelope.kleer_company) else {
        let why = "The connection was changed meanwhile: ask for the preview again.";
        return Err(Refusal::new(Code::CannotRun, why).into());
    };
    let planned = sync::preview_telling(app, portal, object, tell).await;
    let plan = planned.map_err(|why| Refusal::new(Code::CannotRun, why))?;
    let samples = samples(app, portal, &settings.value.hubspot_object, &plan).await?;
    let problems = plan.problems.iter().take(PROBLEMS).cloned().map(view).collect();
    Ok(fitting(Preview { counts: counts(&plan), samples, problems }))
}

/// A preview that an item of the table can hold: samples are left out until it is.
fn fitting(mut preview: Preview) -> Preview {
    while serde_json::to_vec(&preview).is_ok_and(|json| json.len() > LARGEST) && preview.samples.pop().is_some() {}
    preview
}

/// A value as far as it is shown.
fn shortened(value: &str) -> String {
    match value.char_indices().nth(VALUE_LETTERS) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
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
    portal: PortalId,
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
    let hubspot = app.hubspot(portal).await?;
    let found = hubspot.objects().batch_read(hubspot_object, &read).await.map_err(|error| refusal::hubspot(&error))?;
    let all = chosen.into_iter().flat_map(|(kind, changes)| changes.into_iter().map(move |change| (kind, change)));
    Ok(all
        .map(|(kind, change)| {
            let id = change.hubspot_id.as_ref();
            let before = found.results.iter().find(|record| id.is_some_and(|id| id.as_str() == record.id));
            sample(portal, hubspot_object, kind, change, before)
        })
        .collect())
}

fn sample(
    portal: PortalId,
    hubspot_object: &str,
    kind: Kind,
    change: &Change,
    before: Option<&hubspot::Record>,
) -> Sample {
    let is = |name: &str| before.and_then(|record| record.value(name)).unwrap_or_default().to_owned();
    // Empty values are not sent on create and at first contact (design §3 Empty values).
    let sends_empty = matches!(kind, Kind::Update | Kind::Deactivate);
    let changes = change.content.properties.iter().map(|(name, after)| (name, is(name), after));
    let is_changed = |before: &str, after: &str| before != after && (sends_empty || !after.is_empty());
    let changes = changes.filter(|(_, before, after)| is_changed(before, after)).map(|(name, before, after)| {
        PropertyChange { property: name.to_owned(), before: shortened(&before), after: shortened(after) }
    });
    Sample {
        kind: kind.as_str().to_owned(),
        kleer_id: change.kleer_id.0,
        hubspot_id: change.hubspot_id.as_ref().map(|id| id.0.clone()),
        link: change.hubspot_id.as_ref().and_then(|id| words::link(portal, hubspot_object, id)),
        properties: changes.collect(),
        rows: change.content.rows.len() as u64,
    }
}
