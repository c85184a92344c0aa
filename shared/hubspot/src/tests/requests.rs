use std::collections::BTreeMap;

use super::{Sent, hubspot};
use crate::{
    AssociationSpec, BatchRead, Create, Direction, Fetch, Filter, InlineAssociation, LabelledPair, Operator, Outcome,
    Pair, PairOutcome, PropertyCreate, PropertyGroup, PropertyOption, Search, Sort, Update, Upsert, is_already_exists,
};

fn name(name: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("name".into(), name.into())])
}

#[test]
fn batches_of_records() {
    let hubspot = hubspot(|sent: &Sent| match sent.path.rsplit('/').next() {
        Some("archive") => (204, ""),
        Some("upsert") => {
            (207, r#"{"results":[{"id":"9001","new":true,"properties":{"kleer_id":"101"}}],"errors":[]}"#)
        }
        _ => (200, r#"{"status":"COMPLETE","results":[]}"#),
    });
    let calls = std::sync::Arc::default();
    let api = hubspot.api(&calls);
    hubspot.run(async {
        let objects = api.objects();
        let upserts = [Upsert {
            id: "101".into(),
            id_property: "kleer_id".into(),
            properties: name("Acme AB"),
            trace_id: "a".into(),
        }];
        let outcomes = objects.batch_upsert("companies", &upserts).await.unwrap().outcomes(&upserts);
        assert!(matches!(&outcomes[..], [Outcome::Written { record }] if record.new == Some(true)));
        let update = Update { id: "9001".into(), properties: name(""), trace_id: "b".into() };
        objects.batch_update("companies", &[update]).await.unwrap();
        let association = InlineAssociation::to("555", AssociationSpec::hubspot_defined(342));
        let create =
            Create { properties: name("B"), associations: vec![association], trace_id: "c".into(), match_by: None };
        objects.batch_create("companies", &[create]).await.unwrap();
        let by_key = BatchRead {
            ids: vec!["101".into()],
            id_property: Some("kleer_id".into()),
            properties: vec!["name".into()],
        };
        objects.batch_read("companies", &by_key).await.unwrap();
        objects.batch_read("companies", &BatchRead { ids: vec!["9001".into()], ..BatchRead::default() }).await.unwrap();
        assert_eq!(objects.batch_archive("line_items", &["1".into(), "2".into()]).await.unwrap(), []);
        objects.batch_upsert("companies", &[]).await.unwrap();
    });
    insta::assert_snapshot!(hubspot.sent(), @r#"
    POST /crm/objects/2026-09/companies/batch/upsert
      {"inputs":[{"id":"101","idProperty":"kleer_id","properties":{"name":"Acme AB"},"objectWriteTraceId":"a"}]}
    POST /crm/objects/2026-09/companies/batch/update
      {"inputs":[{"id":"9001","properties":{"name":""},"objectWriteTraceId":"b"}]}
    POST /crm/objects/2026-09/companies/batch/create
      {"inputs":[{"properties":{"name":"B"},"associations":[{"to":{"id":"555"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":342}]}],"objectWriteTraceId":"c"}]}
    POST /crm/objects/2026-09/companies/batch/read
      {"idProperty":"kleer_id","inputs":[{"id":"101"}],"properties":["name"],"propertiesWithHistory":[]}
    POST /crm/objects/2026-09/companies/batch/read
      {"inputs":[{"id":"9001"}],"properties":[],"propertiesWithHistory":[]}
    POST /crm/objects/2026-09/line_items/batch/archive
      {"inputs":[{"id":"1"},{"id":"2"}]}
    "#);
    let kinds: Vec<String> =
        calls.snapshot().into_iter().map(|((_, kind), count)| format!("{kind} {}", count.sent)).collect();
    insta::assert_snapshot!(kinds.join(", "), @"batch_archive 1, batch_create 1, batch_read 2, batch_update 1, batch_upsert 1");
}

#[test]
fn search_list_and_get() {
    let hubspot = hubspot(|_: &Sent| {
        (
            200,
            r#"{"id":"7","total":2,"results":[{"id":"1"}],"paging":{"next":{"after":"1","link":"x"}},
            "associations":{"line items":{"results":[{"id":"5","type":"a"},{"id":"5","type":"b"}]}}}"#,
        )
    });
    let calls = std::sync::Arc::default();
    let api = hubspot.api(&calls);
    hubspot.run(async {
        let objects = api.objects();
        let search = Search {
            filter_groups: vec![vec![
                Filter::new("hs_lastmodifieddate", Operator::Gte, "1763712000000"),
                Filter::present("kleer_id"),
                Filter::any_of("name", vec!["a".into()]),
                Filter::between("amount", "1", "2"),
            ]],
            sorts: vec![Sort { property_name: "hs_lastmodifieddate".into(), direction: Direction::Ascending }],
            properties: vec!["hs_name".into()],
            after: Some("200".into()),
            ..Search::default()
        };
        let page = objects.search("projects", &search).await.unwrap();
        assert_eq!((page.total, page.results.len(), page.after.as_deref()), (2, 1, Some("1")));
        objects.search("projects", &Search::default()).await.unwrap();
        let page = objects.list("companies", None, &["name", "kleer_id"]).await.unwrap();
        assert_eq!((page.results.len(), page.after.as_deref()), (1, Some("1")));
        objects.list("companies", page.after.as_deref(), &[] as &[&str]).await.unwrap();
        let fetch =
            Fetch { properties: vec!["dealname".into()], associations: vec!["line_items".into()], ..Fetch::default() };
        let record = objects.get("deals", "7", &fetch).await.unwrap();
        assert_eq!(record.associated("line_items"), ["5"]);
        assert!(record.associated("companies").is_empty());
    });
    insta::assert_snapshot!(hubspot.sent(), @r#"
    POST /crm/objects/2026-09/projects/search
      {"filterGroups":[{"filters":[{"propertyName":"hs_lastmodifieddate","operator":"GTE","value":"1763712000000"},{"propertyName":"kleer_id","operator":"HAS_PROPERTY"},{"propertyName":"name","operator":"IN","values":["a"]},{"propertyName":"amount","operator":"BETWEEN","value":"1","highValue":"2"}]}],"sorts":[{"propertyName":"hs_lastmodifieddate","direction":"ASCENDING"}],"properties":["hs_name"],"limit":200,"after":"200"}
    POST /crm/objects/2026-09/projects/search
      {"filterGroups":[],"sorts":[],"properties":[],"limit":200}
    GET /crm/objects/2026-09/companies?limit=100&properties=name%2Ckleer_id
    GET /crm/objects/2026-09/companies?limit=100&after=1
    GET /crm/objects/2026-09/deals/7?properties=dealname&associations=line_items
    "#);
}

#[test]
fn associations() {
    let hubspot = hubspot(|sent: &Sent| match sent.path.rsplit('/').next() {
        Some("default") => {
            (200, r#"{"results":[{"from":{"id":"1"},"to":{"id":"2"}},{"from":{"id":"2"},"to":{"id":"1"}}]}"#)
        }
        Some("read") if sent.body.contains("after") => {
            (200, r#"{"results":[{"from":{"id":"1"},"to":[{"toObjectId":"22"}]}]}"#)
        }
        Some("read") => {
            (207, r#"{"results":[{"from":{"id":"1"},"to":[{"toObjectId":21}],"paging":{"next":{"after":"x"}}}]}"#)
        }
        Some("labels") => (200, r#"{"results":[{"category":"HUBSPOT_DEFINED","typeId":179,"label":null}]}"#),
        _ => (204, ""),
    });
    let calls = std::sync::Arc::default();
    let api = hubspot.api(&calls);
    let pairs = [Pair { from: "1".into(), to: "2".into() }];
    hubspot.run(async {
        let associations = api.associations();
        let answer = associations.associate_default("invoices", "companies", &pairs).await.unwrap();
        assert_eq!(answer.pair_outcomes(&pairs), [PairOutcome::Associated]);
        let read = associations.read("invoices", "companies", &["1".into(), "9".into()]).await.unwrap();
        let ids: Vec<&str> = read.by_from["1"].iter().map(|record| record.id.as_str()).collect();
        assert_eq!(ids, ["21", "22"]);
        let labels = associations.labels("invoices", "companies").await.unwrap();
        assert_eq!(labels[0].type_id, Some(179));
        assert_eq!(associations.archive("invoices", "companies", &pairs).await.unwrap(), []);
    });
    insta::assert_snapshot!(hubspot.sent(), @r#"
    POST /crm/associations/2026-09/invoices/companies/batch/associate/default
      {"inputs":[{"from":{"id":"1"},"to":{"id":"2"}}]}
    POST /crm/associations/2026-09/invoices/companies/batch/read
      {"inputs":[{"id":"1"},{"id":"9"}]}
    POST /crm/associations/2026-09/invoices/companies/batch/read
      {"inputs":[{"id":"1","after":"x"}]}
    GET /crm/associations/2026-09/invoices/companies/labels
    POST /crm/associations/2026-09/invoices/companies/batch/archive
      {"inputs":[{"from":{"id":"1"},"to":[{"id":"2"}]}]}
    "#);
}

#[test]
fn labelled_associations() {
    let hubspot = hubspot(|_: &Sent| (201, r#"{"results":[{"fromObjectId":1,"toObjectId":2,"labels":[]}]}"#));
    let api = hubspot.api(&std::sync::Arc::default());
    let pair = Pair { from: "1".into(), to: "2".into() };
    let labelled = LabelledPair { pair: pair.clone(), types: vec![AssociationSpec::hubspot_defined(301)] };
    let answer = hubspot.run(api.associations().create_labelled("subscriptions", "line_items", &[labelled])).unwrap();
    assert_eq!(answer.pair_outcomes(&[pair]), [PairOutcome::Associated]);
    insta::assert_snapshot!(hubspot.sent(), @r#"
    POST /crm/associations/2026-09/subscriptions/line_items/batch/create
      {"inputs":[{"from":{"id":"1"},"to":{"id":"2"},"types":[{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":301}]}]}
    "#);
}

#[test]
fn properties_groups_pipelines_account() {
    let hubspot = hubspot(|sent: &Sent| match (sent.method.as_str(), sent.path.as_str()) {
        ("POST", "/crm/properties/2026-09/companies") => {
            (409, r#"{"category":"OBJECT_ALREADY_EXISTS","message":"A property named 'kleer_id' already exists."}"#)
        }
        ("GET", "/crm/pipelines/2026-09/projects") => (
            200,
            r#"{"results":[{"id":"p2","displayOrder":1},{"id":"p1","displayOrder":0,"stages":[
                {"id":"s2","displayOrder":1,"metadata":{"isClosed":"true","probability":1.0}},
                {"id":"s1","displayOrder":0,"metadata":{"isClosed":"false","x":null}}]}]}"#,
        ),
        ("GET", "/account-info/2026-09/details") => (200, r#"{"portalId":4242,"uiDomain":"app-eu1.hubspot.com"}"#),
        ("DELETE", _) => (204, ""),
        _ => (200, r#"{"name":"kleer","results":[{"name":"kleer","label":"Kleer"}]}"#),
    });
    let api = hubspot.api(&std::sync::Arc::default());
    hubspot.run(async {
        let property = PropertyCreate { name: "kleer_id".into(), ..PropertyCreate::default() };
        assert!(is_already_exists(&api.properties().create("companies", &property).await.unwrap_err()));
        api.properties().batch_create("companies", &[property]).await.unwrap();
        assert_eq!(api.properties().batch_read("companies", &["kleer_id"]).await.unwrap().results.len(), 1);
        assert_eq!(api.properties().list("companies").await.unwrap()[0].name, "kleer");
        assert_eq!(api.properties().get("companies", "kleer").await.unwrap().name, "kleer");
        assert_eq!(api.groups().list("companies").await.unwrap()[0].label, "Kleer");
        let group = PropertyGroup { name: "kleer".into(), label: "Kleer".into(), archived: false };
        api.groups().create("companies", &group).await.unwrap();
        let pipelines = api.pipelines().list("projects").await.unwrap();
        let stages: Vec<_> = pipelines[0].stages.iter().map(|stage| (stage.id.as_str(), stage.is_closed())).collect();
        assert_eq!((pipelines[0].id.as_str(), stages), ("p1", vec![("s1", false), ("s2", true)]));
        assert_eq!(api.account().details().await.unwrap().portal_id, Some(4_242));
        api.account().uninstall().await.unwrap();
    });
    insta::assert_snapshot!(hubspot.sent(), @r#"
    POST /crm/properties/2026-09/companies
      {"name":"kleer_id","label":"","type":"","fieldType":"","groupName":"","hasUniqueValue":false}
    POST /crm/properties/2026-09/companies/batch/create
      {"inputs":[{"name":"kleer_id","label":"","type":"","fieldType":"","groupName":"","hasUniqueValue":false}]}
    POST /crm/properties/2026-09/companies/batch/read
      {"archived":false,"dataSensitivity":"non_sensitive","inputs":[{"name":"kleer_id"}]}
    GET /crm/properties/2026-09/companies
    GET /crm/properties/2026-09/companies/kleer
    GET /crm/properties/2026-09/companies/groups
    POST /crm/properties/2026-09/companies/groups
      {"name":"kleer","label":"Kleer"}
    GET /crm/pipelines/2026-09/projects
    GET /account-info/2026-09/details
    DELETE /appinstalls/2026-09/external-install
    "#);
}

#[test]
fn options_are_replaced_as_a_whole() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let hubspot = hubspot(move |_: &Sent| match asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 => (502, ""),
        _ => (200, r#"{"name":"kleer_unit","options":[{"label":"Hour","value":"h"}]}"#),
    });
    let calls = std::sync::Arc::default();
    let api = hubspot.api(&calls);
    let option = |(order, value): (i64, &str)| PropertyOption {
        label: value.to_uppercase(),
        value: value.to_owned(),
        display_order: order,
        hidden: false,
    };
    let options = [(0, "h"), (1, "st")].map(option);
    let property = hubspot.run(api.properties().set_options("line_items", "kleer_unit", &options)).unwrap();
    assert_eq!((property.name.as_str(), property.options[0].value.as_str()), ("kleer_unit", "h"));
    insta::assert_snapshot!(hubspot.sent(), @r#"
    PATCH /crm/properties/2026-09/line_items/kleer_unit
      {"options":[{"label":"H","value":"h","displayOrder":0,"hidden":false},{"label":"ST","value":"st","displayOrder":1,"hidden":false}]}
    PATCH /crm/properties/2026-09/line_items/kleer_unit
      {"options":[{"label":"H","value":"h","displayOrder":0,"hidden":false},{"label":"ST","value":"st","displayOrder":1,"hidden":false}]}
    "#);
    let kinds: Vec<_> = calls.snapshot().into_iter().map(|((_, kind), count)| (kind, count.sent)).collect();
    assert_eq!(kinds, [("create_properties", 2)], "the same list twice is the same list");
}

#[test]
fn a_read_tells_who_is_not_there() {
    let hubspot = hubspot(|_: &Sent| {
        let answer = r#"{"results":[{"id":"2"}],"numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND",
            "message":"Could not get some COMPANY objects","context":{"ids":["1"]}}]}"#;
        (207, answer)
    });
    let api = hubspot.api(&std::sync::Arc::default());
    let read = BatchRead { ids: vec!["1".into(), "2".into(), "3".into()], ..BatchRead::default() };
    let answer = hubspot.run(api.objects().batch_read("companies", &read)).unwrap();
    assert!(answer.has_errors());
    let outcomes = answer.outcomes_of(&read.keys());
    assert!(matches!(&outcomes[..], [Outcome::Refused(_), Outcome::Written { .. }, Outcome::Unknown]));
}

#[test]
fn calls_can_move_between_threads() {
    fn check(_: &(impl Future + Send)) {}
    let hubspot = hubspot(|_: &Sent| (200, "{}"));
    let api = hubspot.api(&std::sync::Arc::default());
    check(&api.objects().batch_upsert("companies", &[]));
    check(&api.objects().list("companies", None, &["name"]));
    check(&api.associations().read("invoices", "companies", &[]));
    check(&api.properties().batch_read("companies", &["name"]));
}

#[test]
fn the_token_is_never_shown() {
    let hubspot = hubspot(|_: &Sent| (401, r#"{"message":"demo-token is no good"}"#));
    let api = hubspot.api(&std::sync::Arc::default());
    let error = hubspot.run(api.properties().list("companies")).unwrap_err();
    assert!(!format!("{api:?} {error:?} {error} {}", crate::explain(&error)).contains("demo-token"));
}
