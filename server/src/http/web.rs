//! What the HTTP side holds beside the application itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::closing::Closing;
use super::listen::Manner;
use super::observe::Meters;
use super::public::history::HistoryCache;
use super::public::stream::Streams;
use crate::state::App;

/// Time limits and caps. The defaults are meant for production; tests shorten them.
#[derive(Clone, Debug)]
pub struct Settings {
    /// For a whole request head, and for an idle connection.
    pub head_deadline: Duration,
    /// For a whole request body.
    pub body_deadline: Duration,
    /// A write that makes no progress for this long ends its connection.
    pub stall: Duration,
    /// Connections at once. Below the usual limit of descriptors, which the database needs too.
    pub connections: usize,
    /// Comments on a silent stream: proxies cut what says nothing, and watchdogs time by them.
    pub heartbeat: Duration,
    /// A stream ends after this long, plus up to as long again, at random: no reconnect storms.
    pub stream_lifetime: Duration,
    /// For a whole export: until then the database keeps its snapshot.
    pub export_deadline: Duration,
    /// When the server stops, streams close at a random moment within this.
    pub closing_jitter: Duration,
    /// When the server stops, pledges that wait have this long to be written.
    pub writing_deadline: Duration,
    /// When the server stops, connections have this long to finish. Longer than `writing_deadline`,
    /// so that whoever waits for a database that hangs still hears of it.
    pub closing_deadline: Duration,
    /// When the server stops, it has stopped after this, whatever the database does.
    pub stop_deadline: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            head_deadline: Duration::from_secs(10),
            body_deadline: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            connections: 18_000,
            heartbeat: Duration::from_secs(15),
            stream_lifetime: Duration::from_secs(15 * 60),
            export_deadline: Duration::from_secs(30 * 60),
            closing_jitter: Duration::from_secs(2),
            writing_deadline: Duration::from_secs(5),
            closing_deadline: Duration::from_secs(6),
            stop_deadline: Duration::from_secs(9),
        }
    }
}

/// The state of every handler.
pub struct Web {
    pub app: Arc<App>,
    pub settings: Settings,
    pub streams: Streams,
    pub history: HistoryCache,
    pub meters: Meters,
    pub(super) closing: Closing,
}

impl Web {
    pub fn new(app: Arc<App>, settings: Settings) -> Arc<Self> {
        let streams = Streams::new(app.config.max_streams, app.config.max_streams_per_address);
        let history = HistoryCache::default();
        let (meters, closing) = (Meters::default(), Closing::default());
        Arc::new(Self { app, settings, streams, history, meters, closing })
    }

    /// How connections are served.
    pub(super) fn manner(&self) -> Manner<'_> {
        Manner { settings: &self.settings, closing: &self.closing, aside: &self.app.aside }
    }

    /// Whether the server has begun to stop.
    pub fn is_closing(&self) -> bool {
        self.closing.has_begun()
    }

    /// Returns when the server begins to stop, and says when that was.
    pub async fn until_closing(&self) -> Instant {
        self.closing.begun().await
    }

    /// A random part of `span`.
    pub fn jitter(&self, span: Duration) -> Duration {
        let mut bytes = [0; 4];
        self.app.entropy.fill(&mut bytes);
        span.mul_f64(f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX))
    }

    /// A random name of 16 hexadecimal digits: request ids.
    pub fn random_id(&self) -> String {
        let mut bytes = [0; 8];
        self.app.entropy.fill(&mut bytes);
        format!("{:016x}", u64::from_le_bytes(bytes))
    }
}
