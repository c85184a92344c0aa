//! First contact: which HubSpot company is which Kleer client, told by organization and VAT numbers (design §3 First
//! contact). Pure; nothing is guessed.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ids::{HubspotId, KleerId};

/// A record of Kleer that has no HubSpot record yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    /// Its id.
    pub id: KleerId,
    /// Its numbers, the most telling first: organization number, VAT number. As people typed them.
    pub numbers: Vec<String>,
}

/// A record of HubSpot that may be one of Kleer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: HubspotId,
    /// The Kleer id that it carries.
    pub kleer_id: Option<KleerId>,
    /// Its organization and VAT numbers, as people typed them.
    pub numbers: Vec<String>,
}

/// What a record of Kleer is in HubSpot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// This record.
    Is(HubspotId),
    /// Not there yet.
    New,
    /// Perhaps one of these; a person has to say.
    Doubtful {
        /// The number that does not tell; empty if it is the Kleer id.
        number: String,
        /// The HubSpot records that have it.
        records: Vec<HubspotId>,
        /// The records of Kleer that have it.
        claimed_by: Vec<KleerId>,
    },
}

/// One spelling for all spellings of a number: `556677-8899`, `5566778899`, `16556677-8899` and `SE556677889901` are one. None for
/// what identifies nobody: too short, or all zeros.
#[must_use]
pub fn normalized(number: &str) -> Option<String> {
    let plain: String =
        number.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A Swedish VAT number is SE, the organization number, and two digits more.
    let swedish = plain.strip_prefix("SE").filter(|rest| rest.len() == 12 && is_number(rest)).map(|rest| &rest[..10]);
    // Twelve digits are an organization number behind 16, or a person's with the century.
    let long = Some(plain.as_str()).filter(|text| text.len() == 12 && is_number(text));
    let long = long.filter(|text| ["16", "18", "19", "20"].iter().any(|century| text.starts_with(century)));
    let short = swedish.or_else(|| long.map(|text| &text[2..])).unwrap_or(&plain);
    let tells = short.len() >= 6 && short.bytes().any(|byte| byte.is_ascii_digit() && byte != b'0');
    tells.then(|| short.to_owned())
}

/// Matches records of Kleer with those of HubSpot by the ids they carry, then by number. HubSpot records that carry the id of
/// another record, and those in `taken`, are nobody else's.
#[must_use]
pub fn match_records(
    unbound: &[Unbound],
    candidates: &[Candidate],
    taken: &BTreeSet<HubspotId>,
    by_number: bool,
) -> BTreeMap<KleerId, Match> {
    let free: Vec<&Candidate> = candidates.iter().filter(|candidate| !taken.contains(&candidate.id)).collect();
    let mut carriers: HashMap<KleerId, Vec<HubspotId>> = HashMap::new();
    let mut holders: HashMap<String, BTreeSet<HubspotId>> = HashMap::new();
    for candidate in &free {
        match candidate.kleer_id {
            Some(id) => carriers.entry(id).or_default().push(candidate.id.clone()),
            None => {
                for number in candidate.numbers.iter().filter_map(|number| normalized(number)) {
                    holders.entry(number).or_default().insert(candidate.id.clone());
                }
            }
        }
    }
    let mut matches: BTreeMap<KleerId, Match> = BTreeMap::new();
    // Which number led to which HubSpot record, to see records that several claim.
    let mut claims: BTreeMap<HubspotId, Vec<(KleerId, String)>> = BTreeMap::new();
    for one in unbound {
        let found = match carriers.get(&one.id).map(Vec::as_slice) {
            Some([id]) => Match::Is(id.clone()),
            Some(several) => doubt(one.id, "", several.to_vec()),
            None if by_number => by_numbers(one, &holders, &mut claims),
            None => Match::New,
        };
        matches.insert(one.id, found);
    }
    for (record, claimed_by) in claims.into_iter().filter(|(_, claimed_by)| claimed_by.len() > 1) {
        let clients: Vec<KleerId> = claimed_by.iter().map(|(id, _)| *id).collect();
        for (id, number) in claimed_by {
            let records = vec![record.clone()];
            matches.insert(id, Match::Doubtful { number, records, claimed_by: clients.clone() });
        }
    }
    matches
}

fn by_numbers(
    one: &Unbound,
    holders: &HashMap<String, BTreeSet<HubspotId>>,
    claims: &mut BTreeMap<HubspotId, Vec<(KleerId, String)>>,
) -> Match {
    for number in &one.numbers {
        let held_by = normalized(number).and_then(|number| holders.get(&number));
        match held_by.map(|held_by| held_by.iter().cloned().collect::<Vec<_>>()).as_deref() {
            None | Some([]) => {}
            Some([id]) => {
                claims.entry(id.clone()).or_default().push((one.id, number.clone()));
                return Match::Is(id.clone());
            }
            Some(several) => return doubt(one.id, number, several.to_vec()),
        }
    }
    Match::New
}

fn doubt(id: KleerId, number: &str, records: Vec<HubspotId>) -> Match {
    Match::Doubtful { number: number.to_owned(), records, claimed_by: vec![id] }
}

#[cfg(test)]
mod tests;
