//! Agreements (recurring invoicing): HubSpot's subscriptions, which never make invoices there. Fields and rules: contract
//! product §6.3; types: contract kleer-api §7.4.

use std::time::Duration;

use domain::computed::{agreement_status, billing_frequency, recurring_revenue};
use domain::{
    Direction, EnumValue, FieldKind, FieldSpec, KleerId, ObjectSpec, ObjectType, SourceRecord, Target, Value,
};
use kleer::{Document, FieldError, RowSet};

use super::client::CURRENCIES;
use super::line_item;
use super::reading::Reader;

use FieldKind::{Date, Enumeration, Integer, LongText, Money, Reference, Text};

/// The field that may stay away, and then has the value of `start-invoice-date`.
const START: &str = "start-date";

/// Everything fixed about agreements.
pub(super) static SPEC: ObjectSpec = ObjectSpec {
    object: ObjectType::Agreement,
    label: "agreement",
    hubspot_object: "subscriptions",
    direction: Direction::OneWay,
    interval: Duration::from_secs(30 * 60),
    fields: &[
        FieldSpec { name: "foreign-id", label: "Foreign ID", kind: Text },
        FieldSpec { name: "revision-nr", label: "Revision number", kind: Integer },
        FieldSpec { name: "client-ref.id", label: "Client ref. (ID)", kind: Reference },
        FieldSpec { name: "description", label: "Description", kind: Text },
        FieldSpec { name: START, label: "Start date", kind: Date },
        FieldSpec { name: "start-invoice-date", label: "Start invoice date", kind: Date },
        FieldSpec { name: "end-date", label: "End date", kind: Date },
        FieldSpec { name: "renewal-notification-date", label: "Renewal notification date", kind: Date },
        FieldSpec { name: "your-reference", label: "Your reference", kind: Text },
        FieldSpec { name: "our-reference.id", label: "Our reference (user ID)", kind: Reference },
        FieldSpec { name: "currency", label: "Currency", kind: Enumeration(CURRENCIES) },
        FieldSpec { name: "payment-days", label: "Payment days", kind: Integer },
        FieldSpec { name: "invoice-interval-months", label: "Invoice interval (months)", kind: Integer },
        FieldSpec { name: "invoice-day", label: "Invoice day", kind: Enumeration(INVOICE_DAYS) },
        FieldSpec { name: "po-nr", label: "PO number", kind: Text },
        FieldSpec { name: "agreement-nr", label: "Agreement number", kind: Text },
        FieldSpec { name: "subscription-nr", label: "Subscription number", kind: Text },
        FieldSpec { name: "notes", label: "Notes", kind: LongText },
        FieldSpec { name: "_mrr", label: "Monthly recurring revenue", kind: Money },
        FieldSpec { name: "_arr", label: "Annual recurring revenue", kind: Money },
        FieldSpec { name: "_billing_frequency", label: "Billing frequency", kind: Enumeration(FREQUENCIES) },
        FieldSpec { name: "_status", label: "Status", kind: Enumeration(STATUSES) },
    ],
    required: &["description"],
    default_mappings: &[
        ("description", "hs_name"),
        ("currency", "hs_currency_code"),
        (START, "hs_recurring_billing_start_date"),
        ("_billing_frequency", "hs_recurring_billing_frequency"),
        ("payment-days", "hs_net_payment_terms"),
        ("_status", "hs_status"),
        ("end-date", "kleer_end_date"),
        ("_mrr", "kleer_mrr"),
        ("_arr", "kleer_arr"),
        ("agreement-nr", "kleer_agreement_number"),
        ("renewal-notification-date", "kleer_renewal_date"),
    ],
    when_gone: Some(("_status", "canceled")),
    reserved: &[],
    rules: &[],
};

/// The list grows in Kleer (contract kleer-api §7.4): unknown values pass through.
const INVOICE_DAYS: &[EnumValue] = &[
    EnumValue { value: "INVOICE_AT_START", label: "Invoice at start" },
    EnumValue { value: "PAY_AT_START", label: "Pay at start" },
    EnumValue { value: "INVOICE_AT_END", label: "Invoice at end" },
    EnumValue { value: "INVOICE_AT_START_MONTH", label: "Invoice at start of month" },
    EnumValue { value: "INVOICE_60_DAYS_PRIOR_TO_PERIOD_START", label: "Invoice 60 days prior" },
    EnumValue { value: "INVOICE_AT_END_MONTH", label: "Invoice at end of month" },
    EnumValue { value: "INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START", label: "Invoice 1 day prior" },
    EnumValue { value: "INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START", label: "Invoice 5 days prior" },
];

const FREQUENCIES: &[EnumValue] = &[
    EnumValue { value: "weekly", label: "Weekly" },
    EnumValue { value: "biweekly", label: "Biweekly" },
    EnumValue { value: "monthly", label: "Monthly" },
    EnumValue { value: "quarterly", label: "Quarterly" },
    EnumValue { value: "per_six_months", label: "Per six months" },
    EnumValue { value: "annually", label: "Annually" },
    EnumValue { value: "per_two_years", label: "Per two years" },
    EnumValue { value: "per_three_years", label: "Per three years" },
    EnumValue { value: "per_four_years", label: "Per four years" },
    EnumValue { value: "per_five_years", label: "Per five years" },
];

const STATUSES: &[EnumValue] = &[
    EnumValue { value: "active", label: "Active" },
    EnumValue { value: "expired", label: "Expired" },
    EnumValue { value: "scheduled", label: "Scheduled" },
    EnumValue { value: "canceled", label: "Canceled" },
];

/// What is not a field of Kleer's: status, revenue, frequency, what it belongs to, its rows.
pub(super) fn complete(record: &mut SourceRecord, document: &Document, reader: &Reader<'_>) -> Result<(), FieldError> {
    let deleted = document.boolean("deleted")?.unwrap_or(false);
    // The one is an alias of the other, and deprecated (contract kleer-api §7.4).
    let start = document.date(START)?.map_or_else(|| document.date("start-invoice-date"), |date| Ok(Some(date)))?;
    let is_read = |name: &str| reader.fields.iter().any(|field| field.name == name);
    if let Some(start) = start.filter(|_| is_read(START)) {
        record.values.insert(START, Value::Date(start));
    }
    let status = agreement_status(deleted, start, document.date("end-date")?, reader.today);
    record.values.insert("_status", Value::Choice(status.to_owned()));
    let interval = document.integer("invoice-interval-months")?.unwrap_or(0);
    let frequency = billing_frequency(interval);
    record.values.extend(frequency.map(|word| ("_billing_frequency", Value::Choice(word.to_owned()))));
    let recurring = line_item::read(document, RowSet::Recurring, "recurring", Some(frequency.unwrap_or("")), reader)?;
    if let Some(revenue) = recurring_revenue(&recurring.amounts, interval) {
        record.values.insert("_mrr", Value::Money(revenue.monthly));
        record.values.insert("_arr", Value::Money(revenue.annual));
    }
    let first = line_item::read(document, RowSet::FirstInvoice, "first", None, reader)?;
    record.rows = recurring.rows;
    record.rows.extend(first.rows);
    let client = document.reference("client-ref.id")?;
    record.targets.extend(client.map(|id| Target::id(ObjectType::Client, KleerId(id))));
    let number = document.text("agreement-nr")?.map(str::trim).filter(|number| !number.is_empty());
    record.number = number.map(str::to_owned);
    Ok(())
}
