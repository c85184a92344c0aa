//! The poll function on AWS Lambda: woken by the schedule and by the poll queue.

use std::process::ExitCode;

use queue::QueueName;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::run_with_tick(&[QueueName::Poll], poll_function::tick, poll_function::handle).await
}
