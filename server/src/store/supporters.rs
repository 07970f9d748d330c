//! Single people and what is done with them: found, corrected, taken out of the number.

use super::Measured;

/// Single people and what is done with them: found, corrected, taken out of the number.
#[async_trait::async_trait]
pub trait Supporters: Send + Sync + 'static {}

#[async_trait::async_trait]
impl Supporters for Measured {}
