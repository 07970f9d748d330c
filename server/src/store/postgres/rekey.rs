//! Which editions of the key this database is used with, and how its rows come to a later one.

use sqlx::PgPool;

use super::{queries, unavailable};
use crate::store::{CampaignId, Identity, REKEYED_AT_ONCE, Renew, Result, key_name, knows_later};

pub(super) async fn claim_keys(writer: &PgPool, editions: &[(u16, [u8; 16])]) -> Result<bool> {
    claim(writer, editions).await.map_err(unavailable)
}

async fn claim(writer: &PgPool, editions: &[(u16, [u8; 16])]) -> sqlx::Result<bool> {
    let mut tx = writer.begin().await?;
    let names: Vec<String> = sqlx::query_scalar(queries::META_KEYS).fetch_all(&mut *tx).await?;
    if knows_later(&names, editions) {
        return Ok(false);
    }
    for (version, check) in editions {
        let kept: Vec<u8> = sqlx::query_scalar(queries::META_CLAIM_KEY)
            .bind(key_name(*version))
            .bind(check.as_slice())
            .fetch_one(&mut *tx)
            .await?;
        if kept != check {
            return Ok(false);
        }
    }
    tx.commit().await?;
    Ok(true)
}

pub(super) async fn rekey(writer: &PgPool, after: i64, renew: Renew) -> Result<Option<i64>> {
    some(writer, after, renew).await.map_err(unavailable)
}

/// Batches that look for rows of earlier editions wait, and find them where they are then.
const ALONE: &str = "LOCK TABLE pledges IN SHARE ROW EXCLUSIVE MODE";

/// Pledge, campaign, edition of the key, fingerprint, what is sealed.
type Row = (i64, i64, i32, Vec<u8>, Vec<u8>);

async fn some(writer: &PgPool, after: i64, renew: Renew) -> sqlx::Result<Option<i64>> {
    let mut tx = writer.begin().await?;
    sqlx::query(ALONE).execute(&mut *tx).await?;
    let rows: Vec<Row> = sqlx::query_as(queries::PEOPLE_AFTER)
        .bind(after)
        .bind(REKEYED_AT_ONCE)
        .fetch_all(&mut *tx)
        .await?;
    let last = rows.last().map(|row| row.0);
    let mut ids = Vec::new();
    let mut renewed: Vec<Identity> = Vec::new();
    for (id, campaign, key_version, fingerprint, sealed) in rows {
        let Some(kept) = Identity::read(key_version.into(), fingerprint, sealed) else { continue };
        if let Some(new) = renew(CampaignId(campaign), &kept) {
            ids.push(id);
            renewed.push(new);
        }
    }
    if !ids.is_empty() {
        sqlx::query(queries::PLEDGES_REKEY)
            .bind(&ids)
            .bind(renewed.iter().map(|it| it.fingerprint.as_slice()).collect::<Vec<_>>())
            .bind(renewed.iter().map(|it| i32::from(it.key_version)).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
        sqlx::query(queries::PEOPLE_RESEAL)
            .bind(&ids)
            .bind(renewed.iter().map(|it| it.sealed.as_slice()).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(last)
}
