//! Client invoices (contract kleer-api §6 "Client invoices", fields §7.2): the one list we read that comes in pages.

use std::collections::HashSet;

use jiff::civil::Date;
use rest::{Error, Request};

use crate::api::{Api, record_in};
use crate::json::{Document, FieldError};
use crate::listing::Listing;
use crate::paths::{INVOICES, item};

/// How many rows are asked for at once. Kleer cuts it down as it likes, its maximum is unknown (contract kleer-api
/// §4).
const LIMIT: u32 = 1000;
/// After so many pages the list is taken for one without an end.
const MOST_PAGES: usize = 2000;
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

/// A walk through the pages of a list of invoices, one page at a time.
#[derive(Clone, Debug, Default)]
pub struct InvoiceWalk {
    query: InvoiceQuery,
    ended: bool,
    /// How many pages were received, those too that brought nothing new.
    received: usize,
    seen: HashSet<i64>,
    /// How many rows were on them, which is where the next page begins.
    offset: u64,
    size: Option<u64>,
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
        Ok(InvoicePages { pages, shifted: walk.shifted(), ids: walk.seen })
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

    /// Creates an invoice, which is a draft until somebody certifies it in Kleer, and answers its id, if Kleer said it.
    /// Never sent twice after an unknown outcome: look it up by its `foreign-id` first
    /// ([`InvoicePages::with_foreign_id`]), and so too when no id came back.
    pub async fn create_invoice(&self, invoice: &Document) -> Result<Option<i64>, Error> {
        self.create(INVOICES, &sendable(invoice), "create_invoice").await
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

impl InvoiceWalk {
    /// A walk through everything that the query asks for.
    #[must_use]
    pub fn new(query: &InvoiceQuery) -> InvoiceWalk {
        InvoiceWalk { query: query.clone(), ..InvoiceWalk::default() }
    }

    /// The next page, without the invoices that were on an earlier one; none after the last.
    ///
    /// # Errors
    /// Those of the page. Malformed if there seems to be no end of pages.
    pub async fn next(&mut self, api: &Api) -> Result<Option<Listing>, Error> {
        while !self.ended {
            let answer = api.ask(api.invoice_page(&self.query, self.offset)).await?;
            let page = self.take(Listing::read(&answer, "client-invoices")?);
            if !self.ended && self.received == MOST_PAGES {
                return Err(answer.malformed(format_args!("no end after {MOST_PAGES} pages")));
            }
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    /// Whether the invoice with this id was on a page so far.
    #[must_use]
    pub fn contains(&self, id: i64) -> bool {
        self.seen.contains(&id)
    }

    /// Whether some may be missing: the list changed while it was read, or what was received is not as many as Kleer said
    /// there are. Known when the walk is over.
    #[must_use]
    pub fn shifted(&self) -> bool {
        // Rows, not invoices: one that Kleer lists twice is in its size twice, at every reading.
        self.shifted || self.size.is_some_and(|size| size != self.offset)
    }

    /// Takes a page. One that brings nothing new, though the list did not change, is the last one, lest a Kleer that overlooks
    /// `offset` be asked for the same page for ever.
    fn take(&mut self, mut page: Listing) -> Listing {
        let rows = page.len() as u64;
        let changed = page.size().zip(self.size).is_some_and(|(now, before)| now != before);
        self.shifted |= changed;
        self.size = page.size().or(self.size);
        self.offset += rows;
        self.received += 1;
        page.keep_new(&mut self.seen);
        let last = rows == 0 || (page.is_empty() && !changed);
        // A whole page that was there before is no invoice listed twice: what should be on it was not seen, whatever the rows
        // add up to.
        self.shifted |= page.is_empty() && rows > 1 && self.size.is_some();
        self.ended = last || self.size.is_some_and(|size| self.offset >= size);
        page
    }
}

fn sendable(invoice: &Document) -> Document {
    let mut invoice = invoice.clone();
    UNSENT.iter().for_each(|name| invoice.remove(name));
    invoice
}

#[cfg(test)]
mod tests;
