//! Signatures from paper.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde_json::json;
use sqlx::SqliteConnection;

use super::audit;
use super::moves::{self, whole};
use super::queries::{self, queries};
use super::record::{hex, json, kept, row};
use super::{SqliteStore, broken, count, unavailable};
use crate::store::audit::Entry;
use crate::store::moves::{Held, Moves};
use crate::store::offline::{Imported, NewImport, NewLabelled, StoredImport, StoredLabelled};
use crate::store::plan;
use crate::store::supporters::Acted;
use crate::store::{CampaignId, Counters, NewPledge, Offline, Result};

queries! {
    IMPORTS_EXISTS = "imports.exists.sql";
    IMPORTS_INSERT = "imports.insert.sql";
    IMPORTS_LIST = "imports.list.sql";
    IMPORTS_SETTLE = "imports.settle.sql";
    IMPORTS_UNDO = "imports.undo.sql";
    LABELLED_COUNTS_DELETE = "labelled_counts.delete.sql";
    LABELLED_COUNTS_INSERT = "labelled_counts.insert.sql";
    LABELLED_COUNTS_LIST = "labelled_counts.list.sql";
    PLEDGES_DELETE_IMPORT = "pledges.delete_import.sql";
    PLEDGES_GIVE_BACK = "pledges.give_back.sql";
    PLEDGES_IMPORT = "pledges.import.sql";
    PLEDGES_OF_IMPORT = "pledges.of_import.sql";
    PLEDGES_SIGNED = "pledges.signed.sql";
}

/// So many rows go into one statement.
const AT_ONCE: usize = 2_000;

#[async_trait::async_trait]
impl Offline for SqliteStore {
    async fn signed(
        &self,
        campaign: CampaignId,
        fingerprints: Vec<[u8; 16]>,
    ) -> Result<HashSet<[u8; 16]>> {
        let mut signed: HashSet<[u8; 16]> = HashSet::new();
        let mut connection = self.readers.acquire().await.map_err(unavailable)?;
        for some in fingerprints.chunks(AT_ONCE) {
            let asked: Vec<_> = some
                .iter()
                .map(|it| json!({ "campaign": campaign.0, "fingerprint": hex(it) }))
                .collect();
            let list = json(&asked).map_err(unavailable)?;
            let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(PLEDGES_SIGNED)
                .bind(list)
                .fetch_all(&mut *connection)
                .await
                .map_err(unavailable)?;
            let print = |(_, print): (i64, Vec<u8>)| <[u8; 16]>::try_from(print).ok();
            signed.extend(rows.into_iter().filter_map(print));
        }
        Ok(signed)
    }

    async fn import(&self, mut file: NewImport, now: Timestamp, entry: &Entry) -> Result<Imported> {
        whole(&self.writer, async |tx| import(tx, &mut file, now, entry).await).await
    }

    async fn imports(&self, campaign: CampaignId) -> Result<Vec<StoredImport>> {
        let rows: Vec<(i64, String, i64, i64, String, i64, Option<i64>)> =
            sqlx::query_as(IMPORTS_LIST)
                .bind(campaign.0)
                .fetch_all(&self.readers)
                .await
                .map_err(unavailable)?;
        rows.into_iter()
            .map(|(id, label, added, duplicates, created_by, created_at, undone_at)| {
                let time = |ms| Timestamp::from_millisecond(ms).map_err(broken);
                let (added, duplicates) = (count(added), count(duplicates));
                let undone_at = undone_at.map(time).transpose()?;
                let created_at = time(created_at)?;
                Ok(StoredImport { id, label, added, duplicates, created_by, created_at, undone_at })
            })
            .collect()
    }

    async fn undo_import(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        whole(&self.writer, async |tx| {
            let done = undo(tx, campaign, id, now).await?;
            audit::acted(tx, done, entry).await
        })
        .await
    }

