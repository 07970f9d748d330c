//! Pages that work before any script does, and without it.

use serde_json::Value;

use crate::harness::{HOST, Server, Setup, campaign, person};
use crate::supporters::Organizer;

/// The stamp in the page, after which a person has read for a while.
async fn open_page(server: &Server) -> String {
    let page = server.get("/c/example").await;
    assert_eq!(page.status, 200);
    let (_, rest) = page.text.split_once("name=\"rendered\" value=\"").expect("a stamp");
    server.clock.advance_ms(30_000);
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_without_script_signs() {
    let server = Server::start().await;
    let rendered = open_page(&server).await;
    let form = [
        ("name", "Amina Otieno"),
        ("email", "amina@example.org"),
        ("country", "KE"),
        ("message", ""),
        ("public_name", "true"),
        ("updates", "true"),
        ("website", ""),
        ("rendered", &rendered),
        ("locale", "en"),
    ];
    let origin = [("origin", server.url.as_str())];
    let thanked = server.post_form(&form, &origin).await;
    assert_eq!(thanked.status, 200, "{}", thanked.text);
    assert_eq!(thanked.header("cache-control"), "no-store");
    assert!(thanked.text.contains("Thank you!"));
    assert_eq!(server.total().await, 1);
    // Pressing reload, and yes.
    let again = server.post_form(&form, &origin).await;
    assert_eq!(again.status, 200);
    assert_eq!(server.total().await, 1);
    let rows = server.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["public_name"], &rows[0]["updates"]), (&true.into(), &true.into()));
}

