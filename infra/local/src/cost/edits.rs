//! What people change in Kleer in a day.

use domain::ObjectType;
use kleer_sim::Simulator;

use crate::pretend;

/// How many records of each type change in a month, in thirtieths rounded up: what changes on each day.
pub(super) fn of_a_day(records: &[(ObjectType, u32)], percent: u32) -> Vec<ObjectType> {
    let a_day = |of: u32| (of * percent).div_ceil(100 * 30);
    records.iter().flat_map(|(object, of)| (0..a_day(*of)).map(|_| *object)).collect()
}

/// Somebody changes a record; another one for every number.
pub(super) fn make(kleer: &Simulator, object: ObjectType, number: usize) {
    kleer.state(|state| {
        let company = state.company(pretend::COMPANY);
        match object {
            ObjectType::Client => {
                let id = company.clients()[number].id;
                company.edit_client(id, |client| client.phone = format!("08-{number:06}"));
            }
            ObjectType::Product => {
                let id = company.products()[number].id;
                company.edit_product(id, |product| product.price += 100);
            }
            ObjectType::Agreement => {
                let id = company.agreements()[number].id;
                company.edit_agreement(id, |agreement| agreement.payment_days += 1);
            }
            ObjectType::Project => {
                let id = company.projects()[number].id;
                company.edit_project(id, |project| project.comment.push_str(" (changed)"));
            }
            // Rows change with the record that has them: paid in part, a row added, another text on the first one.
            ObjectType::Invoice | ObjectType::LineItem => {
                let open = |one: &&kleer_sim::Invoice| one.certified && !one.disabled && one.remaining > 100;
                let Some(id) = company.invoices().iter().filter(open).nth(number).map(|one| one.id) else { return };
                company.pay_invoice(id, Some(100));
                company.edit_invoice(id, |invoice| {
                    invoice.rows.extend(invoice.rows.first().cloned());
                    if let Some(first) = invoice.rows.first_mut() {
                        first.description.push_str(" (changed)");
                    }
                });
            }
        }
    });
}
