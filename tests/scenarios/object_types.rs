//! A type goes to another HubSpot object than its own: everything begins afresh there, and what was is left alone.

mod children;
mod elsewhere;

use domain::ObjectType;
use http::Method;
use insta::assert_snapshot;
use jiff::civil::date;
use kleer_sim::Project;
use local::pretend::Scene;
use serde_json::{Value, json};

use super::{World, admin, capabilities, client, hours, mapping, minutes};

/// The administrator makes a custom object with a text property `name`, associated with these; answers its type id.
fn custom_object(world: &World, name: &str, associated: &[&str]) -> String {
    let schema = json!({
        "name": name,
        "labels": { "singular": name, "plural": name },
        "primaryDisplayProperty": "name",
        "requiredProperties": [],
        "properties": [{ "name": "name", "label": "Name", "type": "string", "fieldType": "text" }],
        "associatedObjects": associated,
    });
    let made: Value = admin::asks(world, Method::POST, "/crm-object-schemas/2026-09/schemas", &schema);
    made["objectTypeId"].as_str().unwrap().to_owned()
}

/// From now on the type goes to that HubSpot object.
fn moves(world: &World, object: ObjectType, hubspot_object: &str) {
    world.settings(object, |settings| hubspot_object.clone_into(&mut settings.hubspot_object));
}

/// How often HubSpot was asked to make records that were not bound.
fn creates(world: &World) -> u64 {
    world.hubspot_calls().requests.batch_upsert
}

/// The type's next turn, and those after it.
fn runs(world: &mut World, objects: &[ObjectType]) {
    objects.iter().for_each(|object| world.poll_now(*object));
}
