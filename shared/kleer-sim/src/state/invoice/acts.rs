//! What people do to invoices in Kleer's own pages: certify, pay, credit, send, delete. No known path of the API does it
//! (contract kleer-api §6, §13.6).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    Invoice,
    accept::{DELIVERY_METHODS, stored},
};
use crate::{
    Editor, Refusal, Spelling,
    state::{
        Act, Company, Document, Kind, Reference, Touched,
        document::text_of,
        moment::{local, today},
        shapes::{is_true, whole_of},
    },
};

impl Company {
    /// Certifies a draft: it gets the next number, and is to be paid from now on. Returns the number.
    ///
    /// # Panics
    /// If there is no such invoice, or it is no draft.
    pub fn certify_invoice(&mut self, id: i64) -> i64 {
        self.must_act(Kind::Invoice, id, &Act::Certify);
        self.invoice(id).map(|invoice| invoice.invoice_nr).unwrap_or_default()
    }

    /// Registers a payment made today; all that remains if no sum is given.
    ///
    /// # Panics
    /// If there is no such invoice, or it is a draft.
    pub fn pay_invoice(&mut self, id: i64, amount: Option<i64>) {
        self.must_act(Kind::Invoice, id, &Act::Pay { amount, date: None });
    }

    /// Credits a certified invoice as a whole. Returns the id of the credit, which is certified.
    ///
    /// # Panics
    /// If there is no such invoice, it is a draft, or a credit itself.
    pub fn credit_invoice(&mut self, id: i64) -> i64 {
        self.must_act(Kind::Invoice, id, &Act::Credit)[0].1
    }

    /// Marks a certified invoice as sent.
    ///
    /// # Panics
    /// If there is no such invoice, or it is a draft.
    pub fn send_invoice(&mut self, id: i64) {
        self.must_act(Kind::Invoice, id, &Act::Send);
    }

    /// Deletes an invoice as users see it: it stays, disabled.
    ///
    /// # Panics
    /// If there is no such invoice.
    pub fn disable_invoice(&mut self, id: i64) {
        self.must_act(Kind::Invoice, id, &Act::Disable);
    }

    /// Takes an invoice out of the books as if it had never been; whether it was there.
    pub fn remove_invoice(&mut self, id: i64) -> bool {
        self.remove(Kind::Invoice, id)
    }

    /// Does to an invoice what is asked for; the first of the touched records is what came of it.
    pub(crate) fn act_on_invoice(&mut self, id: i64, by: Editor, act: &Act) -> Result<Touched, Refusal> {
        let document = stored(self, id)?;
        match act {
            Act::Certify => self.certify(id, document),
            Act::Pay { amount, date } => self.pay(id, document, *amount, *date),
            Act::Credit => self.credit(id, &document),
            Act::Send => self.send(id, document),
            Act::Disable => self.disable(id, by, document),
            _ => Err(Refusal::MethodUnknown),
        }
    }

    fn certify(&mut self, id: i64, mut document: Document) -> Result<Touched, Refusal> {
        if is_true(&document, "certified") || is_true(&document, "disabled") {
            return Err(refused("ClientInvoiceNotCertifiableException", "Fakturan kan inte attesteras"));
        }
        let total = whole_of(&document, "amount") + whole_of(&document, "vat");
        set(&mut document, "invoice-nr", self.ledger.next_number());
        set(&mut document, "certified", true);
        set(&mut document, "certified-date", local(self.now).to_string());
        set(&mut document, "remaining", total);
        let mut touched = vec![(Kind::Invoice, id)];
        let debit = self.ledger.numbered(whole_of(&document, "debit-invoice-nr")).filter(|debit| *debit != id);
        if let Some(debit) = debit {
            let left = self.set_off(debit, id, -total);
            set(&mut document, "remaining", -left);
            touched.push((Kind::Invoice, debit));
        }
        self.store(Kind::Invoice, id, document);
        Ok(touched)
    }

    fn pay(
        &mut self,
        id: i64,
        mut document: Document,
        amount: Option<i64>,
        date: Option<Date>,
    ) -> Result<Touched, Refusal> {
        must_be_certified(&document)?;
        let remaining = whole_of(&document, "remaining");
        set(&mut document, "remaining", remaining - amount.unwrap_or(remaining));
        set(&mut document, "last-payment-date", date.unwrap_or_else(|| today(self.now)).to_string());
        self.store(Kind::Invoice, id, document);
        Ok(vec![(Kind::Invoice, id)])
    }

