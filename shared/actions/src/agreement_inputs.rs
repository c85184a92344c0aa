//! The ten inputs that *Create* and *Update Kleer Agreement* have in common (contract product §7.4, §7.5), and how often an
//! agreement is invoiced.

use jiff::civil::Date;

use crate::code::ErrorCode;
use crate::common::{CURRENCY, INVOICE_DAYS, MOST_DAYS, PO_NUMBER, YOUR_REFERENCE};
use crate::definition::{Definition, Input, Meaning};
use crate::inputs::Reading;
use crate::line_items::{Billing, LineItem};
use crate::outcome::Failure;
use crate::words::words;

/// Longer intervals are typing errors.
const MOST_MONTHS: i64 = 120;

/// The inputs, in the product's order.
pub(crate) const INPUTS: &[Input] = &[
    Input::text(
        "name",
        words("Name", "Namn"),
        words(
            "What the agreement is called. On creation without it: the deal's name.",
            "Avtalets namn. Om tomt när avtalet skapas: affärens namn.",
        ),
        Meaning::Text,
    ),
    Input::text(
        "start_date",
        words("Start Date", "Startdatum"),
        words(
            "YYYY-MM-DD. Kleer has one start date only, that of the first invoice: this is used if Start Invoice Date is empty.",
            "ÅÅÅÅ-MM-DD. Kleer har bara ett startdatum, den första fakturans: detta används om Startdatum för fakturering är tomt.",
        ),
        Meaning::Date,
    ),
    Input::text(
        "start_invoice_date",
        words("Start Invoice Date", "Startdatum för fakturering"),
        words(
            "YYYY-MM-DD, the date of the first invoice. On creation without it: Start Date, else today.",
            "ÅÅÅÅ-MM-DD, datum för första fakturan. Om tomt när avtalet skapas: Startdatum, annars dagens datum.",
        ),
        Meaning::Date,
    ),
    Input::text(
        "end_date",
        words("End Date", "Slutdatum"),
        words("YYYY-MM-DD. On creation without it: none.", "ÅÅÅÅ-MM-DD. Om tomt när avtalet skapas: inget."),
        Meaning::Date,
    ),
    YOUR_REFERENCE,
    Input::text(
        "payment_days",
        words("Payment Days", "Betalningsvillkor (dagar)"),
        words(
            "A number of days. On creation without it: the client's.",
            "Antal dagar. Om tomt när avtalet skapas: kundens.",
        ),
        Meaning::Whole { least: 0, most: MOST_DAYS },
    ),
    Input::text(
        "invoice_interval_months",
        words("Invoice Interval (Months)", "Faktureringsintervall (månader)"),
        words(
            "Months between invoices, such as 1, 3, 6 or 12. On creation without it: as the line items say, else 1.",
            "Månader mellan fakturor, till exempel 1, 3, 6 eller 12. Om tomt när avtalet skapas: enligt radartiklarna, annars 1.",
        ),
        Meaning::Whole { least: 1, most: MOST_MONTHS },
    ),
    CURRENCY,
    Input::text(
        "invoice_day",
        words("Invoice Day", "Faktureringsdag"),
        words(
            "INVOICE_AT_START, PAY_AT_START, INVOICE_AT_END, INVOICE_AT_START_MONTH, INVOICE_AT_END_MONTH, \
             INVOICE_60_DAYS_PRIOR_TO_PERIOD_START, INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START or \
             INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START. On creation without it: INVOICE_AT_START.",
            "INVOICE_AT_START, PAY_AT_START, INVOICE_AT_END, INVOICE_AT_START_MONTH, INVOICE_AT_END_MONTH, \
             INVOICE_60_DAYS_PRIOR_TO_PERIOD_START, INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START eller \
             INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START. Om tomt när avtalet skapas: INVOICE_AT_START.",
        ),
        Meaning::Choice(INVOICE_DAYS),
    ),
    PO_NUMBER,
];

/// What stands in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AgreementInputs {
    pub(crate) name: Option<String>,
    /// The first invoice's date: Start Invoice Date, else Start Date (contract kleer-api §9 rule 5).
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) your_reference: Option<String>,
    pub(crate) payment_days: Option<i64>,
    pub(crate) interval: Option<i64>,
    pub(crate) currency: Option<String>,
    pub(crate) invoice_day: Option<&'static str>,
    pub(crate) po_number: Option<String>,
}

impl AgreementInputs {
    pub(crate) fn read(read: &Reading<'_>) -> Result<Self, Failure> {
        let (start, first) = (read.date("start_date")?, read.date("start_invoice_date")?);
        Ok(Self {
            name: read.text("name")?,
            start: first.or(start),
            end: read.date("end_date")?,
            your_reference: read.text("your_reference")?,
            payment_days: read.whole("payment_days")?,
            interval: read.whole("invoice_interval_months")?,
            currency: read.currency("currency")?,
            invoice_day: read.choice("invoice_day")?,
            po_number: read.text("po_number")?,
        })
    }
}

/// An agreement that ends before it starts makes no invoice.
///
/// # Errors
/// If it does.
pub(crate) fn check_days(definition: &Definition, start: Date, end: Option<Date>) -> Result<(), Failure> {
    let Some(end) = end.filter(|end| *end < start) else { return Ok(()) };
    let input = definition.input("end_date").expect("agreements have it");
    let fault = format!("is before the first invoice, {start}");
    let remedy = "Write a later date, or an earlier Start Invoice Date.";
    Err(Failure::value(input, ErrorCode::InvalidDate, &end.to_string(), &fault, remedy))
}

/// Months between invoices as the line items say; none if nothing recurs, or nobody says how often.
///
/// # Errors
/// If they differ, or are billed by the week, which Kleer cannot.
pub(crate) fn interval(items: &[LineItem]) -> Result<Option<i64>, Failure> {
    let mut found: Option<(i64, &LineItem)> = None;
    for item in items {
        match (item.billing, found) {
            (Billing::Once | Billing::Recurring, _) => {}
            (Billing::NotMonthly, _) => return Err(unclear(&format!("{} is billed by the week", item.name))),
            (Billing::Months(months), None) => found = Some((months, item)),
            (Billing::Months(months), Some((other, first))) if months != other => {
                let said =
                    format!("{} is billed every {other} months and {} every {months} months", first.name, item.name);
                return Err(unclear(&said));
            }
            (Billing::Months(_), Some(_)) => {}
        }
    }
    Ok(found.map(|(months, _)| months))
}

fn unclear(said: &str) -> Failure {
    let remedy = "Fill in Invoice Interval (Months), or give all recurring line items the same billing frequency.";
    let field = Some("invoice_interval_months");
    Failure {
        field,
        ..Failure::new(ErrorCode::InvalidInterval, format!("The line items do not agree: {said}. {remedy}"))
    }
}

/// What to say where an interval that was given is not the one of the line items: prices are never converted.
pub(crate) fn interval_note(given: i64, items: &[LineItem]) -> String {
    let differs = match interval(items) {
        Ok(told) => told.is_some_and(|months| months != given),
        Err(_) => true,
    };
    if !differs {
        return String::new();
    }
    format!(
        "The agreement is invoiced every {given} months, which is not the billing frequency of all its line items; their prices \
         were taken as they are."
    )
}

#[cfg(test)]
mod tests;
