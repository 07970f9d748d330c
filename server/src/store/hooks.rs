//! Webhooks and their outbox.

use super::Measured;

/// Webhooks and their outbox.
#[async_trait::async_trait]
pub trait Hooks: Send + Sync + 'static {}

#[async_trait::async_trait]
impl Hooks for Measured {}
