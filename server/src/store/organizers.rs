//! Who may come in, and what they did.

use super::Measured;

/// Who may come in, and what they did.
#[async_trait::async_trait]
pub trait Organizers: Send + Sync + 'static {}

#[async_trait::async_trait]
impl Organizers for Measured {}
