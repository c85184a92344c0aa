//! Many deals enrolled at once, in two workflows each: how fast they become invoices, that none of them becomes two, and that the
//! limits of both sides are kept. Simulated time: Kleer answers after 100 ms, a batch of HubSpot's after 300 ms and 2 ms per record;
//! HubSpot calls twenty at once and comes again when it is told to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::time::Duration;

use app::{App, Config, Credentials};
use domain::{KleerCompanyId, ObjectType, PortalId};
use futures::future::select;
use hubspot::{AssociationSpec, BATCH_LIMIT, LabelledPair, Pair};
use hubspot_sim::ExecutionState;
use rest::Clock;
use sync::NewPortal;

use super::{Figure, of_limit};
use crate::machine::{Home, Machine};
use crate::pretend::{self, APP_TOKEN, COMPANY, KLEER_KEY, PORTAL, Pretend, Scene};
use crate::worker;

const DEALS: usize = 1_000;
const WORKFLOWS: usize = 2;
/// HubSpot wants its answer within this (contract hubspot-platform §6.3).
const ANSWER: Duration = Duration::from_secs(10);
/// A thousand invoices take a quarter of an hour at Kleer's pace: four requests a second, and at least three for each.
const TARGET_PER_DEAL: Duration = Duration::from_secs(3);
/// HubSpot comes again after pauses of its own, a minute at first, whatever it was told of when.
const PATIENCE: Duration = Duration::from_secs(3 * 60);
/// HubSpot's types of a deal's primary company and of its line items (contract hubspot-crm §6).
const PRIMARY: u32 = 5;
const LINE_ITEM: u32 = 19;

/// Why nothing could be measured.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What came of HubSpot's requests: how many answers of each status (none: no answer), and the longest.
#[derive(Debug, Default)]
struct Answers {
    of: BTreeMap<Option<u16>, usize>,
    longest: Duration,
}

impl Answers {
    fn note(&mut self, status: Option<u16>, took: Duration) {
        *self.of.entry(status).or_default() += 1;
        self.longest = self.longest.max(took);
    }

    fn of(&self, status: u16) -> usize {
        self.of.get(&Some(status)).copied().unwrap_or_default()
    }
}

/// What was measured.
#[derive(Debug)]
struct Measured {
    deals: usize,
    took: Duration,
    answers: Answers,
    /// Executions that ended well.
    succeeded: usize,
    in_kleer: usize,
    /// Different ids on the deals.
    on_deals: usize,
    in_hubspot: usize,
    /// Refusals for our pace by either service.
    refused: u64,
}

/// Measures.
pub(super) fn measure() -> Result<Vec<Figure>, Failed> {
    Ok(figures(&crowd(DEALS)?))
}

fn figures(measured: &Measured) -> Vec<Figure> {
    let Measured { deals, took, answers, succeeded, in_kleer, on_deals, in_hubspot, refused } = measured;
    let (deals, limit) = (*deals, PATIENCE + TARGET_PER_DEAL * u32::try_from(*deals).unwrap_or(u32::MAX));
    let per_second = (deals * WORKFLOWS) as u128 * 10_000 / took.as_millis().max(1);
    vec![
        Figure {
            name: "workflow actions: deals enrolled at once in two workflows become invoices within",
            measured: format!(
                "{} s ({deals} deals; {}.{} calls done a second; {} answers of 200, {} of 429, {} of 503; the longest took {} ms)",
                took.as_secs(),
                per_second / 10,
                per_second % 10,
                answers.of(200),
                answers.of(429),
                answers.of(503),
                answers.longest.as_millis()
            ),
            target: format!("at most {} s, each answer within {} s", limit.as_secs(), ANSWER.as_secs()),
            of_limit: of_limit(took.as_millis(), limit.as_millis()),
            met: *took <= limit && answers.longest <= ANSWER && *succeeded == deals * WORKFLOWS,
        },
        Figure {
            name: "workflow actions: invoices in Kleer, on the deals, in HubSpot",
            measured: format!("{in_kleer}, {on_deals}, {in_hubspot}; {} too many", in_kleer.saturating_sub(deals)),
            target: format!("{deals} each"),
            of_limit: None,
            met: [*in_kleer, *on_deals, *in_hubspot] == [deals; 3],
        },
        Figure {
            name: "workflow actions: refusals of either service for our pace",
            measured: refused.to_string(),
            target: "0".to_owned(),
            of_limit: None,
            met: *refused == 0,
        },
    ]
}

