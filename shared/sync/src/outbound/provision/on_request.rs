//! A property that a person asks for, with a name and a label of their choice.

use app::App;
use domain::{FieldMapping, ObjectSpec, PropertyType};
use hubspot::{Property, PropertyCreate};

use super::{Wanted, make, read_until_visible};
use crate::outbound::failure::Failure;

/// A property to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewProperty<'a> {
    /// The type whose mapping it is for.
    pub spec: &'static ObjectSpec,
    /// The HubSpot object that it is for.
    pub hubspot_object: &'a str,
    /// The Kleer field that it shall take; none for a default value alone, which is text.
    pub field: Option<&'a str>,
    /// Its internal name.
    pub name: &'a str,
    /// What people see.
    pub label: &'a str,
}

/// Why a property was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotMade {
    /// There is one of that name, and it is of another type. Which type that is.
    #[error("There is a property of that name already, and its type is {0}: choose another name, or map to that one")]
    OtherType(String),
    /// HubSpot refused, in a sentence.
    #[error("{0}")]
    Refused(String),
    /// HubSpot does not answer as it should.
    #[error("{0}")]
    Unavailable(String),
}

/// Makes a property in the group *Kleer* with the type that fits the field, and waits until HubSpot shows it. One of that name and
/// type that is there already is as good.
///
/// # Errors
/// If there is another one of that name, or HubSpot refuses.
pub async fn make_property(app: &App, hubspot: &hubspot::Api, new: &NewProperty<'_>) -> Result<Property, NotMade> {
    let now = app.clock.now();
    let mapping = FieldMapping {
        field: new.field.map(str::to_owned),
        property: new.name.to_owned(),
        default: None,
        created_at: now,
        updated_at: now,
    };
    let mappings = [mapping];
    let wanted = Wanted { spec: new.spec, hubspot_object: new.hubspot_object, mappings: &mappings, pipeline: None };
    let made = make::property(&wanted, &mappings[0], new.name.to_owned());
    let property = PropertyCreate { label: new.label.to_owned(), ..made };
    // Looked for first: HubSpot would answer a batch with a property that exists as if it had been made.
    let found = super::list(hubspot, &wanted).await.map_err(not_made)?;
    if !found.iter().any(|found| found.name == property.name) {
        make::create(hubspot, new.hubspot_object, std::slice::from_ref(&property)).await.map_err(not_made)?;
    }
    let found = read_until_visible(app, hubspot, &wanted, std::slice::from_ref(&property)).await.map_err(not_made)?;
    let Some(found) = found.into_iter().find(|found| found.name == property.name) else {
        return Err(NotMade::Unavailable("HubSpot does not show the new property yet; try again".to_owned()));
    };
    let same = PropertyType::from_wire(&found.value_type) == PropertyType::from_wire(&property.value_type);
    if same { Ok(found) } else { Err(NotMade::OtherType(found.value_type)) }
}

fn not_made(failure: Failure) -> NotMade {
    let said = failure.to_string();
    let said = said.trim_end_matches('.').to_owned();
    match failure {
        Failure::Hubspot(error) if matches!(error.kind(), rest::ErrorKind::Rejected | rest::ErrorKind::Denied) => {
            NotMade::Refused(said)
        }
        Failure::Unavailable(_) => NotMade::Refused(said),
        _ => NotMade::Unavailable(said),
    }
}
