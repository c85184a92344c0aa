use super::{RowProjector, row_mappings};
use crate::tests::{ROW, at, decimal, definition, mapping, row, schema, text};
use crate::{
    FieldMapping, KleerId, Money, ObjectSettings, ObjectType, PropertyDefinition, PropertyType, Schema, SourceRow,
    Value,
};

fn settings(enabled: bool, mappings: &[FieldMapping]) -> ObjectSettings {
    let defaults = ObjectSettings::defaults(&ROW, enabled, at("2026-11-20T08:00:00Z"));
    ObjectSettings { mappings: mappings.to_vec(), ..defaults }
}

fn defaults() -> Vec<FieldMapping> {
    FieldMapping::defaults(&ROW, at("2026-11-20T08:00:00Z"))
}

/// The line items of a portal; `product` is what it says of `hs_product_id`.
fn portal(product: Option<PropertyDefinition>) -> Schema {
    let kind = |kind| definition(kind);
    let mut schema = schema(&[
        ("name", kind(PropertyType::String)),
        ("quantity", kind(PropertyType::Number)),
        ("price", kind(PropertyType::Number)),
        ("description", kind(PropertyType::String)),
        ("kleer_unit", kind(PropertyType::String)),
        ("kleer_product_id", kind(PropertyType::Number)),
    ]);
    schema.properties.extend(product.map(|definition| ("hs_product_id".to_owned(), definition)));
    schema
}

fn writable() -> Option<PropertyDefinition> {
    Some(definition(PropertyType::Number))
}

fn read_only() -> Option<PropertyDefinition> {
    Some(PropertyDefinition { read_only: true, ..definition(PropertyType::Number) })
}

/// Three chairs of product 5.
fn chairs() -> SourceRow {
    let values = [
        ("description", text("Chair")),
        ("quantity", Value::Number(decimal("3.0"))),
        ("price", Value::Money(Money(12_550))),
        ("product.id", Value::Number(decimal("5"))),
        ("unit", text("st")),
    ];
    row("row-1", &values)
}

/// A row of invoice 7 as a line item, or the problem.
fn projected(projector: &RowProjector, row: &SourceRow) -> String {
    match projector.project(ObjectType::Invoice, KleerId(7), row) {
        Ok(line) => {
            assert_eq!(line.key, row.key);
            let pairs: Vec<_> = line.properties.iter().map(|(name, value)| format!("{name}=[{value}]")).collect();
            let product = line.product.map(|id| format!(" of product {id}")).unwrap_or_default();
            format!("{}{product}", pairs.join(" "))
        }
        Err(problem) => {
            assert_eq!((problem.object, problem.kleer_id), (ObjectType::Invoice, Some(KleerId(7))));
            format!("{:?} {:?}: {} {}", problem.code, problem.property, problem.message, problem.remedy)
        }
    }
}

fn check(mappings: &[FieldMapping], row: &SourceRow) -> String {
    projected(&RowProjector::new(&ROW, &settings(true, mappings), &portal(writable())), row)
}

#[test]
fn a_row_becomes_a_line_item() {
    insta::assert_snapshot!(check(&defaults(), &chairs()), @"hs_product_id=[] kleer_unit=[st] name=[Chair] price=[125.5] quantity=[3] of product 5");
}

