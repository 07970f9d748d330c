//! Who may come in, and what they did.

use super::PostgresStore;
use crate::store::Organizers;

#[async_trait::async_trait]
impl Organizers for PostgresStore {}
