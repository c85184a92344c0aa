//! Faults stop, and people mend what they have to: they connect again, and give back what they took away.

use serde_json::{Value, json};

use super::act;
use super::stage::Stage;
use crate::fuse::Fuse;
use crate::weather::Odds;

/// From now on nothing goes wrong any more.
///
/// # Errors
/// If the product cannot be started, or refuses to be connected again.
pub(super) fn faults_stop(stage: &mut Stage) -> Result<(), String> {
    stage.ground.weather.change(Odds::default());
    stage.pretend.kleer.faults(kleer_sim::Faults::none(stage.plan.seed));
    stage.pretend.hubspot.faults(hubspot_sim::Faults::none(stage.plan.seed));
    stage.tap.calm();
    stage.twists.set(false);
    stage.spells.borrow_mut().clear();
    let lag = stage.plan.search_lag_ms;
    for tenant in &stage.tenants {
        stage.pretend.hubspot.switch(tenant.hub(), |switches| switches.search_lag_ms = lag);
    }
    stage.pretend.hubspot.webhooks(|webhooks| {
        (webhooks.duplicates, webhooks.lost, webhooks.delay_ms) = (0, 0, 0);
    })?;
    stage.start(Fuse::never())?;
    for tenant in stage.tenants.clone() {
        let mended = stage.lives_during(act::admin::makes_up(stage, tenant));
        mended.ok_or("the process died though nothing goes wrong")??;
    }
    stage.note("calm", "faults stop", Vec::new());
    Ok(())
}

/// The users have everything polled, compared, and tried again that was refused.
///
/// # Errors
/// If the product refuses.
pub(super) fn looks_at_all(stage: &Stage) -> Result<(), String> {
    for tenant in stage.tenants.clone() {
        for operation in ["retry-all", "sync-now", "verify-now"] {
            let asked = stage.settings(tenant, operation, json!({ "object": Value::Null }));
            stage.lives_during(asked).ok_or("the process died though nothing goes wrong")??;
        }
    }
    Ok(())
}
