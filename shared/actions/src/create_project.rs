//! *Create Kleer Project*: a client project for the deal's primary company (contract kleer-api §8).

use domain::ObjectType;
use jiff::civil::Date;
use kleer::Document;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::code::ErrorCode;
use crate::deal::{self, DEAL};
use crate::definition::{Definition, Input, Meaning, Output, RunsOn};
use crate::document::number;
use crate::inputs::Reading;
use crate::outcome::{Done, Failure, Trouble};
use crate::words::words;
use crate::work::{Enrolled, Work};

/// The project's id, on deals.
pub(crate) const PROJECT_ID: Output =
    Output { name: "kleer_project_id", label: words("Kleer Project ID", "Kleer-projekt-ID") };

/// The codes of actions that make projects.
pub(crate) const PROJECT_CODES: &[ErrorCode] = &[
    ErrorCode::NotConnected,
    ErrorCode::WrongObject,
    ErrorCode::RecordNotFound,
    ErrorCode::MissingValue,
    ErrorCode::MissingCompany,
    ErrorCode::SeveralCompanies,
    ErrorCode::MissingClient,
    ErrorCode::InvalidDate,
    ErrorCode::InvalidNumber,
    ErrorCode::InvalidCurrency,
    ErrorCode::UnknownValue,
    ErrorCode::KleerRejected,
    ErrorCode::KleerDenied,
    ErrorCode::HubspotRefused,
];

/// Everything fixed about it.
pub(crate) static DEFINITION: Definition = Definition {
    name: "create-project",
    uid: "create_project",
    runs_on: RunsOn::Deals,
    title: words("Create Kleer Project", "Skapa projekt i Kleer"),
    description: words(
        "Creates a project in Kleer for the deal's primary company. Does nothing if the deal has a Kleer Project ID.",
        "Skapar ett projekt i Kleer för affärens primära företag. Gör ingenting om affären redan har ett Kleer-projekt-ID.",
    ),
    card: words("Create a project in Kleer", "Skapa ett projekt i Kleer"),
    inputs: &[
        Input::text(
            "name",
            words("Name", "Namn"),
            words("Without it: the deal's name.", "Om tomt: affärens namn."),
            Meaning::Text,
        ),
        Input::text(
            "number",
            words("Number", "Nummer"),
            words(
                "The project's number in Kleer. Without it: HS- and the deal's ID.",
                "Projektets nummer i Kleer. Om tomt: HS- och affärens ID.",
            ),
            Meaning::Text,
        ),
        Input::typed(
            "fixed_price",
            words("Fixed Price", "Fast pris"),
            words(
                "Without it: no. Kleer cannot change it later.",
                "Om tomt: nej. Kan inte ändras i efterhand i Kleer.",
            ),
            Meaning::Boolean,
        ),
        Input::typed(
            "budget_hours",
            words("Budget Hours", "Budgeterade timmar"),
            words("Hours. Without it: 0.", "Timmar. Om tomt: 0."),
            Meaning::Decimal,
        ),
        Input::typed(
            "budget_amount",
            words("Budget Amount", "Budgeterat belopp"),
            words(
                "In the project's currency, without VAT. Without it: 0.",
                "I projektets valuta, exklusive moms. Om tomt: 0.",
            ),
            Meaning::Money,
        ),
        Input::typed(
            "opening_date",
            words("Opening Date", "Öppningsdatum"),
            words("Without it: none.", "Om tomt: inget."),
            Meaning::Date,
        ),
        Input::text(
            "comment",
            words("Comment", "Kommentar"),
            words("Text for those who work in Kleer.", "Text till dem som arbetar i Kleer."),
            Meaning::Text,
        ),
        Input::text(
            "currency",
            words("Currency", "Valuta"),
            words("Without it: the client's.", "Om tomt: kundens."),
            Meaning::Currency,
        ),
    ],
    id_output: PROJECT_ID,
    codes: PROJECT_CODES,
};

/// What stands in its inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inputs {
    pub(crate) name: Option<String>,
    number: Option<String>,
    fixed_price: Option<bool>,
    budget_hours: Option<Decimal>,
    budget_amount: Option<i64>,
    opening_date: Option<Date>,
    comment: Option<String>,
    currency: Option<String>,
}

impl Inputs {
    pub(crate) fn read(read: &Reading<'_>) -> Result<Self, Failure> {
        Ok(Self {
            name: read.text("name")?,
            number: read.text("number")?,
            fixed_price: read.boolean("fixed_price")?,
            budget_hours: read.decimal("budget_hours")?,
            budget_amount: read.money("budget_amount")?,
            opening_date: read.date("opening_date")?,
            comment: read.text("comment")?,
            currency: read.currency("currency")?,
        })
    }
}

/// The project, in Kleer's words. An empty number is filled in where it is made (design §3).
///
/// # Errors
/// If it has no name.
pub(crate) fn document(inputs: &Inputs, deal_name: Option<&str>, client: i64) -> Result<Document, Failure> {
    let mut project = blank(client);
    let mut set = |name: &str, value: Value| project.set(name, value);
    set("name", json!(inputs.name.as_deref().or(deal_name).ok_or_else(no_name)?));
    set("number", json!(inputs.number.as_deref().unwrap_or_default()));
    set("fixed-price", json!(inputs.fixed_price.unwrap_or(false)));
    set("budget-hours", number(inputs.budget_hours.unwrap_or_default()));
    set("budget-amount", json!(inputs.budget_amount.unwrap_or(0)));
    set("comment", json!(inputs.comment.as_deref().unwrap_or_default()));
    if let Some(day) = inputs.opening_date {
        set("opening-date", json!(day.to_string()));
    }
    if let Some(currency) = &inputs.currency {
        set("currency-type", json!(currency));
    }
    Ok(project)
}

/// A project without anything: all that Kleer wants to be there (contract kleer-api §8). Everybody may work on it, with every
/// activity, as on a project that a person makes.
pub(crate) fn blank(client: i64) -> Document {
    let mut project = Document::default();
    let mut set = |name: &str, value: Value| project.set(name, value);
    set("client", json!({ "id": client }));
    set("fixed-price", json!(false));
    set("number", json!(""));
    set("name", json!(""));
    set("comment", json!(""));
    set("budget-hours", json!(0));
    for amount in ["budget-amount", "incoming-invoiced-amount", "incoming-invoiced-vat-amount"] {
        set(amount, json!(0));
    }
    set("all-activities", json!(true));
    set("all-users", json!(true));
    project
}

/// Neither an input nor the deal names it.
pub(crate) fn no_name() -> Failure {
    let message = "The name is empty here and on the deal. Fill in Name, or the deal's name in HubSpot.";
    Failure { field: Some("name"), ..Failure::new(ErrorCode::MissingValue, message) }
}

/// What it does.
///
/// # Errors
/// See [`Trouble`].
pub(crate) async fn run(work: &Work<'_>) -> Result<Done, Trouble> {
    let deal = match work.enrolled(&DEAL).await? {
        Enrolled::Has(id) => return Ok(work.skipped(id)),
        Enrolled::Open(deal) => deal,
    };
    let inputs = Inputs::read(&work.inputs())?;
    let client = work.client().await?;
    let document = document(&inputs, deal::name(&deal), client.id)?;
    work.create(ObjectType::Project, &document, String::new()).await
}
