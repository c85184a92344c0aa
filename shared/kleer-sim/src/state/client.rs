//! Clients: Kleer's word for customers (contract kleer-api §7.1).

use serde::Deserialize;
use serde_json::Value;

use super::{
    Company, Reference,
    document::{Document, Encoder, merge_patch, parse, reference_of, text_of},
    schema::{Element, REFERENCE, Type, check, may, may_be_null, must},
    writing::{check_delivery_type, check_user},
};
use crate::{OmittedActive, Refusal, Spelling, Switches};

/// The two values of `client-type` (contract kleer-api §10).
const CLIENT_TYPES: [&str; 2] = ["Organisation", "Person"];

/// A postal address; all of it, or none (contract kleer-api §7.1).
pub(super) const ADDRESS: &[Element] = &[
    must("address1", Type::Text),
    must("address2", Type::Text),
    must("zip-code", Type::Text),
    must("state", Type::Text),
    must("country", Type::Text),
];

/// The table of contract kleer-api §7.1. `id` may come along and is ignored.
const CLIENT: &[Element] = &[
    may("id", Type::Whole),
    must("foreign-id", Type::Text),
    must("name", Type::Text),
    must("contact", Type::Text),
    must("address", Type::Object(ADDRESS)),
    must("email", Type::Text),
    may("client-type", Type::Text),
    must("country-code", Type::Text),
    may("currency-type", Type::Text),
    may("notes", Type::Text),
    must("accountnr", Type::Whole),
    must("payment-days", Type::Whole),
    must("orgno", Type::Text),
    must("phone", Type::Text),
    must("user", Type::Object(REFERENCE)),
    may("delivery-type", Type::Text),
    may("vat-nr", Type::Text),
    may("gln", Type::Text),
    may("edi-recipient", Type::Object(&[must("name", Type::Text)])),
    may("fetch-edi-recipient", Type::Bool),
    may_be_null("template", Type::Object(REFERENCE)),
    may_be_null("approver", Type::Object(REFERENCE)),
    may("dimension-entries", Type::Wrapper("dimension-entries", REFERENCE)),
    may("client-broker", Type::Wrapper("client-brokers", REFERENCE)),
    may("active", Type::Bool),
];

/// The elements that an update leaves alone when it omits them; `delivery-type` is one more, also when it is empty.
const UNCHANGED_IF_OMITTED: [&str; 4] = ["template", "approver", "dimension-entries", "client-broker"];

/// A postal address. Swedes put the town into `state` (contract kleer-api §7.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Address {
    /// Street and number.
    pub address1: String,
    /// Second line, often a c/o.
    pub address2: String,
    /// `123 45`
    pub zip_code: String,
    /// The town.
    pub state: String,
    /// The country's name.
    pub country: String,
}

/// A client, typed for tests, seeds and the demo. The stored truth is its JSON document, which may hold more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Client {
    /// Given by Kleer; ignored when a client is added.
    pub id: i64,
    /// Another system's id for it.
    pub foreign_id: String,
    /// The client's name.
    pub name: String,
    /// A person there.
    pub contact: String,
    /// Where invoices go.
    pub address: Address,
    /// Where invoices go by e-mail.
    pub email: String,
    /// `Organisation` or `Person`.
    #[serde(default)]
    pub client_type: Option<String>,
    /// ISO 3166-1 alpha-2, such as `SE`.
    pub country_code: String,
    /// ISO 4217, such as `SEK`.
    #[serde(default)]
    pub currency_type: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// Days from an invoice's date until it is due.
    pub payment_days: i64,
    /// Organisation number, such as `556677-8899`.
    pub orgno: String,
    /// Telephone number.
    pub phone: String,
    /// The responsible user; id 0 is nobody.
    pub user: Reference,
    /// One of the company's delivery types.
    #[serde(default)]
    pub delivery_type: Option<String>,
    /// VAT number, such as `SE556677889901`.
    #[serde(default)]
    pub vat_nr: Option<String>,
    /// Global location number.
    pub gln: Option<String>,
    /// The invoice template; none is automatic.
    pub template: Option<Reference>,
    /// Who approves invoices.
    pub approver: Option<Reference>,
    /// Whether the client is in use.
    pub active: bool,
}

impl Default for Client {
    fn default() -> Client {
        Client {
            id: 0,
            foreign_id: String::new(),
            name: String::new(),
            contact: String::new(),
            address: Address::default(),
            email: String::new(),
            client_type: Some(CLIENT_TYPES[0].to_owned()),
            country_code: "SE".to_owned(),
            currency_type: Some("SEK".to_owned()),
            notes: None,
            payment_days: 30,
            orgno: String::new(),
            phone: String::new(),
            user: Reference { id: 0 },
            delivery_type: Some("Email".to_owned()),
            vat_nr: Some(String::new()),
            gln: None,
            template: None,
            approver: None,
            active: true,
        }
    }
}

impl Client {
    /// The document that Kleer answers, in the schema's order.
    pub(crate) fn encode(&self) -> String {
        let mut text = Encoder::new(700);
        text.number("id", self.id).text("foreign-id", &self.foreign_id).text("name", &self.name);
        text.text("contact", &self.contact).raw("address", &self.address.encode()).text("email", &self.email);
        text.optional_text("client-type", self.client_type.as_deref()).text("country-code", &self.country_code);
        text.optional_text("currency-type", self.currency_type.as_deref());
        text.optional_text("notes", self.notes.as_deref());
        text.number("accountnr", 0).number("payment-days", self.payment_days).text("orgno", &self.orgno);
        text.text("phone", &self.phone).reference("user", self.user.id);
        text.optional_text("delivery-type", self.delivery_type.as_deref());
        text.optional_text("vat-nr", self.vat_nr.as_deref()).optional_text("gln", self.gln.as_deref());
        text.nullable_reference("template", self.template).nullable_reference("approver", self.approver);
        text.raw("dimension-entries", "{}").raw("client-broker", "{}");
        text.raw("active", if self.active { "true" } else { "false" }).finish()
    }
}

