//! The same of invoices, agreements, projects and their rows.

use super::*;

/// Kleer's list of delivery types and kinds of products grows; HubSpot's drop-downs that are ours follow.
#[test]
fn a_value_that_nobody_knows_becomes_an_option_of_our_own_list() {
    let mut world = clients(&["Åkeri AB", "Bageri AB"]);
    world.edit_client("Åkeri AB", |client| client.delivery_type = Some("Brevduva".into()));
    world.kleer(|kleer| kleer.add_product(product("Timme", 100_000)));
    let card = world.kleer(|kleer| kleer.add_product(product("Presentkort", 50_000)));
    // A type that only a later Kleer has.
    let mut document = world.kleer(|kleer| kleer.document(kleer_sim::Kind::Product, card)).expect("it was just made");
    document.insert("type".to_owned(), "GIFT_CARD".into());
    crate::fields::put(&world, ObjectType::Product, card, document);
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["kleer_delivery_method"]), @"
    1006 | Email
    1004 | Brevduva
    ");
    assert_snapshot!(world.table("products", &["kleer_type"]), @"
    1004 | Services
    1006 | GIFT_CARD
    ");
    assert_snapshot!(format!("{}{}", problems(&world), world.problems(ObjectType::Product)), @"");
    let list = world.pretend.hubspot.property(4242, "products", "kleer_type").expect("it was made");
    let options: Vec<String> = list.options.iter().map(|one| format!("{}={}", one.value, one.label)).collect();
    assert_snapshot!(options.join(" "), @"Goods=Goods Services=Services DigitalServices=Digital services GIFT_CARD=GIFT_CARD");
}

/// A list of HubSpot's own is not ours to add to.
#[test]
fn a_value_that_a_list_of_hubspots_own_lacks_is_one_problem() {
    let mut world = clients(&["Åkeri AB", "Bageri AB"]);
    world.settings(ObjectType::Client, |settings| settings.mappings.push(mapping("foreign-id", "industry")));
    world.edit_client("Åkeri AB", |client| client.foreign_id = "MAKING_PORRIDGE".into());
    world.edit_client("Bageri AB", |client| client.foreign_id = "Food production".into());
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["industry"]), @"1006 | FOOD_PRODUCTION");
    assert_snapshot!(problems(&world), @"1004 ValueNotAllowed: Foreign ID does not fit the HubSpot property industry: “MAKING_PORRIDGE” is not one of its options. Add the option “MAKING_PORRIDGE” to the property in HubSpot, or change the value in Kleer.");
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before);
    assert_eq!(problems(&world).lines().count(), 1);
}

fn row(text: &str, price: i64) -> InvoiceRow {
    InvoiceRow { description: text.into(), price, ..InvoiceRow::default() }
}

/// All types switched on, and one client and one product.
fn whole() -> World {
    let world = World::whole();
    world.kleer(|kleer| {
        kleer.add_client(client("Åkeri AB"));
        kleer.add_product(product("Timme", 100_000));
    });
    world
}

/// Kleer has certified invoices of the client with these rows, one after the other.
fn invoices(world: &World, all: &[&[InvoiceRow]]) {
    world.kleer(|kleer| {
        for rows in all {
            let client_ref = kleer.clients()[0].id.into();
            let id = kleer.add_invoice(Invoice { client_ref, rows: rows.to_vec(), ..Invoice::default() });
            kleer.certify_invoice(id);
        }
    });
}

