//! What organizers watch: days, countries, sources, visits, marks.

use super::SqliteStore;
use crate::store::Insight;

#[async_trait::async_trait]
impl Insight for SqliteStore {}
