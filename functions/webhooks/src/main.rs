//! The webhooks function on AWS Lambda: called by HubSpot through the HTTP API.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::run_http(webhooks_function::handle).await
}
