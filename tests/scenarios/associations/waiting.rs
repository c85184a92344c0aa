//! A record whose parent is not in HubSpot yet waits, visibly, and is completed by itself.

use domain::{Counts, HubspotId, KleerId, ObjectType, PortalId};
use insta::assert_snapshot;
use kleer_sim::Invoice;
use store::{Commit, Pairing, Taken};

use super::{
    CHILDREN, World, agreement, belongs, client, invoice, minutes, of_one_client, polls, project, row, seconds,
};

/// The administrator requires a value for this property of every new company; for nothing if it is empty.
fn requires(world: &World, property: &str) {
    let names = if property.is_empty() { Vec::new() } else { vec![property.to_owned()] };
    world.pretend.hubspot.switch(4242, |switches| drop(switches.required.insert("companies".to_owned(), names)));
}

fn pairing(object: ObjectType) -> Pairing {
    Pairing::new(PortalId(4242), object, sync::objects::spec(object).hubspot_object)
}

/// A line per record of a type, with its state as we remember it.
fn states(world: &World, object: ObjectType) -> String {
    let index = world.clock.run(world.app().store.binding_index(&pairing(object))).expect("the store answers");
    let mut lines: Vec<String> = index.iter().map(|(id, binding)| format!("{id} {}", binding.state.as_str())).collect();
    lines.sort();
    lines.join("\n")
}

/// The states of what belongs to clients.
fn states_of_children(world: &World) -> String {
    let of = |object: ObjectType| format!("{object} {}", states(world, object));
    CHILDREN.map(of).join("\n")
}

fn counted(counts: Counts) -> (u64, u64, u64, u64) {
    (counts.source, counts.created, counts.waiting, counts.unchanged)
}

