use super::{Property, PropertyCreate, PropertyOption};

fn property(json: &str) -> Property {
    serde_json::from_str(json).unwrap()
}

#[test]
fn a_property_of_the_contract() {
    let json = r#"{"name":"kleer_currency","label":"Kleer currency","type":"enumeration","fieldType":"select","groupName":"kleer",
        "description":"","options":[{"label":"SEK","value":"SEK","displayOrder":0,"hidden":false,"description":null},{"label":"EUR","value":"EUR"}],
        "displayOrder":-1,"calculated":false,"externalOptions":false,"hasUniqueValue":false,"hidden":false,"hubspotDefined":null,
        "formField":false,"archived":false,"modificationMetadata":{"archivable":true,"readOnlyDefinition":false,"readOnlyValue":false},
        "dataSensitivity":"non_sensitive","createdAt":"2026-11-20T08:00:00.000Z"}"#;
    insta::assert_debug_snapshot!(property(json), @r#"
    Property {
        name: "kleer_currency",
        label: "Kleer currency",
        value_type: "enumeration",
        field_type: "select",
        group_name: "kleer",
        description: "",
        options: [
            PropertyOption {
                label: "SEK",
                value: "SEK",
                display_order: 0,
                hidden: false,
            },
            PropertyOption {
                label: "EUR",
                value: "EUR",
                display_order: 0,
                hidden: false,
            },
        ],
        has_unique_value: Some(
            false,
        ),
        calculated: false,
        hidden: false,
        archived: false,
        hubspot_defined: false,
        modification_metadata: ModificationMetadata {
            read_only_value: false,
            read_only_definition: false,
        },
    }
    "#);
}

#[test]
fn who_can_be_written() {
    let table = [
        ("{}", true, true),
        (r#"{"modificationMetadata":{"readOnlyValue":true}}"#, false, false),
        (r#"{"modificationMetadata":null}"#, true, true),
        (r#"{"calculated":true}"#, false, false),
        (r#"{"archived":true}"#, false, false),
        (r#"{"hidden":true}"#, true, false),
    ];
    for (json, writable, offered) in table {
        assert_eq!((property(json).is_writable(), property(json).is_offered()), (writable, offered), "{json}");
    }
}

#[test]
fn what_is_sent_to_make_one() {
    let key = PropertyCreate {
        name: "kleer_id".into(),
        label: "Kleer id".into(),
        value_type: "string".into(),
        field_type: "text".into(),
        group_name: "kleer".into(),
        has_unique_value: true,
        ..PropertyCreate::default()
    };
    let yes = PropertyOption { label: "Yes".into(), value: "true".into(), ..PropertyOption::default() };
    let flag = PropertyCreate { name: "kleer_active".into(), options: vec![yes], ..PropertyCreate::default() };
    let json = serde_json::to_string_pretty(&[key, flag]).unwrap();
    insta::assert_snapshot!(json, @r#"
    [
      {
        "name": "kleer_id",
        "label": "Kleer id",
        "type": "string",
        "fieldType": "text",
        "groupName": "kleer",
        "hasUniqueValue": true
      },
      {
        "name": "kleer_active",
        "label": "",
        "type": "",
        "fieldType": "",
        "groupName": "",
        "options": [
          {
            "label": "Yes",
            "value": "true",
            "displayOrder": 0,
            "hidden": false
          }
        ],
        "hasUniqueValue": false
      }
    ]
    "#);
}
