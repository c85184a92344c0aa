//! The words in which an action is declared: its texts, its inputs, its outputs. What HubSpot is told of it is made of these
//! (see [`crate::hsmeta`]), and so is what its inputs are read by.

use crate::code::ErrorCode;
use crate::words::{Words, words};

/// The record that a workflow enrols.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunsOn {
    /// Companies.
    Companies,
    /// Deals.
    Deals,
}

impl RunsOn {
    /// The object's name in paths.
    #[must_use]
    pub const fn object(self) -> &'static str {
        match self {
            Self::Companies => "companies",
            Self::Deals => "deals",
        }
    }

    /// The name in definitions and calls (contract hubspot-platform §6.1).
    #[must_use]
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Companies => "COMPANY",
            Self::Deals => "DEAL",
        }
    }
}

/// What an input's text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Text, taken as it is.
    Text,
    /// A day.
    Date,
    /// A whole number within bounds, both included.
    Whole {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A number that may have decimals, not below zero.
    Decimal,
    /// An amount in major units with at most two decimals.
    Money,
    /// Yes or no.
    Boolean,
    /// Three letters, ISO 4217.
    Currency,
    /// Two letters, ISO 3166-1.
    Country,
    /// One of a closed list.
    Choice(&'static [Choice]),
    /// One of a list that lives in Kleer.
    Live(Live),
}

/// A list that lives in Kleer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// How invoices may be sent.
    DeliveryTypes,
    /// The people who work in Kleer.
    Users,
    /// Layouts of invoices.
    Templates,
}

/// One of a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Kleer's word.
    pub value: &'static str,
    /// What people read.
    pub label: Words,
}

/// How HubSpot shows an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A line of text, into which tokens fit: what the product promises for most inputs (contract product §7.3, §7.4).
    Text,
    /// As its meaning suggests: a number, a date, a drop-down.
    Typed,
}

/// One input of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// Its label in `snake_case` (design §4).
    pub name: &'static str,
    /// What people read.
    pub label: Words,
    /// What may be written there, and what is done without it.
    pub help: Words,
    /// What its text means.
    pub meaning: Meaning,
    /// How it is shown.
    pub shown: Shown,
}

impl Input {
    /// An input that is shown as text.
    pub(crate) const fn text(name: &'static str, label: Words, help: Words, meaning: Meaning) -> Self {
        Self { name, label, help, meaning, shown: Shown::Text }
    }

    /// An input that is shown as its meaning suggests.
    pub(crate) const fn typed(name: &'static str, label: Words, help: Words, meaning: Meaning) -> Self {
        Self { name, label, help, meaning, shown: Shown::Typed }
    }

    /// What can be wrong with its value; none if everything is taken.
    #[must_use]
    pub const fn fault(&self) -> Option<ErrorCode> {
        match self.meaning {
            Meaning::Text => None,
            Meaning::Date => Some(ErrorCode::InvalidDate),
            Meaning::Whole { .. } | Meaning::Decimal | Meaning::Money => Some(ErrorCode::InvalidNumber),
            Meaning::Currency => Some(ErrorCode::InvalidCurrency),
            Meaning::Boolean | Meaning::Country | Meaning::Choice(_) | Meaning::Live(_) => {
                Some(ErrorCode::UnknownValue)
            }
        }
    }

    /// What to do about a value that cannot be used.
    #[must_use]
    pub const fn remedy(&self) -> Words {
        self.meaning.remedy()
    }
}

impl Meaning {
    /// What to do about a value that cannot be used.
    #[must_use]
    pub const fn remedy(self) -> Words {
        match self {
            Meaning::Text => words("", ""),
            Meaning::Date => words(
                "Write a date as YYYY-MM-DD, such as 2026-11-21.",
                "Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2026-11-21.",
            ),
            Meaning::Whole { .. } => words(
                "Write a whole number that is neither negative nor too large, without unit.",
                "Skriv ett heltal som varken är negativt eller för stort, utan enhet.",
            ),
            Meaning::Decimal => words(
                "Write a number that is not negative, such as 40 or 37.5.",
                "Skriv ett tal som inte är negativt, till exempel 40 eller 37,5.",
            ),
            Meaning::Money => words(
                "Write an amount that is not negative, with at most two decimals, such as 15000 or 15000.50.",
                "Skriv ett belopp som inte är negativt, med högst två decimaler, till exempel 15000 eller 15000,50.",
            ),
            Meaning::Boolean => words("Write Yes or No.", "Skriv Ja eller Nej."),
            Meaning::Currency => words(
                "Write the three letters of the currency, such as SEK or EUR.",
                "Skriv valutans tre bokstäver, till exempel SEK eller EUR.",
            ),
            Meaning::Country => words(
                "Write the two letters of the country, such as SE or NO.",
                "Skriv landets två bokstäver, till exempel SE eller NO.",
            ),
            Meaning::Choice(_) | Meaning::Live(_) => {
                words("Choose one of the values that Kleer has.", "Välj ett av de värden som finns i Kleer.")
            }
        }
    }
}

/// Everything fixed about an action.
#[derive(Debug, Clone, Copy)]
pub struct Definition {
    /// Its name in paths: `create-invoice`.
    pub name: &'static str,
    /// Its identity in HubSpot's project, which never changes (contract hubspot-platform §1.2).
    pub uid: &'static str,
    /// What it runs on.
    pub runs_on: RunsOn,
    /// What it is called.
    pub title: Words,
    /// What it does.
    pub description: Words,
    /// What stands on its card in a workflow.
    pub card: Words,
    /// Its inputs; none of them is required, because each has something that takes its place.
    pub inputs: &'static [Input],
    /// The output that holds the id in Kleer, which is the property of the enrolled record that holds it as well.
    pub id_output: Output,
    /// The codes it can answer with besides those of its inputs.
    pub codes: &'static [ErrorCode],
}

/// One output of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: &'static str,
    /// What people read.
    pub label: Words,
}

/// What became of it: `created`, `skipped` or `updated`.
pub(crate) const RESULT: Output = Output { name: "result", label: words("Result", "Resultat") };
/// See [`ErrorCode`]; empty where all went well.
pub(crate) const ERROR_CODE: Output = Output { name: "error_code", label: words("Error code", "Felkod") };
/// The name of the input that is to blame, if one is.
pub(crate) const ERROR_FIELD: Output = Output { name: "error_field", label: words("Error field", "Felaktigt fält") };
/// What is wrong and what to do, English.
pub(crate) const ERROR_MESSAGE: Output =
    Output { name: "error_message", label: words("Error message", "Felmeddelande") };
/// What is worth knowing although all went well, English.
pub(crate) const NOTE: Output = Output { name: "note", label: words("Note", "Anmärkning") };

impl Definition {
    /// The input of that name.
    #[must_use]
    pub fn input(&self, name: &str) -> Option<&'static Input> {
        self.inputs.iter().find(|input| input.name == name)
    }

    /// What is said where nothing is done, because the record names what was made of it before.
    pub(crate) fn already(&self, kleer_id: impl std::fmt::Display) -> String {
        format!("{} is {kleer_id} already. Empty it to make another one.", self.id_output.label.en)
    }

    /// All outputs.
    #[must_use]
    pub const fn outputs(&self) -> [Output; 6] {
        [self.id_output, RESULT, ERROR_CODE, ERROR_FIELD, ERROR_MESSAGE, NOTE]
    }
}
