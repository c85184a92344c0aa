//! Where notices go: SES where a sender is configured and AWS is there, else a line in the log.
//!
//! SES's own SDK would be one call among a thousand types. The call is one signed POST, and the signer is in the program
//! already: every client of AWS uses it.

use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::identity::Identity;
use rest::{Client, Clock, Request, Transport};
use serde_json::json;

use crate::cloud::{AwsAccess, credentials};

const SERVICE: &str = "ses";
const PATH: &str = "/v2/email/outbound-emails";
/// How long sending one may take.
const LIMIT: Duration = Duration::from_secs(10);

/// A letter to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The address; none if nobody is known.
    pub to: Option<String>,
    /// The subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// A letter that was not sent; the text says why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotSent(String);

/// Where letters go.
#[derive(Debug)]
pub struct Post(Way);

#[derive(Debug)]
enum Way {
    Log,
    Ses { access: AwsAccess, sender: String, transport: Transport, clock: Clock },
}

impl Post {
    /// Letters become lines in the log.
    #[must_use]
    pub const fn log() -> Self {
        Self(Way::Log)
    }

    /// Letters are sent by SES, from an address that it may send for.
    #[must_use]
    pub const fn ses(access: AwsAccess, sender: String, transport: Transport, clock: Clock) -> Self {
        Self(Way::Ses { access, sender, transport, clock })
    }

    /// Sends a letter. One without an address is a line in the log everywhere.
    ///
    /// # Errors
    /// If SES refuses it or does not answer.
    pub async fn send(&self, letter: &Letter) -> Result<(), NotSent> {
        tracing::warn!(subject = letter.subject, "notice: {}", letter.text.replace('\n', " "));
        let (Way::Ses { access, sender, transport, clock }, Some(to)) = (&self.0, &letter.to) else { return Ok(()) };
        let body = json!({
            "FromEmailAddress": sender,
            "Destination": { "ToAddresses": [to] },
            "Content": { "Simple": {
                "Subject": { "Data": letter.subject, "Charset": "UTF-8" },
                "Body": { "Text": { "Data": letter.text, "Charset": "UTF-8" } },
            } },
        });
        let endpoint = access.endpoint.clone();
        let base = endpoint.unwrap_or_else(|| format!("https://email.{}.amazonaws.com", access.region));
        let bytes = serde_json::to_vec(&body).map_err(|e| NotSent(e.to_string()))?;
        let headers = signed(access, &format!("{base}{PATH}"), &bytes, clock)?;
        let mut client = Client::new(SERVICE, &base, transport.clone(), clock.clone());
        for (name, value) in headers {
            client = client.secret_header(name, value.into());
        }
        // Not repeated: a letter that may have been sent is sent again only when it is due again.
        client
            .send(Request::post(PATH).json(&body).kind("letter").timeout(LIMIT))
            .await
            .map_err(|e| NotSent(format!("SES did not take the letter: {e}")))?;
        Ok(())
    }
}

/// The headers that prove who asks.
fn signed(access: &AwsAccess, url: &str, body: &[u8], clock: &Clock) -> Result<Vec<(&'static str, String)>, NotSent> {
    let unsigned = |e: &dyn std::fmt::Display| NotSent(format!("the request to SES cannot be signed: {e}"));
    let identity = Identity::from(credentials(access));
    let now = u64::try_from(clock.now().as_second()).unwrap_or_default();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(&access.region)
        .name(SERVICE)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(now))
        .settings(SigningSettings::default())
        .build()
        .map_err(|e| unsigned(&e))?;
    let headers = [("content-type", "application/json")].into_iter();
    let request = SignableRequest::new("POST", url, headers, SignableBody::Bytes(body)).map_err(|e| unsigned(&e))?;
    let (instructions, _) = sign(request, &params.into()).map_err(|e| unsigned(&e))?.into_parts();
    let known =
        |name: &str| ["authorization", "x-amz-date", "x-amz-security-token"].into_iter().find(|one| *one == name);
    Ok(instructions.headers().filter_map(|(name, value)| Some((known(name)?, value.to_owned()))).collect())
}

#[cfg(test)]
impl AwsAccess {
    /// For tests of what is signed with it.
    fn pretend() -> Self {
        Self {
            region: "eu-north-1".to_owned(),
            key_id: "AKIDEXAMPLE".to_owned(),
            key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            session: Some("session".into()),
            endpoint: None,
        }
    }
}

#[cfg(test)]
mod tests;
