//! What went wrong with a record, told so that a person can mend it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{HubspotId, KleerId};
use crate::spec::ObjectType;

/// Where a problem is to be mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// In Kleer.
    Kleer,
    /// In HubSpot.
    Hubspot,
    /// In the settings of this product.
    Settings,
}

/// The stable names of problems; one list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// A value that HubSpot needs is empty in Kleer.
    MissingValue,
    /// A value that a mapped property cannot take.
    ValueNotAllowed,
    /// Kleer's record could not be read.
    UnreadableRecord,
    /// HubSpot refused the write.
    RefusedByHubspot,
    /// The HubSpot record was deleted there.
    DeletedInHubspot,
    /// Several records may be meant; a person has to say which.
    DoubtfulMatch,
    /// The record is in HubSpot, but HubSpot does not take one of its rows.
    RowLeftOut,
    /// Kleer refused what was changed in HubSpot.
    RefusedByKleer,
    /// A value of HubSpot that Kleer cannot hold.
    ValueNotAllowedInKleer,
    /// Something was changed in HubSpot that Kleer cannot change.
    NotChangeableInKleer,
    /// Somebody made HubSpot able to charge for the record; it is set back.
    Chargeable,
    /// Its HubSpot record became part of another Kleer record's.
    MergedInHubspot,
}

impl ProblemCode {
    /// Where it is usually mended.
    #[must_use]
    pub const fn side(self) -> Side {
        match self {
            Self::MissingValue | Self::UnreadableRecord => Side::Kleer,
            Self::ValueNotAllowed => Side::Settings,
            Self::RefusedByHubspot
            | Self::DeletedInHubspot
            | Self::DoubtfulMatch
            | Self::RowLeftOut
            | Self::Chargeable
            | Self::RefusedByKleer
            | Self::ValueNotAllowedInKleer
            | Self::NotChangeableInKleer
            | Self::MergedInHubspot => Side::Hubspot,
        }
    }

    /// Whether it is about a change made in HubSpot: what is written there says nothing about it, only the next import does.
    #[must_use]
    pub const fn is_inbound(self) -> bool {
        matches!(self, Self::RefusedByKleer | Self::ValueNotAllowedInKleer | Self::NotChangeableInKleer)
    }
}

/// One record's problem: what, where, what to do. Kept until the record is written successfully.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The object type.
    pub object: ObjectType,
    /// Its stable name.
    pub code: ProblemCode,
    /// The Kleer record; none if not even its id could be read.
    pub kleer_id: Option<KleerId>,
    /// The HubSpot record, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hubspot_id: Option<HubspotId>,
    /// The HubSpot property it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property: Option<String>,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do, one sentence.
    pub remedy: String,
    /// When it is tried again by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// The page of the HubSpot record, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The HubSpot records that may be meant, where a person has to choose; some of them if there are many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<HubspotId>,
    /// The option that a property of ours lacks; added before the record is planned again.
    #[serde(skip)]
    pub missing_option: Option<String>,
}

impl Problem {
    /// A problem of one Kleer record with texts still to be filled in.
    #[must_use]
    pub const fn new(object: ObjectType, code: ProblemCode, kleer_id: KleerId) -> Self {
        Self {
            object,
            code,
            kleer_id: Some(kleer_id),
            hubspot_id: None,
            property: None,
            message: String::new(),
            remedy: String::new(),
            retry_at: None,
            link: None,
            candidates: Vec::new(),
            missing_option: None,
        }
    }
}
