//! Words that several operations have in common.

use domain::ObjectType;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A request that says nothing but who asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Nothing {}

/// It is done; there is nothing to tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Done {}

/// A request about one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectRequest {
    /// The type.
    #[schemars(with = "ObjectName")]
    pub object: ObjectType,
}

/// A request about one type, or about all that are switched on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Which {
    /// The type; null for all.
    #[serde(default)]
    #[schemars(with = "Option<ObjectName>")]
    pub object: Option<ObjectType>,
}

/// The names of the types, for the description of the page's words; the types themselves are [`ObjectType`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectName {
    /// A Kleer product.
    Product,
    /// A Kleer client.
    Client,
    /// A Kleer agreement.
    Agreement,
    /// A Kleer invoice.
    Invoice,
    /// A Kleer project.
    Project,
    /// A row of an invoice or agreement.
    LineItem,
}

/// The page of a record in HubSpot; none for custom objects by name, whose numbers differ per portal. HubSpot sends people on to
/// the address of their region (INFERRED, contract hubspot-crm §2.3).
pub(super) fn link(portal: domain::PortalId, hubspot_object: &str, id: &domain::HubspotId) -> Option<String> {
    let object_type = hubspot::object_type_id(hubspot_object)?;
    Some(hubspot::record_url("app.hubspot.com", portal.0.unsigned_abs(), object_type, id.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_have_one_name_each() {
        let described = serde_json::to_value(schemars::schema_for!(ObjectName)).unwrap().to_string();
        for object in ObjectType::ALL {
            assert!(described.contains(&format!("{:?}", object.as_str())), "{object} is not described: {described}");
        }
    }
}
