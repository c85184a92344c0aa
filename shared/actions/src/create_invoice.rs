//! *Create Kleer Invoice*: a draft of the deal's line items for the deal's company (contract product §7.3, contract kleer-api §7.2,
//! §9 rule 7).

use domain::ObjectType;
use domain::computed::stockholm_date;
use futures::future::try_join;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kleer::Document;
use serde_json::{Value, json};

use crate::client_card::{ClientCard, address};
use crate::code::ErrorCode;
use crate::common::{CURRENCY, DEAL_CODES, DELIVERY_TYPE, PO_NUMBER, YOUR_REFERENCE};
use crate::deal::DEAL;
use crate::definition::{Definition, Input, Live, Meaning, Output, RunsOn};
use crate::inputs::{Reading, Wished};
use crate::live::{look_up, look_up_id};
use crate::outcome::{Done, Failure, Trouble};
use crate::words::words;
use crate::work::{Enrolled, Work};

/// Everything fixed about it.
pub(crate) static DEFINITION: Definition = Definition {
    name: "create-invoice",
    uid: "create_invoice",
    runs_on: RunsOn::Deals,
    title: words("Create Kleer Invoice", "Skapa faktura i Kleer"),
    description: words(
        "Creates a draft invoice in Kleer for the deal's primary company, with the deal's line items as rows, and shows it in \
         HubSpot at once. Does nothing if the deal has a Kleer Invoice ID.",
        "Skapar ett fakturautkast i Kleer för affärens primära företag, med affärens radartiklar som rader, och visar det i \
         HubSpot direkt. Gör ingenting om affären redan har ett Kleer-faktura-ID.",
    ),
    card: words("Create a draft invoice in Kleer", "Skapa ett fakturautkast i Kleer"),
    inputs: &[
        Input::text(
            "invoice_date",
            words("Invoice Date", "Fakturadatum"),
            words("YYYY-MM-DD. Without it: today.", "ÅÅÅÅ-MM-DD. Om tomt: dagens datum."),
            Meaning::Date,
        ),
        CURRENCY,
        DELIVERY_TYPE,
        Input::text(
            "invoice_address_line_1",
            words("Invoice Address Line 1", "Fakturaadress rad 1"),
            words("Without it: the client's address in Kleer.", "Om tomt: kundens adress i Kleer."),
            Meaning::Text,
        ),
        Input::text(
            "invoice_address_line_2",
            words("Invoice Address Line 2", "Fakturaadress rad 2"),
            words(
                "Without it: the client's in Kleer, if line 1 is empty too.",
                "Om tomt: kundens i Kleer, om även rad 1 är tom.",
            ),
            Meaning::Text,
        ),
        Input::text(
            "zip_code",
            words("Zip Code", "Postnummer"),
            words("Without it: the client's in Kleer.", "Om tomt: kundens i Kleer."),
            Meaning::Text,
        ),
        Input::text(
            "state",
            words("State", "Ort"),
            words("The town. Without it: the client's in Kleer.", "Om tomt: kundens i Kleer."),
            Meaning::Text,
        ),
        Input::text(
            "country",
            words("Country", "Land"),
            words("Without it: the client's in Kleer.", "Om tomt: kundens i Kleer."),
            Meaning::Text,
        ),
        PO_NUMBER,
        YOUR_REFERENCE,
        Input::typed(
            "our_reference",
            words("Our Reference", "Vår referens"),
            words("One of the users in Kleer. Without it: none.", "En av användarna i Kleer. Om tomt: ingen."),
            Meaning::Live(Live::Users),
        ),
        Input::typed(
            "invoice_template",
            words("Invoice Template", "Fakturamall"),
            words(
                "One of the templates in Kleer. Without it: Kleer's choice.",
                "En av mallarna i Kleer. Om tomt: Kleer väljer.",
            ),
            Meaning::Live(Live::Templates),
        ),
    ],
    id_output: Output { name: "kleer_invoice_id", label: words("Kleer Invoice ID", "Kleer-faktura-ID") },
    codes: DEAL_CODES,
};

/// What stands in its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inputs {
    pub(crate) invoice_date: Option<Date>,
    pub(crate) currency: Option<String>,
    pub(crate) delivery_type: Option<Wished>,
    /// In the order of [`crate::client_card::ADDRESS`].
    pub(crate) address: [Option<String>; 5],
    pub(crate) po_number: Option<String>,
    pub(crate) your_reference: Option<String>,
    pub(crate) our_reference: Option<Wished>,
    pub(crate) invoice_template: Option<Wished>,
}

