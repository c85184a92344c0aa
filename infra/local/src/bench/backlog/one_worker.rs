//! How long one portal's backlog holds up another portal's page in SQS: 100,000 changes of one wait when the other's page arrives.
//! The queues are the real ones, SQS's side over the gateway; a batch takes as long as HubSpot's pace makes it, simulated. The
//! worst case has a single worker, which has just begun a batch of the backlog.

use std::collections::BTreeMap;
use std::time::Duration;

use app::AwsAccess;
use domain::{KleerCompanyId, ObjectType, PortalId, RunId};
use queue::{Envelope, Job, Outgoing, Page, Queue, QueueName};
use rest::Clock;

use super::super::{Figure, of_limit};
use crate::aws::{Gateway, QueueState};
use crate::cost::CostError;
use crate::machine::Ground;

/// 100,000 changes in pages of 300.
const PAGES: u64 = 334;
/// A page is three calls at nine a second.
const PAGE: Duration = Duration::from_millis(334);
const TARGET: Duration = Duration::from_secs(5);

/// Measures.
pub(super) fn measure() -> Result<Vec<Figure>, CostError> {
    let mut figures = Vec::new();
    for (name, workers) in [("backlog, another portal's page, one worker", 1), ("backlog, the same, two workers", 2)] {
        let waited = delay(workers)?;
        figures.push(Figure {
            name,
            measured: format!("{} ms", waited.as_millis()),
            target: format!("less than {} s", TARGET.as_secs()),
            of_limit: of_limit(waited.as_millis(), TARGET.as_millis()),
            met: waited < TARGET,
        });
    }
    Ok(figures)
}

/// From when the other portal's page is sent until a worker has it.
fn delay(workers: usize) -> Result<Duration, CostError> {
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse()?);
    let queue = queue(&clock)?;
    clock.run(async {
        let backlog = (0..PAGES).map(|number| page(1, number)).collect();
        queue.send(QueueName::Sync, backlog, clock.now()).await?;
        let mut busy_until = vec![clock.now(); workers];
        let mut sent = None;
        loop {
            for until in &mut busy_until {
                if *until > clock.now() {
                    continue;
                }
                let batch = queue.receive(QueueName::Sync, clock.now()).await?;
                let Some(first) = batch.first() else { continue };
                if let Some(sent) = sent.filter(|_| first.portal == PortalId(2)) {
                    return Ok(Duration::try_from(clock.now().duration_since(sent))?);
                }
                let work = PAGE * u32::try_from(batch.len())?;
                *until = domain::schedule::later(clock.now(), work);
                // Deleted at once instead of when it is done: the group stays with this worker all the same, for nobody else asks.
                for delivery in &batch {
                    queue.delete(delivery).await?;
                }
                if sent.is_none() {
                    queue.send(QueueName::Sync, vec![page(2, 0)], clock.now()).await?;
                    sent = Some(clock.now());
                }
            }
            clock.sleep(Duration::from_millis(1)).await;
        }
    })
}

fn queue(clock: &Clock) -> Result<Queue, CostError> {
    let queues = [("sync.fifo".to_owned(), QueueState::default())].into_iter().collect();
    let gateway = Gateway::new(clock.clone(), Ground::fresh()?.database, queues);
    let access = AwsAccess {
        region: "eu-north-1".to_owned(),
        key_id: "x".to_owned(),
        key: "x".into(),
        session: None,
        endpoint: Some("http://aws.invalid".to_owned()),
    };
    let urls: BTreeMap<QueueName, String> = [(QueueName::Sync, "http://aws.invalid/1/sync.fifo".to_owned())].into();
    Ok(Queue::sqs(app::sqs_client(&access.sdk(gateway.transport(), clock)), urls))
}

fn page(portal: i64, number: u64) -> Outgoing {
    let page = Page {
        object: ObjectType::Client,
        run: RunId("1".to_owned()),
        number,
        hubspot_object: "companies".to_owned(),
        line_object: "line_items".to_owned(),
        key: "kleer_id".to_owned(),
        line_key: "kleer_id".to_owned(),
        changes: Vec::new(),
    };
    let envelope = Envelope::new(PortalId(portal), Some(KleerCompanyId(1)), Job::Page(page));
    Outgoing { envelope, deduplication_id: format!("{portal}#{number}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_portal_waits_for_one_batch_at_most() {
        assert!(delay(2).unwrap() < Duration::from_millis(10));
        let alone = delay(1).unwrap();
        assert!(alone > Duration::from_secs(3) && alone < TARGET, "{alone:?}");
    }
}
