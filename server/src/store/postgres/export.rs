//! Reads every pledge of a campaign from one snapshot, on a connection of its own.

use futures_util::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{Connection as _, PgConnection, Row as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::{broken, open, queries, read, unavailable};
use crate::store::{CampaignId, EXPORT_AHEAD, ExportRow, Result, RowStream};

pub(super) async fn export(options: &PgConnectOptions, campaign: CampaignId) -> Result<RowStream> {
    let mut connection = open::connect(options).await?;
    // The snapshot is that of the first read: taken before this returns.
    sqlx::query(read::SNAPSHOT).execute(&mut connection).await.map_err(unavailable)?;
    sqlx::query(queries::META_PULSE).execute(&mut connection).await.map_err(unavailable)?;
    let (rows, received) = mpsc::channel(EXPORT_AHEAD);
    tokio::spawn(send_all(connection, campaign, rows));
    Ok(ReceiverStream::new(received).boxed())
}

async fn send_all(
    mut connection: PgConnection,
    campaign: CampaignId,
    rows: mpsc::Sender<Result<ExportRow>>,
) {
    if let Err(error) = send_rows(&mut connection, campaign, &rows).await {
        // Whoever stopped listening does not need to know.
        let _ = rows.send(Err(error)).await;
    }
    let _ = connection.close().await;
}

async fn send_rows(
    connection: &mut PgConnection,
    campaign: CampaignId,
    to: &mpsc::Sender<Result<ExportRow>>,
) -> Result<()> {
    let mut rows = sqlx::query(queries::PLEDGES_EXPORT).bind(campaign.0).fetch(connection);
    while let Some(row) = rows.try_next().await.map_err(unavailable)? {
        if to.send(export_row(&row)).await.is_err() {
            break;
        }
    }
    Ok(())
}

fn export_row(row: &PgRow) -> Result<ExportRow> {
    let read = || -> std::result::Result<_, Box<dyn std::error::Error + Send + Sync>> {
        Ok(ExportRow {
            id: row.try_get(0)?,
            signed_at: Timestamp::from_millisecond(row.try_get(1)?)?,
            state: row.try_get(2)?,
            quarantine_reason: row.try_get(3)?,
            country: row.try_get(4)?,
            locale: row.try_get(5)?,
            public_name: row.try_get(6)?,
            updates: row.try_get(7)?,
            suspicious: row.try_get(8)?,
            source: row.try_get(9)?,
            receipt: row.try_get(10)?,
            key_version: u16::try_from(row.try_get::<i32, _>(11)?)?,
            fingerprint: row.try_get::<&[u8], _>(12)?.try_into()?,
            sealed: row.try_get(13)?,
        })
    };
    read().map_err(broken)
}
