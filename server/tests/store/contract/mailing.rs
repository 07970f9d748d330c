//! Pledges that wait for their mailbox, and the e-mails that ask it.

use countersign::store::mails::{CONFIRM_DAYS, Letter, MAILS_MOST, MailKind, NewMail, SettledMail};
use countersign::store::offline::NewImport;
use countersign::store::supporters::{Act, Acted, Apart, Place};
use countersign::store::{NewPledge, Outcome, QuarantineReason, Verdict};
use futures_util::future::join_all;

use super::telling::{hook, messages, payload};
use crate::harness::{DAY, Engine, Fixture, Said as _, at, check_the_oracle, entry};

/// This mailbox's pledge, with an e-mail of this number.
fn asked(fixture: &Fixture, mailbox: u8, mail: u8) -> NewPledge {
    let mail = Some(NewMail { id: [mail; 16], mailbox: [mailbox; 16] });
    let verdict = Verdict::Quarantine(QuarantineReason::Unconfirmed);
    NewPledge { verdict, mail, ..fixture.pledge(mailbox) }
}

async fn claimed(fixture: &Fixture, now: i64) -> Vec<Letter> {
    let letters = fixture.store.claim_mails(at(now), at(now + 60_000), 100).await;
    letters.unwrap()
}

async fn kinds(fixture: &Fixture, now: i64) -> Vec<(u8, MailKind)> {
    claimed(fixture, now).await.iter().map(|letter| (letter.id[0], letter.kind)).collect()
}

pub async fn a_pledge_counts_once_when_its_mailbox_says_yes(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let store = &fixture.store;
    let hook = hook(&fixture, &["pledge.signed", "pledge.confirmed"]).await;
    let outcomes = fixture.outcomes(vec![asked(&fixture, 1, 1), fixture.pledge(2)]).await;
    assert_eq!(outcomes, [Outcome::Asked { number: 0 }, Outcome::Counted { number: 1 }]);
    assert_eq!(
        (fixture.total().await, store.channels(fixture.id).await.unwrap().unconfirmed),
        (1, 1)
    );
    let listed = store.pledges_before(fixture.id, Some(Apart::Unconfirmed), Place::END, 9).await;
    assert_eq!(listed.unwrap().unwrap().rows().count(), 1);
    let letters = claimed(&fixture, 0).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].sealed, fixture.pledge(1).identity.sealed);
    assert!(letters[0].is_needed(at(0)));
    // An hour later, by three at once: it counts from then on.
    let later = 3_600_000;
    let acts = join_all((0..3).map(|_| store.confirm([1; 16], at(later)))).await;
    let moved =
        acts.into_iter().map(Result::unwrap).filter(|it| matches!(it, Acted::Done(Some(_))));
    assert_eq!(moved.count(), 1);
    assert_eq!(store.confirm([1; 16], at(later)).await.unwrap(), Acted::AlreadySo);
    assert_eq!(fixture.total().await, 2);
    let rows = fixture.rows().await;
    let confirmed = rows.iter().find(|row| row.receipt == "RECEIPT1").unwrap();
    assert_eq!((&*confirmed.state, confirmed.signed_at), ("counted", at(later)));
    check_the_oracle(&**store).await;
    let told: Vec<_> = messages(&fixture, hook).await;
    let of_first = told.iter().filter(|it| payload(it)["data"]["receipt"] == "RECEIPT1");
    let mut of_first: Vec<_> = of_first
        .map(|it| (it.event.clone(), payload(it)["data"]["reason"].as_str().unwrap().to_owned()))
        .collect();
    of_first.sort();
    let expected = [("pledge.confirmed", "confirmed"), ("pledge.signed", "unconfirmed")];
    assert_eq!(of_first, expected.map(|(event, why)| (event.to_owned(), why.to_owned())));
    assert_eq!(store.confirm([9; 16], at(later)).await.unwrap(), Acted::NotFound);
}

pub async fn fault_31_a_link_confirms_for_seven_days_and_nobody_else_does(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let store = &fixture.store;
    fixture.record(vec![asked(&fixture, 1, 1), asked(&fixture, 2, 2), asked(&fixture, 3, 3)]).await;
    let ids: Vec<i64> = fixture.rows().await.iter().map(|row| row.id).collect();
    let act =
        async |id, act| store.act(fixture.id, id, act, at(1), &entry("a change")).await.unwrap();
    assert_eq!(act(ids[0], Act::Release).await, Acted::NotFromHere, "an organizer is no mailbox");
    let late = i64::from(CONFIRM_DAYS) * DAY;
    assert_eq!(store.confirm([1; 16], at(late)).await.unwrap(), Acted::NotFromHere);
    // What the person took back is not confirmed by an old link.
    assert_eq!(act(ids[1], Act::Refuse).await, Acted::NotFromHere, "then it could be released");
    act(ids[2], Act::Withdraw).await;
    assert_eq!(store.confirm([3; 16], at(2)).await.unwrap(), Acted::NotFromHere);
    assert!(matches!(store.confirm([1; 16], at(late - 1)).await.unwrap(), Acted::Done(Some(_))));
    assert_eq!(fixture.total().await, 1);
    check_the_oracle(&**store).await;
}

