//! Whole types that a portal does not have.

use http::Method;
use local::pretend::{APP_TOKEN, KLEER_KEY};
use serde_json::Value;

use super::*;

fn projects_are(world: &World, on: bool) {
    world.pretend.hubspot.switch(4242, |switches| switches.projects_disabled = !on);
}

#[test]
fn a_portal_without_projects_says_so_and_gets_everything_else() {
    let mut world = one_of_each();
    projects_are(&world, false);
    world.pass(minutes(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 0, line_items 2");
    assert_snapshot!(interrupted(&world), @"project: HubSpot's projects are switched off in this account: switch them on there, or choose another HubSpot object for this type.");
    assert_snapshot!(unavailable(&world), @"project: HubSpot's projects are switched off in this account: switch them on there, or choose another HubSpot object for this type.");
    projects_are(&world, true);
    world.pass(hours(1));
    assert_snapshot!(world.table("projects", &["hs_name"]), @"1004 | Flytt");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
    writes_no_more(world);
}

#[test]
fn projects_that_are_switched_off_later_are_told_at_the_next_change() {
    let mut world = one_of_each();
    world.pass(minutes(1));
    projects_are(&world, false);
    world.pass(hours(1));
    assert_eq!(interrupted(&world), "", "nothing was asked of HubSpot");
    world.kleer(|kleer| kleer.edit_project(1004, |project| project.number = "P-1".into()));
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(minutes(30));
    assert_snapshot!(interrupted(&world), @"project: HubSpot's projects cannot be used in this account (HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.projects.write): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.");
    assert_snapshot!(unavailable(&world), @"project: HubSpot's projects cannot be used in this account (HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.projects.write): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.");
    assert_snapshot!(world.companies(&["phone"]), @"1004 | 08-1");
    projects_are(&world, true);
    world.pass(hours(1));
    assert_snapshot!(world.table("projects", &["kleer_project_number"]), @"1004 | P-1");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
}

#[test]
fn projects_that_are_switched_off_later_are_told_within_a_day() {
    let mut world = one_of_each();
    world.pass(minutes(1));
    projects_are(&world, false);
    world.clock.advance(hours(24));
    world.pass(minutes(15));
    assert_snapshot!(interrupted(&world), @"project: HubSpot's projects are switched off in this account: switch them on there, or choose another HubSpot object for this type.");
    assert_snapshot!(unavailable(&world), @"project: HubSpot's projects are switched off in this account: switch them on there, or choose another HubSpot object for this type.");
}

fn payments_are(world: &World, set_up: bool, refused_whole: bool) {
    world.pretend.hubspot.switch(4242, |switches| {
        switches.payments_not_set_up = !set_up;
        switches.payments_refused_whole = refused_whole;
    });
}

/// Whichever way HubSpot refuses (contract hubspot-crm §12, 10).
fn without_payments(refused_whole: bool) -> String {
    let mut world = one_of_each();
    payments_are(&world, false, refused_whole);
    world.pass(minutes(1));
    assert_eq!(counts(&world), "products 1, companies 1, subscriptions 0, invoices 1, projects 1, line_items 1");
    let told = interrupted(&world);
    assert_eq!(unavailable(&world), told);
    assert_eq!(world.problems(ObjectType::Agreement), "", "it is the portal's, not the record's");
    let before = world.writes();
    world.pass(hours(2));
    assert!(world.writes() - before <= 4, "it was tried {} times in two hours", world.writes() - before);
    payments_are(&world, true, refused_whole);
    world.pass(hours(1));
    assert_eq!(world.table("subscriptions", &["hs_name"]), "1004 | Support");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
    writes_no_more(world);
    told
}

#[test]
fn a_portal_without_payments_refuses_each_subscription() {
    assert_snapshot!(without_payments(false), @"agreement: HubSpot takes no subscriptions in this account (This account is not set up to collect payments): set up HubSpot payments or Stripe there, or choose another HubSpot object for this type.");
}

#[test]
fn a_portal_without_payments_refuses_the_whole_call() {
    assert_snapshot!(without_payments(true), @"agreement: HubSpot takes no subscriptions in this account (This account is not set up to collect payments): set up HubSpot payments or Stripe there, or choose another HubSpot object for this type.");
}

/// Payments that are switched off later: what is there goes on.
fn payments_switched_off_later(refused_whole: bool) -> (String, String) {
    let mut world = one_of_each();
    world.pass(minutes(1));
    payments_are(&world, false, refused_whole);
    world.kleer(|kleer| {
        kleer.edit_agreement(1004, |agreement| agreement.payment_days = 10);
        let next = kleer.agreement(1004).unwrap();
        kleer.add_agreement(Agreement { description: "Drift".into(), ..next })
    });
    world.pass(minutes(31));
    assert_eq!(world.table("subscriptions", &["hs_name", "hs_net_payment_terms"]), "1004 | Support | 10");
    let told = (interrupted(&world), world.problems(ObjectType::Agreement));
    payments_are(&world, true, refused_whole);
    world.pass(hours(2));
    assert_eq!(world.records("subscriptions").len(), 2);
    assert_eq!((interrupted(&world), world.problems(ObjectType::Agreement)), (String::new(), String::new()));
    told
}

#[test]
fn payments_switched_off_later_refuse_new_subscriptions_only() {
    let (interrupted, problems) = payments_switched_off_later(false);
    assert_snapshot!(interrupted, @"");
    assert_snapshot!(problems, @"1006 RefusedByHubspot: HubSpot refused the request: This account is not set up to collect payments. Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.");
}

#[test]
fn payments_switched_off_later_refuse_the_whole_call_of_new_subscriptions() {
    let (interrupted, problems) = payments_switched_off_later(true);
    assert_snapshot!(interrupted, @"agreement: HubSpot takes no subscriptions in this account (This account is not set up to collect payments): set up HubSpot payments or Stripe there, or choose another HubSpot object for this type.");
    assert_snapshot!(problems, @"");
}

/// Installs the app with these scopes, or all; HubSpot's answer, whose access token is good for half an hour.
fn installed(world: &World, scopes: Option<&[String]>) -> Value {
    let code = admin::asks(world, Method::POST, "/_sim/oauth/codes", &json!({ "scopes": scopes }));
    let code = code["code"].as_str().unwrap();
    let form = format!(
        "grant_type=authorization_code&client_id=demo-client&client_secret=demo-secret&redirect_uri=x&code={code}"
    );
    admin::posts_form(world, "/oauth/2026-09/token", &form)
}

/// A token with all rights but those whose names contain that word.
fn token_without(world: &World, word: &str) -> String {
    let all: Vec<String> = serde_json::from_value(installed(world, None)["scopes"].clone()).unwrap();
    let granted: Vec<String> = all.into_iter().filter(|scope| !scope.contains(word)).collect();
    installed(world, Some(&granted))["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_scope_that_was_not_granted_stops_only_its_type() {
    let mut world = one_of_each();
    let token = token_without(&world, "invoices");
    world.connect(PortalId(PORTAL), &token, KLEER_KEY);
    world.pass(minutes(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 0, projects 1, line_items 1");
    assert_snapshot!(interrupted(&world), @"invoice: HubSpot's invoices cannot be used in this account (HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.invoices.read, crm.objects.invoices.write, crm.schemas.invoices.read): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.");
    assert_snapshot!(unavailable(&world), @"invoice: HubSpot's invoices cannot be used in this account (HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.invoices.read, crm.objects.invoices.write, crm.schemas.invoices.read): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.");
    world.connect(PortalId(PORTAL), APP_TOKEN, KLEER_KEY);
    world.pass(minutes(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 1, line_items 2");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
    writes_no_more(world);
}

#[test]
fn an_object_that_takes_no_unique_property_says_so() {
    let mut world = one_of_each();
    world.pretend.hubspot.switch(4242, |switches| switches.unique_refused = vec!["invoices".into()]);
    world.pass(minutes(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 0, projects 1, line_items 1");
    assert_snapshot!(interrupted(&world), @"invoice: HubSpot did not let us make the unique property kleer_id on invoices (Object type 0-53 does not support unique properties): delete a property with unique values that you no longer need there, or choose another HubSpot object for this type.");
    assert_eq!(unavailable(&world), interrupted(&world));
    world.pretend.hubspot.switch(4242, |switches| switches.unique_refused.clear());
    world.pass(hours(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 1, line_items 2");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
}

/// HubSpot has at most ten unique properties per object (contract hubspot-crm §7).
#[test]
fn a_portal_that_has_ten_unique_properties_says_so() {
    let mut world = one_of_each();
    for number in 0..10 {
        admin::makes_property(&world, &format!("number_{number}"), &json!({ "hasUniqueValue": true }));
    }
    world.pass(minutes(1));
    assert_snapshot!(counts(&world), @"products 1, companies 0, subscriptions 1, invoices 1, projects 1, line_items 2");
    assert_snapshot!(interrupted(&world), @"client: HubSpot did not let us make the unique property kleer_id on companies (Object type 0-2 already has the maximum of 10 unique properties): delete a property with unique values that you no longer need there, or choose another HubSpot object for this type.");
    admin::deletes_property(&world, "number_3");
    world.pass(hours(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 1, line_items 2");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
}

#[test]
fn line_items_without_a_unique_property_stop_those_that_have_rows() {
    let mut world = one_of_each();
    world.pretend.hubspot.switch(4242, |switches| switches.unique_refused = vec!["line_items".into()]);
    world.pass(minutes(1));
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 0, invoices 0, projects 1, line_items 0");
    assert_snapshot!(interrupted(&world), @"
    agreement: HubSpot did not let us make the unique property kleer_id on line_items (Object type 0-8 does not support unique properties): delete a property with unique values that you no longer need there, or choose another HubSpot object for this type.
    invoice: HubSpot did not let us make the unique property kleer_id on line_items (Object type 0-8 does not support unique properties): delete a property with unique values that you no longer need there, or choose another HubSpot object for this type.
    ");
}
