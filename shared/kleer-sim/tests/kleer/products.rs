//! Products (contract kleer-api §6, §7.5).

use insta::assert_snapshot;
use kleer_sim::{Product, Switches};
use rust_decimal::Decimal;

use crate::bench::{ask, simulator, unexpected};

const SMALLEST: &str = r#"{"foreign-id":"ART-1","name":"Timme","unit":"tim","price":95000,"ean":0}"#;

#[test]
fn a_product_through_its_life() {
    let simulator = simulator();
    assert_snapshot!(ask(&simulator, "GET", "/product", ""), @r#"200 {"products":[]}"#);
    assert_snapshot!(ask(&simulator, "PUT", "/product", SMALLEST), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/product/1004", ""), @r#"200 {"id":1004,"foreign-id":"ART-1","name":"Timme","unit":"tim","price":95000,"ean":0,"dimension-entries":{}}"#);
    let full = SMALLEST.replace(
        "}",
        r#","type":"DIGITAL_SERVICES","vat-percentage":0.250,"account-nr":3041,"accounts":{"se":1,"eu":2}}"#,
    );
    assert_snapshot!(ask(&simulator, "POST", "/product/1004", &full), @r#"200 {"id":1004}"#);
    assert_snapshot!(ask(&simulator, "GET", "/product", ""), @r#"200 {"products":[{"id":1004,"foreign-id":"ART-1","name":"Timme","unit":"tim","price":95000,"ean":0,"type":"DIGITAL_SERVICES","vat-percentage":0.250,"account-nr":3041,"dimension-entries":{},"accounts":{"se":3041,"eu":3041,"export":3041}}]}"#);
    assert_eq!(unexpected(&simulator), "");
    assert_snapshot!(ask(&simulator, "DELETE", "/product/1004", ""), @r#"405 {"message":"Metoden stöds inte"}"#);
    assert_snapshot!(ask(&simulator, "GET", "/product/1", ""), @r#"404 {"message":"Produkten med id 1 finns inte"}"#);
}

/// Creates the smallest product with some text replaced; the answer and what was noted.
fn check(from: &str, to: &str) -> String {
    let simulator = simulator();
    let answer = ask(&simulator, "PUT", "/product", &SMALLEST.replace(from, to));
    format!("{answer}\n{}", unexpected(&simulator))
}

#[test]
fn what_is_refused() {
    assert_snapshot!(check(r#","ean":0"#, ""), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/product: mandatory element ean is missing
    "#);
    assert_snapshot!(check("95000", "950.00"), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/product: element price has the wrong type: 950.00
    "#);
    assert_snapshot!(check("\"ean\"", r#""type":"Goods","ean""#), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/product: element type has no value Goods
    "#);
    assert_snapshot!(check("\"ean\"", r#""vat-percentage":"0.25","ean""#), @r#"
    500 {"message":"Tekniskt fel"}
    PUT /v1/company/1/product: element vat-percentage has the wrong type: "0.25"
    "#);
    assert_snapshot!(check("\"ean\"", r#""vat-percentage":null,"ean""#), @r#"200 {"id":1004}"#);
    let simulator = simulator();
    simulator.state(|state| state.switches = Switches { product_writes: false, ..Switches::default() });
    assert_snapshot!(ask(&simulator, "PUT", "/product", SMALLEST), @r#"405 {"message":"Metoden stöds inte"}"#);
}

#[test]
fn typed_products_come_back_as_they_went_in() {
    let simulator = simulator();
    let id =
        simulator.state(|state| state.company(1).add_product(Product { name: "Ost".into(), ..Product::default() }));
    simulator.state(|state| {
        state.company(1).edit_product(id, |product| {
            product.vat_percentage = Some(Decimal::new(12, 2));
            product.account_nr = None;
            product.dimension_entries.dimension_entries = vec![9.into()];
        });
    });
    assert_snapshot!(ask(&simulator, "GET", "/product/1004", ""), @r#"200 {"id":1004,"foreign-id":"","name":"Ost","type":"SERVICES","unit":"st","price":0,"ean":0,"dimension-entries":{"dimension-entries":[{"id":9}]},"vat-percentage":0.12}"#);
    simulator.state(|state| {
        assert_eq!(state.company(1).products()[0].vat_percentage, Some(Decimal::new(12, 2)));
        assert!(state.company(1).remove_product(id));
        assert_eq!(state.company(1).product(id), None);
    });
}
