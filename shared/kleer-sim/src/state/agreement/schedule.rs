//! When an agreement is invoiced: the table of contract kleer-api §7.4, invoice-day. Pure arithmetic on dates.

use jiff::{ToSpan as _, civil::Date};
use serde::Deserialize;

use crate::state::{Company, Period, moment::today, shapes::optional_date};

/// The values of `invoice-day`, the same in XML and JSON (contract kleer-api §3, rule 9).
pub(crate) const INVOICE_DAYS: [&str; 8] = [
    "INVOICE_AT_START",
    "PAY_AT_START",
    "INVOICE_AT_END",
    "INVOICE_AT_START_MONTH",
    "INVOICE_AT_END_MONTH",
    "INVOICE_60_DAYS_PRIOR_TO_PERIOD_START",
    "INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START",
    "INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START",
];

/// How many periods are looked at; more than any agreement has.
const PERIODS: i64 = 12_000;

/// What decides when an agreement is invoiced.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Schedule {
    pub(crate) start_invoice_date: Date,
    #[serde(deserialize_with = "optional_date")]
    pub(crate) end_date: Option<Date>,
    pub(crate) payment_days: i64,
    pub(crate) invoice_interval_months: i64,
    pub(crate) invoice_day: String,
    pub(crate) deleted: bool,
}

/// An invoice that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// The date of the invoice.
    pub(crate) date: Date,
    /// The period it is for.
    pub(crate) period: Period,
}

impl Schedule {
    /// All invoices, in order: one for each period that starts on the end date or before.
    pub(crate) fn dues(&self) -> impl Iterator<Item = Due> {
        let interval = self.invoice_interval_months.max(0);
        let periods = if interval == 0 { 1 } else { PERIODS };
        (0..periods)
            .map(move |number| self.due(number * interval, interval.max(1)))
            .take_while(|due| !self.deleted && self.end_date.is_none_or(|end| due.period.start_date <= end))
    }

    /// The invoice of the period that starts so many months after the first. P and E are the contract's names.
    fn due(&self, months: i64, interval: i64) -> Due {
        let start = self.start_invoice_date;
        let p = start.saturating_add(months.months());
        let e = start.saturating_add((months + interval).months()).saturating_sub(1.day());
        let date = match self.invoice_day.as_str() {
            "PAY_AT_START" => p.saturating_sub(self.payment_days.days()),
            "INVOICE_AT_END" => e,
            "INVOICE_AT_START_MONTH" => p.first_of_month().saturating_sub(1.month()),
            "INVOICE_AT_END_MONTH" => e.first_of_month().saturating_add(1.month()),
            "INVOICE_60_DAYS_PRIOR_TO_PERIOD_START" => p.saturating_sub(60.days()),
            "INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START" => p.saturating_sub(1.day()),
            "INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START" => p.saturating_sub(5.days()),
            _ => p,
        };
        Due { date, period: Period { start_date: p, end_date: e } }
    }
}

impl Company {
    /// The date of the next invoice of an agreement: after its last one and, unless switched, not in the past; none once
    /// the end date has passed.
    pub(crate) fn next_invoice_date(&self, id: Option<i64>, schedule: &Schedule) -> Option<Date> {
        let today = today(self.now);
        if schedule.end_date.is_some_and(|end| end < today) {
            return None;
        }
        let invoiced = id.and_then(|id| self.ledger.last_invoiced(id));
        let skips = self.switches.next_invoice_date_skips_past;
        let open = |date: Date| invoiced.is_none_or(|last| last < date) && (!skips || today <= date);
        schedule.dues().map(|due| due.date).find(|date| open(*date))
    }
}
