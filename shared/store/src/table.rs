//! The table itself. On AWS `template.yaml` makes it; on one machine we do.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection, ProjectionType,
    ScalarAttributeType,
};

use crate::Store;
use crate::error::Error;

/// The index of what is due: `due_shard`, `due_at`.
pub(crate) const DUE_INDEX: &str = "due";
/// The index that finds a binding by its HubSpot record: `hubspot_key`.
pub(crate) const HUBSPOT_INDEX: &str = "hubspot";

impl Store {
    /// Asks for an item that is never there: opens the connection and shows that the table can be read.
    ///
    /// # Errors
    /// If it cannot.
    pub async fn check(&self) -> Result<(), Error> {
        self.get_item("0", "check").await.map(|_| ())
    }

    /// Makes the table and its indexes if they are not there.
    ///
    /// # Errors
    /// If the engine refuses.
    pub async fn create_table_if_missing(&self) -> Result<(), Error> {
        let tables = self.client.list_tables().send().await.map_err(|e| Error::from_sdk(&e))?;
        if tables.table_names().contains(&self.table) {
            return Ok(());
        }
        let attribute = |name: &str, kind: ScalarAttributeType| {
            AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(kind)
                .build()
                .expect("both parts are set")
        };
        self.client
            .create_table()
            .table_name(&self.table)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(vec![
                attribute("pk", ScalarAttributeType::S),
                attribute("sk", ScalarAttributeType::S),
                attribute("due_shard", ScalarAttributeType::S),
                attribute("due_at", ScalarAttributeType::N),
                attribute("hubspot_key", ScalarAttributeType::S),
            ]))
            .key_schema(key("pk", KeyType::Hash))
            .key_schema(key("sk", KeyType::Range))
            .global_secondary_indexes(index(DUE_INDEX, &[("due_shard", KeyType::Hash), ("due_at", KeyType::Range)]))
            .global_secondary_indexes(index(HUBSPOT_INDEX, &[("hubspot_key", KeyType::Hash)]))
            .send()
            .await
            .map_err(|e| Error::from_sdk(&e))?;
        Ok(())
    }
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(kind).build().expect("both parts are set")
}

fn index(name: &str, keys: &[(&str, KeyType)]) -> GlobalSecondaryIndex {
    let schema = keys.iter().map(|(name, kind)| key(name, kind.clone())).collect();
    GlobalSecondaryIndex::builder()
        .index_name(name)
        .set_key_schema(Some(schema))
        .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
        .build()
        .expect("name and schema are set")
}
