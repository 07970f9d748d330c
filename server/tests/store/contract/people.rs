//! Single people, work in bulk, and signatures from paper: the counters follow, once.

use std::sync::Arc;

use countersign::store::offline::{NewImport, NewLabelled};
use countersign::store::supporters::{
    Act, Acted, Apart, Corrected, Job, Lease, NewJob, Place, Progress,
};
use countersign::store::{Counters, ExportRow, ExportedRows, Outcome};
use countersign_shared::Country;
use futures_util::future::join_all;

use crate::harness::{DAY, Engine, Fixture, Said as _, at, check_the_oracle, entry};

fn ids(rows: Option<ExportedRows>) -> Vec<i64> {
    let Some(rows) = rows else { return Vec::new() };
    rows.rows().map(|row| row.unwrap().id).collect()
}

fn moved(acted: Acted) -> Counters {
    match acted {
        Acted::Done(Some(counters)) => counters,
        other => panic!("the counters did not move: {other:?}"),
    }
}

async fn signed(fixture: &Fixture, mailboxes: std::ops::RangeInclusive<u8>) -> Vec<i64> {
    fixture.record(mailboxes.map(|mailbox| fixture.pledge(mailbox)).collect()).await;
    fixture.rows().await.iter().map(|row| row.id).collect()
}

async fn row(fixture: &Fixture, id: i64) -> Option<ExportRow<'static>> {
    let rows = fixture.store.pledge(fixture.id, id).await.unwrap()?;
    let row = rows.rows().next().unwrap().unwrap().into_owned();
    Some(row)
}

pub async fn a_list_walks_in_the_order_of_signing_and_misses_nobody(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    for (mailbox, when) in [(1, 5), (2, 5), (3, -DAY), (4, 9), (5, 5)] {
        fixture.store.record(vec![fixture.pledge(mailbox)], at(when)).await.unwrap();
    }
    // Without a person, and in the list all the same.
    fixture.store.expire(at(29 * DAY + 1), &entry("a change")).await.unwrap();
    let all: Vec<i64> = fixture.rows().await.iter().map(|row| row.id).collect();
    let expected = [all[3], all[4], all[1], all[0], all[2]];
    let mut before = Place::END;
    let mut seen = Vec::new();
    loop {
        let rows = fixture.store.pledges_before(fixture.id, None, before, 2).await.unwrap();
        let Some(rows) = rows else { break };
        for row in rows.rows() {
            let row = row.unwrap();
            before = Place { signed_at: row.signed_at.as_millisecond(), id: row.id };
            seen.push(row.id);
        }
    }
    assert_eq!(seen, expected);
    assert!(row(&fixture, all[2]).await.unwrap().sealed.is_none());
}

pub async fn those_apart_are_found_by_why_and_people_by_their_fingerprint(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1), fixture.pledge(2).quarantined()]).await;
    let store = &fixture.store;
    let all = fixture.rows().await;
    let apart =
        async |why| ids(store.pledges_before(fixture.id, Some(why), Place::END, 10).await.unwrap());
    assert_eq!(apart(Apart::Honeypot).await, [all[1].id]);
    assert!(apart(Apart::TooFast).await.is_empty());
    let found = store.pledges_of(fixture.id, &[[9; 16], [1; 16]]).await.unwrap();
    assert_eq!(ids(found), [all[0].id]);
    assert!(store.pledges_of(fixture.id, &[[9; 16]]).await.unwrap().is_none());
}

pub async fn fault_11_erasure_or_withdrawal_while_counting_exactly_minus_1_once(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    let line = entry("a change");
    let all = signed(&fixture, 1..=3).await;
    let store = Arc::clone(&fixture.store);
    let acts =
        join_all((0..50).map(|_| store.act(fixture.id, all[0], Act::Withdraw, at(0), &line)));
    let signing = join_all((10..30).map(|mailbox| {
        let (store, pledge) = (Arc::clone(&store), fixture.pledge(mailbox));
        async move { store.record(vec![pledge], at(0)).await.unwrap() }
    }));
    let (acts, _) = tokio::join!(acts, signing);
    let acts: Vec<Acted> = acts.into_iter().map(Result::unwrap).collect();
    let done = acts.iter().filter(|acted| matches!(acted, Acted::Done(Some(_)))).count();
    assert_eq!((done, fixture.total().await), (1, 22));
    assert!(acts.iter().all(|it| matches!(it, Acted::Done(_) | Acted::AlreadySo)));
    let erasures = join_all((0..50).map(|_| store.erase(fixture.id, all[1], at(0), &line))).await;
    let done = erasures.iter().filter(|it| matches!(it, Ok(Acted::Done(_)))).count();
    assert_eq!((done, fixture.total().await), (1, 21));
    // Not counted any more: nothing to take.
    assert_eq!(
        store.erase(fixture.id, all[0], at(0), &entry("a change")).await.unwrap(),
        Acted::Done(None)
    );
    assert_eq!(fixture.total().await, 21);
    assert_eq!(fixture.counters().await.reason.as_deref(), Some("removed"));
    assert!(row(&fixture, all[0]).await.is_none() && row(&fixture, all[1]).await.is_none());
    check_the_oracle(&*store).await;
}

