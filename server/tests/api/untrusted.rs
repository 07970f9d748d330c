//! Text that people typed stays text.

use serde_json::{Value, json};

use crate::harness::{Server, Setup, campaign, person};

const SCRIPT: &str = "<script>pwned()</script>";

/// Fails where the text became markup.
fn assert_inert(what: &str, html: &str) {
    assert!(!html.contains("<script>pwned"), "{what}: {html}");
    assert!(!html.contains("<img src=x"), "{what}: {html}");
}

/// Everything that the page's state element holds.
fn state(html: &str) -> Value {
    let (_, rest) = html.split_once("id=\"countersign-state\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    assert!(!json.contains('<'), "nothing in it ends the element: {json}");
    serde_json::from_str(json).unwrap()
}

#[tokio::test]
async fn fault_38_script_in_campaign_text_inert_everywhere() {
    let mut nasty = campaign("example");
    for texts in nasty.texts.values_mut() {
        texts.title = format!("</title>{SCRIPT}");
        texts.pledge = format!("\"><img src=x onerror=pwned()>{SCRIPT}");
        texts.lead = format!("</script>{SCRIPT}<!--");
        texts.thanks = SCRIPT.to_owned();
        texts.button = SCRIPT.to_owned();
        texts.privacy = SCRIPT.to_owned();
    }
    nasty.privacy.controller = SCRIPT.to_owned();
    let server = Server::with(Setup { campaigns: vec![nasty], ..Setup::default() }).await;
    for path in
        ["/", "/c/example", "/embed/example", "/c/example?lang=ar", "/embed/example?view=counter"]
    {
        assert_inert(path, &server.get(path).await.text);
    }
    let page = server.get("/c/example").await;
    assert_eq!(state(&page.text)["campaign"]["texts"]["en"]["thanks"], SCRIPT);
    let widget = server.get("/api/v1/campaigns/example/widget").await;
    assert_eq!(widget.header("content-type"), "application/json");
    assert_inert("widget", widget.json()["html"].as_str().unwrap());
}

#[tokio::test]
async fn fault_38_script_in_name_message_locale_inert_everywhere() {
    let server = Server::start().await;
    let rendered = server.get("/api/v1/campaigns/example").await.json()["rendered"].clone();
    server.clock.advance_ms(5_000);
    let mut fields = vec![
        ("name", SCRIPT),
        ("email", SCRIPT),
        ("country", SCRIPT),
        ("message", "</textarea><script>pwned()</script>"),
        ("locale", SCRIPT),
        ("rendered", rendered.as_str().unwrap()),
    ];
    let refused = server.post_form(&fields, &[]).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert_inert("errors", &refused.text);
    assert_eq!(state(&refused.text)["posted"]["form"]["name"], SCRIPT, "kept as typed");
    fields[1].1 = "amina@example.org";
    fields[2].1 = "KE";
    fields[4].1 = "en";
    let thanked = server.post_form(&fields, &[]).await;
    assert_eq!(thanked.status, 200, "{}", thanked.text);
    assert_inert("thanks", &thanked.text);
    assert_eq!(state(&thanked.text)["posted"]["signed"]["name"], SCRIPT);
    for path in [
        "/c/example?lang=%3Cscript%3Epwned()%3C/script%3E",
        "/embed/example?view=%3Cscript%3Epwned()%3C/script%3E",
        "/c/%3Cscript%3Epwned()%3C/script%3E",
        "/%3Cscript%3Epwned()%3C/script%3E",
        "/api/v1/locales/%3Cscript%3Epwned()%3C%2Fscript%3E",
        "/api/v1/campaigns/%3Cscript%3Epwned()",
    ] {
        assert_inert(path, &server.get(path).await.text);
    }
    let rows = server.rows().await;
    assert_eq!(rows[0]["name"], SCRIPT, "stored as typed, escaped where shown");
}

#[tokio::test]
async fn fault_46_crlf_or_javascript_in_a_utm_value_or_share_url_refused() {
    let server = Server::start().await;
    for (n, bad) in ["a\r\nSet-Cookie: x=1", "javascript:alert(1)", "//evil.example", "a\u{202e}b"]
        .iter()
        .enumerate()
    {
        let mut body = person(&format!("p{n}@example.org"));
        body["source"] = json!({ "utm_source": bad, "utm_campaign": bad, "referrer": bad });
        let answer = server.sign(&body).await;
        answer.assert_taken();
        assert!(answer.headers.get("set-cookie").is_none());
    }
    for row in server.rows().await {
        let kept: Vec<_> =
            ["utm_source", "utm_campaign"].iter().filter(|name| !row[**name].is_null()).collect();
        assert!(kept.is_empty(), "no person is turned away, and no bad value is kept: {row}");
        let referrer = row["referrer"].as_str().unwrap_or_default();
        assert!(!referrer.contains([':', '/', '\r', '\n']), "{row}");
    }
    let share = server.get("/api/v1/campaigns/example").await.json()["share_url"].clone();
    assert_eq!(share, format!("{}/c/example", server.url));
    for path in ["/c/example%0d%0aSet-Cookie:%20x=1", "/c/example?lang=%0d%0aSet-Cookie:%20x=1"] {
        let answer = server.get(path).await;
        assert!(answer.headers.get("set-cookie").is_none());
        assert!(answer.headers.get("location").is_none(), "nothing redirects");
    }
}
