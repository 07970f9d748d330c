//! Webhooks: what is told to whom, what happens when nobody listens, and where it may not go.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use tokio::net::TcpListener;

use crate::harness::{Answer, Server, Setup, eventually, person};

/// A server of the organizers that takes messages.
struct Receiver {
    url: String,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    status: AtomicU16,
    messages: Mutex<Vec<Message>>,
}

#[derive(Clone, Debug)]
struct Message {
    id: String,
    at: i64,
    signature: String,
    body: String,
}

impl Message {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether one of the signatures is by this secret.
    fn is_signed_by(&self, secret: &str) -> bool {
        let key = Webhook::new(secret).unwrap();
        let signature = key.sign(&self.id, self.at, self.body.as_bytes()).unwrap();
        self.signature.split(' ').any(|it| it == signature)
    }
}

async fn take(State(seen): State<Arc<Seen>>, headers: HeaderMap, body: String) -> StatusCode {
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    seen.messages.lock().unwrap().push(Message {
        id: text("webhook-id"),
        at: text("webhook-timestamp").parse().unwrap(),
        signature: text("webhook-signature"),
        body,
    });
    StatusCode::from_u16(seen.status.load(Ordering::SeqCst)).unwrap()
}

impl Receiver {
    async fn answering(status: u16) -> Self {
        let seen = Arc::new(Seen::default());
        seen.status.store(status, Ordering::SeqCst);
        let router = Router::new().route("/hook", post(take)).with_state(Arc::clone(&seen));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, seen }
    }

    fn answer(&self, status: u16) {
        self.seen.status.store(status, Ordering::SeqCst);
    }

    fn messages(&self) -> Vec<Message> {
        self.seen.messages.lock().unwrap().clone()
    }

    async fn has(&self, messages: usize) {
        eventually("as many messages", || async { self.messages().len() >= messages }).await;
        assert_eq!(self.messages().len(), messages);
    }
}

/// The owner of `example`, who asks the API.
struct Owner<'a> {
    server: &'a Server,
    token: String,
}

const BASE: &str = "/api/v1/admin/campaigns/example/webhooks";

impl<'a> Owner<'a> {
    async fn of(server: &'a Server) -> Self {
        Self { server, token: format!("Bearer {}", server.token().await) }
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{BASE}{path}", self.server.url);
        let request = self.server.client.request(method.parse().unwrap(), url);
        let mut request = request.header("authorization", &self.token);
        if let Some(body) = body {
            let json = serde_json::to_vec(&body).unwrap();
            request = request.header("content-type", "application/json").body(json);
        }
        Answer::of(request.send().await.unwrap()).await
    }

    /// The new webhook's id and secret.
    async fn make(&self, url: &str, events: &[&str]) -> (i64, String) {
        let answer = self.ask("POST", "", Some(json!({ "url": url, "events": events }))).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
        let made = answer.json();
        let secret = made["secret"].as_str().unwrap().to_owned();
        assert!(secret.starts_with("whsec_"));
        (made["webhook"]["id"].as_i64().unwrap(), secret)
    }

    async fn webhook(&self, id: i64) -> Value {
        let list = self.ask("GET", "", None).await;
        assert!(!list.text.contains("whsec_"), "secrets are shown once");
        let list = list.json();
        list.as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone()
    }

