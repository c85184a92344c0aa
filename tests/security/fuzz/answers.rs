//! A service that answers what a test wants, and a way to learn what it says when it is well.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::FutureExt as _;
use rest::{Failure, Handler, Transport};
use serde_json::Value;

/// How often one question is asked at most, whatever is answered: four attempts of each page of a list that is never longer than
/// ten thousand.
const MOST: usize = 1_000;

/// An answer: status, headers, body.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

/// Answers every request alike, or passes it on and remembers what came back. Clones are one.
#[derive(Clone)]
pub(super) struct Service {
    inner: Handler,
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    said: Option<Said>,
    heard: Vec<Bytes>,
    asked: usize,
}

impl Service {
    /// In front of a service that is well.
    pub(super) fn before(transport: &Transport) -> Self {
        let Transport::InProcess(inner) = transport else { panic!("a simulator is in this process") };
        Self { inner: inner.clone(), script: Arc::default() }
    }

    pub(super) fn transport(&self) -> Transport {
        let service = self.clone();
        Transport::in_process(Arc::new(move |request| {
            let service = service.clone();
            async move { service.answer(request).await }.boxed()
        }))
    }

    async fn answer(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Failure> {
        let said = {
            let mut script = self.script.lock().unwrap();
            script.asked += 1;
            assert!(script.asked < MOST, "it asks without end: {} {}", request.method(), request.uri());
            script.said.clone()
        };
        let Some(Said { status, headers, body }) = said else {
            let answer = (self.inner)(request).await?;
            self.script.lock().unwrap().heard.push(answer.body().clone());
            return Ok(answer);
        };
        let mut answer = http::Response::builder().status(status);
        for (name, value) in headers {
            // What HTTP does not let through never arrives.
            if let Ok(value) = http::HeaderValue::from_bytes(value.as_bytes()) {
                answer = answer.header(name, value);
            }
        }
        Ok(answer.body(body.into()).unwrap())
    }

    /// From now on it says this.
    pub(super) fn says(&self, said: Said) {
        let mut script = self.script.lock().unwrap();
        script.asked = 0;
        script.said = Some(said);
    }

    /// What it said since it was last asked; each that was JSON.
    pub(super) fn heard(&self) -> Vec<Value> {
        let heard = std::mem::take(&mut self.script.lock().unwrap().heard);
        heard.iter().filter_map(|body| serde_json::from_slice(body).ok()).collect()
    }
}

/// The functions of a crate that ask a service something, as `file::function`: every `pub async fn` below a folder.
pub(super) fn questions(folder: &str) -> std::collections::BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder);
    let mut folders = vec![root];
    let mut names = std::collections::BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let file = path.file_stem().unwrap().to_string_lossy().into_owned();
            let name = |line: &str| {
                let name = line.trim_start().strip_prefix("pub async fn ")?.split(['(', '<']).next()?;
                Some(format!("{file}::{name}"))
            };
            names.extend(text.lines().filter_map(name));
        }
    }
    names
}
