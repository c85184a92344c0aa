//! The quick rules of the queue suite against a queue of an emulator, whose address is the argument. Run by `tests/edge/run.py`.

use std::process::ExitCode;

use tests::queue_suite::{QUICK, Suite};

fn main() -> ExitCode {
    let Some(url) = std::env::args().nth(1) else { return ExitCode::FAILURE };
    let mut suite = Suite::emulator(&url);
    for (name, rule) in QUICK {
        // A broken rule panics, which says where and ends the process.
        rule(&mut suite);
        tell(name);
    }
    ExitCode::SUCCESS
}

#[expect(clippy::print_stdout, reason = "the edge test reads it")]
fn tell(name: &str) {
    println!("  {name}");
}
