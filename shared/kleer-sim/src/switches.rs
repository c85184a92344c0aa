//! Every guess about the real service, one named switch each, so that a live check can flip it in one place
//! (contract kleer-api §13.10). All statuses are HTTP statuses.

use serde::{Deserialize, Serialize};

/// The guesses about the real service. The default of each is the contract's best guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Switches {
    /// Status when a good token asks for another company: 403, or 401 or 404 (contract kleer-api §13.1).
    pub wrong_company: u16,
    /// Status when a mandatory element is missing or an element has the wrong type: 500 *Tekniskt fel*, or 400
    /// (contract kleer-api §13.5).
    pub missing_mandatory: u16,
    /// Status when the body is not JSON at all, or its Content-Type is not JSON (not observed; contract kleer-api §2, §3).
    pub malformed_body: u16,
    /// Status of business errors such as an unknown user: 500 with a Java class name (contract kleer-api §2, §13.5).
    pub business_error: u16,
    /// Status of an answered create; the exact code was never recorded (contract kleer-api §3, Verbs).
    pub created: u16,
    /// Whether `saved` and `deleted` carry the optional id; without it they are `{}` (contract kleer-api §3, Verbs).
    pub answers_carry_id: bool,
    /// What a list without rows looks like (contract kleer-api §3, rule 6 reports both).
    pub empty_list: EmptyList,
    /// How enumerations of the schema are spelled in JSON, such as a product's `type` (contract kleer-api §3, rule 9).
    pub enum_spelling: Spelling,
    /// How `client-type` is spelled; the schema declares it a string, so as in XML (contract kleer-api §7.1).
    pub client_type_spelling: Spelling,
    /// Whether `vat-percentage` of a product is 0.25 or 25 (contract kleer-api §7.5).
    pub vat_percentage: Rate,
    /// What happens to elements that are in no schema (not observed; contract kleer-api §9).
    pub unknown_elements: UnknownElements,
    /// What a client becomes when an update omits `active` (contract kleer-api §7.1 says only that it may be omitted).
    pub omitted_active: OmittedActive,
    /// Whether a reference to a user that does not exist is a business error (contract kleer-api §7.1).
    pub unknown_user_refused: bool,
    /// Whether `"user":{"id":0}` means that nobody is responsible for a client (contract kleer-api §7.1, §14.6).
    pub user_zero_is_nobody: bool,
    /// Whether a delivery type that the company does not have is a business error (contract kleer-api §7.1).
    pub unknown_delivery_type_refused: bool,
    /// Whether codes are checked: `country-code` two letters or empty, `currency-type` three, `client-type` one of two
    /// (contract kleer-api §7.1 names the standards, not whether they are enforced).
    pub codes_checked: bool,
    /// Whether two clients, or two products, may have the same foreign id; nothing forbids it (contract kleer-api §11).
    pub duplicate_foreign_id_allowed: bool,
    /// Whether `GET client/foreign-id/{foreign-id}` exists (contract kleer-api §6, Clients).
    pub client_by_foreign_id: bool,
    /// Whether `DELETE client/{id}` exists (contract kleer-api §6, Clients).
    pub client_delete: bool,
    /// Whether `PUT product` and `POST product/{id}` exist (contract kleer-api §6, Products).
    pub product_writes: bool,
}

impl Switches {
    /// The same rules, but documents spelled as they are stored.
    pub(crate) fn in_stored_form(&self) -> Switches {
        Switches {
            enum_spelling: Spelling::UpperSnake,
            client_type_spelling: Spelling::Camel,
            vat_percentage: Rate::Fraction,
            ..self.clone()
        }
    }
}

impl Default for Switches {
    fn default() -> Switches {
        Switches {
            wrong_company: 403,
            missing_mandatory: 500,
            malformed_body: 400,
            business_error: 500,
            created: 200,
            answers_carry_id: true,
            empty_list: EmptyList::Array,
            enum_spelling: Spelling::UpperSnake,
            client_type_spelling: Spelling::Camel,
            vat_percentage: Rate::Fraction,
            unknown_elements: UnknownElements::Kept,
            omitted_active: OmittedActive::Unchanged,
            unknown_user_refused: true,
            user_zero_is_nobody: true,
            unknown_delivery_type_refused: true,
            codes_checked: true,
            duplicate_foreign_id_allowed: true,
            client_by_foreign_id: true,
            client_delete: true,
            product_writes: true,
        }
    }
}

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
