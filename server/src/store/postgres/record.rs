//! The transaction of a batch. A handful of statements, whatever the size of the batch: each
//! takes its rows as lists.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use fail::fail_point;
use jiff::Timestamp;
use sqlx::{Connection as _, PgConnection, PgPool};

use super::{count, hooks, mails, queries, stored, unavailable};
use crate::store::plan::{
    self, Answered, Known, Mailbox, Plan, Seen, SourceTally, Tally, Window, by_campaign,
};
use crate::store::sources::KnownSources;
use crate::store::{Batch, CampaignId, Counters, NewPledge, Result, StoreError, Verdict, country};

/// A transaction takes milliseconds. After this the server counts as gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often a batch is tried that another node got in the way of.
const TRIES: usize = 5;

/// Why a batch was not committed.
enum Failed {
    /// Another node answered one of its requests meanwhile, or the server broke a deadlock: what
    /// is known has changed, and nothing was stored.
    Overtaken,
    Store(StoreError),
}

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        // Serialization failure and deadlock.
        let overtaken = error
            .as_database_error()
            .and_then(|said| said.code())
            .is_some_and(|code| ["40001", "40P01"].contains(&&*code));
        if overtaken { Self::Overtaken } else { Self::Store(unavailable(error)) }
    }
}

/// All of it or nothing. After an error the connection is thrown away with whatever state it is
/// in; the next batch gets a fresh one. Where the COMMIT was sent and its reply was lost, the
/// batch may be stored: it fails all the same, and whoever sends a request again gets its answer.
pub(super) async fn record(
    writer: &PgPool,
    sources: &KnownSources,
    batch: Vec<NewPledge>,
    now: Timestamp,
) -> Result<Batch> {
    for _ in 0..TRIES {
        match once(writer, sources, &batch, now).await {
            Ok(recorded) => return Ok(recorded),
            Err(Failed::Overtaken) => {}
            Err(Failed::Store(error)) => return Err(error),
        }
    }
    Err(StoreError::Unavailable("other nodes got in the way five times".into()))
}

async fn once(
    writer: &PgPool,
    sources: &KnownSources,
    batch: &[NewPledge],
    now: Timestamp,
) -> std::result::Result<Batch, Failed> {
    let mut connection = writer.acquire().await?;
    let work = transaction(&mut connection, sources, batch, now);
    let result = tokio::time::timeout(PATIENCE, work).await;
    let result = result.unwrap_or_else(|_| {
        Err(Failed::Store(StoreError::Unavailable("the database does not answer".into())))
    });
    if result.is_err() {
        connection.close_on_drop();
    }
    result
}

async fn transaction(
    connection: &mut PgConnection,
    sources: &KnownSources,
    batch: &[NewPledge],
    now: Timestamp,
) -> std::result::Result<Batch, Failed> {
    let mut tx = connection.begin().await?;
    let mut batch = Cow::Borrowed(batch);
    let earlier = plan::earlier(&batch);
    if !earlier.is_empty() {
        plan::recognise(batch.to_mut(), &kept(&mut tx, &earlier).await?);
    }
    let batch = &batch[..];
    let known = known(&mut tx, batch).await?;
    let plan = Plan::of(batch, &known, now);
    let inserted = match plan.rows.is_empty() {
        true => HashMap::new(),
        false => insert(&mut tx, batch, &plan.rows, now).await?,
    };
    mails::write(&mut tx, &plan.mails(batch), now).await?;
    let tally = plan.tally(batch, &inserted);
    let changed = match tally.is_empty() {
        true => Vec::new(),
        false => {
            let sources = plan.source_tally(batch, &inserted, sources, now);
            count_up(&mut tx, &tally, &sources, now).await?
        }
    };
    let outcomes = plan.settle(batch, &inserted, before(&known, &changed, &tally));
    remember(&mut tx, &plan.answered(batch, &outcomes), now).await?;
    let told = plan.told(batch, &outcomes, &inserted, &known, &changed);
    hooks::tell(&mut tx, &told, now).await?;
    fail_point!("before_commit", |_| std::process::abort());
    tx.commit().await?;
    fail_point!("after_commit", |_| std::process::abort());
    fail_point!("lost_commit_reply", |_| {
        Err(Failed::Store(StoreError::Unavailable("the reply to COMMIT was lost".into())))
    });
    Ok(Batch { outcomes, changed })
}

