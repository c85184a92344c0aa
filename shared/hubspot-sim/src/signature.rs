//! The signatures that HubSpot's requests carry (contract hubspot-platform §5): what it signs, and how.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderName, HeaderValue, Request};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// Which headers a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Webhooks: v3 and, in the old header, v1.
    Webhook,
    /// Workflow actions and option fetches: v3 and, in the old header, v2.
    Action,
    /// The same as the documentation of workflow actions says it: v2 alone.
    ActionV2Only,
}

/// The percent-encodings that HubSpot decodes before it signs; all others stay (contract §5.2).
const DECODED: [(&str, &str); 12] = [
    ("%3A", ":"),
    ("%2F", "/"),
    ("%3F", "?"),
    ("%40", "@"),
    ("%21", "!"),
    ("%24", "$"),
    ("%27", "'"),
    ("%28", "("),
    ("%29", ")"),
    ("%2A", "*"),
    ("%2C", ","),
    ("%3B", ";"),
];

/// v1, for webhooks: hexadecimal SHA-256 of secret and body.
pub fn v1(secret: &str, body: &[u8]) -> String {
    hex(&Sha256::new().chain_update(secret).chain_update(body).finalize())
}

/// v2, for workflow actions: hexadecimal SHA-256 of secret, method, URI and body.
pub fn v2(secret: &str, method: &str, uri: &str, body: &[u8]) -> String {
    let hash = Sha256::new().chain_update(secret).chain_update(method).chain_update(uri).chain_update(body);
    hex(&hash.finalize())
}

/// v3: base64 of the HMAC-SHA256 of method, URI, body and timestamp (milliseconds as text, as in the header).
pub fn v3(secret: &str, method: &str, uri: &str, body: &[u8], timestamp: &str) -> String {
    let mut uri = uri.to_owned();
    for (encoded, plain) in DECODED {
        uri = uri.replace(encoded, plain).replace(&encoded.to_ascii_lowercase(), plain);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    for part in [method.as_bytes(), uri.as_bytes(), body, timestamp.as_bytes()] {
        mac.update(part);
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Puts the signature headers on a request that HubSpot sends `now`. Its URI must be the whole URL.
pub fn sign(request: &mut Request<Bytes>, scheme: Scheme, secret: &str, now: Timestamp) {
    let (method, uri) = (request.method().to_string(), request.uri().to_string());
    let body = request.body().clone();
    let (version, old) = match scheme {
        Scheme::Webhook => ("v1", v1(secret, &body)),
        Scheme::Action | Scheme::ActionV2Only => ("v2", v2(secret, &method, &uri, &body)),
    };
    put(request, "x-hubspot-signature", &old);
    put(request, "x-hubspot-signature-version", version);
    if scheme != Scheme::ActionV2Only {
        let timestamp = now.as_millisecond().to_string();
        put(request, "x-hubspot-signature-v3", &v3(secret, &method, &uri, &body, &timestamp));
        put(request, "x-hubspot-request-timestamp", &timestamp);
    }
}

fn put(request: &mut Request<Bytes>, name: &'static str, value: &str) {
    let value = HeaderValue::from_str(value).expect("hexadecimal, base64 and digits are visible ASCII");
    request.headers_mut().insert(HeaderName::from_static(name), value);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
