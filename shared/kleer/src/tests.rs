//! A Kleer within the process, for the tests of this crate.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use rest::{Budget, Calls, Clock, Gcra, Transport};

use crate::json::Document;
use crate::{Api, BURST, IN_FLIGHT, New, PER_SECOND};

/// A handle to company 7, and the clock that must run what it does.
pub(crate) fn over(transport: Transport) -> (Api, Clock) {
    let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
    let budget = Budget::local(clock.clone(), Gcra::per_second(PER_SECOND, BURST), IN_FLIGHT);
    let (key, calls) = ("demo-key".into(), Arc::new(Calls::default()));
    (Api::connect("http://kleer/v1/", transport, clock.clone(), 7, key, budget, calls), clock)
}

/// A Kleer that answers by a function of what it is asked, `GET /client/invoice?offset=0`, with a body behind it if
/// there is one.
pub(crate) struct Pretend {
    pub(crate) api: Api,
    pub(crate) clock: Clock,
    log: Arc<Mutex<Vec<String>>>,
}

impl Pretend {
    pub(crate) fn answering(mut answer: impl FnMut(&str) -> (u16, String) + Send + 'static) -> Pretend {
        let log = Arc::new(Mutex::new(Vec::new()));
        let state = Mutex::new((log.clone(), move |asked: &str| answer(asked)));
        let transport = Transport::in_process(Arc::new(move |request| {
            let state = &mut *state.lock().unwrap();
            let uri = request.uri().to_string();
            let path = uri.strip_prefix("http://kleer/v1/company/7").unwrap();
            let asked = format!("{} {path} {}", request.method(), String::from_utf8_lossy(request.body()));
            let asked = asked.trim_end();
            state.0.lock().unwrap().push(asked.to_owned());
            let (status, body) = (state.1)(asked);
            async move { Ok(http::Response::builder().status(status).body(body.into()).unwrap()) }.boxed()
        }));
        let (api, clock) = over(transport);
        Pretend { api, clock, log }
    }

    /// One that always says this.
    pub(crate) fn saying(body: &'static str) -> Pretend {
        Pretend::answering(|_| (200, body.to_owned()))
    }

    /// What it was asked since the last time, a line each.
    pub(crate) fn asked(&self) -> String {
        std::mem::take(&mut *self.log.lock().unwrap()).join("\n")
    }
}

/// Creates a record without anything to be done before.
pub(crate) async fn create(api: &Api, new: New, record: &Document) -> Result<Option<i64>, rest::Error> {
    let Ok(created) = api.create(new, record, std::future::ready(Ok::<(), Infallible>(()))).await;
    created
}

#[test]
fn what_is_done_before_a_create_may_stop_it() {
    let kleer = Pretend::saying(r#"{"id":5}"#);
    kleer.clock.run(async {
        let client = document(r#"{"name":"Ny AB"}"#);
        let stopped = kleer.api.create(New::Client, &client, std::future::ready(Err("somebody else does it"))).await;
        assert_eq!(stopped, Err("somebody else does it"));
    });
    assert_eq!(kleer.asked(), "");
}

pub(crate) fn document(text: &str) -> Document {
    serde_json::from_str(text).unwrap()
}
