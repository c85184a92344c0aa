use std::time::Duration;

use jiff::civil::Date;

use super::{ObjectSettings, SyncSettings};
use crate::KleerId;
use crate::tests::{SPEC, at};

fn settings() -> ObjectSettings {
    ObjectSettings::defaults(&SPEC, true, at("2026-11-20T08:00:00Z"))
}

#[test]
fn the_interval_is_the_types_own_unless_the_portal_chose() {
    let check = |interval_s| ObjectSettings { interval_s, ..settings() }.interval(&SPEC).as_secs();
    assert_eq!([None, Some(60), Some(0)].map(check), [900, 60, 1]);
}

#[test]
fn a_new_installation_goes_to_the_types_own_object() {
    let settings = settings();
    assert_eq!(settings.hubspot_object, "companies");
    let properties: Vec<_> = settings.mappings.iter().map(|mapping| mapping.property.as_str()).collect();
    assert_eq!(properties, ["name", "city", "kleer_active"]);
    assert_eq!(settings.interval(&SPEC), Duration::from_secs(900));
}

#[test]
fn stored_settings_are_read_again() {
    let json = serde_json::to_string(&settings()).unwrap();
    assert_eq!(serde_json::from_str::<ObjectSettings>(&json).unwrap(), settings());
}

/// Whoever chose `0-53` chose invoices, and every comparison sees it.
#[test]
fn an_objects_id_is_stored_and_read_as_its_name() {
    let chosen = ObjectSettings { hubspot_object: "0-53".to_owned(), ..settings() };
    let json = serde_json::to_string(&chosen).unwrap();
    assert!(json.contains(r#""hubspot_object":"invoices""#), "{json}");
    let read = |object: &str| {
        let json = json.replace("\"invoices\"", &format!("{object:?}"));
        serde_json::from_str::<ObjectSettings>(&json).unwrap().hubspot_object
    };
    assert_eq!(["0-53", "invoices", "0-69", "2-77"].map(read), ["invoices", "invoices", "subscriptions", "2-77"]);
}

/// The first invoice date in a window of that many months.
fn check(months: impl Into<Option<u32>>, today: &str) -> String {
    let settings = SyncSettings { invoice_window_months: months.into(), ..SyncSettings::default() };
    settings.invoices_from(today.parse().unwrap()).map_or_else(|| "all".to_owned(), |date| date.to_string())
}

#[test]
fn a_new_installation_looks_back_a_year() {
    let from = SyncSettings::default().invoices_from("2026-11-20".parse().unwrap());
    assert_eq!(from, Some("2025-11-20".parse::<Date>().unwrap()));
}

#[test]
fn the_window_by_months() {
    let windows = [1, 3, 6, 12, 24, 36, 0].map(|months| format!("{months}: {}", check(months, "2026-11-20")));
    insta::assert_snapshot!(windows.join("\n"), @r"
    1: 2026-10-20
    3: 2026-08-20
    6: 2026-05-20
    12: 2025-11-20
    24: 2024-11-20
    36: 2023-11-20
    0: 2026-11-20
    ");
    assert_eq!(check(None, "2026-11-20"), "all");
}

#[test]
fn a_month_that_is_shorter_ends_earlier() {
    let rows = [
        (1, "2026-03-31"),
        (1, "2024-03-31"), // a leap year's February
        (1, "2026-12-31"),
        (3, "2026-05-31"),
        (6, "2026-08-31"),
        (12, "2024-02-29"),
        (12, "2026-01-01"),
        (1, "2026-01-31"),
    ];
    let lines = rows.map(|(months, today)| format!("{months} before {today}: {}", check(months, today)));
    insta::assert_snapshot!(lines.join("\n"), @r"
    1 before 2026-03-31: 2026-02-28
    1 before 2024-03-31: 2024-02-29
    1 before 2026-12-31: 2026-11-30
    3 before 2026-05-31: 2026-02-28
    6 before 2026-08-31: 2026-02-28
    12 before 2024-02-29: 2023-02-28
    12 before 2026-01-01: 2025-01-01
    1 before 2026-01-31: 2025-12-31
    ");
}

#[test]
fn a_window_without_bounds_stops_nobody() {
    for months in [200_000, 300_000, u32::MAX] {
        assert_eq!(check(months, "2026-11-20"), Date::MIN.to_string());
    }
}

#[test]
fn stored_choices_are_read_again() {
    let read = |json: &str| serde_json::from_str::<SyncSettings>(json).unwrap();
    assert_eq!(read("{}"), SyncSettings::default());
    // No window was chosen, which is not the same as nothing.
    assert_eq!(read(r#"{"invoice_window_months":null}"#).invoice_window_months, None);
    let chosen = SyncSettings {
        invoice_window_months: None,
        match_companies: false,
        match_any_number: true,
        project_pipeline: Some("77".to_owned()),
        default_product: Some(KleerId(5)),
    };
    assert_eq!(read(&serde_json::to_string(&chosen).unwrap()), chosen);
}
