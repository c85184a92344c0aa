//! What must hold of `template.yaml` that its linters do not look for. Each check answers with complaints; a table of spoiled
//! templates shows that each can complain.

#![expect(clippy::unwrap_used, reason = "a check that cannot go on has failed, and the panic says where")]

#[path = "template/checks.rs"]
mod checks;
#[path = "template/routes.rs"]
mod routes;
#[path = "template/yaml.rs"]
mod yaml;

use serde_json::{Value, json};

use checks::{CHECKS, Check};

fn template() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    yaml::read(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_template_holds() {
    let template = template();
    let complaints: Vec<String> = CHECKS.iter().flat_map(|check| (check.look)(&template)).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_check_can_complain() {
    for Check { rule, look, spoil } in CHECKS {
        for (pointer, value) in *spoil {
            let mut template = template();
            let spoiled = template.pointer_mut(pointer);
            *spoiled.unwrap_or_else(|| panic!("{rule}: nothing stands at {pointer}")) = json!(value);
            if let Some(json) = value.strip_prefix("json:") {
                *template.pointer_mut(pointer).unwrap() = serde_json::from_str(json).unwrap();
            }
            assert!(!look(&template).is_empty(), "{rule}: {value} at {pointer} is not noticed");
        }
    }
}

#[test]
fn tags_and_anchors_mean_what_cloudformation_says() {
    let text = "a: !Ref X\nb: !GetAtt X.Arn\nc: &one [!Sub '${X}', 1, \"1\"]\nd: *one\ne: { f: true }\n";
    let expected = json!({
        "a": { "Ref": "X" }, "b": { "Fn::GetAtt": ["X", "Arn"] }, "c": [{ "Fn::Sub": "${X}" }, 1, "1"],
        "d": [{ "Fn::Sub": "${X}" }, 1, "1"], "e": { "f": true },
    });
    assert_eq!(yaml::read(text).unwrap(), expected);
}
