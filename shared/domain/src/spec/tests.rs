use super::{EnumValue, FieldKind, FieldSpec, ObjectType, fixed_on, hubspot_object_name};

#[test]
fn object_types_by_name() {
    for object in ObjectType::ALL {
        assert_eq!(object.as_str().parse(), Ok(object));
        assert_eq!(serde_json::to_value(object).unwrap(), object.as_str());
    }
    insta::assert_snapshot!("Client".parse::<ObjectType>().unwrap_err(), @r#""Client" is not an object type; known are: product, client, agreement, invoice, project, line_item"#);
    assert_eq!(format!("{:>8}|", ObjectType::Client), "  client|");
}

#[test]
fn the_message_names_every_object_type() {
    let message = "x".parse::<ObjectType>().unwrap_err().to_string();
    assert!(ObjectType::ALL.iter().all(|object| message.contains(object.as_str())), "{message}");
}

#[test]
fn parents_stand_before_children() {
    assert!(ObjectType::ALL.is_sorted());
    // Rows have no turn of their own.
    assert_eq!([&ObjectType::POLLED[..], &[ObjectType::LineItem]].concat(), ObjectType::ALL);
}

#[test]
fn properties_made_for_fields_have_valid_pairs_of_types() {
    const VALUES: &[EnumValue] = &[];
    let kinds = [
        FieldKind::Text,
        FieldKind::LongText,
        FieldKind::Enumeration(VALUES),
        FieldKind::Integer,
        FieldKind::SerialNumber,
        FieldKind::Reference,
        FieldKind::Decimal,
        FieldKind::Money,
        FieldKind::Rate,
        FieldKind::Boolean,
        FieldKind::Date,
    ];
    let line = |kind| {
        let plan = FieldSpec { name: "x", label: "X", kind }.property_plan();
        format!("{kind:?}: {} {}", plan.property_type.as_str(), plan.field_type)
    };
    insta::assert_snapshot!(kinds.map(line).join("\n"), @r"
    Text: string text
    LongText: string textarea
    Enumeration([]): enumeration select
    Integer: number number
    SerialNumber: number number
    Reference: number number
    Decimal: number number
    Money: number number
    Rate: number number
    Boolean: bool booleancheckbox
    Date: date date
    ");
}

#[test]
fn what_is_always_written_belongs_to_the_hubspot_object_whatever_the_type_is() {
    let line = |object: &str| format!("{object}: {:?}", fixed_on(object));
    let objects = ["invoices", "0-53", "INVOICE", "subscriptions", "0-69", "companies", "deals", "2-77"];
    insta::assert_snapshot!(objects.map(line).join("\n"), @r#"
    invoices: [("hs_invoice_billable", "false")]
    0-53: [("hs_invoice_billable", "false")]
    INVOICE: [("hs_invoice_billable", "false")]
    subscriptions: [("hs_invoice_creation", "off")]
    0-69: [("hs_invoice_creation", "off")]
    companies: []
    deals: []
    2-77: []
    "#);
}

#[test]
fn an_object_has_one_name() {
    let names = ["0-2", "0-3", "0-7", "0-8", "0-53", "0-69", "0-970", "0-1", "2-53", "invoice", "Deals", "p1_cars", ""];
    let names = names.map(|text| format!("{text} is {}", hubspot_object_name(text)));
    insta::assert_snapshot!(names.join("\n"), @r"
    0-2 is companies
    0-3 is deals
    0-7 is products
    0-8 is line_items
    0-53 is invoices
    0-69 is subscriptions
    0-970 is projects
    0-1 is 0-1
    2-53 is 2-53
    invoice is invoices
    Deals is deals
    p1_cars is p1_cars
     is 
    ");
}
