//! What is kept, for how long, and how it comes out again.

use std::sync::Arc;

use countersign::store::{Applied, Bucket, Identity, NewPledge, Outcome, Renew};
use jiff::Timestamp;

use crate::harness::{
    DAY, Engine, Fixture, Said as _, at, campaign, check_the_oracle, entry, exported, identity,
};

pub async fn personal_data_past_its_retention_is_deleted_and_the_count_stays(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.store.record(vec![fixture.pledge(1)], at(0)).await.unwrap();
    fixture.store.record(vec![fixture.pledge(2)], at(DAY)).await.unwrap();
    assert_eq!(
        fixture.store.expire(at(30 * DAY - 1), &entry("a change")).await.unwrap().people(),
        0
    );
    assert_eq!(fixture.store.expire(at(30 * DAY), &entry("a change")).await.unwrap().people(), 1);
    let rows = fixture.rows().await;
    assert!(rows[0].sealed.is_none() && rows[1].sealed.is_some());
    assert_eq!(fixture.total().await, 2);
    assert_eq!(fixture.outcomes(vec![fixture.pledge(1)]).await, [Outcome::Duplicate { number: 2 }]);
    check_the_oracle(&*fixture.store).await;
}

pub async fn personal_data_is_kept_until_after_the_end_of_the_campaign(engine: &dyn Engine) {
    let fixture = Fixture::with(engine, "closes = 2025-01-11T00:00:00Z").await;
    fixture.record(vec![fixture.pledge(1)]).await;
    assert_eq!(
        fixture.store.expire(at(40 * DAY - 1), &entry("a change")).await.unwrap().people(),
        0
    );
    assert_eq!(fixture.store.expire(at(40 * DAY), &entry("a change")).await.unwrap().people(), 1);
}

pub async fn a_database_from_before_migration_2_knows_afterwards_who_is_due(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.store.record(vec![fixture.pledge(1)], at(0)).await.unwrap();
    fixture.store.record(vec![fixture.pledge(2)], at(DAY)).await.unwrap();
    fixture.store.close().await;
    engine
        .sql(
            "DROP INDEX people_due;
             ALTER TABLE people DROP COLUMN campaign_id;
             ALTER TABLE people DROP COLUMN signed_at;
             DELETE FROM meta WHERE name = 'hour';
             DELETE FROM _sqlx_migrations WHERE version = 2;",
        )
        .await;
    let store = engine.open().await;
    assert_eq!(store.expire(at(30 * DAY - 1), &entry("a change")).await.unwrap().people(), 0);
    assert_eq!(store.expire(at(30 * DAY), &entry("a change")).await.unwrap().people(), 1);
    check_the_oracle(&*store).await;
}

pub async fn whom_an_older_server_stored_meanwhile_is_deleted_on_time_too(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    engine.sql("UPDATE people SET campaign_id = 0, signed_at = 0").await;
    assert_eq!(
        fixture.store.expire(at(30 * DAY - 1), &entry("a change")).await.unwrap().people(),
        0
    );
    assert_eq!(fixture.store.expire(at(30 * DAY), &entry("a change")).await.unwrap().people(), 1);
}

pub async fn what_is_done_once_an_hour_is_done_by_one(engine: &dyn Engine) {
    let (one, two) = (engine.open().await, engine.open().await);
    let hour = DAY / 24;
    assert!(one.claim_hour(at(0)).await.unwrap());
    assert!(!two.claim_hour(at(hour - 1)).await.unwrap());
    assert!(two.claim_hour(at(hour)).await.unwrap());
    assert!(!one.claim_hour(at(hour)).await.unwrap());
}

pub async fn requests_are_forgotten_after_a_day(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let sent = fixture.pledge(1).with_key(1, 1);
    fixture.record(vec![sent.clone()]).await;
    fixture.store.expire(at(DAY), &entry("a change")).await.unwrap();
    let again = fixture.outcomes(vec![sent.clone()]).await;
    assert!(matches!(again[0], Outcome::Replayed { .. }));
    fixture.store.expire(at(DAY + 1), &entry("a change")).await.unwrap();
    assert_eq!(fixture.outcomes(vec![sent]).await, [Outcome::Duplicate { number: 1 }]);
}

