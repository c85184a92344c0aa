//! The simulator posts to an app that listens on loopback, on a clock that others wait for.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{oneshot, watch};

use super::outgoing::PORTAL;
use crate::{DeliveryFailure, ExecutionState, Options, Simulator, Time};

/// A clock like [`Time::manual`] on which sleepers really wait until it is turned.
fn patient_clock() -> (Time, watch::Sender<Timestamp>) {
    let (hand, seen) = watch::channel::<Timestamp>("2026-11-20T12:00:00Z".parse().unwrap());
    let (reader, waiter) = (seen.clone(), seen);
    let time = Time {
        now: Arc::new(move || *reader.borrow()),
        sleep: Arc::new(move |pause| {
            let mut waiter = waiter.clone();
            let until = *waiter.borrow() + SignedDuration::try_from(pause).unwrap();
            Box::pin(async move {
                // The clock is gone only when the test is over.
                let _ = waiter.wait_for(|now| *now >= until).await;
            })
        }),
    };
    (time, hand)
}

fn turn(hand: &watch::Sender<Timestamp>, pause: Duration) {
    hand.send_modify(|now| *now += SignedDuration::try_from(pause).unwrap());
}

/// A request that reached the app: its head and body, and the connection that waits for the answer.
struct Arrived {
    head: String,
    body: String,
    stream: TcpStream,
}

impl Arrived {
    fn next(app: &TcpListener) -> Arrived {
        let (stream, _) = app.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        Arrived { head, body: String::from_utf8(body).unwrap(), stream }
    }

    fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head))
    }

    fn answer(mut self, status: &str, body: &str) {
        write!(self.stream, "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    }
}

/// The served simulator, until it is dropped.
struct Serving {
    simulator: Simulator,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Serving {
    fn start(time: Time) -> Serving {
        let simulator = Simulator::new(Options::default(), time);
        let (stop, stopped) = oneshot::channel::<()>();
        let server = simulator.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
            runtime.block_on(server.serve(listener, async { stopped.await.unwrap_or(()) })).unwrap();
        });
        Serving { simulator, stop: Some(stop), thread: Some(thread) }
    }

    /// Waits for what another thread does.
    fn until(&self, done: impl Fn(&Simulator) -> bool) {
        while !done(&self.simulator) {
            std::thread::yield_now();
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
        let _ = self.thread.take().unwrap().join();
    }
}

#[test]
fn deliveries_over_real_sockets() {
    let (time, hand) = patient_clock();
    let serving = Serving::start(time);
    let simulator = &serving.simulator;
    let app = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", app.local_addr().unwrap());
    simulator.calls(&base).unwrap();
    simulator.person_creates(PORTAL, "companies", &[("name", "Acme")]).unwrap();

    let broken = Arrived::next(&app);
    assert!(broken.head.starts_with("POST /webhooks/hubspot HTTP/1.1\r\n"), "{}", broken.head);
    assert_eq!(format!("http://{}", broken.header("host")), base);
    let timestamp = broken.header("x-hubspot-request-timestamp");
    let uri = format!("{base}/webhooks/hubspot");
    let signed = crate::signature::v3("demo-secret", "POST", &uri, broken.body.as_bytes(), timestamp);
    assert_eq!(broken.header("x-hubspot-signature-v3"), signed);
    drop(broken);
    serving.until(|simulator| simulator.webhook_log().failed == 1);
    assert_eq!(simulator.webhook_log().last[0].failure, Some(DeliveryFailure::Connection));

    turn(&hand, Duration::from_secs(70));
    Arrived::next(&app).answer("200 OK", "");
    serving.until(|simulator| simulator.webhook_log().delivered == 1);

    let call = simulator.enrol(PORTAL, "companies", 9001, "create-client", &[("name", "Acme")]).unwrap();
    let arrived = Arrived::next(&app);
    assert!(arrived.head.starts_with("POST /actions/create-client HTTP/1.1\r\n"), "{}", arrived.head);
    arrived.answer("200 OK", r#"{"outputFields":{"kleer_client_id":"1004"}}"#);
    serving.until(|simulator| simulator.execution(&call).unwrap().state == ExecutionState::Succeeded);
    assert_eq!(simulator.execution(&call).unwrap().outputs["kleer_client_id"], "1004");

    simulator.person_edits(PORTAL, "companies", 9001, &[("name", "Acme AB")]).unwrap();
    let slow = Arrived::next(&app);
    turn(&hand, Duration::from_secs(5));
    serving.until(|simulator| simulator.webhook_log().failed == 2);
    assert_eq!(simulator.webhook_log().last.last().unwrap().failure, Some(DeliveryFailure::Timeout));
    drop(slow);
}

#[test]
fn only_plain_http_is_spoken() {
    let (time, _hand) = patient_clock();
    let serving = Serving::start(time);
    serving.simulator.calls("https://kleer.example").unwrap();
    serving.simulator.person_creates(PORTAL, "companies", &[("name", "Acme")]).unwrap();
    serving.until(|simulator| simulator.webhook_log().failed == 1);
    assert_eq!(serving.simulator.webhook_log().pending, 2);
}
