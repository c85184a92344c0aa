//! A property that cannot hold a field's values: one problem, which says so.

use domain::{FieldKind, FieldSpec, ObjectType, PortalId, ProblemCode};
use insta::assert_snapshot;
use serde_json::json;
use sync::objects::spec;

use super::support::{add, full, polled, world_of};
use super::{has_property, mapping, maps, seconds};

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
