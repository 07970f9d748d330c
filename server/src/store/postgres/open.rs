//! Connects, proves what durability rests on, migrates.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, PgPool, Postgres};

use super::{broken, unavailable};
use crate::store::{Result, migrations};

/// Whoever waits for a connection is told to come again after this.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// A pledge is answered within seconds or not at all; an export takes as long as it takes, on a
/// connection of its own.
const SHORT_WORK: &str = "SET statement_timeout = '10s';
    SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '15s'";

/// Everything that the writer and an export look up, they look up by a key. Plans are kept, and one that was made
/// while a table was empty would read through all of it when it holds millions.
pub(super) const BY_KEY: &str = "SET enable_seqscan = off; SET enable_hashjoin = off;
    SET enable_mergejoin = off; SET jit = off";

/// What `COUNTERSIGN_DATABASE_CONNECTIONS` must leave room for beside readers: the writer, and the
/// relay, which sends over one and listens on another.
const TAKEN: u32 = 3;

pub(super) async fn open(
    url: &str,
    connections: u32,
) -> Result<(PgConnectOptions, PgPool, PgPool)> {
    let options = PgConnectOptions::from_str(url)
        .map_err(broken)?
        .application_name("countersign")
        .disable_statement_logging();
    migrate(&options).await?;
    let writer = pool(&options, 1, BY_KEY).await.map_err(refused)?;
    let readers =
        pool(&options, connections.saturating_sub(TAKEN).max(1), "").await.map_err(refused)?;
    Ok((options, writer, readers))
}

async fn pool(
    options: &PgConnectOptions,
    connections: u32,
    settings: &'static str,
) -> sqlx::Result<PgPool> {
    PoolOptions::<Postgres>::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        // Asked before each use, a connection that died while idle is found before a batch is.
        .test_before_acquire(true)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(SHORT_WORK).execute(&mut *connection).await?;
                sqlx::raw_sql(settings).execute(&mut *connection).await?;
                prove(connection).await
            })
        })
        .connect_with(options.clone())
        .await
}

/// A connection of its own, for work that takes long.
pub(super) async fn connect(options: &PgConnectOptions) -> Result<PgConnection> {
    let mut connection = options.connect().await.map_err(unavailable)?;
    prove(&mut connection).await.map_err(refused)?;
    Ok(connection)
}

/// Acknowledged means on the disk. A session, a role or a database may have been told otherwise.
async fn prove(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("SET synchronous_commit = on").execute(&mut *connection).await?;
    let (fsync, pages): (String, String) =
        sqlx::query_as("SELECT current_setting('fsync'), current_setting('full_page_writes')")
            .fetch_one(&mut *connection)
            .await?;
    if (fsync.as_str(), pages.as_str()) != ("on", "on") {
        tracing::warn!(
            fsync,
            full_page_writes = pages,
            "THIS POSTGRES MAY LOSE ACKNOWLEDGED PLEDGES in a power cut: set both to on"
        );
    }
    Ok(())
}

/// Nodes that start at once wait for each other here: the migrator holds an advisory lock.
async fn migrate(options: &PgConnectOptions) -> Result<()> {
    let mut connection = options.connect().await.map_err(refused)?;
    // `run` takes anything it can acquire from, which keeps the future from being sent.
    let migrated = migrations::postgres().run_direct(None, &mut connection, false).await;
    let outcome = migrations::explain(migrated);
    let _ = connection.close().await;
    outcome
}

/// A server that is not there may come; a wrong password will not mend itself.
fn refused(error: sqlx::Error) -> crate::store::StoreError {
    match &error {
        sqlx::Error::Configuration(_) => broken(error),
        // Class 28: invalid authorization. 3D000: no such database.
        sqlx::Error::Database(said)
            if said.code().is_some_and(|code| code.starts_with("28") || code == "3D000") =>
        {
            broken(error)
        }
        _ => unavailable(error),
    }
}
