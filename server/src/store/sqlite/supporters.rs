//! Single people and what is done with them: found, corrected, taken out of the number.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::audit;
use super::moves::{self, whole};
use super::queries::queries;
use super::record::{hex, json};
use super::{SqliteStore, count, jobs, unavailable};
use crate::store::audit::Entry;
use crate::store::moves::{Moves, Step};
use crate::store::supporters::{
    Act, Acted, Apart, Channels, Columns, Corrected, Job, Lease, NewJob, Passed, PassedRow, Place,
    Progress,
};
use crate::store::{CampaignId, Counters, ExportedRows, Result, Supporters};

queries! {
    LABELLED_COUNTS_SUM = "labelled_counts.sum.sql";
    PEOPLE_IS_SEALED = "people.is_sealed.sql";
    PLEDGES_APART = "pledges.apart.sql";
    PLEDGES_APART_COUNT = "pledges.apart_count.sql";
    PLEDGES_ASKED = "pledges.asked.sql";
    PLEDGES_BY_MAILBOX = "pledges.by_mailbox.sql";
    PLEDGES_CORRECT = "pledges.correct.sql";
    PLEDGES_DELETE = "pledges.delete.sql";
    PLEDGES_IMPORTED = "pledges.imported.sql";
    PLEDGES_LINES = "pledges.lines.sql";
    PLEDGES_LISTED = "pledges.listed.sql";
    PLEDGES_PASS = "pledges.pass.sql";
}

impl SqliteStore {
    /// `ids` is a JSON list.
    async fn lines(&self, campaign: CampaignId, ids: &str) -> Result<Option<ExportedRows>> {
        let text: Option<String> = sqlx::query_scalar(PLEDGES_LINES)
            .bind(campaign.0)
            .bind(ids)
            .fetch_one(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(text.map(ExportedRows::new))
    }
}

#[async_trait::async_trait]
impl Supporters for SqliteStore {
    async fn pledges_before(
        &self,
        campaign: CampaignId,
        apart: Option<Apart>,
        before: Place,
        most: u32,
    ) -> Result<Option<ExportedRows>> {
        let query = sqlx::query_scalar(match apart {
            None => PLEDGES_LISTED,
            Some(_) => PLEDGES_APART,
        });
        let query = query.bind(campaign.0).bind(before.signed_at).bind(before.id).bind(most);
        let query = match apart {
            None => query,
            Some(apart) => query.bind(apart.as_str()),
        };
        let ids: String = query.fetch_one(&self.readers).await.map_err(unavailable)?;
        self.lines(campaign, &ids).await
    }

    async fn pledges_pass(
        &self,
        campaign: CampaignId,
        columns: Columns,
        before: Place,
        most: u32,
    ) -> Result<Option<Passed>> {
        let passed: Option<PassedRow> = sqlx::query_as(PLEDGES_PASS)
            .bind(campaign.0)
            .bind(before.signed_at)
            .bind(before.id)
            .bind(most)
            .bind(columns.counted)
            .bind(columns.country.map(|country| country.as_str()))
            .bind(columns.imported)
            .bind(columns.updates)
            .bind(columns.suspicious)
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        Ok(passed.map(Passed::of))
    }

    async fn pledges_of(
        &self,
        campaign: CampaignId,
        fingerprints: &[[u8; 16]],
    ) -> Result<Option<ExportedRows>> {
        let fingerprints: Vec<String> = fingerprints.iter().map(|it| hex(it)).collect();
        let ids: String = sqlx::query_scalar(PLEDGES_BY_MAILBOX)
            .bind(campaign.0)
            .bind(json(&fingerprints).map_err(unavailable)?)
            .fetch_one(&self.readers)
            .await
            .map_err(unavailable)?;
        self.lines(campaign, &ids).await
    }

    async fn pledge(&self, campaign: CampaignId, id: i64) -> Result<Option<ExportedRows>> {
        self.lines(campaign, &format!("[{id}]")).await
    }

    async fn asked(&self, pledges: &[i64]) -> Result<Vec<i64>> {
        let asked = sqlx::query_scalar(PLEDGES_ASKED).bind(json(pledges).map_err(unavailable)?);
        asked.fetch_all(&self.readers).await.map_err(unavailable)
    }

    async fn channel_counts(&self, campaign: CampaignId) -> Result<Channels> {
        let number = async |statement| {
            sqlx::query_scalar(statement).bind(campaign.0).fetch_one(&self.readers).await
        };
        Ok(Channels {
            imported: count(number(PLEDGES_IMPORTED).await.map_err(unavailable)?),
            labelled: count(number(LABELLED_COUNTS_SUM).await.map_err(unavailable)?),
            ..self.apart_counts(campaign).await?
        })
    }

    async fn apart_counts(&self, campaign: CampaignId) -> Result<Channels> {
        let apart = sqlx::query_as(PLEDGES_APART_COUNT).bind(campaign.0);
        Ok(Channels::of(apart.fetch_all(&self.readers).await.map_err(unavailable)?))
    }

