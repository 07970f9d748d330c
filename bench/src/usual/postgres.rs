//! The usual way on Postgres.

use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, http::StatusCode};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::{Form, failed, taken};

const SCHEMA: [&str; 4] = [
    "CREATE TABLE IF NOT EXISTS campaigns (
        id BIGINT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, total BIGINT NOT NULL DEFAULT 0
    )",
    "CREATE TABLE IF NOT EXISTS pledges (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
        email TEXT NOT NULL, name TEXT NOT NULL, country TEXT NOT NULL, locale TEXT NOT NULL,
        updates BOOLEAN NOT NULL, source TEXT NOT NULL,
        signed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
        UNIQUE (campaign_id, email)
    )",
    "CREATE TABLE IF NOT EXISTS country_totals (
        campaign_id BIGINT NOT NULL REFERENCES campaigns (id),
        country TEXT NOT NULL, counted BIGINT NOT NULL,
        PRIMARY KEY (campaign_id, country)
    )",
    "INSERT INTO campaigns (id, slug) VALUES (1, 'example') ON CONFLICT DO NOTHING",
];

pub async fn open(url: &str) -> Result<PgPool> {
    let pool = PgPoolOptions::new()
        .max_connections(32)
        .acquire_timeout(Duration::from_secs(60))
        .connect(url)
        .await?;
    for statement in SCHEMA {
        sqlx::query(statement).execute(&pool).await?;
    }
    Ok(pool)
}

pub fn router(pool: PgPool) -> Router {
    Router::new().route("/api/v1/campaigns/{slug}/pledges", post(sign)).with_state(pool)
}

async fn sign(
    State(pool): State<PgPool>,
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

async fn record(pool: &PgPool, slug: &str, form: &Form) -> sqlx::Result<i64> {
    let mut transaction = pool.begin().await?;
    let campaign: i64 = sqlx::query_scalar(
        "INSERT INTO pledges (campaign_id, email, name, country, locale, updates, source)
         VALUES ((SELECT id FROM campaigns WHERE slug = $1), $2, $3, $4, $5, $6, $7)
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
        sqlx::query_scalar("UPDATE campaigns SET total = total + 1 WHERE id = $1 RETURNING total")
            .bind(campaign)
            .fetch_one(&mut *transaction)
            .await?;
    sqlx::query(
        "INSERT INTO country_totals (campaign_id, country, counted) VALUES ($1, $2, 1)
         ON CONFLICT (campaign_id, country) DO UPDATE SET counted = country_totals.counted + 1",
    )
    .bind(campaign)
    .bind(&form.country)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(total)
}
