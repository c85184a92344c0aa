//! What HubSpot sends to the app, for those who carry it there: webhooks, calls of workflow actions, option fetches.
//!
//! In process somebody asks what is due, carries each request to the app and hands the answer back; with
//! [`Simulator::serve`] the simulator does it itself, over HTTP.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::options::{Options, Webhooks, Workflows};
use crate::simulator::Simulator;
use crate::state::executions::{Enrolment, Execution, Field, usual_workflow};
use crate::state::fetches::{FetchedOptions, OptionsFetch};

/// One request to the app. It is in flight until it is answered, or until its time is over.
#[derive(Debug)]
pub struct Delivery {
    /// For [`Simulator::answered`].
    pub id: u64,
    /// What it is.
    pub kind: DeliveryKind,
    /// The portal it is about.
    pub portal: u64,
    /// How often it was tried before.
    pub attempt: u32,
    /// The request with its whole URL, signed.
    pub request: Request<Bytes>,
    /// How long the app may take.
    pub timeout: Duration,
}

/// What is sent to the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// Up to 100 events.
    Webhook,
    /// A record's turn at an action.
    Action,
    /// The choices of an input.
    Options,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryFailure {
    /// No connection, or it broke.
    Connection,
    /// It took too long.
    Timeout,
}

impl fmt::Display for DeliveryFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DeliveryFailure::Connection => "the connection failed",
            DeliveryFailure::Timeout => "there was no answer in time",
        })
    }
}

/// One request as it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryLine {
    /// When it was sent.
    pub at: Timestamp,
    /// What it was.
    pub kind: DeliveryKind,
    /// The portal it was about.
    pub portal: u64,
    /// How often it was tried before.
    pub attempt: u32,
    /// Where it was sent.
    pub url: String,
    /// The events in it.
    pub events: usize,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub failure: Option<DeliveryFailure>,
}

/// What was sent, since the start of the simulator.
#[derive(Clone, Debug, Serialize)]
pub struct WebhookLog {
    /// Events that are not delivered yet, those in flight too.
    pub pending: usize,
    /// Requests in flight, of all kinds.
    pub in_flight: usize,
    /// Requests that were answered with 2xx.
    pub delivered: u64,
    /// Requests that were not.
    pub failed: u64,
    /// Events that will never be delivered, after ten retries or an uninstall.
    pub given_up: u64,
    /// The newest 1,000 requests that were answered or failed, oldest first.
    pub last: Vec<DeliveryLine>,
}

impl Simulator {
    /// What is to be sent now. It is in flight from then on; when answers have made room, there may be more.
    pub fn due_deliveries(&self) -> Vec<Delivery> {
        let now = self.now();
        self.quietly(|state| state.dispatch(now))
    }

    /// When [`Simulator::due_deliveries`] is worth calling next; in the past when it is now, `None` until something new
    /// happens. What is in flight counts with the end of its time, so nothing hangs if an answer never comes.
    pub fn next_delivery_at(&self) -> Option<Timestamp> {
        self.quietly(|state| state.next_dispatch())
    }

    /// The app's answer to a delivery, or why there is none. False when it comes too late.
    pub fn answered(&self, id: u64, answer: Result<Response<Bytes>, DeliveryFailure>) -> bool {
        let now = self.now();
        self.state(|state| state.answered(id, &answer, now))
    }

    /// Sends everything that is due now, one after the other, until nothing is; returns how much that was.
    pub async fn deliver(
        &self,
        mut send: impl AsyncFnMut(Delivery) -> Result<Response<Bytes>, DeliveryFailure>,
    ) -> usize {
        let mut sent = 0;
        loop {
            let due = self.due_deliveries();
            if due.is_empty() {
                return sent;
            }
            for delivery in due {
                let id = delivery.id;
                let answer = send(delivery).await;
                self.answered(id, answer);
                sent += 1;
            }
        }
    }

    /// Requests and events so far.
    pub fn webhook_log(&self) -> WebhookLog {
        self.quietly(|state| state.webhook_log())
    }

    /// The events that are not delivered yet, as they would be sent, oldest first.
    pub fn pending_events(&self) -> Vec<Value> {
        self.quietly(|state| state.pending_events())
    }

    /// Changes the app's webhooks; what HubSpot would refuse to upload is an error and changes nothing.
    pub fn webhooks(&self, change: impl FnOnce(&mut Webhooks)) -> Result<(), String> {
        self.state(|state| {
            let mut webhooks = state.webhooks.clone();
            change(&mut webhooks);
            webhooks.check()?;
            state.webhooks = webhooks;
            Ok(())
        })
    }

    /// Changes the app's workflow actions; what HubSpot would refuse to upload is an error and changes nothing.
    pub fn workflows(&self, change: impl FnOnce(&mut Workflows)) -> Result<(), String> {
        self.state(|state| {
            let mut workflows = state.workflows.clone();
            change(&mut workflows);
            workflows.check()?;
            state.workflows = workflows;
            Ok(())
        })
    }

    /// From now on the app lives at `base`: see [`Options::calling`].
    pub fn calls(&self, base: &str) -> Result<(), String> {
        self.state(|state| state.call_at(base))
    }

    /// A record reaches an action of workflow 8001; the answer is the `callbackId`, the error HubSpot's message.
    pub fn enrol(
        &self,
        portal: u64,
        object_type: &str,
        record: u64,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Result<String, String> {
        let field = |(name, value): &(&str, &str)| ((*name).to_owned(), Field::Value((*value).to_owned()));
        self.enrol_with(&Enrolment {
            portal,
            object_type: object_type.to_owned(),
            record,
            action: action.to_owned(),
            fields: fields.iter().map(field).collect(),
            workflow: usual_workflow(),
        })
    }

    /// As [`Simulator::enrol`], with the workflow, and inputs from the record's properties.
    pub fn enrol_with(&self, enrolment: &Enrolment) -> Result<String, String> {
        let now = self.now();
        let execution = self.state(|state| state.enrol(enrolment, now));
        execution.map(|one| one.callback_id).map_err(|error| error.message().to_owned())
    }

    /// All executions, by `callbackId`.
    pub fn executions(&self) -> Vec<Execution> {
        self.quietly(|state| state.executions.all().cloned().collect())
    }

    /// One execution.
    pub fn execution(&self, callback_id: &str) -> Option<Execution> {
        self.quietly(|state| state.executions.get(callback_id).cloned())
    }

    /// Somebody opens the list of an input's choices; the answer is the id for [`Simulator::options`].
    pub fn fetch_options(&self, fetch: OptionsFetch) -> Result<u64, String> {
        let now = self.now();
        self.state(|state| state.fetch_options(fetch, now)).map_err(|error| error.message().to_owned())
    }

    /// What came of a fetch.
    pub fn options(&self, fetch: u64) -> Option<FetchedOptions> {
        self.quietly(|state| state.fetches.get(fetch).cloned())
    }
}

impl crate::state::State {
    /// The app lives at `base`.
    pub(crate) fn call_at(&mut self, base: &str) -> Result<(), String> {
        let Options { webhooks, workflows, app, .. } = Options::default().calling(base);
        webhooks.check()?;
        self.webhooks.target = webhooks.target;
        self.workflows.actions = workflows.actions;
        self.app.redirect_uris = app.redirect_uris;
        Ok(())
    }
}
