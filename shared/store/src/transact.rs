//! Many conditional writes in few calls.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{TransactWriteItem, Update};

use crate::{Error, Store};

/// The most writes that one transaction takes.
const TRANSACTION_LIMIT: usize = 100;

impl Store {
    /// Does every update whose condition holds and says which were done, in the order given. Writes go in transactions of up
    /// to 100, which only saves calls: where a condition fails, the others are done without it.
    ///
    /// # Errors
    /// If the table fails; some of the updates may have been done then.
    pub(crate) async fn update_each(&self, updates: Vec<Update>) -> Result<Vec<bool>, Error> {
        let mut done = vec![false; updates.len()];
        for (chunk, start) in updates.chunks(TRANSACTION_LIMIT).zip((0..).step_by(TRANSACTION_LIMIT)) {
            let mut left: Vec<usize> = (0..chunk.len()).collect();
            // Every round either ends or takes at least one update out.
            while !left.is_empty() {
                let Some(refused) = self.transact(left.iter().map(|&i| chunk[i].clone())).await? else {
                    left.iter().for_each(|&i| done[start + i] = true);
                    break;
                };
                let mut position = 0..;
                left.retain(|_| !refused.get(position.next().unwrap_or(0)).copied().unwrap_or(true));
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

fn error_text(error: &(dyn std::error::Error + 'static)) -> String {
    aws_sdk_dynamodb::error::DisplayErrorContext(error).to_string()
}
