//! What the server needs for each page of an organizer whose campaign has a million people.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use bytes::Bytes;
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
    ("range", "the total by day, a range", "series?bucket=day&time_zone=Africa/Nairobi&{range}"),
    ("hours", "the total by hour", "series?bucket=hour"),
    ("countries", "countries", "countries"),
    ("funnel", "from seen to shared", "funnel"),
    ("sources", "sources", "sources"),
    ("weeks", "sources of a range", "sources?{range}"),
    ("alarms", "alarms", "alarms"),
    ("supporters", "supporters, first page", "supporters?limit=50"),
    ("email", "supporters, one address", "supporters?q={email}"),
    ("apart", "supporters held back", "supporters?state=quarantined&limit=50"),
    ("country", "supporters of a country", "supporters?country=KE&limit=50"),
    ("rare", "supporters of a rare country", "supporters?country=IS&limit=50"),
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

/// Searches to the last row. A page of them ends after a moment with what it found, and the dashboard
/// asks for the next at once; this is until it has asked for all.
const SEARCHES: &[(&str, &str, &str)] = &[
    ("all_rare", "a rare country, all rows", "supporters?country=IS&limit=50"),
    ("all_search", "a part of a name that nobody has, all rows", "supporters?q=zzzz&limit=50"),
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
            Metric::new("whole", "to the last row, ms", 0, false),
        ],
        PAGES.iter().chain(SEARCHES).map(|(id, title, _)| Side::new(id, title)).collect(),
        PAGES.iter().map(|(id, ..)| Goal::new(id, "worst", Bound::AtMost(GOAL_MS))).collect(),
    );
    println!("  admin: making the rows");
    let setup = context.setup("admin")?;
    seed::sqlite::seed(&setup, &context.campaign, rows, true).await?;
    let token = setup.run(&["token", "create", "bench", "--role", "owner"])?;
    let node = setup.start().await?;
    let email = People::new().person(rows / 2).email;
    let visitor = Visitor { context, node: &node, bearer: format!("Bearer {token}") };
    for round in 0..context.rounds {
        for (id, _, page) in PAGES {
            let page = page.replace("{email}", &email.replace('+', "%2B"));
            let page = page.replace("{range}", &seed::thirty_days());
            note(&mut outcome, round, id, visitor.page(&page).await?);
        }
        for (id, _, page) in SEARCHES {
            note(&mut outcome, round, id, visitor.search(page, rows).await?);
        }
    }
    drop(node);
    context.clear("admin")?;
    Ok(outcome)
}

/// An organizer, who asks for one thing after the other.
struct Visitor<'a> {
    context: &'a Context,
    node: &'a Node,
    bearer: String,
}

impl Visitor<'_> {
    async fn page(&self, page: &str) -> Result<Figures> {
        let mut times = Vec::new();
        for _ in 0..self.context.pick(40, 5) {
            let began = Instant::now();
            self.ask(page).await?;
            times.push(began.elapsed());
        }
        times.sort();
        let worst = times.last().copied().unwrap_or_default();
        Ok(vec![("p50", ms(times[times.len() / 2])), ("worst", ms(worst))])
    }

    async fn search(&self, page: &str, rows: u64) -> Result<Figures> {
        let (began, mut read, mut after) = (Instant::now(), 0, String::new());
        loop {
            let answer = self.ask(&format!("{page}{after}")).await?;
            let found: Found = serde_json::from_slice(&answer)?;
            read += found.read;
            let Some(next) = found.next else { break };
            after = format!("&after={next}");
        }
        if read != rows {
            bail!("{page}: {read} rows read of {rows}");
        }
        Ok(vec![("whole", ms(began.elapsed()))])
    }

    async fn ask(&self, page: &str) -> Result<Bytes> {
        let path = match page.strip_prefix('/') {
            Some(page) => format!("/api/v1/admin/{page}"),
            None => format!("/api/v1/admin/campaigns/{}/{page}", seed::CAMPAIGN),
        };
        let path = path.trim_end_matches('/');
        let answer = wire::ask(self.node.address, path, &[("authorization", &self.bearer)]).await?;
        if answer.status != 200 {
            bail!("{path}: {}", answer.status);
        }
        Ok(answer.body)
    }
}

/// Of a list of people: how far it is.
#[derive(serde::Deserialize)]
struct Found {
    read: u64,
    next: Option<String>,
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
