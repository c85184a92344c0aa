//! What bookkeepers do with products, invoices, agreements and projects.

use jiff::ToSpan as _;
use kleer_sim::{Agreement, AgreementRow, Discount, Invoice, InvoiceRow, Kind, Product, Project};
use rust_decimal::Decimal;

use super::super::deeds::Kleer;
use super::super::invariants::ids;
use super::super::random::Random;
use super::super::stage::{Stage, Tenant};
use super::Did;

const UNITS: [&str; 4] = ["st", "tim", "mån", "km"];
const GOODS: [&str; 5] = ["Konsulttid", "Licens", "Support", "Resa", "Utbildning"];

/// Does something, if there is anything to do it to.
pub(super) fn does(stage: &Stage, tenant: Tenant, deed: Kleer, random: &mut Random) -> Option<Did> {
    let (kind, id, text) = match deed {
        Kleer::CreateProduct => {
            let product = product(tenant, random);
            let text = format!("“{}” at {} öre", product.name, product.price);
            (Kind::Product, stage.kleer(tenant, |kleer| kleer.add_product(product)), text)
        }
        Kleer::EditProduct => {
            let id = any(stage, tenant, Kind::Product, random)?;
            let (price, name) = (random.amount(0, 500_000), goods(tenant, random));
            let text = format!("“{name}” at {price} öre");
            stage.kleer(tenant, |kleer| {
                kleer.edit_product(id, |product| {
                    product.price = price;
                    product.name = name;
                });
            });
            (Kind::Product, id, text)
        }
        Kleer::CreateProject | Kleer::EditProject | Kleer::CloseProject => project(stage, tenant, deed, random)?,
        Kleer::CreateAgreement | Kleer::ReviseAgreement | Kleer::DeleteAgreement | Kleer::RunInvoicing => {
            agreement(stage, tenant, deed, random)?
        }
        _ => invoice(stage, tenant, deed, random)?,
    };
    let kind = name(kind);
    Some(Did { text: format!("{kind} {id} {text}"), tags: vec![tenant.tag(kind, id)] })
}

const fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Client => "client",
        Kind::Product => "product",
        Kind::User => "user",
        Kind::Invoice => "invoice",
        Kind::Agreement => "agreement",
        Kind::Project => "project",
    }
}

/// Any record of a kind.
pub(super) fn any(stage: &Stage, tenant: Tenant, kind: Kind, random: &mut Random) -> Option<i64> {
    let ids = stage.kleer(tenant, |kleer| ids(kleer, kind));
    random.pick(&ids).copied()
}

fn goods(tenant: Tenant, random: &mut Random) -> String {
    format!("{} {} {}", random.pick(&GOODS).copied().unwrap_or_default(), tenant.mark, random.below(100_000))
}

fn unit(random: &mut Random) -> String {
    random.pick(&UNITS).copied().unwrap_or_default().to_owned()
}

fn product(tenant: Tenant, random: &mut Random) -> Product {
    let name = goods(tenant, random);
    Product { name, price: random.amount(0, 500_000), unit: unit(random), ..Product::default() }
}

fn quantity(random: &mut Random) -> Decimal {
    if random.chance(300) { Decimal::new(random.amount(1, 40) * 25, 2) } else { random.amount(1, 20).into() }
}

fn discount(random: &mut Random) -> Option<Discount> {
    random.weighted(&[(3, 0), (1, 1), (1, 2)]).and_then(|which| match which {
        1 => Some(Discount::Percentage(Decimal::new(random.amount(1, 8) * 5, 2))),
        2 => Some(Discount::Absolute(random.amount(1, 900))),
        _ => None,
    })
}

fn invoice_row(stage: &Stage, tenant: Tenant, random: &mut Random) -> InvoiceRow {
    let product = any(stage, tenant, Kind::Product, random).filter(|_| random.chance(800)).unwrap_or_default();
    InvoiceRow {
        quantity: quantity(random),
        price: random.amount(1_000, 300_000),
        product: product.into(),
        unit: unit(random),
        description: goods(tenant, random),
        discount: discount(random),
        ..InvoiceRow::default()
    }
}

/// A few öre that make the sum even: everyday in Sweden, and often negative.
fn rounding(random: &mut Random) -> InvoiceRow {
    InvoiceRow {
        price: random.amount(-49, 49),
        vat: Decimal::ZERO,
        description: "Öresavrundning".into(),
        ..InvoiceRow::default()
    }
}

