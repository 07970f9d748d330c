//! Answers as servers send them, byte by byte and all at once.

#![allow(clippy::unwrap_used)]

use super::*;
use tokio::net::TcpListener;

async fn answered(parts: &'static [&'static str]) -> Result<Answer> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // A server that closes before it has read resets the connection.
        stream.read_u8().await.unwrap();
        while stream.try_read(&mut [0; 512]).is_ok() {}
        for part in parts {
            stream.write_all(part.as_bytes()).await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    let answer = ask(address, "/", &[]).await;
    server.await.unwrap();
    answer
}

#[tokio::test]
async fn a_body_of_known_length_is_read_whole() {
    let answer = answered(&["HTTP/1.1 201 Created\r\nContent-Le", "ngth: 5\r\n\r\nhe", "llo"])
        .await
        .unwrap();
    assert_eq!((answer.status, answer.closes, &*answer.body), (201, false, &b"hello"[..]));
}

#[tokio::test]
async fn chunks_are_put_together() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    let answer =
        answered(&[HEAD, "5\r", "\nhel", "lo\r\n1;x=y\r\n!\r\n0\r\n", "\r\n"]).await.unwrap();
    assert_eq!((answer.status, answer.closes, &*answer.body), (200, true, &b"hello!"[..]));
}

#[tokio::test]
async fn a_body_without_a_length_ends_with_the_connection() {
    let answer = answered(&["HTTP/1.1 200 OK\r\n\r\nall ", "of it"]).await.unwrap();
    assert_eq!((answer.closes, &*answer.body), (true, &b"all of it"[..]));
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_an_error() {
    for parts in [
        &["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"][..],
        &["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhe"],
        &["HTTP/1.1 200"],
        &[],
    ] {
        assert!(answered(parts).await.is_err(), "{parts:?}");
    }
}

#[test]
fn an_address_is_read_from_a_url() {
    assert_eq!(address("http://127.0.0.1:3000/").unwrap().port(), 3000);
    assert_eq!(address("http://127.0.0.1").unwrap().port(), 80);
    assert!(address("https://127.0.0.1").is_err());
}
