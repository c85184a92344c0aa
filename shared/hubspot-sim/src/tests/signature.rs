use bytes::Bytes;
use http::Request;

use super::table;
use crate::signature::{Scheme, sign, v1, v2, v3};

const HUBSPOT: &str = "f6e94c08-85d0-4608-bcc6-e1850176e7b8";
const DEVELOPER: &str = "12345678-aaaa-bbbb-cccc-ddddeeeeffff";
const YS: &str = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";

#[test]
fn every_published_vector_of_v3() {
    let (webhook, query) = ("https://www.hubspot.com/webhook", "https://hubspot.com/?appId=1&portalId=2&userId=3");
    let example = b"{'example_field':'example_value'}";
    assert_eq!(
        [
            v3(HUBSPOT, "POST", webhook, b"REQUEST_BODY", "1632188626483"),
            v3(HUBSPOT, "POST", webhook, b"", "1632188626483"),
            v3(DEVELOPER, "GET", query, b"", "1111111111"),
            v3(DEVELOPER, "GET", query, br#"{"a":1,"b":2}"#, "1111111111"),
            v3(YS, "POST", "https://www.example.com/webhook_uri", example, "1693657560000"),
        ],
        [
            "jf872r5vscVcxCiDRHA4rGrqe/8BPLNVkdJSHdMnGTU=",
            "csXgk7UbrE9F8ZmMvbpuKBxqIvTSqU1EX9pI/SJtxSE=",
            "zTfXjo07jfzGouo4wvyAj3qEMUTVJ0PPYPACrluQtQI=",
            "aaknaCGCYJ4yqzuf1UKGqAWUfdcilJtm5nc/ZCudR9k=",
            "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
        ]
    );
}

#[test]
fn every_published_vector_of_v2_and_v1() {
    let (webhook, example) = ("https://www.hubspot.com/webhook", "https://www.example.com/webhook_uri");
    let event = br#"[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]"#;
    assert_eq!(
        [
            v2(HUBSPOT, "POST", webhook, b"REQUEST_BODY"),
            v2(HUBSPOT, "POST", webhook, b""),
            v2(YS, "GET", example, b""),
            v2(YS, "POST", example, br#"{"example_field":"example_value"}"#),
            v1(YS, event),
        ],
        [
            "57bb01a6e6ac92919b5e715d68f40265328701bbf1cf3fd73772887069945766",
            "befaef2b7354f11bf651f6468e8b5cf6bd449048deaf057f712980afb2a682f5",
            "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e",
            "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
            "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de",
        ]
    );
}

#[test]
fn twelve_encodings_are_decoded_and_no_others() {
    let of = |uri: &str| v3(DEVELOPER, "GET", uri, b"", "1");
    let decoded = of("https://a.example/x?all=:/?@!$'()*,;&rest=%20%26%3D%2B%25");
    assert_eq!(of("https://a.example/x?all=%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B&rest=%20%26%3D%2B%25"), decoded);
    assert_eq!(of("https://a.example/x?all=%3a%2f%3f%40%21%24%27%28%29%2a%2c%3b&rest=%20%26%3D%2B%25"), decoded);
    assert_ne!(of("https://a.example/x?rest= "), of("https://a.example/x?rest=%20"));
}

#[test]
fn each_kind_of_request_has_its_headers() {
    let headers = |scheme| {
        let mut request = Request::post("https://a.example/x").body(Bytes::from_static(b"[]")).unwrap();
        sign(&mut request, scheme, "secret", "2026-11-20T12:00:00Z".parse().unwrap());
        let shown =
            |(name, value): (&http::HeaderName, &http::HeaderValue)| format!("{name}: {}", value.to_str().unwrap());
        format!("{scheme:?}\n{}", table(request.headers().iter().map(shown)))
    };
    insta::assert_snapshot!(table([Scheme::Webhook, Scheme::Action, Scheme::ActionV2Only].map(headers)), @"
    Webhook
    x-hubspot-signature: e54739419ee05866a0e9d8df6b398edcb6c4e7b4c1e1a8c66b5fc889d024eb54
    x-hubspot-signature-version: v1
    x-hubspot-signature-v3: cRpMjVA3J+wVV2eLmXZX4pA9wqXpiQU0FtW3a5QEK94=
    x-hubspot-request-timestamp: 1795176000000
    Action
    x-hubspot-signature: 911fd0e455690fb51940ee1cbc212a875ff32b1e784a31b7e8025245488bdc2f
    x-hubspot-signature-version: v2
    x-hubspot-signature-v3: cRpMjVA3J+wVV2eLmXZX4pA9wqXpiQU0FtW3a5QEK94=
    x-hubspot-request-timestamp: 1795176000000
    ActionV2Only
    x-hubspot-signature: 911fd0e455690fb51940ee1cbc212a875ff32b1e784a31b7e8025245488bdc2f
    x-hubspot-signature-version: v2
    ");
}
