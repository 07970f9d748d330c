//! Works through lists of jobs, in lanes side by side, and says what is running and how long is
//! left.
//!
//! The estimates are guesses for a machine of two cores until a job has run here once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Result, anyhow, bail};

use crate::board::{Board, Lane};
use crate::shell;

/// One thing to do.
pub struct Job<'a> {
    pub name: String,
    /// Seconds it takes at first, on two cores.
    pub guess: u64,
    /// The line that mends a failure.
    pub mend: String,
    pub work: Work<'a>,
}

/// What a job does; it runs its commands on the screen it is given.
pub type Work<'a> = Box<dyn FnOnce(&Screen<'_>) -> Result<()> + Send + 'a>;

/// What a job may do to the screen: run commands in its name.
pub struct Screen<'a> {
    root: &'a Path,
    log: PathBuf,
    lane: Lane<'a>,
    name: &'a str,
    progress: &'a Progress<'a>,
}

impl Screen<'_> {
    /// Runs a command to its end; on failure the end of its output is shown.
    pub fn run(&self, mut command: Command) -> Result<()> {
        let head = || format!("about {} left", shell::duration(self.progress.left()));
        let status = self.lane.run(&mut command, self.name, &self.log, head)?;
        if !status.success() {
            let log = self.log.strip_prefix(self.root).unwrap_or(&self.log);
            bail!(
                "{}\n\n`{}` failed; its whole output is in {}",
                shell::tail(&self.log, 30),
                shell::shown(&command),
                log.display()
            );
        }
        Ok(())
    }
}

/// Does the jobs in order. The first failure ends it, with the line that mends it.
pub fn work_through(root: &Path, jobs: Vec<Job<'_>>) -> Result<()> {
    side_by_side(root, Vec::new(), jobs)
}

/// Does the jobs of every lane, the lanes side by side, and then the last ones.
pub fn side_by_side(root: &Path, lanes: Vec<Vec<Job<'_>>>, last: Vec<Job<'_>>) -> Result<()> {
    let board = Board::new();
    let progress = Progress::new(root, &board, &lanes, &last);
    let after = lanes.len();
    std::thread::scope(|scope| {
        let workers: Vec<_> = lanes
            .into_iter()
            .enumerate()
            .map(|(number, jobs)| {
                let progress = &progress;
                scope.spawn(move || progress.work(number, jobs))
            })
            .collect();
        let outcomes = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        // Of several failures the one that ended the others.
        let failures: Vec<_> = outcomes.filter_map(Result::err).collect();
        failures.into_iter().min_by_key(|error| error.is::<Ended>()).map_or(Ok(()), Err)
    })?;
    progress.work(after, last)
}

/// A lane was ended because another failed.
#[derive(Debug)]
pub struct Ended;

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ended, for something else failed")
    }
}

impl std::error::Error for Ended {}

/// How far all lanes are.
pub struct Progress<'a> {
    root: &'a Path,
    board: &'a Board,
    memory: Mutex<Memory>,
    begun: AtomicUsize,
    count: usize,
    /// The last lane comes after the others.
    ahead: Mutex<Vec<Ahead>>,
}

/// What a lane has before it.
struct Ahead {
    /// The job that runs: since when, and for how many seconds as it was thought.
    job: Option<(Instant, f64)>,
    /// The seconds of the jobs after it.
    rest: f64,
}

impl Ahead {
    fn seconds(&self) -> f64 {
        let job = self.job.map(|(since, expected)| expected - since.elapsed().as_secs_f64());
        job.map_or(0.0, |left| left.max(1.0)) + self.rest
    }
}

impl<'a> Progress<'a> {
    pub fn new(root: &'a Path, board: &'a Board, lanes: &[Vec<Job<'_>>], last: &[Job<'_>]) -> Self {
        let memory = Memory::load(root);
        let ahead = |jobs: &[Job<'_>]| {
            let seconds = jobs.iter().map(|job| memory.expected(&job.name, job.guess));
            Ahead { job: None, rest: seconds.sum() }
        };
        let lanes_and_last = lanes.iter().map(Vec::as_slice).chain([last]);
        let ahead = Mutex::new(lanes_and_last.map(ahead).collect());
        let count = lanes.iter().map(Vec::len).sum::<usize>() + last.len();
        let (begun, memory) = (AtomicUsize::new(0), Mutex::new(memory));
        let progress = Self { root, board, memory, begun, count, ahead };
        if count > 0 {
            println!("{count} to do, about {} in all", shell::duration(progress.left()));
        }
        progress
    }

