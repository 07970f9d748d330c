//! What a process has used so far, from `/proc`.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Processor time and memory of one process, or summed over several.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// User and system time since the process began, with that of its children that have ended.
    pub cpu: Duration,
    /// Bytes in memory now.
    pub resident: u64,
    /// The most bytes in memory since the process began.
    pub peak: u64,
    /// Open descriptors.
    pub descriptors: usize,
}

impl Usage {
    /// Of a running process.
    pub fn of(pid: u32) -> Result<Self> {
        let folder = PathBuf::from(format!("/proc/{pid}"));
        let read = |name: &str| {
            fs::read_to_string(folder.join(name))
                .with_context(|| format!("process {pid} cannot be looked at"))
        };
        let ticks = ticks(&read("stat")?).context("/proc/PID/stat is not as expected")?;
        let status = read("status")?;
        let descriptors = fs::read_dir(folder.join("fd")).map_or(0, Iterator::count);
        Ok(Self {
            cpu: Duration::from_secs_f64(ticks as f64 / ticks_per_second()),
            resident: kilobytes(&status, "VmRSS:").unwrap_or(0) * 1024,
            peak: kilobytes(&status, "VmHWM:").unwrap_or(0) * 1024,
            descriptors,
        })
    }

    /// Of a process and all processes below it. A child that ended in between is left out.
    pub fn of_tree(pid: u32) -> Result<Self> {
        let mut sum = Self::of(pid)?;
        for child in children(pid) {
            if let Ok(usage) = Self::of_tree(child) {
                sum.cpu += usage.cpu;
                sum.resident += usage.resident;
                sum.peak += usage.peak;
                sum.descriptors += usage.descriptors;
            }
        }
        Ok(sum)
    }
}

/// The processes that `pid` started and that still run.
pub fn children(pid: u32) -> Vec<u32> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    tasks
        .flatten()
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
        .flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter_map(|pid| pid.parse().ok())
        .collect()
}

/// User and system time in clock ticks, its own and of ended children, out of `/proc/PID/stat`.
fn ticks(stat: &str) -> Option<u64> {
    // The name stands in brackets and may hold blanks and brackets itself.
    let (_, fields) = stat.rsplit_once(')')?;
    let times: Vec<u64> =
        fields.split_whitespace().skip(11).take(4).map_while(|time| time.parse().ok()).collect();
    (times.len() == 4).then(|| times.iter().sum())
}

fn ticks_per_second() -> f64 {
    rustix::param::clock_ticks_per_second() as f64
}

/// A line such as `VmRSS:     1234 kB`.
fn kilobytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn times_are_read_past_a_name_with_brackets_and_blanks() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 150 25 7 3 20 0 5 0 1 2 3";
        assert_eq!(ticks(stat), Some(185));
        assert_eq!(ticks("42 (cut"), None);
    }

    #[test]
    fn memory_is_read_from_its_line() {
        let status = "Name:\tx\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n";
        assert_eq!(kilobytes(status, "VmRSS:"), Some(1024));
        assert_eq!(kilobytes(status, "VmHWM:"), Some(2048));
        assert_eq!(kilobytes(status, "VmSwap:"), None);
    }

    #[test]
    fn this_process_has_used_something() {
        let usage = Usage::of_tree(std::process::id()).unwrap();
        assert!(usage.resident > 100_000 && usage.peak >= usage.resident / 2, "{usage:?}");
        assert!(usage.descriptors >= 3);
        assert!(Usage::of(u32::MAX).is_err());
    }
}
