//! What a portal chose for a type, and what that needs of HubSpot.

use app::{App, Connection};
use domain::projection::Projector;
use domain::{
    FieldMapping, ObjectSettings, ObjectSpec, ObjectType, PortalId, Problem, RowProjector, Schema, SyncSettings,
    check_mappings, row_mappings,
};

use super::failure::Failure;
use super::provision::{self, Place, Wanted};
use crate::objects;

/// Everything a portal chose that a run of one type follows.
pub(super) struct Rules {
    pub(super) settings: ObjectSettings,
    pub(super) sync: SyncSettings,
    /// Of line items, for types that have rows.
    pub(super) line_items: Option<ObjectSettings>,
    line_mappings: Vec<FieldMapping>,
}

/// The properties that the rules need, as the portal has them.
pub(super) struct Schemas {
    pub(super) own: Schema,
    pub(super) rows: Option<Schema>,
}

/// Two types on one HubSpot object would take each other's records for their own: their ids in Kleer may be equal.
async fn alone_on_its_object(app: &App, portal: PortalId, settings: &ObjectSettings) -> Result<(), Failure> {
    if settings.hubspot_object == objects::spec(settings.object).hubspot_object {
        return Ok(());
    }
    for object in ObjectType::POLLED.into_iter().filter(|object| *object != settings.object) {
        let other = app.store.settings(portal, object).await?.map(|found| found.value);
        if other.is_some_and(|other| other.enabled && other.hubspot_object == settings.hubspot_object) {
            return Err(Failure::Portal(format!(
                "The types {} and {object} both go to HubSpot's {}, where their records could not be told apart: choose another \
                 HubSpot object for one of them.",
                settings.object, settings.hubspot_object
            )));
        }
    }
    Ok(())
}

impl Rules {
    /// What the portal chose.
    pub(super) async fn load(app: &App, portal: PortalId, settings: ObjectSettings) -> Result<Self, Failure> {
        let sync = app.store.sync_settings(portal).await?.value;
        alone_on_its_object(app, portal, &settings).await?;
        let mut line_items = None;
        if objects::has_rows(settings.object) {
            let found = app.store.settings(portal, ObjectType::LineItem).await?.map(|found| found.value);
            let switched_off = || {
                let spec = objects::spec(ObjectType::LineItem);
                ObjectSettings::defaults(spec, false, app.clock.now())
            };
            line_items = Some(found.unwrap_or_else(switched_off));
        }
        let line_mappings = line_items.as_ref().map(row_mappings).unwrap_or_default();
        Ok(Self { settings, sync, line_items, line_mappings })
    }

    pub(super) fn spec(&self) -> &'static ObjectSpec {
        objects::spec(self.settings.object)
    }

    /// The HubSpot object of rows.
    pub(super) fn line_object(&self) -> &str {
        let own = self.line_items.as_ref().map(|settings| settings.hubspot_object.as_str());
        own.unwrap_or(objects::spec(ObjectType::LineItem).hubspot_object)
    }

    /// Whether the mappings can be used.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let own = check_mappings(self.spec(), &self.settings.mappings);
        let rows = check_mappings(objects::spec(ObjectType::LineItem), &self.line_mappings);
        match own.first() {
            Some(fault) => Err(Failure::Portal(format!("The mappings cannot be used: {fault}."))),
            None => match rows.first() {
                Some(fault) => Err(Failure::Portal(format!("The mappings of line items cannot be used: {fault}."))),
                None => Ok(()),
            },
        }
    }

    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            spec: self.spec(),
            hubspot_object: &self.settings.hubspot_object,
            mappings: &self.settings.mappings,
            pipeline: self.sync.project_pipeline.as_deref().filter(|_| self.settings.object == ObjectType::Project),
        }
    }

    fn wanted_rows(&self) -> Option<Wanted<'_>> {
        let settings = self.line_items.as_ref()?;
        Some(Wanted {
            spec: objects::spec(ObjectType::LineItem),
            hubspot_object: &settings.hubspot_object,
            mappings: &self.line_mappings,
            pipeline: None,
        })
    }

    /// The portal's properties, with everything made that is missing.
    pub(super) async fn provision(&self, app: &App, place: impl Into<Place<'_>>) -> Result<Schemas, Failure> {
        let place = &place.into();
        let own = self.wanted();
        let rows = async {
            match self.wanted_rows() {
                Some(rows) => provision::ensure(app, place, &rows).await.map(Some),
                None => Ok(None),
            }
        };
        let (own, rows) = futures::future::try_join(provision::ensure(app, place, &own), rows).await?;
        Ok(Schemas { own, rows })
    }

    /// The portal's properties as they would be; nothing is made.
    pub(super) async fn foresee(&self, app: &App, connection: &Connection) -> Result<Schemas, Failure> {
        let place = &connection.into();
        let own = provision::foresee(app, place, &self.wanted()).await?;
        let rows = match self.wanted_rows() {
            Some(rows) => Some(provision::foresee(app, place, &rows).await?),
            None => None,
        };
        Ok(Schemas { own, rows })
    }

    /// Adds the options that records need on properties of ours. True if there were any.
    pub(super) async fn add_options(&self, connection: &Connection, problems: &[Problem]) -> Result<bool, Failure> {
        let mut added = provision::add_missing_options(&connection.hubspot, &self.wanted(), problems).await?;
        if let Some(rows) = self.wanted_rows() {
            added |= provision::add_missing_options(&connection.hubspot, &rows, problems).await?;
        }
        Ok(added)
    }

    /// How records become HubSpot's.
    pub(super) fn projector(&self, schemas: &Schemas) -> Projector {
        Projector::new(self.spec(), &self.settings.mappings, &schemas.own)
    }

    /// How rows become line items.
    pub(super) fn row_projector(&self, schemas: &Schemas) -> Option<RowProjector> {
        let settings = self.line_items.as_ref()?;
        Some(RowProjector::new(objects::spec(ObjectType::LineItem), settings, schemas.rows.as_ref()?))
    }
}
