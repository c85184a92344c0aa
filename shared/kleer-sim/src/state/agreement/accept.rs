//! What a written agreement becomes (contract kleer-api §7.4, §9).

use serde_json::{Value, json};

use super::schedule::{INVOICE_DAYS, Schedule};
use crate::{
    DateTimes, Editor, Rate, Refusal, Switches,
    state::{
        Document,
        document::{reference_of, text_of},
        moment::{self, local},
        schema::{Element, REFERENCE, Type, check, check_presence, may, must, must_or_null},
        shapes::{
            DISCOUNT, DISTRIBUTION, FIELDS, check_discounts, read_percentages, rows_of, whole_of, write_percentages,
        },
        writing::{Writing, check_client, check_product, check_user},
    },
};

const ROW: &[Element] = &[
    must("quantity", Type::Decimal),
    must("price", Type::Whole),
    may("product", Type::Object(REFERENCE)),
    must("unit", Type::Text),
    must("description", Type::Text),
    may("discount", Type::Object(DISCOUNT)),
    may("fields", FIELDS),
    may("dimensions", DISTRIBUTION),
];

/// The table of contract kleer-api §7.4. Elements that only the server sets may come along and are ignored.
const AGREEMENT: &[Element] = &[
    may("id", Type::Whole),
    must("foreign-id", Type::Text),
    may("revision-nr", Type::Whole),
    must("client-ref", Type::Object(REFERENCE)),
    must("description", Type::Text),
    may("start-date", Type::Date),
    must("start-invoice-date", Type::Date),
    may("next-invoice-date", Type::Anything),
    must_or_null("end-date", Type::Date),
    may("renewal-notification-date", Type::Date),
    must("your-reference", Type::Text),
    must_or_null("our-reference", Type::Object(REFERENCE)),
    must_or_null("approver", Type::Object(REFERENCE)),
    must("currency", Type::Text),
    must("payment-days", Type::Whole),
    must("invoice-interval-months", Type::Whole),
    must("invoice-day", Type::Enum(&INVOICE_DAYS)),
    must("po-nr", Type::Text),
    must("agreement-nr", Type::Text),
    must("subscription-nr", Type::Text),
    may(
        "accrual-configuration",
        Type::Object(&[must("accrual-account-nr", Type::Whole), must("revenue-account-nr", Type::Whole)]),
    ),
    may("notes", Type::Text),
    must("deleted", Type::Bool),
    may("fields", FIELDS),
    must("first-invoice-rows", Type::Wrapper("rows", ROW)),
    must("recurring-rows", Type::Wrapper("rows", ROW)),
    may("registration-user", Type::Anything),
    may("registration-date", Type::Anything),
];

/// The mandatory elements that only the server sets.
const READ_ONLY_MANDATORY: [&str; 3] = ["id", "revision-nr", "next-invoice-date"];
/// The wrappers of rows.
const WRAPPERS: [&str; 2] = ["first-invoice-rows", "recurring-rows"];

/// Turns a written agreement into the one that is stored, a new revision. Both sets of rows are replaced whole. Returns
/// it with the names of elements that are in no schema.
pub(crate) fn accept(writing: &Writing<'_>, mut document: Document) -> Result<(Document, Vec<String>), Refusal> {
    let Writing { company, switches, by, user, id, before } = *writing;
    if !switches.read_only_may_be_omitted && by == Editor::Api {
        check_presence(&READ_ONLY_MANDATORY, &document)?;
    }
    WRAPPERS.iter().for_each(|wrapper| read_percentages(switches.discount_percentage, &mut document, wrapper));
    // A merge patch cannot say null; a person who empties a field removes it.
    if by == Editor::Person {
        for name in ["end-date", "our-reference", "approver"] {
            document.entry(name).or_insert(Value::Null);
        }
    }
    let strangers = check(AGREEMENT, &mut document, switches.unknown_elements)?;
    for wrapper in WRAPPERS {
        check_discounts(&mut document, wrapper)?;
        let products: Vec<_> = rows_of(&mut document, wrapper).map(|row| reference_of(row, "product")).collect();
        products.into_iter().try_for_each(|product| check_product(company, product))?;
    }
    check_client(company, reference_of(&document, "client-ref"))?;
    check_user(company, switches, reference_of(&document, "our-reference"))?;
    check_user(company, switches, reference_of(&document, "approver"))?;
    let last = match by {
        Editor::Api => before.map_or(0, |before| whole_of(before, "revision-nr")),
        Editor::Person => id.map_or(0, |_| whole_of(&document, "revision-nr")),
    };
    let mut set = |name: &str, value: Value| document.insert(name.to_owned(), value);
    set("revision-nr", json!(last + 1));
    set("registration-user", json!({ "id": user }));
    set("registration-date", json!(local(company.now).to_string()));
    document.entry("notes").or_insert_with(|| json!(""));
    document.entry("fields").or_insert_with(|| json!({}));
    let start = text_of(&document, "start-invoice-date").to_owned();
    document.insert("start-date".to_owned(), Value::from(start));
    let next = company.next_invoice_date(id, &schedule(&document)?);
    document.insert("next-invoice-date".to_owned(), json!(next));
    Ok((document, strangers))
}

/// What decides when the agreement of a document is invoiced.
fn schedule(document: &Document) -> Result<Schedule, Refusal> {
    serde_json::from_value(Value::Object(document.clone())).map_err(|error| Refusal::Invalid(error.to_string()))
}

/// Whether stored documents are answered in another form than they are stored in.
pub(crate) fn is_reshaped(switches: &Switches) -> bool {
    switches.discount_percentage != Rate::Fraction || switches.date_times != DateTimes::Local
}

/// Brings a stored document to the form it is answered in.
pub(crate) fn reshape(switches: &Switches, document: &mut Document) {
    WRAPPERS.iter().for_each(|wrapper| write_percentages(switches.discount_percentage, document, wrapper));
    moment::reshape(switches.date_times, document, "registration-date");
}
