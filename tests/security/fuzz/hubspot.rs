//! Every answer of HubSpot's, through every call of the adapter: results, 207 with results and errors, refusals of every shape.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use hubspot::{
    Api, ApiError, AssociationSpec, BatchAnswer, BatchRead, Budgets, Create, Fetch, InputError, LabelledPair, Oauth,
    Pair, Paths, PropertyCreate, PropertyOption, Record, Search, TokenHint, Update, Upsert, explain,
};
use proptest::prelude::{Strategy as _, any, prop_oneof};
use proptest::sample::{Index, select};
use rest::{Budget, Client, Clock, Error, Gcra, InFlight, Transport};
use serde_json::{Value, json};

use super::answers::{Said, Service, questions};
use super::check;
use super::mutate::{noise, spoilings};

type Call = for<'a> fn(&'a Fixture) -> LocalBoxFuture<'a, Result<(), Error>>;

/// A HubSpot that can be made to say anything.
struct Fixture {
    clock: Clock,
    service: Service,
    api: Api,
    oauth: Oauth,
}

/// Every call there is, and what HubSpot says to it when it is well; a test compares the names with the sources.
const CALLS: [(&str, Shape, Call); 28] = [
    ("objects::batch_read", Shape::Batch, |f| async { batch_read(f).await }.boxed_local()),
    ("objects::batch_create", Shape::Batch, |f| async { batch_create(f).await }.boxed_local()),
    ("objects::batch_update", Shape::Batch, |f| async { batch_update(f).await }.boxed_local()),
    ("objects::batch_upsert", Shape::Batch, |f| async { batch_upsert(f).await }.boxed_local()),
    ("objects::batch_archive", Shape::Batch, |f| async { batch_archive(f).await }.boxed_local()),
    ("objects::search", Shape::Page, |f| async { search(f).await }.boxed_local()),
    ("objects::list", Shape::Page, |f| async { list(f).await }.boxed_local()),
    ("objects::get", Shape::Record, |f| async { get(f).await }.boxed_local()),
    ("associations::associate_default", Shape::Pairs, |f| async { associate_default(f).await }.boxed_local()),
    ("associations::create_labelled", Shape::Pairs, |f| async { create_labelled(f).await }.boxed_local()),
    ("associations::read", Shape::Associations, |f| async { associations(f).await }.boxed_local()),
    ("associations::archive", Shape::Pairs, |f| async { dissociate(f).await }.boxed_local()),
    ("associations::labels", Shape::Labels, |f| {
        async { f.api.associations().labels("invoices", "companies").await.map(drop) }.boxed_local()
    }),
    ("properties::list", Shape::Properties, |f| async { properties(f).await }.boxed_local()),
    ("properties::get", Shape::Property, |f| {
        async { f.api.properties().get("companies", "name").await.map(drop) }.boxed_local()
    }),
    ("properties::create", Shape::Property, |f| {
        async { f.api.properties().create("companies", &PropertyCreate::default()).await.map(drop) }.boxed_local()
    }),
    ("properties::set_options", Shape::Property, |f| async { set_options(f).await }.boxed_local()),
    ("properties::batch_create", Shape::PropertyBatch, |f| async { make_properties(f).await }.boxed_local()),
    ("properties::batch_read", Shape::PropertyBatch, |f| async { read_properties(f).await }.boxed_local()),
    ("groups::list", Shape::Properties, |f| async { f.api.groups().list("companies").await.map(drop) }.boxed_local()),
    ("groups::create", Shape::Property, |f| async { make_group(f).await }.boxed_local()),
    ("pipelines::list", Shape::Pipelines, |f| async { pipelines(f).await }.boxed_local()),
    ("account::details", Shape::Details, |f| async { details(f).await }.boxed_local()),
    ("account::enablement", Shape::Enablement, |f| {
        async { f.api.account().enablement("invoices").await.map(drop) }.boxed_local()
    }),
    ("account::uninstall", Shape::Record, |f| async { f.api.account().uninstall().await }.boxed_local()),
    ("oauth::exchange_code", Shape::Tokens, |f| {
        async { f.oauth.exchange_code("c", "u").await.map(drop).map_err(|e| *e.source) }.boxed_local()
    }),
    ("oauth::refresh", Shape::Tokens, |f| {
        async { f.oauth.refresh(&"r".into()).await.map(drop).map_err(|e| *e.source) }.boxed_local()
    }),
    ("oauth::introspect", Shape::Tokens, |f| async { introspect(f).await }.boxed_local()),
];
/// Has no answer that is read.
const UNREAD: [&str; 1] = ["oauth::revoke"];

