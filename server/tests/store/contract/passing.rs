//! A search for something rare passes over the rows of all others in the database.

use countersign::store::NewPledge;
use countersign::store::supporters::{Columns, Passed, Place};
use countersign_shared::Country;

use crate::harness::{Engine, Fixture, Said as _, at};

fn in_country(mut pledge: NewPledge, country: &str) -> NewPledge {
    pledge.country = Country::parse(country).unwrap();
    pledge
}

/// Walks from the latest to the end by passing only, a few at once: how many rows it looked at, and
/// the ids that it stopped before.
async fn walk(fixture: &Fixture, columns: Columns, most: u32) -> (u64, Vec<i64>) {
    let (mut place, mut looked_at, mut stopped) = (Place::END, 0, Vec::new());
    while let Some(passed) =
        fixture.store.pledges_pass(fixture.id, columns, place, most).await.unwrap()
    {
        looked_at += passed.rows;
        place = passed.place;
        if passed.found {
            // Right before the one that fits: a list from here begins with it.
            let rows = fixture.store.pledges_before(fixture.id, None, place, 1).await.unwrap();
            let found = rows.unwrap().rows().next().unwrap().unwrap().into_owned();
            place = Place { signed_at: found.signed_at.as_millisecond(), id: found.id };
            looked_at += 1;
            stopped.push(found.id);
        }
        assert!(looked_at < 100, "it never ends");
    }
    (looked_at, stopped)
}

pub async fn rows_that_do_not_fit_are_passed_over_and_each_is_looked_at_once(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    // Three moments, so that some share theirs and the order of signing is not that of the ids.
    for (moment, mailboxes) in [(5, 1..=4), (9, 5..=6), (1, 7..=9)] {
        let pledges = mailboxes.map(|mailbox| {
            let country = if [2, 7].contains(&mailbox) { "FR" } else { "KE" };
            in_country(fixture.pledge(mailbox), country)
        });
        fixture.store.record(pledges.collect(), at(moment)).await.unwrap();
    }
    let ids: Vec<i64> = fixture.rows().await.iter().map(|row| row.id).collect();
    let french = Columns { country: Country::parse("FR").ok(), ..Columns::default() };
    for most in [1, 2, 3, 50] {
        assert_eq!(walk(&fixture, french, most).await, (9, vec![ids[1], ids[6]]), "{most}");
    }
    let nobody = Columns { country: Country::parse("JP").ok(), ..Columns::default() };
    assert_eq!(walk(&fixture, nobody, 4).await, (9, vec![]));
    // Another campaign has its own.
    let first = fixture.store.pledges_pass(fixture.id, french, Place::END, 50).await.unwrap();
    let place = Place { signed_at: at(5).as_millisecond(), id: ids[1] + 1 };
    assert_eq!(first, Some(Passed { rows: 4, place, found: true }));
}

pub async fn every_column_of_a_search_is_asked(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let mut pledges: Vec<NewPledge> = (1..=4).map(|mailbox| fixture.pledge(mailbox)).collect();
    pledges[0].updates = false;
    pledges[1].suspicious = true;
    pledges[2] = fixture.pledge(3).quarantined();
    fixture.record(pledges).await;
    let ids: Vec<i64> = fixture.rows().await.iter().map(|row| row.id).collect();
    let any = Columns::default();
    for (columns, expected) in [
        (any, vec![ids[3], ids[2], ids[1], ids[0]]),
        (Columns { updates: Some(false), ..any }, vec![ids[0]]),
        (Columns { updates: Some(true), ..any }, vec![ids[3], ids[2], ids[1]]),
        (Columns { suspicious: Some(true), ..any }, vec![ids[1]]),
        (Columns { counted: Some(true), ..any }, vec![ids[3], ids[1], ids[0]]),
        (Columns { counted: Some(true), suspicious: Some(false), ..any }, vec![ids[3], ids[0]]),
        (Columns { imported: Some(true), ..any }, vec![]),
        (Columns { imported: Some(false), ..any }, vec![ids[3], ids[2], ids[1], ids[0]]),
    ] {
        assert_eq!(walk(&fixture, columns, 3).await, (4, expected), "{columns:?}");
    }
}
