//! *Create Kleer Client*, of what is filled in and of the mappings.

use domain::ObjectType;
use insta::assert_snapshot;
use kleer_sim::{Client, Kind};

use super::{Shop, make_property};
use crate::{mapping, minutes};

fn company(shop: &Shop, values: &[(&str, &str)]) -> u64 {
    shop.world.person_creates("companies", values)
}

fn made(shop: &Shop, id: i64) -> Client {
    shop.world.kleer(|kleer| kleer.client(id)).unwrap()
}

fn told(client: &Client) -> String {
    let Client { name, contact, email, country_code, payment_days, orgno, phone, .. } = client;
    let address = &client.address;
    format!(
        "{name} | {contact} | {email} | {} / {} / {} / {} / {} | {country_code} | {payment_days} | {orgno} | {phone} | {:?} | {:?} | {:?} | {:?}",
        address.address1,
        address.address2,
        address.zip_code,
        address.state,
        address.country,
        client.client_type,
        client.currency_type,
        client.delivery_type,
        client.vat_nr,
    )
}

/// The company has its client's id, and the next poll finds nothing to do.
fn bound(shop: &mut Shop, company: u64, id: i64) {
    let companies = shop.world.records("companies");
    let record = companies.iter().find(|record| record.id == company).unwrap();
    assert_eq!(record.get("kleer_id"), Some(id.to_string().as_str()));
    let (count, writes) = (companies.len(), shop.world.writes());
    shop.world.poll_now(ObjectType::Client);
    assert_eq!((shop.world.records("companies").len(), shop.world.writes()), (count, writes));
}

#[test]
fn only_the_name_is_needed_and_it_is_the_companys() {
    let mut shop = Shop::open();
    let company = company(&shop, &[("name", "Nykund AB")]);
    let id = shop.acts_on("companies", company, "create-client", &[]).id("kleer_id");
    assert_snapshot!(told(&made(&shop, id)), @r#"Nykund AB |  |  |  /  /  /  /  | SE | 30 |  |  | Some("Organisation") | None | Some("Email") | Some("")"#);
    bound(&mut shop, company, id);
    let again = shop.acts_on("companies", company, "create-client", &[("name", "Annat")]);
    assert_eq!((again.id("kleer_id"), again.output("result")), (id, "skipped"));
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Client)), 2);
}

#[test]
fn every_input_is_used() {
    let mut shop = Shop::open();
    let company = company(&shop, &[("name", "Nykund AB")]);
    let user = shop.world.kleer(|kleer| kleer.users()[0].clone());
    let fields = [
        ("name", "Nykund Norge AS"),
        ("organization_number", "556677-8899"),
        ("vat_number", "SE556677889901"),
        ("email", "faktura@nykund.no"),
        ("phone", "+47 1"),
        ("address_line_1", "Gate 1"),
        ("address_line_2", "c/o Ola"),
        ("zip_code", "0150"),
        ("city_state", "Oslo"),
        ("country", "Norge"),
        ("country_code", "no"),
        ("currency", "nok"),
        ("payment_days", "15"),
        ("delivery_type", "manually"),
        ("client_type", "person"),
        ("contact", "Ola"),
        ("responsible_user", &user.id.to_string()),
        ("invoice_template", "1"),
    ];
    let id = shop.acts_on("companies", company, "create-client", &fields).id("kleer_id");
    let client = made(&shop, id);
    assert_snapshot!(told(&client), @r#"Nykund Norge AS | Ola | faktura@nykund.no | Gate 1 / c/o Ola / 0150 / Oslo / Norge | NO | 15 | 556677-8899 | +47 1 | Some("Person") | Some("NOK") | Some("Manually") | Some("SE556677889901")"#);
    assert_eq!((client.user.id, client.template.map(|template| template.id)), (user.id, Some(1)));
    bound(&mut shop, company, id);
}

#[test]
fn the_mappings_read_backwards_make_the_client() {
    let mut shop = Shop::open();
    let company = company(
        &shop,
        &[
            ("name", "Nykund AB"),
            ("address", "Gatan 2"),
            ("city", "Umeå"),
            ("phone", "090-1"),
            ("kleer_payment_days", "10"),
            ("kleer_delivery_method", "Mail"),
        ],
    );
    shop.world.pass(minutes(1));
    let id = shop.acts_on("companies", company, "create-client-from-mappings", &[]).id("kleer_id");
    assert_snapshot!(told(&made(&shop, id)), @r#"Nykund AB |  |  | Gatan 2 /  /  / Umeå /  | SE | 10 |  | 090-1 | Some("Organisation") | None | Some("Mail") | Some("")"#);
    bound(&mut shop, company, id);
}

#[test]
fn a_company_without_a_name_is_told_what_is_missing() {
    let mut shop = Shop::open();
    let company = company(&shop, &[("domain", "nykund.se")]);
    for action in ["create-client", "create-client-from-mappings"] {
        let told = shop.acts_on("companies", company, action, &[]);
        assert_eq!((told.code(), told.output("error_field")), ("MISSING_VALUE", "name"));
    }
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Client)), 1);
}

#[test]
fn both_client_actions_on_one_company_make_one_client() {
    let mut shop = Shop::open();
    let company = company(&shop, &[("name", "Nykund AB")]);
    let hubspot = &shop.world.pretend.hubspot;
    let calls = ["create-client", "create-client-from-mappings"]
        .map(|action| hubspot.enrol(super::DEMO, "companies", company, action, &[]).unwrap());
    shop.world.pass(minutes(5));
    let ids = calls.map(|call| shop.told(&call).id("kleer_id"));
    assert_eq!(ids[0], ids[1]);
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Client)), 2);
}

#[test]
fn the_mappings_read_the_twin_of_a_property_that_cannot_be_written() {
    let mut shop = Shop::open();
    make_property(&shop.world, "companies", "telefon");
    shop.world.pretend.hubspot.switch(super::DEMO, |switches| {
        switches.read_only.insert("companies".into(), vec!["telefon".into()]);
    });
    shop.world.settings(ObjectType::Client, |settings| {
        settings.mappings.retain(|known| known.field.as_deref() != Some("phone"));
        settings.mappings.push(mapping("phone", "telefon"));
    });
    shop.world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    shop.world.poll_now(ObjectType::Client);
    assert_eq!(shop.world.companies(&["kleer_phone"]), format!("{} | 08-1", shop.client));
    let company = company(&shop, &[("name", "Nykund AB"), ("kleer_phone", "090-1")]);
    let id = shop.acts_on("companies", company, "create-client-from-mappings", &[]).id("kleer_id");
    assert_eq!(made(&shop, id).phone, "090-1");
    bound(&mut shop, company, id);
}
