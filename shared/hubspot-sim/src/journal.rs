//! The kept state: one JSON line per commit, written before the request is answered, replayed at start.
//!
//! A line holds every change of one request, so a request is kept whole or not at all. The write goes straight to the
//! file (no buffer of ours), so it survives a kill at any moment; a torn last line is cut off at the next start.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::state::change::Change;

/// The open journal file.
pub(crate) struct Journal {
    file: File,
}

#[derive(Serialize, Deserialize)]
struct Line {
    /// Position of the random stream, as text because it is wider than JSON numbers.
    random: String,
    changes: Vec<Change>,
}

impl Journal {
    /// Opens `folder/journal.jsonl`, creating both, and hands every kept commit to `replay` in order.
    pub(crate) fn open(folder: &Path, mut replay: impl FnMut(u128, Vec<Change>)) -> std::io::Result<Journal> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("journal.jsonl");
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let whole = read_whole_lines(&file, |line| {
            replay(line.random.parse().unwrap_or(0), line.changes);
        })?;
        file.set_len(whole)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Journal { file })
    }

    /// Appends one commit.
    pub(crate) fn append(&mut self, random: u128, changes: Vec<Change>) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(&Line { random: random.to_string(), changes })?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.file.flush()
    }
}

/// Reads the lines that are whole and valid; returns the length of the file up to their end.
fn read_whole_lines(file: &File, mut each: impl FnMut(Line)) -> std::io::Result<u64> {
    let mut reader = BufReader::new(file);
    let mut whole = 0;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let length = reader.read_until(b'\n', &mut buffer)?;
        if buffer.last() != Some(&b'\n') {
            return Ok(whole);
        }
        match serde_json::from_slice(&buffer) {
            Ok(line) => each(line),
            Err(problem) => return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, problem)),
        }
        whole += length as u64;
    }
}
