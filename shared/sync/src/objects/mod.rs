//! The object types: one file each, and this list.

mod agreement;
mod client;
mod invoice;
mod line_item;
mod product;
mod project;
mod reading;

use std::collections::{BTreeSet, HashSet};

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

/// Some of Kleer's records, as they came.
#[derive(Debug)]
pub(crate) enum Chunk {
    /// A list, or a page of one.
    Listing(kleer::Listing),
    /// Records that were read one by one.
    Singles(Vec<Document>),
}

/// Kleer's records of a type, as far as they were read.
#[derive(Debug)]
pub(crate) struct Source {
    chunks: Vec<Chunk>,
    /// What reads on; none for types that Kleer gives in one answer.
    reading: Option<Box<invoice::Reading>>,
}

/// Begins to read Kleer's records of a type: all of them, or the first.
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
        // Rows come with the records that have them; Kleer lists none.
        ObjectType::LineItem => return Ok(Source { chunks: Vec::new(), reading: None }),
        ObjectType::Invoice => {
            let mut open: Vec<(KleerId, Date)> =
                scope.bindings.iter().filter_map(|(id, binding)| Some((*id, binding.open_since?))).collect();
            open.sort_unstable();
            let reading = Some(Box::new(invoice::Reading::new(scope.window_from, &open)));
            let mut source = Source { chunks: Vec::new(), reading };
            source.read_on(kleer).await?;
            return Ok(source);
        }
    };
    Ok(Source { chunks: vec![Chunk::Listing(listing)], reading: None })
}

/// One record of Kleer's; [`rest::ErrorKind::Missing`] if there is none.
///
/// # Errors
/// If Kleer refuses or does not answer.
pub(crate) async fn one(
    object: ObjectType,
    kleer: &kleer::Api,
    id: KleerId,
    agreements: Option<AgreementPath>,
) -> Result<Document, rest::Error> {
    match object {
        ObjectType::Product => kleer.get_product(id.0).await,
        ObjectType::Client => kleer.get_client(id.0).await,
        ObjectType::Project => kleer.get_project(id.0).await,
        ObjectType::Agreement => kleer.get_agreement(agreements.unwrap_or(AgreementPath::CANDIDATES[0]), id.0).await,
        ObjectType::Invoice | ObjectType::LineItem => kleer.get_invoice(id.0).await,
    }
}

impl Source {
    /// One record, read by itself.
    pub(crate) fn of(document: Document) -> Self {
        Self { chunks: vec![Chunk::Singles(vec![document])], reading: None }
    }

    /// How many records were read, and how many there are where Kleer says so.
    pub(crate) fn progress(&self) -> (u64, Option<u64>) {
        let read = self.chunks.iter().map(Chunk::len).sum::<usize>() as u64;
        let size = self.chunks.iter().find_map(|chunk| match chunk {
            Chunk::Listing(listing) => listing.size(),
            Chunk::Singles(_) => None,
        });
        (read, size.filter(|size| *size >= read))
    }

    /// Reads some more. False if there is no more.
    ///
    /// # Errors
    /// If Kleer refuses or does not answer.
    pub(crate) async fn read_on(&mut self, kleer: &kleer::Api) -> Result<bool, rest::Error> {
        let Some(reading) = &mut self.reading else { return Ok(false) };
        let chunk = reading.next(kleer).await?;
        let is_more = chunk.is_some();
        self.chunks.extend(chunk);
        Ok(is_more)
    }

    /// Lets go of the records of the chunks from one on, but for some. Only of types that are read page by page.
    pub(crate) fn keep(&mut self, from: usize, records: &BTreeSet<KleerId>) {
        if self.reading.is_none() {
            return;
        }
        for chunk in &mut self.chunks[from..] {
            let is_kept = |document: &Document| document.id().is_ok_and(|id| records.contains(&KleerId(id)));
            if let Chunk::Listing(listing) = chunk {
                let kept = if records.is_empty() {
                    Vec::new()
                } else {
                    listing.records().filter_map(Result::ok).filter(is_kept).collect()
                };
                *chunk = Chunk::Singles(kept);
            }
        }
    }

    /// How many chunks were read so far.
    pub(crate) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    /// Whether what was not read is not in Kleer. Never true for a window.
    pub(crate) fn is_complete(&self) -> bool {
        let whole = |chunk: &Chunk| match chunk {
            Chunk::Listing(listing) => listing.size().is_none_or(|size| size == listing.len() as u64),
            Chunk::Singles(_) => true,
        };
        self.reading.as_ref().map_or_else(|| self.chunks.iter().all(whole), |reading| reading.is_complete())
    }

    /// Whether no record was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.chunks.iter().all(|chunk| match chunk {
            Chunk::Listing(listing) => listing.is_empty(),
            Chunk::Singles(singles) => singles.is_empty(),
        })
    }

    /// Records that were asked for one by one and are not in Kleer.
    pub(crate) fn gone(&self) -> HashSet<KleerId> {
        self.reading.as_ref().map(|reading| reading.gone.clone()).unwrap_or_default()
    }

    /// Reads what is asked for of the records of all chunks from one on, one record at a time.
    pub(crate) fn records<'a>(
        &'a self,
        reader: &'a Reader<'a>,
        from: usize,
    ) -> impl Iterator<Item = Result<SourceRecord, UnreadableRecord>> + 'a {
        self.chunks.iter().skip(from).flat_map(move |chunk| chunk.records(reader))
    }
}

impl Chunk {
    fn len(&self) -> usize {
        match self {
            Self::Listing(listing) => listing.len(),
            Self::Singles(singles) => singles.len(),
        }
    }

    fn records<'a>(
        &'a self,
        reader: &'a Reader<'a>,
    ) -> Box<dyn Iterator<Item = Result<SourceRecord, UnreadableRecord>> + 'a> {
        let read = move |document: Result<Document, FieldError>| match document {
            Ok(document) => reader.read(&document),
            Err(error) => Err(UnreadableRecord { id: None, field: String::new(), message: error.to_string() }),
        };
        match self {
            Self::Listing(listing) => Box::new(listing.records().map(read)),
            Self::Singles(singles) => Box::new(singles.iter().map(|document| reader.read(document))),
        }
    }
}

#[cfg(test)]
mod tests;
