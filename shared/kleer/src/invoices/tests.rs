use insta::assert_snapshot;
use jiff::civil::date;

use super::walk::MOST_PAGES;
use super::{InvoiceFilter, InvoiceQuery};
use crate::create::New;
use crate::tests::{Pretend, create, document};

/// The value of a parameter of what was asked.
fn parameter(asked: &str, name: &str) -> usize {
    let (_, query) = asked.split_once('?').unwrap();
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    value.unwrap().parse().unwrap()
}

fn page(ids: &[i64], offset: usize, size: Option<usize>) -> String {
    let rows: Vec<_> = ids.iter().map(|id| format!(r#"{{"id":{id},"foreign-id":"f{id}"}}"#)).collect();
    let size = size.map_or_else(String::new, |size| format!(r#","size":{size}"#));
    format!(r#"{{"client-invoices":[{}],"offset":{offset},"limit":{}{size}}}"#, rows.join(","), ids.len())
}

/// A Kleer that cuts pages down to `cap`, from the list of ids that `list` gives for the n-th request.
fn paging(cap: usize, mut list: impl FnMut(usize) -> Vec<i64> + Send + 'static) -> Pretend {
    let mut count = 0;
    Pretend::answering(move |asked| {
        let ids = list(count);
        count += 1;
        let offset = parameter(asked, "offset").min(ids.len());
        let end = (offset + cap.min(parameter(asked, "limit"))).min(ids.len());
        (200, page(&ids[offset..end], offset, Some(ids.len())))
    })
}

/// Lists all invoices; says which there were, on which pages, and at which offsets pages were asked for.
fn walk(kleer: &Pretend) -> String {
    let outcome = match kleer.clock.run(kleer.api.list_invoices(&InvoiceQuery::default())) {
        Ok(pages) => {
            let ids = pages.records().map(|record| match record.and_then(|record| record.id()) {
                Ok(id) => id.to_string(),
                Err(error) => error.to_string(),
            });
            let sizes: Vec<_> = pages.pages().iter().map(|page| page.len()).collect();
            assert_eq!(sizes.iter().sum::<usize>(), pages.len());
            format!("{} on {sizes:?}, shifted: {}", ids.collect::<Vec<_>>().join(" "), pages.shifted())
        }
        Err(error) => error.to_string(),
    };
    let offsets: Vec<_> = kleer.asked().lines().map(|asked| parameter(asked, "offset")).collect();
    format!("{outcome}, asked at {offsets:?}")
}

#[test]
fn what_is_asked() {
    let kleer = Pretend::saying("{}");
    let year = (Some(date(2026, 1, 1)), Some(date(2026, 12, 31)));
    let queries = [
        InvoiceQuery::default(),
        InvoiceQuery { filter: InvoiceFilter::Certified, lower: year.0, upper: year.1 },
        InvoiceQuery { filter: InvoiceFilter::Certifiable, lower: year.0, upper: None },
        InvoiceQuery { filter: InvoiceFilter::Sendable, lower: None, upper: year.1 },
    ];
    for query in &queries {
        assert!(kleer.clock.run(kleer.api.list_invoices(query)).unwrap().is_empty());
    }
    assert_snapshot!(kleer.asked(), @"
    GET /client/invoice?filter=all&ignoreFiles=true&offset=0&limit=1000
    GET /client/invoice?filter=certified&invoiceDateLower=2026-01-01&invoiceDateUpper=2026-12-31&ignoreFiles=true&offset=0&limit=1000
    GET /client/invoice?filter=certifiable&invoiceDateLower=2026-01-01&ignoreFiles=true&offset=0&limit=1000
    GET /client/invoice?filter=sendable&invoiceDateUpper=2026-12-31&ignoreFiles=true&offset=0&limit=1000
    ");
}

#[test]
fn pages_are_as_long_as_kleer_likes() {
    let lengths = [(0, 2), (1, 2), (4, 2), (5, 2), (5, 100), (5, 5)];
    let told = lengths.map(|(length, cap)| walk(&paging(cap, move |_| (1..=length).collect())));
    assert_snapshot!(told.join("\n"), @"
     on [], shifted: false, asked at [0]
    1 on [1], shifted: false, asked at [0]
    1 2 3 4 on [2, 2], shifted: false, asked at [0, 2]
    1 2 3 4 5 on [2, 2, 1], shifted: false, asked at [0, 2, 4]
    1 2 3 4 5 on [5], shifted: false, asked at [0]
    1 2 3 4 5 on [5], shifted: false, asked at [0]
    ");
    // More than are asked for at once.
    let kleer = paging(5000, |_| (1..=2500).collect());
    let pages = kleer.clock.run(kleer.api.list_invoices(&InvoiceQuery::default())).unwrap();
    assert_eq!((pages.len(), pages.shifted()), (2500, false));
    assert_eq!(kleer.asked().lines().count(), 3);
}

#[test]
fn a_list_that_changes_is_read_again() {
    // The newest is first; one is added after the first request.
    let once = paging(2, |count| if count == 0 { vec![3, 2, 1] } else { vec![4, 3, 2, 1] });
    // One is deleted, so that one slips from the second page to the first.
    let less = paging(2, |count| if count == 0 { vec![4, 3, 2, 1] } else { vec![3, 2, 1] });
    // One comes and one goes: the size stays, and the new one is found at the next poll.
    let same = paging(2, |count| if count == 0 { vec![4, 3, 2, 1] } else { vec![5, 4, 3, 1] });
    // As many are added as fit on a page, again and again: pages repeat, and the walk goes on.
    let many = paging(2, |count| (1..=if count % 3 == 0 { 4 } else { 6 }).rev().collect());
    // One is added with every request.
    let always = paging(2, |count| (1..=4 + i64::try_from(count).unwrap()).rev().collect());
    assert_snapshot!([once, less, same, many, always].map(|kleer| walk(&kleer)).join("\n"), @"
    4 3 2 1 on [2, 2], shifted: false, asked at [0, 2, 0, 2]
    3 2 1 on [2, 1], shifted: false, asked at [0, 2, 0, 2]
    4 3 1 on [2, 1], shifted: false, asked at [0, 2]
    4 3 2 1 on [2, 2], shifted: true, asked at [0, 2, 4, 0, 2, 4]
    7 6 5 4 3 2 1 on [2, 1, 1, 1, 1, 1], shifted: true, asked at [0, 2, 4, 0, 2, 4, 6, 8, 10]
    ");
}

/// It is so at every reading: a second one would find the same.
#[test]
fn an_invoice_that_is_listed_twice_is_no_change() {
    let lists = [vec![3, 2, 2, 1], vec![4, 3, 2, 3, 1], vec![3, 2, 3]];
    let told = lists.map(|list| walk(&paging(2, move |_| list.clone())));
    assert_snapshot!(told.join("\n"), @"
    3 2 1 on [2, 1], shifted: false, asked at [0, 2]
    4 3 2 1 on [2, 1, 1], shifted: false, asked at [0, 2, 4]
    3 2 on [2], shifted: false, asked at [0, 2]
    ");
}

#[test]
fn odd_answers() {
    let told = [
        // No sizes: until a page is empty.
        Pretend::answering(|asked| match parameter(asked, "offset") {
            0 => (200, page(&[1, 2], 0, None)),
            2 => (200, page(&[3], 2, None)),
            _ => (200, "{}".to_owned()),
        }),
        // `offset` is overlooked, with and without a size.
        Pretend::answering(|_| (200, page(&[1, 2], 0, None))),
        Pretend::answering(|_| (200, page(&[1, 2], 0, Some(7)))),
        Pretend::answering(|_| (200, page(&[1, 2], 0, Some(4)))),
        // Fewer than promised.
        Pretend::answering(|asked| match parameter(asked, "offset") {
            0 => (200, page(&[1, 2], 0, Some(3))),
            _ => (200, page(&[], 2, Some(3))),
        }),
        // A later page with a record that is none, and one that breaks.
        Pretend::answering(|asked| match parameter(asked, "offset") {
            0 => (200, page(&[1, 2], 0, Some(4))),
            _ => (200, r#"{"client-invoices":["x",{"id":{"id":3}}],"size":4}"#.to_owned()),
        }),
        Pretend::answering(|asked| match parameter(asked, "offset") {
            0 => (200, page(&[1, 2], 0, Some(4))),
            _ => (403, r#"{"message":"Nej"}"#.to_owned()),
        }),
    ];
    assert_snapshot!(told.map(|kleer| walk(&kleer)).join("\n"), @r#"
    1 2 3 on [2, 1], shifted: false, asked at [0, 2, 3]
    1 2 on [2], shifted: false, asked at [0, 2]
    1 2 on [2], shifted: true, asked at [0, 2, 0, 2]
    1 2 on [2], shifted: true, asked at [0, 2, 0, 2]
    1 2 on [2], shifted: true, asked at [0, 2, 0, 2]
    1 2 the field `client-invoices[0]` should be an object, but holds `"x"` 3 on [2, 2], shifted: false, asked at [0, 2]
    kleer, asked GET /company/7/client/invoice, answered 403: {"message":"Nej"}, asked at [0, 2]
    "#);
}

/// Lists all invoices of a Kleer that never comes to an end.
fn endless(mut size: impl FnMut(usize) -> Option<usize> + Send + 'static, ids: fn(usize) -> usize) -> String {
    let kleer = Pretend::answering(move |asked| {
        let offset = parameter(asked, "offset");
        (200, page(&[i64::try_from(ids(offset)).unwrap()], offset, size(offset)))
    });
    let error = kleer.clock.run(kleer.api.list_invoices(&InvoiceQuery::default())).unwrap_err();
    assert_eq!(kleer.asked().lines().count(), MOST_PAGES);
    error.to_string()
}

#[test]
fn pages_without_an_end() {
    // No size, and always another invoice; a size that runs away, and always the same invoice.
    assert_snapshot!([endless(|_| None, |offset| offset + 1), endless(|offset| Some(offset + 2), |_| 1)].join("\n"), @r#"
    kleer, asked GET /company/7/client/invoice, answered 200 with something unexpected: no end after 2000 pages, in `{"client-invoices":[{"id":2000,"foreign-id":"f2000"}],"offset":1999,"limit":1}`
    kleer, asked GET /company/7/client/invoice, answered 200 with something unexpected: no end after 2000 pages, in `{"client-invoices":[{"id":1,"foreign-id":"f1"}],"offset":1999,"limit":1,"size":2001}`
    "#);
}

/// Whether an invoice was on one of the pages, or has to be asked for alone.
#[test]
fn which_are_among_them() {
    let kleer = paging(2, |_| vec![9, 4, 7]);
    let pages = kleer.clock.run(kleer.api.list_invoices(&InvoiceQuery::default())).unwrap();
    assert_eq!([9, 4, 7, 1, 0].map(|id| pages.contains(id)), [true, true, true, false, false]);
    // Those of the first walk are forgotten where the list was read again.
    let kleer = paging(2, |count| if count == 0 { vec![4, 3, 2, 1] } else { vec![3, 2, 1] });
    let pages = kleer.clock.run(kleer.api.list_invoices(&InvoiceQuery::default())).unwrap();
    assert_eq!([4, 3, 2, 1].map(|id| pages.contains(id)), [false, true, true, true]);
    // Doubled ids are ids.
    let kleer = Pretend::saying(r#"{"client-invoices":[{"id":{"id":5}}],"size":1}"#);
    let pages = kleer.clock.run(kleer.api.list_invoices(&InvoiceQuery::default())).unwrap();
    assert!(pages.contains(5));
}

#[test]
fn found_again_by_foreign_id() {
    let kleer = paging(2, |_| vec![1, 2, 3, 4]);
    let pages = kleer.clock.run(kleer.api.list_invoices(&InvoiceQuery::default())).unwrap();
    let ids = |foreign_id| pages.with_foreign_id(foreign_id).iter().map(|one| one.id().unwrap()).collect::<Vec<_>>();
    assert_eq!((ids("f3"), ids("f9")), (vec![3], vec![]));
}

#[test]
fn single_invoices_go_without_their_files() {
    let kleer = Pretend::saying(r#"{"id":5,"notes":"","files":{},"self-invoice-references":{},"rows":{}}"#);
    kleer.clock.run(async {
        let invoice = kleer.api.get_invoice(5).await.unwrap();
        kleer.api.update_invoice(5, &invoice).await.unwrap();
        let invoice = document(r#"{"foreign-id":"hs:1","files":{"files":[{"filename":"a.pdf"}]},"rows":{}}"#);
        assert_eq!(create(&kleer.api, New::Invoice, &invoice).await, Ok(Some(5)));
    });
    assert_snapshot!(kleer.asked(), @r#"
    GET /client/invoice/5?ignoreFiles=true
    POST /client/invoice/5 {"id":5,"notes":"","rows":{}}
    PUT /client/invoice {"foreign-id":"hs:1","rows":{}}
    "#);
}
