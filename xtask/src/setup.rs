//! What a machine needs before anything can be built or tested: looked for first, installed where
//! it is missing.
//!
//! Only `rustup`, `cargo`, `npm` and `apt-get` are used: nothing is downloaded from elsewhere.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::progress::{Job, Screen};
use crate::shell::{ask, command, found};

/// The newest Trunk that builds with the project's Rust.
const TRUNK: &str = "0.21.14";
/// Debian's package and program.
const SHELL: &str = "chromium-headless-shell";
/// What the tests in the browser need: they ask for their own folder.
const NODE: &str = "20.11";

/// Whose examples in `deploy/` are tested: the program and Debian's package.
const PROXIES: [(&str, &str, &str); 2] =
    [("nginx", "nginx", "nginx-light"), ("Caddy", "caddy", "caddy")];

/// Rust's own installer, for machines that have Rust from elsewhere, or none.
const GET_RUSTUP: &str = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";

/// How much to prepare.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// For building and running.
    Build,
    /// For building, and for tests without a browser: the databases.
    Tests,
    /// For building, and for all tests.
    Everything,
}

/// The steps that are not done yet. Fails where only a person can help.
pub fn jobs<'a>(root: &'a Path, wanted: Wanted) -> Result<Vec<Job<'a>>> {
    needs_by_hand(root)?;
    let mut jobs = Vec::new();
    if !has_wasm_target(root) {
        if !found(root, "rustup") {
            bail!(
                "Rust's wasm target is missing, and rustup, which adds it.\n\
                 To mend it: {GET_RUSTUP}"
            );
        }
        jobs.push(plain(
            root,
            "Rust's wasm target",
            15,
            "rustup target add wasm32-unknown-unknown",
        ));
    }
    if !found(root, "wasm-opt") {
        jobs.push(apt(root, "wasm-opt", 25, &["binaryen"]));
    }
    let bindgen = locked_version(root, "wasm-bindgen")?;
    if !answers(root, "wasm-bindgen", &bindgen) {
        jobs.push(plain(
            root,
            &format!("wasm-bindgen {bindgen}"),
            50,
            &format!(
                "cargo install wasm-bindgen-cli --version {bindgen} --force --profile dev \
                 --config profile.dev.debug=false --root target/tools --target-dir target/tools-build"
            ),
        ));
    }
    if !answers(root, "trunk", TRUNK) {
        jobs.push(plain(
            root,
            &format!("Trunk {TRUNK}"),
            150,
            &format!(
                "cargo install trunk --version {TRUNK} --locked --force --no-default-features \
                 --profile dev --config profile.dev.debug=false --root target/tools \
                 --target-dir target/tools-build"
            ),
        ));
    }
    jobs.extend(npm(root, "app/embed"));
    if wanted != Wanted::Build {
        // What tests start of these is their own; what Debian starts is left alone.
        if !has_postgres(root) {
            jobs.push(apt(root, "Postgres", 40, &["postgresql"]));
        }
        if !found(root, "nats-server") && !Path::new("/usr/sbin/nats-server").is_file() {
            jobs.push(apt(root, "NATS", 15, &["nats-server"]));
        }
        for (name, program, package) in PROXIES {
            if !found(root, program) && !Path::new("/usr/sbin").join(program).is_file() {
                jobs.push(good_to_have(apt(root, name, 15, &[package])));
            }
        }
    }
    if wanted == Wanted::Everything {
        if chromium(root).is_none() || chromedriver(root).is_none() {
            let packages = ["chromium", "chromium-driver"];
            jobs.push(apt_and(root, "Chromium and its driver", 75, &packages, SHELL));
        }
        if ask(root, "fc-list", &[":lang=ar"]).is_none_or(|fonts| fonts.is_empty()) {
            jobs.push(apt(root, "fonts for Arabic", 20, &["fontconfig", "fonts-dejavu-core"]));
        }
        jobs.extend(npm(root, "end2end"));
    }
    Ok(jobs)
}

