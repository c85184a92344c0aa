use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{Failure, Transport};

/// Sends one request to a socket that says `answer` and hangs up.
async fn check(answer: &'static str) -> Result<(u16, String), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a", listener.local_addr().unwrap());
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    let serve = async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut asked = [0; 1024];
        let length = socket.read(&mut asked).await.unwrap();
        socket.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&asked[..length]).into_owned()
    };
    let (response, asked) = futures::future::join(Transport::network().unwrap().send(request), serve).await;
    assert!(asked.contains("user-agent: kleer-for-hubspot/"), "{asked}");
    response.map(|response| (response.status().as_u16(), String::from_utf8_lossy(response.body()).into_owned()))
}

#[tokio::test]
async fn answers_and_their_absence() {
    assert_eq!(check("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await, Ok((200, "{}".to_owned())));
    assert_eq!(check("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}").await, Err(Failure::Truncated));
    assert_eq!(check("").await, Err(Failure::NoAnswer));
    let redirect = check("HTTP/1.1 302 Found\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n").await;
    assert_eq!(redirect, Ok((302, String::new())));
}

#[tokio::test]
async fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/a", listener.local_addr().unwrap());
    drop(listener);
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    let failure = Transport::network().unwrap().send(request).await.map(|_| ());
    assert_eq!(failure, Err(Failure::NotSent));
}
