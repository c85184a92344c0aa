//! Reading both sides before planning.

use app::{App, Connection};
use domain::computed::stockholm_date;
use domain::{BindingIndex, ObjectType, Place, PlanInput, SyncPlan, Targets};
use jiff::civil::Date;
use kleer::AgreementPath;
use store::Pairing;

use super::failure::Failure;
use super::rules::{Rules, Schemas};
use super::{capability, links};
use crate::objects::{self, Reader, Scope, Source};

/// Everything a plan is made from.
pub(super) struct Gathered {
    pub(super) source: Source,
    pub(super) bindings: BindingIndex,
    targets: Targets,
    pub(super) today: Date,
    window_from: Option<Date>,
}

/// Reads Kleer's list, our bindings, and those of the types that records belong to.
pub(super) async fn gather(app: &App, connection: &Connection, rules: &Rules) -> Result<Gathered, Failure> {
    let (portal, object) = (connection.installation.portal, rules.settings.object);
    let pairing = Pairing::new(portal, object, &rules.settings.hubspot_object);
    let today = stockholm_date(app.clock.now());
    let window_from = rules.sync.invoices_from(today).filter(|_| object == ObjectType::Invoice);
    // Listing invoices needs to know which of ours are open.
    let bindings = app.store.binding_index(&pairing).await?;
    let source = list(app, connection, object, &bindings, window_from);
    let (source, targets) = futures::future::try_join(source, links::all(app, portal, object)).await?;
    Ok(Gathered { source, bindings, targets, today, window_from })
}

async fn list(
    app: &App,
    connection: &Connection,
    object: ObjectType,
    bindings: &BindingIndex,
    window_from: Option<Date>,
) -> Result<Source, Failure> {
    let at = async |agreements: Option<AgreementPath>| {
        let scope = Scope { window_from, bindings, agreements };
        objects::list(object, &connection.kleer, &scope).await
    };
    if object != ObjectType::Agreement {
        return at(None).await.map_err(Failure::Kleer);
    }
    let path = capability::agreement_path(app, connection, false).await?;
    match at(Some(path)).await {
        // They may have moved: look where they are now.
        Err(error) if matches!(error.kind(), rest::ErrorKind::Missing | rest::ErrorKind::Malformed) => {
            let path = capability::agreement_path(app, connection, true).await?;
            at(Some(path)).await.map_err(Failure::Kleer)
        }
        listed => listed.map_err(Failure::Kleer),
    }
}

impl Gathered {
    /// Plans; pure.
    pub(super) fn plan(&self, app: &App, rules: &Rules, schemas: &Schemas) -> SyncPlan {
        let object = rules.settings.object;
        let (projector, rows) = (rules.projector(schemas), rules.row_projector(schemas));
        let skipped = projector.skipped().iter().chain(rows.iter().flat_map(|rows| rows.skipped()));
        for property in skipped {
            tracing::info!(%object, property, "the property cannot be written in this portal; its mapping is skipped");
        }
        let reader = Reader {
            object,
            fields: projector.fields().collect(),
            row_fields: rows.iter().flat_map(|rows| rows.fields()).collect(),
            today: self.today,
            window_from: self.window_from,
        };
        let input = PlanInput {
            projector: &projector,
            rows: rows.as_ref(),
            place: Place { hubspot_object: &rules.settings.hubspot_object, line_object: rules.line_object() },
            bindings: &self.bindings,
            targets: &self.targets,
            stages: schemas.own.stages.as_ref(),
            complete: self.source.is_complete(),
            gone: &self.source.gone(),
            now: app.clock.now(),
        };
        domain::plan(&input, self.source.records(&reader))
    }
}
