//! `cargo local forget`: deletes everything that is kept of a portal, on AWS or in a folder of this machine.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use app::{AwsAccess, CloudConfig, Config};
use domain::PortalId;
use rest::{Clock, Transport};
use store::{Forgotten, Store};

use crate::machine::{Home, Machine, STORE_FILE, Transports};
use crate::output;

/// Options of the command.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whose everything.
    pub portal: PortalId,
    /// The folder of a store on this machine; the table on AWS that the environment names without.
    pub data: Option<PathBuf>,
    /// Nobody is asked.
    pub yes: bool,
}

/// Forgets a portal, if whoever runs this means it. Answers whether that was so.
///
/// # Errors
/// A sentence that says what is missing, or what refused.
pub async fn run(options: &Options) -> Result<bool, String> {
    match &options.data {
        Some(folder) => {
            let machine = open(folder).await?;
            forget(&machine.app.store, &format!("the folder {}", folder.display()), options).await
        }
        None => {
            let config = CloudConfig::from_environment().map_err(|e| e.to_string())?;
            let store = on_aws(&config.access, &config.common)?;
            forget(&store, &format!("the table {}", config.common.table_name), options).await
        }
    }
}

/// The store of a folder, which nobody else may be working in. A folder without one is not made into one.
async fn open(folder: &Path) -> Result<Machine, String> {
    if !folder.join(STORE_FILE).exists() {
        return Err(format!("{} holds no store of this program; --data names the folder of one", folder.display()));
    }
    let nowhere =
        Transport::in_process(std::sync::Arc::new(|_| Box::pin(std::future::ready(Err(rest::Failure::NotSent)))));
    let transports = Transports { kleer: nowhere.clone(), hubspot: nowhere };
    let overrides = [("DATA_DIR", folder.display().to_string())].into();
    let config = Config::from_environment(&overrides).map_err(|e| e.to_string())?;
    let machine = Machine::start(config, &Home::Folder(folder.to_owned()), Clock::system(), transports).await;
    machine.map_err(|e| e.to_string())
}

fn on_aws(access: &AwsAccess, config: &Config) -> Result<Store, String> {
    let transport = Transport::network().map_err(|e| e.to_string())?;
    let sdk = access.sdk(transport, &Clock::system());
    Ok(Store::new(app::dynamodb(&sdk), &config.table_name))
}

async fn forget(store: &Store, place: &str, options: &Options) -> Result<bool, String> {
    let portal = options.portal;
    let found = store.installation(portal).await.map_err(|e| e.to_string())?.map(|found| found.value);
    let connected = found.as_ref().is_some_and(|found| found.active_company().is_some());
    if connected {
        output::say(false, &format!("Portal {portal} is still connected; forgetting it ends that."));
    }
    if !options.yes && !confirmed(portal, place)? {
        output::say(false, "Nothing was deleted.");
        return Ok(false);
    }
    let tell = |Forgotten { kind, items }| {
        if items > 0 {
            output::say(false, &format!("  {kind}: {items} deleted"));
        }
    };
    let items = store
        .forget_portal_telling(portal, tell)
        .await
        .map_err(|error| format!("Forgetting portal {portal} was cut short, run it again to go on: {error}"))?;
    let sentence = match items {
        0 => format!("Nothing of portal {portal} is in {place}."),
        _ => format!("Portal {portal} is forgotten: {items} items were deleted from {place}."),
    };
    output::say(false, &sentence);
    // Nobody else works in a folder.
    if connected && options.data.is_none() {
        output::say(false, "What was under way may have left traces: run this again in a quarter of an hour.");
    }
    Ok(true)
}

/// Whether a person says so. Where there is none to ask, that is an error.
fn confirmed(portal: PortalId, place: &str) -> Result<bool, String> {
    if !std::io::stdin().is_terminal() {
        return Err("nobody is here to be asked: say --yes if everything of the portal is to be deleted".to_owned());
    }
    output::say(
        false,
        &format!("Everything of portal {portal} is deleted from {place}, for good. Type the portal's number to go on:"),
    );
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|e| e.to_string())?;
    Ok(line.trim() == portal.to_string())
}
