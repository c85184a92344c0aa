//! Property groups (contract hubspot-crm §7).

use rest::{Error, Request};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::wire::{self, Listed};

/// Property groups of an object type; from [`Api::groups`]. Errors as in [`crate::Objects`].
#[derive(Clone, Copy, Debug)]
pub struct Groups<'a> {
    pub(crate) api: &'a Api,
}

/// A heading under which properties stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PropertyGroup {
    /// The internal name.
    #[serde(deserialize_with = "wire::plain_text")]
    pub name: String,
    /// What people see.
    #[serde(deserialize_with = "wire::plain_text")]
    pub label: String,
    /// In the recycle bin; never sent.
    #[serde(skip_serializing, deserialize_with = "wire::flag")]
    pub archived: bool,
}

impl Groups<'_> {
    /// All groups, archived ones included: HubSpot has no filter for them.
    pub async fn list(&self, object_type: &str) -> Result<Vec<PropertyGroup>, Error> {
        let request = Request::get(self.api.paths().property_groups(object_type)).kind("properties");
        let listed: Listed<PropertyGroup> = self.api.send_for(request).await?;
        Ok(listed.results)
    }

    /// Makes a group. If it exists, [`crate::is_already_exists`].
    pub async fn create(&self, object_type: &str, group: &PropertyGroup) -> Result<PropertyGroup, Error> {
        let request = Request::post(self.api.paths().property_groups(object_type)).json(group);
        self.api.send_for(request.kind("create_properties")).await
    }
}
