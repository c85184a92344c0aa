//! Before the first write: which records of the portal are which of Kleer's (design §3 First contact). One listing of the
//! portal's records, no search; what is doubtful is told and never guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use app::{App, Connection};
use domain::matching::{Candidate, Match, Unbound, match_records};
use domain::projection::{KEY_PROPERTY, SYNC_KEY_PROPERTY};
use domain::{
    Binding, BindingSummary, FirstContact, HubspotId, KleerId, ObjectType, Problem, ProblemCode, RecordState, RunId,
    Value, schedule,
};
use store::{Commit, Pairing, Taken};

use super::failure::Failure;
use super::gather::Gathered;
use super::rules::{Rules, Schemas};
use super::wording;
use crate::objects::{self, Reader};

/// The fields that tell who a client is, the most telling first.
const NUMBERS: [&str; 2] = ["orgno", "vat-nr"];
/// Properties that often hold such a number, mapped or not (contract product §5.3).
const NUMBER_PROPERTIES: [&str; 3] = ["organization_number", "registration_number", "vat_number"];
/// More records than this are not listed without being asked for: 100,000 of them take some four minutes, and a poll has five.
const MOST_PAGES: usize = 1_000;
/// Nobody lists for longer, asked for or not: a poll that is killed could not say why.
const MOST_TIME: Duration = Duration::from_secs(240);
/// Doubtful records are looked at again after this long.
const AGAIN: Duration = Duration::from_secs(24 * 60 * 60);
/// A person is offered so many records to choose from.
const MOST_CANDIDATES: usize = 20;
/// A taken binding is free again after this long, if its worker never came back.
const HELD: Duration = Duration::from_secs(60);

/// One first contact.
pub(super) struct Contact<'a> {
    pub(super) app: &'a App,
    pub(super) connection: &'a Connection,
    pub(super) rules: &'a Rules,
    pub(super) schemas: &'a Schemas,
    pub(super) run: &'a RunId,
}

