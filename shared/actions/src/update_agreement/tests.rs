use super::*;

/// An agreement as Kleer gives it, with what no input knows.
fn agreement() -> Document {
    serde_json::from_str(
        r#"{"id":901,"foreign-id":"x","revision-nr":3,"client-ref":{"id":12},"description":"Drift","start-date":"2026-01-01",
        "start-invoice-date":"2026-01-01","next-invoice-date":"2026-12-01","end-date":null,"your-reference":"","our-reference":{"id":31},
        "approver":null,"currency":"SEK","payment-days":30,"invoice-interval-months":1,"invoice-day":"INVOICE_AT_START","po-nr":"",
        "agreement-nr":"A-1","subscription-nr":"","notes":"Ring först","deleted":false,"fields":{},"first-invoice-rows":{},
        "recurring-rows":{"rows":[{"quantity":1.0,"price":100000,"product":{"id":5},"unit":"st","description":"Gammalt",
        "discount":{"percentage":0.10},"fields":{},"dimensions":{}}]}}"#,
    )
    .unwrap()
}

fn row() -> Row {
    Row {
        description: "Gammalt".to_owned(),
        quantity: 1.into(),
        price: 100_000,
        discount: RowDiscount::Fraction("0.1".parse().unwrap()),
        unit: "st".to_owned(),
        product: Some(KleerId(5)),
    }
}

fn rows(recurring: Vec<Row>) -> NewRows {
    NewRows { recurring, first: Vec::new() }
}

/// What changes, as `name: value`.
fn changes(inputs: &AgreementInputs, rows: Option<&NewRows>) -> Vec<String> {
    let (before, after) = (agreement(), overlay(&agreement(), inputs, rows).unwrap());
    let changed = after.as_map().iter().filter(|(name, value)| before.as_map().get(*name) != Some(value));
    changed.map(|(name, value)| format!("{name}: {value}")).collect()
}

#[test]
fn only_what_is_filled_in_changes() {
    assert!(changes(&AgreementInputs::default(), None).is_empty());
    let inputs =
        AgreementInputs { name: Some("Drift 2".to_owned()), payment_days: Some(10), ..AgreementInputs::default() };
    assert_eq!(changes(&inputs, None), ["description: \"Drift 2\"", "payment-days: 10"]);
}

#[test]
fn an_end_before_the_start_is_refused_also_where_only_one_of_them_is_filled_in() {
    let end = AgreementInputs { end: Some(jiff::civil::date(2025, 12, 31)), ..AgreementInputs::default() };
    assert_eq!(overlay(&agreement(), &end, None).unwrap_err().code, ErrorCode::InvalidDate);
    let last_day = AgreementInputs { end: Some(jiff::civil::date(2026, 1, 1)), ..AgreementInputs::default() };
    assert!(overlay(&agreement(), &last_day, None).is_ok());
}

#[test]
fn what_the_agreement_says_already_is_recognised_however_kleer_writes_it() {
    let check = |inputs: &AgreementInputs, rows: Option<&NewRows>| {
        let after = overlay(&agreement(), inputs, rows).unwrap();
        says_already(&agreement(), &after, rows).unwrap()
    };
    let nothing = AgreementInputs::default();
    assert!(check(&nothing, None));
    assert!(check(&nothing, Some(&rows(vec![row()]))));
    let same = AgreementInputs { name: Some("Drift".to_owned()), interval: Some(1), ..AgreementInputs::default() };
    assert!(check(&same, Some(&rows(vec![row()]))));
    let other = [
        Row { price: 100_001, ..row() },
        Row { quantity: 2.into(), ..row() },
        Row { discount: RowDiscount::None, ..row() },
        Row { unit: "tim".to_owned(), ..row() },
        Row { product: None, ..row() },
        Row { description: "Nytt".to_owned(), ..row() },
    ];
    for other in other {
        assert!(!check(&nothing, Some(&rows(vec![other.clone()]))), "{other:?}");
    }
    assert!(!check(&nothing, Some(&rows(vec![row(), row()]))));
    assert!(!check(&nothing, Some(&NewRows { recurring: Vec::new(), first: vec![row()] })));
    assert!(!check(&AgreementInputs { po_number: Some("7".to_owned()), ..nothing }, None));
}
