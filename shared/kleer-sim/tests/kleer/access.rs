//! Who gets in (contract kleer-api §2, §13.1).

use insta::assert_snapshot;
use kleer_sim::{AccessType, CompanyInformation, Simulator, Switches};

use crate::bench::{send, simulator};

/// Asks with a token, none if it is empty; the body only if refused.
fn check(simulator: &Simulator, token: &str, path: &str) -> String {
    let json = ("content-type", "application/json");
    let answer = match token {
        "" => send(simulator, "GET", path, &[json], ""),
        token => send(simulator, "GET", path, &[json, ("X-Token", token)], ""),
    };
    if answer.starts_with('2') { answer[..3].to_owned() } else { answer }
}

#[test]
fn tokens_belong_to_one_company() {
    let simulator = simulator();
    simulator.state(|state| {
        let other = CompanyInformation { name: "Grannen AB".to_owned(), ..CompanyInformation::default() };
        state.add_company(2, other).set_token("granne", [AccessType::Administrator]);
    });
    assert_snapshot!(check(&simulator, "demo-key", "/v1/company/1/user/me"), @"200");
    assert_snapshot!(check(&simulator, "granne", "/v1/company/2/user/me"), @"200");
    assert_snapshot!(check(&simulator, "", "/v1/company/1/user/me"), @r#"401 {"message":"API-nyckel saknas"}"#);
    assert_snapshot!(check(&simulator, "hittepå", "/v1/company/1/user/me"), @r#"401 {"message":"Ogiltig API-nyckel"}"#);
    assert_snapshot!(check(&simulator, "granne", "/v1/company/1/user/me"), @r#"403 {"message":"API-nyckeln gäller inte för företaget"}"#);
    assert_snapshot!(check(&simulator, "demo-key", "/v1/company/99/user/me"), @r#"403 {"message":"API-nyckeln gäller inte för företaget"}"#);
    assert_snapshot!(check(&simulator, "demo-key", "/v1/company/x/user/me"), @r#"404 {"message":"Sidan finns inte"}"#);
    for status in [401, 403, 404] {
        simulator.state(|state| state.switches = Switches { wrong_company: status, ..Switches::default() });
        assert!(check(&simulator, "granne", "/v1/company/1/client").starts_with(&status.to_string()));
    }
}

#[test]
fn rights_open_one_kind_and_not_another() {
    let simulator = simulator();
    let mut table = String::new();
    for rights in [
        vec![],
        vec![AccessType::ClientInvoiceRead],
        vec![AccessType::ClientProjectOwn],
        vec![AccessType::Timereport],
        vec![AccessType::AdministratorWithPayroll],
    ] {
        simulator.state(|state| state.company(1).set_token("key", rights.clone()));
        let reads = ["user/me", "info", "user", "client", "client/deliverytype", "product"]
            .map(|path| format!("{path} {}", &check(&simulator, "key", &format!("/v1/company/1/{path}"))[..3]));
        let headers = [("x-token", "key"), ("content-type", "application/json")];
        let write = &send(&simulator, "DELETE", "/v1/company/1/client/7", &headers, "")[..3];
        table += &format!("{rights:?}: {}, write {write}\n", reads.join(", "));
    }
    assert_snapshot!(table, @r"
    []: user/me 200, info 200, user 403, client 403, client/deliverytype 403, product 403, write 403
    [ClientInvoiceRead]: user/me 200, info 200, user 200, client 200, client/deliverytype 200, product 200, write 403
    [ClientProjectOwn]: user/me 200, info 200, user 403, client 200, client/deliverytype 200, product 403, write 403
    [Timereport]: user/me 200, info 200, user 200, client 403, client/deliverytype 403, product 403, write 403
    [AdministratorWithPayroll]: user/me 200, info 200, user 200, client 200, client/deliverytype 200, product 200, write 404
    ");
    simulator.state(|state| assert!(state.company(1).revoke_token("key")));
    assert_snapshot!(check(&simulator, "key", "/v1/company/1/info"), @r#"401 {"message":"Ogiltig API-nyckel"}"#);
}

/// A token may read clients and not agreements: 403 is about one kind, not about the connection (contract kleer-api §2).
#[test]
fn invoices_agreements_and_projects_have_rights_of_their_own() {
    let simulator = simulator();
    let mut table = String::new();
    for right in [
        AccessType::Auditor,
        AccessType::ClientInvoice,
        AccessType::ClientInvoiceRead,
        AccessType::ClientInvoiceCreate,
        AccessType::ClientAgreementOwn,
        AccessType::ClientProjectOwn,
    ] {
        simulator.state(|state| state.company(1).set_token("key", [right]));
        let paths = ["client", "client/invoice", "client/invoice/template", "client/agreement", "client-project"];
        let reads = paths.map(|path| check(&simulator, "key", &format!("/v1/company/1/{path}"))[..3].to_owned());
        let headers = [("x-token", "key"), ("content-type", "application/json")];
        let writes = ["client/invoice", "client/agreement", "client-project"]
            .map(|path| send(&simulator, "PUT", &format!("/v1/company/1/{path}"), &headers, "{}")[..3].to_owned());
        table += &format!("{right:?}: reads {}, writes {}\n", reads.join(" "), writes.join(" "));
    }
    assert_snapshot!(table, @r"
    Auditor: reads 200 200 200 200 200, writes 403 403 403
    ClientInvoice: reads 200 200 200 200 200, writes 500 500 500
    ClientInvoiceRead: reads 200 200 200 200 403, writes 403 403 403
    ClientInvoiceCreate: reads 200 200 200 403 403, writes 500 403 403
    ClientAgreementOwn: reads 200 403 403 200 403, writes 403 500 403
    ClientProjectOwn: reads 200 403 403 403 200, writes 403 403 500
    ");
}
