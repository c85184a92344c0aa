//! Invents invoices: fourteen months of them, of all the kinds that books have.

use jiff::{ToSpan as _, civil::Date};
use rust_decimal::Decimal;

use super::{
    Random,
    dates::{after, before, between},
};
use crate::{Agreement, Client, Company, Discount, Invoice, InvoiceRow, Period, Product, state::currency_rate};

/// How many days of invoices there are: fourteen months.
const DAYS: u32 = 425;
/// How many rows invoices have; three on average.
const ROWS: [u32; 10] = [1, 1, 2, 2, 3, 3, 3, 4, 5, 6];

/// What invented records refer to.
pub(super) struct Books {
    pub(super) clients: Vec<i64>,
    pub(super) products: Vec<i64>,
    pub(super) users: Vec<i64>,
    pub(super) today: Date,
}

/// Adds `count` invoices, the oldest first, so that numbers grow with dates.
pub(super) fn invent(company: &mut Company, count: u32, books: &Books, random: &mut Random) {
    let mut ages: Vec<u32> = (0..count).map(|_| random.below(DAYS)).collect();
    ages.sort_unstable_by(|one, other| other.cmp(one));
    let agreements: Vec<Agreement> = company.agreements();
    let mut last_debit: Option<Invoice> = None;
    for age in ages {
        let date = before(books.today, age);
        if random.per_mille(10)
            && let Some(debit) = last_debit.take()
        {
            add_credit(company, &debit, date);
            continue;
        }
        let begun = |agreement: &&Agreement| agreement.start_invoice_date < date && !agreement.deleted;
        let made = random.per_mille(300) && !agreements.is_empty();
        let agreement = if made { Some(random.pick(&agreements)).filter(begun) } else { None };
        let mut invoice = draft(company, books, date, agreement, random);
        if !random.per_mille(30) {
            certify(company, &mut invoice, books.today, random);
        }
        invoice.disabled = random.per_mille(10);
        let is_debit = invoice.certified && !invoice.disabled;
        invoice.id = company.add_invoice(invoice.clone());
        if is_debit {
            last_debit = Some(invoice);
        }
    }
}

/// A draft of that day; an agreement's client and rows, if there is one.
fn draft(company: &Company, books: &Books, date: Date, agreement: Option<&Agreement>, random: &mut Random) -> Invoice {
    let client_id = agreement.map_or_else(|| *random.pick(&books.clients), |agreement| agreement.client_ref.id);
    let client = company.client(client_id).unwrap_or_default();
    let currency = client.currency_type.clone().unwrap_or_else(|| "SEK".to_owned());
    let nobody = random.per_mille(200) || books.users.is_empty();
    let mut rows: Vec<InvoiceRow> = match agreement {
        Some(agreement) => agreement.recurring_rows.iter().map(|row| recurring(company, row)).collect(),
        None => (0..*random.pick(&ROWS)).map(|_| row(company, books, random)).collect(),
    };
    if random.per_mille(250) {
        rows.extend(rounding(&rows, &books.products));
    }
    let po_nr = match agreement {
        Some(agreement) => agreement.po_nr.clone(),
        None if random.per_mille(200) => format!("PO-{}", 4_000 + random.below(6_000)),
        None => String::new(),
    };
    Invoice {
        po_nr,
        agreement_nr: Some(agreement.map(|agreement| agreement.agreement_nr.clone()).unwrap_or_default()),
        client_ref: client_id.into(),
        our_reference: if nobody { 0.into() } else { (*random.pick(&books.users)).into() },
        delivery_name: if random.per_mille(100) { client.name.clone() } else { String::new() },
        invoice_date: date,
        due_date: date.saturating_add(client.payment_days.days()),
        delivery_date: random.per_mille(300).then(|| before(date, random.below(14))),
        period: agreement.map(|agreement| Period {
            start_date: date,
            end_date: date.saturating_add(agreement.invoice_interval_months.months()).saturating_sub(1.day()),
        }),
        currency_rate: Some(currency_rate(&currency)),
        currency,
        notes: random.per_mille(60).then(|| "Enligt överenskommelse.\nTack för er beställning!".to_owned()),
        client_agreement_ref: agreement.map(|agreement| agreement.id.into()),
        rows,
        ..addressed(client)
    }
}