/// Which of these mailboxes have rows. From here to the commit no row changes its key.
pub(super) async fn kept(
    tx: &mut PgConnection,
    asked: &[Mailbox],
) -> sqlx::Result<HashSet<Mailbox>> {
    sqlx::query("LOCK TABLE pledges IN ROW EXCLUSIVE MODE").execute(&mut *tx).await?;
    let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(queries::PLEDGES_KNOWN)
        .bind(asked.iter().map(|(campaign, _)| campaign.0).collect::<Vec<_>>())
        .bind(asked.iter().map(|(_, mailbox)| mailbox.as_slice()).collect::<Vec<_>>())
        .fetch_all(tx)
        .await?;
    let mailbox = |(campaign, fingerprint): (i64, Vec<u8>)| {
        Some((CampaignId(campaign), fingerprint.try_into().ok()?))
    };
    Ok(rows.into_iter().filter_map(mailbox).collect())
}

/// What the database says about the campaigns and requests of this batch, before it.
async fn known(tx: &mut PgConnection, batch: &[NewPledge]) -> sqlx::Result<Known> {
    let mut campaigns: Vec<i64> = batch.iter().map(|pledge| pledge.campaign.0).collect();
    campaigns.sort_unstable();
    campaigns.dedup();
    let rows: Vec<plan::WindowRow> =
        sqlx::query_as(queries::CAMPAIGNS_FOR_RECORD).bind(campaigns).fetch_all(&mut *tx).await?;
    let windows = rows
        .into_iter()
        .map(|(id, opens, closes, total, goal)| {
            let listened = plan::goal(goal);
            (CampaignId(id), Window { opens, closes, total: count(total), listened })
        })
        .collect();
    let keys: Vec<&[u8]> =
        batch.iter().filter_map(|pledge| Some(pledge.request.as_ref()?.key.as_slice())).collect();
    let mut requests = HashMap::new();
    if !keys.is_empty() {
        let rows: Vec<(Vec<u8>, Vec<u8>, i64, String)> =
            sqlx::query_as(queries::REQUESTS_FIND).bind(keys).fetch_all(&mut *tx).await?;
        requests.extend(rows.into_iter().map(|(key, body, number, receipt)| {
            (key, Seen { body, number: count(number), receipt })
        }));
    }
    Ok(Known { windows, requests })
}

/// The rows that came in, by what makes them unique. Their personal data goes with them.
async fn insert(
    tx: &mut PgConnection,
    batch: &[NewPledge],
    rows: &[usize],
    now: Timestamp,
) -> sqlx::Result<HashMap<Mailbox, i64>> {
    let ids: Vec<i64> = sqlx::query_scalar(queries::PLEDGE_IDS_NEXT)
        .bind(i64::try_from(rows.len()).unwrap_or(i64::MAX))
        .fetch_all(&mut *tx)
        .await?;
    let pledges: Vec<&NewPledge> = rows.iter().map(|index| &batch[*index]).collect();
    let inserted: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(queries::PLEDGES_INSERT)
        .bind(ids)
        .bind(list(&pledges, |it| it.campaign.0))
        .bind(list(&pledges, |it| it.identity.fingerprint.as_slice()))
        .bind(list(&pledges, |it| i32::from(it.identity.key_version)))
        .bind(list(&pledges, |it| state(it).0))
        .bind(list(&pledges, |it| state(it).1))
        .bind(list(&pledges, |it| it.country.as_str()))
        .bind(list(&pledges, |it| it.locale.as_str()))
        .bind(list(&pledges, |it| it.public_name))
        .bind(list(&pledges, |it| it.updates))
        .bind(list(&pledges, |it| it.suspicious))
        .bind(list(&pledges, |it| it.source.as_str()))
        .bind(list(&pledges, |it| it.receipt.as_str()))
        .bind(now.as_millisecond())
        .fetch_all(&mut *tx)
        .await?;
    let ids: HashMap<Mailbox, i64> = inserted
        .into_iter()
        .filter_map(|(id, campaign, fingerprint)| {
            Some(((CampaignId(campaign), fingerprint.try_into().ok()?), id))
        })
        .collect();
    let known = |pledge: &&NewPledge| ids.contains_key(&pledge.mailbox());
    let people: Vec<&NewPledge> = pledges.iter().copied().filter(known).collect();
    sqlx::query(queries::PEOPLE_INSERT)
        .bind(list(&people, |it| ids[&it.mailbox()]))
        .bind(list(&people, |it| it.campaign.0))
        .bind(list(&people, |it| it.identity.sealed.as_slice()))
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    Ok(ids)
}

