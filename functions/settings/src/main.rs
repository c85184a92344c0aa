//! The settings function on AWS Lambda: called by HubSpot, for the settings page, through the HTTP API.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::run_http(settings_function::handle).await
}