/// The programs of a Postgres server, where Debian puts them or on the path.
fn has_postgres(root: &Path) -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.map(|entry| entry.path()).any(|path| path.join("bin/initdb").is_file())
        || found(root, "initdb")
}

/// The browser for tests: `CHROMIUM`, or Debian's.
pub fn chromium(root: &Path) -> Option<String> {
    program(root, "CHROMIUM", "chromium")
}

/// The same browser without what makes windows, where there is one: pages come in half the time.
/// For tests that drive it themselves.
pub fn chromium_shell(root: &Path) -> Option<String> {
    program(root, "CHROMIUM", SHELL).or_else(|| chromium(root))
}

/// The driver of that browser: `CHROMEDRIVER`, or Debian's.
pub fn chromedriver(root: &Path) -> Option<String> {
    program(root, "CHROMEDRIVER", "chromedriver")
}

fn program(root: &Path, variable: &str, name: &str) -> Option<String> {
    if let Ok(given) = std::env::var(variable) {
        return Path::new(&given).is_file().then_some(given);
    }
    let folders = std::env::split_paths(&crate::shell::path_with_tools(root)).collect::<Vec<_>>();
    let file = folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file())?;
    Some(file.to_string_lossy().into_owned())
}

/// The version of a package in Cargo.lock.
pub fn locked_version(root: &Path, package: &str) -> Result<String> {
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("Cargo.lock is missing")?;
    version_in(&lock, package).with_context(|| format!("Cargo.lock does not name {package}"))
}

fn version_in(lock: &str, package: &str) -> Option<String> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != wanted).skip(1);
    Some(lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?.to_owned())
}

fn needs_by_hand(root: &Path) -> Result<()> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let needed = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'))
        .unwrap_or_default();
    let rust = ask(root, "rustc", &["--version"]).unwrap_or_default();
    if numbers(&rust) < numbers(needed) {
        bail!(
            "Rust {needed} or newer is missing (found: {}).\nTo mend it: {}",
            if rust.is_empty() { "none" } else { &rust },
            if found(root, "rustup") { "rustup update stable" } else { GET_RUSTUP }
        );
    }
    let node = ask(root, "node", &["--version"]).unwrap_or_default();
    if numbers(&node) < numbers(NODE) || !found(root, "npm") {
        bail!(
            "Node {NODE} or newer with npm is missing (found: {}).\n\
             To mend it: {}apt-get install -y nodejs npm (where that is older: https://nodejs.org)",
            if node.is_empty() { "none" } else { &node },
            sudo(root)
        );
    }
    if !found(root, "cc") {
        bail!(
            "A C compiler is missing; SQLite is built from source.\n\
             To mend it: {}apt-get install -y build-essential",
            sudo(root)
        );
    }
    Ok(())
}

/// The first version number in a text: `rustc 1.95.0 (…)` as 1, 95, 0.
fn numbers(text: &str) -> Vec<u32> {
    let start = text.find(|letter: char| letter.is_ascii_digit()).unwrap_or(text.len());
    let version = text[start..].split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    version
        .take(1)
        .flat_map(|digits| digits.split('.'))
        .filter_map(|part| part.parse().ok())
        .collect()
}

fn has_wasm_target(root: &Path) -> bool {
    ask(root, "rustc", &["--print", "sysroot"]).is_some_and(|sysroot| {
        Path::new(&sysroot).join("lib/rustlib/wasm32-unknown-unknown/lib").is_dir()
    })
}

/// Whether the program runs and says that it is of this version.
fn answers(root: &Path, program: &str, version: &str) -> bool {
    ask(root, program, &["--version"])
        .is_some_and(|said| said.split_whitespace().any(|word| word == version))
}

fn plain<'a>(root: &'a Path, name: &str, guess: u64, line: &str) -> Job<'a> {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    Job {
        name: name.to_owned(),
        guess,
        mend: words.join(" "),
        work: Box::new(move |screen| {
            let args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
            screen.run(command(root, &words[0], &args))
        }),
    }
}

