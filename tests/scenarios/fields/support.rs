//! Records of Kleer with something in every field, and with nothing in any.

use domain::ObjectType;
use kleer_sim::{Agreement, Change, Command, Editor, Invoice, Kind, Product, Project};
use local::pretend::Scene;
use serde_json::{Map, Value, json};

use super::super::client;
use super::World;

type Document = Map<String, Value>;

/// The fields of each type, as the tables of contract product §6 have them.
pub(super) const CONTRACT: [(ObjectType, &str); 6] = [
    (
        ObjectType::Client,
        "name foreign-id contact address.address1 address.address2 address.zip-code address.state address.country email \
         client-type country-code currency-type accountnr payment-days orgno phone user.id delivery-type vat-nr gln active",
    ),
    (
        ObjectType::Invoice,
        "invoice-nr foreign-id po-nr client-ref.id your-reference our-reference.id invoice-address.address1 \
         invoice-address.address2 invoice-address.zip-code invoice-address.state invoice-address.country invoice-email \
         delivery-name delivery-address.address1 delivery-address.address2 delivery-address.zip-code delivery-address.state \
         delivery-address.country delivery-email invoice-date due-date delivery-date period.start-date period.end-date \
         currency currency-rate certified sent notes delivery-type vat-nr country-code remaining disabled edi-period-type \
         automatic-actions-disabled agreement-nr _total_amount _status",
    ),
    (
        ObjectType::Agreement,
        "foreign-id revision-nr client-ref.id description start-date start-invoice-date end-date renewal-notification-date \
         your-reference our-reference.id currency payment-days invoice-interval-months invoice-day po-nr agreement-nr \
         subscription-nr notes _mrr _arr _billing_frequency _status",
    ),
    (ObjectType::Product, "name foreign-id type unit price ean account-nr vat-percentage"),
    (
        ObjectType::LineItem,
        "quantity price vat product.id unit description account-nr discount.percentage discount.absolute",
    ),
    (ObjectType::Project, "name client.id fixed-price number comment budget-hours budget-amount opening-date"),
];

/// The type that is polled for records of a type: rows travel with their invoice.
pub(super) const fn polled(object: ObjectType) -> ObjectType {
    match object {
        ObjectType::LineItem => ObjectType::Invoice,
        other => other,
    }
}

/// A World in which this type alone is switched on.
pub(super) fn world_of(object: ObjectType) -> World {
    World::of(Scene::of(0, 0), &[polled(object), object])
}

fn kind(object: ObjectType) -> Kind {
    match object {
        ObjectType::Product => Kind::Product,
        ObjectType::Client => Kind::Client,
        ObjectType::Agreement => Kind::Agreement,
        ObjectType::Invoice | ObjectType::LineItem => Kind::Invoice,
        ObjectType::Project => Kind::Project,
    }
}

/// Kleer has a record with what these values say, and otherwise what a new one has.
pub(super) fn add(world: &World, object: ObjectType, values: &Value) -> i64 {
    let id = world.kleer(|kleer| match kind(object) {
        Kind::Client => kleer.add_client(client("Ny")),
        Kind::Product => kleer.add_product(Product::default()),
        Kind::Invoice => kleer.add_invoice(Invoice::default()),
        Kind::Agreement => kleer.add_agreement(Agreement::default()),
        _ => kleer.add_project(Project::default()),
    });
    let mut document = world.kleer(|kleer| kleer.document(kind(object), id)).expect("it was just made");
    lay_over(&mut document, values);
    put(world, object, id, document);
    id
}

/// Kleer's document of that record is this one from now on.
pub(crate) fn put(world: &World, object: ObjectType, id: i64, document: Document) {
    let change = Change::Put(id, document);
    let command = Command::Record { company: 1, kind: kind(object), by: Editor::Person, user: None, change };
    world.pretend.kleer.command(&command).expect("Kleer takes it");
}

fn lay_over(document: &mut Document, values: &Value) {
    for (name, value) in values.as_object().into_iter().flatten() {
        match (document.get_mut(name), value) {
            (Some(Value::Object(old)), Value::Object(_)) if !old.is_empty() => lay_over(old, value),
            _ => drop(document.insert(name.clone(), value.clone())),
        }
    }
}

