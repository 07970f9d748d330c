//! The transaction of a batch. A handful of statements, whatever the size of the batch: each
//! takes its rows as one JSON list.

use std::collections::{HashMap, HashSet};

use fail::fail_point;
use jiff::Timestamp;
use serde::Serialize;
use sqlx::{SqliteConnection, SqlitePool};

use super::{count, hooks, mails, queries, unavailable};
use crate::store::plan::{
    self, Answered, Known, Mailbox, Plan, Seen, SourceTally, Tally, Window, by_campaign,
};
use crate::store::sources::KnownSources;
use crate::store::{Batch, CampaignId, Counters, NewPledge, Result, Verdict, country};

/// All of it or nothing. After an error the connection is thrown away with whatever state it is
/// in; the next batch gets a fresh one.
pub(super) async fn record(
    writer: &SqlitePool,
    sources: &KnownSources,
    batch: Vec<NewPledge>,
    now: Timestamp,
) -> Result<Batch> {
    let mut connection = writer.acquire().await.map_err(unavailable)?;
    let result = transaction(&mut connection, sources, batch, now).await;
    if result.is_err() {
        connection.close_on_drop();
    }
    result
}

async fn transaction(
    connection: &mut SqliteConnection,
    sources: &KnownSources,
    mut batch: Vec<NewPledge>,
    now: Timestamp,
) -> Result<Batch> {
    use sqlx::Connection as _;
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await.map_err(unavailable)?;
    let kept = kept(&mut tx, &plan::earlier(&batch)).await.map_err(unavailable)?;
    plan::recognise(&mut batch, &kept);
    let batch = &batch[..];
    let known = known(&mut tx, batch).await.map_err(unavailable)?;
    let plan = Plan::of(batch, &known, now);
    let inserted = match plan.rows.is_empty() {
        true => HashMap::new(),
        false => insert(&mut tx, batch, &plan.rows, now).await.map_err(unavailable)?,
    };
    mails::write(&mut tx, &plan.mails(batch), now).await.map_err(unavailable)?;
    let tally = plan.tally(batch, &inserted);
    let changed = match tally.is_empty() {
        true => Vec::new(),
        false => {
            let sources = plan.source_tally(batch, &inserted, sources, now);
            count_up(&mut tx, &tally, &sources, now).await?
        }
    };
    // Nobody else writes meanwhile: the totals that were read are those before this batch.
    let before = known.windows.iter().map(|(id, window)| (*id, window.total)).collect();
    let outcomes = plan.settle(batch, &inserted, before);
    remember(&mut tx, &plan.answered(batch, &outcomes), now).await.map_err(unavailable)?;
    let told = plan.told(batch, &outcomes, &inserted, &known, &changed);
    hooks::tell(&mut tx, &told, now).await.map_err(unavailable)?;
    fail_point!("before_commit", |_| std::process::abort());
    tx.commit().await.map_err(unavailable)?;
    fail_point!("after_commit", |_| std::process::abort());
    fail_point!("lost_commit_reply", |_| {
        Err(crate::store::StoreError::Unavailable("the reply to COMMIT was lost".into()))
    });
    Ok(Batch { outcomes, changed })
}

/// Which of these mailboxes have rows.
pub(super) async fn kept(
    tx: &mut SqliteConnection,
    asked: &[Mailbox],
) -> sqlx::Result<HashSet<Mailbox>> {
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    let asked: Vec<_> = asked
        .iter()
        .map(|(campaign, mailbox)| {
            serde_json::json!({ "campaign": campaign.0, "fingerprint": hex(mailbox) })
        })
        .collect();
    let rows: Vec<(i64, Vec<u8>)> =
        sqlx::query_as(queries::PLEDGES_KNOWN).bind(json(&asked)?).fetch_all(tx).await?;
    let mailbox = |(campaign, fingerprint): (i64, Vec<u8>)| {
        Some((CampaignId(campaign), fingerprint.try_into().ok()?))
    };
    Ok(rows.into_iter().filter_map(mailbox).collect())
}

