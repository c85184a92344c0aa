//! Problems of records, page by page, and what mends one of them.

use app::App;
use domain::{
    ActivityKind, Binding, HubspotId, KleerId, ObjectSettings, ObjectType, Problem, ProblemCode, RecordState, Side,
};
use jiff::Timestamp;
use queue::{Import, Job, Mend, Push, QueueName, RecordEvent};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::Pairing;

use super::mend::{mended, rewrite};
use super::status::send;
use super::{Caller, Code, Done, ObjectName, Refusal, SettingsError, chosen, installed, note, swedish};

/// The most problems of one answer.
const MOST: u16 = 100;

/// Which problems to show.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemRequest {
    /// The type; null for all.
    #[serde(default)]
    #[schemars(with = "Option<ObjectName>")]
    pub object: Option<ObjectType>,
    /// How many, at most 100; fifty if it is left out.
    #[serde(default)]
    pub limit: Option<u16>,
    /// Where the answer before ended; null for the first.
    #[serde(default)]
    pub after: Option<String>,
}

/// Some problems.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemList {
    /// By type, then by Kleer id as text.
    pub problems: Vec<ProblemView>,
    /// Where the next ones begin; null if there are none.
    pub after: Option<String>,
}

/// What is wrong with a record, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemView {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// The kind of problem; the page has an explanation for each.
    #[schemars(with = "String")]
    pub code: ProblemCode,
    /// Where it is mended: `kleer`, `hubspot` or `settings`.
    #[schemars(with = "String")]
    pub side: Side,
    /// The record in Kleer; null if not even its id could be read.
    pub kleer_id: Option<i64>,
    /// The record in HubSpot, where there is one.
    pub hubspot_id: Option<String>,
    /// Its page, where there is one.
    pub link: Option<String>,
    /// The HubSpot property that it is about.
    pub property: Option<String>,
    /// What is wrong, a sentence.
    pub message: String,
    /// The same in Swedish; null if it is not known in Swedish.
    pub message_sv: Option<String>,
    /// What to do, a sentence.
    pub remedy: String,
    /// The same in Swedish; null if it is not known in Swedish.
    pub remedy_sv: Option<String>,
    /// When it is tried again by itself.
    pub retry_at: Option<Timestamp>,
    /// It can be tried again now.
    pub can_retry: bool,
    /// A HubSpot record of its own can be made for it.
    pub can_recreate: bool,
    /// A person has to choose which HubSpot record it is.
    pub can_choose: bool,
}

/// One record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RecordRequest {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// The record in Kleer.
    pub kleer_id: i64,
}

/// Some problems, type after type.
///
/// # Errors
/// If the portal is not connected, or `after` is none of ours.
pub async fn problems(app: &App, caller: &Caller, request: ProblemRequest) -> Result<ProblemList, SettingsError> {
    installed(app, caller).await?;
    let mut left = request.limit.unwrap_or(50).clamp(1, MOST);
    let (mut from, mut after) = place(request.after.as_deref())?;
    let mut list = ProblemList::default();
    for object in ObjectType::POLLED.into_iter().filter(|object| request.object.is_none_or(|only| only == *object)) {
        if from.is_some_and(|from| from != object) {
            continue;
        }
        from = None;
        if left == 0 {
            // A type without any would make the page ask once for nothing.
            list.after = Some(format!("{object}#"));
            return Ok(list);
        }
        let page = app.store.problem_page(caller.portal, object, left, after.take().as_deref()).await?;
        left = left.saturating_sub(u16::try_from(page.problems.len()).unwrap_or(u16::MAX));
        list.problems.extend(page.problems.into_iter().map(view));
        if let Some(last) = page.after {
            list.after = Some(format!("{object}#{last}"));
            return Ok(list);
        }
    }
    Ok(list)
}

/// Where to go on: the type, and the problem after which.
fn place(after: Option<&str>) -> Result<(Option<ObjectType>, Option<String>), SettingsError> {
    let Some(after) = after else { return Ok((None, None)) };
    let read = |text: &str| {
        let (object, last) = text.split_once('#')?;
        Some((Some(object.parse().ok()?), Some(last.to_owned()).filter(|last| !last.is_empty())))
    };
    let unknown = || Refusal::new(Code::InvalidRequest, "No list ended there: load the page again.").into();
    read(after).ok_or_else(unknown)
}

pub(super) fn view(problem: Problem) -> ProblemView {
    let is_known = problem.kleer_id.is_some();
    let is = |codes: &[ProblemCode]| is_known && codes.contains(&problem.code);
    let can_recreate = is(&[ProblemCode::DeletedInHubspot, ProblemCode::MergedInHubspot]);
    let can_choose = is(&[ProblemCode::DoubtfulMatch]);
    ProblemView {
        can_retry: is_known && !can_recreate && !can_choose,
        can_recreate,
        can_choose,
        object: problem.object,
        code: problem.code,
        side: problem.code.side(),
        kleer_id: problem.kleer_id.map(|id| id.0),
        hubspot_id: problem.hubspot_id.map(|id| id.0),
        link: problem.link,
        property: problem.property,
        message_sv: swedish(&problem.message),
        message: problem.message,
        remedy_sv: swedish(&problem.remedy),
        remedy: problem.remedy,
        retry_at: problem.retry_at,
    }
}

