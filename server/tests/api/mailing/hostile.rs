//! Hostile words in e-mails: whoever wrote them, they are words.

use countersign::campaign::Campaign;
use countersign::demo::post::Letter;
use serde_json::json;

use super::{asking, press, start};
use crate::harness::{Post, Server, Setup, path, person};

/// Every header that an e-mail of ours has.
const HEADERS: [&str; 9] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
];

/// Ends a header, ends the head, ends the e-mail, and begins another.
const BREAKS_OUT: &str = "Trees\r\nBcc: thief@evil.example\r\n\r\nhello\r\n.\r\n\
                          MAIL FROM:<evil@evil.example>\r\nRCPT TO:<thief@evil.example>\r\nDATA\r\n";
const MARKUP: &str =
    "<script>alert(1)</script><img src=\"https://evil.example/x.png\" onerror=x> &amp;";

fn names(letter: &Letter) -> Vec<String> {
    let head = letter.raw.split("\n\n").next().unwrap().replace("\n ", " ").replace("\n\t", " ");
    head.lines().map(|line| line.split(':').next().unwrap().to_owned()).collect()
}

/// The letter to somebody who signs a campaign with such words, and all that the mail server got.
async fn letter_of(campaign: Campaign) -> (Letter, Post) {
    let post = Post::open().await;
    let smtp_url = Some(post.url().to_owned());
    let setup = Setup { campaigns: vec![campaign], smtp_url, ..Setup::default() };
    let server = Server::with(setup).await;
    assert_eq!(server.sign(&person("amina@example.org")).await.status, 201);
    (post.has(1).await, post)
}

fn assert_is_one_letter(letter: &Letter, post: &Post) {
    assert_eq!((post.asked(), &*letter.to), (1, "amina@example.org"), "{}", letter.raw);
    for name in names(letter) {
        assert!(HEADERS.contains(&&*name), "{name}: {}", letter.raw);
    }
    assert!(letter.header("From").contains("<no-reply@"), "{}", letter.raw);
    let (plain, html) = letter.parts();
    for part in [&plain, &html] {
        assert!(part.contains("/confirm/"), "the parts are whole: {part}");
    }
    for loaded in ["<script", "<img", "onerror=x>"] {
        assert!(!html.contains(loaded), "{loaded}: {html}");
    }
}

/// Campaign files and the dashboard refuse all of it but the line breaks; this is how it would be if
/// the rest came through.
#[tokio::test]
async fn fault_22_a_title_that_breaks_out_of_its_header_makes_no_header_and_no_other_mail() {
    let mut campaign = asking();
    for texts in campaign.texts.values_mut() {
        BREAKS_OUT.clone_into(&mut texts.title);
        BREAKS_OUT.clone_into(&mut texts.pledge);
    }
    BREAKS_OUT.clone_into(&mut campaign.privacy.controller);
    format!("trees@example.org{BREAKS_OUT}").clone_into(&mut campaign.privacy.contact);
    let (letter, post) = letter_of(campaign).await;
    assert_is_one_letter(&letter, &post);
    assert_eq!(post.letters().len(), 1);
}

#[tokio::test]
async fn an_organization_with_an_address_of_several_lines_writes_as_one() {
    let mut campaign = asking();
    "Trees e. V.\nForest Road 1\nNairobi".clone_into(&mut campaign.privacy.controller);
    let (letter, post) = letter_of(campaign).await;
    assert_is_one_letter(&letter, &post);
    let from = letter.header("From");
    assert!(from.starts_with("\"Trees e. V. Forest Road 1 Nairobi\" <no-reply@"), "{from}");
}

#[tokio::test]
async fn fault_38_script_in_title_pledge_and_controller_is_inert_in_a_mail() {
    let mut campaign = asking();
    for texts in campaign.texts.values_mut() {
        MARKUP.clone_into(&mut texts.title);
        MARKUP.clone_into(&mut texts.pledge);
    }
    format!("\"{MARKUP}\" <evil@evil.example>,").clone_into(&mut campaign.privacy.controller);
    MARKUP.clone_into(&mut campaign.privacy.contact);
    let (letter, post) = letter_of(campaign).await;
    assert_is_one_letter(&letter, &post);
    let (plain, html) = letter.parts();
    assert!(plain.contains("<script>alert(1)</script>"), "as it was typed: {plain}");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{html}");
    assert!(html.contains("&amp;amp;"), "once and not twice: {html}");
}

#[tokio::test]
async fn fault_22_what_could_break_a_mail_is_refused_from_signers_and_the_rest_is_not_in_it() {
    let (server, post) = start().await;
    for name in ["A\r\nBcc: thief@evil.example", "A\u{0}B", "A\u{202e}B", "A\u{200b}\nB"] {
        let mut body = person("amina@example.org");
        body["name"] = json!(name);
        let answer = server.sign(&body).await;
        assert!([201, 422].contains(&answer.status), "{}", answer.text);
    }
    for email in ["amina@example.org\r\nRCPT TO:<thief@evil.example>", "a\u{202e}@example.org"] {
        server.sign(&person(email)).await.assert_fields(&["email"]);
    }
    let mut body = person("last@example.org");
    body["name"] = json!("O'Brien <b>&\"");
    body["message"] = json!(MARKUP);
    server.sign(&body).await;
    let mut letters = post.letters();
    while letters.last().is_none_or(|letter| letter.to != "last@example.org") {
        post.has(letters.len() + 1).await;
        letters = post.letters();
    }
    for letter in &letters {
        assert!(["amina@example.org", "last@example.org"].contains(&&*letter.to), "{}", letter.to);
        let (plain, html) = letter.parts();
        for text in [&plain, &html, &letter.raw] {
            for typed in ["thief", "Brien", "script", "evil", "\u{202e}", "\u{0}"] {
                assert!(!text.contains(typed), "{typed:?}: {text}");
            }
        }
    }
    // The page that the link opens shows it, as words.
    let link = path(letters.last().unwrap(), &server.url);
    let page = server.get(&link).await;
    assert!(page.text.contains("Brien &lt;b&gt;&amp;"), "{}", page.text);
    assert!(!page.text.contains("<b>") && !page.text.contains("<script"), "{}", page.text);
    press(&server, &link).await;
    assert_eq!(server.total().await, 1);
}