/// Rows may go to an object that could charge; what keeps it from that is written whatever is mapped.
#[test]
fn rows_on_an_object_that_could_charge() {
    let on = |object: &str| {
        let settings =
            ObjectSettings { hubspot_object: object.to_owned(), ..settings(true, &[mapping("unit", "unit", "")]) };
        projected(&RowProjector::new(&ROW, &settings, &portal(None)), &chairs())
    };
    insta::assert_snapshot!(["line_items", "invoices", "subscriptions"].map(on).join("\n"), @r"
    name=[Chair] price=[125.5] quantity=[3]
    hs_invoice_billable=[false] name=[Chair] price=[125.5] quantity=[3]
    hs_invoice_creation=[off] name=[Chair] price=[125.5] quantity=[3]
    ");
}

fn mapped(settings: &ObjectSettings) -> String {
    let pair = |mapping: FieldMapping| format!("{}→{}", mapping.field.unwrap_or_default(), mapping.property);
    row_mappings(settings).into_iter().map(pair).collect::<Vec<_>>().join(" ")
}

#[test]
fn switched_off_name_quantity_and_price_still_go_out() {
    let off = settings(false, &defaults());
    assert_eq!(mapped(&off), "description→name quantity→quantity price→price");
    let projector = RowProjector::new(&ROW, &off, &portal(writable()));
    insta::assert_snapshot!(projected(&projector, &chairs()), @"name=[Chair] price=[125.5] quantity=[3]");
    // What was mapped to the three counts no more either.
    let own = settings(false, &[mapping("unit", "name", "")]);
    assert_eq!(mapped(&own), "description→name quantity→quantity price→price");
}

#[test]
fn what_every_line_item_has_is_added_where_it_is_missing() {
    let check = |mappings: &[FieldMapping]| mapped(&settings(true, mappings));
    assert_eq!(check(&[]), "description→name quantity→quantity price→price");
    assert_eq!(
        check(&[mapping("unit", "kleer_unit", "")]),
        "unit→kleer_unit description→name quantity→quantity price→price"
    );
    assert_eq!(
        check(&[mapping("unit", "name", ""), mapping("", "quantity", "1")]),
        "unit→name →quantity price→price",
        "the portal's own are kept"
    );
    assert_eq!(
        check(&[mapping("description", "description", "")]),
        "description→description description→name quantity→quantity price→price"
    );
    assert_eq!(check(&defaults()).matches("→name").count(), 1);
}

#[test]
fn a_row_that_says_nothing_has_a_name_all_the_same() {
    let nameless = row("row-0", &[("quantity", Value::Number(decimal("1")))]);
    insta::assert_snapshot!(check(&[], &nameless), @"name=[–] price=[] quantity=[1]");
    insta::assert_snapshot!(check(&[mapping("description", "name", "Row")], &nameless), @"name=[Row] price=[] quantity=[1]");
    // Where a portal's line items have no name that can be written, one is told all the same.
    let nowhere = Schema { properties: [].into(), ..portal(None) };
    let projector = RowProjector::new(&ROW, &settings(true, &[]), &nowhere);
    assert_eq!(projected(&projector, &chairs()), "name=[–]");
    assert_eq!(projector.skipped(), ["name", "quantity", "price"]);
}

#[test]
fn how_often_it_is_billed() {
    let by = |billing_frequency| check(&[], &SourceRow { billing_frequency, ..row("recurring-0", &[]) });
    assert_eq!(by(None), "name=[–] price=[] quantity=[]");
    assert_eq!(by(Some("quarterly")), "name=[–] price=[] quantity=[] recurringbillingfrequency=[quarterly]");
    assert_eq!(by(Some("")), "name=[–] price=[] quantity=[] recurringbillingfrequency=[]", "it clears what was there");
    // Whatever is mapped to it.
    let mappings = [mapping("", "recurringbillingfrequency", "monthly")];
    let mut portal = portal(None);
    portal.properties.insert("recurringbillingfrequency".to_owned(), definition(PropertyType::String));
    let projector = RowProjector::new(&ROW, &settings(true, &mappings), &portal);
    let often = |billing_frequency| {
        let row = SourceRow { billing_frequency, ..row("row-0", &[]) };
        let line = projector.project(ObjectType::Invoice, KleerId(7), &row).unwrap();
        line.properties.get("recurringbillingfrequency").map(str::to_owned)
    };
    assert_eq!(often(None).as_deref(), Some("monthly"));
    assert_eq!(often(Some("annually")).as_deref(), Some("annually"));
}

#[test]
fn a_product_is_linked_only_as_it_is_mapped() {
    let link = || mapping("product.id", "hs_product_id", "");
    let none = row("row-0", &[]);
    insta::assert_snapshot!(check(&[link()], &none), @"hs_product_id=[] name=[–] price=[] quantity=[]");
    insta::assert_snapshot!(check(&[mapping("product.id", "hs_product_id", "77")], &none), @"hs_product_id=[77] name=[–] price=[] quantity=[]");
    // Elsewhere Kleer's own id is meant.
    insta::assert_snapshot!(check(&[mapping("product.id", "kleer_product_id", "")], &chairs()), @"kleer_product_id=[5] name=[Chair] price=[125.5] quantity=[3]");
    insta::assert_snapshot!(check(&[link(), mapping("product.id", "kleer_product_id", "")], &chairs()), @"hs_product_id=[] kleer_product_id=[5] name=[Chair] price=[125.5] quantity=[3] of product 5");
    // Another field in that property is that field.
    insta::assert_snapshot!(check(&[mapping("quantity", "hs_product_id", "")], &chairs()), @"hs_product_id=[3] name=[Chair] price=[125.5] quantity=[3]");
    assert_eq!(check(&[], &chairs()), "name=[Chair] price=[125.5] quantity=[3]");
}

#[test]
fn a_product_that_cannot_be_linked_is_named_by_kleers_id() {
    let link = [mapping("product.id", "hs_product_id", "")];
    let check = |product, twin: bool| {
        let mut portal = portal(product);
        if !twin {
            portal.properties.remove("kleer_product_id");
        }
        let projector = RowProjector::new(&ROW, &settings(true, &link), &portal);
        format!("{} skipped {:?}", projected(&projector, &chairs()), projector.skipped())
    };
    insta::assert_snapshot!(check(read_only(), true), @r#"kleer_product_id=[5] name=[Chair] price=[125.5] quantity=[3] skipped []"#);
    insta::assert_snapshot!(check(read_only(), false), @r#"name=[Chair] price=[125.5] quantity=[3] skipped ["hs_product_id"]"#);
    insta::assert_snapshot!(check(None, false), @r#"name=[Chair] price=[125.5] quantity=[3] skipped ["hs_product_id"]"#);
}

#[test]
fn the_mapped_fields_are_those_of_rows() {
    let names = |settings: &ObjectSettings| {
        let projector = RowProjector::new(&ROW, settings, &portal(writable()));
        let mut names: Vec<_> = projector.fields().map(|field| field.name).collect();
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(names(&settings(false, &defaults())), "description price quantity");
    assert_eq!(names(&settings(true, &[mapping("unit", "kleer_unit", "")])), "description price quantity unit");
}

#[test]
fn a_problem_of_a_row_names_the_row_and_belongs_to_the_record() {
    let unfit = [mapping("unit", "quantity", "")];
    insta::assert_snapshot!(check(&unfit, &chairs()), @r#"ValueNotAllowed Some("quantity"): In row-1: Unit does not fit the HubSpot property quantity: “st” is not a number. Change the value in Kleer, or map the field to a property that takes “st”."#);
    let default = [mapping("", "price", "free")];
    insta::assert_snapshot!(check(&default, &chairs()), @r#"ValueNotAllowed Some("price"): In row-1: The default value does not fit the HubSpot property price: “free” is not a number. Change the default value on the mapping of price."#);
    let long = row("recurring-2", &[("description", text(&"å".repeat(65_537)))]);
    insta::assert_snapshot!(check(&[], &long), @r#"ValueNotAllowed Some("name"): In recurring-2: Description does not fit the HubSpot property name: “åååååååååååååååååååååååååååååååååååååååååååååååååååååååååååå…” is longer than 65536 characters. Shorten the value in Kleer."#);
}
