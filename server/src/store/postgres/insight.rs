//! What organizers watch: days, countries, sources, visits, marks.

use super::PostgresStore;
use crate::store::Insight;

#[async_trait::async_trait]
impl Insight for PostgresStore {}
