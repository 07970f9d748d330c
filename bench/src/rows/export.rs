//! Exports: CSV beside the database's own tools, and the other formats beside the CSV.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use countersign_bench::cluster;
use countersign_bench::node::Setup;
use countersign_bench::proc::Usage;

use crate::context::{Context, note};
use crate::outcome::{Bound, Figures, Goal, Metric, Outcome, Side};
use crate::peers;
use crate::seed;

/// The columns as they lie in the tables: times as numbers, the source as JSON.
const AS_STORED: &str = "SELECT id, pledges.signed_at, state, NULL, NULL, country, locale, public_name, \
    updates, NULL, source, receipt, suspicious, quarantine_reason \
    FROM pledges LEFT JOIN people ON pledge_id = id WHERE +pledges.campaign_id = 1 ORDER BY id";

/// The columns as our export has them. The plus has the shell read in the order of ids, as we do; on
/// its own it would sort, and take several times as long. Names and addresses are sealed; no tool but ours reads them.
const AS_EXPORTED: &str = "SELECT id, strftime('%Y-%m-%dT%H:%M:%fZ', pledges.signed_at / 1000.0, 'unixepoch'), \
    state, NULL, NULL, country, locale, iif(public_name, 'true', 'false'), \
    iif(updates, 'true', 'false'), NULL, source ->> 'utm_source', source ->> 'utm_medium', \
    source ->> 'utm_campaign', source ->> 'referrer', receipt, iif(suspicious, 'true', 'false'), \
    quarantine_reason \
    FROM pledges LEFT JOIN people ON pledge_id = id WHERE +pledges.campaign_id = 1 ORDER BY id";

/// The same for Postgres.
const COPY: &str = "\\copy (SELECT id, \
    to_char(to_timestamp(pledges.signed_at / 1000.0) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), \
    state, NULL, NULL, country, locale, public_name, updates, NULL, \
    source::json ->> 'utm_source', source::json ->> 'utm_medium', source::json ->> 'utm_campaign', \
    source::json ->> 'referrer', receipt, suspicious, quarantine_reason \
    FROM pledges LEFT JOIN people ON pledge_id = id WHERE pledges.campaign_id = 1 ORDER BY id) \
    TO STDOUT WITH (FORMAT csv)";

const COPY_AS_STORED: &str = "\\copy (SELECT id, pledges.signed_at, state, NULL, NULL, country, locale, \
    public_name, updates, NULL, source, receipt, suspicious, quarantine_reason \
    FROM pledges LEFT JOIN people ON pledge_id = id WHERE pledges.campaign_id = 1 ORDER BY id) \
    TO STDOUT WITH (FORMAT csv)";

fn metrics() -> Vec<Metric> {
    vec![
        Metric::new("rate", "rows a second", 0, true).drawn(),
        Metric::new("peak", "peak memory, MB", 1, false),
    ]
}

fn sides(tool: &str) -> Vec<Side> {
    vec![
        Side::new("ours", "Countersign"),
        Side::new("sealed", "Countersign, opening each seal"),
        Side::new("tool", &format!("{tool}, the same columns")),
        Side::new("stored", &format!("{tool}, columns as stored")),
    ]
}

fn goals() -> Vec<Goal> {
    vec![
        Goal::new("ours", "rate", Bound::TimesAtLeast(0.9, "tool".into())),
        Goal::new("ours", "peak", Bound::AtMost(32.0)),
        Goal::new("sealed", "peak", Bound::AtMost(32.0)),
    ]
}

/// The other formats, of the rows that the first side has.
const OTHERS: [&str; 2] = ["ndjson", "xlsx"];

fn others() -> Vec<Side> {
    let side = |format: &str| Side::new(format, &format!("Countersign, {}", format.to_uppercase()));
    OTHERS.map(side).into()
}

/// What they cost beside the CSV of the same run. A workbook is written and packed before it is sent.
fn goals_of_others() -> Vec<Goal> {
    let csv = || "ours".to_owned();
    vec![
        Goal::new("ndjson", "rate", Bound::TimesAtLeast(0.5, csv())),
        Goal::new("ndjson", "peak", Bound::TimesAtMost(1.5, csv())),
        Goal::new("xlsx", "rate", Bound::TimesAtLeast(0.1, csv())),
        Goal::new("xlsx", "peak", Bound::TimesAtMost(2.0, csv())),
    ]
}

fn rows(context: &Context, large: bool) -> u64 {
    if large { context.pick(10_000_000, 200_000) } else { context.pick(1_000_000, 20_000) }
}