    async fn add_labelled(
        &self,
        new: NewLabelled,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<(i64, Counters)> {
        let counted = i64::try_from(new.counted).map_err(broken)?;
        let country = new.country.as_str();
        whole(&self.writer, async |tx| {
            let id = sqlx::query_scalar(LABELLED_COUNTS_INSERT)
                .bind(new.campaign.0)
                .bind(&new.label)
                .bind(country)
                .bind(counted)
                .bind(&new.created_by)
                .bind(now.as_millisecond())
                .fetch_one(&mut *tx)
                .await?;
            let mut moved = Moves::default();
            moved.labelled(country, now.as_millisecond(), counted);
            let counters = moves::apply(tx, new.campaign, moved, now).await?;
            audit::append(tx, &entry.numbered(id).moved(Some(&counters))).await?;
            Ok((id, counters))
        })
        .await
    }

    async fn labelled(&self, campaign: CampaignId) -> Result<Vec<StoredLabelled>> {
        let rows: Vec<Labelled> = sqlx::query_as(LABELLED_COUNTS_LIST)
            .bind(campaign.0)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter()
            .map(|(id, label, country, counted, created_by, created_at)| {
                let created_at = Timestamp::from_millisecond(created_at).map_err(broken)?;
                let counted = count(counted);
                Ok(StoredLabelled { id, label, country, counted, created_by, created_at })
            })
            .collect()
    }

    async fn delete_labelled(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        whole(&self.writer, async |tx| {
            let gone: Option<Labelled> = sqlx::query_as(LABELLED_COUNTS_DELETE)
                .bind(campaign.0)
                .bind(id)
                .fetch_optional(&mut *tx)
                .await?;
            let Some((_, _, country, counted, _, created_at)) = gone else {
                return Ok(Acted::NotFound);
            };
            let mut moved = Moves::default();
            moved.labelled(&country, created_at, -counted);
            let counters = moves::apply(tx, campaign, moved, now).await?;
            audit::acted(tx, Acted::Done(Some(counters)), entry).await
        })
        .await
    }
}

/// Id, label, country, how many, by whom, when.
type Labelled = (i64, String, String, i64, String, i64);

async fn import(
    tx: &mut SqliteConnection,
    file: &mut NewImport,
    now: Timestamp,
    entry: &Entry,
) -> sqlx::Result<Imported> {
    let campaign = file.campaign;
    let known = kept(tx, &plan::earlier(&file.pledges)).await?;
    plan::recognise(&mut file.pledges, &known);
    let id: i64 = sqlx::query_scalar(IMPORTS_INSERT)
        .bind(campaign.0)
        .bind(&file.label)
        .bind(&file.created_by)
        .bind(now.as_millisecond())
        .fetch_one(&mut *tx)
        .await?;
    let mut moved = Moves::default();
    let mut new = Vec::new();
    for some in file.pledges.chunks(AT_ONCE) {
        for (pledge, given) in insert(tx, some, id, now).await? {
            moved.pledge(&Held::typed(given, now), 1);
            new.push(pledge);
        }
    }
    let added = new.len() as u64;
    let duplicates = file.twice + (file.pledges.len() as u64).saturating_sub(added);
    sqlx::query(IMPORTS_SETTLE)
        .bind(id)
        .bind(i64::try_from(added).unwrap_or(i64::MAX))
        .bind(i64::try_from(duplicates).unwrap_or(i64::MAX))
        .execute(&mut *tx)
        .await?;
    let counters = match added {
        0 => None,
        _ => Some(moves::apply(tx, campaign, moved, now).await?),
    };
    moves::tell(tx, &new, 1, "imported", now).await?;
    let entry = entry.numbered(id).with("added", added).with("duplicates", duplicates);
    audit::append(tx, &entry.moved(counters.as_ref())).await?;
    Ok(Imported { id, added, duplicates, counters })
}

/// Those that were new, each with its id. Their personal data goes with them.
async fn insert<'a>(
    tx: &mut SqliteConnection,
    pledges: &'a [NewPledge],
    import: i64,
    now: Timestamp,
) -> sqlx::Result<Vec<(i64, &'a NewPledge)>> {
    let list: Vec<_> = pledges.iter().map(row).collect();
    let inserted: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(PLEDGES_IMPORT)
        .bind(json(&list)?)
        .bind(now.as_millisecond())
        .bind(import)
        .fetch_all(&mut *tx)
        .await?;
    let ids: HashMap<Vec<u8>, i64> =
        inserted.into_iter().map(|(id, _, fingerprint)| (fingerprint, id)).collect();
    let id = |pledge: &NewPledge| ids.get(pledge.identity.fingerprint.as_slice()).copied();
    let new: Vec<(i64, &NewPledge)> =
        pledges.iter().filter_map(|pledge| Some((id(pledge)?, pledge))).collect();
    let people: Vec<_> = new
        .iter()
        .map(|(id, it)| json!({ "id": id, "campaign": it.campaign.0, "sealed": hex(&it.identity.sealed) }))
        .collect();
    sqlx::query(queries::PEOPLE_INSERT)
        .bind(json(&people)?)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    Ok(new)
}

async fn undo(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    id: i64,
    now: Timestamp,
) -> sqlx::Result<Acted> {
    let undone = sqlx::query(IMPORTS_UNDO)
        .bind(campaign.0)
        .bind(id)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    if undone.rows_affected() == 0 {
        let there: i64 = sqlx::query_scalar(IMPORTS_EXISTS)
            .bind(campaign.0)
            .bind(id)
            .fetch_one(&mut *tx)
            .await?;
        return Ok(if there == 0 { Acted::NotFound } else { Acted::AlreadySo });
    }
    let list: String = sqlx::query_scalar(PLEDGES_OF_IMPORT).bind(id).fetch_one(&mut *tx).await?;
    let held = moves::hold(tx, campaign, &list).await?;
    let counted: Vec<&Held> = held.iter().filter(|held| held.is_counted()).collect();
    let counters = match counted.is_empty() {
        true => None,
        false => {
            let moved = Moves::all(counted.iter().copied(), -1);
            Some(moves::apply(tx, campaign, moved, now).await?)
        }
    };
    let ids: Vec<i64> = counted.iter().map(|held| held.id).collect();
    moves::tell(tx, &ids, -1, "import undone", now).await?;
    sqlx::query(PLEDGES_GIVE_BACK).bind(id).execute(&mut *tx).await?;
    sqlx::query(PLEDGES_DELETE_IMPORT).bind(id).execute(&mut *tx).await?;
    Ok(Acted::Done(counters))
}
