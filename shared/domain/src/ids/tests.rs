use crate::{HubspotId, KleerCompanyId, KleerId, PortalId};

fn check(text: &str) -> String {
    match text.parse::<PortalId>() {
        Ok(id) => id.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_id_is_a_whole_number_above_zero() {
    let texts = ["4242", " 7 ", "9223372036854775807", "9223372036854775808", "0", "-1", "1.0", "12a", ""];
    insta::assert_snapshot!(texts.map(check).join("\n"), @r#"
    4242
    7
    9223372036854775807
    "9223372036854775808" is not a HubSpot portal id: it must be a whole number above zero
    "0" is not a HubSpot portal id: it must be a whole number above zero
    "-1" is not a HubSpot portal id: it must be a whole number above zero
    "1.0" is not a HubSpot portal id: it must be a whole number above zero
    "12a" is not a HubSpot portal id: it must be a whole number above zero
    "" is not a HubSpot portal id: it must be a whole number above zero
    "#);
}

#[test]
fn the_message_names_what_was_expected() {
    assert!("x".parse::<KleerId>().unwrap_err().to_string().contains("Kleer id"));
    assert!("x".parse::<KleerCompanyId>().unwrap_err().to_string().contains("Kleer company id"));
}

#[test]
fn ids_are_bare_in_json() {
    let json = serde_json::to_string(&(KleerId(12), HubspotId("0012".to_owned()))).unwrap();
    assert_eq!(json, r#"[12,"0012"]"#);
    assert_eq!(serde_json::from_str::<(KleerId, HubspotId)>(&json).unwrap().1.as_str(), "0012");
}
