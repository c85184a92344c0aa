use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use insta::assert_snapshot;
use rest::{Clock, Error, Transport};

use super::Api;
use crate::create::New;
use crate::error::{is_business_error, message};
use crate::json::Document;
use crate::tests::{create, over};

type Answers = &'static [(u16, &'static str)];

/// A Kleer that gives these answers in turn, the last one again and again; and the log of what it was asked.
fn pretend(answers: Answers) -> (Api, Clock, Arc<Mutex<Vec<String>>>) {
    let log = Arc::new(Mutex::new(Vec::new()));
    let seen = log.clone();
    let transport = Transport::in_process(Arc::new(move |request| {
        let mut seen = seen.lock().unwrap();
        let (status, body) = *answers.get(seen.len()).unwrap_or(&answers[answers.len() - 1]);
        let text = String::from_utf8_lossy(request.body());
        let line = format!("{} {} {:?} {text}", request.method(), request.uri(), request.headers());
        seen.push(line.trim_end().to_owned());
        let response = http::Response::builder().status(status).body(body.as_bytes().into()).unwrap();
        async move { Ok(response) }.boxed()
    }));
    let (api, clock) = over(transport);
    (api, clock, log)
}

fn client() -> Document {
    serde_json::from_str(r#"{"foreign-id":"hs:1","name":"Ny AB"}"#).unwrap()
}

fn told(error: &Error) -> String {
    let (business, unknown) = (is_business_error(error), error.outcome_unknown());
    format!("{error}\n{:?} business: {business} unknown: {unknown} {:?}", error.kind(), message(error))
}

#[test]
fn every_call_as_it_goes_over_the_wire() {
    let (api, clock, log) = pretend(&[(200, r#"{"id":5}"#)]);
    clock.run(async {
        api.get_client(12).await.unwrap();
        assert_eq!(create(&api, New::Client, &client()).await, Ok(Some(5)));
        api.update_client(12, &client()).await.unwrap();
        api.get_product(3).await.unwrap();
        api.me().await.unwrap();
        api.company_info().await.unwrap();
    });
    let (api, clock, lists) = pretend(&[(200, "{}")]);
    clock.run(async {
        api.list_clients().await.unwrap();
        api.list_products().await.unwrap();
        api.list_users().await.unwrap();
    });
    assert_snapshot!([log.lock().unwrap().join("\n"), lists.lock().unwrap().join("\n")].join("\n"), @r#"
    GET http://kleer/v1/company/7/client/12 {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"}
    PUT http://kleer/v1/company/7/client {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"} {"foreign-id":"hs:1","name":"Ny AB"}
    POST http://kleer/v1/company/7/client/12 {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"} {"foreign-id":"hs:1","name":"Ny AB"}
    GET http://kleer/v1/company/7/product/3 {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"}
    GET http://kleer/v1/company/7/user/me {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"}
    GET http://kleer/v1/company/7/info {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"}
    GET http://kleer/v1/company/7/client {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"}
    GET http://kleer/v1/company/7/product {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"}
    GET http://kleer/v1/company/7/user {"x-token": Sensitive, "content-type": "application/json", "accept": "application/json"}
    "#);
}

/// Creates a client; says what came of it and how often Kleer was asked.
fn created(answers: Answers) -> String {
    let (api, clock, log) = pretend(answers);
    let outcome = match clock.run(create(&api, New::Client, &client())) {
        Ok(id) => format!("{id:?}"),
        Err(error) => told(&error),
    };
    format!("{outcome} ({} sent)", log.lock().unwrap().len())
}

#[test]
fn ids_of_created_records() {
    let bodies = [r#"{"id":5}"#, r#"{"id":"5"}"#, r#"{"id":{"id":5}}"#, "{}", "5", r#""5""#, "", "null"];
    let lines = bodies.map(|body| {
        let answers: &'static [_] = Box::leak(Box::new([(200, body)]));
        format!("{body} → {}", created(answers))
    });
    assert_snapshot!(lines.join("\n"), @r#"
    {"id":5} → Some(5) (1 sent)
    {"id":"5"} → Some(5) (1 sent)
    {"id":{"id":5}} → Some(5) (1 sent)
    {} → None (1 sent)
    5 → Some(5) (1 sent)
    "5" → Some(5) (1 sent)
     → None (1 sent)
    null → None (1 sent)
    "#);
}

#[test]
fn a_create_is_sent_once_and_says_what_is_known() {
    assert_snapshot!(created(&[(500, r#"{"message":"Tekniskt fel"}"#)]), @r#"
    kleer, asked PUT /company/7/client, answered 500: {"message":"Tekniskt fel"}
    Transient { retry_after: None } business: true unknown: true Some("Tekniskt fel") (1 sent)
    "#);
    assert_snapshot!(created(&[(500, "<html>oops</html>")]), @"
    kleer, asked PUT /company/7/client, answered 500: <html>oops</html>
    Transient { retry_after: None } business: false unknown: true None (1 sent)
    ");
    assert_snapshot!(created(&[(400, r#"{"message":"Namn saknas"}"#)]), @r#"
    kleer, asked PUT /company/7/client, answered 400: {"message":"Namn saknas"}
    Rejected business: false unknown: false Some("Namn saknas") (1 sent)
    "#);
    assert_snapshot!(created(&[(200, "<created><id>5</id></created>")]), @"
    kleer, asked PUT /company/7/client, answered 200 in the wrong form: XML or HTML instead of JSON: the service ignored the content type, or a proxy answered; it begins with `<created><id>5</id></created>`
    Malformed business: false unknown: true None (1 sent)
    ");
    assert_snapshot!(created(&[(200, "[5]")]), @"
    kleer, asked PUT /company/7/client, answered 200 with something unexpected: an id was expected, in `[5]`
    Malformed business: false unknown: true None (1 sent)
    ");
}

/// Updates a client; says what came of it and how often Kleer was asked.
fn update(answers: Answers) -> String {
    let (api, clock, log) = pretend(answers);
    let outcome = match clock.run(api.update_client(12, &client())) {
        Ok(()) => "saved".to_owned(),
        Err(error) => told(&error),
    };
    format!("{outcome} ({} sent)", log.lock().unwrap().len())
}

#[test]
fn an_update_is_repeated_once() {
    assert_snapshot!(update(&[(500, r#"{"message":"Tekniskt fel"}"#), (200, "{}")]), @"saved (2 sent)");
    assert_snapshot!(update(&[(500, r#"{"message":"Tekniskt fel"}"#)]), @r#"
    kleer, asked POST /company/7/client/12, answered 500: {"message":"Tekniskt fel"}
    Rejected business: true unknown: false Some("Tekniskt fel") (2 sent)
    "#);
    assert_snapshot!(update(&[(500, r#"{"message":"Tekniskt fel"}"#), (500, r#"{"message":"Annat"}"#)]), @r#"
    kleer, asked POST /company/7/client/12, answered 500: {"message":"Annat"}
    Transient { retry_after: None } business: true unknown: true Some("Annat") (2 sent)
    "#);
    assert_snapshot!(update(&[(503, "")]), @"
    kleer, asked POST /company/7/client/12, answered 503
    Transient { retry_after: None } business: false unknown: true None (2 sent)
    ");
    assert_snapshot!(update(&[(404, r#"{"message":"Finns inte"}"#)]), @r#"
    kleer, asked POST /company/7/client/12, answered 404: {"message":"Finns inte"}
    Missing business: false unknown: false Some("Finns inte") (1 sent)
    "#);
}

#[test]
fn a_record_without_id_is_no_record() {
    let (api, clock, _) = pretend(&[(200, r#"{"message":"Klienten finns inte"}"#)]);
    assert_snapshot!(told(&clock.run(api.get_client(12)).unwrap_err()), @r#"
    kleer, asked GET /company/7/client/12, answered 200 with something unexpected: the field `id` should be a reference by id, but holds `nothing`, in `{"message":"Klienten finns inte"}`
    Malformed business: false unknown: false None
    "#);
}

#[test]
fn the_key_is_never_shown() {
    let (api, clock, _) = pretend(&[(401, r#"{"message":"Fel nyckel: demo-key"}"#)]);
    let error = clock.run(api.me()).unwrap_err();
    assert_snapshot!(told(&error), @r#"
    kleer, asked GET /company/7/user/me, answered 401: {"message":"Fel nyckel: ***"}
    Denied business: false unknown: false Some("Fel nyckel: ***")
    "#);
    assert!(!format!("{api:?} {error:?}").contains("demo-key"));
}