fn agreement_row(stage: &Stage, tenant: Tenant, random: &mut Random) -> AgreementRow {
    AgreementRow {
        quantity: quantity(random),
        price: random.amount(1_000, 300_000),
        product: any(stage, tenant, Kind::Product, random).filter(|_| random.chance(700)).map(Into::into),
        unit: unit(random),
        description: goods(tenant, random),
        discount: discount(random),
    }
}

/// Inserts, removes or changes a row somewhere.
fn shuffle<T>(rows: &mut Vec<T>, random: &mut Random, new: T) -> &'static str {
    let place = usize::try_from(random.below(rows.len() as u64 + 1)).unwrap_or(0);
    match random.below(3) {
        0 if rows.len() > 1 => {
            rows.remove(place.min(rows.len() - 1));
            "a row was removed"
        }
        1 if !rows.is_empty() => {
            let place = place.min(rows.len() - 1);
            rows[place] = new;
            "a row was changed"
        }
        _ => {
            rows.insert(place, new);
            "a row was inserted"
        }
    }
}

fn invoice(stage: &Stage, tenant: Tenant, deed: Kleer, random: &mut Random) -> Option<(Kind, i64, String)> {
    if deed == Kleer::CreateInvoice {
        let client = any(stage, tenant, Kind::Client, random)?;
        let mut rows: Vec<InvoiceRow> = (0..random.between(1, 4)).map(|_| invoice_row(stage, tenant, random)).collect();
        if random.chance(250) {
            rows.push(rounding(random));
        }
        let agreement = any(stage, tenant, Kind::Agreement, random).filter(|_| random.chance(200)).map(Into::into);
        let at_once = random.chance(600);
        let id = stage.kleer(tenant, |kleer| {
            let invoice =
                Invoice { client_ref: client.into(), rows, client_agreement_ref: agreement, ..Invoice::default() };
            let id = kleer.add_invoice(invoice);
            if at_once {
                kleer.certify_invoice(id);
            }
            id
        });
        let how = if at_once { "made and certified" } else { "made as a draft" };
        return Some((Kind::Invoice, id, format!("{how} for client {client}")));
    }
    let row = invoice_row(stage, tenant, random);
    let all: Vec<Invoice> = stage.kleer(tenant, |kleer| kleer.invoices());
    let fits = |invoice: &&Invoice| match deed {
        Kleer::CertifyInvoice => !invoice.certified && !invoice.disabled,
        Kleer::PayInvoice => invoice.certified && invoice.remaining > 0,
        Kleer::CreditInvoice => invoice.certified && invoice.debit_invoice_nr.is_none() && !invoice.disabled,
        Kleer::EditRows => !invoice.disabled && invoice.debit_invoice_nr.is_none(),
        _ => !invoice.disabled,
    };
    let fitting: Vec<&Invoice> = all.iter().filter(fits).collect();
    let chosen = *random.pick(&fitting)?;
    let (id, remaining) = (chosen.id, chosen.remaining);
    let part = if random.chance(300) { Some(random.amount(1, remaining.max(1))) } else { None };
    let text = stage.kleer(tenant, |kleer| match deed {
        Kleer::CertifyInvoice => format!("gets the number {}", kleer.certify_invoice(id)),
        Kleer::PayInvoice => {
            kleer.pay_invoice(id, part);
            format!("is paid: {part:?}")
        }
        Kleer::CreditInvoice => format!("is credited by {}", kleer.credit_invoice(id)),
        Kleer::DisableInvoice => {
            kleer.disable_invoice(id);
            "is deleted".to_owned()
        }
        _ => {
            let mut what = "";
            kleer.edit_invoice(id, |invoice| what = shuffle(&mut invoice.rows, random, row));
            what.to_owned()
        }
    });
    Some((Kind::Invoice, id, text))
}

