//! A simulator that keeps its state.

use std::{
    fs,
    path::{Path, PathBuf},
};

use insta::assert_snapshot;
use kleer_sim::{Client, More, Options, Seed, Simulator, Time};

use crate::bench::{ask, send, time};

/// A folder of a test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("kleer-sim-journal").join(name);
    let _ = fs::remove_dir_all(&folder);
    folder
}

fn open(folder: &Path, seed: u64) -> Simulator {
    let options = Options { seed: Some(Seed { seed, clients: 3, products: 2 }), ..Options::default() };
    Simulator::open(options, time(), folder).unwrap()
}

fn whole(simulator: &Simulator) -> String {
    send(simulator, "GET", "/_sim/state", &[], "")
}

#[test]
fn everything_committed_is_there_again() {
    let folder = folder("again");
    let simulator = open(&folder, 1);
    let id = simulator.state(|state| state.company(1).clients()[0].id);
    let document = ask(&simulator, "GET", &format!("/client/{id}"), "");
    let renamed = document[4..].replacen("\"name\":\"", "\"name\":\"Nya ", 1);
    assert_eq!(ask(&simulator, "POST", &format!("/client/{id}"), &renamed)[..3], *"200");
    send(&simulator, "PUT", "/_sim/company/1/client", &[], r#"{"name":"Ny AB"}"#);
    send(&simulator, "PUT", "/_sim/company/2", &[], r#"{"name":"Tvåan AB"}"#);
    send(&simulator, "PUT", "/_sim/company/2/token/två", &[], r#"{"rights":["ClientInvoice"]}"#);
    send(&simulator, "PUT", "/_sim/company/2/token/tva", &[], r#"{"user":1004}"#);
    send(&simulator, "PUT", "/_sim/company/2/delivery-types", &[], r#"[]"#);
    send(&simulator, "DELETE", "/_sim/company/1/token/demo-key", &[], "");
    send(&simulator, "PUT", "/_sim/switches", &[], r#"{"created":201}"#);
    let before = whole(&simulator);
    drop(simulator);
    // Another seed is ignored: the state keeps the one it was born with.
    assert_eq!(whole(&open(&folder, 2)), before);
}

#[test]
fn a_torn_last_line_is_dropped_and_written_over() {
    let folder = folder("torn");
    let simulator = open(&folder, 1);
    send(&simulator, "PUT", "/_sim/company/1/client", &[], r#"{"name":"Hel AB"}"#);
    let before = whole(&simulator);
    drop(simulator);
    let file = folder.join("journal.jsonl");
    let mut bytes = fs::read(&file).unwrap();
    bytes.extend(br#"{"at":"2026-11-21T08:00:00Z","command":{"record":{"comp"#);
    fs::write(&file, bytes).unwrap();
    let again = open(&folder, 1);
    assert_eq!(whole(&again), before);
    send(&again, "PUT", "/_sim/company/1/client", &[], r#"{"name":"Ny AB"}"#);
    let after = whole(&again);
    drop(again);
    assert_eq!(whole(&open(&folder, 1)), after);
}

/// What `Simulator::state` does is not journaled; what programs later do to such a record is.
#[test]
fn records_that_were_never_journaled_do_not_keep_it_from_opening() {
    let folder = folder("unjournaled");
    let simulator = open(&folder, 1);
    let add = |name: &str| {
        simulator.state(|state| state.company(1).add_client(Client { name: name.into(), ..Client::default() }))
    };
    let (kept, gone) = (add("Kvar AB"), add("Borta AB"));
    let document = ask(&simulator, "GET", &format!("/client/{kept}"), "");
    assert_eq!(ask(&simulator, "POST", &format!("/client/{kept}"), &document[4..])[..3], *"200");
    assert_eq!(ask(&simulator, "DELETE", &format!("/client/{gone}"), "")[..3], *"200");
    drop(simulator);
    let again = open(&folder, 1);
    assert_eq!(ask(&again, "GET", &format!("/client/{kept}"), ""), document);
}

#[test]
fn a_line_of_nonsense_in_the_middle_is_an_error() {
    let folder = folder("nonsense");
    drop(open(&folder, 1));
    let file = folder.join("journal.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    assert_snapshot!(text, @r#"{"seed":{"seed":1,"clients":3,"products":2}}"#);
    fs::write(&file, format!("{text}nonsense\n")).unwrap();
    let error = Simulator::open(Options::default(), time(), &folder).unwrap_err();
    assert_snapshot!(error, @"journal: expected ident at line 1 column 2");
}

#[test]
fn refused_changes_are_not_journaled() {
    let folder = folder("refused");
    let simulator = open(&folder, 1);
    ask(&simulator, "PUT", "/client", "{}");
    ask(&simulator, "DELETE", "/client/1", "");
    assert_eq!(fs::read_to_string(folder.join("journal.jsonl")).unwrap().lines().count(), 1);
}

/// What touches several records at once, and what depends on the day, is there again; invented invoices keep their dates.
#[test]
fn invoices_agreements_and_projects_are_there_again() {
    let folder = folder("more");
    let open = |moment: &str| {
        let more = More { invoices: 30, agreements: 5, projects: 3 };
        let options = Options { seed: Some(Seed { seed: 1, clients: 3, products: 2 }), more, ..Options::default() };
        Simulator::open(options, Time::standing_at(moment.parse().unwrap()), &folder).unwrap()
    };
    let simulator = open("2026-11-21T08:00:00Z");
    let control = |simulator: &Simulator, method: &str, path: &str, body: &str| {
        send(simulator, method, &format!("/_sim/company/1/{path}"), &[], body)
    };
    let ids = simulator.state(|state| {
        let kleer = state.company(1);
        let agreement = kleer.agreements().iter().find(|one| one.next_invoice_date.is_some()).unwrap().id;
        (kleer.clients()[0].id, kleer.invoices().iter().find(|one| one.certified).unwrap().id, agreement)
    });
    let form = format!(r#"{{"client-ref":{{"id":{}}},"start-invoice-date":"2026-10-05"}}"#, ids.0);
    assert_eq!(control(&simulator, "PUT", "agreement", &form)[..3], *"200");
    assert_eq!(control(&simulator, "PUT", "invoice", &form)[..3], *"200");
    assert_eq!(control(&simulator, "POST", "run-invoicing", r#"{"until":"2026-12-31"}"#)[..3], *"200");
    assert_eq!(control(&simulator, "POST", &format!("invoice/{}/credit", ids.1), "")[..3], *"200");
    assert_eq!(control(&simulator, "POST", &format!("agreement/{}/delete", ids.2), "")[..3], *"200");
    assert_eq!(control(&simulator, "PUT", "invoice-templates", "[]")[..3], *"200");
    let before = whole(&simulator);
    drop(simulator);
    assert_eq!(whole(&open("2026-11-21T20:00:00Z")), before);
    // A later day moves the next dates, and makes no other invoices.
    let later = open("2027-03-01T08:00:00Z");
    let next = |simulator: &Simulator| {
        simulator.state(|state| state.company(1).agreements()).last().unwrap().next_invoice_date.unwrap().to_string()
    };
    assert_snapshot!(next(&later), @"2027-03-05");
    assert_eq!(control(&later, "GET", "invoice", ""), control(&open("2026-11-21T08:00:00Z"), "GET", "invoice", ""));
}
