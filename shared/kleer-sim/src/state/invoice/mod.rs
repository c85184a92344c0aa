//! Client invoices (contract kleer-api §7.2).

pub(crate) mod accept;
mod acts;
pub(crate) mod ledger;
mod row;
pub(crate) mod search;

use jiff::{
    ToSpan as _,
    civil::{Date, DateTime},
};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    Address, Company, Kind, Period, Reference,
    document::{Document, Encoder, merge_patch, parse},
    moment::today,
    shapes::{optional_date, optional_decimal, rounded, rows, unwrapped},
};

pub use row::InvoiceRow;

/// An invoice, typed for tests, seeds and the demo. The stored truth is its JSON document, which may hold more.
/// Money is in hundredths of the invoice's currency.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Invoice {
    /// Given by Kleer; ignored when an invoice is added.
    pub id: i64,
    /// The number on the invoice; 0 until it is certified.
    pub invoice_nr: i64,
    /// On a credit: the number of the invoice that it credits.
    pub debit_invoice_nr: Option<i64>,
    /// `ROW`, `INVOICE` or `NONE`.
    pub edi_period_type: Option<String>,
    /// The credits of this invoice.
    #[serde(deserialize_with = "invoice_references")]
    pub credit_invoices: Vec<Reference>,
    /// Another system's id for it.
    pub foreign_id: String,
    /// The client's purchase order.
    pub po_nr: String,
    /// A text; [`Invoice::client_agreement_ref`] is the real link (contract kleer-api §11).
    #[serde(default)]
    pub agreement_nr: Option<String>,
    /// A text.
    #[serde(default)]
    pub subscription_nr: Option<String>,
    /// Who pays.
    pub client_ref: Reference,
    /// Whom it is for, if somebody else pays.
    pub end_client: Option<Reference>,
    /// The template it is printed with.
    pub client_invoice_template_ref: Option<Reference>,
    /// A person at the client.
    pub your_reference: String,
    /// One of our users; id 0 is nobody.
    pub our_reference: Reference,
    /// Who approves it; id 0 is nobody.
    #[serde(default)]
    pub approver: Option<Reference>,
    /// Where the invoice goes.
    pub invoice_address: Address,
    /// Where the invoice goes by e-mail.
    pub invoice_email: String,
    /// Where the goods go: a name.
    pub delivery_name: String,
    /// Where the goods go.
    pub delivery_address: Address,
    /// Whom to write to about the goods.
    pub delivery_email: String,
    /// The day on the invoice. An invoice that is added with the year 0 gets the day it is.
    pub invoice_date: Date,
    /// When it is to be paid. An invoice that is added with the year 0 gets the client's days of payment.
    pub due_date: Date,
    /// When the goods were delivered.
    #[serde(deserialize_with = "optional_date")]
    pub delivery_date: Option<Date>,
    /// The period that it is accrued over.
    pub period: Option<Period>,
    /// Without VAT; computed from the rows.
    pub amount: i64,
    /// VAT; computed from the rows.
    pub vat: i64,
    /// ISO 4217.
    pub currency: String,
    /// What one unit of the currency is worth in the company's.
    #[serde(deserialize_with = "optional_decimal")]
    pub currency_rate: Option<Decimal>,
    /// Whether it is booked, and no draft any longer.
    pub certified: bool,
    /// When it was certified, in Swedish time.
    pub certified_date: Option<DateTime>,
    /// Whether it was sent.
    pub sent: bool,
    /// Free text.
    pub notes: Option<String>,
    /// One of the company's delivery types.
    #[serde(default)]
    pub delivery_type: Option<String>,
    /// The client's global location number.
    pub gln: Option<String>,
    /// The client's VAT number.
    pub vat_nr: Option<String>,
    /// The client's country.
    #[serde(default)]
    pub country_code: Option<String>,
    /// The agreement that made it.
    pub client_agreement_ref: Option<Reference>,
    /// What is yet to be paid; 0 for drafts.
    pub remaining: i64,
    /// When it was last paid on.
    #[serde(deserialize_with = "optional_date")]
    pub last_payment_date: Option<Date>,
    /// Whether a user deleted it.
    pub disabled: bool,
    /// What is invoiced.
    #[serde(deserialize_with = "unwrapped")]
    pub rows: Vec<InvoiceRow>,
}