pub async fn a_seeded_counter_drift_is_found_and_repaired(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1), fixture.pledge(2).in_country("FR")]).await;
    engine
        .sql(
            "UPDATE campaign_totals SET total = 7, peak = 7;
             UPDATE country_totals SET counted = 6 WHERE country = 'FR'",
        )
        .await;
    let revision = fixture.store.pulse().await.unwrap().revision;
    let found = fixture.store.recount(false).await.unwrap();
    assert_eq!((found[0].stored, found[0].rows, found[0].repaired), (7, 2, false));
    assert_eq!(found[0].countries, [("FR".to_owned(), 6, 1)]);
    assert_eq!(fixture.total().await, 7);
    assert!(fixture.store.recount(true).await.unwrap()[0].repaired);
    assert!(fixture.store.pulse().await.unwrap().revision > revision);
    check_the_oracle(&*fixture.store).await;
    assert_eq!(fixture.total().await, 2);
}

pub async fn a_repaired_total_says_why_until_it_is_back_where_it_was(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    assert_eq!(fixture.counters().await.reason, None);
    engine.sql("UPDATE campaign_totals SET total = 3, peak = 3").await;
    fixture.store.recount(true).await.unwrap();
    assert_eq!(fixture.counters().await.reason.as_deref(), Some("recount"));
    let below = fixture.record(vec![fixture.pledge(2)]).await;
    assert_eq!(below.changed[0].1.reason.as_deref(), Some("recount"));
    let back = fixture.record(vec![fixture.pledge(3)]).await;
    assert_eq!(back.changed[0].1.reason, None);
}

pub async fn history_is_by_bucket_and_knows_what_came_before(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let hour = 60 * 60 * 1000;
    for (mailbox, when) in [(1, 0), (2, 61_000), (3, hour), (4, 3 * hour), (5, DAY)] {
        fixture.store.record(vec![fixture.pledge(mailbox)], at(when)).await.unwrap();
    }
    let points = async |bucket, since| {
        let points = fixture.store.history(fixture.id, bucket, since).await.unwrap();
        points.iter().map(|it| (it.start, it.counted, it.total)).collect::<Vec<_>>()
    };
    let all = Timestamp::UNIX_EPOCH;
    assert_eq!(
        points(Bucket::Hour, all).await,
        [(at(0), 2, 2), (at(hour), 1, 3), (at(3 * hour), 1, 4), (at(DAY), 1, 5)]
    );
    assert_eq!(points(Bucket::Day, all).await, [(at(0), 4, 4), (at(DAY), 1, 5)]);
    assert_eq!(points(Bucket::Minute, all).await.len(), 5);
    assert_eq!(
        points(Bucket::Hour, at(3 * hour + 5)).await,
        [(at(3 * hour), 1, 4), (at(DAY), 1, 5)]
    );
}

pub async fn an_export_is_one_snapshot_in_the_order_of_signing(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    for mailbox in 0..200 {
        fixture.record(vec![fixture.pledge(mailbox)]).await;
    }
    let export = fixture.store.export(fixture.id).await.unwrap();
    fixture.record((200..=255).map(|mailbox| fixture.pledge(mailbox)).collect()).await;
    let rows = exported(export).await;
    let expected: Vec<_> = (0..200).map(|mailbox| [mailbox; 16]).collect();
    assert_eq!(rows.iter().map(|row| row.fingerprint).collect::<Vec<_>>(), expected);
    assert_eq!(fixture.rows().await.len(), 256);
}

pub async fn an_export_has_what_was_recorded(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let mut sent = fixture.pledge(1).in_country("FR");
    sent.public_name = true;
    sent.suspicious = true;
    sent.locale = "pt-BR".into();
    sent.source = "{\"utm_source\":\"a \\\"quoted\\\" \u{1f600} word\"}".into();
    fixture.store.record(vec![sent.clone()], at(1)).await.unwrap();
    let rows = fixture.rows().await;
    let row = &rows[0];
    assert_eq!((row.signed_at, &*row.state, &*row.country), (at(1), "counted", "FR"));
    assert_eq!(
        (&*row.locale, &*row.source, &*row.receipt),
        (&*sent.locale, &*sent.source, &*sent.receipt)
    );
    assert!(row.public_name && row.updates && row.suspicious);
    assert_eq!((row.key_version, row.fingerprint), (1, [1; 16]));
    assert_eq!(row.sealed.as_ref(), Some(&sent.identity.sealed));
}

pub async fn a_database_stays_with_its_keys(engine: &dyn Engine) {
    let store = engine.open().await;
    let claim = async |editions: &[(u16, [u8; 16])]| store.claim_keys(editions).await.unwrap();
    assert!(claim(&[(1, [1; 16])]).await);
    assert!(claim(&[(1, [1; 16])]).await);
    assert!(!claim(&[(1, [2; 16])]).await);
    assert!(!claim(&[(2, [3; 16]), (1, [2; 16])]).await, "the old one is another key");
    assert!(claim(&[(2, [2; 16]), (1, [1; 16])]).await);
    assert!(claim(&[(2, [2; 16])]).await, "the old one may be forgotten");
    assert!(!claim(&[(1, [1; 16])]).await, "a server that was not told of the new one");
    assert!(!claim(&[(2, [3; 16]), (1, [1; 16])]).await);
}

