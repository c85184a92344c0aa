//! What the settings page asks for and decides: one function per operation, each from a request to an answer, both of which are
//! the page's words (`functions/settings` describes them as OpenAPI).
//!
//! | part | file |
//! |---|---|
//! | the first look, accepted terms | `overview.rs` |
//! | Kleer's credentials, leaving | `credentials.rs` |
//! | what is chosen for the portal as a whole | `sync.rs` |
//! | what is chosen for a type, its switch, its mappings | `object.rs`, `mapping.rs` |
//! | properties to map to: which fit, making one | `property.rs`, `fit.rs` |
//! | how it goes: runs, counts, payments, days | `status.rs` |
//! | problems and what mends them | `problems.rs`, `choose.rs` |
//! | what a run would do | `preview.rs` |
//! | long work on all records of a type | `mend.rs` |
//! | another Kleer company | `afresh.rs` |
//! | sentences in Swedish | `swedish/` |
//! | the list of activity, finding a record | `look.rs` |
//!
//! Every change is made under a condition on the version that the page saw, so that of two people who save at once the later one is
//! told; the same change sent twice is one change. What cannot be done is a [`Refusal`] with a code that the page translates.

mod afresh;
mod choose;
mod credentials;
mod fit;
mod look;
mod mapping;
mod mend;
mod object;
mod overview;
mod preview;
mod problems;
mod property;
mod refusal;
mod status;
mod swedish;
mod sync;
mod words;

use app::App;
use domain::{Activity, ActivityKind, Installation, ObjectSettings, ObjectType, PortalId};
use store::Versioned;

pub use afresh::{Afresh, AfreshStep, StartAfresh, continue_afresh, start_afresh};
pub use choose::{Candidate, Candidates, Choose, candidates, choose};
pub use credentials::{Connected, SaveCredentials, disconnect, save_credentials};
pub use look::{ActivityLine, ActivityPage, ActivityRequest, Find, Found, FoundRecord, activity, find};
pub use mapping::{DeleteMapping, SaveMapping, delete_mapping, save_mapping};
pub use mend::{mend, resync, retry_all};
pub use object::{FieldView, MappingView, ObjectView, SaveObject, SaveSchedule, object, save_object, save_schedule};
pub use overview::{AcceptTerms, Acceptance, Overview, TERMS_VERSION, accept_terms, overview};
pub use preview::{
    Preview, PreviewCounts, PreviewRefusal, PreviewStage, PreviewState, Sample, make_preview, preview, preview_state,
};
pub use problems::{ProblemList, ProblemRequest, ProblemView, RecordRequest, problems, recreate, retry};
pub use property::{CreateProperty, PropertyChoice, PropertyList, PropertyRequest, create_property, properties};
pub use refusal::{Code, Refusal, SettingsError};
pub use status::{
    ObjectStatus, States, SyncStatus, VerificationView, WrittenOnDay, states, status, sync_now, verify_now,
};
pub use swedish::swedish;
pub use sync::{
    Choice, Choices, ProductRequest, SaveSyncSettings, SyncSettingsView, pipelines, products, save_sync_settings,
};
pub use words::{Done, Nothing, ObjectName, ObjectRequest, Which};

/// Who asks: as HubSpot signed it, and nothing of it from anywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The portal. Everything that is read or changed is this portal's.
    pub portal: PortalId,
    /// The user's number in HubSpot.
    pub user_id: Option<u64>,
    /// The user's address, as HubSpot gives it.
    pub user_email: Option<String>,
}

impl Caller {
    /// Who it was, for the list of activity.
    fn name(&self) -> String {
        let number = || self.user_id.map_or_else(|| "Somebody".to_owned(), |id| format!("User {id}"));
        self.user_email.clone().unwrap_or_else(number)
    }
}

/// The installation of a portal that is connected to HubSpot.
async fn installed(app: &App, caller: &Caller) -> Result<Versioned<Installation>, SettingsError> {
    let found = app.store.installation(caller.portal).await?;
    let found = found.ok_or_else(|| {
        Refusal::new(Code::NotInstalled, "The app is not installed in this HubSpot account: install it first.")
    })?;
    match &found.value.disconnected {
        Some(left) => Err(Refusal::new(Code::Disconnected, left.reason.clone()).into()),
        None => Ok(found),
    }
}

/// What the portal chose for a type.
async fn chosen(app: &App, caller: &Caller, object: ObjectType) -> Result<Versioned<ObjectSettings>, SettingsError> {
    installed(app, caller).await?;
    let found = app.store.settings(caller.portal, object).await?;
    Ok(found.ok_or_else(|| Refusal::new(Code::NotInstalled, "This type is not set up yet: install the app again."))?)
}

/// The types whose turns carry a type's records: its own, or those that have the rows.
fn carriers(object: ObjectType) -> &'static [ObjectType] {
    match object {
        ObjectType::LineItem => &[ObjectType::Agreement, ObjectType::Invoice],
        ObjectType::Product => &[ObjectType::Product],
        ObjectType::Client => &[ObjectType::Client],
        ObjectType::Agreement => &[ObjectType::Agreement],
        ObjectType::Invoice => &[ObjectType::Invoice],
        ObjectType::Project => &[ObjectType::Project],
    }
}

/// Lets the records of a type be looked at now, where it is switched on.
async fn look_again(app: &App, portal: PortalId, object: ObjectType) -> Result<(), store::Error> {
    let now = app.clock.now();
    for carrier in carriers(object) {
        let settings = app.store.settings(portal, *carrier).await?;
        if settings.is_some_and(|settings| settings.value.enabled) {
            app.store.schedule(portal, *carrier, now).await?;
            app.store.bring_forward(portal, *carrier, now).await?;
        }
    }
    Ok(())
}

/// Lets HubSpot be asked again for the properties of a type: somebody says that something was mended there.
async fn ask_for_properties(app: &App, portal: PortalId, object: ObjectType) -> Result<(), store::Error> {
    for object in [object, ObjectType::LineItem] {
        if let Some(mut schema) = app.store.schema(portal, object).await? {
            schema.checked_at = jiff::Timestamp::UNIX_EPOCH;
            app.store.set_schema(portal, object, &schema).await?;
        }
    }
    Ok(())
}

/// The types that are meant: the one that was named, if it is switched on, or all that are, each by what carries its records.
async fn meant(app: &App, caller: &Caller, which: Which) -> Result<Vec<ObjectType>, SettingsError> {
    installed(app, caller).await?;
    let mut carrying = Vec::new();
    for object in ObjectType::POLLED {
        let settings = app.store.settings(caller.portal, object).await?;
        if settings.is_some_and(|settings| settings.value.enabled) {
            carrying.push(object);
        }
    }
    let Some(object) = which.object else { return Ok(carrying) };
    carrying.retain(|carrier| carriers(object).contains(carrier));
    if carrying.is_empty() {
        return Err(Refusal::new(Code::SwitchedOff, "This type is switched off: switch it on first.").into());
    }
    Ok(carrying)
}

/// Notes that somebody changed something.
async fn note(
    app: &App,
    caller: &Caller,
    kind: ActivityKind,
    object: Option<ObjectType>,
    what: &str,
) -> Result<(), store::Error> {
    let message = format!("{} {what}.", caller.name());
    tracing::info!(portal = %caller.portal, user = caller.user_id, ?object, "{what}");
    let activity = Activity { object, ..Activity::new(app.clock.now(), kind, message) };
    app.store.note_activity(caller.portal, &activity).await
}