/// A layout for invoices (contract kleer-api §6, `GET client/invoice/template`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct InvoiceTemplate {
    /// Its id.
    pub id: i64,
    /// Another system's id for it.
    pub foreign_id: String,
    /// Its name.
    pub name: String,
    /// Free text.
    pub description: String,
}

impl InvoiceTemplate {
    /// The templates a company starts with: one for debit, one for credit.
    pub(crate) fn standard() -> Vec<InvoiceTemplate> {
        [(1, "Standardfaktura", "Debetfakturor"), (2, "Kreditfaktura", "Kreditfakturor")]
            .map(|(id, name, description)| InvoiceTemplate {
                id,
                foreign_id: String::new(),
                name: name.to_owned(),
                description: description.to_owned(),
            })
            .to_vec()
    }
}

fn invoice_references<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Reference>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Wrapper {
        client_invoices: Option<Vec<Reference>>,
    }
    Ok(Wrapper::deserialize(deserializer)?.client_invoices.unwrap_or_default())
}

impl Default for Invoice {
    fn default() -> Invoice {
        Invoice {
            id: 0,
            invoice_nr: 0,
            debit_invoice_nr: None,
            edi_period_type: None,
            credit_invoices: Vec::new(),
            foreign_id: String::new(),
            po_nr: String::new(),
            agreement_nr: Some(String::new()),
            subscription_nr: Some(String::new()),
            client_ref: Reference::default(),
            end_client: None,
            client_invoice_template_ref: None,
            your_reference: String::new(),
            our_reference: Reference::default(),
            approver: Some(Reference::default()),
            invoice_address: Address::default(),
            invoice_email: String::new(),
            delivery_name: String::new(),
            delivery_address: Address::default(),
            delivery_email: String::new(),
            invoice_date: Date::default(),
            due_date: Date::default(),
            delivery_date: None,
            period: None,
            amount: 0,
            vat: 0,
            currency: "SEK".to_owned(),
            currency_rate: None,
            certified: false,
            certified_date: None,
            sent: false,
            notes: None,
            delivery_type: Some("Email".to_owned()),
            gln: None,
            vat_nr: None,
            country_code: Some("SE".to_owned()),
            client_agreement_ref: None,
            remaining: 0,
            last_payment_date: None,
            disabled: false,
            rows: Vec::new(),
        }
    }
}

impl Invoice {
    /// What the rows come to: without VAT, and the VAT. VAT is rounded once, over all rows.
    pub fn totals(&self) -> (i64, i64) {
        let amount: i64 = self.rows.iter().map(InvoiceRow::amount).sum();
        let vat: Decimal = self.rows.iter().map(|row| Decimal::from(row.amount()) * row.vat).sum();
        (amount, rounded(vat))
    }

    /// The document that Kleer answers, in the schema's order.
    pub(crate) fn encode(&self) -> String {
        let mut text = Encoder::new(1_600 + 250 * self.rows.len());
        text.number("id", self.id).number("invoice-nr", self.invoice_nr);
        text.optional("debit-invoice-nr", self.debit_invoice_nr, |text, name, number| {
            text.number(name, number);
        });
        text.optional_text("edi-period-type", self.edi_period_type.as_deref());
        text.references("credit-invoices", "client-invoices", self.credit_invoices.iter().map(|credit| credit.id));
        text.raw("aggregated-invoices", "{}").text("foreign-id", &self.foreign_id).text("po-nr", &self.po_nr);
        text.optional_text("agreement-nr", self.agreement_nr.as_deref());
        text.optional_text("subscription-nr", self.subscription_nr.as_deref());
        text.reference("client-ref", self.client_ref.id).optional("end-client", self.end_client, reference);
        text.optional("client-invoice-template-ref", self.client_invoice_template_ref, reference);
        text.text("your-reference", &self.your_reference).reference("our-reference", self.our_reference.id);
        text.optional("approver", self.approver, reference);
        text.raw("invoice-address", &self.invoice_address.encode()).text("invoice-email", &self.invoice_email);
        text.text("delivery-name", &self.delivery_name).raw("delivery-address", &self.delivery_address.encode());
        text.text("delivery-email", &self.delivery_email);
        self.encode_course(&mut text);
        rows(&mut text, "rows", self.rows.iter().map(InvoiceRow::encode));
        text.raw("reinvoicings", "{}").boolean("factoring", false).raw("self-invoice-references", "{}").finish()
    }

