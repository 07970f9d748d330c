//! Pledges a second on Postgres, beside the usual way.

use anyhow::Result;
use countersign_bench::cluster;

use super::pledges;
use crate::context::{Context, note};
use crate::outcome::{Bound, Goal, Metric, Outcome, Side};

pub async fn run(context: &Context) -> Result<Outcome> {
    let usual = || "usual".to_owned();
    let mut metrics = pledges::metrics();
    metrics.push(Metric::new("database", "Postgres' CPU a pledge, µs", 0, false));
    let mut outcome = context.outcome(
        "postgres",
        "Pledges over HTTP, 256 connections, durable, Postgres",
        metrics,
        vec![Side::new("ours", "Countersign"), Side::new("usual", "the usual way")],
        vec![Goal::new("ours", "rate", Bound::TimesAtLeast(15.0, usual()))],
    );
    if cluster::programs().is_err() {
        outcome.skipped.push("Postgres: not installed".into());
        return Ok(outcome);
    }
    let cluster = context.cluster()?;
    for round in 0..context.rounds {
        let mut setup = context.setup("ours")?;
        setup.database_url = Some(cluster.database().await?);
        setup.apply(&context.campaign)?;
        let database = Some(cluster.pid()?);
        note(&mut outcome, round, "ours", pledges::ours(context, &setup, database).await?);

        let folder = context.folder("usual")?;
        let url = cluster.database().await?;
        let figures = pledges::usual(context, &folder, &url, database).await?;
        note(&mut outcome, round, "usual", figures);
    }
    drop(cluster);
    Ok(outcome)
}
