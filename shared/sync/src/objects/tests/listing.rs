//! Which of Kleer's records are read, and what is known of those that are not there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use domain::{BindingIndex, BindingSummary, KleerId, ObjectType};
use futures::FutureExt as _;
use jiff::civil::{Date, date};
use rest::{Budget, Calls, Clock, Gcra, Transport};

use crate::objects::{Reader, Scope, Source, list};

/// A Kleer that answers by a function of what it is asked, `/client/invoice?filter=all`; and what it was asked.
fn kleer(
    answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static,
) -> (kleer::Api, Clock, Arc<Mutex<Vec<String>>>) {
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = log.clone();
    let transport = Transport::in_process(Arc::new(move |request| {
        let asked = request.uri().to_string().strip_prefix("http://kleer/company/7").unwrap().to_owned();
        let (status, body) = answer(&asked);
        seen.lock().unwrap().push(asked.replace("&ignoreFiles=true", "").replace("&offset=0&limit=1000", ""));
        async move { Ok(http::Response::builder().status(status).body(body.into()).unwrap()) }.boxed()
    }));
    let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
    let budget = Budget::local(clock.clone(), Gcra::per_second(4, 1), kleer::IN_FLIGHT);
    let calls = Arc::new(Calls::default());
    (kleer::Api::connect("http://kleer", transport, clock.clone(), 7, "key".into(), budget, calls), clock, log)
}

/// Lists a type; says what was asked, which records there were, and what is known of the others.
fn check(
    object: ObjectType,
    window_from: Option<Date>,
    bindings: &BindingIndex,
    answer: impl Fn(&str) -> (u16, String) + Send + Sync + 'static,
) -> String {
    let (api, clock, log) = kleer(answer);
    let scope = Scope { window_from, bindings, agreements: None };
    let source = clock.run(async {
        let mut source = list(object, &api, &scope).await?;
        while source.read_on(&api).await? {}
        Ok::<_, rest::Error>(source)
    });
    let mut lines = std::mem::take(&mut *log.lock().unwrap());
    lines.push(source.map_or_else(|error| error.to_string(), |source| told(object, &source)));
    lines.join("\n")
}

fn told(object: ObjectType, source: &Source) -> String {
    let reader =
        Reader { object, fields: Vec::new(), row_fields: Vec::new(), today: date(2026, 11, 20), window_from: None };
    let id = |record: Result<domain::SourceRecord, domain::UnreadableRecord>| match record {
        Ok(record) => record.id.to_string(),
        Err(error) => format!("({})", error.message),
    };
    let ids: Vec<String> = source.records(&reader, 0).map(id).collect();
    let mut gone: Vec<i64> = source.gone().into_iter().map(|id| id.0).collect();
    gone.sort_unstable();
    format!("read {}; all of them: {}; gone {gone:?}", ids.join(" "), source.is_complete())
}

