//! Kleer's invoicing run: what agreements that are due make of themselves.

use jiff::{ToSpan as _, civil::Date};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Agreement, AgreementRow, schedule::Due};
use crate::{
    Refusal,
    state::{Act, Company, Invoice, InvoiceRow, Kind, Touched, invoice::accept::currency_rate, missing, moment::local},
};

impl Company {
    /// Makes an invoice for every date of an agreement that is due until a day, included, and after the agreement's last
    /// invoice; certified ones, or drafts. Dates count from the agreement's start, however long ago that is. Returns the
    /// invoices' ids.
    pub fn run_invoicing(&mut self, until: Date, certified: bool) -> Vec<i64> {
        let touched = self.invoice_agreements(until, certified);
        touched.into_iter().filter(|(kind, _)| *kind == Kind::Invoice).map(|(_, id)| id).collect()
    }

    /// The same; returns all that it touched.
    pub(crate) fn invoice_agreements(&mut self, until: Date, certified: bool) -> Touched {
        let mut touched = Vec::new();
        for agreement in self.agreements() {
            let last = self.ledger.last_invoiced(agreement.id);
            let due = |date: Date| date <= until && last.is_none_or(|last| last < date);
            let dues = agreement.schedule().dues().take_while(|one| one.date <= until).collect::<Vec<_>>();
            let before = touched.len();
            for one in dues.into_iter().filter(|one| due(one.date)) {
                let is_first = last.is_none() && touched.len() == before;
                let invoice = self.made_by(&agreement, one, is_first, certified);
                touched.push((Kind::Invoice, self.add_invoice(invoice)));
            }
            if touched.len() > before && self.refresh_agreement(agreement.id) {
                touched.push((Kind::Agreement, agreement.id));
            }
        }
        touched
    }

    /// The invoice for one date of an agreement.
    fn made_by(&self, agreement: &Agreement, due: Due, is_first: bool, certified: bool) -> Invoice {
        let client = self.client(agreement.client_ref.id).unwrap_or_default();
        let first = if is_first { &agreement.first_invoice_rows[..] } else { &[] };
        let rows: Vec<InvoiceRow> = agreement
            .recurring_rows
            .iter()
            .chain(first)
            .map(|row| self.row_made_by(row, &client.country_code))
            .collect();
        let mut invoice = Invoice {
            po_nr: agreement.po_nr.clone(),
            agreement_nr: Some(agreement.agreement_nr.clone()),
            subscription_nr: Some(agreement.subscription_nr.clone()),
            client_ref: agreement.client_ref,
            your_reference: agreement.your_reference.clone(),
            our_reference: agreement.our_reference.unwrap_or_default(),
            approver: Some(agreement.approver.unwrap_or_default()),
            invoice_address: client.address.clone(),
            invoice_email: client.email,
            delivery_address: client.address,
            invoice_date: due.date,
            due_date: due.date.saturating_add(agreement.payment_days.days()),
            period: Some(due.period),
            currency: agreement.currency.clone(),
            currency_rate: Some(currency_rate(&agreement.currency)),
            delivery_type: client.delivery_type,
            gln: client.gln,
            vat_nr: client.vat_nr,
            country_code: Some(client.country_code),
            client_agreement_ref: Some(agreement.id.into()),
            rows,
            ..Invoice::default()
        };
        if certified {
            let (amount, vat) = invoice.totals();
            invoice.invoice_nr = self.ledger.next_number();
            invoice.certified = true;
            invoice.certified_date = Some(local(self.now));
            invoice.remaining = amount + vat;
        }
        invoice
    }

    /// A row with what its product says. A row without product gets product 0, since an invoice's row has to have one.
    fn row_made_by(&self, row: &AgreementRow, country: &str) -> InvoiceRow {
        let product = row.product.and_then(|product| self.product(product.id)).unwrap_or_default();
        let vat = if country == "SE" { product.vat_percentage.unwrap_or_default() } else { Decimal::ZERO };
        InvoiceRow {
            quantity: row.quantity,
            price: row.price,
            vat,
            product: row.product.unwrap_or_default(),
            unit: row.unit.clone(),
            description: row.description.clone(),
            account_nr: product.account_nr.unwrap_or(3001),
            discount: row.discount,
            ..InvoiceRow::default()
        }
    }

    /// Computes the next date of every agreement; called when a new day begins or a switch is flipped.
    pub(crate) fn refresh_agreements(&mut self) {
        let ids: Vec<i64> = self.agreements.iter().map(|(id, _)| id).collect();
        for id in ids {
            self.refresh_agreement(id);
        }
    }

    /// Computes the next date of an agreement; whether it is another one than before.
    fn refresh_agreement(&mut self, id: i64) -> bool {
        let Some(record) = self.agreements.get(id) else { return false };
        let Ok(schedule) = serde_json::from_str(record.text()) else { return false };
        let next = json!(self.next_invoice_date(Some(id), &schedule));
        if record.says(&format!("\"next-invoice-date\":{next}")) {
            return false;
        }
        let mut document = record.document();
        document.insert("next-invoice-date".to_owned(), next);
        self.store(Kind::Agreement, id, document);
        true
    }

    /// Does to an agreement what is asked for.
    pub(crate) fn act_on_agreement(&mut self, id: i64, act: &Act) -> Result<Touched, Refusal> {
        if *act != Act::Delete {
            return Err(Refusal::MethodUnknown);
        }
        let mut document = self.document(Kind::Agreement, id).ok_or_else(|| missing(Kind::Agreement, id))?;
        document.insert("deleted".to_owned(), Value::from(true));
        document.insert("next-invoice-date".to_owned(), Value::Null);
        self.store(Kind::Agreement, id, document);
        Ok(vec![(Kind::Agreement, id)])
    }
}
