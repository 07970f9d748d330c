//! What the figures were measured on.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use countersign_bench::stats::median;

/// The machine of a run, and what else took part.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory_gb: f64,
    pub kernel: String,
    /// The median time until 8 KiB more of a file are on the disk, in milliseconds.
    pub fsync_ms: f64,
    /// Name and version of every program that was measured or measured with.
    pub programs: Vec<String>,
    /// UTC.
    pub day: String,
}

impl Machine {
    /// `folder` lies on the disk that the databases will use.
    pub fn look(folder: &Path, day: String) -> Self {
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
        Self {
            processor: after(&cpu, "model name").unwrap_or("unknown").to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gb: kilobytes(&memory, "MemTotal") / 1e6,
            kernel: format!("{} {}", std::env::consts::OS, kernel.trim()),
            fsync_ms: fsync(folder).unwrap_or(0.0),
            programs: programs(),
            day,
        }
    }

    /// The machine in one paragraph.
    pub fn sentence(&self) -> String {
        format!(
            "Measured on {}, on a machine with {} cores ({}), {:.0} GB of memory and {}. One \
             fsync of the disk takes {:.2} ms (median of 200). Versions: {}.",
            self.day,
            self.cores,
            self.processor,
            self.memory_gb,
            self.kernel,
            self.fsync_ms,
            self.programs.join("; ")
        )
    }
}

/// The value of a line such as `model name : AMD EPYC`.
fn after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim())
}

fn kilobytes(text: &str, name: &str) -> f64 {
    let number = after(text, name).and_then(|value| value.split_whitespace().next());
    number.and_then(|text| text.parse().ok()).unwrap_or(0.0)
}

/// How long one small durable write takes.
fn fsync(folder: &Path) -> std::io::Result<f64> {
    let path = folder.join("fsync.tmp");
    let mut file = fs::File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..200 {
        let began = Instant::now();
        file.write_all(&[7; 8192])?;
        file.sync_data()?;
        times.push(began.elapsed());
    }
    fs::remove_file(&path)?;
    let times: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
    Ok(median(&times).unwrap_or(0.0) * 1000.0)
}

fn programs() -> Vec<String> {
    let postgres = countersign_bench::cluster::programs().ok();
    let postgres = postgres.and_then(|folder| said(folder.join("postgres"), "--version"));
    let asked = [
        said("rustc", "--version").map(|it| first_words(&it, 2)),
        said("nginx", "-v").map(|it| it.replace("nginx version: ", "")),
        said("node", "--version").map(|it| format!("Node {}", it.trim_start_matches('v'))),
        said("sqlite3", "--version").map(|it| format!("sqlite3 {}", first_words(&it, 1))),
        postgres.map(|it| first_words(&it.replace(" (PostgreSQL)", ""), 2)),
    ];
    asked.into_iter().flatten().collect()
}

/// What a program says of itself, on either stream.
fn said(program: impl AsRef<OsStr>, flag: &str) -> Option<String> {
    let output = Command::new(program).arg(flag).output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    Some(String::from_utf8_lossy(&text).lines().next()?.trim().to_owned())
}

fn first_words(text: &str, count: usize) -> String {
    text.split_whitespace().take(count).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_machine_knows_itself() {
        let folder = tempfile::tempdir().unwrap();
        let machine = Machine::look(folder.path(), "2027-01-01".into());
        assert!(machine.cores > 0 && machine.memory_gb > 0.1);
        assert!(machine.sentence().contains("fsync"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    }

    #[test]
    fn values_are_read_from_their_lines() {
        assert_eq!(after("a\t: 1\nmodel name\t: AMD EPYC\n", "model name"), Some("AMD EPYC"));
        assert!((kilobytes("MemTotal:  24000 kB\n", "MemTotal") - 24_000.0).abs() < 1e-9);
    }
}
