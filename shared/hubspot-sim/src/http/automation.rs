//! Completing workflow actions that answered `BLOCK` (contract hubspot-platform §6.4).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::call::{Answer, Call};
use super::wire::Inputs;
use crate::state::error::ApiError;

/// What an action says afterwards. Both maps are required; what the typed one adds is not kept.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Completion {
    output_fields: BTreeMap<String, String>,
    #[serde(rename = "typedOutputs")]
    _typed_outputs: Map<String, Value>,
}

/// The same for one of several callbacks.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NamedCompletion {
    callback_id: String,
    #[serde(flatten)]
    completion: Completion,
}

/// `POST /automation/actions/callbacks/{v}/{callbackId}/complete`.
pub(super) fn complete(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&["automation".to_owned()])?;
    let sent: Completion = call.json()?;
    let callback_id = call.param("callback").to_owned();
    call.state.complete(call.portal_id(), &callback_id, sent.output_fields)?;
    Ok(Answer::no_content())
}

/// `POST /automation/actions/callbacks/{v}/complete`; the first that cannot be completed ends the call (*guess*).
pub(super) fn complete_all(call: &mut Call<'_>) -> Result<Answer, ApiError> {
    call.need(&["automation".to_owned()])?;
    let sent: Inputs<NamedCompletion> = call.json()?;
    let inputs = sent.inputs.len();
    for one in sent.inputs {
        call.state.complete(call.portal_id(), &one.callback_id, one.completion.output_fields)?;
    }
    Ok(Answer::no_content().inputs(inputs))
}
