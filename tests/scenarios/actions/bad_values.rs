//! Values that cannot be used: each has its code, names its input, the value and the remedy, and nothing is made.

use actions::{Action, Input, Meaning, RunsOn};
use domain::{FieldKind, FieldSpec, ObjectType, Writable};
use insta::assert_snapshot;
use kleer_sim::Kind;

use super::{Shop, Told, make_property};
use crate::mapping;

/// Whatever an input is for, something that it cannot be, with its code. A new kind of input does not compile without.
fn bad(input: &Input) -> Vec<(String, &'static str)> {
    let all = |values: &[&str], code| values.iter().map(|value| ((*value).to_owned(), code)).collect();
    match input.meaning {
        Meaning::Text => vec![("å".repeat(2_001), "UNKNOWN_VALUE")],
        Meaning::Date => {
            all(&["2026-02-30", "25/11 2026", "0001-01-01", "9999-12-31", "snart", "2026-1-1"], "INVALID_DATE")
        }
        Meaning::Whole { least, most } => {
            let mut values =
                vec![((least - 1).to_string(), "INVALID_NUMBER"), ((most + 1).to_string(), "INVALID_NUMBER")];
            values.extend(all(&["trettio", "30.5", "99999999999999999999"], "INVALID_NUMBER"));
            values
        }
        Meaning::Decimal => all(&["-1", "1e9", "1000000000", "mycket"], "INVALID_NUMBER"),
        Meaning::Money => all(&["10.005", "NaN", "-0.01", "99999999999999999999"], "INVALID_NUMBER"),
        Meaning::Boolean => all(&["kanske"], "UNKNOWN_VALUE"),
        Meaning::Currency => all(&["kronor", "S€K", "SE", "12 kr"], "INVALID_CURRENCY"),
        Meaning::Country => all(&["Sverige", "S1"], "UNKNOWN_VALUE"),
        Meaning::Choice(_) | Meaning::Live(_) => all(&["Ingen Sådan", "0"], "UNKNOWN_VALUE"),
    }
}

/// How much there is in Kleer, revisions of agreements included.
fn in_kleer(shop: &Shop) -> [i64; 5] {
    shop.world.kleer(|kleer| {
        let revisions = kleer.agreements().iter().map(|agreement| agreement.revision_nr).sum();
        let count = |kind| i64::try_from(kleer.count(kind)).unwrap();
        [count(Kind::Client), count(Kind::Invoice), count(Kind::Agreement), count(Kind::Project), revisions]
    })
}

/// A shop whose deal names an agreement, and a company that is no client.
fn shop() -> (Shop, u64) {
    let mut shop = Shop::small();
    let id = shop.acts("create-agreement", &[]).id("kleer_agreement_id");
    assert!(id > 0);
    let company = shop.world.person_creates("companies", &[("name", "Nykund AB")]);
    (shop, company)
}

/// The deal's own agreement keeps a second one from being made: another deal.
fn acts(shop: &mut Shop, company: u64, action: Action, fields: &[(&str, &str)]) -> Told {
    let definition = action.definition();
    match (definition.runs_on, action) {
        (RunsOn::Companies, _) => shop.acts_on("companies", company, definition.name, fields),
        (RunsOn::Deals, Action::CreateAgreement) => {
            let deal = super::new_deal(&shop.world, "Nytt");
            shop.associate_deal(deal, "companies", shop.company, super::PRIMARY);
            shop.acts_on("deals", deal, definition.name, fields)
        }
        (RunsOn::Deals, _) => shop.acts(definition.name, fields),
    }
}

fn check(action: Action) {
    let (mut shop, company) = shop();
    let before = in_kleer(&shop);
    for input in action.definition().inputs {
        for (value, code) in bad(input) {
            let told = acts(&mut shop, company, action, &[(input.name, &value)]);
            assert_eq!((told.code(), told.output("error_field")), (code, input.name), "{value}");
            assert_eq!(told.output("result"), "failed");
            let message = told.output("error_message");
            let said: String = value.chars().take(60).collect();
            assert!(message.starts_with(input.label.en) && message.contains(&said), "{message}");
            assert_eq!(in_kleer(&shop), before, "{} {value}", input.name);
        }
    }
}

#[test]
fn of_create_client() {
    check(Action::CreateClient);
}

#[test]
fn of_create_invoice() {
    check(Action::CreateInvoice);
}

#[test]
fn of_create_agreement() {
    check(Action::CreateAgreement);
}

#[test]
fn of_update_agreement() {
    check(Action::UpdateAgreement);
}

#[test]
fn of_create_project() {
    check(Action::CreateProject);
}

#[test]
fn every_action_is_checked_or_has_no_inputs() {
    let without: Vec<_> = Action::ALL.into_iter().filter(|action| action.definition().inputs.is_empty()).collect();
    assert_eq!(without, [Action::CreateClientFromMappings, Action::CreateProjectFromMappings]);
}

