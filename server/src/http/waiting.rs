//! What a server answers while its database does not: it lives, and takes no pledges yet.

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

use super::error::ApiError;
use super::public::health;

/// How long to wait before asking again.
const SOON: Duration = Duration::from_secs(2);

/// A server of its own on the same socket, until it is let go.
pub struct Waiting {
    done: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Waiting {
    /// Answers on `listener`, which the real server gets afterwards.
    pub fn start(listener: TcpListener) -> Self {
        let router = Router::new().route(routes::HEALTH, get(health::alive)).fallback(not_yet);
        let (done, until) = oneshot::channel();
        let until = async {
            let _ = until.await;
        };
        let serving = axum::serve(listener, router).with_graceful_shutdown(until);
        Self { done, task: tokio::spawn(serving.into_future()) }
    }

    /// Finishes what is being answered.
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
