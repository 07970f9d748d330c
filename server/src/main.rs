use std::process::ExitCode;

use clap::Parser as _;
use countersign::assets::Asset;
use countersign::cli::Cli;

/// What browsers load, inside the program.
static FILES: &[Asset] = include!("../../target/widget-dist/assets.rs");

fn main() -> ExitCode {
    countersign::assets::install(FILES);
    countersign::cli::run(Cli::parse())
}