/// Something in every field.
pub(super) fn full(object: ObjectType) -> Value {
    match object {
        ObjectType::Client => full_client(),
        ObjectType::Product => json!({
            "name": "Rådgivning", "foreign-id": "A-1", "type": "DIGITAL_SERVICES", "unit": "tim", "price": 125_050,
            "ean": 7_310_865_004_703_i64, "account-nr": 3041, "vat-percentage": 0.06,
        }),
        ObjectType::Invoice => full_invoice(),
        ObjectType::LineItem => json!({ "certified": true, "rows": { "rows": [
            row(&json!({ "discount": { "percentage": 0.125 } })),
            row(&json!({ "discount": { "absolute": 5_005 }, "quantity": 2, "vat": 0.06, "account-nr": 3051 })),
        ] } }),
        ObjectType::Agreement => full_agreement(),
        ObjectType::Project => json!({
            "name": "Ombyggnad", "client": { "id": 1004 }, "fixed-price": true, "number": "P-17",
            "comment": "Etapp ett\nEtapp två", "budget-hours": 120.5, "budget-amount": 9_950_050,
            "opening-date": "2026-02-28",
        }),
    }
}

/// A row with something in every field but the discount.
pub(super) fn row(more: &Value) -> Value {
    let mut row = json!({
        "id": 1, "quantity": 2.5, "price": 100_050, "vat": 0.25, "product": { "id": 1004 }, "unit": "tim",
        "description": "Rådgivning", "account-nr": 3041,
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        row[name] = value.clone();
    }
    row
}

fn full_client() -> Value {
    json!({
        "name": "Åkeri AB", "foreign-id": "K-17", "contact": "Kim Karlsson",
        "address": {
            "address1": "Storgatan 1", "address2": "c/o Ek", "zip-code": "111 22", "state": "Stockholm",
            "country": "Sverige",
        },
        "email": "faktura@akeri.example", "client-type": "Person", "country-code": "NO", "currency-type": "EUR",
        "accountnr": 1510, "payment-days": 20, "orgno": "556677-8899", "phone": "08-123 45 67", "user": { "id": 1006 },
        "delivery-type": "Efaktura", "vat-nr": "SE556677889901", "gln": "7350000000017", "active": false,
    })
}

fn full_invoice() -> Value {
    json!({
        "invoice-nr": 50_017, "foreign-id": "F-1", "po-nr": "PO-4711", "client-ref": { "id": 1004 },
        "your-reference": "Kim Karlsson", "our-reference": { "id": 1006 },
        "invoice-address": {
            "address1": "Storgatan 1", "address2": "c/o Ek", "zip-code": "111 22", "state": "Stockholm",
            "country": "Sverige",
        },
        "invoice-email": "faktura@akeri.example", "delivery-name": "Lagret",
        "delivery-address": {
            "address1": "Hamngatan 2", "address2": "Port 3", "zip-code": "222 33", "state": "Gävle",
            "country": "Norge",
        },
        "delivery-email": "lager@akeri.example", "invoice-date": "2026-10-31", "due-date": "2026-11-30",
        "delivery-date": "2026-10-15", "period": { "start-date": "2026-10-01", "end-date": "2026-12-31" },
        "amount": 250_000, "vat": 62_550, "currency": "EUR", "currency-rate": 11.4325, "certified": true, "sent": true,
        "notes": "Rad ett\nRad två", "delivery-type": "Mail", "vat-nr": "SE556677889901", "country-code": "NO",
        "remaining": 12_345, "disabled": false, "edi-period-type": "ROW", "automatic-actions-disabled": true,
        "agreement-nr": "AV-7",
    })
}

fn full_agreement() -> Value {
    let row = |quantity, price| json!({ "quantity": quantity, "price": price, "unit": "st", "description": "Drift" });
    json!({
        "foreign-id": "S-1", "revision-nr": 7, "client-ref": { "id": 1004 }, "description": "Drift",
        "start-date": "2026-01-01", "start-invoice-date": "2026-01-02", "end-date": "2027-12-31",
        "renewal-notification-date": "2027-09-30", "your-reference": "Kim Karlsson", "our-reference": { "id": 1006 },
        "currency": "NOK", "payment-days": 20, "invoice-interval-months": 3, "invoice-day": "PAY_AT_START",
        "po-nr": "PO-4711", "agreement-nr": "AV-7", "subscription-nr": "AB-9", "notes": "Rad ett\nRad två",
        "recurring-rows": { "rows": [row(2, 100_000), row(1, 50_005)] },
    })
}

/// What remains of a record when everything that may be left out is left out.
pub(super) fn bare(object: ObjectType) -> Document {
    let bare = match object {
        ObjectType::Client | ObjectType::Product | ObjectType::Project => json!({ "name": "Namn" }),
        ObjectType::Invoice => json!({ "certified": true, "currency": "SEK", "invoice-date": "2026-10-31" }),
        ObjectType::LineItem => json!({
            "certified": true, "currency": "SEK", "invoice-date": "2026-10-31", "rows": { "rows": [
                { "id": 1, "quantity": 1, "price": 0 }, { "id": 2, "quantity": 1, "price": 0 },
            ] },
        }),
        ObjectType::Agreement => json!({ "description": "Namn" }),
    };
    bare.as_object().cloned().unwrap_or_default()
}
