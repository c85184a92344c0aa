use super::*;

const UUID: &str = "f6e94c08-85d0-4608-bcc6-e1850176e7b8";
const EIGHT: &str = "12345678-aaaa-bbbb-cccc-ddddeeeeffff";
const WAY: &str = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
const WEBHOOK: &str = "https://www.hubspot.com/webhook";
const EXAMPLE: &str = "https://www.example.com/webhook_uri";
const QUERY: &str = "https://hubspot.com/?appId=1&portalId=2&userId=3";

fn millis(timestamp: &str) -> Timestamp {
    Timestamp::from_millisecond(timestamp.parse().unwrap()).unwrap()
}

/// At the moment that the timestamp says.
fn v3(
    secret: &str,
    (method, url): (&str, &str),
    body: &str,
    timestamp: &str,
    signature: &str,
) -> Result<(), SignatureError> {
    let signed = Signed { method, url, body: body.as_bytes() };
    verify_v3(&[secret.into()], &signed, signature, timestamp, millis(timestamp))
}

fn v2(secret: &str, (method, url): (&str, &str), body: &str, signature: &str) -> Result<(), SignatureError> {
    verify_v2(&[secret.into()], &Signed { method, url, body: body.as_bytes() }, signature)
}

/// Secret, method and address, body, timestamp, signature.
type V3Vector = (&'static str, (&'static str, &'static str), &'static str, &'static str, &'static str);

