//! Signatures from paper.

use super::SqliteStore;
use crate::store::Offline;

#[async_trait::async_trait]
impl Offline for SqliteStore {}
