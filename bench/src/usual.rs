//! The usual way to take pledges, to measure beside: axum, a pool, and a transaction a request.
//!
//! Nothing about it is made slow: prepared statements, a write-ahead log, the lock taken at the
//! start of the transaction, counters kept beside the rows. It checks less than we do, seals
//! nothing, and knows no idempotency keys.

use std::net::SocketAddr;

use anyhow::Result;
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

pub mod postgres;
pub mod sqlite;

#[derive(clap::Args)]
pub struct Options {
    #[arg(long, value_name = "ADDRESS")]
    listen: SocketAddr,
    /// `sqlite:///path/file.db` or `postgres://user@host/database`
    #[arg(long, value_name = "URL")]
    database_url: String,
    /// Rows to put in before anything else.
    #[arg(long, value_name = "N", default_value_t = 0)]
    rows: u64,
    /// Put the rows in and end.
    #[arg(long)]
    seed_only: bool,
}

/// The form, as far as it is looked at.
#[derive(serde::Deserialize)]
pub struct Form {
    name: String,
    email: String,
    country: String,
    locale: String,
    consents: Consents,
    source: serde_json::Value,
}

#[derive(serde::Deserialize)]
struct Consents {
    updates: bool,
}

#[derive(serde::Serialize)]
struct Taken {
    state: &'static str,
    number: i64,
    total: i64,
}

impl Form {
    fn is_sound(&self) -> bool {
        !self.name.trim().is_empty() && self.email.contains('@') && self.country.len() == 2
    }
}

fn taken(total: i64) -> Response {
    let taken = Taken { state: "counted", number: total, total };
    (StatusCode::CREATED, axum::Json(taken)).into_response()
}

fn failed(error: &sqlx::Error) -> Response {
    let conflict = error.as_database_error().is_some_and(|error| error.is_unique_violation());
    let status = if conflict { StatusCode::CONFLICT } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, error.to_string()).into_response()
}

pub async fn run(options: Options) -> Result<()> {
    let pledges = if options.database_url.starts_with("sqlite") {
        let pool = sqlite::open(&options.database_url).await?;
        sqlite::seed(&pool, options.rows).await?;
        if options.seed_only {
            pool.close().await;
            return Ok(());
        }
        sqlite::router(pool)
    } else {
        let pool = postgres::open(&options.database_url).await?;
        postgres::router(pool)
    };
    let router: Router = pledges.route("/readyz", get(|| async { "ready" }));
    let listener = TcpListener::bind(options.listen).await?;
    Ok(axum::serve(listener, router).await?)
}
