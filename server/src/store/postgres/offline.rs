//! Signatures from paper.

use super::PostgresStore;
use crate::store::Offline;

#[async_trait::async_trait]
impl Offline for PostgresStore {}
