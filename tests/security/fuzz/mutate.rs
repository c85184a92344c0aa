//! Valid documents, spoiled.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::Index;
use serde_json::Value;

/// JSON as it is written: a member may stand there twice, and a value may be no JSON at all.
#[derive(Clone, Debug)]
enum Json {
    Raw(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// What is done to a document, in this order; shrinks by leaving something out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoiling {
    changes: Vec<Change>,
    /// Done to its bytes at last.
    bytes: Option<(Index, Damage)>,
}

/// Something is done to one value of it.
#[derive(Clone, Debug)]
struct Change {
    at: Index,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Delete,
    /// The value stands there twice, under the same name.
    Double,
    /// Another value stands there.
    Odd(Index),
    /// Its member is named otherwise.
    Rename(Index),
    /// It becomes a list of itself, an object of itself, its own text.
    Wrap(u8),
    /// Another part of the document stands there.
    Copy(Index),
    /// A text or a number that is much longer.
    Grow(Index),
}

#[derive(Clone, Debug)]
enum Damage {
    Cut,
    Put(u8),
    Insert(Vec<u8>),
}

/// Values that somebody may not have thought of, as they are written.
const ODD: [&str; 62] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "0.1",
    "1e400",
    "-1e400",
    "1E-400",
    "1e2147483648",
    "1e-99999999999999999999",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "79228162514264337593543950336",
    "-79228162514264337593543950335.5",
    "123456789012345678901234567890123456789012345678901234567890",
    "0.0000000000000000000000000000000000000000000000001",
    "253402300800000",
    "-377705116800000",
    "NaN",
    "Infinity",
    "01",
    "+1",
    "\"NaN\"",
    "\"Infinity\"",
    "\"-0\"",
    "\"1e9999\"",
    "\"9223372036854775808\"",
    "\"1e28\"",
    "\"-9223372036854775808\"",
    "\"\"",
    "\" \"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ufffe\\uffff\"",
    "\"\u{202e}\u{feff}\"",
    "\"a\u{301}\u{301}\u{301}\"",
    "\"\u{0661}\u{0662}\"",
    "\"9999-12-31\"",
    "\"-009999-01-01\"",
    "\"0001-01-01\"",
    "\"2026-02-30\"",
    "\"9999-12-31T23:59:59.999999999Z\"",
    "\"-009999-01-02T01:59:59Z\"",
    "\"2026-03-29T02:30:00\"",
    "\"|\"",
    "\"4242#x\"",
    "\"a\\nb\\r\\nc: d\"",
    "\"<script>alert(1)</script>\"",
    "\"{{name}} ${x} %s %n\"",
    "[]",
    "{}",
    "[[]]",
    "{\"id\":{\"id\":{\"id\":1}}}",
    "{\"$serde_json::private::Number\":\"x\"}",
    "{\"$serde_json::private::RawValue\":\"[1]\"}",
];

/// Names that mean something to somebody.
const NAMES: [&str; 12] = [
    "",
    "id",
    "ID",
    "__proto__",
    "results",
    "errors",
    "status",
    "rows",
    "message",
    "$serde_json::private::Number",
    "$serde_json::private::RawValue",
    "a.b",
];

/// Any spoiling of any document.
pub(crate) fn spoilings() -> impl Strategy<Value = Spoiling> + Clone {
    let what = prop_oneof![
        2 => Just(What::Delete),
        1 => Just(What::Double),
        8 => any::<Index>().prop_map(What::Odd),
        1 => any::<Index>().prop_map(What::Rename),
        1 => (0_u8..3).prop_map(What::Wrap),
        1 => any::<Index>().prop_map(What::Copy),
        1 => any::<Index>().prop_map(What::Grow),
    ];
    let change = (any::<Index>(), what).prop_map(|(at, what)| Change { at, what });
    let damage = prop_oneof![
        2 => Just(Damage::Cut),
        1 => any::<u8>().prop_map(Damage::Put),
        1 => vec(any::<u8>(), 1..8).prop_map(Damage::Insert),
    ];
    let bytes = option::weighted(0.15, (any::<Index>(), damage));
    // One change tells most: whoever reads is not yet stopped by another.
    let changes = prop_oneof![3 => vec(change.clone(), 1..2), 2 => vec(change, 2..6)];
    (changes, bytes).prop_map(|(changes, bytes)| Spoiling { changes, bytes })
}

/// Bytes that were never a document.
pub(crate) fn noise() -> impl Strategy<Value = Vec<u8>> + Clone {
    let letters = || prop_oneof![Just(b'{'), Just(b'['), Just(b'"'), Just(b','), Just(b':'), Just(b'\\'), any::<u8>()];
    prop_oneof![vec(any::<u8>(), 0..200), vec(letters(), 0..400)]
}