#[tokio::test]
async fn errors_come_back_beside_the_fields_with_what_was_typed_kept() {
    let server = Server::start().await;
    let rendered = open_page(&server).await;
    let form = [
        ("name", "Amina \"Mina\" Otieno"),
        ("email", "amina at example"),
        ("country", "KE"),
        ("message", "For the trees & <bees>"),
        ("updates", "true"),
        ("rendered", rendered.as_str()),
        ("locale", "fr"),
    ];
    let answer = server.post_form(&form, &[]).await;
    assert_eq!(answer.status, 422);
    let html = &answer.text;
    assert!(html.contains("Amina &quot;Mina&quot; Otieno"), "the name is kept");
    assert!(html.contains("For the trees &amp; &lt;bees"), "the message is kept");
    assert!(html.contains("lang=\"fr\""), "the language is kept");
    let (_, email) = html.split_once("id=\"cs-email\"").unwrap();
    assert!(email.split('>').next().unwrap().contains("aria-invalid=\"true\""), "{email}");
    let chosen = html.split("<option").find(|option| option.contains("value=\"KE\"")).unwrap();
    assert!(chosen.contains("selected"));
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn a_form_from_an_unlisted_site_is_shown_again_and_signs_nothing() {
    let server = Server::start().await;
    let form = [("name", "Amina"), ("email", "amina@example.org"), ("country", "KE")];
    for origin in ["https://evil.example", "null"] {
        let answer = server.post_form(&form, &[("origin", origin)]).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text.contains("value=\"Amina\""), "what was typed is kept");
        assert!(server.rows().await.is_empty());
    }
    let answer = server.post_form(&form, &[("origin", HOST)]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn the_source_is_kept_without_script_too() {
    let server = Server::start().await;
    let form = [("name", "Amina"), ("email", "amina@example.org"), ("country", "KE")];
    let referrer = format!("{}/c/example?utm_source=leaflet&utm_medium=paper", server.url);
    let answer = server.post_form(&form, &[("referer", &referrer)]).await;
    assert_eq!(answer.status, 200);
    let row = &server.rows().await[0];
    assert_eq!((&row["utm_source"], &row["utm_medium"]), (&"leaflet".into(), &"paper".into()));
}

#[tokio::test]
async fn pages_allow_themselves_nothing_that_they_do_not_need() {
    let server = Server::start().await;
    for path in ["/", "/docs", "/c/example", "/embed/example", "/c/nope"] {
        let page = server.get(path).await;
        assert_eq!(page.policy("default-src"), "'none'", "{path}");
        assert_eq!(page.policy("base-uri"), "'none'");
        assert!(!page.policy("script-src").contains("unsafe-inline"));
        assert!(!page.policy("style-src").contains("unsafe-inline"));
        assert!(page.policy("form-action").starts_with("'self'"));
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "strict-origin-when-cross-origin");
        assert!(page.headers.get("set-cookie").is_none(), "no cookie");
        // No inline style attribute, which the policy would refuse, and no third party.
        assert!(!page.text.contains(" style=\""), "{path}");
        for part in ["src=\"", "href=\""] {
            for address in page.text.split(part).skip(1).map(|rest| rest.split('"').next().unwrap())
            {
                let own = address.starts_with('/') || address.starts_with(&server.url);
                let is_link = part == "href=\""
                    && !page.text.contains(&format!("stylesheet\" href=\"{address}"));
                assert!(own || is_link, "{path} loads {address}");
            }
        }
        let nonces: Vec<_> = page.text.split("<style nonce=\"").skip(1).collect();
        for nonce in nonces {
            let nonce = nonce.split('"').next().unwrap();
            assert!(page.policy("style-src").contains(&format!("'nonce-{nonce}'")));
        }
        assert!(!page.text.contains("<style>"), "{path}");
    }
    let nonce = |html: &str| html.split("nonce=\"").nth(1).unwrap()[..16].to_owned();
    let (one, two) = (server.get("/c/example").await, server.get("/c/example").await);
    assert_ne!(nonce(&one.text), nonce(&two.text), "a nonce is used once");
}

#[tokio::test]
async fn search_engines_and_messengers_find_a_description_in_every_language() {
    let server = Server::start().await;
    let page = server.get("/c/example?lang=fr").await.text;
    assert!(page.contains("<title>Plantez un arbre</title>"));
    assert!(page.contains("property=\"og:title\" content=\"Plantez un arbre\""));
    assert!(page.contains("name=\"description\" content=\"I will plant a tree.\""));
    let url = &server.url;
    assert!(page.contains(&format!("rel=\"canonical\" href=\"{url}/c/example?lang=fr\"")));
    for (tag, href) in [
        ("en", format!("{url}/c/example")),
        ("fr", format!("{url}/c/example?lang=fr")),
        ("ar", format!("{url}/c/example?lang=ar")),
        ("x-default", format!("{url}/c/example")),
    ] {
        assert!(page.contains(&format!("hreflang=\"{tag}\" href=\"{href}\"")), "{tag}");
    }
}

#[tokio::test]
async fn the_page_speaks_the_readers_language() {
    let server = Server::start().await;
    for (path, accepted, lang, dir) in [
        ("/c/example", "", "en", "ltr"),
        ("/c/example", "fr-CH, fr;q=0.9, en;q=0.8", "fr", "ltr"),
        ("/c/example", "ar-EG", "ar", "rtl"),
        ("/c/example", "de", "en", "ltr"),
        ("/c/example?lang=ar", "fr", "ar", "rtl"),
        ("/c/example?lang=xx", "fr", "fr", "ltr"),
        ("/embed/example?lang=fr", "", "fr", "ltr"),
    ] {
        let page = server.get_with(path, &[("accept-language", accepted)]).await.text;
        let html = format!("<html lang=\"{lang}\" dir=\"{dir}\">");
        assert!(page.contains(&html), "{path} {accepted}");
    }
}

#[tokio::test]
async fn the_state_beside_the_widget_is_what_it_was_painted_from() {
    let server = Server::start().await;
    let page = server.get("/c/example").await.text;
    let (_, rest) = page.split_once("id=\"countersign-state\">").unwrap();
    let state: Value = serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap();
    assert_eq!(state["locale"], "en");
    assert_eq!(state["view"], "full");
    assert_eq!(state["server"], server.url);
    assert_eq!(state["countries"].as_array().unwrap().len(), 249);
    let stamp = state["campaign"]["rendered"].as_str().unwrap();
    assert!(page.contains(&format!("name=\"rendered\" value=\"{stamp}\"")));
}

#[tokio::test]
async fn the_front_page_lists_open_campaigns() {
    use crate::harness::Change as _;
    let campaigns = vec![
        campaign("example"),
        campaign("over").closing_at("2027-01-01T00:00:00Z"),
        campaign("later").open_from("2028-01-01T00:00:00Z"),
    ];
    let server = Server::with(Setup { campaigns, ..Setup::default() }).await;
    let page = server.get("/").await.text;
    assert!(page.contains("href=\"/c/example\""));
    assert!(!page.contains("/c/over") && !page.contains("/c/later"));
}

#[tokio::test]
async fn a_closed_campaign_still_has_its_page() {
    use crate::harness::Change as _;
    let over = campaign("example").closing_at("2027-01-01T00:00:00Z");
    let server = Server::with(Setup { campaigns: vec![over], ..Setup::default() }).await;
    assert_eq!(server.get("/c/example").await.status, 200);
    let form = [("name", "Amina"), ("email", "amina@example.org"), ("country", "KE")];
    assert_eq!(server.post_form(&form, &[]).await.status, 409);
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn long_answers_are_compressed_and_short_ones_and_the_stream_are_not() {
    let server = Server::start().await;
    let gzip = [("accept-encoding", "gzip")];
    let page = server.get_with("/c/example", &gzip).await;
    assert_eq!(page.header("content-encoding"), "gzip");
    let totals = server.get_with("/api/v1/campaigns/example/totals", &gzip).await;
    assert_eq!(totals.header("content-encoding"), "");
    let mut stream = server.watch(&gzip).await;
    assert!(stream.totals().await.is_some());
}

/// The line below the number, as it is painted.
async fn line(server: &Server) -> String {
    let page = server.get("/c/example").await;
    let (_, rest) = page.text.split_once("class=\"cs-fresh\">").expect("a line");
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_painted_page_says_why_the_number_fell_while_that_is_news() {
    const REMOVED: &str = "Some signatures were removed.";
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    for n in 0..2 {
        server.sign(&person(&format!("p{n}@example.org"))).await.assert_taken();
    }
    assert_eq!(line(&server).await, "From one country so far");
    let id = organizer.id_of("p0@example.org").await;
    organizer.act(&format!("supporters/{id}/withdraw")).await;
    assert_eq!(line(&server).await, REMOVED);
    let widget = server.get("/api/v1/campaigns/example/widget").await;
    assert_eq!(widget.json()["state"]["campaign"]["totals"]["reason"], "removed");
    server.clock.advance_ms(3_600_000);
    assert_eq!(line(&server).await, "From one country so far");
    // Whoever has seen the higher number still gets the reason with the lower one.
    let totals = server.get("/api/v1/campaigns/example/totals").await;
    assert_eq!(totals.json()["reason"], "removed");
}
