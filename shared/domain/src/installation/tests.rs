use std::time::Duration;

use super::ObjectSettings;
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
    assert_eq!(settings.properties().collect::<Vec<_>>(), ["name", "city", "kleer_active"]);
    assert_eq!(settings.interval(&SPEC), Duration::from_secs(900));
}

#[test]
fn stored_settings_are_read_again() {
    let json = serde_json::to_string(&settings()).unwrap();
    assert_eq!(serde_json::from_str::<ObjectSettings>(&json).unwrap(), settings());
}
