//! A copy of the database, made from one read snapshot.

use std::path::Path;

use sqlx::Connection as _;

use super::{open, unavailable};
use crate::store::{Result, StoreError};

/// The copy has the state of one moment; people sign meanwhile. It appears under its name only
/// once it is whole and on the disk.
pub(super) async fn backup(path: &Path, to: &Path) -> Result<()> {
    let failed = |error: std::io::Error| StoreError::Unavailable(error.into());
    if to.exists() {
        return Err(StoreError::Refused("the file exists already: choose a new name"));
    }
    let mut unfinished = to.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = Path::new(&unfinished);
    let _ = std::fs::remove_file(unfinished);
    open::make_private(unfinished).map_err(failed)?;
    let mut connection = open::copier(path).await?;
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(unfinished.to_string_lossy())
        .execute(&mut connection)
        .await
        .map_err(unavailable);
    let _ = connection.close().await;
    let finished = copied.and_then(|_| {
        std::fs::File::open(unfinished).and_then(|file| file.sync_all()).map_err(failed)?;
        // A hard link fails where the name was taken meanwhile; a rename would overwrite.
        std::fs::hard_link(unfinished, to).map_err(failed)?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
        std::fs::File::open(folder.unwrap_or(Path::new(".")))
            .and_then(|it| it.sync_all())
            .map_err(failed)
    });
    let _ = std::fs::remove_file(unfinished);
    finished
}