    async fn deliveries(&self, id: i64) -> Vec<Value> {
        let answer = self.ask("GET", &format!("/{id}/deliveries"), None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["items"].as_array().unwrap().clone()
    }

    async fn until(&self, what: &str, id: i64, holds: impl Fn(&Value) -> bool) {
        eventually(what, || async { holds(&self.webhook(id).await) }).await;
    }
}

async fn server() -> Server {
    Server::with(Setup { allow_local_webhooks: true, ..Setup::default() }).await
}

async fn sign(server: &Server, mailbox: &str) -> String {
    server.sign(&person(&format!("{mailbox}@example.org"))).await.assert_taken()
}

#[tokio::test]
async fn a_message_is_signed_and_says_what_happened_without_saying_who() {
    let (server, receiver) = (server().await, Receiver::answering(204).await);
    let owner = Owner::of(&server).await;
    let (id, secret) = owner.make(&receiver.url, &["pledge.signed"]).await;
    let receipt = sign(&server, "amina").await;
    receiver.has(1).await;
    let message = receiver.messages().remove(0);
    assert!(message.is_signed_by(&secret));
    assert!(!message.is_signed_by("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
    let told = message.json();
    assert_eq!(told["type"], "pledge.signed");
    let data = &told["data"];
    assert_eq!((&data["campaign"], &data["country"]), (&json!("example"), &json!("KE")));
    assert_eq!((&data["receipt"], &data["number"]), (&json!(receipt), &json!(1)));
    for personal in ["Amina", "amina", "example.org"] {
        assert!(!message.body.contains(personal), "{}", message.body);
    }
    owner.until("it is delivered", id, |it| it["pending"] == 0 && it["last_status"] == 204).await;
    let delivery = owner.deliveries(id).await.remove(0);
    assert_eq!((&delivery["state"], &delivery["id"]), (&json!("delivered"), &json!(message.id)));
    assert_eq!((&delivery["attempts"], &delivery["payload"]), (&json!(1), &json!(message.body)));
}

#[tokio::test]
async fn for_a_day_after_a_rotation_both_secrets_sign() {
    let (server, receiver) = (server().await, Receiver::answering(204).await);
    let owner = Owner::of(&server).await;
    let (id, first) = owner.make(&receiver.url, &["pledge.signed"]).await;
    assert_eq!(owner.webhook(id).await["earlier_secret_until"], json!(null));
    let rotated = owner.ask("POST", &format!("/{id}/rotate"), None).await.json();
    let second = rotated["secret"].as_str().unwrap().to_owned();
    // Whoever rotates once more is told what that would end.
    let until = json!("2027-03-02T12:00:00Z");
    assert_eq!(rotated["webhook"]["earlier_secret_until"], until);
    assert_eq!(owner.webhook(id).await["earlier_secret_until"], until);
    assert_ne!(first, second);
    sign(&server, "a").await;
    receiver.has(1).await;
    let both = receiver.messages().remove(0);
    assert!(both.is_signed_by(&first) && both.is_signed_by(&second), "{both:?}");
    server.clock.advance_ms(24 * 3600 * 1000);
    sign(&server, "b").await;
    receiver.has(2).await;
    let later = receiver.messages().remove(1);
    assert!(!later.is_signed_by(&first) && later.is_signed_by(&second), "{later:?}");
    assert_eq!(owner.webhook(id).await["earlier_secret_until"], json!(null));
}

#[tokio::test]
async fn fault_12_webhook_receiver_down_for_days_pledges_unaffected_same_id_on_redelivery() {
    let (server, receiver) = (server().await, Receiver::answering(500).await);
    let owner = Owner::of(&server).await;
    let (id, _) = owner.make(&receiver.url, &["pledge.signed"]).await;
    sign(&server, "a").await;
    // Ten tries, however long they take, and then it is given up where the organizer sees it.
    for tries in 1..=10 {
        receiver.has(tries).await;
        eventually("the try is written down", || async {
            owner.deliveries(id).await[0]["attempts"] == tries
        })
        .await;
        let seen = owner.webhook(id).await;
        assert_eq!((&seen["last_status"], seen["failing_since"].is_string()), (&json!(500), true));
        server.clock.advance_ms(27 * 3600 * 1000);
    }
    owner.until("it is given up", id, |it| it["failed"] == 1 && it["pending"] == 0).await;
    assert_eq!(server.total().await, 1);
    // The receiver is back.
    receiver.answer(204);
    sign(&server, "b").await;
    receiver.has(11).await;
    owner.until("the rest is delivered", id, |it| it["pending"] == 0).await;
    let given_up = owner.deliveries(id).await.into_iter().find(|it| it["state"] == "failed");
    let given_up = given_up.unwrap()["id"].as_str().unwrap().to_owned();
    let before = receiver.messages().len();
    let replay = owner.ask("POST", &format!("/{id}/deliveries/{given_up}/replay"), None).await;
    assert_eq!((replay.status, &replay.json()["state"]), (202, &json!("pending")));
    receiver.has(before + 1).await;
    let messages = receiver.messages();
    assert_eq!(messages[before].id, given_up);
    assert!(messages[..10].iter().all(|it| it.id == given_up && it.body == messages[0].body));
    owner.until("nothing fails", id, |it| it["failed"] == 0 && it["failing_since"].is_null()).await;
}

#[tokio::test]
async fn an_answer_of_410_switches_it_off_and_says_so() {
    let (server, receiver) = (server().await, Receiver::answering(410).await);
    let owner = Owner::of(&server).await;
    let (id, _) = owner.make(&receiver.url, &["pledge.signed"]).await;
    sign(&server, "a").await;
    owner.until("it is off", id, |it| it["enabled"] == false).await;
    let reason = owner.webhook(id).await["disabled_reason"].as_str().unwrap().to_owned();
    assert!(reason.contains("410"), "{reason}");
    // Nobody did it: the log says so.
    let lines = server.web.app.store.lines_after(0, 9).await.unwrap();
    let last = &lines.last().unwrap().line;
    assert_eq!((&*last.actor, &*last.action), ("server", "webhook.change"));
    assert!(last.detail.contains("410"), "{}", last.detail);
    sign(&server, "b").await;
    let failing = countersign::hooks::failing(
        &server.web.app,
        server.web.app.campaigns.get("example").unwrap().id,
    );
    assert_eq!(failing.await.unwrap()[0].disabled.as_deref(), Some(reason.as_str()));
    receiver.answer(204);
    let on = owner.ask("PATCH", &format!("/{id}"), Some(json!({ "enabled": true }))).await.json();
    assert_eq!((&on["enabled"], &on["disabled_reason"]), (&json!(true), &json!(null)));
    sign(&server, "c").await;
    receiver.has(2).await;
    assert_eq!(receiver.messages()[1].json()["data"]["number"], 3);
}

#[tokio::test]
async fn a_goal_that_is_reached_is_told() {
    let (server, receiver) = (server().await, Receiver::answering(204).await);
    let owner = Owner::of(&server).await;
    owner.make(&receiver.url, &["goal.reached"]).await;
    for n in 0..12 {
        sign(&server, &format!("p{n}")).await;
    }
    receiver.has(1).await;
    let told = receiver.messages().remove(0).json();
    assert_eq!(told["type"], "goal.reached");
    assert_eq!(told["data"], json!({ "campaign": "example", "goal": 10, "total": 10 }));
}

#[tokio::test]
async fn a_test_message_shows_whether_the_receiver_is_there() {
    let (server, receiver) = (server().await, Receiver::answering(204).await);
    let owner = Owner::of(&server).await;
    let (id, secret) = owner.make(&receiver.url, &["goal.reached"]).await;
    let sent = owner.ask("POST", &format!("/{id}/test"), None).await;
    assert_eq!((sent.status, &sent.json()["event"]), (202, &json!("webhook.test")));
    receiver.has(1).await;
    let message = receiver.messages().remove(0);
    assert!(message.is_signed_by(&secret));
    assert_eq!(json!(message.id), sent.json()["id"]);
    assert_eq!(owner.ask("DELETE", &format!("/{id}"), None).await.status, 204);
    for (method, path) in [
        ("DELETE", format!("/{id}")),
        ("POST", format!("/{id}/test")),
        ("POST", format!("/{id}/rotate")),
        ("GET", format!("/{id}/deliveries")),
        ("POST", format!("/{id}/deliveries/{}/replay", message.id)),
        ("GET", "/nonsense/deliveries".to_owned()),
    ] {
        owner.ask(method, &path, None).await.assert_problem(404, "not_found");
    }
}

#[tokio::test]
async fn fault_44_a_webhook_to_the_inside_is_refused_when_it_is_made_and_when_it_is_changed() {
    let server = Server::start().await;
    let owner = Owner::of(&server).await;
    let (id, _) = owner.make("https://receiver.example/hook", &["pledge.signed"]).await;
    for url in [
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f000001/",
        "http://receiver.example/hook",
        "https://me:secret@receiver.example/",
        "file:///etc/passwd",
        "",
    ] {
        let body = json!({ "url": url, "events": ["pledge.signed"] });
        owner.ask("POST", "", Some(body)).await.assert_fields(&["url"]);
        owner
            .ask("PATCH", &format!("/{id}"), Some(json!({ "url": url })))
            .await
            .assert_fields(&["url"]);
    }
    for events in [json!([]), json!(["pledge.stolen"])] {
        let body = json!({ "url": "https://receiver.example/", "events": events });
        owner.ask("POST", "", Some(body)).await.assert_fields(&["events"]);
    }
}

#[tokio::test]
async fn a_campaign_has_at_most_twenty_and_pages_of_messages_are_whole() {
    let (server, receiver) = (server().await, Receiver::answering(204).await);
    let owner = Owner::of(&server).await;
    let (id, _) = owner.make(&receiver.url, &["pledge.signed"]).await;
    for _ in 1..20 {
        owner.make("https://receiver.example/", &["goal.reached"]).await;
    }
    let body = json!({ "url": "https://receiver.example/", "events": ["goal.reached"] });
    owner.ask("POST", "", Some(body)).await.assert_problem(409, "too_many_webhooks");
    for n in 0..60 {
        sign(&server, &format!("p{n}")).await;
    }
    receiver.has(60).await;
    let (mut after, mut ids) = (String::new(), Vec::new());
    loop {
        let page = owner.ask("GET", &format!("/{id}/deliveries?after={after}"), None).await.json();
        ids.extend(page["items"].as_array().unwrap().iter().map(|it| it["id"].clone()));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    let all = ids.len();
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!((all, ids.len()), (60, 60));
    let bad = owner.ask("GET", &format!("/{id}/deliveries?after=nonsense"), None).await;
    bad.assert_fields(&["after"]);
}
