//! Client invoices: HubSpot's invoices, never billable there. Fields and rules: contract product §6.2; types: contract
//! kleer-api §7.2; statuses and exclusions: design §4.

use std::collections::HashSet;
use std::time::Duration;

use domain::computed::invoice_status;
use domain::{
    Direction, EnumValue, Exclusion, FieldKind, FieldSpec, KleerId, Money, ObjectSpec, ObjectType, Reference,
    SourceRecord, Target, Value,
};
use futures::stream::{self, StreamExt as _};
use jiff::civil::Date;
use kleer::{Document, FieldError, InvoiceFilter, InvoiceQuery, InvoiceWalk, RowSet};

use super::client::{CURRENCIES, DELIVERY_TYPES};
use super::reading::Reader;
use super::{Chunk, line_item};

use FieldKind::{
    Boolean, Date as Day, Decimal, Enumeration, LongText, Money as Amount, Reference as Ref, SerialNumber, Text,
};

/// Everything fixed about invoices.
pub(super) static SPEC: ObjectSpec = ObjectSpec {
    object: ObjectType::Invoice,
    label: "invoice",
    hubspot_object: "invoices",
    direction: Direction::OneWay,
    interval: Duration::from_secs(30 * 60),
    fields: &[
        FieldSpec { name: "invoice-nr", label: "Invoice number", kind: SerialNumber },
        FieldSpec { name: "foreign-id", label: "Foreign ID", kind: Text },
        FieldSpec { name: "po-nr", label: "PO number", kind: Text },
        FieldSpec { name: "client-ref.id", label: "Client ref. (ID)", kind: Ref },
        FieldSpec { name: "your-reference", label: "Your reference", kind: Text },
        FieldSpec { name: "our-reference.id", label: "Our reference (user ID)", kind: Ref },
        FieldSpec { name: "invoice-address.address1", label: "Invoice address 1", kind: Text },
        FieldSpec { name: "invoice-address.address2", label: "Invoice address 2", kind: Text },
        FieldSpec { name: "invoice-address.zip-code", label: "Invoice zip code", kind: Text },
        FieldSpec { name: "invoice-address.state", label: "Invoice state", kind: Text },
        FieldSpec { name: "invoice-address.country", label: "Invoice country", kind: Text },
        FieldSpec { name: "invoice-email", label: "Invoice email", kind: Text },
        FieldSpec { name: "delivery-name", label: "Delivery name", kind: Text },
        FieldSpec { name: "delivery-address.address1", label: "Delivery address 1", kind: Text },
        FieldSpec { name: "delivery-address.address2", label: "Delivery address 2", kind: Text },
        FieldSpec { name: "delivery-address.zip-code", label: "Delivery zip code", kind: Text },
        FieldSpec { name: "delivery-address.state", label: "Delivery state", kind: Text },
        FieldSpec { name: "delivery-address.country", label: "Delivery country", kind: Text },
        FieldSpec { name: "delivery-email", label: "Delivery email", kind: Text },
        FieldSpec { name: "invoice-date", label: "Invoice date", kind: Day },
        FieldSpec { name: "due-date", label: "Due date", kind: Day },
        FieldSpec { name: "delivery-date", label: "Delivery date", kind: Day },
        FieldSpec { name: "period.start-date", label: "Period start date", kind: Day },
        FieldSpec { name: "period.end-date", label: "Period end date", kind: Day },
        FieldSpec { name: "currency", label: "Currency", kind: Enumeration(CURRENCIES) },
        FieldSpec { name: "currency-rate", label: "Currency rate", kind: Decimal },
        FieldSpec { name: "certified", label: "Certified", kind: Boolean },
        FieldSpec { name: "sent", label: "Sent", kind: Boolean },
        FieldSpec { name: "notes", label: "Notes", kind: LongText },
        FieldSpec { name: "delivery-type", label: "Delivery type", kind: Enumeration(DELIVERY_TYPES) },
        FieldSpec { name: "vat-nr", label: "VAT number", kind: Text },
        FieldSpec { name: "country-code", label: "Country code", kind: Text },
        FieldSpec { name: "remaining", label: "Remaining", kind: Amount },
        FieldSpec { name: "disabled", label: "Disabled", kind: Boolean },
        FieldSpec { name: "edi-period-type", label: "EDI period type", kind: Enumeration(EDI_PERIOD_TYPES) },
        FieldSpec { name: "automatic-actions-disabled", label: "Auto actions disabled", kind: Boolean },
        FieldSpec { name: "agreement-nr", label: "Agreement number (ref)", kind: Text },
        FieldSpec { name: "_total_amount", label: "Total amount", kind: Amount },
        FieldSpec { name: "_status", label: "Invoice status", kind: Enumeration(STATUSES) },
    ],
    required: &["currency"],
    default_mappings: &[
        ("invoice-nr", "hs_number"),
        ("currency", "hs_currency"),
        ("invoice-date", "hs_invoice_date"),
        ("due-date", "hs_due_date"),
        ("po-nr", "hs_purchase_order_number"),
        ("_status", "hs_invoice_status"),
        ("_total_amount", "kleer_total_amount"),
        ("remaining", "kleer_remaining_amount"),
        ("your-reference", "kleer_your_reference"),
        ("agreement-nr", "kleer_agreement_number"),
    ],
    when_gone: None,
    reserved: &[],
    rules: &[],
};

