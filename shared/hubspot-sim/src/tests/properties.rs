use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

const COMPANIES: &str = "/crm/properties/2026-09/companies";

fn property(name: &str, data_type: &str, field_type: &str) -> Value {
    json!({ "name": name, "label": name, "type": data_type, "fieldType": field_type, "groupName": "companyinformation" })
}

fn option(label: &str, value: &str) -> Value {
    json!({ "label": label, "value": value, "displayOrder": 0, "hidden": false })
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
    options["options"] = json!([option("A", "a"), option("B", "a")]);
    let mut bare_option = property("kleer_h", "enumeration", "select");
    bare_option["options"] = json!([{ "label": "A", "value": "a" }]);
    let unique = |data_type: &str, field_type: &str| {
        let mut one = property(&format!("kleer_{data_type}_{field_type}"), data_type, field_type);
        one["hasUniqueValue"] = json!(true);
        one
    };
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
        bare_option,
        unique("string", "text"),
        unique("number", "number"),
        unique("string", "textarea"),
        unique("bool", "booleancheckbox"),
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
    "kleer_h" -> 400 VALIDATION_ERROR Invalid input JSON on line 1, column 147. Some required fields were not set: [displayOrder] []
    "kleer_string_text" -> 201 - - []
    "kleer_number_number" -> 201 - - []
    "kleer_string_textarea" -> 400 VALIDATION_ERROR Property type 'string' with field type 'textarea' does not support unique values []
    "kleer_bool_booleancheckbox" -> 400 VALIDATION_ERROR Property type 'bool' with field type 'booleancheckbox' does not support unique values []
    "#);
    let built_in = bench.delete(&format!("{COMPANIES}/name"));
    assert_snapshot!(built_in.short(), @r#"400 VALIDATION_ERROR Property "name" is HubSpot defined and cannot be archived []"#);
}

#[test]
fn a_patch_replaces_all_options() {
    let bench = Bench::new();
    let mut unit = property("kleer_unit", "enumeration", "select");
    unit["options"] = json!([option("Hour", "h"), option("Piece", "st")]);
    assert_eq!(bench.post(COMPANIES, &unit).status, 201);
    let path = format!("{COMPANIES}/kleer_unit");
    let kept = bench.create("companies", &json!({ "name": "A", "kleer_unit": "h" }));
    let shown = |reply: &super::Reply| {
        let options = reply.body["options"].as_array().into_iter().flatten();
        let options: Vec<String> = options.map(|one| format!("{}={}", one["value"], one["label"])).collect();
        format!("{} {}", reply.status, options.join(" "))
    };
    let write = |value: &str| {
        let body = json!({ "properties": { "kleer_unit": value } });
        let reply = bench.patch(&objects(&format!("companies/{kept}")), &body);
        format!("{value}: {} {}", reply.status, reply.body["errors"][0]["code"])
    };
    let lines = [
        shown(&bench.patch(&path, &json!({ "options": [option("Piece", "st"), option("Day", "d")] }))),
        shown(&bench.patch(&path, &json!({ "label": "Unit" }))),
        shown(&bench.get(&path)),
        write("d"),
        write("h"),
        bench.patch(&path, &json!({ "options": [option("Piece", "st"), option("Day", "st")] })).short(),
        bench.patch(&path, &json!({ "options": [{ "label": "Day", "value": "d" }] })).short(),
        shown(&bench.get(&path)),
        bench.patch(&format!("{COMPANIES}/nonsense"), &json!({ "options": [] })).short(),
        bench.patch(&format!("{COMPANIES}/lifecyclestage"), &json!({ "options": [option("Ours", "ours")] })).short(),
        bench.patch(&format!("{COMPANIES}/city"), &json!({ "options": [] })).short(),
    ];
    assert_snapshot!(table(lines), @r#"
    200 "st"="Piece" "d"="Day"
    200 "st"="Piece" "d"="Day"
    200 "st"="Piece" "d"="Day"
    d: 200 null
    h: 400 "INVALID_OPTION"
    400 VALIDATION_ERROR Property options must have unique values: st []
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 39. Some required fields were not set: [displayOrder] []
    200 "st"="Piece" "d"="Day"
    404 OBJECT_NOT_FOUND Property nonsense does not exist for object type 0-2 []
    400 VALIDATION_ERROR The options of property "lifecyclestage" are read only []
    400 VALIDATION_ERROR The options of property "city" are read only []
    "#);
}

fn unique(name: &str) -> Value {
    let mut one = property(name, "string", "text");
    one["hasUniqueValue"] = json!(true);
    one
}

#[test]
fn ten_unique_properties_and_no_more() {
    let bench = Bench::new();
    let inputs: Vec<Value> = (0..12).map(|n| unique(&format!("key_{n}"))).collect();
    let reply = bench.post(&format!("{COMPANIES}/batch/create"), &json!({ "inputs": inputs }));
    assert_eq!((reply.status, reply.body["results"].as_array().unwrap().len()), (207, 10));
    assert_snapshot!(reply.body["errors"][0], @r#"{"status":"error","category":"VALIDATION_ERROR","message":"Object type 0-2 already has the maximum of 10 unique properties","context":{"name":["key_10"]},"errors":[],"links":{}}"#);
    assert_snapshot!(bench.post(COMPANIES, &unique("kleer_id")), @r#"
    400 {
      "status": "error",
      "message": "Object type 0-2 already has the maximum of 10 unique properties",
      "category": "VALIDATION_ERROR"
    }
    "#);
    assert_eq!(bench.post(COMPANIES, &property("kleer_id", "string", "text")).status, 201, "a plain one is no matter");
    assert_eq!(bench.post("/crm/properties/2026-09/products", &in_group("productinformation")).status, 201);
    assert_eq!(bench.delete(&format!("{COMPANIES}/key_3")).status, 204);
    assert_eq!(bench.post(COMPANIES, &unique("kleer_sync_key")).status, 201, "an archived one does not count");
    assert_eq!(bench.post(COMPANIES, &unique("key_3")).status, 400, "nor does it come back when there is no room");
}

/// A unique `kleer_id` for another object type.
fn in_group(group: &str) -> Value {
    let mut one = unique("kleer_id");
    one["groupName"] = json!(group);
    one
}

#[test]
fn a_type_that_takes_no_unique_property() {
    let bench = Bench::new();
    bench.switch(&json!({ "unique_refused": ["invoices"] }));
    let invoices = "/crm/properties/2026-09/invoices";
    let key = in_group("invoiceinformation");
    assert_snapshot!(bench.post(invoices, &key).short(), @"400 VALIDATION_ERROR Object type 0-53 does not support unique properties []");
    let batch = bench.post(&format!("{invoices}/batch/create"), &json!({ "inputs": [key] }));
    assert_eq!((batch.status, batch.body["numErrors"].clone()), (207, json!(1)));
    let mut plain = key;
    plain["hasUniqueValue"] = json!(false);
    assert_eq!(bench.post(invoices, &plain).status, 201);
    assert_eq!(bench.post(COMPANIES, &unique("kleer_id")).status, 201);
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

/// The official libraries speak v3 and do not send it.
#[test]
fn reading_a_batch_needs_a_sensitivity_in_the_dated_versions_only() {
    let bench = Bench::new();
    let read = json!({ "archived": false, "inputs": [{ "name": "name" }] });
    assert_eq!(bench.post("/crm/v3/properties/companies/batch/read", &read).body["results"][0]["name"], "name");
    assert!(bench.simulator.unexpected().is_empty());
    assert_eq!(bench.post(&format!("{COMPANIES}/batch/read"), &read).status, 400);
    assert_eq!(bench.simulator.unexpected().len(), 1);
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
    let id = bench.create("companies", &json!({ "name": "A", "kleer_id": "1" }));
    bench.create("companies", &json!({ "name": "B", "kleer_id": "1" }));
    let input = |trace: &str| {
        let properties = json!({ "name": "A" });
        json!({ "inputs": [{ "id": "1", "idProperty": "kleer_id", "objectWriteTraceId": trace, "properties": properties }] })
    };
    let read =
        json!({ "inputs": [{ "id": "1" }], "idProperty": "kleer_id", "properties": [], "propertiesWithHistory": [] });
    assert_snapshot!(bench.post(&objects("companies/batch/upsert"), &input("a")), @r#"
    400 {
      "status": "error",
      "message": "Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 4242",
      "category": "VALIDATION_ERROR"
    }
    "#);
    let lines = [
        bench.post(&objects("companies/batch/update"), &input("a")).short(),
        bench.post(&objects("companies/batch/read"), &read).short(),
        bench.get(&objects("companies/1?idProperty=kleer_id")).short(),
        bench.patch(&objects("companies/1?idProperty=kleer_id"), &json!({ "properties": { "city": "X" } })).short(),
        bench.post(COMPANIES, &unique("kleer_id")).short(),
        bench.patch(&format!("{COMPANIES}/kleer_id"), &json!({ "hasUniqueValue": true })).body["hasUniqueValue"]
            .to_string(),
        bench.post(COMPANIES, &unique("kleer_sync_key")).status.to_string(),
        bench
            .patch(&objects(&format!("companies/{id}")), &json!({ "properties": { "kleer_id": "2" } }))
            .status
            .to_string(),
    ];
    assert_snapshot!(table(lines), @"
    400 VALIDATION_ERROR Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 4242 []
    400 VALIDATION_ERROR Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 4242 []
    400 VALIDATION_ERROR Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 4242 []
    400 VALIDATION_ERROR Unable to perform update/upsert by non-unique 0-2 property kleer_id in portal ID 4242 []
    409 OBJECT_ALREADY_EXISTS A property named 'kleer_id' already exists. []
    false
    201
    200
    ");
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
