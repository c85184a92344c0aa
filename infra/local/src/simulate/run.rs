//! One seed, from the install to the verdict.

use std::cell::Cell;
use std::time::Duration;

use domain::{ObjectType, schedule};
use serde::Serialize;

use super::invariants::{self, Verdict};
use super::live::Ending;
use super::plan::{Happening, Plan, Wanted};
use super::stage::Stage;
use super::{act, calm};
use crate::fuse::{Fuse, Moment};

/// So many cycles after the faults have stopped, HubSpot says what Kleer says.
pub(super) const CYCLES: u32 = 3;
/// A cycle: everything is polled, compared, and tried again that was refused, because the user asks for it; and some time passes.
const CYCLE: Duration = Duration::from_secs(3 * 3_600);
/// Long enough for the schedule, besides what the user asks for, to find nothing to do.
const IDLE: Duration = Duration::from_secs(9 * 3_600);

/// What came of a seed.
#[derive(Debug, Serialize)]
pub(super) struct Outcome {
    pub(super) seed: u64,
    /// A number for everything that both services were asked.
    pub(super) digest: String,
    /// Requests of the product to both services.
    pub(super) requests: u64,
    /// How often what happened.
    pub(super) happened: std::collections::BTreeMap<String, u64>,
    /// Cycles until it had converged.
    pub(super) cycles: u32,
    pub(super) verdicts: Vec<Verdict>,
    /// Everything that happened, if it was asked for.
    #[serde(skip)]
    pub(super) log: Vec<String>,
}

/// What interrupted the script.
pub(super) enum Interruption {
    /// The process is killed now.
    Kill,
    /// From now on the process dies at that call.
    DieAt(u64, Moment),
}

/// Plays a seed on this thread.
///
/// # Errors
/// If the harness itself fails.
pub(super) fn seed(seed: u64, wanted: Wanted) -> Result<Outcome, String> {
    // The pauses between the tries of the AWS SDK are drawn from the thread's own dice.
    fastrand::seed(seed);
    let mut stage = Stage::set(Plan::of(seed, wanted))?;
    act::begin(&stage)?;
    play(&mut stage)?;
    calm::faults_stop(&mut stage)?;
    let mut cycles = 0;
    let mut verdicts = Vec::new();
    while cycles < CYCLES {
        cycles += 1;
        calm::looks_at_all(&stage)?;
        pass(&mut stage, CYCLE)?;
        verdicts = invariants::converged(&stage);
        if verdicts.iter().all(Verdict::holds) {
            break;
        }
    }
    let before = (stage.tap.hubspot_writes().len(), stage.tap.kleer_writes().len());
    calm::looks_at_all(&stage)?;
    pass(&mut stage, IDLE)?;
    let others = invariants::over_all(&stage, cycles, &verdicts);
    verdicts.push(invariants::quiet(&stage, before));
    verdicts.extend(others);
    let mut log = stage.journal.all();
    log.push(format!("{:?}", stage.pretend.hubspot.counters()));
    Ok(Outcome {
        seed,
        digest: format!("{:016x}", stage.tap.digest()),
        requests: stage.tap.requests(),
        happened: stage.journal.counts(),
        cycles,
        verdicts,
        log,
    })
}

/// Lets time pass without faults.
fn pass(stage: &mut Stage, span: Duration) -> Result<(), String> {
    let until = schedule::later(stage.now(), span);
    while stage.passes(until) == Ending::Died {
        stage.start(Fuse::never())?;
    }
    Ok(())
}

/// Everything happens at its moment, whatever becomes of the process.
fn play(stage: &mut Stage) -> Result<(), String> {
    let next = Cell::new(0);
    loop {
        match stage.lives_during(until_interrupted(stage, &next)) {
            Some(None) => break,
            Some(Some(Interruption::Kill)) => stage.start(Fuse::never())?,
            Some(Some(Interruption::DieAt(call, moment))) => stage.start_and_die_at(call, moment)?,
            None => {
                stage.note("died", "the process died and is started again", Vec::new());
                stage.start(Fuse::never())?;
            }
        }
    }
    let end = stage.plan.end;
    while stage.passes(end) == Ending::Died {
        stage.start(Fuse::never())?;
    }
    Ok(())
}

/// Goes on with the script; none when it is over. What was begun is not begun again, even if the process dies meanwhile.
async fn until_interrupted(stage: &Stage, next: &Cell<usize>) -> Option<Interruption> {
    loop {
        let happening: Happening = *stage.plan.script.get(next.get())?;
        stage.clock.sleep_until(happening.at).await;
        next.set(next.get() + 1);
        if let Some(interruption) = act::happens(stage, happening).await {
            return Some(interruption);
        }
        stage.stirred.notify_one();
    }
}

/// The types that are switched on at the beginning.
pub(super) const TYPES: [ObjectType; 6] = ObjectType::ALL;
