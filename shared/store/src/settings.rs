//! What a portal chose for an object type, and what we know of its properties.

use domain::{ObjectSettings, ObjectType, PortalId, Schema};

use crate::documents::Versioned;
use crate::{Error, Store};

impl Store {
    /// The settings of one object type; none if it was never set up.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn settings(
        &self,
        portal: PortalId,
        object: ObjectType,
    ) -> Result<Option<Versioned<ObjectSettings>>, Error> {
        self.get_document(&portal.to_string(), &format!("settings#{object}")).await
    }

    /// Writes settings if they are still at `expected` (0: if there are none). False if somebody else was faster.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_settings(
        &self,
        portal: PortalId,
        settings: &ObjectSettings,
        expected: u64,
    ) -> Result<bool, Error> {
        self.put_document(&portal.to_string(), &format!("settings#{}", settings.object), settings, expected).await
    }

    /// What is known of the portal's properties for one object type.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn schema(&self, portal: PortalId, object: ObjectType) -> Result<Option<Schema>, Error> {
        let found = self.get_document(&portal.to_string(), &format!("schema#{object}")).await?;
        Ok(found.map(|schema| schema.value))
    }

    /// Remembers the portal's properties. HubSpot is the authority, so the last reader wins.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_schema(&self, portal: PortalId, object: ObjectType, schema: &Schema) -> Result<(), Error> {
        self.set_document(&portal.to_string(), &format!("schema#{object}"), schema).await
    }

    /// Forgets the portal's properties, so that the next run asks HubSpot again.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn forget_schema(&self, portal: PortalId, object: ObjectType) -> Result<(), Error> {
        self.delete_item(&portal.to_string(), &format!("schema#{object}")).await
    }
}