pub async fn who_withdrew_may_sign_again_and_who_was_refused_may_not(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let all = signed(&fixture, 1..=3).await;
    let act = async |n: usize, act| {
        fixture.store.act(fixture.id, all[n], act, at(0), &entry("a change")).await.unwrap()
    };
    assert_eq!(moved(act(0, Act::Withdraw).await).total, 2);
    assert_eq!(act(0, Act::Release).await, Acted::NotFromHere, "only the person takes it back");
    assert_eq!(act(0, Act::Refuse).await, Acted::NotFromHere);
    assert_eq!(moved(act(1, Act::Refuse).await).total, 1);
    assert_eq!(act(1, Act::Withdraw).await, Acted::NotFromHere, "no way round a refusal");
    let batch = vec![fixture.pledge(1).in_country("FR"), fixture.pledge(2)];
    let expected = [Outcome::Counted { number: 2 }, Outcome::Duplicate { number: 2 }];
    assert_eq!(fixture.outcomes(batch).await, expected);
    check_the_oracle(&*fixture.store).await;
}

pub async fn fault_25_what_was_quarantined_can_be_released_and_counts_once(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let line = entry("a change");
    fixture.store.record(vec![fixture.pledge(1).quarantined()], at(-DAY)).await.unwrap();
    let id = fixture.rows().await[0].id;
    let store = &fixture.store;
    let releases =
        join_all((0..20).map(|_| store.act(fixture.id, id, Act::Release, at(0), &line))).await;
    let done = releases.iter().filter(|it| matches!(it, Ok(Acted::Done(Some(_))))).count();
    let counters = fixture.counters().await;
    assert_eq!((done, counters.total, counters.reason), (1, 1, None));
    assert_eq!(row(&fixture, id).await.unwrap().signed_at, at(-DAY));
    check_the_oracle(&**store).await;
    assert_eq!(
        store.act(fixture.id, -1, Act::Release, at(0), &entry("a change")).await.unwrap(),
        Acted::NotFound
    );
    let channels = store.channel_counts(fixture.id).await.unwrap();
    assert_eq!((channels.quarantined, channels.apart()), (0, 0));
}

pub async fn a_correction_moves_countries_and_notices_who_was_faster(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let all = signed(&fixture, 1..=2).await;
    let before = row(&fixture, all[0]).await.unwrap();
    let to = Corrected {
        id: all[0],
        fingerprint: before.fingerprint,
        sealed_before: before.sealed.clone(),
        sealed: Some(vec![7, 7]),
        country: "FR".into(),
        updates: false,
        public_name: true,
    };
    let seq = fixture.counters().await.seq;
    let counters = moved(
        fixture.store.correct(fixture.id, to.clone(), at(0), &entry("a change")).await.unwrap(),
    );
    let country = |code| counters.countries.get(&Country::parse(code).unwrap()).copied();
    assert_eq!((counters.total, counters.seq, counters.reason.clone()), (2, seq + 1, None));
    assert_eq!((country("KE"), country("FR")), (Some(1), Some(1)));
    let again =
        fixture.store.correct(fixture.id, to.clone(), at(0), &entry("a change")).await.unwrap();
    assert_eq!(again, Acted::Overtaken, "it is not as it was read");
    let now = row(&fixture, all[0]).await.unwrap();
    assert_eq!(
        (now.sealed, &*now.country, now.updates, now.public_name),
        (Some(vec![7, 7]), "FR", false, true)
    );
    let gone = Corrected { id: -1, ..to };
    assert_eq!(
        fixture.store.correct(fixture.id, gone, at(0), &entry("a change")).await.unwrap(),
        Acted::NotFound
    );
    check_the_oracle(&*fixture.store).await;
}

fn lease(worker: i64, now: i64) -> Lease {
    Lease { worker, now: at(now), until: at(now + 1_000) }
}

async fn job(fixture: &Fixture, preview: bool) -> i64 {
    let new = NewJob {
        campaign: fixture.id,
        preview,
        filter: "{}".into(),
        reason: "a robot".into(),
        out_of: 10,
        created_by: "me".into(),
    };
    fixture.store.create_job(new, at(0), &entry("a change")).await.unwrap()
}

