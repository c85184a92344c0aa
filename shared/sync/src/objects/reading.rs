//! From Kleer's document to the fields of a record, by what the declaration says of each field.

use domain::{FieldKind, FieldSpec, KleerId, Money, ObjectType, SourceRecord, UnreadableRecord, Value};
use jiff::civil::Date;
use kleer::{Document, FieldError};
use rust_decimal::Decimal;

use super::{agreement, invoice, project};

/// What is read of each record of a run.
pub(crate) struct Reader<'a> {
    /// The type.
    pub(crate) object: ObjectType,
    /// The fields that are mapped: one that nobody maps cannot spoil a record.
    pub(crate) fields: Vec<&'a FieldSpec>,
    /// The same of rows.
    pub(crate) row_fields: Vec<&'a FieldSpec>,
    /// Today in Sweden.
    pub(crate) today: Date,
    /// The first invoice date of the window; none for all invoices.
    pub(crate) window_from: Option<Date>,
}

impl Reader<'_> {
    /// Reads a record.
    pub(crate) fn read(&self, document: &Document) -> Result<SourceRecord, UnreadableRecord> {
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
        self.of(id, document).map_err(|error| unreadable(Some(id), error))
    }

    fn of(&self, id: KleerId, document: &Document) -> Result<SourceRecord, FieldError> {
        let mut record = SourceRecord::new(id);
        record.foreign_id = document.text("foreign-id").ok().flatten().map(str::to_owned);
        // What begins so is computed; Kleer has no field of that name.
        for field in self.fields.iter().filter(|field| !field.name.starts_with('_')) {
            record.values.extend(value(field, document)?.map(|value| (field.name, value)));
        }
        match self.object {
            ObjectType::Agreement => agreement::complete(&mut record, document, self)?,
            ObjectType::Invoice => invoice::complete(&mut record, document, self)?,
            ObjectType::Project => project::complete(&mut record, document)?,
            ObjectType::Product | ObjectType::Client | ObjectType::LineItem => {}
        }
        Ok(record)
    }
}

/// The value of one field.
pub(super) fn value(field: &FieldSpec, document: &Document) -> Result<Option<Value>, FieldError> {
    let name = field.name;
    Ok(match field.kind {
        FieldKind::Text | FieldKind::LongText => document.text(name)?.map(|text| Value::Text(text.to_owned())),
        FieldKind::Enumeration(values) => document.text(name)?.map(|text| {
            let known = values.iter().find(|known| kleer::same_enum(known.value, text));
            Value::Choice(known.map_or_else(|| text.to_owned(), |known| known.value.to_owned()))
        }),
        FieldKind::Integer => document.integer(name)?.map(|number| Value::Number(number.into())),
        FieldKind::SerialNumber => {
            document.integer(name)?.filter(|number| *number != 0).map(|number| Value::Number(number.into()))
        }
        FieldKind::Decimal => document.decimal(name)?.map(Value::Number),
        FieldKind::Date => document.date(name)?.map(Value::Date),
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
