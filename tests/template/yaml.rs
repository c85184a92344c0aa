//! `template.yaml` as JSON: tags become what CloudFormation says they mean (`!Ref x` is `{"Ref": "x"}`), anchors are followed.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value, json};

/// Reads one document.
///
/// # Errors
/// If it is no YAML.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let events: Result<Vec<_>, _> = Parser::new_from_str(text).map(|event| event.map(|(event, _)| event)).collect();
    let events = events.map_err(|e| e.to_string())?;
    let mut reader = Reader { events: events.into_iter().peekable(), anchors: BTreeMap::new() };
    while reader.events.next_if(|event| !begins(event)).is_some() {}
    reader.value().ok_or_else(|| "the document is empty".to_owned())
}

fn begins(event: &Event<'_>) -> bool {
    matches!(event, Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_))
}

struct Reader<'a> {
    events: std::iter::Peekable<std::vec::IntoIter<Event<'a>>>,
    anchors: BTreeMap<usize, Value>,
}

impl Reader<'_> {
    /// The next value; none at the end of whatever it would stand in.
    fn value(&mut self) -> Option<Value> {
        let (anchor, tag, value) = match self.events.next()? {
            Event::Scalar(text, style, anchor, tag) => (anchor, tag, scalar(&text, style)),
            Event::SequenceStart(anchor, tag) => {
                let items: Vec<Value> = std::iter::from_fn(|| self.value()).collect();
                (anchor, tag, Value::Array(items))
            }
            Event::MappingStart(anchor, tag) => {
                let mut map = Map::new();
                while let Some(key) = self.value() {
                    let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                    map.insert(key, self.value()?);
                }
                (anchor, tag, Value::Object(map))
            }
            Event::Alias(anchor) => return self.anchors.get(&anchor).cloned(),
            _ => return None,
        };
        let value = tag.map_or_else(|| value.clone(), |tag| tagged(&tag, &value));
        self.anchors.insert(anchor, value.clone());
        Some(value)
    }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return json!(text);
    }
    match (text, text.parse::<i64>()) {
        ("true", _) => json!(true),
        ("false", _) => json!(false),
        (_, Ok(number)) => json!(number),
        _ => json!(text),
    }
}

fn tagged(tag: &Tag, value: &Value) -> Value {
    match tag.suffix.as_str() {
        name @ ("Ref" | "Condition") => json!({ name: value }),
        "GetAtt" => {
            let parts = value.as_str().and_then(|text| text.split_once('.'));
            json!({ "Fn::GetAtt": parts.map_or_else(|| value.clone(), |(name, attribute)| json!([name, attribute])) })
        }
        name => json!({ format!("Fn::{name}"): value }),
    }
}