async fn claimed(fixture: &Fixture, worker: i64, now: i64) -> Option<Job> {
    fixture.store.claim_job(lease(worker, now)).await.unwrap()
}

/// Finds these and takes them out of the number.
async fn invalidate(fixture: &Fixture, found: &[i64]) -> (i64, Option<Counters>) {
    let id = job(fixture, false).await;
    let mine = claimed(fixture, 1, 0).await.unwrap();
    assert_eq!(mine.id, id);
    let reached = Place { signed_at: 3, id: 4 };
    let part = Progress { reached, looked_at: 7, matched: found.to_vec() };
    assert!(fixture.store.progress_job(&mine, part, lease(1, 0)).await.unwrap());
    let counters =
        fixture.store.finish_job(&mine, false, lease(1, 5), &entry("a job")).await.unwrap();
    (id, counters)
}

pub async fn a_job_takes_all_it_found_out_of_the_number_in_one_step_and_puts_them_back(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    let line = entry("a change");
    let all = signed(&fixture, 1..=5).await;
    let seq = fixture.counters().await.seq;
    fixture.store.act(fixture.id, all[1], Act::Withdraw, at(0), &entry("a change")).await.unwrap();
    let (id, counters) = invalidate(&fixture, &all[..3]).await;
    let counters = counters.unwrap();
    assert_eq!((counters.total, counters.seq), (2, seq + 2), "one step for the whole job");
    assert_eq!(counters.reason.as_deref(), Some("removed"));
    let job = fixture.store.job(fixture.id, id).await.unwrap().unwrap();
    assert_eq!((&*job.state, job.matched, job.changed, job.looked_at), ("done", 3, 2, 7));
    assert_eq!(job.finished_at, Some(at(5)));
    // In the log when the number comes down, and by how much.
    let lines = fixture.store.lines_after(0, 9).await.unwrap();
    let of_it = lines.iter().filter(|it| it.line.subject == "a job");
    let said: Vec<_> = of_it.map(|it| &*it.line.detail).collect();
    assert_eq!(said, ["{\"changed\":2,\"é\":[1,2]}"]);
    check_the_oracle(&*fixture.store).await;
    // One of them was released meanwhile: it stays.
    fixture.store.act(fixture.id, all[0], Act::Release, at(0), &entry("a change")).await.unwrap();
    let undone =
        join_all((0..10).map(|_| fixture.store.undo_job(fixture.id, id, at(0), &line))).await;
    let moves = undone.iter().filter(|it| matches!(it, Ok(Acted::Done(Some(_))))).count();
    assert_eq!((moves, fixture.total().await), (1, 4));
    assert_eq!(fixture.store.jobs(fixture.id).await.unwrap()[0].state, "undone");
    assert_eq!(row(&fixture, all[1]).await.unwrap().standing(), "withdrawn");
    check_the_oracle(&*fixture.store).await;
}

pub async fn a_job_undoes_only_what_it_did_itself(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let all = signed(&fixture, 1..=3).await;
    let (first, _) = invalidate(&fixture, &all[..2]).await;
    fixture.store.act(fixture.id, all[0], Act::Release, at(0), &entry("a change")).await.unwrap();
    let (second, counters) = invalidate(&fixture, &all[..2]).await;
    assert_eq!(counters.unwrap().total, 1, "the other one was invalid already");
    let undo = async |id| {
        moved(fixture.store.undo_job(fixture.id, id, at(0), &entry("a change")).await.unwrap())
            .total
    };
    assert_eq!(undo(first).await, 2);
    assert_eq!(row(&fixture, all[0]).await.unwrap().standing(), "invalidated");
    assert_eq!(undo(second).await, 3);
    check_the_oracle(&*fixture.store).await;
}

pub async fn a_preview_changes_nothing_and_a_job_has_one_worker(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let all = signed(&fixture, 1..=3).await;
    let id = job(&fixture, true).await;
    let mine = claimed(&fixture, 1, 0).await.unwrap();
    assert!(claimed(&fixture, 1, 10).await.is_none(), "it is being worked on");
    let reached = Place { signed_at: 3, id: 4 };
    let part = Progress { reached, looked_at: 3, matched: all.clone() };
    assert!(fixture.store.progress_job(&mine, part.clone(), lease(1, 0)).await.unwrap());
    // The node is gone, and another goes on where it stopped.
    let taken = claimed(&fixture, 2, 5_000).await.unwrap();
    assert_eq!((taken.id, taken.reached, taken.matched), (id, reached, 3));
    assert!(!fixture.store.progress_job(&mine, part, lease(1, 5_000)).await.unwrap());
    assert_eq!(
        fixture.store.finish_job(&mine, false, lease(1, 5_000), &entry("a job")).await.unwrap(),
        None
    );
    assert_eq!(fixture.store.job(fixture.id, id).await.unwrap().unwrap().state, "running");
    fixture.store.finish_job(&taken, false, lease(2, 5_000), &entry("a job")).await.unwrap();
    assert_eq!(fixture.store.job(fixture.id, id).await.unwrap().unwrap().state, "done");
    assert_eq!(fixture.total().await, 3);
    let lines = fixture.store.lines_after(0, 9).await.unwrap();
    assert!(lines.iter().all(|it| it.line.subject != "a job"), "{lines:?}");
    assert_eq!(
        fixture.store.undo_job(fixture.id, id, at(0), &entry("a change")).await.unwrap(),
        Acted::NotFromHere
    );
    assert_eq!(
        fixture.store.undo_job(fixture.id, id + 9, at(0), &entry("a change")).await.unwrap(),
        Acted::NotFound
    );
    assert!(claimed(&fixture, 2, 9_000).await.is_none());
}

