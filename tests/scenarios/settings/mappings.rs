//! The mappings table.

use insta::assert_snapshot;

use super::*;

#[test]
fn a_mapping_to_a_new_property_reaches_old_records() {
    let mut world = with_clients(&["Åkeri AB"]);
    world.edit_client("Åkeri AB", |client| client.contact = "Eva".into());
    let made = gets(
        &world,
        "create-property",
        &json!({
            "object": "client", "field": "contact", "name": "kleer_contact", "label": "Kontakt",
        }),
    );
    assert_snapshot!(made.to_string(), @r#"{"name":"kleer_contact","label":"Kontakt","type":"string","mapped":false,"one_way":true}"#);
    // Asked for twice, it is made once.
    gets(
        &world,
        "create-property",
        &json!({
            "object": "client", "field": "contact", "name": "kleer_contact", "label": "Kontakt",
        }),
    );
    let choices = gets(&world, "properties", &json!({ "object": "client", "field": "contact", "search": "kontakt" }));
    assert_eq!(choices["properties"].as_array().unwrap().len(), 1);
    let object = maps(&world, "contact", "kleer_contact");
    let mapping = object["mappings"].as_array().unwrap().last().unwrap();
    assert_snapshot!(mapping.to_string(), @r#"{"field":"contact","field_label":"Contact","property":"kleer_contact","default":null,"one_way":true,"written_instead":null,"created_at":"2026-11-20T08:01:01.055Z","updated_at":"2026-11-20T08:01:01.055Z"}"#);
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name", "kleer_contact"]), @"1004 | Åkeri AB | Eva");
}

#[test]
fn what_cannot_be_mapped_is_told_before_it_is_saved() {
    let world = with_clients(&[]);
    let version = version(&world, "client");
    let tries = |field: Value, property: &str, default: Value| {
        told(
            &world,
            "save-mapping",
            &json!({
                "object": "client", "version": version, "field": field, "property": property, "default": default,
            }),
        )
    };
    let lines = [
        tries(json!("contact"), "name", Value::Null),
        tries(json!("contact"), "kleer_id", Value::Null),
        tries(json!("nothing"), "domain", Value::Null),
        tries(json!("contact"), "no_such_property", Value::Null),
        tries(json!("contact"), "numberofemployees", Value::Null),
        tries(Value::Null, "description", Value::Null),
        tries(Value::Null, "numberofemployees", json!("many")),
    ];
    assert_snapshot!(lines.join("\n"), @r#"
    duplicate_property: The property "name" is mapped twice; keep one of the two mappings.
    reserved_property: The property "kleer_id" belongs to the connection itself and cannot be mapped.
    unknown_field: Kleer has no field nothing on this type.
    unknown_property: HubSpot's companies have no property no_such_property: choose another one, or make it.
    wrong_type: The property numberofemployees is of the type number, which cannot take this field: choose one of the type string or enumeration.
    default_missing: A mapping without a Kleer field needs a default value: without both it would write nothing.
    default_not_allowed: The default value does not fit the property numberofemployees: “many” is not a number.
    "#);
    let names = |name: &str, label: &str, field: &str| {
        told(&world, "create-property", &json!({ "object": "client", "field": field, "name": name, "label": label }))
    };
    let lines = [
        names("Kontakt", "Kontakt", "contact"),
        names("hs_kontakt", "Kontakt", "contact"),
        names("kontakt", " ", "contact"),
        names("kleer_payment_days", "Kontakt", "contact"),
    ];
    assert_snapshot!(lines.join("\n"), @"
    invalid_name: The internal name has lower case letters a to z, digits and underscores, begins with a letter and not with hs_, and is at most 100 long.
    invalid_name: The internal name has lower case letters a to z, digits and underscores, begins with a letter and not with hs_, and is at most 100 long.
    invalid_label: The label must not be empty, nor longer than 100 letters.
    property_exists: There is a property of that name already, and its type is number: choose another name, or map to that one.
    ");
}

#[test]
fn only_properties_that_fit_are_offered() {
    let world = with_clients(&[]);
    let offered = gets(&world, "properties", &json!({ "object": "client", "field": "payment-days" }));
    let types: std::collections::BTreeSet<&str> =
        offered["properties"].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_snapshot!(types.into_iter().collect::<Vec<_>>().join(" "), @"number string");
    let found = gets(&world, "properties", &json!({ "object": "client", "field": "name", "search": "phone" }));
    assert_snapshot!(found.to_string(), @r#"{"properties":[{"name":"phone","label":"Phone Number","type":"string","mapped":true,"one_way":false}],"is_more":false}"#);
}

#[test]
fn of_two_people_who_save_at_once_the_later_one_is_told() {
    let world = with_clients(&[]);
    let version = version(&world, "client");
    let save = |field: &str, property: &str| {
        let mapping = json!({ "object": "client", "version": version, "field": field, "property": property });
        answer(&world, "save-mapping", &mapping)
    };
    assert_eq!(save("contact", "description")["ok"], true);
    let late = save("gln", "domain");
    assert_eq!(
        (&late["code"], late["details"]["version"].as_u64()),
        (&json!("changed_meanwhile"), version.as_u64().map(|v| v + 1))
    );
    // The first one, whose answer was lost, asks again.
    assert_eq!(save("contact", "description")["ok"], true);
    let mappings = gets(&world, "object", &json!({ "object": "client" }));
    let of = |property: &str| {
        mappings["mappings"].as_array().unwrap().iter().filter(|one| one["property"] == property).count()
    };
    assert_eq!((of("description"), of("domain")), (1, 0));
}

#[test]
fn two_types_do_not_share_a_hubspot_object() {
    let world = with_clients(&[]);
    let version = version(&world, "product");
    let save = |object: &str| {
        told(
            &world,
            "save-object",
            &json!({
                "object": "product", "version": version, "enabled": true, "hubspot_object": object,
                "create_in_kleer": false, "interval_s": null,
            }),
        )
    };
    assert_snapshot!(save("0-2"), @"object_taken: The type client goes to HubSpot's companies already, where the records of both could not be told apart: choose another HubSpot object.");
    assert_snapshot!(save("2-777"), @"unknown_object: HubSpot has no object 2-777 in this account, or the app may not use it.");
}

#[test]
fn a_changed_mapping_takes_the_place_of_the_old_one() {
    let mut world = with_clients(&["Åkeri AB"]);
    let version = version(&world, "client");
    let change = json!({
        "object": "client", "version": version, "replaces": "phone", "field": "phone", "property": "phone", "default": "08-0",
    });
    gets(&world, "save-mapping", &change);
    world.pass(minutes(1));
    assert_snapshot!(world.companies(&["name", "phone"]), @"1004 | Åkeri AB | 08-0");
    // Deleted, it leaves HubSpot's values alone.
    let delete = json!({ "object": "client", "version": super::version(&world, "client"), "property": "phone" });
    gets(&world, "delete-mapping", &delete);
    world.pass(minutes(16));
    assert_snapshot!(world.companies(&["name", "phone"]), @"1004 | Åkeri AB | 08-0");
}
