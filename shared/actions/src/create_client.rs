//! *Create Kleer Client*: a client of what is filled in (contract kleer-api §7.1).

use domain::ObjectType;
use kleer::Document;
use serde_json::{Value, json};

use crate::client_card::{PAYMENT_DAYS, address};
use crate::code::ErrorCode;
use crate::common::MOST_DAYS;
use crate::definition::{Choice, Definition, Input, Live, Meaning, Output, RunsOn};
use crate::inputs::{Reading, Wished};
use crate::live::{look_up, look_up_id};
use crate::outcome::{Done, Failure, Trouble};
use crate::words::{Words, words};
use crate::work::{Enrolled, Work};

/// The client's id, on companies.
pub(crate) const CLIENT_ID: Output = Output { name: "kleer_id", label: words("Kleer ID", "Kleer-ID") };

/// The codes of actions on companies.
pub(crate) const COMPANY_CODES: &[ErrorCode] = &[
    ErrorCode::NotConnected,
    ErrorCode::WrongObject,
    ErrorCode::RecordNotFound,
    ErrorCode::MissingValue,
    ErrorCode::InvalidDate,
    ErrorCode::InvalidNumber,
    ErrorCode::InvalidCurrency,
    ErrorCode::UnknownValue,
    ErrorCode::KleerRejected,
    ErrorCode::KleerDenied,
    ErrorCode::HubspotRefused,
];

const fn text(name: &'static str, label: Words, help: Words) -> Input {
    Input::text(name, label, help, Meaning::Text)
}

/// Everything fixed about it.
pub(crate) static DEFINITION: Definition = Definition {
    name: "create-client",
    uid: "create_client",
    runs_on: RunsOn::Companies,
    title: words("Create Kleer Client", "Skapa kund i Kleer"),
    description: words(
        "Creates a client in Kleer from what is filled in here, and connects the company with it. Does nothing if the company has a \
         Kleer ID.",
        "Skapar en kund i Kleer av det som fylls i här och kopplar företaget till den. Gör ingenting om företaget redan har ett \
         Kleer-ID.",
    ),
    card: words("Create a client in Kleer", "Skapa en kund i Kleer"),
    inputs: &[
        text("name", words("Name", "Namn"), words("Without it: the company's name.", "Om tomt: företagets namn.")),
        text(
            "organization_number",
            words("Organization Number", "Organisationsnummer"),
            words("Such as 556677-8899.", "Till exempel 556677-8899."),
        ),
        text(
            "vat_number",
            words("VAT Number", "Momsregistreringsnummer"),
            words("Such as SE556677889901.", "Till exempel SE556677889901."),
        ),
        text(
            "email",
            words("Email", "E-post"),
            words("Where invoices go by e-mail.", "Dit fakturor skickas med e-post."),
        ),
        text("phone", words("Phone", "Telefon"), words("Telephone number.", "Telefonnummer.")),
        text("address_line_1", words("Address Line 1", "Adressrad 1"), words("Street and number.", "Gata och nummer.")),
        text("address_line_2", words("Address Line 2", "Adressrad 2"), words("Such as c/o.", "Till exempel c/o.")),
        text("zip_code", words("Zip Code", "Postnummer"), words("Postal code.", "Postnummer.")),
        text("city_state", words("City/State", "Ort"), words("The town.", "Postort.")),
        text("country", words("Country", "Land"), words("The country's name.", "Landets namn.")),
        Input::text(
            "country_code",
            words("Country Code", "Landskod"),
            words(
                "Two letters. Without it: SE, if the country is empty or Sweden.",
                "Två bokstäver. Om tomt: SE, om landet är tomt eller Sverige.",
            ),
            Meaning::Country,
        ),
        Input::text(
            "currency",
            words("Currency", "Valuta"),
            words(
                "SEK, EUR, USD, NOK, DKK, GBP or another one that Kleer has.",
                "SEK, EUR, USD, NOK, DKK, GBP eller en annan som finns i Kleer.",
            ),
            Meaning::Currency,
        ),
        Input::typed(
            "payment_days",
            words("Payment Days", "Betalningsvillkor (dagar)"),
            words("Without it: 30.", "Om tomt: 30."),
            Meaning::Whole { least: 0, most: MOST_DAYS },
        ),
        Input::typed(
            "delivery_type",
            words("Delivery Type", "Leveranssätt"),
            words(
                "How invoices are sent. Without it: Kleer's default.",
                "Hur fakturor skickas. Om tomt: standard i Kleer.",
            ),
            Meaning::Live(Live::DeliveryTypes),
        ),
        Input::typed(
            "client_type",
            words("Client Type", "Kundtyp"),
            words("Without it: organisation.", "Om tomt: organisation."),
            Meaning::Choice(CLIENT_TYPES),
        ),
        text("contact", words("Contact", "Kontaktperson"), words("A person there.", "En person hos kunden.")),
        Input::typed(
            "responsible_user",
            words("Responsible User", "Ansvarig användare"),
            words("One of the users in Kleer. Without it: none.", "En av användarna i Kleer. Om tomt: ingen."),
            Meaning::Live(Live::Users),
        ),
        Input::typed(
            "invoice_template",
            words("Invoice Template", "Fakturamall"),
            words(
                "One of the templates in Kleer. Without it: automatic.",
                "En av mallarna i Kleer. Om tomt: automatisk.",
            ),
            Meaning::Live(Live::Templates),
        ),
    ],
    id_output: CLIENT_ID,
    codes: COMPANY_CODES,
};

