//! What records refer to: clients, agreements, products. All of their bindings for a plan, those of a page for writing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use app::App;
use domain::{Change, KleerId, ObjectSettings, ObjectType, PortalId, Reference, Target, TargetType, Targets, schedule};
use store::Pairing;

use super::failure::Failure;
use super::known::Known;
use crate::objects;

/// Everything that records of a type may belong to.
pub(super) async fn all(app: &App, portal: PortalId, object: ObjectType, known: &Known) -> Result<Targets, Failure> {
    let types = objects::targets(object).iter().map(|object| async move {
        // What is written is resolved again when it is, so all of this may be a moment old.
        let (pairing, enabled) = chosen(portal, *object, app.store.settings_lately(portal, *object).await?.as_ref());
        let bindings = match known.of(&pairing) {
            Some(bindings) => bindings,
            None => app.store.planning_index(&pairing).await?,
        };
        Ok::<_, Failure>((*object, TargetType { enabled, hubspot_object: pairing.hubspot_object, bindings }))
    });
    let mut targets = Targets::default();
    for (object, known) in futures::future::try_join_all(types).await? {
        targets.add(object, known);
    }
    Ok(targets)
}

/// What the changes of a page refer to.
pub(super) async fn of_changes(
    app: &App,
    portal: PortalId,
    object: ObjectType,
    changes: &[&Change],
) -> Result<Targets, Failure> {
    let mut ids: BTreeMap<ObjectType, BTreeSet<KleerId>> = BTreeMap::new();
    let mut numbered: BTreeSet<ObjectType> = BTreeSet::new();
    for target in changes.iter().flat_map(|change| change.content.all_targets()) {
        match target.reference {
            Reference::Id(id) => drop(ids.entry(target.object).or_default().insert(id)),
            // Only all bindings tell who has a number.
            Reference::Number(_) => drop(numbered.insert(target.object)),
        }
    }
    let mut targets = Targets::default();
    for object in objects::targets(object) {
        let known = match ids.remove(object) {
            _ if numbered.contains(object) => whole(app, portal, *object).await?,
            None => continue,
            Some(ids) => some(app, portal, *object, ids).await?,
        };
        targets.add(*object, known);
    }
    Ok(targets)
}

/// A type that others wait for is polled again if it was not within this time.
const WAITED_FOR: Duration = Duration::from_secs(15 * 60);

/// Lets the types be polled that records wait for, unless that was lately: products come daily, and an invoice with a new
/// one should not wait that long.
pub(super) async fn wake(app: &App, portal: PortalId, awaited: &BTreeSet<Target>) -> Result<(), store::Error> {
    let now = app.clock.now();
    let types: BTreeSet<ObjectType> = awaited.iter().map(|target| target.object).collect();
    for object in types {
        let started = app.store.run_report(portal, object).await?.started_at;
        if started.is_none_or(|started| schedule::later(started, WAITED_FOR) <= now) {
            app.store.bring_forward(portal, object, now).await?;
        }
    }
    Ok(())
}

async fn whole(app: &App, portal: PortalId, object: ObjectType) -> Result<TargetType, Failure> {
    let (pairing, enabled) = pairing(app, portal, object).await?;
    let bindings = app.store.binding_index(&pairing).await?;
    Ok(TargetType { enabled, hubspot_object: pairing.hubspot_object, bindings })
}

async fn some(app: &App, portal: PortalId, object: ObjectType, ids: BTreeSet<KleerId>) -> Result<TargetType, Failure> {
    let (pairing, enabled) = pairing(app, portal, object).await?;
    let ids: Vec<KleerId> = ids.into_iter().collect();
    let bindings = app.store.binding_summaries(&pairing, &ids).await?;
    Ok(TargetType { enabled, hubspot_object: pairing.hubspot_object, bindings })
}

async fn pairing(app: &App, portal: PortalId, object: ObjectType) -> Result<(Pairing, bool), Failure> {
    let settings = app.store.settings(portal, object).await?.map(|settings| settings.value);
    Ok(chosen(portal, object, settings.as_ref()))
}

/// Where a type goes, and whether it is switched on.
fn chosen(portal: PortalId, object: ObjectType, settings: Option<&ObjectSettings>) -> (Pairing, bool) {
    let hubspot_object = settings.map_or(objects::spec(object).hubspot_object, |settings| &settings.hubspot_object);
    (Pairing::new(portal, object, hubspot_object), settings.is_some_and(|settings| settings.enabled))
}
