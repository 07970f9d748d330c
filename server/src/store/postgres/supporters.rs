//! Single people and what is done with them: found, corrected, taken out of the number.

use jiff::Timestamp;
use sqlx::{Connection as _, PgConnection};

use super::audit;
use super::moves::{self, whole};
use super::queries::queries;
use super::{PostgresStore, count, jobs, open, unavailable};
use crate::store::audit::Entry;
use crate::store::moves::{Moves, Step};
use crate::store::supporters::{
    Act, Acted, Apart, Channels, Columns, Corrected, Job, Lease, NewJob, Passed, PassedRow, Place,
    Progress,
};
use crate::store::{CampaignId, Counters, ExportedRows, Result, Supporters};

queries! {
    LABELLED_COUNTS_SUM = "labelled_counts.sum.sql";
    PEOPLE_IS_SEALED = "people.is_sealed.postgres.sql";
    PLEDGES_APART = "pledges.apart.postgres.sql";
    PLEDGES_APART_COUNT = "pledges.apart_count.sql";
    PLEDGES_ASKED = "pledges.asked.postgres.sql";
    PLEDGES_BY_MAILBOX = "pledges.by_mailbox.postgres.sql";
    PLEDGES_CORRECT = "pledges.correct.sql";
    PLEDGES_DELETE = "pledges.delete.postgres.sql";
    PLEDGES_IMPORTED = "pledges.imported.sql";
    PLEDGES_LINES = "pledges.lines.postgres.sql";
    PLEDGES_LISTED = "pledges.listed.postgres.sql";
    PLEDGES_PASS = "pledges.pass.postgres.sql";
}

impl PostgresStore {
    async fn lines(&self, campaign: CampaignId, ids: &[i64]) -> Result<Option<ExportedRows>> {
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
impl Supporters for PostgresStore {
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
        let query =
            query.bind(campaign.0).bind(before.signed_at).bind(before.id).bind(i64::from(most));
        let query = match apart {
            None => query,
            Some(apart) => query.bind(apart.as_str()),
        };
        let ids: Option<Vec<i64>> = query.fetch_one(&self.readers).await.map_err(unavailable)?;
        self.lines(campaign, &ids.unwrap_or_default()).await
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
            .bind(i64::from(most))
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
        let fingerprints: Vec<&[u8]> = fingerprints.iter().map(|it| it.as_slice()).collect();
        let ids: Option<Vec<i64>> = sqlx::query_scalar(PLEDGES_BY_MAILBOX)
            .bind(campaign.0)
            .bind(fingerprints)
            .fetch_one(&self.readers)
            .await
            .map_err(unavailable)?;
        self.lines(campaign, &ids.unwrap_or_default()).await
    }

    async fn pledge(&self, campaign: CampaignId, id: i64) -> Result<Option<ExportedRows>> {
        self.lines(campaign, &[id]).await
    }

    async fn asked(&self, pledges: &[i64]) -> Result<Vec<i64>> {
        let asked = sqlx::query_scalar(PLEDGES_ASKED).bind(pledges);
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
        let mut writer = self.writer.acquire().await.map_err(unavailable)?;
        whole!(writer, tx => {
            let done = act_on(tx, campaign, id, act, now).await?;
            audit::acted(tx, done, entry).await
        })
    }

    async fn erase(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        let mut writer = self.writer.acquire().await.map_err(unavailable)?;
        whole!(writer, tx => {
            let done = erase(tx, campaign, id, now).await?;
            audit::acted(tx, done, entry).await
        })
    }

    async fn correct(
        &self,
        campaign: CampaignId,
        to: Corrected,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        let mut writer = self.writer.acquire().await.map_err(unavailable)?;
        whole!(writer, tx => {
            let done = correct(tx, campaign, &to, now).await?;
            audit::acted(tx, done, entry).await
        })
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
        let mut own = open::connect(&self.options).await?;
        let done = whole!(own, tx => jobs::finish(tx, job, failed, lease, entry).await);
        let _ = own.close().await;
        done
    }

    async fn undo_job(
        &self,
        campaign: CampaignId,
        id: i64,
        now: Timestamp,
        entry: &Entry,
    ) -> Result<Acted> {
        let mut own = open::connect(&self.options).await?;
        let done = whole!(own, tx => jobs::undo(tx, campaign, id, now, entry).await);
        let _ = own.close().await;
        done
    }
}

async fn act_on(
    tx: &mut PgConnection,
    campaign: CampaignId,
    id: i64,
    act: Act,
    now: Timestamp,
) -> sqlx::Result<Acted> {
    let Some(held) = moves::hold(tx, campaign, &[id]).await?.pop() else {
        return Ok(Acted::NotFound);
    };
    match held.decide(act) {
        Step::Settled(acted) => Ok(acted),
        Step::Flip(apart, by) => {
            moves::flip(tx, &[id], apart).await?;
            let moved = (by != 0).then(|| Moves::all([&held], by));
            let Some(moved) = moved else { return Ok(Acted::Done(None)) };
            let counters = moves::apply(tx, campaign, moved, now).await?;
            moves::tell(tx, &[id], by, act.why(), now).await?;
            Ok(Acted::Done(Some(counters)))
        }
    }
}

async fn erase(
    tx: &mut PgConnection,
    campaign: CampaignId,
    id: i64,
    now: Timestamp,
) -> sqlx::Result<Acted> {
    let Some(held) = moves::hold(tx, campaign, &[id]).await?.pop() else {
        return Ok(Acted::NotFound);
    };
    let counters = match held.is_counted() {
        true => Some(moves::apply(tx, campaign, Moves::all([&held], -1), now).await?),
        false => None,
    };
    if counters.is_some() {
        moves::tell(tx, &[id], -1, "erased", now).await?;
    }
    sqlx::query(PLEDGES_DELETE).bind([id].as_slice()).execute(&mut *tx).await?;
    Ok(Acted::Done(counters))
}

async fn correct(
    tx: &mut PgConnection,
    campaign: CampaignId,
    to: &Corrected,
    now: Timestamp,
) -> sqlx::Result<Acted> {
    let held = moves::hold(tx, campaign, &[to.id]).await?.pop();
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
        sqlx::query(super::queries::PEOPLE_RESEAL)
            .bind([to.id].as_slice())
            .bind([sealed.as_slice()].as_slice())
            .execute(&mut *tx)
            .await?;
    }
    if held.country == to.country || !held.is_counted() {
        return Ok(Acted::Done(None));
    }
    let mut moved = Moves::default();
    moved.relocate(&held, &to.country);
    Ok(Acted::Done(Some(moves::apply(tx, campaign, moved, now).await?)))
}
