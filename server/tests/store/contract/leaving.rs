//! Whoever leaves the number, or comes into it later, is told to webhooks: every way there is.

use countersign::store::offline::NewImport;
use countersign::store::supporters::{Act, Lease, NewJob, Place, Progress};

use super::telling::{hook, messages, payload};
use crate::harness::{Engine, Fixture, Said as _, at, check_the_oracle, entry};

/// Takes these out of the number in bulk.
async fn invalidate(fixture: &Fixture, matched: Vec<i64>) -> i64 {
    let new = NewJob {
        campaign: fixture.id,
        preview: false,
        filter: "{}".into(),
        reason: "robots".into(),
        out_of: 0,
        created_by: "me".into(),
    };
    let (store, lease) = (&fixture.store, Lease { worker: 1, now: at(1), until: at(2) });
    let id = store.create_job(new, at(1), &entry("a change")).await.unwrap();
    let job = store.claim_job(lease).await.unwrap().unwrap();
    let done = Progress { reached: Place::END, looked_at: 0, matched };
    assert!(store.progress_job(&job, done, lease).await.unwrap());
    store.finish_job(&job, false, lease, &entry("a job")).await.unwrap();
    id
}

async fn import(fixture: &Fixture, mailboxes: std::ops::Range<u8>) -> i64 {
    let file = NewImport {
        campaign: fixture.id,
        label: "a file".into(),
        created_by: "me".into(),
        pledges: mailboxes.map(|mailbox| fixture.pledge(mailbox)).collect(),
        twice: 0,
    };
    fixture.store.import(file, at(1), &entry("a change")).await.unwrap().id
}

/// Receipt, reason and total of each message, by receipt; messages of one kind only.
async fn told(fixture: &Fixture, hook: i64, event: &str) -> Vec<(String, String, u64)> {
    let messages = messages(fixture, hook).await;
    let mut told: Vec<_> = messages
        .iter()
        .filter(|message| message.event == event)
        .map(|message| {
            let data = &payload(message)["data"];
            let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
            (text("receipt"), text("reason"), data["total"].as_u64().unwrap())
        })
        .collect();
    told.sort();
    told
}

pub async fn who_leaves_the_number_is_told_once_whichever_way_they_leave(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let (store, campaign) = (&fixture.store, fixture.id);
    fixture.record((1..=6).map(|mailbox| fixture.pledge(mailbox)).collect()).await;
    let file = import(&fixture, 6..9).await;
    let hook = hook(&fixture, &["pledge.withdrawn"]).await;
    let rows = fixture.rows().await;
    let id = |mailbox: u8| {
        let receipt = format!("RECEIPT{mailbox}");
        rows.iter().find(|row| row.receipt == receipt).unwrap().id
    };
    assert_eq!(fixture.total().await, 8);
    store.act(campaign, id(1), Act::Withdraw, at(2), &entry("a change")).await.unwrap();
    store.erase(campaign, id(2), at(2), &entry("a change")).await.unwrap();
    // Who has left already leaves once.
    store.act(campaign, id(1), Act::Withdraw, at(2), &entry("a change")).await.unwrap();
    store.erase(campaign, id(1), at(2), &entry("a change")).await.unwrap();
    invalidate(&fixture, vec![id(3), id(4)]).await;
    store.erase(campaign, id(4), at(2), &entry("a change")).await.unwrap();
    store.undo_import(campaign, file, at(3), &entry("a change")).await.unwrap();
    store.undo_import(campaign, file, at(3), &entry("a change")).await.unwrap();
    let expected = [
        ("RECEIPT1", "withdrawn", 7),
        ("RECEIPT2", "erased", 6),
        ("RECEIPT3", "invalidated", 4),
        ("RECEIPT4", "invalidated", 4),
        ("RECEIPT7", "import undone", 2),
        ("RECEIPT8", "import undone", 2),
    ];
    let expected =
        expected.map(|(receipt, why, total)| (receipt.to_owned(), why.to_owned(), total));
    assert_eq!(told(&fixture, hook, "pledge.withdrawn").await, expected);
    assert_eq!(fixture.total().await, 2);
    check_the_oracle(&**store).await;
}

pub async fn who_comes_into_the_number_later_is_told_as_well(engine: &dyn Engine) {
    let fixture = Fixture::on(engine).await;
    let (store, campaign) = (&fixture.store, fixture.id);
    fixture.record(vec![fixture.pledge(1), fixture.pledge(2).quarantined()]).await;
    let hook = hook(&fixture, &["pledge.signed", "pledge.confirmed"]).await;
    let rows = fixture.rows().await;
    store.act(campaign, rows[1].id, Act::Release, at(2), &entry("a change")).await.unwrap();
    let job = invalidate(&fixture, vec![rows[0].id]).await;
    store.undo_job(campaign, job, at(2), &entry("a change")).await.unwrap();
    import(&fixture, 2..4).await;
    let expected =
        [("RECEIPT1", "restored", 2), ("RECEIPT2", "released", 2), ("RECEIPT3", "imported", 3)];
    let expected =
        expected.map(|(receipt, why, total)| (receipt.to_owned(), why.to_owned(), total));
    for event in ["pledge.signed", "pledge.confirmed"] {
        assert_eq!(told(&fixture, hook, event).await, expected, "{event}");
    }
}
