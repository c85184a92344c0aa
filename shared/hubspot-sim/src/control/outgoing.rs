//! What HubSpot sends to the app: webhooks and workflow actions.

use serde_json::{Value, json};

use super::{Control, ok};
use crate::http::call::Answer;
use crate::state::error::ApiError;
use crate::state::executions::Enrolment;
use crate::state::fetches::OptionsFetch;

fn refused(problem: String) -> ApiError {
    ApiError::bare(400, problem)
}

impl Control<'_> {
    /// The settings, the subscriptions with their ids, and what was sent.
    pub(super) fn show_webhooks(&self) -> Answer {
        let state = &self.inner.state;
        let subscription = |(id, one)| {
            let mut shown = json!(one);
            shown["id"] = json!(id);
            shown
        };
        let mut body = json!(state.webhooks);
        body["subscriptions"] = state.webhooks.with_ids().map(subscription).collect();
        if let (Some(body), Value::Object(log)) = (body.as_object_mut(), json!(state.webhook_log())) {
            body.extend(log);
        }
        ok(body)
    }

    /// Changes the settings that are sent; the others stay.
    pub(super) fn put_webhooks(&mut self) -> Result<Answer, ApiError> {
        let webhooks = self.changed(&self.inner.state.webhooks)?;
        webhooks.check().map_err(refused)?;
        self.inner.state.webhooks = webhooks;
        Ok(Answer::no_content())
    }

    /// Says where the app lives.
    pub(super) fn put_calls(&mut self) -> Result<Answer, ApiError> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Calls {
            base: String,
        }
        let sent: Calls = self.json()?;
        self.inner.state.call_at(&sent.base).map_err(refused)?;
        Ok(Answer::no_content())
    }

    /// The routes below `/_sim/workflows`.
    pub(super) fn workflows(&mut self, method: &str, segments: &[&str]) -> Result<Answer, ApiError> {
        match (method, segments) {
            ("GET", []) => {
                let executions: Vec<_> = self.inner.state.executions.all().collect();
                Ok(ok(json!({ "settings": self.inner.state.workflows, "executions": executions })))
            }
            ("PUT", []) => {
                let workflows = self.changed(&self.inner.state.workflows)?;
                workflows.check().map_err(refused)?;
                self.inner.state.workflows = workflows;
                Ok(Answer::no_content())
            }
            ("POST", ["enrol"]) => {
                let enrolment = Enrolment { portal: self.portal()?, ..self.json()? };
                let execution = self.inner.state.enrol(&enrolment, self.now)?;
                Ok(Answer::json(201, json!({ "callback_id": execution.callback_id })))
            }
            ("POST", ["options"]) => {
                let fetch = OptionsFetch { portal: self.portal()?, ..self.json()? };
                let id = self.inner.state.fetch_options(fetch, self.now)?;
                Ok(Answer::json(201, json!({ "fetch": id })))
            }
            ("GET", ["options", id]) => {
                let fetched = id.parse().ok().and_then(|id| self.inner.state.fetches.get(id));
                Ok(ok(json!(fetched.ok_or_else(ApiError::not_found)?)))
            }
            ("GET", [callback_id]) => {
                let execution = self.inner.state.executions.get(callback_id).ok_or_else(ApiError::not_found)?;
                Ok(ok(json!(execution)))
            }
            _ => Err(ApiError::bare(404, "no such control route")),
        }
    }
}
