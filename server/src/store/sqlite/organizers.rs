//! Who may come in, and what they did.

use super::SqliteStore;
use crate::store::Organizers;

#[async_trait::async_trait]
impl Organizers for SqliteStore {}
