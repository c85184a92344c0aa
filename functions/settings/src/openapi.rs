//! The description of the API, made from the code: OpenAPI 3.1, whose schemas are JSON Schema's. The page's types are made from it.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::operations::{self, Operation};

/// Where schemas stand in the document.
const SCHEMAS: &str = "/components/schemas";

/// The whole document.
#[must_use]
pub fn document() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = SCHEMAS.into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let code = generator.subschema_for::<portal::settings::Code>();
    let mut paths = Map::new();
    let mut own = Map::new();
    for operation in operations::all() {
        let (request, answer) = operations::schema_names(operation.name).unwrap_or_default();
        own.insert(request.to_owned(), (operation.request)(&mut generator).to_value());
        own.insert(answer.to_owned(), (operation.answer)(&mut generator).to_value());
        paths.insert(format!("/settings/{}", operation.name), path(operation, request, answer));
    }
    let mut schemas: Map<String, Value> = generator.take_definitions(true);
    schemas.extend(own);
    schemas.insert("Refusal".to_owned(), refusal(&code.to_value()));
    schemas.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kleer for HubSpot: settings",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What the settings page asks for, through hubspot.fetch. HubSpot signs every request (v3) and adds portalId, userId, \
                            userEmail and appId to the query; nothing of theirs is taken from anywhere else. The page puts a number of its own \
                            into the field `request` of every body, so that no two requests are alike: a copy is answered with `replayed`. \
                            Everything that can be expected to go wrong is a 200 with `ok` false."
        },
        "paths": paths,
        "components": { "schemas": schemas }
    })
}

fn path(operation: &Operation, request: &str, answer: &str) -> Value {
    let reference = |name: &str| json!({ "$ref": format!("#{SCHEMAS}/{name}") });
    let content = |schema: Value| json!({ "application/json": { "schema": schema } });
    let done = json!({
        "type": "object",
        "required": ["ok", "data"],
        "properties": { "ok": { "const": true }, "data": reference(answer) }
    });
    json!({
        "post": {
            "operationId": operation.name,
            "summary": operation.summary,
            "requestBody": { "required": true, "content": content(reference(request)) },
            "responses": {
                "200": {
                    "description": "Done, or refused.",
                    "content": content(json!({ "oneOf": [done, reference("Refusal")] }))
                },
                "401": { "description": "HubSpot did not sign this, or it does not say plainly whose it is." },
                "503": { "description": "It could not be worked on; the same request may be sent again." }
            }
        }
    })
}

fn refusal(code: &Value) -> Value {
    json!({
        "type": "object",
        "description": "What was refused, and why.",
        "required": ["ok", "code", "message"],
        "properties": {
            "ok": { "const": false },
            "code": code,
            "message": { "type": "string", "description": "A sentence, English." },
            "message_sv": { "type": ["string", "null"], "description": "The same in Swedish; null if it is not known in Swedish." },
            "details": { "description": "What may be shown besides, by code." }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every reference in a document leads to something in it.
    fn check(value: &Value, document: &Value, broken: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(to)) = members.get("$ref")
                    && to.strip_prefix('#').and_then(|pointer| document.pointer(pointer)).is_none()
                {
                    broken.push(to.clone());
                }
                members.values().for_each(|member| check(member, document, broken));
            }
            Value::Array(members) => members.iter().for_each(|member| check(member, document, broken)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_field_is_described() {
        let document = document();
        let mut broken = Vec::new();
        check(&document, &document, &mut broken);
        assert!(broken.is_empty(), "{broken:?}");
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            for (field, described) in schema["properties"].as_object().into_iter().flatten() {
                let is_told = described.get("description").is_some() || described.get("const").is_some();
                assert!(is_told || name == "Refusal", "{name}.{field} is not described");
            }
        }
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let mut names: Vec<&str> = operations::all().iter().map(|operation| operation.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), operations::all().len());
    }
}
