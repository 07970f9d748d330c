//! Single people and what is done with them: found, corrected, taken out of the number.

use super::SqliteStore;
use crate::store::Supporters;

#[async_trait::async_trait]
impl Supporters for SqliteStore {}
