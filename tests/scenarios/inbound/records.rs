//! Records are deleted, restored, or were bound a moment ago.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{HubspotId, ObjectType, PortalId};
use insta::assert_snapshot;
use kleer_sim::Invoice;
use queue::RecordEvent;

use super::super::client;
use super::support::{activity, bound, edit, hint, kleer_writes, quiet, record_of};
use super::{World, minutes, seconds};

#[test]
fn a_deleted_record_is_not_made_again_and_a_restored_one_goes_on() {
    let (mut world, company) = bound();
    world.person_deletes("companies", company);
    hint(&world, "companies", company, RecordEvent::Deleted);
    world.pass(seconds(5));
    assert_snapshot!(world.problems(ObjectType::Client), @"1004 DeletedInHubspot: The record was deleted in HubSpot; it is not made again by itself. Leave it deleted, restore it in HubSpot, or have it made again on the settings page.");
    assert_snapshot!(activity(&world), @"deleted_in_hubspot client 1004: The client 1004 was deleted in HubSpot; it is not made again by itself.");
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".to_owned());
    world.poll_now(ObjectType::Client);
    assert_eq!(world.records("companies").len(), 0);
    world.person_restores("companies", company);
    hint(&world, "companies", company, RecordEvent::Restored);
    world.pass(minutes(2));
    assert_eq!(world.problems(ObjectType::Client), "");
    assert_snapshot!(world.table("companies", &["name", "phone"]), @"1004 | Åkeri AB | 08-1");
    assert_eq!(kleer_writes(&world), 0);
    quiet(&mut world);
}

#[test]
fn deletions_and_restorations_come_in_any_order() {
    let (mut world, company) = bound();
    world.lose_webhooks(true);
    world.person_deletes("companies", company);
    hint(&world, "companies", company, RecordEvent::Restored);
    world.pass(seconds(5));
    assert!(world.problems(ObjectType::Client).contains("DeletedInHubspot"), "it is not there, whatever was said");
    world.person_restores("companies", company);
    hint(&world, "companies", company, RecordEvent::Deleted);
    world.pass(minutes(1));
    assert_eq!(world.problems(ObjectType::Client), "", "it is there, whatever was said");
    world.lose_webhooks(false);
    quiet(&mut world);
}

#[test]
fn a_deleted_record_of_a_type_that_travels_one_way_is_noticed() {
    let mut world = World::whole();
    let client = world.kleer(|kleer| kleer.add_client(client("Åkeri AB")));
    let invoice = world.kleer(|kleer| {
        let invoice = kleer.add_invoice(Invoice { client_ref: client.into(), ..Invoice::default() });
        kleer.certify_invoice(invoice);
        invoice
    });
    world.pass(minutes(3));
    let record = record_of(&world, "invoices", invoice);
    world.person_deletes("invoices", record);
    hint(&world, "invoices", record, RecordEvent::Deleted);
    world.pass(seconds(10));
    assert!(
        world.problems(ObjectType::Invoice).contains("DeletedInHubspot"),
        "{}",
        world.problems(ObjectType::Invoice)
    );
}

#[test]
fn a_record_that_was_bound_a_moment_ago_is_found_by_what_it_says() {
    let (mut world, company) = bound();
    // The index is behind: it does not know of the binding yet.
    let http = local::embedded::http_client(world.ground().database, local::fuse::Fuse::never());
    let forget = app::dynamodb_client(http, &world.clock)
        .update_item()
        .table_name(&world.app().config.table_name)
        .key("pk", AttributeValue::S("4242#detail#client#companies".to_owned()))
        .key("sk", AttributeValue::S("1004".to_owned()))
        .update_expression("REMOVE hubspot_key")
        .send();
    world.clock.run(forget).expect("the engine takes it");
    let id = HubspotId(company.to_string());
    let index = world.app().store.bound_to(PortalId(4242), "companies", &id);
    assert_eq!(world.clock.run(index).unwrap(), None);
    edit(&world, "companies", company, &[("name", "Nya Åkeriet AB")]);
    world.pass(seconds(5));
    assert_eq!(world.kleer(|kleer| kleer.clients()[0].name.clone()), "Nya Åkeriet AB");
    quiet(&mut world);
}
