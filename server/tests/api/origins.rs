//! Which sites may ask people to sign, and which may show the frame.

use countersign_shared::Slug;

use crate::harness::{Change as _, HOST, Server, Setup, campaign, person};

const PLEDGES: &str = "/api/v1/campaigns/example/pledges";
const TOKEN: &str = "countersign-embed-token";

fn token(server: &Server, slug: &str) -> String {
    server.web.app.secrets.embed_token(&Slug::parse(slug).unwrap())
}

#[tokio::test]
async fn fault_40_post_from_an_origin_not_on_the_campaigns_list_403() {
    let server = Server::start().await;
    let host = server.sign_with(&person("a@example.org"), &[("origin", HOST)]).await;
    host.assert_taken();
    assert_eq!(host.header("access-control-allow-origin"), HOST);
    let own = server.sign_with(&person("b@example.org"), &[("origin", &server.url)]).await;
    own.assert_taken();
    let no_browser = server.sign(&person("c@example.org")).await;
    no_browser.assert_taken();
    for bad in [
        "https://evil.example",
        "http://host.example",
        "https://host.example:8443",
        "https://host.example.evil.example",
        "https://sub.host.example",
        "file://",
        "",
    ] {
        let answer = server.sign_with(&person("d@example.org"), &[("origin", bad)]).await;
        answer.assert_problem(403, "origin_not_allowed");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{bad}");
    }
    let twice = [("origin", HOST), ("origin", "https://evil.example")];
    let answer = server.sign_with(&person("d@example.org"), &twice).await;
    answer.assert_problem(403, "origin_not_allowed");
    assert_eq!(server.rows().await.len(), 3);
}

#[tokio::test]
async fn our_own_page_signs_under_every_name_of_the_server() {
    let server = Server::start().await;
    let other_name = server.url.replace("127.0.0.1", "localhost");
    let host = other_name.trim_start_matches("http://");
    let own = [("origin", other_name.as_str()), ("host", host)];
    server.sign_with(&person("a@example.org"), &own).await.assert_taken();
    let not_own = [("origin", other_name.as_str())];
    let answer = server.sign_with(&person("b@example.org"), &not_own).await;
    answer.assert_problem(403, "origin_not_allowed");
}

#[tokio::test]
async fn fault_40_text_plain_body_415() {
    let server = Server::start().await;
    let body = person("a@example.org").to_string().into_bytes();
    let headers = [("content-type", "text/plain"), ("origin", HOST)];
    let answer = server.post(PLEDGES, body, &headers).await;
    answer.assert_problem(415, "unsupported_media_type");
    assert_eq!(answer.header("access-control-allow-origin"), HOST);
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn fault_40_origin_null_only_with_the_embed_token_of_that_campaign() {
    let any = campaign("any").for_sites(&["*"]);
    let campaigns = vec![campaign("example"), campaign("other"), any];
    let server = Server::with(Setup { campaigns, ..Setup::default() }).await;
    let (own, other) = (token(&server, "example"), token(&server, "other"));
    let body = person("a@example.org");
    for bad in ["", "x", &other] {
        let answer = server.sign_with(&body, &[("origin", "null"), (TOKEN, bad)]).await;
        answer.assert_problem(403, "origin_not_allowed");
    }
    server.sign_with(&body, &[("origin", "null")]).await.assert_problem(403, "origin_not_allowed");
    let at_any = server.sign_at("any", &body, &[("origin", "null")]).await;
    at_any.assert_problem(403, "origin_not_allowed");
    // The token stands in for no origin but `null`.
    let elsewhere = [("origin", "https://evil.example"), (TOKEN, own.as_str())];
    server.sign_with(&body, &elsewhere).await.assert_problem(403, "origin_not_allowed");
    assert!(server.rows().await.is_empty());
    let answer = server.sign_with(&body, &[("origin", "null"), (TOKEN, &own)]).await;
    answer.assert_taken();
    assert_eq!(answer.header("access-control-allow-origin"), "null");
    let frame = server.get("/embed/example").await;
    assert!(frame.text.contains(&own), "the frame knows its token");
    assert_eq!(frame.header("access-control-allow-origin"), "", "and no page can read it");
    assert!(!server.get("/c/example").await.text.contains(&own));
    assert!(!server.get("/api/v1/campaigns/example/widget").await.text.contains(&own));
}

#[tokio::test]
async fn preflights_are_answered_for_those_who_may_send() {
    let server = Server::start().await;
    let ask = async |origin: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type,idempotency-key"),
        ];
        server.options(PLEDGES, &headers).await
    };
    for origin in [HOST, "null", server.url.as_str()] {
        let answer = ask(origin).await;
        assert_eq!(answer.status, 204, "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), origin);
        let allowed = answer.header("access-control-allow-headers").to_lowercase();
        for header in ["content-type", "idempotency-key", TOKEN] {
            assert!(allowed.contains(header), "{allowed}");
        }
        assert_eq!(answer.header("access-control-allow-methods"), "POST");
        assert_eq!(answer.header("access-control-max-age"), "7200");
    }
    let refused = ask("https://evil.example").await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("access-control-allow-origin"), "");
    let reading = [("origin", "https://any.example"), ("access-control-request-method", "GET")];
    let answer = server.options("/api/v1/campaigns/example/totals", &reading).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, "*"));
}

