//! Client invoices (contract kleer-api §6 "Client invoices", fields §7.2): the one list we read that comes in pages.

mod walk;

use std::collections::HashSet;

use jiff::civil::Date;
use rest::{Error, Request};

use crate::api::{Api, record_in};
use crate::json::{Document, FieldError};
use crate::listing::Listing;
use crate::paths::{INVOICES, item};
pub use walk::InvoiceWalk;

/// How many rows are asked for at once. Kleer cuts it down as it likes, its maximum is unknown (contract kleer-api
/// §4).
const LIMIT: u32 = 1000;
/// Leaves attachments out of an answer (contract kleer-api §3 rule 11). INFERRED for a single invoice.
const IGNORE_FILES: &str = "ignoreFiles";
/// What is never sent: without it attachments stay as they are, with an empty one they would be deleted; and what is
/// in Kleer's answers against its own schema (contract kleer-api §9 rule 8).
const UNSENT: [&str; 2] = ["files", "self-invoice-references"];

/// Which invoices to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceQuery {
    /// In which state.
    pub filter: InvoiceFilter,
    /// The first invoice date, itself included; from the beginning if `None`.
    pub lower: Option<Date>,
    /// The last invoice date, itself included; to the end if `None`.
    pub upper: Option<Date>,
}

/// The states by which Kleer filters invoices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InvoiceFilter {
    /// All of them, drafts too.
    #[default]
    All,
    /// Those with an invoice number.
    Certified,
    /// Drafts that can be certified.
    Certifiable,
    /// Those that can be sent.
    Sendable,
}

/// A list of invoices, read page by page; each invoice occurs once.
///
/// It keeps the pages' texts, as [`Listing`] does.
#[derive(Clone, Debug)]
pub struct InvoicePages {
    pages: Vec<Listing>,
    ids: HashSet<i64>,
    shifted: bool,
}

impl Api {
    /// All invoices that the query asks for, without attachments. If the list changed while it was read, it is read
    /// once more from its beginning; see [`InvoicePages::shifted`].
    ///
    /// # Errors
    /// Those of each page. Malformed if there seems to be no end of pages.
    pub async fn list_invoices(&self, query: &InvoiceQuery) -> Result<InvoicePages, Error> {
        let pages = self.walk_invoices(query).await?;
        if !pages.shifted {
            return Ok(pages);
        }
        // The texts of two walks need not be held at once.
        drop(pages);
        self.walk_invoices(query).await
    }

    async fn walk_invoices(&self, query: &InvoiceQuery) -> Result<InvoicePages, Error> {
        let mut walk = InvoiceWalk::new(query);
        let mut pages = Vec::new();
        while let Some(page) = walk.next(self).await? {
            pages.push(page);
        }
        Ok(InvoicePages { pages, shifted: walk.shifted(), ids: walk.into_ids() })
    }

    /// The request for one page. `offset` and `limit` are INFERRED from the supplier invoices (contract kleer-api §4).
    fn invoice_page(&self, query: &InvoiceQuery, offset: u64) -> Request {
        let mut request = self.reading(INVOICES, "list_invoices").query("filter", query.filter.as_str());
        if let Some(lower) = query.lower {
            request = request.query("invoiceDateLower", lower);
        }
        if let Some(upper) = query.upper {
            request = request.query("invoiceDateUpper", upper);
        }
        request.query(IGNORE_FILES, true).query("offset", offset).query("limit", LIMIT)
    }

    /// One invoice by its internal id, which is not its number. [`rest::ErrorKind::Missing`] if there is none.
    pub async fn get_invoice(&self, id: i64) -> Result<Document, Error> {
        let request = self.reading(&item(INVOICES, id), "get_invoice").query(IGNORE_FILES, true);
        record_in(&self.ask(request).await?)
    }

    /// Saves a whole invoice document: what [`get_invoice`](Self::get_invoice) gave, with the changes laid over it.
    /// Attachments are left as they are. Sent a second time after an unknown outcome; see
    /// [`repeated`](crate::repeated).
    pub async fn update_invoice(&self, id: i64, invoice: &Document) -> Result<(), Error> {
        self.update(&item(INVOICES, id), &sendable(invoice), "update_invoice").await
    }
}

impl InvoiceFilter {
    fn as_str(self) -> &'static str {
        match self {
            InvoiceFilter::All => "all",
            InvoiceFilter::Certified => "certified",
            InvoiceFilter::Certifiable => "certifiable",
            InvoiceFilter::Sendable => "sendable",
        }
    }
}

impl InvoicePages {
    /// The pages, without the invoices that were on an earlier one.
    pub fn pages(&self) -> &[Listing] {
        &self.pages
    }

    /// Whether the invoice with this id is among them.
    pub fn contains(&self, id: i64) -> bool {
        self.ids.contains(&id)
    }

    /// How many invoices there are.
    pub fn len(&self) -> usize {
        self.pages.iter().map(Listing::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether some may be missing: the list changed while it was read, both times, or what was received is not as
    /// many as Kleer said there are.
    pub fn shifted(&self) -> bool {
        self.shifted
    }

    /// The invoices in Kleer's order, each parsed when it is reached. One that is no object is an error of that record
    /// only.
    pub fn records(&self) -> impl Iterator<Item = Result<Document, FieldError>> + '_ {
        self.pages.iter().flat_map(Listing::records)
    }

    /// The invoices with this `foreign-id`: how a create whose answer was lost is found again.
    pub fn with_foreign_id(&self, foreign_id: &str) -> Vec<Document> {
        self.pages.iter().flat_map(|page| page.with_foreign_id(foreign_id)).collect()
    }
}

/// An invoice as it is written.
pub(crate) fn sendable(invoice: &Document) -> Document {
    let mut invoice = invoice.clone();
    UNSENT.iter().for_each(|name| invoice.remove(name));
    invoice
}

#[cfg(test)]
mod tests;
