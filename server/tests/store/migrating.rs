//! Migrations that are killed, that are run by two at once, and that cannot be run.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use countersign::store::StoreError;
use countersign::store::postgres::PostgresStore;
use countersign::store::sqlite::SqliteStore;
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::harness::{Engine, Fixture, check_the_oracle};
use crate::postgres::Postgres;
use crate::sqlite::Sqlite;

const PATIENCE: Duration = Duration::from_secs(60);

/// `countersign migrate`, running.
fn migrate(url: &str, data_dir: &std::path::Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_countersign"))
        .arg("migrate")
        .env("COUNTERSIGN_DATABASE_URL", url)
        .env("COUNTERSIGN_DATA_DIR", data_dir)
        .env("COUNTERSIGN_SECRET_KEY", "one key for all processes that start here")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn is_done(child: Child) {
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The migrations up to the second: what a database is in the middle of an upgrade.
async fn first_two(engine: &str) -> (tempfile::TempDir, Migrator) {
    let folder = tempfile::tempdir().unwrap();
    let all = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(all).unwrap() {
        let file = entry.unwrap();
        if file.file_name().to_str().unwrap() < "0003" {
            std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
    }
    let migrator = Migrator::new(folder.path()).await.unwrap();
    (folder, migrator)
}

/// Whether somebody waits for the table of pledges; then `what` is done to them.
async fn waits(database: &mut PgConnection, what: &str) -> bool {
    let sql = format!(
        "SELECT count({what}) > 0 FROM pg_locks JOIN pg_database ON pg_database.oid = database
         WHERE NOT granted AND relation = 'pledges'::regclass AND datname = current_database()"
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(database).await.unwrap()
}

async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !ask().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("never: {what}"));
}

#[tokio::test]
async fn fault_08_migration_killed_midway_next_start_completes_it_on_postgres() {
    let engine = Postgres::new();
    let mut database = engine.connect().await;
    first_two("postgres").await.1.run_direct(None, &mut database, false).await.unwrap();
    let row = "INSERT INTO campaigns (slug, settings, retention_days, created_at, updated_at)
               VALUES ('old', '{}', 30, 0, 0)";
    sqlx::query(row).execute(&mut database).await.unwrap();

    // The third has made tables by the time it wants to change this one.
    let mut reader = engine.connect().await;
    let mut reading = reader.begin().await.unwrap();
    sqlx::query("SELECT FROM pledges").execute(&mut *reading).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut killed = migrate(engine.url().await, folder.path());
    eventually("the migration is midway", async || waits(&mut database, "pid").await).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    reading.rollback().await.unwrap();

    is_done(migrate(engine.url().await, folder.path()));
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM campaigns WHERE organization_id = 1")
        .fetch_one(&mut database)
        .await
        .unwrap();
    assert_eq!(kept, 1, "what was there is there, in the new form");
    sqlx::query("DELETE FROM campaigns").execute(&mut database).await.unwrap();
    works(&engine).await;
}

#[tokio::test]
async fn fault_08_migration_killed_midway_next_start_completes_it_on_sqlite() {
    let engine = Sqlite::new();
    let url = format!("sqlite://{}", engine.path().display());
    let mut database = SqliteConnection::connect(&format!("{url}?mode=rwc")).await.unwrap();
    first_two("sqlite").await.1.run_direct(None, &mut database, false).await.unwrap();
    // The third never comes past this line of its own.
    let never = "PRAGMA journal_mode = wal; PRAGMA busy_timeout = 0;
                 CREATE TRIGGER never BEFORE INSERT ON meta WHEN NEW.name = 'audit' BEGIN
                 SELECT count(*) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
                                       SELECT i FROM n) WHERE i < 0; END";
    sqlx::raw_sql(never).execute(&mut database).await.unwrap();

    let folder = tempfile::tempdir().unwrap();
    let mut killed = migrate(&url, folder.path());
    // Whoever starts takes the lock now and again, and only a migration keeps it.
    let mut held = 0;
    eventually("the migration is midway", async || {
        match sqlx::query("BEGIN IMMEDIATE").execute(&mut database).await {
            Ok(_) => {
                sqlx::query("ROLLBACK").execute(&mut database).await.unwrap();
                held = 0;
            }
            Err(_) => held += 1,
        }
        held > 50
    })
    .await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    let newest = "SELECT max(version) FROM _sqlx_migrations";
    let newest: i64 = sqlx::query_scalar(newest).fetch_one(&mut database).await.unwrap();
    assert_eq!(newest, 2, "nothing of the third was kept");

    sqlx::query("DROP TRIGGER never").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    is_done(migrate(&url, folder.path()));
    works(&engine).await;
}

#[tokio::test]
async fn two_that_migrate_at_once_do_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let (postgres, sqlite) = (Postgres::new(), Sqlite::new());
    let file = format!("sqlite://{}", sqlite.path().display());
    let engines: [(&str, &dyn Engine); 2] = [(postgres.url().await, &postgres), (&file, &sqlite)];
    for (url, engine) in engines {
        let both = [migrate(url, folder.path()), migrate(url, folder.path())];
        both.into_iter().for_each(is_done);
        works(engine).await;
    }
}

