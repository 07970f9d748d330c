//! Every migration there ever was, in order, for each engine under the same names.

use std::borrow::Cow;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::{Result, StoreError};

type Listed = (i64, &'static str, &'static str);

const SQLITE: &[Listed] = &[
    (1, "initial", include_str!("../../migrations/sqlite/0001_initial.sql")),
    (2, "people_due", include_str!("../../migrations/sqlite/0002_people_due.sql")),
    (3, "organizers", include_str!("../../migrations/sqlite/0003_organizers.sql")),
    (4, "paper", include_str!("../../migrations/sqlite/0004_paper.sql")),
];

const POSTGRES: &[Listed] = &[
    (1, "initial", include_str!("../../migrations/postgres/0001_initial.sql")),
    (2, "people_due", include_str!("../../migrations/postgres/0002_people_due.sql")),
    (3, "organizers", include_str!("../../migrations/postgres/0003_organizers.sql")),
    (4, "paper", include_str!("../../migrations/postgres/0004_paper.sql")),
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

/// A schema from the future is told apart: an older binary must not touch it.
pub(super) fn explain(outcome: std::result::Result<(), MigrateError>) -> Result<()> {
    outcome.map_err(|error| match error {
        MigrateError::VersionMissing(version) => {
            let newest = SQLITE.last().map_or(0, |(version, ..)| *version);
            StoreError::NewerSchema(format!(
                "it has migration {version}, this binary knows {newest}; run the newer binary, \
                 or restore a backup from before the upgrade"
            ))
        }
        MigrateError::Execute(error) => StoreError::Unavailable(error.into()),
        error => StoreError::Broken(error.into()),
    })
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
