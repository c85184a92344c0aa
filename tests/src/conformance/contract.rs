//! A vendor's operations and schemas, ready to look at requests and answers.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response, StatusCode};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::deviations::{Change, Deviation, Undescribed};

/// What a vendor's documents say, corrected by what is known better.
pub(super) struct Contract {
    operations: Vec<Operation>,
    undescribed: &'static [Undescribed],
}

struct Operation {
    method: String,
    path: String,
    query: Vec<String>,
    media: Option<String>,
    request: Option<Schema>,
    /// By status; without a schema the body is empty.
    answers: Vec<(u16, Option<Schema>)>,
    error: Schema,
}

/// A request that was looked at, for its answer.
pub(super) struct Asked {
    request: String,
    operation: Option<&'static Operation>,
    findings: Vec<String>,
}

/// A schema with all that it refers to; compiled when it is first needed, since every story is a process of its own.
struct Schema {
    document: Value,
    compiled: OnceLock<Validator>,
    /// Hashes of the bodies that were found in order: what is listed again and again is mostly what it was.
    sound: Mutex<HashSet<u64>>,
}

impl Contract {
    /// Reads a fixture.
    ///
    /// # Panics
    /// If the fixture is not what the script makes, or a deviation is about something that it does not say.
    pub(super) fn read(fixture: &str, deviations: &[Deviation], undescribed: &'static [Undescribed]) -> Contract {
        let mut fixture: Value = serde_json::from_str(fixture).expect("a fixture is JSON");
        deviations.iter().for_each(|deviation| deviate(&mut fixture, deviation));
        let defs = fixture["$defs"].as_object().expect("a fixture has schemas");
        let operations = fixture["operations"].as_array().expect("a fixture has operations");
        Contract { operations: operations.iter().map(|one| Operation::read(one, defs)).collect(), undescribed }
    }

    /// Looks at a request.
    pub(super) fn asked(&'static self, request: &Request<Bytes>) -> Asked {
        let (method, path) = (request.method().as_str(), request.uri().path());
        let named = format!("{method} {path}");
        let fits = |one: &&Operation| one.method == method && matches(&one.path, path);
        // `groups` is a word of its own where a property's name could stand.
        let operation = self.operations.iter().filter(fits).min_by_key(|one| one.path.matches('{').count());
        let excused = |one: &Undescribed| one.method == method && matches(one.path, path);
        let findings = match operation {
            Some(operation) => operation.objections(request),
            None if self.undescribed.iter().any(excused) => Vec::new(),
            None => vec!["no document of the vendor describes this".to_owned()],
        };
        let findings = findings.into_iter().map(|found| format!("{named}: {found}")).collect();
        Asked { request: named, operation, findings }
    }
}

impl Asked {
    /// What is wrong with the request.
    pub(super) fn findings(&self) -> Vec<String> {
        self.findings.clone()
    }

    /// Looks at the answer.
    pub(super) fn answered(&self, answer: &Response<Bytes>) -> Vec<String> {
        let Some(operation) = self.operation else { return Vec::new() };
        let status = answer.status();
        let said = |found: String| format!("{}, answered {}: {found}", self.request, status.as_u16());
        match operation.answer(status) {
            Some(schema) => body_objections(schema, answer.headers(), answer.body()).into_iter().map(said).collect(),
            None => vec![said("the vendor's document has no such status".to_owned())],
        }
    }
}

impl Operation {
    fn read(one: &Value, defs: &Map<String, Value>) -> Operation {
        let text = |name: &str| one[name].as_str().map(str::to_owned);
        let schema = |value: &Value| (!value.is_null()).then(|| Schema::of(value, defs));
        let answers = one["answers"].as_object().expect("an operation has answers");
        let query = one["query"].as_array().expect("an operation has a query");
        let error = if defs.contains_key("Error") { "Error" } else { "error" };
        let error = one.get("error").cloned().unwrap_or_else(|| json!({ "$ref": format!("#/$defs/{error}") }));
        Operation {
            method: text("method").expect("an operation has a method"),
            path: text("path").expect("an operation has a path"),
            query: query.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            media: text("media"),
            request: schema(&one["request"]),
            answers: answers
                .iter()
                .map(|(status, answer)| (status.parse().expect("a status is a number"), schema(answer)))
                .collect(),
            error: Schema::of(&error, defs),
        }
    }

    fn objections(&self, request: &Request<Bytes>) -> Vec<String> {
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
        let unknown = query.iter().filter(|(name, _)| !self.query.contains(name));
        let unknown = unknown.map(|(name, _)| format!("the query parameter {name} is not in the vendor's document"));
        let mut found: Vec<String> = unknown.collect();
        let media = media(request.headers());
        if self.request.is_some() && media != self.media {
            found.push(format!("the body is {media:?} instead of {:?}", self.media));
        }
        found.extend(body_objections(self.request.as_ref(), request.headers(), request.body()));
        found
    }

    /// The schema of an answer, and whether there is such an answer at all: 207 has the form of the whole success (contract
    /// hubspot-crm §1), and Kleer's exact code of success is not recorded (contract kleer-api §3).
    fn answer(&self, status: StatusCode) -> Option<Option<&Schema>> {
        let exactly = self.answers.iter().find(|(known, _)| *known == status.as_u16());
        if exactly.is_none() && !status.is_success() {
            return Some(Some(&self.error));
        }
        let mixed = || self.answers.first().filter(|_| matches!(status.as_u16(), 201 | 207));
        exactly.or_else(mixed).map(|(_, schema)| schema.as_ref())
    }
}

