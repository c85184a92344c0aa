//! Products (contract kleer-api §7.5).

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Reference,
    document::{Document, Encoder, merge_patch, parse, text_of},
    schema::{Element, REFERENCE, Type, check, may, must},
    shapes::{number, optional_decimal},
};
use crate::{Rate, Refusal, Spelling, Switches};

/// The values of `type` in the schema's own spelling (contract kleer-api §10, purchase-type), and as they are stored.
const TYPES: [(&str, &str); 3] =
    [("Goods", "GOODS"), ("Services", "SERVICES"), ("DigitalServices", "DIGITAL_SERVICES")];

/// The table of contract kleer-api §7.5. `id` may come along and is ignored.
const PRODUCT: &[Element] = &[
    may("id", Type::Whole),
    must("foreign-id", Type::Text),
    must("name", Type::Text),
    may("type", Type::Enum(&[TYPES[0].1, TYPES[1].1, TYPES[2].1])),
    must("unit", Type::Text),
    must("price", Type::Whole),
    must("ean", Type::Whole),
    may("dimension-entries", Type::Wrapper("dimension-entries", REFERENCE)),
    may("account-nr", Type::Whole),
    may("vat-percentage", Type::Decimal),
    may("accounts", Type::Object(&[may("se", Type::Whole), may("eu", Type::Whole), may("export", Type::Whole)])),
];

/// A product, typed for tests, seeds and the demo. The stored truth is its JSON document.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Product {
    /// Given by Kleer; ignored when a product is added.
    pub id: i64,
    /// Another system's id for it: the article number.
    pub foreign_id: String,
    /// The product's name.
    pub name: String,
    /// `GOODS`, `SERVICES` or `DIGITAL_SERVICES`.
    #[serde(default)]
    pub r#type: Option<String>,
    /// `st`, `tim`, `mån`, `km` …
    pub unit: String,
    /// Öre per unit, without VAT, in the company's accounting currency.
    pub price: i64,
    /// The ledger account of its sales.
    #[serde(default)]
    pub account_nr: Option<i64>,
    /// Domestic VAT as a fraction: 0.25.
    #[serde(default, deserialize_with = "optional_decimal")]
    pub vat_percentage: Option<Decimal>,
    /// What the product is booked on besides accounts.
    pub dimension_entries: DimensionEntries,
}

/// The wrapper of references to dimension entries (contract kleer-api §3, rule 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct DimensionEntries {
    /// The entries.
    pub dimension_entries: Vec<Reference>,
}

impl Default for Product {
    fn default() -> Product {
        Product {
            id: 0,
            foreign_id: String::new(),
            name: String::new(),
            r#type: Some(TYPES[1].1.to_owned()),
            unit: "st".to_owned(),
            price: 0,
            account_nr: Some(3001),
            vat_percentage: Some(Decimal::new(25, 2)),
            dimension_entries: DimensionEntries::default(),
        }
    }
}

impl Product {
    /// The document that Kleer answers, in the schema's order.
    pub(crate) fn encode(&self) -> String {
        let mut text = Encoder::new(350);
        text.number("id", self.id).text("foreign-id", &self.foreign_id).text("name", &self.name);
        text.optional_text("type", self.r#type.as_deref()).text("unit", &self.unit);
        text.number("price", self.price).number("ean", 0);
        let entries = self.dimension_entries.dimension_entries.iter().map(|entry| entry.id);
        text.references("dimension-entries", "dimension-entries", entries);
        if let Some(account) = self.account_nr {
            text.number("account-nr", account);
        }
        if let Some(rate) = self.vat_percentage {
            text.raw("vat-percentage", &rate.to_string());
        }
        if let Some(account) = self.account_nr {
            text.raw("accounts", &format!("{{\"se\":{account},\"eu\":{account},\"export\":{account}}}"));
        }
        text.finish()
    }
}

/// What the form in Kleer's own pages starts with, and `filled` in by the user.
pub(crate) fn filled_form(filled: Document) -> Document {
    let mut document = parse(&Product::default().encode());
    merge_patch(&mut document, filled);
    document
}

/// Turns a written document into the one that is stored. Returns it with the names of elements that are in no schema.
pub(crate) fn accept(switches: &Switches, mut document: Document) -> Result<(Document, Vec<String>), Refusal> {
    read_spelling(switches, &mut document)?;
    let strangers = check(PRODUCT, &mut document, switches.unknown_elements)?;
    document.entry("dimension-entries").or_insert_with(|| Value::Object(Document::new()));
    if switches.vat_percentage == Rate::Percent {
        scale_rate(&mut document, |rate| rate / Decimal::ONE_HUNDRED);
    }
    mirror_accounts(&mut document);
    Ok((document, strangers))
}

/// `accounts` is deprecated: not written, and equal to `account-nr` three times on read.
fn mirror_accounts(document: &mut Document) {
    document.shift_remove("accounts");
    if let Some(account) = document.get("account-nr").cloned() {
        let accounts = ["se", "eu", "export"].map(|name| (name.to_owned(), account.clone()));
        document.insert("accounts".to_owned(), Value::Object(accounts.into_iter().collect()));
    }
}

/// A value in the spelling of the other representation is a value that the schema does not have.
fn read_spelling(switches: &Switches, document: &mut Document) -> Result<(), Refusal> {
    let written = text_of(document, "type");
    if written.is_empty() {
        return Ok(());
    }
    let known = TYPES.into_iter().find(|(name, _)| switches.enum_spelling.spell(name) == written);
    let (_, stored) = known.ok_or_else(|| Refusal::Invalid(format!("element type has no value {written}")))?;
    document.insert("type".to_owned(), Value::from(stored));
    Ok(())
}

/// Whether stored documents are answered in another form than they are stored in.
pub(crate) fn is_reshaped(switches: &Switches) -> bool {
    switches.enum_spelling != Spelling::UpperSnake || switches.vat_percentage != Rate::Fraction
}

/// Brings a stored document to the form it is answered in.
pub(crate) fn reshape(switches: &Switches, document: &mut Document) {
    let stored = text_of(document, "type");
    if let Some((name, _)) = TYPES.into_iter().find(|(_, other)| *other == stored) {
        document.insert("type".to_owned(), Value::from(switches.enum_spelling.spell(name)));
    }
    if switches.vat_percentage == Rate::Percent {
        scale_rate(document, |rate| rate * Decimal::ONE_HUNDRED);
    }
}

fn scale_rate(document: &mut Document, scale: impl Fn(Decimal) -> Decimal) {
    let Some(Value::Number(written)) = document.get("vat-percentage") else { return };
    let Ok(rate) = written.as_str().parse::<Decimal>() else { return };
    document.insert("vat-percentage".to_owned(), number(scale(rate)));
}
