//! Types that belong to others, and those that others belong to.

use super::*;

/// One record of each type, in sync.
fn one_of_each() -> World {
    let mut world = capabilities::one_of_each();
    world.pass(minutes(1));
    world
}

const CHILDREN: [ObjectType; 3] = [ObjectType::Agreement, ObjectType::Invoice, ObjectType::Project];

/// How many records of another type the only records of these three belong to.
fn belongings(world: &World, to: &str) -> [usize; 3] {
    ["subscriptions", "invoices", "projects"].map(|object| {
        let id = world.records(object)[0].id;
        world.pretend.hubspot.associations(4242, object, id, to).len()
    })
}

fn problems(world: &World) -> String {
    let all = ObjectType::POLLED.map(|object| world.problems(object));
    all.into_iter().filter(|problems| !problems.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn children_belong_to_clients_wherever_these_are() {
    let mut world = one_of_each();
    assert_eq!(belongings(&world, "companies"), [1, 1, 1]);
    let object = custom_object(&world, "customer", &["subscriptions", "invoices", "projects"]);
    moves(&world, ObjectType::Client, &object);
    runs(&mut world, &[ObjectType::Client]);
    runs(&mut world, &CHILDREN);
    assert_eq!((belongings(&world, &object), belongings(&world, "companies")), ([1, 1, 1], [0, 0, 0]));
    assert_eq!(problems(&world), "");
    let before = world.writes();
    runs(&mut world, &CHILDREN);
    assert_eq!(world.writes(), before, "the second run wrote");
    let creates_before = creates(&world);
    moves(&world, ObjectType::Client, "companies");
    runs(&mut world, &[ObjectType::Client]);
    runs(&mut world, &CHILDREN);
    assert_eq!((belongings(&world, &object), belongings(&world, "companies")), ([0, 0, 0], [1, 1, 1]));
    assert_eq!(creates(&world), creates_before, "something was made again");
}

#[test]
fn children_cannot_belong_to_an_object_that_hubspot_does_not_associate_with_theirs() {
    let mut world = one_of_each();
    let object = custom_object(&world, "customer", &[]);
    moves(&world, ObjectType::Client, &object);
    runs(&mut world, &[ObjectType::Client]);
    runs(&mut world, &CHILDREN);
    assert_snapshot!(problems(&world), @"
    1004 RefusedByHubspot: HubSpot refused the request: No association types exist between SUBSCRIPTION and 2-101 (2-101 9001). Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.
    1004 RefusedByHubspot: HubSpot refused the request: No association types exist between INVOICE and 2-101 (2-101 9001). Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.
    1004 RefusedByHubspot: HubSpot refused the request: No association types exist between PROJECT and 2-101 (2-101 9001). Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.
    ");
    moves(&world, ObjectType::Client, "companies");
    world.pass(hours(1));
    assert_eq!(belongings(&world, "companies"), [1, 1, 1]);
    assert_snapshot!(problems(&world), @"");
}

fn line_items(world: &World) -> String {
    world.table("line_items", &["name", "price"])
}

#[test]
fn invoices_on_a_custom_object_begin_afresh_with_rows_of_their_own() {
    let mut world = one_of_each();
    let invoices = world.records("invoices");
    let object = custom_object(&world, "bill", &["companies", "line_items", "subscriptions"]);
    moves(&world, ObjectType::Invoice, &object);
    runs(&mut world, &[ObjectType::Invoice]);
    assert_snapshot!(world.table(&object, &["kleer_invoice_nr", "kleer_status", "kleer_currency", "kleer_total_amount"]), @"1004 | 50001 | open | SEK | 1250");
    assert_snapshot!(line_items(&world), @"
    1004-recurring-0 | Support | 1000
    1004-row-0 | Timme | 1000
    1004-row-0-2-101 | Timme | 1000
    ");
    assert_snapshot!(problems(&world), @"");
    let bill = world.records(&object)[0].id;
    assert_eq!(world.pretend.hubspot.associations(4242, &object, bill, "companies").len(), 1);
    assert_eq!(world.pretend.hubspot.associations(4242, &object, bill, "line_items").len(), 1);
    let old = world.pretend.hubspot.associations(4242, "invoices", invoices[0].id, "line_items");
    assert_eq!(old.len(), 1, "the invoice keeps its line item");
    assert_eq!(world.records("invoices"), invoices, "the invoices are as they were");
    let before = world.writes();
    runs(&mut world, &[ObjectType::Invoice]);
    assert_eq!(world.writes(), before, "the second run wrote");
    world.kleer(|kleer| kleer.pay_invoice(1004, None));
    runs(&mut world, &[ObjectType::Invoice]);
    assert_snapshot!(world.table(&object, &["kleer_status"]), @"1004 | paid");
    assert_eq!(world.records("invoices"), invoices, "the invoices are as they were");
}

/// A revision on the new object must not take the rows of the old record away.
#[test]
fn the_rows_of_the_old_record_stay_when_the_new_one_loses_some() {
    let mut world = one_of_each();
    let subscription = world.records("subscriptions")[0].id;
    let object = custom_object(&world, "contract", &["companies", "line_items"]);
    moves(&world, ObjectType::Agreement, &object);
    runs(&mut world, &[ObjectType::Agreement]);
    world.kleer(|kleer| kleer.edit_agreement(1004, |agreement| agreement.recurring_rows.clear()));
    runs(&mut world, &[ObjectType::Agreement]);
    let contract = world.records(&object)[0].id;
    assert_eq!(world.pretend.hubspot.associations(4242, &object, contract, "line_items").len(), 0);
    assert_eq!(world.pretend.hubspot.associations(4242, "subscriptions", subscription, "line_items").len(), 1);
    assert_eq!(problems(&world), "");
}

#[test]
fn invoices_that_come_back_are_the_old_ones_with_their_old_rows() {
    let mut world = one_of_each();
    let object = custom_object(&world, "bill", &["companies", "line_items"]);
    moves(&world, ObjectType::Invoice, &object);
    runs(&mut world, &[ObjectType::Invoice]);
    world.kleer(|kleer| kleer.pay_invoice(1004, None));
    runs(&mut world, &[ObjectType::Invoice]);
    let before = creates(&world);
    moves(&world, ObjectType::Invoice, "invoices");
    assert_snapshot!(world.sent_while(|world| runs(world, &[ObjectType::Invoice])), @"updated invoice 1004 → HubSpot 9001: hs_invoice_status=paid kleer_remaining_amount=0");
    assert_eq!(creates(&world), before, "something was made again");
    assert_snapshot!(world.table("invoices", &["hs_invoice_status", "hs_amount_billed"]), @"1004 | paid | 1000");
    assert_eq!(problems(&world), "");
}

/// What a portal without payments does with its agreements (contract hubspot-crm §3.6).
#[test]
fn agreements_become_deals() {
    let mut world = one_of_each();
    let subscriptions = world.records("subscriptions");
    world.settings(ObjectType::Agreement, |settings| {
        "deals".clone_into(&mut settings.hubspot_object);
        let fixed = |property: &str, text: &str| domain::FieldMapping {
            field: None,
            default: Some(text.to_owned()),
            ..mapping("", property)
        };
        settings.mappings.retain(|mapping| mapping.property != "hs_name");
        settings.mappings.extend([
            mapping("description", "dealname"),
            mapping("_arr", "amount"),
            fixed("pipeline", "default"),
            fixed("dealstage", "closedwon"),
        ]);
    });
    runs(&mut world, &[ObjectType::Agreement]);
    assert_snapshot!(problems(&world), @"");
    assert_snapshot!(world.table("deals", &["dealname", "amount", "kleer_status", "kleer_mrr", "kleer_billing_frequency"]), @"1004 | Support | 12000 | active | 1000 | monthly");
    let deal = world.records("deals")[0].id;
    assert_eq!(world.pretend.hubspot.associations(4242, "deals", deal, "companies").len(), 1);
    assert_eq!(world.pretend.hubspot.associations(4242, "deals", deal, "line_items").len(), 1);
    let old = world.pretend.hubspot.associations(4242, "subscriptions", subscriptions[0].id, "line_items");
    assert_eq!(old.len(), 1, "the subscription keeps its line item");
    assert_eq!(world.records("subscriptions"), subscriptions, "the subscriptions are as they were");
}

/// A line item can name a product of HubSpot's library only.
#[test]
fn line_items_name_no_product_that_is_elsewhere() {
    let mut world = one_of_each();
    let object = custom_object(&world, "article", &[]);
    moves(&world, ObjectType::Product, &object);
    runs(&mut world, &[ObjectType::Product, ObjectType::Invoice]);
    assert_snapshot!(world.table(&object, &["name", "price", "kleer_unit"]), @"1004 | Timme | 1000 | st");
    assert_snapshot!(world.table("line_items", &["name", "hs_product_id"]), @"
    1004-recurring-0 | Support | -
    1004-row-0 | Timme | -
    ");
    assert_eq!(problems(&world), "");
}

#[test]
fn rows_on_a_custom_object_belong_to_their_agreement() {
    let mut world = one_of_each();
    let object = custom_object(&world, "row", &["subscriptions", "invoices"]);
    moves(&world, ObjectType::LineItem, &object);
    runs(&mut world, &[ObjectType::Agreement, ObjectType::Invoice]);
    assert_snapshot!(world.table(&object, &["name", "price", "quantity"]), @"
    1004-recurring-0 | Support | 1000 | 1
    1004-row-0 | Timme | 1000 | 1
    ");
    let [subscription, invoice] = ["subscriptions", "invoices"].map(|object| world.records(object)[0].id);
    assert_eq!(world.pretend.hubspot.associations(4242, "subscriptions", subscription, &object).len(), 1);
    assert_eq!(world.pretend.hubspot.associations(4242, "invoices", invoice, &object).len(), 1);
    assert_eq!(problems(&world), "");
    assert_snapshot!(line_items(&world), @"
    1004-recurring-0 | Support | 1000
    1004-row-0 | Timme | 1000
    ");
    let before = world.writes();
    runs(&mut world, &[ObjectType::Agreement, ObjectType::Invoice]);
    assert_eq!(world.writes(), before, "the second run wrote");
}
