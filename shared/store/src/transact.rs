//! Many conditional writes in few calls.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};

use crate::{Error, Store};

/// The most writes that one transaction takes.
const TRANSACTION_LIMIT: usize = 100;

impl Store {
    /// Does every group of updates whose conditions hold, each group whole or not at all, and says which were done, in the
    /// order given. Groups share transactions only to save calls: where a condition fails, the others are done without it.
    ///
    /// # Errors
    /// If the table fails; some of the groups may have been done then.
    pub(crate) async fn update_each(&self, groups: Vec<Vec<Update>>) -> Result<Vec<bool>, Error> {
        let mut done = vec![false; groups.len()];
        let mut left: Vec<usize> = (0..groups.len()).collect();
        while !left.is_empty() {
            let mut chunk = next_chunk(&groups, &mut left);
            // Every round either ends or takes at least one group out.
            while !chunk.is_empty() {
                let updates = chunk.iter().flat_map(|&group| groups[group].iter().cloned());
                let Some(refused) = self.transact(updates).await? else {
                    chunk.iter().for_each(|&group| done[group] = true);
                    break;
                };
                let mut refused = refused.into_iter();
                chunk.retain(|&group| {
                    let own: Vec<bool> = refused.by_ref().take(groups[group].len()).collect();
                    !own.contains(&true)
                });
            }
        }
        Ok(done)
    }

    /// One transaction. None if it was done, else for each update whether its own condition failed.
    async fn transact(&self, updates: impl Iterator<Item = Update>) -> Result<Option<Vec<bool>>, Error> {
        let items = updates.map(|update| TransactWriteItem::builder().update(update).build()).collect();
        let error = match self.client.transact_write_items().set_transact_items(Some(items)).send().await {
            Ok(_) => return Ok(None),
            Err(error) => error,
        };
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() else {
            return Err(Error::from_sdk(&error));
        };
        let refused = |code: Option<&str>| code == Some("ConditionalCheckFailed");
        let refused: Vec<bool> = cancelled.cancellation_reasons().iter().map(|r| refused(r.code())).collect();
        // Cancelled without a failed condition: a conflict with another transaction, or throttling.
        if refused.contains(&true) { Ok(Some(refused)) } else { Err(Error::Unavailable(error_text(&error))) }
    }
}

/// Takes as many groups off the list as one transaction holds, at least one.
fn next_chunk(groups: &[Vec<Update>], left: &mut Vec<usize>) -> Vec<usize> {
    let mut room = TRANSACTION_LIMIT;
    let fits = |group: &&usize| {
        let length = groups[**group].len();
        let fits = length <= room;
        room = room.saturating_sub(length);
        fits
    };
    let count = left.iter().take_while(fits).count().max(1);
    left.drain(..count).collect()
}

fn error_text(error: &(dyn std::error::Error + 'static)) -> String {
    aws_sdk_dynamodb::error::DisplayErrorContext(error).to_string()
}