fn agreement(stage: &Stage, tenant: Tenant, deed: Kleer, random: &mut Random) -> Option<(Kind, i64, String)> {
    let today = stage.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    if deed == Kleer::CreateAgreement {
        let client = any(stage, tenant, Kind::Client, random)?;
        let recurring: Vec<AgreementRow> =
            (0..random.between(1, 3)).map(|_| agreement_row(stage, tenant, random)).collect();
        let first = (0..random.below(2)).map(|_| agreement_row(stage, tenant, random)).collect();
        let start = today.saturating_add(random.amount(-200, 6).days());
        let agreement = Agreement {
            client_ref: client.into(),
            description: goods(tenant, random),
            start_invoice_date: start,
            end_date: random.chance(300).then(|| today.saturating_add(random.amount(-3, 400).days())),
            invoice_interval_months: random.weighted(&[(3, 1), (2, 3), (1, 2), (2, 12)]).unwrap_or(1),
            recurring_rows: recurring,
            first_invoice_rows: first,
            agreement_nr: if random.chance(500) { random.below(1_000_000).to_string() } else { String::new() },
            ..Agreement::default()
        };
        let id = stage.kleer(tenant, |kleer| kleer.add_agreement(agreement));
        return Some((Kind::Agreement, id, format!("made for client {client}")));
    }
    if deed == Kleer::RunInvoicing {
        let certified = random.chance(700);
        let made = stage.kleer(tenant, |kleer| kleer.run_invoicing(today, certified));
        let first = *made.first()?;
        return Some((
            Kind::Invoice,
            first,
            format!("and others were made of agreements: {made:?}, certified {certified}"),
        ));
    }
    let alive: Vec<i64> = stage.kleer(tenant, |kleer| {
        kleer.agreements().iter().filter(|agreement| !agreement.deleted).map(|agreement| agreement.id).collect()
    });
    let id = *random.pick(&alive)?;
    if deed == Kleer::DeleteAgreement {
        stage.kleer(tenant, |kleer| kleer.delete_agreement(id));
        return Some((Kind::Agreement, id, "is deleted".to_owned()));
    }
    let (row, name) = (agreement_row(stage, tenant, random), goods(tenant, random));
    let mut what = "";
    stage.kleer(tenant, |kleer| {
        kleer.edit_agreement(id, |agreement| {
            what = match random.below(4) {
                0 => {
                    agreement.description = name;
                    "gets another name"
                }
                1 => shuffle(&mut agreement.first_invoice_rows, random, row),
                _ => shuffle(&mut agreement.recurring_rows, random, row),
            };
        });
    });
    Some((Kind::Agreement, id, what.to_owned()))
}

fn project(stage: &Stage, tenant: Tenant, deed: Kleer, random: &mut Random) -> Option<(Kind, i64, String)> {
    if deed == Kleer::CreateProject {
        let client = any(stage, tenant, Kind::Client, random);
        let name = goods(tenant, random);
        let project = Project {
            name: name.clone(),
            client: client.filter(|_| random.chance(800)).map(Into::into),
            number: random.below(100_000).to_string(),
            budget_amount: random.amount(0, 5_000_000),
            budget_hours: quantity(random),
            ..Project::default()
        };
        let id = stage.kleer(tenant, |kleer| kleer.add_project(project));
        return Some((Kind::Project, id, format!("“{name}” is made")));
    }
    let id = any(stage, tenant, Kind::Project, random)?;
    let (name, budget, which) = (goods(tenant, random), random.amount(0, 5_000_000), random.below(3));
    let text = stage.kleer(tenant, |kleer| {
        if deed == Kleer::CloseProject {
            let open = kleer.project(id).is_some_and(|project| project.active);
            if open {
                kleer.close_project(id);
            } else {
                kleer.open_project(id);
            }
            return format!("is open: {}", !open);
        }
        let mut text = String::new();
        kleer.edit_project(id, |project| match which {
            0 => {
                text = format!("is renamed to “{name}”");
                project.name = name;
            }
            1 => {
                text = format!("comment “{name}”");
                project.comment = name;
            }
            _ => {
                text = format!("budget {budget} öre");
                project.budget_amount = budget;
            }
        });
        text
    });
    Some((Kind::Project, id, text))
}

/// When the next page of invoices was read, an invoice comes or goes.
pub(super) fn between_pages(stage: &Stage, tenant: Tenant, random: &mut Random) {
    let (rows, client) = (vec![invoice_row(stage, tenant, random)], any(stage, tenant, Kind::Client, random));
    let (kleer, company) = (stage.pretend.kleer.clone(), tenant.company);
    let (goes, which) = (random.chance(500), random.number());
    stage.tap.between_pages(move || {
        kleer.state(|state| {
            let kleer = state.company(company);
            let all: Vec<i64> = kleer.invoices().iter().filter(|one| !one.certified).map(|one| one.id).collect();
            if goes && !all.is_empty() {
                let place = usize::try_from(which % all.len() as u64).unwrap_or(0);
                kleer.remove_invoice(all[place]);
            } else if let Some(client) = client {
                let invoice = Invoice { client_ref: client.into(), rows, ..Invoice::default() };
                let id = kleer.add_invoice(invoice);
                kleer.certify_invoice(id);
            }
        });
    });
}
