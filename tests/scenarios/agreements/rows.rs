//! Rows, and what is computed from them.

use super::*;

fn lines(world: &World) -> String {
    world.table("line_items", &["name", "quantity", "price", "recurringbillingfrequency"])
}

#[test]
fn a_new_revision_replaces_the_rows() {
    let (mut world, client) = portal();
    let id = world.kleer(|kleer| {
        let rows = vec![row("Support", 150_000), row("Drift", 100_000), row("Backup", 50_000)];
        kleer.add_agreement(Agreement { recurring_rows: rows, ..agreement(client, "Support") })
    });
    world.pass(minutes(1));
    assert_snapshot!(lines(&world), @"
    1004-recurring-0 | Support | 1 | 1500 | monthly
    1004-recurring-1 | Drift | 1 | 1000 | monthly
    1004-recurring-2 | Backup | 1 | 500 | monthly
    ");
    world.kleer(|kleer| {
        kleer.edit_agreement(id, |agreement| {
            agreement.recurring_rows = vec![row("Support", 160_000), row("Backup", 50_000)];
            agreement.first_invoice_rows = vec![row("Flytt", 20_000)];
        });
    });
    world.pass(minutes(30));
    assert_snapshot!(lines(&world), @"
    1004-recurring-0 | Support | 1 | 1600 | monthly
    1004-recurring-1 | Backup | 1 | 500 | monthly
    1004-first-0 | Flytt | 1 | 200 | -
    ");
    assert_snapshot!(subscriptions(&world, &["kleer_mrr", "hs_mrr"]), @"1004 | 2100 | 2100");
    assert_eq!(world.kleer(|kleer| kleer.agreement(id)).unwrap().revision_nr, 2);
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before, "the second run wrote");
}

#[test]
fn another_interval_is_told_to_every_recurring_row() {
    let (mut world, id) = in_sync();
    world.kleer(|kleer| {
        kleer.edit_agreement(id, |agreement| {
            agreement.invoice_interval_months = 12;
            agreement.first_invoice_rows = vec![row("Uppstart", 500_000)];
        });
    });
    world.pass(minutes(30));
    assert_snapshot!(subscriptions(&world, &["hs_recurring_billing_frequency", "kleer_mrr", "kleer_arr"]), @"1004 | annually | 125 | 1500");
    assert_snapshot!(lines(&world), @"
    1004-recurring-0 | Support | 1 | 1500 | annually
    1004-first-0 | Uppstart | 1 | 5000 | -
    ");
}

/// Kleer's schema sets no limit to the interval (contract kleer-api §7.4), HubSpot has no word for most of them.
#[test]
fn intervals_that_hubspot_has_no_word_for() {
    let (mut world, client) = portal();
    world.kleer(|kleer| {
        for interval in [0, 2, 1, 60] {
            let name = format!("Var {interval} månad");
            kleer.add_agreement(Agreement { invoice_interval_months: interval, ..agreement(client, &name) });
        }
    });
    world.pass(minutes(1));
    assert_snapshot!(subscriptions(&world, &["hs_name", "hs_recurring_billing_frequency", "kleer_mrr", "kleer_arr"]), @"
    1004 | Var 0 månad | - | - | -
    1006 | Var 2 månad | - | 750 | 9000
    1007 | Var 1 månad | monthly | 1500 | 18000
    1010 | Var 60 månad | per_five_years | 25 | 300
    ");
    assert_snapshot!(lines(&world), @"
    1004-recurring-0 | Support | 1 | 1500 | -
    1006-recurring-0 | Support | 1 | 1500 | -
    1007-recurring-0 | Support | 1 | 1500 | monthly
    1010-recurring-0 | Support | 1 | 1500 | per_five_years
    ");
    assert_snapshot!(problems(&world), @"");
}

/// HubSpot takes line items on subscriptions only if they recur (contract hubspot-crm §3.6), or takes them all (contract
/// product §6.3).
fn strict(world: &World) {
    world.pretend.hubspot.switch(4242, |switches| switches.one_time_subscription_lines = false);
}

#[test]
fn a_row_of_the_first_invoice_that_hubspot_does_not_take_is_left_out_and_told() {
    let (mut world, client) = portal();
    strict(&world);
    let id = world.kleer(|kleer| {
        let first_invoice_rows = vec![row("Uppstart", 500_000), row("Resa", 80_000)];
        kleer.add_agreement(Agreement { first_invoice_rows, ..agreement(client, "Support") });
        kleer.add_agreement(agreement(client, "Drift"))
    });
    world.pass(minutes(1));
    assert_snapshot!(lines(&world), @"
    1004-recurring-0 | Support | 1 | 1500 | monthly
    1006-recurring-0 | Support | 1 | 1500 | monthly
    ");
    assert_snapshot!(subscriptions(&world, &["hs_name", "hs_status", "kleer_mrr"]), @"
    1004 | Support | active | 1500
    1006 | Drift | active | 1500
    ");
    assert_snapshot!(problems(&world), @"1004 RowLeftOut: HubSpot does not take 2 rows (first-0: HubSpot refused the request: One or more associations are invalid: LINE_ITEM=9002 is not recurring: recurringbillingfrequency is not set.; first-1: HubSpot refused the request: One or more associations are invalid: LINE_ITEM=9003 is not recurring: recurringbillingfrequency is not set.). Nothing has to be done: the record and its total are right, only these line items are missing.");
    assert_eq!(state(&world, id), RecordState::InSync);
    let counts = world.report(ObjectType::Agreement).line_items;
    assert_eq!((counts.source, counts.created, counts.excluded, counts.failed), (4, 2, 2, 0));
}

#[test]
fn a_row_that_was_left_out_is_not_tried_at_every_poll() {
    let (mut world, client) = portal();
    strict(&world);
    let id = world.kleer(|kleer| {
        let first_invoice_rows = vec![row("Uppstart", 500_000)];
        kleer.add_agreement(Agreement { first_invoice_rows, ..agreement(client, "Support") })
    });
    world.pass(minutes(1));
    let before = world.writes();
    world.pass(hours(6));
    assert_eq!(world.writes(), before);
    assert_eq!(problems(&world).lines().count(), 1, "it is told as long as it lasts");
    world.kleer(|kleer| kleer.edit_agreement(id, |agreement| agreement.first_invoice_rows.clear()));
    world.pass(minutes(30));
    assert_snapshot!(problems(&world), @"");
    assert_snapshot!(lines(&world), @"1004-recurring-0 | Support | 1 | 1500 | monthly");
}

#[test]
fn a_row_that_was_left_out_is_there_once_hubspot_takes_it() {
    let (mut world, client) = portal();
    strict(&world);
    let id = world.kleer(|kleer| {
        let first_invoice_rows = vec![row("Uppstart", 500_000)];
        kleer.add_agreement(Agreement { first_invoice_rows, ..agreement(client, "Support") })
    });
    world.pass(minutes(1));
    world.pretend.hubspot.switch(4242, |switches| switches.one_time_subscription_lines = true);
    world.kleer(|kleer| kleer.edit_agreement(id, |agreement| agreement.payment_days = 10));
    world.pass(minutes(30));
    assert_snapshot!(lines(&world), @"
    1004-recurring-0 | Support | 1 | 1500 | monthly
    1004-first-0 | Uppstart | 1 | 5000 | -
    ");
    assert_snapshot!(problems(&world), @"");
}

/// Recurring rows of an interval that HubSpot has no word for recur nowhere.
#[test]
fn a_portal_that_takes_only_recurring_rows_takes_none_of_every_other_month() {
    let (mut world, client) = portal();
    strict(&world);
    world.kleer(|kleer| {
        kleer.add_agreement(Agreement { invoice_interval_months: 2, ..agreement(client, "Varannan månad") })
    });
    world.pass(minutes(1));
    assert_snapshot!(subscriptions(&world, &["hs_name", "kleer_mrr"]), @"1004 | Varannan månad | 750");
    assert_snapshot!(lines(&world), @"");
    assert_snapshot!(problems(&world), @"1004 RowLeftOut: HubSpot does not take 1 row (recurring-0: HubSpot refused the request: One or more associations are invalid: LINE_ITEM=9001 is not recurring: recurringbillingfrequency is not set.). Nothing has to be done: the record and its total are right, only these line items are missing.");
    let before = world.writes();
    world.pass(hours(1));
    assert_eq!(world.writes(), before, "the second run wrote");
}

#[test]
fn a_discounted_row_counts_less() {
    let (mut world, client) = portal();
    world.kleer(|kleer| {
        let tenth = Some(Discount::Percentage("0.1".parse().unwrap()));
        let rows = vec![AgreementRow { discount: tenth, ..row("Support", 100_000) }, row("Rabatt", -10_000)];
        kleer.add_agreement(Agreement { recurring_rows: rows, ..agreement(client, "Support") })
    });
    world.pass(minutes(1));
    assert_snapshot!(subscriptions(&world, &["kleer_mrr", "kleer_arr", "hs_mrr"]), @"1004 | 800 | 9600 | 800");
    assert_snapshot!(world.table("line_items", &["name", "quantity", "price", "hs_discount_percentage"]), @"
    1004-recurring-0 | Support | 1 | 1000 | 10
    1004-recurring-1 | Rabatt | -1 | 100 | -
    ");
}
