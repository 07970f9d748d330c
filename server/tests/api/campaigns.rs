//! Campaigns as organizers make and change them.

use countersign::clock::Clock as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, Change as _, Server, Setup, at, campaign, person};

const ALL: &str = "/api/v1/admin/campaigns";

/// An organizer with a token.
struct Organizer<'s> {
    server: &'s Server,
    token: String,
}

impl<'s> Organizer<'s> {
    async fn of(server: &'s Server) -> Self {
        Self { server, token: server.token().await }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let url = format!("{}{path}", self.server.url);
        let mut request = self.server.client.request(method, url).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(&body)).await
    }

    async fn put(&self, slug: &str, settings: &Value, revision: Option<i64>) -> Answer {
        let body = json!({ "settings": settings, "revision": revision });
        self.ask(Method::PUT, &format!("{ALL}/{slug}"), Some(&body)).await
    }

    async fn detail(&self, slug: &str) -> Value {
        let answer = self.get(&format!("{ALL}/{slug}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// Takes `example` to a stage.
    async fn stage(&self, to: &str) -> Answer {
        self.post(&format!("{ALL}/example/stage"), json!({ "to": to })).await
    }
}

#[tokio::test]
async fn a_campaign_is_made_shown_changed_and_listed() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let mut settings = organizer.detail("example").await["settings"].clone();
    settings["slug"] = json!("second");
    settings["stage"] = json!("draft");
    settings["texts"]["en"]["title"] = json!("The \"second\" one");
    let made = organizer.post(ALL, json!({ "settings": settings })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    assert_eq!(made["settings"], settings);
    assert_eq!((&made["status"], &made["revision"]), (&json!("not_yet_open"), &json!(1)));
    assert_eq!(made["page_url"], format!("{}/c/second", server.url));

    settings["goal"] = json!({ "kind": "fixed", "goal": 77 });
    let saved = organizer.put("second", &settings, Some(1)).await;
    assert_eq!(saved.status, 200, "{}", saved.text);
    assert_eq!(saved.json()["revision"], 2);
    let list = organizer.get(ALL).await.json();
    let line = |slug: &str| {
        list.as_array().unwrap().iter().find(|line| line["slug"] == slug).unwrap().clone()
    };
    assert_eq!(line("second")["title"], "The \"second\" one");
    assert_eq!(line("second")["goal"], 77);
    assert_eq!(line("example")["stage"], "live");
    let again = organizer.post(ALL, json!({ "settings": settings })).await;
    again.assert_problem(409, "slug_taken");
}

#[tokio::test]
async fn saving_settings_never_moves_a_campaign_to_another_stage() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let mut settings = organizer.detail("example").await["settings"].clone();
    let draft = organizer.stage("draft").await.json();
    // The form was opened while it was live, and is saved over what somebody else did meanwhile.
    settings["hide_groups_below"] = json!(9);
    let saved = organizer.put("example", &settings, None).await.json();
    assert_eq!(
        (&saved["settings"]["stage"], &saved["status"]),
        (&json!("draft"), &draft["status"])
    );
    assert_eq!(saved["settings"]["hide_groups_below"], 9);
    assert_eq!(server.get("/c/example").await.status, 404);
    organizer.stage("live").await;
    settings["stage"] = json!("archived");
    let saved = organizer.put("example", &settings, None).await.json();
    assert_eq!((&saved["settings"]["stage"], &saved["status"]), (&json!("live"), &json!("open")));
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let detail = organizer.detail("example").await;
    let (mut settings, revision) = (detail["settings"].clone(), detail["revision"].as_i64());
    settings["hide_groups_below"] = json!(9);
    assert_eq!(organizer.put("example", &settings, revision).await.status, 200);
    settings["hide_groups_below"] = json!(3);
    let late = organizer.put("example", &settings, revision).await;
    late.assert_problem(409, "changed_meanwhile");
    assert_eq!(organizer.detail("example").await["settings"]["hide_groups_below"], 9);
    // Who says nothing of an edition overwrites.
    assert_eq!(organizer.put("example", &settings, None).await.status, 200);
    let same = organizer.detail("example").await;
    let answer = organizer.put("example", &settings, None).await;
    assert_eq!(answer.json()["revision"], same["revision"], "nothing changed: the same edition");
}

#[tokio::test]
async fn faults_are_said_at_the_fields_of_the_form() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let mut settings = organizer.detail("example").await["settings"].clone();
    settings["texts"]["fr"]["title"] = json!("<b>Non</b>");
    settings["look"]["accent"] = json!("red");
    settings["origins"] = json!(["https://example.org/page"]);
    settings["privacy"]["policy_url"] = json!("javascript:alert(1)");
    let fields = ["origins[0]", "privacy.policy_url", "look.accent", "texts.fr.title"];
    organizer.put("example", &settings, None).await.assert_fields(&fields);
    let check = organizer.post(&format!("{ALL}/check"), settings.clone()).await.json();
    let found: Vec<_> = check["faults"].as_array().unwrap().iter().map(|f| &f["field"]).collect();
    assert_eq!(found, fields);
    assert_eq!(check["toml"], Value::Null);
    settings["slug"] = json!("other");
    organizer.put("example", &settings, None).await.assert_problem(422, "invalid_input");
    for word in ["check", "preview", "import"] {
        let mut settings = organizer.detail("example").await["settings"].clone();
        settings["slug"] = json!(word);
        let made = organizer.post(ALL, json!({ "settings": settings })).await;
        made.assert_fields(&["slug"]);
    }
    // And what is only another name cannot be taken for this one.
    let mut settings = organizer.detail("example").await["settings"].clone();
    settings["slug"] = json!("other");
    organizer.put("example", &settings, None).await.assert_fields(&["slug"]);
}