/// What the database says about the campaigns and requests of this batch, before it.
async fn known(tx: &mut SqliteConnection, batch: &[NewPledge]) -> sqlx::Result<Known> {
    let mut campaigns: Vec<i64> = batch.iter().map(|pledge| pledge.campaign.0).collect();
    campaigns.sort_unstable();
    campaigns.dedup();
    let rows: Vec<plan::WindowRow> = sqlx::query_as(queries::CAMPAIGNS_FOR_RECORD)
        .bind(json(&campaigns)?)
        .fetch_all(&mut *tx)
        .await?;
    let windows = rows
        .into_iter()
        .map(|(id, opens, closes, total, goal)| {
            let listened = plan::goal(goal);
            (CampaignId(id), Window { opens, closes, total: count(total), listened })
        })
        .collect();
    let keys: Vec<String> =
        batch.iter().filter_map(|pledge| Some(hex(&pledge.request?.key))).collect();
    let mut requests = HashMap::new();
    if !keys.is_empty() {
        let rows: Vec<(Vec<u8>, Vec<u8>, i64, String)> =
            sqlx::query_as(queries::REQUESTS_FIND).bind(json(&keys)?).fetch_all(&mut *tx).await?;
        requests.extend(rows.into_iter().map(|(key, body, number, receipt)| {
            (key, Seen { body, number: count(number), receipt })
        }));
    }
    Ok(Known { windows, requests })
}

/// A row as `pledges.insert.sql` reads it.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    campaign: i64,
    fingerprint: String,
    key_version: u16,
    state: &'static str,
    quarantine_reason: Option<&'static str>,
    country: &'static str,
    locale: &'a str,
    public_name: bool,
    updates: bool,
    suspicious: bool,
    source: &'a str,
    receipt: &'a str,
}

/// A row as `people.insert.sql` reads it.
#[derive(Serialize)]
struct Person {
    id: i64,
    campaign: i64,
    sealed: String,
}

/// A row as `requests.insert.sql` reads it.
#[derive(Serialize)]
struct Request<'a> {
    key: String,
    body: String,
    campaign: i64,
    number: u64,
    receipt: &'a str,
}

/// The rows that came in, by what makes them unique. Their personal data goes with them.
async fn insert(
    tx: &mut SqliteConnection,
    batch: &[NewPledge],
    rows: &[usize],
    now: Timestamp,
) -> sqlx::Result<HashMap<Mailbox, i64>> {
    let list: Vec<Row<'_>> = rows.iter().map(|index| row(&batch[*index])).collect();
    let inserted: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(queries::PLEDGES_INSERT)
        .bind(json(&list)?)
        .bind(now.as_millisecond())
        .fetch_all(&mut *tx)
        .await?;
    let ids: HashMap<Mailbox, i64> = inserted
        .into_iter()
        .filter_map(|(id, campaign, fingerprint)| {
            Some(((CampaignId(campaign), fingerprint.try_into().ok()?), id))
        })
        .collect();
    let people: Vec<Person> = rows
        .iter()
        .map(|index| &batch[*index])
        .filter_map(|pledge| {
            let id = *ids.get(&pledge.mailbox())?;
            Some(Person { id, campaign: pledge.campaign.0, sealed: hex(&pledge.identity.sealed) })
        })
        .collect();
    sqlx::query(queries::PEOPLE_INSERT)
        .bind(json(&people)?)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    Ok(ids)
}

pub(super) fn row(pledge: &NewPledge) -> Row<'_> {
    let (state, quarantine_reason) = match pledge.verdict {
        Verdict::Count => ("counted", None),
        Verdict::Quarantine(reason) => ("quarantined", Some(reason.as_str())),
    };
    Row {
        campaign: pledge.campaign.0,
        fingerprint: hex(&pledge.identity.fingerprint),
        key_version: pledge.identity.key_version,
        state,
        quarantine_reason,
        country: pledge.country.as_str(),
        locale: &pledge.locale,
        public_name: pledge.public_name,
        updates: pledge.updates,
        suspicious: pledge.suspicious,
        source: &pledge.source,
        receipt: &pledge.receipt,
    }
}

