//! What a write takes from people: values of HubSpot that are neither what we wrote last nor what we write now. Kleer wins, and
//! says so on the activity list (design §3 Inbound, Empty values).

use app::App;
use domain::{Activity, ActivityKind, Base, Direction, HubspotId, PropertyType, canonical};
use hubspot::{BatchRead, Outcome, Update};

use super::failure::Failure;
use super::write::{Destination, Work};
use super::{wording, write};
use crate::objects;

/// The spellings in which HubSpot may give a value back; which one a property has is not known to a page.
const SPELLINGS: [PropertyType; 5] =
    [PropertyType::String, PropertyType::Number, PropertyType::Bool, PropertyType::Date, PropertyType::DateTime];

/// Notes what the updates of a page are about to overwrite. Only types that travel both ways are asked about, and only records
/// that are about to change: one read for each hundred of them.
///
/// # Errors
/// If HubSpot or the store fails; nothing was written then.
pub(super) async fn note(app: &App, destination: Destination<'_>, work: &[Work<'_>]) -> Result<(), Failure> {
    let page = destination.page;
    if objects::spec(page.object).direction == Direction::OneWay {
        return Ok(());
    }
    let update = |work: &Work<'_>| write::update(destination, work.change.hubspot_id.as_ref()?, work);
    let updates: Vec<(usize, Update)> =
        work.iter().enumerate().filter_map(|(place, work)| Some((place, update(work)?))).collect();
    for updates in updates.chunks(hubspot::BATCH_LIMIT) {
        note_some(app, destination, work, updates).await?;
    }
    Ok(())
}

/// Notes what some updates are about to overwrite, as many as HubSpot lets be read at once.
async fn note_some(
    app: &App,
    destination: Destination<'_>,
    work: &[Work<'_>],
    updates: &[(usize, Update)],
) -> Result<(), Failure> {
    let page = destination.page;
    let read = BatchRead {
        ids: updates.iter().map(|(_, update)| update.id.clone()).collect(),
        id_property: None,
        properties: properties(updates),
    };
    let objects = destination.connection.hubspot.objects();
    let answer = match objects.batch_read(&page.hubspot_object, &read).await {
        Ok(answer) => answer,
        // The write is refused for the same reason, and says why.
        Err(error) if matches!(error.kind(), rest::ErrorKind::Denied | rest::ErrorKind::Missing) => return Ok(()),
        Err(error) => return Err(Failure::Hubspot(error)),
    };
    let portal = destination.connection.installation.portal;
    for ((place, update), outcome) in updates.iter().zip(answer.outcomes_of(&read.keys())) {
        let Outcome::Written { record } = outcome else { continue };
        let one = &work[*place];
        let lost = lost(&one.before.base, update, &record);
        if lost.is_empty() {
            continue;
        }
        let first = one.before.base == Base::default();
        let (kind, why) = if first {
            (ActivityKind::ReplacedAtFirstContact, "Was otherwise in HubSpot before; Kleer's value stands")
        } else {
            (ActivityKind::Conflict, "Changed on both sides; Kleer's value stands")
        };
        let (label, id) = (objects::spec(page.object).label, one.change.kleer_id);
        let line = Activity {
            object: Some(page.object),
            kleer_id: Some(id),
            hubspot_id: Some(HubspotId(record.id.clone())),
            // The same at another delivery of the page, so that it is told once.
            ..Activity::new(destination.run_started, kind, format!("{why}: {label} {id}, {}.", lost.join(", ")))
        };
        app.store.note_activity(portal, &line).await?;
    }
    Ok(())
}

fn properties(updates: &[(usize, Update)]) -> Vec<String> {
    let mut names: Vec<String> = updates.iter().flat_map(|(_, update)| update.properties.keys().cloned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What an update takes from a record, a piece per property.
fn lost(base: &Base, update: &Update, record: &hubspot::Record) -> Vec<String> {
    let mut lost = Vec::new();
    for (name, new) in &update.properties {
        let now = record.properties.get(name).and_then(Option::as_deref).unwrap_or_default();
        let known = |spelling| base.matches(name, &canonical(now, spelling));
        let same = |spelling| canonical(now, spelling) == canonical(new, spelling);
        if !now.trim().is_empty() && !SPELLINGS.into_iter().any(|spelling| known(spelling) || same(spelling)) {
            lost.push(format!("{name} {}, not {}", wording::quoted(new), wording::quoted(now)));
        }
    }
    lost
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(told: &[(&str, &str)], new: &[(&str, &str)], now: &[(&str, &str)]) -> String {
        let base = Base::of(&told.iter().copied().collect());
        let properties = new.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let update = Update { id: "1".to_owned(), properties, trace_id: "1".to_owned() };
        let values = now.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))).collect();
        lost(&base, &update, &hubspot::Record { properties: values, ..hubspot::Record::default() }).join("; ")
    }

    #[test]
    fn only_what_somebody_typed_is_lost() {
        let told = &[("phone", "08-1"), ("days", "10")];
        assert_eq!(check(told, &[("phone", "08-2")], &[("phone", "08-1")]), "", "what we wrote");
        assert_eq!(check(told, &[("phone", "08-2")], &[("phone", "08-2")]), "", "what we write");
        assert_eq!(check(told, &[("phone", "08-2")], &[("phone", "")]), "", "nothing");
        assert_eq!(check(told, &[("days", "20")], &[("days", "10.00")]), "", "in another spelling");
        insta::assert_snapshot!(check(told, &[("phone", "08-2")], &[("phone", "08-3")]), @"phone “08-2”, not “08-3”");
        insta::assert_snapshot!(check(&[], &[("phone", "")], &[("phone", "08-3")]), @"phone nothing, not “08-3”");
    }
}
