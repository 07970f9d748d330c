//! Whether the database does its work: answers what it is asked, and takes what is written.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What this node last saw of its database: one truth for the gauge, the alarm and the totals.
pub struct Health(Mutex<Seen>);

#[derive(Clone, Copy)]
struct Seen {
    answers: bool,
    takes_writes: bool,
}

impl Default for Health {
    fn default() -> Self {
        Self(Mutex::new(Seen { answers: true, takes_writes: true }))
    }
}

impl Health {
    /// A read was answered, or was not.
    pub fn read(&self, went_well: bool) {
        self.see(|seen| seen.answers = went_well);
    }

    /// A batch or a probe was committed, or was not. Reads say nothing about this: a disk that is
    /// full goes on answering them.
    pub fn wrote(&self, went_well: bool) {
        self.see(|seen| seen.takes_writes = went_well);
    }

    pub fn answers(&self) -> bool {
        self.lock().answers
    }

    pub fn takes_writes(&self) -> bool {
        self.lock().takes_writes
    }

    /// The gauge moves under the lock, so that it never shows what was true before.
    fn see(&self, change: impl FnOnce(&mut Seen)) {
        let mut seen = self.lock();
        change(&mut seen);
        let up = seen.answers && seen.takes_writes;
        metrics::gauge!("countersign_store_up").set(f64::from(u8::from(up)));
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
