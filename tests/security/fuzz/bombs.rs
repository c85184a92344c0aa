//! Documents that are small to send and large to read: lists in lists, texts in texts.

use serde_json::{Value, json};

/// The name under which `serde_json` hands raw JSON from one of its halves to the other. From outside it means: what follows is a
/// text, read it as JSON. Each such text begins to count its depth anew.
const RAW: &str = "$serde_json::private::RawValue";

/// JSON in a text in JSON in a text, each as deep as the parser allows.
fn nested(levels: usize) -> String {
    let deep = |inner: &str| format!("{}{inner}{}", "[".repeat(120), "]".repeat(120));
    (0..levels).fold("1".to_owned(), |inner, _| deep(&json!({ RAW: deep(&inner) }).to_string()))
}

#[test]
fn texts_in_texts_do_not_end_the_stack() {
    for levels in [1, 2, 4, 8, 11] {
        let text = nested(levels);
        // Everything from outside is read by one of these, or by types that skip what they do not know.
        let _ = serde_json::from_str::<Value>(&text);
        let _ = actions::read_call(json!({ "callbackId": "1", "inputFields": {} }).to_string().as_bytes());
        let call = format!(r#"{{"callbackId":"1","origin":{{"portalId":1}},"object":{{"objectId":{text}}}}}"#);
        assert!(actions::read_call(call.as_bytes()).is_err());
        let _ = hubspot::ApiError::parse(Some(400), &format!(r#"{{"message":"m","context":{{"a":{text}}}}}"#));
    }
}
