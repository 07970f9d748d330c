//! Robots are answered like people, and counted nowhere.

use serde_json::{Value, json};

use crate::harness::{Answer, Server, person};

fn shape(answer: &Answer) -> Vec<String> {
    answer.json().as_object().unwrap().keys().cloned().collect()
}

async fn stamp(server: &Server) -> Value {
    server.get("/api/v1/campaigns/example").await.json()["rendered"].clone()
}

#[tokio::test]
async fn fault_25_honeypot_filled_the_same_friendly_answer_quarantined_and_not_counted() {
    let server = Server::start().await;
    let honest = server.sign(&person("amina@example.org")).await;
    honest.assert_taken();
    let mut robot = person("robot@example.org");
    robot["website"] = json!("https://spam.example");
    let trapped = server.sign(&robot).await;
    trapped.assert_taken();
    assert_eq!(shape(&honest), shape(&trapped));
    assert_eq!(server.total().await, 1);
    let rows = server.rows().await;
    assert_eq!(rows.len(), 2, "it is kept, for the organizer to release");
    assert_eq!(rows[1]["state"], "quarantined");
    assert_eq!(rows[1]["quarantine_reason"], "honeypot");
}

#[tokio::test]
async fn fault_25_sent_within_a_second_of_rendering_quarantined_and_not_counted() {
    let server = Server::start().await;
    let mut hasty = person("robot@example.org");
    hasty["rendered"] = stamp(&server).await;
    server.clock.advance_ms(999);
    server.sign(&hasty).await.assert_taken();
    assert_eq!(server.total().await, 0);
    assert_eq!(server.rows().await[0]["quarantine_reason"], "too_fast");
    let mut human = person("amina@example.org");
    human["rendered"] = stamp(&server).await;
    server.clock.advance_ms(1_000);
    server.sign(&human).await.assert_taken();
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn a_forged_stamp_is_refused() {
    let server = Server::start().await;
    let mut forged = person("robot@example.org");
    for stamp in ["1", "1700000000000.AAAAAAAAAAAAAAAAAAAAAA"] {
        forged["rendered"] = json!(stamp);
        server.sign(&forged).await.assert_problem(422, "rendered_invalid");
    }
    assert!(server.rows().await.is_empty());
}
