//! Seeds the product's SQLite file.

use std::fmt::Write as _;

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
    // The rows are there; whatever counts them is made from them.
    setup.run(&["recount", "--repair"])?;
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
         SELECT id, randomblob(16), 1, 'counted',
             iif(n % 100000 = 7, 'IS', substr('DEFRGBITESPLKENGNLBE', 1 + 2 * (n % 10), 2)),
             'en', 0, 0, 0, json_object('utm_source', 'place' || n * n % 50), hex(randomblob(8)),
             ?2 + n * ?3 / ?1
         FROM people, campaigns WHERE slug = ?4",
    )
    .bind(rows)
    .bind(now() - SPAN)
    .bind(SPAN)
    .bind(CAMPAIGN)
    .execute(&mut *database)
    .await?;
    Ok(())
}

/// One statement for many: a statement a row would take longer than all the rest.
const PEOPLE: &str = "INSERT INTO people (pledge_id, sealed, campaign_id, signed_at)
    SELECT pledges.id, unhex(value ->> 1), campaign_id, signed_at
    FROM json_each(?1) JOIN pledges ON pledges.id = value ->> 0";

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
        let mut list = String::from("[");
        for (id, fingerprint) in rows {
            let comma = if list.len() > 1 { "," } else { "" };
            write!(list, "{comma}[{id},\"")?;
            for byte in sealer.seal(id, &fingerprint)? {
                write!(list, "{byte:02x}")?;
            }
            list.push_str("\"]");
        }
        list.push(']');
        sqlx::query(PEOPLE).bind(list).execute(&mut *database).await?;
    }
}
