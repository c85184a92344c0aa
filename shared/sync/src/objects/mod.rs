//! The object types: one file each, and this list.

mod client;
mod product;
mod reading;

use domain::projection::Projector;
use domain::{ObjectSpec, ObjectType, SourceRecord, UnreadableRecord};

/// The declaration of a type.
#[must_use]
pub const fn spec(object: ObjectType) -> &'static ObjectSpec {
    match object {
        ObjectType::Product => &product::SPEC,
        ObjectType::Client => &client::SPEC,
    }
}

/// All of Kleer's records of a type, as they came.
///
/// # Errors
/// If Kleer refuses or does not answer.
pub(crate) async fn list(object: ObjectType, kleer: &kleer::Api) -> Result<kleer::Listing, rest::Error> {
    match object {
        ObjectType::Product => product::list(kleer).await,
        ObjectType::Client => client::list(kleer).await,
    }
}

/// Reads the mapped fields of the listed records, one record at a time.
pub(crate) fn records<'a>(
    listing: &'a kleer::Listing,
    projector: &'a Projector,
) -> impl Iterator<Item = Result<SourceRecord, UnreadableRecord>> + 'a {
    listing.records().map(move |document| match document {
        Ok(document) => reading::read(projector.fields(), &document),
        Err(error) => Err(UnreadableRecord { id: None, field: String::new(), message: error.to_string() }),
    })
}

#[cfg(test)]
mod tests;
