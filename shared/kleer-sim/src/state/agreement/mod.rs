//! Client agreements: recurring invoicing (contract kleer-api §7.4).

pub(crate) mod accept;
mod invoicing;
pub(crate) mod schedule;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{
    Act, Company, Discount, Kind, Reference,
    document::{Document, Encoder, merge_patch, parse},
    moment::{local, today},
    records::Record,
    shapes::{decimal, optional_date, row_amount, rows, unwrapped},
};
use schedule::Schedule;

/// An agreement, typed for tests, seeds and the demo. The stored truth is its JSON document, which may hold more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Agreement {
    /// Given by Kleer; ignored when an agreement is added.
    pub id: i64,
    /// Another system's id for it.
    pub foreign_id: String,
    /// How often it was saved; given by Kleer.
    pub revision_nr: i64,
    /// Who pays.
    pub client_ref: Reference,
    /// The agreement's name.
    pub description: String,
    /// The first day of the first period. An agreement that is added with the year 0 starts on the day it is.
    pub start_invoice_date: Date,
    /// When the next invoice is due; computed by Kleer.
    #[serde(deserialize_with = "optional_date")]
    pub next_invoice_date: Option<Date>,
    /// No period starts after this day.
    #[serde(deserialize_with = "optional_date")]
    pub end_date: Option<Date>,
    /// When to talk to the client.
    #[serde(deserialize_with = "optional_date")]
    pub renewal_notification_date: Option<Date>,
    /// A person at the client.
    pub your_reference: String,
    /// One of our users.
    pub our_reference: Option<Reference>,
    /// Who approves invoices.
    pub approver: Option<Reference>,
    /// ISO 4217.
    pub currency: String,
    /// Days from an invoice's date until it is due.
    pub payment_days: i64,
    /// How long a period is; one of 0 or less comes only once.
    pub invoice_interval_months: i64,
    /// Which day of a period is the invoice's, such as `INVOICE_AT_START`.
    pub invoice_day: String,
    /// The client's purchase order.
    pub po_nr: String,
    /// A text that its invoices repeat.
    pub agreement_nr: String,
    /// A text that its invoices repeat.
    pub subscription_nr: String,
    /// Free text.
    #[serde(default)]
    pub notes: Option<String>,
    /// Whether a user deleted it.
    pub deleted: bool,
    /// Rows of the first invoice only.
    #[serde(deserialize_with = "unwrapped")]
    pub first_invoice_rows: Vec<AgreementRow>,
    /// Rows of every invoice.
    #[serde(deserialize_with = "unwrapped")]
    pub recurring_rows: Vec<AgreementRow>,
    /// Who made this revision.
    pub registration_user: Option<Reference>,
    /// When this revision was made, in Swedish time.
    pub registration_date: Option<DateTime>,
}

/// A row of an agreement; it has no id, no VAT rate and no account (contract kleer-api §7.4).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct AgreementRow {
    /// How many units.
    #[serde(deserialize_with = "decimal")]
    pub quantity: Decimal,
    /// Hundredths of the currency per unit, without VAT.
    pub price: i64,
    /// What is sold.
    pub product: Option<Reference>,
    /// `st`, `tim`, `mån` …
    pub unit: String,
    /// What stands on the invoice.
    pub description: String,
    /// What is taken off.
    pub discount: Option<Discount>,
}

impl Default for AgreementRow {
    fn default() -> AgreementRow {
        AgreementRow {
            quantity: Decimal::ONE,
            price: 0,
            product: None,
            unit: "st".to_owned(),
            description: String::new(),
            discount: None,
        }
    }
}

impl AgreementRow {
    /// What the row comes to in hundredths, without VAT.
    pub fn amount(&self) -> i64 {
        row_amount(self.quantity, self.price, self.discount)
    }

    fn encode(&self) -> String {
        let mut text = Encoder::new(200);
        text.raw("quantity", &self.quantity.normalize().to_string()).number("price", self.price);
        text.optional("product", self.product, |text, name, product| {
            text.reference(name, product.id);
        });
        text.text("unit", &self.unit).text("description", &self.description);
        text.optional("discount", self.discount, |text, name, discount| {
            text.raw(name, &discount.encode());
        });
        text.raw("fields", "{}").raw("dimensions", "{}").finish()
    }
}

impl Default for Agreement {
    fn default() -> Agreement {
        Agreement {
            id: 0,
            foreign_id: String::new(),
            revision_nr: 1,
            client_ref: Reference::default(),
            description: String::new(),
            start_invoice_date: Date::default(),
            next_invoice_date: None,
            end_date: None,
            renewal_notification_date: None,
            your_reference: String::new(),
            our_reference: None,
            approver: None,
            currency: "SEK".to_owned(),
            payment_days: 30,
            invoice_interval_months: 1,
            invoice_day: "INVOICE_AT_START".to_owned(),
            po_nr: String::new(),
            agreement_nr: String::new(),
            subscription_nr: String::new(),
            notes: Some(String::new()),
            deleted: false,
            first_invoice_rows: Vec::new(),
            recurring_rows: Vec::new(),
            registration_user: None,
            registration_date: None,
        }
    }
}