    /// Does a lane's jobs in order. The first failure ends all lanes, the others with [`Ended`].
    pub fn work(&self, number: usize, jobs: Vec<Job<'_>>) -> Result<()> {
        for job in jobs {
            match self.job(number, job) {
                _ if self.board.is_stopped() => bail!(Ended),
                Ok(()) => {}
                Err(error) => {
                    self.board.stop();
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn job(&self, number: usize, job: Job<'_>) -> Result<()> {
        let lane = self.board.lane(number);
        let expected = locked(&self.memory).expected(&job.name, job.guess);
        let begun = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        let about = shell::duration(expected);
        lane.say(&format!("[{begun}/{}] {} (about {about})", self.count, job.name));
        let log = shell::logs(self.root).join(format!("{}.log", file_name(&job.name)));
        let _ = fs::remove_file(&log);
        let started = Instant::now();
        self.ahead(number, |ahead| {
            ahead.rest -= expected;
            ahead.job = Some((started, expected));
        });
        let (root, name) = (self.root, job.name.as_str());
        let screen = Screen { root, log, lane, name, progress: self };
        (job.work)(&screen).map_err(|error| {
            anyhow!("{error:#}\n\n{} did not work.\nTo mend it: {}", job.name, job.mend)
        })?;
        let took = started.elapsed().as_secs_f64();
        lane.say(&format!("      {}: done in {}", job.name, shell::duration(took)));
        locked(&self.memory).remember(&job.name, took);
        self.ahead(number, |ahead| ahead.job = None);
        Ok(())
    }

    /// Seconds until the slowest lane and the jobs after all lanes are done.
    fn left(&self) -> f64 {
        let ahead = locked(&self.ahead);
        let lanes = ahead.iter().rev().skip(1).map(Ahead::seconds);
        lanes.fold(0.0, f64::max) + ahead.last().map_or(0.0, Ahead::seconds)
    }

    fn ahead(&self, number: usize, change: impl FnOnce(&mut Ahead)) {
        if let Some(ahead) = locked(&self.ahead).get_mut(number) {
            change(ahead);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `npm packages (app/embed)` as `npm-packages-app-embed`.
pub fn file_name(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-").to_lowercase()
}

/// How long each job took on this machine the last time.
struct Memory {
    file: PathBuf,
    seconds: BTreeMap<String, f64>,
}

impl Memory {
    fn load(root: &Path) -> Self {
        let file = shell::logs(root).join("durations.txt");
        let text = fs::read_to_string(&file).unwrap_or_default();
        let seconds = text
            .lines()
            .filter_map(|line| {
                let (seconds, name) = line.split_once(' ')?;
                Some((name.to_owned(), seconds.parse().ok()?))
            })
            .collect();
        Self { file, seconds }
    }

    fn expected(&self, name: &str, guess: u64) -> f64 {
        self.seconds.get(name).copied().unwrap_or(guess as f64)
    }

    fn remember(&mut self, name: &str, seconds: f64) {
        self.seconds.insert(name.to_owned(), seconds);
        let lines = self.seconds.iter().map(|(name, seconds)| format!("{seconds:.1} {name}\n"));
        // Losing an estimate harms nobody.
        if let Some(folder) = self.file.parent() {
            let _ = fs::create_dir_all(folder);
        }
        let _ = fs::write(&self.file, lines.collect::<String>());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use anyhow::bail;

    use super::{Job, Screen, Work, file_name, side_by_side};
    use crate::shell;

    #[test]
    fn log_names_are_plain() {
        assert_eq!(file_name("npm packages (app/embed)"), "npm-packages-app-embed");
        assert_eq!(file_name("wasm-bindgen 0.2.130"), "wasm-bindgen-0.2.130");
    }

    fn job<'a>(name: &str, work: Work<'a>) -> Job<'a> {
        Job { name: name.into(), guess: 1, mend: format!("mend {name}"), work }
    }

    fn shell<'a>(root: &'a Path, name: &str, line: &'a str) -> Job<'a> {
        let work = move |screen: &Screen<'_>| screen.run(shell::command(root, "sh", &["-c", line]));
        job(name, Box::new(work))
    }

    #[test]
    fn lanes_meet_and_the_last_jobs_come_after_all() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        // Each lane waits for the other: one after the other they would wait for ever.
        let wait = "touch $0.here; until [ -e $1.here ]; do sleep 0.02; done";
        let meet = |own: &'static str, other: &'static str| {
            let work = move |screen: &Screen<'_>| {
                screen.run(shell::command(root, "sh", &["-c", wait, own, other]))
            };
            job(own, Box::new(work))
        };
        let lanes = vec![vec![meet("one", "two")], vec![meet("two", "one")]];
        let last = shell(root, "last", "test -e one.here && test -e two.here && touch last.here");
        side_by_side(root, lanes, vec![last]).unwrap();
        assert!(root.join("last.here").exists());
    }

    #[test]
    fn a_failure_ends_the_other_lane_and_says_how_to_mend_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let began = Instant::now();
        let fails = job("fails", Box::new(|_: &Screen<'_>| bail!("no such thing")));
        let lanes = vec![
            vec![shell(root, "long", "exec sleep 600"), shell(root, "next", "touch next")],
            vec![fails],
        ];
        let error = side_by_side(root, lanes, vec![shell(root, "last", "touch last")]).unwrap_err();
        let said = format!("{error:#}");
        assert!(
            said.contains("no such thing") && said.contains("To mend it: mend fails"),
            "{said}"
        );
        assert!(began.elapsed() < Duration::from_secs(500), "the other lane was ended");
        let made = |name: &str| fs::exists(root.join(name)).unwrap();
        assert!(!made("next") && !made("last"));
    }
}