pub async fn fault_30_a_mailbox_gets_few_mails_a_day_over_all_campaigns(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    // In one batch and over several.
    let twice = [1, 2].map(|mail| asked(&fixture, 1, mail).receipt(&format!("R{mail}")));
    fixture.record(twice.to_vec()).await;
    assert_eq!(kinds(&fixture, 0).await, [(1, MailKind::Confirm)], "one a mailbox and batch");
    for mail in 3..9 {
        fixture.record(vec![asked(&fixture, 1, mail)]).await;
    }
    let most = MAILS_MOST as usize;
    assert_eq!(kinds(&fixture, 1).await.len(), most - 1);
    // Another mailbox is not affected.
    fixture.record(vec![asked(&fixture, 2, 20)]).await;
    assert_eq!(kinds(&fixture, 2).await.len(), 1);
    // One more is put off, for as long as the three count; whoever goes on gets no more than that.
    assert!(kinds(&fixture, DAY - 1).await.iter().all(|(mail, _)| *mail != 2 + most as u8));
    let late = kinds(&fixture, 2 * DAY).await;
    let put_off = late.iter().filter(|(mail, _)| *mail == 2 + most as u8).count();
    assert_eq!(put_off, 1, "{late:?}");
    let all: Vec<_> = late.iter().filter(|(mail, _)| (3..9).contains(mail)).collect();
    assert_eq!(all.len(), most, "two of today and one of tomorrow: {late:?}");
    assert_eq!(fixture.rows().await.len(), 2);
}

pub async fn paper_takes_over_from_what_waits_for_its_mailbox(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let store = &fixture.store;
    let trapped = NewPledge { mail: asked(&fixture, 3, 3).mail, ..fixture.pledge(3).quarantined() };
    fixture.record(vec![asked(&fixture, 1, 1), fixture.pledge(2), trapped]).await;
    let fingerprints = (1..=4).map(|it| fixture.pledge(it).identity.fingerprint).collect();
    let signed = store.signed(fixture.id, fingerprints).await.unwrap();
    assert_eq!(signed, [fixture.pledge(2).identity.fingerprint].into());
    let file = NewImport {
        campaign: fixture.id,
        label: "a list".into(),
        created_by: "me".into(),
        pledges: (1..=4).map(|mailbox| fixture.pledge(mailbox)).collect(),
        twice: 0,
    };
    let imported = store.import(file, at(1), &entry("a change")).await.unwrap();
    assert_eq!(fixture.total().await, 4);
    // Neither the week nor the link changes that.
    assert_eq!(store.confirm([1; 16], at(2)).await.unwrap(), Acted::AlreadySo);
    store.expire(at(8 * DAY), &entry("a change")).await.unwrap();
    assert_eq!(fixture.total().await, 4);
    check_the_oracle(&**store).await;
    store.undo_import(fixture.id, imported.id, at(8 * DAY), &entry("a change")).await.unwrap();
    assert_eq!(fixture.total().await, 1);
    // Who signed here waits again; who stood on the paper alone is gone.
    let mut rows: Vec<_> =
        fixture.rows().await.iter().map(|row| row.standing().to_owned()).collect();
    rows.sort();
    assert_eq!(rows, ["counted", "unconfirmed", "unconfirmed"]);
    check_the_oracle(&**store).await;
}

pub async fn whom_the_screen_held_back_and_whose_mailbox_was_asked_is_deleted_as_well(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    let held = |mailbox: u8| fixture.pledge(mailbox).quarantined();
    let asked = NewPledge { mail: asked(&fixture, 1, 1).mail, ..held(1) };
    fixture.record(vec![asked, held(2)]).await;
    fixture.store.expire(at(7 * DAY), &entry("a change")).await.unwrap();
    let rows = fixture.rows().await;
    // Nobody asked the second, so an organizer decides.
    assert_eq!(rows.iter().map(|row| &*row.receipt).collect::<Vec<_>>(), ["RECEIPT2"]);
}