/// Moves total, sequence, countries, history and days by exactly what was inserted.
async fn count_up(
    tx: &mut SqliteConnection,
    tally: &Tally,
    sources: &SourceTally,
    now: Timestamp,
) -> Result<Vec<(CampaignId, Counters)>> {
    let sums = by_campaign(tally);
    let more: Vec<_> = sums
        .iter()
        .map(|(id, counted)| serde_json::json!({ "campaign": id.0, "counted": counted }))
        .collect();
    let countries: Vec<_> = tally
        .iter()
        .map(|((campaign, country), counted)| {
            let country = country.as_str();
            serde_json::json!({ "campaign": campaign.0, "country": country, "counted": counted })
        })
        .collect();
    let sources: Vec<_> = sources
        .iter()
        .map(|((campaign, source), counted)| {
            serde_json::json!({ "campaign": campaign.0, "source": source, "counted": counted })
        })
        .collect();
    let countries = json(&countries).map_err(unavailable)?;
    let sources = json(&sources).map_err(unavailable)?;
    let more = json(&more).map_err(unavailable)?;
    let totals: Vec<(i64, i64, i64, Option<String>)> = sqlx::query_as(queries::CAMPAIGN_TOTALS_ADD)
        .bind(&more)
        .fetch_all(&mut *tx)
        .await
        .map_err(unavailable)?;
    sqlx::query(queries::COUNTRY_TOTALS_ADD)
        .bind(&countries)
        .execute(&mut *tx)
        .await
        .map_err(unavailable)?;
    sqlx::query(queries::MINUTE_TOTALS_ADD)
        .bind(&more)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await
        .map_err(unavailable)?;
    let days = [(queries::COUNTRY_DAYS_ADD, &countries), (queries::SOURCE_DAYS_ADD, &sources)];
    for (statement, list) in days {
        sqlx::query(statement)
            .bind(list)
            .bind(now.as_millisecond())
            .execute(&mut *tx)
            .await
            .map_err(unavailable)?;
    }
    let mut changed: HashMap<i64, Counters> = totals
        .into_iter()
        .map(|(campaign, total, seq, reason)| {
            let countries = Default::default();
            (campaign, Counters { seq: count(seq), total: count(total), countries, reason })
        })
        .collect();
    let campaigns: Vec<i64> = sums.keys().map(|id| id.0).collect();
    let rows: Vec<(i64, String, i64)> = sqlx::query_as(queries::COUNTRY_TOTALS_OF)
        .bind(json(&campaigns).map_err(unavailable)?)
        .fetch_all(&mut *tx)
        .await
        .map_err(unavailable)?;
    for (campaign, code, counted) in rows {
        if let Some(counters) = changed.get_mut(&campaign) {
            counters.countries.insert(country(&code)?, count(counted));
        }
    }
    Ok(changed.into_iter().map(|(id, counters)| (CampaignId(id), counters)).collect())
}

/// Keeps the first answers, so that the same request gets them again.
async fn remember(
    tx: &mut SqliteConnection,
    answered: &[Answered<'_>],
    now: Timestamp,
) -> sqlx::Result<()> {
    if answered.is_empty() {
        return Ok(());
    }
    let rows: Vec<Request<'_>> = answered
        .iter()
        .map(|it| Request {
            key: hex(&it.request.key),
            body: hex(&it.request.body),
            campaign: it.campaign.0,
            number: it.number,
            receipt: it.receipt,
        })
        .collect();
    sqlx::query(queries::REQUESTS_INSERT)
        .bind(json(&rows)?)
        .bind(now.as_millisecond())
        .execute(&mut *tx)
        .await?;
    Ok(())
}

pub(super) fn json(rows: &(impl Serialize + ?Sized)) -> sqlx::Result<String> {
    serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits =
        |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from(DIGITS[usize::from(half)]));
    let mut hex = String::with_capacity(bytes.len() * 2);
    hex.extend(bytes.iter().flat_map(digits));
    hex
}
