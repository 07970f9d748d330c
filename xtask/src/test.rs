//! `cargo xtask test`: every test, with its own set-up, and one closing summary.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::shell::{self, cargo, command};
use crate::{board, packed, progress, setup, size, tidy};

mod lanes;
mod output;

use output::{Counts, count, failures};

#[derive(clap::Args)]
pub struct Options {
    /// Leave out what needs a browser: wasm tests and Playwright.
    #[arg(long)]
    no_browser: bool,
    /// Only the steps whose name contains this word.
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
}

enum Work {
    Run(Command),
    Size,
    Tidy,
}

/// The lanes run side by side: one waits where another computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    /// What compiles and tests the server.
    Native,
    /// What comes after the set-up and the build of what browsers load.
    Browser,
}

/// What of the other lane must be done before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// The set-up, and what browsers load.
    Packed,
    /// The server with what browsers load in it, and its tests.
    Built,
}

struct Step {
    name: &'static str,
    /// Left out with `--no-browser`.
    browser: bool,
    lane: Lane,
    needs: Needs,
    work: Work,
}

struct Row {
    name: &'static str,
    verdict: &'static str,
    counts: Counts,
    seconds: f64,
    /// What failed, a line each.
    failures: Vec<String>,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    let started = Instant::now();
    let wanted = if options.no_browser { setup::Wanted::Tests } else { setup::Wanted::Everything };
    let mut jobs = setup::jobs(root, wanted)?;
    jobs.extend(packed::jobs(root)?);
    let steps = steps(root)
        .into_iter()
        .filter(|step| options.only.as_ref().is_none_or(|word| wanted_by(word, step.name)));
    let (steps, left_out): (Vec<_>, Vec<_>) =
        steps.partition(|step| !(step.browser && options.no_browser));
    let mut rows = lanes::side_by_side(root, jobs, steps)?;
    rows.extend(left_out.into_iter().map(|step| Row {
        name: step.name,
        verdict: "left out (--no-browser)",
        counts: Counts::default(),
        seconds: 0.0,
        failures: Vec::new(),
    }));
    summary(&rows, started.elapsed().as_secs_f64())
}

fn set_up_row(seconds: f64) -> Row {
    let (counts, failures) = (Counts::default(), Vec::new());
    Row { name: "set-up, widget, dashboard", verdict: "ok", counts, seconds, failures }
}

/// All steps, each lane's cheapest first. Every cargo command but the wasm ones names the whole
/// workspace, so that features are the same and nothing is built twice.
fn steps(root: &Path) -> Vec<Step> {
    use Needs::{Built, Nothing, Packed};
    let step = |name, lane, needs, command| Step {
        name,
        browser: lane == Lane::Browser,
        lane,
        needs,
        work: Work::Run(command),
    };
    let native = |name, needs, command| step(name, Lane::Native, needs, command);
    let browser = |name, needs, command| step(name, Lane::Browser, needs, command);
    let own = |name, lane, work| Step { name, browser: false, lane, needs: Nothing, work };
    let test = |filter: &[&str]| {
        cargo(root, &[&["test", "--locked", "--workspace", "--no-fail-fast"], filter].concat())
    };
    let clippy = [CLIPPY, &["--workspace", "--all-targets"], STRICT].concat();
    let mut steps = vec![
        native("format", Nothing, cargo(root, &["fmt", "--all", "--check"])),
        own("tidy", Lane::Native, Work::Tidy),
        native("clippy", Nothing, cargo(root, &clippy)),
        // Nearly all of it does not need what browsers load; the next step takes that in.
        native("compiling the tests", Nothing, test(&["--no-run"])),
        native(BUILD, Packed, test(&["--no-run"])),
        native("unit and property", Packed, test(&["--lib", "--bins"])),
        native("store contract", Packed, test(&["--test", "store"])),
        native("API", Packed, test(&["--test", "api"])),
        native("torture", Packed, test(&["--test", "torture"])),
    ];
    let others = other_targets(root);
    if !others.is_empty() {
        let filter: Vec<&str> = others.iter().flat_map(|name| ["--test", name]).collect();
        steps.push(native("other integration", Packed, test(&filter)));
    }
    let clippy = [CLIPPY, WASM, WASM_DASHBOARD, &["--all-targets"], STRICT].concat();
    steps.extend([
        own("size of what browsers load", Lane::Browser, Work::Size),
        browser("clippy for wasm", Nothing, cargo(root, &clippy)),
        browser("wasm-bindgen", Nothing, wasm_tests(root)),
        browser(PLAYWRIGHT, Built, playwright(root)),
    ]);
    steps
}

/// Integration tests that have no step of their own, so that a new one is never left out.
fn other_targets(root: &Path) -> Vec<String> {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let mut names = Vec::new();
    for member in members(&manifest) {
        let Ok(entries) = std::fs::read_dir(root.join(member).join("tests")) else { continue };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let target = path.extension().is_some_and(|ending| ending == "rs")
                || path.join("main.rs").is_file();
            if let (true, Some(name)) = (target, path.file_stem()) {
                names.push(name.to_string_lossy().into_owned());
            }
        }
    }
    names.retain(|name| !["store", "api", "torture"].contains(&name.as_str()));
    names.sort();
    names.dedup();
    names
}

/// The packages of the workspace.
fn members(manifest: &str) -> impl Iterator<Item = &str> {
    let list = manifest.split_once("\nmembers = [").and_then(|(_, rest)| rest.split_once(']'));
    list.map_or("", |(list, _)| list).split('"').skip(1).step_by(2)
}

