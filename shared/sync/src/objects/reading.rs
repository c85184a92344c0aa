//! From Kleer's document to the fields of a record, by what the declaration says of each field.

use domain::{FieldKind, FieldSpec, KleerId, Money, SourceRecord, UnreadableRecord, Value};
use kleer::{Document, FieldError};
use rust_decimal::Decimal;

/// Reads the fields of a record that are asked for: one that nobody maps cannot spoil it.
pub(super) fn read<'a>(
    fields: impl IntoIterator<Item = &'a FieldSpec>,
    document: &Document,
) -> Result<SourceRecord, UnreadableRecord> {
    let unreadable = |id, FieldError { path, expected, found }| UnreadableRecord {
        id,
        field: path,
        message: format!("it should be {expected}, but holds `{found}`"),
    };
    let id = match document.id() {
        Ok(id) if id > 0 => KleerId(id),
        Ok(id) => {
            return Err(UnreadableRecord { id: None, field: "id".to_owned(), message: format!("{id} is no id") });
        }
        Err(error) => return Err(unreadable(None, error)),
    };
    let mut record = SourceRecord { id, values: std::collections::BTreeMap::new() };
    for field in fields {
        if let Some(value) = value(field, document).map_err(|error| unreadable(Some(id), error))? {
            record.values.insert(field.name, value);
        }
    }
    Ok(record)
}

fn value(field: &FieldSpec, document: &Document) -> Result<Option<Value>, FieldError> {
    let name = field.name;
    Ok(match field.kind {
        FieldKind::Text | FieldKind::LongText => document.text(name)?.map(|text| Value::Text(text.to_owned())),
        FieldKind::Enumeration(values) => document.text(name)?.map(|text| {
            let known = values.iter().find(|known| kleer::same_enum(known.value, text));
            Value::Choice(known.map_or_else(|| text.to_owned(), |known| known.value.to_owned()))
        }),
        FieldKind::Integer => document.integer(name)?.map(|number| Value::Number(number.into())),
        FieldKind::Reference => document.reference(name)?.map(|id| Value::Number(id.into())),
        FieldKind::Money => document.money(name)?.map(|minor| Value::Money(Money(minor))),
        FieldKind::Rate => document.decimal(name)?.map(|rate| Value::Percentage(percentage(rate))),
        FieldKind::Boolean => document.boolean(name)?.map(Value::Boolean),
    })
}

/// Kleer's rates come as a fraction or as a percentage; no real VAT rate lies between 0 and 1 percent, so 1 tells them apart.
fn percentage(rate: Decimal) -> Decimal {
    if rate.abs() <= Decimal::ONE { rate * Decimal::ONE_HUNDRED } else { rate }
}

#[cfg(test)]
mod tests;
