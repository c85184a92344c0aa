//! Every answer of Kleer's, through every call of the adapter, and everything that is then read of a record.

use std::cell::RefCell;
use std::collections::BTreeMap;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use kleer::{AgreementPath, Api, Document, InvoiceFilter, InvoiceQuery, InvoiceWalk, Listing, New, RowSet};
use kleer_sim::{More, Options, Seed, Simulator, Time};
use proptest::prelude::{Strategy as _, any};
use proptest::sample::{Index, select};
use rest::{Budget, Clock, Error, ErrorKind, Gcra, InFlight};
use serde_json::Value;

use super::answers::{Said, Service, questions};
use super::check;
use super::mutate::{noise, spoilings};

/// What a call gave: records.
type Given = Result<Vec<Document>, Error>;
type Call = for<'a> fn(&'a Api) -> LocalBoxFuture<'a, Given>;

fn listed(listing: Result<Listing, Error>) -> Given {
    listing.map(|listing| {
        let _ = (listing.size(), listing.len(), listing.with_foreign_id("x"));
        listing.records().filter_map(|record| record.map_err(|fault| short(&fault.to_string())).ok()).collect()
    })
}

fn one(record: Result<Document, Error>) -> Given {
    record.map(|record| vec![record])
}

fn none(done: Result<(), Error>) -> Given {
    done.map(|()| Vec::new())
}

fn agreements() -> AgreementPath {
    AgreementPath::CANDIDATES[0]
}

/// Every call there is; a test compares the names with the sources.
const CALLS: [(&str, Call); 23] = [
    ("clients::list_clients", |api| async { listed(api.list_clients().await) }.boxed_local()),
    ("clients::get_client", |api| async { one(api.get_client(1004).await) }.boxed_local()),
    ("clients::update_client", |api| async { none(api.update_client(1, &Document::default()).await) }.boxed_local()),
    ("products::list_products", |api| async { listed(api.list_products().await) }.boxed_local()),
    ("products::get_product", |api| async { one(api.get_product(1001).await) }.boxed_local()),
    ("invoices::list_invoices", |api| async { invoices(api).await }.boxed_local()),
    ("invoices::get_invoice", |api| async { one(api.get_invoice(1).await) }.boxed_local()),
    ("invoices::update_invoice", |api| async { none(api.update_invoice(1, &Document::default()).await) }.boxed_local()),
    ("walk::next", |api| async { walk(api).await }.boxed_local()),
    ("agreements::probe_agreements", |api| async { api.probe_agreements().await.map(|_| Vec::new()) }.boxed_local()),
    ("agreements::list_agreements", |api| async { listed(api.list_agreements(agreements()).await) }.boxed_local()),
    ("agreements::get_agreement", |api| async { one(api.get_agreement(agreements(), 1).await) }.boxed_local()),
    ("agreements::update_agreement", |api| async { update_agreement(api).await }.boxed_local()),
    ("projects::list_projects", |api| async { listed(api.list_projects().await) }.boxed_local()),
    ("projects::get_project", |api| async { one(api.get_project(1).await) }.boxed_local()),
    ("projects::update_project", |api| async { none(api.update_project(1, &Document::default()).await) }.boxed_local()),
    ("users::list_users", |api| async { listed(api.list_users().await) }.boxed_local()),
    ("users::me", |api| async { one(api.me().await) }.boxed_local()),
    ("company::company_info", |api| async { one(api.company_info().await) }.boxed_local()),
    ("delivery_types::list_delivery_types", |api| async { listed(api.list_delivery_types().await) }.boxed_local()),
    ("invoice_templates::list_invoice_templates", |api| {
        async { listed(api.list_invoice_templates().await) }.boxed_local()
    }),
    ("create::create", |api| async { create(api).await }.boxed_local()),
    // The same answers as an error of Kleer's.
    ("error", |api| async { one(api.me().await) }.boxed_local()),
];

