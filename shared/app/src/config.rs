//! Configuration from the environment: typed, checked at start, each variable documented at its field.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use domain::{KleerCompanyId, PortalId};
use secrecy::SecretString;

/// Everything that can be configured. [`Config::read`] is the only reader of the environment.
#[derive(Debug, Clone)]
pub struct Config {
    /// `KLEER_BASE_URL`: where Kleer is, without a trailing slash. Default: Kleer's production (contract kleer-api §1).
    pub kleer_base_url: String,
    /// `HUBSPOT_BASE_URL`: where HubSpot is. Default `https://api.hubapi.com` (contract hubspot-crm §0).
    pub hubspot_base_url: String,
    /// `HUBSPOT_API_VERSION`: the dated version in HubSpot's paths. Default `2026-09` (contract hubspot-crm §1).
    pub hubspot_api_version: String,
    /// `PUBLIC_BASE_URL`: where HubSpot and browsers find us, without a trailing slash; what HubSpot signs begins with it, so it
    /// must be exactly what the HubSpot project says (contract hubspot-platform §5.4). Default `http://127.0.0.1:8080`.
    pub public_base_url: String,
    /// `HUBSPOT_APP_URL`: where consent pages are. Default `https://app.hubspot.com`.
    pub hubspot_app_url: String,
    /// `HUBSPOT_APP_ID`: the number of our app in HubSpot; what tells our own writes from others' in webhooks. Optional with a
    /// static token.
    pub hubspot_app_id: Option<u64>,
    /// `HUBSPOT_CLIENT_ID`: names our app to HubSpot's OAuth. Optional with a static token.
    pub hubspot_client_id: Option<String>,
    /// `HUBSPOT_CLIENT_SECRET`: proves it, and signs what HubSpot sends. On one machine only; on AWS it is in the app secret.
    pub hubspot_client_secret: Option<SecretString>,
    /// `NOTICE_SENDER`: the address that notices to installing users are sent from, one that SES may send for. Optional: without
    /// it, and on one machine, a notice is a line in the log.
    pub notice_sender: Option<String>,
    /// `TABLE_NAME`: the table. Default `kleer-for-hubspot`.
    pub table_name: String,
    /// `DATA_DIR`: on one machine, the folder of the embedded store and the key ring. Default `./data`.
    pub data_dir: PathBuf,
    /// `KEY_RING_FILE`: on one machine, the file of the key ring. Default `key-ring.json` in the data folder; made at first
    /// start if it is not there.
    pub key_ring_file: PathBuf,
    /// `LOG`: what is logged, as a filter like `info` or `sync=debug`. Default `info`.
    pub log: String,
    /// `HUBSPOT_PORTAL_ID`, `HUBSPOT_ACCESS_TOKEN`, `KLEER_COMPANY_ID`, `KLEER_API_KEY`: one portal without OAuth.
    pub static_portal: Option<StaticPortal>,
}

/// One portal with a static token.
#[derive(Debug, Clone)]
pub struct StaticPortal {
    /// `HUBSPOT_PORTAL_ID`.
    pub portal: PortalId,
    /// `HUBSPOT_ACCESS_TOKEN`.
    pub access_token: SecretString,
    /// `KLEER_COMPANY_ID`.
    pub kleer_company: KleerCompanyId,
    /// `KLEER_API_KEY`.
    pub kleer_key: SecretString,
}

/// Everything wrong with the configuration, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

const PORTAL_VARIABLES: [&str; 4] = ["HUBSPOT_PORTAL_ID", "HUBSPOT_ACCESS_TOKEN", "KLEER_COMPANY_ID", "KLEER_API_KEY"];

impl Config {
    /// Reads the environment; `overrides` (options of a command line, by variable name) win over it.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn from_environment(overrides: &BTreeMap<&'static str, String>) -> Result<Self, ConfigError> {
        Self::read(|name| overrides.get(name).cloned().or_else(|| environment(name)))
    }

    /// Reads variables from anywhere. An empty variable counts as missing.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let variable = |name: &str| variable(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        let or = |name: &str, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
        let mut faults = Vec::new();
        let data_dir = PathBuf::from(or("DATA_DIR", "./data"));
        let config = Self {
            kleer_base_url: base_url("KLEER_BASE_URL", or("KLEER_BASE_URL", kleer::BASE_URL), &mut faults),
            hubspot_base_url: base_url(
                "HUBSPOT_BASE_URL",
                or("HUBSPOT_BASE_URL", "https://api.hubapi.com"),
                &mut faults,
            ),
            hubspot_api_version: or("HUBSPOT_API_VERSION", hubspot::DEFAULT_VERSION),
            public_base_url: base_url("PUBLIC_BASE_URL", or("PUBLIC_BASE_URL", "http://127.0.0.1:8080"), &mut faults),
            hubspot_app_url: base_url("HUBSPOT_APP_URL", or("HUBSPOT_APP_URL", "https://app.hubspot.com"), &mut faults),
            hubspot_app_id: app_id(variable("HUBSPOT_APP_ID"), &mut faults),
            hubspot_client_id: variable("HUBSPOT_CLIENT_ID"),
            hubspot_client_secret: variable("HUBSPOT_CLIENT_SECRET").map(SecretString::from),
            notice_sender: variable("NOTICE_SENDER"),
            table_name: or("TABLE_NAME", "kleer-for-hubspot"),
            key_ring_file: variable("KEY_RING_FILE").map_or_else(|| data_dir.join("key-ring.json"), PathBuf::from),
            data_dir,
            log: log(or("LOG", "info"), &mut faults),
            static_portal: static_portal(&variable, &mut faults),
        };
        if faults.is_empty() { Ok(config) } else { Err(ConfigError(faults)) }
    }

    /// The portal of the static token.
    ///
    /// # Errors
    /// If none is configured: what to set.
    pub fn require_static_portal(&self) -> Result<&StaticPortal, ConfigError> {
        self.static_portal.as_ref().ok_or_else(|| {
            let missing = |name: &&str| format!("{name} is not set: {}", purpose(name));
            ConfigError(PORTAL_VARIABLES.iter().map(missing).collect())
        })
    }
}

