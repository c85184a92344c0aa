use super::*;
use crate::Action;

fn entries() -> Vec<Entry> {
    let entry = |value: &str, label: &str, description: &str| Entry {
        value: value.to_owned(),
        label: label.to_owned(),
        description: description.to_owned(),
    };
    vec![
        entry("Mail", "Mail", ""),
        entry("Efaktura", "Efaktura", "Default in Kleer"),
        entry("7", "Eva Ek", "eva@example.se"),
    ]
}

fn check(text: &str) -> Result<String, String> {
    let input = Action::CreateInvoice.definition().input("delivery_type").unwrap();
    let wished = Wished { input, text: text.to_owned() };
    find(&wished, &entries()).map(|entry| entry.value.clone()).map_err(|failure| failure.message)
}

#[test]
fn values_names_and_addresses_are_found_whatever_their_case() {
    for (text, value) in
        [("mail", "Mail"), ("EFAKTURA", "Efaktura"), ("7", "7"), ("eva ek", "7"), ("Eva@example.se", "7")]
    {
        assert_eq!(check(text).as_deref(), Ok(value));
    }
    // The product's word for it (contract kleer-api §10).
    assert_eq!(check("Svefaktura").as_deref(), Ok("Efaktura"));
}

#[test]
fn what_is_not_in_kleer_is_told_with_what_is() {
    let message = check("Brevduva").unwrap_err();
    insta::assert_snapshot!(message, @"Delivery Type: “Brevduva” is not in Kleer. Use one of: Mail, Efaktura, Eva Ek.");
    assert!(check("default in kleer").is_err());
}
