//! The first sync of a portal with something of everything: what it calls, and how near its time comes to what the rate limit
//! alone allows. Real time, real pauses.

use std::collections::BTreeMap;
use std::time::Instant;

use app::App;
use domain::{Counts, ObjectType, PortalId, SyncSettings};
use rest::Clock;

use super::Figure;
use super::first_sync::PACE;
use crate::demo::{DemoError, Stage};
use crate::output::HubspotCalls;
use crate::pretend::{More, PORTAL, Scene};
use crate::worker;

/// Hundredths.
const TARGET_RATIO: u128 = 130;
/// Calls that write records.
const MOST_WRITES: u64 = 340;
/// Calls that associate; fourteen is the floor, one for each two thousand pairs of each kind.
const MOST_ASSOCIATIONS: u64 = 180;
/// What a changed invoice may cost.
const MOST_FOR_ONE: u64 = 4;

/// Measures.
pub(super) async fn measure() -> Result<Vec<Figure>, DemoError> {
    let more = More { invoices: 5_000, agreements: 500, projects: 200 };
    let scene = Scene { more, latency: true, ..Scene::of(1_000, 300) };
    let stage = Stage::set(&scene, &Clock::system(), None, None, &ObjectType::ALL).await?;
    let app = &stage.machine.app;
    // All invoices, however old.
    let all = SyncSettings { invoice_window_months: None, ..SyncSettings::default() };
    app.store.put_sync_settings(PortalId(PORTAL), &all, 0).await?;
    let started = Instant::now();
    round(app).await?;
    let took = started.elapsed().as_millis();
    let first = Calls::of(app);
    let counts = counts(app).await?;
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
        met: measured <= most,
    };
    let what = format!("{}.{:02} ({took} ms for {} requests; {counts})", ratio / 100, ratio % 100, first.on_the_pace);
    Ok(vec![
        Figure {
            name: "whole portal, time against 9 requests/s alone",
            measured: what,
            target: "at most 1.30".to_owned(),
            met: ratio <= TARGET_RATIO,
        },
        at_most("whole portal, calls that write records", first.writes, MOST_WRITES),
        at_most("whole portal, calls that associate", first.associations, MOST_ASSOCIATIONS),
        at_most("whole portal, answers with 429", first.rate_limited, 0),
        at_most("whole portal, second run, writes", second.writes + second.associations, 0),
        at_most("whole portal, calls for one changed invoice", one.writes + one.associations, MOST_FOR_ONE),
    ])
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

/// What was made, in words.
async fn counts(app: &App) -> Result<String, DemoError> {
    let mut made: BTreeMap<ObjectType, Counts> = BTreeMap::new();
    for object in ObjectType::POLLED {
        let report = app.store.run_report(PortalId(PORTAL), object).await?;
        made.entry(object).or_default().add(&report.counts);
        made.entry(ObjectType::LineItem).or_default().add(&report.line_items);
    }
    let words = made.iter().map(|(object, counts)| format!("{} {object}s", counts.created));
    Ok(words.collect::<Vec<_>>().join(", "))
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
