//! Steps side by side, and what the screen shows of them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::{Lane, Row, Step, take};
use crate::shell::LiveLine;

/// One live line for all lanes, a part of it for each.
struct Board {
    line: LiveLine,
    lanes: BTreeMap<usize, String>,
}

/// What a step shows of itself while it runs.
pub(super) struct Live<'a> {
    lane: usize,
    board: Option<&'a Mutex<Board>>,
    line: LiveLine,
}

impl Live<'_> {
    /// For a step that has the screen to itself.
    pub(super) fn alone() -> Self {
        Self { lane: 0, board: None, line: LiveLine::new() }
    }

    pub(super) fn begin(&mut self, name: &str) {
        if self.board.is_none() {
            println!("\n--- {name}");
        }
    }

    pub(super) fn show(&mut self, text: &str) {
        let Some(board) = self.board else { return self.line.show(&format!("      {text}")) };
        let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
        let part = text.chars().take(60).collect();
        board.lanes.insert(self.lane, part);
        let parts: Vec<&str> = board.lanes.values().map(String::as_str).collect();
        let whole = format!("      {}", parts.join("  ||  "));
        board.line.show(&whole);
    }

    /// All that a step says at its end, at once, so that lanes do not talk into each other.
    pub(super) fn end(&mut self, name: &str, output: Option<&str>, verdict: &str) {
        let Some(board) = self.board else {
            self.line.clear();
            return said(None, output, verdict);
        };
        let mut board = board.lock().unwrap_or_else(PoisonError::into_inner);
        board.lanes.remove(&self.lane);
        board.line.clear();
        said(Some(name), output, verdict);
    }
}

fn said(name: Option<&str>, output: Option<&str>, verdict: &str) {
    if let Some(name) = name {
        println!("\n--- {name}");
    }
    if let Some(output) = output {
        println!("{output}\n");
    }
    println!("{verdict}");
}

/// Runs the lanes beside each other, each in its own order; the rows come lane by lane.
pub(super) fn side_by_side(root: &Path, steps: Vec<Step>) -> Vec<Row> {
    let (native, browser): (Vec<_>, Vec<_>) =
        steps.into_iter().partition(|step| step.lane == Lane::Native);
    let board = Mutex::new(Board { line: LiveLine::new(), lanes: BTreeMap::new() });
    let run = |lane, steps: Vec<Step>| -> Vec<Row> {
        let mut live = Live { lane, board: Some(&board), line: LiveLine::new() };
        steps.into_iter().map(|step| take(root, step, &mut live)).collect()
    };
    std::thread::scope(|scope| {
        let second = scope.spawn(|| run(1, browser));
        let mut rows = run(0, native);
        match second.join() {
            Ok(more) => rows.extend(more),
            Err(panic) => std::panic::resume_unwind(panic),
        }
        rows
    })
}
