use std::collections::BTreeSet;

use super::{OPTIONAL, REQUIRED};

#[test]
fn no_scope_is_asked_for_twice() {
    let all: BTreeSet<&str> = REQUIRED.iter().chain(&OPTIONAL).copied().collect();
    assert_eq!(all.len(), REQUIRED.len() + OPTIONAL.len());
}

#[test]
fn what_is_written_may_also_be_read() {
    let all: BTreeSet<&str> = REQUIRED.iter().chain(&OPTIONAL).copied().collect();
    let written = all.iter().filter_map(|scope| scope.strip_suffix(".write"));
    let unread: Vec<&str> = written.filter(|scope| !all.contains(format!("{scope}.read").as_str())).collect();
    assert_eq!(unread, [""; 0]);
}