const EDI_PERIOD_TYPES: &[EnumValue] = &[
    EnumValue { value: "Row", label: "Row" },
    EnumValue { value: "Invoice", label: "Invoice" },
    EnumValue { value: "None", label: "None" },
];

/// HubSpot's own values (contract hubspot-crm §3.5).
const STATUSES: &[EnumValue] = &[
    EnumValue { value: "draft", label: "Draft" },
    EnumValue { value: "open", label: "Open" },
    EnumValue { value: "paid", label: "Paid" },
    EnumValue { value: "voided", label: "Voided" },
];

/// How often a list that changes while it is read is read.
const WALKS: u8 = 2;
/// So many invoices are read one by one; where more of them lie before the window, the list begins at the oldest.
const SINGLES: usize = 30;

/// Invoices while they are read: page by page, so that the first are in HubSpot before the last are read.
#[derive(Debug)]
pub(crate) struct Reading {
    walk: InvoiceWalk,
    query: InvoiceQuery,
    /// How often the list was walked through.
    walks: u8,
    /// Those of ours that are open, the oldest first; read one by one if no page brings them.
    open: Vec<KleerId>,
    /// There is no window.
    all: bool,
    /// Those that were asked for one by one and are not there.
    pub(super) gone: HashSet<KleerId>,
    ended: bool,
}

impl Reading {
    /// The invoices from a day on, and beside them those that we know to be open: an old invoice that is paid today must not
    /// stay open in HubSpot (contract kleer-api §5 point 3).
    pub(super) fn new(from: Option<Date>, open: &[(KleerId, Date)]) -> Self {
        let before_window = open.iter().filter(|(_, date)| from.is_some_and(|from| *date < from));
        let mut lower = from;
        if before_window.clone().count() > SINGLES {
            lower = before_window.map(|(_, date)| *date).min();
        }
        let query = InvoiceQuery { filter: InvoiceFilter::All, lower, upper: None };
        Self {
            walk: InvoiceWalk::new(&query),
            query,
            walks: 1,
            open: open.iter().map(|(id, _)| *id).collect(),
            all: from.is_none(),
            gone: HashSet::new(),
            ended: false,
        }
    }

    /// Whether what was not read is not in Kleer. Never true for a window.
    pub(super) fn is_complete(&self) -> bool {
        self.ended && self.all && !self.walk.shifted()
    }

