//! Property definitions (contract hubspot-crm §7).

use rest::{Error, Request};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::batch::BatchAnswer;
use crate::wire::{self, Inputs, Listed};

/// Property definitions of an object type; from [`Api::properties`]. Errors as in [`crate::Objects`].
#[derive(Clone, Copy, Debug)]
pub struct Properties<'a> {
    pub(crate) api: &'a Api,
}

/// One property of an object type, as the portal has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Property {
    /// The internal name, the key in [`crate::Record::properties`].
    #[serde(deserialize_with = "wire::plain_text")]
    pub name: String,
    /// What people see.
    #[serde(deserialize_with = "wire::plain_text")]
    pub label: String,
    /// `bool, date, datetime, enumeration, number, phone_number, string`.
    #[serde(rename = "type", deserialize_with = "wire::plain_text")]
    pub value_type: String,
    /// How it is edited: `text`, `select`, `checkbox` (several values), ….
    #[serde(deserialize_with = "wire::plain_text")]
    pub field_type: String,
    /// The group it stands in.
    #[serde(deserialize_with = "wire::plain_text")]
    pub group_name: String,
    /// Help text.
    #[serde(deserialize_with = "wire::plain_text")]
    pub description: String,
    /// The allowed values of an enumeration.
    #[serde(deserialize_with = "wire::nullable")]
    pub options: Vec<PropertyOption>,
    /// Whether no two records may have the same value; only such a property can be upserted by. Fixed at creation.
    /// None if HubSpot does not say.
    #[serde(deserialize_with = "wire::told_flag")]
    pub has_unique_value: Option<bool>,
    /// Computed by HubSpot.
    #[serde(deserialize_with = "wire::flag")]
    pub calculated: bool,
    /// Not shown to people.
    #[serde(deserialize_with = "wire::flag")]
    pub hidden: bool,
    /// In the recycle bin.
    #[serde(deserialize_with = "wire::flag")]
    pub archived: bool,
    /// HubSpot's own, not made by the customer or an app.
    #[serde(deserialize_with = "wire::flag")]
    pub hubspot_defined: bool,
    /// What may be changed.
    #[serde(deserialize_with = "wire::nullable")]
    pub modification_metadata: ModificationMetadata,
}

/// What may be changed about a property.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ModificationMetadata {
    /// Values cannot be written.
    #[serde(deserialize_with = "wire::flag")]
    pub read_only_value: bool,
    /// The definition cannot be changed.
    #[serde(deserialize_with = "wire::flag")]
    pub read_only_definition: bool,
}

impl Property {
    /// Whether a value can be written at all.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        !self.archived && !self.calculated && !self.modification_metadata.read_only_value
    }

    /// Whether to offer it for a mapping: writable and not hidden (the picker rule of contract §7).
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.is_writable() && !self.hidden
    }
}

/// One allowed value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PropertyOption {
    /// What people see.
    #[serde(deserialize_with = "wire::plain_text")]
    pub label: String,
    /// What is stored; case-sensitive.
    #[serde(deserialize_with = "wire::plain_text")]
    pub value: String,
    /// Where it stands; -1 is last.
    #[serde(deserialize_with = "order")]
    pub display_order: i64,
    /// Not offered to people.
    #[serde(deserialize_with = "wire::flag")]
    pub hidden: bool,
}

/// A property to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyCreate {
    /// Lower case letters, digits and underscores, a letter first, not beginning with `hs_`.
    pub name: String,
    /// What people see.
    pub label: String,
    /// As [`Property::value_type`].
    #[serde(rename = "type")]
    pub value_type: String,
    /// As [`Property::field_type`]; only certain pairs with the type are allowed (contract §7).
    pub field_type: String,
    /// A group that exists.
    pub group_name: String,
    /// Help text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The values of an enumeration, or Yes and No of a bool.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<PropertyOption>,
    /// Cannot be changed later; at most 10 such properties per object type.
    pub has_unique_value: bool,
}

impl Properties<'_> {
    /// All properties that are not archived. There are no pages.
    pub async fn list(&self, object_type: &str) -> Result<Vec<Property>, Error> {
        let request = Request::get(self.api.paths().properties(object_type)).kind("properties");
        let listed: Listed<Property> = self.api.send_for(request).await?;
        Ok(listed.results)
    }

    /// One property; `Missing` if there is none of that name.
    pub async fn get(&self, object_type: &str, name: &str) -> Result<Property, Error> {
        self.api.send_for(Request::get(self.api.paths().property(object_type, name)).kind("properties")).await
    }

    /// Makes one property. If the name is taken, [`crate::is_already_exists`]; if it is that of an archived property, HubSpot
    /// restores it with this definition. It becomes readable within about a second.
    ///
    /// Never repeated after an unknown outcome; create again and accept "already exists".
    pub async fn create(&self, object_type: &str, property: &PropertyCreate) -> Result<Property, Error> {
        let request = Request::post(self.api.paths().properties(object_type)).json(property);
        self.api.send_for(request.kind("create_properties")).await
    }

    /// Gives an enumeration a new list of options; answers the property as it now is. HubSpot replaces the whole list
    /// (§7), so those that are to stay are sent as well; descriptions of options, which [`PropertyOption`] does not hold,
    /// are lost by it.
    ///
    /// Repeated after an unknown outcome: the same list twice is the same list.
    pub async fn set_options(
        &self,
        object_type: &str,
        name: &str,
        options: &[PropertyOption],
    ) -> Result<Property, Error> {
        let request = Request::patch(self.api.paths().property(object_type, name)).json(&OptionsPatch { options });
        self.api.send_for(request.repeatable().kind("create_properties")).await
    }

    /// Makes several properties; some may be refused while others are made.
    pub async fn batch_create(
        &self,
        object_type: &str,
        properties: &[PropertyCreate],
    ) -> Result<BatchAnswer<Property>, Error> {
        if properties.is_empty() {
            return Ok(BatchAnswer::default());
        }
        let path = self.api.paths().properties_batch(object_type, "create");
        self.api.send_for(Request::post(path).json(&Inputs { inputs: properties }).kind("create_properties")).await
    }

    /// Reads the named properties; those that do not exist are among the errors or left out.
    pub async fn batch_read(
        &self,
        object_type: &str,
        names: &[impl AsRef<str>],
    ) -> Result<BatchAnswer<Property>, Error> {
        if names.is_empty() {
            return Ok(BatchAnswer::default());
        }
        let inputs = names.iter().map(|name| PropertyName { name: name.as_ref() }).collect();
        let body = BatchReadBody { archived: false, data_sensitivity: "non_sensitive", inputs };
        let path = self.api.paths().properties_batch(object_type, "read");
        self.api.send_for(Request::post(path).json(&body).read().kind("properties")).await
    }
}

/// What is left out of a PATCH stays as it is.
#[derive(Serialize)]
struct OptionsPatch<'a> {
    options: &'a [PropertyOption],
}

/// All three fields are required (contract §7).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchReadBody<'a> {
    archived: bool,
    data_sensitivity: &'a str,
    inputs: Vec<PropertyName<'a>>,
}

#[derive(Serialize)]
struct PropertyName<'a> {
    name: &'a str,
}

/// A place in an order; one that is missing or unreadable is 0.
pub(crate) fn order<'de, D: serde::Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    Ok(wire::optional_text(from)?.and_then(|text| text.parse().ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests;
