//! How the rows of a record become line items (contract product §6.5; design §3 Switches).

use jiff::Timestamp;

use crate::content::{PRODUCT_PROPERTY, Row};
use crate::ids::KleerId;
use crate::installation::ObjectSettings;
use crate::mapping::FieldMapping;
use crate::problem::Problem;
use crate::projection::Projector;
use crate::property::Schema;
use crate::record::SourceRow;
use crate::spec::{FieldSpec, ObjectSpec, ObjectType, fixed_on};

/// What every line item has, whatever is mapped: HubSpot shows no line item without them (contract hubspot-crm §3.1).
const ALWAYS: [(&str, &str); 3] = [("description", NAME), ("quantity", "quantity"), ("price", "price")];
const NAME: &str = "name";
/// The name of a line item whose row says nothing.
const NAMELESS: &str = "–";
/// How often a line item is billed; empty means once (contract hubspot-crm §3.4).
const FREQUENCY: &str = "recurringbillingfrequency";
/// Kleer's reference to a product.
const PRODUCT_FIELD: &str = "product.id";

/// The mappings that apply to line items: the portal's own while they are switched on, and name, quantity and price in any
/// case.
#[must_use]
pub fn row_mappings(settings: &ObjectSettings) -> Vec<FieldMapping> {
    let mut mappings = if settings.enabled { settings.mappings.clone() } else { Vec::new() };
    for (field, property) in ALWAYS {
        if !mappings.iter().any(|mapping| mapping.property == property) {
            mappings.push(FieldMapping {
                field: Some(field.to_owned()),
                property: property.to_owned(),
                default: None,
                created_at: Timestamp::UNIX_EPOCH,
                updated_at: Timestamp::UNIX_EPOCH,
            });
        }
    }
    mappings
}

/// Turns rows into line items of one portal. Made once per run.
#[derive(Debug, Clone)]
pub struct RowProjector {
    projector: Projector,
    links_products: bool,
    /// The line items are HubSpot's own, which know how often they are billed.
    has_frequency: bool,
    /// What is written whatever is mapped, where rows go to an object that could charge.
    fixed: &'static [(&'static str, &'static str)],
}

impl RowProjector {
    /// Joins the mappings of line items with the portal's properties.
    #[must_use]
    pub fn new(spec: &'static ObjectSpec, settings: &ObjectSettings, schema: &Schema) -> Self {
        let mut mappings = row_mappings(settings);
        // Which product a line item was made from is found through the product's binding, when the row is linked.
        let is_link = |mapping: &FieldMapping| {
            mapping.property == PRODUCT_PROPERTY && mapping.field.as_deref() == Some(PRODUCT_FIELD)
        };
        let links_products = mappings.iter().any(is_link)
            && schema.properties.get(PRODUCT_PROPERTY).is_some_and(|definition| !definition.read_only);
        // Until then it has the default or is empty, which clears the product of the row that had this place before. Where it
        // cannot be written, Kleer's own id goes to its twin like any other value.
        for link in mappings.iter_mut().filter(|mapping| links_products && is_link(mapping)) {
            link.field = None;
        }
        let has_frequency = settings.hubspot_object == spec.hubspot_object;
        let fixed = fixed_on(&settings.hubspot_object);
        Self { projector: Projector::new(spec, &mappings, schema), links_products, has_frequency, fixed }
    }

    pub(crate) const fn projector(&self) -> &Projector {
        &self.projector
    }

    /// The fields of a row that are mapped.
    pub fn fields(&self) -> impl Iterator<Item = &'static FieldSpec> {
        self.projector.fields()
    }

    /// See [`Projector::skipped`].
    #[must_use]
    pub fn skipped(&self) -> &[String] {
        self.projector.skipped()
    }

    /// One row as a line item.
    ///
    /// # Errors
    /// The first value that HubSpot would refuse, as a problem of the record that the row belongs to.
    pub fn project(&self, object: ObjectType, id: KleerId, row: &SourceRow) -> Result<Row, Box<Problem>> {
        let properties = self.projector.project_values(id, &row.values);
        let mut properties = properties.map_err(|problem| of_record(*problem, object, &row.key))?;
        if properties.get(NAME).is_none_or(str::is_empty) {
            properties.set(NAME, NAMELESS);
        }
        if let Some(frequency) = row.billing_frequency.filter(|_| self.has_frequency) {
            properties.set(FREQUENCY, frequency);
        }
        self.fixed.iter().for_each(|(name, value)| properties.set(*name, *value));
        let product = row.product.filter(|_| self.links_products);
        Ok(Row { key: row.key.clone(), properties, product })
    }
}

fn of_record(problem: Problem, object: ObjectType, row: &str) -> Box<Problem> {
    Box::new(Problem { object, message: format!("In {row}: {}", problem.message), ..problem })
}

#[cfg(test)]
mod tests;
