//! What is done at the start, and then once an hour.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::App;
use crate::insight::alarms::{Kind, Level};
use crate::organizer::{Caller, audit, session};

impl App {
    /// At the start, and then each hour on one of the nodes.
    pub(super) async fn hourly(&self) {
        let mine = self.store.claim_hour(self.clock.now()).await;
        let starts = !self.has_recounted.swap(true, Ordering::Relaxed);
        match mine {
            Ok(mine) if mine || starts || !self.store.shared() => {
                self.expire().await;
                self.forget_sessions().await;
                self.recount().await;
            }
            // Another node knows now; what this one knew may be mended, or worse.
            Ok(_) => self.campaigns.all().iter().for_each(|stored| {
                show_drift(stored.campaign.slug.as_str(), f64::NAN);
            }),
            Err(error) => tracing::warn!(%error, "what is done each hour was not done"),
        }
    }

    async fn expire(&self) {
        // The store says whose they were, and of which campaign.
        let server = Caller::command_line().organization;
        let entry = audit::entry(self, &Caller::server(server), "retention.delete", "", json!({}));
        match self.store.expire(self.clock.now(), &entry).await.map(|expired| expired.people()) {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, "personal data past its retention was deleted"),
            Err(error) => tracing::warn!(%error, "deleting what is past its retention failed"),
        }
    }

    async fn forget_sessions(&self) {
        let now = self.clock.now();
        if let Err(error) = self.store.forget_sessions(session::horizon(now), now).await {
            tracing::warn!(%error, "sessions that are over were not deleted");
        }
    }

    /// Shows operators whether the counters say what the rows say.
    async fn recount(&self) {
        let recounts = match self.store.recount(false).await {
            Ok(recounts) => recounts,
            Err(error) => return tracing::warn!(%error, "the recount failed"),
        };
        for recount in recounts {
            let (slug, drift) = (recount.slug.as_str().to_owned(), recount.drift());
            self.tell_of_drift(&slug, drift);
            if drift > 0 {
                tracing::error!(
                    campaign = slug,
                    drift,
                    "COUNTERS DIFFER FROM THE ROWS: see recount"
                );
            }
            metrics::gauge!("countersign_counter_drift", "campaign" => slug).set(drift as f64);
        }
    }

    fn tell_of_drift(&self, slug: &str, drift: u64) {
        let Some(campaign) = self.campaigns.get(slug) else { return };
        if drift == 0 {
            return self.alarms.clear(Kind::Drift, Some(campaign.id), "");
        }
        let text =
            format!("The counters differ from the pledges, by {drift}. An operator mends it.");
        let now = self.clock.now();
        self.alarms.raise((Kind::Drift, Level::Bad), Some(campaign.id), "", text, now);
    }
}

fn show_drift(campaign: &str, drift: f64) {
    metrics::gauge!("countersign_counter_drift", "campaign" => campaign.to_owned()).set(drift);
}