#[tokio::test]
async fn a_check_says_contrast_and_what_a_language_lacks() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let mut settings = organizer.detail("example").await["settings"].clone();
    settings["look"]["accent"] = json!("#ffee00");
    settings["texts"]["ar"]["lead"] = json!("");
    let check = organizer.post(&format!("{ALL}/check"), settings.clone()).await.json();
    assert_eq!(check["faults"], json!([]));
    let pairs = check["contrast"].as_array().unwrap();
    assert_eq!(pairs.len(), 4);
    assert!(pairs.iter().all(|pair| pair["passes"] == true), "{check}");
    let weak = pairs.iter().find(|pair| pair["scheme"] == "light" && pair["what"] == "text");
    let weak = weak.unwrap();
    assert_eq!(weak["adjusted"], true, "{check}");
    assert!(weak["chosen"].as_f64() < Some(1.3) && weak["ratio"].as_f64() >= Some(4.5), "{weak}");
    let arabic = &check["completeness"][0];
    assert_eq!((&arabic["locale"], &arabic["missing"]), (&json!("ar"), &json!(["lead"])));
    settings["texts"]["sw"] = settings["texts"]["en"].clone();
    settings["texts"]["sw"]["title"] = json!("Panda mti");
    let check = organizer.post(&format!("{ALL}/check"), settings).await.json();
    let copied = check["completeness"].as_array().unwrap().iter().find(|it| it["locale"] == "sw");
    let copied = copied.unwrap();
    assert_eq!((&copied["translated"], &copied["of"]), (&json!(1), &json!(6)), "{copied}");
    assert_eq!(copied["untranslated"][0], "pledge");
}

#[tokio::test]
async fn the_file_and_the_form_are_equal() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let settings = organizer.detail("example").await["settings"].clone();
    let file = organizer.get(&format!("{ALL}/example/campaign.toml")).await;
    assert_eq!(file.status, 200);
    assert!(file.header("content-disposition").contains("example.toml"));
    let check = organizer.post(&format!("{ALL}/check"), settings.clone()).await.json();
    assert_eq!(check["toml"], file.text);
    let import = format!("{ALL}/import");
    let read = organizer.post(&import, json!({ "toml": file.text })).await;
    assert_eq!(read.json(), settings);
    let broken = file.text.replace("default_locale", "defaultlocale");
    let problem = organizer.post(&import, json!({ "toml": broken })).await;
    let problem = problem.assert_problem(422, "invalid_input");
    let messages = problem["fields"].to_string();
    assert!(
        messages.contains("line 6, column 1") && messages.contains("did you mean"),
        "{messages}"
    );
}

#[tokio::test]
async fn a_draft_is_seen_by_its_organizers_alone_and_takes_no_pledges() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    server.sign(&person("a@example.org")).await.assert_taken();
    assert_eq!(organizer.stage("draft").await.status, 200);
    for path in ["", "/totals", "/stream", "/history", "/widget"] {
        let path = format!("/api/v1/campaigns/example{path}");
        server.get(&path).await.assert_problem(404, "campaign_not_found");
    }
    for page in ["/c/example", "/embed/example"] {
        assert_eq!(server.get(page).await.status, 404, "{page}");
    }
    server.sign(&person("b@example.org")).await.assert_problem(404, "campaign_not_found");
    assert!(!server.get("/").await.text.contains("Plant a tree"));
    assert_eq!(organizer.detail("example").await["settings"]["stage"], "draft");
    assert_eq!(organizer.stage("live").await.status, 200);
    server.sign(&person("b@example.org")).await.assert_taken();
    assert_eq!(server.total().await, 2);
}

