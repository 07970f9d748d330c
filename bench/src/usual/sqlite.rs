//! The usual way on SQLite.

use std::str::FromStr as _;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, http::StatusCode};
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Form, failed, taken};

const SCHEMA: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS campaigns (
        id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, total INTEGER NOT NULL DEFAULT 0
    )",
    "CREATE TABLE IF NOT EXISTS pledges (
        id INTEGER PRIMARY KEY,
        campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
        email TEXT NOT NULL, name TEXT NOT NULL, country TEXT NOT NULL, locale TEXT NOT NULL,
        updates INTEGER NOT NULL, source TEXT NOT NULL,
        signed_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
        UNIQUE (campaign_id, email)
    )",
    "CREATE TABLE IF NOT EXISTS country_totals (
        campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
        country TEXT NOT NULL, counted INTEGER NOT NULL,
        PRIMARY KEY (campaign_id, country)
    )",
    "INSERT INTO campaigns (id, slug) VALUES (1, 'example') ON CONFLICT DO NOTHING",
];

pub async fn open(url: &str) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(60));
    let pool = SqlitePoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options)
        .await?;
    for statement in SCHEMA {
        sqlx::query(statement).execute(&pool).await?;
    }
    Ok(pool)
}

pub fn router(pool: SqlitePool) -> Router {
    Router::new().route("/api/v1/campaigns/{slug}/pledges", post(sign)).with_state(pool)
}

async fn sign(
    State(pool): State<SqlitePool>,
    Path(slug): Path<String>,
    Json(form): Json<Form>,
) -> Response {
    if !form.is_sound() {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    match record(&pool, &slug, &form).await {
        Ok(total) => taken(total),
        Err(error) => failed(&error),
    }
}

async fn record(pool: &SqlitePool, slug: &str, form: &Form) -> sqlx::Result<i64> {
    // Without IMMEDIATE, two transactions that both want to write give each other up.
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let campaign: i64 = sqlx::query_scalar(
        "INSERT INTO pledges (campaign_id, email, name, country, locale, updates, source)
         VALUES ((SELECT id FROM campaigns WHERE slug = ?), ?, ?, ?, ?, ?, ?)
         RETURNING campaign_id",
    )
    .bind(slug)
    .bind(form.email.to_lowercase())
    .bind(&form.name)
    .bind(&form.country)
    .bind(&form.locale)
    .bind(form.consents.updates)
    .bind(form.source.to_string())
    .fetch_one(&mut *transaction)
    .await?;
    let total =
        sqlx::query_scalar("UPDATE campaigns SET total = total + 1 WHERE id = ? RETURNING total")
            .bind(campaign)
            .fetch_one(&mut *transaction)
            .await?;
    sqlx::query(
        "INSERT INTO country_totals (campaign_id, country, counted) VALUES (?, ?, 1)
         ON CONFLICT (campaign_id, country) DO UPDATE SET counted = counted + 1",
    )
    .bind(campaign)
    .bind(&form.country)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(total)
}

/// Puts `rows` people in, with counters to match. Does nothing where there are rows.
pub async fn seed(pool: &SqlitePool, rows: u64) -> Result<()> {
    let there: i64 = sqlx::query_scalar("SELECT count(*) FROM (SELECT 1 FROM pledges LIMIT 1)")
        .fetch_one(pool)
        .await?;
    if rows == 0 || there > 0 {
        return Ok(());
    }
    let mut connection = pool.acquire().await?;
    // It is not there yet, so it need not survive anything.
    for pragma in ["PRAGMA synchronous = OFF", "PRAGMA cache_size = -4000000"] {
        sqlx::query(pragma).execute(&mut *connection).await?;
    }
    sqlx::query(
        "WITH RECURSIVE people (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM people WHERE n < ?)
         INSERT INTO pledges (campaign_id, email, name, country, locale, updates, source)
         SELECT 1, lower(hex(randomblob(8))) || '@example.org', 'Amina Otieno',
             substr('DEFRGBITESPLKENGNLBE', 1 + 2 * (n % 10), 2), 'en', 0,
             '{\"utm_source\":\"bench\"}'
         FROM people",
    )
    .bind(i64::try_from(rows)?)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO country_totals (campaign_id, country, counted)
         SELECT 1, country, count(*) FROM pledges GROUP BY country",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE campaigns SET total = (SELECT count(*) FROM pledges)")
        .execute(&mut *connection)
        .await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await?;
    drop(connection);
    Ok(())
}
