//! What the server needs for each page of an organizer whose campaign has a million people.

use std::time::Instant;

use anyhow::{Result, bail};
use countersign_bench::node::Node;
use countersign_bench::people::People;
use countersign_bench::wire;

use crate::context::{Context, note};
use crate::outcome::{Bound, Figures, Goal, Metric, Outcome, Side};
use crate::seed;

/// A page of the dashboard and what it asks for: below the campaign, or, with a slash in front, below
/// the organizers' API.
const PAGES: &[(&str, &str, &str)] = &[
    ("overview", "the live card", "overview"),
    ("series", "the total by day", "series?bucket=day&time_zone=Africa/Nairobi"),
    ("hours", "the total by hour", "series?bucket=hour"),
    ("countries", "countries", "countries"),
    ("funnel", "from seen to shared", "funnel"),
    ("sources", "sources", "sources"),
    ("alarms", "alarms", "alarms"),
    ("supporters", "supporters, first page", "supporters?limit=50"),
    ("email", "supporters, one address", "supporters?q={email}"),
    ("apart", "supporters held back", "supporters?state=quarantined&limit=50"),
    ("country", "supporters of a country", "supporters?country=KE&limit=50"),
    ("search", "supporters, a part of a name", "supporters?q=zzzz&limit=50"),
    ("domain", "supporters of a mail domain", "supporters?domain=nobody.example&limit=50"),
    ("settings", "campaign settings", ""),
    ("offline", "signatures from paper", "offline"),
    ("unconfirmed", "supporters without their yes", "supporters?state=unconfirmed&limit=50"),
    ("bulk", "work in bulk", "bulk"),
    ("webhooks", "webhooks", "webhooks"),
    ("campaigns", "all campaigns", "/campaigns"),
    ("team", "team", "/team"),
    ("tokens", "tokens", "/tokens"),
    ("audit", "audit log", "/audit"),
    ("proof", "proof of the audit log", "/audit/proof"),
];

/// What a person does not feel as waiting.
const GOAL_MS: f64 = 200.0;

pub async fn run(context: &Context) -> Result<Outcome> {
    let rows = context.pick(1_000_000, 20_000);
    let mut outcome = context.outcome(
        "admin",
        "An organizer's pages with a million people, SQLite",
        vec![
            Metric::new("p50", "p50, ms", 1, false),
            Metric::new("worst", "slowest, ms", 1, false).drawn(),
        ],
        PAGES.iter().map(|(id, title, _)| Side::new(id, title)).collect(),
        PAGES.iter().map(|(id, ..)| Goal::new(id, "worst", Bound::AtMost(GOAL_MS))).collect(),
    );
    println!("  admin: making the rows");
    let setup = context.setup("admin")?;
    seed::sqlite::seed(&setup, &context.campaign, rows, true).await?;
    let token = setup.run(&["token", "create", "bench", "--role", "owner"])?;
    let node = setup.start().await?;
    let email = People::new().person(rows / 2).email;
    for round in 0..context.rounds {
        for (id, _, page) in PAGES {
            let page = page.replace("{email}", &email.replace('+', "%2B"));
            note(&mut outcome, round, id, measure(context, &node, &token, &page).await?);
        }
    }
    drop(node);
    context.clear("admin")?;
    Ok(outcome)
}

/// One request after the other, as one organizer asks.
async fn measure(context: &Context, node: &Node, token: &str, page: &str) -> Result<Figures> {
    let path = match page.strip_prefix('/') {
        Some(page) => format!("/api/v1/admin/{page}"),
        None => format!("/api/v1/admin/campaigns/{}/{page}", seed::CAMPAIGN),
    };
    let path = path.trim_end_matches('/');
    let bearer = format!("Bearer {token}");
    let mut times = Vec::new();
    for _ in 0..context.pick(40, 5) {
        let began = Instant::now();
        let answer = wire::ask(node.address, path, &[("authorization", &bearer)]).await?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        if answer.status != 200 {
            bail!("{path}: {}", answer.status);
        }
    }
    times.sort_by(f64::total_cmp);
    let worst = times.last().copied().unwrap_or_default();
    Ok(vec![("p50", times[times.len() / 2]), ("worst", worst)])
}
