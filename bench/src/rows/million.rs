//! Pledges a second when ten million people have signed already.

use anyhow::Result;

use super::pledges;
use crate::context::{Context, note};
use crate::outcome::{Bound, Goal, Outcome, Side};
use crate::seed;

pub async fn run(context: &Context) -> Result<Outcome> {
    let rows = context.pick(10_000_000, 200_000);
    let label = context.pick("with 10 million rows", "with 200,000 rows");
    let mut outcome = context.outcome(
        "million",
        "Pledges when millions have signed already, SQLite",
        pledges::metrics(),
        vec![
            Side::new("full", &format!("Countersign {label}")),
            Side::new("empty", "Countersign when empty"),
            Side::new("usual", &format!("the usual way {label}")),
        ],
        vec![
            Goal::new("full", "rate", Bound::TimesAtLeast(0.5, "empty".into())),
            Goal::new("full", "rate", Bound::TimesAtLeast(8.0, "usual".into())),
        ],
    );
    println!("  million: making the rows");
    let full = context.setup("full")?;
    seed::sqlite::seed(&full, &context.campaign, rows, false).await?;
    let folder = context.folder("usual-full")?;
    let usual = pledges::usual_file(&folder);
    pledges::seed_usual(context, &usual, rows)?;
    for round in 0..context.rounds {
        // Each round adds some tens of thousands to the millions, on both sides.
        note(&mut outcome, round, "full", pledges::ours(context, &full, None).await?);
        let empty = context.setup("ours")?;
        empty.apply(&context.campaign)?;
        note(&mut outcome, round, "empty", pledges::ours(context, &empty, None).await?);
        note(&mut outcome, round, "usual", pledges::usual(context, &folder, &usual, None).await?);
    }
    for name in ["full", "usual-full"] {
        context.clear(name)?;
    }
    Ok(outcome)
}