const BUILD: &str = "build of the tests";
const PLAYWRIGHT: &str = "Playwright and axe";

/// Playwright tests the server that the build step makes, so one without the other tests old code.
fn wanted_by(word: &str, step: &str) -> bool {
    step.contains(word) || (step == BUILD && PLAYWRIGHT.contains(word))
}

const STRICT: &[&str] = &["--", "-D", "warnings"];
const CLIPPY: &[&str] = &["clippy", "--locked"];
const WASM: &[&str] = &[
    "--target",
    "wasm32-unknown-unknown",
    "-p",
    "countersign-shared",
    "-p",
    "countersign-widget",
    "--features",
    "countersign-widget/hydrate",
];
/// The dashboard has no tests that need a browser of their own: its logic is tested natively.
const WASM_DASHBOARD: &[&str] = &["-p", "countersign-dashboard"];

/// With the profile that supporters get, and so with the libraries that the widget's build made.
fn wasm_tests(root: &Path) -> Command {
    const TEST: &[&str] = &["test", "--locked", "--no-fail-fast", "--profile", "wasm-release"];
    let mut tests = cargo(root, &[TEST, WASM, &["--tests"]].concat());
    packed::like_the_widget(root, &mut tests);
    tests.env(
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
        root.join("target/tools/bin/wasm-bindgen-test-runner"),
    );
    tests.env("WASM_BINDGEN_TEST_TIMEOUT", "60");
    if let Some(driver) = setup::chromedriver(root) {
        tests.env("CHROMEDRIVER", driver);
    }
    tests
}

fn playwright(root: &Path) -> Command {
    let mut tests =
        command(root, "npx", &["--no-install", "playwright", "test", "--reporter=list"]);
    tests.current_dir(root.join("end2end")).env("FORCE_COLOR", "0");
    // The server that `cargo test` built: no second build for the browser.
    tests.env("COUNTERSIGN_BIN", root.join("target/debug/countersign"));
    if let Some(chromium) = setup::chromium_shell(root) {
        tests.env("CHROMIUM", chromium);
    }
    tests
}

fn take(root: &Path, step: Step, screen: board::Lane<'_>) -> Row {
    let started = Instant::now();
    let (outcome, counts, output, failures) = match step.work {
        Work::Size => (size::check(root).map(|()| true), Counts::default(), None, Vec::new()),
        Work::Tidy => (tidy::check(root).map(|()| true), Counts::default(), None, Vec::new()),
        Work::Run(mut command) => {
            let log = shell::logs(root).join(format!("{}.log", progress::file_name(step.name)));
            let _ = std::fs::remove_file(&log);
            let status = screen.run(&mut command, step.name, &log, String::new);
            let good = status.as_ref().is_ok_and(|status| status.success());
            let output =
                String::from_utf8_lossy(&std::fs::read(&log).unwrap_or_default()).into_owned();
            let shown = (!good).then(|| shell::tail(&log, 80));
            let failures = if good { Vec::new() } else { failures(&output) };
            (status.map(|_| good), count(&output), shown, failures)
        }
    };
    let seconds = started.elapsed().as_secs_f64();
    let good = matches!(outcome, Ok(true));
    let verdict = if good { "ok" } else { "FAILED" };
    let error = outcome.err().map(|error| format!("{error:#}\n"));
    let end = format!("{verdict} in {}", shell::duration(seconds));
    let told = [Some(format!("\n--- {}", step.name)), output, error, Some(end)];
    screen.say(&told.into_iter().flatten().collect::<Vec<_>>().join("\n"));
    // A step that fails without a failing test, such as formatting, counts as one failure.
    let failed = if good { 0 } else { counts.failed.max(1) };
    Row { name: step.name, verdict, counts: Counts { failed, ..counts }, seconds, failures }
}

fn summary(rows: &[Row], seconds: f64) -> Result<()> {
    println!("\n=== summary");
    let mut sum = Counts::default();
    for row in rows {
        let Counts { passed, failed, skipped } = row.counts;
        let tests = if passed + failed + skipped == 0 {
            String::new()
        } else {
            format!("{passed} passed, {failed} failed, {skipped} skipped")
        };
        println!("{:<22}{:>9.1} s  {:<24}{tests}", row.name, row.seconds, row.verdict);
        sum.passed += passed;
        sum.failed += failed;
    }
    println!("in all {}", shell::duration(seconds));
    for row in rows.iter().filter(|row| !row.failures.is_empty()) {
        println!("\nfailed in {}:", row.name);
        row.failures.iter().for_each(|failure| println!("  {failure}"));
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    if sum.failed > 0 {
        // The summary has said it; a last line after it would hide the counts.
        std::process::exit(1);
    }
    if sum.passed == 0 && rows.iter().any(|row| row.name == "API") {
        bail!("no test ran");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_looked_through_for_tests() {
        let manifest = "[workspace]\nmembers = [\"shared\", \"app/widget\",\n  \"bench\"]\n\
            default-members = [\"server\"]\n";
        assert_eq!(members(manifest).collect::<Vec<_>>(), ["shared", "app/widget", "bench"]);
        let ours: Vec<String> =
            members(include_str!("../../Cargo.toml")).map(str::to_owned).collect();
        assert!(ours.contains(&"bench".into()) && ours.contains(&"app/dashboard".into()));
    }

    #[test]
    fn playwright_alone_still_builds_the_server() {
        assert!(wanted_by("Playwright", BUILD) && wanted_by("Playwright", PLAYWRIGHT));
        assert!(!wanted_by("store", BUILD) && !wanted_by("Playwright", "API"));
    }
}
