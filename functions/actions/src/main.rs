//! The actions function on AWS Lambda: called by HubSpot's workflows through the HTTP API.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::run_http(actions_function::handle).await
}
