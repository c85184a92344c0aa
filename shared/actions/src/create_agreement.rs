//! *Create Kleer Agreement*: recurring invoicing of the deal's line items (contract product §7.4; what is not filled in: contract
//! kleer-api §9 rule 6).

use domain::ObjectType;
use domain::computed::stockholm_date;
use futures::future::try_join;
use jiff::civil::Date;
use kleer::Document;
use serde_json::{Value, json};

use crate::agreement_inputs::{AgreementInputs, INPUTS, check_days, interval, interval_note};
use crate::client_card::ClientCard;
use crate::code::ErrorCode;
use crate::deal::{self, DEAL};
use crate::definition::{Definition, Output, RunsOn};
use crate::line_items::{Billing, LineItem};
use crate::outcome::{Done, Failure, Trouble};
use crate::rows::{Row, wrapped};
use crate::words::words;
use crate::work::{Enrolled, Work};

/// Everything fixed about it.
pub(crate) static DEFINITION: Definition = Definition {
    name: "create-agreement",
    uid: "create_agreement",
    runs_on: RunsOn::Deals,
    title: words("Create Kleer Agreement", "Skapa avtal i Kleer"),
    description: words(
        "Creates an agreement in Kleer for the deal's primary company: recurring line items are on every invoice, one-time ones on \
         the first. Shows it in HubSpot at once. Does nothing if the deal has a Kleer Agreement ID.",
        "Skapar ett avtal i Kleer för affärens primära företag: återkommande radartiklar finns på varje faktura, engångsartiklar på \
         den första. Visar det i HubSpot direkt. Gör ingenting om affären redan har ett Kleer-avtals-ID.",
    ),
    card: words("Create an agreement in Kleer", "Skapa ett avtal i Kleer"),
    inputs: INPUTS,
    id_output: AGREEMENT_ID,
    codes: CODES,
};

/// The agreement's id, on deals and among the outputs.
pub(crate) const AGREEMENT_ID: Output =
    Output { name: "kleer_agreement_id", label: words("Kleer Agreement ID", "Kleer-avtals-ID") };

const CODES: &[ErrorCode] = &[
    ErrorCode::NotConnected,
    ErrorCode::WrongObject,
    ErrorCode::RecordNotFound,
    ErrorCode::MissingCompany,
    ErrorCode::SeveralCompanies,
    ErrorCode::MissingClient,
    ErrorCode::MissingProduct,
    ErrorCode::InvalidDate,
    ErrorCode::InvalidNumber,
    ErrorCode::InvalidCurrency,
    ErrorCode::UnknownValue,
    ErrorCode::InvalidInterval,
    ErrorCode::KleerRejected,
    ErrorCode::KleerDenied,
    ErrorCode::HubspotRefused,
];

/// What of an agreement was found out elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'a> {
    pub(crate) client: &'a ClientCard,
    pub(crate) deal_name: &'a str,
    pub(crate) currency: &'a str,
    pub(crate) today: Date,
    /// Months between invoices.
    pub(crate) interval: i64,
    pub(crate) recurring: Vec<Value>,
    pub(crate) first: Vec<Value>,
}

/// The agreement, in Kleer's words.
///
/// # Errors
/// If it ends before it starts.
pub(crate) fn document(inputs: &AgreementInputs, facts: Facts<'_>) -> Result<Document, Failure> {
    let Facts { client, deal_name, currency, today, interval, recurring, first } = facts;
    let start = inputs.start.unwrap_or(today);
    check_days(&DEFINITION, start, inputs.end)?;
    let text = |text: &Option<String>| json!(text.as_deref().unwrap_or_default());
    let mut agreement = Document::default();
    let mut set = |name: &str, value: Value| agreement.set(name, value);
    set("id", json!(0));
    set("revision-nr", json!(0));
    set("client-ref", json!({ "id": client.id }));
    set("description", json!(inputs.name.as_deref().unwrap_or(deal_name)));
    set("start-invoice-date", json!(start.to_string()));
    set("next-invoice-date", Value::Null);
    set("end-date", json!(inputs.end.map(|end| end.to_string())));
    set("your-reference", text(&inputs.your_reference));
    set("our-reference", Value::Null);
    set("approver", Value::Null);
    set("currency", json!(currency));
    set("payment-days", json!(inputs.payment_days.unwrap_or(client.payment_days)));
    set("invoice-interval-months", json!(interval));
    set("invoice-day", json!(inputs.invoice_day.unwrap_or("INVOICE_AT_START")));
    set("po-nr", text(&inputs.po_number));
    set("agreement-nr", json!(""));
    set("subscription-nr", json!(""));
    set("notes", json!(""));
    set("deleted", json!(false));
    set("first-invoice-rows", wrapped(first));
    set("recurring-rows", wrapped(recurring));
    Ok(agreement)
}

/// The rows of an agreement: those on every invoice, those on the first only.
pub(crate) fn split(items: &[LineItem], rows: Vec<Row>) -> (Vec<Row>, Vec<Row>) {
    let (recurring, first): (Vec<_>, Vec<_>) =
        items.iter().zip(rows).partition(|(item, _)| item.billing != Billing::Once);
    let rows = |pairs: Vec<(&LineItem, Row)>| pairs.into_iter().map(|(_, row)| row).collect();
    (rows(recurring), rows(first))
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
    let inputs = AgreementInputs::read(&work.inputs())?;
    let (client, items) = try_join(work.client(), work.line_items()).await?;
    let months = match inputs.interval {
        Some(months) => months,
        None => interval(&items)?.unwrap_or(1),
    };
    let rows = work.rows(&items, false).await?;
    let (recurring, first) = split(&items, rows.rows);
    let facts = Facts {
        client: &client,
        deal_name: deal::name(&deal).unwrap_or(&client.name),
        currency: &work.currency(inputs.currency.as_ref(), &deal, &client).await?,
        today: stockholm_date(work.app.clock.now()),
        interval: months,
        recurring: recurring.iter().map(Row::of_agreement).collect(),
        first: first.iter().map(Row::of_agreement).collect(),
    };
    let document = document(&inputs, facts)?;
    let note = if items.is_empty() {
        "The deal has no line items: the agreement has no rows.".to_owned()
    } else {
        interval_note(months, &items)
    };
    work.create(ObjectType::Agreement, &document, note).await
}
