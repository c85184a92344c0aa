//! The portal itself (contract hubspot-crm §2.3, §2.4, §3.7).

use rest::{Error, Request};
use serde::Deserialize;
use serde_json::Value;

use crate::api::Api;
use crate::object_types::object_type_id;
use crate::wire;

/// The portal itself; from [`Api::account`]. Errors as in [`crate::Objects`].
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    pub(crate) api: &'a Api,
}

/// What HubSpot tells about a portal. Needs no scope but `oauth`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AccountDetails {
    /// The portal's number.
    #[serde(deserialize_with = "wire::optional_number")]
    pub portal_id: Option<u64>,
    /// `STANDARD`, `DEVELOPER_TEST`, `SANDBOX` or `APP_DEVELOPER`.
    #[serde(deserialize_with = "wire::plain_text")]
    pub account_type: String,
    /// For example `Europe/Stockholm`.
    #[serde(deserialize_with = "wire::plain_text")]
    pub time_zone: String,
    /// For example `SEK`.
    #[serde(deserialize_with = "wire::plain_text")]
    pub company_currency: String,
    /// The other currencies the portal has switched on.
    #[serde(deserialize_with = "wire::nullable")]
    pub additional_currencies: Vec<String>,
    /// The host of the web pages, for [`crate::record_url`].
    #[serde(deserialize_with = "wire::plain_text")]
    pub ui_domain: String,
    /// For example `eu1`.
    #[serde(deserialize_with = "wire::plain_text")]
    pub data_hosting_location: String,
}

impl AccountDetails {
    /// The currencies that amounts in this portal can be in: the company's, then the additional ones.
    pub fn currencies(&self) -> impl Iterator<Item = &str> {
        let company = (!self.company_currency.is_empty()).then_some(self.company_currency.as_str());
        company.into_iter().chain(self.additional_currencies.iter().map(String::as_str))
    }
}

impl Account<'_> {
    /// Which portal the token belongs to, and its facts.
    pub async fn details(&self) -> Result<AccountDetails, Error> {
        self.api.send_for(Request::get(self.api.paths().account_details())).await
    }

    /// Whether an object type that people can switch on and off, such as projects, is on in this portal (§3.7).
    ///
    /// Only a clear no counts as off. HubSpot documents `{"enablement": true}`; whatever else it may say one day, a type
    /// that is taken to be on by mistake is refused at its first use, and one taken to be off would never be tried.
    /// `Denied` and `Missing` (403, 404) are for the caller: for projects both mean that the portal does not have them.
    pub async fn enablement(&self, object_type: &str) -> Result<bool, Error> {
        let request = Request::get(self.api.paths().enablement(object_type)).kind("enablement");
        let body: Value = self.api.send_for(request).await?;
        Ok(told(&body, object_type_id(object_type).unwrap_or(object_type)) != Some(false))
    }

    /// Uninstalls this app from the portal; HubSpot sends the customer an e-mail about it. All tokens of the portal end
    /// with it, so it comes before anything that still needs one.
    pub async fn uninstall(&self) -> Result<(), Error> {
        self.api.send(Request::delete(self.api.paths().uninstall())).await.map(|_| ())
    }
}

/// The yes or no in an answer about an object type: bare, or under one of the names that HubSpot uses for it.
fn told(body: &Value, id: &str) -> Option<bool> {
    match body {
        Value::Bool(told) => Some(*told),
        Value::String(told) => told.parse().ok(),
        Value::Object(fields) => {
            let names = [id, "enablement", "enabled", "isEnabled", "enablementByObjectTypeId"];
            names.into_iter().find_map(|name| told(fields.get(name)?, id))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
