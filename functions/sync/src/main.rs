//! The sync function on AWS Lambda: woken by the sync queue and by that of single records.

use std::process::ExitCode;

use queue::QueueName;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::run(&[QueueName::Sync, QueueName::Change], sync_function::handle).await
}
