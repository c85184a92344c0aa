use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

const COMPANIES: &str = "/crm/properties/2026-09/companies";

fn property(name: &str, data_type: &str, field_type: &str) -> Value {
    json!({ "name": name, "label": name, "type": data_type, "fieldType": field_type, "groupName": "companyinformation" })
}

#[test]
fn a_property_lives_and_comes_back() {
    let bench = Bench::new();
    assert_snapshot!(bench.post(COMPANIES, &property("kleer_note", "string", "text")), @r#"
    201 {
      "updatedAt": "2026-11-20T12:00:00.000Z",
      "createdAt": "2026-11-20T12:00:00.000Z",
      "name": "kleer_note",
      "label": "kleer_note",
      "type": "string",
      "fieldType": "text",
      "description": "",
      "groupName": "companyinformation",
      "options": [],
      "displayOrder": -1,
      "calculated": false,
      "externalOptions": false,
      "archived": false,
      "hasUniqueValue": false,
      "hidden": false,
      "hubspotDefined": false,
      "showCurrencySymbol": false,
      "modificationMetadata": {
        "archivable": true,
        "readOnlyDefinition": false,
        "readOnlyOptions": false,
        "readOnlyValue": false
      },
      "formField": false,
      "dataSensitivity": "non_sensitive"
    }
    "#);
    assert_snapshot!(bench.post(COMPANIES, &property("kleer_note", "string", "text")), @r#"
    409 {
      "status": "error",
      "message": "A property named 'kleer_note' already exists.",
      "category": "OBJECT_ALREADY_EXISTS",
      "subCategory": "Properties.PROPERTY_WITH_NAME_EXISTS"
    }
    "#);
    let patch = json!({ "label": "Note", "name": "other", "hasUniqueValue": true });
    let patched = bench.patch(&format!("{COMPANIES}/kleer_note"), &patch);
    assert_snapshot!(format!("{} {} {}", patched.body["name"], patched.body["label"], patched.body["hasUniqueValue"]), @r#""kleer_note" "Note" false"#);
    bench.create("companies", &json!({ "name": "A", "kleer_note": "kept" }));
    assert_eq!(bench.delete(&format!("{COMPANIES}/kleer_note")).status, 204);
    assert_snapshot!(bench.get(&format!("{COMPANIES}/kleer_note")), @r#"
    404 {
      "status": "error",
      "message": "Property kleer_note does not exist for object type 0-2",
      "category": "OBJECT_NOT_FOUND",
      "subCategory": "Properties.PROPERTY_NOT_FOUND"
    }
    "#);
    let write = json!({ "properties": { "kleer_note": "x" } });
    assert_snapshot!(bench.patch(&objects("companies/9001"), &write).short(), @r#"400 VALIDATION_ERROR Property values were not valid: [{"isValid":false,"message":"Property \"kleer_note\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"kleer_note","localizedErrorMessage":"Property \"kleer_note\" does not exist","portalId":4242}] ["PROPERTY_DOESNT_EXIST"]"#);
    assert_eq!(
        bench.post(COMPANIES, &property("kleer_note", "string", "textarea")).body["fieldType"],
        json!("textarea")
    );
    let value = bench.get(&objects("companies/9001?properties=kleer_note")).body["properties"]["kleer_note"].clone();
    assert_eq!(value, json!("kept"));
}

#[test]
fn definitions_that_are_refused() {
    let bench = Bench::new();
    let mut strange_group = property("kleer_a", "string", "text");
    strange_group["groupName"] = json!("kleer");
    let mut options = property("kleer_b", "enumeration", "select");
    options["options"] =
        json!([{ "label": "A", "value": "a", "displayOrder": 0, "hidden": false }, { "label": "B", "value": "a" }]);
    let cases = [
        property("Kleer", "string", "text"),
        property("hs_kleer", "string", "text"),
        property("kleer_c", "string", "number"),
        property("kleer_d", "decimal", "number"),
        property("kleer_e", "bool", "booleancheckbox"),
        property("kleer_f", "datetime", "date"),
        strange_group,
        options,
        json!({ "name": "kleer_g" }),
    ];
    let lines = cases.map(|case| format!("{} -> {}", case["name"], bench.post(COMPANIES, &case).short()));
    assert_snapshot!(table(lines), @r#"
    "Kleer" -> 400 VALIDATION_ERROR Property name 'Kleer' is invalid: lowercase letters, digits and underscores only, starting with a letter ["INVALID_PROPERTY_NAME"]
    "hs_kleer" -> 400 VALIDATION_ERROR Property name 'hs_kleer' is invalid: lowercase letters, digits and underscores only, starting with a letter ["INVALID_PROPERTY_NAME"]
    "kleer_c" -> 400 VALIDATION_ERROR Property type 'string' does not support field type 'number' []
    "kleer_d" -> 400 VALIDATION_ERROR 'decimal' is not a valid property type []
    "kleer_e" -> 201 - - []
    "kleer_f" -> 201 - - []
    "kleer_a" -> 400 VALIDATION_ERROR Property group 'kleer' does not exist []
    "kleer_b" -> 400 VALIDATION_ERROR Property options must have unique values: a []
    "kleer_g" -> 400 VALIDATION_ERROR Invalid input JSON on line 1, column 18. Some required fields were not set: [label] []
    "#);
    let built_in = bench.delete(&format!("{COMPANIES}/name"));
    assert_snapshot!(built_in.short(), @r#"400 VALIDATION_ERROR Property "name" is HubSpot defined and cannot be archived []"#);
}

#[test]
fn ten_unique_properties_and_no_more() {
    let bench = Bench::new();
    let unique = |n: usize| {
        let mut one = property(&format!("key_{n}"), "string", "text");
        one["hasUniqueValue"] = json!(true);
        one
    };
    let inputs: Vec<Value> = (0..12).map(unique).collect();
    let reply = bench.post(&format!("{COMPANIES}/batch/create"), &json!({ "inputs": inputs }));
    assert_eq!((reply.status, reply.body["results"].as_array().unwrap().len()), (207, 10));
    assert_snapshot!(reply.body["errors"][0], @r#"{"status":"error","category":"VALIDATION_ERROR","message":"Object type 0-2 already has the maximum of 10 unique properties","context":{"name":["key_10"]},"errors":[],"links":{}}"#);
}

#[test]
fn a_new_property_is_seen_late() {
    let bench = Bench::new();
    bench.switch(&json!({ "property_delay_ms": 700 }));
    let mut unique = property("kleer_id", "string", "text");
    unique["hasUniqueValue"] = json!(true);
    assert_eq!(bench.post(COMPANIES, &unique).status, 201);
    let read = json!({ "archived": false, "dataSensitivity": "non_sensitive", "inputs": [{ "name": "kleer_id" }, { "name": "name" }] });
    let look = || {
        let listed =
            bench.get(COMPANIES).body["results"].as_array().unwrap().iter().any(|one| one["name"] == "kleer_id");
        let single = bench.get(&format!("{COMPANIES}/kleer_id")).status;
        let batch = bench.post(&format!("{COMPANIES}/batch/read"), &read).status;
        let write =
            bench.post(&objects("companies"), &json!({ "properties": { "name": "A", "kleer_id": "1" } })).status;
        format!("listed {listed}, single {single}, batch {batch}, write {write}")
    };
    let early = look();
    assert_eq!(bench.post(COMPANIES, &unique).status, 409);
    bench.wait(700);
    assert_snapshot!(table([early, look()]), @r"
    listed false, single 404, batch 207, write 400
    listed true, single 200, batch 200, write 201
    ");
}

#[test]
fn groups() {
    let bench = Bench::new();
    let groups = format!("{COMPANIES}/groups");
    let kleer = json!({ "name": "kleer", "label": "Kleer" });
    let lines = [
        bench.post(&groups, &kleer).to_string(),
        bench.post(&groups, &kleer).short(),
        bench.get(&groups).body.to_string(),
        bench.patch(&format!("{groups}/kleer"), &json!({ "label": "Kleer fields" })).body.to_string(),
        bench.delete(&format!("{groups}/kleer")).status.to_string(),
        bench.get(&format!("{groups}/kleer")).short(),
    ];
    assert_snapshot!(table(lines), @r#"
    201 {
      "name": "kleer",
      "label": "Kleer",
      "displayOrder": -1,
      "archived": false
    }
    409 OBJECT_ALREADY_EXISTS A property group named 'kleer' already exists. []
    {"results":[{"name":"companyinformation","label":"Company information","displayOrder":0,"archived":false},{"name":"kleer","label":"Kleer","displayOrder":-1,"archived":false}]}
    {"name":"kleer","label":"Kleer fields","displayOrder":-1,"archived":false}
    204
    404 OBJECT_NOT_FOUND Property group kleer does not exist []
    "#);
}

#[test]
fn a_foreign_kleer_id_cannot_be_upserted_by() {
    let mut options = crate::Options::default();
    options.portals[0] = options.portals[0].clone().with_foreign_kleer_id(&["companies"]);
    let bench = Bench::with(options);
    let input = json!({ "id": "1", "idProperty": "kleer_id", "properties": { "name": "A" } });
    let reply = bench.post(&objects("companies/batch/upsert"), &json!({ "inputs": [input] }));
    assert_snapshot!(reply, @r#"
    400 {
      "status": "error",
      "message": "Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 4242",
      "category": "VALIDATION_ERROR"
    }
    "#);
}

#[test]
fn the_built_in_tables_are_sound() {
    let bench = Bench::new();
    let count = |object_type: &str| {
        let all = bench.get(&format!("/crm/properties/2026-09/{object_type}")).body["results"].clone();
        let all = all.as_array().unwrap();
        let read_only = all.iter().filter(|one| one["modificationMetadata"]["readOnlyValue"] == json!(true)).count();
        let choices = all.iter().filter(|one| !one["options"].as_array().unwrap().is_empty()).count();
        format!("{object_type}: {} properties, {read_only} read-only, {choices} with options", all.len())
    };
    let types = ["companies", "contacts", "deals", "products", "line_items", "invoices", "subscriptions", "projects"];
    assert_snapshot!(table(types.map(count)), @r"
    companies: 29 properties, 7 read-only, 3 with options
    contacts: 12 properties, 6 read-only, 0 with options
    deals: 18 properties, 8 read-only, 5 with options
    products: 22 properties, 5 read-only, 4 with options
    line_items: 28 properties, 8 read-only, 4 with options
    invoices: 42 properties, 8 read-only, 7 with options
    subscriptions: 36 properties, 12 read-only, 11 with options
    projects: 18 properties, 5 read-only, 3 with options
    ");
    assert_snapshot!(bench.get("/crm/properties/2026-09/subscriptions/hs_status").body["options"][1], @r#"{"label":"Past due","value":"past_due","displayOrder":1,"hidden":false}"#);
}
