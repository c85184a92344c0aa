//! Reading both sides before planning.

use std::collections::HashSet;
use std::sync::LazyLock;

use app::{App, Connection};
use domain::computed::stockholm_date;
use domain::projection::Projector;
use domain::{BindingIndex, KleerId, ObjectType, Place, PlanInput, Planner, PortalId, RowProjector, Targets};
use jiff::Timestamp;
use jiff::civil::Date;
use kleer::AgreementPath;
use store::Pairing;

use super::failure::Failure;
use super::known::Known;
use super::rules::{Rules, Schemas};
use super::{capability, links};
use crate::objects::{self, Reader, Scope, Source};

/// Everything a plan is made from.
pub(super) struct Gathered {
    /// Kleer's records, as far as they were read.
    pub(super) source: Source,
    pub(super) ours: Ours,
}

/// Our side of it.
pub(super) struct Ours {
    pub(super) portal: PortalId,
    pub(super) bindings: BindingIndex,
    pub(super) targets: Targets,
    pub(super) today: Date,
    pub(super) window_from: Option<Date>,
}

/// Reads our bindings, those of the types that records belong to, and Kleer's list: all of it, or its beginning.
pub(super) async fn gather(
    app: &App,
    connection: &Connection,
    rules: &Rules,
    known: &Known,
) -> Result<Gathered, Failure> {
    let (portal, object) = (connection.installation.portal, rules.settings.object);
    let pairing = Pairing::new(portal, object, &rules.settings.hubspot_object);
    let today = stockholm_date(app.clock.now());
    let window_from = rules.sync.invoices_from(today).filter(|_| object == ObjectType::Invoice);
    // Listing invoices needs to know which of ours are open.
    let bindings = app.store.planning_index(&pairing).await?;
    let source = list(app, connection, object, &bindings, window_from);
    let (source, targets) = futures::future::try_join(source, links::all(app, portal, object, known)).await?;
    Ok(Gathered { source, ours: Ours { portal, bindings, targets, today, window_from } })
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
        Ok(listed) if listed.is_empty() => match capability::elsewhere(app, connection, path).await? {
            Some(path) => at(Some(path)).await.map_err(Failure::Kleer),
            None => Ok(listed),
        },
        listed => listed.map_err(Failure::Kleer),
    }
}

impl Gathered {
    /// Reads what is left.
    pub(super) async fn read_all(&mut self, kleer: &kleer::Api) -> Result<(), Failure> {
        while self.source.read_on(kleer).await.map_err(Failure::Kleer)? {}
        Ok(())
    }
}

/// How the records of a run are read and become HubSpot's.
pub(super) struct Projection {
    projector: Projector,
    rows: Option<RowProjector>,
}

impl Projection {
    pub(super) fn new(rules: &Rules, schemas: &Schemas) -> Self {
        let (projector, rows) = (rules.projector(schemas), rules.row_projector(schemas));
        let skipped = projector.skipped().iter().chain(rows.iter().flat_map(|rows| rows.skipped()));
        for property in skipped {
            let object = rules.settings.object;
            tracing::info!(%object, property, "the property cannot be written in this portal; its mapping is skipped");
        }
        Self { projector, rows }
    }

    pub(super) fn reader(&self, ours: &Ours) -> Reader<'_> {
        Reader {
            object: self.projector.spec().object,
            fields: self.projector.fields().collect(),
            row_fields: self.rows.iter().flat_map(|rows| rows.fields()).collect(),
            today: ours.today,
            window_from: ours.window_from,
        }
    }

    /// A plan that records can be added to.
    pub(super) fn planner<'a>(
        &'a self,
        ours: &'a Ours,
        rules: &'a Rules,
        schemas: &'a Schemas,
        now: Timestamp,
    ) -> Planner<'a> {
        Planner::new(PlanInput {
            portal: ours.portal,
            projector: &self.projector,
            rows: self.rows.as_ref(),
            place: Place { hubspot_object: &rules.settings.hubspot_object, line_object: rules.line_object() },
            bindings: &ours.bindings,
            targets: &ours.targets,
            stages: schemas.own.stages.as_ref(),
            // Both are known when everything was read.
            complete: false,
            gone: &NOTHING_GONE,
            now,
        })
    }
}

static NOTHING_GONE: LazyLock<HashSet<KleerId>> = LazyLock::new(HashSet::new);
