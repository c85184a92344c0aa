//! Invents projects: work for clients, and some of the company's own.

use rust_decimal::Decimal;

use super::{
    Random,
    dates::{after, before, between},
    invoices::Books,
};
use crate::{Company, Project, ProjectStatus};

const WORK: [&str; 10] = [
    "Ny webbplats",
    "Ombyggnad",
    "Införande av ekonomisystem",
    "Utbildning",
    "Förstudie",
    "Lageroptimering",
    "Flytt till molnet",
    "Årsbokslut",
    "Kampanj",
    "Underhåll",
];
const OWN: [&str; 5] = ["Internt möte", "Kompetensutveckling", "Försäljning", "Kontorsflytt", "Produktutveckling"];

/// Adds `count` projects: most are open, some are closed, some are being prepared; some are internal.
pub(super) fn invent(company: &mut Company, count: u32, books: &Books, random: &mut Random) {
    for number in 0..count {
        let internal = random.per_mille(120) || books.clients.is_empty();
        let client = if internal { None } else { Some(*random.pick(&books.clients)) };
        let found = client.and_then(|id| company.client(id)).unwrap_or_default();
        let what = if internal { *random.pick(&OWN) } else { *random.pick(&WORK) };
        let status = match random.below(1000) {
            0..180 => ProjectStatus::Closed,
            180..230 => ProjectStatus::Draft,
            _ => ProjectStatus::Open,
        };
        let opened = before(books.today, between(10, 700, random));
        let fixed_price = !internal && random.per_mille(300);
        let budgeted = random.per_mille(800);
        let hours = if budgeted { i64::from(between(4, 400, random)) * 25 } else { 0 };
        let nobody = random.per_mille(150) || books.users.is_empty();
        company.add_project(Project {
            client: client.map(Into::into),
            fixed_price,
            number: format!("P{}", 1_001 + number),
            name: if internal { what.to_owned() } else { format!("{what} {}", found.name) },
            currency_type: found.currency_type.unwrap_or_else(|| "SEK".to_owned()),
            your_reference: Some(found.contact),
            our_reference: if nobody { None } else { Some((*random.pick(&books.users)).into()) },
            delivery_type: (!internal).then(|| found.delivery_type.unwrap_or_default().to_uppercase()),
            comment: if random.per_mille(200) { "Avstäms varje månad.".to_owned() } else { String::new() },
            payment_days: (!internal).then_some(found.payment_days),
            budget_hours: Decimal::new(hours, 1).normalize(),
            budget_amount: if budgeted && !internal { hours * 9_500 } else { 0 },
            status,
            opening_date: (status != ProjectStatus::Draft).then_some(opened),
            closing_date: match status {
                ProjectStatus::Closed => Some(after(opened, between(5, 300, random)).min(books.today)),
                _ => random.per_mille(300).then(|| after(books.today, between(10, 300, random))),
            },
            ..Project::default()
        });
    }
}
