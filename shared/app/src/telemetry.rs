//! Logs: one JSON object a line, fields named once, and a last wall against secrets.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Where log lines go. Their fields: `portal`, `object`, `run`, `kleer_id`, `hubspot_id`.
#[derive(Debug, Clone)]
pub enum Telemetry {
    /// Standard error.
    Stderr,
    /// Standard error, and each line names all spans around it: the request that a function was woken by is the outermost.
    Lambda,
    /// Memory, for tests that look for secrets in it.
    Memory(Arc<Mutex<Vec<u8>>>),
}

impl Telemetry {
    /// Starts logging for the whole process; the first caller wins. `filter` is `LOG`.
    pub fn install(self, filter: &str) {
        let on_lambda = matches!(self, Self::Lambda);
        // The span with the request id is there whatever the filter says about others.
        let filter = if on_lambda { format!("lambda=info,{filter}") } else { filter.to_owned() };
        let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_current_span(!on_lambda)
            .with_span_list(on_lambda)
            .with_env_filter(filter)
            .with_writer(self)
            .finish();
        // A second installation (tests share a process) keeps the first.
        drop(tracing::subscriber::set_global_default(subscriber));
    }
}

impl<'a> MakeWriter<'a> for Telemetry {
    type Writer = Redacting<Sink>;

    fn make_writer(&'a self) -> Self::Writer {
        redacting(match self {
            Self::Stderr | Self::Lambda => Sink::Stderr,
            Self::Memory(buffer) => Sink::Memory(buffer.clone()),
        })
    }
}

/// Where the bytes of a line end up.
#[derive(Debug)]
pub enum Sink {
    /// Standard error.
    Stderr,
    /// A buffer.
    Memory(Arc<Mutex<Vec<u8>>>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Stderr => std::io::stderr().write(bytes),
            Self::Memory(buffer) => buffer.lock().unwrap_or_else(PoisonError::into_inner).write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Writes lines through [`rest::redact`]: types keep secrets out of logs, this catches what a foreign text carries.
#[derive(Debug)]
pub struct Redacting<W>(W);

/// A writer whose every line is redacted.
pub const fn redacting<W: Write>(writer: W) -> Redacting<W> {
    Redacting(writer)
}

impl<W: Write> Write for Redacting<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write_all(rest::redact(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}
