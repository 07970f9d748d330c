//! What all benchmarks of pledges share: the load, and what is read off it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use countersign_bench::load::Load;
use countersign_bench::node::{Node, Setup};
use countersign_bench::oracle::Site;
use countersign_bench::people::People;
use countersign_bench::proc::Usage;

use crate::context::Context;
use crate::outcome::{Figures, Metric};
use crate::peers;
use crate::seed::CAMPAIGN;

pub const CONNECTIONS: usize = 256;

pub fn metrics() -> Vec<Metric> {
    vec![
        Metric::new("rate", "pledges a second", 0, true).drawn(),
        Metric::new("p50", "p50, ms", 1, false),
        Metric::new("p99", "p99, ms", 1, false).drawn(),
        Metric::new("cpu", "server CPU a pledge, µs", 0, false),
    ]
}

/// Signs as fast as the server answers. Whatever is not answered with 201 ends the benchmark: a
/// server that refuses is fast. `database` is the process of a database that is not inside the
/// server.
pub async fn measure(context: &Context, node: &Node, database: Option<u32>) -> Result<Figures> {
    let (warm_up, measured) = context.times();
    let load = Load {
        connections: CONNECTIONS,
        warm_up,
        time: Some(warm_up + measured),
        ..Load::pledges(node.address, CAMPAIGN, People::new(), 0, None)
    };
    let used = || -> Result<_> {
        let database = database.map(Usage::of_tree).transpose()?.unwrap_or_default();
        Ok((node.usage()?.cpu, database.cpu))
    };
    let before = used()?;
    let report = load.run().await;
    let after = used()?;
    let taken: u64 = report.with(201);
    if report.errors + report.refused > 0 || report.answers.len() != 1 || taken == 0 {
        bail!("not every pledge was taken: {}\n{}", report.line(), node.complaint());
    }
    let a_pledge = |before: Duration, after: Duration| {
        micros(after.saturating_sub(before)) / report.all as f64
    };
    let mut figures = vec![
        ("rate", report.rate(201)),
        ("p50", report.quantile_ms(0.5)),
        ("p99", report.quantile_ms(0.99)),
        ("cpu", a_pledge(before.0, after.0)),
    ];
    if database.is_some() {
        figures.push(("database", a_pledge(before.1, after.1)));
    }
    Ok(figures)
}

pub fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The product on whatever its setup says, loaded once. Ends with a recount: figures of a server
/// that miscounts are worth nothing.
pub async fn ours(context: &Context, setup: &Setup, database: Option<u32>) -> Result<Figures> {
    let mut node = setup.start().await?;
    settle(&node).await?;
    let figures = measure(context, &node, database).await?;
    let site = Site::new(node.address, CAMPAIGN, "");
    let totals = site.totals().await?;
    let sum: u64 = totals.countries.values().sum();
    if sum != totals.total {
        bail!("the total is {}, its countries sum up to {sum}", totals.total);
    }
    node.terminate().await?;
    setup.run(&["recount"]).context("after the load")?;
    Ok(figures)
}

/// Waits until the server has nothing of its own to do: it starts with a recount of all rows.
async fn settle(node: &Node) -> Result<()> {
    const LOOK: Duration = Duration::from_millis(500);
    for _ in 0..240 {
        let before = node.usage()?.cpu;
        tokio::time::sleep(LOOK).await;
        if node.usage()?.cpu.saturating_sub(before) * 20 < LOOK {
            return Ok(());
        }
    }
    bail!("the server is never idle")
}

/// The usual way on this database, loaded once.
pub async fn usual(
    context: &Context,
    folder: &Path,
    database_url: &str,
    database: Option<u32>,
) -> Result<Figures> {
    let node = peers::ourselves(&context.me, folder, |command, listen| {
        usual_command(command, database_url);
        command.args(["--listen", &listen.to_string()]);
    })
    .await?;
    measure(context, &node, database).await
}

/// Puts rows into the database of the usual way.
pub fn seed_usual(context: &Context, database_url: &str, rows: u64) -> Result<()> {
    let mut command = Command::new(&context.me);
    usual_command(&mut command, database_url);
    command.args(["--listen", "127.0.0.1:0", "--seed-only", "--rows", &rows.to_string()]);
    if !command.status()?.success() {
        bail!("the rows of the usual way could not be made");
    }
    Ok(())
}

fn usual_command(command: &mut Command, database_url: &str) {
    command.args(["usual", "--database-url", database_url]);
}

/// The URL of the usual way's file in `folder`.
pub fn usual_file(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("usual.db").display())
}
