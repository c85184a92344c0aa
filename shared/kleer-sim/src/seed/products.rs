//! Invents products: consultants' hours, licences and goods.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::Random;
use crate::{Company, Product};

/// A family of products that look alike.
struct Family {
    r#type: &'static str,
    unit: &'static str,
    account: i64,
    /// Hundredths: 25, 12, 6, 0.
    vat: i64,
    /// Kronor, from and to.
    price: (u32, u32),
    what: &'static [&'static str],
    which: &'static [&'static str],
}

const FAMILIES: [Family; 8] = [
    Family {
        r#type: "SERVICES",
        unit: "tim",
        account: 3041,
        vat: 25,
        price: (850, 1_950),
        what: &[
            "Konsulttimme",
            "Supporttimme",
            "Projektledning",
            "Utveckling",
            "Rådgivning",
            "Felsökning",
            "Installation",
        ],
        which: &["junior", "senior", "expert", "kväll och helg", "på plats", "på distans", "i jour"],
    },
    Family {
        r#type: "DIGITAL_SERVICES",
        unit: "mån",
        account: 3045,
        vat: 25,
        price: (49, 2_490),
        what: &["Licens Ekonomi", "Licens Lön", "Licens CRM", "Licens Tid", "Molnlagring", "E-postkonto", "Webbhotell"],
        which: &["Bas", "Plus", "Proffs", "Företag", "Skola", "per användare"],
    },
    Family {
        r#type: "GOODS",
        unit: "st",
        account: 3001,
        vat: 25,
        price: (39, 18_900),
        what: &[
            "Skrivbord",
            "Kontorsstol",
            "Bokhylla",
            "Bildskärm",
            "Dockningsstation",
            "Hörlurar",
            "Skrivare",
            "Nätverksväxel",
        ],
        which: &["Ek", "Björk", "svart", "vit", "24 tum", "27 tum", "trådlös", "renoverad", "modell Å"],
    },
    Family {
        r#type: "GOODS",
        unit: "kg",
        account: 3002,
        vat: 12,
        price: (45, 420),
        what: &["Kaffebönor", "Fruktkorg", "Ost", "Lösgodis", "Te"],
        which: &["ekologisk", "mellanrost", "mörkrost", "liten", "stor"],
    },
    Family {
        r#type: "GOODS",
        unit: "st",
        account: 3003,
        vat: 6,
        price: (99, 795),
        what: &["Handbok", "Kurslitteratur", "Årsbok", "Tidskrift"],
        which: &["bokföring", "moms", "löner", "projekt", "ledarskap"],
    },
    Family {
        r#type: "SERVICES",
        unit: "st",
        account: 3004,
        vat: 0,
        price: (2_900, 24_500),
        what: &["Utbildning", "Certifiering", "Examen"],
        which: &["heldag", "halvdag", "på distans", "fördjupning"],
    },
    Family {
        r#type: "SERVICES",
        unit: "km",
        account: 3560,
        vat: 25,
        price: (25, 60),
        what: &["Milersättning", "Transport", "Utkörning"],
        which: &["personbil", "skåpbil", "elbil", "släp"],
    },
    Family {
        r#type: "SERVICES",
        unit: "mån",
        account: 3042,
        vat: 25,
        price: (500, 45_000),
        what: &["Serviceavtal", "Förvaltning", "Drift", "Övervakning", "Löpande redovisning"],
        which: &["brons", "silver", "guld", "dygnet runt", "kontorstid"],
    },
];

/// Adds `count` products.
pub(super) fn invent(company: &mut Company, count: u32, random: &mut Random) {
    let mut taken = HashSet::with_capacity(count as usize);
    for number in 0..count {
        let family = random.pick(&FAMILIES);
        let (from, to) = family.price;
        let kronor = i64::from(from + random.below(to - from));
        let odd_ore = if random.per_mille(150) { 50 } else { 0 };
        company.add_product(Product {
            foreign_id: if random.per_mille(900) { format!("ART-{}", 1001 + number) } else { String::new() },
            name: name(family, &mut taken, random),
            r#type: Some(family.r#type.to_owned()),
            unit: family.unit.to_owned(),
            price: kronor * 100 + odd_ore,
            account_nr: Some(family.account),
            vat_percentage: Some(Decimal::new(family.vat, 2).normalize()),
            ..Product::default()
        });
    }
}

/// A name no product has yet; once all are taken, with a version.
fn name(family: &Family, taken: &mut HashSet<String>, random: &mut Random) -> String {
    let plain = format!("{} {}", random.pick(family.what), random.pick(family.which));
    if taken.insert(plain.clone()) {
        return plain;
    }
    let mut version = 2 + random.below(50 + u32::try_from(taken.len()).unwrap_or(u32::MAX / 2));
    loop {
        let name = format!("{plain}, version {version}");
        if taken.insert(name.clone()) {
            return name;
        }
        version += 1;
    }
}
