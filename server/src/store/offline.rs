//! Signatures from paper.

use super::Measured;

/// Signatures from paper.
#[async_trait::async_trait]
pub trait Offline: Send + Sync + 'static {}

#[async_trait::async_trait]
impl Offline for Measured {}
