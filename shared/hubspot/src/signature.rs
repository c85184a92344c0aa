//! The signatures of requests that HubSpot sends to us (contract hubspot-platform §5). Pure: the time and the client secrets
//! are parameters, and so is the address, because what HubSpot signed is the address that it called and not the one that
//! arrived behind gateways.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// The header of a v3 signature: base64.
pub const SIGNATURE_V3: &str = "x-hubspot-signature-v3";
/// The header of the moment that belongs to a v3 signature: milliseconds since 1970.
pub const TIMESTAMP: &str = "x-hubspot-request-timestamp";
/// The header of the older signatures: hexadecimal.
pub const SIGNATURE: &str = "x-hubspot-signature";
/// The header that says which of the older signatures it is: `v1` or `v2`.
pub const SIGNATURE_VERSION: &str = "x-hubspot-signature-version";

/// A request may be this much older, or younger, than our clock says (contract §5.2: five minutes; the younger side is ours).
const TOLERANCE_MS: u64 = 300_000;

/// What HubSpot decodes of a percent-encoded address before it signs (contract §5.2); everything else stays as it is.
const DECODED: [(u8, u8); 12] = [
    (0x3A, b':'),
    (0x2F, b'/'),
    (0x3F, b'?'),
    (0x40, b'@'),
    (0x21, b'!'),
    (0x24, b'$'),
    (0x27, b'\''),
    (0x28, b'('),
    (0x29, b')'),
    (0x2A, b'*'),
    (0x2C, b','),
    (0x3B, b';'),
];

/// What was signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// `POST`.
    pub method: &'a str,
    /// The whole address as HubSpot calls it: our public address, then path and query as they came, undecoded.
    pub url: &'a str,
    /// The body as it came.
    pub body: &'a [u8],
}

/// Why a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The signature or its timestamp are not of the shape that HubSpot sends.
    #[error("its signature or timestamp is not written as HubSpot writes them")]
    Malformed,
    /// It is more than five minutes old, or from the future: a replay, or a clock that is wrong.
    #[error("it was signed more than five minutes ago, or in the future")]
    Old,
    /// None of our client secrets makes this signature from this request.
    #[error("its signature is not that of our app for this address and body")]
    Wrong,
}

/// Checks a v3 signature. Any of the client secrets may have made it, so that a secret can be replaced without a gap.
///
/// HubSpot's documentation decodes twelve percent-encodings of the address, its own libraries decode none, and a backend in
/// production decodes all: any of the three counts (contract §5.2), as long as it leaves the parameters of the query what they are.
///
/// # Errors
/// If it does not count.
pub fn verify_v3(
    secrets: &[SecretString],
    signed: &Signed<'_>,
    signature: &str,
    timestamp: &str,
    now: Timestamp,
) -> Result<(), SignatureError> {
    // Cheap checks first: what follows reads the whole body.
    let digits = !timestamp.is_empty() && timestamp.bytes().all(|byte| byte.is_ascii_digit());
    let at: i64 = timestamp.parse().ok().filter(|_| digits).ok_or(SignatureError::Malformed)?;
    if now.as_millisecond().abs_diff(at) > TOLERANCE_MS {
        return Err(SignatureError::Old);
    }
    let expected = STANDARD.decode(signature).map_err(|_| SignatureError::Malformed)?;
    if expected.len() != Sha256::output_size() {
        return Err(SignatureError::Malformed);
    }
    let url = signed.url.as_bytes();
    let is_documented = |byte: u8| DECODED.iter().find(|(code, _)| *code == byte).map(|(_, plain)| *plain);
    // What separates the parts of a query stays as it is: decoded, `x%26portalId%3D1` would be one parameter for who reads the
    // address and two for who signed it, and a signature would be good for addresses that say something else.
    let is_no_separator = |byte: u8| (!matches!(byte, b'&' | b'=' | b'#')).then_some(byte);
    let mut candidates = vec![decoded(url, is_documented), url.to_vec(), decoded(url, is_no_separator)];
    candidates.dedup();
    let made = |secret: &SecretString, url: &[u8]| {
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else { return false };
        let mac = mac.chain_update(signed.method).chain_update(url).chain_update(signed.body);
        mac.chain_update(timestamp).verify_slice(&expected).is_ok()
    };
    let known = secrets.iter().any(|secret| candidates.iter().any(|url| made(secret, url)));
    if known { Ok(()) } else { Err(SignatureError::Wrong) }
}

/// Checks a v2 signature, which HubSpot documents for workflow actions and which carries no time: whoever accepts it must
/// take the same request twice for one.
///
/// # Errors
/// If it does not count.
pub fn verify_v2(secrets: &[SecretString], signed: &Signed<'_>, signature: &str) -> Result<(), SignatureError> {
    let expected = from_hex(signature).ok_or(SignatureError::Malformed)?;
    let made = |secret: &SecretString| {
        let hash = Sha256::new_with_prefix(secret.expose_secret()).chain_update(signed.method);
        let hash: [u8; 32] = hash.chain_update(signed.url).chain_update(signed.body).finalize().into();
        bool::from(hash.ct_eq(&expected))
    };
    if secrets.iter().any(made) { Ok(()) } else { Err(SignatureError::Wrong) }
}

/// The address with those percent-encodings decoded that `plain` knows.
fn decoded(url: &[u8], plain: impl Fn(u8) -> Option<u8>) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(url.len());
    let mut rest = url;
    while let Some((&first, tail)) = rest.split_first() {
        let byte = match tail {
            [high, low, ..] if first == b'%' => Some(*high).zip(Some(*low)).and_then(|(high, low)| pair(high, low)),
            _ => None,
        };
        match byte.and_then(&plain) {
            Some(byte) => {
                decoded.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                decoded.push(first);
                rest = tail;
            }
        }
    }
    decoded
}

/// 32 bytes from 64 hexadecimal digits.
fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, digits) in bytes.iter_mut().zip(digits.chunks(2)) {
        *byte = pair(*digits.first()?, *digits.get(1)?)?;
    }
    Some(bytes)
}

fn pair(high: u8, low: u8) -> Option<u8> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    Some(digit(high)? * 16 + digit(low)?)
}

#[cfg(test)]
mod tests;
