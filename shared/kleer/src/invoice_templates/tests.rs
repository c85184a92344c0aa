use insta::assert_snapshot;

use crate::tests::Pretend;

#[test]
fn ids_and_names() {
    let kleer = Pretend::saying(
        r#"{"client-invoice-templates":[{"id":1,"foreign-id":"","name":"Standardfaktura","description":""}]}"#,
    );
    let templates = kleer.clock.run(kleer.api.list_invoice_templates()).unwrap();
    let templates = templates.records().map(|one| one.unwrap());
    let templates = templates.map(|one| format!("{} {}", one.id().unwrap(), one.text("name").unwrap().unwrap()));
    assert_snapshot!(templates.collect::<Vec<_>>().join("\n"), @"1 Standardfaktura");
    assert_snapshot!(kleer.asked(), @"GET /client/invoice/template");
}