/// A record that a person points at, with what the portal chose for its type.
pub(super) struct Pointed {
    pub(super) settings: ObjectSettings,
    pub(super) pairing: Pairing,
    pub(super) kleer_id: KleerId,
}

impl Pointed {
    pub(super) async fn at(
        app: &App,
        caller: &Caller,
        object: ObjectType,
        kleer_id: i64,
    ) -> Result<Self, SettingsError> {
        let settings = chosen(app, caller, object).await?.value;
        if !settings.enabled {
            return Err(Refusal::new(Code::SwitchedOff, "This type is switched off: switch it on first.").into());
        }
        let pairing = Pairing::new(caller.portal, object, &settings.hubspot_object);
        Ok(Self { settings, pairing, kleer_id: KleerId(kleer_id) })
    }

    pub(super) async fn binding(&self, app: &App) -> Result<Option<Binding>, store::Error> {
        Ok(app.store.bindings(&self.pairing, &[self.kleer_id]).await?.remove(&self.kleer_id))
    }

    /// Changes the binding, if nobody else does at this moment.
    pub(super) async fn change(&self, app: &App, change: impl Fn(Binding) -> Binding) -> Result<(), SettingsError> {
        let done = rewrite(app, &self.pairing, &[self.kleer_id], change).await?;
        if done == [true] {
            return Ok(());
        }
        Err(Refusal::new(Code::Busy, "The record is being written at this moment; try again in a minute.").into())
    }

    /// Lets the record be written now.
    pub(super) async fn push(&self, app: &App, caller: &Caller) -> Result<(), SettingsError> {
        let object = self.settings.object;
        let push = Job::Push(Push { object, kleer_id: self.kleer_id, associate: Vec::new() });
        send(app, caller, QueueName::Change, vec![("push", object, push)]).await
    }

    pub(super) fn unknown() -> SettingsError {
        Refusal::new(
            Code::UnknownRecord,
            "There is no such record any more, or it is well by now: load the page again.",
        )
        .into()
    }
}

/// Tries one record again now: writes it to HubSpot, or looks again at what was changed there.
///
/// # Errors
/// If it has no problem, its type is switched off, or it is being written at this moment.
pub async fn retry(app: &App, caller: &Caller, request: RecordRequest) -> Result<Done, SettingsError> {
    let pointed = Pointed::at(app, caller, request.object, request.kleer_id).await?;
    let problem = app.store.problem(caller.portal, request.object, pointed.kleer_id).await?;
    let Some(problem) = problem else { return Err(Pointed::unknown()) };
    let binding = pointed.binding(app).await?;
    if problem.code.is_inbound() {
        let of_binding = || binding.as_ref().and_then(|binding| binding.hubspot_id.clone());
        let hubspot_id: Option<HubspotId> = problem.hubspot_id.clone().or_else(of_binding);
        let Some(hubspot_id) = hubspot_id else { return Err(Pointed::unknown()) };
        let hubspot_object = pointed.settings.hubspot_object.clone();
        let import = Import { hubspot_object, hubspot_id, event: RecordEvent::Changed, at: app.clock.now() };
        send(app, caller, QueueName::Change, vec![("import", request.object, Job::Import(import))]).await?;
        return Ok(Done {});
    }
    if !view(problem).can_retry {
        return Err(Pointed::unknown());
    }
    super::ask_for_properties(app, caller.portal, request.object).await?;
    if binding.is_some() {
        // The fingerprint goes as well: a row that was left out is part of a record that counts as written.
        pointed.change(app, |before| Binding { fingerprint: None, ..mended(Mend::Retry, before) }).await?;
    }
    pointed.push(app, caller).await?;
    Ok(Done {})
}

/// Makes a new HubSpot record for one that was deleted there, or that became part of another one.
///
/// # Errors
/// If it has a HubSpot record, its type is switched off, or it is being written at this moment.
pub async fn recreate(app: &App, caller: &Caller, request: RecordRequest) -> Result<Done, SettingsError> {
    let pointed = Pointed::at(app, caller, request.object, request.kleer_id).await?;
    let binding = pointed.binding(app).await?;
    let is_parted = |binding: &Binding| matches!(binding.state, RecordState::DeletedInHubspot | RecordState::Merged);
    let Some(_) = binding.filter(is_parted) else { return Err(Pointed::unknown()) };
    pointed.change(app, |before| begun_anew(before, None)).await?;
    app.store.clear_problem(caller.portal, request.object, pointed.kleer_id).await?;
    pointed.push(app, caller).await?;
    let what = format!("had {} {} made again in HubSpot", request.object, request.kleer_id);
    note(app, caller, ActivityKind::SettingsChanged, Some(request.object), &what).await?;
    Ok(Done {})
}

/// A binding that knows nothing of HubSpot but its record.
pub(super) fn begun_anew(before: Binding, hubspot_id: Option<HubspotId>) -> Binding {
    Binding {
        version: before.version,
        hubspot_id,
        state: RecordState::InSync,
        number: before.number,
        open_since: before.open_since,
        ..Binding::default()
    }
}