pub(super) fn list<'a, T>(
    pledges: &[&'a NewPledge],
    column: impl Fn(&'a NewPledge) -> T,
) -> Vec<T> {
    pledges.iter().map(|pledge| column(pledge)).collect()
}

/// State, and why it is not counted.
pub(super) fn state(pledge: &NewPledge) -> (&'static str, Option<&'static str>) {
    match pledge.verdict {
        Verdict::Count => ("counted", None),
        Verdict::Quarantine(reason) => ("quarantined", Some(reason.as_str())),
    }
}

/// Moves total, sequence, countries, history and days by exactly what was inserted. From here on other
/// nodes wait with this campaign until the commit, so what is read back is whole.
async fn count_up(
    tx: &mut PgConnection,
    tally: &Tally,
    sources: &SourceTally,
    now: Timestamp,
) -> std::result::Result<Vec<(CampaignId, Counters)>, Failed> {
    let (campaigns, more): (Vec<i64>, Vec<i64>) =
        by_campaign(tally).into_iter().map(|(id, counted)| (id.0, stored(counted))).unzip();
    let totals: Vec<(i64, i64, i64, Option<String>)> = sqlx::query_as(queries::CAMPAIGN_TOTALS_ADD)
        .bind(&campaigns)
        .bind(&more)
        .fetch_all(&mut *tx)
        .await?;
    let of: Vec<i64> = tally.keys().map(|(campaign, _)| campaign.0).collect();
    let countries: Vec<&str> = tally.keys().map(|(_, country)| country.as_str()).collect();
    let counted: Vec<i64> = tally.values().map(|counted| stored(*counted)).collect();
    sqlx::query(queries::COUNTRY_TOTALS_ADD)
        .bind(&of)
        .bind(&countries)
        .bind(&counted)
        .execute(&mut *tx)
        .await?;
    sqlx::query(queries::MINUTE_TOTALS_ADD)
        .bind(&campaigns)
        .bind(&more)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    sqlx::query(queries::COUNTRY_DAYS_ADD)
        .bind(&of)
        .bind(&countries)
        .bind(&counted)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    sqlx::query(queries::SOURCE_DAYS_ADD)
        .bind(sources.keys().map(|(campaign, _)| campaign.0).collect::<Vec<_>>())
        .bind(sources.keys().map(|(_, source)| source.as_str()).collect::<Vec<_>>())
        .bind(sources.values().map(|counted| stored(*counted)).collect::<Vec<_>>())
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    let mut changed: HashMap<i64, Counters> = totals
        .into_iter()
        .map(|(campaign, total, seq, reason)| {
            let countries = Default::default();
            (campaign, Counters { seq: count(seq), total: count(total), countries, reason })
        })
        .collect();
    let rows: Vec<(i64, String, i64)> =
        sqlx::query_as(queries::COUNTRY_TOTALS_OF).bind(&campaigns).fetch_all(&mut *tx).await?;
    for (campaign, code, counted) in rows {
        if let Some(counters) = changed.get_mut(&campaign) {
            counters.countries.insert(country(&code).map_err(Failed::Store)?, count(counted));
        }
    }
    Ok(changed.into_iter().map(|(id, counters)| (CampaignId(id), counters)).collect())
}

/// The totals without this batch: exact where it counted something, and as they were read where
/// it did not.
fn before(
    known: &Known,
    changed: &[(CampaignId, Counters)],
    tally: &Tally,
) -> HashMap<CampaignId, u64> {
    let counted = by_campaign(tally);
    let mut before: HashMap<CampaignId, u64> =
        known.windows.iter().map(|(id, window)| (*id, window.total)).collect();
    before.extend(changed.iter().map(|(id, counters)| {
        (*id, counters.total.saturating_sub(counted.get(id).copied().unwrap_or(0)))
    }));
    before
}

/// Keeps the first answers, so that the same request gets them again.
async fn remember(
    tx: &mut PgConnection,
    answered: &[Answered<'_>],
    now: Timestamp,
) -> std::result::Result<(), Failed> {
    if answered.is_empty() {
        return Ok(());
    }
    let kept = sqlx::query(queries::REQUESTS_INSERT)
        .bind(answered.iter().map(|it| it.request.key.as_slice()).collect::<Vec<_>>())
        .bind(answered.iter().map(|it| it.request.body.as_slice()).collect::<Vec<_>>())
        .bind(answered.iter().map(|it| it.campaign.0).collect::<Vec<_>>())
        .bind(answered.iter().map(|it| stored(it.number)).collect::<Vec<_>>())
        .bind(answered.iter().map(|it| it.receipt).collect::<Vec<_>>())
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    match kept.rows_affected() == answered.len() as u64 {
        true => Ok(()),
        false => Err(Failed::Overtaken),
    }
}
