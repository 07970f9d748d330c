//! What is sent: the body, its id, and what proves that it is ours.

use jiff::Timestamp;
use standardwebhooks::Webhook;

use crate::clock::Entropy;
use crate::secrets::{SealError, Secrets};
use crate::store::StoredCampaign;
use crate::store::hooks::{NewDelivery, StoredHook};

/// A message that tells nothing, to see whether the receiver takes it.
pub fn test_message(
    campaign: &StoredCampaign,
    entropy: &dyn Entropy,
    now: Timestamp,
) -> NewDelivery {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    let payload = serde_json::json!({
        "type": "webhook.test",
        "timestamp": now,
        "data": { "campaign": campaign.campaign.slug.as_str() },
    });
    NewDelivery {
        id: format!("msg_{:032x}", u128::from_le_bytes(bytes)),
        event: "webhook.test",
        payload: payload.to_string(),
    }
}

/// The keys that sign for a webhook now: its own, and for a day the one before.
pub(super) struct Signers(Vec<Webhook>);

impl Signers {
    pub(super) fn of(
        secrets: &Secrets,
        campaign: &StoredCampaign,
        hook: &StoredHook,
        now: Timestamp,
    ) -> Result<Self, SealError> {
        let signs_too = hook.earlier_secret_until().is_some_and(|until| now < until);
        let earlier = hook.earlier_secret.as_ref().filter(|_| signs_too);
        let open = |sealed: &Vec<u8>| {
            let secret = secrets.open_hook(&campaign.campaign.slug, sealed)?;
            Webhook::new(&secret).map_err(|_| SealError)
        };
        std::iter::once(&hook.secret).chain(earlier).map(open).collect::<Result<_, _>>().map(Self)
    }

    /// `webhook-signature`: one a key, with spaces between.
    pub(super) fn sign(&self, id: &str, at: Timestamp, payload: &str) -> String {
        let sign = |key: &Webhook| key.sign(id, at.as_second(), payload.as_bytes()).ok();
        self.0.iter().filter_map(sign).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn it_signs_as_the_specification_does() {
        // The example of the specification's test suites.
        let key = Webhook::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = Timestamp::from_second(1_614_265_330).unwrap();
        let signed =
            Signers(vec![key]).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
