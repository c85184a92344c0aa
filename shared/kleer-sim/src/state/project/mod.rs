//! Client projects (contract kleer-api §8).

pub(crate) mod accept;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{
    Act, Company, Document, Kind, Reference, Touched,
    document::{Encoder, merge_patch, parse},
    missing,
    moment::today,
    records::Record,
    shapes::{decimal, optional_date},
};
use crate::{ProjectStatus, Refusal};

/// A project, typed for tests, seeds and the demo. The stored truth is its JSON document, which may hold more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Project {
    /// Given by Kleer; ignored when a project is added. In JSON it is doubled (contract kleer-api §3, rule 7).
    #[serde(deserialize_with = "doubled")]
    pub id: i64,
    /// Who pays; internal projects have nobody.
    pub client: Option<Reference>,
    /// Whether the price is agreed on.
    pub fixed_price: bool,
    /// The project's number, free text.
    pub number: String,
    /// The project's name.
    pub name: String,
    /// ISO 4217.
    pub currency_type: String,
    /// Whether time may be reported; the same as being open.
    pub active: bool,
    /// A person at the client.
    #[serde(default)]
    pub your_reference: Option<String>,
    /// One of our users.
    pub our_reference: Option<Reference>,
    /// `MAIL`, `EMAIL`, `MANUALLY`, `SVEA` or `EFAKTURA`.
    pub delivery_type: Option<String>,
    /// Free text.
    pub comment: String,
    /// Days from an invoice's date until it is due.
    pub payment_days: Option<i64>,
    /// The client's purchase order.
    #[serde(default)]
    pub po_nr: Option<String>,
    /// Hours.
    #[serde(deserialize_with = "decimal")]
    pub budget_hours: Decimal,
    /// Hundredths of the currency.
    pub budget_amount: i64,
    /// Invoiced before the project came to Kleer, in hundredths, without VAT.
    pub incoming_invoiced_amount: i64,
    /// The VAT of that.
    pub incoming_invoiced_vat_amount: i64,
    /// How far it has come.
    pub status: ProjectStatus,
    /// When it began.
    #[serde(deserialize_with = "optional_date")]
    pub opening_date: Option<Date>,
    /// When it ends; setting it closes nothing (contract kleer-api §6, Client projects).
    #[serde(deserialize_with = "optional_date")]
    pub closing_date: Option<Date>,
    /// Text for its invoices.
    pub default_notes: Option<String>,
}

/// Reads `{"id":n}`.
fn doubled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Reference::deserialize(deserializer).map(|reference| reference.id)
}

impl Default for Project {
    fn default() -> Project {
        Project {
            id: 0,
            client: None,
            fixed_price: false,
            number: String::new(),
            name: String::new(),
            currency_type: "SEK".to_owned(),
            active: true,
            your_reference: Some(String::new()),
            our_reference: None,
            delivery_type: None,
            comment: String::new(),
            payment_days: None,
            po_nr: Some(String::new()),
            budget_hours: Decimal::ZERO,
            budget_amount: 0,
            incoming_invoiced_amount: 0,
            incoming_invoiced_vat_amount: 0,
            status: ProjectStatus::Open,
            opening_date: None,
            closing_date: None,
            default_notes: None,
        }
    }
}

impl ProjectStatus {
    /// As it is stored.
    pub(crate) fn stored(self) -> &'static str {
        match self {
            ProjectStatus::Draft => "DRAFT",
            ProjectStatus::Open => "OPEN",
            ProjectStatus::Closed => "CLOSED",
        }
    }
}