fn file(fixture: &Fixture, mailboxes: std::ops::RangeInclusive<u8>) -> NewImport {
    NewImport {
        campaign: fixture.id,
        label: "the town hall".into(),
        created_by: "me".into(),
        pledges: mailboxes.map(|it| fixture.pledge(it).in_country("FR")).collect(),
        twice: 1,
    }
}

pub async fn a_file_adds_those_who_had_not_signed_and_is_undone_once(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let line = entry("a change");
    fixture.record(vec![fixture.pledge(1), fixture.pledge(2).quarantined()]).await;
    let seq = fixture.counters().await.seq;
    let known = fixture.store.signed(fixture.id, vec![[1; 16], [2; 16], [3; 16]]).await.unwrap();
    assert_eq!(known, [[1; 16], [2; 16]].into());
    let imported =
        fixture.store.import(file(&fixture, 1..=5), at(DAY), &entry("a change")).await.unwrap();
    assert_eq!((imported.added, imported.duplicates), (3, 3));
    let counters = imported.counters.unwrap();
    assert_eq!((counters.total, counters.seq), (4, seq + 1));
    let rows = fixture.rows().await;
    assert_eq!((rows[4].import_id, rows[4].signed_at), (Some(imported.id), at(DAY)));
    assert!(rows[4].sealed.is_some() && rows[0].import_id.is_none());
    let channels = fixture.store.channel_counts(fixture.id).await.unwrap();
    assert_eq!((channels.imported, channels.quarantined), (3, 1));
    check_the_oracle(&*fixture.store).await;
    fixture
        .store
        .act(fixture.id, rows[4].id, Act::Withdraw, at(0), &entry("a change"))
        .await
        .unwrap();
    let undo = (0..10).map(|_| fixture.store.undo_import(fixture.id, imported.id, at(DAY), &line));
    let undone = join_all(undo).await;
    let moves = undone.iter().filter(|it| matches!(it, Ok(Acted::Done(Some(_))))).count();
    assert_eq!((moves, fixture.total().await, fixture.rows().await.len()), (1, 1, 2));
    assert_eq!(
        fixture.store.undo_import(fixture.id, 99, at(0), &entry("a change")).await.unwrap(),
        Acted::NotFound
    );
    assert_eq!(fixture.store.imports(fixture.id).await.unwrap()[0].undone_at, Some(at(DAY)));
    check_the_oracle(&*fixture.store).await;
}

pub async fn labelled_counts_are_in_the_number_like_rows_and_a_recount_knows_them(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    let new = NewLabelled {
        campaign: fixture.id,
        label: "a box".into(),
        country: Country::parse("FR").unwrap(),
        counted: 40,
        created_by: "me".into(),
    };
    let (id, counters) =
        fixture.store.add_labelled(new, at(DAY), &entry("a change")).await.unwrap();
    assert_eq!(counters.total, 41);
    assert_eq!(fixture.store.labelled(fixture.id).await.unwrap()[0].counted, 40);
    assert_eq!(fixture.store.channel_counts(fixture.id).await.unwrap().labelled, 40);
    check_the_oracle(&*fixture.store).await;
    engine.sql("UPDATE campaign_totals SET total = 1").await;
    assert!(fixture.store.recount(true).await.unwrap()[0].repaired);
    assert_eq!(fixture.total().await, 41);
    check_the_oracle(&*fixture.store).await;
    let gone = moved(
        fixture.store.delete_labelled(fixture.id, id, at(0), &entry("a change")).await.unwrap(),
    );
    assert_eq!((gone.total, gone.reason.as_deref()), (1, Some("removed")));
    let again =
        fixture.store.delete_labelled(fixture.id, id, at(0), &entry("a change")).await.unwrap();
    assert_eq!(again, Acted::NotFound);
    check_the_oracle(&*fixture.store).await;
}
