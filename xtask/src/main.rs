//! The developer's tasks: `cargo xtask run` starts the demo, `cargo xtask test` proves everything.

mod bench;
mod board;
mod packed;
mod progress;
mod run;
mod setup;
mod shell;
mod size;
mod test;
mod tidy;
mod torture;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs and tests Countersign.")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds what is needed and starts the demo: the server, and a host page on another origin.
    Run(run::Options),
    /// Runs every test, with its own set-up, and ends with one summary.
    Test(test::Options),
    /// What CI runs: the same as `test`.
    Ci(test::Options),
    /// Measures the server beside others and writes docs/performance.md.
    Bench(bench::Options),
    /// Kills, starves and cuts off servers while people sign, and checks what they were told.
    Torture(torture::Options),
    /// Installs what the project needs on this machine; steps already done are left alone.
    Setup {
        /// Also what tests need: Postgres, NATS, nginx, Caddy, Chromium and its driver, Playwright.
        #[arg(long)]
        tests: bool,
    },
    /// Builds what browsers load, the widget and the dashboard, and packs it for the server.
    Widget,
    /// Holds what browsers load against its budgets.
    Size,
    /// Checks documents, locales, imports and file sizes.
    Tidy,
}

fn main() -> ExitCode {
    let root = shell::root();
    let outcome = match Cli::parse().task {
        Task::Run(options) => run::run(&root, &options),
        Task::Test(options) | Task::Ci(options) => test::run(&root, &options),
        Task::Bench(options) => bench::run(&root, &options),
        Task::Torture(options) => torture::run(&root, &options),
        Task::Setup { tests } => {
            let wanted = if tests { setup::Wanted::Everything } else { setup::Wanted::Build };
            setup::jobs(&root, wanted).and_then(|jobs| progress::work_through(&root, jobs))
        }
        Task::Widget => setup::jobs(&root, setup::Wanted::Build).and_then(|mut jobs| {
            jobs.extend(packed::jobs(&root)?);
            progress::work_through(&root, jobs)
        }),
        Task::Size => size::check(&root),
        Task::Tidy => tidy::check(&root),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
