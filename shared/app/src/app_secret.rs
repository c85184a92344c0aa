//! The app's secret in Secrets Manager: `{"client_secrets":["…"],"keys":[{"id":"1","key":"…"}]}`, the newest of both first
//! (design §3 Secrets). It is read once, when a function starts.

use aws_sdk_secretsmanager::error::{DisplayErrorContext, ProvideErrorMetadata as _};
use secrecy::SecretString;
use serde::Deserialize;

use crate::keys::{KeyRing, NamedKey, RingFile};

/// What the whole app keeps secret.
#[derive(Debug, Clone)]
pub struct AppSecret {
    /// The client secrets of the HubSpot app, the newest first: while one is rotated, both are valid.
    pub client_secrets: Vec<SecretString>,
    /// Seals and opens portals' credentials.
    pub keys: KeyRing,
}

/// The secret cannot be used; one sentence that says what to do, and never what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct AppSecretError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    client_secrets: Vec<SecretString>,
    keys: Vec<NamedKey>,
}

impl AppSecret {
    /// Fetches the secret of that name or ARN.
    ///
    /// # Errors
    /// If it is not there, may not be read, or is malformed.
    pub async fn fetch(client: &aws_sdk_secretsmanager::Client, id: &str) -> Result<Self, AppSecretError> {
        let answer = client.get_secret_value().secret_id(id).send().await.map_err(|error| {
            let code = error.as_service_error().and_then(|error| error.code()).unwrap_or_default();
            AppSecretError(match code {
                "ResourceNotFoundException" => {
                    format!("The app secret {id} is not there or has no value yet: put one, as infra/README.md says.")
                }
                "AccessDeniedException" => format!(
                    "The app secret {id} may not be read: let the function's role read it and decrypt with its key."
                ),
                _ => {
                    // What follows in parentheses is the SDK's whole answer.
                    let text = DisplayErrorContext(&error).to_string();
                    format!("The app secret {id} could not be read: {}.", text.split(" (").next().unwrap_or_default())
                }
            })
        })?;
        Self::parse(answer.secret_string().unwrap_or_default())
            .map_err(|fault| AppSecretError(format!("The app secret {id} is malformed: {fault}.")))
    }

    /// Reads the document.
    fn parse(text: &str) -> Result<Self, String> {
        // The parser's own words may quote a secret.
        let document: Document = serde_json::from_str(text).map_err(|e| {
            let want = r#"{"client_secrets":["…"],"keys":[{"id":"…","key":"…"}]}"#;
            format!("it must look like {want}, and is something else from line {}, column {}", e.line(), e.column())
        })?;
        let keys = KeyRing::parse(&RingFile { keys: document.keys })?;
        Ok(Self { client_secrets: document.client_secrets, keys })
    }
}

#[cfg(test)]
mod tests {
    use domain::PortalId;
    use secrecy::ExposeSecret as _;

    use super::*;

    const KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    fn fault(text: &str) -> String {
        let fault = AppSecret::parse(text).map(|_| ()).unwrap_err();
        assert!(!fault.contains("hidden"), "{fault}");
        fault
    }

    #[test]
    fn the_newest_key_seals_and_older_ones_open() {
        let of = |keys: &[&str]| {
            let keys: Vec<String> = keys.iter().map(|id| format!(r#"{{"id":"{id}","key":"{KEY}"}}"#)).collect();
            AppSecret::parse(&format!(r#"{{"client_secrets":["s"],"keys":[{}]}}"#, keys.join(","))).unwrap()
        };
        let (before, after, later) = (of(&["1"]), of(&["2", "1"]), of(&["2"]));
        let old = before.keys.seal(PortalId(1), "k", &"text".into());
        assert_eq!(after.keys.open(PortalId(1), "k", &old).unwrap().expose_secret(), "text");
        assert!(after.keys.seal(PortalId(1), "k", &"text".into()).0.starts_with("2."));
        assert!(later.keys.open(PortalId(1), "k", &old).is_err());
    }

    #[test]
    fn a_malformed_secret_is_one_sentence_without_the_secret() {
        insta::assert_snapshot!(
            ["", "hidden", r#"{"client_secrets":["hidden"]}"#, r#"{"client_secrets":["hidden"],"keys":[]}"#,
             r#"{"client_secrets":["hidden"],"keys":[{"id":"1","key":"hidden"}]}"#,
             r#"{"client_secrets":["hidden"],"keys":[{"id":"1","key":"!"}],"more":1}"#].map(fault).join("\n"), @r#"
        it must look like {"client_secrets":["…"],"keys":[{"id":"…","key":"…"}]}, and is something else from line 1, column 0
        it must look like {"client_secrets":["…"],"keys":[{"id":"…","key":"…"}]}, and is something else from line 1, column 1
        it must look like {"client_secrets":["…"],"keys":[{"id":"…","key":"…"}]}, and is something else from line 1, column 29
        it has no key
        the key 1 is not base64
        it must look like {"client_secrets":["…"],"keys":[{"id":"…","key":"…"}]}, and is something else from line 1, column 65
        "#);
    }
}
