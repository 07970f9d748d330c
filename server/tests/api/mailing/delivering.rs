//! How e-mails get to a mail server, and what happens when they do not.

use countersign::clock::Clock as _;
use countersign::insight::alarms::Kind;

use super::{asking, signed, start};
use crate::harness::{Post, Server, Setup, eventually, person};

async fn alarms(server: &Server) -> Vec<String> {
    let campaign = server.web.app.campaigns.get("example").unwrap().id;
    let all = server.web.app.alarms.of(campaign, true, server.web.app.clock.now());
    let mails = all.into_iter().filter(|alarm| alarm.kind == Kind::MailFailing.as_str());
    mails.map(|alarm| alarm.text).collect()
}

#[tokio::test]
async fn mails_wait_for_a_server_that_is_down_and_the_organizers_are_told() {
    let (server, post) = start().await;
    post.answer(0);
    server.sign(&person("a@example.org")).await;
    eventually("an alarm", || async {
        server.clock.advance_ms(10_000);
        server.web.app.mailer.wake();
        !alarms(&server).await.is_empty()
    })
    .await;
    let said = alarms(&server).await.remove(0);
    assert!(said.contains("do not get through") && !said.contains("example.org"), "{said}");
    post.answer(250);
    eventually("the e-mail", || async {
        server.clock.advance_ms(10_000);
        post.letters().len() == 1
    })
    .await;
    eventually("no alarm", || async { alarms(&server).await.is_empty() }).await;
}

#[tokio::test]
async fn without_a_mail_server_the_mails_wait_and_that_is_said() {
    let server = Server::with(Setup { campaigns: vec![asking()], ..Setup::default() }).await;
    server.sign(&person("a@example.org")).await;
    eventually("an alarm", || async { !alarms(&server).await.is_empty() }).await;
    assert!(alarms(&server).await[0].contains("COUNTERSIGN_SMTP_URL"));
    let post = Post::open().await;
    let setup = Setup {
        campaigns: vec![asking()],
        smtp_url: Some(post.url().to_owned()),
        ..Setup::default()
    };
    let server = server.restart(setup).await;
    assert_eq!(post.has(1).await.to, "a@example.org");
    drop(server);
}

#[tokio::test]
async fn a_server_that_refuses_everybody_burns_nine_and_keeps_the_rest() {
    nothing_gets_through(554, "refused it (554)").await;
}

#[tokio::test]
async fn a_server_that_says_later_to_everybody_is_told_of() {
    nothing_gets_through(451, "try again later (451)").await;
}

async fn nothing_gets_through(code: u16, said: &str) {
    let (server, post) = start().await;
    post.answer(code);
    for number in 0..25 {
        server.sign(&person(&format!("p{number}@example.org"))).await;
    }
    let waiting = async || server.web.app.store.waiting_mails(server.clock.now()).await.unwrap();
    eventually("an alarm", || async {
        server.clock.advance_ms(10_000);
        !alarms(&server).await.is_empty()
    })
    .await;
    assert!(alarms(&server).await[0].contains(said), "{:?}", alarms(&server).await);
    assert!(waiting().await >= 16, "{}", waiting().await);
    post.answer(250);
    eventually("the rest", || async {
        server.clock.advance_ms(10_000);
        post.letters().len() >= 16
    })
    .await;
}

#[tokio::test]
async fn a_server_without_the_encryption_that_is_asked_for_loses_nothing() {
    let post = Post::open().await;
    let url = format!("{}?tls=required", post.url());
    let setup = Setup { campaigns: vec![asking()], smtp_url: Some(url), ..Setup::default() };
    let server = Server::with(setup).await;
    server.sign(&person("a@example.org")).await;
    eventually("an alarm", || async {
        server.clock.advance_ms(10_000);
        !alarms(&server).await.is_empty()
    })
    .await;
    assert!(alarms(&server).await[0].contains("STARTTLS"), "{:?}", alarms(&server).await);
    let setup = Setup {
        campaigns: vec![asking()],
        smtp_url: Some(post.url().to_owned()),
        ..Setup::default()
    };
    let server = server.restart(setup).await;
    eventually("the e-mail", || async {
        server.clock.advance_ms(10_000);
        post.letters().len() == 1
    })
    .await;
}

#[tokio::test]
async fn one_mailbox_that_is_not_there_yet_holds_up_nobody() {
    let (server, post) = start().await;
    post.answer(450);
    server.sign(&person("greylisted@example.org")).await;
    eventually("a try", || async { post.asked() > 0 }).await;
    post.answer(250);
    // At once, and not after a pause.
    assert!(signed(&server, &post, "b@example.org").await.starts_with("/confirm/"));
    server.clock.advance_ms(60_000);
    assert_eq!(post.has(2).await.to, "greylisted@example.org");
    assert!(alarms(&server).await.is_empty());
}

#[tokio::test]
async fn a_mailbox_that_is_refused_is_not_tried_again() {
    let (server, post) = start().await;
    post.answer(550);
    server.sign(&person("a@example.org")).await;
    eventually("it is given up", || async {
        server.web.app.store.waiting_mails(server.clock.now()).await.unwrap() == 0
    })
    .await;
    post.answer(250);
    server.clock.advance_ms(86_400_000);
    assert_eq!(signed(&server, &post, "b@example.org").await[..9], *"/confirm/");
    assert_eq!(post.letters().len(), 1);
}
