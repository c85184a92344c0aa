//! What bookkeepers do in Kleer's own pages.

use kleer_sim::{Address, Client};

use super::super::deeds::Kleer;
use super::super::random::Random;
use super::super::stage::{Stage, Tenant};
use super::Did;

const STREETS: [&str; 5] = ["Storgatan", "Åsögatan", "Kungsgatan", "Hamngatan", "Lillvägen"];
const TOWNS: [&str; 4] = ["Stockholm", "Malmö", "Umeå", "Örebro"];
const TRADES: [&str; 6] = ["Åkeri", "Bageri", "Måleri", "Snickeri", "Frisör", "Bygg & Plåt"];

/// The records of a company at the beginning.
pub(super) fn fill(stage: &Stage, tenant: Tenant, random: &mut Random) {
    let deeds = [
        (stage.plan.clients, Kleer::CreateClient),
        (4, Kleer::CreateProduct),
        (3, Kleer::CreateAgreement),
        (6, Kleer::CreateInvoice),
        (3, Kleer::CreateProject),
    ];
    for (count, deed) in deeds {
        for _ in 0..count {
            if let Some(Did { text, tags }) = does(stage, tenant, deed, random) {
                stage.note("at the beginning", text, tags);
            }
        }
    }
}

/// A name that no other customer's record has.
pub(super) fn name(tenant: Tenant, random: &mut Random) -> String {
    let trade = random.pick(&TRADES).copied().unwrap_or_default();
    format!("{trade} {} {} AB", tenant.mark, random.below(100_000))
}

fn address(random: &mut Random) -> Address {
    Address {
        address1: format!("{} {}", random.pick(&STREETS).copied().unwrap_or_default(), random.between(1, 120)),
        address2: if random.chance(200) { format!("c/o {}", random.below(1_000)) } else { String::new() },
        zip_code: format!("{:03} {:02}", random.between(100, 999), random.below(100)),
        state: random.pick(&TOWNS).copied().unwrap_or_default().to_owned(),
        country: "Sverige".to_owned(),
    }
}

fn client(tenant: Tenant, random: &mut Random) -> Client {
    Client {
        name: name(tenant, random),
        address: address(random),
        phone: if random.chance(300) { String::new() } else { phone(random) },
        email: format!("faktura{}@example.se", random.below(10_000)),
        payment_days: random.amount(5, 60),
        orgno: if random.chance(600) { orgno(random) } else { String::new() },
        ..Client::default()
    }
}

/// A number that is dialled.
pub(super) fn phone(random: &mut Random) -> String {
    format!("08-{} {:02}", random.between(100, 999), random.below(100))
}

fn orgno(random: &mut Random) -> String {
    format!("55{:04}-{:04}", random.between(1_000, 9_999), random.below(10_000))
}

/// Does something, if there is anything to do it to.
pub(super) fn does(stage: &Stage, tenant: Tenant, deed: Kleer, random: &mut Random) -> Option<Did> {
    match deed {
        Kleer::CreateClient => {
            let client = client(tenant, random);
            let text = client.name.clone();
            let id = stage.kleer(tenant, |kleer| kleer.add_client(client));
            Some(Did { text: format!("client {id} “{text}”"), tags: vec![tenant.tag("client", id)] })
        }
        Kleer::EditClient | Kleer::DeactivateClient => edit_client(stage, tenant, deed, random),
        Kleer::RemoveClient => remove_client(stage, tenant, random),
        _ => super::books::does(stage, tenant, deed, random),
    }
}

/// Kleer lets go of a client that nothing refers to.
fn remove_client(stage: &Stage, tenant: Tenant, random: &mut Random) -> Option<Did> {
    let free: Vec<i64> = stage.kleer(tenant, |kleer| {
        let mut used: Vec<i64> = kleer.invoices().iter().map(|invoice| invoice.client_ref.id).collect();
        used.extend(kleer.agreements().iter().map(|agreement| agreement.client_ref.id));
        used.extend(kleer.projects().iter().filter_map(|project| Some(project.client?.id)));
        kleer.clients().iter().map(|client| client.id).filter(|id| !used.contains(id)).collect()
    });
    let id = *random.pick(&free)?;
    stage.kleer(tenant, |kleer| kleer.remove_client(id));
    Some(Did { text: format!("client {id} is deleted"), tags: vec![tenant.tag("client", id)] })
}

fn edit_client(stage: &Stage, tenant: Tenant, deed: Kleer, random: &mut Random) -> Option<Did> {
    let id = super::books::any(stage, tenant, kleer_sim::Kind::Client, random)?;
    let mut said = Vec::new();
    stage.kleer(tenant, |kleer| {
        kleer.edit_client(id, |client| {
            if deed == Kleer::DeactivateClient {
                client.active = !client.active;
                said.push(("active", client.active.to_string()));
                return;
            }
            for _ in 0..random.between(1, 3) {
                said.push(change(tenant, client, random));
            }
        });
    });
    let text: Vec<String> = said.iter().map(|(property, value)| format!("{property} “{value}”")).collect();
    for (property, value) in said {
        stage.typed(tenant, id, property, value, None);
    }
    Some(Did { text: format!("client {id}: {}", text.join(", ")), tags: vec![tenant.tag("client", id)] })
}

/// Types a value; what HubSpot calls the field, and the value.
fn change(tenant: Tenant, client: &mut Client, random: &mut Random) -> (&'static str, String) {
    let fresh = address(random);
    let (property, place, value) = match random.below(7) {
        0 => ("name", &mut client.name, name(tenant, random)),
        1 => ("phone", &mut client.phone, if random.chance(250) { String::new() } else { phone(random) }),
        2 => ("address", &mut client.address.address1, fresh.address1),
        3 => {
            client.payment_days = random.amount(5, 60);
            return ("kleer_payment_days", client.payment_days.to_string());
        }
        4 => ("kleer_email", &mut client.email, format!("faktura{}@example.se", random.below(10_000))),
        5 => ("orgno", &mut client.orgno, orgno(random)),
        _ => ("zip", &mut client.address.zip_code, fresh.zip_code),
    };
    place.clone_from(&value);
    (property, value)
}
