//! Reads every pledge of a campaign from one snapshot, on a connection of its own.

use std::path::Path;

use futures_util::StreamExt as _;
use sqlx::{Connection as _, SqliteConnection, SqlitePool};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::queries::queries;
use super::{count, open, queries, unavailable};
use crate::store::exported::{AHEAD, AT_ONCE, ExportedRows, RowStream};
use crate::store::{CampaignId, Result};

queries! {
    PLEDGES_NTH = "pledges.nth.sql";
    PLEDGES_STORED = "pledges.stored.sql";
}

/// In KiB. An export only goes forward: what it has read it does not read again.
const FORWARD: &str = "PRAGMA cache_size = -1024";

pub(super) async fn export(path: &Path, campaign: CampaignId) -> Result<RowStream> {
    let mut connection = open::reader(path).await?;
    sqlx::query(FORWARD).execute(&mut connection).await.map_err(unavailable)?;
    // The snapshot is that of the first read: taken before this returns.
    sqlx::query("BEGIN").execute(&mut connection).await.map_err(unavailable)?;
    sqlx::query(queries::META_PULSE).execute(&mut connection).await.map_err(unavailable)?;
    let (rows, received) = mpsc::channel(AHEAD);
    tokio::spawn(send_all(connection, campaign, rows));
    Ok(ReceiverStream::new(received).boxed())
}

async fn send_all(
    mut connection: SqliteConnection,
    campaign: CampaignId,
    to: mpsc::Sender<Result<ExportedRows>>,
) {
    let mut after = 0;
    loop {
        let read = some(&mut connection, campaign, after, AT_ONCE).await;
        let last = match &read {
            Ok(Some((last, _))) => Some(*last),
            Ok(None) | Err(_) => None,
        };
        // Whoever stopped listening does not need to know.
        let gone = match read.map(|read| read.map(|(_, rows)| rows)).transpose() {
            Some(rows) => to.send(rows).await.is_err(),
            None => false,
        };
        match last {
            Some(last) if !gone => after = last,
            _ => break,
        }
    }
    let _ = connection.close().await;
}

/// The next rows, and the id of the last of them; `None` after the end.
pub(super) async fn some(
    connection: &mut SqliteConnection,
    campaign: CampaignId,
    after: i64,
    limit: i64,
) -> Result<Option<(i64, ExportedRows)>> {
    let (last, text): (Option<i64>, Option<String>) = sqlx::query_as(queries::PLEDGES_EXPORT)
        .bind(campaign.0)
        .bind(after)
        .bind(limit)
        .fetch_one(connection)
        .await
        .map_err(unavailable)?;
    Ok(last.zip(text.map(ExportedRows::new)))
}

/// How many are stored, and how many of them are counted.
pub(super) async fn stored(readers: &SqlitePool, campaign: CampaignId) -> Result<(u64, u64)> {
    let (all, apart): (i64, i64) = sqlx::query_as(PLEDGES_STORED)
        .bind(campaign.0)
        .fetch_one(readers)
        .await
        .map_err(unavailable)?;
    Ok((count(all), count(all - apart)))
}

/// The id of the counted pledge that so many come before.
pub(super) async fn nth_counted(
    readers: &SqlitePool,
    campaign: CampaignId,
    before: u64,
) -> Result<Option<i64>> {
    sqlx::query_scalar(PLEDGES_NTH)
        .bind(campaign.0)
        .bind(i64::try_from(before).unwrap_or(i64::MAX))
        .fetch_optional(readers)
        .await
        .map_err(unavailable)
}
