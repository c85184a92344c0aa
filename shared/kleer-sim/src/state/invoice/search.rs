//! What a list of invoices holds (contract kleer-api §4, §6, §13.6).

use std::cmp::Reverse;

use jiff::civil::Date;

use super::{Invoice, ledger::Marks};
use crate::{InvoiceOrder, Switches, state::Company};

/// Which invoices a list is about, by how far they have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Every invoice.
    #[default]
    All,
    /// Those that are no drafts any longer.
    Certified,
    /// Drafts.
    Certifiable,
    /// Certified, and not yet sent.
    Sendable,
}

impl Filter {
    /// The filter that a query parameter names.
    pub(crate) fn named(name: &str) -> Option<Filter> {
        match name {
            "all" => Some(Filter::All),
            "certified" => Some(Filter::Certified),
            "certifiable" => Some(Filter::Certifiable),
            "sendable" => Some(Filter::Sendable),
            _ => None,
        }
    }

    fn lets(self, marks: Marks, switches: &Switches) -> bool {
        match self {
            Filter::All => !marks.disabled || switches.disabled_invoices_listed,
            Filter::Certified => marks.certified && !marks.disabled,
            Filter::Certifiable => !marks.certified && !marks.disabled,
            Filter::Sendable => marks.certified && !marks.sent && !marks.disabled,
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    pub(crate) filter: Filter,
    /// Free text, without regard to case; empty for anything.
    pub(crate) text: String,
    /// The first invoice date.
    pub(crate) from: Option<Date>,
    /// The last invoice date.
    pub(crate) to: Option<Date>,
}

/// The ids of all invoices that are asked for, in the list's order.
pub(crate) fn find(company: &Company, switches: &Switches, search: &Search) -> Vec<i64> {
    let mut found: Vec<(i64, Marks)> = company
        .ledger
        .iter()
        .filter(|(_, marks)| search.filter.lets(*marks, switches))
        .filter(|(_, marks)| search.from.is_none_or(|from| from <= marks.date))
        .filter(|(_, marks)| search.to.is_none_or(|to| marks.date <= to))
        .collect();
    if !search.text.is_empty() {
        let wanted = search.text.to_lowercase();
        found.retain(|(id, _)| company.invoice(*id).is_some_and(|invoice| says(company, &invoice, &wanted)));
    }
    if switches.invoice_order == InvoiceOrder::Newest {
        found.sort_by_key(|(id, marks)| Reverse((marks.date, *id)));
    }
    found.into_iter().map(|(id, _)| id).collect()
}

/// Whether an invoice holds a text somewhere. Which elements the real service looks at is not known.
fn says(company: &Company, invoice: &Invoice, wanted: &str) -> bool {
    let number = if invoice.invoice_nr == 0 { String::new() } else { invoice.invoice_nr.to_string() };
    let client = company.client(invoice.client_ref.id).map(|client| client.name).unwrap_or_default();
    let optional = [&invoice.agreement_nr, &invoice.subscription_nr, &invoice.notes];
    [&number, &client, &invoice.foreign_id, &invoice.po_nr, &invoice.your_reference]
        .into_iter()
        .chain(optional.into_iter().flatten())
        .chain(invoice.rows.iter().map(|row| &row.description))
        .any(|text| text.to_lowercase().contains(wanted))
}
