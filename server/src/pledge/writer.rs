//! Group commit: one task writes, and a batch is whatever waited while the last one was written.
//!
//! No timer. A lone pledge is written at once; under load the batches grow by themselves.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::store::{Health, NewPledge, Outcome, Store};
use crate::totals::Hub;

/// So many pledges wait at most; the next is told to come again.
pub const QUEUE: usize = 8_192;

/// So many are written in one transaction at most.
pub const BATCH: usize = 1_024;

/// A batch takes milliseconds; a second later there is room.
pub(super) const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why a pledge was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error("the queue is full")]
    Busy,
    #[error("the store failed")]
    Unavailable,
}

struct Job {
    pledge: NewPledge,
    reply: oneshot::Sender<Result<Outcome, WriteError>>,
}

/// The door to the one task that writes.
pub struct Writer {
    queue: mpsc::Sender<Job>,
    stop: watch::Sender<bool>,
    /// Pledges in the batch that is being written.
    writing: Arc<AtomicUsize>,
    abort: AbortHandle,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub fn start(
        store: Arc<dyn Store>,
        hub: Hub,
        clock: Arc<dyn Clock>,
        health: Arc<Health>,
    ) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (stop, stopped) = watch::channel(false);
        let writing = Arc::new(AtomicUsize::new(0));
        let worker = Worker { store, hub, clock, health, writing: Arc::clone(&writing), jobs };
        let task = tokio::spawn(worker.run(stopped));
        let abort = task.abort_handle();
        Self { queue, stop, writing, abort, task: Mutex::new(Some(task)) }
    }

    /// Returns once the pledge is committed, or will never be. Dropping this does not recall the
    /// pledge.
    pub async fn record(&self, pledge: NewPledge) -> Result<Outcome, WriteError> {
        let (reply, answer) = oneshot::channel();
        let sent = self.queue.try_send(Job { pledge, reply });
        metrics::gauge!("countersign_queue_depth").set(self.waiting() as f64);
        let answer = match sent {
            Ok(()) => answer.await.unwrap_or(Err(WriteError::Unavailable)),
            Err(mpsc::error::TrySendError::Full(_)) => Err(WriteError::Busy),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(WriteError::Unavailable),
        };
        metrics::counter!("countersign_pledges_total", "outcome" => name(&answer)).increment(1);
        answer
    }

    /// Takes nothing new, writes what waits, and returns when that is done.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task
            && let Err(error) = task.await
            && !error.is_cancelled()
        {
            tracing::error!(%error, "the writer did not end well");
        }
    }

    /// Takes nothing new and waits for the database no longer: whoever still waits hears that their
    /// pledge could not be stored, and may send it again. What was being written may be stored all
    /// the same. Returns how many that are.
    pub fn give_up(&self) -> usize {
        self.stop.send_replace(true);
        let left = self.unfinished();
        if left > 0 {
            // The replies are dropped with the task, which their senders read as unavailable.
            self.abort.abort();
            tracing::warn!(pledges = left, "not stored: the database did not answer in time");
        }
        left
    }

    /// Pledges that nobody has an answer for yet.
    pub fn unfinished(&self) -> usize {
        self.waiting() + self.writing.load(Ordering::Relaxed)
    }

    fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }
}

fn name(answer: &Result<Outcome, WriteError>) -> &'static str {
    match answer {
        Ok(Outcome::Counted { .. }) => "counted",
        Ok(Outcome::Duplicate { .. }) => "duplicate",
        Ok(Outcome::Quarantined { .. }) => "quarantined",
        Ok(Outcome::Asked { .. }) => "asked",
        Ok(Outcome::Replayed { .. }) => "replayed",
        Ok(Outcome::KeyReused) => "key_reused",
        Ok(Outcome::NotYetOpen) => "not_yet_open",
        Ok(Outcome::Closed) => "closed",
        Err(WriteError::Busy) => "busy",
        Err(WriteError::Unavailable) => "unavailable",
    }
}

struct Worker {
    store: Arc<dyn Store>,
    hub: Hub,
    clock: Arc<dyn Clock>,
    health: Arc<Health>,
    writing: Arc<AtomicUsize>,
    jobs: mpsc::Receiver<Job>,
}

impl Worker {
    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let received = tokio::select! {
                biased;
                received = self.jobs.recv_many(&mut batch, BATCH) => received,
                _ = stopped.wait_for(|stopped| *stopped), if !self.jobs.is_closed() => {
                    self.jobs.close();
                    continue;
                }
            };
            if received == 0 {
                return;
            }
            // A bug that panics over one batch must not end the writing of all others. The
            // replies of that batch are dropped with it, which its senders read as unavailable.
            self.writing.store(received, Ordering::Relaxed);
            let written = AssertUnwindSafe(self.write(batch.drain(..))).catch_unwind().await;
            self.writing.store(0, Ordering::Relaxed);
            if written.is_err() {
                tracing::error!("writing a batch panicked");
                self.hub.doubt();
            }
            metrics::gauge!("countersign_queue_depth").set(self.jobs.len() as f64);
        }
    }

    async fn write(&self, batch: impl Iterator<Item = Job>) {
        let (pledges, replies): (Vec<_>, Vec<_>) = batch.map(|job| (job.pledge, job.reply)).unzip();
        metrics::histogram!("countersign_batch_size").record(pledges.len() as f64);
        let began = Instant::now();
        let result = self.store.record(pledges, self.clock.now()).await;
        metrics::histogram!("countersign_commit_seconds").record(began.elapsed().as_secs_f64());
        match result {
            Ok(batch) => {
                self.health.wrote(true);
                // Published first: whoever reads the answer finds the totals that hold it.
                for (campaign, counters) in batch.changed {
                    self.hub.publish(campaign, counters);
                }
                fail::fail_point!("before_reply", |_| std::process::abort());
                for (reply, outcome) in replies.into_iter().zip(batch.outcomes) {
                    // Whoever hung up has signed all the same.
                    let _ = reply.send(Ok(outcome));
                }
            }
            Err(error) => {
                tracing::error!(%error, pledges = replies.len(), "a batch was not stored");
                self.health.wrote(false);
                self.hub.doubt();
                for reply in replies {
                    let _ = reply.send(Err(WriteError::Unavailable));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