impl Schema {
    fn of(schema: &Value, defs: &Map<String, Value>) -> Schema {
        let mut needed = BTreeSet::new();
        gather(schema, defs, &mut needed);
        let mut document = schema.clone();
        document["$defs"] = needed.into_iter().map(|name| (name.to_owned(), defs[name].clone())).collect();
        Schema { document, compiled: OnceLock::new(), sound: Mutex::default() }
    }

    /// What is wrong with a body.
    fn body_objections(&self, headers: &HeaderMap, body: &Bytes) -> Vec<String> {
        let media = media(headers);
        let mut hasher = DefaultHasher::new();
        (&media, body).hash(&mut hasher);
        let hash = hasher.finish();
        if self.sound.lock().unwrap_or_else(PoisonError::into_inner).contains(&hash) {
            return Vec::new();
        }
        let value = match media.as_deref() {
            Some("application/x-www-form-urlencoded") => Ok(url::form_urlencoded::parse(body).collect()),
            _ => serde_json::from_slice::<Value>(body),
        };
        let found = match value {
            Ok(value) => self.objections(&value),
            Err(wrong) => vec![format!("the body is no JSON: {wrong}")],
        };
        if found.is_empty() {
            self.sound.lock().unwrap_or_else(PoisonError::into_inner).insert(hash);
        }
        found
    }

    fn objections(&self, value: &Value) -> Vec<String> {
        let compiled = self.compiled.get_or_init(|| {
            let options = jsonschema::options().should_validate_formats(true);
            options.build(&self.document).expect("the script makes valid schemas")
        });
        let said = |wrong: jsonschema::ValidationError<'_>| match wrong.instance_path().as_str() {
            "" => wrong.to_string(),
            place => format!("{wrong}, at {place}"),
        };
        compiled.iter_errors(value).map(said).collect()
    }
}

/// The names that a schema refers to, directly or not.
fn gather<'a>(schema: &Value, defs: &'a Map<String, Value>, needed: &mut BTreeSet<&'a str>) {
    match schema {
        Value::Object(members) => {
            let referred = members.get("$ref").and_then(Value::as_str).and_then(|one| one.strip_prefix("#/$defs/"));
            if let Some(name) = referred {
                let (name, inner) = defs.get_key_value(name).expect("a schema refers to what is there");
                if needed.insert(name) {
                    gather(inner, defs, needed);
                }
            }
            members.values().for_each(|one| gather(one, defs, needed));
        }
        Value::Array(elements) => elements.iter().for_each(|one| gather(one, defs, needed)),
        _ => {}
    }
}

fn body_objections(schema: Option<&Schema>, headers: &HeaderMap, body: &Bytes) -> Vec<String> {
    match schema {
        Some(schema) => schema.body_objections(headers, body),
        None if body.is_empty() => Vec::new(),
        None => vec!["there is a body where none belongs".to_owned()],
    }
}

fn media(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(text.split(';').next().unwrap_or_default().trim().to_owned())
}

/// Whether a path is one of a template, whose parts in braces stand for anything.
fn matches(template: &str, path: &str) -> bool {
    let (mut parts, mut segments) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), segments.next()) {
            (None, None) => return true,
            (Some(part), Some(segment)) if part == segment => {}
            (Some(part), Some(segment)) if part.starts_with('{') && !segment.is_empty() => {}
            _ => return false,
        }
    }
}

/// Corrects the document where the vendor's word is known to be wrong or silent.
fn deviate(fixture: &mut Value, deviation: &Deviation) {
    let place = deviation.place;
    let shape = |text: &str| serde_json::from_str::<Value>(text).expect("a deviation's shape is JSON");
    let shared = fixture["$defs"].clone();
    let whole = match place.split_once(' ') {
        Some((method, path)) => operation(fixture, method, path),
        None => fixture["$defs"].get_mut(place),
    };
    let whole = whole.unwrap_or_else(|| panic!("the deviation of {place} is about something that is not there"));
    match deviation.change {
        Change::Optional(members) => relax(whole, members, place),
        Change::Without(members) => {
            let name = whole["request"]["$ref"].as_str().and_then(|one| one.strip_prefix("#/$defs/"));
            let mut own = shared[name.expect("the request has a schema with a name")].clone();
            relax(&mut own, members, place);
            whole["request"] = own;
        }
        Change::Member(member, text) => {
            let before =
                whole["properties"].as_object_mut().expect("there are members").insert(member.to_owned(), shape(text));
            assert_ne!(before, Some(shape(text)), "{member} of {place} is so anyway");
        }
        Change::Error(text) => whole["error"] = shape(text),
        Change::Answer(status, text) => whole["answers"][status] = shape(text),
    }
}

/// Takes members off the required ones.
fn relax(schema: &mut Value, members: &[&str], place: &str) {
    let required = schema["required"].as_array_mut().expect("there are required members");
    for member in members {
        let at = required.iter().position(|one| one == member);
        required.remove(at.unwrap_or_else(|| panic!("{member} of {place} is not required anyway")));
    }
}

fn operation<'a>(fixture: &'a mut Value, method: &str, path: &str) -> Option<&'a mut Value> {
    let operations = fixture["operations"].as_array_mut()?;
    operations.iter_mut().find(|one| one["method"] == method && one["path"] == path)
}

#[cfg(test)]
mod tests;
