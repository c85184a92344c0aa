use super::*;

/// One line for each step of a portal's life: what a person is told, who was told what the steps before say.
fn check(life: &[(bool, &[ObjectType])]) -> String {
    let mut told = None;
    let mut lines = Vec::new();
    for (lost, late) in life {
        let health = Health { lost: lost.then(|| "uninstalled".to_owned()), late: late.to_vec() };
        let said = notice(told, &health);
        match said {
            Some(Notice::Trouble(trouble)) => told = Some(trouble),
            Some(Notice::Recovered) => told = None,
            None => {}
        }
        lines.push(said.map_or_else(|| "-".to_owned(), |said| format!("{said:?}")));
    }
    lines.join(", ")
}

#[test]
fn each_trouble_is_told_once_and_so_is_its_end() {
    use ObjectType::{Client, Invoice};
    let well: (bool, &[ObjectType]) = (false, &[]);
    let late: (bool, &[ObjectType]) = (false, &[Client]);
    let later: (bool, &[ObjectType]) = (false, &[Client, Invoice]);
    let lost: (bool, &[ObjectType]) = (true, &[]);
    let both: (bool, &[ObjectType]) = (true, &[Client]);
    let cases = [
        ("always well", vec![well, well]),
        ("late", vec![late, late, well, well]),
        ("later and later", vec![late, later, late, well]),
        ("lost", vec![lost, lost, well, well]),
        ("late, then lost", vec![late, both, lost, well]),
        ("lost, then what was missed", vec![lost, late, well]),
        ("twice", vec![late, well, late, well]),
    ];
    let table = cases.map(|(name, life)| format!("{name}: {}", check(&life))).join("\n");
    insta::assert_snapshot!(table, @r"
    always well: -, -
    late: Trouble(Late), -, Recovered, -
    later and later: Trouble(Late), -, -, Recovered
    lost: Trouble(Lost), -, Recovered, -
    late, then lost: Trouble(Late), Trouble(Lost), -, Recovered
    lost, then what was missed: Trouble(Lost), -, Recovered
    twice: Trouble(Late), Recovered, Trouble(Late), Recovered
    ");
}

#[test]
fn three_intervals_are_not_late_and_more_are() {
    let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
    let quarter = Duration::from_secs(15 * 60);
    let before = |seconds| now - jiff::SignedDuration::from_secs(seconds);
    assert!(!is_late(before(45 * 60), quarter, now));
    assert!(is_late(before(45 * 60 + 1), quarter, now));
    assert!(!is_late(before(-60), quarter, now));
}