impl Contact<'_> {
    /// Makes the first contact, if it is due: bindings of what was found are written and added to what was gathered.
    pub(super) async fn make(&self, gathered: &mut Gathered) -> Result<(), Failure> {
        let Some(found) = self.find(gathered).await? else { return Ok(()) };
        let doubtful = found.values().filter(|found| matches!(found, Match::Doubtful { .. })).count() as u64;
        self.remember(gathered, found).await?;
        let contact = FirstContact {
            hubspot_object: self.rules.settings.hubspot_object.clone(),
            done_at: self.app.clock.now(),
            doubtful,
        };
        let (portal, object) = (self.connection.installation.portal, self.rules.settings.object);
        self.app.store.set_first_contact(portal, object, &contact).await?;
        Ok(())
    }

    /// What a first contact would find is added to what was gathered; nothing is written. For previews.
    pub(super) async fn foresee(&self, gathered: &mut Gathered) -> Result<(), Failure> {
        for (id, found) in self.find(gathered).await?.unwrap_or_default() {
            let binding = gathered.ours.bindings.entry(id).or_default();
            (binding.state, binding.hubspot_id) = match found {
                Match::New => (RecordState::InSync, None),
                Match::Is(hubspot_id) => (RecordState::InSync, Some(hubspot_id)),
                Match::Doubtful { .. } => (RecordState::Doubtful, None),
            };
        }
        Ok(())
    }

    /// Which records of the portal are which of Kleer's; none if no first contact is due.
    async fn find(&self, gathered: &mut Gathered) -> Result<Option<BTreeMap<KleerId, Match>>, Failure> {
        if !self.is_needed(gathered) {
            return Ok(None);
        }
        let (portal, object) = (self.connection.installation.portal, self.rules.settings.object);
        let known = self.app.store.first_contact(portal, object).await?;
        // Every poll comes by here: what is not due must cost nothing.
        if !self.is_due(known.as_ref()) || gathered.source.is_empty() {
            return Ok(None);
        }
        gathered.read_all(&self.connection.kleer).await?;
        // Who is bound to what is decided for good here, so nothing is taken from an index that may be a moment old.
        gathered.ours.bindings = self.app.store.binding_index(&self.pairing()).await?;
        let unbound = self.unbound(gathered);
        if unbound.is_empty() {
            return Ok(Some(BTreeMap::new()));
        }
        let candidates = self.candidates().await?;
        let taken: BTreeSet<HubspotId> =
            gathered.ours.bindings.values().filter_map(|binding| binding.hubspot_id.clone()).collect();
        tracing::info!(candidates = candidates.len(), unbound = unbound.len(), "first contact");
        Ok(Some(match_records(&unbound, &candidates, &taken, self.matches_numbers())))
    }

    /// A unique `kleer_id` finds its records by itself; but whoever is in doubt is looked at once more when the rule is off.
    fn is_needed(&self, gathered: &Gathered) -> bool {
        let in_doubt = |known: &BindingSummary| known.state == RecordState::Doubtful;
        self.matches_numbers()
            || self.schemas.own.key == SYNC_KEY_PROPERTY
            || gathered.ours.bindings.values().any(in_doubt)
    }

    fn pairing(&self) -> Pairing {
        let (portal, settings) = (self.connection.installation.portal, &self.rules.settings);
        Pairing::new(portal, settings.object, &settings.hubspot_object)
    }

    fn matches_numbers(&self) -> bool {
        let settings = &self.rules.settings;
        let companies = objects::spec(ObjectType::Client).hubspot_object;
        settings.object == ObjectType::Client && settings.hubspot_object == companies && self.rules.sync.match_companies
    }

    fn is_due(&self, known: Option<&FirstContact>) -> bool {
        let Some(known) = known.filter(|known| known.hubspot_object == self.rules.settings.hubspot_object) else {
            return true;
        };
        known.doubtful > 0 && schedule::later(known.done_at, AGAIN) <= self.app.clock.now()
    }

    /// Kleer's records without a record in HubSpot, and their numbers.
    fn unbound(&self, gathered: &Gathered) -> Vec<Unbound> {
        let spec = self.rules.spec();
        let reader = Reader {
            object: ObjectType::Client,
            fields: NUMBERS.iter().filter_map(|name| spec.field(name)).collect(),
            row_fields: Vec::new(),
            today: gathered.ours.today,
            window_from: None,
        };
        // A record that was merged waits for a person, not for another match.
        let is_free = |known: &BindingSummary| known.hubspot_id.is_none() && known.state != RecordState::Merged;
        let is_unbound = |id: &KleerId| gathered.ours.bindings.get(id).is_none_or(is_free);
        let mut seen = BTreeSet::new();
        let records = gathered.source.records(&reader, 0).filter_map(Result::ok);
        let records = records.filter(|record| is_unbound(&record.id) && seen.insert(record.id));
        let numbers =
            |values: &domain::Values| NUMBERS.iter().filter_map(|name| values.get(name)).map(Value::plain).collect();
        records.map(|record| Unbound { id: record.id, numbers: numbers(&record.values) }).collect()
    }

    /// The portal's records.
    async fn candidates(&self) -> Result<Vec<Candidate>, Failure> {
        let object = &self.rules.settings.hubspot_object;
        let numbers = self.number_properties();
        let properties: Vec<&str> = numbers.iter().map(String::as_str).chain([KEY_PROPERTY]).collect();
        let (mut candidates, mut after, mut pages) = (Vec::new(), None::<String>, 0);
        let end = schedule::later(self.app.clock.now(), MOST_TIME);
        loop {
            let page = self.connection.hubspot.objects().list(object, after.as_deref(), &properties).await;
            let page = page.map_err(Failure::Hubspot)?;
            candidates.extend(page.results.iter().filter_map(|record| candidate(record, &numbers)));
            after = page.after;
            pages += 1;
            if after.is_none() {
                return Ok(candidates);
            }
            if pages == MOST_PAGES && !self.rules.sync.match_any_number {
                return Err(Failure::Portal(format!(
                    "HubSpot has more than {} {object}, and looking through all of them for clients that are there already \
                     takes long: confirm it in the settings, or switch matching by organization number off.",
                    MOST_PAGES * hubspot::LIST_LIMIT
                )));
            }
            if self.app.clock.now() >= end {
                return Err(Failure::Portal(format!(
                    "HubSpot has so many {object} that looking through all of them for clients that are there already takes \
                     more than {} minutes, which is too long: switch matching by organization number off.",
                    MOST_TIME.as_secs() / 60
                )));
            }
        }
    }

    fn number_properties(&self) -> BTreeSet<String> {
        let is_number = |field: &Option<String>| field.as_deref().is_some_and(|field| NUMBERS.contains(&field));
        let mapped = self.rules.settings.mappings.iter().filter(|mapping| is_number(&mapping.field));
        let mapped = mapped.map(|mapping| mapping.property.clone());
        mapped.chain(NUMBER_PROPERTIES.map(str::to_owned)).collect()
    }

    /// Writes what was found: bindings first, so that it is found only once.
    async fn remember(&self, gathered: &mut Gathered, matches: BTreeMap<KleerId, Match>) -> Result<(), Failure> {
        let (app, portal, object) = (self.app, self.connection.installation.portal, self.rules.settings.object);
        let pairing = self.pairing();
        let mut commits = Vec::new();
        for (id, found) in matches {
            let before = gathered.ours.bindings.get(&id).cloned().unwrap_or_default();
            let (state, hubspot_id, problem) = match &found {
                Match::New if before.state != RecordState::Doubtful => continue,
                Match::New => (RecordState::InSync, None, None),
                Match::Is(hubspot_id) => (RecordState::InSync, Some(hubspot_id.clone()), None),
                Match::Doubtful { .. } => (RecordState::Doubtful, None, Some(doubt(object, id, &found))),
            };
            match problem {
                Some(mut problem) => {
                    problem.link =
                        first_of(&found).and_then(|id| wording::link(portal, &pairing.hubspot_object, Some(id)));
                    app.store.set_problem(portal, &problem).await?;
                }
                None => app.store.clear_problem(portal, object, id).await?,
            }
            let binding = Binding {
                version: before.version + 1,
                state,
                hubspot_id,
                run: Some(self.run.clone()),
                ..Binding::default()
            };
            commits.push(Commit { kleer_id: id, binding });
        }
        let now = app.clock.now();
        let taken = Taken { holder: format!("first-contact#{}", self.run), until: schedule::later(now, HELD) };
        let versions: Vec<(KleerId, u64)> =
            commits.iter().map(|commit| (commit.kleer_id, commit.binding.version - 1)).collect();
        let got = app.store.take_bindings(&pairing, &versions, &taken, now).await?;
        let found = commits.len();
        let mine: Vec<Commit> =
            commits.into_iter().zip(got).filter(|(_, got)| *got).map(|(commit, _)| commit).collect();
        let committed = app.store.commit_bindings(&pairing, &mine, &taken.holder).await?;
        let lost = found - committed.iter().filter(|committed| **committed).count();
        if lost > 0 {
            // Somebody else holds them, such as a first contact that was killed. Going on without would make them twice.
            return Err(Failure::Unsettled(lost));
        }
        for Commit { kleer_id, binding } in mine {
            let Binding { version, hubspot_id, state, .. } = binding;
            let summary = BindingSummary { version, hubspot_id, state, ..BindingSummary::default() };
            gathered.ours.bindings.insert(kleer_id, summary);
        }
        Ok(())
    }
}