/// The client is refused at first; everything of it is written all the same, and complete once the client is there.
#[test]
fn children_are_written_wait_and_are_completed_when_their_client_appears() {
    let mut world = of_one_client();
    requires(&world, "phone");
    world.edit_client("Åkeri AB", |client| client.phone = "08-1".into());
    world.pass(seconds(30));
    assert_snapshot!(world.companies(&["name"]), @"1004 | Åkeri AB");
    assert_snapshot!(states_of_children(&world), @"
    agreement 1004 waiting
    invoice 1004 waiting
    project 1004 waiting
    ");
    for object in CHILDREN {
        assert_eq!(counted(world.report(object).counts), (1, 0, 1, 0), "{object}");
        assert_eq!(world.problems(object), "", "{object}: to wait is no problem");
    }
    assert_snapshot!(belongs(&world, "invoices", "companies"), @"1004 →");
    assert_snapshot!(belongs(&world, "invoices", "subscriptions"), @"1004 → 1004 [622]");
    assert_snapshot!(belongs(&world, "invoices", "line_items"), @"1004 → 1004-row-0 [409] 1004-row-1 [409]");
    requires(&world, "");
    assert_snapshot!(world.sent_while(|world| world.pass(minutes(32))), @"
    created client 1006 → HubSpot 9002: kleer_active=true kleer_currency=SEK kleer_delivery_method=Email kleer_payment_days=30 name=Bageri AB
    updated agreement 1004 → HubSpot 9001:
    updated invoice 1004 → HubSpot 9001:
    updated project 1004 → HubSpot 9001:
    ");
    assert_snapshot!(states_of_children(&world), @"
    agreement 1004 in_sync
    invoice 1004 in_sync
    project 1004 in_sync
    ");
    assert_snapshot!(belongs(&world, "invoices", "companies"), @"1004 → 1006 [179]");
    assert_snapshot!(belongs(&world, "subscriptions", "companies"), @"1004 → 1006 [297]");
    assert_snapshot!(belongs(&world, "projects", "companies"), @"1004 → 1006 [1236]");
}

#[test]
fn completing_is_one_call_for_associations_and_nothing_else() {
    let mut world = of_one_client();
    requires(&world, "phone");
    world.pass(seconds(30));
    requires(&world, "");
    let before = world.hubspot_calls().requests;
    world.pass(minutes(2));
    polls(&mut world, &CHILDREN);
    for object in CHILDREN {
        assert_eq!(counted(world.report(object).counts).2, 0, "{object}");
    }
    let after = world.hubspot_calls().requests;
    let clients = (after.batch_upsert - before.batch_upsert, after.associate - before.associate);
    assert_eq!(clients, (1, 3), "both clients in one call, then a call for each type that waited");
    let others = |calls: &local::output::Requests| calls.batch_update + calls.batch_read + calls.other;
    assert_eq!(others(&after), others(&before));
}

#[test]
fn waiting_costs_nothing() {
    let mut world = of_one_client();
    requires(&world, "phone");
    world.pass(minutes(1));
    let (before, tried) = (world.writes(), world.hubspot_calls().requests.batch_upsert);
    world.pass(minutes(40));
    let refused = world.hubspot_calls().requests.batch_upsert - tried;
    assert_eq!(world.writes() - before, refused, "only the refused clients are tried again");
    assert_eq!(world.report(ObjectType::Invoice).counts.waiting, 1);
}

#[test]
fn a_child_that_waits_changes_meanwhile() {
    let mut world = of_one_client();
    requires(&world, "phone");
    world.pass(minutes(1));
    world.kleer(|kleer| {
        let id = kleer.projects()[0].id;
        kleer.edit_project(id, |project| project.comment = "Etapp två".into());
    });
    assert_snapshot!(world.sent_while(|world| world.poll_now(ObjectType::Project)), @"updated project 1004 → HubSpot 9001: hs_description=Etapp två");
    assert_snapshot!(states(&world, ObjectType::Project), @"1004 waiting");
}

#[test]
fn nobody_waits_for_a_type_that_is_switched_off() {
    let world = &mut of_one_client();
    world.settings(ObjectType::Client, |settings| settings.enabled = false);
    world.settings(ObjectType::Agreement, |settings| settings.enabled = false);
    world.pass(minutes(1));
    assert_snapshot!(states_of_children(world), @"
    agreement 
    invoice 1004 in_sync
    project 1004 in_sync
    ");
    let counts = world.report(ObjectType::Invoice).counts;
    assert_eq!((counts.created, counts.waiting), (1, 0));
    world.settings(ObjectType::Client, |settings| settings.enabled = true);
    world.settings(ObjectType::Agreement, |settings| settings.enabled = true);
    polls(world, &ObjectType::POLLED);
    assert_snapshot!(belongs(world, "invoices", "companies"), @"1004 → 1006 [179]");
    assert_snapshot!(belongs(world, "invoices", "subscriptions"), @"1004 → 1004 [622]");
    assert_snapshot!(belongs(world, "projects", "companies"), @"1004 → 1006 [1236]");
}

#[test]
fn nobody_waits_for_a_company_that_was_deleted_in_hubspot() {
    let mut world = of_one_client();
    world.pass(minutes(1));
    let company = world.records("companies")[1].id;
    assert!(world.pretend.hubspot.person_deletes(4242, "companies", company));
    world.edit_client("Bageri AB", |client| client.phone = "08-2".into());
    polls(&mut world, &[ObjectType::Client]);
    assert_snapshot!(states(&world, ObjectType::Client), @"
    1004 in_sync
    1006 deleted_in_hubspot
    ");
    let bakery = world.client_id("Bageri AB");
    world.kleer(|kleer| {
        invoice(kleer, bakery, &[row("Ny", 10_000)], Invoice::default());
        kleer.add_project(project(bakery, "Tillbyggnad"));
        kleer.add_agreement(agreement(bakery, "AV-2"));
    });
    assert_snapshot!(world.sent_while(|world| polls(world, &CHILDREN)), @"
    updated agreement 1004 → HubSpot 9001:
    created agreement 1006 → HubSpot 9002: hs_currency_code=SEK hs_name=Avtal AV-2 hs_net_payment_terms=30 hs_recurring_billing_frequency=monthly hs_recurring_billing_start_date=2026-11-20 hs_status=active kleer_agreement_number=AV-2 kleer_arr=10800 kleer_mrr=900
    updated invoice 1004 → HubSpot 9001:
    created invoice 1006 → HubSpot 9002: hs_currency=SEK hs_due_date=2026-12-20T00:00:00.000Z hs_invoice_date=2026-11-20T00:00:00.000Z hs_invoice_status=open hs_number=50002 kleer_remaining_amount=125 kleer_total_amount=125
    updated project 1004 → HubSpot 9001:
    created project 1006 → HubSpot 9002: hs_name=Tillbyggnad hs_pipeline=4242200 hs_pipeline_stage=4242201 kleer_budget_amount=0 kleer_budget_hours=0 kleer_fixed_price=false
    ");
    assert_snapshot!(states_of_children(&world), @"
    agreement 1004 in_sync
    1006 in_sync
    invoice 1004 in_sync
    1006 in_sync
    project 1004 in_sync
    1006 in_sync
    ");
    assert_snapshot!(belongs(&world, "invoices", "companies"), @"
    1004 →
    1006 →
    ");
    for object in CHILDREN {
        assert_eq!(world.problems(object), "", "{object}");
    }
    let before = world.writes();
    polls(&mut world, &ObjectType::POLLED);
    assert_eq!(world.writes(), before);
}

/// A company that is gone from HubSpot, of which we have not heard yet.
#[test]
fn an_invoice_of_a_company_that_was_just_deleted() {
    let mut world = of_one_client();
    world.pass(minutes(1));
    let company = world.records("companies")[1].id;
    assert!(world.pretend.hubspot.person_deletes(4242, "companies", company));
    let bakery = world.client_id("Bageri AB");
    world.kleer(|kleer| {
        invoice(kleer, bakery, &[row("Ny", 10_000)], Invoice::default());
        let akeri = kleer.clients()[0].id;
        invoice(kleer, akeri, &[row("Annan", 10_000)], Invoice::default());
    });
    polls(&mut world, &[ObjectType::Invoice]);
    assert_snapshot!(belongs(&world, "invoices", "companies"), @"
    1004 →
    1006 →
    1007 → 1004 [179]
    ");
    assert_snapshot!(world.table("invoices", &["hs_invoice_status"]), @"
    1004 | open
    1006 | open
    1007 | open
    ");
    assert_snapshot!(world.problems(ObjectType::Invoice), @"1006 RefusedByHubspot: HubSpot refused the request: One or more associations are invalid (companies 9002). Correct the value in Kleer or the rule in HubSpot; it is tried again by itself.");
}

/// A binding that points to another HubSpot record from now on, as after a merge.
fn moves_to(world: &World, object: ObjectType, id: i64, hubspot_id: u64) {
    let (store, pairing, now) = (&world.app().store, pairing(object), world.clock.now());
    let id = KleerId(id);
    world.clock.run(async {
        let known = store.bindings(&pairing, &[id]).await.expect("the store answers");
        let binding = known.get(&id).expect("it is bound").clone();
        let until = domain::schedule::later(now, seconds(60));
        let taken = Taken { holder: "a person".to_owned(), until };
        let got = store.take_bindings(&pairing, &[(id, binding.version)], &taken, now).await;
        assert_eq!(got.expect("the store answers"), [true]);
        let binding = domain::Binding {
            version: binding.version + 1,
            hubspot_id: Some(HubspotId(hubspot_id.to_string())),
            ..binding
        };
        let commit = Commit { kleer_id: id, binding };
        store.commit_bindings(&pairing, &[commit], &taken.holder).await.expect("the store answers");
    });
}

#[test]
fn children_follow_their_parent_to_another_hubspot_record() {
    let mut world = of_one_client();
    world.pass(minutes(1));
    let other =
        world.pretend.hubspot.person_creates(4242, "companies", &[("name", "Bageriet")]).expect("HubSpot takes it");
    moves_to(&world, ObjectType::Client, world.client_id("Bageri AB"), other);
    assert_snapshot!(world.sent_while(|world| polls(world, &CHILDREN)), @"
    updated agreement 1004 → HubSpot 9001:
    updated invoice 1004 → HubSpot 9001:
    updated project 1004 → HubSpot 9001:
    ");
    for (object, expected) in [("invoices", 1), ("subscriptions", 1), ("projects", 1)] {
        assert_eq!(world.pretend.hubspot.associations(4242, "companies", other, object).len(), expected, "{object}");
    }
    let old = world.records("companies")[1].id;
    assert_ne!(old, other);
    assert_eq!(world.pretend.hubspot.associations(4242, "companies", old, "invoices"), []);
}

/// Clients come once a day here; a project does not wait for its client that long.
#[test]
fn a_type_that_others_wait_for_is_polled_at_once() {
    let mut world = of_one_client();
    world.settings(ObjectType::Client, |settings| settings.interval_s = Some(24 * 60 * 60));
    world.pass(minutes(20));
    world.kleer(|kleer| {
        let id = kleer.add_client(client("Cykel AB"));
        kleer.add_project(project(id, "Tillbyggnad"));
    });
    polls(&mut world, &[ObjectType::Project]);
    assert_snapshot!(states(&world, ObjectType::Project), @"
    1004 in_sync
    1006 waiting
    ");
    assert_snapshot!(world.companies(&["name"]), @"
    1004 | Åkeri AB
    1006 | Bageri AB
    1007 | Cykel AB
    ");
    polls(&mut world, &[ObjectType::Project]);
    assert_snapshot!(states(&world, ObjectType::Project), @"
    1004 in_sync
    1006 in_sync
    ");
}
