//! What was changed in HubSpot lately, for objects whose changes nobody tells us of: an incremental search. What is found goes the
//! way of a webhook.

use std::collections::HashMap;
use std::time::Duration;

use app::{App, Connection};
use domain::{Binding, HubspotId, Installation, KleerId, ObjectSettings, ObjectType, PortalId, schedule, triggers};
use hubspot::{Direction, Filter, Operator, Record, SEARCH_TOTAL_LIMIT, Search, SearchPage, Sort};
use jiff::Timestamp;
use queue::{Envelope, Import, Job, Outgoing, QueueName, RecordEvent};
use store::{Look, Versioned};
use tracing::Instrument as _;

use super::find::{KEYS, named, values};
use crate::looks::{SEARCH_EVERY, is_searched};
use crate::outbound::failure::Failure;
use crate::outbound::single::Single;

/// The property that tells when a record changed (contract hubspot-crm §5).
const CHANGED_AT: &str = "hs_lastmodifieddate";
/// A search looks back so much further than the one before ended: HubSpot's index is behind, usually by seconds (contract hubspot-crm
/// §5).
const OVERLAP: Duration = Duration::from_secs(2 * 60);
/// A search that finds nothing leaves no mark if that of an earlier one is no older than this: looking back a little further is
/// the same one call, and a mark is a write.
const MARKED: Duration = Duration::from_secs(15 * 60);

/// Searches for records of a type that were changed in HubSpot since the last search, and queues their import. A search that fails
/// leaves everything as it is: the next one looks back as far.
///
/// # Errors
/// Only if the store fails; then the message should come again.
pub async fn search(app: &App, envelope: &Envelope, object: ObjectType) -> Result<(), store::Error> {
    let portal = envelope.portal;
    if !is_searched(object) {
        return Ok(());
    }
    // All of it may be a moment old: nothing is decided by it but whether to look.
    let Some(settings) = app.store.settings_lately(portal, object).await?.filter(|settings| settings.enabled) else {
        return Ok(());
    };
    let Some(installation) = app.store.installation_lately(portal).await? else { return Ok(()) };
    if installation.value.kleer_company != envelope.kleer_company {
        return Ok(());
    }
    let span = tracing::info_span!("search", %portal, %object);
    let searching = Searching { app, portal, envelope, installation, settings: &settings };
    async {
        match searching.run().await {
            Ok(0) => Ok(()),
            Ok(found) => {
                tracing::info!(found, "changes were found in HubSpot");
                Ok(())
            }
            Err(Failure::Store(error)) => Err(error),
            Err(failure) => {
                let failure = failure.or_token_refused(app, portal).await;
                tracing::warn!(reason = %failure, "the search failed; the next one makes up for it");
                Ok(())
            }
        }
    }
    .instrument(span)
    .await
}

struct Searching<'a> {
    app: &'a App,
    portal: PortalId,
    envelope: &'a Envelope,
    installation: Versioned<Installation>,
    settings: &'a ObjectSettings,
}

