//! Control of the simulator itself: faults, switches, and what was asked of it.

use serde_json::{Map, Value, json};

use super::{body, company, value};
use crate::{Command, Faults, Refusal, Switches, http::Call};

pub(super) fn health(_: &Call) -> Result<Value, Refusal> {
    Ok(json!({ "status": "ok" }))
}

pub(super) fn requests(call: &Call) -> Result<Value, Refusal> {
    value(call.asked.simulator.requests())
}

pub(super) fn forget_requests(call: &Call) -> Result<Value, Refusal> {
    call.asked.simulator.forget_requests();
    Ok(json!({}))
}

pub(super) fn counters(call: &Call) -> Result<Value, Refusal> {
    value(call.asked.simulator.counters())
}

pub(super) fn unexpected(call: &Call) -> Result<Value, Refusal> {
    value(call.asked.simulator.unexpected())
}

pub(super) fn faults(call: &Call) -> Result<Value, Refusal> {
    value(call.asked.simulator.current_faults())
}

/// Faults in full, or `{"preset":"none" | "light" | "heavy","seed":n}`.
pub(super) fn set_faults(call: &Call) -> Result<Value, Refusal> {
    let asked: Value = body(call)?;
    let seed = asked["seed"].as_u64().unwrap_or_default();
    let faults = match asked["preset"].as_str() {
        Some("none") => Faults::none(seed),
        Some("light") => Faults::light(seed),
        Some("heavy") => Faults::heavy(seed),
        Some(other) => return Err(Refusal::Malformed(format!("no preset is called {other}"))),
        None => body(call)?,
    };
    call.asked.simulator.faults(faults);
    Ok(json!({}))
}

pub(super) fn switches(call: &Call) -> Result<Value, Refusal> {
    value(call.asked.simulator.state(|state| state.switches.clone()))
}

/// The named switches change, the others stay as they are.
pub(super) fn set_switches(call: &Call) -> Result<Value, Refusal> {
    let mut all = switches(call)?;
    let named: Map<String, Value> = body(call)?;
    for (name, position) in named {
        match all.get_mut(&name) {
            Some(switch) => *switch = position,
            None => return Err(Refusal::Malformed(format!("no switch is called {name}"))),
        }
    }
    let switches: Switches = serde_json::from_value(all).map_err(|error| Refusal::Malformed(error.to_string()))?;
    call.asked.simulator.command(&Command::Switches(Box::new(switches)))?;
    Ok(json!({}))
}

pub(super) fn state(call: &Call) -> Result<Value, Refusal> {
    call.asked.simulator.state(|state| {
        let companies: Vec<Value> = state.companies().map(|(id, company)| company::whole(id, company)).collect();
        Ok(json!({ "companies": companies, "switches": state.switches }))
    })
}
