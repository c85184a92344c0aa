//! The paged list of invoices (contract kleer-api §4, §6).

use insta::assert_snapshot;
use kleer_sim::{Invoice, InvoiceOrder, InvoiceRow, Simulator, Switches};
use serde_json::Value;

use crate::{
    bench::{ask, unexpected},
    invoices::shop,
};

/// Ten invoices, 1 to 10 November; the 2nd is a draft, the 3rd disabled, the 4th sent.
fn ten() -> Simulator {
    let simulator = shop();
    simulator.state(|state| {
        let kleer = state.company(1);
        for day in 1..=10 {
            let rows = vec![InvoiceRow { price: 100, description: format!("Rad {day}"), ..InvoiceRow::default() }];
            let invoice_date = jiff::civil::date(2026, 11, day);
            let invoice = Invoice { client_ref: 1004.into(), invoice_date, rows, ..Invoice::default() };
            let id = kleer.add_invoice(invoice);
            if day != 2 {
                kleer.certify_invoice(id);
            }
            match day {
                3 => kleer.disable_invoice(id),
                4 => kleer.send_invoice(id),
                _ => {}
            }
        }
    });
    simulator
}

/// The days of the invoices of a page, and its numbers.
fn page(simulator: &Simulator, query: &str) -> String {
    let answer = ask(simulator, "GET", &format!("/client/invoice{query}"), "");
    let Ok(page) = serde_json::from_str::<Value>(&answer[4..]) else { return answer };
    let Some(invoices) = page["client-invoices"].as_array() else { return answer };
    let days: Vec<&str> = invoices.iter().map(|invoice| &invoice["invoice-date"].as_str().unwrap()[8..]).collect();
    format!("[{}] offset {} limit {} size {}", days.join(" "), page["offset"], page["limit"], page["size"])
}

#[test]
fn the_list_is_paged_and_filtered() {
    let simulator = ten();
    assert_snapshot!(page(&simulator, ""), @"[01 02 03 04 05 06 07 08 09 10] offset 0 limit 10 size 10");
    simulator.state(|state| state.switches.invoice_limit = 4);
    assert_snapshot!(page(&simulator, "?limit=1000"), @"[01 02 03 04] offset 0 limit 4 size 10");
    assert_snapshot!(page(&simulator, "?offset=4&limit=3"), @"[05 06 07] offset 4 limit 3 size 10");
    assert_snapshot!(page(&simulator, "?offset=8"), @"[09 10] offset 8 limit 2 size 10");
    assert_snapshot!(page(&simulator, "?offset=10&limit=100"), @"[] offset 10 limit 0 size 10");
    assert_snapshot!(page(&simulator, "?filter=all&invoiceDateLower=2026-11-03&invoiceDateUpper=2026-11-05"), @"[03 04 05] offset 0 limit 3 size 3");
    assert_snapshot!(page(&simulator, "?filter=certified"), @"[01 04 05 06] offset 0 limit 4 size 8");
    assert_snapshot!(page(&simulator, "?filter=certifiable"), @"[02] offset 0 limit 1 size 1");
    assert_snapshot!(page(&simulator, "?filter=sendable&offset=3"), @"[07 08 09 10] offset 3 limit 4 size 7");
    assert_snapshot!(page(&simulator, "?query=rad%2010"), @"[10] offset 0 limit 1 size 1");
    assert_snapshot!(page(&simulator, "?query=50003"), @"[04] offset 0 limit 1 size 1");
    assert_snapshot!(page(&simulator, "?query=%C3%A5keri"), @"[01 02 03 04] offset 0 limit 4 size 10");
    assert_snapshot!(page(&simulator, "?query=nix"), @"[] offset 0 limit 0 size 0");
    assert_eq!(unexpected(&simulator), "");
    assert_snapshot!(page(&simulator, "?filter=alla"), @r#"500 {"message":"Tekniskt fel"}"#);
    assert_snapshot!(page(&simulator, "?limit=-1"), @r#"500 {"message":"Tekniskt fel"}"#);
    assert_snapshot!(page(&simulator, "?invoiceDateLower=idag"), @r#"500 {"message":"Tekniskt fel"}"#);
    assert_eq!(unexpected(&simulator).lines().count(), 3);
    simulator.state(|state| {
        let order = InvoiceOrder::Newest;
        state.switches = Switches { invoice_order: order, disabled_invoices_listed: false, ..Switches::default() };
    });
    assert_snapshot!(page(&simulator, "?ignoreFiles=true"), @"[10 09 08 07 06 05 04 02 01] offset 0 limit 9 size 9");
    simulator.state(|state| state.switches.empty_list = kleer_sim::EmptyList::Missing);
    assert_snapshot!(ask(&simulator, "GET", "/client/invoice?offset=20", ""), @r#"200 {"offset":20,"limit":0,"size":9}"#);
}
