//! Invents agreements: licences, service and bookkeeping by the month, the quarter, the year.

use jiff::{ToSpan as _, civil::Date};
use rust_decimal::Decimal;

use super::{
    Random,
    dates::{after, before, between, month},
    invoices::{Books, discount},
};
use crate::{Agreement, AgreementRow, Company};

/// How often agreements are invoiced: the months, mostly 1, 3 and 12.
const INTERVALS: [i64; 20] = [1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 12, 12, 12, 12, 12, 12, 6, 24];
/// When agreements are invoiced, mostly at the start.
const DAYS: [&str; 12] = [
    "INVOICE_AT_START",
    "INVOICE_AT_START",
    "INVOICE_AT_START",
    "INVOICE_AT_START",
    "INVOICE_AT_START",
    "PAY_AT_START",
    "INVOICE_AT_END",
    "INVOICE_AT_START_MONTH",
    "INVOICE_AT_END_MONTH",
    "INVOICE_60_DAYS_PRIOR_TO_PERIOD_START",
    "INVOICE_ONE_DAY_PRIOR_TO_PERIOD_START",
    "INVOICE_FIVE_DAYS_PRIOR_TO_PERIOD_START",
];
const NAMES: [&str; 8] = [
    "Serviceavtal",
    "Licensavtal",
    "Löpande redovisning",
    "Supportavtal",
    "Hyra av utrustning",
    "Driftavtal",
    "Underhåll",
    "Abonnemang",
];

/// Adds `count` agreements. Those that have begun count as invoiced up to now.
pub(super) fn invent(company: &mut Company, count: u32, books: &Books, random: &mut Random) {
    for number in 0..count {
        let client_id = *random.pick(&books.clients);
        let client = company.client(client_id).unwrap_or_default();
        // One agreement of two months: somebody always has one.
        let interval = if number == count / 2 { 2 } else { *random.pick(&INTERVALS) };
        let (start, end) = course(books.today, interval, random);
        let recurring = *random.pick(&[1, 1, 1, 2, 2, 3]);
        let first = if random.per_mille(250) { between(1, 2, random) } else { 0 };
        let mut rows: Vec<AgreementRow> = (0..recurring + first).map(|_| row(company, books, random)).collect();
        let first_invoice_rows = rows.split_off(recurring as usize);
        let nobody = random.per_mille(200) || books.users.is_empty();
        let agreement = Agreement {
            foreign_id: if random.per_mille(150) { format!("AV{:05}", 10_001 + number) } else { String::new() },
            revision_nr: i64::from(*random.pick(&[1, 1, 1, 2, 3, 5])),
            client_ref: client_id.into(),
            description: format!("{} {}", random.pick(&NAMES), client.name),
            start_invoice_date: start,
            end_date: end,
            renewal_notification_date: end.map(|end| before(end, 90)).filter(|_| random.per_mille(500)),
            your_reference: client.contact,
            our_reference: if nobody { None } else { Some((*random.pick(&books.users)).into()) },
            currency: client.currency_type.unwrap_or_else(|| "SEK".to_owned()),
            payment_days: client.payment_days,
            invoice_interval_months: interval,
            invoice_day: (*random.pick(&DAYS)).to_owned(),
            po_nr: if random.per_mille(150) { format!("PO-{}", 4_000 + random.below(6_000)) } else { String::new() },
            agreement_nr: format!("A{}", 1_001 + number),
            notes: Some(if random.per_mille(80) { "Indexuppräknas varje år.".to_owned() } else { String::new() }),
            deleted: random.per_mille(30),
            first_invoice_rows,
            recurring_rows: rows,
            registration_user: (!books.users.is_empty()).then(|| (*random.pick(&books.users)).into()),
            registration_date: Some(start.min(books.today).at(9, 0, 0, 0)),
            ..Agreement::default()
        };
        add(company, agreement, books.today);
    }
}

/// What has begun has been invoiced, so that the next run does not make years of invoices.
fn add(company: &mut Company, agreement: Agreement, today: Date) {
    let last = agreement.schedule().dues().map(|due| due.date).take_while(|date| *date < today).last();
    let id = company.add_agreement(agreement);
    if let Some(last) = last {
        company.ledger.note_invoiced(id, last);
    }
}

/// Start and end: most are active, some are yet to begin, some are over.
fn course(today: Date, interval: i64, random: &mut Random) -> (Date, Option<Date>) {
    let ends = |start: Date, periods: u32| {
        start.saturating_add((interval * i64::from(periods)).months()).saturating_sub(1.day())
    };
    match random.below(1000) {
        0..120 => {
            let start = month(after(today, between(5, 120, random)), -1);
            (start, random.per_mille(400).then(|| ends(start, 12)))
        }
        120..280 => {
            let end = before(today, between(1, 500, random));
            (month(end, 12 * i64::from(between(1, 3, random))), Some(end))
        }
        _ => {
            let start = month(today, i64::from(between(0, 48, random)));
            (start, random.per_mille(300).then(|| after(today, between(20, 700, random))))
        }
    }
}

fn row(company: &Company, books: &Books, random: &mut Random) -> AgreementRow {
    let product_id = *random.pick(&books.products);
    let product = company.product(product_id).unwrap_or_default();
    let quantity = Decimal::from(*random.pick(&[1, 1, 1, 1, 2, 5, 10]));
    AgreementRow {
        quantity,
        price: product.price,
        // Some rows are of no product (contract kleer-api §7.4).
        product: random.per_mille(950).then(|| product_id.into()),
        unit: product.unit,
        description: product.name,
        discount: discount(product.price, random),
    }
}
