//! Values as Kleer means them, before HubSpot's formats.

use jiff::civil::Date;
use rust_decimal::Decimal;

/// An amount in hundredths of its currency (öre, cent). Never a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i64);

impl Money {
    /// The amount in major units: 12345 öre are 123.45.
    #[must_use]
    pub fn major(self) -> Decimal {
        Decimal::new(self.0, 2)
    }
}

/// One value of a Kleer field. A missing, null or empty value is the absence of a `Value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, never empty.
    Text(String),
    /// One of the field's enumerated values, in the spelling of its [`crate::EnumValue`]; unknown values keep Kleer's spelling.
    Choice(String),
    /// A count, quantity, rate factor or id.
    Number(Decimal),
    /// Minor units.
    Money(Money),
    /// A rate as a percentage: 25 for 25 %.
    Percentage(Decimal),
    /// Yes or no.
    Boolean(bool),
    /// A plain date on the calendar of Europe/Stockholm.
    Date(Date),
}

impl Value {
    /// The value as plain text: what a text property gets, and what a person reads.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Choice(text) => text.clone(),
            Self::Number(number) | Self::Percentage(number) => number.normalize().to_string(),
            Self::Money(money) => money.major().normalize().to_string(),
            Self::Boolean(yes) => yes.to_string(),
            Self::Date(date) => date.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
