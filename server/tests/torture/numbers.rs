//! What the database itself says, asked past the product: its own checks, and the sums.

use std::path::Path;

use sqlx::{Connection as _, PgConnection, Row as _, SqliteConnection};

/// Rows that count, the stored total, the sum over countries, the sum over minutes.
const SUMS: &str = "SELECT
    (SELECT count(*) FROM pledges WHERE state = 'counted') AS rows,
    (SELECT CAST(coalesce(sum(total), 0) AS BIGINT) FROM campaign_totals) AS total,
    (SELECT CAST(coalesce(sum(counted), 0) AS BIGINT) FROM country_totals) AS countries,
    (SELECT CAST(coalesce(sum(counted), 0) AS BIGINT) FROM minute_totals) AS minutes";

const NAMES: [&str; 4] = ["rows", "total", "countries", "minutes"];

/// `integrity_check`, `foreign_key_check` and the sums of a file, as sentences; empty where all is
/// well.
pub async fn of_file(path: &Path) -> sqlx::Result<Vec<String>> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let mut wrong = Vec::new();
    let said: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut connection).await?;
    if said != ["ok"] {
        wrong.push(format!("integrity_check of {}: {said:?}", path.display()));
    }
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await?.len();
    if orphans > 0 {
        wrong.push(format!("foreign_key_check: {orphans} rows without what they belong to"));
    }
    let row = sqlx::query(SUMS).fetch_one(&mut connection).await?;
    wrong.extend(agree(NAMES.map(|name| row.get(name))));
    connection.close().await?;
    Ok(wrong)
}

/// Runs statements in a file that a server has open.
pub async fn change_file(path: &Path, statements: &'static str) -> sqlx::Result<()> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql(statements).execute(&mut connection).await?;
    connection.close().await
}

/// The sums of a Postgres.
pub async fn of_postgres(url: &str) -> sqlx::Result<Vec<String>> {
    let mut connection = PgConnection::connect(url).await?;
    let row = sqlx::query(SUMS).fetch_one(&mut connection).await?;
    let wrong = agree(NAMES.map(|name| row.get(name)));
    connection.close().await?;
    Ok(wrong)
}

fn agree(sums: [i64; 4]) -> Vec<String> {
    if sums.iter().all(|sum| *sum == sums[0]) {
        return Vec::new();
    }
    vec![format!("in the database, {NAMES:?} are {sums:?}")]
}
