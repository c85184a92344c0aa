//! Which record of Kleer a record of HubSpot is.

use std::collections::BTreeMap;

use app::{App, Connection};
use domain::projection::{KEY_PROPERTY, SYNC_KEY_PROPERTY};
use domain::{Binding, HubspotId, KleerId, Properties};
use hubspot::{BatchRead, Fetch, InputErrorKind, Outcome, Record};
use store::{Commit, Pairing, Taken};

use super::{HELD, Importing};
use crate::outbound::failure::Failure;

/// A record of Kleer with its binding.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) kleer_id: KleerId,
    pub(super) binding: Binding,
}

/// The properties that say which record of Kleer a record of HubSpot is.
pub(super) const KEYS: [&str; 2] = [SYNC_KEY_PROPERTY, KEY_PROPERTY];

/// The records of HubSpot that are there, by the id that was asked for. A merged record may be answered with the one that it
/// became part of.
pub(crate) async fn read<'a>(
    connection: &Connection,
    hubspot_object: &str,
    ids: impl IntoIterator<Item = &'a HubspotId>,
    properties: Vec<String>,
) -> Result<BTreeMap<HubspotId, Record>, Failure> {
    let ids: Vec<String> = ids.into_iter().map(|id| id.as_str().to_owned()).collect();
    let mut found = BTreeMap::new();
    for ids in ids.chunks(hubspot::BATCH_LIMIT) {
        let read = BatchRead { ids: ids.to_vec(), id_property: None, properties: properties.clone() };
        let objects = connection.hubspot.objects();
        let answer = objects.batch_read(hubspot_object, &read).await.map_err(Failure::Hubspot)?;
        for (id, outcome) in ids.iter().zip(answer.outcomes_of(&read.keys())) {
            match outcome {
                Outcome::Written { record } if !record.archived => {
                    found.insert(HubspotId(id.clone()), record);
                }
                Outcome::Refused(error) if error.kind != InputErrorKind::ObjectNotFound => {
                    tracing::warn!(id, %error, "HubSpot does not let this record be read");
                    return Err(Failure::Unsettled(1));
                }
                // A merged record is answered with the one that it became part of, which a batch does not tell apart.
                Outcome::Unknown => {
                    let fetch = Fetch { properties: properties.clone(), ..Fetch::default() };
                    match objects.get(hubspot_object, id, &fetch).await {
                        Ok(record) => drop(found.insert(HubspotId(id.clone()), record)),
                        Err(error) if error.kind() == rest::ErrorKind::Missing => {}
                        Err(error) => return Err(Failure::Hubspot(error)),
                    }
                }
                Outcome::Written { .. } | Outcome::Refused(_) => {}
            }
        }
    }
    Ok(found)
}

/// What a record says; no value is an empty one.
pub(crate) fn values(record: &Record) -> Properties {
    record.properties.iter().map(|(name, value)| (name.as_str(), value.as_deref().unwrap_or_default())).collect()
}

/// The record of Kleer that a record of HubSpot says it is.
pub(super) fn named(record: &Record) -> Option<KleerId> {
    KEYS.iter().find_map(|key| record.properties.get(*key)?.as_deref()?.parse().ok())
}

/// The record of Kleer that is bound to a record of HubSpot. The index may be a moment behind; what the record itself says counts
/// if that binding names it.
pub(super) async fn bound(
    app: &App,
    pairing: &Pairing,
    hubspot_id: &HubspotId,
    record: Option<&Record>,
) -> Result<Option<Bound>, Failure> {
    let indexed = app.store.bound_to(pairing.portal, &pairing.hubspot_object, hubspot_id).await?;
    for kleer_id in indexed.into_iter().chain(record.and_then(named)) {
        let binding = app.store.bindings(pairing, &[kleer_id]).await?.remove(&kleer_id);
        let names_it = |binding: &Binding| binding.hubspot_id.as_ref() == Some(hubspot_id);
        if let Some(binding) = binding.filter(names_it) {
            return Ok(Some(Bound { kleer_id, binding }));
        }
    }
    Ok(None)
}

impl Importing<'_> {
    /// Takes a binding as it was read.
    ///
    /// # Errors
    /// If somebody else has it, or changed it meanwhile: the message comes again.
    pub(super) async fn take(&self, pairing: &Pairing, bound: &Bound) -> Result<(), Failure> {
        let now = self.app.clock.now();
        let taken = Taken { holder: self.holder(), until: domain::schedule::later(now, HELD) };
        let versions = [(bound.kleer_id, bound.binding.version)];
        let got = self.app.store.take_bindings(pairing, &versions, &taken, now).await?;
        if got.first() == Some(&true) { Ok(()) } else { Err(Failure::Unsettled(1)) }
    }

    /// Lets go of a binding as it was.
    pub(super) async fn release(&self, pairing: &Pairing, bound: &Bound) -> Result<(), Failure> {
        Ok(self.app.store.release_bindings(pairing, &[bound.kleer_id], &self.holder()).await?)
    }

    /// Writes a taken binding.
    ///
    /// # Errors
    /// If it was taken over meanwhile: the message comes again and looks anew.
    pub(super) async fn commit(&self, pairing: &Pairing, commit: Commit) -> Result<(), Failure> {
        let committed = self.app.store.commit_bindings(pairing, &[commit], &self.holder()).await?;
        if committed.first() == Some(&true) { Ok(()) } else { Err(Failure::Unsettled(1)) }
    }
}
