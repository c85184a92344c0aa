//! Reading both sides before planning.

use app::{App, Connection};
use domain::projection::Projector;
use domain::{BindingIndex, ObjectSettings, ObjectType, PlanInput, Schema, SyncPlan};

use super::failure::Failure;
use crate::objects;

/// Everything a plan is made from.
pub(super) struct Gathered {
    listing: kleer::Listing,
    pub(super) bindings: BindingIndex,
}

/// Reads Kleer's list and our bindings.
pub(super) async fn gather(app: &App, connection: &Connection, object: ObjectType) -> Result<Gathered, Failure> {
    let listing = async { objects::list(object, &connection.kleer).await.map_err(Failure::Kleer) };
    let bindings = async { Ok(app.store.binding_index(connection.installation.portal, object).await?) };
    let (listing, bindings) = futures::future::try_join(listing, bindings).await?;
    Ok(Gathered { listing, bindings })
}

impl Gathered {
    /// Plans; pure.
    pub(super) fn plan(&self, app: &App, settings: &ObjectSettings, schema: &Schema) -> SyncPlan {
        let object = settings.object;
        let projector = Projector::new(objects::spec(object), &settings.mappings, schema);
        for property in projector.skipped() {
            tracing::info!(%object, property, "the property cannot be written in this portal; its mapping is skipped");
        }
        let input = PlanInput {
            projector: &projector,
            hubspot_object: &settings.hubspot_object,
            bindings: &self.bindings,
            complete: self.listing.size().is_none_or(|size| size == self.listing.len() as u64),
            now: app.clock.now(),
        };
        domain::plan(&input, objects::records(&self.listing, &projector))
    }
}
