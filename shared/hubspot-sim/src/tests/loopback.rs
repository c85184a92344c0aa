use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use serde_json::json;

use super::{clock, objects};
use crate::{Fault, Faults, Match, Options, Rule, Simulator};

/// One request over a socket of its own; everything that came back until the end.
fn send(address: SocketAddr, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer demo-token\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = Vec::new();
    // A reset connection ends the reading with an error; what came before it counts.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_same_face_over_a_real_socket() {
    let simulator = Simulator::new(Options::default(), clock().0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = simulator.clone();
    let thread = std::thread::spawn(move || {
        let stopped = async { stopped.await.unwrap_or(()) };
        runtime.block_on(server.serve(listener, stopped)).unwrap();
    });
    let body = json!({ "properties": { "name": "Acme" } }).to_string();
    let whole = send(address, "POST", &objects("companies"), &body);
    assert!(whole.starts_with("HTTP/1.1 201"), "{whole}");
    assert!(whole.contains("\"id\":\"9001\""), "{whole}");

    let fault = |fault| Faults {
        seed: 1,
        rules: vec![Rule { matches: Match::default(), probability: 1000, times: None, skip: 0, fault }],
    };
    simulator.faults(fault(Fault::Truncated { saved: false }));
    let half = send(address, "GET", &objects("companies"), "");
    let (head, rest) = half.split_once("\r\n\r\n").unwrap_or((&half, ""));
    let promised: usize = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
    assert!(rest.len() < promised, "{half}");
    simulator.faults(fault(Fault::Reset { saved: true }));
    assert_eq!(send(address, "POST", &objects("companies"), &body), "");
    assert_eq!(simulator.records(4242, "companies").len(), 2);
    let _ = stop.send(());
    thread.join().unwrap();
}
