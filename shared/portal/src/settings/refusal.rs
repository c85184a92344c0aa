//! What cannot be done, with a name that the page translates and a sentence for everybody else.

use app::ConnectError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ConnectKleerError, DisconnectError};

/// Why something was refused. The page has a sentence for each, in every language; names stay the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The app is not installed in this HubSpot account.
    NotInstalled,
    /// The HubSpot account was disconnected; the message says why.
    Disconnected,
    /// Kleer is not connected: save its credentials first.
    KleerNotConnected,
    /// The very same request was answered before. Ask again; changes were made if they could be.
    Replayed,
    /// The request is not of the shape that belongs here.
    InvalidRequest,
    /// The request is larger than any of the page's.
    TooLarge,
    /// The terms have to be accepted first.
    TermsNotAccepted,
    /// Other terms apply by now; details say which.
    TermsOutdated,
    /// The company id is no number.
    InvalidCompanyId,
    /// No API key was given.
    MissingKey,
    /// Kleer does not know the API key.
    WrongKey,
    /// The API key is another company's.
    WrongCompany,
    /// The API key may not read what is needed.
    MissingRights,
    /// The portal holds records of another Kleer company: start afresh.
    OtherCompany,
    /// A start afresh is going on.
    StartingAfresh,
    /// It has to be confirmed.
    NotConfirmed,
    /// Kleer does not answer as it should.
    KleerUnavailable,
    /// HubSpot does not answer as it should.
    HubspotUnavailable,
    /// HubSpot refused; the message says why.
    HubspotRefused,
    /// Somebody else changed something at the same moment; try again.
    Busy,
    /// Somebody else saved since the page was loaded; details hold what is saved now.
    ChangedMeanwhile,
    /// A field must be mapped first.
    RequiredFieldMissing,
    /// The property is mapped already.
    DuplicateProperty,
    /// Kleer has no such field.
    UnknownField,
    /// The property is written by the connection itself.
    ReservedProperty,
    /// HubSpot has no such property.
    UnknownProperty,
    /// Values of the property cannot be set.
    ReadOnlyProperty,
    /// The property's type cannot take the field's values.
    WrongType,
    /// A mapping without a field needs a default value.
    DefaultMissing,
    /// The property cannot take the default value.
    DefaultNotAllowed,
    /// More mappings than a type may have.
    TooManyMappings,
    /// There is no such mapping.
    UnknownMapping,
    /// The name of a property has letters that HubSpot does not take.
    InvalidName,
    /// The label of a property is empty or too long.
    InvalidLabel,
    /// There is a property of that name, of another type.
    PropertyExists,
    /// Another type goes to that HubSpot object.
    ObjectTaken,
    /// HubSpot has no such object in this account.
    UnknownObject,
    /// The type has no such choice.
    NotPossible,
    /// A number is out of its range.
    OutOfRange,
    /// Kleer has no such product.
    UnknownProduct,
    /// HubSpot has no such pipeline.
    UnknownPipeline,
    /// The type is switched off.
    SwitchedOff,
    /// There is no such record, or it is not in a state in which that can be done.
    UnknownRecord,
    /// The HubSpot record belongs to another record of Kleer's.
    BoundElsewhere,
    /// A preview takes longer than a page can wait.
    TooLong,
    /// A run would be refused; the message says why.
    CannotRun,
}

/// What was refused, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its name.
    pub code: Code,
    /// A sentence, English.
    pub message: String,
    /// What the page may show besides, by code.
    pub details: Option<Value>,
}

impl Refusal {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        let message: String = message.into();
        let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
        Self { code, message: format!("{message}{end}"), details: None }
    }

    pub(super) fn with(self, details: Value) -> Self {
        Self { details: Some(details), ..self }
    }
}

/// Why an operation has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be done, and a person can do something about it.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// The store failed; the same request may be sent again.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The queue failed; the same request may be sent again.
    #[error(transparent)]
    Queue(#[from] queue::Error),
}

impl From<Refusal> for SettingsError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<ConnectError> for SettingsError {
    fn from(error: ConnectError) -> Self {
        let message = error.to_string();
        let code = match error {
            ConnectError::Store(error) => return Self::Store(error),
            ConnectError::NotInstalled(_) => Code::NotInstalled,
            ConnectError::Disconnected { .. } => Code::Disconnected,
            ConnectError::NoCredentials { .. } => Code::KleerNotConnected,
            ConnectError::NotConfigured(_) | ConnectError::Renewal(_) | ConnectError::Keys(_) => {
                Code::HubspotUnavailable
            }
        };
        Refusal::new(code, message).into()
    }
}

impl From<ConnectKleerError> for SettingsError {
    fn from(error: ConnectKleerError) -> Self {
        let message = error.to_string();
        let code = match error {
            ConnectKleerError::Store(error) => return Self::Store(error),
            ConnectKleerError::OtherCompany { connected, wanted, .. } => {
                let details = serde_json::json!({ "connected": connected, "wanted": wanted });
                return Refusal::new(Code::OtherCompany, message).with(details).into();
            }
            ConnectKleerError::NotInstalled(_) => Code::NotInstalled,
            ConnectKleerError::WrongKey => Code::WrongKey,
            ConnectKleerError::WrongCompany(_) => Code::WrongCompany,
            ConnectKleerError::MissingRights => Code::MissingRights,
            ConnectKleerError::Unavailable(_) => Code::KleerUnavailable,
            ConnectKleerError::Busy(_) => Code::Busy,
        };
        Refusal::new(code, message).into()
    }
}

impl From<DisconnectError> for SettingsError {
    fn from(error: DisconnectError) -> Self {
        match error {
            DisconnectError::Store(error) => Self::Store(error),
            DisconnectError::Connect(error) => error.into(),
            DisconnectError::NotConnected(_) => Refusal::new(Code::Disconnected, error.to_string()).into(),
            DisconnectError::Unavailable(_) => Refusal::new(Code::HubspotUnavailable, error.to_string()).into(),
        }
    }
}

/// A call of HubSpot's that failed while a person waits for it.
pub(super) fn hubspot(error: &rest::Error) -> SettingsError {
    let code = match error.kind() {
        rest::ErrorKind::Rejected | rest::ErrorKind::Denied | rest::ErrorKind::Missing => Code::HubspotRefused,
        rest::ErrorKind::Transient { .. } | rest::ErrorKind::Malformed => Code::HubspotUnavailable,
    };
    Refusal::new(code, hubspot::explain(error)).into()
}
