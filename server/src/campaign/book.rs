//! The campaigns by slug, held in memory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::StoredCampaign;
use crate::store::CampaignId;

/// All campaigns, by slug. Clones share one book; the watcher of [`crate::App`] keeps it fresh.
#[derive(Clone, Default)]
pub struct CampaignBook(Arc<RwLock<HashMap<String, Arc<StoredCampaign>>>>);

impl CampaignBook {
    pub fn get(&self, slug: &str) -> Option<Arc<StoredCampaign>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(slug).cloned()
    }

    pub fn by_id(&self, id: CampaignId) -> Option<Arc<StoredCampaign>> {
        let campaigns = self.0.read().unwrap_or_else(PoisonError::into_inner);
        campaigns.values().find(|stored| stored.id == id).cloned()
    }

    pub fn all(&self) -> Vec<Arc<StoredCampaign>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    pub(crate) fn replace(&self, campaigns: &[Arc<StoredCampaign>]) {
        let fresh = campaigns
            .iter()
            .map(|stored| (stored.campaign.slug.as_str().to_owned(), Arc::clone(stored)))
            .collect();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }
}