pub async fn sqlite(context: &Context, large: bool) -> Result<Outcome> {
    let rows = rows(context, large);
    let name = if large { "export-large" } else { "export" };
    let (mut sides, mut goals) = (sides("sqlite3"), goals());
    let title = if large {
        format!("CSV of {} rows out of SQLite", grouped(rows))
    } else {
        sides.extend(others());
        goals.extend(goals_of_others());
        format!("Exports of {} rows out of SQLite", grouped(rows))
    };
    let mut outcome = context.outcome(name, &title, metrics(), sides, goals);
    let has_tool = peers::found("sqlite3").is_some();
    if !has_tool {
        outcome.skipped.push("sqlite3: not installed".into());
    }
    println!("  {name}: making the rows");
    let plain = context.setup("plain")?;
    seed::sqlite::seed(&plain, &context.campaign, rows, false).await?;
    let sealed = context.setup("sealed")?;
    seed::sqlite::seed(&sealed, &context.campaign, rows, true).await?;
    let file = plain.data_dir.join("countersign.db");
    let tool = |select: &str| {
        let mut command = Command::new("sqlite3");
        command.arg("-csv").arg(&file).arg(select);
        command
    };
    for round in 0..context.rounds {
        note(&mut outcome, round, "ours", ours(&plain, rows)?);
        for format in OTHERS.iter().filter(|_| !large) {
            note(&mut outcome, round, format, of_format(&plain, rows, format)?);
        }
        if has_tool {
            note(&mut outcome, round, "tool", timed(tool(AS_EXPORTED), rows)?);
            note(&mut outcome, round, "stored", timed(tool(AS_STORED), rows)?);
        }
        note(&mut outcome, round, "sealed", ours(&sealed, rows)?);
    }
    context.clear("plain")?;
    context.clear("sealed")?;
    Ok(outcome)
}

pub async fn postgres(context: &Context, large: bool) -> Result<Outcome> {
    let rows = rows(context, large);
    let name = if large { "export-postgres-large" } else { "export-postgres" };
    let title = format!("CSV of {} rows out of Postgres", grouped(rows));
    let sides = sides("psql \\copy");
    let mut outcome = context.outcome(name, &title, metrics(), sides, goals());
    if cluster::programs().is_err() {
        outcome.skipped.push("Postgres: not installed".into());
        return Ok(outcome);
    }
    println!("  {name}: making the rows");
    let cluster = context.cluster()?;
    let mut plain = context.setup("plain")?;
    plain.database_url = Some(cluster.database().await?);
    seed::postgres::seed(&plain, &context.campaign, rows, false).await?;
    let mut sealed = context.setup("sealed")?;
    sealed.database_url = Some(cluster.database().await?);
    seed::postgres::seed(&sealed, &context.campaign, rows, true).await?;
    let psql = cluster::programs()?.join("psql");
    let url = plain.database_url.clone().unwrap_or_default();
    let tool = |copy: &str| {
        let mut command = Command::new(&psql);
        command.args(["-X", "-q", "-d", &url, "-c", copy]);
        command
    };
    for round in 0..context.rounds {
        note(&mut outcome, round, "ours", ours(&plain, rows)?);
        note(&mut outcome, round, "tool", timed(tool(COPY), rows)?);
        note(&mut outcome, round, "stored", timed(tool(COPY_AS_STORED), rows)?);
        note(&mut outcome, round, "sealed", ours(&sealed, rows)?);
    }
    drop(cluster);
    Ok(outcome)
}

fn ours(setup: &Setup, rows: u64) -> Result<Figures> {
    of_format(setup, rows, "csv")
}

fn of_format(setup: &Setup, rows: u64, format: &str) -> Result<Figures> {
    timed(setup.command(["export", seed::CAMPAIGN, "--format", format]), rows)
}

/// Runs a command to its end; what it writes goes nowhere.
fn timed(mut command: Command, rows: u64) -> Result<Figures> {
    let complaint = tempfile::NamedTempFile::new()?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(complaint.reopen()?);
    let began = Instant::now();
    let mut child = command.spawn().context("an export does not start")?;
    let mut peak = 0;
    let status = loop {
        // A peak only rises: the last look before the end sees it.
        peak = Usage::of(child.id()).map_or(peak, |usage| usage.peak.max(peak));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let seconds = began.elapsed().as_secs_f64();
    if !status.success() {
        let complaint = std::fs::read_to_string(complaint.path())?;
        bail!("an export ended with {status}: {complaint}");
    }
    Ok(vec![("rate", rows as f64 / seconds), ("peak", peak as f64 / 1e6)])
}

fn grouped(rows: u64) -> String {
    countersign_bench::stats::shown(rows as f64, 0)
}
