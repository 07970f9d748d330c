//! Many pledges at once, in the background.

use countersign::clock::Clock as _;
use countersign::store::sqlite::SqliteStore;
use countersign::store::supporters::{Lease, NewJob, Place, Progress};
use countersign::store::{Store as _, Supporters as _};
use serde_json::{Value, json};

use crate::harness::{Server, Setup, eventually, person};
use crate::supporters::{Organizer, agree, sign};

/// Starts a job and waits for its end.
pub async fn run(organizer: &Organizer<'_>, body: Value) -> Value {
    let answer = organizer.post("bulk", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let path = format!("bulk/{}", answer.json()["id"]);
    eventually("the job ends", || async { organizer.get(&path).await["state"] != "running" }).await;
    organizer.get(&path).await
}

async fn crowd(server: &Server) {
    for n in 0..6 {
        sign(server, &format!("p{n}@example.org")).await;
    }
    for n in 0..4 {
        sign(server, &format!("user{n}@mail.flood.example")).await;
    }
}

#[tokio::test]
async fn a_preview_counts_and_a_job_takes_out_once_with_the_reason_and_is_undone() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    crowd(&server).await;
    let filter = json!({ "domain": "flood.example" });
    let preview = json!({ "filter": filter, "preview": true });
    let preview = run(&organizer, preview).await;
    assert_eq!((&preview["matched"], &preview["changed"]), (&json!(4), &json!(0)));
    assert_eq!((&preview["read"], &preview["of"]), (&json!(10), &json!(10)));
    assert_eq!(agree(&server).await, 10);
    let mut stream = server.watch(&[]).await;
    let (_, before) = stream.until(|totals| totals["total"] == 10).await;
    let job = run(&organizer, json!({ "filter": filter, "reason": "a flood" })).await;
    assert_eq!((&job["state"], &job["changed"]), (&json!("done"), &json!(4)));
    let (_, after) = stream.totals().await.unwrap();
    assert_eq!((&after["total"], &after["reason"]), (&json!(6), &json!("removed")));
    assert_eq!(after["seq"].as_u64().unwrap(), before["seq"].as_u64().unwrap() + 1, "once");
    assert_eq!(agree(&server).await, 6);
    // They do not come in again.
    sign(&server, "user1@mail.flood.example").await;
    assert_eq!(agree(&server).await, 6);
    assert_eq!(organizer.found("state=invalidated").await.len(), 4);
    let path = format!("bulk/{}/undo", job["id"]);
    assert_eq!(organizer.act(&path).await["state"], "undone");
    assert_eq!(agree(&server).await, 10);
    let again = organizer.ask("POST", &path, None).await;
    again.assert_problem(409, "state_conflict");
    assert_eq!(organizer.get("bulk").await.as_array().unwrap().len(), 2);
    organizer.ask("GET", "bulk/99", None).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn a_job_finds_by_range_pattern_time_and_mailbox() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    crowd(&server).await;
    server.clock.advance_ms(60_000);
    sign(&server, "late@example.org").await;
    for (filter, matched) in [
        (json!({ "network": "127.0.0.0/8" }), 11),
        (json!({ "network": "127.0.0.9" }), 11),
        (json!({ "network": "10.0.0.0/8" }), 0),
        (json!({ "pattern": "user?@*" }), 4),
        (json!({ "from": "2027-03-01T12:00:30Z" }), 1),
        (json!({ "to": "2027-03-01T12:00:30Z", "pattern": "p*" }), 6),
        (json!({ "q": "LATE@example.org" }), 1),
        (json!({ "q": "amina", "country": "FR" }), 0),
    ] {
        let body = json!({ "filter": filter, "reason": "looking", "preview": true });
        assert_eq!(run(&organizer, body).await["matched"], matched, "{filter}");
    }
}

#[tokio::test]
async fn a_job_that_would_find_everybody_is_refused() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    for (filter, reason, fields) in [
        (json!({}), "x", vec!["filter"]),
        (json!({ "state": "counted" }), "x", vec!["filter"]),
        (json!({ "q": "  " }), " ", vec!["reason", "filter"]),
        (json!({ "country": "KE", "state": "withdrawn" }), "x", vec!["filter.state"]),
        (json!({ "network": "everywhere" }), "x", vec!["filter.network"]),
        (json!({ "country": "KE" }), " ", vec!["reason"]),
        // A misspelt condition would make the filter wider than was meant.
        (json!({ "country": "KE", "domian": "x.example" }), "x", vec!["filter.domian"]),
    ] {
        let answer = organizer.post("bulk", &json!({ "filter": filter, "reason": reason })).await;
        answer.assert_fields(&fields);
    }
}

#[tokio::test]
async fn a_job_goes_on_after_a_restart_where_it_stopped() {
    let mut server = Server::start().await;
    crowd(&server).await;
    server.stop().await;
    // Another process looked at two of ten, and ended with a lease that is far from over.
    let store = SqliteStore::open(&server.data_dir().join("countersign.db")).await.unwrap();
    let campaign = store.campaigns().await.unwrap()[0].id;
    let now = server.clock.now();
    let until = now + jiff::SignedDuration::from_hours(24);
    let lease = Lease { worker: 77, now, until };
    let new = NewJob {
        campaign,
        preview: false,
        filter: json!({ "domain": "flood.example" }).to_string(),
        reason: "a flood".into(),
        out_of: 10,
        created_by: "me".into(),
    };
    let id = store.create_job(new, now, &server.entry()).await.unwrap();
    let job = store.claim_job(lease).await.unwrap().unwrap();
    let rows = store.pledges_before(campaign, None, Place::END, 2).await.unwrap().unwrap();
    let rows: Vec<_> = rows.rows().map(|row| row.unwrap()).collect();
    let matched = rows.iter().map(|row| row.id).collect();
    let reached = Place { signed_at: rows[1].signed_at.as_millisecond(), id: rows[1].id };
    let part = Progress { reached, looked_at: 2, matched };
    assert!(store.progress_job(&job, part, lease).await.unwrap());
    store.close().await;
    let server = server.restart(Setup::default()).await;
    let organizer = Organizer::of(&server).await;
    let path = format!("bulk/{id}");
    eventually("the job ends", || async { organizer.get(&path).await["state"] == "done" }).await;
    let job = organizer.get(&path).await;
    assert_eq!(
        (&job["read"], &job["matched"], &job["changed"]),
        (&json!(10), &json!(4), &json!(4))
    );
    assert_eq!(agree(&server).await, 6);
}

#[tokio::test]
async fn people_sign_while_a_job_runs_and_the_numbers_agree() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    crowd(&server).await;
    let job = run(&organizer, json!({ "filter": { "country": "KE" }, "reason": "all of them" }));
    let people: Vec<_> = (20..60).map(|n| person(&format!("p{n}@example.org"))).collect();
    let signing = futures_util::future::join_all(people.iter().map(|body| server.sign(body)));
    let (job, answers) = tokio::join!(job, signing);
    answers.iter().for_each(|answer| drop(answer.assert_taken()));
    let changed = job["changed"].as_u64().unwrap();
    assert!(changed >= 10, "{job}");
    assert_eq!(agree(&server).await, 50 - changed);
}
