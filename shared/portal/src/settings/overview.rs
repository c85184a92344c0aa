//! The first look at a portal: what it is connected to, what was accepted, what is switched on, what it cannot do.

use app::App;
use domain::{Disconnected, ObjectType, PortalId};
use futures::future::try_join_all;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use store::{Memo, Versioned};

use super::sync::SyncSettingsView;
use super::{Afresh, Caller, Code, Done, Nothing, ObjectName, Refusal, SettingsError, installed, note, swedish};
use crate::Status;

/// The terms and the data processing agreement that apply, by the day on which they were published.
pub const TERMS_VERSION: &str = "2026-11-01";

/// Everything that the page shows before anybody asks for more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// The HubSpot account.
    pub portal: i64,
    /// The connection to HubSpot.
    pub hubspot: HubspotConnection,
    /// The connection to Kleer.
    pub kleer: KleerConnection,
    /// What has to be accepted before credentials are saved.
    pub terms: Terms,
    /// A start afresh with another Kleer company that goes on; none if none does.
    pub starting_afresh: Option<Afresh>,
    /// What is chosen for the portal as a whole.
    pub sync: SyncSettingsView,
    /// The types, in the order of the tabs.
    pub objects: Vec<ObjectSummary>,
}

/// How HubSpot is connected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum HubspotConnection {
    /// The app is not installed.
    NotInstalled,
    /// It left, or was lost.
    Disconnected {
        /// When.
        at: Timestamp,
        /// Why, a sentence.
        reason: String,
    },
    /// It is.
    Connected {
        /// Since when.
        since: Timestamp,
        /// The address of who installed the app, where HubSpot says it.
        installed_by: Option<String>,
    },
}

/// How Kleer is connected. The key is never told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KleerConnection {
    /// Both company and key are saved.
    pub configured: bool,
    /// The company.
    pub company_id: Option<i64>,
    /// Its name, where Kleer tells it.
    pub company_name: Option<String>,
}

/// The terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Terms {
    /// The version that applies.
    pub version: String,
    /// Who accepted it; none if nobody did.
    pub accepted: Option<Acceptance>,
}

/// That somebody accepted the terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acceptance {
    /// The version.
    pub version: String,
    /// The user's number in HubSpot.
    pub user_id: Option<u64>,
    /// The user's address.
    pub user_email: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// One type at a glance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectSummary {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
    /// Switched on.
    pub enabled: bool,
    /// The HubSpot object it goes to.
    pub hubspot_object: String,
    /// Why this portal, or this key, cannot synchronize it, and what to do; none if it can, as far as is known.
    pub unavailable: Option<String>,
    /// The same in Swedish, where it is known.
    pub unavailable_sv: Option<String>,
    /// How many of its records have a problem.
    pub problems: u64,
    /// To be sent back with another schedule.
    pub version: u64,
    /// Seconds between two polls as chosen; null means the type's own.
    pub interval_s: Option<u32>,
    /// The type's own, in seconds; null for a type that goes with others.
    pub default_interval_s: Option<u64>,
}

/// Acceptance of the terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptTerms {
    /// The version that the user read.
    pub version: String,
}

/// The order of the page's tabs (contract product §4).
const TABS: [ObjectType; 6] = [
    ObjectType::Client,
    ObjectType::Invoice,
    ObjectType::Agreement,
    ObjectType::Product,
    ObjectType::LineItem,
    ObjectType::Project,
];

/// The first look. A portal that is not connected has one too: it says so.
///
/// # Errors
/// If the store fails.
pub async fn overview(app: &App, caller: &Caller, _: Nothing) -> Result<Overview, SettingsError> {
    let portal = caller.portal;
    let status = crate::status(app, portal).await?;
    let installation = app.store.installation(portal).await?.map(|found| found.value);
    let company = installation.as_ref().and_then(|installation| installation.kleer_company);
    let configured = matches!(status, Status::Connected { .. });
    let hubspot = match installation {
        None => HubspotConnection::NotInstalled,
        Some(installation) => match installation.disconnected {
            Some(Disconnected { at, reason }) => HubspotConnection::Disconnected { at, reason },
            None => HubspotConnection::Connected {
                since: installation.created_at,
                installed_by: installation.installer.and_then(|installer| installer.email),
            },
        },
    };
    let company_name = match company.filter(|_| configured) {
        Some(company) => super::credentials::company_name(app, portal, company).await?,
        None => None,
    };
    // Side by side: somebody waits for it.
    let objects = try_join_all(TABS.map(|object| summary(app, portal, object))).await?;
    Ok(Overview {
        portal: portal.0,
        hubspot,
        kleer: KleerConnection { configured, company_id: company.map(|company| company.0), company_name },
        terms: Terms { version: TERMS_VERSION.to_owned(), accepted: accepted(app, portal).await? },
        starting_afresh: super::afresh::going_on(app, portal).await?,
        sync: super::sync::view(app.store.sync_settings(portal).await?),
        objects: objects.into_iter().flatten().collect(),
    })
}

