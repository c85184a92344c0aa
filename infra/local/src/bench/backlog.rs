//! What one portal's backlog does to another portal's change: from the change in Kleer until HubSpot has it, and for the queue of
//! AWS alone in the worst case. Simulated time: Kleer answers after 100 ms, a batch of HubSpot's after 300 ms and 2 ms per record;
//! batches are handed out as by SQS and Lambda, one of a portal at a time.

mod one_worker;

use std::pin::pin;
use std::time::Duration;

use app::{App, Config, Credentials};
use domain::{KleerCompanyId, ObjectType, PortalId, schedule};
use futures::future::{Either, select};
use jiff::Timestamp;
use queue::QueueName;
use rest::Clock;
use sync::NewPortal;

use super::{Figure, of_limit};
use crate::cost::CostError;
use crate::demo::DemoError;
use crate::machine::{Home, Machine};
use crate::pretend::{APP_TOKEN, COMPANY, KLEER_KEY, NEXT_APP_TOKEN, PORTAL, Pretend, Scene};
use crate::worker;

const CHANGES: u32 = 100_000;
const TARGET: Duration = Duration::from_secs(5);
/// The portal beside the one with the backlog, and its Kleer company.
const NEXT: i64 = PORTAL + 1;
const NEXT_COMPANY: i64 = COMPANY + 1;
/// How often HubSpot is looked into.
const GLANCE: Duration = Duration::from_millis(50);
/// A change that is not there by then never comes.
const LATEST: Duration = Duration::from_secs(60 * 60);

/// A change that was waited for.
#[derive(Debug, Clone, Copy)]
struct Change {
    /// From the change in Kleer, whose portal is due at that moment, until HubSpot has it.
    took: Duration,
    /// How many pages of the other portal waited when the change was made, and when it was in HubSpot.
    waiting: [usize; 2],
}

/// Measures.
pub(super) fn measure() -> Result<Vec<Figure>, CostError> {
    let mut figures = figures(CHANGES)?;
    figures.extend(one_worker::measure()?);
    Ok(figures)
}

fn figures(changes: u32) -> Result<Vec<Figure>, DemoError> {
    let alone = one_change(0)?;
    let beside = one_change(changes)?;
    let delay = beside.took.saturating_sub(alone.took);
    // Otherwise there was no backlog while the change travelled.
    let real = beside.waiting.iter().all(|pages| *pages > 0);
    let [before, after] = beside.waiting;
    Ok(vec![Figure {
        name: "backlog of one portal, delay of another's change",
        measured: format!(
            "{} ms ({} ms; alone {} ms; {changes} changes, {before} and {after} pages waiting)",
            delay.as_millis(),
            beside.took.as_millis(),
            alone.took.as_millis()
        ),
        target: format!("less than {} s", TARGET.as_secs()),
        of_limit: of_limit(delay.as_millis(), TARGET.as_millis()),
        met: delay < TARGET && real,
    }])
}

/// One change in a portal, beside another one with so many changes to be written.
fn one_change(backlog: u32) -> Result<Change, DemoError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap_or_default());
    clock.run(async {
        let scene = Scene { latency: true, ..Scene::of(backlog, 0) };
        let pretend = Pretend::start(&scene, &clock, None).map_err(DemoError::Simulators)?;
        let client = pretend.kleer.state(|state| {
            let company = state.add_company(NEXT_COMPANY, kleer_sim::CompanyInformation::default());
            company.set_token(KLEER_KEY, [kleer_sim::AccessType::Administrator]);
            company.add_client(kleer_sim::Client { name: "Åkeri AB".to_owned(), ..kleer_sim::Client::default() })
        });
        let machine =
            Machine::start(Config::read(|_| None)?, &Home::Memory, clock.clone(), pretend.transports()).await?;
        let app = &machine.app;
        connect(app, NEXT, NEXT_COMPANY, NEXT_APP_TOKEN).await?;
        worker::tick(app).await?;
        worker::work(app).await?;
        let watching = watch(app, &pretend, client, backlog);
        // The tick of a minute that comes first is not what is measured: `watch` ticks.
        let working = worker::run(app, LATEST, std::future::pending());
        match select(pin!(watching), pin!(working)).await {
            Either::Left((change, _)) => change,
            Either::Right(((), _)) => unreachable!("the worker goes on for ever"),
        }
    })
}

/// Lets the other portal's backlog come, makes the change, and waits for it.
async fn watch(app: &App, pretend: &Pretend, client: i64, backlog: u32) -> Result<Change, DemoError> {
    const PHONE: &str = "08-123 45 67";
    if backlog > 0 {
        connect(app, PORTAL, COMPANY, APP_TOKEN).await?;
        worker::tick(app).await?;
        until(app, || app.queue.depth(QueueName::Sync) > 0).await;
        // In the midst of it, not at its begin.
        app.clock.sleep(TARGET).await;
    }
    let before = app.queue.depth(QueueName::Sync);
    let began = app.clock.now();
    pretend
        .kleer
        .state(|state| state.company(NEXT_COMPANY).edit_client(client, |client| client.phone = PHONE.to_owned()));
    app.store.bring_forward(PortalId(NEXT), ObjectType::Client, began).await?;
    worker::tick(app).await?;
    let has_it = || {
        let companies = pretend.hubspot.records(NEXT.unsigned_abs(), "companies");
        companies.iter().any(|company| company.get("phone") == Some(PHONE))
    };
    until(app, has_it).await;
    let took = span(began, app.clock.now());
    Ok(Change { took, waiting: [before, app.queue.depth(QueueName::Sync)] })
}

async fn until(app: &App, there: impl Fn() -> bool) {
    let latest = schedule::later(app.clock.now(), LATEST);
    while !there() && app.clock.now() < latest {
        app.clock.sleep(GLANCE).await;
    }
}

async fn connect(app: &App, portal: i64, company: i64, token: &str) -> Result<(), DemoError> {
    let new = NewPortal {
        portal: PortalId(portal),
        kleer_company: KleerCompanyId(company),
        credentials: Credentials { access_token: token.into(), kleer_key: KLEER_KEY.into() },
        objects: vec![ObjectType::Client],
        every_s: None,
    };
    Ok(sync::set_up_portal(app, &new).await?)
}

fn span(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_of_one_portal_does_not_hold_up_another() {
        // Enough for nine writes a second to take longer than the target and some.
        let figures = crate::cost::on_its_own_thread(|| figures(9_000)).unwrap();
        assert!(figures[0].met, "{figures:?}");
    }
}
