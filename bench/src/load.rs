//! The load generator: closed loop (as fast as answers come) or open loop (so many a second).
//!
//! An open loop measures every answer from the moment at which its request was due, not from when a
//! connection was free to send it: otherwise a server that stalls would hide its own stall.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::ledger::Ledger;
use crate::people::People;
use crate::wire::{Answer, Wire};

mod connection;
mod report;
mod work;

use connection::Shared;
pub use report::{Report, histogram, milliseconds, note as note_latency};
pub use work::{Work, note};

/// How requests follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// Each connection sends its next request when it has the answer to the last.
    Closed,
    /// So many a second in all, whether answers come or not, as far as there are connections.
    Open { per_second: f64 },
}

/// A load to run. Make one with [`Load::pledges`], [`Load::get`] or [`Load::again`], set what is
/// not as you want it, and [`Load::run`] it.
#[derive(Clone)]
pub struct Load {
    pub address: SocketAddr,
    pub work: Work,
    /// Sent with every request, beside what the work itself needs.
    pub headers: Vec<(String, String)>,
    pub connections: usize,
    pub pace: Pace,
    /// Ends after so many requests. Without this, `time` or `stop`, a load of pledges never ends.
    pub count: Option<u64>,
    /// Ends after so long.
    pub time: Option<Duration>,
    /// Ends when this becomes true, or its sender is gone.
    pub stop: Option<watch::Receiver<bool>>,
    /// Answers within this time after the start are not measured; they are in the ledger all the
    /// same.
    pub warm_up: Duration,
    /// Sends a pledge again with the same key until it is acknowledged or the load ends.
    pub resend: bool,
    /// After the end, answers that are under way may take so long.
    pub grace: Duration,
}

impl Load {
    /// People sign the campaign `slug`, starting with person number `first`. With a ledger, every
    /// key and every answer goes into it.
    pub fn pledges(
        address: SocketAddr,
        slug: &str,
        people: People,
        first: u64,
        ledger: Option<Arc<Ledger>>,
    ) -> Self {
        let path = work::pledges_path(slug);
        Self::of(address, Work::Pledges { path, people, first, ledger })
    }

    /// The same page over and over.
    pub fn get(address: SocketAddr, path: &str) -> Self {
        Self::of(address, Work::Get { path: path.to_owned() })
    }

    /// Everything that the ledger has no acknowledgement for, once more with the same keys and
    /// bodies, until each is acknowledged. Set `time`, in case that never happens.
    pub fn again(address: SocketAddr, slug: &str, ledger: Arc<Ledger>) -> Self {
        let entries = Arc::new(ledger.unacknowledged());
        let path = work::pledges_path(slug);
        let count = Some(entries.len() as u64);
        let work = Work::Again { path, entries, ledger };
        Self { count, resend: true, connections: 16, ..Self::of(address, work) }
    }

    fn of(address: SocketAddr, work: Work) -> Self {
        Self {
            address,
            work,
            headers: Vec::new(),
            connections: 64,
            pace: Pace::Closed,
            count: None,
            time: None,
            stop: None,
            warm_up: Duration::ZERO,
            resend: false,
            grace: Duration::from_secs(5),
        }
    }

    /// Runs to the end. Connections that break are opened again; a server that is away is waited
    /// for.
    pub async fn run(self) -> Report {
        let (time, grace, stop) = (self.time, self.grace, self.stop.clone());
        let shared = Arc::new(Shared::new(self));
        let mut connections = JoinSet::new();
        for _ in 0..shared.load.connections {
            let shared = Arc::clone(&shared);
            connections.spawn(async move { shared.connection().await });
        }
        let all = async { while connections.join_next().await.is_some() {} };
        let ended = async {
            tokio::select! {
                () = after(time) => {}
                () = told(stop) => {}
            }
            shared.ended.store(true, Ordering::Relaxed);
            tokio::time::sleep(grace).await;
        };
        tokio::select! {
            () = all => {}
            () = ended => {}
        }
        connections.shutdown().await;
        shared.finished()
    }
}

async fn after(time: Option<Duration>) {
    match time {
        Some(time) => tokio::time::sleep(time).await,
        None => std::future::pending().await,
    }
}

async fn told(stop: Option<watch::Receiver<bool>>) {
    match stop {
        // An error means that the sender is gone, which ends the load too.
        Some(mut stop) => drop(stop.wait_for(|stop| *stop).await),
        None => std::future::pending().await,
    }
}

/// Posts one pledge on a connection of its own. No ledger hears of it.
pub async fn post(
    address: SocketAddr,
    slug: &str,
    key: &str,
    body: &[u8],
) -> std::io::Result<Answer> {
    Wire::connect(address).await?.exchange(&pledge_request(address, slug, key, body)).await
}

/// The bytes of one pledge.
pub fn pledge_request(address: SocketAddr, slug: &str, key: &str, body: &[u8]) -> Vec<u8> {
    let mut request = Vec::new();
    work::render_pledge(address, &work::pledges_path(slug), "", key, body, &mut request);
    request
}

#[cfg(test)]
mod tests;
