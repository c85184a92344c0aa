use app::Config;
use hubspot_sim::signature::{Scheme, sign};
use rest::Clock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::machine::{Home, Machine};
use crate::pretend::{self, CLIENT_SECRET, Pretend, Scene};

/// Sends raw bytes to a process that serves in memory; status line and body of each answer.
async fn check(requests: &[Vec<u8>]) -> Vec<String> {
    let clock = Clock::system();
    let pretend = Pretend::start(&Scene::of(0, 0), &clock, None).unwrap();
    let config = Config::read(pretend::variable).unwrap();
    let machine = Machine::start(config, &Home::Memory, clock, pretend.transports()).await.unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let asking = async {
        let mut answers = Vec::new();
        for request in requests {
            answers.push(ask(address, request).await);
        }
        answers
    };
    tokio::select! {
        answers = asking => answers,
        ended = serve(listener, &machine.app) => panic!("the listener ended: {ended:?}"),
    }
}

async fn ask(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let (mut from, mut to) = stream.split();
    let mut answer = Vec::new();
    // A server that has heard enough answers before everything is sent.
    let (_, read) = futures::future::join(to.write_all(request), from.read_to_end(&mut answer)).await;
    drop(read);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    format!("{} | {}", head.lines().next().unwrap_or_default(), body.trim()).trim_end().to_owned()
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: elsewhere\r\nconnection: close\r\n\r\n").into_bytes()
}

/// Signed for the address that is configured, whatever the host is called here.
fn signed(path: &str, body: &str) -> Vec<u8> {
    let url = format!("http://127.0.0.1:8080{path}");
    let mut request = http::Request::post(url).body(Bytes::from(body.to_owned())).unwrap();
    sign(&mut request, Scheme::Webhook, CLIENT_SECRET, Clock::system().now());
    let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    let (signature, at) = (header("x-hubspot-signature-v3"), header("x-hubspot-request-timestamp"));
    format!(
        "POST {path} HTTP/1.1\r\nhost: elsewhere\r\nconnection: close\r\nX-HubSpot-Signature-v3: {signature}\r\n\
         X-HubSpot-Request-Timestamp: {at}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[tokio::test]
async fn requests_arrive_as_they_were_sent() {
    let answers = check(&[
        get("/health"),
        get("/health?x=1"),
        get("/health/"),
        get("/elsewhere"),
        signed("/webhooks/hubspot", "[]"),
        // What a router would tidy up belongs to what was signed.
        signed("/webhooks/hubspot?x=%3A%20%2f+å%C3%A5&&y", "[]"),
        signed("/webhooks//hubspot", "[]"),
    ])
    .await;
    insta::assert_snapshot!(answers.join("\n"), @r#"
    HTTP/1.1 200 OK | ok
    HTTP/1.1 200 OK | ok
    HTTP/1.1 404 Not Found | {"error":{"code":"not_found","message":"There is nothing at this address."}}
    HTTP/1.1 404 Not Found | {"error":{"code":"not_found","message":"There is nothing at this address."}}
    HTTP/1.1 200 OK |
    HTTP/1.1 200 OK |
    HTTP/1.1 404 Not Found | {"error":{"code":"not_found","message":"There is nothing at this address."}}
    "#);
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_before_its_end() {
    let head = "POST /webhooks/hubspot HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("{:x}\r\n{}\r\n", 1_000_000, "x".repeat(1_000_000));
    let endless = [head.as_bytes(), chunk.repeat(11).as_bytes()].concat();
    let answers = check(&[endless]).await;
    insta::assert_snapshot!(answers.join("\n"), @r#"HTTP/1.1 413 Payload Too Large | {"error":{"code":"too_large","message":"The body is larger than 10 MB."}}"#);
}
