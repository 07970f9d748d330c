//! Says to everybody who serves that the server has begun to stop.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

/// Clones say the same.
#[derive(Clone)]
pub struct Closing(Arc<watch::Sender<Option<Instant>>>);

impl Default for Closing {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Closing {
    pub fn begin(&self) {
        self.0.send_replace(Some(Instant::now()));
    }

    pub fn has_begun(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Returns when it begins, and says when that was.
    pub async fn begun(&self) -> Instant {
        let mut closing = self.0.subscribe();
        let begun = closing.wait_for(Option::is_some).await.map(|begun| *begun);
        // The sender lives as long as `self`.
        begun.ok().flatten().unwrap_or_else(Instant::now)
    }
}
