use insta::assert_snapshot;

use crate::tests::Pretend;

#[test]
fn names_and_the_default() {
    let kleer = Pretend::saying(
        r#"{"client-delivery-types":[{"name":"Email","default":true},{"name":"Svefaktura","default":false}]}"#,
    );
    let types = kleer.clock.run(kleer.api.list_delivery_types()).unwrap();
    let types = types.records().map(|one| one.unwrap());
    let types = types.map(|one| format!("{} {:?}", one.text("name").unwrap().unwrap(), one.boolean("default")));
    assert_snapshot!(types.collect::<Vec<_>>().join("\n"), @"
    Email Ok(Some(true))
    Svefaktura Ok(Some(false))
    ");
    assert_snapshot!(kleer.asked(), @"GET /client/deliverytype");
}
