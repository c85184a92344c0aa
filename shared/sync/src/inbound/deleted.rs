//! A record was deleted in HubSpot, or is there again.

use app::Connection;
use domain::{ActivityKind, Binding, ObjectSettings, Problem, ProblemCode, RecordState, RunId};
use store::{Commit, Pairing};

use super::find::{self, Bound};
use super::{Imported, Importing};
use crate::objects;
use crate::outbound::failure::Failure;
use crate::outbound::wording;

impl Importing<'_> {
    /// A record was deleted or restored; which, says HubSpot: events come in any order.
    pub(super) async fn deleted_or_restored(
        &self,
        connection: &Connection,
        chosen: Vec<ObjectSettings>,
    ) -> Result<Imported, Failure> {
        let id = &self.import.hubspot_id;
        let keys = find::KEYS.map(str::to_owned).to_vec();
        let there = find::read(connection, &self.import.hubspot_object, [id], keys).await?;
        let record = there.get(id).filter(|record| record.id == id.as_str());
        // What became part of another record is answered with that one, and was not deleted.
        let merged = there.get(id).filter(|record| record.id != id.as_str());
        let mut imported = Imported::Ignored;
        for settings in chosen {
            if let Some(survivor) = merged {
                imported = self.rebind(&settings, survivor, std::slice::from_ref(id)).await?;
                continue;
            }
            let pairing = Pairing::new(self.portal, settings.object, &settings.hubspot_object);
            let Some(bound) = find::bound(self.app, &pairing, id, record).await? else { continue };
            imported = match record {
                Some(_) => self.restore(&pairing, bound).await?,
                None => self.delete(&pairing, bound).await?,
            };
        }
        Ok(imported)
    }

    /// A record that was thought to have changed is not there.
    pub(super) async fn gone(&self, settings: &ObjectSettings) -> Result<Imported, Failure> {
        let pairing = Pairing::new(self.portal, settings.object, &settings.hubspot_object);
        match find::bound(self.app, &pairing, &self.import.hubspot_id, None).await? {
            Some(bound) => self.delete(&pairing, bound).await,
            None => Ok(Imported::Ignored),
        }
    }

    /// The record is not made again by itself: a person deleted it.
    async fn delete(&self, pairing: &Pairing, bound: Bound) -> Result<Imported, Failure> {
        if !is_followed(bound.binding.state) {
            return Ok(Imported::Unchanged);
        }
        self.take(pairing, &bound).await?;
        let label = objects::spec(pairing.object).label;
        let message = format!("The {label} {} was deleted in HubSpot; it is not made again by itself.", bound.kleer_id);
        self.note(pairing, bound.kleer_id, ActivityKind::DeletedInHubspot, message).await?;
        let mut problem = deleted(pairing, &bound);
        problem.link = wording::link(self.portal, &pairing.hubspot_object, problem.hubspot_id.as_ref());
        self.app.store.set_problem(self.portal, &problem).await?;
        let state = RecordState::DeletedInHubspot;
        let binding = Binding { state, open_since: None, ..self.next(&bound) };
        self.commit(pairing, Commit { kleer_id: bound.kleer_id, binding }).await?;
        Ok(Imported::Rebound)
    }

    /// The record is there again: the next poll brings it up to date, and that is soon.
    pub(super) async fn restore(&self, pairing: &Pairing, bound: Bound) -> Result<Imported, Failure> {
        if bound.binding.state != RecordState::DeletedInHubspot {
            return Ok(Imported::Unchanged);
        }
        self.take(pairing, &bound).await?;
        let label = objects::spec(pairing.object).label;
        let message = format!("The {label} {} is in HubSpot again and is synchronized again.", bound.kleer_id);
        self.note(pairing, bound.kleer_id, ActivityKind::Restored, message).await?;
        self.app.store.clear_problem(self.portal, pairing.object, bound.kleer_id).await?;
        let binding = Binding { state: RecordState::InSync, fingerprint: None, ..self.next(&bound) };
        self.commit(pairing, Commit { kleer_id: bound.kleer_id, binding }).await?;
        self.app.store.bring_forward(self.portal, pairing.object, self.app.clock.now()).await?;
        Ok(Imported::Rebound)
    }

    /// A binding that this import writes next.
    pub(super) fn next(&self, bound: &Bound) -> Binding {
        Binding {
            version: bound.binding.version + 1,
            run: Some(RunId(self.holder())),
            failed_fingerprint: None,
            retry_at: None,
            failures: 0,
            ..bound.binding.clone()
        }
    }
}

/// Whether there is anything left to remember about a record that was deleted.
const fn is_followed(state: RecordState) -> bool {
    !matches!(state, RecordState::DeletedInHubspot | RecordState::DeletedInKleer | RecordState::Merged)
}

fn deleted(pairing: &Pairing, bound: &Bound) -> Problem {
    Problem {
        hubspot_id: bound.binding.hubspot_id.clone(),
        message: "The record was deleted in HubSpot; it is not made again by itself.".to_owned(),
        remedy: "Leave it deleted, restore it in HubSpot, or have it made again on the settings page.".to_owned(),
        ..Problem::new(pairing.object, ProblemCode::DeletedInHubspot, bound.kleer_id)
    }
}
