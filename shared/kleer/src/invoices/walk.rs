//! A walk through the pages of a list of invoices. Kleer answers in half a second and may be asked for two pages at a time
//! (contract kleer-api §4), so the page after the one that is waited for is asked for as well, on the guess that pages are as
//! long as the ones before. A guess costs a request at most: a page counts only where the one before it ended.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::FutureExt as _;
use futures::future::{BoxFuture, MaybeDone, maybe_done, poll_fn};
use rest::{Answer, Error};

use super::InvoiceQuery;
use crate::api::{Api, IN_FLIGHT};
use crate::listing::Listing;

/// After so many pages the list is taken for one without an end.
pub(super) const MOST_PAGES: usize = 2000;

/// A walk through the pages of a list of invoices, one page at a time.
#[derive(Debug, Default)]
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
    /// How long the longest page was: where the page after the next probably begins.
    step: u64,
    /// A guess was wrong: pages are not of one length, so nothing is guessed any more.
    guessed_wrong: bool,
    ahead: Ahead,
}

impl InvoiceWalk {
    /// A walk through everything that the query asks for.
    #[must_use]
    pub fn new(query: &InvoiceQuery) -> InvoiceWalk {
        InvoiceWalk { query: query.clone(), ..InvoiceWalk::default() }
    }

    /// The next page, without the invoices that were on an earlier one; none after the last. While the caller is busy with
    /// it, the pages behind it are on their way.
    ///
    /// # Errors
    /// Those of the page. Malformed if there seems to be no end of pages.
    pub async fn next(&mut self, api: &Api) -> Result<Option<Listing>, Error> {
        while !self.ended {
            self.ask(api);
            let answer = self.ahead.first().await?;
            // Before the work on this page begins.
            self.guess(api);
            self.ahead.start().await;
            let page = self.take(Listing::read(&answer, "client-invoices")?);
            if !self.ended && self.received == MOST_PAGES {
                return Err(answer.malformed(format_args!("no end after {MOST_PAGES} pages")));
            }
            if self.ended {
                self.ahead = Ahead::default();
            } else {
                self.ask(api);
                self.ahead.start().await;
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

    /// The ids of all invoices so far.
    pub(super) fn into_ids(self) -> HashSet<i64> {
        self.seen
    }

    /// Asks for the page where the last one ended, unless that was guessed, and for those behind it.
    fn ask(&mut self, api: &Api) {
        if self.ahead.begins_at().is_some_and(|offset| offset != self.offset) {
            self.guessed_wrong = true;
            self.ahead = Ahead::default();
        }
        if self.ahead.begins_at().is_none() {
            self.ahead.ask(api, &self.query, self.offset);
        }
        self.guess(api);
    }

    /// Asks for as many pages behind the last that was asked for as may be under way at once.
    fn guess(&mut self, api: &Api) {
        let Some(size) = self.size.filter(|_| self.step > 0 && !self.guessed_wrong) else { return };
        while self.ahead.len() < IN_FLIGHT.max {
            let next = self.ahead.ends_at().unwrap_or(self.offset) + self.step;
            if next >= size {
                return;
            }
            self.ahead.ask(api, &self.query, next);
        }
    }

    /// Takes a page. One that brings nothing new, though the list did not change, is the last one, lest a Kleer that overlooks
    /// `offset` be asked for the same page for ever.
    fn take(&mut self, mut page: Listing) -> Listing {
        let rows = page.len() as u64;
        let changed = page.size().zip(self.size).is_some_and(|(now, before)| now != before);
        self.shifted |= changed;
        self.size = page.size().or(self.size);
        self.offset += rows;
        self.step = self.step.max(rows);
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

/// The requests that are under way, in the order of their pages.
#[derive(Default)]
struct Ahead(VecDeque<(u64, Asked)>);

type Asked = MaybeDone<BoxFuture<'static, Result<Answer, Error>>>;

impl Ahead {
    fn len(&self) -> usize {
        self.0.len()
    }

    /// Where the first of the pages begins.
    fn begins_at(&self) -> Option<u64> {
        self.0.front().map(|(offset, _)| *offset)
    }

    /// Where the last of the pages begins.
    fn ends_at(&self) -> Option<u64> {
        self.0.back().map(|(offset, _)| *offset)
    }

    fn ask(&mut self, api: &Api, query: &InvoiceQuery, offset: u64) {
        let (request, api) = (api.invoice_page(query, offset), api.clone());
        let asked = async move { api.ask(request).await }.boxed();
        self.0.push_back((offset, maybe_done(asked)));
    }

    /// Waits for the first of the pages, which is not under way any more then. All of them go on meanwhile.
    async fn first(&mut self) -> Result<Answer, Error> {
        poll_fn(|cx| self.go_on(cx)).await;
        let answer = self.0.pop_front().and_then(|(_, mut asked)| Pin::new(&mut asked).take_output());
        answer.expect("a page was asked for, and it was waited for")
    }

    /// Lets requests begin, without waiting for any.
    async fn start(&mut self) {
        poll_fn(|cx| {
            let _ = self.go_on(cx);
            Poll::Ready(())
        })
        .await;
    }

    /// Ready when the first of the pages is there.
    fn go_on(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        for (_, asked) in &mut self.0 {
            let _ = Pin::new(asked).poll(cx);
        }
        match self.0.front() {
            Some((_, MaybeDone::Future(_))) => Poll::Pending,
            _ => Poll::Ready(()),
        }
    }
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(offset, _)| offset)).finish()
    }
}

#[cfg(test)]
mod tests;
