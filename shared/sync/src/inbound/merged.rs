//! Records became one in HubSpot (design §3 Deletes).

use app::Connection;
use domain::{ActivityKind, Base, Binding, HubspotId, KleerId, ObjectSettings, ProblemCode, RecordState};
use hubspot::Record;
use queue::{Import, RecordEvent};
use store::{Commit, Pairing};

use super::find::{self, Bound};
use super::{Imported, Importing};
use crate::objects;
use crate::outbound::failure::Failure;
use crate::outbound::wording;

impl Importing<'_> {
    /// Records became part of one. Which one is left, says HubSpot: it may be one of them, or a new one.
    pub(super) async fn merged(
        &self,
        connection: &Connection,
        chosen: Vec<ObjectSettings>,
        others: &[HubspotId],
    ) -> Result<Imported, Failure> {
        let mut ids = vec![self.import.hubspot_id.clone()];
        ids.extend(others.iter().filter(|id| **id != self.import.hubspot_id).cloned());
        let mut imported = Imported::Ignored;
        for settings in chosen {
            let names = settings.mappings.iter().filter(|mapping| mapping.field.as_deref() == Some("name"));
            let properties = names.map(|mapping| mapping.property.as_str()).chain(find::KEYS).map(str::to_owned);
            let found = find::read(connection, &settings.hubspot_object, &ids, properties.collect()).await?;
            // The event names the one that is left first; a merged id may be answered with that one as well.
            let Some(survivor) = ids.iter().find_map(|id| found.get(id)) else {
                continue;
            };
            let rebound = self.rebind(&settings, survivor, &ids).await?;
            imported = if rebound == Imported::Ignored { imported } else { rebound };
            // It shows a mixture of values now, about which HubSpot tells nothing more.
            let left = HubspotId(survivor.id.clone());
            let import = Import { hubspot_id: left, event: RecordEvent::Changed, ..self.import.clone() };
            let again = Importing { import: &import, ..*self };
            Box::pin(again.changed(connection, vec![settings])).await?;
        }
        Ok(imported)
    }

    /// Binds what was bound to `ids` to the record that is left.
    pub(super) async fn rebind(
        &self,
        settings: &ObjectSettings,
        survivor: &Record,
        ids: &[HubspotId],
    ) -> Result<Imported, Failure> {
        let pairing = Pairing::new(self.portal, settings.object, &settings.hubspot_object);
        let left = HubspotId(survivor.id.clone());
        let mut bound: Vec<Bound> = Vec::new();
        for id in std::iter::once(&left).chain(ids) {
            let found = find::bound(self.app, &pairing, id, None).await?;
            bound.extend(found.filter(|one| bound.iter().all(|known| known.kleer_id != one.kleer_id)));
        }
        let Some(keeps) = keeper(&bound, survivor, &left) else {
            return self.doubt(&pairing, bound).await;
        };
        let name = name_of(settings, survivor);
        let mut imported = Imported::Unchanged;
        for (place, one) in bound.into_iter().enumerate() {
            imported = match place == keeps {
                true if one.binding.hubspot_id.as_ref() == Some(&left) => imported,
                true => self.move_to(&pairing, one, &left).await?,
                false => self.lose(&pairing, one, &left, &name).await?,
            };
        }
        Ok(imported)
    }

    /// The one record of Kleer follows to the record that is left. As at first contact, Kleer's values win there: the merged
    /// record shows a mixture, which nobody typed.
    async fn move_to(&self, pairing: &Pairing, bound: Bound, left: &HubspotId) -> Result<Imported, Failure> {
        self.take(pairing, &bound).await?;
        let label = objects::spec(pairing.object).label;
        let message = format!(
            "The record of {label} {} in HubSpot was merged into another, which takes its place.",
            bound.kleer_id
        );
        self.note(pairing, bound.kleer_id, ActivityKind::Merged, message).await?;
        self.app.store.clear_problem(self.portal, pairing.object, bound.kleer_id).await?;
        let binding = Binding {
            hubspot_id: Some(left.clone()),
            state: RecordState::InSync,
            fingerprint: None,
            base: Base::default(),
            // Associations of a merged record are HubSpot's to move; those that are missing are made again.
            associated: std::collections::BTreeSet::new(),
            ..self.next(&bound)
        };
        self.commit(pairing, Commit { kleer_id: bound.kleer_id, binding }).await?;
        self.app.store.bring_forward(self.portal, pairing.object, self.app.clock.now()).await?;
        Ok(Imported::Rebound)
    }

    /// A record of Kleer whose HubSpot record became part of another's: a person has to say what it shall be.
    async fn lose(&self, pairing: &Pairing, bound: Bound, left: &HubspotId, name: &str) -> Result<Imported, Failure> {
        if bound.binding.state == RecordState::Merged {
            return Ok(Imported::Unchanged);
        }
        self.take(pairing, &bound).await?;
        let label = objects::spec(pairing.object).label;
        let message = format!("The record of {label} {} in HubSpot was merged with {name}.", bound.kleer_id);
        self.note(pairing, bound.kleer_id, ActivityKind::Merged, message.clone()).await?;
        let remedy = format!(
            "Both are still in Kleer: merge or deactivate {label} {} there, or let it have a HubSpot record of its own again. \
             Until then it is not synchronized.",
            bound.kleer_id
        );
        let mut problem =
            self.about(pairing.object, bound.kleer_id).problem(ProblemCode::MergedInHubspot, message, &remedy);
        problem.hubspot_id = Some(left.clone());
        problem.link = wording::link(self.portal, &pairing.hubspot_object, Some(left));
        self.app.store.set_problem(self.portal, &problem).await?;
        let state = RecordState::Merged;
        let binding =
            Binding { hubspot_id: None, state, fingerprint: None, base: Base::default(), ..self.next(&bound) };
        self.commit(pairing, Commit { kleer_id: bound.kleer_id, binding }).await?;
        Ok(Imported::Rebound)
    }

    /// Several records of Kleer were bound, and the record that is left is none of theirs.
    async fn doubt(&self, pairing: &Pairing, bound: Vec<Bound>) -> Result<Imported, Failure> {
        let mut imported = Imported::Ignored;
        let left = self.import.hubspot_id.clone();
        for one in bound {
            imported = self.lose(pairing, one, &left, "other records, and belongs to none of them").await?;
        }
        Ok(imported)
    }
}

/// Which of the records of Kleer keeps the record that is left: the only one, or the one whose id it carries, or else the one that
/// it was before. None if there is none such.
fn keeper(bound: &[Bound], survivor: &Record, left: &HubspotId) -> Option<usize> {
    let named: Option<KleerId> = find::named(survivor);
    let of = |is: &dyn Fn(&Bound) -> bool| bound.iter().position(is);
    match bound {
        [_] => Some(0),
        _ => {
            of(&|one| Some(one.kleer_id) == named).or_else(|| of(&|one| one.binding.hubspot_id.as_ref() == Some(left)))
        }
    }
}

/// What people call the record that is left.
fn name_of(settings: &ObjectSettings, survivor: &Record) -> String {
    let mapped = settings.mappings.iter().filter(|mapping| mapping.field.as_deref() == Some("name"));
    let mut names = mapped.filter_map(|mapping| survivor.properties.get(&mapping.property)?.clone());
    let name = names.find(|name| !name.trim().is_empty());
    name.map_or_else(
        || format!("record {}", survivor.id),
        |name| format!("\u{201c}{}\u{201d}", wording::one_line(&name)),
    )
}

#[cfg(test)]
mod tests;
