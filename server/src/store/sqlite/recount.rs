//! Holds the counters against the rows.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{SqliteConnection, SqlitePool};

use super::{admin, broken, count, queries, unavailable};
use crate::store::{Recount, Result};

pub(super) async fn recount(writer: &SqlitePool, repair: bool) -> Result<Vec<Recount>> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.map_err(unavailable)?;
    let campaigns: Vec<(i64, i64, String)> =
        sqlx::query_as(queries::CAMPAIGNS_LIST).fetch_all(&mut *tx).await.map_err(unavailable)?;
    let mut recounts = Vec::with_capacity(campaigns.len());
    for (id, _, settings) in campaigns {
        let campaign: crate::campaign::Campaign =
            serde_json::from_str(&settings).map_err(broken)?;
        let mut recount = one(&mut tx, id, campaign.slug).await.map_err(unavailable)?;
        if repair && recount.drifts() {
            rebuild(&mut tx, id, recount.rows).await.map_err(unavailable)?;
            recount.repaired = true;
        }
        recounts.push(recount);
    }
    if recounts.iter().any(|recount| recount.repaired) {
        admin::next(&mut tx, "revision").await.map_err(unavailable)?;
    }
    tx.commit().await.map_err(unavailable)?;
    Ok(recounts)
}

async fn one(
    tx: &mut SqliteConnection,
    campaign: i64,
    slug: countersign_shared::Slug,
) -> sqlx::Result<Recount> {
    let (stored, _, _): (i64, i64, Option<String>) =
        sqlx::query_as(queries::CAMPAIGN_TOTALS_GET).bind(campaign).fetch_one(&mut *tx).await?;
    let by_country = by_country(tx, queries::COUNTRY_TOTALS_GET, campaign).await?;
    let by_rows = by_country_of_rows(tx, campaign).await?;
    let codes: BTreeSet<&String> = by_country.keys().chain(by_rows.keys()).collect();
    let of = |counts: &BTreeMap<String, u64>, code: &String| counts.get(code).copied().unwrap_or(0);
    let countries = codes
        .into_iter()
        .map(|code| (code.clone(), of(&by_country, code), of(&by_rows, code)))
        .filter(|(_, stored, rows)| stored != rows)
        .collect();
    let rows = by_rows.values().sum();
    Ok(Recount { slug, stored: count(stored), rows, countries, repaired: false })
}

async fn by_country_of_rows(
    tx: &mut SqliteConnection,
    campaign: i64,
) -> sqlx::Result<BTreeMap<String, u64>> {
    by_country(tx, queries::PLEDGES_COUNT, campaign).await
}

async fn by_country(
    tx: &mut SqliteConnection,
    query: &'static str,
    campaign: i64,
) -> sqlx::Result<BTreeMap<String, u64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(query).bind(campaign).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(code, counted)| (code, count(counted))).collect())
}

/// The rows win.
async fn rebuild(tx: &mut SqliteConnection, campaign: i64, rows: u64) -> sqlx::Result<()> {
    sqlx::query(queries::CAMPAIGN_TOTALS_REPAIR)
        .bind(campaign)
        .bind(i64::try_from(rows).unwrap_or(i64::MAX))
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
    Ok(())
}
