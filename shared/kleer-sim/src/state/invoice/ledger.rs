//! What is looked up about all invoices at once. All of it is derived from the documents whenever one is stored, so the
//! journal holds none of it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Invoice;

/// The first number of an invoice; far from the ids, so that nobody takes one for the other (contract kleer-api §11).
const FIRST_INVOICE_NR: i64 = 50_001;
/// The first id of a row.
const FIRST_ROW_ID: i64 = 700_001;

/// What lists are made by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    pub(crate) number: i64,
    pub(crate) date: Date,
    pub(crate) certified: bool,
    pub(crate) sent: bool,
    pub(crate) disabled: bool,
}

/// What is looked up about all invoices at once.
#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    marks: BTreeMap<i64, Marks>,
    /// The date of the last invoice of each agreement.
    invoiced: BTreeMap<i64, Date>,
    next_number: i64,
    next_row_id: i64,
}

impl Default for Ledger {
    fn default() -> Ledger {
        Ledger {
            marks: BTreeMap::new(),
            invoiced: BTreeMap::new(),
            next_number: FIRST_INVOICE_NR,
            next_row_id: FIRST_ROW_ID,
        }
    }
}

impl Ledger {
    /// Notes an invoice that is stored, new or old.
    pub(crate) fn note(&mut self, id: i64, invoice: &Invoice) {
        self.next_number = self.next_number.max(invoice.invoice_nr + 1);
        self.next_row_id = invoice.rows.iter().map(|row| row.id + 1).fold(self.next_row_id, i64::max);
        if let Some(agreement) = invoice.client_agreement_ref {
            self.note_invoiced(agreement.id, invoice.invoice_date);
        }
        let (number, date) = (invoice.invoice_nr, invoice.invoice_date);
        let Invoice { certified, sent, disabled, .. } = *invoice;
        self.marks.insert(id, Marks { number, date, certified, sent, disabled });
    }

    /// Notes that an agreement has been invoiced up to a date.
    pub(crate) fn note_invoiced(&mut self, agreement: i64, date: Date) {
        let last = self.invoiced.entry(agreement).or_insert(date);
        *last = date.max(*last);
    }

    /// Forgets an invoice that is gone.
    pub(crate) fn forget(&mut self, id: i64) {
        self.marks.remove(&id);
    }

    /// The date of the last invoice of an agreement.
    pub(crate) fn last_invoiced(&self, agreement: i64) -> Option<Date> {
        self.invoiced.get(&agreement).copied()
    }

    /// The number that the next certified invoice gets.
    pub(crate) fn next_number(&self) -> i64 {
        self.next_number
    }

    /// The id that the next row gets.
    pub(crate) fn next_row_id(&self) -> i64 {
        self.next_row_id
    }

    /// The invoice with a number.
    pub(crate) fn numbered(&self, number: i64) -> Option<i64> {
        self.marks.iter().find(|(_, marks)| marks.number == number && number != 0).map(|(id, _)| *id)
    }

    /// All invoices, by id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (i64, Marks)> {
        self.marks.iter().map(|(id, marks)| (*id, *marks))
    }
}