/// The shapes of HubSpot's answers.
#[derive(Clone, Copy)]
enum Shape {
    Batch,
    Page,
    Record,
    Pairs,
    Associations,
    Labels,
    Properties,
    Property,
    PropertyBatch,
    Pipelines,
    Details,
    Enablement,
    Tokens,
}

impl Shape {
    fn well(self) -> Value {
        match self {
            Self::Batch => {
                json!({ "status": "COMPLETE", "results": [record("9001"), record("9002")], "numErrors": 2, "errors": mixed() })
            }
            Self::Page => {
                json!({ "total": 3, "results": [record("9001"), record("9002")], "paging": { "next": { "after": "2", "link": "x" } } })
            }
            Self::Record => record("9001"),
            Self::Pairs => json!({
                "status": "COMPLETE", "numErrors": 1, "errors": mixed(),
                "results": [{ "from": { "id": "1" }, "to": { "id": "2" }, "associationSpec": { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 179 } }],
            }),
            Self::Associations => json!({
                "status": "COMPLETE", "numErrors": 1, "errors": mixed(),
                "results": [{ "from": { "id": "1" }, "to": [{ "toObjectId": 2, "associationTypes": [{ "category": "HUBSPOT_DEFINED", "typeId": 179, "label": null }] }] }],
            }),
            Self::Labels => {
                json!({ "results": [{ "category": "HUBSPOT_DEFINED", "typeId": 179, "label": "Primary" }] })
            }
            Self::Properties => json!({ "results": [property(), property()] }),
            Self::Property => property(),
            Self::PropertyBatch => json!({ "status": "COMPLETE", "results": [property()], "errors": mixed() }),
            Self::Pipelines => json!({ "results": [{
                "id": "default", "label": "Pipeline", "displayOrder": 0, "archived": false,
                "stages": [{ "id": "1", "label": "Open", "displayOrder": 1, "metadata": { "isClosed": "false", "probability": "0.2" } }],
            }] }),
            Self::Details => json!({
                "portalId": 4242, "accountType": "STANDARD", "timeZone": "Europe/Stockholm", "companyCurrency": "SEK",
                "additionalCurrencies": ["EUR"], "utcOffset": "+02:00", "uiDomain": "app-eu1.hubspot.com", "dataHostingLocation": "eu1",
            }),
            Self::Enablement => {
                json!({ "0-53": true, "enablement": { "INVOICE": true }, "results": [{ "objectTypeId": "0-53", "enabled": true }] })
            }
            Self::Tokens => json!({
                "access_token": "a", "refresh_token": "r", "expires_in": 1800, "token_type": "bearer", "hub_id": 4242,
                "user_id": 7, "scopes": ["oauth"], "active": true, "app_id": 1, "hub_domain": "x", "user": "a@b.se",
            }),
        }
    }
}

fn record(id: &str) -> Value {
    json!({
        "id": id, "objectWriteTraceId": format!("t{id}"), "new": true, "archived": false,
        "properties": { "kleer_id": id, "name": "Åkeri", "amount": "10.50", "closed": null },
        "createdAt": "2026-11-20T08:00:00.123Z", "updatedAt": "2026-11-20T08:00:00Z",
        "associations": { "companies": { "results": [{ "id": "1", "type": "invoice_to_company" }] } },
    })
}

fn property() -> Value {
    json!({
        "name": "kleer_id", "label": "Kleer id", "type": "enumeration", "fieldType": "select", "groupName": "kleer",
        "options": [{ "label": "A", "value": "a", "displayOrder": 0, "hidden": false }], "hasUniqueValue": true,
        "calculated": false, "hidden": false, "modificationMetadata": { "readOnlyValue": false, "archivable": true },
    })
}

