//! Money is equal to the öre. Computed here from Kleer's documents alone, by rules of arithmetic that stand in the contracts, and by
//! nothing of the product's.

use std::collections::BTreeMap;

use domain::{ObjectType, RecordState};
use hubspot_sim::Record;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::super::stage::Stage;
use super::Found;
use super::books::{Books, Document, Shelf};

/// What every property with money in it must say, in öre.
pub(super) fn equal(stage: &Stage, books: &Books) -> Vec<Found> {
    let mut found = Vec::new();
    for shelf in books.shelves.iter().filter(|shelf| shelf.settings.enabled) {
        for (id, document) in &shelf.documents {
            let in_sync = shelf.bindings.get(id).is_some_and(|binding| binding.state == RecordState::InSync);
            let Some(record) = shelf.record(*id).filter(|_| in_sync) else { continue };
            let tags = vec![
                books.tenant.tag(shelf.object.as_str(), id),
                books.tenant.tag(&shelf.settings.hubspot_object, record.id),
            ];
            for (field, property, expected) in amounts(shelf.object, document) {
                let mapped = shelf.settings.mappings.iter().find(|mapping| mapping.property == property);
                if mapped.and_then(|mapping| mapping.field.as_deref()) != Some(field) {
                    continue;
                }
                let actual = minor(record, property);
                if actual != expected {
                    let text = format!("{} {id}: {property} is {actual:?} öre, and must be {expected:?}", shelf.object);
                    found.push((text, tags.clone()));
                }
            }
            found.extend(lines(stage, books, shelf, *id, document).into_iter().map(|text| (text, tags.clone())));
        }
    }
    found
}

/// A property in öre; none without a value.
fn minor(record: &Record, property: &str) -> Option<Decimal> {
    let value: Decimal = record.get(property)?.parse().ok()?;
    Some((value * Decimal::from(100)).normalize())
}

fn whole(document: &Document, name: &str) -> Option<Decimal> {
    decimal(document.get(name)?)
}

fn decimal(value: &Value) -> Option<Decimal> {
    let text = value.to_string();
    text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok())
}

/// The amounts of a document: field, property, öre.
fn amounts(object: ObjectType, document: &Document) -> Vec<(&'static str, &'static str, Option<Decimal>)> {
    match object {
        ObjectType::Product => vec![("price", "price", whole(document, "price"))],
        ObjectType::Project => vec![("budget-amount", "kleer_budget_amount", whole(document, "budget-amount"))],
        ObjectType::Invoice => {
            let total = whole(document, "amount").zip(whole(document, "vat")).map(|(amount, vat)| amount + vat);
            vec![
                ("_total_amount", "kleer_total_amount", total),
                ("remaining", "kleer_remaining_amount", whole(document, "remaining")),
            ]
        }
        ObjectType::Agreement => {
            let months = whole(document, "invoice-interval-months").filter(|months| *months > Decimal::ZERO);
            let sum: Decimal = rows(document, "recurring-rows").iter().map(net).sum();
            let rounded =
                |exact: Decimal| exact.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).normalize();
            let monthly = months.map(|months| rounded(sum / months));
            let annual = months.map(|months| rounded(sum * Decimal::from(12) / months));
            vec![("_mrr", "kleer_mrr", monthly), ("_arr", "kleer_arr", annual)]
        }
        ObjectType::Client | ObjectType::LineItem => Vec::new(),
    }
}

fn rows(document: &Document, set: &str) -> Vec<Value> {
    document.get(set).and_then(|set| set["rows"].as_array()).cloned().unwrap_or_default()
}

/// What a row comes to in öre, without VAT, not rounded: quantity times price less the discount of the whole row.
fn net(row: &Value) -> Decimal {
    let of = |value: &Value| decimal(value).unwrap_or_default();
    let gross = of(&row["quantity"]) * of(&row["price"]);
    let discount = &row["discount"];
    if discount["absolute"].is_number() {
        gross - of(&discount["absolute"])
    } else {
        gross - gross * of(&discount["percentage"])
    }
}

/// Each line item comes to what its row comes to.
fn lines(stage: &Stage, books: &Books, shelf: &Shelf, id: i64, document: &Document) -> Vec<String> {
    let sets: &[(&str, &str)] = match shelf.object {
        ObjectType::Invoice => &[("rows", "row")],
        ObjectType::Agreement => &[("recurring-rows", "recurring"), ("first-invoice-rows", "first")],
        _ => return Vec::new(),
    };
    let (Some(record), Some(items)) = (shelf.record(id), books.shelf(ObjectType::LineItem)) else { return Vec::new() };
    if !items.settings.enabled {
        return Vec::new();
    }
    let object = &shelf.settings.hubspot_object;
    let associated = stage.pretend.hubspot.associations(books.tenant.hub(), object, record.id, "line_items");
    let by_key: BTreeMap<String, &Record> = associated
        .iter()
        .filter_map(|(line, _)| items.records.get(line))
        .filter_map(|line| Some((line.get("kleer_id")?.to_owned(), line)))
        .collect();
    let mut wrong = Vec::new();
    for (set, name) in sets {
        for (place, row) in rows(document, set).iter().enumerate() {
            let key = format!("{id}-{name}-{place}");
            let Some(line) = by_key.get(&key) else { continue };
            let of =
                |property: &str| line.get(property).and_then(|text| text.parse::<Decimal>().ok()).unwrap_or_default();
            let gross = of("quantity") * of("price");
            let percent = gross * of("hs_discount_percentage") / Decimal::from(100);
            let actual = (gross - of("quantity") * of("discount") - percent) * Decimal::from(100);
            // A discount of a row divided by an odd quantity has no end, and HubSpot multiplies again.
            if (actual - net(row)).abs() > Decimal::new(1, 2) {
                wrong.push(format!(
                    "line item {key} comes to {} öre, and must to {}",
                    actual.normalize(),
                    net(row).normalize()
                ));
            }
        }
    }
    wrong
}
