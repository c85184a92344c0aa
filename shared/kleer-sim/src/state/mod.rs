//! What Kleer knows: companies and their records, and the rules by which they change. Plain data, synchronous, no HTTP.
//! Every kind of record is a file of its own; [`Kind`] lists them.

mod act;
mod agreement;
mod client;
mod command;
mod company;
pub(crate) mod document;
mod effect;
pub(crate) mod invoice;
mod moment;
mod product;
mod project;
pub(crate) mod records;
pub(crate) mod rights;
mod schema;
mod shapes;
mod user;
mod writing;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use act::Act;
pub(crate) use act::Touched;
pub use agreement::{Agreement, AgreementRow};
pub use client::{Address, Client};
pub(crate) use command::missing;
pub use command::{Change, Command, Editor, Outcome};
pub use company::{Company, CompanyInformation, DeliveryType};
pub use document::Document;
pub(crate) use invoice::accept::currency_rate;
pub use invoice::{Invoice, InvoiceRow, InvoiceTemplate};
pub(crate) use moment::today;
pub use product::{DimensionEntries, Product};
pub use project::Project;
pub use rights::{AccessType, Token};
pub use shapes::{Discount, Period};
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
    /// Client invoices.
    Invoice,
    /// Client agreements.
    Agreement,
    /// Client projects.
    Project,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Kind; 6] =
        [Kind::Client, Kind::Product, Kind::User, Kind::Invoice, Kind::Agreement, Kind::Project];

    /// What control paths call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Client => "client",
            Kind::Product => "product",
            Kind::User => "user",
            Kind::Invoice => "invoice",
            Kind::Agreement => "agreement",
            Kind::Project => "project",
        }
    }

    /// The element that holds one.
    pub(crate) fn singular(self) -> &'static str {
        match self {
            Kind::Client => "client",
            Kind::Product => "product",
            Kind::User => "user",
            Kind::Invoice => "client-invoice",
            Kind::Agreement => "client-agreement",
            Kind::Project => "client-project-readable",
        }
    }

    /// The root that holds all, and the key of the array in it (contract kleer-api §3, rule 2).
    pub(crate) fn plural(self) -> &'static str {
        match self {
            Kind::Client => "clients",
            Kind::Product => "products",
            Kind::User => "users",
            Kind::Invoice => "client-invoices",
            Kind::Agreement => "client-agreements",
            Kind::Project => "client-project-readables",
        }
    }

    /// The kind that a control path names.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What a Swede calls one.
    pub(crate) fn swedish(self) -> &'static str {
        match self {
            Kind::Client => "Kunden",
            Kind::Product => "Produkten",
            Kind::User => "Användaren",
            Kind::Invoice => "Kundfakturan",
            Kind::Agreement => "Kundavtalet",
            Kind::Project => "Projektet",
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
    /// The time of the simulator's clock; the handle sets it whenever it looks.
    now: Timestamp,
    /// The day and the switch that the next dates of agreements were computed for.
    computed_for: Option<(Date, bool)>,
    /// The guesses about the real service, to look at or flip.
    pub switches: Switches,
}

impl State {
    /// The state a simulator starts with: the demo company, and what the seed invents at that time.
    pub(crate) fn new(options: &Options, now: Timestamp) -> State {
        let mut company = Company::new(CompanyInformation::default());
        company.find_out(now, &options.switches);
        if let Some(seed) = options.seed {
            seed::fill(&mut company, seed, options.more);
        }
        company.set_token("demo-key", [AccessType::Administrator]);
        let companies = BTreeMap::from([(1, company)]);
        State { companies, now, computed_for: None, switches: options.switches.clone() }
    }

    /// Tells the time. The next dates of agreements depend on the day, and on a switch.
    pub(crate) fn tell(&mut self, now: Timestamp) {
        self.now = now;
        let computed_for = Some((moment::today(now), self.switches.next_invoice_date_skips_past));
        if self.computed_for != computed_for {
            self.computed_for = computed_for;
            for company in self.companies.values_mut() {
                company.find_out(now, &self.switches);
                company.refresh_agreements();
            }
        }
    }

    /// A company, to look at or change.
    ///
    /// # Panics
    /// If there is no such company.
    pub fn company(&mut self, id: i64) -> &mut Company {
        self.find_company_mut(id).unwrap_or_else(|_| panic!("no company {id}"))
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
        let company = self.companies.get_mut(&id);
        let company = company.ok_or_else(|| Refusal::NotFound(format!("Företaget med id {id}")))?;
        company.find_out(self.now, &self.switches);
        Ok(company)
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
            Kind::Invoice => invoice::accept::reshape(&self.switches, &mut document),
            Kind::Agreement => agreement::accept::reshape(&self.switches, &mut document),
            Kind::Project => project::accept::reshape(&self.switches, &mut document),
        }
        serde_json::Value::Object(document).to_string()
    }

    /// Whether the switches make answers differ from what is stored. If not, lists are copied together.
    pub(crate) fn is_reshaped(&self, kind: Kind) -> bool {
        match kind {
            Kind::Client => client::is_reshaped(&self.switches),
            Kind::Product => product::is_reshaped(&self.switches),
            Kind::User => false,
            Kind::Invoice => invoice::accept::is_reshaped(&self.switches),
            Kind::Agreement => agreement::accept::is_reshaped(&self.switches),
            Kind::Project => project::accept::is_reshaped(&self.switches),
        }
    }
}
