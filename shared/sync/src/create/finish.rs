//! What was made becomes known in HubSpot: its binding, its id on the record that asked.

use std::collections::BTreeMap;
use std::time::Duration;

use app::{App, Connection};
use domain::projection::KEY_PROPERTY;
use domain::{HubspotId, KleerId, ObjectType};
use hubspot::{ApiError, Fetch, InputError, Outcome, Update};

use super::{CreateError, Made, NewRecord};
use crate::objects;
use crate::outbound::{self, Bound, add_id_property};

/// A new property can be written after 0.25 to 0.7 s (contract hubspot-crm §7); tried this often.
const VISIBLE_AFTER: Duration = Duration::from_millis(500);
const TRIES: u32 = 6;

/// Writes the id of what was made to the record that asked, and then notes that it is done. A client on its company and a project
/// on its own record are bound as well. Again is harmless.
///
/// # Errors
/// [`CreateError::again`] tells whether to try again: then from the beginning, which finds what was made.
pub async fn finish(app: &App, connection: &Connection, new: &NewRecord<'_>, made: &Made) -> Result<(), CreateError> {
    if made.already {
        return Ok(());
    }
    let portal = connection.installation.portal;
    let settings = app.store.settings(portal, new.object).await?;
    let paired = settings.map_or(objects::spec(new.object).hubspot_object.to_owned(), |one| one.value.hubspot_object);
    let is_its_own = matches!(new.object, ObjectType::Client | ObjectType::Project) && paired == new.hubspot_object;
    if is_its_own {
        bind(app, connection, new.object, made.kleer_id, new.hubspot_id).await?;
    }
    if !is_its_own || new.id_property != KEY_PROPERTY {
        write_id(app, connection, new.hubspot_object, new.hubspot_id, new.id_property, made.kleer_id).await?;
    }
    if !app.store.execution_done(&new.key(portal), made.generation, made.kleer_id).await? {
        tracing::info!("something else was made of the record meanwhile");
    }
    Ok(())
}

/// Binds a record of HubSpot to the one in Kleer that was made for it: polls update it from now on, it says what Kleer says, and
/// it knows its id. Again is harmless.
///
/// # Errors
/// [`CreateError::again`] tells whether to try again.
pub async fn bind(
    app: &App,
    connection: &Connection,
    object: ObjectType,
    kleer_id: KleerId,
    hubspot_id: &HubspotId,
) -> Result<(), CreateError> {
    match Box::pin(outbound::bind(app, connection, object, kleer_id, hubspot_id)).await? {
        Bound::Written => Ok(()),
        Bound::Elsewhere(other) => Err(CreateError::Bound(other)),
        // A value that HubSpot does not take must not keep the record from knowing its id: it would be made again.
        Bound::Unwritten(hubspot_object) => {
            write_id(app, connection, &hubspot_object, hubspot_id, KEY_PROPERTY, kleer_id).await
        }
    }
}

/// The id that the record that asks holds, read just now; none if it is empty.
pub(super) async fn id_of(connection: &Connection, new: &NewRecord<'_>) -> Result<Option<String>, CreateError> {
    let fetch = Fetch { properties: vec![new.id_property.to_owned()], ..Fetch::default() };
    let record = connection.hubspot.objects().get(new.hubspot_object, new.hubspot_id.as_str(), &fetch).await;
    let mut record = record.map_err(CreateError::Hubspot)?;
    let value = record.properties.remove(new.id_property).flatten();
    Ok(value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()))
}

async fn write_id(
    app: &App,
    connection: &Connection,
    hubspot_object: &str,
    hubspot_id: &HubspotId,
    property: &str,
    kleer_id: KleerId,
) -> Result<(), CreateError> {
    let update = Update {
        id: hubspot_id.as_str().to_owned(),
        properties: BTreeMap::from([(property.to_owned(), kleer_id.to_string())]),
        trace_id: kleer_id.to_string(),
    };
    let updates = [update];
    let mut made = false;
    for _ in 0..TRIES {
        let answer = connection.hubspot.objects().batch_update(hubspot_object, &updates).await;
        let refusal = match answer {
            Ok(answer) => match answer.outcomes(&updates).pop() {
                Some(Outcome::Written { .. }) => return Ok(()),
                Some(Outcome::Refused(refusal)) => refusal,
                Some(Outcome::Unknown) | None => {
                    return Err(CreateError::soon("HubSpot did not say whether the id was written"));
                }
            },
            Err(error) if error.status == Some(400) => ApiError::of(&error).into_input_error(),
            Err(error) => return Err(CreateError::Hubspot(error)),
        };
        if !is_missing(&refusal) {
            return Err(CreateError::Denied { message: format!("HubSpot does not take the id: {refusal}") });
        }
        if !made {
            add_id_property(&connection.hubspot, hubspot_object, property).await?;
            made = true;
        }
        app.clock.sleep(VISIBLE_AFTER).await;
    }
    Err(CreateError::soon(format!("the new property {property} cannot be written yet")))
}

fn is_missing(refusal: &InputError) -> bool {
    refusal.properties.iter().any(|error| error.code == "PROPERTY_DOESNT_EXIST")
}
