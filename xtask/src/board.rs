//! What the screen shows of lanes that run side by side: one live line with a part for each, and
//! whole lines that do not talk into each other.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;

use crate::shell::{self, LiveLine};

/// The screen of all lanes.
pub struct Board {
    state: Mutex<State>,
    stopped: AtomicBool,
}

struct State {
    line: LiveLine,
    parts: BTreeMap<usize, String>,
    /// What stands before the parts.
    head: String,
}

impl Board {
    pub fn new() -> Self {
        let state = State { line: LiveLine::new(), parts: BTreeMap::new(), head: String::new() };
        Self { state: Mutex::new(state), stopped: AtomicBool::new(false) }
    }

    pub fn lane(&self, number: usize) -> Lane<'_> {
        Lane { board: self, number }
    }

    /// Ends what every lane runs: one of them cannot go on.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    fn with(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// As much of a lane as the live line has room for.
const SHOWN: usize = 60;

/// One lane's part of the screen.
#[derive(Clone, Copy)]
pub struct Lane<'a> {
    board: &'a Board,
    number: usize,
}

impl Lane<'_> {
    /// The lane's part of the live line; `head` is for all lanes.
    fn show(&self, head: &str, text: &str) {
        self.board.with(|state| {
            head.clone_into(&mut state.head);
            state.parts.insert(self.number, text.chars().take(SHOWN).collect());
            let parts = state.parts.values().map(String::as_str);
            let head = Some(state.head.as_str()).filter(|head| !head.is_empty());
            let whole = head.into_iter().chain(parts).collect::<Vec<_>>().join("  ||  ");
            state.line.show(&format!("      {whole}"));
        });
    }

    /// Whole lines, at once.
    pub fn say(&self, text: &str) {
        self.board.with(|state| {
            state.parts.remove(&self.number);
            state.line.clear();
            println!("{text}");
        });
    }

    /// Runs the command to its end, its output appended to `log`. Until then the live line shows the
    /// name, what `head` says, and the last line of the output.
    pub fn run(
        &self,
        command: &mut Command,
        name: &str,
        log: &Path,
        head: impl Fn() -> String,
    ) -> Result<ExitStatus> {
        shell::logged(command, log, &self.board.stopped, |elapsed: Duration, last| {
            self.show(&head(), &format!("{name}: {} s | {last}", elapsed.as_secs()));
        })
    }
}
