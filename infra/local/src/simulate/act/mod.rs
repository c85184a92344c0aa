//! Carries out what happens: people's deeds, and trouble.

pub(super) mod admin;
mod books;
mod hubspot;
mod kleer;
mod settings;
pub(super) mod trouble;
mod workflow;

use std::time::Duration;

use super::deeds::Deed;
use super::plan::Happening;
use super::random::Random;
use super::run::{Interruption, TYPES};
use super::stage::{Stage, Tenant};

/// What a deed came to: the record that it was about, in words, or none if there was nothing to do it to.
pub(super) struct Did {
    pub(super) text: String,
    pub(super) tags: Vec<String>,
}

/// The customers have records in Kleer, install the app, connect it and switch it on.
///
/// # Errors
/// If the product refuses.
pub(super) fn begin(stage: &Stage) -> Result<(), String> {
    let mut random = Random::of(stage.plan.seed, 2);
    for tenant in stage.tenants.clone() {
        stage.pretend.hubspot.switch(tenant.hub(), |switches| {
            switches.merge_makes_new_record = stage.plan.merge_makes_new;
            switches.search_lag_ms = stage.plan.search_lag_ms;
            switches.property_delay_ms = stage.plan.property_delay_ms;
        });
        kleer::fill(stage, tenant, &mut random);
        stage.does(connect(stage, tenant)).ok_or("the process died")??;
    }
    stage.passes(domain::schedule::later(stage.now(), Duration::from_secs(60)));
    Ok(())
}

async fn connect(stage: &Stage, tenant: Tenant) -> Result<(), String> {
    stage.installs(tenant).await?;
    stage.connects_kleer(tenant).await?;
    for object in TYPES {
        stage.switches(tenant, object, true).await?;
    }
    Ok(())
}

/// Something happens.
pub(super) async fn happens(stage: &Stage, happening: Happening) -> Option<Interruption> {
    let tenant = stage.tenants[happening.tenant];
    let mut random = Random::of(stage.plan.seed ^ happening.luck, 9);
    let mut interruption = None;
    let did = match happening.deed {
        Deed::Kleer(deed) => kleer::does(stage, tenant, deed, &mut random),
        Deed::HubSpot(deed) => hubspot::does(stage, tenant, deed, &mut random),
        Deed::Settings(deed) => settings::does(stage, tenant, deed, &mut random).await,
        Deed::Workflow(deed) => workflow::does(stage, tenant, deed, &mut random),
        Deed::Admin(deed) => admin::does(stage, tenant, deed, &mut random).await,
        Deed::Trouble(deed) if trouble::lasts(deed).is_some() => Some(trouble::changes(stage, deed, true, &mut random)),
        Deed::Trouble(deed) => {
            let (did, interrupted) = trouble::strikes(stage, tenant, deed, &mut random);
            interruption = interrupted;
            did
        }
        Deed::Over(deed) => Some(trouble::changes(stage, deed, false, &mut random)),
    };
    if let Some(Did { text, tags }) = did {
        stage.note(&name(happening.deed), text, tags);
    }
    interruption
}

/// What a deed is counted under.
fn name(deed: Deed) -> String {
    match deed {
        Deed::Kleer(deed) => format!("Kleer {deed:?}"),
        Deed::HubSpot(deed) => format!("HubSpot {deed:?}"),
        Deed::Settings(deed) => format!("settings {deed:?}"),
        Deed::Workflow(deed) => format!("workflow {deed:?}"),
        Deed::Admin(deed) => format!("admin {deed:?}"),
        Deed::Trouble(deed) => format!("trouble {deed:?}"),
        Deed::Over(deed) => format!("no more {deed:?}"),
    }
}
