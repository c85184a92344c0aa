//! Who watches what the product lets out: everything that it stores (messages wait in the store as well), every answer that it
//! gives, every meter. None of it may hold a secret.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use local::fuse::Fuse;
use local::pretend::{APP_TOKEN, CLIENT_SECRET, KLEER_KEY, NEXT_APP_TOKEN};
use serde_json::Value;

use crate::World;

/// What every World knows of secrets; a story that has more of them says so with [`World::keeps_secret`].
const SECRETS: [&str; 4] = [APP_TOKEN, NEXT_APP_TOKEN, KLEER_KEY, CLIENT_SECRET];

/// Sees all of it. Clones are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watching(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    secrets: Vec<String>,
    /// Where a secret stood.
    leaks: Vec<String>,
    /// Calls to the store, while somebody wants to know.
    calls: Option<Vec<StoreCall>>,
}

/// A call to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreCall {
    /// `GetItem`, `TransactWriteItems` …
    pub operation: String,
    /// The partitions that it named and those of the items that it was answered with, in any index.
    pub partitions: BTreeSet<String>,
}

impl Watching {
    pub(crate) fn watch(&self, fuse: &Fuse) {
        let watching = self.clone();
        fuse.watch(Arc::new(move |operation, asked, answered| watching.stored(operation, asked, answered)));
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stored(&self, operation: &str, asked: &[u8], answered: &[u8]) {
        let mut seen = self.seen();
        // What is read was written once.
        if matches!(operation, "PutItem" | "UpdateItem" | "TransactWriteItems") {
            seen.look_at("the store", &String::from_utf8_lossy(asked));
        }
        if let Some(calls) = &mut seen.calls {
            let mut partitions = BTreeSet::new();
            for text in [asked, answered] {
                collect(&serde_json::from_slice(text).unwrap_or_default(), &mut partitions);
            }
            calls.push(StoreCall { operation: operation.to_owned(), partitions });
        }
    }

    /// Looks for secrets in a text that gets out at that place.
    pub(crate) fn look_at(&self, place: &str, text: &str) {
        self.seen().look_at(place, text);
    }

    /// What was found so far.
    pub(crate) fn leaks(&self) -> Vec<String> {
        self.seen().leaks.clone()
    }
}

impl Seen {
    fn look_at(&mut self, place: &str, text: &str) {
        let secrets = SECRETS.into_iter().chain(self.secrets.iter().map(String::as_str));
        let found = secrets.filter(|secret| text.contains(secret)).chain(token_in(text));
        let leaks: Vec<String> =
            found.map(|secret| format!("{place} holds the secret {secret:?}: {text:.2000}")).collect();
        self.leaks.extend(leaks);
    }
}

/// Every partition in a request or an answer of the store: keys of items, and what conditions on keys are about.
fn collect(value: &Value, to: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, to)),
        Value::Object(members) => {
            for (name, member) in members {
                if let (true, Some(text)) = (is_key(name), member.get("S").and_then(Value::as_str)) {
                    to.insert(text.to_owned());
                }
                collect(member, to);
            }
        }
        _ => {}
    }
}

/// Names of attributes and of values in conditions that hold partitions.
fn is_key(name: &str) -> bool {
    ["pk", ":pk", "hubspot_key", ":key", "due_shard", ":shard"].contains(&name)
}

/// A code or a token of OAuth, as the pretend HubSpot makes them: a word and 32 hexadecimal digits.
pub(crate) fn token_in(text: &str) -> Option<&str> {
    ["na1-refresh-", "access-", "code-"].iter().find_map(|word| {
        text.match_indices(word).find_map(|(at, _)| {
            let end = at + word.len() + 32;
            let digits = text.get(at + word.len()..end)?;
            digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| &text[at..end])
        })
    })
}

impl World {
    /// From now on this, too, is a secret: wherever it turns up, the story fails at its end.
    pub fn keeps_secret(&self, secret: &str) {
        self.watching.seen().secrets.push(secret.to_owned());
    }

    /// Whether the store, an answer or the log of this World held a secret so far; the places. The story is forgiven for them.
    #[must_use]
    pub fn leaks(&self) -> Vec<String> {
        std::mem::take(&mut self.watching.seen().leaks)
    }

    /// The calls to the store while something happens.
    pub fn store_calls_while<R>(&mut self, happens: impl FnOnce(&mut Self) -> R) -> (R, Vec<StoreCall>) {
        self.watching.seen().calls = Some(Vec::new());
        let done = happens(self);
        let calls = self.watching.seen().calls.take().unwrap_or_default();
        (done, calls)
    }
}