impl Inputs {
    pub(crate) fn read(read: &Reading<'_>) -> Result<Self, Failure> {
        Ok(Self {
            invoice_date: read.date("invoice_date")?,
            currency: read.currency("currency")?,
            delivery_type: read.live("delivery_type"),
            address: [
                read.text("invoice_address_line_1")?,
                read.text("invoice_address_line_2")?,
                read.text("zip_code")?,
                read.text("state")?,
                read.text("country")?,
            ],
            po_number: read.text("po_number")?,
            your_reference: read.text("your_reference")?,
            our_reference: read.live("our_reference"),
            invoice_template: read.live("invoice_template"),
        })
    }

    /// The address that invoices go to: the client's, with what was filled in over it.
    fn invoice_address(&self, client: &ClientCard) -> [String; 5] {
        let mut lines = client.address.clone();
        // Another street has nothing to do with the client's second line.
        if self.address[0].is_some() {
            lines[1].clear();
        }
        for (line, filled) in lines.iter_mut().zip(&self.address) {
            if let Some(filled) = filled {
                line.clone_from(filled);
            }
        }
        lines
    }
}

/// What of an invoice was found out elsewhere.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'a> {
    pub(crate) client: &'a ClientCard,
    pub(crate) currency: &'a str,
    pub(crate) today: Date,
    pub(crate) rows: Vec<Value>,
    /// One of the company's; none leaves the choice to Kleer, which takes the client's.
    pub(crate) delivery_type: Option<String>,
    pub(crate) our_reference: Option<i64>,
    pub(crate) template: Option<i64>,
}

/// The draft, in Kleer's words.
///
/// # Errors
/// If the day it is due is beyond the calendar.
pub(crate) fn document(inputs: &Inputs, facts: Facts<'_>) -> Result<Document, Failure> {
    let Facts { client, currency, today, rows, delivery_type, our_reference, template } = facts;
    let date = inputs.invoice_date.unwrap_or(today);
    let due = date.checked_add(client.payment_days.days()).map_err(|_| {
        let days = client.payment_days;
        Failure::new(
            ErrorCode::InvalidNumber,
            format!("The client has {days} payment days in Kleer. Correct them there."),
        )
    })?;
    let mut invoice = Document::default();
    let mut set = |name: &str, value: Value| invoice.set(name, value);
    set("id", json!(0));
    set("invoice-nr", json!(0));
    set("po-nr", json!(inputs.po_number.as_deref().unwrap_or_default()));
    set("client-ref", json!({ "id": client.id }));
    if let Some(template) = template {
        set("client-invoice-template-ref", json!({ "id": template }));
    }
    set("your-reference", json!(inputs.your_reference.as_ref().unwrap_or(&client.contact)));
    // 0 is nobody (contract kleer-api §7.2).
    set("our-reference", json!({ "id": our_reference.unwrap_or(0) }));
    set("invoice-address", address(&inputs.invoice_address(client)));
    set("invoice-email", json!(client.email));
    set("delivery-name", json!(client.name));
    set("delivery-address", address(&client.address));
    set("delivery-email", json!(client.email));
    set("invoice-date", json!(date.to_string()));
    set("due-date", json!(due.to_string()));
    set("delivery-date", json!(""));
    set("currency", json!(currency));
    set("certified", json!(false));
    set("sent", json!(false));
    set("remaining", json!(0));
    set("disabled", json!(false));
    if let Some(delivery_type) = delivery_type {
        set("delivery-type", json!(delivery_type));
    }
    set("rows", crate::rows::wrapped(rows));
    Ok(invoice)
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
    let (client, items) = try_join(work.client(), work.line_items()).await?;
    let rows = work.rows(&items, true).await?;
    let kleer = &work.connection.kleer;
    let facts = Facts {
        client: &client,
        currency: &work.currency(inputs.currency.as_ref(), &deal, &client).await?,
        today: stockholm_date(work.app.clock.now()),
        rows: rows.rows.iter().map(|row| row.of_invoice(&rows.facts(row))).collect(),
        delivery_type: look_up(kleer, inputs.delivery_type.as_ref()).await?,
        our_reference: look_up_id(kleer, inputs.our_reference.as_ref()).await?,
        template: look_up_id(kleer, inputs.invoice_template.as_ref()).await?,
    };
    let document = document(&inputs, facts)?;
    let note = if items.is_empty() { "The deal has no line items: the draft has no rows." } else { "" };
    work.create(ObjectType::Invoice, &document, note.to_owned()).await
}
