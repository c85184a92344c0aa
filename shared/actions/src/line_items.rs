//! A deal's line items, as far as rows in Kleer need them (contract hubspot-crm §3.4).

use domain::{HubspotId, KleerId};
use rust_decimal::Decimal;

use crate::code::ErrorCode;
use crate::outcome::{Failure, quoted};

/// What is read of each line item besides what the portal's mappings add.
pub(crate) const PROPERTIES: [&str; 11] = [
    "name",
    "description",
    "quantity",
    "price",
    "discount",
    "hs_discount_percentage",
    "hs_product_id",
    "hs_recurring_billing_period",
    FREQUENCY,
    POSITION,
    PRODUCT_OVERRIDE,
];
const FREQUENCY: &str = "recurringbillingfrequency";
const POSITION: &str = "hs_position_on_quote";
/// The property in which a person names the product in Kleer.
pub(crate) const PRODUCT_OVERRIDE: &str = "kleer_product_id";

/// What is taken off a line item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineDiscount {
    /// Nothing.
    None,
    /// An amount in major units off each unit.
    PerUnit(Decimal),
    /// A part in per cent.
    Percent(Decimal),
}

/// How often a line item is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Billing {
    /// Once.
    Once,
    /// Every so many months.
    Months(i64),
    /// Recurring, but nobody says how often.
    Recurring,
    /// At an interval that is no number of months.
    NotMonthly,
}

/// One line item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LineItem {
    pub(crate) id: HubspotId,
    pub(crate) name: String,
    pub(crate) quantity: Decimal,
    /// Major units for one.
    pub(crate) price: Decimal,
    pub(crate) discount: LineDiscount,
    /// Empty if it says none.
    pub(crate) unit: String,
    /// The product of HubSpot's library.
    pub(crate) library_product: Option<HubspotId>,
    /// The product in Kleer that a person named.
    pub(crate) named_product: Option<KleerId>,
    pub(crate) billing: Billing,
    /// Where it stands on the deal.
    position: Option<i64>,
}

/// Reads a line item. `unit` is the property that units are mapped to.
///
/// # Errors
/// If a number of it cannot be read: which line item, what stands there and what to do.
pub(crate) fn read(record: &hubspot::Record, unit: &str) -> Result<LineItem, Failure> {
    let text = |property: &str| record.value(property).map(str::trim).filter(|text| !text.is_empty());
    let name = text("name").or_else(|| text("description")).unwrap_or("Line item").to_owned();
    let number = |property: &str| -> Result<Option<Decimal>, Failure> {
        let Some(text) = text(property) else { return Ok(None) };
        exact(text).map(Some).ok_or_else(|| unreadable(&name, property, text))
    };
    let named_product = match text(PRODUCT_OVERRIDE) {
        None => None,
        Some(id) => Some(id.parse().map_err(|_| unreadable(&name, PRODUCT_OVERRIDE, id))?),
    };
    let discount = match (number("discount")?, number("hs_discount_percentage")?) {
        // An amount goes before a percentage, as in HubSpot's own sums.
        (Some(each), _) if !each.is_zero() => LineDiscount::PerUnit(each),
        (None, Some(percent)) if !percent.is_zero() => LineDiscount::Percent(percent),
        _ => LineDiscount::None,
    };
    Ok(LineItem {
        id: HubspotId(record.id.clone()),
        quantity: number("quantity")?.unwrap_or(Decimal::ONE),
        price: number("price")?.unwrap_or_default(),
        discount,
        unit: text(unit).unwrap_or_default().to_owned(),
        library_product: text("hs_product_id").map(|id| HubspotId(id.to_owned())),
        named_product,
        billing: billing(text(FREQUENCY), text("hs_recurring_billing_period")),
        position: text(POSITION).and_then(|text| text.parse().ok()),
        name,
    })
}

/// Puts line items into the order that people see them in.
pub(crate) fn sort(items: &mut [LineItem]) {
    items.sort_by_key(|item| {
        let age = item.id.as_str().parse::<u64>().unwrap_or(u64::MAX);
        (item.position.unwrap_or(i64::MAX), age)
    });
}

fn exact(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

fn unreadable(name: &str, property: &str, text: &str) -> Failure {
    let message = format!(
        "The line item {}: {property} holds {}, which cannot be used. Correct it on the deal, then enrol the deal again.",
        quoted(name),
        quoted(text)
    );
    Failure::new(ErrorCode::InvalidNumber, message)
}

/// By HubSpot's word for how often; the term alone says that it recurs, not how often (contract hubspot-crm §3.4).
fn billing(frequency: Option<&str>, term: Option<&str>) -> Billing {
    match (frequency, term) {
        (None, None) => Billing::Once,
        (None, Some(_)) => Billing::Recurring,
        (Some(word), _) => {
            let months = [1, 3, 6, 12, 24, 36, 48, 60].into_iter();
            let found = months.into_iter().find(|months| domain::computed::billing_frequency(*months) == Some(word));
            found.map_or(Billing::NotMonthly, Billing::Months)
        }
    }
}
