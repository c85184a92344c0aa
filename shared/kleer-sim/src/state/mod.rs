//! What Kleer knows: companies and their records, and the rules by which they change. Plain data, synchronous, no HTTP.
//! Every kind of record is a file of its own; [`Kind`] lists them.

mod client;
mod command;
mod company;
pub(crate) mod document;
mod product;
pub(crate) mod records;
pub(crate) mod rights;
mod schema;
mod user;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use client::{Address, Client};
pub(crate) use command::missing;
pub use command::{Change, Command, Editor, Outcome};
pub use company::{Company, CompanyInformation, DeliveryType};
pub use document::Document;
pub use product::{DimensionEntries, Product};
pub use rights::{AccessType, Token};
pub use user::User;

use crate::{Options, Refusal, Switches, seed};

/// The kinds of records a company has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Customers.
    Client,
    /// Articles.
    Product,
    /// People who work in the company.
    User,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Kind; 3] = [Kind::Client, Kind::Product, Kind::User];

    /// The element that holds one.
    pub(crate) fn singular(self) -> &'static str {
        match self {
            Kind::Client => "client",
            Kind::Product => "product",
            Kind::User => "user",
        }
    }

    /// The root that holds all, and the key of the array in it (contract kleer-api §3, rule 2).
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Kind::Client => "clients",
            Kind::Product => "products",
            Kind::User => "users",
        }
    }

    /// The kind that a control path names.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.singular() == name)
    }

    /// What a Swede calls one.
    pub(crate) fn swedish(self) -> &'static str {
        match self {
            Kind::Client => "Kunden",
            Kind::Product => "Produkten",
            Kind::User => "Användaren",
        }
    }
}

/// A reference to another record, `{"id":n}` (contract kleer-api §3, rule 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The other record's id.
    pub id: i64,
}

impl From<i64> for Reference {
    fn from(id: i64) -> Reference {
        Reference { id }
    }
}

/// Everything the pretend service knows.
#[derive(Clone, Debug)]
pub struct State {
    companies: BTreeMap<i64, Company>,
    /// The guesses about the real service, to look at or flip.
    pub switches: Switches,
}

impl State {
    /// The state a simulator starts with: the demo company, and what the seed invents.
    pub(crate) fn new(options: &Options) -> State {
        let mut company = Company::new(CompanyInformation::default());
        if let Some(seed) = options.seed {
            seed::fill(&mut company, seed);
        }
        company.set_token("demo-key", [AccessType::Administrator]);
        State { companies: BTreeMap::from([(1, company)]), switches: options.switches.clone() }
    }

    /// A company, to look at or change.
    ///
    /// # Panics
    /// If there is no such company.
    pub fn company(&mut self, id: i64) -> &mut Company {
        self.companies.get_mut(&id).unwrap_or_else(|| panic!("no company {id}"))
    }

    /// Adds a company with one user and no token, or replaces one.
    pub fn add_company(&mut self, id: i64, information: CompanyInformation) -> &mut Company {
        self.companies.insert(id, Company::new(information));
        self.company(id)
    }

    /// All companies, by id.
    pub fn companies(&self) -> impl Iterator<Item = (i64, &Company)> {
        self.companies.iter().map(|(id, company)| (*id, company))
    }

    /// A company that may not exist.
    pub(crate) fn find_company(&self, id: i64) -> Result<&Company, Refusal> {
        self.companies.get(&id).ok_or_else(|| Refusal::NotFound(format!("Företaget med id {id}")))
    }

    fn find_company_mut(&mut self, id: i64) -> Result<&mut Company, Refusal> {
        self.companies.get_mut(&id).ok_or_else(|| Refusal::NotFound(format!("Företaget med id {id}")))
    }

    /// Lets a token in: first who it is, then whose it is, then what it may do (contract kleer-api §13.1).
    pub(crate) fn admit(&self, company: i64, token: Option<&str>, right: rights::Right) -> Result<&Company, Refusal> {
        let token = token.filter(|token| !token.is_empty()).ok_or(Refusal::TokenMissing)?;
        let own = self.companies.get(&company);
        if let Some((own, known)) = own.and_then(|own| Some((own, own.tokens.get(token)?))) {
            return if known.may(right) { Ok(own) } else { Err(Refusal::RightMissing) };
        }
        match self.companies.values().any(|other| other.tokens.contains_key(token)) {
            true => Err(Refusal::WrongCompany),
            false => Err(Refusal::TokenUnknown),
        }
    }

    /// The text of one record as it is answered.
    pub(crate) fn answer(&self, kind: Kind, record: &records::Record) -> String {
        let mut document = match self.is_reshaped(kind) {
            true => record.document(),
            false => return record.text().to_owned(),
        };
        match kind {
            Kind::Client => client::reshape(&self.switches, &mut document),
            Kind::Product => product::reshape(&self.switches, &mut document),
            Kind::User => {}
        }
        serde_json::Value::Object(document).to_string()
    }

    /// Whether the switches make answers differ from what is stored. If not, lists are copied together.
    pub(crate) fn is_reshaped(&self, kind: Kind) -> bool {
        match kind {
            Kind::Client => client::is_reshaped(&self.switches),
            Kind::Product => product::is_reshaped(&self.switches),
            Kind::User => false,
        }
    }
}