/// Errors about some inputs of a batch.
fn mixed() -> Value {
    json!([
        { "status": "error", "category": "VALIDATION_ERROR", "message": "Property values were not valid: [{\"isValid\":false,\"message\":\"no\",\"error\":\"INVALID_OPTION\",\"name\":\"x\"}]", "context": { "objectWriteTraceId": ["t1"] } },
        { "status": "error", "category": "OBJECT_NOT_FOUND", "message": "Failed to partially update row 121310328358 in batch update. Please retry operation.", "context": { "ids": ["9001"] } },
    ])
}

/// Refusals of a whole call, of every shape that was seen (contract hubspot-crm §8, §9; hubspot-platform §7.4).
fn refusals() -> Vec<Value> {
    vec![
        json!({ "status": "error", "message": "Invalid input JSON", "correlationId": "c", "category": "VALIDATION_ERROR", "errors": [{ "message": "m", "code": "INVALID_OPTION", "in": "x", "context": { "propertyName": ["size"] } }], "context": { "missingScopes": ["a"] } }),
        json!({ "status": "error", "message": "Property values were not valid: [{\"isValid\":false,\"message\":\"no\",\"error\":\"INVALID_OPTION\",\"name\":\"size\",\"localizedErrorMessage\":\"nej\"}]", "category": "VALIDATION_ERROR" }),
        json!({ "status": "error", "message": "You have reached your secondly limit.", "errorType": "RATE_LIMIT", "correlationId": "c", "policyName": "SECONDLY", "requestId": "r" }),
        json!({ "status": "error", "message": "This app hasn't been granted all required scopes", "category": "MISSING_SCOPES", "errors": [{ "message": "One or more", "context": { "requiredGranularScopes": ["crm.objects.companies.write"] } }], "links": { "scopes": "https://x" } }),
        json!({ "status": "error", "category": "OBJECT_ALREADY_EXISTS", "subCategory": "Properties.PROPERTY_WITH_NAME_EXISTS", "message": "exists", "context": { "id": "1" } }),
        json!({ "status": "BAD_REFRESH_TOKEN", "error": "invalid_grant", "error_description": "d", "message": "refresh token is invalid, expired or revoked" }),
        json!("<html>gateway</html>"),
    ]
}

fn said(answer: &BatchAnswer<Record>) {
    answer.errors.iter().for_each(about_input);
    for record in &answer.results {
        let _ = (record.value("name"), record.associated("line_items"));
    }
}

fn about_input(error: &InputError) {
    let _ = (error.trace_ids(), error.ids().count(), error.to_string());
}

async fn batch_read(f: &Fixture) -> Result<(), Error> {
    let read =
        BatchRead { ids: vec!["9001".into()], id_property: Some("kleer_id".into()), properties: vec!["name".into()] };
    let answer = f.api.objects().batch_read("companies", &read).await?;
    said(&answer);
    assert_eq!(answer.outcomes_of(&read.keys()).len(), 1);
    Ok(())
}

async fn batch_create(f: &Fixture) -> Result<(), Error> {
    let input = |id: &str| Create {
        properties: BTreeMap::from([("kleer_id".to_owned(), id.to_owned())]),
        trace_id: format!("t{id}"),
        match_by: Some("kleer_id".into()),
        ..Create::default()
    };
    let inputs = ["9001", "9002", "9003"].map(input);
    let answer = f.api.objects().batch_create("companies", &inputs).await?;
    said(&answer);
    assert_eq!(answer.outcomes(&inputs).len(), inputs.len());
    Ok(())
}

async fn batch_update(f: &Fixture) -> Result<(), Error> {
    let input = |id: &str| Update { id: id.into(), trace_id: format!("t{id}"), ..Update::default() };
    let inputs = ["9001", "9002"].map(input);
    let answer = f.api.objects().batch_update("companies", &inputs).await?;
    said(&answer);
    assert_eq!(answer.outcomes(&inputs).len(), inputs.len());
    Ok(())
}