/// One variable of the environment.
pub(crate) fn environment(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    std::env::var(name).ok()
}

pub(crate) fn base_url(name: &str, url: String, faults: &mut Vec<String>) -> String {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    if host.is_none_or(|host| host.is_empty() || host.starts_with('/') || host.contains(char::is_whitespace)) {
        faults.push(format!("{name} is {url:?}, which is no address: it must begin with https:// (or http://)"));
    }
    url.trim_end_matches('/').to_owned()
}

fn log(filter: String, faults: &mut Vec<String>) -> String {
    if tracing_subscriber::EnvFilter::try_new(&filter).is_err() {
        faults.push(format!("LOG is {filter:?}, which is no filter: say for example info, or info,sync=debug"));
    }
    filter
}

fn app_id(text: Option<String>, faults: &mut Vec<String>) -> Option<u64> {
    let id = text?.parse().ok().filter(|id| *id > 0);
    if id.is_none() {
        faults.push("HUBSPOT_APP_ID must be a whole number above zero: the number of our app in HubSpot".to_owned());
    }
    id
}

/// All four variables, or none of them.
fn static_portal(variable: &impl Fn(&str) -> Option<String>, faults: &mut Vec<String>) -> Option<StaticPortal> {
    let [portal, token, company, key] = PORTAL_VARIABLES.map(variable);
    if [&portal, &token, &company, &key].iter().all(|value| value.is_none()) {
        return None;
    }
    let before = faults.len();
    for (name, value) in PORTAL_VARIABLES.iter().zip([&portal, &token, &company, &key]) {
        if value.is_none() {
            faults.push(format!("{name} is not set: {}", purpose(name)));
        }
    }
    let mut id = |name: &str, value: Option<String>| match value?.parse::<PortalId>() {
        Ok(id) => Some(id.0),
        Err(_) => {
            faults.push(format!("{name} must be a whole number above zero: {}", purpose(name)));
            None
        }
    };
    let portal = id("HUBSPOT_PORTAL_ID", portal);
    let company = id("KLEER_COMPANY_ID", company);
    (faults.len() == before).then_some(())?;
    Some(StaticPortal {
        portal: PortalId(portal?),
        access_token: token?.into(),
        kleer_company: KleerCompanyId(company?),
        kleer_key: key?.into(),
    })
}

fn purpose(variable: &str) -> &'static str {
    match variable {
        "HUBSPOT_PORTAL_ID" => "the number of the HubSpot account (HubSpot: account menu, top right)",
        "HUBSPOT_ACCESS_TOKEN" => {
            "a token of that account (HubSpot: Settings, Integrations, Private apps or service keys)"
        }
        "KLEER_COMPANY_ID" => "the number of the company in Kleer (Kleer: Settings, API, or ask support@kleer.se)",
        _ => "the API key of that company (Kleer: Settings, API, or ask support@kleer.se)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)]) -> String {
        let read =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        match Config::read(read) {
            Ok(config) => format!("{config:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn defaults() {
        insta::assert_snapshot!(check(&[]), @r#"Config { kleer_base_url: "https://api.kleer.se/v1", hubspot_base_url: "https://api.hubapi.com", hubspot_api_version: "2026-09", public_base_url: "http://127.0.0.1:8080", hubspot_app_url: "https://app.hubspot.com", hubspot_app_id: None, hubspot_client_id: None, hubspot_client_secret: None, notice_sender: None, table_name: "kleer-for-hubspot", data_dir: "./data", key_ring_file: "./data/key-ring.json", log: "info", static_portal: None }"#);
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        insta::assert_snapshot!(check(&[("KLEER_BASE_URL", "api.kleer.se"), ("KLEER_COMPANY_ID", "x"), ("KLEER_API_KEY", " ")]), @r#"
        KLEER_BASE_URL is "api.kleer.se", which is no address: it must begin with https:// (or http://)
        HUBSPOT_PORTAL_ID is not set: the number of the HubSpot account (HubSpot: account menu, top right)
        HUBSPOT_ACCESS_TOKEN is not set: a token of that account (HubSpot: Settings, Integrations, Private apps or service keys)
        KLEER_API_KEY is not set: the API key of that company (Kleer: Settings, API, or ask support@kleer.se)
        KLEER_COMPANY_ID must be a whole number above zero: the number of the company in Kleer (Kleer: Settings, API, or ask support@kleer.se)
        "#);
    }

    #[test]
    fn secrets_are_not_shown() {
        let text = check(&[
            ("HUBSPOT_PORTAL_ID", "4242"),
            ("HUBSPOT_ACCESS_TOKEN", "pat-secret"),
            ("KLEER_COMPANY_ID", "1"),
            ("KLEER_API_KEY", "key-secret"),
        ]);
        assert!(text.contains("PortalId(4242)") && !text.contains("secret\""), "{text}");
        assert!(!text.contains("pat-secret") && !text.contains("key-secret"), "{text}");
    }
}