pub async fn fault_32_who_has_signed_is_told_so_and_who_is_sent_again_is_not(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    fixture.record(vec![fixture.pledge(1)]).await;
    let again = fixture.outcomes(vec![asked(&fixture, 1, 1).with_key(1, 1)]).await;
    assert_eq!(again, [Outcome::Asked { number: 1 }], "as for a first signature");
    let replayed = fixture.outcomes(vec![asked(&fixture, 1, 2).with_key(1, 1)]).await;
    assert!(matches!(replayed[0], Outcome::Replayed { .. }));
    assert_eq!(kinds(&fixture, 0).await, [(1, MailKind::Known)]);
    assert_eq!(fixture.total().await, 1);
    check_the_oracle(&*fixture.store).await;
}

pub async fn fault_25_a_person_whose_browser_filled_the_trap_is_rescued_by_confirming(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    let trapped = NewPledge { mail: asked(&fixture, 1, 1).mail, ..fixture.pledge(1).quarantined() };
    fixture.record(vec![trapped]).await;
    assert_eq!(kinds(&fixture, 0).await, [(1, MailKind::Confirm)]);
    assert!(matches!(fixture.store.confirm([1; 16], at(1)).await.unwrap(), Acted::Done(Some(_))));
    assert_eq!(fixture.total().await, 1);
    check_the_oracle(&*fixture.store).await;
}

pub async fn what_is_not_confirmed_in_time_is_deleted_and_the_latest_signature_holds(
    engine: &dyn Engine,
) {
    let fixture = Fixture::on(engine).await;
    let store = &fixture.store;
    fixture.record(vec![asked(&fixture, 1, 1), asked(&fixture, 2, 2)]).await;
    // The second signs again on the sixth day, from elsewhere: that is the one that waits.
    let again = asked(&fixture, 2, 3).in_country("FR");
    store.record(vec![again], at(6 * DAY)).await.unwrap();
    store.expire(at(7 * DAY - 1), &entry("a change")).await.unwrap();
    assert_eq!(fixture.rows().await.len(), 2);
    let expired = store.expire(at(7 * DAY), &entry("a change")).await.unwrap();
    assert_eq!(expired.people(), 1);
    let rows = fixture.rows().await;
    assert_eq!((rows.len(), &*rows[0].country), (1, "FR"));
    // The link went with the person; the later one, and the earlier one while it is young, confirm.
    assert!(store.mail([1; 16]).await.unwrap().is_none());
    assert!(matches!(store.confirm([3; 16], at(8 * DAY)).await.unwrap(), Acted::Done(Some(_))));
    check_the_oracle(&**store).await;
}

pub async fn fault_36_erasure_takes_the_mails_along(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let store = &fixture.store;
    fixture.record(vec![asked(&fixture, 1, 1), asked(&fixture, 2, 2)]).await;
    let ids: Vec<i64> = fixture.rows().await.iter().map(|row| row.id).collect();
    store.erase(fixture.id, ids[0], at(1), &entry("a change")).await.unwrap();
    assert_eq!(kinds(&fixture, 1).await, [(2, MailKind::Confirm)]);
    assert!(store.mail([1; 16]).await.unwrap().is_none());
    // So does the end of the retention.
    store.confirm([2; 16], at(1)).await.unwrap();
    assert!(store.mail([2; 16]).await.unwrap().is_some());
    store.expire(at(60 * DAY), &entry("a change")).await.unwrap();
    assert!(store.mail([2; 16]).await.unwrap().is_none());
    assert_eq!(store.waiting_mails(at(60 * DAY)).await.unwrap(), 0);
}

pub async fn an_e_mail_is_claimed_by_one_and_due_again_after_its_lease(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let store = &fixture.store;
    fixture.record((1..=20).map(|it| asked(&fixture, it, it)).collect()).await;
    let claims = join_all((0..4).map(|_| store.claim_mails(at(1), at(60_000), 8))).await;
    let mut taken: Vec<u8> =
        claims.into_iter().flat_map(Result::unwrap).map(|letter| letter.id[0]).collect();
    taken.sort_unstable();
    assert_eq!(taken, (1..=20).collect::<Vec<_>>());
    assert!(claimed(&fixture, 59_999).await.is_empty());
    let settled = |id: u8, state| SettledMail {
        id: [id; 16],
        state,
        attempts: 1,
        next_at: at(30_000),
        error: (state == "waiting").then(|| "no answer".into()),
    };
    store.settle_mails(vec![settled(1, "sent"), settled(2, "waiting")]).await.unwrap();
    assert_eq!(store.waiting_mails(at(30_000)).await.unwrap(), 19);
    let again = claimed(&fixture, 30_000).await;
    assert_eq!(
        again.iter().map(|letter| (letter.id[0], letter.attempts)).collect::<Vec<_>>(),
        [(2, 1)]
    );
    assert_eq!(claimed(&fixture, 60_000).await.len(), 18);
}
