//! What HubSpot says is what Kleer says.

use domain::{FieldKind, ObjectType, RecordState};
use hubspot_sim::SourceKind;
use rust_decimal::Decimal;
use serde_json::Value;

use super::super::stage::Stage;
use super::Found;
use super::books::{Books, Document, Shelf};

/// No edit is lost: every record that is in sync says in HubSpot what Kleer says.
pub(super) fn no_loss(_: &Stage, books: &Books) -> Vec<Found> {
    books.shelves.iter().flat_map(|shelf| shelf_is_equal(books, shelf)).collect()
}

fn shelf_is_equal(books: &Books, shelf: &Shelf) -> Vec<Found> {
    let mut found = Vec::new();
    if !shelf.settings.enabled || shelf.object == ObjectType::LineItem {
        return found;
    }
    for (id, document) in &shelf.documents {
        let tag = books.tenant.tag(shelf.object.as_str(), id);
        let Some(binding) = shelf.bindings.get(id) else {
            // That it has no state another invariant tells.
            continue;
        };
        if binding.state != RecordState::InSync {
            continue;
        }
        let Some(record) = shelf.record(*id) else {
            found.push((format!("{} {id} is in sync, but not in HubSpot", shelf.object), vec![tag]));
            continue;
        };
        let tags = vec![tag, books.tenant.tag(&shelf.settings.hubspot_object, record.id)];
        for mapping in &shelf.settings.mappings {
            let Some(field) = &mapping.field else { continue };
            let Some(expected) = expected(shelf.object, field, document) else { continue };
            let expected = if expected.is_empty() { mapping.default.clone().unwrap_or_default() } else { expected };
            let actual = record.get(&mapping.property).unwrap_or_default();
            // What Kleer never had, HubSpot was never told: a value there is the user's own.
            let is_users =
                record.properties.get(&mapping.property).is_some_and(|one| one.source.kind != SourceKind::Integration);
            if expected.is_empty() && is_users && shelf.object != ObjectType::Client {
                continue;
            }
            // A property that was once refused as read-only is given up for its twin (design §4).
            let twin = mapping.twin().and_then(|twin| record.get(&twin));
            if !is_same(&expected, actual) && !twin.is_some_and(|twin| is_same(&expected, twin)) {
                let text = format!(
                    "{} {id}: {field} is “{expected}” in Kleer, {} is “{actual}” in HubSpot",
                    shelf.object, mapping.property
                );
                found.push((text, tags.clone()));
            }
        }
    }
    found
}

fn is_same(expected: &str, actual: &str) -> bool {
    let number = |text: &str| text.parse::<Decimal>().ok();
    // A plain date is the beginning of its day where HubSpot keeps moments (contract hubspot-crm §10).
    let day = actual.strip_suffix("T00:00:00.000Z");
    expected == actual
        || day == Some(expected)
        || number(expected).zip(number(actual)).is_some_and(|(one, other)| one == other)
}

/// Where an invoice stands (design §4).
fn status(document: &Document) -> Option<&'static str> {
    let flag = |name: &str| document.get(name).and_then(Value::as_bool);
    Some(match (flag("disabled")?, flag("certified")?, document.get("remaining")?.as_i64()?) {
        (true, ..) => "voided",
        (false, false, _) => "draft",
        (false, true, remaining) if remaining <= 0 => "paid",
        (false, true, _) => "open",
    })
}

/// `DIGITAL_SERVICES` becomes `DigitalServices`.
fn camel(text: &str) -> String {
    let word = |word: &str| word.chars().take(1).chain(word.to_lowercase().chars().skip(1)).collect::<String>();
    text.split('_').map(word).collect()
}

/// What HubSpot must say of a field; none for fields that are computed.
fn expected(object: ObjectType, field: &str, document: &Document) -> Option<String> {
    if (object, field) == (ObjectType::Invoice, "_status") {
        return status(document).map(str::to_owned);
    }
    // Revenue and frequencies of agreements are looked at as money.
    if field.starts_with('_') {
        return None;
    }
    let kind = sync::objects::spec(object).field(field)?.kind;
    let mut parts = field.split('.');
    let first = document.get(parts.next()?);
    let value = parts.fold(first, |value, part| value.and_then(|value| value.get(part)));
    Some(match (kind, value) {
        (_, None | Some(Value::Null)) => String::new(),
        (FieldKind::Money, Some(value)) => {
            let minor: i64 = value.to_string().parse().ok()?;
            Decimal::new(minor, 2).normalize().to_string()
        }
        // Kleer's own spelling, and HubSpot's (contract kleer-api §3, rule 9).
        (FieldKind::Enumeration(_), Some(Value::String(text))) if object == ObjectType::Product => camel(text),
        (FieldKind::Rate, Some(value)) => {
            let rate: Decimal = value.to_string().parse().ok()?;
            let percent = if rate <= Decimal::ONE { rate * Decimal::from(100) } else { rate };
            percent.normalize().to_string()
        }
        (FieldKind::SerialNumber | FieldKind::Reference, Some(value)) if value.as_i64() == Some(0) => String::new(),
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(other)) => other.to_string(),
    })
}
