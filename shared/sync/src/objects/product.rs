//! Products: Kleer's articles, HubSpot's product library. Fields: contract product §6.4; types: contract kleer-api §7.5.

use std::time::Duration;

use domain::{Direction, EnumValue, FieldKind, FieldSpec, ObjectSpec, ObjectType};

use FieldKind::{Enumeration, Integer, Money, Rate, Text};

/// Everything fixed about products.
pub(super) static SPEC: ObjectSpec = ObjectSpec {
    object: ObjectType::Product,
    label: "product",
    hubspot_object: "products",
    direction: Direction::OneWay,
    interval: Duration::from_secs(24 * 60 * 60),
    fields: &[
        FieldSpec { name: "name", label: "Name", kind: Text },
        FieldSpec { name: "foreign-id", label: "Foreign ID", kind: Text },
        FieldSpec { name: "type", label: "Type", kind: Enumeration(TYPES) },
        FieldSpec { name: "unit", label: "Unit", kind: Text },
        FieldSpec { name: "price", label: "Price", kind: Money },
        FieldSpec { name: "ean", label: "EAN", kind: Integer },
        FieldSpec { name: "account-nr", label: "Account number", kind: Integer },
        FieldSpec { name: "vat-percentage", label: "VAT percentage", kind: Rate },
    ],
    required: &["name"],
    default_mappings: &[
        ("name", "name"),
        ("price", "price"),
        ("foreign-id", "hs_sku"),
        ("unit", "kleer_unit"),
        ("type", "kleer_type"),
        ("account-nr", "kleer_account_number"),
        ("vat-percentage", "kleer_vat_percentage"),
    ],
    when_gone: None,
    reserved: &[],
    rules: &[],
};

const TYPES: &[EnumValue] = &[
    EnumValue { value: "Goods", label: "Goods" },
    EnumValue { value: "Services", label: "Services" },
    EnumValue { value: "DigitalServices", label: "Digital services" },
];

pub(super) async fn list(kleer: &kleer::Api) -> Result<kleer::Listing, rest::Error> {
    kleer.list_products().await
}
