//! From commit to screen: signed on one node, seen on another of the same Postgres.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use countersign_bench::cluster;
use countersign_bench::load::{milliseconds, pledge_request};
use countersign_bench::node::{Node, Setup};
use countersign_bench::people::People;
use countersign_bench::wire::Wire;

use crate::context::{Context, note};
use crate::outcome::{Bound, Figures, Goal, Metric, Outcome, Side};
use crate::seed::CAMPAIGN;
use crate::viewers::{Viewers, watching};

const VIEWERS: usize = 20;
/// More than the gap that a server leaves between frames: none of them waits for the gap to end.
const PACE: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn run(context: &Context) -> Result<Outcome> {
    let mut outcome = context.outcome(
        "nodes",
        "From commit to screen: two nodes on one Postgres",
        vec![
            Metric::new("p50", "p50 from the answer to the frame, ms", 2, false),
            Metric::new("p99", "p99 from the answer to the frame, ms", 2, false).drawn(),
        ],
        vec![Side::new("two", "seen on the other node"), Side::new("one", "seen on the same node")],
        vec![Goal::new("two", "p99", Bound::MoreAtMost(20.0, "one".into()))],
    );
    if cluster::programs().is_err() {
        outcome.skipped.push("Postgres: not installed".into());
        return Ok(outcome);
    }
    let cluster = context.cluster()?;
    for round in 0..context.rounds {
        let database = cluster.database().await?;
        let first = node(context, "first", &database)?;
        first.apply(&context.campaign)?;
        let second = node(context, "second", &database)?;
        // Nodes of one database share its key.
        std::fs::create_dir_all(&second.data_dir)?;
        std::fs::copy(first.data_dir.join("secret.key"), second.data_dir.join("secret.key"))?;
        let (first, second) = (first.start().await?, second.start().await?);
        note(&mut outcome, round, "two", watching(measure(context, &first, &second)).await?);
        note(&mut outcome, round, "one", watching(measure(context, &first, &first)).await?);
    }
    drop(cluster);
    Ok(outcome)
}

fn node(context: &Context, name: &str, database: &str) -> Result<Setup> {
    let mut setup = context.setup(name)?;
    setup.database_url = Some(database.to_owned());
    Ok(setup)
}

/// Signs on one node, slowly, and reads the stream of another.
async fn measure(context: &Context, signed: &Node, seen: &Node) -> Result<Figures> {
    let stream = format!("/api/v1/campaigns/{CAMPAIGN}/stream");
    let viewers = Viewers::open(seen.address, &stream, VIEWERS).await?;
    let people = People::new();
    let mut publisher = Wire::connect(signed.address).await?;
    let mut committed = Vec::new();
    let mut ticks = tokio::time::interval_at((Instant::now() + PACE).into(), PACE);
    for number in 0..context.pick(100, 10) {
        ticks.tick().await;
        let (key, body) = (people.key(number), people.body(number));
        let request = pledge_request(signed.address, CAMPAIGN, &key, &body);
        let answer = publisher.exchange(&request).await?;
        let now = Instant::now();
        let taken: serde_json::Value = serde_json::from_slice(&answer.body)?;
        let Some(total) = taken["number"].as_u64() else {
            bail!("answered with {}: {taken}", answer.status);
        };
        committed.push((total, now));
    }
    let last = committed.last().map_or(0, |(total, _)| *total);
    if !viewers.until(last, PATIENCE).await {
        bail!("the last pledge was never seen");
    }
    let latencies = viewers.latencies(&committed);
    viewers.close().await?;
    Ok(vec![("p50", milliseconds(&latencies, 0.5)), ("p99", milliseconds(&latencies, 0.99))])
}
