//! Plans and changes as people read them.

use std::fmt;

use super::{Change, ChangeKind, SyncPlan};

/// For people: one line of counts, then a line per change (the first hundred) and per problem.
impl fmt::Display for SyncPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 100;
        writeln!(
            f,
            "{}: {} in Kleer: {} to create, {} to update, {} to deactivate, {} unchanged, {} waiting, {} excluded, {} pausing, {} doubtful, {} deleted in HubSpot, {} refused",
            self.object,
            self.source,
            self.count(ChangeKind::Create),
            self.count(ChangeKind::Update),
            self.count(ChangeKind::Deactivate),
            self.unchanged,
            self.waiting,
            self.excluded,
            self.pausing,
            self.doubtful,
            self.deleted_in_hubspot,
            self.refused()
        )?;
        for change in self.changes.iter().take(SHOWN) {
            writeln!(f, "  {change}")?;
        }
        if self.changes.len() > SHOWN {
            writeln!(f, "  … and {} more", self.changes.len() - SHOWN)?;
        }
        for problem in self.problems.iter().take(SHOWN) {
            let id = problem.kleer_id.map_or_else(|| "?".to_owned(), |id| id.to_string());
            writeln!(f, "  ! {id} {} {}", problem.message, problem.remedy)?;
        }
        Ok(())
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            ChangeKind::Create => '+',
            ChangeKind::Update => '~',
            ChangeKind::Deactivate => '-',
            ChangeKind::Unfit => return write!(f, "! {} stays as it is", self.kleer_id),
            ChangeKind::Exclude(exclusion) => return write!(f, "x {} {}", self.kleer_id, exclusion.as_str()),
        };
        write!(f, "{sign} {}", self.kleer_id)?;
        if let Some(id) = &self.hubspot_id {
            write!(f, " → {id}")?;
        }
        for (name, value) in self.content.properties.iter().filter(|(_, value)| !value.is_empty()) {
            write!(f, " {name}={value}")?;
        }
        if !self.content.rows.is_empty() {
            write!(f, " and {} rows", self.content.rows.len())?;
        }
        Ok(())
    }
}