impl Agreement {
    /// The document that Kleer answers, in the schema's order.
    pub(crate) fn encode(&self) -> String {
        let mut text = Encoder::new(900 + 200 * self.recurring_rows.len());
        text.number("id", self.id).text("foreign-id", &self.foreign_id).number("revision-nr", self.revision_nr);
        text.reference("client-ref", self.client_ref.id).text("description", &self.description);
        text.plain("start-date", self.start_invoice_date).plain("start-invoice-date", self.start_invoice_date);
        nullable_date(&mut text, "next-invoice-date", self.next_invoice_date);
        nullable_date(&mut text, "end-date", self.end_date);
        text.optional("renewal-notification-date", self.renewal_notification_date, |text, name, date| {
            text.plain(name, date);
        });
        text.text("your-reference", &self.your_reference).nullable_reference("our-reference", self.our_reference);
        text.nullable_reference("approver", self.approver).text("currency", &self.currency);
        text.number("payment-days", self.payment_days);
        text.number("invoice-interval-months", self.invoice_interval_months);
        text.text("invoice-day", &self.invoice_day).text("po-nr", &self.po_nr);
        text.text("agreement-nr", &self.agreement_nr).text("subscription-nr", &self.subscription_nr);
        text.optional_text("notes", self.notes.as_deref()).boolean("deleted", self.deleted).raw("fields", "{}");
        rows(&mut text, "first-invoice-rows", self.first_invoice_rows.iter().map(AgreementRow::encode));
        rows(&mut text, "recurring-rows", self.recurring_rows.iter().map(AgreementRow::encode));
        text.optional("registration-user", self.registration_user, |text, name, user| {
            text.reference(name, user.id);
        });
        text.optional("registration-date", self.registration_date, |text, name, moment| {
            text.plain(name, moment);
        });
        text.finish()
    }

    /// When it is invoiced.
    pub(crate) fn schedule(&self) -> Schedule {
        Schedule {
            start_invoice_date: self.start_invoice_date,
            end_date: self.end_date,
            payment_days: self.payment_days,
            invoice_interval_months: self.invoice_interval_months,
            invoice_day: self.invoice_day.clone(),
            deleted: self.deleted,
        }
    }
}

fn nullable_date(text: &mut Encoder, name: &str, date: Option<Date>) {
    match date {
        Some(date) => text.plain(name, date),
        None => text.raw(name, "null"),
    };
}

/// What the form in Kleer's own pages starts with, and `filled` in by the user.
pub(crate) fn filled_form(company: &Company, filled: Document) -> Document {
    let mut document = parse(&company.begun(Agreement::default()).encode());
    merge_patch(&mut document, filled);
    document
}

impl Company {
    /// Adds an agreement; Kleer gives the id, the revision, who made it and when, and computes the next date. Returns
    /// its id.
    pub fn add_agreement(&mut self, agreement: Agreement) -> i64 {
        let mut agreement = self.begun(agreement);
        agreement.id = self.agreements.next_id();
        agreement.registration_user = agreement.registration_user.or(Some(self.first_user().into()));
        agreement.registration_date = agreement.registration_date.or(Some(local(self.now)));
        agreement.next_invoice_date = self.next_invoice_date(Some(agreement.id), &agreement.schedule());
        self.agreements.put(agreement.id, Record::new(agreement.encode(), &agreement.foreign_id));
        agreement.id
    }

    /// An agreement as it is now.
    pub fn agreement(&self, id: i64) -> Option<Agreement> {
        self.typed(Kind::Agreement, id)
    }

    /// All agreements, by id. Parses every document.
    pub fn agreements(&self) -> Vec<Agreement> {
        self.all_typed(Kind::Agreement)
    }

    /// Changes an agreement as a user of Kleer would: a new revision; what the typed form does not name stays.
    ///
    /// # Panics
    /// If there is no such agreement.
    pub fn edit_agreement(&mut self, id: i64, edit: impl FnOnce(&mut Agreement)) {
        let mut agreement = self.agreement(id).unwrap_or_else(|| panic!("no agreement {id}"));
        let before = agreement.encode();
        edit(&mut agreement);
        agreement.revision_nr += 1;
        agreement.registration_user = Some(self.first_user().into());
        agreement.registration_date = Some(local(self.now));
        agreement.next_invoice_date = self.next_invoice_date(Some(id), &agreement.schedule());
        self.replace(Kind::Agreement, id, &before, &agreement.encode());
    }

    /// Deletes an agreement as users see it: it stays, with its flag set; not a new revision.
    ///
    /// # Panics
    /// If there is no such agreement.
    pub fn delete_agreement(&mut self, id: i64) {
        self.must_act(Kind::Agreement, id, &Act::Delete);
    }

    /// Takes an agreement out as if it had never been; whether it was there.
    pub fn remove_agreement(&mut self, id: i64) -> bool {
        self.remove(Kind::Agreement, id)
    }

    fn begun(&self, mut agreement: Agreement) -> Agreement {
        if agreement.start_invoice_date.year() == 0 {
            agreement.start_invoice_date = today(self.now);
        }
        agreement
    }
}