/// A Kleer with these invoices, by id and date.
fn invoices(there: &[(i64, Date)]) -> impl Fn(&str) -> (u16, String) + Send + Sync + 'static {
    let there: HashMap<i64, Date> = there.iter().copied().collect();
    let invoice =
        |id: i64, date: Date| format!(r#"{{"id":{id},"certified":true,"invoice-date":"{date}","rows":{{}}}}"#);
    move |asked: &str| {
        let path = asked.split('?').next().unwrap();
        if let Some(id) = path.strip_prefix("/client/invoice/") {
            let id = id.parse().unwrap();
            return there.get(&id).map_or((404, "{}".to_owned()), |date| (200, invoice(id, *date)));
        }
        let lower = asked.split('&').find_map(|pair| pair.strip_prefix("invoiceDateLower="));
        let lower: Date = lower.map_or(Date::MIN, |day| day.parse().unwrap());
        let mut listed: Vec<(i64, Date)> = there.iter().map(|(id, date)| (*id, *date)).collect();
        listed.retain(|(_, date)| *date >= lower);
        listed.sort_unstable();
        let rows: Vec<String> = listed.iter().map(|(id, date)| invoice(*id, *date)).collect();
        (200, format!(r#"{{"client-invoices":[{}],"offset":0,"size":{}}}"#, rows.join(","), rows.len()))
    }
}

/// Bindings of open invoices, by id and date; and one that is settled.
fn open(known: impl IntoIterator<Item = (i64, Date)>) -> BindingIndex {
    let open = |(id, date)| (KleerId(id), BindingSummary { open_since: Some(date), ..BindingSummary::default() });
    known.into_iter().map(open).chain([(KleerId(999), BindingSummary::default())]).collect()
}

const FROM: Date = date(2025, 11, 20);
const OLD: Date = date(2025, 6, 1);
const NEW: Date = date(2026, 11, 1);

#[test]
fn all_invoices() {
    let kleer = || invoices(&[(1, OLD), (2, NEW)]);
    insta::assert_snapshot!(check(ObjectType::Invoice, None, &open([]), kleer()), @r"
    /client/invoice?filter=all
    read 1 2; all of them: true; gone []
    ");
    // One that is not there is gone from a list of all; there is nothing to ask for.
    insta::assert_snapshot!(check(ObjectType::Invoice, None, &open([(3, OLD)]), kleer()), @r"
    /client/invoice?filter=all
    read 1 2; all of them: true; gone []
    ");
}

/// Design §3: an invoice that is neither paid nor voided is read again outside the window too.
#[test]
fn open_invoices_before_the_window() {
    let kleer = || invoices(&[(1, OLD), (2, NEW), (4, OLD)]);
    insta::assert_snapshot!(check(ObjectType::Invoice, Some(FROM), &open([]), kleer()), @r"
    /client/invoice?filter=all&invoiceDateLower=2025-11-20
    read 2; all of them: false; gone []
    ");
    insta::assert_snapshot!(check(ObjectType::Invoice, Some(FROM), &open([(2, NEW)]), kleer()), @r"
    /client/invoice?filter=all&invoiceDateLower=2025-11-20
    read 2; all of them: false; gone []
    ");
    insta::assert_snapshot!(check(ObjectType::Invoice, Some(FROM), &open([(2, NEW), (1, OLD), (3, OLD)]), kleer()), @r"
    /client/invoice?filter=all&invoiceDateLower=2025-11-20
    /client/invoice/1?ignoreFiles=true
    /client/invoice/3?ignoreFiles=true
    read 2 1; all of them: false; gone [3]
    ");
    // One whose date has moved out of the window.
    insta::assert_snapshot!(check(ObjectType::Invoice, Some(FROM), &open([(4, NEW)]), kleer()), @r"
    /client/invoice?filter=all&invoiceDateLower=2025-11-20
    /client/invoice/4?ignoreFiles=true
    read 2 4; all of them: false; gone []
    ");
}

/// Reading many of them one by one would take longer than a longer list.
#[test]
fn many_open_invoices_before_the_window() {
    let there: Vec<(i64, Date)> = (1..=31).map(|id| (id, OLD)).collect();
    let known = |count| open((1..=count).map(|id| (id, OLD)));
    let calls = |count| {
        let said = check(ObjectType::Invoice, Some(FROM), &known(count), invoices(&there));
        let first = said.lines().next().unwrap().to_owned();
        format!("{first} and {} more", said.lines().count() - 2)
    };
    insta::assert_snapshot!([calls(29), calls(30), calls(31)].join("\n"), @r"
    /client/invoice?filter=all&invoiceDateLower=2025-11-20 and 29 more
    /client/invoice?filter=all&invoiceDateLower=2025-11-20 and 30 more
    /client/invoice?filter=all&invoiceDateLower=2025-06-01 and 0 more
    ");
}

#[test]
fn a_refusal_of_one_is_a_refusal() {
    let there = invoices(&[(1, OLD)]);
    let kleer =
        move |asked: &str| if asked.starts_with("/client/invoice/") { (403, "{}".to_owned()) } else { there(asked) };
    insta::assert_snapshot!(check(ObjectType::Invoice, Some(FROM), &open([(1, OLD)]), kleer), @r"
    /client/invoice?filter=all&invoiceDateLower=2025-11-20
    /client/invoice/1?ignoreFiles=true
    kleer, asked GET /company/7/client/invoice/1, answered 403: {}
    ");
}

/// A list that is shorter than Kleer says it is may not be all of them; one that says nothing is.
#[test]
fn lists_that_are_not_paged() {
    let check = |object, body: &'static str| check(object, None, &open([]), move |_| (200, body.to_owned()));
    let lines = [
        check(ObjectType::Product, r#"{"products":[{"id":1},{"id":2}]}"#),
        check(ObjectType::Client, r#"{"clients":[{"id":1},7,{"id":0}],"size":3}"#),
        check(ObjectType::Client, r#"{"clients":[{"id":1}],"size":3}"#),
        check(ObjectType::Project, r#"{"client-projects":[{"id":{"id":1}}],"size":1}"#),
        check(ObjectType::Agreement, r#"{"client-agreements":[]}"#),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    /product
    read 1 2; all of them: true; gone []
    /client
    read 1 (the field `clients[1]` should be an object, but holds `7`) (it should be a reference by id, but holds `nothing`); all of them: true; gone []
    /client
    read 1; all of them: false; gone []
    /client-project?filter=all
    read 1; all of them: true; gone []
    /client/agreement
    read ; all of them: true; gone []
    ");
}
