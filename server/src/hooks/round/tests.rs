#![allow(clippy::unwrap_used)]

use std::pin::pin;

use futures_util::FutureExt as _;

use super::*;
use crate::campaign::Campaign;
use crate::clock::{ManualClock, SystemEntropy};
use crate::config::Config;
use crate::store::OrganizationId;
use crate::store::audit::Entry;
use crate::store::hooks::{HookChange, NewDelivery, NewHook};

struct Given(u8);

impl Entropy for Given {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

#[test]
fn retries_have_jitter_and_take_about_three_days() {
    let all: i64 = RETRIES.iter().sum();
    assert!((72 * 3600..80 * 3600).contains(&all), "{all}");
    assert_eq!(jittered(&Given(0), 100), SignedDuration::from_secs(90));
    assert_eq!(jittered(&Given(255), 100), SignedDuration::from_secs(110));
    let some = jittered(&SystemEntropy, 100);
    assert!(some >= SignedDuration::from_secs(90) && some <= SignedDuration::from_secs(110));
}

#[test]
fn a_receiver_that_is_down_is_left_alone_for_longer_and_longer() {
    let now = Timestamp::UNIX_EPOCH;
    let seconds: Vec<_> =
        [0, 1, 2, 3, 4, 99].iter().map(|it| pause(now, *it).as_second()).collect();
    assert_eq!(seconds, [5, 10, 20, 40, 60, 60]);
}

const CAMPAIGN: &str = "slug = 'c'\ndefault_locale = 'en'\norigins = ['*']\ncontroller = 'Us'\n\
    contact = 'us@example.org'\nretention_days = 30\n[texts.en]\n\
    title = 'T'\npledge = 'P'\nthanks = 'Y'\nbutton = 'B'\nprivacy = 'R'\n";

fn entry(app: &App) -> Entry {
    let server = Caller::server(OrganizationId(1));
    audit::entry(app, &server, "webhook.change", "c", json!({}))
}

/// A webhook to nowhere with a message in its outbox.
async fn waiting(app: &App) -> (Arc<StoredCampaign>, i64) {
    let now = app.clock.now();
    let campaign = Campaign::from_toml(CAMPAIGN).unwrap();
    app.store.apply_campaign(&campaign, now).await.unwrap();
    app.refresh().await.unwrap();
    let campaign = app.campaigns.get("c").unwrap();
    let secret = app.secrets.new_hook_secret(&*app.entropy);
    let hook = NewHook {
        campaign: campaign.id,
        url: "https://127.0.0.1/".into(),
        events: vec!["pledge.signed".into()],
        secret: app.secrets.seal_hook(&campaign.campaign.slug, &secret, &*app.entropy).unwrap(),
    };
    let hook = app.store.create_webhook(hook, now, &entry(app)).await.unwrap().unwrap();
    let test = NewDelivery { id: "msg_1".into(), event: "webhook.test", payload: "{}".into() };
    app.store.write_delivery(campaign.id, hook, test, now, &entry(app)).await.unwrap().unwrap();
    (campaign, hook)
}

#[tokio::test]
async fn who_waits_for_a_place_has_claimed_nothing_yet() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
    let config = Config::for_data_dir(folder.path());
    let app = App::start(config, Arc::new(clock), Arc::new(SystemEntropy)).await.unwrap();
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(app.courier.sender.places(false).await);
    }
    let (campaign, hook) = waiting(&app).await;
    // The courier's own round is busy with it and waits; so does this one.
    let stored = app.store.webhooks(campaign.id, Some(hook)).await.unwrap().remove(0);
    let busy = Busy { courier: Arc::clone(&app.courier), hook: -1 };
    let mut round = pin!(round(&app, &stored, &busy));
    assert!(round.as_mut().now_or_never().is_none());
    let now = app.clock.now();
    let claimed = app.store.claim_deliveries(hook, now, now, 16).await.unwrap();
    assert_eq!(claimed.len(), 1, "the lease has not begun");
    // One that is switched off while it waits sends nothing.
    let off = HookChange { enabled: Some(false), ..HookChange::default() };
    assert!(app.store.change_webhook(campaign.id, hook, off, &entry(&app)).await.unwrap());
    held.clear();
    assert!(!round.await.unwrap());
    let left = app.store.claim_deliveries(hook, now, now + LEASE, 16).await.unwrap();
    assert_eq!((left.len(), left[0].attempts), (1, 0));
}
