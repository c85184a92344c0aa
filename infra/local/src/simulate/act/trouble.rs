//! What goes wrong by itself: spells of bad weather over either service, the queue, the store, the process.

use hubspot_sim as hub;
use kleer_sim as kl;

use super::super::deeds::Trouble;
use super::super::random::Random;
use super::super::run::Interruption;
use super::super::stage::{Stage, Tenant};
use super::{Did, books};
use crate::fuse::Moment;
use crate::weather::Odds;

/// How long a spell lasts, in seconds, from and to; none for what happens in a moment.
pub(in crate::simulate) const fn lasts(trouble: Trouble) -> Option<(u64, u64)> {
    Some(match trouble {
        Trouble::HubSpotFails | Trouble::KleerFails => (3_600, 6 * 3_600),
        Trouble::HubSpotDown | Trouble::KleerDown => (300, 5 * 3_600),
        Trouble::HubSpotSlow | Trouble::KleerSlow | Trouble::HubSpotMixed => (3_600, 4 * 3_600),
        Trouble::HubSpotEmpty | Trouble::KleerEmpty | Trouble::KleerLate | Trouble::Store => (1_200, 2 * 3_600),
        Trouble::HubSpotMoves => (600, 2_400),
        Trouble::WebhooksFail => (2 * 3_600, 26 * 3_600),
        Trouble::Queue => (3_600, 8 * 3_600),
        Trouble::Search => (2 * 3_600, 20 * 3_600),
        Trouble::PageShift | Trouble::Kill | Trouble::Die => return None,
    })
}

/// A spell begins or ends: both services, the queue and the store are as all the spells that go on want it.
pub(super) fn changes(stage: &Stage, trouble: Trouble, begins: bool, random: &mut Random) -> Did {
    let mut spells = stage.spells.borrow_mut();
    if begins {
        spells.push(trouble);
    } else if let Some(place) = spells.iter().position(|one| *one == trouble) {
        spells.remove(place);
    }
    let seed = random.number();
    let hubspot = spells.iter().flat_map(|spell| hubspot_rules(*spell, random)).collect();
    stage.pretend.hubspot.faults(hub::Faults { seed, rules: hubspot });
    let kleer = spells.iter().flat_map(|spell| kleer_rules(*spell)).collect();
    stage.pretend.kleer.faults(kl::Faults { seed, rules: kleer, most_in_a_row: None });
    stage.twists.set(spells.contains(&Trouble::Queue));
    let odds = Odds { throttled: 15, failed: 8, lost: 8, contended: 30 };
    stage.ground.weather.change(if spells.contains(&Trouble::Store) { odds } else { Odds::default() });
    let fails = spells.contains(&Trouble::WebhooksFail);
    let delay_ms = random.weighted(&[(3, 5_000), (2, 3_600_000), (1, 86_000_000)]).unwrap_or(0);
    let set = stage.pretend.hubspot.webhooks(|webhooks| {
        (webhooks.duplicates, webhooks.lost, webhooks.delay_ms) = if fails { (300, 150, delay_ms) } else { (0, 0, 0) };
    });
    debug_assert!(set.is_ok(), "{set:?}");
    let lag = if spells.contains(&Trouble::Search) { 900_000 } else { stage.plan.search_lag_ms };
    for tenant in &stage.tenants {
        stage.pretend.hubspot.switch(tenant.hub(), |switches| switches.search_lag_ms = lag);
    }
    Did { text: if begins { "begins" } else { "is over" }.to_owned(), tags: Vec::new() }
}

fn hubspot_rule(probability: u32, fault: hub::Fault) -> hub::Rule {
    hub::Rule { matches: hub::Match::default(), probability, times: None, skip: 0, fault }
}

fn batches(rule: hub::Rule) -> hub::Rule {
    let matches = hub::Match { method: Some("POST".to_owned()), path_contains: Some("/batch/".to_owned()) };
    hub::Rule { matches, ..rule }
}

fn hubspot_rules(spell: Trouble, random: &mut Random) -> Vec<hub::Rule> {
    let status = |status, saved| hub::Fault::Status { status, retry_after: None, saved, body: None };
    match spell {
        Trouble::HubSpotFails => hub::Faults::heavy(0).rules,
        Trouble::HubSpotDown => match random.below(3) {
            0 => vec![hubspot_rule(1_000, status(503, false))],
            1 => vec![hubspot_rule(1_000, hub::Fault::Html { status: 502, saved: false })],
            _ => vec![hubspot_rule(1_000, hub::Fault::NotSent {})],
        },
        Trouble::HubSpotSlow => {
            vec![hubspot_rule(600, hub::Fault::LatencyMs { base: 9_000, per_record: 40 })]
        }
        Trouble::HubSpotMixed => vec![batches(hubspot_rule(300, hub::Fault::Mixed { every: 2 }))],
        Trouble::HubSpotEmpty => vec![batches(hubspot_rule(500, hub::Fault::Empty {}))],
        Trouble::HubSpotMoves => {
            let moving = hub::Fault::Status { status: 477, retry_after: Some(600), saved: false, body: None };
            vec![hubspot_rule(1_000, moving)]
        }
        _ => Vec::new(),
    }
}

fn kleer_rule(method: Option<&str>, probability: u16, fault: kl::Fault) -> kl::faults::Rule {
    let matching = kl::faults::Match { method: method.map(str::to_owned), path_contains: None };
    kl::faults::Rule { matching, probability, times: None, skip: None, fault }
}

fn kleer_rules(spell: Trouble) -> Vec<kl::faults::Rule> {
    match spell {
        Trouble::KleerFails => kl::Faults::heavy(0).rules,
        Trouble::KleerDown => {
            let down = kl::Fault::Status { status: 503, retry_after: None, saved: false, body: Some(String::new()) };
            vec![kleer_rule(None, 1_000, down)]
        }
        Trouble::KleerSlow => vec![kleer_rule(None, 600, kl::Fault::LatencyMs { base: 15_000, per_record: 20 })],
        Trouble::KleerEmpty => vec![kleer_rule(Some("GET"), 500, kl::Fault::Empty {})],
        Trouble::KleerLate => vec![
            kleer_rule(Some("PUT"), 500, kl::Fault::Late { after: 40_000 }),
            kleer_rule(Some("PUT"), 300, kl::Fault::Reset { saved: true }),
        ],
        _ => Vec::new(),
    }
}

/// What happens in a moment.
pub(super) fn strikes(
    stage: &Stage,
    tenant: Tenant,
    trouble: Trouble,
    random: &mut Random,
) -> (Option<Did>, Option<Interruption>) {
    let did = |text: String| Some(Did { text, tags: Vec::new() });
    match trouble {
        Trouble::Kill => (did("now".to_owned()), Some(Interruption::Kill)),
        Trouble::Die => {
            let call = random.between(1, 120);
            let moment = if random.chance(500) { Moment::Before } else { Moment::After };
            (did(format!("{moment:?} call {call}")), Some(Interruption::DieAt(call, moment)))
        }
        Trouble::PageShift => {
            for _ in 0..random.between(1, 4) {
                books::between_pages(stage, tenant, random);
            }
            (did("waits for the next list of invoices".to_owned()), None)
        }
        _ => (None, None),
    }
}