#[tokio::test]
async fn the_transaction_of_a_pledge_refuses_a_draft_whatever_was_known_before() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let before = server.web.app.campaigns.get("example").unwrap();
    organizer.stage("archived").await;
    // A request that was under way saw the campaign as it was.
    let form: countersign_shared::PledgeForm =
        serde_json::from_value(person("a@example.org")).unwrap();
    let submission = countersign::pledge::Submission {
        form: form.parse(before.campaign.fields).unwrap(),
        website: None,
        rendered: None,
        idempotency_key: None,
        client: "192.0.2.1".parse().unwrap(),
    };
    let refused = countersign::pledge::accept(&server.web.app, &before, submission).await;
    assert!(refused.is_err());
    assert_eq!(server.counted_rows().await, 0);
}

#[tokio::test]
async fn archiving_and_closing_end_the_signing_and_shorten_no_retention() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    server.sign(&person("a@example.org")).await.assert_taken();
    server.clock.set(at("2027-03-20T12:00:00Z"));
    assert_eq!(organizer.stage("archived").await.json()["status"], "closed");
    server.sign(&person("b@example.org")).await.assert_problem(409, "campaign_closed");
    assert!(server.get("/c/example").await.status == 200);
    assert_eq!(server.expire(server.clock.now()).await, 0);
    assert_eq!(organizer.stage("open").await.json()["status"], "open");
    let closed = organizer.stage("closed").await.json();
    assert_eq!(closed["settings"]["closes"], "2027-03-20T12:00:00Z");
    server.sign(&person("b@example.org")).await.assert_problem(409, "campaign_closed");
    // Thirty days from the end, for everybody.
    server.clock.set(at("2027-04-19T11:59:00Z"));
    assert_eq!(server.expire(server.clock.now()).await, 0);
    server.clock.set(at("2027-04-19T12:00:00Z"));
    assert_eq!(server.expire(server.clock.now()).await, 1);
    organizer.stage("sideways").await.assert_fields(&["to"]);
    // Out of the archive without anybody being able to sign: the end stays when it was.
    assert_eq!(organizer.stage("archived").await.status, 200);
    let closed = organizer.stage("closed").await.json();
    assert_eq!(
        (&closed["settings"]["stage"], &closed["status"]),
        (&json!("live"), &json!("closed"))
    );
    assert_eq!(closed["settings"]["closes"], "2027-03-20T12:00:00Z");
    // And so that they can: an end that is still to come stays.
    let mut settings = closed["settings"].clone();
    settings["closes"] = json!("2027-05-01T00:00:00Z");
    assert_eq!(organizer.put("example", &settings, None).await.status, 200);
    organizer.stage("archived").await;
    let open = organizer.stage("open").await.json();
    assert_eq!(
        (&open["status"], &open["settings"]["closes"]),
        (&json!("open"), &settings["closes"])
    );
}

#[tokio::test]
async fn a_duplicate_is_a_draft_with_the_same_texts_and_nobody_in_it() {
    let first = campaign("example").closing_at("2028-01-01T00:00:00Z");
    let server = Server::with(Setup { campaigns: vec![first], ..Setup::default() }).await;
    let organizer = Organizer::of(&server).await;
    server.sign(&person("a@example.org")).await.assert_taken();
    let path = format!("{ALL}/example/duplicate");
    let made = organizer.post(&path, json!({ "slug": "next-year" })).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.json();
    let mut expected = organizer.detail("example").await["settings"].clone();
    expected["slug"] = json!("next-year");
    expected["stage"] = json!("draft");
    expected["closes"] = Value::Null;
    assert_eq!(made["settings"], expected);
    let list = organizer.get(ALL).await.json();
    assert_eq!(list[1]["total"], 0, "{list}");
    organizer.post(&path, json!({ "slug": "example" })).await.assert_problem(409, "slug_taken");
    organizer.post(&path, json!({ "slug": "Not A Slug" })).await.assert_fields(&["slug"]);
}

