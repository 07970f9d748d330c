//! Single people and what is done with them: found, corrected, taken out of the number.

use super::PostgresStore;
use crate::store::Supporters;

#[async_trait::async_trait]
impl Supporters for PostgresStore {}
