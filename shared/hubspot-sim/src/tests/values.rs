use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Bench, objects, table};

/// What comes back for a value, or the code and message of the refusal.
fn check(bench: &Bench, object_type: &str, id: &str, property: &str, value: &Value) -> String {
    let path = objects(&format!("{object_type}/{id}"));
    let reply = bench.patch(&path, &json!({ "properties": { property: value } }));
    let result = match reply.status {
        200 => reply.body["properties"][property].to_string(),
        _ => format!("{} {}", reply.body["errors"][0]["code"], reply.body["errors"][0]["message"]),
    };
    format!("{property} {value} -> {result}")
}

#[test]
fn values_by_type() {
    let bench = Bench::new();
    let company = bench.create("companies", &json!({ "name": "Acme" }));
    let cases = [
        ("annualrevenue", json!("200.00")),
        ("annualrevenue", json!(20.5)),
        ("annualrevenue", json!("-0.50")),
        ("annualrevenue", json!("1 000")),
        ("annualrevenue", json!("1,5")),
        ("annualrevenue", json!("1.2.3")),
        ("annualrevenue", json!("1e3")),
        ("industry", json!("BANKING")),
        ("industry", json!("Banking")),
        ("hubspot_owner_id", json!("7001")),
        ("hubspot_owner_id", json!("1")),
        ("hs_object_id", json!("1")),
        ("num_associated_deals", json!("1")),
        ("kleer_nothing", json!("1")),
        ("lifecyclestage", json!("customer")),
        ("lifecyclestage", json!("lead")),
        ("lifecyclestage", json!("")),
        ("lifecyclestage", json!("lead")),
        ("city", json!(true)),
        ("city", json!("")),
    ];
    let lines = cases.map(|(property, value)| check(&bench, "companies", &company, property, &value));
    assert_snapshot!(table(lines), @r#"
    annualrevenue "200.00" -> "200"
    annualrevenue 20.5 -> "20.5"
    annualrevenue "-0.50" -> "-0.5"
    annualrevenue "1 000" -> "INVALID_INTEGER" "1 000 was not a valid number."
    annualrevenue "1,5" -> "INVALID_INTEGER" "1,5 was not a valid number."
    annualrevenue "1.2.3" -> "INVALID_INTEGER" "1.2.3 was not a valid number."
    annualrevenue "1e3" -> "INVALID_INTEGER" "1e3 was not a valid number."
    industry "BANKING" -> "BANKING"
    industry "Banking" -> "INVALID_OPTION" "Banking was not one of the allowed options: [label: \"Accounting\"\nvalue: \"ACCOUNTING\"\n, label: \"Airlines aviation\"\nvalue: \"AIRLINES_AVIATION\"\n, label: \"Alternative dispute resolution\"\nvalue: \"ALTERNATIVE_DISPUTE_RESOLUTION\"\n, label: \"Alternative medicine\"\nvalue: \"ALTERNATIVE_MEDICINE\"\n, label: \"Animation\"\nvalue: \"ANIMATION\"\n, label: \"Apparel fashion\"\nvalue: \"APPAREL_FASHION\"\n, label: \"Architecture planning\"\nvalue: \"ARCHITECTURE_PLANNING\"\n, label: \"Arts and crafts\"\nvalue: \"ARTS_AND_CRAFTS\"\n, label: \"Automotive\"\nvalue: \"AUTOMOTIVE\"\n, label: \"Aviation aerospace\"\nvalue: \"AVIATION_AEROSPACE\"\n, label: \"Banking\"\nvalue: \"BANKING\"\n, label: \"Biotechnology\"\nvalue: \"BIOTECHNOLOGY\"\n, label: \"Broadcast media\"\nvalue: \"BROADCAST_MEDIA\"\n, label: \"Building materials\"\nvalue: \"BUILDING_MATERIALS\"\n, label: \"Business supplies and equipment\"\nvalue: \"BUSINESS_SUPPLIES_AND_EQUIPMENT\"\n, label: \"Capital markets\"\nvalue: \"CAPITAL_MARKETS\"\n, label: \"Chemicals\"\nvalue: \"CHEMICALS\"\n, label: \"Civic social organization\"\nvalue: \"CIVIC_SOCIAL_ORGANIZATION\"\n, label: \"Civil engineering\"\nvalue: \"CIVIL_ENGINEERING\"\n, label: \"Commercial real estate\"\nvalue: \"COMMERCIAL_REAL_ESTATE\"\n, label: \"Computer network security\"\nvalue: \"COMPUTER_NETWORK_SECURITY\"\n, label: \"Computer games\"\nvalue: \"COMPUTER_GAMES\"\n, label: \"Computer hardware\"\nvalue: \"COMPUTER_HARDWARE\"\n, label: \"Computer networking\"\nvalue: \"COMPUTER_NETWORKING\"\n, label: \"Computer software\"\nvalue: \"COMPUTER_SOFTWARE\"\n, label: \"Internet\"\nvalue: \"INTERNET\"\n, label: \"Construction\"\nvalue: \"CONSTRUCTION\"\n, label: \"Consumer electronics\"\nvalue: \"CONSUMER_ELECTRONICS\"\n, label: \"Consumer goods\"\nvalue: \"CONSUMER_GOODS\"\n, label: \"Consumer services\"\nvalue: \"CONSUMER_SERVICES\"\n, label: \"Cosmetics\"\nvalue: \"COSMETICS\"\n, label: \"Dairy\"\nvalue: \"DAIRY\"\n, label: \"Defense space\"\nvalue: \"DEFENSE_SPACE\"\n, label: \"Design\"\nvalue: \"DESIGN\"\n, label: \"Education management\"\nvalue: \"EDUCATION_MANAGEMENT\"\n, label: \"E learning\"\nvalue: \"E_LEARNING\"\n, label: \"Electrical electronic manufacturing\"\nvalue: \"ELECTRICAL_ELECTRONIC_MANUFACTURING\"\n, label: \"Entertainment\"\nvalue: \"ENTERTAINMENT\"\n, label: \"Environmental services\"\nvalue: \"ENVIRONMENTAL_SERVICES\"\n, label: \"Events services\"\nvalue: \"EVENTS_SERVICES\"\n, label: \"Facilities services\"\nvalue: \"FACILITIES_SERVICES\"\n, label: \"Farming\"\nvalue: \"FARMING\"\n, label: \"Financial services\"\nvalue: \"FINANCIAL_SERVICES\"\n, label: \"Food beverages\"\nvalue: \"FOOD_BEVERAGES\"\n, label: \"Food production\"\nvalue: \"FOOD_PRODUCTION\"\n, label: \"Furniture\"\nvalue: \"FURNITURE\"\n, label: \"Government administration\"\nvalue: \"GOVERNMENT_ADMINISTRATION\"\n, label: \"Graphic design\"\nvalue: \"GRAPHIC_DESIGN\"\n, label: \"Health wellness and fitness\"\nvalue: \"HEALTH_WELLNESS_AND_FITNESS\"\n, label: \"Higher education\"\nvalue: \"HIGHER_EDUCATION\"\n, label: \"Hospital health care\"\nvalue: \"HOSPITAL_HEALTH_CARE\"\n, label: \"Hospitality\"\nvalue: \"HOSPITALITY\"\n, label: \"Human resources\"\nvalue: \"HUMAN_RESOURCES\"\n, label: \"Import and export\"\nvalue: \"IMPORT_AND_EXPORT\"\n, label: \"Industrial automation\"\nvalue: \"INDUSTRIAL_AUTOMATION\"\n, label: \"Information services\"\nvalue: \"INFORMATION_SERVICES\"\n, label: \"Information technology and services\"\nvalue: \"INFORMATION_TECHNOLOGY_AND_SERVICES\"\n, label: \"Insurance\"\nvalue: \"INSURANCE\"\n, label: \"Investment management\"\nvalue: \"INVESTMENT_MANAGEMENT\"\n, label: \"Law practice\"\nvalue: \"LAW_PRACTICE\"\n, label: \"Legal services\"\nvalue: \"LEGAL_SERVICES\"\n, label: \"Leisure travel tourism\"\nvalue: \"LEISURE_TRAVEL_TOURISM\"\n, label: \"Logistics and supply chain\"\nvalue: \"LOGISTICS_AND_SUPPLY_CHAIN\"\n, label: \"Machinery\"\nvalue: \"MACHINERY\"\n, label: \"Management consulting\"\nvalue: \"MANAGEMENT_CONSULTING\"\n, label: \"Maritime\"\nvalue: \"MARITIME\"\n, label: \"Market research\"\nvalue: \"MARKET_RESEARCH\"\n, label: \"Marketing and advertising\"\nvalue: \"MARKETING_AND_ADVERTISING\"\n, label: \"Mechanical or industrial engineering\"\nvalue: \"MECHANICAL_OR_INDUSTRIAL_ENGINEERING\"\n, label: \"Media production\"\nvalue: \"MEDIA_PRODUCTION\"\n, label: \"Medical devices\"\nvalue: \"MEDICAL_DEVICES\"\n, label: \"Medical practice\"\nvalue: \"MEDICAL_PRACTICE\"\n, label: \"Mining metals\"\nvalue: \"MINING_METALS\"\n, label: \"Non profit organization management\"\nvalue: \"NON_PROFIT_ORGANIZATION_MANAGEMENT\"\n, label: \"Oil energy\"\nvalue: \"OIL_ENERGY\"\n, label: \"Online media\"\nvalue: \"ONLINE_MEDIA\"\n, label: \"Outsourcing offshoring\"\nvalue: \"OUTSOURCING_OFFSHORING\"\n, label: \"Package freight delivery\"\nvalue: \"PACKAGE_FREIGHT_DELIVERY\"\n, label: \"Packaging and containers\"\nvalue: \"PACKAGING_AND_CONTAINERS\"\n, label: \"Paper forest products\"\nvalue: \"PAPER_FOREST_PRODUCTS\"\n, label: \"Pharmaceuticals\"\nvalue: \"PHARMACEUTICALS\"\n, label: \"Photography\"\nvalue: \"PHOTOGRAPHY\"\n, label: \"Plastics\"\nvalue: \"PLASTICS\"\n, label: \"Printing\"\nvalue: \"PRINTING\"\n, label: \"Professional training coaching\"\nvalue: \"PROFESSIONAL_TRAINING_COACHING\"\n, label: \"Public relations and communications\"\nvalue: \"PUBLIC_RELATIONS_AND_COMMUNICATIONS\"\n, label: \"Publishing\"\nvalue: \"PUBLISHING\"\n, label: \"Real estate\"\nvalue: \"REAL_ESTATE\"\n, label: \"Recreational facilities and services\"\nvalue: \"RECREATIONAL_FACILITIES_AND_SERVICES\"\n, label: \"Renewables environment\"\nvalue: \"RENEWABLES_ENVIRONMENT\"\n, label: \"Research\"\nvalue: \"RESEARCH\"\n, label: \"Restaurants\"\nvalue: \"RESTAURANTS\"\n, label: \"Retail\"\nvalue: \"RETAIL\"\n, label: \"Security and investigations\"\nvalue: \"SECURITY_AND_INVESTIGATIONS\"\n, label: \"Semiconductors\"\nvalue: \"SEMICONDUCTORS\"\n, label: \"Sporting goods\"\nvalue: \"SPORTING_GOODS\"\n, label: \"Sports\"\nvalue: \"SPORTS\"\n, label: \"Staffing and recruiting\"\nvalue: \"STAFFING_AND_RECRUITING\"\n, label: \"Supermarkets\"\nvalue: \"SUPERMARKETS\"\n, label: \"Telecommunications\"\nvalue: \"TELECOMMUNICATIONS\"\n, label: \"Textiles\"\nvalue: \"TEXTILES\"\n, label: \"Transportation trucking railroad\"\nvalue: \"TRANSPORTATION_TRUCKING_RAILROAD\"\n, label: \"Utilities\"\nvalue: \"UTILITIES\"\n, label: \"Venture capital private equity\"\nvalue: \"VENTURE_CAPITAL_PRIVATE_EQUITY\"\n, label: \"Warehousing\"\nvalue: \"WAREHOUSING\"\n, label: \"Wholesale\"\nvalue: \"WHOLESALE\"\n, label: \"Wireless\"\nvalue: \"WIRELESS\"\n, label: \"Writing and editing\"\nvalue: \"WRITING_AND_EDITING\"\n, label: \"Mobile games\"\nvalue: \"MOBILE_GAMES\"\n]"
    hubspot_owner_id "7001" -> "7001"
    hubspot_owner_id "1" -> "INVALID_OWNER_ID" "The owner 1 does not exist."
    hs_object_id "1" -> "READ_ONLY_VALUE" "\"hs_object_id\" is a read only property; its value cannot be set."
    num_associated_deals "1" -> "READ_ONLY_VALUE" "\"num_associated_deals\" is a calculated property; its value cannot be set."
    kleer_nothing "1" -> "PROPERTY_DOESNT_EXIST" "Property \"kleer_nothing\" does not exist"
    lifecyclestage "customer" -> "customer"
    lifecyclestage "lead" -> "customer"
    lifecyclestage "" -> null
    lifecyclestage "lead" -> "lead"
    city true -> "true"
    city "" -> null
    "#);
}

#[test]
fn dates_flags_and_choices() {
    let bench = Bench::new();
    let invoice = bench.create("invoices", &json!({ "hs_currency": "SEK", "hs_invoice_billable": false }));
    let subscription = bench.create("subscriptions", &json!({ "hs_name": "Hosting" }));
    let invoices = [
        ("hs_invoice_date", json!("2026-11-01")),
        ("hs_invoice_date", json!("2026-11-01T10:00:00+01:00")),
        ("hs_invoice_date", json!("1793491200000")),
        ("hs_invoice_date", json!("yesterday")),
        ("hs_invoice_billable", json!("False")),
        ("hs_invoice_billable", json!(false)),
        ("hs_collect_address_types", json!("billing_address")),
        ("hs_collect_address_types", json!(";shipping_address")),
        ("hs_collect_address_types", json!("shipping_address")),
        ("hs_collect_address_types", json!("home")),
    ];
    let subscriptions = [
        ("hs_recurring_billing_start_date", json!("2026-11-20")),
        ("hs_recurring_billing_start_date", json!(1793491200000_i64)),
        ("hs_recurring_billing_start_date", json!("1576676552000")),
        ("hs_recurring_billing_start_date", json!("2026-13-01")),
        ("hs_mrr", json!("10")),
    ];
    let invoices = invoices.map(|(property, value)| check(&bench, "invoices", &invoice, property, &value));
    let subscriptions =
        subscriptions.map(|(property, value)| check(&bench, "subscriptions", &subscription, property, &value));
    assert_snapshot!(table(invoices.into_iter().chain(subscriptions)), @r#"
    hs_invoice_date "2026-11-01" -> "2026-11-01T00:00:00.000Z"
    hs_invoice_date "2026-11-01T10:00:00+01:00" -> "2026-11-01T09:00:00.000Z"
    hs_invoice_date "1793491200000" -> "2026-11-01T00:00:00.000Z"
    hs_invoice_date "yesterday" -> "INVALID_LONG" "yesterday was not a valid long."
    hs_invoice_billable "False" -> "INVALID_OPTION" "False was not one of the allowed options: [label: \"Yes\"\nvalue: \"true\"\n, label: \"No\"\nvalue: \"false\"\n]"
    hs_invoice_billable false -> "false"
    hs_collect_address_types "billing_address" -> "billing_address"
    hs_collect_address_types ";shipping_address" -> "billing_address;shipping_address"
    hs_collect_address_types "shipping_address" -> "shipping_address"
    hs_collect_address_types "home" -> "INVALID_OPTION" "home was not one of the allowed options: [label: \"Billing address\"\nvalue: \"billing_address\"\n, label: \"Shipping address\"\nvalue: \"shipping_address\"\n]"
    hs_recurring_billing_start_date "2026-11-20" -> "2026-11-20"
    hs_recurring_billing_start_date 1793491200000 -> "2026-11-01"
    hs_recurring_billing_start_date "1576676552000" -> "INVALID_DATE" "1576676552000 is at 13:42:32.0 UTC, not midnight!"
    hs_recurring_billing_start_date "2026-13-01" -> "INVALID_LONG" "2026-13-01 was not a valid long."
    hs_mrr "10" -> "READ_ONLY_VALUE" "\"hs_mrr\" is a calculated property; its value cannot be set."
    "#);
}

#[test]
fn all_bad_values_of_an_input_are_named() {
    let bench = Bench::new();
    let body = json!({ "properties": { "name": "Acme", "foo": "1", "annualrevenue": "much" } });
    assert_snapshot!(bench.post(&objects("companies"), &body), @r#"
    400 {
      "status": "error",
      "message": "Property values were not valid: [{\"isValid\":false,\"message\":\"Property \\\"foo\\\" does not exist\",\"error\":\"PROPERTY_DOESNT_EXIST\",\"name\":\"foo\",\"localizedErrorMessage\":\"Property \\\"foo\\\" does not exist\",\"portalId\":4242},{\"isValid\":false,\"message\":\"much was not a valid number.\",\"error\":\"INVALID_INTEGER\",\"name\":\"annualrevenue\",\"localizedErrorMessage\":\"much was not a valid number.\",\"portalId\":4242}]",
      "category": "VALIDATION_ERROR",
      "errors": [
        {
          "message": "Property \"foo\" does not exist",
          "code": "PROPERTY_DOESNT_EXIST",
          "context": {
            "propertyName": [
              "foo"
            ]
          }
        },
        {
          "message": "much was not a valid number.",
          "code": "INVALID_INTEGER",
          "context": {
            "propertyName": [
              "annualrevenue"
            ]
          }
        }
      ]
    }
    "#);
    assert!(bench.simulator.records(4242, "companies").is_empty());
}

#[test]
fn bad_json_is_refused_and_noted() {
    let bench = Bench::new();
    let send = |body: &str| bench.send("POST", &objects("companies"), body.to_owned()).unwrap().short();
    let lines = [
        send("{\"properties\""),
        send("{}"),
        send("{\"properties\":{\"name\":[1]}}"),
        bench.patch(&objects("companies/9001"), &json!({ "properties": { "name": "A" } })).short(),
    ];
    assert_snapshot!(table(lines), @r"
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 13: EOF while parsing an object at line 1 column 13 []
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 2. Some required fields were not set: [properties] []
    400 VALIDATION_ERROR Invalid input JSON on line 1, column 1: Cannot deserialize value of type `java.lang.String` from Array value []
    404 - resource not found []
    ");
    assert_snapshot!(table(bench.simulator.unexpected()), @r"
    POST /crm/objects/2026-09/companies: bad body: EOF while parsing an object at line 1 column 13
    POST /crm/objects/2026-09/companies: bad body: missing field `properties` at line 1 column 2
    ");
}

#[test]
fn dangerous_writes_raise_an_alarm() {
    let bench = Bench::new();
    bench.create("invoices", &json!({ "hs_currency": "SEK", "hs_invoice_billable": "false" }));
    bench.create("subscriptions", &json!({ "hs_name": "Hosting", "hs_invoice_creation": "off" }));
    assert!(bench.simulator.alarms().is_empty());
    bench.patch(&objects("invoices/9001"), &json!({ "properties": { "hs_invoice_billable": true } }));
    bench.post(&objects("subscriptions"), &json!({ "properties": { "hs_invoice_creation": "on" } }));
    assert_snapshot!(bench.get("/_sim/alarms").body, @r#"{"results":[{"at":"2026-11-20T12:00:00Z","portal":4242,"object_type":"invoices","record":9001,"property":"hs_invoice_billable","value":"true"},{"at":"2026-11-20T12:00:00Z","portal":4242,"object_type":"subscriptions","record":null,"property":"hs_invoice_creation","value":"on"}]}"#);
}
