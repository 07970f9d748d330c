//! Somebody rare among many: found without a word from those who do not fit, and every row is in
//! the progress that the list shows.

use countersign::store::{Identity, NewPledge, Verdict};
use countersign_shared::Country;
use serde_json::json;

use crate::harness::Server;
use crate::supporters::Organizer;

fn row(campaign: countersign::store::CampaignId, n: u32, country: &str) -> NewPledge {
    let mut fingerprint = [0; 16];
    fingerprint[..4].copy_from_slice(&n.to_be_bytes());
    NewPledge {
        campaign,
        identity: Identity { key_version: 1, fingerprint, sealed: vec![1] },
        earlier: Vec::new(),
        request: None,
        verdict: Verdict::Count,
        country: Country::parse(country).unwrap(),
        locale: "en".into(),
        public_name: false,
        updates: true,
        suspicious: false,
        source: "{}".into(),
        receipt: format!("R{n}"),
        mail: None,
    }
}

#[tokio::test]
async fn a_rare_country_is_found_among_thousands_and_the_progress_counts_every_row_once() {
    const PEOPLE: u32 = 9_000;
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let app = &server.web.app;
    let id = app.campaigns.get("example").unwrap().id;
    // The first who signed, one in the middle after a long way, and the last but one.
    let rare = [0, 4_500, PEOPLE - 2];
    let people: Vec<NewPledge> =
        (0..PEOPLE).map(|n| row(id, n, if rare.contains(&n) { "FR" } else { "KE" })).collect();
    for part in people.chunks(1_000) {
        server.clock.advance_ms(1);
        app.store.record(part.to_vec(), app.clock.now()).await.unwrap();
    }
    for (filter, expected) in [
        ("country=FR", 3),
        ("country=JP", 0),
        ("country=FR&state=counted", 3),
        ("suspicious=true", 0),
        ("channel=import", 0),
        ("country=FR&updates=false", 0),
    ] {
        let (mut found, mut read, mut after) = (0, 0, String::new());
        loop {
            let page = organizer.get(&format!("supporters?limit=2&{filter}{after}")).await;
            found += page["items"].as_array().unwrap().len();
            read += page["read"].as_u64().unwrap();
            let Some(next) = page["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!((found, read), (expected, u64::from(PEOPLE)), "{filter}");
    }
    // The same way in bulk, which knows how many it has looked at.
    let job = json!({ "filter": { "country": "FR" }, "reason": "", "preview": true });
    let job = crate::bulk::run(&organizer, job).await;
    assert_eq!((&job["read"], &job["matched"]), (&json!(PEOPLE), &json!(3)));
}
