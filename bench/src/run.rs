//! `countersign-bench run`: the benchmarks one after the other, their figures into JSON, and from
//! the JSON the tables and pictures of `docs/performance.md`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use countersign::clock::{Clock as _, SystemClock};

use crate::context::Context;
use crate::machine::Machine;
use crate::outcome::Outcome;
use crate::{docs, plot, rows};

#[derive(clap::Args)]
pub struct Options {
    /// The project's top folder.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    root: PathBuf,
    /// The server, of a release build [default: target/release/countersign]
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Only these, with commas between
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Small counts and one round: shows that everything works, and writes nothing into documents
    #[arg(long)]
    quick: bool,
    /// How often each is measured, taking turns [default: 5]
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// A folder on the disk to measure on [default: target/bench/scratch]
    #[arg(long, value_name = "FOLDER")]
    scratch: Option<PathBuf>,
    /// Measure nothing; write tables and pictures again from the figures that are there
    #[arg(long)]
    tables: bool,
}

pub async fn run(options: Options) -> Result<()> {
    let root = options.root.canonicalize().context("there is no such folder")?;
    if options.tables {
        return write_documents(&root, &load_all(&root.join("target/bench"))?);
    }
    let names = chosen(&options.only)?;
    let context = prepare(&options, &root)?;
    let folder = root.join(context.pick("target/bench", "target/bench/quick"));
    fs::create_dir_all(&folder)?;
    println!("{}\n", context.machine.sentence());
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for name in names {
        println!("--- {name}");
        match rows::run(name, &context).await {
            Ok(outcome) => {
                let json = serde_json::to_string_pretty(&outcome)?;
                fs::write(folder.join(format!("{name}.json")), json)?;
                println!("\n{}\n\n{}", outcome.title, docs::tables(&outcome));
                done.push(outcome);
            }
            // The others are worth having all the same.
            Err(error) => {
                println!("{name} FAILED: {error:#}\n");
                failed.push(name);
            }
        }
    }
    clear(&context.scratch).await;
    if !context.quick {
        write_documents(&root, &done)?;
    }
    summary(&done);
    if !failed.is_empty() {
        bail!("these could not be measured: {}", failed.join(", "));
    }
    Ok(())
}

fn prepare(options: &Options, root: &Path) -> Result<Context> {
    let scratch = options.scratch.clone().unwrap_or_else(|| root.join("target/bench/scratch"));
    // It is emptied at the end: nobody's own folder.
    let scratch = scratch.join("countersign-bench");
    fs::create_dir_all(&scratch)?;
    let scratch = scratch.canonicalize()?;
    let server = options.server.clone().unwrap_or_else(|| root.join("target/release/countersign"));
    if !server.is_file() {
        bail!("{} is not built: cargo xtask bench builds it", server.display());
    }
    let day = SystemClock.now().to_string()[..10].to_owned();
    Ok(Context {
        server: server.canonicalize()?,
        me: std::env::current_exe()?,
        campaign: root.join("campaigns/example.toml"),
        quick: options.quick,
        rounds: options.rounds.unwrap_or(if options.quick { 1 } else { 5 }).max(1),
        machine: Machine::look(&scratch, day),
        scratch,
    })
}

fn chosen(only: &[String]) -> Result<Vec<&'static str>> {
    if let Some(unknown) = only.iter().find(|name| !rows::NAMES.contains(&name.as_str())) {
        bail!("there is no benchmark {unknown:?}; there are {}", rows::NAMES.join(", "));
    }
    let wanted = |name: &&str| only.is_empty() || only.iter().any(|it| it == name);
    Ok(rows::NAMES.into_iter().filter(wanted).collect())
}

fn load_all(folder: &Path) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for name in rows::NAMES {
        let file = folder.join(format!("{name}.json"));
        if let Ok(text) = fs::read_to_string(&file) {
            let outcome = serde_json::from_str(&text)
                .with_context(|| format!("{} is of another version", file.display()))?;
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

fn write_documents(root: &Path, outcomes: &[Outcome]) -> Result<()> {
    let file = root.join("docs/performance.md");
    let mut document =
        fs::read_to_string(&file).with_context(|| format!("{} is missing", file.display()))?;
    let pictures = root.join("docs/performance");
    fs::create_dir_all(&pictures)?;
    for outcome in outcomes.iter().filter(|outcome| !docs::measured(outcome).is_empty()) {
        let (name, title) = (&outcome.name, &outcome.title);
        fs::write(pictures.join(format!("{name}.svg")), plot::bars(outcome))?;
        let text = format!("![{title}](performance/{name}.svg)\n\n{}", docs::tables(outcome));
        document = docs::put(&document, name, &text)?;
        document = docs::put(&document, "machine", &outcome.machine.sentence())?;
    }
    fs::write(&file, document).with_context(|| format!("{} cannot be written", file.display()))?;
    println!("wrote {}", file.display());
    Ok(())
}

/// Removes the scratch folder, once every Postgres that was in it has stopped and removed its own:
/// one whose files vanish under it cannot be told to stop.
async fn clear(scratch: &Path) {
    let has_postgres = || {
        let mut entries = fs::read_dir(scratch).into_iter().flatten().flatten();
        entries.any(|entry| entry.file_name().to_string_lossy().starts_with("countersign-pg-"))
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    while has_postgres() && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let _ = fs::remove_dir_all(scratch);
}

/// Every goal in one list.
fn summary(outcomes: &[Outcome]) {
    println!("=== goals");
    for outcome in outcomes {
        for row in outcome.judged() {
            let name = &outcome.name;
            println!("  {name:<16} {:<60} {:>10}  {}", row.goal, row.measured, row.verdict);
        }
        for skipped in &outcome.skipped {
            println!("  {:<16} not measured: {skipped}", outcome.name);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn benchmarks_are_chosen_by_name() {
        assert_eq!(chosen(&[]).unwrap(), rows::NAMES);
        assert_eq!(chosen(&["totals".into(), "sqlite".into()]).unwrap(), ["sqlite", "totals"]);
        assert!(chosen(&["nothing".into()]).is_err());
    }

    #[test]
    fn figures_survive_their_file_and_end_up_in_the_document() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("target/bench");
        fs::create_dir_all(&folder).unwrap();
        fs::create_dir_all(root.path().join("docs")).unwrap();
        let outcome = Outcome { name: "sqlite".into(), ..crate::outcome::tests::example() };
        let json = serde_json::to_string(&outcome).unwrap();
        fs::write(folder.join("sqlite.json"), json).unwrap();
        let document = root.path().join("docs/performance.md");
        let places =
            "<!-- bench:machine -->\n<!-- /bench -->\n<!-- bench:sqlite -->\n<!-- /bench -->\n";
        fs::write(&document, places).unwrap();
        write_documents(root.path(), &load_all(&folder).unwrap()).unwrap();
        let text = fs::read_to_string(&document).unwrap();
        assert!(text.contains("36,000") && text.contains("performance/sqlite.svg"), "{text}");
        assert!(root.path().join("docs/performance/sqlite.svg").is_file());
    }

    #[test]
    fn every_benchmark_has_its_place_in_the_document() {
        let document = include_str!("../../docs/performance.md");
        let places = document.split("<!-- bench:").skip(1);
        let mut names = places.map(|rest| rest.split_once(" -->").unwrap().0);
        assert_eq!(names.next(), Some("machine"));
        assert_eq!(names.collect::<Vec<_>>(), rows::NAMES);
    }
}
