//! Reading the totals, beside nginx serving the very same bytes from a file.

use anyhow::{Result, bail};
use countersign_bench::load::Load;
use countersign_bench::node::Node;
use countersign_bench::people::People;
use countersign_bench::wire;

use super::pledges::micros;
use crate::context::{Context, note};
use crate::outcome::{Bound, Figures, Goal, Metric, Outcome, Side};
use crate::peers;
use crate::seed::CAMPAIGN;

const PATH: &str = "/api/v1/campaigns/example/totals";

pub async fn run(context: &Context) -> Result<Outcome> {
    let mut outcome = context.outcome(
        "totals",
        "Reading the totals, 64 connections",
        vec![
            Metric::new("cpu", "server CPU a request, µs", 1, false).drawn(),
            Metric::new("rate", "requests a second", 0, true),
            Metric::new("p99", "p99, ms", 1, false),
        ],
        vec![Side::new("ours", "Countersign"), Side::new("nginx", "nginx, a file")],
        vec![Goal::new("ours", "cpu", Bound::TimesAtMost(0.75, "nginx".into()))],
    );
    let has_nginx = peers::found("nginx").is_some();
    if !has_nginx {
        outcome.skipped.push("nginx: not installed".into());
    }
    let setup = context.setup("ours")?;
    setup.apply(&context.campaign)?;
    let ours = setup.start().await?;
    // Enough people for every country of theirs.
    let sign = Load::pledges(ours.address, CAMPAIGN, People::new(), 0, None);
    Load { count: Some(3_000), ..sign }.run().await;
    let body = wire::ask(ours.address, PATH, &[]).await?.body;

    let folder = context.folder("nginx")?;
    let file = folder.join("www").join(PATH.trim_start_matches('/'));
    if let Some(parent) = file.parent() {
        std::fs::create_dir_all(parent)?;
    }
    std::fs::write(&file, &body)?;
    let nginx = if has_nginx { Some(peers::nginx_files(&folder).await?) } else { None };
    for round in 0..context.rounds {
        note(&mut outcome, round, "ours", measure(context, &ours).await?);
        if let Some(nginx) = &nginx {
            if wire::ask(nginx.address, PATH, &[]).await?.body.len() != body.len() {
                bail!("nginx does not serve the same bytes");
            }
            note(&mut outcome, round, "nginx", measure(context, nginx).await?);
        }
    }
    Ok(outcome)
}

async fn measure(context: &Context, node: &Node) -> Result<Figures> {
    let (warm_up, measured) = context.times();
    let load = Load { warm_up, time: Some(warm_up + measured), ..Load::get(node.address, PATH) };
    let before = node.usage()?.cpu;
    let report = load.run().await;
    let cpu = node.usage()?.cpu.saturating_sub(before);
    if report.errors + report.refused > 0 || report.answers.len() != 1 || report.with(200) == 0 {
        bail!("not every request was answered: {}", report.line());
    }
    Ok(vec![
        ("cpu", micros(cpu) / report.all as f64),
        ("rate", report.rate(200)),
        ("p99", report.quantile_ms(0.99)),
    ])
}
