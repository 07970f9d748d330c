//! What organizers watch: days, countries, sources, visits, marks.

use super::Measured;

/// What organizers watch: days, countries, sources, visits, marks.
#[async_trait::async_trait]
pub trait Insight: Send + Sync + 'static {}

#[async_trait::async_trait]
impl Insight for Measured {}
