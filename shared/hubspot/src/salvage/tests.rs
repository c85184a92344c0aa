use serde_json::Value;

fn parsed(text: &str) -> String {
    super::parse::<Value>(text).map_or_else(|| "nothing".to_owned(), |value| value.to_string())
}

#[test]
fn what_was_said_before_the_cut() {
    let cuts = [
        r#"{"a":"b"}"#,
        r#"{"a":"b","c":[1,2"#,
        r#"{"a":"b","c":[{"d":"e"},{"f"#,
        r#"{"a":"b","c":"half a sen"#,
        r#"{"a":"quote \"x\" and \"#,
        r#"{"a":"x \u00e"#,
        r#"{"a":"b","c":"#,
        r#"{"a":"b",…"#,
        "{",
        "<html>",
        "",
    ];
    let table: Vec<String> = cuts.iter().map(|cut| format!("{cut} -> {}", parsed(cut))).collect();
    insta::assert_snapshot!(table.join("\n"), @r#"
    {"a":"b"} -> {"a":"b"}
    {"a":"b","c":[1,2 -> {"a":"b","c":[1]}
    {"a":"b","c":[{"d":"e"},{"f -> {"a":"b","c":[{"d":"e"},{}]}
    {"a":"b","c":"half a sen -> {"a":"b","c":"half a sen"}
    {"a":"quote \"x\" and \ -> {"a":"quote \"x\" and "}
    {"a":"x \u00e -> {"a":"x "}
    {"a":"b","c": -> {"a":"b"}
    {"a":"b",… -> {"a":"b"}
    { -> {}
    <html> -> nothing
     -> nothing
    "#);
}

#[test]
fn no_cut_makes_it_panic() {
    let whole = r#"{"message":"Property values were not valid: [{\"name\":\"å\",\"x\":[1]}]","errors":[{"code":"A"}]}"#;
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        if end > 0 {
            assert!(super::parse::<Value>(&whole[..end]).is_some(), "{}", &whole[..end]);
        }
    }
}