impl Address {
    pub(super) fn encode(&self) -> String {
        let mut text = Encoder::new(150);
        text.text("address1", &self.address1).text("address2", &self.address2).text("zip-code", &self.zip_code);
        text.text("state", &self.state).text("country", &self.country).finish()
    }
}

/// What the form in Kleer's own pages starts with, and `filled` in by the user.
pub(crate) fn filled_form(filled: Document) -> Document {
    let mut document = parse(&Client::default().encode());
    merge_patch(&mut document, filled);
    document
}

/// Turns a written document into the one that is stored; `before` is the stored one of an update. Returns it with
/// the names of elements that are in no schema.
pub(crate) fn accept(
    company: &Company,
    switches: &Switches,
    before: Option<&Document>,
    mut document: Document,
) -> Result<(Document, Vec<String>), Refusal> {
    let strangers = check(CLIENT, &mut document, switches.unknown_elements)?;
    document.shift_remove("fetch-edi-recipient");
    document.insert("accountnr".to_owned(), Value::from(0));
    read_spelling(switches, &mut document)?;
    fill_omitted(company, switches, before, &mut document);
    check_references(company, switches, &document)?;
    check_codes(switches, &document)?;
    Ok((document, strangers))
}

/// What omission means (contract kleer-api §7.1): unchanged on update where the table says so, the default on create.
fn fill_omitted(company: &Company, switches: &Switches, before: Option<&Document>, document: &mut Document) {
    let nothing = |name: &str| match name {
        "template" | "approver" => Value::Null,
        _ => Value::Object(Document::new()),
    };
    for name in UNCHANGED_IF_OMITTED.into_iter().filter(|name| !document.contains_key(*name)).collect::<Vec<_>>() {
        let kept = before.and_then(|before| before.get(name)).cloned();
        document.insert(name.to_owned(), kept.unwrap_or_else(|| nothing(name)));
    }
    if text_of(document, "delivery-type").is_empty() {
        let kept = before.map(|before| text_of(before, "delivery-type")).filter(|kept| !kept.is_empty());
        let chosen = kept.or_else(|| company.default_delivery_type()).unwrap_or_default().to_owned();
        document.insert("delivery-type".to_owned(), Value::from(chosen));
    }
    if !document.contains_key("active") {
        let was = before.and_then(|before| before.get("active")).and_then(Value::as_bool);
        let active = match (was, switches.omitted_active) {
            (Some(was), OmittedActive::Unchanged) => was,
            (Some(_), OmittedActive::Inactive) => false,
            (Some(_), OmittedActive::Active) | (None, _) => true,
        };
        document.insert("active".to_owned(), Value::from(active));
    }
}

fn check_references(company: &Company, switches: &Switches, document: &Document) -> Result<(), Refusal> {
    let user = reference_of(document, "user").unwrap_or_default();
    let nobody = user == 0 && switches.user_zero_is_nobody;
    check_user(company, switches, (!nobody).then_some(user))?;
    check_user(company, switches, reference_of(document, "approver"))?;
    check_delivery_type(company, switches, text_of(document, "delivery-type"))
}

fn check_codes(switches: &Switches, document: &Document) -> Result<(), Refusal> {
    let letters = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let country = text_of(document, "country-code");
    let currency = text_of(document, "currency-type");
    let wrong = if !country.is_empty() && !letters(country, 2) {
        Some(("InvalidCountryCodeException", format!("Ogiltig landskod {country}")))
    } else if !currency.is_empty() && !letters(currency, 3) {
        Some(("InvalidCurrencyTypeException", format!("Ogiltig valuta {currency}")))
    } else {
        None
    };
    match wrong.filter(|_| switches.codes_checked) {
        Some((class, message)) => Err(Refusal::Business { class, message }),
        None => Ok(()),
    }
}

/// `client-type` is stored in CamelCase, whatever it is spelled like outside.
fn read_spelling(switches: &Switches, document: &mut Document) -> Result<(), Refusal> {
    let written = text_of(document, "client-type");
    let stored = CLIENT_TYPES.into_iter().find(|name| switches.client_type_spelling.spell(name) == written);
    if let Some(name) = stored {
        document.insert("client-type".to_owned(), Value::from(name));
    } else if !written.is_empty() && switches.codes_checked {
        let message = format!("Ogiltig kundtyp {written}");
        return Err(Refusal::Business { class: "InvalidClientTypeException", message });
    }
    Ok(())
}

/// Whether stored documents are answered in another form than they are stored in.
pub(crate) fn is_reshaped(switches: &Switches) -> bool {
    switches.client_type_spelling != Spelling::Camel
}

/// Brings a stored document to the form it is answered in.
pub(crate) fn reshape(switches: &Switches, document: &mut Document) {
    let spelled = switches.client_type_spelling.spell(text_of(document, "client-type"));
    if !spelled.is_empty() {
        document.insert("client-type".to_owned(), Value::from(spelled));
    }
}
