#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::time::Duration;

use countersign_shared::Country;
use jiff::Timestamp;

use super::*;
use crate::campaign::Campaign;
use crate::clock::ManualClock;

const ID: CampaignId = CampaignId(1);

fn campaign(extra: &str) -> Arc<StoredCampaign> {
    let toml = format!(
        "slug = 'c'\ndefault_locale = 'en'\norigins = ['*']\ncontroller = 'Us'\n\
         contact = 'us@example.org'\nretention_days = 30\n{extra}\n[texts.en]\ntitle = 'T'\n\
         pledge = 'P'\nthanks = 'Y'\nbutton = 'B'\nprivacy = 'R'\n"
    );
    let campaign = Campaign::from_toml(&toml).unwrap();
    Arc::new(StoredCampaign {
        id: ID,
        organization: crate::store::OrganizationId(1),
        revision: 1,
        campaign,
    })
}

fn counters(seq: u64, countries: &[(&str, u64)]) -> Counters {
    let countries: BTreeMap<_, _> =
        countries.iter().map(|(code, n)| (Country::parse(code).unwrap(), *n)).collect();
    Counters { seq, total: countries.values().sum(), countries, reason: None }
}

fn room(stored: Arc<StoredCampaign>, start: Counters) -> (ManualClock, Hub, Arc<Room>) {
    let clock = ManualClock::at(Timestamp::from_second(1_000).unwrap());
    let hub = Hub::new(Arc::new(clock.clone()), 7);
    let room = Arc::new(Room::new(Arc::clone(&hub.0.shared), stored, start, clock.now()));
    hub.0.rooms.write().unwrap().insert(ID, Arc::clone(&room));
    (clock, hub, room)
}

