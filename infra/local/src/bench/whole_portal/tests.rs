use super::{LEAST, Made, all_made, pace};

#[test]
fn a_portal_in_which_too_little_was_made_is_not_measured() {
    let enough: Made = LEAST.into_iter().collect();
    assert!(all_made(&enough).met);
    assert!(!all_made(&Made::new()).met);
    for (object, least) in LEAST {
        let mut made = enough.clone();
        made.insert(object, least - 1);
        let figure = all_made(&made);
        assert!(!figure.met, "{}", figure.measured);
    }
    assert!(all_made(&enough).target.contains("4501 invoices"));
}

#[test]
fn the_first_sync_of_a_whole_portal_keeps_its_pace() {
    let figure = crate::cost::on_its_own_thread(pace).unwrap();
    assert!(figure.met, "{figure:?}");
}
