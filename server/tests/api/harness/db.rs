use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

/// Somebody else who writes into the database file, and takes their time.
pub struct WriteLock(SqliteConnection);

impl WriteLock {
    pub async fn take(data_dir: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(data_dir.join("countersign.db"));
        let mut connection = options.connect().await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await.unwrap();
        Self(connection)
    }

    pub async fn release(mut self) {
        sqlx::query("ROLLBACK").execute(&mut self.0).await.unwrap();
        self.0.close().await.unwrap();
    }
}

/// Runs statements past the server.
pub async fn sql(data_dir: &Path, statements: &'static str) {
    let options = SqliteConnectOptions::new().filename(data_dir.join("countersign.db"));
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
