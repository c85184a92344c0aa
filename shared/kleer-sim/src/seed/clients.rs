//! Invents clients: mostly limited companies, as their organisation numbers say, and some people.

use std::collections::HashSet;

use super::{
    Random,
    names::{FIRST_NAMES, STEMS, STREETS, SURNAMES, TOWNS, TRADES, slug},
    numbers::{OrganisationNumbers, PersonalNumbers, phone},
};
use crate::{Address, Client, Company, Reference};

/// What clients must not have in common.
struct Unique {
    names: HashSet<String>,
    organisations: OrganisationNumbers,
    people: PersonalNumbers,
}

/// Adds `count` clients.
pub(super) fn invent(company: &mut Company, count: u32, users: &[i64], random: &mut Random) {
    let organisations = OrganisationNumbers::new(random);
    let names = HashSet::with_capacity(count as usize);
    let mut unique = Unique { names, organisations, people: PersonalNumbers::new() };
    for number in 0..count {
        let client = if random.per_mille(40) { person(&mut unique, random) } else { organisation(&mut unique, random) };
        company.add_client(with_habits(client, number, users, random));
    }
}

fn organisation(unique: &mut Unique, random: &mut Random) -> Client {
    let town = random.pick(&TOWNS);
    let name = organisation_name(town.0, &mut unique.names, random);
    let orgno = unique.organisations.next();
    let mut vat_nr = String::with_capacity(14);
    vat_nr.push_str("SE");
    vat_nr.push_str(&orgno[..6]);
    vat_nr.push_str(&orgno[7..]);
    vat_nr.push_str("01");
    let email = format!("faktura@{}.example", slug(&name));
    let contact = match random.per_mille(850) {
        true => format!("{} {}", random.pick(&FIRST_NAMES), random.pick(&SURNAMES)),
        false => String::new(),
    };
    Client { name, contact, email, orgno, vat_nr: Some(vat_nr), address: address(*town, random), ..Client::default() }
}

fn person(unique: &mut Unique, random: &mut Random) -> Client {
    let town = random.pick(&TOWNS);
    let name = person_name(&mut unique.names, random);
    let email = format!("{}@post.example", slug(&name).replace('-', "."));
    let orgno = unique.people.next();
    let client_type = Some("Person".to_owned());
    let contact = name.clone();
    Client { name, contact, email, orgno, client_type, address: address(*town, random), ..Client::default() }
}

/// A name nobody has yet: the plain one if it is free, else with the town, else with a number.
fn organisation_name(town: &str, taken: &mut HashSet<String>, random: &mut Random) -> String {
    let (stem, trade) = (random.pick(&STEMS), random.pick(&TRADES));
    let form = *random.pick(&["AB", "AB", "AB", "AB", "AB", "AB", "AB", "Aktiebolag", "AB (publ)"]);
    let plain = format!("{stem} {trade} {form}");
    if taken.insert(plain.clone()) {
        return plain;
    }
    let local = format!("{stem} {trade} i {town} {form}");
    if taken.insert(local.clone()) {
        return local;
    }
    numbered(&format!("{stem} {trade} i {town}"), form, taken)
}

fn numbered(name: &str, form: &str, taken: &mut HashSet<String>) -> String {
    let mut number = 2;
    loop {
        let candidate = format!("{name} {number} {form}");
        if taken.insert(candidate.clone()) {
            return candidate;
        }
        number += 1;
    }
}

/// Double first and second names come when the plain ones are taken.
fn person_name(taken: &mut HashSet<String>, random: &mut Random) -> String {
    let mut name = format!("{} {}", random.pick(&FIRST_NAMES), random.pick(&SURNAMES));
    while !taken.insert(name.clone()) {
        name = format!("{} {name}", random.pick(&FIRST_NAMES));
    }
    name
}

fn address((town, zip): (&str, u32), random: &mut Random) -> Address {
    let address2 = match random.per_mille(60) {
        true => format!("c/o {}", random.pick(&SURNAMES)),
        false => String::new(),
    };
    let country = if random.per_mille(900) { "Sverige" } else { "" };
    Address {
        address1: format!("{} {}", random.pick(&STREETS), 1 + random.below(98)),
        address2,
        zip_code: format!("{zip} {:02}", 10 + random.below(90)),
        state: town.to_owned(),
        country: country.to_owned(),
    }
}

/// Everything about a client that does not follow from who it is. A few per mille are inactive, some fields are empty.
fn with_habits(client: Client, number: u32, users: &[i64], random: &mut Random) -> Client {
    let foreign_id = if random.per_mille(350) { format!("K{:05}", 10_001 + number) } else { String::new() };
    let currency = match random.below(1000) {
        0..940 => "SEK",
        940..975 => "EUR",
        975..990 => "NOK",
        _ => "USD",
    };
    let delivery = match random.below(1000) {
        0..720 => "Email",
        720..820 => "Mail",
        820..950 => "Efaktura",
        _ => "Manually",
    };
    let user = if random.per_mille(200) || users.is_empty() { 0 } else { *random.pick(users) };
    Client {
        foreign_id,
        email: if random.per_mille(30) { String::new() } else { client.email },
        phone: if random.per_mille(120) { String::new() } else { phone(random) },
        currency_type: Some(currency.to_owned()),
        delivery_type: Some(delivery.to_owned()),
        notes: random.per_mille(50).then(|| "Ring före leverans.\nVill ha \"OBS\" på fakturan.".to_owned()),
        payment_days: *random.pick(&[30, 30, 30, 30, 30, 10, 10, 15]),
        user: Reference { id: user },
        active: !random.per_mille(5),
        ..client
    }
}
