#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::hooks::guard::Lookup;

/// A resolver that answers what it was told to, in order, and counts how often it was asked.
#[derive(Default)]
struct Scripted {
    answers: Mutex<VecDeque<Vec<IpAddr>>>,
    asked: AtomicUsize,
}

impl Scripted {
    fn answering(answers: &[&[&str]]) -> Arc<Self> {
        let addresses = |list: &&[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
        let answers = answers.iter().map(addresses).collect();
        Arc::new(Self { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }
}

impl Lookup for Scripted {
    fn lookup(&self, _: String) -> BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or_default();
        async move { Ok(answer) }.boxed()
    }
}

/// Stands for the public internet: the loopback network without the address everybody knows.
fn all_but_127_0_0_1(address: IpAddr) -> bool {
    address != IpAddr::from([127, 0, 0, 1])
}

/// Answers every request with `head` and closes; counts the connections.
async fn answering(address: &str, head: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let (port, seen) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let mut taken = [0; 4096];
            let _ = stream.read(&mut taken).await;
            let _ = stream.write_all(head.as_bytes()).await;
        }
    });
    (port, seen)
}

async fn post(sender: &Sender, url: &str) -> Result<u16, SendError> {
    sender.send(url, "msg_1", Timestamp::UNIX_EPOCH, "v1,x", "{}").await
}

const TAKEN: &str = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn fault_44_rebinding_the_address_that_was_judged_is_the_one_that_is_connected_to() {
    let (port, public) = answering("127.0.0.2:0", TAKEN).await;
    let (_, private) = answering(&format!("127.0.0.1:{port}"), TAKEN).await;
    let lookup = Scripted::answering(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let guard = Guard::with(Arc::clone(&lookup) as Arc<dyn Lookup>, all_but_127_0_0_1, true);
    let sender = Sender::new(guard).unwrap();
    let url = format!("http://rebinding.example:{port}/");
    assert_eq!(post(&sender, &url).await, Ok(204));
    // Asked once for the connection: no second answer could slip in after the first was judged.
    assert_eq!(lookup.asked.load(Ordering::SeqCst), 1);
    assert_eq!(post(&sender, &url).await, Err(SendError::Refused(Refused::NotPublic)));
    assert_eq!(public.load(Ordering::SeqCst), 1);
    assert_eq!(private.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn fault_44_a_name_that_leads_inside_is_refused_at_connect() {
    let inside: [&[&str]; 6] = [
        &["127.0.0.1"],
        &["169.254.169.254"],
        &["::ffff:127.0.0.1"],
        &["0.0.0.0"],
        &["8.8.8.8", "10.0.0.1"],
        &[],
    ];
    let guard = Guard::with(Scripted::answering(&inside), crate::hooks::guard::is_public, false);
    let sender = Sender::new(guard).unwrap();
    for addresses in inside {
        let sent = post(&sender, "https://inside.example/").await;
        assert_eq!(sent, Err(SendError::Refused(Refused::NotPublic)), "{addresses:?}");
    }
}

#[tokio::test]
async fn fault_44_literal_and_decimal_addresses_are_refused() {
    let sender = Sender::new(Guard::new(false)).unwrap();
    for host in ["169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "localhost"] {
        let sent = post(&sender, &format!("https://{host}/")).await;
        assert_eq!(sent, Err(SendError::Refused(Refused::NotPublic)), "{host}");
    }
}

#[tokio::test]
async fn fault_44_a_redirect_is_not_followed() {
    let (secret_port, secret) = answering("127.0.0.1:0", TAKEN).await;
    let head = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{secret_port}/\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let (port, _) = answering("127.0.0.2:0", head.leak()).await;
    let sender = Sender::new(Guard::new(true)).unwrap();
    let sent = post(&sender, &format!("http://127.0.0.2:{port}/")).await;
    assert_eq!(sent, Err(SendError::Redirect(307)));
    assert_eq!(secret.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_status_says_what_became_of_it() {
    let heads = [
        ("HTTP/1.1 410 Gone\r\nConnection: close\r\n\r\n", SendError::Gone),
        ("HTTP/1.1 500 No\r\nConnection: close\r\n\r\n", SendError::Status(500)),
        ("", SendError::Unreachable),
    ];
    let sender = Sender::new(Guard::new(true)).unwrap();
    for (head, error) in heads {
        let (port, _) = answering("127.0.0.1:0", head).await;
        assert_eq!(post(&sender, &format!("http://127.0.0.1:{port}/")).await, Err(error), "{head}");
    }
}

#[tokio::test]
async fn receivers_that_fail_hold_up_each_other_and_nobody_else() {
    let sender = Sender::new(Guard::new(false)).unwrap();
    let mut hanging = Vec::new();
    for _ in 0..FAILING / FAILING_EACH {
        let places = sender.places(true).await;
        assert_eq!((places.held.len(), places.waited), (FAILING_EACH, false));
        hanging.push(places);
    }
    let mut next = std::pin::pin!(sender.places(true));
    assert!(next.as_mut().now_or_never().is_none(), "they wait for each other");
    for _ in 0..AT_ONCE / AT_ONCE_EACH {
        let places = sender.places(false).now_or_never().unwrap();
        assert_eq!((places.held.len(), places.waited), (AT_ONCE_EACH, false));
        hanging.push(places);
    }
    assert!(sender.places(false).now_or_never().is_none());
    hanging.clear();
    let places = next.await;
    assert_eq!((places.held.len(), places.waited), (FAILING_EACH, true));
}
