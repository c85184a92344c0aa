//! How a portal is connected; what the settings page shows first.

use app::App;
use domain::{Disconnected, KleerCompanyId, PortalId};
use jiff::Timestamp;

/// How a portal is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It never installed us, or was forgotten since.
    NotInstalled,
    /// It left, or was lost.
    Disconnected {
        /// When.
        at: Timestamp,
        /// Why, a sentence for people.
        reason: String,
    },
    /// HubSpot is connected, Kleer is not: its company or its key is missing.
    WithoutKleer {
        /// The company it was connected to before, whose records it holds.
        kleer_company: Option<KleerCompanyId>,
    },
    /// Both ends are connected.
    Connected {
        /// The company.
        kleer_company: KleerCompanyId,
    },
}

/// How a portal is connected, as far as we know; nobody is asked.
///
/// # Errors
/// If the store fails.
pub async fn status(app: &App, portal: PortalId) -> Result<Status, store::Error> {
    let Some(installation) = app.store.installation(portal).await?.map(|found| found.value) else {
        return Ok(Status::NotInstalled);
    };
    if let Some(Disconnected { at, reason }) = installation.disconnected {
        return Ok(Status::Disconnected { at, reason });
    }
    let has_key = app.has_kleer_key(portal).await?;
    Ok(match installation.kleer_company {
        Some(kleer_company) if has_key => Status::Connected { kleer_company },
        kleer_company => Status::WithoutKleer { kleer_company },
    })
}
