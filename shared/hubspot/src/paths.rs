//! Where things are: the one place that knows HubSpot's dated versions and path layouts (contract hubspot-crm §1).

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::object_types::object_type_id;

/// The version every path uses unless told otherwise: GA since 2026-09-08, the latest (contract hubspot-crm §1).
pub const DEFAULT_VERSION: &str = "2026-09";

/// Builds every path this crate asks for. Object types may be names (`companies`) or ids (`0-2`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The version segment, for example `2026-09`.
    pub version: String,
    /// Other versions for parts of the API. A key is a family (`oauth`, `objects`, `associations`, `properties`,
    /// `pipelines`, `object-library`, `account-info`, `appinstalls`) or a family and an object type (`objects/projects`), which wins.
    pub overrides: BTreeMap<String, String>,
}

impl Default for Paths {
    fn default() -> Self {
        Paths::new(DEFAULT_VERSION)
    }
}

impl Paths {
    /// All paths in one version.
    pub fn new(version: impl Into<String>) -> Paths {
        Paths { version: version.into(), overrides: BTreeMap::new() }
    }

    /// Pins one family, or one object type of a family, to another version: `("objects/projects", "2026-03")` is the
    /// case that the contract foresees (§3.7).
    #[must_use]
    pub fn with_override(mut self, family: impl Into<String>, version: impl Into<String>) -> Paths {
        self.overrides.insert(family.into(), version.into());
        self
    }

    /// All records of a type: list and create.
    #[must_use]
    pub fn objects(&self, object_type: &str) -> String {
        self.typed("/crm/objects", "objects", object_type)
    }

    /// One record.
    #[must_use]
    pub fn object(&self, object_type: &str, id: &str) -> String {
        format!("{}/{}", self.objects(object_type), encode(id))
    }

    /// A batch over records: `read`, `create`, `update`, `upsert` or `archive`.
    #[must_use]
    pub fn objects_batch(&self, object_type: &str, operation: &str) -> String {
        format!("{}/batch/{operation}", self.objects(object_type))
    }

    /// Search for records.
    #[must_use]
    pub fn search(&self, object_type: &str) -> String {
        format!("{}/search", self.objects(object_type))
    }

    /// A batch over associations: `associate/default`, `create`, `read` or `archive`.
    #[must_use]
    pub fn associations_batch(&self, from_type: &str, to_type: &str, operation: &str) -> String {
        format!("{}/batch/{operation}", self.associations(from_type, to_type))
    }

    /// The kinds of association between two types.
    #[must_use]
    pub fn association_labels(&self, from_type: &str, to_type: &str) -> String {
        format!("{}/labels", self.associations(from_type, to_type))
    }

    /// All properties of a type: list and create.
    #[must_use]
    pub fn properties(&self, object_type: &str) -> String {
        self.typed("/crm/properties", "properties", object_type)
    }

    /// One property.
    #[must_use]
    pub fn property(&self, object_type: &str, name: &str) -> String {
        format!("{}/{}", self.properties(object_type), encode(name))
    }

    /// A batch over properties: `create` or `read`.
    #[must_use]
    pub fn properties_batch(&self, object_type: &str, operation: &str) -> String {
        format!("{}/batch/{operation}", self.properties(object_type))
    }

    /// All property groups of a type.
    #[must_use]
    pub fn property_groups(&self, object_type: &str) -> String {
        format!("{}/groups", self.properties(object_type))
    }

    /// All pipelines of a type.
    #[must_use]
    pub fn pipelines(&self, object_type: &str) -> String {
        self.typed("/crm/pipelines", "pipelines", object_type)
    }

    /// Exchange a code or refresh a token (contract hubspot-crm §2.2).
    #[must_use]
    pub fn token(&self) -> String {
        format!("/oauth/{}/token", self.version_of("oauth"))
    }

    /// Ask whose token it is (contract hubspot-crm §2.3).
    #[must_use]
    pub fn token_introspect(&self) -> String {
        format!("{}/introspect", self.token())
    }

    /// Give a token back (contract hubspot-crm §2.4).
    #[must_use]
    pub fn token_revoke(&self) -> String {
        format!("{}/revoke", self.token())
    }

    /// The portal's own facts (contract hubspot-crm §2.3).
    #[must_use]
    pub fn account_details(&self) -> String {
        format!("/account-info/{}/details", self.version_of("account-info"))
    }

    /// Whether an object type is switched on in the portal (contract hubspot-crm §3.7). HubSpot wants its id.
    #[must_use]
    pub fn enablement(&self, object_type: &str) -> String {
        let id = object_type_id(object_type).unwrap_or(object_type);
        format!("/crm/object-library/{}/enablement/{}", self.version_of("object-library"), encode(id))
    }

    /// Uninstall this app from the portal (contract hubspot-crm §2.4).
    #[must_use]
    pub fn uninstall(&self) -> String {
        format!("/appinstalls/{}/external-install", self.version_of("appinstalls"))
    }

    fn associations(&self, from_type: &str, to_type: &str) -> String {
        let version = self.version_of("associations");
        format!("/crm/associations/{version}/{}/{}", encode(from_type), encode(to_type))
    }

    fn typed(&self, root: &str, family: &str, object_type: &str) -> String {
        format!("{root}/{}/{}", self.version_of_type(family, object_type), encode(object_type))
    }

    fn version_of(&self, family: &str) -> &str {
        self.overrides.get(family).unwrap_or(&self.version)
    }

    /// An override for `objects/projects` also holds when the caller says `0-970`, and the other way round.
    fn version_of_type(&self, family: &str, object_type: &str) -> &str {
        let canonical = |name| object_type_id(name).unwrap_or(name);
        let wanted = canonical(object_type);
        let pinned = self.overrides.iter().find(|(key, _)| {
            key.split_once('/').is_some_and(|(pinned, name)| pinned == family && canonical(name) == wanted)
        });
        pinned.map_or_else(|| self.version_of(family), |(_, version)| version)
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986, so a value can stand in a path segment or a
/// query (a space becomes `%20`, as HubSpot's consent page wants it).
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a String cannot fail");
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
