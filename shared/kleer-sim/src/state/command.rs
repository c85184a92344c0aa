//! Changes as values: what a writer asks for. The journal is a list of them, so applying one must depend on nothing
//! but the state and the command.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    AccessType, CompanyInformation, DeliveryType, Kind, State, Token, client,
    document::{Document, merge_patch, text_of},
    product,
};
use crate::{Refusal, Switches};

/// A change of the state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Adds a company with one user, or replaces it.
    Company {
        /// Its id.
        id: i64,
        /// Its name and so on.
        information: CompanyInformation,
    },
    /// Issues a token, or gives it other rights.
    Token {
        /// Whose token it is.
        company: i64,
        /// The key.
        token: String,
        /// The user; the company's first if not given.
        user: Option<i64>,
        /// What it may do.
        rights: BTreeSet<AccessType>,
    },
    /// Revokes a token.
    Revoke {
        /// Whose token it is.
        company: i64,
        /// The key.
        token: String,
    },
    /// Sets a company's delivery types.
    DeliveryTypes {
        /// The company.
        company: i64,
        /// All of them.
        delivery_types: Vec<DeliveryType>,
    },
    /// Sets all switches.
    Switches(Box<Switches>),
    /// Changes a record.
    Record {
        /// The company.
        company: i64,
        /// What kind of record.
        kind: Kind,
        /// Who does it.
        by: Editor,
        /// What is done.
        change: Change,
    },
}

/// Who changes a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Editor {
    /// A program, through the API: documents are complete.
    Api,
    /// A person, in Kleer's own pages: forms are filled in beforehand, and documents are in the form they are stored in,
    /// whatever the switches say about the API.
    Person,
}

/// What is done to a record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// A new record.
    Create(Document),
    /// A whole new document for an old record.
    Save(i64, Document),
    /// A JSON merge patch of an old record.
    Patch(i64, Document),
    /// The record goes.
    Remove(i64),
    /// A document as it is stored, under its id: what the journal keeps of the three above, so that replaying depends
    /// on no rule and on no other record. It is not checked.
    Put(i64, Document),
}

/// What a command did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The record it made, saved or removed; 0 for commands that are not about records.
    pub id: i64,
    /// Elements of the document that are in no schema.
    pub unknown_elements: Vec<String>,
}

impl State {
    /// Applies a command, or says why not and changes nothing.
    pub fn apply(&mut self, command: &Command) -> Result<Outcome, Refusal> {
        match command {
            Command::Company { id, information } => {
                self.add_company(*id, information.clone());
            }
            Command::Token { company, token, user, rights } => {
                let company = self.find_company_mut(*company)?;
                company.set_token(token, rights.iter().copied());
                if let Some(user) = *user {
                    company.tokens.insert(token.clone(), Token { user, rights: rights.clone() });
                }
            }
            Command::Revoke { company, token } => {
                if !self.find_company_mut(*company)?.revoke_token(token) {
                    return Err(Refusal::NotFound("API-nyckeln".to_owned()));
                }
            }
            Command::DeliveryTypes { company, delivery_types } => {
                self.find_company_mut(*company)?.delivery_types.clone_from(delivery_types);
            }
            Command::Switches(switches) => self.switches = (**switches).clone(),
            Command::Record { company, kind, by, change } => return self.change(*company, *kind, *by, change),
        }
        Ok(Outcome::default())
    }

    /// What the journal keeps of a command that was applied.
    pub(crate) fn effect(&self, command: &Command, outcome: &Outcome) -> Command {
        match command {
            Command::Record { change: Change::Remove(_), .. } => command.clone(),
            Command::Record { company, kind, by, .. } => {
                let document = self.companies.get(company).and_then(|company| company.document(*kind, outcome.id));
                let change = Change::Put(outcome.id, document.unwrap_or_default());
                Command::Record { company: *company, kind: *kind, by: *by, change }
            }
            other => other.clone(),
        }
    }

    /// Applies a line of the journal. A record that is to go may never have been journaled: it is gone then.
    pub(crate) fn replay(&mut self, command: &Command) -> Result<(), Refusal> {
        match (self.apply(command), command) {
            (Err(Refusal::NotFound(_)), Command::Record { change: Change::Remove(_), .. }) => Ok(()),
            (applied, _) => applied.map(|_| ()),
        }
    }

    fn change(&mut self, company: i64, kind: Kind, by: Editor, change: &Change) -> Result<Outcome, Refusal> {
        match change {
            Change::Create(document) => {
                let document = match by {
                    Editor::Api => document.clone(),
                    Editor::Person => filled_form(kind, document.clone()),
                };
                self.put(company, kind, by, None, document)
            }
            Change::Save(id, document) => self.put(company, kind, by, Some(*id), document.clone()),
            Change::Patch(id, patch) => {
                let mut document = self.stored(company, kind, *id)?;
                merge_patch(&mut document, patch.clone());
                self.put(company, kind, Editor::Person, Some(*id), document)
            }
            Change::Put(id, document) => {
                self.find_company_mut(company)?.store(kind, *id, document.clone());
                Ok(Outcome { id: *id, unknown_elements: Vec::new() })
            }
            Change::Remove(id) => match self.find_company_mut(company)?.records_mut(kind).remove(*id) {
                true => Ok(Outcome { id: *id, unknown_elements: Vec::new() }),
                false => Err(missing(kind, *id)),
            },
        }
    }

    fn put(
        &mut self,
        company: i64,
        kind: Kind,
        by: Editor,
        id: Option<i64>,
        document: Document,
    ) -> Result<Outcome, Refusal> {
        let switches = match by {
            Editor::Api => self.switches.clone(),
            Editor::Person => self.switches.in_stored_form(),
        };
        // A person empties a field by emptying it; only a program's omission can mean "unchanged".
        let before = match (id, by) {
            (Some(id), Editor::Api) => Some(self.stored(company, kind, id)?),
            _ => None,
        };
        let tenant = self.find_company(company)?;
        self.check_foreign_id(tenant.records(kind), id, text_of(&document, "foreign-id"))?;
        let (document, unknown_elements) = match kind {
            Kind::Client => client::accept(tenant, &switches, before.as_ref(), document)?,
            Kind::Product => product::accept(&switches, document)?,
            Kind::User => (document, Vec::new()),
        };
        let tenant = self.find_company_mut(company)?;
        let id = id.unwrap_or_else(|| tenant.records(kind).next_id());
        tenant.store(kind, id, document);
        Ok(Outcome { id, unknown_elements })
    }

    fn stored(&self, company: i64, kind: Kind, id: i64) -> Result<Document, Refusal> {
        self.find_company(company)?.document(kind, id).ok_or_else(|| missing(kind, id))
    }

    fn check_foreign_id(
        &self,
        records: &super::records::Records,
        id: Option<i64>,
        foreign_id: &str,
    ) -> Result<(), Refusal> {
        if self.switches.duplicate_foreign_id_allowed {
            return Ok(());
        }
        match records.by_foreign_id(foreign_id) {
            Some((other, _)) if Some(other) != id => Err(Refusal::Business {
                class: "ForeignIdNotUniqueException",
                message: format!("Externt id {foreign_id} används redan"),
            }),
            _ => Ok(()),
        }
    }
}

/// A record that is not there.
pub(crate) fn missing(kind: Kind, id: i64) -> Refusal {
    Refusal::NotFound(format!("{} med id {id}", kind.swedish()))
}

fn filled_form(kind: Kind, filled: Document) -> Document {
    match kind {
        Kind::Client => client::filled_form(filled),
        Kind::Product => product::filled_form(filled),
        Kind::User => filled,
    }
}
