//! What travels between the product and the pretend services, held against the vendors' own schemas.
//!
//! The schemas stand in `tests/fixtures`, made from the vendors' documents by the script beside them. Every World looks at every
//! request of the product and at every answer of a simulator, and asserts when it is dropped that nothing was found. Answers that
//! a fault made are left alone: nobody promises a form for what a broken service says. So is Kleer where a story put a document
//! into it as it is, to see what becomes of it.

mod contract;
mod deviations;

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bytes::Bytes;
use futures::FutureExt as _;
use local::machine::Transports;
use rest::Transport;

use contract::Contract;

static KLEER: LazyLock<Contract> = LazyLock::new(|| {
    Contract::read(include_str!("../fixtures/kleer.json"), deviations::KLEER, deviations::UNDESCRIBED_BY_KLEER)
});
static HUBSPOT: LazyLock<Contract> = LazyLock::new(|| {
    Contract::read(include_str!("../fixtures/hubspot.json"), deviations::HUBSPOT, deviations::UNDESCRIBED_BY_HUBSPOT)
});

/// Findings are kept up to this number: a story that goes wrong goes wrong a thousand times.
const KEPT: usize = 20;

/// Looks on, and remembers what no schema allows. Clones remember together.
#[derive(Debug, Clone, Default)]
pub struct Witness(Arc<Mutex<Vec<String>>>);

impl Witness {
    /// The same transports, looked at.
    #[must_use]
    pub fn over(&self, transports: Transports) -> Transports {
        let kleer =
            self.watch(transports.kleer, &KLEER, |answer| answer.extensions().get::<kleer_sim::Struck>().is_some());
        let hubspot = self
            .watch(transports.hubspot, &HUBSPOT, |answer| answer.extensions().get::<hubspot_sim::Struck>().is_some());
        Transports { kleer, hubspot }
    }

    /// What was found: one sentence each, with the request, the place in its body or its answer's, and the rule.
    #[must_use]
    pub fn findings(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn watch(
        &self,
        transport: Transport,
        contract: &'static LazyLock<Contract>,
        struck: fn(&http::Response<Bytes>) -> bool,
    ) -> Transport {
        let witness = self.clone();
        Transport::in_process(Arc::new(move |request: http::Request<Bytes>| {
            let asked = contract.asked(&request);
            let sent = transport.send(request);
            let witness = witness.clone();
            async move {
                let answer = sent.await;
                // A story that puts a document of its own into Kleer wants to see what becomes of it.
                let own = |answer: &http::Response<Bytes>| answer.extensions().get::<kleer_sim::PutAsItIs>().is_none();
                if answer.as_ref().ok().is_none_or(own) {
                    witness.note(asked.findings());
                }
                if let Ok(answer) = &answer
                    && own(answer)
                    && !struck(answer)
                {
                    witness.note(asked.answered(answer));
                }
                answer
            }
            .boxed()
        }))
    }

    fn note(&self, found: Vec<String>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = KEPT.saturating_sub(kept.len());
        kept.extend(found.into_iter().take(room));
    }
}