async fn summary(app: &App, portal: PortalId, object: ObjectType) -> Result<Option<ObjectSummary>, store::Error> {
    let Some(Versioned { version, value: settings }) = app.store.settings(portal, object).await? else {
        return Ok(None);
    };
    let unavailable = unavailable(app, portal, object, &settings.hubspot_object).await?;
    let own = sync::objects::spec(object).interval.as_secs();
    Ok(Some(ObjectSummary {
        object,
        version,
        interval_s: settings.interval_s,
        default_interval_s: ObjectType::POLLED.contains(&object).then_some(own),
        enabled: settings.enabled,
        unavailable_sv: unavailable.as_deref().and_then(swedish),
        unavailable,
        hubspot_object: settings.hubspot_object,
        problems: app.store.count_problems(portal, object, app.clock.now()).await?,
    }))
}

/// Why a type cannot be synchronized, as far as it was found out for the HubSpot object that is chosen now.
pub(super) async fn unavailable(
    app: &App,
    portal: PortalId,
    object: ObjectType,
    hubspot_object: &str,
) -> Result<Option<String>, store::Error> {
    let found = app.store.capability(portal, object).await?;
    Ok(found.filter(|found| found.hubspot_object == hubspot_object).and_then(|found| found.unavailable))
}

/// Who accepted the terms that apply.
async fn accepted(app: &App, portal: PortalId) -> Result<Option<Acceptance>, store::Error> {
    let all = app.store.memo::<Vec<Acceptance>>(portal, Memo::Terms).await?;
    let all = all.map(|found| found.value).unwrap_or_default();
    Ok(all.into_iter().rfind(|acceptance| acceptance.version == TERMS_VERSION))
}

/// The refusal where nobody accepted the terms that apply.
pub(super) async fn need_terms(app: &App, portal: PortalId) -> Result<(), SettingsError> {
    match accepted(app, portal).await? {
        Some(_) => Ok(()),
        None => {
            let why = "The terms and the data processing agreement have to be accepted before credentials are saved.";
            Err(Refusal::new(Code::TermsNotAccepted, why).into())
        }
    }
}

/// Somebody accepts the terms; who, when and which version is kept. Who accepted them first stays.
///
/// # Errors
/// If other terms apply by now, or the portal is not connected.
pub async fn accept_terms(app: &App, caller: &Caller, request: AcceptTerms) -> Result<Done, SettingsError> {
    installed(app, caller).await?;
    if request.version != TERMS_VERSION {
        let why = "Other terms apply by now: load the page again and read them.";
        let details = serde_json::json!({ "version": TERMS_VERSION });
        return Err(Refusal::new(Code::TermsOutdated, why).with(details).into());
    }
    let found = app.store.memo::<Vec<Acceptance>>(caller.portal, Memo::Terms).await?;
    let (version, mut all) = found.map_or_else(|| (0, Vec::new()), |found| (found.version, found.value));
    if all.iter().any(|acceptance| acceptance.version == TERMS_VERSION) {
        return Ok(Done {});
    }
    all.push(Acceptance {
        version: TERMS_VERSION.to_owned(),
        user_id: caller.user_id,
        user_email: caller.user_email.clone(),
        at: app.clock.now(),
    });
    if !app.store.put_memo(caller.portal, Memo::Terms, &all, version).await? {
        return Err(Refusal::new(Code::Busy, "Somebody else accepted the terms at the same moment; try again.").into());
    }
    let what = format!("accepted the terms of {TERMS_VERSION}");
    note(app, caller, domain::ActivityKind::SettingsChanged, None, &what).await?;
    Ok(Done {})
}
