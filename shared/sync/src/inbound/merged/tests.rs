use super::*;

fn bound(kleer_id: i64, hubspot_id: &str) -> Bound {
    let binding = Binding { hubspot_id: Some(HubspotId(hubspot_id.to_owned())), version: 1, ..Binding::default() };
    Bound { kleer_id: KleerId(kleer_id), binding }
}

/// Which record of Kleer keeps record 9001, that carries this id.
fn check(carries: &str, bound: &[Bound]) -> Option<i64> {
    let properties = [("kleer_id".to_owned(), Some(carries.to_owned()))].into_iter().collect();
    let survivor = Record { id: "9001".to_owned(), properties, ..Record::default() };
    keeper(bound, &survivor, &HubspotId("9001".to_owned())).map(|place| bound[place].kleer_id.0)
}

#[test]
fn the_only_one_keeps_it_whatever_it_carries() {
    assert_eq!(check("", &[bound(7, "9002")]), Some(7));
    assert_eq!(check("8", &[bound(7, "9002")]), Some(7));
    assert_eq!(check("7", &[]), None);
}

#[test]
fn of_several_the_one_whose_id_it_carries() {
    let both = [bound(7, "9001"), bound(8, "9002")];
    assert_eq!(check("7", &both), Some(7));
    assert_eq!(check("8", &both), Some(8));
}

#[test]
fn without_an_id_the_one_that_it_was_before() {
    assert_eq!(check("", &[bound(7, "9002"), bound(8, "9001")]), Some(8));
    assert_eq!(check("99", &[bound(7, "9002"), bound(8, "9001")]), Some(8));
    assert_eq!(check("", &[bound(7, "9002"), bound(8, "9003")]), None);
}
