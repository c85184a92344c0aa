//! *Create* and *Update Kleer Agreement*.

use insta::assert_snapshot;
use kleer_sim::{Agreement, AgreementRow, Kind};

use super::{Shop, agreement_rows, make_property};
use crate::{client, minutes};

/// A deal with something monthly and something that is billed once.
fn shop() -> Shop {
    let shop = Shop::open();
    let hours = shop.library("Konsulttimme");
    shop.line(&[
        ("name", "Support"),
        ("price", "1500"),
        ("recurringbillingfrequency", "monthly"),
        ("hs_product_id", &hours),
    ]);
    shop.line(&[("name", "Uppstart"), ("price", "5000"), ("hs_product_id", &hours)]);
    shop
}

fn agreement(shop: &Shop, id: i64) -> Agreement {
    shop.world.kleer(|kleer| kleer.agreement(id)).unwrap()
}

fn told(agreement: &Agreement) -> String {
    format!(
        "{} | {} | {:?} | {} | {} | {} | {} | {}\nrecurring:\n{}\nfirst:\n{}",
        agreement.description,
        agreement.start_invoice_date,
        agreement.end_date,
        agreement.currency,
        agreement.payment_days,
        agreement.invoice_interval_months,
        agreement.invoice_day,
        agreement.po_nr,
        agreement_rows(&agreement.recurring_rows),
        agreement_rows(&agreement.first_invoice_rows),
    )
}

#[test]
fn a_deal_becomes_an_agreement_that_hubspot_shows_at_once() {
    let mut shop = shop();
    let id = shop.acts("create-agreement", &[]).id("kleer_agreement_id");
    assert_snapshot!(told(&agreement(&shop, id)), @"
    Bygget | 2026-11-20 | None | SEK | 20 | 1 | INVOICE_AT_START | 
    recurring:
    Support | 1 tim x 150000 | product 1004
    first:
    Uppstart | 1 tim x 500000 | product 1004
    ");
    assert_eq!(shop.of_deal("kleer_agreement_id"), id.to_string());
    let shown = shop.world.records("subscriptions");
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].get("kleer_id"), Some(id.to_string().as_str()));
    let belongs = ["companies", "deals", "line_items"].map(|to| shop.associated("subscriptions", shown[0].id, to));
    assert_eq!(belongs, [1, 1, 2]);
    let again = shop.acts("create-agreement", &[]);
    assert_eq!((again.id("kleer_agreement_id"), again.output("result")), (id, "skipped"));
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Agreement)), 1);
}

#[test]
fn every_input_is_used() {
    let mut shop = shop();
    let fields = [
        ("name", "Drift"),
        ("start_date", "2027-01-01"),
        ("start_invoice_date", "2027-02-01"),
        ("end_date", "2028-01-31"),
        ("your_reference", "Eva"),
        ("payment_days", "45"),
        ("invoice_interval_months", "12"),
        ("currency", "NOK"),
        ("invoice_day", "Invoice at end of period"),
        ("po_number", "PO 9"),
    ];
    let done = shop.acts("create-agreement", &fields);
    assert_snapshot!(done.words(), @"created | The agreement is invoiced every 12 months, which is not the billing frequency of all its line items; their prices were taken as they are.");
    let id = done.id("kleer_agreement_id");
    assert_snapshot!(told(&agreement(&shop, id)), @"
    Drift | 2027-02-01 | Some(2028-01-31) | NOK | 45 | 12 | INVOICE_AT_END | PO 9
    recurring:
    Support | 1 tim x 150000 | product 1004
    first:
    Uppstart | 1 tim x 500000 | product 1004
    ");
}

#[test]
fn the_start_date_counts_where_the_first_invoices_is_empty() {
    let mut shop = shop();
    let id = shop.acts("create-agreement", &[("start_date", "2027-03-01")]).id("kleer_agreement_id");
    assert_eq!(agreement(&shop, id).start_invoice_date.to_string(), "2027-03-01");
}

#[test]
fn how_often_is_what_the_line_items_agree_on() {
    let mut shop = Shop::open();
    shop.line(&[("name", "A"), ("price", "1"), ("recurringbillingfrequency", "quarterly")]);
    let told = shop.acts("create-agreement", &[]);
    let id = told.id("kleer_agreement_id");
    assert_eq!(agreement(&shop, id).invoice_interval_months, 3);
    for (frequency, code) in [("annually", "INVALID_INTERVAL"), ("weekly", "INVALID_INTERVAL")] {
        let mut shop = Shop::open();
        shop.line(&[("name", "A"), ("price", "1"), ("recurringbillingfrequency", "quarterly")]);
        shop.line(&[("name", "B"), ("price", "1"), ("recurringbillingfrequency", frequency)]);
        let told = shop.acts("create-agreement", &[]);
        assert_eq!((told.code(), told.output("error_field")), (code, "invoice_interval_months"));
        assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Agreement)), 0);
        // What is filled in goes before.
        let told = shop.acts("create-agreement", &[("invoice_interval_months", "6")]);
        let id = told.id("kleer_agreement_id");
        assert_eq!(agreement(&shop, id).invoice_interval_months, 6);
    }
}