#[tokio::test]
async fn the_widget_tells_a_site_readably_that_it_is_not_on_the_list() {
    let server = Server::start().await;
    let path = "/api/v1/campaigns/example/widget";
    let refused = server.get_with(path, &[("origin", "https://evil.example")]).await;
    refused.assert_problem(403, "origin_not_allowed");
    assert_eq!(refused.header("access-control-allow-origin"), "*");
    for headers in [vec![("origin", HOST)], vec![]] {
        let widget = server.get_with(path, &headers).await;
        assert_eq!(widget.status, 200);
        let widget = widget.json();
        assert!(widget["html"].as_str().unwrap().contains("Plant a tree"));
        assert_eq!(widget["state"]["campaign"]["slug"], "example");
        assert_eq!(widget["state"]["embed_token"], serde_json::Value::Null);
    }
    let other = server.get(&format!("{path}?lang=fr&view=counter")).await.json();
    assert_eq!(other["state"]["locale"], "fr");
    assert_eq!(other["state"]["view"], "counter");
}

#[tokio::test]
async fn fault_41_framing_by_an_unlisted_site_frame_ancestors_blocks_it() {
    let campaigns = vec![
        campaign("example"),
        campaign("any").for_sites(&["*"]),
        campaign("none").for_sites(&[]),
        campaign("two").for_sites(&["https://a.example", "http://b.example:8080"]),
    ];
    let server = Server::with(Setup { campaigns, ..Setup::default() }).await;
    for (slug, expected) in [
        ("example", HOST),
        ("any", "*"),
        ("none", "'none'"),
        ("two", "https://a.example http://b.example:8080"),
    ] {
        let frame = server.get(&format!("/embed/{slug}")).await;
        assert_eq!(frame.status, 200);
        assert_eq!(frame.policy("frame-ancestors"), expected, "{slug}");
        let page = server.get(&format!("/c/{slug}")).await;
        assert_eq!(page.policy("frame-ancestors"), "'none'");
    }
    for path in ["/", "/docs", "/nope"] {
        assert_eq!(server.get(path).await.policy("frame-ancestors"), "'none'", "{path}");
    }
}

#[tokio::test]
async fn fault_42_strict_host_csp_the_frame_and_the_link_work_by_themselves() {
    let server = Server::start().await;
    // The frame brings its own policy, in which WebAssembly runs, whatever the host's says.
    let frame = server.get("/embed/example").await;
    assert!(frame.policy("script-src").contains("'wasm-unsafe-eval'"));
    assert!(frame.policy("script-src").contains("'self'"));
    assert_eq!(frame.policy("default-src"), "'none'");
    assert!(frame.policy("connect-src").contains(&server.url));
    assert!(!frame.header("content-security-policy").contains("require-trusted-types-for"));
    // Without script either is a form that can be sent, never a blank box.
    for page in [&frame, &server.get("/c/example").await] {
        let action = format!("action=\"{}/c/example\"", server.url);
        assert!(page.text.contains("method=\"post\"") && page.text.contains(&action));
        assert!(page.text.contains("Plant a tree"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        // Hosts that isolate themselves may load it.
        assert_eq!(page.header("cross-origin-resource-policy"), "cross-origin");
    }
}
