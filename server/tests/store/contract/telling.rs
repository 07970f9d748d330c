//! Webhooks and their outbox.

use countersign::store::hooks::{
    Claimed, Health, HookChange, NewDelivery, NewHook, Settled, StoredDelivery, StoredHook,
};
use serde_json::Value;

use crate::harness::{DAY, Engine, Fixture, Said as _, apply, at, check_the_oracle, entry, pledge};

pub(super) async fn hook(fixture: &Fixture, events: &[&str]) -> i64 {
    let hook = NewHook {
        campaign: fixture.id,
        url: "https://receiver.example/".into(),
        events: events.iter().map(|it| (*it).to_owned()).collect(),
        secret: vec![1, 0, 255],
    };
    fixture.store.create_webhook(hook, at(0), &entry("a change")).await.unwrap().unwrap()
}

pub(super) async fn messages(fixture: &Fixture, hook: i64) -> Vec<StoredDelivery> {
    fixture.store.deliveries(fixture.id, hook, None, 1000).await.unwrap()
}

async fn stored(fixture: &Fixture, hook: i64) -> StoredHook {
    fixture.store.webhooks(fixture.id, Some(hook)).await.unwrap().remove(0)
}

async fn claim(fixture: &Fixture, hook: i64, now: i64) -> Vec<Claimed> {
    fixture.store.claim_deliveries(hook, at(now), at(now + 60_000), 16).await.unwrap()
}

fn settled(claimed: &Claimed, state: &'static str, next: i64) -> Settled {
    Settled {
        id: claimed.id.clone(),
        state,
        attempts: claimed.attempts + 1,
        next_at: at(next),
        status: Some(if state == "delivered" { 204 } else { 500 }),
        error: (state != "delivered").then(|| "no".into()),
    }
}

fn health(is_up: bool, until: i64) -> Health {
    let error = (!is_up).then(|| "no".into());
    Health { is_up, paused_until: at(until), disabled: None, status: Some(500), error }
}

pub(super) fn payload(message: &StoredDelivery) -> Value {
    serde_json::from_str(&message.payload).unwrap()
}

pub async fn what_was_counted_is_told_to_those_who_listen_and_nothing_else_is(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    let signed = hook(&fixture, &["pledge.signed"]).await;
    let both = hook(&fixture, &["pledge.confirmed", "pledge.signed"]).await;
    let neither = hook(&fixture, &["pledge.withdrawn", "goal.reached"]).await;
    let off = hook(&fixture, &["pledge.signed"]).await;
    let change = HookChange { enabled: Some(false), ..HookChange::default() };
    assert!(
        fixture.store.change_webhook(fixture.id, off, change, &entry("a change")).await.unwrap()
    );
    let other = apply(&*fixture.store, "two", "").await;
    fixture
        .record(vec![
            fixture.pledge(2),
            fixture.pledge(1),
            fixture.pledge(3).quarantined(),
            pledge(other, 4),
            fixture.pledge(5).in_country("FR").receipt("QUOTE \"ME\""),
        ])
        .await;
    assert!(messages(&fixture, neither).await.is_empty());
    assert!(messages(&fixture, off).await.is_empty());
    assert_eq!(messages(&fixture, both).await.len(), 4);
    let mut told: Vec<Value> = messages(&fixture, signed).await.iter().map(payload).collect();
    told.sort_by_key(|it| it["data"]["number"].as_u64());
    assert_eq!(told.len(), 2);
    let rows = fixture.rows().await;
    for (told, number, country, receipt) in
        [(&told[0], 2, "KE", "RECEIPT2"), (&told[1], 3, "FR", "QUOTE \"ME\"")]
    {
        assert_eq!(told["type"], "pledge.signed");
        assert_eq!(told["timestamp"], at(0).to_string());
        let data = &told["data"];
        assert_eq!((&data["campaign"], &data["number"]), (&"one".into(), &number.into()));
        assert_eq!((&data["country"], &data["receipt"]), (&country.into(), &receipt.into()));
        assert_eq!((&data["total"], &data["locale"]), (&3.into(), &"en".into()));
        assert!(rows.iter().any(|row| data["pledge_id"] == row.id && row.receipt == receipt));
        assert!(data.get("reason").is_none(), "{data}");
    }
    check_the_oracle(&*fixture.store).await;
}

