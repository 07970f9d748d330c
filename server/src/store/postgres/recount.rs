//! Holds the counters against the rows, while people sign.

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection};

use super::{admin, broken, count, open, queries, read, stored, unavailable};
use crate::campaign::Campaign;
use crate::store::{Recount, Result};

pub(super) async fn recount(options: &PgConnectOptions, repair: bool) -> Result<Vec<Recount>> {
    let mut connection = open::connect(options).await?;
    let mut snapshot = connection.begin_with(read::SNAPSHOT).await.map_err(unavailable)?;
    let all = all(&mut snapshot).await?;
    snapshot.commit().await.map_err(unavailable)?;
    let mut recounts = Vec::with_capacity(all.len());
    for (id, mut recount) in all {
        if repair && recount.drifts() {
            let found = rebuild(&mut connection, id, recount.slug.clone()).await;
            recount = Recount { repaired: true, ..found.map_err(unavailable)? };
        }
        recounts.push(recount);
    }
    let _ = connection.close().await;
    Ok(recounts)
}

/// All campaigns in one walk through the rows, from one snapshot.
async fn all(snapshot: &mut PgConnection) -> Result<Vec<(i64, Recount)>> {
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
    tx: &mut PgConnection,
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

/// The rows win. Batches that are under way wait before they count up, and what they insert is not
/// seen here: they add it afterwards.
async fn rebuild(
    connection: &mut PgConnection,
    campaign: i64,
    slug: countersign_shared::Slug,
) -> sqlx::Result<Recount> {
    let mut tx = connection.begin().await?;
    sqlx::query("SELECT FROM campaign_totals WHERE campaign_id = $1 FOR UPDATE")
        .bind(campaign)
        .execute(&mut *tx)
        .await?;
    let found = one(&mut tx, campaign, slug).await?;
    sqlx::query(queries::CAMPAIGN_TOTALS_REPAIR)
        .bind(campaign)
        .bind(stored(found.rows))
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
