//! `cargo xtask test`: every test, with its own set-up, and one closing summary.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::shell::{self, cargo, command};
use crate::{packed, progress, setup, size, tidy};

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

/// What runs when. The lanes after the first run side by side: one waits where another computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    First,
    Native,
    Browser,
}

struct Step {
    name: &'static str,
    browser: bool,
    lane: Lane,
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
    progress::work_through(root, jobs)?;
    let mut rows = vec![Row {
        name: "set-up, widget, dashboard",
        verdict: "ok",
        counts: Counts::default(),
        seconds: started.elapsed().as_secs_f64(),
        failures: Vec::new(),
    }];
    let steps = steps(root)
        .into_iter()
        .filter(|step| options.only.as_ref().is_none_or(|word| wanted_by(word, step.name)));
    let (steps, left_out): (Vec<_>, Vec<_>) =
        steps.partition(|step| !(step.browser && options.no_browser));
    let (first, beside): (Vec<_>, Vec<_>) =
        steps.into_iter().partition(|step| step.lane == Lane::First);
    rows.extend(first.into_iter().map(|step| take(root, step, &mut lanes::Live::alone())));
    rows.extend(lanes::side_by_side(root, beside));
    rows.extend(left_out.into_iter().map(|step| Row {
        name: step.name,
        verdict: "left out (--no-browser)",
        counts: Counts::default(),
        seconds: 0.0,
        failures: Vec::new(),
    }));
    summary(&rows, started.elapsed().as_secs_f64())
}

/// All steps, cheapest first. Every cargo command but the wasm ones names the whole workspace, so
/// that features are the same and nothing is built twice.
fn steps(root: &Path) -> Vec<Step> {
    let step = |name, lane, command| {
        let browser = lane == Lane::Browser;
        Step { name, browser, lane, work: Work::Run(command) }
    };
    let first = |name, command| step(name, Lane::First, command);
    let native = |name, command| step(name, Lane::Native, command);
    let browser = |name, command| step(name, Lane::Browser, command);
    let own = |name, work| Step { name, browser: false, lane: Lane::First, work };
    let test = |filter: &[&str]| {
        cargo(root, &[&["test", "--locked", "--workspace", "--no-fail-fast"], filter].concat())
    };
    let mut steps = vec![
        first("format", cargo(root, &["fmt", "--all", "--check"])),
        own("tidy", Work::Tidy),
        own("size of what browsers load", Work::Size),
        first("clippy", cargo(root, &[CLIPPY, &["--workspace", "--all-targets"], STRICT].concat())),
        first(BUILD, test(&["--no-run"])),
        native("unit and property", test(&["--lib", "--bins"])),
        native("store contract", test(&["--test", "store"])),
        native("API", test(&["--test", "api"])),
        native("torture", test(&["--test", "torture"])),
    ];
    let others = other_targets(root);
    if !others.is_empty() {
        let filter: Vec<&str> = others.iter().flat_map(|name| ["--test", name]).collect();
        steps.push(native("other integration", test(&filter)));
    }
    steps.extend([
        browser(
            "clippy for wasm",
            cargo(root, &[CLIPPY, WASM, WASM_DASHBOARD, &["--all-targets"], STRICT].concat()),
        ),
        browser("wasm-bindgen", wasm_tests(root)),
        browser(PLAYWRIGHT, playwright(root)),
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

fn wasm_tests(root: &Path) -> Command {
    let mut tests =
        cargo(root, &[&["test", "--locked", "--no-fail-fast"], WASM, &["--tests"]].concat());
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

fn take(root: &Path, step: Step, live: &mut lanes::Live<'_>) -> Row {
    let started = Instant::now();
    live.begin(step.name);
    let (good, counts, output, failures) = match step.work {
        Work::Size => (said(size::check(root)), Counts::default(), None, Vec::new()),
        Work::Tidy => (said(tidy::check(root)), Counts::default(), None, Vec::new()),
        Work::Run(mut command) => {
            let log = shell::logs(root).join(format!("{}.log", progress::file_name(step.name)));
            let _ = std::fs::remove_file(&log);
            let good = run_logged(&mut command, step.name, &log, live);
            let output =
                String::from_utf8_lossy(&std::fs::read(&log).unwrap_or_default()).into_owned();
            let shown = (!good).then(|| shell::tail(&log, 80));
            let failures = if good { Vec::new() } else { failures(&output) };
            (good, count(&output), shown, failures)
        }
    };
    let seconds = started.elapsed().as_secs_f64();
    let verdict = if good { "ok" } else { "FAILED" };
    live.end(step.name, output.as_deref(), &format!("{verdict} in {}", shell::duration(seconds)));
    // A step that fails without a failing test, such as formatting, counts as one failure.
    let failed = if good { 0 } else { counts.failed.max(1) };
    Row { name: step.name, verdict, counts: Counts { failed, ..counts }, seconds, failures }
}

fn said(outcome: Result<()>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(error) => {
            println!("{error:#}");
            false
        }
    }
}

fn run_logged(command: &mut Command, name: &str, log: &Path, live: &mut lanes::Live<'_>) -> bool {
    let status = shell::logged(command, log, |elapsed, last| {
        live.show(&format!("{name}: {} s | {last}", elapsed.as_secs()));
    });
    match status {
        Ok(status) => status.success(),
        Err(error) => {
            println!("{error:#}");
            false
        }
    }
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
