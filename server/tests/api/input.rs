//! Bad input: a clear answer, and never a panic.

use serde_json::json;

use crate::harness::{Server, Setup, person};
use countersign::http::Settings;
use std::time::Duration;

const PLEDGES: &str = "/api/v1/campaigns/example/pledges";
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[tokio::test]
async fn fault_23_300_byte_local_part_two_at_quoted_local_part_ip_literal_a_clear_4xx_with_field_errors()
 {
    let server = Server::start().await;
    let long = format!("{}@example.org", "a".repeat(300));
    for bad in [long.as_str(), "a@b@example.org", "\"a b\"@example.org", "a@[192.0.2.1]", "a", ""] {
        server.sign(&person(bad)).await.assert_fields(&["email"]);
    }
    let nothing = server.sign(&json!({})).await;
    nothing.assert_fields(&["name", "email", "country"]);
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn fault_23_10_mb_body_413() {
    let server = Server::start().await;
    let mut body = person("amina@example.org");
    body["message"] = json!("x".repeat(10 * 1024 * 1024));
    server.sign(&body).await.assert_problem(413, "body_too_large");
    body["message"] = json!("x".repeat(64 * 1024));
    server.sign(&body).await.assert_problem(413, "body_too_large");
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn fault_23_deep_json_400() {
    let server = Server::start().await;
    let deep = "[".repeat(60_000).into_bytes();
    server.post(PLEDGES, deep, &JSON).await.assert_problem(400, "malformed_json");
    let inside = format!("{{\"name\":{}", "[".repeat(60_000)).into_bytes();
    let answer = server.post(PLEDGES, inside, &JSON).await;
    assert!([400, 422].contains(&answer.status), "{}", answer.text);
}

#[tokio::test]
async fn fault_23_duplicate_or_unknown_or_wrong_typed_fields_422() {
    let server = Server::start().await;
    let ok = r#""name":"A","email":"a@example.org","country":"KE""#;
    for (body, field) in [
        (format!(r#"{{{ok},"name":"B"}}"#), "name"),
        (format!(r#"{{{ok},"admin":true}}"#), "admin"),
        (format!(r#"{{{ok},"consents":{{"spam":true}}}}"#), "consents.spam"),
        (format!(r#"{{{ok},"consents":{{"updates":"yes"}}}}"#), "consents.updates"),
        (r#"{"name":["A"]}"#.to_owned(), "name"),
    ] {
        server.post(PLEDGES, body.into_bytes(), &JSON).await.assert_fields(&[field]);
    }
    server.post(PLEDGES, b"[]".to_vec(), &JSON).await.assert_fields(&[""]);
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn fault_23_wrong_content_type_415_and_broken_json_400_with_the_place() {
    let server = Server::start().await;
    let body = person("amina@example.org").to_string().into_bytes();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        let answer = server.post(PLEDGES, body.clone(), &[("content-type", kind)]).await;
        answer.assert_problem(415, "unsupported_media_type");
    }
    let answer = server.post(PLEDGES, b"{\"name\":\n oops}".to_vec(), &JSON).await;
    let problem = answer.assert_problem(400, "malformed_json");
    assert!(problem["detail"].as_str().unwrap().starts_with("Line 2, column"), "{problem}");
    for garbage in [b"".to_vec(), b"\xff\xfe\x00".to_vec(), b"{}{}".to_vec(), b"\0".to_vec()] {
        server.post(PLEDGES, garbage, &JSON).await.assert_problem(400, "malformed_json");
    }
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn bad_idempotency_keys_are_refused() {
    let server = Server::start().await;
    let long = "k".repeat(256);
    for bad in ["", "a b", long.as_str()] {
        let answer = server.sign_with(&person("a@example.org"), &[("idempotency-key", bad)]).await;
        answer.assert_problem(400, "idempotency_key_invalid");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let answer = server.sign_with(&person("a@example.org"), &twice).await;
    answer.assert_problem(400, "idempotency_key_invalid");
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_for_programs_and_a_page_for_people() {
    let server = Server::start().await;
    server.get("/api/v1/campaigns/nope").await.assert_problem(404, "campaign_not_found");
    server.get("/api/v1/campaigns/..%2F..").await.assert_problem(404, "campaign_not_found");
    server.get("/api/v1/campaigns/%ff").await.assert_problem(404, "campaign_not_found");
    server.get("/api/v1/nope").await.assert_problem(404, "not_found");
    server.get(PLEDGES).await.assert_problem(405, "method_not_allowed");
    server
        .sign_at("nope", &person("a@example.org"), &[])
        .await
        .assert_problem(404, "campaign_not_found");
    for path in ["/nope", "/c/nope", "/embed/nope"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404);
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.text.contains("<h1>"), "{path}");
    }
    let answer = server.post("/docs", vec![], &[]).await;
    assert_eq!(answer.status, 405);
    assert!(answer.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn fault_46_slow_headers_or_body_timed_out() {
    let settings = Settings {
        head_deadline: Duration::from_millis(200),
        body_deadline: Duration::from_millis(200),
        ..Settings::default()
    };
    let server = Server::with(Setup { settings, ..Setup::default() }).await;
    let mut slow_head = server.connect().await;
    slow_head.send("GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ").await;
    let mut slow_body = server.connect().await;
    slow_body.send_head(100).await;
    slow_body.send("{\"name\":").await;
    let mut idle = server.connect().await;
    let (head, body, nothing) =
        tokio::join!(slow_head.read_to_end(), slow_body.read_to_end(), idle.read_to_end());
    assert!(!head.contains("200 OK"), "{head}");
    assert!(body.starts_with("HTTP/1.1 408"), "{body}");
    assert!(body.contains("\"code\":\"timeout\""), "{body}");
    assert_eq!(nothing, "");
    assert_eq!(server.get("/healthz").await.status, 200);
}
