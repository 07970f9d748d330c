//! SQLite: the contract, and what only this engine can get wrong.

use std::sync::Arc;

use countersign::store::sqlite::SqliteStore;
use countersign::store::{Store, StoreError};
use sqlx::{Connection as _, SqliteConnection};

use crate::harness::{Engine, Fixture, Said as _, at, check_the_oracle, entry};

pub struct Sqlite(tempfile::TempDir);

impl Sqlite {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.0.path().join("test.db")
    }

    pub async fn connect(&self) -> SqliteConnection {
        let url = format!("sqlite://{}", self.path().display());
        SqliteConnection::connect(&url).await.unwrap()
    }
}

#[async_trait::async_trait]
impl Engine for Sqlite {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.path()).await.unwrap())
    }

    async fn sql(&self, statements: &'static str) {
        let mut connection = self.connect().await;
        sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

crate::contract::run_on!(Sqlite::new());

#[tokio::test]
async fn very_many_ceremonies_keep_nobody_out() {
    let fill = "INSERT INTO ceremonies (hash, state, expires_at)
        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10000)
        SELECT CAST(printf('%032d', n) AS BLOB), '{}', 1735689600000 + 1000 + n FROM n";
    crate::contract::very_many_ceremonies_keep_nobody_out(&Sqlite::new(), fill).await;
}

#[tokio::test]
async fn an_older_binary_on_a_newer_schema_refuses_to_start() {
    let engine = Sqlite::new();
    engine.open().await.close().await;
    engine
        .sql(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'from the future', true, x'00', 0)",
        )
        .await;
    let error = SqliteStore::open(&engine.path()).await.err().unwrap();
    assert!(matches!(error, StoreError::NewerSchema(_)), "{error}");
    assert!(error.to_string().contains("migration 9999"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let engine = Sqlite::new();
    std::fs::write(engine.path(), "minutes of the meeting, 1 January ".repeat(100)).unwrap();
    assert!(SqliteStore::open(&engine.path()).await.is_err());
    assert!(std::fs::read_to_string(engine.path()).unwrap().starts_with("minutes"));
}

#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let engine = Sqlite::new();
    let store = engine.open().await;
    store.next_epoch(at(0)).await.unwrap();
    for entry in std::fs::read_dir(engine.0.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }
}

#[tokio::test]
async fn a_failed_statement_leaves_nothing_and_the_next_batch_goes_through() {
    let engine = Sqlite::new();
    let fixture = Fixture::on(&engine).await;
    engine
        .sql(
            "CREATE TRIGGER full BEFORE INSERT ON minute_totals
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .await;
    let batch = vec![fixture.pledge(1).with_key(1, 1), fixture.pledge(2)];
    let error = fixture.store.record(batch.clone(), at(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    assert_eq!(fixture.total().await, 0);
    assert!(fixture.rows().await.is_empty());
    engine.sql("DROP TRIGGER full").await;
    fixture.record(batch).await;
    assert_eq!(fixture.total().await, 2);
    check_the_oracle(&*fixture.store).await;
}

#[tokio::test]
async fn readiness_fails_while_the_disk_takes_no_writes() {
    let engine = Sqlite::new();
    let store = engine.open().await;
    engine
        .sql(
            "CREATE TRIGGER full BEFORE UPDATE ON meta
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .await;
    assert!(store.ready().await.is_err());
    engine.sql("DROP TRIGGER full").await;
    assert!(store.ready().await.is_ok());
}

#[tokio::test]
async fn the_database_is_sound_after_a_day_of_work() {
    let engine = Sqlite::new();
    let fixture = Fixture::on(&engine).await;
    for mailbox in 0..200 {
        fixture.record(vec![fixture.pledge(mailbox).with_key(mailbox, 0)]).await;
    }
    fixture.store.expire(at(40 * crate::harness::DAY), &entry("a change")).await.unwrap();
    fixture.store.close().await;
    let mut connection = engine.connect().await;
    let sound: String =
        sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut connection).await.unwrap();
    assert_eq!(sound, "ok");
    let dangling =
        sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut connection).await.unwrap();
    assert!(dangling.is_empty());
}
