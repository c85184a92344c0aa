use std::collections::BTreeSet;

use super::*;
use crate::{Action, ErrorCode};

/// What a label is called in an input's name (design §4).
fn snake_case(label: &str) -> String {
    let plain: String = label.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join("_")
}

#[test]
fn inputs_are_named_by_their_labels() {
    for action in Action::ALL {
        for input in action.definition().inputs {
            assert_eq!(input.name, snake_case(input.label.en), "{action:?}");
        }
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    for action in Action::ALL {
        let (_, file) = file(action.definition());
        let (english, swedish) = (&file["config"]["labels"]["en"], &file["config"]["labels"]["sv"]);
        let keys = |labels: &Value| -> BTreeSet<String> { leaves(labels, "") };
        assert_eq!(keys(english), keys(swedish), "{action:?}");
    }
}

/// The paths of all texts, none of which may be empty.
fn leaves(value: &Value, path: &str) -> BTreeSet<String> {
    match value {
        Value::Object(members) => {
            members.iter().flat_map(|(name, value)| leaves(value, &format!("{path}/{name}"))).collect()
        }
        other => {
            assert!(other.as_str().is_some_and(|text| !text.trim().is_empty()), "{path} is empty");
            BTreeSet::from([path.to_owned()])
        }
    }
}

#[test]
fn every_rule_has_a_text_and_a_name_of_its_own() {
    for action in Action::ALL {
        let rules = rules(action.definition());
        let names: BTreeSet<&str> = rules.iter().map(|rule| rule.label.as_str()).collect();
        assert_eq!(names.len(), rules.len(), "{action:?}");
    }
}

#[test]
fn every_code_of_an_input_is_among_those_of_its_action() {
    for action in Action::ALL {
        let definition = action.definition();
        for code in definition.inputs.iter().filter_map(Input::fault) {
            assert!(definition.codes.contains(&code), "{action:?} does not say what {} means", code.as_str());
        }
    }
}

#[test]
fn codes_are_named_once_and_for_ever() {
    let labels = [ErrorCode::NotConnected, ErrorCode::MissingClient, ErrorCode::KleerRejected].map(ErrorCode::label);
    assert_eq!(labels, ["notConnected", "missingClient", "kleerRejected"]);
}

#[test]
fn what_hubspot_is_told_of_one_input() {
    let (name, file) = file(Action::CreateInvoice.definition());
    assert_eq!(name, "create-invoice-hsmeta.json");
    let config = &file["config"];
    insta::assert_snapshot!(config["inputFields"][0], @r#"{"typeDefinition":{"name":"invoice_date","type":"string","fieldType":"text"},"supportedValueTypes":["STATIC_VALUE","OBJECT_PROPERTY"],"isRequired":false}"#);
    insta::assert_snapshot!(config["inputFields"][2], @r#"{"typeDefinition":{"name":"delivery_type","type":"enumeration","fieldType":"select","optionsUrl":"${PUBLIC_BASE_URL}/actions/options"},"supportedValueTypes":["STATIC_VALUE","OBJECT_PROPERTY"],"isRequired":false}"#);
    insta::assert_snapshot!(config["executionRules"][0], @r#"{"labelName":"invalidDateInvoiceDate","conditions":{"error_code":["INVALID_DATE"],"error_field":["invoice_date"]}}"#);
    insta::assert_snapshot!(config["labels"]["sv"]["executionRules"]["invalidDateInvoiceDate"], @r#""Fakturadatum: {{invoice_date}} kan inte användas. Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2026-11-21.""#);
}
