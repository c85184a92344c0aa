use insta::assert_snapshot;
use rest::Answer;

use super::Listing;

/// Reads a list of clients; shows their ids.
fn check(body: &'static str) -> String {
    let listing = match Listing::read(&Answer::new(200, http::HeaderMap::new(), body), "clients") {
        Ok(listing) => listing,
        Err(error) => return format!("{:?}: {}", error.kind(), error.body),
    };
    let ids = listing.records().map(|record| match record.and_then(|record| record.id()) {
        Ok(id) => id.to_string(),
        Err(error) => error.to_string(),
    });
    format!("{listing:?} {:?} [{}]", listing.size(), ids.collect::<Vec<_>>().join(", "))
}

#[test]
fn lists_and_what_stands_for_them() {
    let bodies = [
        r#"{"clients":[{"id":1},{"id":2}]}"#,
        "{\n  \"clients\" : [ {\"id\" : 1 } ,\n{\"id\":{\"id\":2}}, {\"id\":1} ]\n}",
        r#"{"clients":[{"id":1}],"offset":0,"limit":1,"size":40}"#,
        r#"{"clients":[{"id":1}],"others":[1]}"#,
        r#"{"kunder":[{"id":1}]}"#,
        r#"[{"id":1}]"#,
        r#"{"clients":[]}"#,
        r#"{"clients":null}"#,
        r#"{"clients":{}}"#,
        "{}",
        r#"{"offset":0,"limit":0,"size":0}"#,
    ];
    assert_snapshot!(bodies.map(check).join("\n"), @"
    Listing(2 clients) None [1, 2]
    Listing(3 clients) None [1, 2, 1]
    Listing(1 clients) Some(40) [1]
    Listing(1 clients) None [1]
    Listing(1 clients) None [1]
    Listing(1 clients) None [1]
    Listing(0 clients) None []
    Listing(0 clients) None []
    Listing(0 clients) None []
    Listing(0 clients) None []
    Listing(0 clients) Some(0) []
    ");
}

#[test]
fn one_bad_record_is_its_own_error() {
    assert_snapshot!(check(r#"{"clients":[{"id":1},"two",{"id":"3"},{"name":"x"},null]}"#), @r#"Listing(5 clients) None [1, the field `clients[1]` should be an object, but holds `"two"`, 3, the field `id` should be a reference by id, but holds `nothing`, the field `clients[4]` should be an object, but holds `null`]"#);
}

#[test]
fn what_is_no_list() {
    let bodies = [
        r#"{"message":"Tekniskt fel"}"#,
        r#"{"clients":{"client":{"id":1}}}"#,
        r#"{"clients":7}"#,
        r#"{"a":[1],"b":[2]}"#,
        r#"{"clients":[{"id":1},{"id":"#,
        "",
        "<?xml version=\"1.0\"?><clients><client/></clients>",
        "\u{feff}<html>Inloggning</html>",
    ];
    assert_snapshot!(bodies.map(check).join("\n"), @r#"
    Malformed: no list of clients, in `{"message":"Tekniskt fel"}`
    Malformed: no list of clients, in `{"clients":{"client":{"id":1}}}`
    Malformed: no list of clients, in `{"clients":7}`
    Malformed: no list of clients, in `{"a":[1],"b":[2]}`
    Malformed: EOF while parsing a value at line 1 column 27, near `{"clients":[{"id":1},{"id":`
    Malformed: EOF while parsing a value at line 1 column 0, near ``
    Malformed: XML or HTML instead of JSON: the service ignored the content type, or a proxy answered; it begins with `<?xml version="1.0"?><clients><client/></clients>`
    Malformed: XML or HTML instead of JSON: the service ignored the content type, or a proxy answered; it begins with `﻿<html>Inloggning</html>`
    "#);
}

#[test]
fn found_again_by_foreign_id() {
    let body = r#"{"clients":[{"id":1,"foreign-id":"a"},{"id":2,"foreign-id":"b"},{"id":3,"foreign-id":7},4]}"#;
    let listing = Listing::read(&Answer::new(200, http::HeaderMap::new(), body), "clients").unwrap();
    let ids = |foreign_id| listing.with_foreign_id(foreign_id).iter().map(|one| one.id().unwrap()).collect::<Vec<_>>();
    assert_eq!((ids("b"), ids("7"), ids("c")), (vec![2], vec![3], vec![]));
}
