//! `cargo local simulators`: the two simulators alone, for people who write clients.

use rest::Clock;

use crate::demo::DemoError;
use crate::listener::{listen, stop_signal};
use crate::output;
use crate::pretend::{self, Pretend, Scene};

/// Serves both simulators until Ctrl-C.
///
/// # Errors
/// If a port is in use or a folder cannot be used.
pub async fn run(
    scene: &Scene,
    kleer_port: u16,
    hubspot_port: u16,
    data: Option<&std::path::Path>,
) -> Result<(), DemoError> {
    let (kleer, hubspot) = (listen(kleer_port).await?, listen(hubspot_port).await?);
    let _lock = data.map(crate::machine::lock).transpose()?;
    let pretend = Pretend::start(scene, &Clock::system(), data).map_err(DemoError::Simulators)?;
    output::say(
        false,
        &format!(
            "pretend Kleer     http://127.0.0.1:{kleer_port}/v1     company {}, X-Token {}",
            pretend::COMPANY,
            pretend::KLEER_KEY
        ),
    );
    output::say(
        false,
        &format!(
            "pretend HubSpot   http://127.0.0.1:{hubspot_port}        portal {}, Bearer {} (our app) or demo-token (a CRM user)",
            pretend::PORTAL,
            pretend::APP_TOKEN
        ),
    );
    output::say(
        false,
        "controls under /_sim/, listed in the READMEs of shared/kleer-sim and shared/hubspot-sim; Ctrl-C ends",
    );
    tokio::select! {
        ended = pretend::serve(&pretend, kleer, hubspot, std::future::pending()) => ended.map_err(DemoError::Simulators),
        () = stop_signal() => Ok(()),
    }
}
