//! What a record of HubSpot says in Kleer's words.

use std::time::Duration;

use app::{App, Connection};
use domain::reverse::{self, Written};
use domain::{FieldSpec, HubspotId, ObjectType, Properties, Value};
use jiff::Timestamp;
use kleer::Document;

use super::find;
use crate::outbound::failure::Failure;
use crate::outbound::single::Single;

/// What a record says, as far as it is mapped and has a value. Defaults are never among it: they are for HubSpot alone.
#[derive(Debug, Clone, Default)]
pub struct Mapped {
    /// Fields of Kleer with their values, each once.
    pub fields: Vec<(&'static FieldSpec, Value)>,
    /// Values that Kleer cannot hold; the others are there.
    pub unfit: Vec<Unfit>,
    /// The record of Kleer that it says it is, as it stands there.
    pub key: Option<String>,
    /// What was read, as HubSpot spells it.
    pub properties: Properties,
    /// When the record was made in HubSpot.
    pub created_at: Option<Timestamp>,
}

/// A value that Kleer cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The field.
    pub field: &'static FieldSpec,
    /// The property that it is mapped to.
    pub property: String,
    /// What is wrong, no full stop.
    pub message: String,
    /// What a person can do, a sentence.
    pub remedy: String,
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MappedError {
    /// There is no such record in HubSpot.
    #[error("The record is not in HubSpot any more.")]
    Missing,
    /// Something else; the sentence says what to do.
    #[error("{reason}")]
    Failed {
        /// When it may work; none if a person has to act first.
        pause: Option<Duration>,
        /// What is wrong.
        reason: String,
    },
}

impl MappedError {
    /// When it may work; none if a person has to act first.
    #[must_use]
    pub const fn pause(&self) -> Option<Duration> {
        match self {
            Self::Missing => None,
            Self::Failed { pause, .. } => *pause,
        }
    }
}

impl From<Failure> for MappedError {
    fn from(failure: Failure) -> Self {
        Self::Failed { pause: failure.pause(), reason: failure.to_string() }
    }
}

impl Mapped {
    /// Lays all fields over a document.
    pub fn lay_over(&self, document: &mut Document) {
        for (field, value) in &self.fields {
            overlay(document, field, Some(value));
        }
    }
}

/// Reads a record of the HubSpot object that a type goes to.
///
/// # Errors
/// If it is not there, or cannot be read now.
pub async fn read_mapped(
    app: &App,
    connection: &Connection,
    object: ObjectType,
    hubspot_id: &HubspotId,
) -> Result<Mapped, MappedError> {
    let portal = connection.installation.portal;
    let settings = app.store.settings(portal, object).await.map_err(Failure::from)?;
    let Some(settings) = settings.map(|settings| settings.value) else {
        return Err(Failure::Portal(format!("{object} is not set up in portal {portal}")).into());
    };
    let hubspot_object = settings.hubspot_object.clone();
    let single = Single::prepare(app, connection, settings).await?;
    let properties = single.projector().mapped_properties().chain(find::KEYS).map(str::to_owned).collect();
    let mut found = find::read(connection, &hubspot_object, [hubspot_id], properties).await?;
    let record = found.remove(hubspot_id).ok_or(MappedError::Missing)?;
    Ok(mapped(&single, &record))
}

/// What a record says that was read with all mapped properties.
pub(super) fn mapped(single: &Single<'_>, record: &hubspot::Record) -> Mapped {
    let properties = find::values(record);
    let mut mapped = Mapped { created_at: record.created_at, ..Mapped::default() };
    mapped.key = find::named(record).map(|id| id.to_string());
    for (field, property, value) in single.projector().reversed(&properties) {
        match value {
            Ok(Some(value)) if mapped.fields.iter().all(|(known, _)| known.name != field.name) => {
                mapped.fields.push((field, value));
            }
            Ok(_) => {}
            Err(reverse::ReverseFault { message, remedy }) => {
                mapped.unfit.push(Unfit { field, property: property.to_owned(), message, remedy });
            }
        }
    }
    Mapped { properties, ..mapped }
}

/// Lays one field over Kleer's document; without a value it is emptied.
pub fn overlay(document: &mut Document, field: &FieldSpec, value: Option<&Value>) {
    match reverse::to_kleer(field, value) {
        Written::Set(json) => document.set(field.name, json),
        Written::Remove => document.remove(field.name),
    }
}

#[cfg(test)]
mod tests;
