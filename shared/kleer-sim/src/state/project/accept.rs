//! What a written project becomes (contract kleer-api §8, client-project-writeable).

use serde_json::{Value, json};

use super::ProjectStatus;
use crate::{
    DateTimes, Editor, Refusal, Spelling, Switches,
    state::{
        Document,
        document::{reference_of, text_of},
        invoice::accept::DELIVERY_METHODS,
        moment::{self, local},
        schema::{Element, REFERENCE, Type, check, may, may_be_null, must},
        shapes::{DISTRIBUTION, FIELDS, read_enum, write_enum},
        writing::{Writing, check_client, check_user},
    },
};

const STATUSES: [&str; 3] = ["Draft", "Open", "Closed"];

const PRICED: &[Element] =
    &[must("activity", Type::Object(REFERENCE)), may("price", Type::Whole), may("supplier-price", Type::Whole)];
const USER: &[Element] = &[must("user", Type::Object(REFERENCE)), may("activities", Type::List(PRICED))];
const LEAD: &[Element] = &[must("user", Type::Object(REFERENCE))];
const PLANNED: &[Element] = &[
    may("id", Type::Object(REFERENCE)),
    must("invoice-date", Type::Date),
    may("client-invoice", Type::Object(REFERENCE)),
    may("rows", Type::List(&[must("product", Type::Object(REFERENCE))])),
];

/// client-project-writeable of contract kleer-api §8.
const WRITEABLE: &[Element] = &[
    may("client", Type::Object(REFERENCE)),
    may_be_null("broker-client", Type::Object(REFERENCE)),
    must("fixed-price", Type::Bool),
    must("number", Type::Text),
    must("name", Type::Text),
    may("currency-type", Type::Text),
    may("your-reference", Type::Text),
    may("our-reference", Type::Object(REFERENCE)),
    may("delivery-type", Type::Enum(&["MAIL", "EMAIL", "MANUALLY", "SVEA", "EFAKTURA"])),
    must("comment", Type::Text),
    may("payment-days", Type::Whole),
    may("po-nr", Type::Text),
    must("budget-hours", Type::Decimal),
    must("budget-amount", Type::Whole),
    must("incoming-invoiced-amount", Type::Whole),
    must("incoming-invoiced-vat-amount", Type::Whole),
    must("all-activities", Type::Bool),
    may("activities", Type::List(PRICED)),
    must("all-users", Type::Bool),
    may("users", Type::List(USER)),
    may("leads", Type::List(LEAD)),
    may("fixed-price-planned-invoices", Type::List(PLANNED)),
    may("opening-date", Type::Date),
    may("closing-date", Type::Date),
    may("default-notes", Type::Text),
    may("dimension-entries", DISTRIBUTION),
    may("fields", FIELDS),
];

/// What only a reader sees; the API never writes it.
const READ_ONLY: [&str; 9] = [
    "id",
    "active",
    "status",
    "write-offs",
    "dimension-entry",
    "dimensions",
    "email",
    "updated-date",
    "updated-user-key",
];
/// What only a create sets (contract kleer-api §8, CONFIRMED).
const SET_ONCE: [&str; 3] = ["client", "fixed-price", "name"];
/// Repeated elements.
const LISTS: [&str; 4] = ["activities", "users", "leads", "fixed-price-planned-invoices"];

/// Turns a written project into the one that is stored. Returns it with the names of elements that are in no schema,
/// which for a write are those of the readable form as well.
pub(crate) fn accept(writing: &Writing<'_>, mut document: Document) -> Result<(Document, Vec<String>), Refusal> {
    let Writing { company, switches, by, before, .. } = *writing;
    let kept = match by {
        Editor::Api => before.cloned(),
        Editor::Person => Some(document.clone()),
    };
    // A person edits the readable form; the rest of it is not looked at.
    if by == Editor::Person {
        READ_ONLY.iter().for_each(|name| {
            document.shift_remove(*name);
        });
    }
    read_enum(switches.enum_spelling, &mut document, "delivery-type", &DELIVERY_METHODS)?;
    let strangers = check(WRITEABLE, &mut document, switches.unknown_elements)?;
    if document.get("broker-client") == Some(&Value::Null) {
        document.shift_remove("broker-client");
    }
    if let (Editor::Api, Some(before)) = (by, before) {
        for name in SET_ONCE {
            keep(before, &mut document, name);
        }
    }
    for name in ["client", "broker-client"] {
        check_client(company, reference_of(&document, name))?;
    }
    check_user(company, switches, reference_of(&document, "our-reference"))?;
    finish(writing, kept.as_ref(), &mut document);
    Ok((document, strangers))
}

/// What the server sets, and what omission means.
fn finish(writing: &Writing<'_>, kept: Option<&Document>, document: &mut Document) {
    let Writing { company, switches, user, .. } = *writing;
    let dimensions = document.shift_remove("dimension-entries");
    let blank = Document::new();
    for name in READ_ONLY {
        keep(kept.unwrap_or(&blank), document, name);
    }
    if let Some(dimensions) = dimensions {
        document.insert("dimensions".to_owned(), dimensions);
    }
    if !document.contains_key("status") {
        let status = switches.new_project_status;
        document.insert("status".to_owned(), Value::from(status.stored()));
    }
    let open = text_of(document, "status") == ProjectStatus::Open.stored();
    document.insert("active".to_owned(), Value::from(open));
    if !document.contains_key("currency-type") {
        let client = reference_of(document, "client").and_then(|id| company.client(id));
        let of_client = client.and_then(|client| client.currency_type).filter(|currency| !currency.is_empty());
        let fresh = of_client.unwrap_or_else(|| company.information.accounting_currency.clone());
        let was = kept.map(|kept| text_of(kept, "currency-type")).filter(|was| !was.is_empty());
        document.insert("currency-type".to_owned(), Value::from(was.unwrap_or(&fresh)));
    }
    for name in LISTS {
        if !document.contains_key(name) {
            let was = kept.and_then(|kept| kept.get(name)).filter(|_| !switches.omitted_project_lists_cleared);
            document.insert(name.to_owned(), was.cloned().unwrap_or_else(|| json!([])));
        }
    }
    document.entry("write-offs").or_insert_with(|| json!([]));
    for name in ["dimensions", "fields"] {
        document.entry(name).or_insert_with(|| json!({}));
    }
    if switches.project_updated_date {
        document.insert("updated-date".to_owned(), json!(local(company.now).to_string()));
        document.insert("updated-user-key".to_owned(), json!(format!("00000000-0000-4000-8000-{user:012}")));
    }
}

/// Puts a member as it was before, or takes it out.
fn keep(before: &Document, document: &mut Document, name: &str) {
    match before.get(name) {
        Some(value) => document.insert(name.to_owned(), value.clone()),
        None => document.shift_remove(name),
    };
}

/// Whether stored documents are answered in another form than they are stored in.
pub(crate) fn is_reshaped(switches: &Switches) -> bool {
    switches.enum_spelling != Spelling::UpperSnake || switches.date_times != DateTimes::Local
}

/// Brings a stored document to the form it is answered in.
pub(crate) fn reshape(switches: &Switches, document: &mut Document) {
    write_enum(switches.enum_spelling, document, "status", &STATUSES);
    write_enum(switches.enum_spelling, document, "delivery-type", &DELIVERY_METHODS);
    moment::reshape(switches.date_times, document, "updated-date");
}
