//! Empty values: not sent with a new record, emptied later, and what a default does about it (design §3 Empty values).

use domain::{FieldKind, FieldMapping, FieldSpec, ObjectType};
use insta::assert_snapshot;
use serde_json::json;
use sync::objects::spec;

use super::support::{add, bare, full, polled, put, world_of};
use super::{all_values, every, maps, minutes, with_everything};

/// A line per field: what a record has that had everything until all that may be left out was, and what a new one has without.
fn without_anything(object: ObjectType) -> String {
    let mut world = with_everything(object);
    let key = world.records(spec(object).hubspot_object)[0].get("kleer_id").expect("every record has it").to_owned();
    let id = key.split('-').next().and_then(|id| id.parse().ok()).expect("a row's key begins with its record's id");
    put(&world, object, id, bare(object));
    let new = add(&world, object, &json!({}));
    put(&world, object, new, bare(object));
    world.poll_now(polled(object));
    assert_eq!(world.problems(polled(object)), "");
    all_values(&world, object)
}

#[test]
fn what_is_empty_is_not_sent_and_what_becomes_empty_is_emptied() {
    assert_snapshot!(without_anything(ObjectType::Client), @"
    name: Namn ; Namn
    foreign-id: (emptied) ; -
    contact: (emptied) ; -
    address.address1: (emptied) ; -
    address.address2: (emptied) ; -
    address.zip-code: (emptied) ; -
    address.state: (emptied) ; -
    address.country: (emptied) ; -
    email: (emptied) ; -
    client-type: (emptied) ; -
    country-code: (emptied) ; -
    currency-type: (emptied) ; -
    accountnr: (emptied) ; -
    payment-days: (emptied) ; -
    orgno: (emptied) ; -
    phone: (emptied) ; -
    user.id: (emptied) ; -
    delivery-type: (emptied) ; -
    vat-nr: (emptied) ; -
    gln: (emptied) ; -
    active: (emptied) ; -
    ");
    assert_snapshot!(without_anything(ObjectType::Product), @"
    name: Namn ; Namn
    foreign-id: (emptied) ; -
    type: (emptied) ; -
    unit: (emptied) ; -
    price: (emptied) ; -
    ean: (emptied) ; -
    account-nr: (emptied) ; -
    vat-percentage: (emptied) ; -
    ");
    assert_snapshot!(without_anything(ObjectType::Project), @"
    name: Namn ; Namn
    client.id: (emptied) ; -
    fixed-price: (emptied) ; -
    number: (emptied) ; -
    comment: (emptied) ; -
    budget-hours: (emptied) ; -
    budget-amount: (emptied) ; -
    opening-date: (emptied) ; -
    ");
}

#[test]
fn what_is_empty_in_documents_is_not_sent_and_what_becomes_empty_is_emptied() {
    assert_snapshot!(without_anything(ObjectType::Invoice), @"
    invoice-nr: (emptied) ; -
    foreign-id: (emptied) ; -
    po-nr: (emptied) ; -
    client-ref.id: (emptied) ; -
    your-reference: (emptied) ; -
    our-reference.id: (emptied) ; -
    invoice-address.address1: (emptied) ; -
    invoice-address.address2: (emptied) ; -
    invoice-address.zip-code: (emptied) ; -
    invoice-address.state: (emptied) ; -
    invoice-address.country: (emptied) ; -
    invoice-email: (emptied) ; -
    delivery-name: (emptied) ; -
    delivery-address.address1: (emptied) ; -
    delivery-address.address2: (emptied) ; -
    delivery-address.zip-code: (emptied) ; -
    delivery-address.state: (emptied) ; -
    delivery-address.country: (emptied) ; -
    delivery-email: (emptied) ; -
    invoice-date: 2026-10-31 ; 2026-10-31
    due-date: (emptied) ; -
    delivery-date: (emptied) ; -
    period.start-date: (emptied) ; -
    period.end-date: (emptied) ; -
    currency: SEK ; SEK
    currency-rate: (emptied) ; -
    certified: true ; true
    sent: (emptied) ; -
    notes: (emptied) ; -
    delivery-type: (emptied) ; -
    vat-nr: (emptied) ; -
    country-code: (emptied) ; -
    remaining: (emptied) ; -
    disabled: (emptied) ; -
    edi-period-type: (emptied) ; -
    automatic-actions-disabled: (emptied) ; -
    agreement-nr: (emptied) ; -
    _total_amount: (emptied) ; -
    _status: open ; open
    ");
    assert_snapshot!(without_anything(ObjectType::LineItem), @"
    quantity: 1 ; 1 ; 1 ; 1
    price: 0 ; 0 ; 0 ; 0
    vat: (emptied) ; (emptied) ; - ; -
    product.id: (emptied) ; (emptied) ; - ; -
    unit: (emptied) ; (emptied) ; - ; -
    description: (emptied) ; (emptied) ; - ; -
    account-nr: (emptied) ; (emptied) ; - ; -
    discount.percentage: (emptied) ; - ; - ; -
    discount.absolute: - ; (emptied) ; - ; -
    ");
    assert_snapshot!(without_anything(ObjectType::Agreement), @"
    foreign-id: (emptied) ; -
    revision-nr: (emptied) ; -
    client-ref.id: (emptied) ; -
    description: Namn ; Namn
    start-date: (emptied) ; -
    start-invoice-date: (emptied) ; -
    end-date: (emptied) ; -
    renewal-notification-date: (emptied) ; -
    your-reference: (emptied) ; -
    our-reference.id: (emptied) ; -
    currency: (emptied) ; -
    payment-days: (emptied) ; -
    invoice-interval-months: (emptied) ; -
    invoice-day: (emptied) ; -
    po-nr: (emptied) ; -
    agreement-nr: (emptied) ; -
    subscription-nr: (emptied) ; -
    notes: (emptied) ; -
    _mrr: (emptied) ; -
    _arr: (emptied) ; -
    _billing_frequency: (emptied) ; -
    _status: active ; active
    ");
}

/// A default that the property of a field takes.
fn default_of(field: &FieldSpec) -> String {
    match field.kind {
        FieldKind::Text | FieldKind::LongText => "standard".to_owned(),
        FieldKind::Enumeration(values) => values.last().expect("a list has values").value.to_owned(),
        FieldKind::Boolean => "ja".to_owned(),
        FieldKind::Date => "2026-01-31".to_owned(),
        _ => "7.50".to_owned(),
    }
}

/// A line per field: what a record without anything has where every mapping has a default, and what one has that has
/// everything.
fn with_defaults(object: ObjectType) -> String {
    let mut world = world_of(object);
    let default = |mapping: FieldMapping| {
        let field = mapping.field.as_deref().and_then(|name| spec(object).field(name)).expect("a field");
        FieldMapping { default: Some(default_of(field)), ..mapping }
    };
    maps(&world, object, every(object).map(default));
    let bare_one = add(&world, object, &json!({}));
    put(&world, object, bare_one, bare(object));
    add(&world, object, &full(object));
    world.pass(minutes(1));
    assert_eq!(world.problems(polled(object)), "");
    all_values(&world, object)
}

#[test]
fn a_default_stands_in_for_every_field() {
    assert_snapshot!(with_defaults(ObjectType::Client), @"
    name: Namn ; Åkeri AB
    foreign-id: standard ; K-17
    contact: standard ; Kim Karlsson
    address.address1: standard ; Storgatan 1
    address.address2: standard ; c/o Ek
    address.zip-code: standard ; 111 22
    address.state: standard ; Stockholm
    address.country: standard ; Sverige
    email: standard ; faktura@akeri.example
    client-type: Person ; Person
    country-code: standard ; NO
    currency-type: GBP ; EUR
    accountnr: 7.5 ; 1510
    payment-days: 7.5 ; 20
    orgno: standard ; 556677-8899
    phone: standard ; 08-123 45 67
    user.id: 7.5 ; 1006
    delivery-type: Svea ; Efaktura
    vat-nr: standard ; SE556677889901
    gln: standard ; 7350000000017
    active: true ; false
    ");
    assert_snapshot!(with_defaults(ObjectType::Product), @"
    name: Namn ; Rådgivning
    foreign-id: standard ; A-1
    type: DigitalServices ; DigitalServices
    unit: standard ; tim
    price: 7.5 ; 1250.5
    ean: 7.5 ; 7310865004703
    account-nr: 7.5 ; 3041
    vat-percentage: 7.5 ; 6
    ");
    assert_snapshot!(with_defaults(ObjectType::Project), @r#"
    name: Namn ; Ombyggnad
    client.id: 7.5 ; 1004
    fixed-price: true ; true
    number: standard ; P-17
    comment: standard ; Etapp ett\nEtapp två
    budget-hours: 7.5 ; 120.5
    budget-amount: 7.5 ; 99500.5
    opening-date: 2026-01-31 ; 2026-02-28
    "#);
}

#[test]
fn a_default_stands_in_for_every_field_of_documents() {
    assert_snapshot!(with_defaults(ObjectType::Invoice), @r#"
    invoice-nr: 7.5 ; 50017
    foreign-id: standard ; F-1
    po-nr: standard ; PO-4711
    client-ref.id: 7.5 ; 1004
    your-reference: standard ; Kim Karlsson
    our-reference.id: 7.5 ; 1006
    invoice-address.address1: standard ; Storgatan 1
    invoice-address.address2: standard ; c/o Ek
    invoice-address.zip-code: standard ; 111 22
    invoice-address.state: standard ; Stockholm
    invoice-address.country: standard ; Sverige
    invoice-email: standard ; faktura@akeri.example
    delivery-name: standard ; Lagret
    delivery-address.address1: standard ; Hamngatan 2
    delivery-address.address2: standard ; Port 3
    delivery-address.zip-code: standard ; 222 33
    delivery-address.state: standard ; Gävle
    delivery-address.country: standard ; Norge
    delivery-email: standard ; lager@akeri.example
    invoice-date: 2026-10-31 ; 2026-10-31
    due-date: 2026-01-31 ; 2026-11-30
    delivery-date: 2026-01-31 ; 2026-10-15
    period.start-date: 2026-01-31 ; 2026-10-01
    period.end-date: 2026-01-31 ; 2026-12-31
    currency: SEK ; EUR
    currency-rate: 7.5 ; 11.4325
    certified: true ; true
    sent: true ; true
    notes: standard ; Rad ett\nRad två
    delivery-type: Svea ; Mail
    vat-nr: standard ; SE556677889901
    country-code: standard ; NO
    remaining: 7.5 ; 123.45
    disabled: true ; false
    edi-period-type: None ; Row
    automatic-actions-disabled: true ; true
    agreement-nr: standard ; AV-7
    _total_amount: 7.5 ; 3125.5
    _status: open ; open
    "#);
    assert_snapshot!(with_defaults(ObjectType::LineItem), @"
    quantity: 1 ; 1 ; 2.5 ; 2
    price: 0 ; 0 ; 1000.5 ; 1000.5
    vat: 7.5 ; 7.5 ; 25 ; 6
    product.id: 7.5 ; 7.5 ; 1004 ; 1004
    unit: standard ; standard ; tim ; tim
    description: standard ; standard ; Rådgivning ; Rådgivning
    account-nr: 7.5 ; 7.5 ; 3041 ; 3051
    discount.percentage: 7.5 ; 7.5 ; 12.5 ; 7.5
    discount.absolute: 7.5 ; 7.5 ; 7.5 ; 25.025
    ");
    assert_snapshot!(with_defaults(ObjectType::Agreement), @r#"
    foreign-id: standard ; S-1
    revision-nr: 7.5 ; 7
    client-ref.id: 7.5 ; 1004
    description: Namn ; Drift
    start-date: 2026-01-31 ; 2026-01-01
    start-invoice-date: 2026-01-31 ; 2026-01-02
    end-date: 2026-01-31 ; 2027-12-31
    renewal-notification-date: 2026-01-31 ; 2027-09-30
    your-reference: standard ; Kim Karlsson
    our-reference.id: 7.5 ; 1006
    currency: GBP ; NOK
    payment-days: 7.5 ; 20
    invoice-interval-months: 7.5 ; 3
    invoice-day: INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START ; PAY_AT_START
    po-nr: standard ; PO-4711
    agreement-nr: standard ; AV-7
    subscription-nr: standard ; AB-9
    notes: standard ; Rad ett\nRad två
    _mrr: 7.5 ; 833.35
    _arr: 7.5 ; 10000.2
    _billing_frequency: per_five_years ; quarterly
    _status: active ; active
    "#);
}