/// A record that may be one of Kleer's; none if it carries an id that is not Kleer's: somebody else keeps it.
fn candidate(record: &hubspot::Record, numbers: &BTreeSet<String>) -> Option<Candidate> {
    let text = |name: &str| record.properties.get(name).and_then(Clone::clone).filter(|text| !text.is_empty());
    let kleer_id = text(KEY_PROPERTY).map(|text| text.parse::<KleerId>()).transpose().ok()?;
    let numbers = numbers.iter().filter_map(|name| text(name)).collect();
    Some(Candidate { id: HubspotId(record.id.clone()), kleer_id, numbers })
}

fn first_of(found: &Match) -> Option<&HubspotId> {
    match found {
        Match::Doubtful { records, .. } => records.first(),
        Match::Is(_) | Match::New => None,
    }
}

/// What a person is told about a doubtful match.
fn doubt(object: ObjectType, id: KleerId, found: &Match) -> Problem {
    let problem = Problem::new(object, ProblemCode::DoubtfulMatch, id);
    let Match::Doubtful { number, records, claimed_by } = found else { return problem };
    let list = |ids: Vec<String>| ids.join(", ");
    let candidates = records.iter().take(MOST_CANDIDATES).cloned().collect();
    let records = list(records.iter().take(5).map(ToString::to_string).collect());
    let (first, which) = match claimed_by.len() {
        2.. => ("Correct the number in Kleer", "the record if it is this client's"),
        _ => ("Merge the records", "the one that is meant"),
    };
    let message = match (claimed_by.len(), number.is_empty()) {
        (2.., _) => {
            let clients = list(claimed_by.iter().take(5).map(ToString::to_string).collect());
            format!(
                "The Kleer clients {clients} have the same number {number}, and HubSpot has one record with it ({records})."
            )
        }
        (_, true) => format!("Several HubSpot records carry the Kleer id {id} ({records})."),
        (_, false) => format!("Several HubSpot records have the number {number} ({records})."),
    };
    Problem {
        message,
        remedy: format!(
            "{first}, or write {id} into the property {KEY_PROPERTY} of {which}; it is looked at again within a day. Until \
             then nothing is written."
        ),
        candidates,
        ..problem
    }
}

#[cfg(test)]
mod tests;
