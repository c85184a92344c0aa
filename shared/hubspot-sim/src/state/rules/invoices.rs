//! Invoices (0-53), contract §3.5: the two kinds, their states, their amounts, and when they can be deleted.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{Write, line_items, number, put_default, put_number};
use crate::state::error::{ApiError, Invalid};
use crate::state::portal::Portal;
use crate::state::record::{Record, SourceKind, moment};
use crate::state::types::{self, ObjectTypeId};

const BILLABLE: &str = "hs_invoice_billable";
const STATUS: &str = "hs_invoice_status";

/// Every invoice is a draft until something else is said.
fn status(record: &Record) -> &str {
    record.get(STATUS).unwrap_or("draft")
}

/// Every invoice is billable until it is said that it is not.
fn is_billable(record: &Record) -> bool {
    record.get(BILLABLE) != Some("false")
}

/// Billable set again after creation, where the switch says that it cannot be. People can always turn it.
pub(super) fn invalid(write: &Write<'_>) -> Option<Invalid> {
    let again = write.before.is_some() && write.sends(BILLABLE) && write.source.kind == SourceKind::Integration;
    (again && write.portal.switches.invoice_billable_fixed).then(|| {
        let message = format!("\"{BILLABLE}\" is a read only property; its value cannot be set.");
        Invalid::new(BILLABLE, "READ_ONLY_VALUE", message)
    })
}

/// Refuses a status that the invoice cannot have yet.
pub(super) fn check(write: &Write<'_>, record: &Record) -> Result<(), ApiError> {
    let wanted = status(record);
    let Some(before) = write.before else {
        let allowed = write.portal.switches.invoice_status_on_create && !is_billable(record);
        return if wanted == "draft" || allowed { Ok(()) } else { Err(lacking("New invoice", wanted, LINE_ITEM)) };
    };
    if wanted == status(before) {
        return Ok(());
    }
    let name = format!("Invoice {}", record.id);
    let has = |other| has_any(write.portal, record, other);
    if !has(types::LINE_ITEMS) {
        return Err(lacking(&name, wanted, LINE_ITEM));
    }
    if !is_billable(record) {
        return Ok(());
    }
    if wanted == "open" && !has(types::CONTACTS) {
        return Err(lacking(&name, wanted, "INVOICE_TO_CONTACT"));
    }
    // A person records a payment in HubSpot's pages; the API knows no way (contract §3.5).
    let steps = matches!((status(before), wanted), ("draft", "open") | ("open", "voided"));
    if steps || write.source.kind == SourceKind::CrmUi {
        return Ok(());
    }
    let message = format!("{name} cannot be changed from {} to {wanted}.", status(before));
    Err(ApiError::validation(message).context("propertyName", [STATUS.to_owned()]))
}

/// What the body of the refusal mentions in the field (contract §3.5).
const LINE_ITEM: &str = "INVOICE_TO_LINE_ITEM";

fn lacking(name: &str, wanted: &str, what: &str) -> ApiError {
    let message = format!("{name} cannot be set to {wanted}. Required associations are missing: [{what}]");
    ApiError::validation(message)
        .context("missingAssociations", [what.to_owned()])
        .context("propertyName", [STATUS.to_owned()])
}

fn has_any(portal: &Portal, record: &Record, other: ObjectTypeId) -> bool {
    portal.associated((types::INVOICES, record.id), other).next().is_some()
}

/// Whether a billable invoice leaves the drafts, so that HubSpot sends it.
pub(super) fn opens_billable(write: &Write<'_>, record: &Record) -> bool {
    write.sends(STATUS) && is_billable(record) && status(record) == "open"
}

/// Kind, status, dates and number where nothing is said; and what remains to be paid.
pub(super) fn complete(write: &Write<'_>, record: &mut Record) {
    let now = write.now;
    if write.before.is_none() {
        put_default(record, BILLABLE, "true", now);
        put_default(record, STATUS, "draft", now);
        put_default(record, "hs_invoice_date", moment(now), now);
        put_default(record, "hs_due_date", moment(now), now);
        put_default(record, "hs_amount_billed", "0", now);
        if is_billable(record) {
            let own = format!("INV-{}", record.id);
            put_default(record, "hs_number", own, now);
        }
    }
    let changed = |name| write.before.is_none_or(|before| before.get(name) != record.get(name));
    if !write.sends("hs_balance_due") && [STATUS, "hs_amount_billed", "hs_amount_paid"].into_iter().any(changed) {
        put_balance(record, now);
    }
}

/// Nothing remains of a paid or voided invoice.
fn put_balance(record: &mut Record, now: Timestamp) {
    let settled = matches!(status(record), "paid" | "voided");
    let billed = number(record, "hs_amount_billed").unwrap_or_default();
    let paid = number(record, "hs_amount_paid").unwrap_or_default();
    let due = if settled { Some(Decimal::ZERO) } else { billed.checked_sub(paid) };
    put_number(record, "hs_balance_due", due, now);
}

/// The sum of the line items, and what remains of it. Overwrites what was written (contract §3.5).
pub(super) fn total(portal: &Portal, record: &mut Record, now: Timestamp) {
    let lines = line_items::of(portal, (types::INVOICES, record.id));
    let mut amounts = lines.filter_map(|(line, _)| number(line, "amount"));
    let billed = amounts.try_fold(Decimal::ZERO, Decimal::checked_add);
    put_number(record, "hs_amount_billed", billed, now);
    put_balance(record, now);
}

/// Only drafts, and open ones where the account allows it (contract §3.5).
pub(super) fn check_removal(portal: &Portal, record: &Record) -> Result<(), ApiError> {
    let status = status(record);
    if status == "draft" || (status == "open" && portal.switches.open_invoices_deletable) {
        return Ok(());
    }
    Err(ApiError::validation(format!("Invoice {} cannot be deleted because its status is {status}.", record.id))
        .context("id", [record.id.to_string()]))
}