async fn invoices(api: &Api) -> Given {
    let query = InvoiceQuery { filter: InvoiceFilter::All, lower: None, upper: None };
    let pages = api.list_invoices(&query).await?;
    let _ = (pages.len(), pages.shifted(), pages.contains(1), pages.with_foreign_id("x"));
    Ok(pages.records().filter_map(Result::ok).collect())
}

async fn walk(api: &Api) -> Given {
    let mut walk = InvoiceWalk::new(&InvoiceQuery::default());
    let mut records = Vec::new();
    while let Some(page) = walk.next(api).await? {
        records.extend(page.records().filter_map(Result::ok));
    }
    Ok(records)
}

async fn update_agreement(api: &Api) -> Given {
    api.update_agreement(agreements(), 1, &Document::default()).await.map(|_| Vec::new())
}

async fn create(api: &Api) -> Given {
    let before = async { Ok::<_, std::convert::Infallible>(()) };
    let made = api.create(New::Client, &Document::default(), before).await.unwrap_or_else(|never| match never {});
    made.map(|_| Vec::new())
}

/// Whatever is told of a fault is short, however long what is at fault.
fn short(told: &str) {
    assert!(told.chars().count() < 1_000, "{} letters: {told:.200}", told.chars().count());
}

/// A Kleer that can be made to say anything.
struct Fixture {
    clock: Clock,
    service: Service,
    api: Api,
}

impl Fixture {
    fn new() -> Self {
        let clock = Clock::manual("2026-11-20T08:00:00Z".parse().unwrap());
        let (now, sleep) = (clock.clone(), clock.clone());
        let options = Options {
            seed: Some(Seed { seed: 1, clients: 3, products: 3 }),
            more: More { invoices: 4, agreements: 3, projects: 3 },
            ..Options::default()
        };
        let time = Time {
            now: std::sync::Arc::new(move || now.now()),
            sleep: std::sync::Arc::new(move |pause| {
                let clock = sleep.clone();
                async move { clock.sleep(pause).await }.boxed()
            }),
        };
        let simulator = Simulator::new(options, time);
        let handler: rest::Handler = std::sync::Arc::new(move |request| {
            let simulator = simulator.clone();
            async move { simulator.call(request).await.map_err(|_| rest::Failure::NoAnswer) }.boxed()
        });
        let service = Service::before(&rest::Transport::in_process(handler));
        let budget = Budget::local(clock.clone(), Gcra::per_second(1_000, 1_000), InFlight { start: 2, max: 2 });
        let base = "http://kleer.example/v1";
        let (transport, calls) = (service.transport(), std::sync::Arc::default());
        let api = Api::connect(base, transport, clock.clone(), 1, "demo-key".into(), budget, calls);
        Self { clock, service, api }
    }

    /// What Kleer says to each call when it is well, and an error of its own.
    fn documents(&self) -> BTreeMap<&'static str, Value> {
        let ids = self.well(|api| async { listed(api.list_clients().await) }.boxed_local());
        assert!(!ids.is_empty(), "the seed makes clients");
        let mut documents = BTreeMap::new();
        for (name, call) in CALLS {
            let _ = self.well(call);
            // A call that was refused, because no record has that number, shows how Kleer refuses.
            let heard = self.service.heard().into_iter().next_back();
            documents.insert(name, heard.unwrap_or_else(|| serde_json::json!({ "id": 1 })));
        }
        let lists =
            [("clients::get_client", "clients::list_clients"), ("invoices::get_invoice", "invoices::list_invoices")];
        for (one, all) in lists.into_iter().chain([
            ("products::get_product", "products::list_products"),
            ("projects::get_project", "projects::list_projects"),
            ("agreements::get_agreement", "agreements::list_agreements"),
        ]) {
            let first = documents[all].as_object().and_then(|list| list.values().find_map(|value| value.get(0)));
            documents.insert(one, first.unwrap_or_else(|| panic!("{all} has no record: {}", documents[all])).clone());
        }
        documents
    }

    fn well(&self, call: Call) -> Vec<Document> {
        self.clock.run(call(&self.api)).unwrap_or_default()
    }

    fn asks(&self, call: Call, status: u16, body: Vec<u8>) -> Given {
        self.service.says(Said { status, body, ..Said::default() });
        self.clock.run(call(&self.api))
    }
}

