//! `GET …/stream`: the total as it moves, as server-sent events.
//!
//! One frame, made once, goes to all viewers of a campaign; each holds no more than a place in
//! line. A viewer that missed a frame gets the whole snapshot instead of what changed.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use countersign_shared::{Code, Problem, routes};
use futures_util::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};

use super::campaign::Found;
use crate::http::client_address::ClientAddress;
use crate::http::error::ApiError;
use crate::http::line::Line;
use crate::http::web::Web;
use crate::totals::Frame;

const LAST_EVENT_ID: &str = "last-event-id";
const HEARTBEAT: Bytes = Bytes::from_static(b": still here\n\n");

/// A client that found no place polls for a while before it asks again.
const COME_BACK: Duration = Duration::from_secs(30);

/// The total as it moves.
///
/// Every connection begins with a whole snapshot, whatever Last-Event-ID says. A closed campaign
/// sends one last event with `open: false` and ends; whoever has seen that event and asks again
/// gets 204, at which a browser stops reconnecting.
#[utoipa::path(
    get,
    path = routes::STREAM,
    tag = "totals",
    params(
        ("slug" = String, Path, description = "The campaign's short name"),
        ("Last-Event-ID" = Option<String>, Header, description = "Anything is tolerated"),
    ),
    responses(
        (status = 200, description = "`event: totals`, `id: epoch:seq`, data as in totals; comments as heartbeat", content_type = "text/event-stream", body = String),
        (status = 204, description = "The campaign is closed and the client has seen its last event"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many streams from this address: poll the totals", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many streams in all: poll the totals", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn open(
    State(web): State<Arc<Web>>,
    Found(campaign): Found,
    client: ClientAddress,
    line: Option<Extension<Arc<Line>>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut updates =
        web.app.hub.subscribe(campaign.id).ok_or_else(|| ApiError::new(Code::CampaignNotFound))?;
    let first = Arc::clone(&updates.borrow_and_update());
    let seen = headers.get(LAST_EVENT_ID).is_some_and(|id| id.as_bytes() == first.id.as_bytes());
    if first.last && seen {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let place = web.streams.enter(client.network())?;
    let lifetime = web.settings.stream_lifetime + web.jitter(web.settings.stream_lifetime);
    let now = Instant::now();
    let (ends, heartbeat_due) = (now + lifetime, now + web.settings.heartbeat);
    let viewer = Viewer {
        greeting: Some(greeting(&web)),
        send_whole: true,
        seen: first,
        stopping: false,
        ends,
        heartbeat_due,
        alarm: Box::pin(sleep_until(ends.min(heartbeat_due))),
        updates,
        place,
        web,
    };
    let body = Body::from_stream(stream::unfold(viewer, Viewer::next));
    if let Some(Extension(line)) = line {
        line.streams.notify_one();
    }
    Ok((
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform")),
            // nginx and those that learned from it hold answers back unless told not to.
            (X_ACCEL_BUFFERING, HeaderValue::from_static("no")),
        ],
        body,
    )
        .into_response())
}

const X_ACCEL_BUFFERING: http::HeaderName = http::HeaderName::from_static("x-accel-buffering");

/// How long to wait before reconnecting: different for each, so that a restart makes no wave.
fn greeting(web: &Web) -> Bytes {
    let wait = Duration::from_secs(1) + web.jitter(Duration::from_secs(4));
    Bytes::from(format!("retry: {}\n\n", wait.as_millis()))
}

/// One open stream.
struct Viewer {
    greeting: Option<Bytes>,
    /// The snapshot at the start has yet to be sent.
    send_whole: bool,
    /// The frame this viewer was last sent.
    seen: Arc<Frame>,
    updates: watch::Receiver<Arc<Frame>>,
    stopping: bool,
    ends: Instant,
    heartbeat_due: Instant,
    /// Set again only when it rings: a frame puts the heartbeat off, and moving a timer for each
    /// frame and viewer would cost more than sending it.
    alarm: Pin<Box<Sleep>>,
    place: Place,
    web: Arc<Web>,
}

impl Viewer {
    /// The next bytes to send, once there are some. `None` ends the stream.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        let bytes = self.wait().await?;
        self.heartbeat_due = Instant::now() + self.web.settings.heartbeat;
        Some((Ok(bytes), self))
    }

    async fn wait(&mut self) -> Option<Bytes> {
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        if std::mem::take(&mut self.send_whole) {
            self.place.frames_sent.increment(1);
            return Some(self.seen.whole.clone());
        }
        if self.seen.last {
            return None;
        }
        loop {
            self.notice_the_end();
            tokio::select! {
                changed = self.updates.changed() => {
                    changed.ok()?;
                    if let Some(bytes) = self.take_frame() {
                        return Some(bytes);
                    }
                }
                () = self.alarm.as_mut() => {
                    let now = Instant::now();
                    if now >= self.ends {
                        return None;
                    }
                    let due = self.heartbeat_due;
                    let next = if now < due { due } else { now + self.web.settings.heartbeat };
                    self.alarm.as_mut().reset(next.min(self.ends));
                    if now >= due {
                        return Some(HEARTBEAT);
                    }
                }
            }
        }
    }

    /// A server that stops lets its viewers go at spread-out moments, and wakes them for that.
    fn notice_the_end(&mut self) {
        if !self.stopping && self.web.is_closing() {
            self.stopping = true;
            let jitter = self.web.jitter(self.web.settings.closing_jitter);
            self.ends = self.ends.min(Instant::now() + jitter);
            self.alarm.as_mut().reset(self.ends.min(self.heartbeat_due));
        }
    }

    /// `None` where the viewer was woken for another reason.
    fn take_frame(&mut self) -> Option<Bytes> {
        let frame = Arc::clone(&self.updates.borrow_and_update());
        if Arc::ptr_eq(&frame, &self.seen) {
            return None;
        }
        let bytes = match frame.previous == self.seen.id {
            true => frame.delta.clone(),
            false => frame.whole.clone(),
        };
        self.seen = frame;
        self.place.frames_sent.increment(1);
        Some(bytes)
    }
}

/// Who is watching, counted: in all, and by address.
pub struct Streams(Arc<Counts>);

struct Counts {
    most: usize,
    most_per_address: usize,
    open: AtomicUsize,
    by_address: Mutex<HashMap<IpAddr, usize>>,
    gauge: metrics::Gauge,
    frames_sent: metrics::Counter,
}

/// A stream's place; leaving it is dropping it.
struct Place {
    counts: Arc<Counts>,
    network: IpAddr,
    frames_sent: metrics::Counter,
}

impl Streams {
    pub fn new(most: usize, most_per_address: usize) -> Self {
        Self(Arc::new(Counts {
            most,
            most_per_address,
            open: AtomicUsize::new(0),
            by_address: Mutex::default(),
            gauge: metrics::gauge!("countersign_open_streams"),
            frames_sent: metrics::counter!("countersign_frames_sent_total"),
        }))
    }

    /// Streams open now.
    pub fn open(&self) -> usize {
        self.0.open.load(Ordering::SeqCst)
    }

    fn enter(&self, network: IpAddr) -> Result<Place, ApiError> {
        let counts = &self.0;
        let mut by_address = counts.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.open.load(Ordering::SeqCst) >= counts.most {
            return Err(ApiError::new(Code::Busy)
                .detail("All streams are taken. Poll the totals instead.")
                .retry_after(COME_BACK));
        }
        let here = by_address.entry(network).or_insert(0);
        if *here >= counts.most_per_address {
            return Err(ApiError::new(Code::TooManyStreams).retry_after(COME_BACK));
        }
        *here += 1;
        counts.open.fetch_add(1, Ordering::SeqCst);
        counts.gauge.increment(1);
        let frames_sent = counts.frames_sent.clone();
        Ok(Place { counts: Arc::clone(counts), network, frames_sent })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_address = self.counts.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = by_address.get_mut(&self.network) {
            *here -= 1;
            if *here == 0 {
                by_address.remove(&self.network);
            }
        }
        self.counts.open.fetch_sub(1, Ordering::SeqCst);
        self.counts.gauge.decrement(1);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn places_are_capped_by_address_and_in_all_and_given_back() {
        let streams = Streams::new(3, 2);
        let [one, two, three] = ["192.0.2.1", "192.0.2.2", "::1"].map(|it| it.parse().unwrap());
        let first = streams.enter(one).unwrap();
        let _second = streams.enter(one).unwrap();
        assert_eq!(streams.enter(one).err().unwrap().code(), Code::TooManyStreams);
        let _third = streams.enter(two).unwrap();
        assert_eq!(streams.enter(three).err().unwrap().code(), Code::Busy);
        drop(first);
        assert_eq!(streams.open(), 2);
        assert!(streams.enter(one).is_ok());
        assert_eq!(streams.0.by_address.lock().unwrap().len(), 2);
    }
}
