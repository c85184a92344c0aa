//! What a run would do, found out as a run finds it out, and nothing written.

use app::App;
use domain::{ObjectType, PortalId, RunId, SyncPlan};

use super::failure::Failure;
use super::first_contact::Contact;
use super::gather::{Gathered, Projection, gather};
use super::known::Known;
use super::rules::Rules;

/// What a run would do. Nothing is written anywhere.
///
/// # Errors
/// A sentence that says what is wrong and what to do.
pub async fn preview(app: &App, portal: PortalId, object: ObjectType) -> Result<SyncPlan, String> {
    preview_telling(app, portal, object, |_, _| std::future::ready(())).await
}

/// The same for whoever waits: `tell` hears how many of Kleer's records were read, and of how many where Kleer says so.
///
/// # Errors
/// As [`preview`].
pub async fn preview_telling<T: Future<Output = ()>>(
    app: &App,
    portal: PortalId,
    object: ObjectType,
    tell: impl Fn(u64, Option<u64>) -> T,
) -> Result<SyncPlan, String> {
    let plan = async {
        if !ObjectType::POLLED.contains(&object) {
            let why = "line items have no plan of their own, they go with the invoices and agreements that have them: plan \
                       one of those (--object invoice, --object agreement)";
            return Err(Failure::Portal(why.to_owned()));
        }
        let connection = app.connect(portal).await?;
        let settings = app.store.settings(portal, object).await?;
        let Some(settings) = settings else {
            return Err(Failure::Portal(format!("{object} is not set up in portal {portal}")));
        };
        let rules = Rules::load(app, portal, settings.value).await?;
        rules.check()?;
        let schemas = rules.foresee(app, &connection).await?;
        let mut gathered = gather(app, &connection, &rules, &Known::default()).await?;
        let run = &RunId("preview".to_owned());
        Contact { app, connection: &connection, rules: &rules, schemas: &schemas, run }.foresee(&mut gathered).await?;
        let Gathered { mut source, ours } = gathered;
        loop {
            let (read, of) = source.progress();
            tell(read, of).await;
            if !source.read_on(&connection.kleer).await.map_err(Failure::Kleer)? {
                break;
            }
        }
        let projection = Projection::new(&rules, &schemas);
        let mut planner = projection.planner(&ours, &rules, &schemas, app.clock.now());
        planner.add(source.records(&projection.reader(&ours), 0));
        Ok(planner.finish(source.is_complete(), &source.gone()))
    };
    plan.await.map_err(|failure: Failure| failure.to_string())
}
