//! Changes to pledges that are there, and the counters that move with them. Locks are taken in the
//! order in which batches take them: pledges, totals, countries, minutes, days.

use jiff::Timestamp;
use sqlx::PgConnection;

use super::queries::{self, queries};
use super::{count, hooks, unavailable};
use crate::store::moves::{Held, HeldRow, Moves, signed, state, told};
use crate::store::{CampaignId, Counters, Result, country};

queries! {
    PLEDGES_HOLD = "pledges.hold.postgres.sql";
    PLEDGES_FLIP = "pledges.flip.postgres.sql";
    CAMPAIGN_TOTALS_MOVE = "campaign_totals.move.sql";
    COUNTRY_DAYS_MOVE = "country_days.move.postgres.sql";
    COUNTRY_DAYS_OPEN = "country_days.open.postgres.sql";
    COUNTRY_TOTALS_MOVE = "country_totals.move.postgres.sql";
    COUNTRY_TOTALS_OPEN = "country_totals.open.postgres.sql";
    MINUTE_TOTALS_MOVE = "minute_totals.move.postgres.sql";
    MINUTE_TOTALS_OPEN = "minute_totals.open.postgres.sql";
    MINUTE_TOTALS_PAPER = "minute_totals.paper.postgres.sql";
    SOURCE_DAYS_MOVE = "source_days.move.postgres.sql";
    SOURCE_DAYS_OPEN = "source_days.open.postgres.sql";
}

/// How often a change is tried that another node got in the way of.
const TRIES: usize = 5;

/// All of it or nothing, on a connection of the caller's: `whole!(connection, tx => work)`, where
/// `work` may use `?`. Where nodes stand in each other's way, once more. A macro, because a closure
/// that is called again cannot lend what it holds to a future that moves between threads.
macro_rules! whole {
    ($connection:expr, $tx:ident => $work:expr) => {{
        let mut tries = $crate::store::postgres::moves::Tries::default();
        loop {
            let done: sqlx::Result<_> = async {
                use sqlx::Connection as _;
                let mut transaction = $connection.begin().await?;
                let $tx = &mut *transaction;
                let worked: sqlx::Result<_> = $work;
                let value = worked?;
                transaction.commit().await?;
                Ok(value)
            }
            .await;
            if let Some(done) = tries.settle(done) {
                break done;
            }
        }
    }};
}
pub(super) use whole;

/// How often something was tried.
#[derive(Default)]
pub(super) struct Tries(usize);

impl Tries {
    /// `None` where it is to be tried again.
    pub(super) fn settle<T>(&mut self, done: sqlx::Result<T>) -> Option<Result<T>> {
        self.0 += 1;
        match done {
            Err(error) if is_overtaken(&error) && self.0 < TRIES => None,
            done => Some(done.map_err(unavailable)),
        }
    }
}

/// Serialization failure and deadlock.
fn is_overtaken(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|said| said.code());
    code.is_some_and(|code| ["40001", "40P01"].contains(&&*code))
}

/// These pledges as they stand, held until the commit.
pub(super) async fn hold(
    tx: &mut PgConnection,
    campaign: CampaignId,
    ids: &[i64],
) -> sqlx::Result<Vec<Held>> {
    // Before any row: `rekey` takes the table first and then rows.
    sqlx::query("LOCK TABLE pledges IN ROW EXCLUSIVE MODE").execute(&mut *tx).await?;
    let rows: Vec<HeldRow> =
        sqlx::query_as(PLEDGES_HOLD).bind(campaign.0).bind(ids).fetch_all(tx).await?;
    Ok(rows.into_iter().map(Held::read).collect())
}

pub(super) fn ids(held: &[Held]) -> Vec<i64> {
    held.iter().map(|held| held.id).collect()
}

pub(super) async fn flip(
    tx: &mut PgConnection,
    ids: &[i64],
    apart: Option<&str>,
) -> sqlx::Result<()> {
    let flip = sqlx::query(PLEDGES_FLIP).bind(ids).bind(state(apart)).bind(apart);
    flip.execute(tx).await.map(drop)
}

/// Moves every counter, and returns them all.
pub(super) async fn apply(
    tx: &mut PgConnection,
    campaign: CampaignId,
    moves: Moves,
    now: Timestamp,
) -> sqlx::Result<Counters> {
    let (total, seq, reason): (i64, i64, Option<String>) = sqlx::query_as(CAMPAIGN_TOTALS_MOVE)
        .bind(campaign.0)
        .bind(moves.total)
        .fetch_one(&mut *tx)
        .await?;
    for (sign, list) in signed(&moves.countries) {
        let (countries, by): (Vec<String>, Vec<i64>) = list.into_iter().unzip();
        if sign < 0 {
            let open = sqlx::query(COUNTRY_TOTALS_OPEN).bind(campaign.0).bind(&countries);
            open.execute(&mut *tx).await?;
        }
        let change = sqlx::query(COUNTRY_TOTALS_MOVE).bind(campaign.0).bind(countries);
        change.bind(by).bind(sign).execute(&mut *tx).await?;
    }
    for (change, moved) in
        [(MINUTE_TOTALS_MOVE, &moves.minutes), (MINUTE_TOTALS_PAPER, &moves.paper)]
    {
        for (sign, list) in signed(moved) {
            let (minutes, by): (Vec<i64>, Vec<i64>) = list.into_iter().unzip();
            if sign < 0 {
                let open = sqlx::query(MINUTE_TOTALS_OPEN).bind(campaign.0).bind(&minutes);
                open.execute(&mut *tx).await?;
            }
            let change = sqlx::query(change).bind(campaign.0).bind(minutes);
            change.bind(by).bind(sign).execute(&mut *tx).await?;
        }
    }
    for (open, change, moved) in [
        (COUNTRY_DAYS_OPEN, COUNTRY_DAYS_MOVE, moves.country_days),
        (SOURCE_DAYS_OPEN, SOURCE_DAYS_MOVE, moves.source_days),
    ] {
        for (sign, list) in signed(&moved) {
            let by: Vec<i64> = list.iter().map(|(_, by)| *by).collect();
            let (days, names): (Vec<i64>, Vec<String>) =
                list.into_iter().map(|(key, _)| key).unzip();
            if sign < 0 {
                let open = sqlx::query(open).bind(campaign.0).bind(&days).bind(&names);
                open.execute(&mut *tx).await?;
            }
            let change = sqlx::query(change).bind(campaign.0).bind(days).bind(names);
            change.bind(by).bind(sign).execute(&mut *tx).await?;
        }
    }
    if moves.total > 0 {
        hooks::rose(tx, campaign, count(total - moves.total), count(total), now).await?;
    }
    let rows: Vec<(String, i64)> =
        sqlx::query_as(queries::COUNTRY_TOTALS_GET).bind(campaign.0).fetch_all(&mut *tx).await?;
    let countries = rows
        .into_iter()
        .map(|(code, counted)| Ok((country(&code)?, count(counted))))
        .collect::<Result<_>>()
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
    Ok(Counters { seq: count(seq), total: count(total), countries, reason })
}

/// Tells webhooks what became of these pledges; before they are deleted, where they are.
pub(super) async fn tell(
    tx: &mut PgConnection,
    pledges: &[i64],
    by: i64,
    why: &'static str,
    now: Timestamp,
) -> sqlx::Result<()> {
    let Some((events, why)) = told(by, why) else { return Ok(()) };
    for event in events {
        hooks::enqueue(tx, event, Some(why), pledges, now).await?;
    }
    Ok(())
}
