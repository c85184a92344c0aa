//! What HubSpot's project is told of an action: the files of `workflow-actions` (contract hubspot-platform §1.6).

use serde_json::{Map, Value, json};

use crate::definition::{Definition, ERROR_CODE, ERROR_FIELD, Input, Meaning, Shown};
use crate::words::{Language, words};

/// Where HubSpot finds us: a variable of the project's profiles (contract hubspot-platform §1.7).
const BASE: &str = "${PUBLIC_BASE_URL}";
/// What all actions are filed under.
const APP_NAME: &str = "Kleer";

/// One file: its name and its content.
#[must_use]
pub fn file(definition: &Definition) -> (String, Value) {
    let config = json!({
        "actionUrl": format!("{BASE}/actions/{}", definition.name),
        "isPublished": true,
        "supportedClients": [{ "client": "WORKFLOWS" }],
        "objectTypes": [definition.runs_on.wire()],
        "inputFields": definition.inputs.iter().map(input).collect::<Vec<_>>(),
        "outputFields": definition.outputs().iter().map(|output| output_field(output.name)).collect::<Vec<_>>(),
        "executionRules": rules(definition).into_iter().map(|rule| rule.json()).collect::<Vec<_>>(),
        "labels": Map::from_iter(Language::ALL.map(|language| (language.code().to_owned(), labels(definition, language)))),
    });
    let file = json!({ "uid": definition.uid, "type": "workflow-action", "config": config });
    (format!("{}-hsmeta.json", definition.name), file)
}

/// Type and field type (contract hubspot-platform §1.6 "Allowed values").
fn types(input: &Input) -> (&'static str, &'static str) {
    match (input.shown, input.meaning) {
        (Shown::Text, _) | (_, Meaning::Text | Meaning::Currency | Meaning::Country) => ("string", "text"),
        (_, Meaning::Date) => ("date", "date"),
        (_, Meaning::Whole { .. } | Meaning::Decimal | Meaning::Money) => ("number", "number"),
        (_, Meaning::Boolean) => ("bool", "booleancheckbox"),
        (_, Meaning::Choice(_) | Meaning::Live(_)) => ("enumeration", "select"),
    }
}

fn input(input: &Input) -> Value {
    let (value_type, field_type) = types(input);
    let mut definition = json!({ "name": input.name, "type": value_type, "fieldType": field_type });
    match (input.shown, input.meaning) {
        (Shown::Typed, Meaning::Choice(choices)) => {
            let option =
                |choice: &crate::definition::Choice| json!({ "value": choice.value, "label": choice.label.en });
            definition["options"] = choices.iter().map(option).collect();
        }
        (Shown::Typed, Meaning::Live(_)) => definition["optionsUrl"] = json!(format!("{BASE}/actions/options")),
        _ => {}
    }
    json!({
        "typeDefinition": definition,
        "supportedValueTypes": ["STATIC_VALUE", "OBJECT_PROPERTY"],
        "isRequired": false,
    })
}

fn output_field(name: &str) -> Value {
    json!({ "typeDefinition": { "name": name, "type": "string", "fieldType": "text" } })
}

/// What a workflow's history says when the outputs are these. Tested in order, the first that fits wins.
struct Rule {
    label: String,
    conditions: Value,
    text: [String; 2],
}

impl Rule {
    fn json(&self) -> Value {
        json!({ "labelName": self.label, "conditions": self.conditions })
    }

    fn text(&self, language: Language) -> &str {
        let [english, swedish] = &self.text;
        match language {
            Language::English => english,
            Language::Swedish => swedish,
        }
    }
}

/// First what is wrong with one input: the field, its value and the remedy in the reader's language. Then each code alone.
fn rules(definition: &Definition) -> Vec<Rule> {
    let of_inputs = definition.inputs.iter().filter_map(rule_of_input);
    let of_codes = definition.codes.iter().map(|code| Rule {
        label: code.label(),
        conditions: json!({ ERROR_CODE.name: [code.as_str()] }),
        text: Language::ALL.map(|language| code.text().of(language).to_owned()),
    });
    of_inputs.chain(of_codes).collect()
}

fn rule_of_input(input: &Input) -> Option<Rule> {
    let code = input.fault()?;
    let wrong = words("cannot be used", "kan inte användas");
    let text = |language| {
        let (label, remedy) = (input.label.of(language), input.remedy().of(language));
        format!("{label}: {{{{{}}}}} {}. {remedy}", input.name, wrong.of(language))
    };
    let field: String = input.name.split('_').map(capitalized).collect();
    Some(Rule {
        label: format!("{}{field}", code.label()),
        conditions: json!({ ERROR_CODE.name: [code.as_str()], ERROR_FIELD.name: [input.name] }),
        text: Language::ALL.map(text),
    })
}

fn capitalized(word: &str) -> String {
    word.get(..1).map(str::to_ascii_uppercase).unwrap_or_default() + word.get(1..).unwrap_or_default()
}

fn labels(definition: &Definition, language: Language) -> Value {
    let of_inputs = |text: &dyn Fn(&Input) -> Option<Value>| -> Map<String, Value> {
        definition.inputs.iter().filter_map(|input| Some((input.name.to_owned(), text(input)?))).collect()
    };
    let options = of_inputs(&|input| match (input.shown, input.meaning) {
        (Shown::Typed, Meaning::Choice(choices)) => {
            let label =
                |choice: &crate::definition::Choice| (choice.value.to_owned(), json!(choice.label.of(language)));
            Some(Value::Object(choices.iter().map(label).collect()))
        }
        _ => None,
    });
    let mut labels = Map::from_iter([
        ("actionName".to_owned(), json!(definition.title.of(language))),
        ("actionDescription".to_owned(), json!(definition.description.of(language))),
        ("actionCardContent".to_owned(), json!(definition.card.of(language))),
        ("appDisplayName".to_owned(), json!(APP_NAME)),
    ]);
    let mut add = |name: &str, texts: Map<String, Value>| {
        if !texts.is_empty() {
            labels.insert(name.to_owned(), Value::Object(texts));
        }
    };
    add("inputFieldLabels", of_inputs(&|input| Some(json!(input.label.of(language)))));
    add("inputFieldDescriptions", of_inputs(&|input| Some(json!(input.help.of(language)))));
    add("inputFieldOptionLabels", options);
    let outputs = definition.outputs();
    add("outputFieldLabels", outputs.iter().map(|o| (o.name.to_owned(), json!(o.label.of(language)))).collect());
    let rules = rules(definition);
    add("executionRules", rules.iter().map(|rule| (rule.label.clone(), json!(rule.text(language)))).collect());
    Value::Object(labels)
}

#[cfg(test)]
mod tests;
