//! What a record shall be in HubSpot: its properties, its rows, and what it belongs to.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::base::Base;
use crate::binding::Association;
use crate::fingerprint::Fingerprint;
use crate::ids::KleerId;
use crate::projection::Properties;
use crate::record::Target;
use crate::spec::ObjectType;
use crate::targets::{Resolved, Targets};

/// The property of a line item that names the product it was made from (contract hubspot-crm §3.4).
pub const PRODUCT_PROPERTY: &str = "hs_product_id";

/// The object whose records that property can name: products that go to another object have ids that mean something else.
const PRODUCT_LIBRARY: &str = "products";

/// The name under which a base remembers the stage that was last written. No property is called so.
const STAGE: &str = "(stage)";

/// All that a record shall be. Travels in a page to the worker that writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The mapped properties, empty values included.
    pub properties: Properties,
    /// The rows in Kleer's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// The records that it belongs to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Where a project stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// See [`crate::SourceRecord::number`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// See [`crate::SourceRecord::open_since`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_since: Option<Date>,
}

/// One row as a line item.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its place, see [`crate::SourceRow::key`].
    pub key: String,
    /// Its properties, empty values included; that of the product has its default or is empty until the row is linked.
    pub properties: Properties,
    /// The product in Kleer, if the line item shall name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<KleerId>,
}

/// The stage that follows from Kleer's status. Written only when Kleer's status changes, so that a user's moves stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// Kleer's status.
    pub closed: bool,
    /// The pipeline in HubSpot.
    pub pipeline: String,
    /// The stage in it.
    pub stage: String,
}

impl Stage {
    fn word(&self) -> &'static str {
        if self.closed { "closed" } else { "open" }
    }

    /// Whether Kleer's status is what the base remembers.
    #[must_use]
    pub fn is_known(&self, base: &Base) -> bool {
        base.matches(STAGE, self.word())
    }

    /// What the base shall remember.
    #[must_use]
    pub fn remembered(&self) -> Properties {
        Properties::from_iter([(STAGE, self.word())])
    }

    /// The properties to write.
    #[must_use]
    pub fn properties(&self) -> Properties {
        Properties::from_iter([("hs_pipeline", &self.pipeline), ("hs_pipeline_stage", &self.stage)])
    }
}

/// The HubSpot objects that a record and its rows go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The record's.
    pub hubspot_object: &'a str,
    /// Its rows'.
    pub line_object: &'a str,
}

/// A record's content with everything found that it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The rows, with the product's id in HubSpot where there is one: key and properties.
    pub rows: Vec<(String, Properties)>,
    /// The records to be associated with.
    pub associations: BTreeSet<Association>,
    /// What is not in HubSpot yet, but expected.
    pub awaited: BTreeSet<Target>,
    /// Covers all of it.
    pub fingerprint: Fingerprint,
}

impl Content {
    /// Finds what the record refers to. The plan and the worker that writes use this same function, so that they agree on
    /// what has changed.
    #[must_use]
    pub fn link(&self, place: Place<'_>, targets: &Targets) -> Linked {
        let (mut associations, mut awaited) = (BTreeSet::new(), BTreeSet::new());
        for target in &self.targets {
            match targets.resolve(target) {
                Resolved::Found { hubspot_object, hubspot_id } => {
                    let hubspot_object = hubspot_object.to_owned();
                    associations.insert(Association { hubspot_object, hubspot_id: hubspot_id.clone() });
                }
                Resolved::Awaited => drop(awaited.insert(target.clone())),
                Resolved::Never => {}
            }
        }
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            let mut properties = row.properties.clone();
            if let Some(product) = row.product {
                let target = Target::id(ObjectType::Product, product);
                match targets.resolve(&target) {
                    Resolved::Found { hubspot_object: PRODUCT_LIBRARY, hubspot_id } => {
                        properties.set(PRODUCT_PROPERTY, hubspot_id.as_str());
                    }
                    Resolved::Awaited => drop(awaited.insert(target)),
                    Resolved::Found { .. } | Resolved::Never => {}
                }
            }
            rows.push((row.key.clone(), properties));
        }
        let fingerprint = self.fingerprint(place, &rows, &associations);
        Linked { rows, associations, awaited, fingerprint }
    }

    /// The records that it refers to, its rows' products included.
    pub fn all_targets(&self) -> impl Iterator<Item = Target> + '_ {
        let products = self.rows.iter().filter_map(|row| row.product).map(|id| Target::id(ObjectType::Product, id));
        self.targets.iter().cloned().chain(products)
    }

    fn fingerprint(
        &self,
        place: Place<'_>,
        rows: &[(String, Properties)],
        associations: &BTreeSet<Association>,
    ) -> Fingerprint {
        let mut hash = Hash::new(place.hubspot_object);
        hash.properties(&self.properties);
        // What stands in brackets is no property's name, so that one part cannot be taken for another.
        if !rows.is_empty() {
            hash.field("(rows)");
            hash.field(place.line_object);
        }
        for (key, properties) in rows {
            hash.field(key);
            hash.field(&properties.len().to_string());
            hash.properties(properties);
        }
        for association in associations {
            hash.field("(association)");
            hash.field(&association.hubspot_object);
            hash.field(association.hubspot_id.as_str());
        }
        let stage = self.stage.as_ref().map(Stage::word);
        let open_since = self.open_since.map(|date| date.to_string());
        let number = self.number.as_deref();
        for (name, value) in [(STAGE, stage), ("(number)", number), ("(open since)", open_since.as_deref())] {
            if let Some(value) = value {
                hash.field(name);
                hash.field(value);
            }
        }
        hash.finish()
    }
}

/// Feeds texts into a fingerprint.
pub(crate) struct Hash(Sha256);

impl Hash {
    pub(crate) fn new(hubspot_object: &str) -> Self {
        let mut hash = Self(Sha256::new());
        hash.field(hubspot_object);
        hash
    }

    /// The length in front keeps ("ab", "c") and ("a", "bc") apart.
    pub(crate) fn field(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    pub(crate) fn properties(&mut self, properties: &Properties) {
        for (name, value) in properties.iter() {
            self.field(name);
            self.field(value);
        }
    }

    pub(crate) fn finish(self) -> Fingerprint {
        Fingerprint::from_digest(&self.0.finalize())
    }
}

#[cfg(test)]
mod tests;
