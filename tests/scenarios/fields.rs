//! Every field of every type can be mapped, and arrives with the right type and value (contract product §6).

#[path = "fields_support.rs"]
mod support;

use std::collections::BTreeSet;

use domain::{FieldKind, FieldMapping, FieldSpec, ObjectType, PortalId, ProblemCode, suggested_property_name};
use http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};
use sync::objects::spec;

use super::{World, admin, mapping, minutes, seconds};
use support::{CONTRACT, add, bare, full, polled, put, world_of};

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

/// A property that no value of a field fits.
fn misfit(field: &FieldSpec) -> &'static str {
    match field.kind {
        FieldKind::Enumeration(_) => "another_list",
        FieldKind::Date | FieldKind::Boolean => "a_number",
        FieldKind::Text | FieldKind::LongText => "a_moment",
        _ => "a_date",
    }
}

/// A line per field: the one problem there is where it is mapped to a property that does not take it.
fn misfits(object: ObjectType) -> String {
    let mut world = world_of(object);
    let options = json!([{ "value": "other", "label": "Other", "displayOrder": 0, "hidden": false }]);
    has_property(
        &world,
        object,
        "another_list",
        &json!({ "type": "enumeration", "fieldType": "select", "options": options }),
    );
    has_property(&world, object, "a_number", &json!({ "type": "number", "fieldType": "number" }));
    has_property(&world, object, "a_moment", &json!({ "type": "datetime", "fieldType": "date" }));
    has_property(&world, object, "a_date", &json!({ "type": "date", "fieldType": "date" }));
    world.clock.advance(seconds(1));
    add(&world, object, &full(object));
    let said = spec(object).fields.iter().map(|field| {
        maps(&world, object, [mapping(field.name, misfit(field))]);
        world.poll_now(polled(object));
        let problems = world.clock.run(world.app().store.problems(PortalId(4242), polled(object)));
        let problems = problems.expect("the store answers");
        let [problem] = problems.as_slice() else { panic!("{}: {problems:?}", field.name) };
        assert_eq!(problem.code, ProblemCode::ValueNotAllowed);
        problem.message.clone()
    });
    let said: Vec<String> = said.collect();
    maps(&world, object, []);
    world.poll_now(polled(object));
    assert_eq!((world.problems(polled(object)).as_str(), world.report(polled(object)).counts.failed), ("", 0));
    said.join("\n")
}

