//! Accepts connections, keeps them in bounds, and lets them finish when the server stops.
//!
//! Not `axum::serve`: it leaves no say in buffer sizes and time limits, and ten thousand viewers
//! of a stream each pay for both.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use super::client_address::Peer;
use super::closing::Closing;
use super::line::Line;
use super::stall::StallGuard;
use super::web::Settings;
use crate::aside::Aside;

/// The smallest that hyper takes. A request head that is larger is refused with 431.
const BUFFER: usize = 8 * 1024;

/// Whoever connected just before the server began to stop has so long to send a request.
const FIRST_REQUEST: Duration = Duration::from_millis(500);

/// How connections are served.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    pub settings: &'a Settings,
    /// Told when the end begins.
    pub closing: &'a Closing,
    /// Where connections go on that stream. Ends with the last of them.
    pub aside: &'a Arc<Aside>,
}

/// Serves until `shutdown`, then stops accepting, says so by `closing`, and lets what is under way
/// finish, for as long as the settings give it.
pub async fn run(
    listener: TcpListener,
    router: Router,
    manner: Manner<'_>,
    shutdown: impl Future<Output = ()>,
) {
    let Manner { settings, closing, aside } = manner;
    let slots = Arc::new(Semaphore::new(settings.connections));
    let mut connections = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            // Full: the backlog waits for a place, and the kernel refuses what it cannot hold.
            accepted = accept(&listener, &slots) => accepted,
            Some(_) = connections.join_next() => continue,
        };
        let (stream, peer, slot) = accepted;
        let limits = Limits { head: settings.head_deadline, stall: settings.stall };
        let (router, closing, aside) = (router.clone(), closing.clone(), Arc::clone(aside));
        connections.spawn(async move {
            serve_connection(stream, peer, router, limits, closing, slot, aside).await;
        });
    }
    drop(listener);
    closing.begin();
    if tokio::time::timeout(settings.closing_deadline, all_gone(&slots, settings)).await.is_err() {
        let left = settings.connections - slots.available_permits();
        tracing::warn!(left, "connections cut off: they did not finish");
        connections.shutdown().await;
    }
    aside.end();
}

/// Returns once every connection has given its slot back.
async fn all_gone(slots: &Semaphore, settings: &Settings) {
    let all = u32::try_from(settings.connections).unwrap_or(u32::MAX);
    let _ = slots.acquire_many(all).await;
}

/// What one connection may take.
#[derive(Clone, Copy)]
struct Limits {
    head: Duration,
    stall: Duration,
}

type Slot = tokio::sync::OwnedSemaphorePermit;

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, Peer, Slot) {
    loop {
        let Ok(slot) = Arc::clone(slots).acquire_owned().await else {
            std::future::pending::<()>().await;
            continue;
        };
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, Peer(peer), slot),
            Err(error) => {
                // Out of descriptors, or the client is gone already. Neither ends the server.
                tracing::warn!(kind = ?error.kind(), "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve_connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    limits: Limits,
    closing: Closing,
    slot: Slot,
    aside: Arc<Aside>,
) {
    tune(&stream, limits.stall);
    let line = Arc::new(Line::default());
    let told = Arc::clone(&line);
    let service = service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
        told.asked.notify_one();
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(Arc::clone(&told));
        // In a box, so that a connection that only streams does not keep the room for it.
        Box::pin(router.clone().oneshot(request.map(Body::new)))
    });
    let connection = http1::Builder::new()
        .max_buf_size(BUFFER)
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .keep_alive(true)
        .serve_connection(TokioIo::new(StallGuard::new(stream, limits.stall)), service);
    // In a box, so that it can go on elsewhere.
    let mut connection = Box::pin(connection);
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = line.streams.notified() => {
            // No request after the stream: it would be answered with the streams' patience.
            connection.as_mut().graceful_shutdown();
            return aside.spawn(async move {
                ended(connection.await);
                drop(slot);
            });
        }
        _ = closing.begun() => {
            // hyper hangs up at once on whoever was let in and has not been read yet. They did not
            // know: their first request is still answered.
            tokio::select! {
                biased;
                () = line.asked.notified() => {}
                result = connection.as_mut() => return ended(result),
                () = tokio::time::sleep(FIRST_REQUEST) => {}
            }
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    ended(result);
}

fn ended(result: hyper::Result<()>) {
    if let Err(error) = result {
        // Everyday business: clients vanish, stall, send nonsense.
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Frames leave at once, and a peer that acknowledges nothing is dropped by the kernel.
fn tune(stream: &TcpStream, stall: Duration) {
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = SockRef::from(stream).set_tcp_user_timeout(Some(stall));
    #[cfg(not(target_os = "linux"))]
    let _ = (SockRef::from(stream), stall);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::convert::Infallible;

    use axum::extract::Extension;
    use axum::routing::get;
    use futures_util::stream;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// Says again and again on which thread it is.
    async fn names_its_thread(Extension(line): Extension<Arc<Line>>) -> Body {
        line.streams.notify_one();
        Body::from_stream(stream::unfold((), async |()| {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let name = format!("<{}>", std::thread::current().name().unwrap_or_default());
            Some((Ok::<_, Infallible>(name), ()))
        }))
    }

    #[tokio::test]
    async fn a_connection_that_begins_to_stream_goes_on_aside() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let router = Router::new().route("/", get(names_its_thread));
        let (settings, closing, aside) = (Settings::default(), Closing::default(), Arc::default());
        let manner = Manner { settings: &settings, closing: &closing, aside: &aside };
        let moved = async {
            client.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
            let (mut said, mut bytes) = (Vec::new(), [0; 256]);
            while !said.windows(9).any(|part| part == b"<streams>") {
                let length = client.read(&mut bytes).await.unwrap();
                assert!(length > 0, "the connection ended");
                said.extend_from_slice(&bytes[..length]);
            }
            drop(client);
        };
        let served = run(listener, router, manner, moved);
        tokio::time::timeout(Duration::from_secs(20), served).await.expect("it never moves");
    }
}