impl Searching<'_> {
    /// Answers how many imports were queued.
    async fn run(&self) -> Result<usize, Failure> {
        let Self { app, portal, settings, .. } = *self;
        let hubspot = app.hubspot_installed(self.installation.clone()).await?;
        let now = app.clock.now();
        // The moment that the last search which left one looked at. An older one only looks back further.
        let left = app.store.left_by_look_lately::<Timestamp>(portal, settings.object, Look::Search).await?;
        let mark = left.map(|left| left.value);
        let since = earlier(mark.unwrap_or_else(|| earlier(now, SEARCH_EVERY)), OVERLAP);
        if self.is_quiet(&hubspot, since).await? {
            if mark.is_none_or(|mark| schedule::later(mark, MARKED) <= now) {
                app.store.leave_for_look(portal, settings.object, Look::Search, &now).await?;
            }
            return Ok(0);
        }
        let connection = app.connect(portal).await?;
        let single = Single::prepare(app, &connection, settings.clone()).await?;
        let found = self.pages(&connection, &single, since).await?;
        app.store.leave_for_look(portal, settings.object, Look::Search, &now).await?;
        Ok(found)
    }

    /// Whether nothing changed since: so it is nearly always, and then nothing of the portal's mappings and properties needs to be
    /// read.
    async fn is_quiet(&self, hubspot: &hubspot::Api, since: Timestamp) -> Result<bool, Failure> {
        let search = Search { limit: 1, ..changed_since(since) };
        let page = hubspot.objects().search(&self.settings.hubspot_object, &search).await.map_err(Failure::Hubspot)?;
        Ok(page.results.is_empty())
    }

    /// Pages through everything that changed since, oldest first.
    async fn pages(&self, connection: &Connection, single: &Single<'_>, since: Timestamp) -> Result<usize, Failure> {
        let properties: Vec<String> = single.projector().mapped_properties().chain(KEYS).map(str::to_owned).collect();
        let (mut since, mut after, mut seen, mut found) = (since, None, 0, 0);
        loop {
            let search = Search { properties: properties.clone(), after, ..changed_since(since) };
            let objects = connection.hubspot.objects();
            let page = objects.search(&self.settings.hubspot_object, &search).await.map_err(Failure::Hubspot)?;
            found += self.import(single, &page).await?;
            seen += page.results.len();
            let last = page.results.last().and_then(|record| record.updated_at);
            after = page.after;
            if after.is_none() || last.is_none() {
                return Ok(found);
            }
            // HubSpot pages no further: the search begins anew where it came to.
            if let Some(last) = last.filter(|last| seen + search.limit > SEARCH_TOTAL_LIMIT && *last > since) {
                (since, after, seen) = (last, None, 0);
            }
        }
    }

    /// Queues the records of a page that a person changed.
    async fn import(&self, single: &Single<'_>, page: &SearchPage) -> Result<usize, Failure> {
        let pairing = single.pairing();
        let ids: Vec<KleerId> = page.results.iter().filter_map(named).collect();
        let bindings = self.app.store.bindings(&pairing, &ids).await?;
        let event = |record: &Record| self.event(single, record, &bindings);
        let messages: Vec<Outgoing> =
            page.results.iter().filter_map(|record| Some(self.message(record, event(record)?))).collect();
        let count = messages.len();
        if count > 0 {
            self.app.queue.send(QueueName::Change, messages, self.app.clock.now()).await?;
        }
        Ok(count)
    }

    /// What happened to a record; none if it is as we left it.
    fn event(&self, single: &Single<'_>, record: &Record, bindings: &HashMap<KleerId, Binding>) -> Option<RecordEvent> {
        let Some(binding) = named(record).and_then(|id| bindings.get(&id)) else {
            return self.settings.create_in_kleer.then_some(RecordEvent::Created).filter(|_| named(record).is_none());
        };
        let told_otherwise = single.projector().differs(&binding.base, &values(record), triggers(self.settings.object));
        (told_otherwise && binding.hubspot_id.as_ref().is_some_and(|id| id.as_str() == record.id))
            .then_some(RecordEvent::Changed)
    }

    fn message(&self, record: &Record, event: RecordEvent) -> Outgoing {
        let at = record.updated_at.unwrap_or_else(|| self.app.clock.now());
        let import = Import {
            hubspot_object: self.settings.hubspot_object.clone(),
            hubspot_id: HubspotId(record.id.clone()),
            event,
            at,
        };
        Outgoing {
            // Named by the change, so that searches that overlap queue it once.
            deduplication_id: format!("search#{}#{}#{}", self.portal, record.id, at.as_millisecond()),
            envelope: Envelope::new(self.portal, self.envelope.kleer_company, Job::Import(import)),
        }
    }
}

/// What changed since a moment, oldest first.
fn changed_since(since: Timestamp) -> Search {
    Search {
        filter_groups: vec![vec![Filter::new(CHANGED_AT, Operator::Gte, since.as_millisecond().to_string())]],
        sorts: vec![Sort { property_name: CHANGED_AT.to_owned(), direction: Direction::Ascending }],
        ..Search::default()
    }
}

fn earlier(at: Timestamp, span: Duration) -> Timestamp {
    at.checked_sub(span).unwrap_or(Timestamp::UNIX_EPOCH)
}