#[test]
fn what_does_not_fit_a_property_is_one_problem() {
    assert_snapshot!(misfits(ObjectType::Client), @"
    Name does not fit the HubSpot property a_moment: “Åkeri AB” is not a date with a time.
    Foreign ID does not fit the HubSpot property a_moment: “K-17” is not a date with a time.
    Contact does not fit the HubSpot property a_moment: “Kim Karlsson” is not a date with a time.
    Address 1 does not fit the HubSpot property a_moment: “Storgatan 1” is not a date with a time.
    Address 2 does not fit the HubSpot property a_moment: “c/o Ek” is not a date with a time.
    Zip code does not fit the HubSpot property a_moment: “111 22” is not a date with a time.
    State does not fit the HubSpot property a_moment: “Stockholm” is not a date with a time.
    Country (address) does not fit the HubSpot property a_moment: “Sverige” is not a date with a time.
    Email does not fit the HubSpot property a_moment: “faktura@akeri.example” is not a date with a time.
    Client type does not fit the HubSpot property another_list: “Person” is not one of its options.
    Country code does not fit the HubSpot property a_moment: “NO” is not a date with a time.
    Currency does not fit the HubSpot property another_list: “EUR” is not one of its options.
    Account number does not fit the HubSpot property a_date: “1510” is not a date.
    Payment days does not fit the HubSpot property a_date: “20” is not a date.
    Org. number does not fit the HubSpot property a_moment: “556677-8899” is not a date with a time.
    Phone does not fit the HubSpot property a_moment: “08-123 45 67” is not a date with a time.
    Responsible user does not fit the HubSpot property a_date: “1006” is not a date.
    Delivery type does not fit the HubSpot property another_list: “Efaktura” is not one of its options.
    VAT number does not fit the HubSpot property a_moment: “SE556677889901” is not a date with a time.
    GLN does not fit the HubSpot property a_moment: “7350000000017” is not a date with a time.
    Active does not fit the HubSpot property a_number: “false” is not a number.
    ");
    assert_snapshot!(misfits(ObjectType::Product), @"
    Name does not fit the HubSpot property a_moment: “Rådgivning” is not a date with a time.
    Foreign ID does not fit the HubSpot property a_moment: “A-1” is not a date with a time.
    Type does not fit the HubSpot property another_list: “DigitalServices” is not one of its options.
    Unit does not fit the HubSpot property a_moment: “tim” is not a date with a time.
    Price does not fit the HubSpot property a_date: “1250.5” is not a date.
    EAN does not fit the HubSpot property a_date: “7310865004703” is not a date.
    Account number does not fit the HubSpot property a_date: “3041” is not a date.
    VAT percentage does not fit the HubSpot property a_date: “6” is not a date.
    ");
    assert_snapshot!(misfits(ObjectType::Project), @"
    Name does not fit the HubSpot property a_moment: “Ombyggnad” is not a date with a time.
    Client (ID) does not fit the HubSpot property a_date: “1004” is not a date.
    Fixed price does not fit the HubSpot property a_number: “true” is not a number.
    Number does not fit the HubSpot property a_moment: “P-17” is not a date with a time.
    Comment does not fit the HubSpot property a_moment: “Etapp ett Etapp två” is not a date with a time.
    Budget hours does not fit the HubSpot property a_date: “120.5” is not a date.
    Budget amount does not fit the HubSpot property a_date: “99500.5” is not a date.
    Opening date does not fit the HubSpot property a_number: “2026-02-28” is not a number.
    ");
}

#[test]
fn what_of_an_invoice_does_not_fit_a_property_is_one_problem() {
    assert_snapshot!(misfits(ObjectType::Invoice), @"
    Invoice number does not fit the HubSpot property a_date: “50017” is not a date.
    Foreign ID does not fit the HubSpot property a_moment: “F-1” is not a date with a time.
    PO number does not fit the HubSpot property a_moment: “PO-4711” is not a date with a time.
    Client ref. (ID) does not fit the HubSpot property a_date: “1004” is not a date.
    Your reference does not fit the HubSpot property a_moment: “Kim Karlsson” is not a date with a time.
    Our reference (user ID) does not fit the HubSpot property a_date: “1006” is not a date.
    Invoice address 1 does not fit the HubSpot property a_moment: “Storgatan 1” is not a date with a time.
    Invoice address 2 does not fit the HubSpot property a_moment: “c/o Ek” is not a date with a time.
    Invoice zip code does not fit the HubSpot property a_moment: “111 22” is not a date with a time.
    Invoice state does not fit the HubSpot property a_moment: “Stockholm” is not a date with a time.
    Invoice country does not fit the HubSpot property a_moment: “Sverige” is not a date with a time.
    Invoice email does not fit the HubSpot property a_moment: “faktura@akeri.example” is not a date with a time.
    Delivery name does not fit the HubSpot property a_moment: “Lagret” is not a date with a time.
    Delivery address 1 does not fit the HubSpot property a_moment: “Hamngatan 2” is not a date with a time.
    Delivery address 2 does not fit the HubSpot property a_moment: “Port 3” is not a date with a time.
    Delivery zip code does not fit the HubSpot property a_moment: “222 33” is not a date with a time.
    Delivery state does not fit the HubSpot property a_moment: “Gävle” is not a date with a time.
    Delivery country does not fit the HubSpot property a_moment: “Norge” is not a date with a time.
    Delivery email does not fit the HubSpot property a_moment: “lager@akeri.example” is not a date with a time.
    Invoice date does not fit the HubSpot property a_number: “2026-10-31” is not a number.
    Due date does not fit the HubSpot property a_number: “2026-11-30” is not a number.
    Delivery date does not fit the HubSpot property a_number: “2026-10-15” is not a number.
    Period start date does not fit the HubSpot property a_number: “2026-10-01” is not a number.
    Period end date does not fit the HubSpot property a_number: “2026-12-31” is not a number.
    Currency does not fit the HubSpot property another_list: “EUR” is not one of its options.
    Currency rate does not fit the HubSpot property a_date: “11.4325” is not a date.
    Certified does not fit the HubSpot property a_number: “true” is not a number.
    Sent does not fit the HubSpot property a_number: “true” is not a number.
    Notes does not fit the HubSpot property a_moment: “Rad ett Rad två” is not a date with a time.
    Delivery type does not fit the HubSpot property another_list: “Mail” is not one of its options.
    VAT number does not fit the HubSpot property a_moment: “SE556677889901” is not a date with a time.
    Country code does not fit the HubSpot property a_moment: “NO” is not a date with a time.
    Remaining does not fit the HubSpot property a_date: “123.45” is not a date.
    Disabled does not fit the HubSpot property a_number: “false” is not a number.
    EDI period type does not fit the HubSpot property another_list: “Row” is not one of its options.
    Auto actions disabled does not fit the HubSpot property a_number: “true” is not a number.
    Agreement number (ref) does not fit the HubSpot property a_moment: “AV-7” is not a date with a time.
    Total amount does not fit the HubSpot property a_date: “3125.5” is not a date.
    Invoice status does not fit the HubSpot property another_list: “open” is not one of its options.
    ");
    assert_snapshot!(misfits(ObjectType::LineItem), @"
    In row-0: Quantity does not fit the HubSpot property a_date: “2.5” is not a date.
    In row-0: Price does not fit the HubSpot property a_date: “1000.5” is not a date.
    In row-0: VAT does not fit the HubSpot property a_date: “25” is not a date.
    In row-0: Product (ID) does not fit the HubSpot property a_date: “1004” is not a date.
    In row-0: Unit does not fit the HubSpot property a_moment: “tim” is not a date with a time.
    In row-0: Description does not fit the HubSpot property a_moment: “Rådgivning” is not a date with a time.
    In row-0: Account number does not fit the HubSpot property a_date: “3041” is not a date.
    In row-0: Discount percentage does not fit the HubSpot property a_date: “12.5” is not a date.
    In row-1: Discount absolute does not fit the HubSpot property a_date: “25.025” is not a date.
    ");
}

#[test]
fn what_of_an_agreement_does_not_fit_a_property_is_one_problem() {
    assert_snapshot!(misfits(ObjectType::Agreement), @"
    Foreign ID does not fit the HubSpot property a_moment: “S-1” is not a date with a time.
    Revision number does not fit the HubSpot property a_date: “7” is not a date.
    Client ref. (ID) does not fit the HubSpot property a_date: “1004” is not a date.
    Description does not fit the HubSpot property a_moment: “Drift” is not a date with a time.
    Start date does not fit the HubSpot property a_number: “2026-01-01” is not a number.
    Start invoice date does not fit the HubSpot property a_number: “2026-01-02” is not a number.
    End date does not fit the HubSpot property a_number: “2027-12-31” is not a number.
    Renewal notification date does not fit the HubSpot property a_number: “2027-09-30” is not a number.
    Your reference does not fit the HubSpot property a_moment: “Kim Karlsson” is not a date with a time.
    Our reference (user ID) does not fit the HubSpot property a_date: “1006” is not a date.
    Currency does not fit the HubSpot property another_list: “NOK” is not one of its options.
    Payment days does not fit the HubSpot property a_date: “20” is not a date.
    Invoice interval (months) does not fit the HubSpot property a_date: “3” is not a date.
    Invoice day does not fit the HubSpot property another_list: “PAY_AT_START” is not one of its options.
    PO number does not fit the HubSpot property a_moment: “PO-4711” is not a date with a time.
    Agreement number does not fit the HubSpot property a_moment: “AV-7” is not a date with a time.
    Subscription number does not fit the HubSpot property a_moment: “AB-9” is not a date with a time.
    Notes does not fit the HubSpot property a_moment: “Rad ett Rad två” is not a date with a time.
    Monthly recurring revenue does not fit the HubSpot property a_date: “833.35” is not a date.
    Annual recurring revenue does not fit the HubSpot property a_date: “10000.2” is not a date.
    Billing frequency does not fit the HubSpot property another_list: “quarterly” is not one of its options.
    Status does not fit the HubSpot property another_list: “active” is not one of its options.
    ");
}

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

/// A line per value of a field: as Kleer spells it, and as it arrives.
fn of_list(world: &World, object: ObjectType, field: &str, spelled: &[&str]) -> String {
    let arrived = values(world, object, field);
    let pairs = spelled.iter().zip(arrived.split(" ; ")).map(|(spelled, arrived)| format!("{spelled}→{arrived}"));
    format!("{field}: {}", pairs.collect::<Vec<_>>().join(" "))
}

/// One record per value, and what arrives of each.
fn each_value(object: ObjectType, field: &str, spelled: &[&str], values: impl Fn(&str) -> Value) -> String {
    let mut world = world_of(object);
    maps(&world, object, every(object).filter(|mapping| mapping.field.as_deref() == Some(field)));
    for value in spelled {
        add(&world, object, &values(value));
    }
    world.pass(minutes(1));
    assert_eq!(world.problems(polled(object)), "");
    of_list(&world, object, field, spelled)
}

const CURRENCIES: [&str; 5] = ["SEK", "EUR", "USD", "NOK", "DKK"];
const DELIVERY_TYPES: [&str; 6] = ["Mail", "Email", "Manually", "Svefaktura", "Efaktura", "Svea"];

#[test]
fn every_value_of_every_list_of_clients_and_products_arrives() {
    let of_client = |field: &'static str| move |value: &str| json!({ field: value });
    let client = |field, values: &[&str]| each_value(ObjectType::Client, field, values, of_client(field));
    assert_snapshot!(client("client-type", &["Organisation", "Person"]), @"client-type: Organisation→Organisation Person→Person");
    assert_snapshot!(client("currency-type", &["SEK", "EUR", "USD", "NOK", "DKK", "GBP"]), @"currency-type: SEK→SEK EUR→EUR USD→USD NOK→NOK DKK→DKK GBP→GBP");
    assert_snapshot!(client("delivery-type", &DELIVERY_TYPES), @"delivery-type: Mail→Mail Email→Email Manually→Manually Svefaktura→Svefaktura Efaktura→Efaktura Svea→Svea");
    let types = ["GOODS", "SERVICES", "DIGITAL_SERVICES"];
    let product = |value: &str| json!({ "name": "Vara", "type": value });
    assert_snapshot!(each_value(ObjectType::Product, "type", &types, product), @"type: GOODS→Goods SERVICES→Services DIGITAL_SERVICES→DigitalServices");
}

#[test]
fn every_value_of_every_list_of_invoices_arrives() {
    let invoice = |field, values: &[&str]| {
        each_value(ObjectType::Invoice, field, values, |value| json!({ "certified": true, field: value }))
    };
    assert_snapshot!(invoice("currency", &CURRENCIES), @"currency: SEK→SEK EUR→EUR USD→USD NOK→NOK DKK→DKK");
    assert_snapshot!(invoice("delivery-type", &DELIVERY_TYPES), @"delivery-type: Mail→Mail Email→Email Manually→Manually Svefaktura→Svefaktura Efaktura→Efaktura Svea→Svea");
    assert_snapshot!(invoice("edi-period-type", &["ROW", "INVOICE", "NONE"]), @"edi-period-type: ROW→Row INVOICE→Invoice NONE→None");
    let status = |name: &str| json!({ "certified": true, "disabled": name == "disabled", "remaining": i64::from(name == "open") });
    assert_snapshot!(each_value(ObjectType::Invoice, "_status", &["open", "settled", "disabled"], status), @"_status: open→open settled→paid disabled→voided");
}

#[test]
fn every_value_of_every_list_of_agreements_arrives() {
    let agreement = |field, spelled: &[&str], values: fn(&str) -> Value| {
        each_value(ObjectType::Agreement, field, spelled, |value| {
            let mut document =
                json!({ "description": "Drift", "start-invoice-date": "2026-01-01", "start-date": "2026-01-01" });
            for (name, value) in values(value).as_object().into_iter().flatten() {
                document[name] = value.clone();
            }
            document
        })
    };
    assert_snapshot!(agreement("currency", &CURRENCIES, |currency| json!({ "currency": currency })), @"currency: SEK→SEK EUR→EUR USD→USD NOK→NOK DKK→DKK");
    let days = spec(ObjectType::Agreement).field("invoice-day").map(|field| field.kind);
    let Some(FieldKind::Enumeration(days)) = days else { panic!("the day of invoicing is a list") };
    let days: Vec<&str> = days.iter().map(|day| day.value).collect();
    assert_snapshot!(agreement("invoice-day", &days, |day| json!({ "invoice-day": day })), @"invoice-day: INVOICE_AT_START→INVOICE_AT_START PAY_AT_START→PAY_AT_START INVOICE_AT_END→INVOICE_AT_END INVOICE_AT_START_MONTH→INVOICE_AT_START_MONTH INVOICE_60_DAYS_PRIOR_TO_PERIOD_START→INVOICE_60_DAYS_PRIOR_TO_PERIOD_START INVOICE_AT_END_MONTH→INVOICE_AT_END_MONTH INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START→INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START→INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START");
    let months = ["1", "3", "6", "12", "24", "36", "48", "60", "2"];
    let interval = |months: &str| json!({ "invoice-interval-months": months.parse::<i64>().ok() });
    assert_snapshot!(agreement("_billing_frequency", &months, interval), @"_billing_frequency: 1→monthly 3→quarterly 6→per_six_months 12→annually 24→per_two_years 36→per_three_years 48→per_four_years 60→per_five_years 2→-");
    let status = |name: &str| match name {
        "ended" => json!({ "end-date": "2026-11-19" }),
        "later" => json!({ "start-date": "2026-11-21" }),
        "deleted" => json!({ "deleted": true }),
        _ => json!({ "end-date": "2026-11-20", "start-date": "2026-11-20" }),
    };
    assert_snapshot!(agreement("_status", &["today", "ended", "later", "deleted"], status), @"_status: today→active ended→expired later→scheduled deleted→canceled");
}
