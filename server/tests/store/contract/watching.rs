//! What organizers watch.

use std::collections::BTreeMap;

use countersign::store::NewPledge;
use countersign::store::insight::{Channels, Days, Slot, SourceSum, Visits};
use countersign::store::offline::{NewImport, NewLabelled};
use countersign::store::sources::day;
use countersign::store::supporters::Act;
use countersign_shared::Country;
use countersign_shared::admin::Role;

use super::organizing::token;
use crate::harness::{DAY, Engine, Fixture, Said as _, apply, at, check_the_oracle, entry, pledge};

fn from_source(mut pledge: NewPledge, source: &str) -> NewPledge {
    pledge.source = source.into();
    pledge
}

async fn signed_by_source(fixture: &Fixture, days: Days) -> BTreeMap<String, u64> {
    let sums = fixture.store.sources(fixture.id, days).await.unwrap();
    sums.into_iter().map(|sum| (sum.source, sum.signed)).collect()
}

async fn by_country(fixture: &Fixture, days: Days) -> BTreeMap<String, u64> {
    fixture.store.countries(fixture.id, days).await.unwrap().into_iter().collect()
}

fn counts(pairs: &[(&str, u64)]) -> BTreeMap<String, u64> {
    pairs.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// The day of [`at`], and so many after it.
fn days(from: i64, to: i64) -> Days {
    let first = day(at(0).as_millisecond());
    Days { from: first + from, to: first + to }
}

pub async fn the_days_say_what_the_rows_say(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let radio = r#"{"utm_source":"radio"}"#;
    let first = vec![
        from_source(fixture.pledge(1), radio),
        from_source(fixture.pledge(2).in_country("FR"), r#"{"referrer":"news.example"}"#),
        fixture.pledge(3).quarantined(),
        pledge(apply(&*fixture.store, "two", "").await, 1),
    ];
    fixture.store.record(first, at(0)).await.unwrap();
    // A second signature moves nothing; one that takes over counts on the day when it did.
    let second = vec![
        from_source(fixture.pledge(1), r#"{"utm_source":"share"}"#),
        from_source(fixture.pledge(3), r#"{"utm_source":"share"}"#),
    ];
    fixture.store.record(second, at(DAY)).await.unwrap();
    assert_eq!(by_country(&fixture, Days::ALL).await, counts(&[("FR", 1), ("KE", 2)]));
    assert_eq!(by_country(&fixture, days(0, 1)).await, counts(&[("FR", 1), ("KE", 1)]));
    assert_eq!(by_country(&fixture, days(1, 2)).await, counts(&[("KE", 1)]));
    let sources = counts(&[("shared", 1), ("site news.example", 1), ("utm radio", 1)]);
    assert_eq!(signed_by_source(&fixture, Days::ALL).await, sources);
    let all = fixture.store.country_days(fixture.id, days(0, 1).to).await.unwrap();
    let today = day(at(0).as_millisecond());
    assert_eq!(all, [(today, "FR".into(), 1), (today, "KE".into(), 1)]);
    // Deleting people leaves the counts, and so the days.
    fixture.store.expire(at(60 * DAY), &entry("a change")).await.unwrap();
    assert_eq!(by_country(&fixture, Days::ALL).await, counts(&[("FR", 1), ("KE", 2)]));
    let channels = fixture.store.channels(fixture.id).await.unwrap();
    assert_eq!(channels, Channels::default());
    check_the_oracle(&*fixture.store).await;
}

pub async fn made_up_sources_do_not_fill_the_table(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    for round in 0..11u32 {
        let batch = (0..100u32).map(|number| {
            let name = round * 100 + number;
            let mut pledge =
                from_source(fixture.pledge(0), &format!(r#"{{"utm_source":"{name}"}}"#));
            pledge.identity.fingerprint[..4].copy_from_slice(&(name + 1).to_le_bytes());
            pledge
        });
        fixture.record(batch.collect()).await;
    }
    let sources = signed_by_source(&fixture, Days::ALL).await;
    assert_eq!((sources.len(), sources["other"]), (1_001, 100));
    check_the_oracle(&*fixture.store).await;
    // A rebuild knows no order of arrival, and keeps the same bound.
    engine.sql("DELETE FROM source_days").await;
    fixture.store.recount(true).await.unwrap();
    let sources = signed_by_source(&fixture, Days::ALL).await;
    assert_eq!((sources.len(), sources["other"]), (1_001, 100));
    check_the_oracle(&*fixture.store).await;
}

pub async fn a_drift_of_the_days_is_found_and_repaired(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let radio = r#"{"utm_source":"radio"}"#;
    fixture.record(vec![from_source(fixture.pledge(1), radio), fixture.pledge(2)]).await;
    for damage in [
        "UPDATE country_days SET counted = counted + 3",
        "UPDATE source_days SET counted = counted + 1 WHERE source = 'direct'",
        "DELETE FROM country_days",
    ] {
        engine.sql(damage).await;
        let found = fixture.store.recount(false).await.unwrap();
        assert!(found[0].drifts() && found[0].days > 0, "{damage}: {found:?}");
        assert_eq!((found[0].stored, found[0].rows), (2, 2), "{damage}");
        assert!(fixture.store.recount(true).await.unwrap()[0].repaired);
        assert_eq!(by_country(&fixture, Days::ALL).await, counts(&[("KE", 2)]));
        let sources = counts(&[("direct", 1), ("utm radio", 1)]);
        assert_eq!(signed_by_source(&fixture, Days::ALL).await, sources);
        check_the_oracle(&*fixture.store).await;
    }
    assert_eq!(fixture.counters().await.reason, None, "the total did not fall");
}

pub async fn a_database_from_before_migration_3_has_its_days_afterwards(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let sources = [
        "{}",
        r#"{"utm_source":"radio","referrer":"news.example"}"#,
        r#"{"referrer":"news.example"}"#,
        r#"{"utm_source":"share"}"#,
    ];
    for (mailbox, source) in (1..).zip(sources) {
        fixture.record(vec![from_source(fixture.pledge(mailbox), source)]).await;
    }
    fixture.record(vec![fixture.pledge(9).quarantined()]).await;
    let before = signed_by_source(&fixture, Days::ALL).await;
    assert_eq!(before.len(), 4);
    fixture.store.create_token(&token("script", 7)).await.unwrap().unwrap();
    fixture.store.close().await;
    engine
        .sql(
            "DROP TABLE mails;
             DROP TABLE deliveries;
             DROP TABLE webhooks;
             DROP TABLE bulk_pledges;
             DROP TABLE bulk_jobs;
             DROP TABLE labelled_counts;
             DROP TABLE imports;
             DROP TABLE visit_days;
             DROP TABLE source_days;
             DROP TABLE country_days;
             DROP TABLE marks;
             DROP TABLE audit_log;
             DROP TABLE invitations;
             DROP TABLE sessions;
             DROP TABLE ceremonies;
             DROP TABLE passkeys;
             DROP TABLE members;
             DROP TABLE organizers;
             DROP TABLE organizations;
             DROP INDEX pledges_apart;
             DROP INDEX pledges_imported;
             DROP INDEX pledges_listed;
             DELETE FROM meta WHERE name = 'audit';
             ALTER TABLE pledges DROP COLUMN import_id;
             ALTER TABLE campaigns DROP COLUMN organization_id;
             CREATE TABLE tokens AS SELECT id, name, hash, created_at FROM api_tokens;
             DROP TABLE api_tokens;
             CREATE TABLE api_tokens (
                 id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash BYTEA, created_at BIGINT
             );
             INSERT INTO api_tokens SELECT id, name, hash, created_at FROM tokens;
             DROP INDEX minute_totals_paper;
             ALTER TABLE minute_totals DROP COLUMN paper;
             DELETE FROM _sqlx_migrations WHERE version >= 3;",
        )
        .await;
    let store = engine.open().await;
    let fixture = Fixture { store, id: fixture.id };
    assert_eq!(signed_by_source(&fixture, Days::ALL).await, before);
    assert_eq!(by_country(&fixture, Days::ALL).await, counts(&[("KE", 4)]));
    check_the_oracle(&*fixture.store).await;
    // And its tokens, which migration 5 moves, can do what they could.
    let kept = fixture.store.find_token([7; 32]).await.unwrap().unwrap();
    assert_eq!((&*kept.name, kept.role, kept.expires_at), ("script", Role::Moderator, None));
}

/// A file of people, and a box of paper.
async fn paper(fixture: &Fixture, mailboxes: std::ops::Range<u8>, counted: u64, when: i64) {
    let file = NewImport {
        campaign: fixture.id,
        label: "the town hall".into(),
        created_by: "me".into(),
        pledges: mailboxes.map(|mailbox| fixture.pledge(mailbox)).collect(),
        twice: 0,
    };
    fixture.store.import(file, at(when), &entry("a change")).await.unwrap();
    let new = NewLabelled {
        campaign: fixture.id,
        label: "a box".into(),
        country: Country::parse("FR").unwrap(),
        counted,
        created_by: "me".into(),
    };
    fixture.store.add_labelled(new, at(when), &entry("a change")).await.unwrap();
}

pub async fn files_from_before_migration_4_are_paper_afterwards(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.store.record(vec![fixture.pledge(1)], at(0)).await.unwrap();
    paper(&fixture, 2..5, 40, 0).await;
    let before = signed_by_source(&fixture, Days::ALL).await;
    assert_eq!(before, counts(&[("direct", 1), ("labelled", 40), ("paper", 3)]));
    fixture.store.close().await;
    engine
        .sql(
            "DROP INDEX minute_totals_paper;
             ALTER TABLE minute_totals DROP COLUMN paper;
             DELETE FROM source_days WHERE source = 'paper';
             UPDATE source_days SET counted = 4 WHERE source = 'direct';
             DELETE FROM _sqlx_migrations WHERE version = 4;",
        )
        .await;
    let store = engine.open().await;
    let fixture = Fixture { store, id: fixture.id };
    assert_eq!(signed_by_source(&fixture, Days::ALL).await, before);
    check_the_oracle(&*fixture.store).await;
    // And a recount says the same.
    engine.sql("UPDATE source_days SET counted = counted + 1 WHERE source = 'paper'").await;
    assert!(fixture.store.recount(true).await.unwrap()[0].repaired);
    assert_eq!(signed_by_source(&fixture, Days::ALL).await, before);
    check_the_oracle(&*fixture.store).await;
}

pub async fn paper_is_told_apart_in_every_slot(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let minute = 60_000;
    paper(&fixture, 1..4, 40, 0).await;
    assert_eq!(fixture.store.first_online_minute(fixture.id).await.unwrap(), None);
    fixture.store.record(vec![fixture.pledge(9)], at(0)).await.unwrap();
    fixture.store.record(vec![fixture.pledge(8)], at(7 * minute)).await.unwrap();
    let first = at(0).as_second() / 60;
    assert_eq!(fixture.store.first_online_minute(fixture.id).await.unwrap(), Some(first));
    let slot = |minute, counted, paper| Slot { minute: first + minute, counted, paper };
    let minutes = fixture.store.minutes(fixture.id, first).await.unwrap();
    assert_eq!(minutes.slots, [slot(0, 44, 43), slot(7, 1, 0)]);
    let spans = fixture.store.spans(fixture.id, &[first, first + 5]).await.unwrap();
    assert_eq!((spans.slots, spans.total), (vec![slot(0, 44, 43), slot(5, 1, 0)], 45));
    let id =
        fixture.store.add_mark(fixture.id, at(0), "leaflets", 9, &entry("a change")).await.unwrap();
    let marks = fixture.store.marks(fixture.id, at(DAY)).await.unwrap();
    assert_eq!((Some(marks[0].id), marks[0].after), (id, 2), "those who signed online");
    let sums = fixture.store.sources(fixture.id, Days::ALL).await.unwrap();
    assert_eq!(sums.iter().map(SourceSum::signed_here).sum::<u64>(), 2);
    let file = fixture.store.imports(fixture.id).await.unwrap()[0].id;
    fixture.store.undo_import(fixture.id, file, at(DAY), &entry("a change")).await.unwrap();
    let minutes = fixture.store.minutes(fixture.id, first).await.unwrap();
    assert_eq!(minutes.slots, [slot(0, 41, 40), slot(7, 1, 0)]);
    // Who was in a file, was taken out and signs online, is of those online.
    paper(&fixture, 1..4, 1, 0).await;
    let row = fixture.rows().await.into_iter().find(|row| row.import_id.is_some()).unwrap();
    fixture.store.act(fixture.id, row.id, Act::Withdraw, at(0), &entry("a change")).await.unwrap();
    check_the_oracle(&*fixture.store).await;
    let again = (1..4).map(|mailbox| fixture.pledge(mailbox)).collect();
    fixture.store.record(again, at(DAY)).await.unwrap();
    check_the_oracle(&*fixture.store).await;
    let sums = fixture.store.sources(fixture.id, Days::ALL).await.unwrap();
    assert_eq!(sums.iter().map(SourceSum::signed_here).sum::<u64>(), 3);
}

pub async fn visits_add_up_and_are_no_pledges(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let today = day(at(0).as_millisecond());
    let visits = |source: &str, day| Visits {
        campaign: fixture.id,
        day,
        source: source.into(),
        seen: 3,
        started: 2,
        shared: 1,
    };
    assert_eq!(fixture.store.first_visit(fixture.id).await.unwrap(), None);
    let batch = [visits("direct", today + 1), visits("direct", today), visits("utm radio", today)];
    fixture.store.add_visits(&batch).await.unwrap();
    fixture.store.add_visits(&batch[1..]).await.unwrap();
    fixture.record(vec![fixture.pledge(1)]).await;
    let mut sums = fixture.store.sources(fixture.id, days(0, 1)).await.unwrap();
    sums.sort_by(|a, b| a.source.cmp(&b.source));
    let sum = |source: &str, signed| SourceSum {
        source: source.into(),
        signed,
        seen: 6,
        started: 4,
        shared: 2,
    };
    assert_eq!(sums, [sum("direct", 1), sum("utm radio", 0)]);
    assert_eq!(fixture.store.first_visit(fixture.id).await.unwrap(), Some(today));
    check_the_oracle(&*fixture.store).await;
}

pub async fn slots_lead_up_to_the_total(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let minute = 60_000;
    assert_eq!(fixture.store.first_minute(fixture.id).await.unwrap(), None);
    for (mailbox, when) in [(1, 0), (2, 16 * minute), (3, 29 * minute), (4, 90 * minute)] {
        fixture.store.record(vec![fixture.pledge(mailbox)], at(when)).await.unwrap();
    }
    let first = at(0).as_second() / 60;
    let slot = |minute, counted| Slot { minute: first + minute, counted, paper: 0 };
    let minutes = fixture.store.minutes(fixture.id, first + 1).await.unwrap();
    assert_eq!(minutes.slots, [slot(16, 1), slot(29, 1), slot(90, 1)]);
    assert_eq!(minutes.total, 4);
    let firsts = [first + 1, first + 16, first + 30, first + 60];
    let spans = fixture.store.spans(fixture.id, &firsts).await.unwrap();
    assert_eq!((spans.slots, spans.total), (vec![slot(16, 2), slot(60, 1)], 4));
    assert_eq!(fixture.store.spans(fixture.id, &[]).await.unwrap().total, 4);
    assert_eq!(fixture.store.first_minute(fixture.id).await.unwrap(), Some(first));
}

pub async fn a_mark_knows_what_came_before_and_after(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    for (mailbox, when) in [(1, -2 * DAY - 1), (2, -2 * DAY), (3, -1), (4, 0), (5, 2 * DAY)] {
        fixture.store.record(vec![fixture.pledge(mailbox)], at(when)).await.unwrap();
    }
    let add = async |label: &str| {
        fixture.store.add_mark(fixture.id, at(0), label, 2, &entry("a change")).await.unwrap()
    };
    let id = add("radio interview").await.unwrap();
    let marks = fixture.store.marks(fixture.id, at(3 * DAY)).await.unwrap();
    assert_eq!((marks.len(), marks[0].minutes), (1, 2_880));
    assert_eq!((marks[0].id, marks[0].at, &*marks[0].label), (id, at(0), "radio interview"));
    assert_eq!((marks[0].before, marks[0].after), (2, 1));
    assert!(add("leaflets").await.is_some());
    assert_eq!(add("one too many").await, None);
    let other = apply(&*fixture.store, "two", "").await;
    assert!(
        !fixture.store.change_mark(other, id, at(1), "theirs", &entry("a change")).await.unwrap()
    );
    assert!(
        fixture
            .store
            .change_mark(fixture.id, id, at(DAY), "a letter", &entry("a change"))
            .await
            .unwrap()
    );
    let changed = &fixture.store.marks(fixture.id, at(3 * DAY)).await.unwrap()[1];
    assert_eq!((changed.id, changed.at, &*changed.label), (id, at(DAY), "a letter"));
    assert!(!fixture.store.delete_mark(other, id, &entry("a change")).await.unwrap());
    assert!(fixture.store.delete_mark(fixture.id, id, &entry("a change")).await.unwrap());
    assert!(!fixture.store.delete_mark(fixture.id, id, &entry("a change")).await.unwrap());
}

pub async fn a_mark_that_is_young_is_held_against_as_short_a_time(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let hour = 3_600_000;
    for (mailbox, when) in [(1, -3 * hour), (2, -hour), (3, 0), (4, hour), (5, 5 * hour)] {
        fixture.store.record(vec![fixture.pledge(mailbox)], at(when)).await.unwrap();
    }
    fixture
        .store
        .add_mark(fixture.id, at(0), "radio interview", 9, &entry("a change"))
        .await
        .unwrap();
    let said = async |now| {
        let mark = fixture.store.marks(fixture.id, at(now)).await.unwrap().remove(0);
        (mark.minutes, mark.after, mark.before)
    };
    assert_eq!(said(2 * hour - 1).await, (120, 2, 1));
    assert_eq!(said(0).await, (1, 1, 0));
    assert_eq!(said(-hour).await, (0, 0, 0), "it is to come");
    assert_eq!(said(5 * DAY).await, (2_880, 3, 2));
}
