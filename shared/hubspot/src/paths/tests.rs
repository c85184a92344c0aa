use super::{Paths, encode};
use crate::{object_type_id, record_url};

fn all(paths: &Paths) -> String {
    [
        paths.objects("companies"),
        paths.object("companies", "9001"),
        paths.objects_batch("0-53", "upsert"),
        paths.objects_batch("projects", "update"),
        paths.search("projects"),
        paths.associations_batch("invoices", "companies", "associate/default"),
        paths.association_labels("projects", "companies"),
        paths.properties("projects"),
        paths.property("line_items", "kleer_id"),
        paths.properties_batch("line_items", "create"),
        paths.property_groups("deals"),
        paths.pipelines("projects"),
        paths.token(),
        paths.token_introspect(),
        paths.token_revoke(),
        paths.account_details(),
        paths.enablement("projects"),
        paths.uninstall(),
    ]
    .join("\n")
}

#[test]
fn everything_is_in_one_version() {
    insta::assert_snapshot!(all(&Paths::default()), @r#"
    /crm/objects/2026-09/companies
    /crm/objects/2026-09/companies/9001
    /crm/objects/2026-09/0-53/batch/upsert
    /crm/objects/2026-09/projects/batch/update
    /crm/objects/2026-09/projects/search
    /crm/associations/2026-09/invoices/companies/batch/associate/default
    /crm/associations/2026-09/projects/companies/labels
    /crm/properties/2026-09/projects
    /crm/properties/2026-09/line_items/kleer_id
    /crm/properties/2026-09/line_items/batch/create
    /crm/properties/2026-09/deals/groups
    /crm/pipelines/2026-09/projects
    /oauth/2026-09/token
    /oauth/2026-09/token/introspect
    /oauth/2026-09/token/revoke
    /account-info/2026-09/details
    /crm/object-library/2026-09/enablement/0-970
    /appinstalls/2026-09/external-install
    "#);
}

#[test]
fn overrides_hold_for_a_family_or_one_type_of_it() {
    let pinned = Paths::new("2027-03").with_override("objects/0-970", "2026-03").with_override("oauth", "2026-09");
    insta::assert_snapshot!(all(&pinned), @r#"
    /crm/objects/2027-03/companies
    /crm/objects/2027-03/companies/9001
    /crm/objects/2027-03/0-53/batch/upsert
    /crm/objects/2026-03/projects/batch/update
    /crm/objects/2026-03/projects/search
    /crm/associations/2027-03/invoices/companies/batch/associate/default
    /crm/associations/2027-03/projects/companies/labels
    /crm/properties/2027-03/projects
    /crm/properties/2027-03/line_items/kleer_id
    /crm/properties/2027-03/line_items/batch/create
    /crm/properties/2027-03/deals/groups
    /crm/pipelines/2027-03/projects
    /oauth/2026-09/token
    /oauth/2026-09/token/introspect
    /oauth/2026-09/token/revoke
    /account-info/2027-03/details
    /crm/object-library/2027-03/enablement/0-970
    /appinstalls/2027-03/external-install
    "#);
}

#[test]
fn a_type_beats_its_family_under_either_name() {
    let paths = Paths::default().with_override("objects", "2026-03").with_override("objects/projects", "2025-09");
    assert_eq!(paths.objects("companies"), "/crm/objects/2026-03/companies");
    assert_eq!(paths.objects("projects"), "/crm/objects/2025-09/projects");
    assert_eq!(paths.objects("0-970"), "/crm/objects/2025-09/0-970");
    assert_eq!(paths.objects("p4242_projects"), "/crm/objects/2026-03/p4242_projects");
}

#[test]
fn segments_cannot_leave_their_place() {
    assert_eq!(Paths::default().object("companies", "../x?y=å"), "/crm/objects/2026-09/companies/..%2Fx%3Fy%3D%C3%A5");
    assert_eq!(encode("a b-._~"), "a%20b-._~");
}

#[test]
fn types_and_links() {
    let ids = ["companies", "line_items", "projects", "0-2", "2-123", "p1_thing", "-", "x-1"].map(object_type_id);
    assert_eq!(ids, [Some("0-2"), Some("0-8"), Some("0-970"), Some("0-2"), Some("2-123"), None, None, None]);
    let link = record_url("app-eu1.hubspot.com", 4242, "0-53", "77");
    assert_eq!(link, "https://app-eu1.hubspot.com/contacts/4242/record/0-53/77");
}
