//! What the connections of a load do: render, wait until it is due, send, note the answer.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::work::Job;
use super::{Load, Pace, Report, told};
use crate::wire::{Answer, Wire};

/// After a connection was refused, or a pledge was not taken, before it is tried again.
const PAUSE: Duration = Duration::from_millis(10);

/// What all connections of a load share.
pub(super) struct Shared {
    pub(super) load: Load,
    headers: String,
    started: Instant,
    next: AtomicU64,
    pub(super) ended: AtomicBool,
    report: Mutex<Report>,
}

impl Shared {
    pub(super) fn new(load: Load) -> Self {
        let headers =
            load.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        Self {
            load,
            headers,
            started: Instant::now(),
            next: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            report: Mutex::new(Report::new()),
        }
    }

    pub(super) async fn connection(&self) {
        let mut wire: Option<Wire> = None;
        let mut request = Vec::new();
        let mut unfinished: Option<Job> = None;
        while !self.ended.load(Ordering::Relaxed) {
            let Some(open) = self.connected(&mut wire).await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let job = match unfinished.take() {
                Some(job) => job,
                None => match self.next_job(&mut request).await {
                    Some(job) => job,
                    None => return,
                },
            };
            // An open loop may have waited long, and servers hang up on connections that idle.
            if !open.is_open() {
                wire = None;
                unfinished = Some(job);
                continue;
            }
            let good = match open.exchange(&request).await {
                Ok(answer) => {
                    if answer.closes {
                        wire = None;
                    }
                    self.answered(&job, &answer)
                }
                Err(_) => {
                    wire = None;
                    self.report(|report| report.errors += 1);
                    false
                }
            };
            if !good && self.load.resend {
                unfinished = Some(job);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn connected<'a>(&self, wire: &'a mut Option<Wire>) -> Option<&'a mut Wire> {
        if wire.is_none() {
            match Wire::connect(self.load.address).await {
                Ok(new) => *wire = Some(new),
                Err(_) => self.report(|report| report.refused += 1),
            }
        }
        wire.as_mut()
    }

    /// Renders the next request, and in an open loop waits until it is due.
    async fn next_job(&self, request: &mut Vec<u8>) -> Option<Job> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if self.load.count.is_some_and(|count| number >= count) {
            return None;
        }
        let due = match self.load.pace {
            Pace::Closed => None,
            Pace::Open { per_second } => {
                let due = self.started + Duration::from_secs_f64(number as f64 / per_second);
                if self.load.time.is_some_and(|time| due > self.started + time) {
                    return None;
                }
                tokio::select! {
                    () = tokio::time::sleep_until(due.into()) => {}
                    () = told(self.load.stop.clone()) => {}
                }
                Some(due)
            }
        };
        if self.ended.load(Ordering::Relaxed) {
            return None;
        }
        let key = self.load.work.render(self.load.address, &self.headers, number, request)?;
        Some(Job { key, due: due.unwrap_or_else(Instant::now) })
    }

    /// Notes an answer; false where a pledge was not acknowledged.
    fn answered(&self, job: &Job, answer: &Answer) -> bool {
        let latency = job.due.elapsed();
        let measuring = self.started.elapsed().checked_sub(self.load.warm_up);
        self.report(|report| {
            report.all += 1;
            if let Some(measuring) = measuring {
                report.seconds = measuring.as_secs_f64();
                report.measured(answer.status, latency);
            }
        });
        self.load.work.answered(job, answer)
    }

    fn report<T>(&self, change: impl FnOnce(&mut Report) -> T) -> T {
        change(&mut self.report.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn finished(&self) -> Report {
        self.report(|report| report.clone())
    }
}
