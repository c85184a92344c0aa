//! A record of HubSpot becomes that of a record that was just made in Kleer for it.

use app::{App, Connection};
use domain::{Binding, HubspotId, KleerId, ObjectType, Problem, ProblemCode, RecordState};
use store::Pairing;

use super::failure::Failure;
use super::push::Pushing;
use crate::objects;

/// What came of binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bound {
    /// The record in HubSpot says what Kleer says, its id among it.
    Written,
    /// It is bound, but could not be written as a record of this HubSpot object; a problem says why.
    Unwritten(String),
    /// Kleer's record is another record of HubSpot.
    Elsewhere(HubspotId),
}

/// Binds two records: the binding first, so that polls update from now on, then what Kleer says, and its id. Again is harmless.
pub(crate) async fn bind(
    app: &App,
    connection: &Connection,
    object: ObjectType,
    kleer_id: KleerId,
    hubspot_id: &HubspotId,
) -> Result<Bound, Failure> {
    let pushing = Pushing { app, portal: connection.installation.portal, object, kleer_id, delivery: 1 };
    let rules = pushing.rules().await?;
    let pairing = pushing.pairing(&rules);
    let before = app.store.bindings(&pairing, &[kleer_id]).await?.remove(&kleer_id).unwrap_or_default();
    match before.hubspot_id {
        Some(known) if known == *hubspot_id => {}
        Some(known) => return Ok(Bound::Elsewhere(known)),
        None => {
            part(&pushing, &pairing, hubspot_id).await?;
            let (version, run) = (before.version + 1, Some(pushing.name()));
            let binding = Binding { version, hubspot_id: Some(hubspot_id.clone()), run, ..Binding::default() };
            pushing.commit(&pairing, kleer_id, binding).await?;
        }
    }
    let written = Box::pin(pushing.write(connection, &rules)).await?;
    let well = written.is_some_and(|binding| matches!(binding.state, RecordState::InSync | RecordState::Waiting));
    Ok(if well { Bound::Written } else { Bound::Unwritten(pairing.hubspot_object) })
}

/// Parts a record of HubSpot from the one that it was before: a user emptied its id and asked for a new one.
async fn part(pushing: &Pushing<'_>, pairing: &Pairing, hubspot_id: &HubspotId) -> Result<(), Failure> {
    let store = &pushing.app.store;
    let former = store.bound_to(pushing.portal, &pairing.hubspot_object, hubspot_id).await?;
    let Some(former) = former.filter(|former| *former != pushing.kleer_id) else { return Ok(()) };
    let Some(before) = store.bindings(pairing, &[former]).await?.remove(&former) else { return Ok(()) };
    // The index may be a moment behind, and another type may go to the same object.
    if before.hubspot_id.as_ref() != Some(hubspot_id) {
        return Ok(());
    }
    let label = objects::spec(pushing.object).label;
    let problem = Problem {
        message: format!("Its record in HubSpot belongs to the {label} {} now.", pushing.kleer_id),
        remedy: format!("Nothing has to be done; this {label} is not synchronized any more."),
        ..Problem::new(pushing.object, ProblemCode::DeletedInHubspot, former)
    };
    store.set_problem(pushing.portal, &problem).await?;
    let (version, state) = (before.version + 1, RecordState::DeletedInHubspot);
    pushing.commit(pairing, former, Binding { version, state, ..Binding::default() }).await
}
