//! The first sync of a portal with something of everything: what it calls, and how near its time comes to what the rate limit
//! alone allows. Real time, real pauses.

use std::collections::BTreeMap;
use std::time::Instant;

use app::App;
use domain::{ObjectType, PortalId, SyncSettings};
use rest::Clock;

use super::first_sync::PACE;
use super::{Figure, of_limit};
use crate::demo::{DemoError, Stage};
use crate::output::HubspotCalls;
use crate::pretend::{More, PORTAL, Scene};
use crate::worker;

/// Hundredths.
const TARGET_RATIO: u128 = 130;
/// Hundredths of the pace.
const LEAST_PACE: u64 = 85;
/// Calls that write records.
const MOST_WRITES: u64 = 340;
/// Calls that associate; fourteen is the floor, one for each two thousand pairs of each kind.
const MOST_ASSOCIATIONS: u64 = 180;
/// What a changed invoice may cost.
const MOST_FOR_ONE: u64 = 4;

/// What must have been made, so that what it took means something. Drafts and credits among the
/// 5,000 invoices are left out, and have no line items.
const LEAST: [(ObjectType, u64); 6] = [
    (ObjectType::Product, 300),
    (ObjectType::Client, 1_000),
    (ObjectType::Agreement, 500),
    (ObjectType::Invoice, 4_501),
    (ObjectType::Project, 200),
    (ObjectType::LineItem, 14_000),
];

/// Measures.
pub(super) async fn measure() -> Result<Vec<Figure>, DemoError> {
    let stage = set(&Clock::system()).await?;
    let app = &stage.machine.app;
    let started = Instant::now();
    round(app).await?;
    let took = started.elapsed().as_millis();
    let first = Calls::of(app);
    let made = made(app).await?;
    poll_all(app).await?;
    round(app).await?;
    let second = Calls::of(app).since(&first);
    let before = Calls::of(app);
    change_one_invoice(&stage);
    poll_all(app).await?;
    round(app).await?;
    let one = Calls::of(app).since(&before);
    let allowed = u128::from(first.on_the_pace * 1_000 / u64::from(PACE)).max(1);
    let ratio = took * 100 / allowed;
    let at_most = |name: &'static str, measured: u64, most: u64| Figure {
        name,
        measured: measured.to_string(),
        target: format!("at most {most}"),
        of_limit: (most > 0).then(|| of_limit(measured, most)).flatten(),
        met: measured <= most,
    };
    let what = format!("{}.{:02} ({took} ms for {} requests)", ratio / 100, ratio % 100, first.on_the_pace);
    let for_one = one.writes + one.associations;
    Ok(vec![
        all_made(&made),
        Figure {
            name: "whole portal, time against 9 requests/s alone",
            measured: what,
            target: "at most 1.30".to_owned(),
            of_limit: of_limit(ratio, TARGET_RATIO),
            met: ratio <= TARGET_RATIO,
        },
        at_most("whole portal, calls that write records", first.writes, MOST_WRITES),
        at_most("whole portal, calls that associate", first.associations, MOST_ASSOCIATIONS),
        at_most("whole portal, answers with 429", first.rate_limited, 0),
        at_most("whole portal, second run, writes", second.writes + second.associations, 0),
        Figure {
            name: "whole portal, calls for one changed invoice",
            measured: for_one.to_string(),
            target: format!("1 to {MOST_FOR_ONE}"),
            of_limit: of_limit(for_one, MOST_FOR_ONE),
            met: (1..=MOST_FOR_ONE).contains(&for_one),
        },
    ])
}

/// The portal of *Objects*, with all its invoices, however old.
async fn set(clock: &Clock) -> Result<Stage, DemoError> {
    let more = More { invoices: 5_000, agreements: 500, projects: 200 };
    let scene = Scene { more, latency: true, ..Scene::of(1_000, 300) };
    let stage = Stage::set(&scene, clock, None, None, &ObjectType::ALL).await?;
    let all = SyncSettings { invoice_window_months: None, ..SyncSettings::default() };
    stage.machine.app.store.put_sync_settings(PortalId(PORTAL), &all, 0).await?;
    Ok(stage)
}

