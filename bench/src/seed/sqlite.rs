//! Seeds the product's SQLite file.

use anyhow::Result;
use countersign_bench::node::Setup;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::{CAMPAIGN, CHUNK, SPAN, Sealer, now};

/// Makes the campaign and `rows` pledges. Without `sealed`, as after the personal data was
/// deleted; with it, each with its person.
pub async fn seed(
    setup: &Setup,
    campaign: &std::path::Path,
    rows: u64,
    sealed: bool,
) -> Result<()> {
    setup.apply(campaign)?;
    let file = setup.data_dir.join("countersign.db");
    let mut database = SqliteConnectOptions::new().filename(file).connect().await?;
    // Nobody uses it yet, so it need not survive anything.
    for pragma in ["PRAGMA synchronous = OFF", "PRAGMA cache_size = -4000000"] {
        sqlx::query(pragma).execute(&mut database).await?;
    }
    pledges(&mut database, rows).await?;
    if sealed {
        people(&mut database, &Sealer::of(&setup.data_dir)?).await?;
    }
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut database).await?;
    database.close().await?;
    setup.run(&["recount"])?;
    Ok(())
}

async fn pledges(database: &mut SqliteConnection, rows: u64) -> Result<()> {
    let rows = i64::try_from(rows)?;
    sqlx::query(
        "WITH RECURSIVE people (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM people WHERE n < ?1)
         INSERT INTO pledges (
             campaign_id, fingerprint, key_version, state, country, locale, public_name, updates,
             suspicious, source, receipt, signed_at
         )
         SELECT id, randomblob(16), 1, 'counted', substr('DEFRGBITESPLKENGNLBE', 1 + 2 * (n % 10), 2),
             'en', 0, 0, 0, '{\"utm_source\":\"bench\"}', hex(randomblob(8)), ?2 + n * ?3 / ?1
         FROM people, campaigns WHERE slug = ?4",
    )
    .bind(rows)
    .bind(now() - SPAN)
    .bind(SPAN)
    .bind(CAMPAIGN)
    .execute(&mut *database)
    .await?;
    for counters in [
        "INSERT INTO country_totals (campaign_id, country, counted)
         SELECT campaign_id, country, count(*) FROM pledges GROUP BY campaign_id, country",
        "INSERT INTO minute_totals (campaign_id, minute, counted)
         SELECT campaign_id, signed_at / 60000, count(*) FROM pledges
         GROUP BY campaign_id, signed_at / 60000",
        "INSERT INTO country_days (campaign_id, day, country, counted)
         SELECT campaign_id, signed_at / 86400000, country, count(*) FROM pledges
         GROUP BY campaign_id, signed_at / 86400000, country",
        "INSERT INTO source_days (campaign_id, day, source, counted)
         SELECT campaign_id, signed_at / 86400000, 'utm bench', count(*) FROM pledges
         GROUP BY campaign_id, signed_at / 86400000",
        "UPDATE campaign_totals SET seq = seq + 1, total = n, peak = n
         FROM (SELECT count(*) AS n FROM pledges)",
    ] {
        sqlx::query(counters).execute(&mut *database).await?;
    }
    Ok(())
}

const PERSON: &str = "INSERT INTO people (pledge_id, sealed, campaign_id, signed_at)
    SELECT id, ?2, campaign_id, signed_at FROM pledges WHERE id = ?1";

async fn people(database: &mut SqliteConnection, sealer: &Sealer) -> Result<()> {
    let mut last = 0;
    loop {
        let rows: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT id, fingerprint FROM pledges WHERE id > ? ORDER BY id LIMIT ?")
                .bind(last)
                .bind(i64::try_from(CHUNK)?)
                .fetch_all(&mut *database)
                .await?;
        let Some((end, _)) = rows.last() else { return Ok(()) };
        last = *end;
        let mut transaction = database.begin().await?;
        for (id, fingerprint) in rows {
            sqlx::query(PERSON)
                .bind(id)
                .bind(sealer.seal(id, &fingerprint)?)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
    }
}
