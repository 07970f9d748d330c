//! Ten thousand viewers and about four updates a second, beside nginx with nchan and beside Node.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use countersign_bench::load::{milliseconds, pledge_request};
use countersign_bench::node::Node;
use countersign_bench::people::People;
use countersign_bench::wire::Wire;

use super::pledges::micros;
use crate::context::{Context, note};
use crate::outcome::{Bound, Figures, Goal, Metric, Outcome, Side};
use crate::peers;
use crate::seed::CAMPAIGN;
use crate::viewers::{Viewers, watching};

/// Between two updates. Our server sends a frame every quarter of a second at most; a little more
/// than that, and each update is a frame of its own on every side.
const PACE: Duration = Duration::from_millis(260);

/// Every viewer has a frame within this, or the run is void.
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn run(context: &Context) -> Result<Outcome> {
    let viewers = viewers(context);
    let nchan = || "nchan".to_owned();
    let mut outcome = context.outcome(
        "stream",
        &format!("{viewers} open streams, an update every {} ms", PACE.as_millis()),
        vec![
            Metric::new("cpu", "server CPU a frame, µs", 1, false).drawn(),
            Metric::new("p99", "p99 until it is read, ms", 0, false).drawn(),
            Metric::new("memory", "memory a viewer, bytes", 0, false).drawn(),
            Metric::new("bytes", "bytes of a frame", 0, false),
        ],
        vec![
            Side::new("ours", "Countersign"),
            Side::new("nchan", "nginx with nchan"),
            Side::new("node", "Node"),
        ],
        vec![
            Goal::new("ours", "cpu", Bound::TimesAtMost(0.75, nchan())),
            Goal::new("ours", "p99", Bound::TimesAtMost(1.0, nchan())),
            Goal::new("ours", "memory", Bound::AtMost(12_000.0)),
        ],
    );
    let absent =
        [("nginx with nchan", !peers::has_nchan()), ("Node", peers::found("node").is_none())];
    for (name, _) in absent.iter().filter(|(_, absent)| *absent) {
        outcome.skipped.push(format!("{name}: not installed"));
    }
    for round in 0..context.rounds {
        note(&mut outcome, round, "ours", ours(context, viewers).await?);
        if peers::has_nchan() {
            let node = peers::nginx_nchan(&context.folder("nchan")?).await?;
            note(&mut outcome, round, "nchan", theirs(context, viewers, &node).await?);
        }
        if peers::found("node").is_some() {
            let node = peers::node(&context.folder("node")?).await?;
            note(&mut outcome, round, "node", theirs(context, viewers, &node).await?);
        }
    }
    Ok(outcome)
}

/// Ten thousand, or as many as there may be open sockets.
fn viewers(context: &Context) -> usize {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    let most = limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    context.pick(10_000, 500).min(most.saturating_sub(200))
}

async fn ours(context: &Context, viewers: usize) -> Result<Figures> {
    let mut setup = context.setup("ours")?;
    setup.apply(&context.campaign)?;
    for flag in ["--max-streams", "--max-streams-per-address"] {
        setup.args.extend([flag.to_owned(), "12000".to_owned()]);
    }
    let node = setup.start().await?;
    let people = People::new();
    let stream = format!("/api/v1/campaigns/{CAMPAIGN}/stream");
    let publish =
        |number| pledge_request(node.address, CAMPAIGN, &people.key(number), &people.body(number));
    watching(measure(context, &node, viewers, &stream, &publish)).await
}

async fn theirs(context: &Context, viewers: usize, node: &Node) -> Result<Figures> {
    let publish = |number| peer_request(node.address, number);
    watching(measure(context, node, viewers, "/stream", &publish)).await
}

/// The very JSON that we send when one person has signed.
fn peer_request(address: SocketAddr, number: u64) -> Vec<u8> {
    let body = format!(
        r#"{{"campaign":"{CAMPAIGN}","epoch":1790000000000,"seq":{number},"total":{number},"goal":100,"countries":{{"DE":{number}}},"as_of":"2027-03-01T12:00:00.123456Z","partial":true}}"#
    );
    let length = body.len();
    format!(
        "POST /publish HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Opens the streams, publishes, and reads off what it cost. Publication `n` makes the total `n`.
async fn measure(
    context: &Context,
    node: &Node,
    viewers: usize,
    stream: &str,
    publish: &impl Fn(u64) -> Vec<u8>,
) -> Result<Figures> {
    let idle = node.usage()?.resident;
    let watching = Viewers::open(node.address, stream, viewers).await?;
    let mut publisher = Wire::connect(node.address).await?;
    // The first update shows that all are there, and is not measured.
    post(&mut publisher, &publish(1)).await?;
    if !watching.until(1, PATIENCE).await {
        bail!("{} of {viewers} viewers had the first update", watching.frames());
    }
    watching.forget();
    let before = node.usage()?.cpu;
    let mut published = Vec::new();
    let mut ticks = tokio::time::interval_at((Instant::now() + PACE).into(), PACE);
    let last = 1 + context.pick(80, 12);
    for total in 2..=last {
        ticks.tick().await;
        // From here: what it takes to store a pledge is part of the time until it is seen.
        published.push((total, Instant::now()));
        post(&mut publisher, &publish(total)).await?;
    }
    if !watching.until(last, PATIENCE).await {
        bail!("not every viewer had the last update");
    }
    let usage = node.usage()?;
    let frames = watching.frames();
    let latencies = watching.latencies(&published);
    let expected = viewers * published.len();
    // A viewer that is behind is sent the newest instead, which is right, but less work.
    if frames * 100 < expected * 98 {
        bail!("{frames} of {expected} frames arrived: too slow to compare");
    }
    let bytes = watching.bytes_per_frame();
    watching.close().await?;
    let memory = usage.resident.saturating_sub(idle) as f64 / viewers as f64;
    Ok(vec![
        ("cpu", micros(usage.cpu.saturating_sub(before)) / frames as f64),
        ("p99", milliseconds(&latencies, 0.99)),
        ("memory", memory),
        ("bytes", bytes),
    ])
}

async fn post(publisher: &mut Wire, request: &[u8]) -> Result<()> {
    let answer = publisher.exchange(request).await.context("a publication")?;
    if !(200..300).contains(&answer.status) {
        bail!("a publication was answered with {}", answer.status);
    }
    Ok(())
}
