use std::collections::BTreeSet;

use domain::matching::Match;
use domain::{HubspotId, KleerId, ObjectType, ProblemCode};
use hubspot::Record;

use super::{candidate, doubt};

fn told(records: &[&str], number: &str, claimed_by: &[i64]) -> String {
    let found = Match::Doubtful {
        number: number.to_owned(),
        records: records.iter().map(|id| HubspotId((*id).to_owned())).collect(),
        claimed_by: claimed_by.iter().copied().map(KleerId).collect(),
    };
    let problem = doubt(ObjectType::Client, KleerId(7), &found);
    assert_eq!((problem.code, problem.kleer_id), (ProblemCode::DoubtfulMatch, Some(KleerId(7))));
    format!("{} {}", problem.message, problem.remedy)
}

#[test]
fn what_is_doubtful_is_told() {
    let lines = [
        told(&["901", "902"], "5566778899", &[7]),
        told(&["901"], "5566778899", &[7, 8]),
        told(&["901", "902"], "", &[7]),
        told(&["1", "2", "3", "4", "5", "6", "7"], "5566778899", &[7]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Several HubSpot records have the number 5566778899 (901, 902). Merge the records, or write 7 into the property kleer_id of the one that is meant; it is looked at again within a day. Until then nothing is written.
    The Kleer clients 7, 8 have the same number 5566778899, and HubSpot has one record with it (901). Correct the number in Kleer, or write 7 into the property kleer_id of the record if it is this client's; it is looked at again within a day. Until then nothing is written.
    Several HubSpot records carry the Kleer id 7 (901, 902). Merge the records, or write 7 into the property kleer_id of the one that is meant; it is looked at again within a day. Until then nothing is written.
    Several HubSpot records have the number 5566778899 (1, 2, 3, 4, 5). Merge the records, or write 7 into the property kleer_id of the one that is meant; it is looked at again within a day. Until then nothing is written.
    ");
}

#[test]
fn what_is_looked_at_of_a_record() {
    let numbers: BTreeSet<String> = ["orgno", "vat_number"].map(str::to_owned).into();
    let check = |pairs: &[(&str, Option<&str>)]| {
        let properties = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.map(str::to_owned))).collect();
        let candidate = candidate(&Record { id: "901".to_owned(), properties, ..Record::default() }, &numbers);
        candidate.map_or_else(
            || "nobody's".to_owned(),
            |candidate| format!("{} {:?} {:?}", candidate.id, candidate.kleer_id, candidate.numbers),
        )
    };
    let lines = [
        check(&[("orgno", Some("556677-8899")), ("vat_number", None), ("phone", Some("1")), ("kleer_id", Some("7"))]),
        check(&[("orgno", Some("")), ("vat_number", Some("SE556677889901")), ("kleer_id", Some(""))]),
        // Somebody else's, or typed by hand.
        check(&[("kleer_id", Some("ACME"))]),
        check(&[]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
    901 Some(KleerId(7)) ["556677-8899"]
    901 None ["SE556677889901"]
    nobody's
    901 None []
    "#);
}
