//! What a written invoice becomes (contract kleer-api §7.2, §7.3, §9).

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::InvoiceRow;
use crate::{
    Client, DateTimes, Editor, NoDate, Rate, Refusal, Spelling, Switches,
    state::{
        Company, Document, Kind,
        client::ADDRESS,
        document::{reference_of, text_of},
        moment,
        schema::{Element, REFERENCE, Type, check, check_presence, may, must},
        shapes::{
            DISCOUNT, DISTRIBUTION, FIELDS, PERIOD, check_discounts, is_true, number, read_enum, read_percentages,
            rounded, rows_of, write_enum, write_percentages,
        },
        writing::{Writing, check_client, check_delivery_type, check_product, check_user},
    },
};

const EDI_PERIOD_TYPES: [&str; 3] = ["Row", "Invoice", "None"];
/// The ways to deliver, as an enumeration (contract kleer-api §10, delivery-method-type).
pub(crate) const DELIVERY_METHODS: [&str; 5] = ["Mail", "Email", "Manually", "Svea", "Efaktura"];

/// The table of contract kleer-api §7.3.
const ROW: &[Element] = &[
    may("id", Type::Whole),
    must("quantity", Type::Decimal),
    must("price", Type::Whole),
    must("vat", Type::Decimal),
    must("product", Type::Object(REFERENCE)),
    must("unit", Type::Text),
    must("description", Type::Text),
    must("account-nr", Type::Whole),
    may("project", Type::Object(REFERENCE)),
    may("dimensions", DISTRIBUTION),
    may("period", Type::Object(PERIOD)),
    may("delivery-date", Type::DateOrEmpty),
    may("discount", Type::Object(DISCOUNT)),
    may("fields", FIELDS),
    may("accruals", Type::Wrapper("accruals", &[must("month", Type::Text), must("sum", Type::Whole)])),
];

/// The table of contract kleer-api §7.2. Elements that only the server sets may come along and are ignored.
const INVOICE: &[Element] = &[
    may("id", Type::Whole),
    may("invoice-nr", Type::Whole),
    may("debit-invoice-nr", Type::Whole),
    may("delete-row-reference-when-credit", Type::Bool),
    may("edi-period-type", Type::Enum(&["ROW", "INVOICE", "NONE"])),
    may("credit-invoices", Type::Wrapper("client-invoices", REFERENCE)),
    may("aggregated-invoices", Type::Wrapper("client-invoices", REFERENCE)),
    must("foreign-id", Type::Text),
    must("po-nr", Type::Text),
    may("agreement-nr", Type::Text),
    may("subscription-nr", Type::Text),
    must("client-ref", Type::Object(REFERENCE)),
    may("end-client", Type::Object(REFERENCE)),
    may("client-invoice-template-ref", Type::Object(REFERENCE)),
    must("your-reference", Type::Text),
    must("our-reference", Type::Object(REFERENCE)),
    may("approver", Type::Object(REFERENCE)),
    must("invoice-address", Type::Object(ADDRESS)),
    must("invoice-email", Type::Text),
    must("delivery-name", Type::Text),
    must("delivery-address", Type::Object(ADDRESS)),
    must("delivery-email", Type::Text),
    must("invoice-date", Type::Date),
    must("due-date", Type::Date),
    must("delivery-date", Type::DateOrEmpty),
    may("period", Type::Object(PERIOD)),
    may("amount", Type::Whole),
    may("vat", Type::Whole),
    must("currency", Type::Text),
    may("currency-rate", Type::Decimal),
    may("certified", Type::Bool),
    may("certified-date", Type::Moment),
    may("sent", Type::Bool),
    may("notes", Type::Text),
    may("delivery-type", Type::Text),
    may("gln", Type::Text),
    may("vat-nr", Type::Text),
    may("country-code", Type::Text),
    may("client-agreement-ref", Type::Object(REFERENCE)),
    may("remaining", Type::Whole),
    may("last-payment-date", Type::Date),
    may("disabled", Type::Bool),
    may("automatic-actions-disabled", Type::Bool),
    may("automatic-actions-message", Type::Text),
    may("fields", FIELDS),
    may("approved", Type::Anything),
    may("invoice-deliveries", Type::Anything),
    may("files", Type::Wrapper("files", &[may("filename", Type::Text), may("data", Type::Anything)])),
    must("rows", Type::Wrapper("rows", ROW)),
    may("reinvoicings", Type::Wrapper("rows", &[may("id", Type::Whole)])),
    may("factoring", Type::Bool),
    may("self-invoice-references", Type::Anything),
];

/// The mandatory elements that only the server sets.
const READ_ONLY_MANDATORY: [&str; 6] = ["id", "invoice-nr", "certified", "sent", "remaining", "disabled"];

