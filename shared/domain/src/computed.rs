//! Fields that Kleer does not have: totals, statuses, recurring revenue (contract product §6.2, §6.3; decisions: design §4).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::value::Money;

/// Decimals of a discount per unit: a row's discount divided by an odd quantity has no end, and HubSpot multiplies again.
const UNIT_DECIMALS: u32 = 6;

/// The date in Sweden, where Kleer's dates are at home.
#[must_use]
pub fn stockholm_date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC)).date()
}

/// The status of an invoice: `voided`, `draft`, `paid` or `open`. One that was paid with too much is paid.
#[must_use]
pub fn invoice_status(disabled: bool, certified: bool, remaining: Option<Money>) -> &'static str {
    match (disabled, certified, remaining) {
        (true, ..) => "voided",
        (false, false, _) => "draft",
        (false, true, Some(remaining)) if remaining.0 <= 0 => "paid",
        (false, true, _) => "open",
    }
}

/// The status of an agreement on a day: `canceled`, `scheduled`, `expired` or `active`. The first and the last day count as
/// active; one that ends before it starts is expired as soon as its end has passed.
#[must_use]
pub fn agreement_status(deleted: bool, start: Option<Date>, end: Option<Date>, today: Date) -> &'static str {
    if deleted {
        "canceled"
    } else if end.is_some_and(|end| end < today) {
        "expired"
    } else if start.is_some_and(|start| start > today) {
        "scheduled"
    } else {
        "active"
    }
}

/// HubSpot's word for an interval in months; none where it has none (contract product §6.3).
#[must_use]
pub fn billing_frequency(interval_months: i64) -> Option<&'static str> {
    Some(match interval_months {
        1 => "monthly",
        3 => "quarterly",
        6 => "per_six_months",
        12 => "annually",
        24 => "per_two_years",
        36 => "per_three_years",
        48 => "per_four_years",
        60 => "per_five_years",
        _ => return None,
    })
}

/// What is taken off a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowDiscount {
    /// Nothing.
    None,
    /// Minor units off the whole row.
    Absolute(i64),
    /// A part of the row's amount: 0.1 is 10 %.
    Fraction(Decimal),
}

/// What a row costs, as far as sums need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowAmount {
    /// How many.
    pub quantity: Decimal,
    /// Minor units for one, without VAT.
    pub price: i64,
    /// What is taken off.
    pub discount: RowDiscount,
}

impl RowAmount {
    /// Quantity × price − discount in minor units, not rounded. None if that is beyond any number.
    #[must_use]
    pub fn net(&self) -> Option<Decimal> {
        let gross = self.quantity.checked_mul(self.price.into())?;
        match self.discount {
            RowDiscount::None => Some(gross),
            RowDiscount::Absolute(minor) => gross.checked_sub(minor.into()),
            RowDiscount::Fraction(part) => gross.checked_sub(gross.checked_mul(part)?),
        }
    }

    /// HubSpot takes no negative price (contract hubspot-crm §3.4): the sign moves to the quantity, the amount stays.
    #[must_use]
    pub fn with_positive_price(self) -> Self {
        if NEGATIVE_QUANTITIES && self.price < 0 {
            Self { quantity: -self.quantity, price: self.price.saturating_neg(), ..self }
        } else {
            self
        }
    }

    /// An absolute discount for one unit in major units: Kleer's is for the row, HubSpot's for each (design §3 Money).
    #[must_use]
    pub fn unit_discount(&self) -> Option<Decimal> {
        let RowDiscount::Absolute(minor) = self.discount else { return None };
        let each = Decimal::new(minor, 2).checked_div(self.quantity)?;
        Some(each.round_dp_with_strategy(UNIT_DECIMALS, RoundingStrategy::MidpointAwayFromZero).normalize())
    }
}

/// Whether HubSpot takes a negative quantity is not known (contract hubspot-crm §13 point 7); off, rows with a negative price
/// go out as they are, which HubSpot refuses.
const NEGATIVE_QUANTITIES: bool = true;

/// What recurs, without VAT, in the agreement's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecurringRevenue {
    /// In a month.
    pub monthly: Money,
    /// In a year: twelve times the month before that was rounded, so that 100 a quarter are 400 a year.
    pub annual: Money,
}

/// The sum of recurring rows over the interval. None without an interval, or beyond any amount.
#[must_use]
pub fn recurring_revenue(rows: &[RowAmount], interval_months: i64) -> Option<RecurringRevenue> {
    if interval_months <= 0 {
        return None;
    }
    let sum = rows.iter().try_fold(Decimal::ZERO, |sum, row| sum.checked_add(row.net()?))?;
    let months = Decimal::from(interval_months);
    let monthly = minor(sum.checked_div(months)?)?;
    let annual = minor(sum.checked_mul(Decimal::from(12))?.checked_div(months)?)?;
    Some(RecurringRevenue { monthly, annual })
}

fn minor(amount: Decimal) -> Option<Money> {
    let whole = amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    i64::try_from(whole).ok().map(Money)
}

#[cfg(test)]
mod tests;
