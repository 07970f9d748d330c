//! Opens connections, proves their settings, migrates.

use std::path::Path;
use std::time::Duration;

use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Sqlite, SqliteConnection, SqlitePool};

use super::{broken, unavailable};
use crate::store::{Result, StoreError, migrations};

/// How long a statement waits for a lock that another process holds, such as a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Pages in the log before it is moved into the file. Large, so that a burst is not held up.
const WAL_AUTOCHECKPOINT: i64 = 20_000;

/// Older ones can corrupt a database when the log is reset (fixed in 3.51.3).
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

const READERS: u32 = 4;

pub(super) async fn open(path: &Path) -> Result<(SqlitePool, SqlitePool)> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Unavailable(error.into()))?;
    }
    make_private(path).map_err(|error| StoreError::Unavailable(error.into()))?;
    let writer = pool(path, true, 1).await.map_err(refused)?;
    migrate(&writer).await?;
    let readers = pool(path, false, READERS).await.map_err(refused)?;
    Ok((writer, readers))
}

/// A new file is for its owner alone; SQLite gives the files beside it the same mode.
pub(super) fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

async fn pool(path: &Path, writes: bool, connections: u32) -> sqlx::Result<SqlitePool> {
    PoolOptions::<Sqlite>::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |connection, _| Box::pin(prove(connection, writes)))
        .connect_with(options(path, writes))
        .await
}

/// A connection of its own, for a long read that must not hold up others.
pub(super) async fn reader(path: &Path) -> Result<SqliteConnection> {
    let mut connection = options(path, false).connect().await.map_err(unavailable)?;
    prove(&mut connection, false).await.map_err(refused)?;
    Ok(connection)
}

/// A connection of its own that may write files, for a copy.
pub(super) async fn copier(path: &Path) -> Result<SqliteConnection> {
    options(path, true).create_if_missing(false).connect().await.map_err(unavailable)
}

/// Acknowledged means on the disk. The test of power loss lowers it, to see that it would find out.
fn synchronous() -> SqliteSynchronous {
    fail::fail_point!("synchronous_normal", |_| SqliteSynchronous::Normal);
    SqliteSynchronous::Full
}

fn wal_autocheckpoint() -> i64 {
    fail::fail_point!("checkpoint_often", |_| 50);
    WAL_AUTOCHECKPOINT
}

fn options(path: &Path, writes: bool) -> SqliteConnectOptions {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(writes)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous())
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("wal_autocheckpoint", wal_autocheckpoint().to_string())
        // Each statement of a batch keeps what it changes until it is through: in memory, not in a
        // file that is made and deleted for it.
        .pragma("temp_store", "memory")
        // Deleted personal data is overwritten, not only forgotten.
        .pragma("secure_delete", "on")
        // In KiB: the unique index of some millions of pledges.
        .pragma("cache_size", if writes { "-65536" } else { "-8192" })
        .disable_statement_logging();
    if writes { options } else { options.pragma("query_only", "on") }
}

/// Reads every setting back: one that did not take would be found out by a power cut.
async fn prove(connection: &mut SqliteConnection, writes: bool) -> sqlx::Result<()> {
    let version: String =
        sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut *connection).await?;
    if parse_version(&version) < Some(OLDEST_SQLITE) {
        return Err(wrong(format!("SQLite {version} is too old: 3.51.3 or later is needed")));
    }
    let mode: String =
        sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    if mode != "wal" {
        return Err(wrong(format!("journal_mode is {mode}, not wal: is this a network drive?")));
    }
    let busy_timeout = i64::try_from(BUSY_TIMEOUT.as_millis()).unwrap_or(i64::MAX);
    for (pragma, name, wanted) in [
        ("PRAGMA synchronous", "synchronous", synchronous() as i64),
        ("PRAGMA foreign_keys", "foreign_keys", 1),
        ("PRAGMA busy_timeout", "busy_timeout", busy_timeout),
        ("PRAGMA wal_autocheckpoint", "wal_autocheckpoint", wal_autocheckpoint()),
        ("PRAGMA temp_store", "temp_store", 2),
        ("PRAGMA secure_delete", "secure_delete", 1),
        ("PRAGMA query_only", "query_only", i64::from(!writes)),
    ] {
        let found: i64 = sqlx::query_scalar(pragma).fetch_one(&mut *connection).await?;
        if found != wanted {
            return Err(wrong(format!("{name} is {found}, not {wanted}")));
        }
    }
    Ok(())
}

fn parse_version(text: &str) -> Option<(u32, u32, u32)> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

fn wrong(what: String) -> sqlx::Error {
    sqlx::Error::Configuration(what.into())
}

fn refused(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Configuration(what) => broken(what),
        other => unavailable(other),
    }
}

/// Two processes may start on the same new file. Whoever finds a migration done by the other in
/// the middle of its own looks again.
async fn migrate(writer: &SqlitePool) -> Result<()> {
    let migrator = migrations::sqlite();
    let mut tries = migrator.iter().count();
    loop {
        match migrations::explain(migrator.run(writer).await) {
            Err(StoreError::Broken(_) | StoreError::Unavailable(_)) if tries > 0 => tries -= 1,
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn a_setting_that_did_not_take_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        let usual = options(&folder.path().join("test.db"), true);
        let mut good = usual.clone().connect().await.unwrap();
        prove(&mut good, true).await.unwrap();
        for (bad, named) in [
            (usual.clone().synchronous(SqliteSynchronous::Normal), "synchronous is 1, not 2"),
            (usual.clone().foreign_keys(false), "foreign_keys is 0, not 1"),
            (usual.clone().busy_timeout(Duration::ZERO), "busy_timeout is 0"),
            (usual.clone().pragma("query_only", "on"), "query_only is 1, not 0"),
        ] {
            let mut connection = bad.connect().await.unwrap();
            let error = prove(&mut connection, true).await.unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
    }

    #[tokio::test]
    async fn a_reader_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let (writer, readers) = open(&folder.path().join("test.db")).await.unwrap();
        let write = "UPDATE meta SET number = 1";
        assert!(sqlx::query(write).execute(&readers).await.is_err());
        assert!(sqlx::query(write).execute(&writer).await.is_ok());
    }

    #[tokio::test]
    async fn many_that_start_at_once_on_a_new_file_all_come_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let opened = (0..8).map(|_| {
            tokio::spawn({
                let path = path.clone();
                async move { open(&path).await.map(drop) }
            })
        });
        for opened in opened.collect::<Vec<_>>() {
            opened.await.unwrap().unwrap();
        }
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(parse_version("3.51.3") >= Some(OLDEST_SQLITE));
        assert!(parse_version("3.100.0") > Some(OLDEST_SQLITE));
        assert!(parse_version("3.51.2") < Some(OLDEST_SQLITE));
        assert!(parse_version("nonsense") < Some(OLDEST_SQLITE));
    }
}