async fn batch_upsert(f: &Fixture) -> Result<(), Error> {
    let input = |id: &str| Upsert {
        id: id.into(),
        id_property: "kleer_id".into(),
        trace_id: format!("t{id}"),
        ..Upsert::default()
    };
    let inputs = ["9001", "9002", "9009"].map(input);
    let answer = f.api.objects().batch_upsert("companies", &inputs).await?;
    said(&answer);
    assert_eq!(answer.outcomes(&inputs).len(), inputs.len());
    Ok(())
}

async fn batch_archive(f: &Fixture) -> Result<(), Error> {
    f.api.objects().batch_archive("companies", &["1".into()]).await?.iter().for_each(about_input);
    Ok(())
}

async fn search(f: &Fixture) -> Result<(), Error> {
    f.api.objects().search("companies", &Search::default()).await.map(drop)
}

async fn list(f: &Fixture) -> Result<(), Error> {
    f.api.objects().list("companies", Some("x"), &["name"]).await.map(drop)
}

async fn get(f: &Fixture) -> Result<(), Error> {
    let record = f.api.objects().get("companies", "1", &Fetch::default()).await?;
    let _ = (record.value("name"), record.associated("companies"));
    Ok(())
}

fn pair() -> Pair {
    Pair { from: "1".into(), to: "2".into() }
}

async fn associate_default(f: &Fixture) -> Result<(), Error> {
    let pairs = [pair(), Pair { to: "3".into(), ..pair() }];
    let answer = f.api.associations().associate_default("invoices", "companies", &pairs).await?;
    assert_eq!(answer.pair_outcomes(&pairs).len(), pairs.len());
    Ok(())
}

async fn create_labelled(f: &Fixture) -> Result<(), Error> {
    let labelled = [LabelledPair { pair: pair(), types: vec![AssociationSpec::hubspot_defined(179)] }];
    let answer = f.api.associations().create_labelled("invoices", "companies", &labelled).await?;
    assert_eq!(answer.pair_outcomes(&[pair()]).len(), 1);
    Ok(())
}

async fn associations(f: &Fixture) -> Result<(), Error> {
    let read = f.api.associations().read("invoices", "companies", &["1".into()]).await?;
    read.errors.iter().for_each(about_input);
    Ok(())
}

async fn dissociate(f: &Fixture) -> Result<(), Error> {
    f.api.associations().archive("invoices", "companies", &[pair()]).await?.iter().for_each(about_input);
    Ok(())
}

async fn properties(f: &Fixture) -> Result<(), Error> {
    let properties = f.api.properties().list("companies").await?;
    let _ = properties.iter().filter(|property| property.is_writable() || property.is_offered()).count();
    Ok(())
}

async fn set_options(f: &Fixture) -> Result<(), Error> {
    f.api.properties().set_options("companies", "size", &[PropertyOption::default()]).await.map(drop)
}

async fn make_properties(f: &Fixture) -> Result<(), Error> {
    let answer = f.api.properties().batch_create("companies", &[PropertyCreate::default()]).await?;
    answer.errors.iter().for_each(about_input);
    Ok(())
}

async fn read_properties(f: &Fixture) -> Result<(), Error> {
    let answer = f.api.properties().batch_read("companies", &["kleer_id"]).await?;
    answer.errors.iter().for_each(about_input);
    Ok(())
}

async fn make_group(f: &Fixture) -> Result<(), Error> {
    let group = hubspot::PropertyGroup { name: "kleer".into(), label: "Kleer".into(), ..Default::default() };
    f.api.groups().create("companies", &group).await.map(drop)
}

async fn pipelines(f: &Fixture) -> Result<(), Error> {
    let pipelines = f.api.pipelines().list("projects").await?;
    let _ = pipelines.iter().flat_map(|one| &one.stages).filter(|stage| stage.is_closed()).count();
    Ok(())
}

async fn details(f: &Fixture) -> Result<(), Error> {
    let details = f.api.account().details().await?;
    let _ = details.currencies().count();
    Ok(())
}

async fn introspect(f: &Fixture) -> Result<(), Error> {
    f.oauth.introspect(&"t".into(), TokenHint::Access).await.map(drop).map_err(|e| *e.source)
}

