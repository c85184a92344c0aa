//! The journal: one line of JSON for each committed change, written before the change is answered. The first line holds
//! the seed the state was born with. A process killed at any moment leaves at most one torn line, the last, whose change
//! was never answered; it is dropped.

use std::{
    fs::{File, OpenOptions},
    io::{self, Error, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Command, More, Seed};

/// The first line: what the state began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Birth {
    pub(crate) seed: Option<Seed>,
    #[serde(default, skip_serializing_if = "More::is_nothing")]
    pub(crate) more: More,
    /// When it began, if that matters: invented invoices are dated by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Timestamp>,
}

/// Every other line.
#[derive(Serialize, Deserialize)]
struct Entry {
    at: Timestamp,
    command: Command,
}

/// An open journal, at its end.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
}

impl Journal {
    /// Opens or begins the journal in `folder`. Returns it with what it was begun with and what it holds.
    ///
    /// # Errors
    /// What the file system says, or `InvalidData` for a line, not the last, that is no entry.
    pub(crate) fn open(folder: &Path, birth: Birth) -> io::Result<(Journal, Birth, Vec<Command>)> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("journal.jsonl");
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        let mut journal = Journal { file };
        let mut lines = bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let Some(first) = lines.next() else {
            journal.write(&birth)?;
            return Ok((journal, birth, Vec::new()));
        };
        let birth = parse(first)?;
        let commands = lines.map(|line| parse::<Entry>(line).map(|entry| entry.command)).collect::<io::Result<_>>()?;
        Ok((journal, birth, commands))
    }

    /// Appends a change.
    pub(crate) fn append(&mut self, at: Timestamp, command: Command) -> io::Result<()> {
        self.write(&Entry { at, command })
    }

    /// One unbuffered write: what it returned from, a killed process does not lose.
    fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        self.file.write_all(&bytes)
    }
}

fn parse<T: DeserializeOwned>(line: &[u8]) -> io::Result<T> {
    serde_json::from_slice(line).map_err(|error| Error::new(ErrorKind::InvalidData, format!("journal: {error}")))
}