fn crowd(deals: usize) -> Result<Measured, Failed> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap_or_default());
    clock.run(async {
        let scene = Scene { latency: true, ..Scene::of(5, 2) };
        let pretend = Pretend::start(&scene, &clock, None)?;
        let config = Config::read(pretend::variable)?;
        let machine = Machine::start(config, &Home::Memory, clock.clone(), pretend.transports()).await?;
        let app = &machine.app;
        connect(app).await?;
        worker::tick(app).await?;
        worker::work(app).await?;
        let records = enrolled(app, &pretend, deals).await?;
        // Nobody calls before all are enrolled.
        pretend.hubspot.calls(&app.config.public_base_url)?;
        for deal in records.iter().flat_map(|deal| [*deal; WORKFLOWS]) {
            let portal = PORTAL.unsigned_abs();
            pretend.hubspot.enrol(portal, "deals", deal, "create-invoice", &[])?;
        }
        Ok(rush(app, &pretend, &records).await)
    })
}

async fn connect(app: &App) -> Result<(), Failed> {
    let new = NewPortal {
        portal: PortalId(PORTAL),
        kleer_company: KleerCompanyId(COMPANY),
        credentials: Credentials { access_token: APP_TOKEN.into(), kleer_key: KLEER_KEY.into() },
        objects: vec![ObjectType::Product, ObjectType::Client, ObjectType::LineItem],
        every_s: None,
    };
    Ok(sync::set_up_portal(app, &new).await?)
}

/// Deals, each of a client and with one line item.
async fn enrolled(app: &App, pretend: &Pretend, count: usize) -> Result<Vec<u64>, Failed> {
    let (portal, hubspot) = (PORTAL.unsigned_abs(), &pretend.hubspot);
    let make = |object: &str, values: &[(&str, &str)]| hubspot.person_creates(portal, object, values);
    let product = hubspot.records(portal, "products").first().map(|one| one.id.to_string()).unwrap_or_default();
    let company = hubspot.records(portal, "companies").first().map(|one| one.id).unwrap_or_default();
    let (mut deals, mut companies, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        let deal = make("deals", &[("dealname", "Affär"), ("pipeline", "default"), ("dealstage", "closedwon")])?;
        let line = [("name", "Analys"), ("price", "950"), ("quantity", "2"), ("hs_product_id", product.as_str())];
        lines.push(pair(deal, make("line_items", &line)?, LINE_ITEM));
        companies.push(pair(deal, company, PRIMARY));
        deals.push(deal);
    }
    let connection = app.connect(PortalId(PORTAL)).await?;
    for (object, pairs) in [("companies", companies), ("line_items", lines)] {
        for pairs in pairs.chunks(BATCH_LIMIT) {
            let made = connection.hubspot.associations().create_labelled("deals", object, pairs).await;
            made?;
        }
    }
    Ok(deals)
}

fn pair(from: u64, to: u64, type_id: u32) -> LabelledPair {
    let pair = Pair { from: from.to_string(), to: to.to_string() };
    LabelledPair { pair, types: vec![AssociationSpec::hubspot_defined(type_id)] }
}

/// HubSpot calls for all of them, until each has ended; then what is still to be shown is shown.
async fn rush(app: &App, pretend: &Pretend, deals: &[u64]) -> Measured {
    const GLANCE: Duration = Duration::from_secs(5);
    let (portal, hubspot, begun) = (PORTAL.unsigned_abs(), &pretend.hubspot, app.clock.now());
    let answers = RefCell::new(Answers::default());
    let speaking = pretend.deliver_for_ever(app, |status, took| answers.borrow_mut().note(status, took));
    let ended = async {
        while hubspot.executions().iter().any(|one| one.state == ExecutionState::Waiting) {
            app.clock.sleep(GLANCE).await;
        }
    };
    select(pin!(worker::run(app, Duration::from_secs(60), ended)), pin!(speaking)).await;
    let took = Duration::try_from(app.clock.now().duration_since(begun)).unwrap_or_default();
    // What was made last is pushed.
    worker::run(app, Duration::from_secs(60), app.clock.sleep(Duration::from_secs(120))).await;
    let id = |deal: &u64| hubspot.record(portal, "deals", *deal)?.get("kleer_invoice_id").map(str::to_owned);
    let succeeded = |one: &&hubspot_sim::Execution| one.state == ExecutionState::Succeeded;
    Measured {
        deals: deals.len(),
        took,
        answers: answers.into_inner(),
        succeeded: hubspot.executions().iter().filter(succeeded).count(),
        in_kleer: pretend.kleer.state(|state| state.company(COMPANY).count(kleer_sim::Kind::Invoice)),
        on_deals: deals.iter().filter_map(id).collect::<BTreeSet<_>>().len(),
        in_hubspot: hubspot.records(portal, "invoices").len(),
        refused: app.calls.snapshot().values().map(|count| count.rate_limited).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_of_deals_becomes_as_many_invoices() {
        let figures = crate::cost::on_its_own_thread(|| crowd(15)).map(|measured| figures(&measured)).unwrap();
        assert!(figures.iter().all(|figure| figure.met), "{figures:?}");
    }
}
