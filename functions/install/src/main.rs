//! The install function on AWS Lambda: called by browsers through the HTTP API.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    lambda::run_http(install_function::handle).await
}