#[tokio::test]
async fn the_preview_is_the_real_widget_and_nothing_in_it_runs() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let mut settings = organizer.detail("example").await["settings"].clone();
    settings["texts"]["fr"]["pledge"] = json!("Je planterai \"un\" arbre & deux.");
    settings["look"]["accent"] = json!("#0a7d4f");
    let asked = json!({ "settings": settings, "locale": "fr", "scheme": "dark", "total": 1234 });
    let preview = organizer.post(&format!("{ALL}/preview"), asked).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    let preview = preview.json();
    let html = preview["html"].as_str().unwrap();
    assert!(html.contains("Je planterai \"un\" arbre &amp; deux."), "{html}");
    assert!(html.contains("color-scheme:dark") && !html.contains("<script"), "{html}");
    assert!(preview["painted"].as_str().unwrap().starts_with("<div class=\"cs-root\""));
    assert!(preview["theme"].as_str().unwrap().contains("--cs-accent"));
    // Nothing was saved.
    let kept = organizer.detail("example").await;
    assert_ne!(kept["settings"]["look"]["accent"], "#0a7d4f");
}

#[tokio::test]
async fn snippets_name_this_server_and_this_campaign() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let snippets = organizer.get(&format!("{ALL}/example/embed")).await.json();
    let element = snippets["element"].as_str().unwrap();
    assert!(element.contains(&format!("src=\"{}/embed.js\"", server.url)), "{element}");
    assert!(element.contains("campaign=\"example\"") && !element.contains("<link"), "{element}");
    let head = snippets["head"].as_str().unwrap();
    assert!(head.contains(&format!("modulepreload\" href=\"{}/embed.js\"", server.url)), "{head}");
    assert!(snippets["counter"].as_str().unwrap().contains("view=\"counter\""));
    assert!(
        snippets["iframe"].as_str().unwrap().contains("/embed/example\" title=\"Plant a tree\"")
    );
    assert!(snippets["wordpress"].as_str().unwrap().contains("<!-- wp:html -->"));
    assert_eq!(snippets["link"], format!("{}/c/example", server.url));
    assert!(snippets["qr"].as_str().unwrap().starts_with("<svg"));
}

#[tokio::test]
async fn the_check_of_an_embed_looks_at_settings_only() {
    let any = campaign("example").for_sites(&["*"]);
    let server = Server::with(Setup { campaigns: vec![any], ..Setup::default() }).await;
    let organizer = Organizer::of(&server).await;
    let path = format!("{ALL}/example/embed/check");
    let verdict = |lines: &Value, what: &str| {
        let lines = lines.as_array().unwrap();
        let line = lines.iter().find(|line| line["what"].as_str().unwrap().contains(what));
        line.unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    let lines = organizer.get(&path).await.json();
    assert_eq!(verdict(&lines, "campaign"), "ok");
    assert_eq!(verdict(&lines, "sites"), "warn");
    assert_eq!(verdict(&lines, "address"), "warn");
    assert_eq!(verdict(&lines, "Languages"), "ok");
    server.apply(&campaign("example").for_sites(&[])).await;
    organizer.stage("draft").await;
    let lines = organizer.get(&path).await.json();
    assert_eq!((&*verdict(&lines, "campaign"), &*verdict(&lines, "sites")), ("bad", "bad"));
}

#[tokio::test]
async fn an_open_page_hears_that_the_settings_are_others() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let mut events = server.watch(&[]).await;
    let (_, first) = events.totals().await.unwrap();
    let painted = server.get("/api/v1/campaigns/example/widget").await.json();
    assert_eq!(painted["state"]["campaign"]["totals"]["revision"], first["revision"]);
    let mut settings = organizer.detail("example").await["settings"].clone();
    settings["texts"]["en"]["title"] = json!("Plant two trees");
    let saved = organizer.put("example", &settings, None).await.json();
    let (_, heard) = events.until(|totals| totals["revision"] != first["revision"]).await;
    assert_eq!(heard["revision"], saved["revision"]);
    let painted = server.get("/api/v1/campaigns/example/widget").await.json();
    assert_eq!(painted["state"]["campaign"]["totals"]["revision"], heard["revision"]);
    assert!(painted["html"].as_str().unwrap().contains("Plant two trees"));
}

#[tokio::test]
async fn an_open_page_hears_of_it_also_while_the_count_is_hidden() {
    let hidden = campaign("example").hiding_below(100);
    let server = Server::with(Setup { campaigns: vec![hidden], ..Setup::default() }).await;
    let organizer = Organizer::of(&server).await;
    let mut events = server.watch(&[]).await;
    let (_, first) = events.totals().await.unwrap();
    let mut settings = organizer.detail("example").await["settings"].clone();
    settings["look"]["accent"] = json!("#123456");
    organizer.put("example", &settings, None).await;
    let (_, heard) = events.until(|totals| totals["revision"] != first["revision"]).await;
    assert_eq!(heard["total"], Value::Null);
}
