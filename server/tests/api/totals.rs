//! The number for those who ask once.

use serde_json::json;

use crate::harness::{Server, person};

const TOTALS: &str = "/api/v1/campaigns/example/totals";

#[tokio::test]
async fn totals_have_a_tag_and_304_until_something_changes() {
    let server = Server::start().await;
    let first = server.get(TOTALS).await;
    let etag = first.header("etag").to_owned();
    assert_eq!(
        first.header("cache-control"),
        "public, max-age=1, stale-while-revalidate=30, stale-if-error=600"
    );
    assert_eq!(first.header("access-control-allow-origin"), "*");
    for tag in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
        let again = server.get_with(TOTALS, &[("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{tag}");
        assert_eq!(again.header("etag"), etag);
    }
    server.sign(&person("amina@example.org")).await.assert_taken();
    let changed = server.get_with(TOTALS, &[("if-none-match", &etag)]).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), etag);
    assert_eq!(changed.json()["total"], 1);
}

#[tokio::test]
async fn the_campaign_says_all_that_a_widget_needs() {
    let server = Server::start().await;
    let campaign = server.get("/api/v1/campaigns/example").await.json();
    assert_eq!(campaign["slug"], "example");
    assert_eq!(campaign["status"], "open");
    assert_eq!(campaign["texts"]["fr"]["title"], "Plantez un arbre");
    assert_eq!(campaign["totals"]["goal"], 10);
    assert_eq!(campaign["share_url"], format!("{}/c/example", server.url));
    assert!(!campaign["rendered"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_changed_campaign_is_seen_without_a_restart() {
    let server = Server::start().await;
    let mut changed = crate::harness::campaign("example");
    changed.texts.get_mut("en").unwrap().title = "Plant two trees".to_owned();
    server.apply(&changed).await;
    let campaign = server.get("/api/v1/campaigns/example").await.json();
    assert_eq!(campaign["texts"]["en"]["title"], "Plant two trees");
}

#[tokio::test]
async fn history_shows_when_people_signed() {
    let server = Server::start().await;
    for n in 0..3 {
        server.sign(&person(&format!("p{n}@example.org"))).await.assert_taken();
        server.clock.advance_ms(3_600_000);
    }
    for (bucket, points) in [("minute", 3), ("hour", 3), ("day", 1)] {
        let path = format!("/api/v1/campaigns/example/history?bucket={bucket}");
        let history = server.get(&path).await.json();
        let shown = history["points"].as_array().unwrap();
        assert_eq!(shown.len(), points, "{history}");
        assert_eq!(shown.last().unwrap()["total"], 3, "{history}");
        assert_eq!(shown[0]["start"].as_str().unwrap().chars().last(), Some('Z'));
    }
    let answer = server.get("/api/v1/campaigns/example/history?bucket=year").await;
    answer.assert_fields(&["bucket"]);
}

#[tokio::test]
async fn a_language_comes_with_its_messages_and_countries() {
    let server = Server::start().await;
    let arabic = server.get("/api/v1/locales/ar").await.json();
    assert_eq!((&arabic["locale"], &arabic["dir"]), (&json!("ar"), &json!("rtl")));
    assert_eq!(arabic["countries"].as_array().unwrap().len(), 249);
    assert!(!arabic["catalog"].as_str().unwrap().is_empty());
    server.get("/api/v1/locales/xx").await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn the_server_lives_and_is_ready() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.text, "ok\n");
    assert_eq!(server.get("/readyz").await.text, "ready\n");
}
