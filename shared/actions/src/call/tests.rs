use super::*;

/// A call as it was captured (contract hubspot-platform §6.1).
const CAPTURED: &str = r#"{"callbackId":"ap-4242-900100-1-0","origin":{"portalId":4242,"userId":null,"actionDefinitionId":7001,"actionDefinitionVersion":1,"actionExecutionIndexIdentifier":{"enrollmentId":900100,"actionExecutionIndex":0},"extensionDefinitionVersionId":1,"extensionDefinitionId":7001},"context":{"workflowId":8001,"actionId":1,"actionExecutionIndexIdentifier":{"enrollmentId":900100,"actionExecutionIndex":0},"source":"WORKFLOWS"},"object":{"objectId":5550001,"objectType":"DEAL"},"fields":{"label":"Acme AB","value":"5550001"},"inputFields":{"label":"Acme AB","value":"5550001"},"typedInputs":{"label":{"value":"Acme AB","type":"STRING"},"value":{"value":"5550001","type":"STRING"}}}"#;

#[test]
fn a_captured_call_is_read() {
    let call = read_call(CAPTURED.as_bytes()).unwrap();
    assert_eq!((call.portal, call.callback_id.as_str()), (PortalId(4242), "ap-4242-900100-1-0"));
    assert_eq!((call.object_type.as_str(), call.record.as_str()), ("DEAL", "5550001"));
    assert_eq!(call.fields, Fields::from_iter([("label", "Acme AB"), ("value", "5550001")]));
}

#[test]
fn what_is_no_call_is_told_without_its_values() {
    let refused = |from: &str, to: &str| {
        let body = CAPTURED.replace(from, to);
        assert_ne!(body, CAPTURED);
        read_call(body.as_bytes()).unwrap_err()
    };
    let no_portal = refused("\"portalId\":4242", "\"portalId\":0");
    assert_eq!(no_portal, "origin.portalId is no portal");
    for id in ["\"../../companies/1\"", "null", "\"\"", "-5", "[5550001]"] {
        let no_record = refused("\"objectId\":5550001", &format!("\"objectId\":{id}"));
        assert_eq!(no_record, "object.objectId is no record's id");
    }
    assert_eq!(refused("ap-4242-900100-1-0", " "), "callbackId is missing or too long");
    assert_eq!(refused("ap-4242-900100-1-0", &"x".repeat(201)), "callbackId is missing or too long");
    for broken in ["", "[]", "{\"callbackId\":\"secret\"", "null"] {
        let told = read_call(broken.as_bytes()).unwrap_err();
        assert!(told.contains("not the JSON") && !told.contains("secret"), "{told}");
    }
}

#[test]
fn values_that_are_no_text_are_taken_as_text_or_left_out() {
    let body = CAPTURED.replace(
        r#""inputFields":{"label":"Acme AB","value":"5550001"}"#,
        r#""inputFields":{"a":12.50,"b":true,"c":null,"d":[1],"e":{"x":1}}"#,
    );
    assert_eq!(read_call(body.as_bytes()).unwrap().fields, Fields::from_iter([("a", "12.50"), ("b", "true")]));
}

#[test]
fn a_call_for_options_is_read() {
    let body = r#"{"origin":{"portalId":1,"actionDefinitionId":2,"actionDefinitionVersion":3},"objectTypeId":"0-1","inputFieldName":"delivery_type","inputFields":{"other":{"type":"STATIC_VALUE","value":"blue"}},"fetchOptions":{"q":" ma ","after":"100"}}"#;
    let call = read_options_call(body.as_bytes()).unwrap();
    assert_eq!((call.portal, call.input.as_str(), call.search.as_str()), (PortalId(1), "delivery_type", "ma"));
    assert_eq!(call.after.as_deref(), Some("100"));
    let body = r#"{"origin":{"portalId":1},"inputFieldName":"delivery_type"}"#;
    assert_eq!(read_options_call(body.as_bytes()).unwrap().after, None);
}
