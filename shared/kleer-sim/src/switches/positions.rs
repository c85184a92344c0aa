//! The positions that switches have.

use serde::{Deserialize, Serialize};

/// What a list without rows looks like in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyList {
    /// `{"clients":[]}`
    Array,
    /// `{}`
    Missing,
}

/// How the name of an enumeration's value is written in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spelling {
    /// `DIGITAL_SERVICES`
    UpperSnake,
    /// `DigitalServices`
    Camel,
}

impl Spelling {
    /// Spells the CamelCase name of the schema.
    pub(crate) fn spell(self, camel: &str) -> String {
        match self {
            Spelling::Camel => camel.to_owned(),
            Spelling::UpperSnake => upper_snake(camel),
        }
    }
}

fn upper_snake(camel: &str) -> String {
    let mut text = String::with_capacity(camel.len() + 4);
    for (at, letter) in camel.chars().enumerate() {
        if at > 0 && letter.is_uppercase() {
            text.push('_');
        }
        text.extend(letter.to_uppercase());
    }
    text
}

/// How a rate is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rate {
    /// 25 % is 0.25.
    Fraction,
    /// 25 % is 25.
    Percent,
}

/// What happens to an element that is in no schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownElements {
    /// It is stored and answered. The request is listed as unexpected.
    Kept,
    /// It is left out. The request is listed as unexpected.
    Dropped,
    /// The write is refused like one with a wrong type.
    Refused,
}

/// What a client becomes when an update omits `active`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OmittedActive {
    /// What it was.
    Unchanged,
    /// Active.
    Active,
    /// Inactive, as an emptied boolean would be.
    Inactive,
}

/// How a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateTimes {
    /// `2026-11-21T09:00:00`, as clocks in Stockholm show it.
    Local,
    /// `2026-11-21T09:00:00+01:00`
    Offset,
    /// Milliseconds since 1970, a number.
    Milliseconds,
}

/// In which order invoices are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvoiceOrder {
    /// By id.
    Id,
    /// The newest invoice date first.
    Newest,
}

/// What deleting an invoice through the API does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InvoiceDelete {
    /// It sets the flag `disabled`.
    Disables,
    /// The invoice is gone.
    Removes,
    /// There is no such method.
    Unsupported,
}

/// How a mandatory date says that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoDate {
    /// `""`
    Empty,
    /// `0001-01-01`
    YearOne,
}

/// The candidates for the path of agreements, named as they are (contract kleer-api §6, Agreements).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgreementPath {
    /// The best guess.
    #[serde(rename = "client/agreement")]
    ClientSlashAgreement,
    /// The first fallback.
    #[serde(rename = "client-agreement")]
    ClientDashAgreement,
    /// The second fallback.
    #[serde(rename = "agreement")]
    Agreement,
    /// The third fallback.
    #[serde(rename = "clientagreement")]
    Clientagreement,
}

impl AgreementPath {
    /// All candidates.
    pub(crate) const ALL: [AgreementPath; 4] = [
        AgreementPath::ClientSlashAgreement,
        AgreementPath::ClientDashAgreement,
        AgreementPath::Agreement,
        AgreementPath::Clientagreement,
    ];

    /// The path behind the company's.
    pub(crate) fn path(self) -> &'static str {
        match self {
            AgreementPath::ClientSlashAgreement => "/client/agreement",
            AgreementPath::ClientDashAgreement => "/client-agreement",
            AgreementPath::Agreement => "/agreement",
            AgreementPath::Clientagreement => "/clientagreement",
        }
    }
}

/// What an update of an agreement looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgreementUpdate {
    /// `{"client-agreement":{…}}`, the type update-client-agreement.
    Wrapped,
    /// The agreement itself.
    Bare,
}

/// The status of a project (contract kleer-api §10, client-project-status-type).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProjectStatus {
    /// Being prepared.
    Draft,
    /// Time may be reported.
    Open,
    /// Done.
    Closed,
}