    fn send(&mut self, id: i64, mut document: Document) -> Result<Touched, Refusal> {
        must_be_certified(&document)?;
        let chosen = text_of(&document, "delivery-type");
        let method = DELIVERY_METHODS.into_iter().find(|method| *method == chosen).unwrap_or("Manually");
        let delivery = json!({
            "delivery-method": Spelling::UpperSnake.spell(method),
            "registration-user": { "id": self.first_user() },
            "registration-datetime": local(self.now).to_string(),
        });
        append(&mut document, "invoice-deliveries", "invoice-deliveries", delivery);
        set(&mut document, "sent", true);
        self.store(Kind::Invoice, id, document);
        Ok(vec![(Kind::Invoice, id)])
    }

    /// A program may delete drafts only; a person is trusted to know.
    fn disable(&mut self, id: i64, by: Editor, mut document: Document) -> Result<Touched, Refusal> {
        if by == Editor::Api && is_true(&document, "certified") {
            return Err(refused("ClientInvoiceCertifiedException", "Fakturan är attesterad och kan inte tas bort"));
        }
        set(&mut document, "disabled", true);
        self.store(Kind::Invoice, id, document);
        Ok(vec![(Kind::Invoice, id)])
    }

    /// A credit is the same invoice with negative quantities and the debit invoice's number (contract kleer-api §6).
    fn credit(&mut self, id: i64, document: &Document) -> Result<Touched, Refusal> {
        must_be_certified(document)?;
        let debit = self.invoice(id).unwrap_or_default();
        if debit.debit_invoice_nr.is_some() {
            return Err(refused("ClientInvoiceIsCreditException", "En kreditfaktura kan inte krediteras"));
        }
        let credit = self.add_invoice(debit.credited(today(self.now)));
        let draft = stored(self, credit)?;
        self.certify(credit, draft)
    }

    /// Sets a credit of `amount` off against what remains of the debit invoice. Returns what could not be set off.
    fn set_off(&mut self, debit: i64, credit: i64, amount: i64) -> i64 {
        let mut document = stored(self, debit).unwrap_or_default();
        let remaining = whole_of(&document, "remaining");
        let covered = amount.min(remaining).max(0);
        set(&mut document, "remaining", remaining - covered);
        append(&mut document, "credit-invoices", "client-invoices", json!(Reference { id: credit }));
        self.store(Kind::Invoice, debit, document);
        amount - covered
    }
}

impl Invoice {
    /// The draft of a credit of the whole invoice.
    pub(crate) fn credited(&self, date: Date) -> Invoice {
        let mut rows = self.rows.clone();
        for row in &mut rows {
            row.quantity = -row.quantity;
            row.discount = row.discount.map(crate::state::Discount::credited);
        }
        Invoice {
            debit_invoice_nr: Some(self.invoice_nr),
            invoice_nr: 0,
            foreign_id: String::new(),
            credit_invoices: Vec::new(),
            client_agreement_ref: None,
            invoice_date: date,
            due_date: date,
            delivery_date: None,
            certified: false,
            certified_date: None,
            sent: false,
            disabled: false,
            remaining: 0,
            last_payment_date: None,
            rows,
            ..self.clone()
        }
    }
}

fn must_be_certified(document: &Document) -> Result<(), Refusal> {
    match is_true(document, "certified") {
        true => Ok(()),
        false => Err(refused("ClientInvoiceNotCertifiedException", "Fakturan är inte attesterad")),
    }
}

fn refused(class: &'static str, message: &str) -> Refusal {
    Refusal::Business { class, message: message.to_owned() }
}

fn set(document: &mut Document, name: &str, value: impl Into<Value>) {
    document.insert(name.to_owned(), value.into());
}

fn append(document: &mut Document, wrapper: &str, inner: &str, item: Value) {
    let list = document.entry(wrapper).or_insert_with(|| json!({}));
    match list.get_mut(inner).and_then(Value::as_array_mut) {
        Some(items) => items.push(item),
        None => *list = json!({ inner: [item] }),
    }
}
