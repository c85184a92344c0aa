//! Every field of every type can be mapped, and arrives with the right type and value (contract product §6).

mod empty;
mod lists;
mod misfits;
mod support;

use std::collections::BTreeSet;

use domain::{FieldKind, FieldMapping, FieldSpec, ObjectType, suggested_property_name};
use http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};
use sync::objects::spec;

use super::{World, admin, mapping, minutes, seconds};
pub(crate) use support::put;
use support::{CONTRACT, add, full, polled, world_of};

/// The mappings without which HubSpot or we take no record.
fn needed(object: ObjectType) -> Vec<FieldMapping> {
    let spec = spec(object);
    let needed = spec.default_mappings.iter().filter(|(field, _)| spec.required.contains(field));
    needed.map(|(field, property)| mapping(field, property)).collect()
}

/// These mappings beside those that are needed, and no others.
fn maps(world: &World, object: ObjectType, mappings: impl IntoIterator<Item = FieldMapping>) {
    let all = needed(object).into_iter().chain(mappings).collect();
    world.settings(object, |settings| settings.mappings = all);
}

/// Every field of a type to the property that is suggested for it.
fn every(object: ObjectType) -> impl Iterator<Item = FieldMapping> {
    spec(object).fields.iter().map(|field| mapping(field.name, &suggested_property_name(field.name)))
}

/// What the records of a type have in the property of a field; `-` where nothing was ever sent.
fn values(world: &World, object: ObjectType, field: &str) -> String {
    let property = suggested_property_name(field);
    let value = |record: &hubspot_sim::Record| match record.properties.get(&property) {
        None => "-".to_owned(),
        Some(stored) if stored.value.is_empty() => "(emptied)".to_owned(),
        Some(stored) => stored.value.replace('\n', "\\n"),
    };
    world.records(spec(object).hubspot_object).iter().map(value).collect::<Vec<_>>().join(" ; ")
}

/// A line per field: what the records of a type have.
fn all_values(world: &World, object: ObjectType) -> String {
    lines(object, |field| format!("{}: {}", field.name, values(world, object, field.name)))
}

