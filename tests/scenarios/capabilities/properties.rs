//! Properties that cannot be written, and properties that must be.

use super::*;

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn read_only(world: &World, object: &str, properties: &[&str]) {
    world.pretend.hubspot.switch(4242, |switches| drop(switches.read_only.insert(object.into(), names(properties))));
}

/// The same, but the definition does not say so.
fn hidden_read_only(world: &World, object: &str, properties: &[&str]) {
    world
        .pretend
        .hubspot
        .switch(4242, |switches| drop(switches.hidden_read_only.insert(object.into(), names(properties))));
}

/// The administrator requires a value for these properties of every new record of a type.
fn requires(world: &World, object: &str, properties: &[&str]) {
    world.pretend.hubspot.switch(4242, |switches| drop(switches.required.insert(object.into(), names(properties))));
}

fn problems(world: &World) -> String {
    let all = ObjectType::POLLED.map(|object| world.problems(object));
    all.into_iter().filter(|problems| !problems.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_read_only_status_has_a_twin() {
    let mut world = one_of_each();
    read_only(&world, "subscriptions", &["hs_status"]);
    world.kleer(|kleer| kleer.edit_agreement(1004, |agreement| agreement.end_date = Some(date(2026, 6, 30))));
    world.pass(minutes(1));
    assert_snapshot!(world.table("subscriptions", &["hs_status", "kleer_status"]), @"1004 | active | expired");
    assert_snapshot!(problems(&world), @"");
    writes_no_more(world);
}

#[test]
fn a_status_that_turns_out_to_be_read_only_has_a_twin() {
    let mut world = one_of_each();
    hidden_read_only(&world, "subscriptions", &["hs_status"]);
    world.kleer(|kleer| kleer.edit_agreement(1004, |agreement| agreement.end_date = Some(date(2026, 6, 30))));
    world.pass(minutes(5));
    assert_snapshot!(world.table("subscriptions", &["hs_status", "kleer_status"]), @"1004 | active | expired");
    assert_snapshot!(problems(&world), @"");
    assert_snapshot!(interrupted(&world), @"");
    world.kleer(|kleer| kleer.delete_agreement(1004));
    world.pass(minutes(30));
    assert_snapshot!(world.table("subscriptions", &["hs_status", "kleer_status"]), @"1004 | active | canceled");
    writes_no_more(world);
}

#[test]
fn numbers_and_statuses_of_invoices_that_turn_out_to_be_read_only_have_twins() {
    let mut world = one_of_each();
    hidden_read_only(&world, "invoices", &["hs_number", "hs_invoice_status"]);
    world.pass(minutes(10));
    assert_snapshot!(world.table("invoices", &["hs_number", "kleer_invoice_nr", "hs_invoice_status", "kleer_status"]), @"1004 | - | 50001 | draft | open");
    assert_snapshot!(problems(&world), @"");
    assert_snapshot!(interrupted(&world), @"");
    assert_eq!(world.records("line_items").len(), 2);
    writes_no_more(world);
}

#[test]
fn a_property_of_line_items_that_turns_out_to_be_read_only_has_a_twin() {
    let mut world = one_of_each();
    hidden_read_only(&world, "line_items", &["hs_product_id"]);
    world.pass(minutes(10));
    assert_snapshot!(world.table("line_items", &["name", "hs_product_id", "kleer_product_id"]), @"
    1004-recurring-0 | Support | - | -
    1004-row-0 | Timme | - | 1004
    ");
    assert_snapshot!(problems(&world), @"");
    writes_no_more(world);
}

#[test]
fn a_property_that_can_be_written_again_is_found_within_two_days() {
    let mut world = one_of_each();
    hidden_read_only(&world, "projects", &["hs_description"]);
    world.kleer(|kleer| kleer.edit_project(1004, |project| project.comment = "Nya lokalen".into()));
    world.pass(minutes(10));
    assert_snapshot!(world.table("projects", &["hs_description", "kleer_comment"]), @"1004 | - | Nya lokalen");
    hidden_read_only(&world, "projects", &[]);
    for _ in 0..2 {
        world.clock.advance(hours(24));
        world.pass(minutes(16));
    }
    assert_snapshot!(world.table("projects", &["hs_description", "kleer_comment"]), @"1004 | Nya lokalen | Nya lokalen");
    assert_snapshot!(problems(&world), @"");
}

#[test]
fn a_property_that_the_administrator_requires_is_named_and_mended_by_a_default() {
    let mut world = one_of_each();
    requires(&world, "projects", &["hs_type"]);
    requires(&world, "invoices", &["hs_title"]);
    world.pass(minutes(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 0, projects 0, line_items 1");
    assert_snapshot!(problems(&world), @r#"
    1004 RefusedByHubspot: HubSpot refused the request: MISSING_REQUIRED_PROPERTY: property "hs_title" is required to create this record. Your HubSpot account requires hs_title: map a field or a default value to it.
    1004 RefusedByHubspot: HubSpot refused the request: MISSING_REQUIRED_PROPERTY: property "hs_type" is required to create this record. Your HubSpot account requires hs_type: map a field or a default value to it.
    "#);
    let default = |property: &str, text: &str| FieldMapping {
        field: None,
        default: Some(text.to_owned()),
        ..mapping("", property)
    };
    world.settings(ObjectType::Project, |settings| settings.mappings.push(default("hs_type", "internal_ops")));
    world.settings(ObjectType::Invoice, |settings| settings.mappings.push(default("hs_title", "Faktura")));
    world.pass(minutes(30));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 1, line_items 2");
    assert_snapshot!(problems(&world), @"");
    writes_no_more(world);
}

#[test]
fn a_required_property_of_line_items_holds_up_the_record_of_the_row() {
    let mut world = one_of_each();
    requires(&world, "line_items", &["description"]);
    world.pass(minutes(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 1, line_items 0");
    assert_snapshot!(problems(&world), @r#"
    1004 RefusedByHubspot: HubSpot refused the request: MISSING_REQUIRED_PROPERTY: property "description" is required to create this record. Your HubSpot account requires description: map a field or a default value to it.
    1004 RefusedByHubspot: HubSpot refused the request: MISSING_REQUIRED_PROPERTY: property "description" is required to create this record. Your HubSpot account requires description: map a field or a default value to it.
    "#);
    world.settings(ObjectType::LineItem, |settings| settings.mappings.push(mapping("description", "description")));
    world.pass(minutes(30));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 1, line_items 2");
    assert_snapshot!(problems(&world), @"");
    writes_no_more(world);
}
