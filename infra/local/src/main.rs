//! `cargo local`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    local::cli::run().await
}
