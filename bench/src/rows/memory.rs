//! What durability costs: our server beside itself with a store that only counts.

use anyhow::Result;

use super::pledges;
use crate::context::{Context, note};
use crate::outcome::{Bound, Goal, Outcome, Side};
use crate::peers;

pub async fn run(context: &Context) -> Result<Outcome> {
    let mut outcome = context.outcome(
        "memory",
        "The same pledges with and without a database",
        pledges::metrics(),
        vec![Side::new("ours", "Countersign"), Side::new("memory", "without a database")],
        vec![Goal::new("ours", "rate", Bound::TimesAtLeast(0.45, "memory".into()))],
    );
    for round in 0..context.rounds {
        let setup = context.setup("ours")?;
        setup.apply(&context.campaign)?;
        note(&mut outcome, round, "ours", pledges::ours(context, &setup, None).await?);
        let folder = context.folder("memory")?;
        let node = peers::ourselves(&context.me, &folder, |command, listen| {
            command.args(["memory", "--listen", &listen.to_string()]);
            command.arg("--data-dir").arg(&folder).arg("--campaign").arg(&context.campaign);
        })
        .await?;
        note(&mut outcome, round, "memory", pledges::measure(context, &node, None).await?);
    }
    Ok(outcome)
}
