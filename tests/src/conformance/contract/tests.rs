use insta::assert_snapshot;

use super::*;

const FIXTURE: &str = r##"{
    "operations": [{"method": "POST", "path": "/things/{v}/batch", "query": ["archived"], "media": "application/json",
        "request": {"$ref": "#/$defs/Inputs"}, "answers": {"200": {"$ref": "#/$defs/Inputs"}, "204": null}}],
    "$defs": {
        "Inputs": {"type": "object", "properties": {"inputs": {"type": "array", "items": {"$ref": "#/$defs/Input"}}},
            "required": ["inputs"], "additionalProperties": false},
        "Input": {"type": "object", "properties": {"id": {"type": "string"}, "at": {"type": "string", "format": "date-time"}},
            "required": ["id"], "additionalProperties": false},
        "Error": {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]}}}"##;

const PING: &[Undescribed] = &[Undescribed { method: "GET", path: "/ping/{v}", known_from: "nobody" }];

fn contract(deviations: &[Deviation]) -> &'static Contract {
    Box::leak(Box::new(Contract::read(FIXTURE, deviations, PING)))
}

fn ask(contract: &'static Contract, request: &str, body: &str) -> Asked {
    let (method, uri) = request.split_once(' ').unwrap();
    let request = Request::builder().method(method).uri(uri).header(CONTENT_TYPE, "application/json; charset=utf-8");
    contract.asked(&request.body(Bytes::copy_from_slice(body.as_bytes())).unwrap())
}

fn check(request: &str, body: &str) -> String {
    ask(contract(&[]), request, body).findings().join("\n")
}

fn answered(contract: &'static Contract, status: u16, body: &str) -> String {
    let answer = Response::builder().status(status).header(CONTENT_TYPE, "application/json");
    let answer = answer.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
    ask(contract, "POST /things/2026-09/batch", r#"{"inputs":[]}"#).answered(&answer).join("\n")
}

#[test]
fn requests() {
    let things = "POST /things/2026-09/batch";
    assert_eq!(check(things, r#"{"inputs":[{"id":"1"},{"id":"2","at":"2026-11-20T08:00:00.000Z"}]}"#), "");
    assert_eq!(check("POST /things/2026-09/batch?archived=true", r#"{"inputs":[]}"#), "");
    assert_eq!(check("GET /ping/2026-09", ""), "");
    assert_snapshot!(check(things, r#"{"inputs":[{"id":1},{"name":"x"},{"id":"2","at":"today"}]}"#), @r#"
    POST /things/2026-09/batch: 1 is not of type "string", at /inputs/0/id
    POST /things/2026-09/batch: Additional properties are not allowed ('name' was unexpected), at /inputs/1
    POST /things/2026-09/batch: "id" is a required property, at /inputs/1
    POST /things/2026-09/batch: "today" is not a "date-time", at /inputs/2/at
    "#);
    assert_snapshot!(check("POST /things/2026-09/batch?archive=true", "{"), @r"
    POST /things/2026-09/batch: the query parameter archive is not in the vendor's document
    POST /things/2026-09/batch: the body is no JSON: EOF while parsing an object at line 1 column 1
    ");
    assert_snapshot!(check("POST /things/2026-09/batches", "{}"), @"POST /things/2026-09/batches: no document of the vendor describes this");
}

#[test]
fn answers() {
    let contract = contract(&[]);
    assert_eq!(answered(contract, 200, r#"{"inputs":[{"id":"1"}]}"#), "");
    assert_eq!(answered(contract, 207, r#"{"inputs":[{"id":"1"}]}"#), "");
    assert_eq!(answered(contract, 204, ""), "");
    assert_eq!(answered(contract, 404, r#"{"message":"gone"}"#), "");
    assert_snapshot!(answered(contract, 200, r#"{"inputs":[{}],"more":1}"#), @r#"
    POST /things/2026-09/batch, answered 200: "id" is a required property, at /inputs/0
    POST /things/2026-09/batch, answered 200: Additional properties are not allowed ('more' was unexpected)
    "#);
    assert_snapshot!(answered(contract, 204, "{}"), @"POST /things/2026-09/batch, answered 204: there is a body where none belongs");
    assert_snapshot!(answered(contract, 202, "{}"), @"POST /things/2026-09/batch, answered 202: the vendor's document has no such status");
    assert_snapshot!(answered(contract, 500, "{}"), @r#"POST /things/2026-09/batch, answered 500: "message" is a required property"#);
}

#[test]
fn deviations() {
    let all = contract(&[
        Deviation { place: "Inputs", change: Change::Optional(&["inputs"]), why: "" },
        Deviation { place: "Inputs", change: Change::Member("more", r#"{"type":"integer"}"#), why: "" },
        Deviation { place: "POST /things/{v}/batch", change: Change::Error("{}"), why: "" },
        Deviation { place: "POST /things/{v}/batch", change: Change::Answer("202", "{}"), why: "" },
    ]);
    let bodies = [(200, "{}"), (200, r#"{"more":1}"#), (500, "7"), (202, "8")];
    for (status, body) in bodies {
        assert_eq!(answered(all, status, body), "", "{status} {body}");
    }
    assert_snapshot!(answered(all, 200, r#"{"more":"x"}"#), @r#"POST /things/2026-09/batch, answered 200: "x" is not of type "integer", at /more"#);
    // A request that may be without what its answer must have.
    let without =
        contract(&[Deviation { place: "POST /things/{v}/batch", change: Change::Without(&["inputs"]), why: "" }]);
    assert_eq!(ask(without, "POST /things/2026-09/batch", "{}").findings(), Vec::<String>::new());
    assert_snapshot!(answered(without, 200, "{}"), @r#"POST /things/2026-09/batch, answered 200: "inputs" is a required property"#);
}

#[test]
#[should_panic(expected = "at of Input is not required anyway")]
fn a_deviation_that_is_not_needed() {
    contract(&[Deviation { place: "Input", change: Change::Optional(&["at"]), why: "" }]);
}
