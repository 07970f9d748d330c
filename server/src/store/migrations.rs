//! Every migration there ever was, in order, for each engine under the same names.

use std::borrow::Cow;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::PgDatabaseError;

use super::{Result, StoreError};

type Listed = (i64, &'static str, &'static str);

const SQLITE: &[Listed] = &[
    (1, "initial", include_str!("../../migrations/sqlite/0001_initial.sql")),
    (2, "people_due", include_str!("../../migrations/sqlite/0002_people_due.sql")),
    (3, "organizers", include_str!("../../migrations/sqlite/0003_organizers.sql")),
    (4, "paper", include_str!("../../migrations/sqlite/0004_paper.sql")),
    (5, "access", include_str!("../../migrations/sqlite/0005_access.sql")),
    (6, "mail", include_str!("../../migrations/sqlite/0006_mail.sql")),
];

const POSTGRES: &[Listed] = &[
    (1, "initial", include_str!("../../migrations/postgres/0001_initial.sql")),
    (2, "people_due", include_str!("../../migrations/postgres/0002_people_due.sql")),
    (3, "organizers", include_str!("../../migrations/postgres/0003_organizers.sql")),
    (4, "paper", include_str!("../../migrations/postgres/0004_paper.sql")),
    (5, "access", include_str!("../../migrations/postgres/0005_access.sql")),
    (6, "mail", include_str!("../../migrations/postgres/0006_mail.sql")),
];

pub(super) fn sqlite() -> Migrator {
    migrator(SQLITE)
}

pub(super) fn postgres() -> Migrator {
    migrator(POSTGRES)
}

fn migrator(listed: &[Listed]) -> Migrator {
    let migrations = listed.iter().map(|(version, name, sql)| {
        let sql = sqlx::SqlSafeStr::into_sql_str(*sql);
        Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// A schema from the future is told apart: an older binary must not touch it. So is what waiting
/// mends from what people must mend.
pub(super) fn explain(outcome: std::result::Result<(), MigrateError>) -> Result<()> {
    outcome.map_err(|error| match error {
        MigrateError::VersionMissing(version) => {
            let newest = SQLITE.last().map_or(0, |(version, ..)| *version);
            StoreError::NewerSchema(format!(
                "it has migration {version}, this binary knows {newest}; run the newer binary, \
                 or restore a backup from before the upgrade"
            ))
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)
            if may_pass(&error) =>
        {
            StoreError::Unavailable(error.into())
        }
        MigrateError::Execute(error) => broken("the migrations cannot be looked up", &error),
        MigrateError::ExecuteMigration(error, version) => {
            let name = SQLITE.iter().find(|(listed, ..)| *listed == version);
            let name = name.map_or("", |(_, name, _)| *name);
            broken(
                &format!("migration {version} ({name}) failed, and nothing of it was kept"),
                &error,
            )
        }
        error => StoreError::Broken(error.into()),
    })
}

/// Whether another try may go better without anybody's doing.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(said) => {
            let code = said.code().unwrap_or_default();
            if said.try_downcast_ref::<PgDatabaseError>().is_some() {
                // Connections, resources, and what operators do: SQLSTATE, by class.
                ["08", "53", "57"].iter().any(|class| code.starts_with(class))
            } else {
                // SQLite, whose extended codes have these in the low byte: busy, locked, read-only,
                // I/O, full, cannot open.
                code.parse().is_ok_and(|code: i32| [5, 6, 8, 10, 13, 14].contains(&(code & 0xff)))
            }
        }
        _ => false,
    }
}

fn broken(what: &str, error: &sqlx::Error) -> StoreError {
    let remedy = "mend what that says (often a right that is missing, or a table of somebody else) \
                  and start again; or go back to the binary and the backup from before";
    StoreError::Broken(format!("{what}: {error}. To go on, {remedy}").into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_migration_file_is_listed_in_order() {
        for (engine, listed) in [("sqlite", SQLITE), ("postgres", POSTGRES)] {
            let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
            let mut files: Vec<_> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            let listed: Vec<_> = listed
                .iter()
                .map(|(version, name, _)| format!("{version:04}_{name}.sql"))
                .collect();
            assert_eq!(files, listed, "{engine}");
        }
    }
}
