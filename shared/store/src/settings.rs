//! What a portal chose for an object type, and what we know of its properties.

use domain::{Capability, FirstContact, ObjectSettings, ObjectType, PortalId, Schema, SyncSettings};

use crate::documents::{Versioned, document};
use crate::{Error, Pairing, Store};

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

    /// The same, perhaps as they were a moment ago, for half the price: for looking whether there is
    /// anything to do.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn settings_lately(&self, portal: PortalId, object: ObjectType) -> Result<Option<ObjectSettings>, Error> {
        let found = self.get_document_lately(&portal.to_string(), &format!("settings#{object}")).await?;
        Ok(found.map(|found| found.value))
    }

    /// The settings of all object types that were set up, in one call.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn all_settings(&self, portal: PortalId) -> Result<Vec<ObjectSettings>, Error> {
        let items = self.query_prefix(&portal.to_string(), "settings#").await?;
        items.iter().map(|item| Ok(document(item)?.value)).collect()
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
        // Before anything can be bound by them.
        self.note_pairing(&Pairing::new(portal, settings.object, &settings.hubspot_object)).await?;
        self.put_document(&portal.to_string(), &format!("settings#{}", settings.object), settings, expected).await
    }

    /// What a portal chose for synchronization as a whole; the defaults, at version 0, if it chose nothing.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn sync_settings(&self, portal: PortalId) -> Result<Versioned<SyncSettings>, Error> {
        let found = self.get_document(&portal.to_string(), "sync_settings").await?;
        Ok(found.unwrap_or_else(|| Versioned { version: 0, value: SyncSettings::default() }))
    }

    /// Writes them if they are still at `expected`. False if somebody else was faster.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn put_sync_settings(
        &self,
        portal: PortalId,
        settings: &SyncSettings,
        expected: u64,
    ) -> Result<bool, Error> {
        self.put_document(&portal.to_string(), "sync_settings", settings, expected).await
    }

    /// What was found out about an object type; none if nobody looked yet.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn capability(&self, portal: PortalId, object: ObjectType) -> Result<Option<Capability>, Error> {
        let found = self.get_document(&portal.to_string(), &format!("capability#{object}")).await?;
        Ok(found.map(|capability| capability.value))
    }

    /// The same, perhaps as it was a moment ago, for half the price.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn capability_lately(&self, portal: PortalId, object: ObjectType) -> Result<Option<Capability>, Error> {
        let found = self.get_document_lately(&portal.to_string(), &format!("capability#{object}")).await?;
        Ok(found.map(|capability| capability.value))
    }

    /// Remembers what was found out; who looked last is right.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_capability(&self, portal: PortalId, capability: &Capability) -> Result<(), Error> {
        self.set_document(&portal.to_string(), &format!("capability#{}", capability.object), capability).await
    }

    /// How the first contact of an object type went; none if there was none yet.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn first_contact(&self, portal: PortalId, object: ObjectType) -> Result<Option<FirstContact>, Error> {
        let found = self.get_document(&portal.to_string(), &format!("first_contact#{object}")).await?;
        Ok(found.map(|contact| contact.value))
    }

    /// Remembers it; doing it twice finds the same.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn set_first_contact(
        &self,
        portal: PortalId,
        object: ObjectType,
        contact: &FirstContact,
    ) -> Result<(), Error> {
        self.set_document(&portal.to_string(), &format!("first_contact#{object}"), contact).await
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
