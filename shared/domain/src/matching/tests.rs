use std::collections::BTreeSet;

use super::{Candidate, Match, Unbound, match_records, normalized};
use crate::{HubspotId, KleerId};

#[test]
fn one_spelling_for_all_spellings() {
    let check = |number: &str| normalized(number).unwrap_or_else(|| "none".to_owned());
    for same in ["556677-8899", "5566778899", "SE556677889901", "se 556677-8899 01", "16556677-8899", "SE556677889902"]
    {
        assert_eq!(check(same), "5566778899", "{same}");
    }
    // A person's number with and without the century, and another country's numbers.
    assert_eq!(check("19800101-1234"), check("800101-1234"));
    assert_eq!(check("DK 12 34 56 78"), "DK12345678");
    assert_eq!(check("FI12345678"), "FI12345678");
    assert_ne!(check("FI12345678"), check("DK12345678"));
    // What identifies nobody.
    for nobody in ["", "-", "000000-0000", "0", "12345", "SE"] {
        assert_eq!(check(nobody), "none", "{nobody}");
    }
}

fn client(id: i64, numbers: &[&str]) -> Unbound {
    Unbound { id: KleerId(id), numbers: numbers.iter().map(|&number| number.to_owned()).collect() }
}

fn company(id: &str, kleer_id: Option<i64>, numbers: &[&str]) -> Candidate {
    Candidate {
        id: HubspotId(id.to_owned()),
        kleer_id: kleer_id.map(KleerId),
        numbers: numbers.iter().map(|&number| number.to_owned()).collect(),
    }
}

/// A line per client: what it is in HubSpot.
fn check(clients: &[Unbound], companies: &[Candidate]) -> String {
    lines(clients, companies, &[], true)
}

fn lines(clients: &[Unbound], companies: &[Candidate], taken: &[&str], by_number: bool) -> String {
    let taken: BTreeSet<HubspotId> = taken.iter().map(|&id| HubspotId(id.to_owned())).collect();
    let line = |(id, found): (KleerId, Match)| match found {
        Match::Is(company) => format!("{id} is {company}"),
        Match::New => format!("{id} is new"),
        Match::Doubtful { number, records, claimed_by } => {
            let records: Vec<String> = records.iter().map(ToString::to_string).collect();
            let claimed_by: Vec<String> = claimed_by.iter().map(ToString::to_string).collect();
            format!("{id} may be {} by [{number}], claimed by {}", records.join("/"), claimed_by.join("/"))
        }
    };
    match_records(clients, companies, &taken, by_number).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

const ONE: &str = "556677-8899";
const OTHER: &str = "551122-3344";

#[test]
fn by_organization_number_then_by_vat_number() {
    let companies = [company("901", None, &["5566778899"]), company("902", None, &["SE551122334401"])];
    insta::assert_snapshot!(check(&[client(1, &[ONE]), client(2, &["", OTHER]), client(3, &["559999-0000"]), client(4, &[])], &companies), @r"
    1 is 901
    2 is 902
    3 is new
    4 is new
    ");
    // The first number that leads anywhere decides.
    insta::assert_snapshot!(check(&[client(1, &[ONE, OTHER])], &companies), @"1 is 901");
}

#[test]
fn one_company_may_have_its_number_in_several_properties() {
    assert_eq!(check(&[client(1, &[ONE])], &[company("901", None, &["5566778899", "SE556677889901"])]), "1 is 901");
}

#[test]
fn what_is_doubtful_is_told_and_never_guessed() {
    let two = [company("901", None, &[ONE]), company("902", None, &["SE556677889901"])];
    insta::assert_snapshot!(check(&[client(1, &[ONE])], &two), @"1 may be 901/902 by [556677-8899], claimed by 1");
    insta::assert_snapshot!(check(&[client(1, &[ONE]), client(2, &["5566778899"])], &two[..1]), @r"
    1 may be 901 by [556677-8899], claimed by 1/2
    2 may be 901 by [5566778899], claimed by 1/2
    ");
    // Without a company there is no doubt: both are new.
    insta::assert_snapshot!(check(&[client(1, &[ONE]), client(2, &[ONE])], &[]), @r"
    1 is new
    2 is new
    ");
}

#[test]
fn the_id_that_a_company_carries_tells_more_than_its_number() {
    let carries = company("901", Some(7), &[ONE]);
    insta::assert_snapshot!(check(&[client(1, &[ONE]), client(7, &[OTHER])], std::slice::from_ref(&carries)), @r"
    1 is new
    7 is 901
    ");
    let twice = [carries, company("902", Some(7), &[])];
    insta::assert_snapshot!(check(&[client(7, &[])], &twice), @"7 may be 901/902 by [], claimed by 7");
}

#[test]
fn what_is_somebody_elses_is_not_matched() {
    let companies = [company("901", None, &[ONE])];
    assert_eq!(lines(&[client(1, &[ONE])], &companies, &["901"], true), "1 is new");
    assert_eq!(lines(&[client(1, &[ONE])], &companies, &[], false), "1 is new", "the rule is switched off");
}