pub async fn a_goal_is_told_once(engine: &dyn Engine) {
    let fixture = Fixture::with(engine, "[goal]\nsteps = [2, 4]").await;
    let hook = hook(&fixture, &["goal.reached"]).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    assert!(messages(&fixture, hook).await.is_empty());
    fixture.record((2..=5).map(|mailbox| fixture.pledge(mailbox)).collect()).await;
    let goals = |messages: Vec<StoredDelivery>| {
        let mut goals: Vec<_> =
            messages.iter().map(|it| payload(it)["data"]["goal"].as_u64().unwrap()).collect();
        goals.sort_unstable();
        goals
    };
    // And five is the next round number.
    assert_eq!(goals(messages(&fixture, hook).await), [2, 4, 5]);
    // The total falls below the goal, and comes back to it.
    engine.sql("UPDATE campaign_totals SET total = 3").await;
    fixture.record(vec![fixture.pledge(6)]).await;
    assert_eq!(goals(messages(&fixture, hook).await), [2, 4, 5]);
}

pub async fn what_happens_to_pledges_is_told_by_their_campaign_only(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let hook = hook(&fixture, &["pledge.signed"]).await;
    let other = apply(&*fixture.store, "two", "").await;
    fixture.record(vec![fixture.pledge(1)]).await;
    let id = messages(&fixture, hook).await[0].id.clone();
    assert!(fixture.store.deliveries(other, hook, None, 10).await.unwrap().is_empty());
    assert!(fixture.store.webhooks(other, Some(hook)).await.unwrap().is_empty());
    assert!(
        fixture
            .store
            .replay(other, hook, id.clone(), at(1), &entry("a change"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        !fixture
            .store
            .rotate_webhook(other, hook, vec![2], at(1), &entry("a change"))
            .await
            .unwrap()
    );
    let change = HookChange { enabled: Some(false), ..HookChange::default() };
    assert!(!fixture.store.change_webhook(other, hook, change, &entry("a change")).await.unwrap());
    assert!(!fixture.store.delete_webhook(other, hook, &entry("a change")).await.unwrap());
    let test = NewDelivery { id: "msg_x".into(), event: "webhook.test", payload: "{}".into() };
    assert!(
        fixture
            .store
            .write_delivery(other, hook, test, at(1), &entry("a change"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        fixture
            .store
            .rotate_webhook(fixture.id, hook, vec![2], at(1), &entry("a change"))
            .await
            .unwrap()
    );
    let rotated = stored(&fixture, hook).await;
    assert_eq!((rotated.secret, rotated.earlier_secret), (vec![2], Some(vec![1, 0, 255])));
    assert_eq!((rotated.rotated_at, rotated.pending), (Some(at(1)), 1));
    assert!(fixture.store.delete_webhook(fixture.id, hook, &entry("a change")).await.unwrap());
    assert!(
        fixture
            .store
            .replay(fixture.id, hook, id, at(1), &entry("a change"))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(fixture.store.pending_deliveries().await.unwrap(), 0);
}

pub async fn fault_12_an_outbox_is_bounded_and_what_was_dropped_is_visible(engine: &dyn Engine) {
    let fixture = Fixture::with(engine, "[goal]\nsteps = [2]").await;
    let down = hook(&fixture, &["pledge.signed", "goal.reached"]).await;
    for mailbox in 1..=6 {
        let batch = vec![fixture.pledge(mailbox)];
        fixture.store.record(batch, at(i64::from(mailbox))).await.unwrap();
    }
    assert_eq!(fixture.store.tidy_deliveries(100, at(10)).await.unwrap(), 0);
    assert_eq!(fixture.store.tidy_deliveries(2, at(10)).await.unwrap(), 4);
    assert_eq!(fixture.store.tidy_deliveries(2, at(10)).await.unwrap(), 0);
    let seen = stored(&fixture, down).await;
    // The goals stay: 2, and 5 as the next round number.
    assert_eq!((seen.dropped, seen.pending), (4, 4));
    let left: Vec<_> = messages(&fixture, down).await.iter().map(payload).collect();
    let left = left.iter().filter_map(|it| it["data"]["number"].as_u64());
    assert_eq!(left.collect::<Vec<_>>(), [6, 5]);
    assert_eq!(fixture.total().await, 6);
    check_the_oracle(&*fixture.store).await;
}

pub async fn a_message_is_claimed_by_one_and_due_again_after_its_lease(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let hook = hook(&fixture, &["pledge.signed"]).await;
    assert!(fixture.store.due_webhooks(at(0)).await.unwrap().is_empty());
    fixture.record((1..=3).map(|mailbox| fixture.pledge(mailbox)).collect()).await;
    let due = fixture.store.due_webhooks(at(0)).await.unwrap();
    assert_eq!(due.iter().map(|it| it.id).collect::<Vec<_>>(), [hook]);
    let first = claim(&fixture, hook, 0).await;
    assert_eq!(first.len(), 3);
    assert!(claim(&fixture, hook, 59_999).await.is_empty());
    let mut again: Vec<_> = claim(&fixture, hook, 60_000).await;
    again.sort_by(|a, b| a.id.cmp(&b.id));
    assert!(first.iter().all(|claimed| again.contains(claimed)), "{again:?}");
    // One is delivered, one waits, one is given up.
    let settle = vec![
        settled(&again[0], "delivered", 0),
        settled(&again[1], "pending", 200_000),
        settled(&again[2], "failed", 0),
    ];
    let bad = health(false, 150_000);
    fixture
        .store
        .settle_deliveries(hook, settle, bad, at(70_000), &entry("a change"))
        .await
        .unwrap();
    let seen = stored(&fixture, hook).await;
    assert_eq!((seen.pending, seen.failed, seen.failures), (1, 1, 1));
    assert_eq!((seen.failing_since, seen.last_error.as_deref()), (Some(at(70_000)), Some("no")));
    // Neither before the message is due nor while its receiver is left alone.
    for (now, due) in [(140_000, 0), (199_999, 0), (200_000, 1)] {
        assert_eq!(fixture.store.due_webhooks(at(now)).await.unwrap().len(), due, "{now}");
    }
    let claimed = claim(&fixture, hook, 200_000).await;
    assert_eq!((claimed[0].id.as_str(), claimed[0].attempts), (again[1].id.as_str(), 1));
    let settle = vec![settled(&claimed[0], "delivered", 0)];
    fixture
        .store
        .settle_deliveries(hook, settle, health(true, 0), at(201_000), &entry("a change"))
        .await
        .unwrap();
    let seen = stored(&fixture, hook).await;
    assert_eq!((seen.pending, seen.failures, seen.failing_since), (0, 0, None));
    // What was given up is sent again under its id, with all its tries.
    let replayed = fixture
        .store
        .replay(fixture.id, hook, again[2].id.clone(), at(300_000), &entry("a change"))
        .await;
    let replayed = replayed.unwrap().unwrap();
    assert_eq!((replayed.state.as_str(), replayed.attempts), ("pending", 0));
    assert_eq!(claim(&fixture, hook, 300_000).await[0].id, again[2].id);
}

pub async fn a_receiver_that_is_gone_gets_nothing_more(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let hook = hook(&fixture, &["pledge.signed"]).await;
    fixture.record((1..=3).map(|mailbox| fixture.pledge(mailbox)).collect()).await;
    let claimed = fixture.store.claim_deliveries(hook, at(0), at(1), 1).await.unwrap();
    let gone = Health { disabled: Some("410".into()), ..health(false, 5) };
    let settle = vec![settled(&claimed[0], "failed", 0)];
    fixture.store.settle_deliveries(hook, settle, gone, at(1), &entry("a change")).await.unwrap();
    let seen = stored(&fixture, hook).await;
    assert_eq!((seen.enabled, seen.disabled_reason.as_deref()), (false, Some("410")));
    assert_eq!((seen.pending, seen.failed), (0, 3));
    fixture.record(vec![fixture.pledge(4)]).await;
    assert_eq!(messages(&fixture, hook).await.len(), 3);
    let change = HookChange { enabled: Some(true), ..HookChange::default() };
    assert!(
        fixture.store.change_webhook(fixture.id, hook, change, &entry("a change")).await.unwrap()
    );
    fixture.record(vec![fixture.pledge(5)]).await;
    let seen = stored(&fixture, hook).await;
    assert_eq!((seen.enabled, seen.disabled_reason, seen.pending), (true, None, 1));
}

pub async fn what_was_delivered_is_forgotten_after_a_week_but_a_goal_never(engine: &dyn Engine) {
    let fixture = Fixture::with(engine, "[goal]\nfixed = 1").await;
    let hook = hook(&fixture, &["pledge.signed", "goal.reached"]).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    let claimed = claim(&fixture, hook, 0).await;
    let settle = claimed.iter().map(|it| settled(it, "delivered", 0)).collect();
    fixture
        .store
        .settle_deliveries(hook, settle, health(true, 0), at(0), &entry("a change"))
        .await
        .unwrap();
    fixture.store.tidy_deliveries(100, at(7 * DAY)).await.unwrap();
    assert_eq!(messages(&fixture, hook).await.len(), 2);
    fixture.store.tidy_deliveries(100, at(7 * DAY + 1)).await.unwrap();
    let left = messages(&fixture, hook).await;
    assert_eq!(left.iter().map(|it| it.event.as_str()).collect::<Vec<_>>(), ["goal.reached"]);
}
