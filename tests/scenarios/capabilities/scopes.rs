//! The scopes that a portal is asked for are enough, and those it may lack are missed by their type alone.

use hubspot::scopes::{OPTIONAL, REQUIRED};
use local::pretend::KLEER_KEY;

use super::*;

/// Installs the app with exactly these scopes, and lets it synchronize one record of each type.
fn synchronized(scopes: &[&str]) -> World {
    let mut world = one_of_each();
    let token = crate::connection::access_token(&world, Some(scopes));
    world.connect(PortalId(PORTAL), &token, KLEER_KEY);
    world.pass(minutes(1));
    world
}

#[test]
fn with_all_that_is_asked_for_everything_is_synchronized() {
    let world = synchronized(&[REQUIRED.as_slice(), &OPTIONAL].concat());
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 1, line_items 2");
    assert_eq!((interrupted(&world), unavailable(&world)), (String::new(), String::new()));
    writes_no_more(world);
}

#[test]
fn without_the_optional_ones_all_but_projects_is_synchronized() {
    let world = synchronized(&REQUIRED);
    assert_snapshot!(counts(&world), @"products 1, companies 1, subscriptions 1, invoices 1, projects 0, line_items 2");
    assert_snapshot!(interrupted(&world), @"project: HubSpot's projects cannot be used in this account (HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.projects.read, crm.objects.projects.write, crm.schemas.projects.read): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.");
    assert_snapshot!(unavailable(&world), @"project: HubSpot's projects cannot be used in this account (HubSpot has not granted this app the scopes it needs here: connect HubSpot again and allow crm.objects.projects.read, crm.objects.projects.write, crm.schemas.projects.read): switch them on there, connect the app again with the right to use them, or choose another HubSpot object for this type.");
}
