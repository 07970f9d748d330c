//! What is acknowledged is stored once and counted once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use countersign::pledge::WriteError;
use countersign::store::{CampaignId, Identity, NewPledge, Verdict};
use futures_util::future::join_all;
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::{Change as _, Server, Setup, WriteLock, campaign, eventually, person};

#[tokio::test]
async fn fault_01_double_click_50_identical_posts_in_parallel_one_row_plus_1_one_receipt() {
    let server = Server::start().await;
    let body = person("amina@example.org");
    let posts = (0..50).map(|_| server.sign_with(&body, &[("idempotency-key", "click")]));
    let answers = join_all(posts).await;
    let mut receipts: Vec<String> = answers.iter().map(|answer| answer.assert_taken()).collect();
    receipts.dedup();
    assert_eq!(receipts.len(), 1, "one receipt: {receipts:?}");
    assert!(answers.iter().all(|answer| answer.json()["number"] == 1));
    assert_eq!(server.rows().await.len(), 1);
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn fault_01_double_click_without_a_key_is_one_row_and_one_receipt_too() {
    let server = Server::start().await;
    let body = person("amina@example.org");
    let answers = join_all((0..50).map(|_| server.sign(&body))).await;
    let mut receipts: Vec<String> = answers.iter().map(|answer| answer.assert_taken()).collect();
    receipts.dedup();
    assert_eq!(receipts.len(), 1, "one receipt: {receipts:?}");
    assert_eq!(server.rows().await.len(), 1);
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn fault_02_same_idempotency_key_other_body_422_nothing_stored() {
    let server = Server::start().await;
    let key = [("idempotency-key", "one-and-only")];
    server.sign_with(&person("amina@example.org"), &key).await.assert_taken();
    let other = server.sign_with(&person("baraka@example.org"), &key).await;
    other.assert_problem(422, "idempotency_key_reused");
    assert_eq!(server.rows().await.len(), 1);
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn fault_02_same_key_still_in_flight_never_two_rows() {
    let server = Server::start().await;
    let bodies: Vec<_> = (0..20).map(|n| person(&format!("p{n}@example.org"))).collect();
    let key = [("idempotency-key", "shared")];
    let answers = join_all(bodies.iter().map(|body| server.sign_with(body, &key))).await;
    let taken = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(taken, 1);
    assert!(answers.iter().all(|answer| [201, 409, 422].contains(&answer.status)));
    assert_eq!(server.rows().await.len(), 1);
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn the_same_key_in_another_campaign_is_another_pledge() {
    let campaigns = vec![campaign("example"), campaign("other")];
    let server = Server::with(Setup { campaigns, ..Setup::default() }).await;
    let key = [("idempotency-key", "shared")];
    server.sign_at("example", &person("amina@example.org"), &key).await.assert_taken();
    server.sign_at("other", &person("baraka@example.org"), &key).await.assert_taken();
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn fault_03_client_disconnects_mid_request_the_write_commits_whole_or_not_at_all() {
    let server = Server::start().await;
    let half_way = async |n: usize| {
        let body = person(&format!("half{n}@example.org")).to_string();
        let mut client = server.connect().await;
        client.send_head(body.len()).await;
        client.send(&body[..body.len() / 2]).await;
    };
    let hung_up = async |n: usize| {
        let body = person(&format!("whole{n}@example.org")).to_string();
        let mut client = server.connect().await;
        client.send_head(body.len()).await;
        client.send(&body).await;
    };
    for n in 0..20 {
        half_way(n).await;
        hung_up(n).await;
    }
    // Whoever heard nothing sends it again.
    for n in 0..20 {
        server.sign(&person(&format!("whole{n}@example.org"))).await.assert_taken();
    }
    assert_eq!(server.total().await, 20);
    assert_eq!(server.counted_rows().await, 20);
    let rows = server.rows().await;
    assert!(rows.iter().all(|row| row["email"].as_str().unwrap().starts_with("whole")));
}

#[tokio::test]
async fn fault_06_sqlite_busy_never_reaches_a_user_one_writer_waits_and_reads_go_on() {
    let server = Server::start().await;
    let lock = WriteLock::take(server.data_dir()).await;
    let people: Vec<_> = (0..20).map(|n| person(&format!("p{n}@example.org"))).collect();
    let posts = join_all(people.iter().map(|body| server.sign(body)));
    let meanwhile = async {
        assert_eq!(server.total().await, 0, "nothing is counted before it is committed");
        assert_eq!(server.get("/c/example").await.status, 200);
        lock.release().await;
    };
    let (answers, ()) = tokio::join!(posts, meanwhile);
    for answer in &answers {
        answer.assert_taken();
    }
    assert_eq!(server.total().await, 20);
    assert_eq!(server.counted_rows().await, 20);
}

#[tokio::test]
async fn fault_06_bounded_queue_then_503() {
    let server = Server::start().await;
    let campaign = server.web.app.campaigns.get("example").unwrap();
    let first: Vec<NewPledge> = (0..9_000).map(|n| stored_pledge(campaign.id, n)).collect();
    let more: Vec<NewPledge> = (9_000..11_000).map(|n| stored_pledge(campaign.id, n)).collect();
    let lock = WriteLock::take(server.data_dir()).await;
    let turned_away = Arc::new(AtomicUsize::new(0));
    let mut waiting = JoinSet::new();
    // Twice: the writer takes a batch out of the full queue before it waits for the lock.
    for pledges in [first, more] {
        let before = turned_away.load(Ordering::SeqCst);
        for pledge in pledges {
            let (app, turned_away) = (Arc::clone(&server.web.app), Arc::clone(&turned_away));
            waiting.spawn(async move {
                let outcome = app.writer.record(pledge).await;
                if outcome == Err(WriteError::Busy) {
                    turned_away.fetch_add(1, Ordering::SeqCst);
                }
                outcome
            });
        }
        let full = || async { turned_away.load(Ordering::SeqCst) > before };
        eventually("the queue is full", full).await;
    }
    let answer = server.sign(&person("late@example.org")).await;
    answer.assert_problem(503, "busy");
    lock.release().await;
    let outcomes = waiting.join_all().await;
    let taken = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let away = turned_away.load(Ordering::SeqCst);
    assert_eq!(taken + away, outcomes.len(), "nobody learns of the lock");
    assert_eq!(server.total().await, taken as u64);
}

/// A pledge as the use case hands it to the writer.
fn stored_pledge(campaign: CampaignId, n: u32) -> NewPledge {
    let mut fingerprint = [0; 16];
    fingerprint[..4].copy_from_slice(&n.to_le_bytes());
    NewPledge {
        campaign,
        identity: Identity { key_version: 1, fingerprint, sealed: vec![0; 64] },
        earlier: Vec::new(),
        request: None,
        verdict: Verdict::Count,
        country: "KE".parse().unwrap(),
        locale: "en".to_owned(),
        public_name: false,
        updates: false,
        suspicious: false,
        source: "{}".to_owned(),
        receipt: format!("R{n}"),
        mail: None,
    }
}

#[tokio::test]
async fn fault_10_campaign_closes_mid_request_decided_inside_the_transaction() {
    let closing = campaign("example").closing_at("2027-03-01T12:00:01Z");
    let server = Server::with(Setup { campaigns: vec![closing], ..Setup::default() }).await;
    let body = person("amina@example.org").to_string();
    let mut client = server.connect().await;
    client.send_head(body.len()).await;
    client.send(&body[..10]).await;
    server.sign(&person("in-time@example.org")).await.assert_taken();
    server.clock.advance_ms(1_000);
    client.send(&body[10..]).await;
    client.send("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let answer = client.read_to_end().await;
    assert!(answer.starts_with("HTTP/1.1 409"), "{answer}");
    assert!(answer.contains("campaign_closed"), "{answer}");
    assert_eq!(server.total().await, 1);
    assert_eq!(server.rows().await.len(), 1);
}

#[tokio::test]
async fn fault_10_campaign_closes_under_load_and_the_acknowledged_are_the_counted() {
    let closing = campaign("example").closing_at("2027-03-01T12:00:01Z");
    let server = Server::with(Setup { campaigns: vec![closing], ..Setup::default() }).await;
    let people: Vec<_> = (0..200).map(|n| person(&format!("p{n}@example.org"))).collect();
    let posts = join_all(people.iter().map(|body| server.sign(body)));
    let close = async {
        eventually("somebody signed", || async { server.total().await > 0 }).await;
        server.clock.advance_ms(1_000);
    };
    let (answers, ()) = tokio::join!(posts, close);
    let taken = answers.iter().filter(|answer| answer.status == 201).count() as u64;
    for refused in answers.iter().filter(|answer| answer.status != 201) {
        refused.assert_problem(409, "campaign_closed");
    }
    assert_eq!(server.total().await, taken);
    assert_eq!(server.counted_rows().await, taken);
}

#[tokio::test]
async fn a_campaign_that_is_not_open_yet_takes_nothing() {
    let later = campaign("example").open_from("2027-03-02T00:00:00Z");
    let server = Server::with(Setup { campaigns: vec![later], ..Setup::default() }).await;
    server.sign(&person("amina@example.org")).await.assert_problem(409, "campaign_not_open");
    assert!(server.rows().await.is_empty());
    server.clock.set(crate::harness::at("2027-03-02T00:00:00Z"));
    server.sign(&person("amina@example.org")).await.assert_taken();
}

#[tokio::test]
async fn a_hidden_count_shows_nothing_not_even_the_signers_number() {
    let hiding = campaign("example").hiding_below(3);
    let server = Server::with(Setup { campaigns: vec![hiding], ..Setup::default() }).await;
    for (n, shown) in [(1, json!(null)), (2, json!(null)), (3, json!(3))] {
        let answer = server.sign(&person(&format!("p{n}@example.org"))).await;
        answer.assert_taken();
        let taken = answer.json();
        assert_eq!(taken.get("number").cloned().unwrap_or_default(), shown);
        assert_eq!(taken["totals"]["total"], shown);
        let history = server.get("/api/v1/campaigns/example/history").await.json();
        if shown.is_null() {
            assert_eq!(history["points"], json!([]));
        }
    }
}

#[tokio::test]
async fn graceful_stop_finishes_what_was_sent_and_a_restart_finds_it() {
    let mut server = Server::start().await;
    for n in 0..10 {
        server.sign(&person(&format!("p{n}@example.org"))).await.assert_taken();
    }
    server.stop().await;
    let server = server.restart(Setup::default()).await;
    assert_eq!(server.total().await, 10);
    assert_eq!(server.counted_rows().await, 10);
}
