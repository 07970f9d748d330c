//! Pledges a second on SQLite, beside the usual way.

use anyhow::Result;

use super::pledges;
use crate::context::{Context, note};
use crate::outcome::{Bound, Goal, Outcome, Side};

pub async fn run(context: &Context) -> Result<Outcome> {
    let usual = || "usual".to_owned();
    let mut outcome = context.outcome(
        "sqlite",
        "Pledges over HTTP, 256 connections, durable, SQLite",
        pledges::metrics(),
        vec![Side::new("ours", "Countersign"), Side::new("usual", "the usual way")],
        vec![
            Goal::new("ours", "rate", Bound::TimesAtLeast(15.0, usual())),
            Goal::new("ours", "p99", Bound::TimesAtMost(0.1, usual())),
        ],
    );
    for round in 0..context.rounds {
        let setup = context.setup("ours")?;
        setup.apply(&context.campaign)?;
        note(&mut outcome, round, "ours", pledges::ours(context, &setup, None).await?);
        let folder = context.folder("usual")?;
        let figures = pledges::usual(context, &folder, &pledges::usual_file(&folder), None).await?;
        note(&mut outcome, round, "usual", figures);
    }
    Ok(outcome)
}