fn data(event: &Bytes) -> serde_json::Value {
    let text = std::str::from_utf8(event).unwrap();
    assert!(text.starts_with("event: totals\nid: ") && text.ends_with("}\n\n"), "{text}");
    serde_json::from_str(text.split_once("data: ").unwrap().1).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_lone_pledge_is_shown_at_once_and_only_its_country() {
    let (_, hub, _) = room(campaign(""), counters(1, &[("KE", 2), ("FR", 1)]));
    let mut frames = hub.subscribe(ID).unwrap();
    assert_eq!(data(&frames.borrow_and_update().whole)["total"], 3);
    hub.publish(ID, counters(2, &[("KE", 3), ("FR", 1)]));
    let frame = frames.borrow_and_update().clone();
    assert_eq!((&*frame.previous, &*frame.id, frame.last), ("7:1", "7:2", false));
    assert_eq!(data(&frame.delta)["countries"], serde_json::json!({ "KE": 3 }));
    assert_eq!(data(&frame.delta)["partial"], true);
    assert_eq!(data(&frame.whole)["countries"], serde_json::json!({ "FR": 1, "KE": 3 }));
    assert_eq!(data(&frame.whole)["total"], 4);
}

#[tokio::test(start_paused = true)]
async fn a_crowd_gets_at_most_four_frames_a_second_and_misses_no_country() {
    let (_, hub, _) = room(campaign(""), counters(0, &[]));
    let mut frames = hub.subscribe(ID).unwrap();
    let counter = tokio::spawn(async move {
        let (mut count, mut seen) = (0, BTreeMap::new());
        while frames.changed().await.is_ok() {
            count += 1;
            let frame = data(&frames.borrow_and_update().delta);
            for (code, n) in frame["countries"].as_object().unwrap() {
                seen.insert(code.clone(), n.as_u64().unwrap());
            }
            if frame["total"] == 1_000 {
                break;
            }
        }
        (count, seen)
    });
    for seq in 1..=1_000 {
        // Everybody in turn: of each country as many as fit below the number.
        let of = |place| (seq + 3 - place) / 4;
        let all = [("KE", of(0)), ("FR", of(1)), ("BR", of(2)), ("IN", of(3))];
        hub.publish(ID, counters(seq, &all));
        tokio::time::advance(Duration::from_millis(2)).await;
    }
    tokio::time::advance(FRAME_GAP).await;
    let (count, seen) = counter.await.unwrap();
    assert!((8..=10).contains(&count), "{count} frames in two seconds");
    assert_eq!(seen.values().sum::<u64>(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn what_is_older_than_what_is_known_is_dropped() {
    let (_, hub, _) = room(campaign(""), counters(5, &[("KE", 5)]));
    hub.publish(ID, counters(4, &[("KE", 4)]));
    hub.publish(ID, counters(5, &[("KE", 9)]));
    assert_eq!(hub.snapshot(ID).unwrap().totals.total, Some(5));
}

#[tokio::test(start_paused = true)]
async fn a_hidden_count_shows_nothing_until_it_is_high_enough() {
    let (_, hub, _) = room(campaign("hide_count_below = 3"), counters(1, &[("KE", 1)]));
    let mut frames = hub.subscribe(ID).unwrap();
    let before = hub.snapshot(ID).unwrap();
    assert_eq!((before.totals.total, before.totals.seq), (None, 0));
    assert!(before.totals.countries.is_empty());
    hub.publish(ID, counters(2, &[("KE", 1), ("FR", 1)]));
    assert!(!frames.has_changed().unwrap());
    assert_eq!(hub.snapshot(ID).unwrap().etag, before.etag);
    hub.publish(ID, counters(3, &[("KE", 1), ("FR", 1), ("BR", 1)]));
    let frame = frames.borrow_and_update().clone();
    assert_eq!(data(&frame.delta)["total"], 3);
    assert_eq!(data(&frame.delta)["countries"].as_object().unwrap().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn closing_sends_a_last_frame() {
    let (clock, hub, _) =
        room(campaign("closes = 1970-01-01T00:20:00Z"), counters(1, &[("KE", 1)]));
    let mut frames = hub.subscribe(ID).unwrap();
    hub.tick();
    assert!(!frames.has_changed().unwrap());
    let etag = hub.snapshot(ID).unwrap().etag.clone();
    clock.advance_ms(200_000);
    hub.tick();
    let frame = frames.borrow_and_update().clone();
    assert!(frame.last);
    assert_eq!(data(&frame.delta)["open"], false);
    assert_ne!(hub.snapshot(ID).unwrap().etag, etag);
}

#[tokio::test(start_paused = true)]
async fn a_total_that_falls_says_why() {
    let (clock, hub, room) = room(campaign(""), counters(1, &[("KE", 5)]));
    let mut frames = hub.subscribe(ID).unwrap();
    let mut repaired = counters(2, &[("KE", 4)]);
    repaired.reason = Some("recount".into());
    assert!(room.replace(campaign(""), &repaired, clock.now()));
    let frame = frames.borrow_and_update().clone();
    assert_eq!(data(&frame.delta)["reason"], "recount");
    assert_eq!(data(&frame.delta)["partial"], serde_json::Value::Null);
    let mut rising = counters(3, &[("KE", 5)]);
    rising.reason = Some("recount".into());
    tokio::time::advance(FRAME_GAP).await;
    hub.publish(ID, rising);
    let frame = frames.borrow_and_update().clone();
    assert_eq!(data(&frame.delta).get("reason"), None);
    assert_eq!(data(&frame.whole)["reason"], "recount");
}

#[tokio::test(start_paused = true)]
async fn counters_read_before_a_batch_do_not_undo_it() {
    let (clock, hub, room) = room(campaign(""), counters(3, &[("KE", 3)]));
    assert!(!room.replace(campaign(""), &counters(2, &[("KE", 2)]), clock.now()));
    assert_eq!(hub.snapshot(ID).unwrap().totals.total, Some(3));
}

#[tokio::test(start_paused = true)]
async fn a_country_that_is_gone_shows_in_a_whole_frame() {
    let (_, hub, _) = room(campaign(""), counters(1, &[("KE", 1), ("FR", 1)]));
    let mut frames = hub.subscribe(ID).unwrap();
    let mut fewer = counters(2, &[("KE", 1)]);
    fewer.reason = Some("recount".into());
    hub.merge(ID, fewer);
    let frame = frames.borrow_and_update().clone();
    assert_eq!(data(&frame.delta)["countries"], serde_json::json!({ "KE": 1 }));
    assert_eq!(data(&frame.delta)["partial"], serde_json::Value::Null);
    assert_eq!(data(&frame.delta)["reason"], "recount");
}

#[tokio::test(start_paused = true)]
async fn the_epoch_of_another_node_is_joined_and_never_left() {
    let (_, hub, _) = room(campaign(""), counters(1, &[("KE", 1)]));
    let mut frames = hub.subscribe(ID).unwrap();
    hub.join_epoch(9);
    hub.join_epoch(8);
    assert_eq!(hub.snapshot(ID).unwrap().totals.epoch, 9);
    assert!(!frames.has_changed().unwrap(), "nothing moved, so nothing is sent");
    hub.publish(ID, counters(2, &[("KE", 2)]));
    let frame = frames.borrow_and_update().clone();
    assert_eq!((&*frame.previous, &*frame.id), ("7:1", "9:2"));
}

#[tokio::test(start_paused = true)]
async fn a_hidden_count_tells_the_other_nodes_at_most_four_times_a_second() {
    let (_, hub, _) = room(campaign("hide_count_below = 1000"), counters(1, &[("KE", 1)]));
    let (moves, mut moved) = mpsc::channel(1_024);
    hub.tell_of_moves(moves);
    for seq in 2..=101 {
        hub.publish(ID, counters(seq, &[("KE", seq)]));
        tokio::time::advance(Duration::from_millis(10)).await;
    }
    tokio::time::advance(FRAME_GAP).await;
    tokio::task::yield_now().await;
    let mut told = 0;
    while moved.try_recv().is_ok() {
        told += 1;
    }
    // At once, then four times in the second, and once for what came last.
    assert!((4..=6).contains(&told), "{told} messages for 100 batches in a second");
}
