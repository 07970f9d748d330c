//! Seeds the product's tables in Postgres.

use anyhow::{Context as _, Result};
use countersign_bench::node::Setup;
use sqlx::{Connection as _, PgConnection};

use super::{CAMPAIGN, CHUNK, SPAN, Sealer, now};

/// Makes the campaign and `rows` pledges; see [`super::sqlite::seed`].
pub async fn seed(
    setup: &Setup,
    campaign: &std::path::Path,
    rows: u64,
    sealed: bool,
) -> Result<()> {
    setup.apply(campaign)?;
    let url = setup.database_url.as_deref().context("no database")?;
    let mut database = PgConnection::connect(url).await?;
    pledges(&mut database, rows).await?;
    if sealed {
        people(&mut database, &Sealer::of(&setup.data_dir)?).await?;
    }
    sqlx::query("VACUUM ANALYZE").execute(&mut database).await?;
    sqlx::query("CHECKPOINT").execute(&mut database).await?;
    database.close().await?;
    setup.run(&["recount", "--repair"])?;
    setup.run(&["recount"])?;
    Ok(())
}

async fn pledges(database: &mut PgConnection, rows: u64) -> Result<()> {
    sqlx::query(
        "INSERT INTO pledges (
             id, campaign_id, fingerprint, key_version, state, country, locale, public_name,
             updates, suspicious, source, receipt, signed_at
         )
         SELECT nextval('pledge_ids'), campaigns.id, decode(md5(n::text || random()::text), 'hex'),
             1, 'counted', substr('DEFRGBITESPLKENGNLBE', (1 + 2 * (n % 10))::int, 2), 'en', false,
             false, false, '{\"utm_source\":\"bench\"}',
             upper(substr(md5(random()::text), 1, 16)), $2 + n * ($3 / $1)
         FROM generate_series(1::bigint, $1) AS n, campaigns WHERE slug = $4",
    )
    .bind(i64::try_from(rows)?)
    .bind(now() - SPAN)
    .bind(SPAN)
    .bind(CAMPAIGN)
    .execute(&mut *database)
    .await?;
    Ok(())
}

const PEOPLE: &str = "INSERT INTO people (pledge_id, sealed, campaign_id, signed_at)
    SELECT id, sealed, campaign_id, signed_at
    FROM unnest($1::bigint[], $2::bytea[]) AS new (pledge, sealed) JOIN pledges ON id = pledge";

async fn people(database: &mut PgConnection, sealer: &Sealer) -> Result<()> {
    let mut last = 0;
    loop {
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT id, fingerprint FROM pledges WHERE id > $1 ORDER BY id LIMIT $2",
        )
        .bind(last)
        .bind(i64::try_from(CHUNK)?)
        .fetch_all(&mut *database)
        .await?;
        let Some((end, _)) = rows.last() else { return Ok(()) };
        last = *end;
        let sealed: Result<Vec<Vec<u8>>> =
            rows.iter().map(|(id, fingerprint)| sealer.seal(*id, fingerprint)).collect();
        let ids: Vec<i64> = rows.into_iter().map(|(id, _)| id).collect();
        sqlx::query(PEOPLE).bind(ids).bind(sealed?).execute(&mut *database).await?;
    }
}
