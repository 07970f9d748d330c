#![allow(clippy::unwrap_used)]

use sqlx::Connection as _;

use super::*;
use crate::campaign::Campaign;
use crate::organizer::Caller;
use crate::organizer::audit::entry_at;
use crate::secrets::{Master, Secrets};
use crate::store::hooks::{NewHook, StoredDelivery};
use crate::store::sqlite::SqliteStore;
use crate::store::{Hooks as _, Identity, NewPledge, OrganizationId, Store as _, Verdict};

const CAMPAIGN: &str = "slug = 'one'\ndefault_locale = 'en'\norigins = ['*']\ncontroller = 'Us'\n\
    contact = 'us@example.org'\nretention_days = 30\n[goal]\nfixed = 5\n[texts.en]\ntitle = 'T'\n\
    pledge = 'P'\nthanks = 'Y'\nbutton = 'B'\nprivacy = 'R'\n";

fn pledge(campaign: CampaignId) -> NewPledge {
    NewPledge {
        campaign,
        identity: Identity { key_version: 1, fingerprint: [1; 16], sealed: vec![1] },
        earlier: Vec::new(),
        request: None,
        verdict: Verdict::Count,
        country: countersign_shared::Country::parse("KE").unwrap(),
        locale: "en".into(),
        public_name: false,
        updates: false,
        suspicious: false,
        source: "{}".into(),
        receipt: "RECEIPT".into(),
        mail: None,
    }
}

#[tokio::test]
async fn what_becomes_of_pledges_is_told_in_the_transaction_that_changes_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("test.db")).await.unwrap();
    let now = Timestamp::from_second(1_735_689_600).unwrap();
    store.apply_campaign(&Campaign::from_toml(CAMPAIGN).unwrap(), now).await.unwrap();
    let campaign = store.campaigns().await.unwrap()[0].id;
    store.record(vec![pledge(campaign)], now).await.unwrap();
    let rose_to_5 = async |store: &SqliteStore| {
        let mut writer = store.writer.acquire().await.unwrap();
        let mut tx = writer.begin().await.unwrap();
        enqueue(&mut tx, "pledge.withdrawn", Some("erased"), &[1], now).await.unwrap();
        rose(&mut tx, campaign, 4, 5, now).await.unwrap();
        tx.commit().await.unwrap();
    };
    // Nobody listens yet.
    rose_to_5(&store).await;
    assert_eq!(store.pending_deliveries().await.unwrap(), 0);
    let events = vec!["pledge.withdrawn".to_owned(), "goal.reached".to_owned()];
    let url = "https://receiver.example/".to_owned();
    let hook = NewHook { campaign, url, events, secret: vec![1] };
    let server = Caller::server(OrganizationId(1));
    let secrets = Secrets::derive(&Master::from_bytes([1; 32]));
    let detail = serde_json::json!({});
    let entry = entry_at(now, &secrets, &server, "webhook.create", "one", &detail);
    let hook = store.create_webhook(hook, now, &entry).await.unwrap().unwrap();
    rose_to_5(&store).await;
    let told = store.deliveries(campaign, hook, None, 10).await.unwrap();
    let of = |event: &str| -> serde_json::Value {
        let one = told.iter().find(|it: &&StoredDelivery| it.event == event).unwrap();
        serde_json::from_str(&one.payload).unwrap()
    };
    let withdrawn = of("pledge.withdrawn");
    assert_eq!(withdrawn["timestamp"], "2025-01-01T00:00:00Z");
    let expected = serde_json::json!({
        "campaign": "one", "pledge_id": 1, "country": "KE", "locale": "en", "receipt": "RECEIPT",
        "total": 1, "reason": "erased",
    });
    assert_eq!(withdrawn["data"], expected);
    assert_eq!(of("goal.reached")["data"]["goal"], 5);
    assert_eq!(told.len(), 2);
}