const CLIENT_TYPES: &[Choice] = &[
    Choice { value: "Organisation", label: words("Organisation", "Organisation") },
    Choice { value: "Person", label: words("Person", "Person") },
];

/// What stands in its inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Inputs {
    pub(crate) name: Option<String>,
    orgno: Option<String>,
    vat_nr: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    /// In the order of [`crate::client_card::ADDRESS`].
    address: [Option<String>; 5],
    country_code: Option<String>,
    currency: Option<String>,
    payment_days: Option<i64>,
    pub(crate) delivery_type: Option<Wished>,
    client_type: Option<&'static str>,
    contact: Option<String>,
    pub(crate) responsible_user: Option<Wished>,
    pub(crate) invoice_template: Option<Wished>,
}

impl Inputs {
    pub(crate) fn read(read: &Reading<'_>) -> Result<Self, Failure> {
        Ok(Self {
            name: read.text("name")?,
            orgno: read.text("organization_number")?,
            vat_nr: read.text("vat_number")?,
            email: read.text("email")?,
            phone: read.text("phone")?,
            address: [
                read.text("address_line_1")?,
                read.text("address_line_2")?,
                read.text("zip_code")?,
                read.text("city_state")?,
                read.text("country")?,
            ],
            country_code: read.country("country_code")?,
            currency: read.currency("currency")?,
            payment_days: read.whole("payment_days")?,
            delivery_type: read.live("delivery_type"),
            client_type: read.choice("client_type")?,
            contact: read.text("contact")?,
            responsible_user: read.live("responsible_user"),
            invoice_template: read.live("invoice_template"),
        })
    }
}

/// What was looked up in Kleer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) delivery_type: Option<String>,
    pub(crate) user: Option<i64>,
    pub(crate) template: Option<i64>,
}

/// The client, in Kleer's words.
///
/// # Errors
/// If it has no name.
pub(crate) fn document(inputs: &Inputs, company_name: Option<&str>, found: &Found) -> Result<Document, Failure> {
    let name = inputs.name.as_deref().or(company_name).ok_or_else(no_name)?;
    let text = |text: &Option<String>| json!(text.as_deref().unwrap_or_default());
    let lines = inputs.address.clone().map(Option::unwrap_or_default);
    let country = inputs.country_code.as_deref().unwrap_or_else(|| country_code(&lines[4]));
    let mut client = blank();
    let mut set = |name: &str, value: Value| client.set(name, value);
    set("name", json!(name));
    set("contact", text(&inputs.contact));
    set("address", address(&lines));
    set("email", text(&inputs.email));
    set("client-type", json!(inputs.client_type.unwrap_or("Organisation")));
    set("country-code", json!(country));
    if let Some(currency) = &inputs.currency {
        set("currency-type", json!(currency));
    }
    set("payment-days", json!(inputs.payment_days.unwrap_or(PAYMENT_DAYS)));
    set("orgno", text(&inputs.orgno));
    set("phone", text(&inputs.phone));
    set("user", json!({ "id": found.user.unwrap_or(0) }));
    if let Some(delivery_type) = &found.delivery_type {
        set("delivery-type", json!(delivery_type));
    }
    set("vat-nr", text(&inputs.vat_nr));
    if let Some(template) = found.template {
        set("template", json!({ "id": template }));
    }
    Ok(client)
}

/// A client without anything: all that Kleer wants to be there (contract kleer-api §7.1).
pub(crate) fn blank() -> Document {
    let mut client = Document::default();
    for name in ["name", "contact", "email", "orgno", "phone", "vat-nr"] {
        client.set(name, "");
    }
    client.set("address", address(&<[String; 5]>::default()));
    client.set("client-type", "Organisation");
    client.set("country-code", country_code(""));
    // Deprecated: 0 is to be written always. 0 is nobody, too.
    client.set("accountnr", 0);
    client.set("payment-days", PAYMENT_DAYS);
    client.set("user", json!({ "id": 0 }));
    client.set("active", true);
    client
}

/// The code of a country that is named: Sweden's where nothing else is said.
pub(crate) fn country_code(country: &str) -> &'static str {
    match country.trim().to_lowercase().as_str() {
        "" | "se" | "sverige" | "sweden" => "SE",
        _ => "",
    }
}

/// Neither an input nor the record names it.
pub(crate) fn no_name() -> Failure {
    let message = "The name is empty here and on the company. Fill in Name, or the company's name in HubSpot.";
    Failure { field: Some("name"), ..Failure::new(ErrorCode::MissingValue, message) }
}

/// What it does.
///
/// # Errors
/// See [`Trouble`].
pub(crate) async fn run(work: &Work<'_>) -> Result<Done, Trouble> {
    let company = match work.enrolled(&["name"]).await? {
        Enrolled::Has(id) => return Ok(work.skipped(id)),
        Enrolled::Open(company) => company,
    };
    let inputs = Inputs::read(&work.inputs())?;
    let kleer = &work.connection.kleer;
    let found = Found {
        delivery_type: look_up(kleer, inputs.delivery_type.as_ref()).await?,
        user: look_up_id(kleer, inputs.responsible_user.as_ref()).await?,
        template: look_up_id(kleer, inputs.invoice_template.as_ref()).await?,
    };
    let name = company.value("name").map(str::trim).filter(|name| !name.is_empty());
    let document = document(&inputs, name, &found)?;
    work.create(ObjectType::Client, &document, String::new()).await
}
