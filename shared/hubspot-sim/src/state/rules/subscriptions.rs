//! Commerce subscriptions (0-69), contract §3.6.

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Write, line_items, number, put_default, put_number};
use crate::state::error::ApiError;
use crate::state::portal::Portal;
use crate::state::record::Record;
use crate::state::types;

/// The association of a current line item; an upcoming one does not count yet.
const CURRENT: u32 = 301;

/// HubSpot makes no invoices unless it is told to, and a subscription runs unless something else is said.
pub(super) fn complete(write: &Write<'_>, record: &mut Record) {
    if write.before.is_none() {
        put_default(record, "hs_invoice_creation", "off", write.now);
        put_default(record, "hs_status", "active", write.now);
        put_default(record, "hs_mrr", "0", write.now);
    }
}

/// What the current line items make in a month.
pub(super) fn total(portal: &Portal, record: &mut Record, now: Timestamp) {
    let lines = line_items::of(portal, (types::SUBSCRIPTIONS, record.id));
    let current = lines.filter(|(_, labels)| labels.iter().any(|label| label.type_id == CURRENT));
    let mut monthly = current.filter_map(|(line, _)| monthly(line));
    let sum = monthly.try_fold(Decimal::ZERO, Decimal::checked_add);
    let rounded = sum.map(|sum| sum.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero));
    put_number(record, "hs_mrr", rounded, now);
}

/// A line item's amount, by the month; none for a one-time line item.
fn monthly(line: &Record) -> Option<Decimal> {
    let (times, months): (i64, i64) = match line.get("recurringbillingfrequency")? {
        "weekly" => (52, 12),
        "biweekly" => (26, 12),
        "monthly" => (1, 1),
        "quarterly" => (1, 3),
        "per_six_months" => (1, 6),
        "annually" => (1, 12),
        "per_two_years" => (1, 24),
        "per_three_years" => (1, 36),
        "per_four_years" => (1, 48),
        "per_five_years" => (1, 60),
        _ => return None,
    };
    number(line, "amount")?.checked_mul(Decimal::from(times))?.checked_div(Decimal::from(months))
}

/// A billable subscription can be deleted once it is over, any other one at any time.
pub(super) fn check_removal(record: &Record) -> Result<(), ApiError> {
    let over = matches!(record.get("hs_status"), Some("expired" | "canceled"));
    if record.get("hs_invoice_creation") != Some("on") || over {
        return Ok(());
    }
    let message = format!("Subscription {} is billable and must be canceled before it can be deleted.", record.id);
    Err(ApiError::validation(message).context("id", [record.id.to_string()]))
}