/// What all types have to tell, a line each.
fn all_problems(world: &World) -> String {
    let told = ObjectType::POLLED.map(|object| world.problems(object));
    told.into_iter().filter(|problems| !problems.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_negative_price_is_turned_around_or_left_out_and_delays_nobody() {
    let rows = [row("Timme", 100_000), row("Öresavrundning", -50)];
    let mut world = whole();
    invoices(&world, &[&rows, &rows[..1]]);
    world.pass(minutes(1));
    assert_snapshot!(world.table("line_items", &["quantity", "price", "amount"]), @"
    1004-row-0 | 1 | 1000 | 1000
    1004-row-1 | -1 | 0.5 | -0.5
    1006-row-0 | 1 | 1000 | 1000
    ");
    assert_snapshot!(all_problems(&world), @"");
    // Where HubSpot does not take that either:
    let mut world = whole();
    world.pretend.hubspot.switch(4242, |switches| switches.negative_quantity_refused = true);
    invoices(&world, &[&rows, &rows[..1]]);
    world.pass(minutes(1));
    assert_snapshot!(world.table("line_items", &["quantity", "price", "amount"]), @"
    1004-row-0 | 1 | 1000 | 1000
    1006-row-0 | 1 | 1000 | 1000
    ");
    assert_snapshot!(world.table("invoices", &["hs_invoice_status", "kleer_total_amount"]), @"
    1004 | open | 1249.38
    1006 | open | 1250
    ");
    assert_snapshot!(all_problems(&world), @r#"1004 RowLeftOut: HubSpot does not take 1 row (row-1: HubSpot refused the value of "quantity": quantity cannot be negative.). Nothing has to be done: the record and its total are right, only these line items are missing."#);
}

#[test]
fn a_row_without_a_product_is_a_line_item_without_one() {
    let mut world = whole();
    let id = world.kleer(|kleer| kleer.products()[0].id);
    let of_product = InvoiceRow { product: id.into(), ..row("Timme", 100_000) };
    invoices(&world, &[&[row("Fritext", 5_000), of_product]]);
    world.kleer(|kleer| {
        let client_ref = kleer.clients()[0].id.into();
        let rows = vec![AgreementRow { product: None, description: "Fritext".into(), ..AgreementRow::default() }];
        kleer.add_agreement(Agreement {
            client_ref,
            description: "Avtal".into(),
            recurring_rows: rows,
            ..Agreement::default()
        });
    });
    world.pass(minutes(1));
    assert_snapshot!(world.table("line_items", &["name", "hs_product_id"]), @"
    1004-recurring-0 | Fritext | -
    1004-row-0 | Fritext | -
    1004-row-1 | Timme | 9001
    ");
    assert_snapshot!(all_problems(&world), @"");
    let waiting = ObjectType::POLLED.map(|object| world.report(object).counts.waiting);
    assert_eq!(waiting, [0; 5], "nobody waits for a product that is none");
}

#[test]
fn an_agreement_with_an_interval_of_no_months_has_neither_frequency_nor_revenue() {
    let mut world = whole();
    world.kleer(|kleer| {
        for months in [0, 1, -1] {
            let rows = vec![AgreementRow { price: 90_000, description: "Drift".into(), ..AgreementRow::default() }];
            kleer.add_agreement(Agreement {
                client_ref: kleer.clients()[0].id.into(),
                description: format!("Avtal {months}"),
                invoice_interval_months: months,
                recurring_rows: rows,
                ..Agreement::default()
            });
        }
    });
    world.pass(minutes(1));
    let shown = ["hs_name", "hs_recurring_billing_frequency", "kleer_mrr", "kleer_arr", "hs_invoice_creation"];
    assert_snapshot!(world.table("subscriptions", &shown), @"
    1004 | Avtal 0 | - | - | - | off
    1006 | Avtal 1 | monthly | 900 | 10800 | off
    1007 | Avtal -1 | - | - | - | off
    ");
    assert_snapshot!(world.table("line_items", &["recurringbillingfrequency"]), @"
    1004-recurring-0 | -
    1006-recurring-0 | monthly
    1007-recurring-0 | -
    ");
    assert_snapshot!(all_problems(&world), @"");
}

/// One of each kind of bad record beside a good one of its type.
fn everything_bad_at_once() -> World {
    let world = whole();
    world.pretend.hubspot.switch(4242, |switches| switches.negative_quantity_refused = true);
    world.kleer(|kleer| {
        let id = kleer.clients()[0].id;
        kleer.add_client(client(""));
        for name in ["Tvilling ett AB", "Tvilling två AB"] {
            kleer.add_client(Client { orgno: "556677-8899".into(), ..client(name) });
        }
        kleer.add_product(product("", 100));
        let certified = |kleer: &mut kleer_sim::Company, invoice: Invoice| {
            let id = kleer.add_invoice(Invoice { client_ref: id.into(), ..invoice });
            kleer.certify_invoice(id);
        };
        let plain = || Invoice { rows: vec![row("Timme", 100_000)], ..Invoice::default() };
        certified(kleer, Invoice { currency: "XTS".into(), ..plain() });
        certified(kleer, Invoice { rows: vec![row("Timme", 100_000), row("Rabatt", -100)], ..plain() });
        certified(kleer, Invoice { due_date: jiff::civil::date(9999, 12, 31), ..plain() });
        certified(kleer, plain());
        let agreement = |description: &str, currency: &str, months: i64| Agreement {
            client_ref: id.into(),
            description: description.into(),
            currency: currency.into(),
            invoice_interval_months: months,
            recurring_rows: vec![AgreementRow { description: "Drift".into(), ..AgreementRow::default() }],
            ..Agreement::default()
        };
        kleer.add_agreement(agreement("", "SEK", 1));
        kleer.add_agreement(agreement("Valuta", "XTS", 1));
        kleer.add_agreement(agreement("Engång", "SEK", 0));
        kleer.add_agreement(agreement("Drift", "SEK", 1));
        kleer.add_project(Project { client: Some(id.into()), ..Project::default() });
        kleer.add_project(Project { client: Some(id.into()), name: "Ombyggnad".into(), ..Project::default() });
    });
    world
}

#[test]
fn each_bad_record_is_one_line_and_nothing_else_is_delayed() {
    let mut world = everything_bad_at_once();
    world.pass(minutes(1));
    assert_snapshot!(all_problems(&world), @r#"
    1006 MissingValue: The product has no value in Name, and HubSpot needs one. Fill in Name on product 1006 in Kleer, or set a default value on its mapping.
    1006 MissingValue: The client has no value in Name, and HubSpot needs one. Fill in Name on client 1006 in Kleer, or set a default value on its mapping.
    1004 MissingValue: The agreement has no value in Description, and HubSpot needs one. Fill in Description on agreement 1004 in Kleer, or set a default value on its mapping.
    1006 ValueNotAllowed: Currency does not fit the HubSpot property hs_currency_code: “XTS” is not one of its options. Add the currency to the HubSpot account (Settings, Account defaults, Currency), or change it in Kleer.
    1004 ValueNotAllowed: Currency does not fit the HubSpot property hs_currency: “XTS” is not one of its options. Add the currency to the HubSpot account (Settings, Account defaults, Currency), or change it in Kleer.
    1006 RowLeftOut: HubSpot does not take 1 row (row-1: HubSpot refused the value of "quantity": quantity cannot be negative.). Nothing has to be done: the record and its total are right, only these line items are missing.
    1007 RefusedByHubspot: HubSpot refused the value of "hs_due_date": 9999-12-31T00:00:00.000Z was not a valid long. Correct the value in Kleer, or map the field to a text property instead of hs_due_date.
    1004 MissingValue: The project has no value in Name, and HubSpot needs one. Fill in Name on project 1004 in Kleer, or set a default value on its mapping.
    "#);
    assert_snapshot!(world.companies(&["name"]), @"
    1004 | Åkeri AB
    1007 | Tvilling ett AB
    1010 | Tvilling två AB
    ");
    assert_snapshot!(world.table("invoices", &["hs_number", "hs_invoice_status", "hs_due_date"]), @"
    1006 | 50002 | open | 2026-12-20T00:00:00.000Z
    1010 | 50004 | open | 2026-12-20T00:00:00.000Z
    ");
    assert_snapshot!(world.table("subscriptions", &["hs_name"]), @"
    1007 | Engång
    1010 | Drift
    ");
    assert_snapshot!(world.table("projects", &["hs_name"]), @"1006 | Ombyggnad");
    let line = |object: ObjectType| {
        let counts = world.report(object).counts;
        format!("{object}: {} = {} + {} failed", counts.source, counts.created, counts.failed)
    };
    assert_snapshot!(ObjectType::POLLED.map(line).join("\n"), @"
    product: 2 = 1 + 1 failed
    client: 4 = 3 + 1 failed
    agreement: 4 = 2 + 2 failed
    invoice: 4 = 2 + 2 failed
    project: 2 = 1 + 1 failed
    ");
    let told = all_problems(&world);
    world.poll_now(ObjectType::Invoice);
    assert_eq!(all_problems(&world), told, "the next run tells the same");
}
