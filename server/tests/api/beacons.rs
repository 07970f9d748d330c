//! Views, starts and shares: counted, and nobody known by it.

use serde_json::{Value, json};

use crate::harness::{Answer, HOST, Server, Setup, eventually, person};

const EVENTS: &str = "/api/v1/campaigns/example/events";

async fn tell(server: &Server, body: &Value, headers: &[(&str, &str)]) -> Answer {
    let headers = [&[("content-type", "text/plain;charset=UTF-8")], headers].concat();
    server.post(EVENTS, body.to_string().into_bytes(), &headers).await
}

async fn ask(server: &Server, path: &str) -> Value {
    let token = format!("Bearer {}", server.token().await);
    let path = format!("/api/v1/admin/campaigns/example/{path}");
    server.get_with(&path, &[("authorization", &token)]).await.json()
}

#[tokio::test]
async fn the_way_from_seen_to_signed_to_shared_by_source() {
    let server = Server::start().await;
    let radio = json!({ "utm_source": "radio" });
    for kind in ["seen", "seen", "started", "shared"] {
        let answer = tell(&server, &json!({ "kind": kind, "source": radio }), &[]).await;
        assert_eq!((answer.status, &*answer.text), (204, ""));
        assert_eq!(answer.header("set-cookie"), "");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    // As a page of another site has it, and as JSON.
    let site =
        json!({ "kind": "seen", "source": { "referrer": "https://News.example/story?id=7" } });
    tell(&server, &site, &[("content-type", "application/json")]).await;
    for number in 0..6 {
        let mut body = person(&format!("p{number}@example.org"));
        body["source"] = radio.clone();
        server.sign(&body).await.assert_taken();
    }
    server.web.app.write_visits().await;
    let funnel = ask(&server, "funnel").await;
    let expected =
        json!({ "seen": 3, "started": 1, "signed": 6, "shared": 1, "since": "2027-03-01" });
    assert_eq!(funnel, expected);
    let sources = ask(&server, "sources").await;
    let expected = json!([
        { "kind": "utm", "name": "radio", "seen": 2, "signed": 6 },
        { "kind": "site", "name": "news.example", "seen": 1, "signed": 0 },
    ]);
    assert_eq!(sources["rows"], expected);
}

#[tokio::test]
async fn what_was_seen_is_written_by_itself_and_when_the_server_stops() {
    let server = Server::start().await;
    let seen = json!({ "kind": "seen" });
    tell(&server, &seen, &[]).await;
    eventually("views are written", || async { ask(&server, "funnel").await["seen"] == 1 }).await;
    tell(&server, &seen, &[]).await;
    let server = server.restart(Setup::default()).await;
    assert_eq!(ask(&server, "funnel").await["seen"], 2);
}

#[tokio::test]
async fn a_page_on_the_list_tells_without_asking_first_and_any_other_is_refused() {
    let server = Server::start().await;
    let seen = json!({ "kind": "seen" });
    let answer = tell(&server, &seen, &[("origin", HOST)]).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, HOST));
    let answer = tell(&server, &seen, &[("origin", "https://elsewhere.example")]).await;
    answer.assert_problem(403, "origin_not_allowed");
    tell(&server, &seen, &[("origin", "null")]).await.assert_problem(403, "origin_not_allowed");
    let stored = server.web.app.campaigns.get("example").unwrap();
    let token = server.web.app.secrets.embed_token(&stored.campaign.slug);
    let headers = [("origin", "null"), ("countersign-embed-token", &*token)];
    assert_eq!(tell(&server, &seen, &headers).await.status, 204);
    server.web.app.write_visits().await;
    assert_eq!(ask(&server, "funnel").await["seen"], 2);
}

#[tokio::test]
async fn what_is_no_event_is_refused_and_counts_nothing() {
    let server = Server::start().await;
    for (body, field) in [
        (json!({}), "kind"),
        (json!({ "kind": "bought" }), "kind"),
        (json!({ "kind": "seen", "email": "a@example.org" }), "email"),
        (json!({ "kind": "seen", "source": { "id": "7" } }), "source.id"),
    ] {
        tell(&server, &body, &[]).await.assert_fields(&[field]);
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = server.post(EVENTS, b"kind=seen".to_vec(), &form).await;
    answer.assert_problem(415, "unsupported_media_type");
    // A source that is no source is none.
    let odd = json!({ "kind": "seen", "source": { "utm_source": "javascript:alert(1)" } });
    assert_eq!(tell(&server, &odd, &[]).await.status, 204);
    server.web.app.write_visits().await;
    let sources = ask(&server, "sources").await;
    let expected = json!([{ "kind": "direct", "name": "", "seen": 1, "signed": 0 }]);
    assert_eq!(sources["rows"], expected);
}

#[tokio::test]
async fn an_address_that_tells_too_much_is_limited() {
    let server = Server::with(Setup { rate_limit: true, ..Setup::default() }).await;
    let seen = json!({ "kind": "seen" });
    let mut taken = 0;
    let refused = loop {
        let answer = tell(&server, &seen, &[("origin", HOST)]).await;
        if answer.status != 204 {
            break answer;
        }
        taken += 1;
        assert!(taken <= 300, "never limited");
    };
    refused.assert_problem(429, "rate_limited");
    assert_eq!(refused.header("access-control-allow-origin"), HOST);
    assert!(taken >= 240, "{taken}");
    // Those who sign are counted apart.
    server.sign(&person("a@example.org")).await.assert_taken();
}
