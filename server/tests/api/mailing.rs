//! Campaigns that ask the mailbox first: the e-mail, the page it leads to, and one's own pledge.

use countersign::campaign::{Campaign, Stage};
use countersign::clock::Clock as _;
use countersign::store::mails::MAILS_MOST;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::{
    Answer, Post, Server, Setup, campaign, path, path as harness_path, person, urlencoded,
};

mod delivering;
mod hostile;

fn asking() -> Campaign {
    Campaign { confirm_email: true, ..campaign("example") }
}

/// A server whose campaign asks the mailbox, and the mail server that it writes to.
async fn start() -> (Server, Post) {
    let post = Post::open().await;
    let setup = Setup {
        campaigns: vec![asking(), Campaign { confirm_email: true, ..campaign("second") }],
        smtp_url: Some(post.url().to_owned()),
        ..Setup::default()
    };
    (Server::with(setup).await, post)
}

/// Signs, and gives the path that the e-mail leads to.
async fn signed(server: &Server, post: &Post, email: &str) -> String {
    let before = post.letters().len();
    let answer = server.sign(&person(email)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    path(&post.has(before + 1).await, &server.url)
}

async fn press(server: &Server, path: &str) -> Answer {
    server.post(path, Vec::new(), &[]).await
}

async fn send(server: &Server, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", urlencoded(value))).collect();
    let kind = ("content-type", "application/x-www-form-urlencoded");
    server.post(path, body.join("&").into_bytes(), &[kind]).await
}

#[tokio::test]
async fn a_pledge_counts_when_its_mailbox_has_confirmed_it() {
    let (server, post) = start().await;
    let mut events = server.watch(&[]).await;
    let answer = server.sign(&person("amina@example.org")).await.json();
    assert_eq!((&answer["state"], &answer["number"]), (&json!("check_email"), &Value::Null));
    let letter = post.has(1).await;
    assert_eq!(letter.to, "amina@example.org");
    assert_eq!(letter.header("Auto-Submitted"), "auto-generated");
    assert_eq!(letter.header("Reply-To"), "trees@example.org");
    assert!(letter.header("From").contains("Trees e. V."), "{}", letter.header("From"));
    let (plain, html) = letter.parts();
    for part in [&plain, &html] {
        assert!(part.contains("Plant a tree") && part.contains("I will plant a tree."), "{part}");
    }
    let path = path(&letter, &server.url);
    assert!(path.starts_with("/confirm/"), "{path}");
    assert_eq!(server.total().await, 0);
    // A link in a mailbox is private.
    let page = server.get(&path).await;
    assert_eq!((page.status, page.header("referrer-policy")), (200, "no-referrer"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("x-robots-tag").contains("noindex"));
    assert!(page.text.contains("You sign as Amina Otieno, Kenya."), "{}", page.text);
    let done = press(&server, &path).await;
    assert!(done.text.contains("You are number 1."), "{}", done.text);
    events.until(|totals| totals["total"] == 1).await;
    // Pressed twice, it says the same, and counts once.
    let again = press(&server, &path).await;
    assert_eq!(again.status, 200);
    assert!(again.text.contains("Your signature counts."), "{}", again.text);
    assert_eq!((server.total().await, server.counted_rows().await), (1, 1));
}

#[tokio::test]
async fn fault_31_a_mail_scanner_opens_the_link_and_nothing_is_confirmed() {
    let (server, post) = start().await;
    let path = signed(&server, &post, "a@example.org").await;
    for method in ["GET", "HEAD", "GET"] {
        let url = format!("{}{path}", server.url);
        let asked = server.client.request(method.parse().unwrap(), url).send().await.unwrap();
        assert_eq!(asked.status(), 200);
    }
    assert_eq!(server.total().await, 0);
    // What a script could press by itself is no button: there is no script on the page.
    let page = server.get(&path).await;
    assert!(!page.text.contains("<script"), "{}", page.text);
    assert_eq!(press(&server, &path).await.status, 200);
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn fault_31_token_guessed_expired_or_of_nobody_one_uniform_page() {
    let (server, post) = start().await;
    let path = signed(&server, &post, "a@example.org").await;
    let erased = signed(&server, &post, "b@example.org").await;
    let manage = erased.replace("/confirm/", "/manage/");
    send(&server, &manage, &[("action", "erase"), ("sure", "on")]).await;
    server.clock.advance_ms(8 * 86_400_000);
    let mut flipped = path.clone().into_bytes();
    let middle = path.len() - 20;
    flipped[middle] = if flipped[middle] == b'A' { b'B' } else { b'A' };
    let guessed = String::from_utf8(flipped).unwrap();
    let mut pages = Vec::new();
    for link in [path.as_str(), &erased, &guessed, "/confirm/x", "/manage/x", &manage] {
        if link.starts_with("/manage/") {
            let sent = send(&server, link, &[("action", "erase"), ("sure", "on")]).await;
            assert_eq!(sent.status, 404, "{link}");
            pages.push(sent.text);
        }
        for answer in
            [server.get(link).await, press(&server, &link.replace("manage", "confirm")).await]
        {
            assert_eq!(answer.status, 404, "{link}");
            pages.push(answer.text);
        }
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{pages:#?}");
    assert!(pages[0].contains("This link does not work."));
    let french = server.get_with(&guessed, &[("accept-language", "fr")]).await;
    assert!(french.text.contains("Ce lien ne fonctionne pas."), "{}", french.text);
    assert_eq!(server.total().await, 0);
}

#[tokio::test]
async fn fault_30_few_mails_a_day_and_nothing_the_submitter_typed_stands_in_them() {
    let (server, post) = start().await;
    let mut typed = person("victim@example.org");
    typed["name"] = json!("Buy Pills Cheap");
    typed["message"] = json!("Pay at once or else");
    for _ in 0..3 {
        server.sign_at("example", &typed, &[]).await;
        server.sign_at("second", &typed, &[]).await;
    }
    let most = MAILS_MOST as usize;
    post.has(most).await;
    // However the address is dressed up.
    let mut dressed = person("victim+1@example.org");
    dressed["name"] = json!("Buy Pills Cheap");
    server.sign(&dressed).await;
    // What would still be to come is not there: the next one that is sent is another's.
    server.sign(&person("other@example.org")).await;
    assert_eq!(post.has(most + 1).await.to, "other@example.org");
    // One more a pledge was put off to the next day, so that nobody is kept from signing either.
    server.clock.advance_ms(86_400_001);
    post.has(most + 1 + most).await;
    for letter in post.letters() {
        let (plain, html) = letter.parts();
        for text in [&plain, &html, &letter.raw] {
            assert!(!text.contains("Pills") && !text.contains("Pay at once"), "{text}");
        }
        assert!(!letter.raw.contains("Pills"));
    }
}

#[tokio::test]
async fn fault_32_has_x_signed_the_answer_is_the_same_and_the_owner_is_told_by_mail() {
    let (server, post) = start().await;
    let path = signed(&server, &post, "a@example.org").await;
    press(&server, &path).await;
    let mut stranger = person("b@example.org");
    let mut again = person("a@example.org");
    for body in [&mut stranger, &mut again] {
        body["name"] = json!("Somebody Else");
    }
    let first = server.sign(&stranger).await;
    post.has(2).await;
    let second = server.sign(&again).await;
    let shape = |answer: &Answer| {
        let mut json = answer.json();
        json["receipt"] = json!("");
        json["totals"]["as_of"] = json!("");
        (answer.status, json)
    };
    assert_eq!(shape(&first), shape(&second));
    let told = post.has(3).await;
    assert_eq!(
        (&*told.to, &*told.header("Subject")),
        ("a@example.org", "You have signed already: Plant a tree")
    );
    let own = harness_path(&told, &server.url);
    assert!(own.starts_with("/manage/"), "{own}");
    let page = server.get(&own).await;
    assert!(page.text.contains("Amina Otieno") && !page.text.contains("Somebody Else"));
}

#[tokio::test]
async fn fault_33_with_confirmation_on_watching_the_total_shows_nothing() {
    let (server, post) = start().await;
    let path = signed(&server, &post, "a@example.org").await;
    press(&server, &path).await;
    let before = server.get("/api/v1/campaigns/example/totals").await;
    for email in ["a@example.org", "b@example.org"] {
        let answer = server.sign(&person(email)).await.json();
        assert_eq!(answer["totals"]["total"], 1, "{email}");
        let after = server.get("/api/v1/campaigns/example/totals").await;
        assert_eq!(after.header("etag"), before.header("etag"), "{email}");
    }
}

#[tokio::test]
async fn fault_25_who_filled_the_trap_is_asked_like_everybody_and_counts_by_confirming() {
    let (server, post) = start().await;
    let mut trapped = person("a@example.org");
    trapped["website"] = json!("http://a.example");
    let answer = server.sign(&trapped).await;
    assert_eq!(answer.json()["state"], "check_email");
    let path = path(&post.has(1).await, &server.url);
    press(&server, &path).await;
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn what_was_signed_anew_meanwhile_is_shown_anew_before_it_counts() {
    let (server, post) = start().await;
    let path = signed(&server, &post, "a@example.org").await;
    let page = server.get(&path).await;
    let seen = page.text.split("name=\"seen\" value=\"").nth(1).unwrap();
    let seen = seen.split('"').next().unwrap();
    let mut other = person("a@example.org");
    other["name"] = json!("Somebody Else");
    other["consents"] = json!({ "updates": true });
    server.sign(&other).await;
    let shown = send(&server, &path, &[("seen", seen)]).await;
    assert!(shown.text.contains("changed a moment ago") && shown.text.contains("Somebody Else"));
    assert!(shown.text.contains("You want to be told"), "{}", shown.text);
    assert_eq!(server.total().await, 0);
    let seen = shown.text.split("name=\"seen\" value=\"").nth(1).unwrap();
    let done = send(&server, &path, &[("seen", seen.split('"').next().unwrap())]).await;
    assert!(done.text.contains("You are number 1."), "{}", done.text);
}

#[tokio::test]
async fn only_the_mailbox_confirms_whatever_an_organizer_presses() {
    let (server, post) = start().await;
    signed(&server, &post, "a@example.org").await;
    let mut trapped = person("b@example.org");
    trapped["website"] = json!("http://b.example");
    server.sign(&trapped).await;
    post.has(2).await;
    let token = format!("Bearer {}", server.token().await);
    for row in server.rows().await {
        let id = &row["id"];
        for verb in ["release", "refuse", "release"] {
            let path = format!("/api/v1/admin/campaigns/example/supporters/{id}/{verb}");
            server.post(&path, Vec::new(), &[("authorization", &token)]).await;
        }
        assert_eq!(server.total().await, 0, "{row}");
    }
    // And nobody is shown a button for it.
    let list = server
        .get_with("/api/v1/admin/campaigns/example/supporters", &[("authorization", &token)])
        .await;
    let list = list.json()["items"].as_array().unwrap().clone();
    let waiting = list.iter().filter(|one| one["waits_for_mailbox"] == true).count();
    assert_eq!((list.len(), waiting), (2, 2), "{list:?}");
}

#[tokio::test]
async fn a_campaign_that_is_archived_says_so_to_its_links() {
    let (server, post) = start().await;
    let path = signed(&server, &post, "a@example.org").await;
    server.apply(&Campaign { stage: Stage::Archived, ..asking() }).await;
    for answer in [server.get(&path).await, press(&server, &path).await] {
        assert!(answer.text.contains("This campaign is over."), "{}", answer.text);
    }
    assert_eq!(server.total().await, 0);
}

#[tokio::test]
async fn a_mail_and_its_page_speak_the_language_of_the_signer() {
    let (server, post) = start().await;
    for (locale, subject, title, dir) in [
        ("fr", "Merci de confirmer", "Encore un pas", "ltr"),
        ("ar", "يُرجى التأكيد", "خطوة واحدة بعد", "rtl"),
    ] {
        let before = post.letters().len();
        let mut body = person(&format!("{locale}@example.org"));
        body["locale"] = json!(locale);
        server.sign(&body).await;
        let letter = post.has(before + 1).await;
        let (_, html) = letter.parts();
        assert!(html.contains(subject) && html.contains(&format!("dir=\"{dir}\"")), "{html}");
        let page = server.get(&path(&letter, &server.url)).await;
        assert!(page.text.contains(title) && page.text.contains(&format!("dir=\"{dir}\"")));
    }
}

#[tokio::test]
async fn the_page_without_script_says_that_an_e_mail_is_on_its_way() {
    let (server, post) = start().await;
    let public = server.get("/api/v1/campaigns/example").await.json();
    assert!(public["texts"]["fr"]["thanks"].as_str().unwrap().contains("un courriel"));
    let page = server.get("/c/example").await;
    assert!(page.text.contains("What is not confirmed is deleted after 7 days."), "{}", page.text);
    let fields = [
        ("name", "Amina"),
        ("email", "a@example.org"),
        ("country", "KE"),
        ("locale", "en"),
        ("key", "0b1c"),
    ];
    let origin = [("origin", server.url.as_str())];
    let answer = server.post_form(&fields, &origin).await;
    assert!(answer.text.contains("We have sent you an e-mail."), "{}", answer.text);
    assert!(answer.text.contains(">Thank you, Amina.</h2>"), "a number is none of theirs yet");
    post.has(1).await;
}

#[tokio::test]
async fn what_is_not_confirmed_is_deleted_after_seven_days() {
    let (server, post) = start().await;
    signed(&server, &post, "a@example.org").await;
    assert_eq!(server.rows().await[0]["state"], "unconfirmed");
    let later = server.clock.now() + SignedDuration::from_hours(7 * 24);
    server.expire(later).await;
    assert!(server.rows().await.is_empty());
}

#[tokio::test]
async fn fault_36_people_see_correct_withdraw_and_erase_what_is_theirs() {
    let (server, post) = start().await;
    let confirm = signed(&server, &post, "a@example.org").await;
    let own = confirm.replace("/confirm/", "/manage/");
    assert!(server.get(&own).await.text.contains("It does not count yet"));
    press(&server, &confirm).await;
    let page = server.get(&own).await;
    for shown in ["Amina Otieno", "a@example.org", "It counts. Signed on 1 March 2027."] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    // The rules of the form hold, and what was typed stays.
    let typed = [("action", "save"), ("name", "www.example.org"), ("country", "FR")];
    let refused = send(&server, &own, &typed).await;
    assert!(refused.text.contains("without a web address"), "{}", refused.text);
    assert!(refused.text.contains("value=\"www.example.org\""), "{}", refused.text);
    let typed = [
        ("action", "save"),
        ("name", "Amina <O>"),
        ("country", "FR"),
        ("message", "For my children"),
        ("updates", "on"),
    ];
    let saved = send(&server, &own, &typed).await;
    assert!(
        saved.text.contains("Saved.") && saved.text.contains("Amina &lt;O&gt;"),
        "{}",
        saved.text
    );
    let row = server.rows().await.remove(0);
    assert_eq!((&row["country"], &row["message"]), (&json!("FR"), &json!("For my children")));
    let totals = server.get("/api/v1/campaigns/example/totals").await.json();
    assert_eq!(totals["countries"], json!({ "FR": 1 }));
    // Taken back, once.
    for _ in 0..2 {
        let taken = send(&server, &own, &[("action", "withdraw")]).await;
        assert!(taken.text.contains("You have taken it back."), "{}", taken.text);
    }
    assert_eq!(server.total().await, 0);
    assert_eq!(press(&server, &confirm).await.status, 404, "a withdrawal is not undone by a link");
    // Erased, when it is meant.
    let unsure = send(&server, &own, &[("action", "erase")]).await;
    assert!(unsure.text.contains("Tick the box"), "{}", unsure.text);
    let erased = send(&server, &own, &[("action", "erase"), ("sure", "on")]).await;
    assert!(erased.text.contains("Everything is erased."), "{}", erased.text);
    assert!(server.rows().await.is_empty());
    assert_eq!(server.get(&own).await.status, 404);
}
