//! A page that stays open through every fault: it comes back to its node for as long as the test
//! runs, and remembers what it was shown.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_bench::wire::{self, Wire};
use tokio::task::JoinHandle;

use crate::world::PATIENCE;

/// Of a frame, what a page goes by.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Seen {
    pub epoch: u64,
    pub seq: u64,
    pub total: u64,
    #[serde(default)]
    pub reason: Option<String>,
}

#[derive(Default)]
struct Shown {
    last: Seen,
    frames: u64,
    streams: u64,
    wrong: Vec<String>,
}

/// Watches the campaign `example` on one node, whichever process that is.
pub struct Follower {
    shown: Arc<Mutex<Shown>>,
    task: JoinHandle<()>,
}

impl Follower {
    pub fn of(address: SocketAddr) -> Self {
        let shown: Arc<Mutex<Shown>> = Arc::default();
        let task = tokio::spawn({
            let shown = Arc::clone(&shown);
            async move {
                loop {
                    let _ = watch(address, &shown).await;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
        });
        Self { shown, task }
    }

    /// What the page shows now.
    pub fn last(&self) -> Seen {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).last.clone()
    }

    /// Frames, and streams they came over.
    pub fn counts(&self) -> (u64, u64) {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        (shown.frames, shown.streams)
    }

    /// Whatever a page should never have been shown.
    pub fn wrong(&self) -> Vec<String> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).wrong.clone()
    }

    /// Waits until the page shows what `wanted` asks for; false where it never does.
    pub async fn until(&self, wanted: impl Fn(&Seen) -> bool) -> bool {
        let shows = async {
            while !wanted(&self.last()) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, shows).await.is_ok()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Until the stream ends.
async fn watch(address: SocketAddr, shown: &Mutex<Shown>) -> std::io::Result<()> {
    let mut wire = Wire::connect(address).await?;
    let path = "/api/v1/campaigns/example/stream";
    if wire.send(&wire::get(address, path, &[])).await?.status != 200 {
        return Ok(());
    }
    shown.lock().unwrap_or_else(PoisonError::into_inner).streams += 1;
    let mut text = Vec::new();
    while let Some(piece) = wire.piece().await? {
        text.extend_from_slice(&piece);
        while let Some(end) = text.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = text.drain(..=end).collect();
            if let Some(data) = line.strip_prefix(b"data: ") {
                shown.lock().unwrap_or_else(PoisonError::into_inner).take(data);
            }
        }
    }
    Ok(())
}

impl Shown {
    fn take(&mut self, data: &[u8]) {
        let Ok(now) = serde_json::from_slice::<Seen>(data) else {
            let text = String::from_utf8_lossy(data);
            return self.wrong.push(format!("the stream sent no totals: {text}"));
        };
        let before = std::mem::replace(&mut self.last, now.clone());
        self.frames += 1;
        if (now.epoch, now.seq) < (before.epoch, before.seq) {
            self.wrong.push(format!("the stream went back from {before:?} to {now:?}"));
        }
        if now.total < before.total && now.reason.is_none() {
            self.wrong.push(format!("the total fell without a reason: {before:?}, then {now:?}"));
        }
    }
}
