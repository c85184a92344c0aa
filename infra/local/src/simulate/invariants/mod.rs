//! What must hold of every run, by name. A verdict says where it does not, and which records that is about.

mod books;
pub(super) mod edits;
mod equal;
mod money;
mod once;

use serde::Serialize;

use super::journal::Tag;
use super::stage::Stage;
use books::Books;
pub(super) use books::ids;

/// The names of what must hold, in the order of the table.
pub(super) const NAMES: [&str; 9] = [
    "no loss",
    "no duplicate",
    "no echo",
    "no cross-portal access",
    "never chargeable",
    "every record has a state",
    "money equal to the öre",
    "quiet when idle",
    "converged within 3 cycles",
];

/// Where something does not hold.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Violation {
    /// What is wrong, a sentence.
    pub(super) message: String,
    /// What happened to the records concerned, in order.
    pub(super) story: Vec<String>,
}

/// Whether something holds.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Verdict {
    /// One of [`NAMES`].
    pub(super) name: &'static str,
    /// Where it does not; empty if it holds.
    pub(super) violations: Vec<Violation>,
}

impl Verdict {
    /// Whether it holds.
    pub(super) fn holds(&self) -> bool {
        self.violations.is_empty()
    }
}

/// What one check found: a sentence, and the records that it is about.
pub(super) type Found = (String, Vec<Tag>);

fn verdict(stage: &Stage, name: &'static str, found: Vec<Found>) -> Verdict {
    let violations =
        found.into_iter().map(|(message, tags)| Violation { message, story: stage.journal.story(&tags) }).collect();
    Verdict { name, violations }
}

/// What becomes true when faults have stopped and some time has passed.
pub(super) fn converged(stage: &Stage) -> Vec<Verdict> {
    let books: Vec<Books> = stage.tenants.iter().map(|tenant| Books::read(stage, *tenant)).collect();
    let all = |check: fn(&Stage, &Books) -> Vec<Found>| -> Vec<Found> {
        books.iter().flat_map(|books| check(stage, books)).collect()
    };
    let loss = [all(equal::no_loss), all(edits::kept)].concat();
    vec![
        verdict(stage, "no loss", loss),
        verdict(stage, "no duplicate", all(once::no_duplicate)),
        verdict(stage, "no cross-portal access", all(once::apart)),
        verdict(stage, "never chargeable", [all(once::never_chargeable), alarms(stage)].concat()),
        verdict(stage, "every record has a state", all(once::has_a_state)),
        verdict(stage, "money equal to the öre", all(money::equal)),
    ]
}

/// What the pretend HubSpot rang an alarm for.
fn alarms(stage: &Stage) -> Vec<Found> {
    let alarms = stage.pretend.hubspot.alarms();
    alarms.iter().map(|alarm| (format!("the app wrote {alarm:?}"), Vec::new())).collect()
}

/// Nobody wrote anything since.
pub(super) fn quiet(stage: &Stage, before: (usize, usize)) -> Verdict {
    let mut found = Vec::new();
    for (service, writes, before) in
        [("HubSpot", stage.tap.hubspot_writes(), before.0), ("Kleer", stage.tap.kleer_writes(), before.1)]
    {
        for write in writes.iter().skip(before) {
            let body: String = String::from_utf8_lossy(&write.body).chars().take(400).collect();
            let text = format!("{service} was written to at {:.3}: {} {} {body}", write.at, write.method, write.path);
            found.push((text, Vec::new()));
        }
    }
    verdict(stage, "quiet when idle", found)
}

/// What must hold of everything that happened, and of how long it took.
pub(super) fn over_all(stage: &Stage, cycles: u32, before: &[Verdict]) -> Vec<Verdict> {
    let echoes = stage.echoes.borrow().iter().map(|text| (text.clone(), Vec::new())).collect();
    let late = before.iter().filter(|verdict| !verdict.holds()).map(|verdict| {
        (format!("after {cycles} cycles without faults it does not hold: {}", verdict.name), Vec::new())
    });
    vec![verdict(stage, "no echo", echoes), verdict(stage, "converged within 3 cycles", late.collect())]
}
