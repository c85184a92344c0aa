//! *Create Kleer Invoice*, from the enrolled deal to the draft that HubSpot shows.

use domain::{KleerId, PortalId};
use insta::assert_snapshot;
use kleer_sim::Kind;
use local::pretend::PORTAL;

use super::{PRIMARY, Shop, new_deal, rows};
use crate::{client, minutes};

/// A deal with a line item of each kind.
fn shop() -> Shop {
    let shop = Shop::open();
    let hours = shop.library("Konsulttimme");
    shop.line(&[
        ("name", "Analys"),
        ("quantity", "2.5"),
        ("price", "950"),
        ("hs_product_id", &hours),
        ("hs_position_on_quote", "1"),
    ]);
    let named = shop.world.kleer(|kleer| kleer.products()[1].id).to_string();
    shop.line(&[
        ("name", "Licens"),
        ("quantity", "3"),
        ("price", "100"),
        ("discount", "10"),
        ("kleer_product_id", &named),
        ("hs_position_on_quote", "2"),
    ]);
    shop
}

#[test]
fn a_deal_becomes_a_draft_that_hubspot_shows_at_once() {
    let mut shop = shop();
    let told = shop.acts("create-invoice", &[("invoice_date", "2026-11-25"), ("po_number", "PO 7")]);
    let id = told.id("kleer_invoice_id");
    assert_snapshot!(told.words(), @"created");
    let invoice = shop.world.kleer(|kleer| kleer.invoice(id)).unwrap();
    assert_snapshot!(rows(&invoice.rows), @"
    Analys | 2.5 tim x 95000 | product 1004
    Licens | 3 st x 10000 -Absolute(3000) | product 1006
    ");
    assert_snapshot!(format!(
        "{} | {} | {} | {} | {} | {} | {:?} | {}",
        invoice.invoice_date, invoice.due_date, invoice.currency, invoice.po_nr, invoice.your_reference,
        invoice.invoice_email, invoice.delivery_type, invoice.foreign_id
    ), @r#"2026-11-25 | 2026-12-15 | SEK | PO 7 | Eva Ek | faktura@akeri.se | Some("Email") | hs:4242:deals:9001:create-invoice"#);
    assert_eq!((invoice.client_ref.id, invoice.certified, invoice.amount), (shop.client, false, 264_500));
    assert_eq!(invoice.invoice_address, shop.world.kleer(|kleer| kleer.client(shop.client)).unwrap().address);
    assert_eq!(shop.of_deal("kleer_invoice_id"), id.to_string());
    let shown = shop.world.records("invoices");
    assert_eq!(shown.len(), 1);
    assert_eq!(
        (shown[0].get("kleer_id"), shown[0].get("hs_invoice_status")),
        (Some(id.to_string().as_str()), Some("draft"))
    );
    let belongs = ["companies", "deals", "line_items"].map(|to| shop.associated("invoices", shown[0].id, to));
    assert_eq!(belongs, [1, 1, 2]);
}

#[test]
fn a_deal_that_has_its_invoice_is_skipped_until_somebody_empties_the_id() {
    let mut shop = shop();
    let first = shop.acts("create-invoice", &[]).id("kleer_invoice_id");
    let told = shop.acts("create-invoice", &[("invoice_date", "not even a date")]);
    assert_eq!(told.id("kleer_invoice_id"), first);
    assert_snapshot!(told.words(), @"skipped | Kleer Invoice ID is 1004 already. Empty it to make another one.");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 1);
    shop.world.person_edits("deals", shop.deal, &[("kleer_invoice_id", "")]);
    shop.world.pass(minutes(1));
    let second = shop.acts("create-invoice", &[]).id("kleer_invoice_id");
    assert_ne!(second, first);
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 2);
    assert_eq!(shop.of_deal("kleer_invoice_id"), second.to_string());
}

