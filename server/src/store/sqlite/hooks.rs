//! Webhooks and their outbox.

use super::SqliteStore;
use crate::store::Hooks;

#[async_trait::async_trait]
impl Hooks for SqliteStore {}
