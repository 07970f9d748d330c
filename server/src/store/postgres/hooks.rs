//! Webhooks and their outbox.

use super::PostgresStore;
use crate::store::Hooks;

#[async_trait::async_trait]
impl Hooks for PostgresStore {}
