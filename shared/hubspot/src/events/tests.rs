use super::*;

/// A line per event, or what is wrong with it.
fn check(body: &str) -> String {
    let mut lines = Vec::new();
    let read = read_events(body.as_bytes(), 100, |event| {
        lines.push(match event {
            Ok(event) => {
                let Event { portal_id, object, object_id, kind, occurred_at, property_name, .. } = event;
                let property = property_name.map(|name| format!(" {name}")).unwrap_or_default();
                format!("{portal_id} {object}/{object_id} {kind:?}{property} at {occurred_at}")
            }
            Err(error) => error.to_string(),
        });
    });
    lines.push(match read {
        Ok(count) => count.to_string(),
        Err(error) => error.to_string(),
    });
    lines.join("\n")
}

/// One event of the demo's portal with these parts more.
fn one(more: &str) -> String {
    check(&format!(r#"[{{"portalId":4242,"objectId":7,"occurredAt":1787843156000,{more}}}]"#))
}

#[test]
fn a_real_delivery() {
    // Contract hubspot-platform §4.4, captured in 2026; a company in the place of the contact.
    let body = r#"[{ "eventId": 3100001, "subscriptionId": 610001, "portalId": 4242, "appId": 1000001,
        "occurredAt": 1787843156000, "subscriptionType": "company.propertyChange", "attemptNumber": 1,
        "objectId": 5550002, "propertyName": "email", "propertyValue": "…",
        "changeSource": "INTEGRATION", "sourceId": "1000001" }]"#;
    insta::assert_snapshot!(check(body), @"
    4242 companies/5550002 Changed email at 2026-08-27T15:05:56Z
    1
    ");
}

#[test]
fn both_forms_of_every_kind() {
    for (form, expected) in [
        (r#""subscriptionType":"company.creation""#, "companies/7 Created"),
        (r#""subscriptionType":"company.deletion","changeFlag":"DELETED""#, "companies/7 Deleted"),
        (r#""subscriptionType":"company.restore""#, "companies/7 Restored"),
        (r#""subscriptionType":"product.deletion""#, "products/7 Deleted"),
        (r#""subscriptionType":"line_item.deletion""#, "line_items/7 Deleted"),
        (r#""subscriptionType":"contact.creation""#, "contacts/7 Created"),
        (r#""subscriptionType":"deal.propertyChange""#, "deals/7 Changed"),
        (r#""subscriptionType":"object.creation","objectTypeId":"0-970""#, "projects/7 Created"),
        (r#""subscriptionType":"object.deletion","objectTypeId":"0-53""#, "invoices/7 Deleted"),
        (r#""subscriptionType":"object.restore","objectTypeId":"0-69""#, "subscriptions/7 Restored"),
        (r#""subscriptionType":"object.propertyChange","objectTypeId":"2-17","propertyName":"x""#, "2-17/7 Changed x"),
        (r#""eventType":"object.propertyChange","objectTypeId":"0-2""#, "companies/7 Changed"),
    ] {
        assert_eq!(one(form), format!("4242 {expected} at 2026-08-27T15:05:56Z\n1"), "{form}");
    }
}

#[test]
fn merges_name_who_is_left() {
    for (more, expected) in [
        (r#""primaryObjectId":7,"mergedObjectIds":[8,9],"newObjectId":7"#, "companies/7 Merged([8, 9])"),
        (r#""primaryObjectId":7,"mergedObjectIds":[8],"newObjectId":20"#, "companies/20 Merged([7, 8])"),
        (r#""primaryObjectId":7,"mergedObjectIds":["8",8,null,7]"#, "companies/7 Merged([8])"),
        (r#""mergedObjectIds":[8],"newObjectId":0"#, "companies/7 Merged([8])"),
        (r#""numberOfPropertiesMoved":3"#, "companies/7 Merged([])"),
    ] {
        let told = one(&format!(r#""subscriptionType":"company.merge",{more}"#));
        assert_eq!(told, format!("4242 {expected} at 2026-08-27T15:05:56Z\n1"), "{more}");
    }
    let many = format!(r#""subscriptionType":"company.merge","mergedObjectIds":[{}]"#, vec!["8"; 200_000].join(","));
    assert_eq!(one(&many), "it has no readable mergedObjectIds\n1");
}

#[test]
fn what_is_not_known_is_kept_as_it_is() {
    insta::assert_snapshot!(one(r#""subscriptionType":"company.associationChange","fromObjectId":1"#), @r#"
    4242 companies/7 Unknown("company.associationChange") at 2026-08-27T15:05:56Z
    1
    "#);
    insta::assert_snapshot!(one(r#""subscriptionType":"invented","more":{"deep":[1,{"er":null}]}"#), @r#"
    4242 invented/7 Unknown("invented") at 2026-08-27T15:05:56Z
    1
    "#);
}

#[test]
fn one_bad_event_spoils_no_other() {
    let body = r#"[
        {"portalId":1,"objectId":2,"occurredAt":3,"subscriptionType":"company.creation"},
        {"objectId":2,"occurredAt":3,"subscriptionType":"company.creation"},
        {"portalId":0,"objectId":2,"occurredAt":3,"subscriptionType":"company.creation"},
        {"portalId":-1,"objectId":2,"occurredAt":3,"subscriptionType":"company.creation"},
        {"portalId":1,"objectId":2.5,"occurredAt":3,"subscriptionType":"company.creation"},
        {"portalId":1,"objectId":99999999999999999999,"occurredAt":3,"subscriptionType":"company.creation"},
        {"portalId":1,"objectId":2,"occurredAt":null,"subscriptionType":"company.creation"},
        {"portalId":1,"objectId":2,"occurredAt":"soon","subscriptionType":"company.creation"},
        {"portalId":1,"objectId":2,"occurredAt":3},
        {"portalId":1,"objectId":2,"occurredAt":3,"subscriptionType":{"a":1}},
        {"portalId":1,"objectId":2,"occurredAt":3,"subscriptionType":"object.creation"},
        {"portalId":1,"portalId":1,"objectId":2,"occurredAt":3,"subscriptionType":"company.creation"},
        null, 5, "text", [], [[]],
        {"portalId":"1","objectId":"2","occurredAt":"1970-01-01T00:00:00.003Z","subscriptionType":"company.creation",
         "propertyName":5,"changeSource":null,"sourceId":[1]}
    ]"#;
    insta::assert_snapshot!(check(body), @"
    1 companies/2 Created at 1970-01-01T00:00:00.003Z
    it has no readable portalId
    it has no readable portalId
    it has no readable portalId
    it has no readable objectId
    it has no readable objectId
    it has no readable occurredAt
    it has no readable occurredAt
    it has no readable subscriptionType
    it has no readable subscriptionType
    it has no readable objectTypeId
    it has no readable object
    it has no readable object
    it has no readable object
    it has no readable object
    it has no readable object
    it has no readable object
    1 companies/2 Created 5 at 1970-01-01T00:00:00.003Z
    18
    ");
}

#[test]
fn a_body_that_is_no_list_says_where_and_nothing_of_it() {
    for (body, expected) in [
        ("", "it is no JSON from line 1, column 0 on"),
        ("secret", "it is no JSON from line 1, column 1 on"),
        ("{\"secret\":1}", "it is no list"),
        ("\"secret\"", "it is no list"),
        ("[]x", "it is no JSON from line 1, column 3 on"),
        ("[{\"portalId\":1,", "it is no JSON from line 1, column 15 on"),
        ("[1,\n2", "it has no readable object\nit has no readable object\nit is no JSON from line 2, column 1 on"),
        ("[]", "0"),
    ] {
        assert_eq!(check(body), expected, "{body:?}");
    }
    assert_eq!(read_events(b"[\"\xff\"]", 9, drop), Err(UnreadableEvents::NotJson { line: 1, column: 3 }));
}

#[test]
fn the_limit_ends_the_reading() {
    let body = vec!["{}"; 3_000_000].join(",");
    let mut taken = 0;
    let read = read_events(format!("[{body}]").as_bytes(), 1_000, |_| taken += 1);
    assert_eq!((read, taken), (Err(UnreadableEvents::TooMany(1_000)), 1_000));
    assert_eq!(read_events(b"[{},{}]", 2, drop), Ok(2));
    let deep = "[".repeat(1_000_000);
    assert!(matches!(read_events(deep.as_bytes(), 9, drop), Err(UnreadableEvents::NotJson { .. })));
}

#[test]
fn only_our_own_echo_is_ours() {
    for (source, own) in [
        (r#""changeSource":"INTEGRATION","sourceId":"1000001""#, true),
        (r#""changeSource":"INTEGRATION","sourceId":"1000001:7""#, true),
        (r#""changeSource":"INTEGRATION","sourceId":1000001"#, true),
        (r#""changeSource":"INTEGRATION","sourceId":"10000012""#, false),
        (r#""changeSource":"INTEGRATION","sourceId":"2""#, false),
        (r#""changeSource":"INTEGRATION""#, false),
        (r#""changeSource":"AUTOMATION_PLATFORM","sourceId":"1000001""#, false),
        (r#""changeSource":"CRM_UI","sourceId":"userId:1000001""#, false),
        (r#""sourceId":"1000001""#, false),
    ] {
        let body =
            format!(r#"[{{"portalId":1,"objectId":2,"occurredAt":3,"subscriptionType":"company.creation",{source}}}]"#);
        let mut told = Vec::new();
        read_events(body.as_bytes(), 9, |event| told.push(event.unwrap().is_own(1_000_001))).unwrap();
        assert_eq!(told, [own], "{source}");
    }
}
