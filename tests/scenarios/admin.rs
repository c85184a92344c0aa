//! What an administrator of the portal does through HubSpot's API, with the token of a person.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};

use super::World;

const VERSION: &str = "2026-09";

/// Sends one request as the administrator; HubSpot must be content with it.
pub(super) fn asks(world: &World, method: Method, path: &str, body: &Value) -> Value {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("authorization", "Bearer demo-token")
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()))
        .expect("a request");
    let answer = world.clock.run(world.pretend.hubspot.call(request)).expect("an answer");
    assert!(answer.status().is_success(), "{path}: {answer:?}");
    serde_json::from_slice(answer.body()).unwrap_or_default()
}

/// Makes a property of companies; `more` is laid over a plain text property.
pub(super) fn makes_property(world: &World, name: &str, more: &Value) {
    let mut property = json!({
        "name": name, "label": name, "type": "string", "fieldType": "text", "groupName": "companyinformation",
    });
    for (key, value) in more.as_object().expect("an object") {
        property[key] = value.clone();
    }
    asks(world, Method::POST, &format!("/crm/properties/{VERSION}/companies"), &property);
    // Longer than HubSpot takes to show it.
    world.clock.advance(super::seconds(1));
}

fn options_of(options: &[(&str, &str)]) -> Vec<Value> {
    let option = |(order, (value, label)): (usize, &(&str, &str))| json!({ "value": value, "label": label, "displayOrder": order, "hidden": false });
    options.iter().enumerate().map(option).collect()
}

/// Makes an enumeration with these options, or gives one other options.
pub(super) fn makes_options(world: &World, name: &str, options: &[(&str, &str)]) {
    let options = options_of(options);
    makes_property(world, name, &json!({ "type": "enumeration", "fieldType": "select", "options": options }));
}

/// Gives an enumeration these options instead.
pub(super) fn changes_options(world: &World, name: &str, options: &[(&str, &str)]) {
    let options = options_of(options);
    let path = format!("/crm/properties/{VERSION}/companies/{name}");
    asks(world, Method::PATCH, &path, &json!({ "options": options }));
}

/// Deletes a property of companies.
pub(super) fn deletes_property(world: &World, name: &str) {
    asks(world, Method::DELETE, &format!("/crm/properties/{VERSION}/companies/{name}"), &json!({}));
}

/// Posts a form, as OAuth does; HubSpot must be content with it.
pub(super) fn posts_form(world: &World, path: &str, form: &str) -> Value {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from(form.to_owned()))
        .expect("a request");
    let answer = world.clock.run(world.pretend.hubspot.call(request)).expect("an answer");
    assert!(answer.status().is_success(), "{path}: {answer:?}");
    serde_json::from_slice(answer.body()).expect("JSON")
}
