//! The sync function on AWS Lambda: woken by the sync queue.

use std::process::ExitCode;

use queue::QueueName;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::run(QueueName::Sync, sync_function::handle).await
}
