//! A portal installs us, or installs us again.

use std::collections::BTreeSet;

use app::{App, ConnectError};
use domain::{Activity, ActivityKind, Installation, Installer, KleerCompanyId, PortalId};
use hubspot::{Introspection, TokenError, TokenErrorKind, TokenHint, Tokens};
use queue::{Envelope, Job, Outgoing, QueueName};

/// What came of an install.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The portal.
    pub portal: PortalId,
    /// It never installed us before, or was forgotten since.
    pub is_new: bool,
    /// The company it was connected to before, whose records it still holds; its key has to be saved again if the portal was
    /// disconnected.
    pub kleer_company: Option<KleerCompanyId>,
    /// The host of HubSpot's pages for this portal, such as `app-eu1.hubspot.com`; empty if HubSpot did not say.
    pub ui_domain: String,
}

/// Why a portal was not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// Our own configuration lacks what OAuth needs.
    #[error("this server cannot install anybody: {0} is not configured")]
    NotConfigured(&'static str),
    /// The code was used before, has expired, or was made for another address.
    #[error("HubSpot does not know this install any more: it was used already or took too long; begin again")]
    CodeInvalid,
    /// HubSpot refuses us: our own client id, secret or redirect address is wrong.
    #[error("HubSpot refuses this app, not the account: its client id, client secret or redirect address is wrong")]
    Refused(#[source] Box<rest::Error>),
    /// HubSpot does not answer.
    #[error("HubSpot does not answer; begin again in a few minutes")]
    Unavailable(#[source] Box<rest::Error>),
    /// HubSpot does not say whose tokens they are.
    #[error("HubSpot does not say which account was installed; begin again")]
    Nameless,
    /// Less was granted than the app needs.
    #[error("the account has not granted everything that the app needs: {}", .0.join(", "))]
    MissingScopes(Vec<String>),
    /// Somebody else installs or forgets the same portal at this moment.
    #[error("portal {0} is being installed or forgotten by somebody else at this moment; begin again in a few minutes")]
    Busy(PortalId),
    /// The store failed.
    #[error("nothing can be stored at this moment; begin again in a few minutes")]
    Store(#[from] store::Error),
    /// The queue failed.
    #[error("nothing can be queued at this moment; begin again in a few minutes")]
    Queue(#[from] queue::Error),
}

impl InstallError {
    /// Names the kind; it stays the same.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotConfigured(_) => "not_configured",
            Self::CodeInvalid => "code_invalid",
            Self::Refused(_) => "hubspot_refused",
            Self::Unavailable(_) => "hubspot_unavailable",
            Self::Nameless => "portal_unknown",
            Self::MissingScopes(_) => "missing_scopes",
            Self::Busy(_) => "busy",
            Self::Store(_) => "store",
            Self::Queue(_) => "queue",
        }
    }
}

impl From<TokenError> for InstallError {
    fn from(error: TokenError) -> Self {
        match error.kind {
            TokenErrorKind::Revoked => Self::CodeInvalid,
            TokenErrorKind::Configuration => Self::Refused(error.source),
            TokenErrorKind::Transient => Self::Unavailable(error.source),
        }
    }
}

/// Installs a portal: exchanges the code that HubSpot sent the browser back with, which can be done once; finds out whose it is;
/// keeps its tokens; and has the properties made. A portal that was here before keeps its settings, mappings and bindings.
///
/// # Errors
/// Nothing is stored then. After an exchanged code the browser has to begin again.
pub async fn install(app: &App, code: &str, redirect_uri: &str) -> Result<Installed, InstallError> {
    let oauth = app.oauth().map_err(|error| match error {
        ConnectError::NotConfigured(name) => InstallError::NotConfigured(name),
        _ => InstallError::NotConfigured("HUBSPOT_CLIENT_ID"),
    })?;
    let tokens = oauth.exchange_code(code, redirect_uri).await?;
    let who = match oauth.introspect(&tokens.access_token, TokenHint::Access).await {
        Ok(who) => who,
        // Whose it is the exchange may have said already; the address of the user can be done without.
        Err(error) => {
            tracing::warn!(%error, "HubSpot does not say who installed");
            Introspection::default()
        }
    };
    let portal = tokens.hub_id.or(who.hub_id).and_then(|id| i64::try_from(id).ok()).map(PortalId);
    let portal = portal.ok_or(InstallError::Nameless)?;
    // The tokens are not given back: HubSpot may have given the ones that an older install lives by.
    check_scopes(&tokens, &who)?;
    let details = app.hubspot_as(portal, tokens.access_token.clone()).account().details().await;
    let ui_domain = details.map(|details| details.ui_domain).unwrap_or_else(|error| {
        tracing::warn!(%portal, %error, "HubSpot does not say where the account's pages are");
        String::new()
    });
    let (is_new, installation) = keep(app, portal, &tokens, &who).await?;
    let line = Activity::new(app.clock.now(), ActivityKind::Connected, "The app was installed in HubSpot.");
    app.store.note_activity(portal, &line).await?;
    sync::set_up_objects(app, portal).await?;
    provision_soon(app, portal).await?;
    sync::wake(app, portal).await?;
    tracing::info!(%portal, is_new, "a portal installed the app");
    Ok(Installed { portal, is_new, kleer_company: installation.kleer_company, ui_domain })
}

/// Whether everything was granted that the app cannot do without; HubSpot asks for all of it, and grants what the account has.
fn check_scopes(tokens: &Tokens, who: &Introspection) -> Result<(), InstallError> {
    let granted: BTreeSet<&str> = tokens.scopes.iter().chain(&who.scopes).map(String::as_str).collect();
    // HubSpot says so in the answer where it says anything.
    if granted.is_empty() {
        return Ok(());
    }
    let missing: Vec<String> = hubspot::scopes::REQUIRED
        .iter()
        .filter(|scope| !granted.contains(**scope))
        .map(|scope| (*scope).to_owned())
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(InstallError::MissingScopes(missing)) }
}

/// Keeps the installation and its tokens, in place of what was there.
async fn keep(
    app: &App,
    portal: PortalId,
    tokens: &Tokens,
    who: &Introspection,
) -> Result<(bool, Installation), InstallError> {
    const TRIES: u32 = 3;
    let now = app.clock.now();
    let user_id = tokens.user_id.or(who.user_id);
    let installer = user_id.map(|user_id| Installer { user_id, email: who.user.clone() });
    let sealed = app.seal_tokens(portal, tokens);
    for _ in 0..TRIES {
        let found = app.store.installation(portal).await?;
        let version = found.as_ref().map_or(0, |found| found.version);
        let before = found.map_or_else(|| Installation::new(portal, None, now), |found| found.value);
        let installer = installer.clone().or_else(|| before.installer.clone());
        let installation = Installation { installer, disconnected: None, ..before };
        if app.store.install(&installation, &sealed, version, now).await? {
            return Ok((version == 0, installation));
        }
    }
    Err(InstallError::Busy(portal))
}

async fn provision_soon(app: &App, portal: PortalId) -> Result<(), InstallError> {
    let now = app.clock.now();
    let job = Outgoing {
        deduplication_id: format!("provision#{portal}#{}", now.as_millisecond()),
        envelope: Envelope::new(portal, None, Job::Provision),
    };
    Ok(app.queue.send(QueueName::Poll, vec![job], now).await?)
}
