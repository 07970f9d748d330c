//! Which editions of the key this database is used with, and how its rows come to a later one.

use sqlx::SqlitePool;

use super::record::{hex, json};
use super::{queries, unavailable};
use crate::store::{CampaignId, Identity, REKEYED_AT_ONCE, Renew, Result, key_name, knows_later};

pub(super) async fn claim_keys(writer: &SqlitePool, editions: &[(u16, [u8; 16])]) -> Result<bool> {
    claim(writer, editions).await.map_err(unavailable)
}

async fn claim(writer: &SqlitePool, editions: &[(u16, [u8; 16])]) -> sqlx::Result<bool> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
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

pub(super) async fn rekey(writer: &SqlitePool, after: i64, renew: Renew) -> Result<Option<i64>> {
    some(writer, after, renew).await.map_err(unavailable)
}

/// Pledge, campaign, edition of the key, fingerprint, what is sealed.
type Row = (i64, i64, i64, Vec<u8>, Vec<u8>);

async fn some(writer: &SqlitePool, after: i64, renew: Renew) -> sqlx::Result<Option<i64>> {
    let mut tx = writer.begin_with("BEGIN IMMEDIATE").await?;
    let rows: Vec<Row> = sqlx::query_as(queries::PEOPLE_AFTER)
        .bind(after)
        .bind(REKEYED_AT_ONCE)
        .fetch_all(&mut *tx)
        .await?;
    let last = rows.last().map(|row| row.0);
    let (mut pledges, mut people) = (Vec::new(), Vec::new());
    for (id, campaign, key_version, fingerprint, sealed) in rows {
        let Some(kept) = Identity::read(key_version, fingerprint, sealed) else { continue };
        if let Some(new) = renew(CampaignId(campaign), &kept) {
            let (fingerprint, key_version) = (hex(&new.fingerprint), new.key_version);
            pledges.push(serde_json::json!(
                { "id": id, "fingerprint": fingerprint, "key_version": key_version }
            ));
            people.push(serde_json::json!({ "id": id, "sealed": hex(&new.sealed) }));
        }
    }
    if !pledges.is_empty() {
        sqlx::query(queries::PLEDGES_REKEY).bind(json(&pledges)?).execute(&mut *tx).await?;
        sqlx::query(queries::PEOPLE_RESEAL).bind(json(&people)?).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(last)
}
