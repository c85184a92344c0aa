//! A seed becomes a plan: what the world is like, and what happens in it when. The plan is a value that can be printed; nothing
//! of it depends on what the product does.

use std::time::Duration;

use domain::{ObjectType, schedule};
use jiff::Timestamp;

use super::act::trouble::lasts;
use super::deeds::{Admin, Deed, HubSpot, Kleer, Settings, Trouble, Workflow};
use super::random::Random;

/// Where weeks begin: an ordinary one, and those in which Sweden changes its clocks (25 October 2026, 28 March 2027).
const BEGINNINGS: [(u64, &str); 4] = [
    (5, "2026-11-16T06:00:00Z"),
    (2, "2026-10-22T06:00:00Z"),
    (2, "2027-03-25T06:00:00Z"),
    (1, "2026-12-28T06:00:00Z"),
];

/// What a run is asked to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// How many days things happen on.
    pub(super) days: u32,
    /// How many things happen in a day, faults apart.
    pub(super) events_a_day: u32,
    /// Nothing goes wrong.
    pub(super) calm: bool,
}

/// Something that happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happening {
    /// When.
    pub(super) at: Timestamp,
    /// Whose records it is about, from 0.
    pub(super) tenant: usize,
    /// What.
    pub(super) deed: Deed,
    /// Decides what is left open: which record, which value.
    pub(super) luck: u64,
}

/// Everything that a seed decides.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    /// One or two customers.
    pub(super) tenants: usize,
    /// Answers take as long as they do in reality.
    pub(super) latency: bool,
    /// Two processes, of which one speaks to an older version of HubSpot's API.
    pub(super) two_versions: bool,
    /// So few invoices that lists have several pages.
    pub(super) invoices_a_page: u32,
    /// Seconds between two ticks.
    pub(super) tick_s: u32,
    /// Seconds between two polls of clients and projects.
    beat_s: u32,
    /// A merge makes a new record, as HubSpot has done lately.
    pub(super) merge_makes_new: bool,
    /// Milliseconds that a change is hidden from search.
    pub(super) search_lag_ms: u64,
    /// Milliseconds until a new property can be used.
    pub(super) property_delay_ms: u64,
    /// Records of each kind at the beginning.
    pub(super) clients: u64,
    /// What happens, in order.
    pub(super) script: Vec<Happening>,
}

impl Plan {
    /// What the seed says.
    pub(super) fn of(seed: u64, wanted: Wanted) -> Self {
        let mut random = Random::of(seed, 0);
        let beginning = random.weighted(&BEGINNINGS).unwrap_or(BEGINNINGS[0].1);
        let start: Timestamp = beginning.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        let start = schedule::later(start, Duration::from_secs(random.below(12 * 3_600)));
        let end = schedule::later(start, Duration::from_secs(u64::from(wanted.days) * 86_400));
        let mut plan = Self {
            seed,
            start,
            end,
            tenants: if random.chance(350) { 2 } else { 1 },
            latency: random.chance(400),
            two_versions: random.chance(200) && !wanted.calm,
            invoices_a_page: random.weighted(&[(1, 3), (1, 7), (1, 100)]).unwrap_or(100),
            tick_s: random.weighted(&[(1, 300), (4, 1_200), (2, 3_600)]).unwrap_or(1_200),
            beat_s: random.weighted(&[(1, 1_800), (2, 3_600), (1, 7_200)]).unwrap_or(3_600),
            merge_makes_new: random.chance(500),
            search_lag_ms: random.weighted(&[(1, 0), (1, 1_000), (1, 20_000)]).unwrap_or(0),
            property_delay_ms: random.below(2) * 500,
            clients: random.between(4, 9),
            script: Vec::new(),
        };
        plan.script = plan.happenings(wanted, &mut Random::of(seed, 1));
        plan
    }

    /// Seconds between two polls of a type.
    pub(super) fn interval_s(&self, object: ObjectType) -> u32 {
        match object {
            ObjectType::Product => self.beat_s * 4,
            ObjectType::Client | ObjectType::Project => self.beat_s,
            ObjectType::Agreement | ObjectType::Invoice | ObjectType::LineItem => self.beat_s * 2,
        }
    }

    fn happenings(&self, wanted: Wanted, random: &mut Random) -> Vec<Happening> {
        let span = u64::from(wanted.days) * 86_400_000;
        let (edits, troubles) = (wanted.days * wanted.events_a_day, if wanted.calm { 0 } else { wanted.days * 4 });
        let mut script = Vec::new();
        for number in 0..edits + troubles {
            let at = schedule::later(self.start, Duration::from_millis(random.below(span)));
            let tenant = usize::try_from(random.below(self.tenants as u64)).unwrap_or(0);
            let deed = if number < edits { everyday(random) } else { trouble(random) };
            let Some(deed) = deed.filter(|deed| !wanted.calm || !deed.is_trouble()) else { continue };
            script.push(Happening { at, tenant, deed, luck: random.number() });
            if let Deed::Trouble(trouble) = deed
                && let Some((least, most)) = lasts(trouble)
            {
                let over = schedule::later(at, Duration::from_secs(random.between(least, most)));
                script.push(Happening { at: over, tenant, deed: Deed::Over(trouble), luck: random.number() });
            }
            // People who change something are often not done with it; others are at it at the same time.
            if number < edits && random.chance(150) {
                let soon = schedule::later(at, Duration::from_millis(random.below(90_000)));
                script.extend(everyday(random).map(|deed| Happening { at: soon, tenant, deed, luck: random.number() }));
            }
        }
        script.retain(|happening| happening.at < self.end && (!wanted.calm || !happening.deed.is_trouble()));
        script.sort_by_key(|happening| happening.at);
        script
    }
}

/// What people do.
fn everyday(random: &mut Random) -> Option<Deed> {
    let kinds = [(46, 0), (30, 1), (7, 2), (11, 3), (2, 4)];
    match random.weighted(&kinds)? {
        0 => random.weighted(Kleer::WEIGHTS).map(Deed::Kleer),
        1 => random.weighted(HubSpot::WEIGHTS).map(Deed::HubSpot),
        2 => random.weighted(Settings::WEIGHTS).map(Deed::Settings),
        3 => random.weighted(Workflow::WEIGHTS).map(Deed::Workflow),
        _ => random.weighted(Admin::WEIGHTS).map(Deed::Admin),
    }
}

/// What goes wrong.
fn trouble(random: &mut Random) -> Option<Deed> {
    random.weighted(Trouble::WEIGHTS).map(Deed::Trouble)
}
