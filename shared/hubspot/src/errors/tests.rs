use super::{ApiError, InputError, InputErrorKind, is_already_exists};
use crate::tests::refusal;

/// The body of contract hubspot-crm §9.
const INVALID: &str = r#"{"status":"error","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"foo\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"foo\",\"localizedErrorMessage\":\"...\",\"portalId\":1}]","correlationId":"8a3f6c3a-0000-4000-8000-000000000000","errors":[{"message":"Property \"foo\" does not exist","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["foo"]}}],"category":"VALIDATION_ERROR"}"#;

/// One error of the 207 of contract hubspot-crm §4.1.
const PARTIAL: &str = r#"{"status":"error","category":"VALIDATION_ERROR","message":"Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"missing\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"missing\",\"localizedErrorMessage\":\"...\",\"portalId\":891936587}]","context":{"objectWriteTraceId":["549b1c2a9351"]}}"#;

const MISSING: &str = r#"{"status":"error","category":"OBJECT_NOT_FOUND","message":"Could not get some COMPANY objects, they may be deleted or not exist. Check that ids are valid.","context":{"ids":["x1","x2"]}}"#;

fn input_error(json: &str) -> InputError {
    serde_json::from_str(json).unwrap()
}

#[test]
fn the_generic_body() {
    insta::assert_debug_snapshot!(ApiError::parse(Some(400), INVALID), @r#"
    ApiError {
        status: Some(
            400,
        ),
        category: "VALIDATION_ERROR",
        sub_category: None,
        message: "Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"foo\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"foo\",\"localizedErrorMessage\":\"...\",\"portalId\":1}]",
        correlation_id: Some(
            "8a3f6c3a-0000-4000-8000-000000000000",
        ),
        policy_name: None,
        properties: [
            PropertyError {
                property: "foo",
                code: "PROPERTY_DOESNT_EXIST",
                message: "Property \"foo\" does not exist",
            },
        ],
        required_scopes: [],
    }
    "#);
}

#[test]
fn the_property_is_found_wherever_it_stands() {
    let expected = ApiError::parse(Some(400), INVALID).properties;
    let only_message = INVALID.replace(r#","code":"PROPERTY_DOESNT_EXIST","context":{"propertyName":["foo"]}"#, "");
    assert_eq!(ApiError::parse(Some(400), &only_message).properties, expected);
    let only_errors = INVALID.replace("Property values were not valid: ", "");
    assert_eq!(ApiError::parse(Some(400), &only_errors).properties, expected);
    let cut = INVALID.split("localized").next().unwrap();
    assert_eq!(ApiError::parse(Some(400), cut).properties, expected);
}

#[test]
fn errors_of_inputs() {
    insta::assert_debug_snapshot!((input_error(PARTIAL), input_error(MISSING)), @r#"
    (
        InputError {
            kind: Validation,
            category: "VALIDATION_ERROR",
            sub_category: None,
            message: "Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"missing\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"missing\",\"localizedErrorMessage\":\"...\",\"portalId\":891936587}]",
            properties: [
                PropertyError {
                    property: "missing",
                    code: "PROPERTY_DOESNT_EXIST",
                    message: "Property \"missing\" does not exist",
                },
            ],
            context: {
                "objectWriteTraceId": [
                    "549b1c2a9351",
                ],
            },
        },
        InputError {
            kind: ObjectNotFound,
            category: "OBJECT_NOT_FOUND",
            sub_category: None,
            message: "Could not get some COMPANY objects, they may be deleted or not exist. Check that ids are valid.",
            properties: [],
            context: {
                "ids": [
                    "x1",
                    "x2",
                ],
            },
        },
    )
    "#);
}

#[test]
fn scopes() {
    let body = r#"{"status":"error","message":"This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.","correlationId":"x","errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["crm.objects.projects.write","crm.objects.projects.read"]}}],"links":{"scopes":"https://developers.hubspot.com/scopes"},"category":"MISSING_SCOPES"}"#;
    let error = ApiError::parse(Some(403), body);
    assert_eq!(error.category, "MISSING_SCOPES");
    assert_eq!(error.required_scopes, ["crm.objects.projects.read", "crm.objects.projects.write"]);
    assert!(error.properties.is_empty());
}

#[test]
fn kinds() {
    let kinds = [
        r#"{"category":"INTERNAL_ERROR","message":"Failed to partially update row 121310328358 in batch update. Please retry operation."}"#,
        r#"{"category":"SOMETHING","message":"It failed. Please retry operation."}"#,
        r#"{"category":"RATE_LIMITS","message":"You have reached your secondly limit."}"#,
        r#"{"category":"OBJECT_NOT_FOUND","message":"resource not found"}"#,
        r#"{"category":"VALIDATION_ERROR","message":"Invalid input JSON on line 1, column 15: x"}"#,
        r#"{"category":"CONFLICT","message":"Contact already exists. Existing ID: 482701"}"#,
        r#"{"category":"OBJECT_ALREADY_EXISTS","message":"A property named 'kleer_id' already exists."}"#,
        r#"{"category":"VALIDATION_ERROR","errors":[{"code":"CONFLICTING_UNIQUE_VALUE","message":"already has that value","context":{"propertyName":["kleer_id"]}}]}"#,
        r#"{"errors":[{"code":"MISSING_REQUIRED_PROPERTY","context":{"propertyName":["industry"]}}]}"#,
        r#"{"subCategory":{"odd":1},"message":null,"errors":null,"context":{"ids":7}}"#,
        "{}",
    ];
    let table: Vec<String> = kinds
        .iter()
        .map(|json| {
            let error = input_error(json);
            format!("{:?} {:?} {error}", error.kind, error.ids().collect::<Vec<_>>())
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"), @r#"
    Retryable ["121310328358"] HubSpot refused the request: Failed to partially update row 121310328358 in batch update. Please retry operation.
    Retryable [] HubSpot refused the request: It failed. Please retry operation.
    Retryable [] HubSpot refused the request: You have reached your secondly limit.
    ObjectNotFound [] HubSpot refused the request: resource not found.
    Validation [] HubSpot refused the request: Invalid input JSON on line 1, column 15: x.
    Conflict [] HubSpot refused the request: Contact already exists. Existing ID: 482701.
    Conflict [] HubSpot refused the request: A property named 'kleer_id' already exists.
    Conflict [] HubSpot refused the value of "kleer_id": already has that value.
    Validation [] HubSpot refused the record because the portal requires a value for "industry".
    Other ["7"] HubSpot refused the request without saying why.
    Other [] HubSpot refused the request without saying why.
    "#);
}

#[test]
fn a_batch_of_one_takes_its_kind_from_the_status() {
    let kind = |status, body| ApiError::parse(Some(status), body).into_input_error().kind;
    assert_eq!(kind(404, r#"{"status":"error","message":"resource not found"}"#), InputErrorKind::ObjectNotFound);
    assert_eq!(kind(409, "{}"), InputErrorKind::Conflict);
    assert_eq!(kind(423, ""), InputErrorKind::Retryable);
    assert_eq!(kind(502, "<html>"), InputErrorKind::Retryable);
    assert_eq!(kind(400, r#"{"message":"no"}"#), InputErrorKind::Validation);
    assert_eq!(kind(400, INVALID), InputErrorKind::Validation);
    assert_eq!(kind(418, ""), InputErrorKind::Other);
}

#[test]
fn a_body_that_is_no_json() {
    assert_eq!(ApiError::parse(Some(400), " Bad Request\n").message, "Bad Request");
    assert_eq!(ApiError::parse(Some(502), "<html>"), ApiError { status: Some(502), ..ApiError::default() });
}

#[test]
fn what_exists_already() {
    let newer = r#"{"status":"error","category":"OBJECT_ALREADY_EXISTS","subCategory":"Properties.PROPERTY_WITH_NAME_EXISTS","message":"A property named 'kleer_id' already exists."}"#;
    let older = r#"{"status":"error","category":"CONFLICT","message":"Property named kleer_id exists"}"#;
    assert!(is_already_exists(&refusal(409, newer)));
    assert!(is_already_exists(&refusal(409, older)));
    assert!(!is_already_exists(&refusal(400, newer)));
    assert!(!is_already_exists(&refusal(409, "{}")));
}
