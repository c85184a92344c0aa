//! Identities. A bare number or string never crosses a function boundary.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An id that could not be read from its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a {what}: it must be a whole number above zero")]
pub struct ParseIdError {
    what: &'static str,
    text: String,
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                match text.trim().parse::<i64>() {
                    Ok(number) if number > 0 => Ok(Self(number)),
                    _ => Err(ParseIdError { what: $what, text: text.to_owned() }),
                }
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id!(
    /// A HubSpot account; the tenant of this product. Every store key begins with it.
    PortalId,
    "HubSpot portal id"
);
number_id!(
    /// A company in Kleer, which is Kleer's tenant (HubSpot's *company* is a record). Kleer ids are unique per company only.
    KleerCompanyId,
    "Kleer company id"
);
number_id!(
    /// The id of a record in Kleer; a positive integer, unique per company and entity (contract kleer-api §11).
    KleerId,
    "Kleer id"
);
text_id!(
    /// The id of a record in HubSpot (`hs_object_id`), unique per object type; to be treated as text (contract hubspot-crm §3.1).
    HubspotId
);
text_id!(
    /// One run of one object type of one portal: from polling Kleer to the last page applied.
    RunId
);

#[cfg(test)]
mod tests;
