//! Those who are told: a webhook's receiver, and the mailboxes of all who sign.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use countersign::demo::post::{Letter, Post};
use countersign_bench::people::scatter;
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::ask;

/// What arrived under each `webhook-id`: one body for each time.
pub type Heard = BTreeMap<String, Vec<String>>;

/// The `Message-ID`s that arrived at each mailbox.
pub type Letters = BTreeMap<String, BTreeSet<String>>;

/// A server of the organizers that takes messages.
pub struct Receiver {
    pub url: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    status: AtomicU16,
    heard: Mutex<Heard>,
}

async fn take(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: String) -> StatusCode {
    let status = shared.status.load(Ordering::SeqCst);
    let id = headers["webhook-id"].to_str().unwrap_or_default().to_owned();
    held(&shared.heard).entry(id).or_default().push(body);
    StatusCode::from_u16(status).unwrap()
}

impl Receiver {
    pub async fn open() -> Self {
        let shared = Arc::new(Shared { status: 204.into(), heard: Mutex::default() });
        let router = Router::new().route("/hook", post(take)).with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    pub fn answer(&self, status: u16) {
        self.shared.status.store(status, Ordering::SeqCst);
    }

    pub fn heard(&self) -> Heard {
        held(&self.shared.heard).clone()
    }
}

/// The mailboxes of all who sign: what arrives is kept, and half of the people press the button.
pub struct Mailboxes {
    /// The mail server.
    pub post: Post,
    seen: Arc<Mutex<Seen>>,
    /// What reads, and what presses: a server that takes its time keeps nobody from reading.
    tasks: [JoinHandle<()>; 2],
}

#[derive(Default)]
struct Seen {
    letters: Letters,
    /// The links of those who want to confirm and have no yes to it yet.
    open: BTreeMap<String, String>,
    confirmed: BTreeSet<String>,
    /// Nobody presses for now.
    wait: bool,
}

impl Mailboxes {
    /// Of people who sign at `server`, whichever process that is.
    pub async fn open(server: SocketAddr) -> Self {
        let post = Post::open().await.unwrap();
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let tasks = [
            tokio::spawn(read(post.clone(), Arc::clone(&seen))),
            tokio::spawn(press(server, Arc::clone(&seen))),
        ];
        Self { post, seen, tasks }
    }

    /// Nobody presses the button until it is said that they may.
    pub fn press(&self, they_may: bool) {
        held(&self.seen).wait = !they_may;
    }

    pub fn letters(&self) -> Letters {
        held(&self.seen).letters.clone()
    }

    /// Those to whom the server said that their signature counts.
    pub fn confirmed(&self) -> BTreeSet<String> {
        held(&self.seen).confirmed.clone()
    }

    /// Whether everybody of these who wants to confirm has done so.
    pub fn are_done(&self, mailboxes: usize) -> bool {
        let seen = held(&self.seen);
        let wanting = seen.letters.keys().filter(|mailbox| confirms(mailbox)).count();
        seen.letters.len() == mailboxes && seen.confirmed.len() == wanting
    }
}

impl Drop for Mailboxes {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn read(post: Post, seen: Arc<Mutex<Seen>>) {
    loop {
        held(&seen).take(&post.letters());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn press(server: SocketAddr, seen: Arc<Mutex<Seen>>) {
    loop {
        let next = held(&seen).next();
        let Some((mailbox, link)) = next else {
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        let pressed = ask::press(server, &link).await == Some(200);
        {
            let mut seen = held(&seen);
            match pressed {
                true => seen.confirmed.extend([mailbox]),
                false => seen.open.extend([(mailbox, link)]),
            }
        }
        if !pressed {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Seen {
    fn next(&mut self) -> Option<(String, String)> {
        if self.wait { None } else { self.open.pop_first() }
    }

    /// The mail server keeps the last two hundred: they are looked at again and again.
    fn take(&mut self, letters: &[Letter]) {
        for letter in letters {
            let ids = self.letters.entry(letter.to.clone()).or_default();
            let is_new = ids.is_empty();
            ids.insert(letter.header("Message-ID"));
            if is_new && confirms(&letter.to) {
                let (plain, _) = letter.parts();
                let link = plain.lines().find_map(|line| line.split_once("/confirm/"));
                let link = link.map(|(_, token)| format!("/confirm/{token}"));
                self.open.insert(letter.to.clone(), link.expect("an e-mail with a link"));
            }
        }
    }
}

fn confirms(mailbox: &str) -> bool {
    let sum = mailbox.bytes().fold(0, |sum: u64, byte| scatter(sum ^ u64::from(byte)));
    sum.is_multiple_of(2)
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