/// Every place in a document, as a dotted path.
fn paths(value: &Value, before: &str, to: &mut Vec<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = if before.is_empty() { name.clone() } else { format!("{before}.{name}") };
        paths(value, &path, to);
        to.push(path);
    }
}

/// Reads everything of a record in every way.
fn read_all(record: &Document, paths: &[String]) {
    let told = |fault: Option<kleer::FieldError>| fault.iter().for_each(|fault| short(&fault.to_string()));
    told(record.id().err());
    for path in paths {
        told(record.text(path).err());
        told(record.integer(path).err());
        told(record.money(path).err());
        told(record.decimal(path).err());
        told(record.boolean(path).err());
        told(record.date(path).err());
        told(record.date_time(path).err());
        told(record.reference(path).err());
        told(record.enumeration(path).err());
        told(record.array(path).err());
        told(record.documents(path).err());
    }
    for set in [RowSet::Invoice, RowSet::Recurring, RowSet::FirstInvoice] {
        for row in record.rows(set).unwrap_or_default() {
            told(row.quantity().err());
            told(row.price().err());
            told(row.discount().err());
        }
    }
    let _ = kleer::writeable(record);
    let mut copy = record.clone();
    copy.set("address.city", "x");
    copy.remove("files");
}

#[test]
fn every_call_to_kleer_is_here() {
    let mut named: std::collections::BTreeSet<String> = CALLS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert!(named.remove("error"));
    assert_eq!(named, questions("shared/kleer/src"), "a call to Kleer has no row in CALLS, or a row no call");
}

#[test]
fn kleers_answers() {
    let kleer = Fixture::new();
    let documents = kleer.documents();
    let mut places = Vec::new();
    for document in documents.values() {
        paths(document, "", &mut places);
        let lists = document.as_object().into_iter().flatten().filter_map(|(_, value)| value.get(0));
        lists.for_each(|record| paths(record, "", &mut places));
    }
    places.sort();
    places.dedup();
    let read = RefCell::new(0_u32);
    let statuses = select(vec![200_u16, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 429, 500, 500, 503]);
    let cases = (any::<Index>(), spoilings(), statuses);
    check(600, cases, |(which, spoiling, status)| {
        let (name, call) = CALLS[which.index(CALLS.len())];
        match kleer.asks(call, status, spoiling.of(&documents[name])) {
            Ok(records) => {
                *read.borrow_mut() += 1;
                records.iter().take(5).for_each(|record| read_all(record, &places));
            }
            Err(error) => refused(&error),
        }
    });
    assert!(read.into_inner() > 50, "hardly anything was read: the cases spoil too much");
}

#[test]
fn noise_from_kleer() {
    let kleer = Fixture::new();
    let cases = (any::<Index>(), noise(), select(vec![200_u16, 400, 500]));
    check(
        300,
        cases.prop_map(|(which, body, status)| (which.index(CALLS.len()), body, status)),
        |(at, body, status)| {
            if let Err(error) = kleer.asks(CALLS[at].1, status, body) {
                refused(&error);
            }
        },
    );
}

fn refused(error: &Error) {
    short(&error.to_string());
    assert!(error.body.chars().count() <= 20_000, "{}", error.body.len());
    let _ = (kleer::message(error), kleer::is_business_error(error), error.is_account_wide());
    let again = kleer::repeated(error, error.clone());
    assert!(again.kind != ErrorKind::Missing || error.kind == ErrorKind::Missing);
}
