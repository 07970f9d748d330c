//! `countersign-bench load` and `check` for people, `run` and its helpers for `cargo xtask bench`.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod cli;
mod context;
mod docs;
mod machine;
mod memory;
mod outcome;
mod peers;
mod plot;
mod rows;
mod run;
mod seed;
mod usual;
mod viewers;

#[derive(Parser)]
#[command(name = "countersign-bench", about = "Loads a server and holds it to its word.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Signs a campaign over and over, with invented people, and says how it went.
    Load(cli::LoadOptions),
    /// Holds a server to the ledger of an earlier load; fails where anything is not as promised.
    Check(cli::CheckOptions),
    /// Runs the benchmarks; `cargo xtask bench` builds what they need first.
    Run(run::Options),
    /// A peer: the usual way to take pledges.
    #[command(hide = true)]
    Usual(usual::Options),
    /// A peer: our server without a database.
    #[command(hide = true)]
    Memory(memory::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Load(options) => alone(cli::load(options)),
        Command::Check(options) => alone(cli::check(options)),
        Command::Run(options) => alone(run::run(options)),
        Command::Usual(options) => on_all_cores(usual::run(options)),
        Command::Memory(options) => on_all_cores(memory::run(options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One thread is enough to send, and leaves the other cores to the server that is measured.
fn alone(work: impl Future<Output = Result<()>>) -> Result<()> {
    allow_many_sockets();
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Servers run as ours does.
fn on_all_cores(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// As many as this process may have, for itself and for the servers that it starts.
fn allow_many_sockets() {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    // Where it is refused, there are fewer viewers.
    let _ =
        setrlimit(Resource::Nofile, rustix::process::Rlimit { current: limit.maximum, ..limit });
}
