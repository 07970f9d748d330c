//! Works through a list of jobs and says which one is running and how long is left.
//!
//! The estimates are guesses for a machine of two cores until a job has run here once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::shell::{self, LiveLine};

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
pub type Work<'a> = Box<dyn FnOnce(&mut Screen<'_>) -> Result<()> + 'a>;

/// What a job may do to the screen: run commands in its name.
pub struct Screen<'a> {
    root: &'a Path,
    log: PathBuf,
    live: LiveLine,
    name: String,
    expected: f64,
    after: f64,
    started: Instant,
}

impl Screen<'_> {
    /// Runs a command to its end; on failure the end of its output is shown.
    pub fn run(&mut self, mut command: Command) -> Result<()> {
        let (name, expected, after, started) =
            (self.name.clone(), self.expected, self.after, self.started);
        let live = &mut self.live;
        let status = shell::logged(&mut command, &self.log, |_, line| {
            let elapsed = started.elapsed().as_secs_f64();
            let left = shell::duration((expected - elapsed).max(1.0) + after);
            live.show(&format!("      {name}: {}, about {left} left | {line}", seconds(elapsed)));
        });
        self.live.clear();
        let status = status?;
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

fn seconds(elapsed: f64) -> String {
    format!("{} s", elapsed.round() as u64)
}

/// Does the jobs in order. The first failure ends it, with the line that mends it.
pub fn work_through(root: &Path, jobs: Vec<Job<'_>>) -> Result<()> {
    let mut memory = Memory::load(root);
    let count = jobs.len();
    let mut left: f64 = jobs.iter().map(|job| memory.expected(&job.name, job.guess)).sum();
    if count > 0 {
        println!("{count} to do, about {} in all", shell::duration(left));
    }
    for (index, job) in jobs.into_iter().enumerate() {
        let expected = memory.expected(&job.name, job.guess);
        left -= expected;
        println!(
            "[{}/{count}] {} (about {}, then {})",
            index + 1,
            job.name,
            shell::duration(expected),
            if left > 0.5 { format!("{} more", shell::duration(left)) } else { "done".into() }
        );
        let log = shell::logs(root).join(format!("{}.log", file_name(&job.name)));
        let _ = fs::remove_file(&log);
        let started = Instant::now();
        let mut screen = Screen {
            root,
            log,
            live: LiveLine::new(),
            name: job.name.clone(),
            expected,
            after: left,
            started,
        };
        if let Err(error) = (job.work)(&mut screen) {
            bail!("{error:#}\n\n{} did not work.\nTo mend it: {}", job.name, job.mend);
        }
        let took = started.elapsed().as_secs_f64();
        println!("      done in {}", shell::duration(took));
        memory.remember(&job.name, took);
    }
    Ok(())
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
    use super::file_name;

    #[test]
    fn log_names_are_plain() {
        assert_eq!(file_name("npm packages (app/embed)"), "npm-packages-app-embed");
        assert_eq!(file_name("wasm-bindgen 0.2.130"), "wasm-bindgen-0.2.130");
    }
}