    async fn act(
        &self,
        campaign: CampaignId,
        id: i64,
        act: Act,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        whole(&self.writer, async |tx| {
            let done = act_on(tx, campaign, id, act, now).await?;
            audit::acted(tx, done, entry).await
        })
        .await
    }

    async fn erase(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        whole(&self.writer, async |tx| {
            let done = erase(tx, campaign, id, now).await?;
            audit::acted(tx, done, entry).await
        })
        .await
    }

    async fn correct(
        &self,
        campaign: CampaignId,
        to: Corrected,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        whole(&self.writer, async |tx| {
            let done = correct(tx, campaign, &to, now).await?;
            audit::acted(tx, done, entry).await
        })
        .await
    }

    async fn create_job(&self, job: NewJob, now: Timestamp, entry: &Entry) -> Result<i64> {
        jobs::create(&self.writer, job, now, entry).await
    }

    async fn jobs(&self, campaign: CampaignId) -> Result<Vec<Job>> {
        jobs::list(&self.readers, campaign).await
    }

    async fn job(&self, campaign: CampaignId, id: i64) -> Result<Option<Job>> {
        jobs::get(&self.readers, campaign, id).await
    }

    async fn claim_job(&self, lease: Lease) -> Result<Option<Job>> {
        jobs::claim(&self.readers, &self.writer, lease).await
    }

    async fn progress_job(&self, job: &Job, done: Progress, lease: Lease) -> Result<bool> {
        jobs::progress(&self.writer, job, done, lease).await
    }

    async fn finish_job(
        &self,
        job: &Job,
        failed: bool,
        lease: Lease,
        entry: &Entry,
    ) -> Result<Option<Counters>> {
        whole(&self.writer, async |tx| jobs::finish(tx, job, failed, lease, entry).await).await
    }

    async fn undo_job(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        whole(&self.writer, async |tx| jobs::undo(tx, campaign, id, now, entry).await).await
    }
}

async fn act_on(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    id: i64,
    act: Act,
    now: Timestamp,
) -> sqlx::Result<Acted> {
    let list = format!("[{id}]");
    let Some(held) = moves::hold(tx, campaign, &list).await?.pop() else {
        return Ok(Acted::NotFound);
    };
    match held.decide(act) {
        Step::Settled(acted) => Ok(acted),
        Step::Flip(apart, by) => {
            moves::flip(tx, &list, apart).await?;
            let moved = (by != 0).then(|| Moves::all([&held], by));
            let Some(moved) = moved else { return Ok(Acted::Done(None)) };
            let counters = moves::apply(tx, campaign, moved, now).await?;
            moves::tell(tx, &[id], by, act.why(), now).await?;
            Ok(Acted::Done(Some(counters)))
        }
    }
}

async fn erase(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    id: i64,
    now: Timestamp,
) -> sqlx::Result<Acted> {
    let list = format!("[{id}]");
    let Some(held) = moves::hold(tx, campaign, &list).await?.pop() else {
        return Ok(Acted::NotFound);
    };
    let counters = match held.is_counted() {
        true => Some(moves::apply(tx, campaign, Moves::all([&held], -1), now).await?),
        false => None,
    };
    if counters.is_some() {
        moves::tell(tx, &[id], -1, "erased", now).await?;
    }
    sqlx::query(PLEDGES_DELETE).bind(list).execute(&mut *tx).await?;
    Ok(Acted::Done(counters))
}

async fn correct(
    tx: &mut SqliteConnection,
    campaign: CampaignId,
    to: &Corrected,
    now: Timestamp,
) -> sqlx::Result<Acted> {
    let held = moves::hold(tx, campaign, &format!("[{}]", to.id)).await?.pop();
    let Some(held) = held else { return Ok(Acted::NotFound) };
    let same: i64 = sqlx::query_scalar(PEOPLE_IS_SEALED)
        .bind(to.id)
        .bind(to.fingerprint.as_slice())
        .bind(to.sealed_before.as_deref())
        .fetch_one(&mut *tx)
        .await?;
    if count(same) == 0 {
        return Ok(Acted::Overtaken);
    }
    sqlx::query(PLEDGES_CORRECT)
        .bind(to.id)
        .bind(&to.country)
        .bind(to.updates)
        .bind(to.public_name)
        .execute(&mut *tx)
        .await?;
    if let Some(sealed) = &to.sealed {
        let list = json(&[serde_json::json!({ "id": to.id, "sealed": hex(sealed) })])?;
        sqlx::query(super::queries::PEOPLE_RESEAL).bind(list).execute(&mut *tx).await?;
    }
    if held.country == to.country || !held.is_counted() {
        return Ok(Acted::Done(None));
    }
    let mut moved = Moves::default();
    moved.relocate(&held, &to.country);
    Ok(Acted::Done(Some(moves::apply(tx, campaign, moved, now).await?)))
}