impl Spoiling {
    /// The document as it then is.
    pub(crate) fn of(&self, document: &Value) -> Vec<u8> {
        let mut json = Json::from(document);
        for change in &self.changes {
            let count = json.places();
            let copy = match &change.what {
                What::Copy(from) => json.nth(&mut from.index(count)).cloned(),
                _ => None,
            };
            json.change(&mut change.at.index(count), &change.what, copy.as_ref());
        }
        let mut text = String::new();
        json.write(&mut text);
        let mut bytes = text.into_bytes();
        if let Some((at, damage)) = &self.bytes {
            let at = at.index(bytes.len() + 1);
            match damage {
                Damage::Cut => bytes.truncate(at),
                Damage::Put(byte) => bytes.iter_mut().skip(at).take(1).for_each(|place| *place = *byte),
                Damage::Insert(more) => drop(bytes.splice(at..at, more.iter().copied())),
            }
        }
        bytes
    }

    /// The same as a text; what is no UTF-8 in it is replaced.
    pub(crate) fn text(&self, document: &Value) -> String {
        String::from_utf8_lossy(&self.of(document)).into_owned()
    }
}

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Object(members.iter().map(|(name, value)| (name.clone(), Self::from(value))).collect())
            }
            scalar => Self::Raw(scalar.to_string()),
        }
    }
}

impl Json {
    /// How many values there are, itself included.
    fn places(&self) -> usize {
        1 + self.children().map(Json::places).sum::<usize>()
    }

    fn children(&self) -> Box<dyn Iterator<Item = &Json> + '_> {
        match self {
            Self::Raw(_) => Box::new(std::iter::empty()),
            Self::List(items) => Box::new(items.iter()),
            Self::Object(members) => Box::new(members.iter().map(|(_, value)| value)),
        }
    }

    /// A value by its place, counted as one reads.
    fn nth(&self, place: &mut usize) -> Option<&Json> {
        if *place == 0 {
            return Some(self);
        }
        *place -= 1;
        self.children().find_map(|child| {
            let places = child.places();
            if *place < places {
                return child.nth(place);
            }
            *place -= places;
            None
        })
    }

    fn change(&mut self, place: &mut usize, what: &What, copy: Option<&Json>) {
        if *place == 0 {
            return self.become_other(what, copy);
        }
        *place -= 1;
        let mut at = 0;
        while let Some(places) = self.child(at).map(|child| child.places()) {
            if *place >= places {
                *place -= places;
                at += 1;
                continue;
            }
            match (&*place, what, &mut *self) {
                (0, What::Delete, Self::List(items)) => drop(items.remove(at)),
                (0, What::Delete, Self::Object(members)) => drop(members.remove(at)),
                (0, What::Double, Self::List(items)) => items.push(items[at].clone()),
                (0, What::Double, Self::Object(members)) => members.push(members[at].clone()),
                (0, What::Rename(name), Self::Object(members)) => {
                    members[at].0 = NAMES[name.index(NAMES.len())].to_owned();
                }
                _ => {
                    if let Some(child) = self.child(at) {
                        child.change(place, what, copy);
                    }
                }
            }
            return;
        }
    }

    fn child(&mut self, at: usize) -> Option<&mut Json> {
        match self {
            Self::Raw(_) => None,
            Self::List(items) => items.get_mut(at),
            Self::Object(members) => members.get_mut(at).map(|(_, value)| value),
        }
    }

    fn become_other(&mut self, what: &What, copy: Option<&Json>) {
        let own = std::mem::replace(self, Self::Raw("null".to_owned()));
        *self = match what {
            What::Odd(which) => Self::Raw(ODD[which.index(ODD.len())].to_owned()),
            What::Wrap(0) => Self::List(vec![own]),
            What::Wrap(1) => Self::Object(vec![("value".to_owned(), own)]),
            What::Wrap(_) => {
                let mut text = String::new();
                own.write(&mut text);
                Self::Raw(Value::from(text).to_string())
            }
            What::Grow(how) => Self::Raw(long(how.index(5))),
            What::Copy(_) => copy.cloned().unwrap_or(own),
            What::Delete | What::Double | What::Rename(_) => own,
        };
    }

    fn write(&self, to: &mut String) {
        match self {
            Self::Raw(text) => to.push_str(text),
            Self::List(items) => {
                to.push('[');
                for (number, item) in items.iter().enumerate() {
                    to.push_str(if number == 0 { "" } else { "," });
                    item.write(to);
                }
                to.push(']');
            }
            Self::Object(members) => {
                to.push('{');
                for (number, (name, value)) in members.iter().enumerate() {
                    to.push_str(if number == 0 { "" } else { "," });
                    to.push_str(&Value::from(name.as_str()).to_string());
                    to.push(':');
                    value.write(to);
                }
                to.push('}');
            }
        }
    }
}

/// Values of a length that nobody expects.
fn long(how: usize) -> String {
    match how {
        0 => format!("\"{}\"", "x".repeat(70_000)),
        1 => "7".repeat(5_000),
        2 => format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000)),
        3 => format!("\"{}\"", "å\\n".repeat(3_000)),
        _ => format!("[{}1]", "1,".repeat(5_000)),
    }
}
