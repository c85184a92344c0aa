//! The invented books.

use std::collections::{BTreeMap, HashSet};

use insta::assert_snapshot;
use kleer_sim::{Client, Options, Product, Seed, Simulator};

use crate::bench::{ask, unexpected, with};

fn seeded(seed: u64, clients: u32, products: u32) -> Simulator {
    with(Options { seed: Some(Seed { seed, clients, products }), ..Options::default() })
}

fn clients(simulator: &Simulator) -> Vec<Client> {
    simulator.state(|state| state.company(1).clients())
}

fn products(simulator: &Simulator) -> Vec<Product> {
    simulator.state(|state| state.company(1).products())
}

#[test]
fn the_first_of_each() {
    let simulator = seeded(1, 1, 1);
    assert_snapshot!(ask(&simulator, "GET", "/client", ""), @r#"200 {"clients":[{"id":1004,"foreign-id":"K10001","name":"Hamnens Förvaltning AB","contact":"Daniel Karlsson","address":{"address1":"Smedjegatan 86","address2":"","zip-code":"972 49","state":"Luleå","country":"Sverige"},"email":"faktura@hamnens-forvaltning-ab.example","client-type":"Organisation","country-code":"SE","currency-type":"SEK","accountnr":0,"payment-days":10,"orgno":"556800-8691","phone":"070-174 06 04","user":{"id":1006},"delivery-type":"Mail","vat-nr":"SE556800869101","template":null,"approver":null,"dimension-entries":{},"client-broker":{},"active":true}]}"#);
    assert_snapshot!(ask(&simulator, "GET", "/product", ""), @r#"200 {"products":[{"id":1004,"foreign-id":"","name":"Utbildning fördjupning","type":"SERVICES","unit":"st","price":954300,"ean":0,"dimension-entries":{},"account-nr":3004,"vat-percentage":0,"accounts":{"se":3004,"eu":3004,"export":3004}}]}"#);
    assert_snapshot!(ask(&simulator, "GET", "/user", ""), @r#"200 {"users":[{"id":1004,"name":"Eva Ekonom","email":"eva.ekonom@demobolaget.example","active":true,"dimensions":{}},{"id":1006,"foreign-id":"","internal-id":102,"name":"Leila Jansson","email":"leila.jansson@demobolaget.example","active":true,"dimensions":{}},{"id":1007,"foreign-id":"","internal-id":103,"name":"Elsa Fredriksson","email":"elsa.fredriksson@demobolaget.example","active":true,"dimensions":{}},{"id":1010,"foreign-id":"","internal-id":104,"name":"Sara Holmberg","email":"sara.holmberg@demobolaget.example","active":true,"dimensions":{}},{"id":1014,"foreign-id":"","internal-id":105,"name":"Sara Olsson","email":"sara.olsson@demobolaget.example","active":true,"dimensions":{}},{"id":1017,"foreign-id":"","internal-id":106,"name":"Jan Hassan","email":"jan.hassan@demobolaget.example","active":false,"dimensions":{}}]}"#);
}

#[test]
fn the_same_seed_gives_the_same_books() {
    let all = |simulator: &Simulator| ask(simulator, "GET", "/client", "") + &ask(simulator, "GET", "/product", "");
    assert_eq!(all(&seeded(3, 50, 20)), all(&seeded(3, 50, 20)));
    assert_ne!(all(&seeded(3, 50, 20)), all(&seeded(4, 50, 20)));
    // More clients leave the first ones and the products alone.
    assert_eq!(clients(&seeded(3, 50, 20))[..10], clients(&seeded(3, 10, 20))[..]);
    assert_eq!(products(&seeded(3, 50, 20)), products(&seeded(3, 10, 20)));
}

/// Whether the last digit of `NNNNNN-NNNC` is the Luhn check digit.
fn luhn(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().filter_map(|digit| digit.to_digit(10)).collect();
    let doubled = |(at, digit): (usize, &u32)| if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit };
    digits.len() == 10 && digits.iter().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

#[test]
fn names_and_numbers_are_different_and_well_formed() {
    let simulator = seeded(5, 5_000, 500);
    let clients = clients(&simulator);
    let different = |values: Vec<&str>| values.iter().collect::<HashSet<_>>().len() == values.len();
    assert!(different(clients.iter().map(|client| client.name.as_str()).collect()));
    assert!(different(clients.iter().map(|client| client.orgno.as_str()).collect()));
    assert!(different(products(&simulator).iter().map(|product| product.name.as_str()).collect::<Vec<_>>()));
    for client in &clients {
        assert!(luhn(&client.orgno), "{}", client.orgno);
        assert!(client.email.is_empty() || client.email.ends_with(".example"), "{}", client.email);
        let vat = client.vat_nr.as_deref().unwrap();
        assert!(vat.is_empty() || vat == format!("SE{}01", client.orgno.replace('-', "")), "{vat}");
        assert!(client.address.zip_code.len() == 6 && client.address.zip_code.as_bytes()[3] == b' ');
    }
    let ids: Vec<i64> = clients.iter().map(|client| client.id).collect();
    assert!(
        ids[0] > 1 && ids.windows(2).all(|pair| pair[0] < pair[1]) && ids.windows(2).any(|pair| pair[0] + 1 < pair[1])
    );
}

#[test]
fn everything_invented_is_accepted_by_kleers_own_rules() {
    let simulator = seeded(6, 300, 100);
    for (kind, count) in [("client", 300), ("product", 100)] {
        let list: serde_json::Value =
            serde_json::from_str(&ask(&simulator, "GET", &format!("/{kind}"), "")[4..]).unwrap();
        let list = list[format!("{kind}s")].as_array().unwrap().clone();
        assert_eq!(list.len(), count);
        for document in list {
            let answer = ask(&simulator, "POST", &format!("/{kind}/{}", document["id"]), &document.to_string());
            assert_eq!(answer, format!("200 {{\"id\":{}}}", document["id"]));
            let stored = ask(&simulator, "GET", &format!("/{kind}/{}", document["id"]), "");
            assert_eq!(stored, format!("200 {document}"));
        }
    }
    assert_eq!(unexpected(&simulator), "");
}

#[test]
fn what_the_books_are_like() {
    let clients = clients(&seeded(8, 4_000, 0));
    let mut counts = BTreeMap::<String, usize>::new();
    let mut count = |what: String| *counts.entry(what).or_default() += 1;
    for client in clients {
        count(format!("currency {}", client.currency_type.unwrap()));
        count(format!("delivery {}", client.delivery_type.unwrap()));
        count(format!("days {}", client.payment_days));
        count(format!("type {}", client.client_type.unwrap()));
        count(format!("active {}", client.active));
        count(format!("foreign id {}", !client.foreign_id.is_empty()));
    }
    let lines: Vec<String> = counts.into_iter().map(|(what, count)| format!("{what}: {count}")).collect();
    assert_snapshot!(lines.join("\n"), @r"
    active false: 23
    active true: 3977
    currency EUR: 149
    currency NOK: 51
    currency SEK: 3758
    currency USD: 42
    days 10: 977
    days 15: 525
    days 30: 2498
    delivery Efaktura: 503
    delivery Email: 2934
    delivery Mail: 368
    delivery Manually: 195
    foreign id false: 2581
    foreign id true: 1419
    type Organisation: 3824
    type Person: 176
    ");
}

/// Large books must be made and listed fast even without optimization; there is no clock here to say how fast, but a
/// quadratic step would be noticed.
#[test]
fn large_books() {
    let simulator = seeded(9, 100_000, 1_000);
    let list = ask(&simulator, "GET", "/client", "");
    assert!(list.len() > 40_000_000);
    assert_eq!(simulator.state(|state| state.company(1).count(kleer_sim::Kind::Client)), 100_000);
}