/// The same person, from a server whose key was rotated.
fn after_the_rotation(fixture: &Fixture, mailbox: u8) -> NewPledge {
    let mut pledge = fixture.pledge(mailbox);
    pledge.earlier = vec![std::mem::replace(&mut pledge.identity, identity(2, mailbox))];
    pledge
}

pub async fn fault_35_key_rotation_versioned_fingerprints_dedupe_holds(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1), fixture.pledge(2).quarantined()]).await;
    let batch = (1..=3).map(|mailbox| after_the_rotation(&fixture, mailbox)).collect();
    let counted = |number| Outcome::Counted { number };
    let expected = [Outcome::Duplicate { number: 1 }, counted(2), counted(3)];
    assert_eq!(fixture.outcomes(batch).await, expected);
    let versions: Vec<_> = fixture.rows().await.iter().map(|row| row.key_version).collect();
    assert_eq!(versions, [1, 1, 2], "an honest one takes over under the key of its row");
    let again = after_the_rotation(&fixture, 3);
    assert_eq!(fixture.outcomes(vec![again]).await, [Outcome::Duplicate { number: 3 }]);
    check_the_oracle(&*fixture.store).await;
}

pub async fn rows_are_brought_to_the_later_key_and_those_without_a_person_stay(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    fixture.store.record(vec![fixture.pledge(1)], at(-40 * DAY)).await.unwrap();
    fixture.record(vec![fixture.pledge(2), fixture.pledge(3)]).await;
    assert_eq!(fixture.store.expire(at(0), &entry("a change")).await.unwrap().people(), 1);
    let renew: Renew = Arc::new(|_, kept: &Identity| {
        // One that does not open stays as it is.
        (kept.key_version == 1 && kept.sealed[0] != 3).then(|| identity(2, kept.sealed[0]))
    });
    let mut after = Some(0);
    while let Some(id) = after {
        after = fixture.store.rekey(id, Arc::clone(&renew)).await.unwrap();
    }
    let rows = fixture.rows().await;
    assert_eq!(rows.iter().map(|row| row.key_version).collect::<Vec<_>>(), [1, 2, 1]);
    assert_eq!(rows[1].fingerprint, identity(2, 2).fingerprint);
    let batch = (1..=3).map(|mailbox| after_the_rotation(&fixture, mailbox)).collect();
    let outcomes = fixture.outcomes(batch).await;
    assert!(outcomes.iter().all(|it| *it == Outcome::Duplicate { number: 3 }), "{outcomes:?}");
    check_the_oracle(&*fixture.store).await;
}

pub async fn applying_a_campaign_twice_changes_nothing(engine: &dyn Engine) {
    let store = engine.open().await;
    let mut file = campaign("one", "");
    assert_eq!(store.apply_campaign(&file, at(0)).await.unwrap(), Applied::Created);
    let revision = store.pulse().await.unwrap().revision;
    assert_eq!(store.apply_campaign(&file, at(1)).await.unwrap(), Applied::Unchanged);
    assert_eq!(store.pulse().await.unwrap().revision, revision);
    file.hide_count_below = 5;
    assert_eq!(store.apply_campaign(&file, at(2)).await.unwrap(), Applied::Updated);
    assert!(store.pulse().await.unwrap().revision > revision);
    let stored = store.campaigns().await.unwrap();
    assert_eq!((stored.len(), stored[0].revision), (1, 2));
    assert_eq!(stored[0].campaign, file);
    // Whoever keeps the old answer by its sequence must notice.
    assert_eq!(store.counters(stored[0].id).await.unwrap().seq, 1);
}

pub async fn epochs_rise_with_every_start(engine: &dyn Engine) {
    let first = engine.open().await.next_epoch(at(0)).await.unwrap();
    assert!(engine.open().await.next_epoch(at(0)).await.unwrap() > first);
}

pub async fn everything_is_there_after_a_restart(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1).with_key(1, 1)]).await;
    let before = fixture.counters().await;
    fixture.store.close().await;
    let fixture = Fixture::on(engine).await;
    assert_eq!(fixture.counters().await, before);
    let again = fixture.outcomes(vec![fixture.pledge(1).with_key(1, 1)]).await;
    assert_eq!(again, [Outcome::Replayed { number: 1, receipt: "RECEIPT1".into() }]);
}
