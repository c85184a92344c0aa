//! Clients: Kleer's customers, HubSpot's companies. Fields: contract product §6.1; types: contract kleer-api §7.1.

use std::time::Duration;

use domain::{Direction, EnumValue, FieldKind, FieldRule, FieldSpec, ObjectSpec, ObjectType, Writable};

use FieldKind::{Boolean, Enumeration, Integer, Reference, Text};

/// Everything fixed about clients.
pub(super) static SPEC: ObjectSpec = ObjectSpec {
    object: ObjectType::Client,
    label: "client",
    hubspot_object: "companies",
    direction: Direction::TwoWay,
    interval: Duration::from_secs(15 * 60),
    fields: &[
        FieldSpec { name: "name", label: "Name", kind: Text },
        FieldSpec { name: "foreign-id", label: "Foreign ID", kind: Text },
        FieldSpec { name: "contact", label: "Contact", kind: Text },
        FieldSpec { name: "address.address1", label: "Address 1", kind: Text },
        FieldSpec { name: "address.address2", label: "Address 2", kind: Text },
        FieldSpec { name: "address.zip-code", label: "Zip code", kind: Text },
        FieldSpec { name: "address.state", label: "State", kind: Text },
        FieldSpec { name: "address.country", label: "Country (address)", kind: Text },
        FieldSpec { name: "email", label: "Email", kind: Text },
        FieldSpec { name: "client-type", label: "Client type", kind: Enumeration(CLIENT_TYPES) },
        FieldSpec { name: "country-code", label: "Country code", kind: Text },
        FieldSpec { name: "currency-type", label: "Currency", kind: Enumeration(CURRENCIES) },
        FieldSpec { name: "accountnr", label: "Account number", kind: Integer },
        FieldSpec { name: "payment-days", label: "Payment days", kind: Integer },
        FieldSpec { name: "orgno", label: "Org. number", kind: Text },
        FieldSpec { name: "phone", label: "Phone", kind: Text },
        FieldSpec { name: "user.id", label: "Responsible user", kind: Reference },
        FieldSpec { name: "delivery-type", label: "Delivery type", kind: Enumeration(DELIVERY_TYPES) },
        FieldSpec { name: "vat-nr", label: "VAT number", kind: Text },
        FieldSpec { name: "gln", label: "GLN", kind: Text },
        FieldSpec { name: "active", label: "Active", kind: Boolean },
    ],
    required: &["name"],
    default_mappings: &[
        ("name", "name"),
        ("address.address1", "address"),
        ("address.address2", "address2"),
        ("address.zip-code", "zip"),
        ("address.state", "city"),
        ("address.country", "country"),
        ("phone", "phone"),
        ("orgno", "orgno"),
        ("vat-nr", "vat_number"),
        ("email", "kleer_email"),
        ("payment-days", "kleer_payment_days"),
        ("currency-type", "kleer_currency"),
        ("delivery-type", "kleer_delivery_method"),
        ("active", "kleer_active"),
    ],
    when_gone: Some(("active", "false")),
    reserved: &[],
    rules: RULES,
};

/// Contract kleer-api §7.1: the account number is deprecated and always 0; an empty delivery type means *unchanged*; a number
/// and a yes or no cannot be empty.
const RULES: &[FieldRule] = &[
    FieldRule { field: "name", writable: Writable::Yes, clearable: false },
    FieldRule { field: "accountnr", writable: Writable::Never, clearable: false },
    FieldRule { field: "payment-days", writable: Writable::Yes, clearable: false },
    FieldRule { field: "delivery-type", writable: Writable::Yes, clearable: false },
    FieldRule { field: "active", writable: Writable::Yes, clearable: false },
];

const CLIENT_TYPES: &[EnumValue] =
    &[EnumValue { value: "Organisation", label: "Organisation" }, EnumValue { value: "Person", label: "Person" }];

pub(super) const CURRENCIES: &[EnumValue] = &[
    EnumValue { value: "SEK", label: "SEK" },
    EnumValue { value: "EUR", label: "EUR" },
    EnumValue { value: "USD", label: "USD" },
    EnumValue { value: "NOK", label: "NOK" },
    EnumValue { value: "DKK", label: "DKK" },
    EnumValue { value: "GBP", label: "GBP" },
];

/// The list is open in Kleer (contract kleer-api §10): the product names *Svefaktura*, Kleer's own schema *Svea* and *Efaktura*.
pub(super) const DELIVERY_TYPES: &[EnumValue] = &[
    EnumValue { value: "Mail", label: "Mail" },
    EnumValue { value: "Email", label: "Email" },
    EnumValue { value: "Manually", label: "Manually" },
    EnumValue { value: "Svefaktura", label: "Svefaktura" },
    EnumValue { value: "Efaktura", label: "Efaktura" },
    EnumValue { value: "Svea", label: "Svea" },
];

pub(super) async fn list(kleer: &kleer::Api) -> Result<kleer::Listing, rest::Error> {
    kleer.list_clients().await
}