impl Project {
    /// The document that Kleer answers, in the schema's order.
    pub(crate) fn encode(&self) -> String {
        let mut text = Encoder::new(700);
        text.reference("id", self.id).optional("client", self.client, |text, name, client| {
            text.reference(name, client.id);
        });
        text.boolean("fixed-price", self.fixed_price).text("number", &self.number).text("name", &self.name);
        text.text("currency-type", &self.currency_type).boolean("active", self.active);
        text.optional_text("your-reference", self.your_reference.as_deref());
        text.optional("our-reference", self.our_reference, |text, name, user| {
            text.reference(name, user.id);
        });
        text.optional_text("delivery-type", self.delivery_type.as_deref()).text("comment", &self.comment);
        text.optional("payment-days", self.payment_days, |text, name, days| {
            text.number(name, days);
        });
        text.optional_text("po-nr", self.po_nr.as_deref());
        text.raw("budget-hours", &self.budget_hours.normalize().to_string());
        text.number("budget-amount", self.budget_amount);
        text.number("incoming-invoiced-amount", self.incoming_invoiced_amount);
        text.number("incoming-invoiced-vat-amount", self.incoming_invoiced_vat_amount);
        text.boolean("all-activities", true).raw("activities", "[]").boolean("all-users", true);
        text.raw("users", "[]").raw("leads", "[]").raw("fixed-price-planned-invoices", "[]").raw("write-offs", "[]");
        text.text("status", self.status.stored());
        for (name, date) in [("opening-date", self.opening_date), ("closing-date", self.closing_date)] {
            text.optional(name, date, |text, name, date| {
                text.plain(name, date);
            });
        }
        text.raw("dimensions", "{}").optional_text("default-notes", self.default_notes.as_deref());
        text.raw("fields", "{}").finish()
    }
}

/// What the form in Kleer's own pages starts with, and `filled` in by the user.
pub(crate) fn filled_form(filled: Document) -> Document {
    let mut document = parse(&Project::default().encode());
    merge_patch(&mut document, filled);
    document
}

impl Company {
    /// Adds a project; it is active if its status is open. Returns its id.
    pub fn add_project(&mut self, mut project: Project) -> i64 {
        project.id = self.projects.next_id();
        project.active = project.status == ProjectStatus::Open;
        self.projects.put(project.id, Record::new(project.encode(), ""));
        project.id
    }

    /// A project as it is now.
    pub fn project(&self, id: i64) -> Option<Project> {
        self.typed(Kind::Project, id)
    }

    /// All projects, by id. Parses every document.
    pub fn projects(&self) -> Vec<Project> {
        self.all_typed(Kind::Project)
    }

    /// Changes a project as a user of Kleer would, its name included; what the typed form does not name stays.
    ///
    /// # Panics
    /// If there is no such project.
    pub fn edit_project(&mut self, id: i64, edit: impl FnOnce(&mut Project)) {
        let mut project = self.project(id).unwrap_or_else(|| panic!("no project {id}"));
        let before = project.encode();
        edit(&mut project);
        project.active = project.status == ProjectStatus::Open;
        self.replace(Kind::Project, id, &before, &project.encode());
    }

    /// Opens a project, again or for the first time.
    ///
    /// # Panics
    /// If there is no such project.
    pub fn open_project(&mut self, id: i64) {
        self.must_act(Kind::Project, id, &Act::Open);
    }

    /// Closes a project today.
    ///
    /// # Panics
    /// If there is no such project.
    pub fn close_project(&mut self, id: i64) {
        self.must_act(Kind::Project, id, &Act::Close);
    }

    /// Takes a project out as if it had never been; whether it was there.
    pub fn remove_project(&mut self, id: i64) -> bool {
        self.remove(Kind::Project, id)
    }

    /// Does to a project what is asked for.
    pub(crate) fn act_on_project(&mut self, id: i64, act: &Act) -> Result<Touched, Refusal> {
        let mut document = self.document(Kind::Project, id).ok_or_else(|| missing(Kind::Project, id))?;
        let open = match act {
            Act::Open => true,
            Act::Close => false,
            _ => return Err(Refusal::MethodUnknown),
        };
        let status = if open { ProjectStatus::Open } else { ProjectStatus::Closed };
        document.insert("active".to_owned(), Value::from(open));
        document.insert("status".to_owned(), Value::from(status.stored()));
        let day = Value::from(today(self.now).to_string());
        match open {
            true => {
                document.shift_remove("closing-date");
                document.entry("opening-date").or_insert(day);
            }
            false => {
                document.insert("closing-date".to_owned(), day);
            }
        }
        self.store(Kind::Project, id, document);
        Ok(vec![(Kind::Project, id)])
    }
}
