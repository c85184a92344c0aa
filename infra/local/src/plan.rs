//! `cargo local plan`: what a run would do. Nothing is written anywhere.

use app::Config;
use domain::{ObjectType, PortalId, SyncPlan};
use rest::Clock;

use crate::demo::{DemoError, Stage};
use crate::machine::{Machine, StartError};
use crate::output;
use crate::pretend::{self, Scene};
use crate::serve::{self, ServeError};

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] app::ConfigError),
    /// As in `serve`.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// As in the demo.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The store.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The portal.
    #[error(transparent)]
    Setup(#[from] sync::SetupError),
    /// One of the two services.
    #[error("{0}")]
    Service(String),
}

/// The plan of the demo before its first sync.
///
/// # Errors
/// If the demo cannot start.
pub async fn demo(object: ObjectType, json: bool) -> Result<(), PlanError> {
    let scene = Scene::everything();
    let stage = Stage::set(&scene, &Clock::system(), None, None, &ObjectType::ALL).await?;
    show(&plan(&stage.machine.app, PortalId(pretend::PORTAL), object).await?, json);
    Ok(())
}

/// The plan with the configuration of `serve`, over a copy of its store.
///
/// # Errors
/// If something is missing, or a service refuses; the text says what to do.
pub async fn real(config: Config, object: ObjectType, json: bool) -> Result<(), PlanError> {
    let fixed = config.require_static_portal()?.clone();
    let folder = config.data_dir.clone();
    let machine = Machine::copy_of(config, &folder, Clock::system(), serve::network()?).await?;
    sync::set_up_portal(&machine.app, &serve::new_portal(&fixed, None, None)).await?;
    show(&plan(&machine.app, fixed.portal, object).await?, json);
    Ok(())
}

async fn plan(app: &app::App, portal: PortalId, object: ObjectType) -> Result<SyncPlan, PlanError> {
    // A plan is not tried again; the sentence is written for runs.
    let once = |reason: String| PlanError::Service(reason.replace("; it is tried again by itself", ""));
    sync::preview(app, portal, object).await.map_err(once)
}

fn show(plan: &SyncPlan, json: bool) {
    if json {
        output::machine(plan);
    } else {
        output::say(false, plan.to_string().trim_end());
    }
}