#[test]
fn what_is_filled_in_goes_before_the_clients() {
    let mut shop = shop();
    let user = shop.world.kleer(|kleer| kleer.users()[0].clone());
    let told = shop.acts(
        "create-invoice",
        &[
            ("currency", "eur"),
            ("delivery_type", "Svefaktura"),
            ("invoice_address_line_1", "Box 5"),
            ("zip_code", "999 99"),
            ("your_reference", "Ola"),
            ("our_reference", &user.name),
            ("invoice_template", "1"),
        ],
    );
    let id = told.id("kleer_invoice_id");
    let invoice = shop.world.kleer(|kleer| kleer.invoice(id)).unwrap();
    assert_snapshot!(format!(
        "{} {:?} {:?} {} {} {:?}",
        invoice.currency, invoice.delivery_type, invoice.invoice_address, invoice.your_reference,
        invoice.our_reference.id == user.id, invoice.delivery_address.address1
    ), @r#"EUR Some("Efaktura") Address { address1: "Box 5", address2: "", zip_code: "999 99", state: "Stockholm", country: "Sverige" } Ola true "Storgatan 1""#);
}

#[test]
fn the_deals_currency_is_the_one_its_line_items_are_priced_in() {
    let mut shop = shop();
    shop.world.person_edits("deals", shop.deal, &[("deal_currency_code", "EUR")]);
    let id = shop.acts("create-invoice", &[]).id("kleer_invoice_id");
    assert_eq!(shop.world.kleer(|kleer| kleer.invoice(id)).unwrap().currency, "EUR");
}

#[test]
fn totals_agree_where_prices_do_not_fit_into_ore() {
    let mut shop = shop();
    let named = shop.world.kleer(|kleer| kleer.products()[1].id).to_string();
    shop.line(&[
        ("name", "Minuter"),
        ("quantity", "1234"),
        ("price", "0.0375"),
        ("kleer_product_id", &named),
        ("hs_position_on_quote", "3"),
    ]);
    shop.line(&[
        ("name", "Rabatt"),
        ("quantity", "3"),
        ("price", "99.99"),
        ("hs_discount_percentage", "33.333"),
        ("kleer_product_id", &named),
        ("hs_position_on_quote", "4"),
    ]);
    let id = shop.acts("create-invoice", &[]).id("kleer_invoice_id");
    let invoice = shop.world.kleer(|kleer| kleer.invoice(id)).unwrap();
    assert_snapshot!(rows(&invoice.rows), @"
    Analys | 2.5 tim x 95000 | product 1004
    Licens | 3 st x 10000 -Absolute(3000) | product 1006
    Minuter (1234 st x 0.0375) | 1 st x 4628 | product 1006
    Rabatt (3 st x 99.99, -33.333%) | 1 st x 19998 | product 1006
    ");
    // 2375.00 + 270.00 + 46.275 + 199.981… as HubSpot sums each of them.
    assert_eq!(invoice.amount, 237_500 + 27_000 + 4_628 + 19_998);
}

#[test]
fn a_line_item_without_product_gets_the_default_of_the_settings_or_stops_it() {
    let mut shop = Shop::open();
    shop.line(&[("name", "Resa"), ("price", "500")]);
    let told = shop.acts("create-invoice", &[]);
    assert_eq!(told.code(), "MISSING_PRODUCT");
    assert_snapshot!(told.output("error_message"), @"The line item “Resa” has no product in Kleer. Use a product that comes from Kleer, fill in kleer_product_id on the line item, or choose a default product in the settings.");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 0);
    let product = shop.world.kleer(|kleer| kleer.products()[0].id);
    let store = &shop.world.app().store;
    shop.world.clock.run(async {
        let mut chosen = store.sync_settings(PortalId(PORTAL)).await.unwrap();
        chosen.value.default_product = Some(KleerId(product));
        assert!(store.put_sync_settings(PortalId(PORTAL), &chosen.value, chosen.version).await.unwrap());
    });
    let id = shop.acts("create-invoice", &[]).id("kleer_invoice_id");
    let invoice = shop.world.kleer(|kleer| kleer.invoice(id)).unwrap();
    assert_snapshot!(rows(&invoice.rows), @"Resa | 1 tim x 50000 | product 1004");
}

#[test]
fn a_deal_without_line_items_becomes_an_empty_draft_and_says_so() {
    let mut shop = Shop::open();
    let told = shop.acts("create-invoice", &[]);
    told.id("kleer_invoice_id");
    assert_snapshot!(told.words(), @"created | The deal has no line items: the draft has no rows.");
}

#[test]
fn the_primary_company_counts_and_nothing_is_guessed() {
    let mut shop = shop();
    let other = shop.world.person_creates("companies", &[("name", "Revisorn AB")]);
    shop.associate("companies", other, 341);
    // The primary one is a client, the other is not.
    let id = shop.acts("create-invoice", &[]).id("kleer_invoice_id");
    assert_eq!(shop.world.kleer(|kleer| kleer.invoice(id)).unwrap().client_ref.id, shop.client);

    // Another deal: two companies, none of them primary.
    let deal = new_deal(&shop.world, "Två bolag");
    shop.associate_deal(deal, "companies", shop.company, 341);
    shop.associate_deal(deal, "companies", other, 341);
    assert_eq!(shop.acts_on("deals", deal, "create-invoice", &[]).code(), "SEVERAL_COMPANIES");
    // And one whose company is no client.
    let deal = new_deal(&shop.world, "Ingen kund");
    assert_eq!(shop.acts_on("deals", deal, "create-invoice", &[]).code(), "MISSING_COMPANY");
    shop.associate_deal(deal, "companies", other, PRIMARY);
    let told = shop.acts_on("deals", deal, "create-invoice", &[]);
    assert_eq!(told.code(), "MISSING_CLIENT");
    assert_snapshot!(told.output("error_message"), @"The deal's company is not a client in Kleer. Run Create Kleer Client for the company first.");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Invoice)), 1);
}

#[test]
fn a_client_that_is_gone_from_kleer_is_told() {
    let mut shop = shop();
    shop.world.kleer(|kleer| kleer.add_client(client("Kvar AB")));
    let client = shop.client;
    shop.world.kleer(|kleer| kleer.remove_client(client));
    let told = shop.acts("create-invoice", &[]);
    assert_eq!(told.code(), "MISSING_CLIENT");
    assert_snapshot!(told.output("error_message").replace(&client.to_string(), "(id)"), @"The deal's company is the client (id), which is not in Kleer any more. Empty the company's Kleer ID and run Create Kleer Client for it.");
    // As it says: the id is emptied, and the company becomes a client anew.
    shop.world.poll_now(domain::ObjectType::Client);
    shop.world.person_edits("companies", shop.company, &[("kleer_id", "")]);
    let company = shop.company;
    let anew = shop.acts_on("companies", company, "create-client", &[]).id("kleer_id");
    assert_ne!(anew, client);
    let id = shop.acts("create-invoice", &[]).id("kleer_invoice_id");
    assert_eq!(shop.world.kleer(|kleer| kleer.invoice(id)).unwrap().client_ref.id, anew);
}
