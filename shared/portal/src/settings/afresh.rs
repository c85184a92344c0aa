//! Another Kleer company (design §3 Kleer company). Kleer's ids mean something else there, so everything that says which record is
//! which goes: first `kleer_id` is emptied on every HubSpot record that we bound, then the bindings and bases are forgotten, then the
//! portal is connected to the new company and begins with a first contact. HubSpot's records and their values stay.
//!
//! It is a job that goes on where it ended: what is forgotten is what is left less. Meanwhile the portal has no Kleer company, so
//! that nothing is polled, and pages of the former one are dropped.

use std::collections::BTreeMap;
use std::time::Duration;

use app::App;
use domain::projection::{KEY_PROPERTY, SYNC_KEY_PROPERTY};
use domain::{ActivityKind, Binding, Installation, KleerCompanyId, KleerId, PortalId, schedule};
use hubspot::Update;
use jiff::Timestamp;
use queue::{Envelope, Job, Outgoing, QueueName};
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use store::{Memo, Pairing, Versioned};

use super::credentials::remember_name;
use super::{Caller, Code, Connected, Refusal, SaveCredentials, SettingsError, installed, note, overview};
use crate::kleer::check;

/// How many bindings are cleared at once.
const CHUNK: usize = 100;
/// How many chunks one job clears before it lets others have their turn.
const CHUNKS: usize = 20;
/// A page that was being written when it began is done, or given up, after this long.
const SETTLES: Duration = Duration::from_secs(130);
/// A job that has to wait looks again after this long.
const PAUSE: Duration = Duration::from_secs(30);

/// Credentials of another company, and that the user knows what it means.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub struct StartAfresh {
    /// The company id.
    pub company_id: String,
    /// The API key. Never told again.
    #[schemars(with = "String")]
    pub api_key: SecretString,
    /// The user was told what is lost, and wants it.
    pub confirmed: bool,
}

/// How far a start afresh has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Afresh {
    /// The company to be connected.
    pub company_id: i64,
    /// When it began.
    pub began_at: Timestamp,
    /// Records of HubSpot to take the former company's ids off; null while they are being counted.
    pub total: Option<u64>,
    /// Those that are done.
    pub cleared: u64,
    /// When it was over; null while it goes on.
    pub ended_at: Option<Timestamp>,
}

/// What a job came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfreshStep {
    /// It is over, or there is nothing to do.
    Done,
    /// It goes on with another job.
    More,
    /// It has to come again after this long.
    Again(Duration),
}

/// The one that goes on; none if none does.
pub(super) async fn going_on(app: &App, portal: PortalId) -> Result<Option<Afresh>, store::Error> {
    let found = app.store.memo::<Afresh>(portal, Memo::Afresh).await?;
    Ok(found.map(|found| found.value).filter(|afresh| afresh.ended_at.is_none()))
}

/// The refusal where one goes on: credentials that were saved meanwhile would be synchronized beside the old ids.
pub(super) async fn none_going_on(app: &App, portal: PortalId) -> Result<(), SettingsError> {
    match going_on(app, portal).await? {
        None => Ok(()),
        Some(_) => Err(Refusal::new(Code::StartingAfresh, "A start afresh goes on: wait until it is over.").into()),
    }
}

/// Begins anew with another Kleer company. Asked for again while it goes on, it is given another push.
///
/// # Errors
/// If it was not confirmed, the terms were not accepted, or the credentials do not open the company.
pub async fn start_afresh(app: &App, caller: &Caller, request: StartAfresh) -> Result<Connected, SettingsError> {
    let portal = caller.portal;
    let found = installed(app, caller).await?;
    overview::need_terms(app, portal).await?;
    if !request.confirmed {
        let why = "Starting afresh empties kleer_id on every record that was synchronized: it has to be confirmed.";
        return Err(Refusal::new(Code::NotConfirmed, why).into());
    }
    let (company, key) = SaveCredentials { company_id: request.company_id, api_key: request.api_key }.read()?;
    if found.value.kleer_company == Some(company) {
        let why = "The account is connected to this company already: save its credentials instead.";
        return Err(Refusal::new(Code::NotPossible, why).into());
    }
    let name = check(&app.kleer(portal, company, key.clone()), company).await?;
    begin(app, portal, &found, company, &key).await?;
    remember_name(app, portal, company, &name).await?;
    note(app, caller, ActivityKind::SettingsChanged, None, &format!("starts afresh with Kleer company {company}"))
        .await?;
    Ok(Connected { company_id: company.0, company_name: Some(name).filter(|name| !name.is_empty()) })
}

