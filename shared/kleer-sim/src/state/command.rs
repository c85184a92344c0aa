//! Changes as values: what a writer asks for. The journal is a list of them, so applying one must depend on nothing
//! but the state and the command. What of a command is journaled is in `effect`.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    AccessType, Act, Company, CompanyInformation, DeliveryType, InvoiceTemplate, Kind, State, Token, Touched,
    agreement, client,
    document::{Document, merge_patch, text_of},
    invoice, product, project,
    writing::Writing,
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
    /// Sets a company's invoice templates.
    InvoiceTemplates {
        /// The company.
        company: i64,
        /// All of them.
        templates: Vec<InvoiceTemplate>,
    },
    /// Makes the invoices of agreements that are due.
    Invoicing {
        /// The company.
        company: i64,
        /// The last day whose invoices are made.
        until: Date,
        /// Whether they are certified at once, or drafts.
        certified: bool,
    },
    /// Several changes as one: what the journal keeps of a command that touches several records.
    Batch(Vec<Command>),
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
        /// The user whose token it is; the company's first if not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<i64>,
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

/// Who changes a record, and in whose name.
#[derive(Clone, Copy)]
struct Writer {
    by: Editor,
    user: Option<i64>,
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
    /// Something is done to the record that only some kinds know.
    Act(i64, Act),
    /// A document as it is stored, under its id: what the journal keeps of the others, so that replaying depends
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
    /// Every record that it put, with its kind; the journal needs them all.
    pub touched: Vec<(Kind, i64)>,
    /// The revision of an agreement that was saved.
    pub revision_nr: Option<i64>,
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
            Command::InvoiceTemplates { company, templates } => {
                self.find_company_mut(*company)?.templates.clone_from(templates);
            }
            Command::Invoicing { company, until, certified } => {
                let touched = self.find_company_mut(*company)?.invoice_agreements(*until, *certified);
                return Ok(Outcome { touched, ..Outcome::default() });
            }
            Command::Batch(commands) => {
                for command in commands {
                    self.apply(command)?;
                }
            }
            Command::Switches(switches) => self.switches = (**switches).clone(),
            Command::Record { company, kind, by, user, change } => {
                let by = Writer { by: *by, user: *user };
                return self.change(*company, *kind, by, change);
            }
        }
        Ok(Outcome::default())
    }

    fn change(&mut self, company: i64, kind: Kind, writer: Writer, change: &Change) -> Result<Outcome, Refusal> {
        match change {
            Change::Create(document) => {
                let document = match writer.by {
                    Editor::Api => document.clone(),
                    Editor::Person => filled_form(self.find_company_mut(company)?, kind, document.clone()),
                };
                self.put(company, kind, writer, None, document)
            }
            Change::Save(id, document) => self.put(company, kind, writer, Some(*id), document.clone()),
            Change::Patch(id, patch) => {
                let mut document = self.stored(company, kind, *id)?;
                merge_patch(&mut document, patch.clone());
                self.put(company, kind, Writer { by: Editor::Person, ..writer }, Some(*id), document)
            }
            Change::Put(id, document) => {
                self.find_company_mut(company)?.store(kind, *id, document.clone());
                Ok(Outcome { id: *id, ..Outcome::default() })
            }
            Change::Remove(id) => match self.find_company_mut(company)?.remove(kind, *id) {
                true => Ok(Outcome { id: *id, ..Outcome::default() }),
                false => Err(missing(kind, *id)),
            },
            Change::Act(id, act) => {
                let touched: Touched = self.find_company_mut(company)?.act(kind, *id, writer.by, act)?;
                let id = touched.first().map_or(*id, |(_, id)| *id);
                Ok(Outcome { id, touched, ..Outcome::default() })
            }
        }
    }

    fn put(
        &mut self,
        company: i64,
        kind: Kind,
        writer: Writer,
        id: Option<i64>,
        document: Document,
    ) -> Result<Outcome, Refusal> {
        let switches = match writer.by {
            Editor::Api => self.switches.clone(),
            Editor::Person => self.switches.in_stored_form(),
        };
        let before = match (id, writer.by) {
            (Some(id), Editor::Api) => Some(self.stored(company, kind, id)?),
            _ => None,
        };
        self.find_company_mut(company)?;
        let tenant = self.find_company(company)?;
        self.check_foreign_id(tenant.records(kind), id, text_of(&document, "foreign-id"))?;
        let user = writer.user.unwrap_or_else(|| tenant.first_user());
        let writing =
            Writing { company: tenant, switches: &switches, by: writer.by, user, id, before: before.as_ref() };
        let (document, unknown_elements) = match kind {
            Kind::Client => client::accept(tenant, &switches, before.as_ref(), document)?,
            Kind::Product => product::accept(&switches, document)?,
            Kind::User => (document, Vec::new()),
            Kind::Invoice => invoice::accept::accept(&writing, document)?,
            Kind::Agreement => agreement::accept::accept(&writing, document)?,
            Kind::Project => project::accept::accept(&writing, document)?,
        };
        let revision_nr = document.get("revision-nr").filter(|_| kind == Kind::Agreement).and_then(Value::as_i64);
        let tenant = self.find_company_mut(company)?;
        let id = id.unwrap_or_else(|| tenant.records(kind).next_id());
        tenant.store(kind, id, document);
        Ok(Outcome { id, unknown_elements, touched: vec![(kind, id)], revision_nr })
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

fn filled_form(company: &Company, kind: Kind, filled: Document) -> Document {
    match kind {
        Kind::Client => client::filled_form(filled),
        Kind::Product => product::filled_form(filled),
        Kind::User => filled,
        Kind::Invoice => invoice::filled_form(company, filled),
        Kind::Agreement => agreement::filled_form(company, filled),
        Kind::Project => project::filled_form(filled),
    }
}