/// What an invoice has from its client.
fn addressed(client: Client) -> Invoice {
    Invoice {
        your_reference: client.contact,
        invoice_address: client.address.clone(),
        invoice_email: client.email,
        delivery_address: client.address,
        delivery_type: client.delivery_type,
        gln: client.gln,
        vat_nr: client.vat_nr,
        country_code: Some(client.country_code),
        ..Invoice::default()
    }
}

fn row(company: &Company, books: &Books, random: &mut Random) -> InvoiceRow {
    let id = *random.pick(&books.products);
    let product = company.product(id).unwrap_or_default();
    let quantity = match product.unit.as_str() {
        "tim" => Decimal::new(i64::from(between(1, 160, random)) * 25, 2),
        _ => Decimal::from(*random.pick(&[1, 1, 1, 2, 3, 5, 10, 12])),
    };
    let discount = discount(product.price, random);
    InvoiceRow { quantity, discount, ..of_product(id, product) }
}

fn recurring(company: &Company, row: &crate::AgreementRow) -> InvoiceRow {
    let id = row.product.unwrap_or_default().id;
    let product = company.product(id).unwrap_or_default();
    InvoiceRow {
        quantity: row.quantity,
        price: row.price,
        unit: row.unit.clone(),
        description: row.description.clone(),
        discount: row.discount,
        ..of_product(id, product)
    }
}

fn of_product(id: i64, product: Product) -> InvoiceRow {
    InvoiceRow {
        price: product.price,
        vat: product.vat_percentage.unwrap_or_default(),
        product: id.into(),
        unit: product.unit,
        description: product.name,
        account_nr: product.account_nr.unwrap_or(3001),
        ..InvoiceRow::default()
    }
}

/// A discount on some rows: a percentage, or less often whole kronor off.
pub(super) fn discount(price: i64, random: &mut Random) -> Option<Discount> {
    match random.below(1000) {
        0..120 => Some(Discount::Percentage(Decimal::new(*random.pick(&[50, 100, 150, 200, 250, 125]), 3).normalize())),
        120..160 if price > 10_000 => Some(Discount::Absolute(i64::from(between(1, 20, random)) * 500)),
        _ => None,
    }
}

/// A row of some öre, up or down, that makes the total whole; none if it is whole already.
fn rounding(rows: &[InvoiceRow], products: &[i64]) -> Option<InvoiceRow> {
    let (amount, vat) = Invoice { rows: rows.to_vec(), ..Invoice::default() }.totals();
    let odd = (amount + vat).rem_euclid(100);
    let price = if odd < 50 { -odd } else { 100 - odd };
    (price != 0).then(|| InvoiceRow {
        price,
        vat: Decimal::ZERO,
        product: products.first().copied().unwrap_or_default().into(),
        description: "Öresavrundning".to_owned(),
        account_nr: 3740,
        ..InvoiceRow::default()
    })
}

/// Makes a draft a certified invoice with a past: most are sent and paid, some in part, some are overdue.
fn certify(company: &Company, invoice: &mut Invoice, today: Date, random: &mut Random) {
    let (amount, vat) = invoice.totals();
    let total = amount + vat;
    invoice.invoice_nr = company.ledger.next_number();
    invoice.certified = true;
    let minute = i8::try_from(random.below(60)).unwrap_or_default();
    invoice.certified_date = Some(invoice.invoice_date.at(9, minute, 0, 0));
    invoice.sent = random.per_mille(950);
    let due = invoice.due_date < today;
    let remaining = match random.below(1000) {
        0..40 => total / 3,
        40..100 => total,
        _ if due => 0,
        100..400 => 0,
        _ => total,
    };
    invoice.remaining = remaining;
    if remaining != total {
        let paid = after(invoice.invoice_date, between(1, 35, random));
        invoice.last_payment_date = Some(paid.min(today));
    }
}

/// A certified credit of a whole invoice, which it settles.
fn add_credit(company: &mut Company, debit: &Invoice, date: Date) {
    let credit = debit.credited(date);
    let (amount, vat) = credit.totals();
    let paid_back = amount + vat + debit.remaining;
    let credit = company.add_invoice(Invoice {
        invoice_nr: company.ledger.next_number(),
        certified: true,
        certified_date: Some(date.at(10, 0, 0, 0)),
        sent: true,
        remaining: paid_back,
        agreement_nr: debit.agreement_nr.clone(),
        ..credit
    });
    company.edit_invoice(debit.id, |invoice| {
        invoice.remaining = 0;
        invoice.credit_invoices = vec![credit.into()];
    });
}
