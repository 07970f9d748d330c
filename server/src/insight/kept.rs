//! What is made once and then given to everybody for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::{CampaignId, Result};

/// One value a campaign. Whoever asks first makes it, and who asks for the same one meanwhile waits;
/// campaigns do not wait for each other.
pub struct PerCampaign<T>(Mutex<HashMap<CampaignId, Kept<T>>>);

type Kept<T> = Arc<tokio::sync::Mutex<Option<T>>>;

impl<T> Default for PerCampaign<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> PerCampaign<T> {
    /// The campaign's value where it is fresh, or else what `make` gives.
    ///
    /// # Errors
    /// Those of `make`; then nothing is kept.
    pub async fn get(
        &self,
        campaign: CampaignId,
        is_fresh: impl Fn(&T) -> bool,
        make: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let kept = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(campaign).or_default())
        };
        let mut kept = kept.lock().await;
        if let Some(value) = kept.as_ref().filter(|value| is_fresh(value)) {
            return Ok(value.clone());
        }
        Ok(kept.insert(make.await?).clone())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::pin::pin;

    use futures_util::FutureExt as _;
    use tokio::sync::Notify;

    use super::*;

    const ONE: CampaignId = CampaignId(1);
    const TWO: CampaignId = CampaignId(2);

    #[tokio::test]
    async fn a_campaign_whose_value_takes_long_holds_up_nobody_else() {
        let (kept, go_on) = (PerCampaign::default(), Notify::new());
        let mut slow = pin!(kept.get(ONE, |_| true, async {
            go_on.notified().await;
            Ok("slow")
        }));
        assert!(slow.as_mut().now_or_never().is_none());
        let other = kept.get(TWO, |_| true, async { Ok("quick") });
        assert_eq!(other.now_or_never().unwrap().unwrap(), "quick");
        // Who asks for the same one waits, and gets what was made.
        let mut same = pin!(kept.get(ONE, |_| true, async { Ok("made twice") }));
        assert!(same.as_mut().now_or_never().is_none());
        go_on.notify_one();
        assert_eq!(slow.await.unwrap(), "slow");
        assert_eq!(same.await.unwrap(), "slow");
        let stale = kept.get(ONE, |_| false, async { Ok("anew") });
        assert_eq!(stale.await.unwrap(), "anew");
    }
}