/// What is to be done is written down first, so that nothing is half begun.
async fn begin(
    app: &App,
    portal: PortalId,
    found: &Versioned<Installation>,
    company: KleerCompanyId,
    key: &SecretString,
) -> Result<(), SettingsError> {
    let now = app.clock.now();
    let known = app.store.memo::<Afresh>(portal, Memo::Afresh).await?;
    let version = known.as_ref().map_or(0, |known| known.version);
    let going_on = known.map(|known| known.value).filter(|afresh| afresh.ended_at.is_none());
    let afresh = match going_on {
        Some(afresh) => Afresh { company_id: company.0, ..afresh },
        None => Afresh { company_id: company.0, began_at: now, total: None, cleared: 0, ended_at: None },
    };
    let busy = || Refusal::new(Code::Busy, "Somebody else changed the connection at the same moment; try again.");
    if !app.store.put_memo(portal, Memo::Afresh, &afresh, version).await? {
        return Err(busy().into());
    }
    if found.value.kleer_company.is_some() {
        let without = Installation { kleer_company: None, ..found.value.clone() };
        if !app.store.put_installation(&without, found.version).await? {
            return Err(busy().into());
        }
    }
    app.save_kleer_key(portal, key).await?;
    Ok(send(app, portal).await?)
}

async fn send(app: &App, portal: PortalId) -> Result<(), queue::Error> {
    let now = app.clock.now();
    let job = Outgoing {
        deduplication_id: format!("afresh#{portal}#{}", now.as_nanosecond()),
        envelope: Envelope::new(portal, None, Job::StartAfresh),
    };
    app.queue.send(QueueName::Poll, vec![job], now).await
}

/// A job that goes on with a start afresh.
///
/// # Errors
/// If the store or the queue fails, or HubSpot does not answer; then the message should come again.
pub async fn continue_afresh(app: &App, portal: PortalId) -> Result<AfreshStep, SettingsError> {
    let Some(known) = app.store.memo::<Afresh>(portal, Memo::Afresh).await? else { return Ok(AfreshStep::Done) };
    if known.value.ended_at.is_some() {
        return Ok(AfreshStep::Done);
    }
    let hubspot = match app.hubspot(portal).await {
        Ok(hubspot) => hubspot,
        Err(error) if error.is_transient() => return Err(error.into()),
        Err(error) => {
            // Whoever installs the app again finds it unfinished, and is shown the button once more.
            tracing::warn!(%portal, %error, "a start afresh cannot go on");
            return Ok(AfreshStep::Done);
        }
    };
    let work = Work { app, portal, hubspot: &hubspot };
    let mut afresh = known.value;
    let left = work.left().await?;
    let count = left.iter().map(|(_, ids)| ids.len() as u64).sum::<u64>();
    afresh.total = Some(afresh.cleared + count);
    app.store.set_memo(portal, Memo::Afresh, &afresh).await?;
    let chunks = left.iter().flat_map(|(pairing, ids)| ids.chunks(CHUNK).map(move |ids| (pairing, ids)));
    for (pairing, ids) in chunks.take(CHUNKS) {
        work.clear(pairing, ids).await?;
        afresh.cleared += ids.len() as u64;
        app.store.set_memo(portal, Memo::Afresh, &afresh).await?;
    }
    if afresh.total != Some(afresh.cleared) {
        send(app, portal).await?;
        return Ok(AfreshStep::More);
    }
    if app.clock.now() < schedule::later(afresh.began_at, SETTLES) {
        return Ok(AfreshStep::Again(PAUSE));
    }
    end(app, portal, afresh).await
}

/// Everything is cleared: the new company is connected.
async fn end(app: &App, portal: PortalId, afresh: Afresh) -> Result<AfreshStep, SettingsError> {
    app.store.drop_company(portal).await?;
    let Some(found) = app.store.installation(portal).await? else { return Ok(AfreshStep::Done) };
    let company = KleerCompanyId(afresh.company_id);
    let installation = Installation { kleer_company: Some(company), ..found.value };
    if !app.store.put_installation(&installation, found.version).await? {
        return Ok(AfreshStep::Again(PAUSE));
    }
    let ended = Afresh { ended_at: Some(app.clock.now()), ..afresh };
    app.store.set_memo(portal, Memo::Afresh, &ended).await?;
    sync::wake(app, portal).await?;
    let message = format!(
        "Everything of the former Kleer company was forgotten on {} records; company {company} is connected.",
        ended.cleared
    );
    let activity = domain::Activity::new(app.clock.now(), ActivityKind::Connected, message);
    app.store.note_activity(portal, &activity).await?;
    tracing::info!(%portal, %company, cleared = ended.cleared, "a portal started afresh");
    Ok(AfreshStep::Done)
}