impl Fixture {
    fn new() -> Self {
        let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
        let nobody: rest::Handler = std::sync::Arc::new(|_| async { Err(rest::Failure::NotSent) }.boxed());
        let service = Service::before(&Transport::in_process(nobody));
        let budget = || Budget::local(clock.clone(), Gcra::per_second(1_000, 1_000), InFlight { start: 2, max: 2 });
        let budgets = Budgets { objects: budget(), search: budget(), associations: budget() };
        let base = "https://api.hubapi.com";
        let (calls, paths) = (std::sync::Arc::default(), Paths::default());
        let api =
            Api::connect(base, service.transport(), clock.clone(), "demo-token".into(), budgets, calls, paths.clone());
        let client = Client::new("hubspot", base, service.transport(), clock.clone());
        let oauth = Oauth::new(client, paths, "client", "secret".into());
        Self { clock, service, api, oauth }
    }

    fn asks(&self, call: Call, status: u16, body: Vec<u8>) -> Result<(), Error> {
        self.service.says(Said { status, body, ..Said::default() });
        self.clock.run(call(self))
    }
}

/// Whatever is told of a refusal is short, and every reading of it comes to an end.
fn refused(error: &Error) {
    assert!(error.body.chars().count() <= 20_000, "{}", error.body.len());
    assert!(error.to_string().chars().count() < 1_000);
    let api = ApiError::of(error);
    let _ = (explain(error), hubspot::is_already_exists(error), error.is_account_wide(), error.retry_after());
    about_input(&api.into_input_error());
}

#[test]
fn every_call_to_hubspot_is_here() {
    let named: BTreeSet<String> = CALLS.iter().map(|(name, ..)| *name).chain(UNREAD).map(str::to_owned).collect();
    assert_eq!(named, questions("shared/hubspot/src"), "a call to HubSpot has no row in CALLS, or a row no call");
}

#[test]
fn every_call_reads_what_hubspot_says_when_it_is_well() {
    let fixture = Fixture::new();
    for (name, shape, call) in CALLS {
        let asked = fixture.asks(call, 200, shape.well().to_string().into_bytes());
        assert!(asked.is_ok(), "{name}: {asked:?}");
    }
}

#[test]
fn hubspots_answers() {
    let fixture = Fixture::new();
    let read = Cell::new(0_u32);
    let cases = (any::<Index>(), spoilings(), select(vec![200_u16, 200, 201, 207, 207]));
    check(800, cases, |(which, spoiling, status)| {
        let (_, shape, call) = CALLS[which.index(CALLS.len())];
        match fixture.asks(call, status, spoiling.of(&shape.well())) {
            Ok(()) => read.set(read.get() + 1),
            Err(error) => refused(&error),
        }
    });
    assert!(read.get() > 100, "hardly anything was read: the cases spoil too much");
}

#[test]
fn hubspots_refusals() {
    let fixture = Fixture::new();
    let statuses = select(vec![302_u16, 400, 401, 403, 404, 409, 414, 423, 429, 477, 500, 502, 503, 521]);
    check(500, (any::<Index>(), spoilings(), statuses), |(which, spoiling, status)| {
        let documents = refusals();
        let body = spoiling.of(&documents[which.index(documents.len())]);
        let (_, _, call) = CALLS[which.index(CALLS.len())];
        refused(&fixture.asks(call, status, body).unwrap_err());
    });
}

#[test]
fn noise_from_hubspot() {
    let fixture = Fixture::new();
    let cases = (
        any::<Index>(),
        prop_oneof![noise(), "\\PC{0,300}".prop_map(String::into_bytes)],
        select(vec![200_u16, 207, 400, 500]),
    );
    check(300, cases, |(which, body, status)| {
        let (_, _, call) = CALLS[which.index(CALLS.len())];
        if let Err(error) = fixture.asks(call, status, body) {
            refused(&error);
        }
    });
}

/// Error bodies are kept to a length, so a cut may be anywhere in them.
#[test]
fn refusals_that_were_cut_off() {
    check(500, (any::<Index>(), spoilings(), any::<Index>()), |(which, spoiling, cut)| {
        let documents = refusals();
        let text = spoiling.text(&documents[which.index(documents.len())]);
        let end = (0..=cut.index(text.len() + 1)).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        about_input(&ApiError::parse(Some(400), &text[..end]).into_input_error());
    });
}