/// What only the server sets, and what it is on a new draft.
fn read_only() -> [(&'static str, Option<Value>); 16] {
    let empty = || Some(json!({}));
    [
        ("invoice-nr", Some(json!(0))),
        ("credit-invoices", empty()),
        ("aggregated-invoices", empty()),
        ("certified", Some(json!(false))),
        ("certified-date", None),
        ("sent", Some(json!(false))),
        ("client-agreement-ref", None),
        ("remaining", Some(json!(0))),
        ("last-payment-date", None),
        ("disabled", Some(json!(false))),
        ("automatic-actions-message", Some(json!(""))),
        ("approved", None),
        ("invoice-deliveries", empty()),
        ("factoring", Some(json!(false))),
        ("amount", None),
        ("vat", None),
    ]
}

/// Turns a written invoice into the one that is stored. Returns it with the names of elements that are in no schema.
pub(crate) fn accept(writing: &Writing<'_>, mut document: Document) -> Result<(Document, Vec<String>), Refusal> {
    let Writing { company, switches, by, before, .. } = *writing;
    if by == Editor::Api
        && switches.certified_invoices_locked
        && before.is_some_and(|before| is_true(before, "certified"))
    {
        let message = "Fakturan är attesterad och kan inte ändras".to_owned();
        return Err(Refusal::Business { class: "ClientInvoiceCertifiedException", message });
    }
    read_enum(switches.enum_spelling, &mut document, "edi-period-type", &EDI_PERIOD_TYPES)?;
    read_percentages(switches.discount_percentage, &mut document, "rows");
    let strangers = check(INVOICE, &mut document, switches.unknown_elements)?;
    check_discounts(&mut document, "rows")?;
    if !switches.read_only_may_be_omitted && by == Editor::Api {
        check_presence(&READ_ONLY_MANDATORY, &document)?;
    }
    if by == Editor::Api {
        restore(before, &mut document);
    }
    check_references(company, switches, &mut document)?;
    fill_omitted(writing, &mut document);
    compute(company, writing.id, &mut document);
    Ok((document, strangers))
}

/// Puts back what only the server sets.
fn restore(before: Option<&Document>, document: &mut Document) {
    for (name, fresh) in read_only() {
        let kept = before.map_or(fresh, |before| before.get(name).cloned());
        match kept {
            Some(value) => document.insert(name.to_owned(), value),
            None => document.shift_remove(name),
        };
    }
}

fn check_references(company: &Company, switches: &Switches, document: &mut Document) -> Result<(), Refusal> {
    check_client(company, reference_of(document, "client-ref"))?;
    check_client(company, reference_of(document, "end-client"))?;
    for name in ["our-reference", "approver"] {
        check_user(company, switches, reference_of(document, name).filter(|id| *id != 0))?;
    }
    let delivery_type = text_of(document, "delivery-type");
    if !delivery_type.is_empty() {
        check_delivery_type(company, switches, delivery_type)?;
    }
    let products: Vec<_> = rows_of(document, "rows").map(|row| reference_of(row, "product")).collect();
    products.into_iter().try_for_each(|product| check_product(company, product.filter(|id| *id != 0)))
}

/// What emptiness and omission mean (contract kleer-api §7.2): on create from the client, on update unchanged.
fn fill_omitted(writing: &Writing<'_>, document: &mut Document) {
    let Writing { company, switches, before, .. } = *writing;
    let client = company.client(reference_of(document, "client-ref").unwrap_or_default()).unwrap_or_default();
    let default = company.default_delivery_type().unwrap_or_default().to_owned();
    let from_client = [
        ("delivery-type", client.delivery_type.clone().filter(|name| !name.is_empty()).unwrap_or(default)),
        ("gln", client.gln.clone().unwrap_or_default()),
        ("vat-nr", client.vat_nr.clone().unwrap_or_default()),
        ("country-code", client.country_code.clone()),
    ];
    for (name, fresh) in from_client {
        if text_of(document, name).is_empty() {
            let kept = before.map_or(fresh, |before| text_of(before, name).to_owned());
            document.insert(name.to_owned(), Value::from(kept));
        }
    }
    if before.is_none() && switches.invoice_address_from_client {
        fill_addresses(&client, document);
    }
    if !document.contains_key("files")
        && let Some(files) = before.and_then(|before| before.get("files"))
    {
        document.insert("files".to_owned(), files.clone());
    }
    if document.get("files").and_then(Value::as_object).is_some_and(Document::is_empty) {
        document.shift_remove("files");
    }
    if text_of(document, "delivery-date") == "0001-01-01" {
        document.insert("delivery-date".to_owned(), Value::from(""));
    }
    if !document.contains_key("currency-rate") {
        let rate = number(currency_rate(text_of(document, "currency")));
        document.insert("currency-rate".to_owned(), rate);
    }
    for name in ["fields", "reinvoicings"] {
        document.entry(name).or_insert_with(|| json!({}));
    }
    document.shift_remove("delete-row-reference-when-credit");
    // The schema says that it never occurs; the service sends it always (contract kleer-api §3, rule 6).
    document.insert("self-invoice-references".to_owned(), json!({}));
}

fn fill_addresses(client: &Client, document: &mut Document) {
    for name in ["invoice-address", "delivery-address"] {
        let address = document.get(name).and_then(Value::as_object);
        if address.is_some_and(|address| address.values().all(|line| line == "")) {
            let lines = serde_json::from_str(&client.address.encode()).unwrap_or_default();
            document.insert(name.to_owned(), lines);
        }
    }
    for (name, value) in [("invoice-email", &client.email), ("delivery-email", &client.email)] {
        if text_of(document, name).is_empty() {
            document.insert(name.to_owned(), Value::from(value.as_str()));
        }
    }
}

/// What one unit of a currency is worth in kronor. The simulator's banks never move.
pub(crate) fn currency_rate(currency: &str) -> Decimal {
    Decimal::new(
        match currency {
            "EUR" => 1_098,
            "USD" => 952,
            "NOK" => 93,
            "DKK" => 147,
            "GBP" => 1_250,
            _ => 100,
        },
        2,
    )
}

/// Row ids, what rows have from their products, and the sums. The VAT rate is the product's, and none abroad; a rate
/// that is sent counts only where the product has none (contract kleer-api §7.3).
fn compute(company: &Company, id: Option<i64>, document: &mut Document) {
    let mut before = id.and_then(|id| company.document(Kind::Invoice, id)).unwrap_or_default();
    let old: Vec<i64> = rows_of(&mut before, "rows").filter_map(|row| row.get("id")?.as_i64()).collect();
    let abroad = !matches!(text_of(document, "country-code"), "SE" | "");
    let mut next_id = company.ledger.next_row_id();
    let (mut amount, mut vat) = (0, Decimal::ZERO);
    for row in rows_of(document, "rows") {
        let known = row.get("id").and_then(Value::as_i64).filter(|id| old.contains(id));
        let id = known.unwrap_or_else(|| {
            next_id += 1;
            next_id - 1
        });
        row.shift_remove("id");
        row.shift_insert(0, "id".to_owned(), Value::from(id));
        if let Some(product) = company.product(reference_of(row, "product").unwrap_or_default()) {
            if let Some(account) = product.account_nr {
                row.insert("account-nr".to_owned(), Value::from(account));
            }
            if let Some(rate) = product.vat_percentage {
                row.insert("vat".to_owned(), number(if abroad { Decimal::ZERO } else { rate }));
            }
        }
        let typed: InvoiceRow = serde_json::from_value(Value::Object(row.clone())).unwrap_or_default();
        amount += typed.amount();
        vat += Decimal::from(typed.amount()) * typed.vat;
    }
    document.insert("amount".to_owned(), Value::from(amount));
    document.insert("vat".to_owned(), Value::from(rounded(vat)));
}

/// Whether stored documents are answered in another form than they are stored in.
pub(crate) fn is_reshaped(switches: &Switches) -> bool {
    switches.enum_spelling != Spelling::UpperSnake
        || switches.discount_percentage != Rate::Fraction
        || switches.date_times != DateTimes::Local
        || switches.no_delivery_date != NoDate::Empty
}

/// Brings a stored document to the form it is answered in.
pub(crate) fn reshape(switches: &Switches, document: &mut Document) {
    write_enum(switches.enum_spelling, document, "edi-period-type", &EDI_PERIOD_TYPES);
    write_percentages(switches.discount_percentage, document, "rows");
    moment::reshape(switches.date_times, document, "certified-date");
    if let Some(approved) = document.get_mut("approved").and_then(Value::as_object_mut) {
        moment::reshape(switches.date_times, approved, "registration-date");
    }
    let deliveries = document.get_mut("invoice-deliveries").and_then(|wrapper| wrapper.get_mut("invoice-deliveries"));
    for delivery in deliveries.and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut) {
        write_enum(switches.enum_spelling, delivery, "delivery-method", &DELIVERY_METHODS);
        moment::reshape(switches.date_times, delivery, "registration-datetime");
    }
    if switches.no_delivery_date == NoDate::YearOne && text_of(document, "delivery-date").is_empty() {
        document.insert("delivery-date".to_owned(), Value::from("0001-01-01"));
    }
}

/// A record of an invoice, or why there is none.
pub(crate) fn stored(company: &Company, id: i64) -> Result<Document, Refusal> {
    company.document(Kind::Invoice, id).ok_or_else(|| crate::state::missing(Kind::Invoice, id))
}