/// A line per field of a type.
fn lines(object: ObjectType, line: impl Fn(&'static FieldSpec) -> String) -> String {
    spec(object).fields.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A line per field: its property as it was made, and what arrived.
fn arrived(world: &World, object: ObjectType) -> String {
    lines(object, |field| {
        let name = suggested_property_name(field.name);
        let property = world.pretend.hubspot.property(4242, spec(object).hubspot_object, &name).expect("it was made");
        assert_eq!((property.label.as_str(), property.group_name.as_str()), (field.label, "kleer"));
        assert!(!property.has_unique_value);
        let options = property.options.iter().map(|option| option.value.as_str()).collect::<Vec<_>>().join(" ");
        let options = if options.is_empty() { options } else { format!(" [{options}]") };
        let kind = format!("{} {}{options}", property.data_type, property.field_type);
        format!("{} → {name}, {kind}: {}", field.name, values(world, object, field.name))
    })
}

/// One record with something in every field, and every field mapped to a property of its own.
fn with_everything(object: ObjectType) -> World {
    let mut world = world_of(object);
    maps(&world, object, every(object));
    add(&world, object, &full(object));
    world.pass(minutes(1));
    assert_eq!(world.problems(polled(object)), "");
    world
}

#[test]
fn the_fields_are_those_of_the_contract() {
    assert_eq!(CONTRACT.map(|(object, _)| object).into_iter().collect::<BTreeSet<_>>(), ObjectType::ALL.into());
    for (object, names) in CONTRACT {
        let known: BTreeSet<&str> = spec(object).fields.iter().map(|field| field.name).collect();
        assert_eq!(known, names.split_whitespace().collect(), "{object}");
    }
}

#[test]
fn every_field_of_a_client_arrives() {
    assert_snapshot!(arrived(&with_everything(ObjectType::Client), ObjectType::Client), @"
    name → kleer_name, string text: Åkeri AB
    foreign-id → kleer_foreign_id, string text: K-17
    contact → kleer_contact, string text: Kim Karlsson
    address.address1 → kleer_address_address1, string text: Storgatan 1
    address.address2 → kleer_address_address2, string text: c/o Ek
    address.zip-code → kleer_address_zip_code, string text: 111 22
    address.state → kleer_address_state, string text: Stockholm
    address.country → kleer_address_country, string text: Sverige
    email → kleer_email, string text: faktura@akeri.example
    client-type → kleer_client_type, enumeration select [Organisation Person]: Person
    country-code → kleer_country_code, string text: NO
    currency-type → kleer_currency_type, enumeration select [SEK EUR USD NOK DKK GBP]: EUR
    accountnr → kleer_accountnr, number number: 1510
    payment-days → kleer_payment_days, number number: 20
    orgno → kleer_orgno, string text: 556677-8899
    phone → kleer_phone, string text: 08-123 45 67
    user.id → kleer_user_id, number number: 1006
    delivery-type → kleer_delivery_type, enumeration select [Mail Email Manually Svefaktura Efaktura Svea]: Efaktura
    vat-nr → kleer_vat_nr, string text: SE556677889901
    gln → kleer_gln, string text: 7350000000017
    active → kleer_active, bool booleancheckbox [true false]: false
    ");
}

#[test]
fn every_field_of_a_product_arrives() {
    assert_snapshot!(arrived(&with_everything(ObjectType::Product), ObjectType::Product), @"
    name → kleer_name, string text: Rådgivning
    foreign-id → kleer_foreign_id, string text: A-1
    type → kleer_type, enumeration select [Goods Services DigitalServices]: DigitalServices
    unit → kleer_unit, string text: tim
    price → kleer_price, number number: 1250.5
    ean → kleer_ean, number number: 7310865004703
    account-nr → kleer_account_nr, number number: 3041
    vat-percentage → kleer_vat_percentage, number number: 6
    ");
}

#[test]
fn every_field_of_an_invoice_arrives() {
    assert_snapshot!(arrived(&with_everything(ObjectType::Invoice), ObjectType::Invoice), @r#"
    invoice-nr → kleer_invoice_nr, number number: 50017
    foreign-id → kleer_foreign_id, string text: F-1
    po-nr → kleer_po_nr, string text: PO-4711
    client-ref.id → kleer_client_ref_id, number number: 1004
    your-reference → kleer_your_reference, string text: Kim Karlsson
    our-reference.id → kleer_our_reference_id, number number: 1006
    invoice-address.address1 → kleer_invoice_address_address1, string text: Storgatan 1
    invoice-address.address2 → kleer_invoice_address_address2, string text: c/o Ek
    invoice-address.zip-code → kleer_invoice_address_zip_code, string text: 111 22
    invoice-address.state → kleer_invoice_address_state, string text: Stockholm
    invoice-address.country → kleer_invoice_address_country, string text: Sverige
    invoice-email → kleer_invoice_email, string text: faktura@akeri.example
    delivery-name → kleer_delivery_name, string text: Lagret
    delivery-address.address1 → kleer_delivery_address_address1, string text: Hamngatan 2
    delivery-address.address2 → kleer_delivery_address_address2, string text: Port 3
    delivery-address.zip-code → kleer_delivery_address_zip_code, string text: 222 33
    delivery-address.state → kleer_delivery_address_state, string text: Gävle
    delivery-address.country → kleer_delivery_address_country, string text: Norge
    delivery-email → kleer_delivery_email, string text: lager@akeri.example
    invoice-date → kleer_invoice_date, date date: 2026-10-31
    due-date → kleer_due_date, date date: 2026-11-30
    delivery-date → kleer_delivery_date, date date: 2026-10-15
    period.start-date → kleer_period_start_date, date date: 2026-10-01
    period.end-date → kleer_period_end_date, date date: 2026-12-31
    currency → kleer_currency, enumeration select [SEK EUR USD NOK DKK GBP]: EUR
    currency-rate → kleer_currency_rate, number number: 11.4325
    certified → kleer_certified, bool booleancheckbox [true false]: true
    sent → kleer_sent, bool booleancheckbox [true false]: true
    notes → kleer_notes, string textarea: Rad ett\nRad två
    delivery-type → kleer_delivery_type, enumeration select [Mail Email Manually Svefaktura Efaktura Svea]: Mail
    vat-nr → kleer_vat_nr, string text: SE556677889901
    country-code → kleer_country_code, string text: NO
    remaining → kleer_remaining, number number: 123.45
    disabled → kleer_disabled, bool booleancheckbox [true false]: false
    edi-period-type → kleer_edi_period_type, enumeration select [Row Invoice None]: Row
    automatic-actions-disabled → kleer_automatic_actions_disabled, bool booleancheckbox [true false]: true
    agreement-nr → kleer_agreement_nr, string text: AV-7
    _total_amount → kleer_total_amount, number number: 3125.5
    _status → kleer_status, enumeration select [draft open paid voided]: open
    "#);
}

#[test]
fn every_field_of_a_row_arrives() {
    assert_snapshot!(arrived(&with_everything(ObjectType::LineItem), ObjectType::LineItem), @"
    quantity → kleer_quantity, number number: 2.5 ; 2
    price → kleer_price, number number: 1000.5 ; 1000.5
    vat → kleer_vat, number number: 25 ; 6
    product.id → kleer_product_id, number number: 1004 ; 1004
    unit → kleer_unit, string text: tim ; tim
    description → kleer_description, string text: Rådgivning ; Rådgivning
    account-nr → kleer_account_nr, number number: 3041 ; 3051
    discount.percentage → kleer_discount_percentage, number number: 12.5 ; -
    discount.absolute → kleer_discount_absolute, number number: - ; 25.025
    ");
}

#[test]
fn every_field_of_an_agreement_arrives() {
    assert_snapshot!(arrived(&with_everything(ObjectType::Agreement), ObjectType::Agreement), @r#"
    foreign-id → kleer_foreign_id, string text: S-1
    revision-nr → kleer_revision_nr, number number: 7
    client-ref.id → kleer_client_ref_id, number number: 1004
    description → kleer_description, string text: Drift
    start-date → kleer_start_date, date date: 2026-01-01
    start-invoice-date → kleer_start_invoice_date, date date: 2026-01-02
    end-date → kleer_end_date, date date: 2027-12-31
    renewal-notification-date → kleer_renewal_notification_date, date date: 2027-09-30
    your-reference → kleer_your_reference, string text: Kim Karlsson
    our-reference.id → kleer_our_reference_id, number number: 1006
    currency → kleer_currency, enumeration select [SEK EUR USD NOK DKK GBP]: NOK
    payment-days → kleer_payment_days, number number: 20
    invoice-interval-months → kleer_invoice_interval_months, number number: 3
    invoice-day → kleer_invoice_day, enumeration select [INVOICE_AT_START PAY_AT_START INVOICE_AT_END INVOICE_AT_START_MONTH INVOICE_60_DAYS_PRIOR_TO_PERIOD_START INVOICE_AT_END_MONTH INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START]: PAY_AT_START
    po-nr → kleer_po_nr, string text: PO-4711
    agreement-nr → kleer_agreement_nr, string text: AV-7
    subscription-nr → kleer_subscription_nr, string text: AB-9
    notes → kleer_notes, string textarea: Rad ett\nRad två
    _mrr → kleer_mrr, number number: 833.35
    _arr → kleer_arr, number number: 10000.2
    _billing_frequency → kleer_billing_frequency, enumeration select [weekly biweekly monthly quarterly per_six_months annually per_two_years per_three_years per_four_years per_five_years]: quarterly
    _status → kleer_status, enumeration select [active expired scheduled canceled]: active
    "#);
}

#[test]
fn every_field_of_a_project_arrives() {
    assert_snapshot!(arrived(&with_everything(ObjectType::Project), ObjectType::Project), @r#"
    name → kleer_name, string text: Ombyggnad
    client.id → kleer_client_id, number number: 1004
    fixed-price → kleer_fixed_price, bool booleancheckbox [true false]: true
    number → kleer_number, string text: P-17
    comment → kleer_comment, string textarea: Etapp ett\nEtapp två
    budget-hours → kleer_budget_hours, number number: 120.5
    budget-amount → kleer_budget_amount, number number: 99500.5
    opening-date → kleer_opening_date, date date: 2026-02-28
    "#);
}

/// The administrator makes a property of a type's HubSpot object; `more` is laid over a plain text property.
fn has_property(world: &World, object: ObjectType, name: &str, more: &Value) {
    let hubspot_object = spec(object).hubspot_object;
    let own = world.pretend.hubspot.property(4242, hubspot_object, "hs_object_id").expect("every object has it");
    let mut property = json!({
        "name": name, "label": name, "type": "string", "fieldType": "text", "groupName": own.group_name,
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        property[key] = value.clone();
    }
    admin::asks(world, Method::POST, &format!("/crm/properties/2026-09/{hubspot_object}"), &property);
}

/// Every property is a plain text that the administrator made before; what arrives is the same.
fn fits_texts(object: ObjectType) {
    let mut world = world_of(object);
    for field in spec(object).fields {
        has_property(&world, object, &suggested_property_name(field.name), &json!({}));
    }
    world.clock.advance(seconds(1));
    maps(&world, object, every(object));
    add(&world, object, &full(object));
    world.pass(minutes(1));
    assert_eq!(world.problems(polled(object)), "");
    assert_eq!(all_values(&world, object), all_values(&with_everything(object), object));
}

#[test]
fn every_field_fits_a_text() {
    [ObjectType::Client, ObjectType::Product, ObjectType::Project].into_iter().for_each(fits_texts);
}

#[test]
fn every_field_of_documents_fits_a_text() {
    [ObjectType::Invoice, ObjectType::LineItem, ObjectType::Agreement].into_iter().for_each(fits_texts);
}

/// A line per date of a type, where all of them are mapped to moments.
fn dates_as_moments(object: ObjectType) -> String {
    let mut world = world_of(object);
    let dates = || spec(object).fields.iter().filter(|field| field.kind == FieldKind::Date);
    for field in dates() {
        let moment = json!({ "type": "datetime", "fieldType": "date" });
        has_property(&world, object, &suggested_property_name(field.name), &moment);
    }
    world.clock.advance(seconds(1));
    maps(&world, object, every(object));
    add(&world, object, &full(object));
    world.pass(minutes(1));
    assert_eq!(world.problems(polled(object)), "");
    let line = |field: &FieldSpec| format!("{}: {}", field.name, values(&world, object, field.name));
    dates().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_date_fits_a_moment() {
    assert_snapshot!(dates_as_moments(ObjectType::Invoice), @"
    invoice-date: 2026-10-31T00:00:00.000Z
    due-date: 2026-11-30T00:00:00.000Z
    delivery-date: 2026-10-15T00:00:00.000Z
    period.start-date: 2026-10-01T00:00:00.000Z
    period.end-date: 2026-12-31T00:00:00.000Z
    ");
    assert_snapshot!(dates_as_moments(ObjectType::Agreement), @"
    start-date: 2026-01-01T00:00:00.000Z
    start-invoice-date: 2026-01-02T00:00:00.000Z
    end-date: 2027-12-31T00:00:00.000Z
    renewal-notification-date: 2027-09-30T00:00:00.000Z
    ");
    assert_snapshot!(dates_as_moments(ObjectType::Project), @"opening-date: 2026-02-28T00:00:00.000Z");
}