/// Debian's packages.
pub fn apt<'a>(root: &'a Path, name: &str, guess: u64, packages: &[&str]) -> Job<'a> {
    apt_and(root, name, guess, packages, "")
}

/// Debian's packages, and one that is good to have where there is one.
fn apt_and<'a>(
    root: &'a Path,
    name: &str,
    guess: u64,
    packages: &[&str],
    and: &'static str,
) -> Job<'a> {
    let packages: Vec<String> = packages.iter().map(|&name| name.to_owned()).collect();
    let sudo = sudo(root);
    let line = format!("{sudo}apt-get install -y --no-install-recommends {}", packages.join(" "));
    Job {
        name: name.to_owned(),
        guess,
        mend: format!("{sudo}apt-get update && {line}"),
        work: Box::new(move |screen| {
            screen.run(apt_get(root, sudo, &["update"]))?;
            let mut args = vec!["install", "-y", "--no-install-recommends"];
            args.extend(packages.iter().map(String::as_str));
            screen.run(apt_get(root, sudo, &args))?;
            args.truncate(3);
            args.push(and);
            if !and.is_empty() && screen.run(apt_get(root, sudo, &args)).is_err() {
                println!("      {and} is not to be had here; tests go without");
            }
            Ok(())
        }),
    }
}

/// A step that all others go on without: what needs it is skipped, and says so.
fn good_to_have(job: Job<'_>) -> Job<'_> {
    let (work, name) = (job.work, job.name.clone());
    let work = Box::new(move |screen: &Screen<'_>| {
        if work(screen).is_err() {
            println!("      {name} is not to be had here; what tests it is skipped");
        }
        Ok(())
    });
    Job { work, ..job }
}

fn apt_get(root: &Path, sudo: &str, args: &[&str]) -> Command {
    let mut words: Vec<&str> = sudo.split_whitespace().collect();
    words.push("apt-get");
    words.extend(args);
    let mut command = command(root, words[0], &words[1..]);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// Empty for root, who needs none.
fn sudo(root: &Path) -> &'static str {
    let is_root = ask(root, "id", &["-u"]).is_some_and(|id| id == "0");
    if is_root || !found(root, "sudo") { "" } else { "sudo " }
}

/// `npm ci` where the lock file is not the one that was installed.
fn npm<'a>(root: &'a Path, folder: &'a str) -> Option<Job<'a>> {
    let home = root.join(folder);
    let stamp = home.join("node_modules/.installed-lock");
    let lock = fs::read(home.join("package-lock.json")).ok()?;
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return None;
    }
    Some(Job {
        name: format!("npm packages ({folder})"),
        guess: 10,
        mend: format!("npm ci --prefix {folder}"),
        work: Box::new(move |screen: &Screen<'_>| {
            let mut install = command(root, "npm", &["ci", "--no-audit", "--no-fund"]);
            install.current_dir(&home).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
            screen.run(install)?;
            Ok(fs::write(stamp, lock)?)
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::{NODE, numbers, version_in};

    #[test]
    fn versions_are_read_from_what_programs_say() {
        assert_eq!(numbers("rustc 1.95.0 (f2d3ce0bd 2026-03-21)"), [1, 95, 0]);
        assert_eq!(numbers("v20.20.2"), [20, 20, 2]);
        assert!(numbers("v20.20.2") > numbers(NODE) && numbers("v22.1.0") > numbers(NODE));
        assert!(numbers("v20.11.0") > numbers(NODE), "the first that does");
        assert!(numbers("v20.9.0") < numbers(NODE) && numbers("v18.19.1") < numbers(NODE));
        assert!(numbers("") < numbers("1.95"));
    }

    #[test]
    fn the_lock_names_the_version_once() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in(lock, "trunk"), None);
    }
}
