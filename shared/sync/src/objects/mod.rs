//! The object types: one file each, and this list.

mod agreement;
mod client;
pub(crate) mod invoice;
mod line_item;
mod product;
mod project;
mod reading;

use std::collections::HashSet;

use domain::{BindingIndex, KleerId, ObjectSpec, ObjectType, SourceRecord, UnreadableRecord};
use jiff::civil::Date;
use kleer::{AgreementPath, Document, FieldError};

pub(crate) use reading::Reader;

/// The declaration of a type.
#[must_use]
pub const fn spec(object: ObjectType) -> &'static ObjectSpec {
    match object {
        ObjectType::Product => &product::SPEC,
        ObjectType::Client => &client::SPEC,
        ObjectType::Agreement => &agreement::SPEC,
        ObjectType::Invoice => &invoice::SPEC,
        ObjectType::Project => &project::SPEC,
        ObjectType::LineItem => &line_item::SPEC,
    }
}

/// The types that records of a type belong to; products only where it has rows.
pub(crate) const fn targets(object: ObjectType) -> &'static [ObjectType] {
    match object {
        ObjectType::Product | ObjectType::Client | ObjectType::LineItem => &[],
        ObjectType::Agreement => &[ObjectType::Client, ObjectType::Product],
        ObjectType::Invoice => &[ObjectType::Client, ObjectType::Agreement, ObjectType::Product],
        ObjectType::Project => &[ObjectType::Client],
    }
}

/// Whether records of a type have rows.
pub(crate) const fn has_rows(object: ObjectType) -> bool {
    matches!(object, ObjectType::Agreement | ObjectType::Invoice)
}

/// What listing a type needs to know.
pub(crate) struct Scope<'a> {
    /// The first invoice date of the window; none for all invoices.
    pub(crate) window_from: Option<Date>,
    /// What we know of the type's records.
    pub(crate) bindings: &'a BindingIndex,
    /// Where Kleer has its agreements.
    pub(crate) agreements: Option<AgreementPath>,
}

/// Kleer's records of a type, as they came.
pub(crate) enum Source {
    /// All of them, in one answer.
    Whole(kleer::Listing),
    /// Invoices: those of a window, and others one by one.
    Invoices(Box<invoice::Invoices>),
}

/// Reads Kleer's records of a type.
///
/// # Errors
/// If Kleer refuses or does not answer.
pub(crate) async fn list(object: ObjectType, kleer: &kleer::Api, scope: &Scope<'_>) -> Result<Source, rest::Error> {
    let listing = match object {
        ObjectType::Product => product::list(kleer).await?,
        ObjectType::Client => client::list(kleer).await?,
        ObjectType::Project => project::list(kleer).await?,
        ObjectType::Agreement => {
            let path = scope.agreements.unwrap_or(AgreementPath::CANDIDATES[0]);
            kleer.list_agreements(path).await?
        }
        ObjectType::Invoice | ObjectType::LineItem => {
            let mut open: Vec<(KleerId, Date)> =
                scope.bindings.iter().filter_map(|(id, binding)| Some((*id, binding.open_since?))).collect();
            open.sort_unstable();
            let invoices = invoice::list(kleer, scope.window_from, &open).await?;
            return Ok(Source::Invoices(Box::new(invoices)));
        }
    };
    Ok(Source::Whole(listing))
}

impl Source {
    /// Whether what is not here is not in Kleer. Never true for a window.
    pub(crate) fn is_complete(&self) -> bool {
        match self {
            Self::Whole(listing) => listing.size().is_none_or(|size| size == listing.len() as u64),
            Self::Invoices(invoices) => invoices.all && !invoices.pages.shifted(),
        }
    }

    /// Whether there are no records.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Whole(listing) => listing.is_empty(),
            Self::Invoices(invoices) => invoices.pages.is_empty() && invoices.singles.is_empty(),
        }
    }

    /// Records that were asked for one by one and are not in Kleer.
    pub(crate) fn gone(&self) -> HashSet<KleerId> {
        match self {
            Self::Whole(_) => HashSet::new(),
            Self::Invoices(invoices) => invoices.gone.clone(),
        }
    }

    /// Reads what is asked for of the records, one record at a time.
    pub(crate) fn records<'a>(
        &'a self,
        reader: &'a Reader<'a>,
    ) -> Box<dyn Iterator<Item = Result<SourceRecord, UnreadableRecord>> + 'a> {
        let read = move |document: Result<Document, FieldError>| match document {
            Ok(document) => reader.read(&document),
            Err(error) => Err(UnreadableRecord { id: None, field: String::new(), message: error.to_string() }),
        };
        match self {
            Self::Whole(listing) => Box::new(listing.records().map(read)),
            Self::Invoices(invoices) => {
                let singles = invoices.singles.iter().map(|document| reader.read(document));
                Box::new(invoices.pages.records().map(read).chain(singles))
            }
        }
    }
}

#[cfg(test)]
mod tests;