/// Clearing what is bound.
struct Work<'a> {
    app: &'a App,
    portal: PortalId,
    hubspot: &'a hubspot::Api,
}

impl Work<'_> {
    /// What is bound still, wherever it ever went.
    async fn left(&self) -> Result<Vec<(Pairing, Vec<KleerId>)>, store::Error> {
        let mut left = Vec::new();
        for pairing in self.app.store.all_pairings(self.portal).await? {
            let mut ids: Vec<KleerId> = self.app.store.binding_index(&pairing).await?.into_keys().collect();
            ids.sort_unstable();
            left.push((pairing, ids));
        }
        Ok(left)
    }

    /// Empties the ids on the records of some bindings and on their rows, then forgets the bindings.
    async fn clear(&self, pairing: &Pairing, ids: &[KleerId]) -> Result<(), SettingsError> {
        let bindings = self.app.store.bindings(pairing, ids).await?;
        let mut records: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for binding in bindings.values() {
            let Binding { hubspot_id, rows, .. } = binding;
            let own = records.entry(&pairing.hubspot_object).or_default();
            own.extend(hubspot_id.as_ref().map(|id| id.0.clone()));
            if !rows.rows.is_empty() {
                let of_rows = rows.rows.values().map(|row| row.hubspot_id.0.clone());
                records.entry(&rows.hubspot_object).or_default().extend(of_rows);
            }
        }
        for (object, ids) in records {
            self.empty(object, &ids).await?;
        }
        Ok(self.app.store.drop_bindings(pairing, ids).await?)
    }

    async fn empty(&self, hubspot_object: &str, ids: &[String]) -> Result<(), SettingsError> {
        let keys = self.keys(hubspot_object).await?;
        if keys.is_empty() {
            return Ok(());
        }
        let nothing: BTreeMap<String, String> = keys.into_iter().map(|key| (key, String::new())).collect();
        for chunk in ids.chunks(hubspot::BATCH_LIMIT) {
            let update =
                |id: &String| Update { id: id.clone(), properties: nothing.clone(), trace_id: format!("afresh-{id}") };
            let updates: Vec<Update> = chunk.iter().map(update).collect();
            match self.hubspot.objects().batch_update(hubspot_object, &updates).await {
                // Records that are not there any more have no ids.
                Ok(_) => {}
                Err(error) if error.status == Some(400) && updates.len() > 1 => {
                    self.one_by_one(hubspot_object, &updates).await?;
                }
                Err(error) => return Err(self.failed(error).await),
            }
        }
        Ok(())
    }

    async fn one_by_one(&self, hubspot_object: &str, updates: &[Update]) -> Result<(), SettingsError> {
        for update in updates {
            match self.hubspot.objects().batch_update(hubspot_object, std::slice::from_ref(update)).await {
                Ok(_) => {}
                Err(error) if matches!(error.status, Some(400 | 404)) => {
                    tracing::warn!(portal = %self.portal, record = update.id, %error, "a record keeps the former company's id");
                }
                Err(error) => return Err(self.failed(error).await),
            }
        }
        Ok(())
    }

    async fn failed(&self, error: rest::Error) -> SettingsError {
        match self.app.token_refused(self.portal, &error).await {
            Err(error) => error.into(),
            Ok(_) => super::refusal::hubspot(&error),
        }
    }

    /// Which of our keys an object has.
    async fn keys(&self, hubspot_object: &str) -> Result<Vec<String>, SettingsError> {
        let found = match self.hubspot.properties().list(hubspot_object).await {
            Ok(found) => found,
            // An object that is gone has no records.
            Err(error) if matches!(error.status, Some(400 | 404)) => return Ok(Vec::new()),
            Err(error) => return Err(self.failed(error).await),
        };
        let ours = [KEY_PROPERTY, SYNC_KEY_PROPERTY].into_iter();
        let there = ours.filter(|key| found.iter().any(|property| property.name == *key && property.is_writable()));
        Ok(there.map(str::to_owned).collect())
    }
}
