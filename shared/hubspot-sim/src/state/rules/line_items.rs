//! Line items (0-8), contract §3.4: their prices, what they take from their product, and their one parent.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::{Write, number, put_default, put_number};
use crate::state::association_types::Label;
use crate::state::change::RecordKey;
use crate::state::error::{ApiError, Invalid};
use crate::state::portal::Portal;
use crate::state::record::Record;
use crate::state::types::{self, ObjectTypeId};

/// What a line item can belong to, of the types that the simulator keeps.
const PARENTS: [ObjectTypeId; 3] = [types::DEALS, types::INVOICES, types::SUBSCRIPTIONS];

const FREQUENCY: &str = "recurringbillingfrequency";

/// What a line item takes from its product, unless the request says otherwise.
const FROM_PRODUCT: [&str; 8] = [
    "name",
    "description",
    "price",
    "hs_sku",
    "hs_cost_of_goods_sold",
    FREQUENCY,
    "hs_recurring_billing_period",
    "hs_pricing_model",
];

/// A negative price, and a negative quantity where the switch refuses it.
pub(super) fn invalid(write: &Write<'_>, record: &Record) -> Vec<Invalid> {
    let refused = |name: &str| {
        let negative = write.sends(name) && number(record, name).is_some_and(|value| value < Decimal::ZERO);
        negative.then(|| Invalid::new(name, "INVALID_LONG", format!("{name} cannot be negative.")))
    };
    let quantity = write.portal.switches.negative_quantity_refused.then(|| refused("quantity")).flatten();
    refused("price").into_iter().chain(quantity).collect()
}

/// A line item of a subscription stays a recurring one.
pub(super) fn check(write: &Write<'_>, record: &Record) -> Result<(), ApiError> {
    if !write.sends(FREQUENCY) {
        return Ok(());
    }
    let parents = parents(write.portal, record.id);
    parents.into_iter().try_for_each(|parent| check_recurring(write.portal, record, parent))
}

/// What is left empty and the product has; then the computed amounts.
pub(super) fn complete(write: &Write<'_>, record: &mut Record) {
    let now = write.now;
    let product = record.get("hs_product_id").and_then(|id| id.parse().ok());
    let product = product.and_then(|id| write.portal.store(types::PRODUCTS).live(id));
    if let Some(product) = product.filter(|_| write.before.is_none()) {
        for name in FROM_PRODUCT.into_iter().filter(|name| !write.sends(name)) {
            put_default(record, name, product.get(name).unwrap_or_default(), now);
        }
    }
    let (amount, discount) = net(record).unzip();
    put_number(record, "amount", amount, now);
    put_number(record, "hs_total_discount", discount, now);
}

/// Quantity times price less the discount, and the discount. One piece where no quantity is said; nothing without a
/// price. A discount per piece goes before a percentage.
fn net(record: &Record) -> Option<(Decimal, Decimal)> {
    let quantity = number(record, "quantity").unwrap_or(Decimal::ONE);
    let gross = number(record, "price")?.checked_mul(quantity)?;
    let discount = match (number(record, "discount"), number(record, "hs_discount_percentage")) {
        (Some(each), _) => each.checked_mul(quantity)?,
        (None, Some(percentage)) => gross.checked_mul(percentage)?.checked_div(Decimal::ONE_HUNDRED)?,
        (None, None) => Decimal::ZERO,
    };
    Some((gross.checked_sub(discount)?, discount))
}

/// The live line items of a record, with the types of their association.
pub(super) fn of(portal: &Portal, parent: RecordKey) -> impl Iterator<Item = (&Record, &BTreeSet<Label>)> {
    let store = portal.store(types::LINE_ITEMS);
    let lines = portal.associated(parent, types::LINE_ITEMS);
    lines.filter_map(|(id, labels)| store.records.get(&id).map(|line| (line, labels)))
}

/// The line items, deleted ones too, that live and die with a record.
pub(crate) fn children(portal: &Portal, parent: RecordKey) -> Vec<Record> {
    if !PARENTS.contains(&parent.0) {
        return Vec::new();
    }
    let lines = portal.all_associated(parent).filter(|((object_type, _), _)| *object_type == types::LINE_ITEMS);
    lines.filter_map(|((_, id), _)| portal.store(types::LINE_ITEMS).records.get(&id).cloned()).collect()
}

/// The live parents of a line item: one at most, but for what the journal of an older simulator holds.
fn parents(portal: &Portal, line: u64) -> Vec<RecordKey> {
    let of_type = |parent| portal.associated((types::LINE_ITEMS, line), parent).map(move |(id, _)| (parent, id));
    PARENTS.into_iter().flat_map(of_type).collect()
}

/// Which of two records is a line item and which its parent, if they are such a pair.
pub(crate) fn line_and_parent(one: RecordKey, other: RecordKey) -> Option<(RecordKey, RecordKey)> {
    let pair = if one.0 == types::LINE_ITEMS { (one, other) } else { (other, one) };
    (pair.0.0 == types::LINE_ITEMS && PARENTS.contains(&pair.1.0)).then_some(pair)
}

/// Refuses a second parent, and a one-time line item of a subscription.
pub(crate) fn check_parent(portal: &Portal, line: &Record, parent: RecordKey) -> Result<(), ApiError> {
    if let Some(present) = parents(portal, line.id).into_iter().find(|present| *present != parent) {
        return Err(second_parent(line.id, present, parent));
    }
    check_recurring(portal, line, parent)
}

/// The refusal of a second parent.
pub(crate) fn second_parent(line: u64, present: RecordKey, parent: RecordKey) -> ApiError {
    let name = |(object_type, id): RecordKey| format!("{}={id}", object_type.error_name());
    let problem = format!("LINE_ITEM={line} already belongs to {} and can have one parent only", name(present));
    ApiError::validation(format!("One or more associations are invalid: {problem}"))
        .context("INVALID_OBJECT_IDS", [problem])
        .context("toObject", [name(parent)])
}

fn check_recurring(portal: &Portal, line: &Record, parent: RecordKey) -> Result<(), ApiError> {
    let recurring = line.get(FREQUENCY).is_some() || portal.switches.one_time_subscription_lines;
    if parent.0 != types::SUBSCRIPTIONS || recurring {
        return Ok(());
    }
    let problem = format!("LINE_ITEM={} is not recurring: {FREQUENCY} is not set", line.id);
    Err(ApiError::validation(format!("One or more associations are invalid: {problem}"))
        .context("INVALID_OBJECT_IDS", [problem]))
}
