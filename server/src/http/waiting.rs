//! What a server answers while its database does not: it lives, and takes no pledges yet.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use axum::routing::get;
use countersign_shared::{Code, routes};
use http::{HeaderValue, header};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::Settings;
use super::closing::Closing;
use super::error::ApiError;
use super::listen::{self, Manner};
use super::public::health;

/// How long to wait before asking again.
const SOON: Duration = Duration::from_secs(2);

/// How long the real server waits for those who are still being answered here.
const FINISH: Duration = Duration::from_secs(1);

/// A server of its own on the same socket, until it is let go.
pub struct Waiting {
    done: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Waiting {
    /// Answers on `listener`, which the real server gets afterwards.
    pub fn start(listener: TcpListener) -> Self {
        let router = Router::new().route(routes::HEALTH, get(health::alive)).fallback(not_yet);
        let (done, until) = oneshot::channel();
        let until = async {
            let _ = until.await;
        };
        let settings = Settings { closing_deadline: FINISH, ..Settings::default() };
        let serving = async move {
            let (closing, aside) = (Closing::default(), Arc::default());
            let manner = Manner { settings: &settings, closing: &closing, aside: &aside };
            listen::run(listener, router, manner, until).await;
        };
        Self { done, task: tokio::spawn(serving) }
    }

    /// Finishes what is being answered, and cuts off those who do not finish asking.
    pub async fn stop(self) {
        let _ = self.done.send(());
        let _ = self.task.await;
    }
}

/// Any page may read it, so that a widget can tell its person when to try again.
async fn not_yet() -> impl axum::response::IntoResponse {
    let mut answer = ApiError::new(Code::Unavailable).retry_after(SOON).into_response();
    let headers: &mut HeaderMap = answer.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn somebody_who_never_finishes_asking_holds_up_nothing() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let waiting = Waiting::start(listener);
        let mut whole = TcpStream::connect(address).await.unwrap();
        whole.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut status = [0; 12];
        whole.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 503");
        let mut half = TcpStream::connect(address).await.unwrap();
        half.write_all(b"GET /").await.unwrap();
        // Whoever is accepted later was connected later: the half request is held by now.
        let mut next = TcpStream::connect(address).await.unwrap();
        next.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        next.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 200");
        let patience = Duration::from_secs(20);
        tokio::time::timeout(patience, waiting.stop()).await.unwrap();
        tokio::time::timeout(patience, half.read(&mut status)).await.unwrap().unwrap_or(0);
    }

    #[tokio::test]
    async fn whoever_was_let_in_just_before_the_end_is_answered() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let waiting = Waiting::start(listener);
        let mut early = TcpStream::connect(address).await.unwrap();
        // Whoever is accepted later was connected later: the early one is inside by now.
        let mut later = TcpStream::connect(address).await.unwrap();
        later.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut status = [0; 12];
        later.read_exact(&mut status).await.unwrap();
        let asking = async {
            early.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
            early.read_exact(&mut status).await.unwrap();
        };
        tokio::join!(waiting.stop(), asking);
        assert_eq!(&status, b"HTTP/1.1 503");
    }
}