    /// The next invoices; none after the last.
    pub(super) async fn next(&mut self, kleer: &kleer::Api) -> Result<Option<Chunk>, rest::Error> {
        if self.ended {
            return Ok(None);
        }
        if let Some(page) = self.walk.next(kleer).await? {
            return Ok(Some(Chunk::Listing(page)));
        }
        if self.walk.shifted() && self.walks < WALKS {
            // The list changed while it was read: what slipped through is found by reading it once more.
            self.walks += 1;
            self.walk = InvoiceWalk::new(&self.query);
            return Ok(Some(Chunk::Singles(Vec::new())));
        }
        self.ended = true;
        if self.all { Ok(None) } else { self.singles(kleer).await.map(|singles| Some(Chunk::Singles(singles))) }
    }

    async fn singles(&mut self, kleer: &kleer::Api) -> Result<Vec<Document>, rest::Error> {
        let missing: Vec<KleerId> =
            self.open.iter().copied().filter(|id| !self.walk.contains(id.0)).take(SINGLES).collect();
        let asked = missing.into_iter().map(async |id| (id, kleer.get_invoice(id.0).await));
        let mut answers = stream::iter(asked).buffered(kleer::IN_FLIGHT.max);
        let mut singles = Vec::new();
        while let Some((id, answer)) = answers.next().await {
            match answer {
                Ok(invoice) => singles.push(invoice),
                Err(error) if error.kind() == rest::ErrorKind::Missing => drop(self.gone.insert(id)),
                // Kleer answers with 500 what concerns one record only (contract kleer-api §2).
                Err(error) if error.status == Some(500) => {
                    tracing::warn!(kleer_id = id.0, %error, "an open invoice could not be read");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(singles)
    }
}

/// What is not a field of Kleer's: status, total, what it belongs to, whether it is synchronized at all.
pub(super) fn complete(record: &mut SourceRecord, document: &Document, reader: &Reader<'_>) -> Result<(), FieldError> {
    let disabled = document.boolean("disabled")?.unwrap_or(false);
    let certified = document.boolean("certified")?.unwrap_or(false);
    let remaining = document.money("remaining")?.map(Money);
    let status = invoice_status(disabled, certified, remaining);
    let (amount, vat) = (document.money("amount")?, document.money("vat")?);
    let total = amount.or(vat).map(|_| amount.unwrap_or(0).saturating_add(vat.unwrap_or(0)));
    let date = document.date("invoice-date")?;
    record.exclusion = if !certified {
        Some(Exclusion::Draft)
    } else if total.is_some_and(|total| total < 0) {
        Some(Exclusion::Credit)
    } else if date.zip(reader.window_from).is_some_and(|(date, from)| date < from) {
        Some(Exclusion::OutsideWindow)
    } else {
        None
    };
    record.open_since = date.filter(|_| matches!(status, "open" | "draft"));
    record.values.insert("_status", Value::Choice(status.to_owned()));
    record.values.extend(total.map(|total| ("_total_amount", Value::Money(Money(total)))));
    let client = document.reference("client-ref.id")?;
    record.targets.extend(client.map(|id| Target::id(ObjectType::Client, KleerId(id))));
    record.targets.extend(agreement(document)?);
    record.rows = line_item::read(document, RowSet::Invoice, "row", None, reader)?.rows;
    Ok(())
}

/// The reference says which agreement made the invoice; the number is typed by people (contract kleer-api §11).
fn agreement(document: &Document) -> Result<Option<Target>, FieldError> {
    if let Some(id) = document.reference("client-agreement-ref.id")? {
        return Ok(Some(Target::id(ObjectType::Agreement, KleerId(id))));
    }
    let number = document.text("agreement-nr")?.map(str::trim).filter(|number| !number.is_empty());
    Ok(number.map(|number| Target { object: ObjectType::Agreement, reference: Reference::Number(number.to_owned()) }))
}
