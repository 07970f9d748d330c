//! Holds the counters against the rows, while people sign.

use std::path::Path;

use sqlx::{Connection as _, SqliteConnection, SqlitePool};

use super::{admin, broken, count, open, queries, unavailable};
use crate::campaign::Campaign;
use crate::store::{Recount, Result};

pub(super) async fn recount(
    path: &Path,
    writer: &SqlitePool,
    repair: bool,
) -> Result<Vec<Recount>> {
    let mut reader = open::reader(path).await?;
    let mut snapshot = reader.begin().await.map_err(unavailable)?;
    let all = all(&mut snapshot).await?;
    snapshot.commit().await.map_err(unavailable)?;
    let mut recounts = Vec::with_capacity(all.len());
    for (id, mut recount) in all {
        if repair && recount.drifts() {
            let found = rebuild(writer, id, recount.slug.clone()).await;
            recount = Recount { repaired: true, ..found.map_err(unavailable)? };
        }
        recounts.push(recount);
    }
    let _ = reader.close().await;
    Ok(recounts)
}

/// All campaigns in one walk through the rows, from one snapshot.
async fn all(snapshot: &mut SqliteConnection) -> Result<Vec<(i64, Recount)>> {
    let campaigns: Vec<(i64, i64, i64, String)> = sqlx::query_as(queries::CAMPAIGNS_LIST)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(unavailable)?;
    let slug = |(id, _, _, settings): (i64, i64, i64, String)| {
        let campaign: Campaign = serde_json::from_str(&settings).map_err(broken)?;
        Ok((id, campaign.slug))
    };
    let campaigns = campaigns.into_iter().map(slug).collect::<Result<_>>()?;
    let totals: Vec<(i64, i64)> = sqlx::query_as(queries::CAMPAIGN_TOTALS_ALL)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(unavailable)?;
    let kept: Vec<(i64, String, i64)> = sqlx::query_as(queries::COUNTRY_TOTALS_ALL)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(unavailable)?;
    let rows: Vec<(i64, String, i64)> = sqlx::query_as(queries::PLEDGES_TALLY)
        .fetch_all(&mut *snapshot)
        .await
        .map_err(unavailable)?;
    Ok(Recount::all(campaigns, totals, kept, rows))
}

async fn one(
    tx: &mut SqliteConnection,
    campaign: i64,
    slug: countersign_shared::Slug,
) -> sqlx::Result<Recount> {
    let (total, _, _): (i64, i64, Option<String>) =
        sqlx::query_as(queries::CAMPAIGN_TOTALS_GET).bind(campaign).fetch_one(&mut *tx).await?;
    let kept: Vec<(String, i64)> =
        sqlx::query_as(queries::COUNTRY_TOTALS_GET).bind(campaign).fetch_all(&mut *tx).await?;
    let rows: Vec<(String, i64)> =
        sqlx::query_as(queries::PLEDGES_COUNT).bind(campaign).fetch_all(&mut *tx).await?;
    Ok(Recount::of(slug, count(total), kept, rows))
}

/// The rows win. Nobody else writes meanwhile; pledges wait in the queue.
async fn rebuild(
    writer: &SqlitePool,
    campaign: i64,
    slug: countersign_shared::Slug,
) -> sqlx::Result<Recount> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let found = one(&mut tx, campaign, slug).await?;
    sqlx::query(queries::CAMPAIGN_TOTALS_REPAIR)
        .bind(campaign)
        .bind(i64::try_from(found.rows).unwrap_or(i64::MAX))
        .execute(&mut *tx)
        .await?;
    for statement in [
        queries::COUNTRY_TOTALS_CLEAR,
        queries::COUNTRY_TOTALS_REBUILD,
        queries::MINUTE_TOTALS_CLEAR,
        queries::MINUTE_TOTALS_REBUILD,
    ] {
        sqlx::query(statement).bind(campaign).execute(&mut *tx).await?;
    }
    admin::next(&mut tx, "revision").await?;
    tx.commit().await?;
    Ok(found)
}