#[tokio::test]
async fn a_migration_that_cannot_be_run_is_named_and_does_not_pass_for_a_database_that_is_away() {
    let (postgres, sqlite) = (Postgres::new(), Sqlite::new());
    let url = format!("sqlite://{}?mode=rwc", sqlite.path().display());
    SqliteConnection::connect(&url).await.unwrap().close().await.unwrap();
    for engine in [&postgres as &dyn Engine, &sqlite] {
        engine.sql("CREATE TABLE campaigns (theirs INTEGER)").await;
    }
    let refused = [
        PostgresStore::open(postgres.url().await, 4).await.err().unwrap(),
        SqliteStore::open(&sqlite.path()).await.err().unwrap(),
    ];
    for error in refused {
        assert!(matches!(error, StoreError::Broken(_)), "{error}");
        let said = error.to_string();
        assert!(said.starts_with("migration 1 (initial) failed"), "{said}");
        assert!(said.contains("already exists") && said.contains("start again"), "{said}");
    }
}

#[tokio::test]
async fn migrations_that_cannot_be_looked_up_are_for_people_to_mend() {
    let engine = Postgres::new();
    engine.url().await;
    engine.sql("CREATE VIEW _sqlx_migrations AS SELECT 1 AS theirs").await;
    let error = PostgresStore::open(engine.url().await, 4).await.err().unwrap();
    assert!(matches!(error, StoreError::Broken(_)), "{error}");
    assert!(error.to_string().contains("cannot be looked up"), "{error}");
}

#[tokio::test]
async fn a_migration_that_was_cut_off_is_tried_again() {
    let engine = Postgres::new();
    let mut database = engine.connect().await;
    first_two("postgres").await.1.run_direct(None, &mut database, false).await.unwrap();
    let mut reader = engine.connect().await;
    let mut reading = reader.begin().await.unwrap();
    sqlx::query("SELECT FROM pledges").execute(&mut *reading).await.unwrap();
    let url = engine.url().await.to_owned();
    let opening = tokio::spawn(async move { PostgresStore::open(&url, 4).await.map(drop) });
    // As whoever stops the server does: class 57.
    let cut = "pg_terminate_backend(pid)";
    eventually("the migration is cut off", async || waits(&mut database, cut).await).await;
    let error = opening.await.unwrap().unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    reading.rollback().await.unwrap();
    works(&engine).await;
}

/// The database is whole, and people can sign.
async fn works(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    assert_eq!(fixture.total().await, 1);
    check_the_oracle(&*fixture.store).await;
    fixture.store.close().await;
}
