//! `cargo xtask torture`: the oracle under injected faults, for as long as you like.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::shell::{self, cargo};
use crate::{progress, setup};

#[derive(clap::Args)]
pub struct Options {
    /// So many rounds of kills, cuts, power losses and restarts; tests without rounds are done so
    /// often. The two with thousands of viewers are done once, with more of them.
    #[arg(long, value_name = "N", default_value_t = 50)]
    cycles: usize,
    /// Only the tests whose name contains this word.
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
    /// Take the chances of an earlier run again: each failure prints its seed.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

/// Shows what each test did; a failure names its seed and where its data is kept.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    progress::work_through(root, setup::jobs(root, setup::Wanted::Tests)?)?;
    let mut command = command(root, options);
    let shown = shell::shown(&command);
    let status = command.status().with_context(|| format!("cannot start {shown}"))?;
    if !status.success() {
        bail!("a word was not kept: the test says which, and where its ledger and data are");
    }
    Ok(())
}

fn command(root: &Path, options: &Options) -> Command {
    let mut args = vec!["test", "--locked", "--workspace", "--test", "torture"];
    args.extend(options.only.as_deref());
    args.extend(["--", "--nocapture"]);
    let mut command = cargo(root, &args);
    command.env("TORTURE_CYCLES", options.cycles.to_string());
    if let Some(seed) = options.seed {
        command.env("TORTURE_SEED", seed.to_string());
    }
    command
}

#[cfg(test)]
mod tests {
    use super::{Options, command};

    #[test]
    fn one_test_can_be_tortured_for_long() {
        let options = Options { cycles: 9, only: Some("power".into()), seed: Some(7) };
        let command = command(std::path::Path::new("."), &options);
        let line = crate::shell::shown(&command);
        assert!(line.ends_with("--test torture power -- --nocapture"), "{line}");
        let set: Vec<_> = command.get_envs().filter_map(|(_, value)| value).collect();
        assert!(set.contains(&"9".as_ref()) && set.contains(&"7".as_ref()));
    }
}