    /// Dates, money, and how far the invoice has come.
    fn encode_course(&self, text: &mut Encoder) {
        text.plain("invoice-date", self.invoice_date).plain("due-date", self.due_date);
        text.plain("delivery-date", self.delivery_date.map(|date| date.to_string()).unwrap_or_default());
        text.optional("period", self.period, |text, name, period| {
            text.raw(name, &period.encode());
        });
        text.number("amount", self.amount).number("vat", self.vat).text("currency", &self.currency);
        text.optional("currency-rate", self.currency_rate, |text, name, rate| {
            text.raw(name, &rate.normalize().to_string());
        });
        text.boolean("certified", self.certified);
        text.optional("certified-date", self.certified_date, |text, name, moment| {
            text.plain(name, moment);
        });
        text.boolean("sent", self.sent).optional_text("notes", self.notes.as_deref());
        text.optional_text("delivery-type", self.delivery_type.as_deref()).optional_text("gln", self.gln.as_deref());
        text.optional_text("vat-nr", self.vat_nr.as_deref());
        text.optional_text("country-code", self.country_code.as_deref());
        text.optional("client-agreement-ref", self.client_agreement_ref, reference);
        text.number("remaining", self.remaining);
        text.optional("last-payment-date", self.last_payment_date, |text, name, date| {
            text.plain(name, date);
        });
        text.boolean("disabled", self.disabled).boolean("automatic-actions-disabled", false);
        text.text("automatic-actions-message", "").raw("fields", "{}").raw("invoice-deliveries", "{}");
    }
}

fn reference(text: &mut Encoder, name: &str, reference: Reference) {
    text.reference(name, reference.id);
}

/// What the form in Kleer's own pages starts with, and `filled` in by the user.
pub(crate) fn filled_form(company: &Company, filled: Document) -> Document {
    let blank = Invoice {
        client_ref: super::document::reference_of(&filled, "client-ref").unwrap_or_default().into(),
        ..Invoice::default()
    };
    let mut document = parse(&company.dated(blank).encode());
    merge_patch(&mut document, filled);
    document
}

impl Company {
    /// Adds an invoice as it is given, a draft unless it says otherwise; Kleer gives the ids and computes the sums.
    /// Returns its id.
    pub fn add_invoice(&mut self, invoice: Invoice) -> i64 {
        let mut invoice = self.dated(invoice);
        invoice.id = self.invoices.next_id();
        invoice.rows.iter_mut().for_each(|row| row.id = 0);
        self.settle(&mut invoice);
        self.ledger.note(invoice.id, &invoice);
        self.invoices.put(invoice.id, super::records::Record::new(invoice.encode(), &invoice.foreign_id));
        invoice.id
    }

    /// An invoice as it is now.
    pub fn invoice(&self, id: i64) -> Option<Invoice> {
        self.typed(Kind::Invoice, id)
    }

    /// All invoices, by id. Parses every document.
    pub fn invoices(&self) -> Vec<Invoice> {
        self.all_typed(Kind::Invoice)
    }

    /// Changes an invoice as a user of Kleer would; what the typed form does not name stays. Rows may be added with
    /// id 0; the sums are computed anew.
    ///
    /// # Panics
    /// If there is no such invoice.
    pub fn edit_invoice(&mut self, id: i64, edit: impl FnOnce(&mut Invoice)) {
        let mut invoice = self.invoice(id).unwrap_or_else(|| panic!("no invoice {id}"));
        let before = invoice.encode();
        edit(&mut invoice);
        self.settle(&mut invoice);
        self.replace(Kind::Invoice, id, &before, &invoice.encode());
    }

    /// The templates, to look at or change.
    pub fn invoice_templates(&mut self) -> &mut Vec<InvoiceTemplate> {
        &mut self.templates
    }

    /// Gives ids to the rows that have none, and computes the sums.
    fn settle(&self, invoice: &mut Invoice) {
        let fresh = invoice.rows.iter_mut().filter(|row| row.id == 0);
        fresh.zip(self.ledger.next_row_id()..).for_each(|(row, id)| row.id = id);
        (invoice.amount, invoice.vat) = invoice.totals();
    }

    /// Dates that nobody chose are today and the client's days of payment later.
    fn dated(&self, mut invoice: Invoice) -> Invoice {
        if invoice.invoice_date.year() == 0 {
            invoice.invoice_date = today(self.now);
        }
        if invoice.due_date.year() == 0 {
            let days = self.client(invoice.client_ref.id).map_or(30, |client| client.payment_days);
            invoice.due_date = invoice.invoice_date.saturating_add(days.days());
        }
        invoice
    }
}
