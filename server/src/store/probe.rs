//! Whether the database takes writes, found out by a write; at most once a second, so that asking
//! costs it little.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Result;

/// When a write last went through.
#[derive(Default)]
pub(super) struct Probed(Mutex<Option<Instant>>);

impl Probed {
    const GOOD_FOR: Duration = Duration::from_secs(1);

    /// Runs `probe` unless one went through within the last second.
    pub(super) async fn ready(&self, probe: impl Future<Output = Result<()>>) -> Result<()> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| at.elapsed() < Self::GOOD_FOR) {
            return Ok(());
        }
        probe.await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(())
    }

    /// A write failed: what a probe found before it is worth nothing.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
