//! The portal itself (contract hubspot-crm §2.3, §2.4).

use rest::{Error, Request};
use serde::Deserialize;

use crate::api::Api;
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

impl Account<'_> {
    /// Which portal the token belongs to, and its facts.
    pub async fn details(&self) -> Result<AccountDetails, Error> {
        self.api.send_for(Request::get(self.api.paths().account_details())).await
    }

    /// Uninstalls this app from the portal; HubSpot sends the customer an e-mail about it. All tokens of the portal end
    /// with it, so it comes before anything that still needs one.
    pub async fn uninstall(&self) -> Result<(), Error> {
        self.api.send(Request::delete(self.api.paths().uninstall())).await.map(|_| ())
    }
}
