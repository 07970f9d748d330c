//! What runs beside what.
//!
//! One lane sets up what tests need, builds what browsers load and tests it; the other compiles and
//! tests the server. Where one needs what the other makes, it waits at a gate.

use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use anyhow::Result;

use super::{Lane, Needs, Row, Step, set_up_row, take};
use crate::board::Board;
use crate::progress::{Job, Progress};

/// Shut until somebody is done, or has failed.
#[derive(Default)]
struct Gate {
    open: Mutex<Option<bool>>,
    changed: Condvar,
}

impl Gate {
    fn open(&self, good: bool) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(good);
        self.changed.notify_all();
    }

    /// Waits; whether it is of use to go on.
    fn passed(&self) -> bool {
        let shut = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open = self.changed.wait_while(shut, |open| open.is_none());
        *open.unwrap_or_else(PoisonError::into_inner) == Some(true)
    }
}

/// Does the jobs and the steps; the rows come lane by lane. Fails where the set-up does.
pub(super) fn side_by_side(root: &Path, jobs: Vec<Job<'_>>, steps: Vec<Step>) -> Result<Vec<Row>> {
    let board = Board::new();
    let lanes = [jobs];
    let progress = Progress::new(root, &board, &lanes, &[]);
    let [jobs] = lanes;
    let (packed, built) = (Gate::default(), Gate::default());
    let (native, browser): (Vec<_>, Vec<_>) =
        steps.into_iter().partition(|step| step.lane == Lane::Native);
    let run = |number: usize, steps: Vec<Step>| -> Vec<Row> {
        let mut rows = Vec::new();
        for step in steps {
            let ready = match step.needs {
                Needs::Nothing => true,
                Needs::Packed => packed.passed(),
                Needs::Built => built.passed(),
            };
            if !ready || board.is_stopped() {
                break;
            }
            let builds = step.name == super::BUILD;
            rows.push(take(root, step, board.lane(number)));
            if builds {
                // Tests of code that does not compile fail by themselves.
                built.open(true);
            }
        }
        rows
    };
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            let rows = run(1, native);
            built.open(!board.is_stopped());
            rows
        });
        let started = std::time::Instant::now();
        let outcome = progress.work(0, jobs);
        packed.open(outcome.is_ok());
        let mut rows = vec![set_up_row(started.elapsed().as_secs_f64())];
        if outcome.is_ok() {
            rows.extend(run(0, browser));
        }
        match second.join() {
            Ok(native) => rows.splice(1..1, native).for_each(drop),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        outcome.map(|()| rows)
    })
}
