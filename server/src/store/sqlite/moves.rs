//! Changes to pledges that are there, and the counters that move with them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::queries::{self, queries};
use super::record::json;
use super::{count, hooks, unavailable};
use crate::store::moves::{Held, HeldRow, Moves, signed, state, told};
use crate::store::{CampaignId, Counters, Result, country};

queries! {
    PLEDGES_HOLD = "pledges.hold.sql";
    PLEDGES_FLIP = "pledges.flip.sql";
    CAMPAIGN_TOTALS_MOVE = "campaign_totals.move.sql";
    COUNTRY_DAYS_MOVE = "country_days.move.sql";
    COUNTRY_DAYS_OPEN = "country_days.open.sql";
    COUNTRY_TOTALS_MOVE = "country_totals.move.sql";
    COUNTRY_TOTALS_OPEN = "country_totals.open.sql";
    MINUTE_TOTALS_MOVE = "minute_totals.move.sql";
    MINUTE_TOTALS_OPEN = "minute_totals.open.sql";
    MINUTE_TOTALS_PAPER = "minute_totals.paper.sql";
    SOURCE_DAYS_MOVE = "source_days.move.sql";
    SOURCE_DAYS_OPEN = "source_days.open.sql";
}

/// All of it or nothing. After an error the connection is thrown away with whatever state it is in.
pub(super) async fn whole<T>(
    writer: &SqlitePool,
    work: impl AsyncFnOnce(&mut SqliteConnection) -> sqlx::Result<T>,
) -> Result<T> {
    let mut connection = writer.acquire().await.map_err(unavailable)?;
    let done = async {
        let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
        let value = work(&mut tx).await?;
        tx.commit().await?;
        Ok(value)
    };
    let done = done.await;
    if done.is_err() {
        connection.close_on_drop();
    }
    done.map_err(unavailable)
}

/// These pledges as they stand. `ids` is a JSON list.
pub(super) async fn hold(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    ids: &str,
) -> sqlx::Result<Vec<Held>> {
    let rows: Vec<HeldRow> =
        sqlx::query_as(PLEDGES_HOLD).bind(campaign.0).bind(ids).fetch_all(tx).await?;
    Ok(rows.into_iter().map(Held::read).collect())
}

/// The same as a JSON list of their ids.
pub(super) fn ids(held: &[Held]) -> sqlx::Result<String> {
    json(&held.iter().map(|held| held.id).collect::<Vec<_>>())
}

pub(super) async fn flip(
    tx: &mut SqliteConnection,
    ids: &str,
    apart: Option<&str>,
) -> sqlx::Result<()> {
    let flip = sqlx::query(PLEDGES_FLIP).bind(ids).bind(state(apart)).bind(apart);
    flip.execute(tx).await.map(drop)
}

/// Moves every counter, and returns them all.
pub(super) async fn apply(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    moves: Moves,
    now: Timestamp,
) -> sqlx::Result<Counters> {
    let (total, seq, reason): (i64, i64, Option<String>) = sqlx::query_as(CAMPAIGN_TOTALS_MOVE)
        .bind(campaign.0)
        .bind(moves.total)
        .fetch_one(&mut *tx)
        .await?;
    let of_country = |(it, by)| json!({ "country": it, "by": by });
    let minute = |(it, by)| json!({ "minute": it, "by": by });
    let country_day = |((day, it), by)| json!({ "day": day, "country": it, "by": by });
    let source_day = |((day, it), by)| json!({ "day": day, "source": it, "by": by });
    for (open, change, lists) in [
        (COUNTRY_TOTALS_OPEN, COUNTRY_TOTALS_MOVE, lists(&moves.countries, of_country)),
        (MINUTE_TOTALS_OPEN, MINUTE_TOTALS_MOVE, lists(&moves.minutes, minute)),
        (MINUTE_TOTALS_OPEN, MINUTE_TOTALS_PAPER, lists(&moves.paper, minute)),
        (COUNTRY_DAYS_OPEN, COUNTRY_DAYS_MOVE, lists(&moves.country_days, country_day)),
        (SOURCE_DAYS_OPEN, SOURCE_DAYS_MOVE, lists(&moves.source_days, source_day)),
    ] {
        for (sign, list) in lists {
            let list = json(&list)?;
            if sign < 0 {
                sqlx::query(open).bind(campaign.0).bind(&list).execute(&mut *tx).await?;
            }
            let change = sqlx::query(change).bind(campaign.0).bind(&list).bind(sign);
            change.execute(&mut *tx).await?;
        }
    }
    if moves.total > 0 {
        hooks::rose(tx, campaign, count(total - moves.total), count(total), now).await?;
    }
    let rows: Vec<(String, i64)> =
        sqlx::query_as(queries::COUNTRY_TOTALS_GET).bind(campaign.0).fetch_all(&mut *tx).await?;
    let countries = rows
        .into_iter()
        .map(|(code, counted)| Ok((country(&code)?, count(counted))))
        .collect::<Result<_>>()
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Counters { seq: count(seq), total: count(total), countries, reason })
}

/// Tells webhooks what became of these pledges; before they are deleted, where they are.
pub(super) async fn tell(
    tx: &mut SqliteConnection,
    pledges: &[i64],
    by: i64,
    why: &'static str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let Some((events, why)) = told(by, why) else { return Ok(()) };
    for event in events {
        hooks::enqueue(tx, event, Some(why), pledges, now).await?;
    }
    Ok(())
}

/// [`signed`] as JSON, without what is empty.
fn lists<K: Clone>(
    moved: &BTreeMap<K, i64>,
    row: impl Fn((K, i64)) -> Value,
) -> Vec<(i64, Vec<Value>)> {
    let filled = signed(moved).into_iter().filter(|(_, list)| !list.is_empty());
    filled.map(|(sign, list)| (sign, list.into_iter().map(&row).collect())).collect()
}
