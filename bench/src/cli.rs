//! The commands for people: load a server of their own, and check afterwards what it promised.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use countersign_bench::ledger::Ledger;
use countersign_bench::load::{Load, Pace};
use countersign_bench::oracle::{Depth, Site, examine};
use countersign_bench::people::People;
use countersign_bench::wire;

#[derive(clap::Args)]
pub struct LoadOptions {
    /// The server: a test server with COUNTERSIGN_RATE_LIMIT=off, never one that people use.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000")]
    url: String,
    /// The campaign's short name.
    #[arg(long, value_name = "SLUG", default_value = "example")]
    campaign: String,
    #[arg(long, value_name = "N", default_value_t = 64)]
    connections: usize,
    /// So many a second; without it, as fast as answers come.
    #[arg(long, value_name = "N")]
    rate: Option<f64>,
    #[arg(long, value_name = "N", default_value_t = 10)]
    seconds: u64,
    /// End after so many pledges, if that comes first.
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// Send what is not acknowledged again with the same key, until the end.
    #[arg(long)]
    resend: bool,
    /// Write every key and acknowledgement here, for `check`.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct CheckOptions {
    /// What `load --ledger` wrote.
    #[arg(long, value_name = "FILE")]
    ledger: PathBuf,
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3000")]
    url: String,
    /// The campaign's short name.
    #[arg(long, value_name = "SLUG", default_value = "example")]
    campaign: String,
    /// From `countersign token create NAME`.
    #[arg(long, env = "COUNTERSIGN_TOKEN", hide_env_values = true)]
    token: String,
    /// Do not send what was not acknowledged again: for a campaign that has closed.
    #[arg(long)]
    no_resend: bool,
}

pub async fn load(options: LoadOptions) -> Result<()> {
    let address = wire::address(&options.url)?;
    let ledger = options.ledger.is_some().then(|| Arc::new(Ledger::default()));
    let pace = options.rate.map_or(Pace::Closed, |per_second| Pace::Open { per_second });
    let load = Load {
        connections: options.connections,
        pace,
        count: options.count,
        time: Some(Duration::from_secs(options.seconds)),
        resend: options.resend,
        ..Load::pledges(address, &options.campaign, People::new(), 0, ledger.clone())
    };
    let report = load.run().await;
    println!("{}", report.line());
    println!("{:.0} acknowledged a second", report.rate(201));
    if let (Some(ledger), Some(path)) = (ledger, &options.ledger) {
        ledger.write(path)?;
        println!(
            "{}: {} keys, {} acknowledged",
            path.display(),
            ledger.len(),
            ledger.acknowledged_count()
        );
    }
    if report.answers.is_empty() {
        bail!("nothing answered at {}", options.url);
    }
    Ok(())
}

pub async fn check(options: CheckOptions) -> Result<()> {
    let ledger = Ledger::read(&options.ledger)?;
    let site = Site::new(wire::address(&options.url)?, &options.campaign, &options.token);
    let depth = Depth { resend: !options.no_resend, ..Depth::default() };
    let wrong = examine(&ledger, &site, depth).await.context("the check could not be made")?;
    for sentence in &wrong {
        println!("{sentence}");
    }
    if !wrong.is_empty() {
        bail!("{} things are not as they were acknowledged", wrong.len());
    }
    println!(
        "{} acknowledged keys, and everything is as it should be",
        ledger.acknowledged_count()
    );
    Ok(())
}
