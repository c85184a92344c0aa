//! `cargo local connect`: connects the portal of the static token to a system on AWS, from this machine, with the rights of
//! whoever runs it. Run again, it saves new credentials and lets everything be polled at the next tick.

use app::{App, CloudConfig};
use domain::ObjectType;
use queue::QueueName;
use rest::{Clock, Transport};

use crate::{output, serve};

/// Connects.
///
/// # Errors
/// A sentence that says what is missing, or what refused.
pub async fn run(objects: Option<Vec<ObjectType>>, every_s: Option<u32>) -> Result<(), String> {
    let config = CloudConfig::from_environment().map_err(|e| e.to_string())?;
    let fixed = config.common.require_static_portal().map_err(|e| e.to_string())?.clone();
    let transport = Transport::network().map_err(|e| e.to_string())?;
    let app = App::on_aws(&config, transport, Clock::system(), &[QueueName::Poll]).await.map_err(|e| e.to_string())?;
    let new = serve::new_portal(&fixed, objects, every_s);
    sync::set_up_portal(&app, &new).await.map_err(|e| e.to_string())?;
    let names: Vec<&str> = new.objects.iter().map(|object| object.as_str()).collect();
    output::say(
        false,
        &format!(
            "Portal {} is connected to Kleer company {} in the table {}: {}; polled at the next tick",
            new.portal,
            new.kleer_company,
            config.common.table_name,
            names.join(", ")
        ),
    );
    Ok(())
}