/// An agreement that is in Kleer with things that no input knows, and a deal that names it.
fn with_agreement() -> (Shop, i64) {
    let mut shop = Shop::open();
    let client_ref = shop.client.into();
    let row = AgreementRow { description: "Gammalt".into(), price: 100_000, ..AgreementRow::default() };
    let id = shop.world.kleer(|kleer| {
        kleer.add_agreement(Agreement {
            client_ref,
            description: "Drift".into(),
            notes: Some("Ring först".into()),
            po_nr: "PO 1".into(),
            payment_days: 15,
            currency: "SEK".into(),
            recurring_rows: vec![row],
            ..Agreement::default()
        })
    });
    shop.world.pass(minutes(31));
    (shop, id)
}

/// The deal names the agreement; the property is there once anything of ours came by a deal.
fn names(shop: &Shop, value: &str) {
    if shop.world.pretend.hubspot.property(super::DEMO, "deals", "kleer_agreement_id").is_none() {
        make_property(&shop.world, "deals", "kleer_agreement_id");
    }
    shop.world.person_edits("deals", shop.deal, &[("kleer_agreement_id", value)]);
}

#[test]
fn an_update_lays_over_what_is_filled_in_and_replaces_the_rows() {
    let (mut shop, id) = with_agreement();
    names(&shop, &id.to_string());
    shop.line(&[("name", "Nytt"), ("price", "1750"), ("quantity", "2"), ("recurringbillingfrequency", "monthly")]);
    let revision = agreement(&shop, id).revision_nr;
    let done = shop.acts("update-agreement", &[("po_number", "PO 2"), ("end_date", "2030-12-31")]);
    assert_eq!((done.id("kleer_agreement_id"), done.output("result"), done.output("note")), (id, "updated", ""));
    let after = agreement(&shop, id);
    assert_snapshot!(told(&after), @"
    Drift | 2026-11-20 | Some(2030-12-31) | SEK | 15 | 1 | INVOICE_AT_START | PO 2
    recurring:
    Nytt | 2  x 175000 | product -
    first:
    ");
    assert_eq!((after.notes.as_deref(), after.revision_nr), (Some("Ring först"), revision + 1));
    let shown = shop.world.records("subscriptions");
    assert_eq!(shop.associated("subscriptions", shown[0].id, "deals"), 1);
    assert_eq!(shown[0].get("kleer_end_date"), Some("2030-12-31"));
    let lines: Vec<String> =
        shop.world.records("line_items").iter().map(|line| line.get("name").unwrap_or("-").to_owned()).collect();
    assert_eq!(lines, ["Nytt", "Nytt"], "the deal's and the subscription's");

    // Never skipped: another change of the deal, the same agreement.
    let done = shop.acts("update-agreement", &[("payment_days", "60")]);
    assert_eq!(done.output("result"), "updated");
    assert_eq!((agreement(&shop, id).payment_days, agreement(&shop, id).revision_nr), (60, revision + 2));
}

#[test]
fn without_line_items_the_rows_stay_and_the_output_says_so() {
    let (mut shop, id) = with_agreement();
    names(&shop, &id.to_string());
    let done = shop.acts("update-agreement", &[("name", "Drift 2")]);
    assert_snapshot!(done.words(), @"updated | The deal has no line items: the agreement's rows were left as they are.");
    assert_snapshot!(told(&agreement(&shop, id)), @"
    Drift 2 | 2026-11-20 | None | SEK | 15 | 1 | INVOICE_AT_START | PO 1
    recurring:
    Gammalt | 1 st x 100000 | product -
    first:
    ");
}

#[test]
fn the_same_call_is_executed_once() {
    let (mut shop, id) = with_agreement();
    names(&shop, &id.to_string());
    let revision = agreement(&shop, id).revision_nr;
    let body = super::body("ap-4242-900900-1-0", 4242, "DEAL", shop.deal, &[("name", "Drift 2")]);
    let first = shop.world.signed("POST", "/actions/update-agreement", body.clone());
    shop.world.kleer(|kleer| kleer.edit_agreement(id, |agreement| agreement.description = "Ändrat i Kleer".into()));
    let second = shop.world.signed("POST", "/actions/update-agreement", body);
    assert_eq!(first.body(), second.body());
    assert_eq!(agreement(&shop, id).description, "Ändrat i Kleer");
    assert_eq!(agreement(&shop, id).revision_nr, revision + 2);
    shop.world.pass(minutes(1));
}

#[test]
fn an_agreement_that_is_not_there_or_somebody_elses_is_left_alone() {
    let (mut shop, id) = with_agreement();
    assert_eq!(shop.acts("update-agreement", &[]).code(), "UNKNOWN_AGREEMENT");
    // What the remedy asks for can be filled in: the action made it.
    for name in ["kleer_invoice_id", "kleer_agreement_id", "kleer_project_id"] {
        let property = shop.world.pretend.hubspot.property(super::DEMO, "deals", name).unwrap();
        assert_eq!(property.group_name, "kleer");
    }
    for strange in ["999999", "abc", "-1"] {
        names(&shop, strange);
        assert_eq!(shop.acts("update-agreement", &[("name", "X")]).code(), "UNKNOWN_AGREEMENT", "{strange}");
    }
    let other = shop.world.kleer(|kleer| {
        let other = kleer.add_client(client("Annan AB"));
        kleer.edit_agreement(id, |agreement| agreement.client_ref = other.into());
        other
    });
    names(&shop, &id.to_string());
    assert_eq!(shop.acts("update-agreement", &[("name", "X")]).code(), "OTHER_CLIENT");
    assert_eq!((agreement(&shop, id).description.as_str(), agreement(&shop, id).client_ref.id), ("Drift", other));
}