/// How fast the first sync writes from its first write to its last, as a part of the pace that we allow ourselves, in hundredths.
/// Simulated time, so that it is the design that is measured and not this machine.
pub(super) fn pace() -> Result<Figure, DemoError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap_or_default());
    let (calls, took) = clock.run(async {
        let stage = set(&clock).await?;
        round(&stage.machine.app).await?;
        let writes: Vec<_> =
            stage.pretend.hubspot.requests().into_iter().filter(is_write).map(|line| line.at).collect();
        let took = writes.last().zip(writes.first()).map(|(last, first)| last.duration_since(*first));
        Ok::<_, DemoError>((writes.len() as u64, took.unwrap_or_default()))
    })?;
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or_default().max(1);
    let hundredths = calls * 100_000 / milliseconds;
    let share = hundredths / u64::from(PACE);
    Ok(Figure {
        name: "whole portal, object writes a second from the first to the last, simulated",
        measured: format!("{}.{:02} ({calls} writes in {milliseconds} ms)", hundredths / 100, hundredths % 100),
        target: format!("at least {LEAST_PACE} % of {PACE}"),
        of_limit: Some(share),
        met: share >= LEAST_PACE,
    })
}

/// Whether a request changes something and shares the budget of HubSpot's objects.
fn is_write(line: &hubspot_sim::RequestLine) -> bool {
    const OTHERS: [&str; 4] = ["/batch/read", "/search", "/properties", "/associations"];
    line.method != "GET" && line.path.starts_with("/crm/") && !OTHERS.iter().any(|other| line.path.contains(other))
}

/// Calls to HubSpot so far.
#[derive(Debug, Clone, Copy, Default)]
struct Calls {
    writes: u64,
    associations: u64,
    /// All that share the object budget, reads and properties too.
    on_the_pace: u64,
    rate_limited: u64,
}

impl Calls {
    fn of(app: &App) -> Self {
        let calls = app.calls.snapshot();
        let hubspot = HubspotCalls::of(&calls);
        let requests = &hubspot.requests;
        let associations = requests.associate;
        let others = requests.batch_read + requests.properties + requests.other;
        let archives = HubspotCalls::sent(&calls, "batch_archive");
        let writes = requests.batch_upsert + requests.batch_update + archives;
        Self { writes, associations, on_the_pace: writes + others - archives, rate_limited: hubspot.rate_limited }
    }

    fn since(&self, before: &Self) -> Self {
        Self {
            writes: self.writes - before.writes,
            associations: self.associations - before.associations,
            on_the_pace: self.on_the_pace - before.on_the_pace,
            rate_limited: self.rate_limited - before.rate_limited,
        }
    }
}

async fn round(app: &App) -> Result<(), DemoError> {
    worker::tick(app).await?;
    worker::work(app).await?;
    Ok(())
}

async fn poll_all(app: &App) -> Result<(), DemoError> {
    for object in ObjectType::POLLED {
        app.store.bring_forward(PortalId(PORTAL), object, app.clock.now()).await?;
    }
    Ok(())
}

/// How many records of each type were made.
type Made = BTreeMap<ObjectType, u64>;

async fn made(app: &App) -> Result<Made, DemoError> {
    let mut made = Made::new();
    for object in ObjectType::POLLED {
        let report = app.store.run_report(PortalId(PORTAL), object).await?;
        *made.entry(object).or_default() += report.counts.created;
        *made.entry(ObjectType::LineItem).or_default() += report.line_items.created;
    }
    Ok(made)
}

/// Nothing that was not made may look fast.
fn all_made(made: &Made) -> Figure {
    let count = |object: ObjectType| made.get(&object).copied().unwrap_or_default();
    let words = |count: &dyn Fn(ObjectType, u64) -> u64| {
        LEAST.map(|(object, least)| format!("{} {object}s", count(object, least))).join(", ")
    };
    Figure {
        name: "whole portal, records made",
        measured: words(&|object, _| count(object)),
        target: format!("at least {}", words(&|_, least| least)),
        of_limit: None,
        met: LEAST.into_iter().all(|(object, least)| count(object) >= least),
    }
}

/// A row more, another text on the first one, and a payment.
fn change_one_invoice(stage: &Stage) {
    stage.pretend.kleer.state(|state| {
        let company = state.company(1);
        let is_open = |invoice: &kleer_sim::Invoice| invoice.certified && !invoice.disabled && invoice.remaining > 100;
        let Some(id) = company.invoices().iter().find(|invoice| is_open(invoice)).map(|invoice| invoice.id) else {
            return;
        };
        company.pay_invoice(id, Some(100));
        company.edit_invoice(id, |invoice| {
            if let Some(row) = invoice.rows.first().cloned() {
                invoice.rows.push(row);
            }
            if let Some(first) = invoice.rows.first_mut() {
                first.description.push_str(" (changed)");
            }
        });
    });
}

#[cfg(test)]
mod tests;