/// Vectors 1 to 5 of contract hubspot-platform §5.3.
const V3: [V3Vector; 5] = [
    (UUID, ("POST", WEBHOOK), "REQUEST_BODY", "1632188626483", "jf872r5vscVcxCiDRHA4rGrqe/8BPLNVkdJSHdMnGTU="),
    (UUID, ("POST", WEBHOOK), "", "1632188626483", "csXgk7UbrE9F8ZmMvbpuKBxqIvTSqU1EX9pI/SJtxSE="),
    (EIGHT, ("GET", QUERY), "", "1111111111", "zTfXjo07jfzGouo4wvyAj3qEMUTVJ0PPYPACrluQtQI="),
    (EIGHT, ("GET", QUERY), r#"{"a":1,"b":2}"#, "1111111111", "aaknaCGCYJ4yqzuf1UKGqAWUfdcilJtm5nc/ZCudR9k="),
    (
        WAY,
        ("POST", EXAMPLE),
        "{'example_field':'example_value'}",
        "1693657560000",
        "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
    ),
];

/// Vectors 6 to 9.
const V2: [(&str, (&str, &str), &str, &str); 4] = [
    (UUID, ("POST", WEBHOOK), "REQUEST_BODY", "57bb01a6e6ac92919b5e715d68f40265328701bbf1cf3fd73772887069945766"),
    (UUID, ("POST", WEBHOOK), "", "befaef2b7354f11bf651f6468e8b5cf6bd449048deaf057f712980afb2a682f5"),
    (WAY, ("GET", EXAMPLE), "", "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e"),
    (
        WAY,
        ("POST", EXAMPLE),
        r#"{"example_field":"example_value"}"#,
        "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900",
    ),
];

#[test]
fn the_vectors_of_the_contract_count() {
    for (secret, called, body, timestamp, signature) in V3 {
        assert_eq!(v3(secret, called, body, timestamp, signature), Ok(()), "{called:?} {body}");
    }
    for (secret, called, body, signature) in V2 {
        assert_eq!(v2(secret, called, body, signature), Ok(()), "{called:?} {body}");
        assert_eq!(v2(secret, called, body, &signature.to_uppercase()), Ok(()), "digits of either case");
    }
}

#[test]
fn a_v1_signature_counts_as_nothing() {
    // Vector 10: secret and body alone, as webhooks still carry it beside v3.
    let body = r#"[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]"#;
    let signature = "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de";
    assert_eq!(v2(WAY, ("POST", EXAMPLE), body, signature), Err(SignatureError::Wrong));
}

#[test]
fn whatever_is_changed_makes_a_signature_wrong() {
    let (secret, (method, url), body, timestamp, signature) = V3[0];
    let wrong = Err(SignatureError::Wrong);
    assert_eq!(v3(UUID, ("PUT", url), body, timestamp, signature), wrong, "the method");
    assert_eq!(v3(UUID, (method, "https://www.hubspot.com/webhook/"), body, timestamp, signature), wrong, "a slash");
    assert_eq!(v3(UUID, (method, "http://www.hubspot.com/webhook"), body, timestamp, signature), wrong, "the scheme");
    assert_eq!(v3(UUID, (method, "https://www.hubspot.com/webhook?"), body, timestamp, signature), wrong, "a query");
    assert_eq!(v3(UUID, (method, url), "REQUEST_BODY\n", timestamp, signature), wrong, "the body");
    assert_eq!(v3(UUID, (method, url), body, "1632188626484", signature), wrong, "the moment");
    assert_eq!(v3(EIGHT, (method, url), body, timestamp, signature), wrong, "the secret");
    let signed = Signed { method, url, body: body.as_bytes() };
    assert_eq!(verify_v3(&[], &signed, signature, timestamp, millis(timestamp)), wrong, "no secret");
    let secrets = [EIGHT.into(), secret.into()];
    assert_eq!(verify_v3(&secrets, &signed, signature, timestamp, millis(timestamp)), Ok(()), "one of several");
    let (_, (method, url), body, signature) = V2[0];
    let signed = Signed { method, url, body: body.as_bytes() };
    assert_eq!(verify_v2(&secrets, &signed, signature), Ok(()), "one of several");
    assert_eq!(v2(EIGHT, (method, url), body, signature), wrong);
    assert_eq!(v2(UUID, (method, url), "", signature), wrong);
}

#[test]
fn five_minutes_to_either_side() {
    let (secret, (method, url), body, timestamp, signature) = V3[0];
    let at = |shift: i64| {
        let signed = Signed { method, url, body: body.as_bytes() };
        let now = Timestamp::from_millisecond(1_632_188_626_483 + shift).unwrap();
        verify_v3(&[secret.into()], &signed, signature, timestamp, now)
    };
    for (shift, expected) in [
        (300_000, Ok(())),
        (300_001, Err(SignatureError::Old)),
        (-300_000, Ok(())),
        (-300_001, Err(SignatureError::Old)),
    ] {
        assert_eq!(at(shift), expected, "{shift} ms later");
    }
}

#[test]
fn what_is_no_signature_is_told_apart() {
    let (secret, (method, url), body, timestamp, signature) = V3[0];
    let signed = Signed { method, url, body: body.as_bytes() };
    let check = |signature: &str, timestamp: &str| {
        verify_v3(&[secret.into()], &signed, signature, timestamp, millis("1632188626483"))
    };
    let endless = "9".repeat(40);
    for odd in ["", " 1632188626483", "+1632188626483", "-1632188626483", "1632188626483.0", "1.6e12", "١٦٣", &endless]
    {
        assert_eq!(check(signature, odd), Err(SignatureError::Malformed), "{odd:?}");
    }
    let short = &signature[..40];
    for odd in ["", "jf872r5vscVcxCiDRHA4rGrqe/8BPLNVkdJSHdMnGTU", "jf87", short, "å", " "] {
        assert_eq!(check(odd, timestamp), Err(SignatureError::Malformed), "{odd:?}");
    }
    let digits = V2[0].3;
    for odd in ["", "57bb", &digits[..63], &format!("{digits}0"), &format!("{}xx", &digits[..62]), &"å".repeat(32)] {
        assert_eq!(v2(UUID, ("POST", WEBHOOK), "REQUEST_BODY", odd), Err(SignatureError::Malformed), "{odd:?}");
    }
}

#[test]
fn an_address_counts_decoded_in_three_ways() {
    let called = "https://a.example/x%3A?e=a%40b.se&q=%C3%A5%20%26&p=100%&s=%2f%4";
    let sign = |url: &str| {
        let mac = Hmac::<Sha256>::new_from_slice(UUID.as_bytes()).unwrap();
        STANDARD.encode(mac.chain_update("GET").chain_update(url).chain_update("5").finalize().into_bytes())
    };
    for (url, counts) in [
        ("https://a.example/x:?e=a@b.se&q=%C3%A5%20%26&p=100%&s=/%4", true),
        (called, true),
        ("https://a.example/x:?e=a@b.se&q=å %26&p=100%&s=/%4", true),
        // Not what separates parameters: it would say something else then.
        ("https://a.example/x:?e=a@b.se&q=å &&p=100%&s=/%4", false),
        ("https://a.example/x:?e=a@b.se&q=%C3%A5 %26&p=100%&s=/%4", false),
        ("https://a.example/x%3A?e=a@b.se&q=%C3%A5%20%26&p=100%&s=/%4", false),
    ] {
        assert_eq!(v3(UUID, ("GET", called), "", "5", &sign(url)).is_ok(), counts, "{url}");
    }
}

/// Somebody who came by a signature of one portal's request writes the address so that another portal stands in it, and hides his
/// own behind what is decoded.
#[test]
fn a_signature_is_not_good_for_an_address_that_says_something_else() {
    let signed = "https://a.example/settings/find?portalId=4242&x=1&portalId=4243&userId=7";
    let signature = {
        let mac = Hmac::<Sha256>::new_from_slice(UUID.as_bytes()).unwrap();
        STANDARD.encode(mac.chain_update("POST").chain_update(signed).chain_update("5").finalize().into_bytes())
    };
    let counts = |url: &str| v3(UUID, ("POST", url), "", "5", &signature).is_ok();
    assert!(counts(signed));
    assert!(!counts("https://a.example/settings/find?portalId=4242&x=1%26portalId=4243%26userId=7"));
    assert!(!counts("https://a.example/settings/find?portalId=4242&x=1&portalId%3D4243&userId=7"));
    assert!(!counts("https://a.example/settings/find?portalId=4242%23&x=1&portalId=4243&userId=7"));
}