#[test]
fn days_that_do_not_fit_together() {
    let mut shop = Shop::small();
    let told = shop.acts("create-agreement", &[("end_date", "2020-01-01")]);
    assert_eq!((told.code(), told.output("error_field")), ("INVALID_DATE", "end_date"));
    assert_snapshot!(told.output("error_message"), @"End Date: “2020-01-01” is before the first invoice, 2026-11-20. Write a later date, or an earlier Start Invoice Date.");
    assert_eq!(shop.world.kleer(|kleer| kleer.count(Kind::Agreement)), 0);
}

#[test]
fn the_words_say_what_is_wrong_and_what_to_do() {
    let mut shop = Shop::small();
    let mut told = |action, input, value| shop.acts(action, &[(input, value)]).output("error_message").to_owned();
    assert_snapshot!(told("create-invoice", "invoice_date", "2026-02-30"), @"Invoice Date: “2026-02-30” is not a date. Write a date as YYYY-MM-DD, such as 2026-11-21.");
    assert_snapshot!(told("create-invoice", "currency", "kronor"), @"Currency: “kronor” is not a currency. Write the three letters of the currency, such as SEK or EUR.");
    assert_snapshot!(told("create-agreement", "payment_days", "-1"), @"Payment Days: “-1” cannot be used as a number here. Write a whole number that is neither negative nor too large, without unit.");
    assert_snapshot!(told("create-invoice", "delivery_type", "Brevduva"), @"Delivery Type: “Brevduva” is not in Kleer. Use one of: Mail, Email, Manually, Efaktura.");
}

/// What a mapped field cannot be; none where it takes every text.
fn unmappable(field: &FieldSpec) -> Option<(&'static str, &'static str)> {
    match field.kind {
        FieldKind::Text | FieldKind::LongText => None,
        FieldKind::Enumeration(_) if field.name.starts_with("currency") => Some(("kronor", "INVALID_CURRENCY")),
        // Kleer's lists may grow: Kleer itself says no.
        FieldKind::Enumeration(_) => Some(("Ingen Sådan", "KLEER_REJECTED")),
        FieldKind::Date => Some(("snart", "INVALID_DATE")),
        FieldKind::Boolean => Some(("kanske", "UNKNOWN_VALUE")),
        FieldKind::Integer
        | FieldKind::SerialNumber
        | FieldKind::Reference
        | FieldKind::Decimal
        | FieldKind::Money
        | FieldKind::Rate => Some(("mycket", "INVALID_NUMBER")),
    }
}

/// Every field that the mappings may fill, from a property of text that says something it cannot be.
fn check_mapped(object: ObjectType, record_of: &str, record: impl Fn(&Shop) -> u64, action: &str) {
    let mut shop = Shop::open();
    make_property(&shop.world, record_of, "fel");
    let record = record(&shop);
    let before = in_kleer(&shop);
    let spec = sync::objects::spec(object);
    let fields = spec.fields.iter().filter(|field| spec.writable(field.name) != Writable::Never);
    for field in fields.filter(|field| !field.name.starts_with('_') && field.name != "client.id") {
        let Some((value, code)) = unmappable(field) else { continue };
        shop.world.settings(object, |settings| {
            settings.mappings.retain(|known| known.property != "fel" && known.field.as_deref() != Some(field.name));
            settings.mappings.push(mapping(field.name, "fel"));
        });
        shop.world.person_edits(record_of, record, &[("fel", value)]);
        let told = shop.acts_on(record_of, record, action, &[]);
        assert_eq!(told.code(), code, "{}: {}", field.name, told.output("error_message"));
        assert!(told.output("error_message").contains(value), "{}", told.output("error_message"));
        assert_eq!(in_kleer(&shop), before, "{}", field.name);
    }
}

#[test]
fn of_clients_from_mappings() {
    let company = |shop: &Shop| shop.world.person_creates("companies", &[("name", "Nykund AB")]);
    check_mapped(ObjectType::Client, "companies", company, "create-client-from-mappings");
}

#[test]
fn of_projects_from_mappings() {
    check_mapped(ObjectType::Project, "deals", |shop| shop.deal, "create-project-from-mappings");
}

#[test]
fn of_line_items() {
    let mut shop = Shop::open();
    shop.line(&[
        ("name", "Stort"),
        ("quantity", "1000000000000"),
        ("price", "1000000000000"),
        ("kleer_product_id", "1"),
    ]);
    let told = shop.acts("create-agreement", &[]);
    assert_snapshot!(told.output("error_message"), @"The line item “Stort” names the product 1, which Kleer does not have. Choose another product for it, or correct its kleer_product_id.");
}
