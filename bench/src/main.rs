//! `countersign-bench load` and `check` for people, `run` and its helpers for `cargo xtask bench`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod cli;

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
}

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime does not start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match Cli::parse().command {
            Command::Load(options) => cli::load(options).await,
            Command::Check(options) => cli::check(options).await,
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
