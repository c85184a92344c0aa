//! What the journal keeps of a command: the documents that came of it, so that replaying depends on no rule, no clock and
//! no other record.

use super::{Change, Command, Editor, Kind, Outcome, State};
use crate::Refusal;

impl State {
    /// What the journal keeps of a command that was applied.
    pub(crate) fn effect(&self, command: &Command, outcome: &Outcome) -> Command {
        let (company, by) = match command {
            Command::Record { change: Change::Remove(_), .. } => return command.clone(),
            Command::Record { company, by, .. } => (*company, *by),
            Command::Invoicing { company, .. } => (*company, Editor::Person),
            other => return other.clone(),
        };
        let mut puts = outcome.touched.iter().map(|(kind, id)| self.kept(company, by, *kind, *id));
        match (puts.next(), puts.len()) {
            (Some(only), 0) => only,
            (first, _) => Command::Batch(first.into_iter().chain(puts).collect()),
        }
    }

    fn kept(&self, company: i64, by: Editor, kind: Kind, id: i64) -> Command {
        let document = self.companies.get(&company).and_then(|company| company.document(kind, id));
        let change = Change::Put(id, document.unwrap_or_default());
        Command::Record { company, kind, by, user: None, change }
    }

    /// Applies a line of the journal. A record that is to go may never have been journaled: it is gone then.
    pub(crate) fn replay(&mut self, command: &Command) -> Result<(), Refusal> {
        match (self.apply(command), command) {
            (Err(Refusal::NotFound(_)), Command::Record { change: Change::Remove(_), .. }) => Ok(()),
            (applied, _) => applied.map(|_| ()),
        }
    }
}
