//! A batch: its groups are worked on side by side, the messages of a group as the function says. Nothing after the first
//! message of a group that has to come again is reported done, because a FIFO queue would go on behind it.

use std::time::Duration;

use app::App;
use futures::future::join_all;
use jiff::Timestamp;
use queue::{Delivery, Handled, QueueName};

use crate::event::{Answer, Failed, Record};

/// Works on a batch and answers which messages must come again. Their pauses are set here: a message that is put back is hidden
/// for its pause, and its group waits with it.
pub(crate) async fn work<H>(app: &App, queue: QueueName, records: Vec<Record>, until: Timestamp, handle: &H) -> Answer
where
    H: AsyncFn(&App, &[Delivery], Timestamp) -> Vec<Handled>,
{
    let mut failed = Vec::new();
    let mut groups: Vec<Vec<Delivery>> = Vec::new();
    for record in records {
        let Some(delivery) = record.delivery(queue) else {
            tracing::error!(id = record.message_id, "a message of no portal is left to become a dead letter");
            failed.push(record.message_id);
            continue;
        };
        match groups.iter_mut().find(|group| group[0].group == delivery.group) {
            Some(group) => group.push(delivery),
            None => groups.push(vec![delivery]),
        }
    }
    let worked = join_all(groups.iter().map(async |group| {
        let handled = in_order(handle(app, group, until).await, group.len());
        join_all(group.iter().zip(&handled).map(|(delivery, handled)| put_back(app, delivery, *handled, until))).await;
        let again = group.iter().zip(handled).filter(|(_, handled)| *handled != Handled::Done);
        again.map(|(delivery, _)| delivery.id.clone()).collect::<Vec<_>>()
    }));
    failed.extend(worked.await.into_iter().flatten());
    let failed = failed.into_iter().map(|item_identifier| Failed { item_identifier });
    Answer { batch_item_failures: failed.collect() }
}

/// From the first message that comes again on, all do; one answer per message, whatever the function answered.
fn in_order(handled: Vec<Handled>, length: usize) -> Vec<Handled> {
    let mut again = false;
    let all = handled.into_iter().chain(std::iter::repeat(Handled::NotYet)).take(length);
    all.map(|one| match one {
        Handled::Done if again => Handled::NotYet,
        one => {
            again |= one != Handled::Done;
            one
        }
    })
    .collect()
}

async fn put_back(app: &App, delivery: &Delivery, handled: Handled, until: Timestamp) {
    // The last moments belong to the answer: if this fails or takes too long, the message comes when its time runs out.
    const SHORT: Duration = Duration::from_secs(2);
    let now = app.clock.now();
    let put_back = async {
        match handled {
            Handled::Done => Ok(()),
            Handled::Again(pause) => app.queue.put_back(delivery, pause, now).await,
            Handled::NotYet => app.queue.put_back_untried(delivery, now).await,
        }
    };
    let allowed = SHORT.max(Duration::try_from(until.duration_since(now)).unwrap_or_default());
    match app.clock.timeout(allowed, put_back).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(portal = %delivery.portal, %error, "a message keeps its visibility"),
        Err(_) => tracing::warn!(portal = %delivery.portal, "a message keeps its visibility: SQS took too long"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_after_the_first_failure_is_done() {
        use Handled::{Again, Done, NotYet};
        let again = Again(Duration::from_secs(5));
        for (answered, length, expected) in [
            (vec![Done, Done], 2, vec![Done, Done]),
            (vec![Done, again, Done, NotYet], 4, vec![Done, again, NotYet, NotYet]),
            (vec![NotYet, Done, again], 3, vec![NotYet, NotYet, again]),
            (vec![Done], 3, vec![Done, NotYet, NotYet]),
            (vec![Done, Done], 1, vec![Done]),
        ] {
            assert_eq!(in_order(answered.clone(), length), expected, "{answered:?}");
        }
    }
}
