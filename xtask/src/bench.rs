//! `cargo xtask bench`: builds what is measured, installs whom it is measured beside, and runs the
//! benchmarks.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::progress::{self, Job};
use crate::{packed, setup, shell};

/// Whom we are measured beside: a file that shows that they are there, and Debian's packages.
/// Whoever is absent is left out and named in the result.
const PEERS: &[(&str, &str, &[&str])] = &[
    ("nginx", "/usr/sbin/nginx", &["nginx-light"]),
    ("nchan", "/usr/lib/nginx/modules/ngx_nchan_module.so", &["libnginx-mod-nchan"]),
    ("Postgres", "/usr/lib/postgresql", &["postgresql"]),
    ("sqlite3", "/usr/bin/sqlite3", &["sqlite3"]),
];

#[derive(clap::Args)]
pub struct Options {
    /// Only these, with commas between, such as `sqlite,stream`.
    #[arg(long, value_name = "NAMES")]
    only: Option<String>,
    /// Small counts and one round: shows that everything works, and changes no document.
    #[arg(long)]
    quick: bool,
    /// How often each is measured, the sides taking turns [default: 5]
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// A folder on the disk to measure on [default: target/bench/scratch]
    #[arg(long, value_name = "FOLDER")]
    scratch: Option<String>,
    /// Measure nothing; write tables and pictures again from the figures in target/bench.
    #[arg(long)]
    tables: bool,
    /// Leave out whoever is not installed, and install nobody.
    #[arg(long)]
    no_install: bool,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    let mut jobs = setup::jobs(root, setup::Wanted::Build)?;
    jobs.extend(packed::jobs(root)?);
    jobs.push(build(root));
    progress::work_through(root, jobs)?;
    if !options.no_install && !options.tables {
        install(root);
    }
    let mut bench = Command::new(root.join("target/release/countersign-bench"));
    bench.arg("run").arg("--root").arg(root).current_dir(root);
    for (flag, value) in [("--only", &options.only), ("--scratch", &options.scratch)] {
        if let Some(value) = value {
            bench.args([flag, value]);
        }
    }
    if let Some(rounds) = options.rounds {
        bench.args(["--rounds", &rounds.to_string()]);
    }
    for (flag, wanted) in [("--quick", options.quick), ("--tables", options.tables)] {
        if wanted {
            bench.arg(flag);
        }
    }
    if !bench.status()?.success() {
        bail!("not everything could be measured");
    }
    Ok(())
}

/// What is measured is what is delivered: a release build.
fn build(root: &Path) -> Job<'_> {
    const BUILD: &[&str] =
        &["build", "--release", "--locked", "-p", "countersign", "-p", "countersign-bench"];
    let there = root.join("target/release/countersign-bench").is_file();
    Job {
        name: "the server and the benchmarks".into(),
        guess: if there { 10 } else { 300 },
        mend: format!("cargo {}", BUILD.join(" ")),
        work: Box::new(move |screen| screen.run(shell::cargo(root, BUILD))),
    }
}

/// Those that are absent. Whatever fails only makes the comparison smaller.
fn install(root: &Path) {
    for (name, file, packages) in PEERS {
        if Path::new(file).exists() {
            continue;
        }
        let job = setup::apt(root, name, 30, packages);
        if let Err(error) = progress::work_through(root, vec![job]) {
            println!("{error:#}\nGoing on without {name}.");
        }
    }
}
