//! The same face over a real loopback socket.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use insta::assert_snapshot;
use tokio::{net::TcpListener, sync::oneshot};

use crate::bench::{simulator, wait};

/// Sends one request and reads until the connection closes.
fn exchange(address: SocketAddr, method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: kleer\r\nConnection: close\r\nX-Token: demo-key\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let ended = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    let told = text.lines().filter(|line| !line.starts_with("date") && !line.starts_with("connection"));
    format!("{}\n{}", told.collect::<Vec<_>>().join("\n"), if ended.is_ok() { "" } else { "(broken)" })
}

#[test]
fn it_answers_breaks_and_stops() {
    let (simulator, (stop, stopped)) = (simulator(), oneshot::channel::<()>());
    let (tell, told) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        wait(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            simulator.serve(listener, async { stopped.await.unwrap_or_default() }).await
        })
    });
    let address = told.recv().unwrap();
    let info = "/v1/company/1/info";
    assert_snapshot!(exchange(address, "GET", info, ""), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 150

    {"name":"Demobolaget AB","orgno":"556677-8899","accounting-currency":"SEK","bankgiro":50507854,"supplier-invoice-email":"faktura@demobolaget.example"}
    "#);
    let truncated = r#"{"rules":[{"fault":{"truncated":{"saved":true}}}]}"#;
    assert_snapshot!(exchange(address, "PUT", "/_sim/faults", truncated), @r"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 2

    {}
    ");
    assert_snapshot!(exchange(address, "GET", info, ""), @r#"
    HTTP/1.1 200 OK
    content-type: application/json
    content-length: 150

    {"name":"Demobolaget AB","orgno":"556677-8899","accounting-currency":"SEK",
    "#);
    exchange(address, "PUT", "/_sim/faults", r#"{"rules":[{"fault":{"reset":{}}}]}"#);
    assert_snapshot!(exchange(address, "GET", info, ""), @"");
    stop.send(()).unwrap();
    server.join().unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err());
}
