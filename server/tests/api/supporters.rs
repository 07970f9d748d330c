//! People who signed, one by one: found, corrected, taken out of the number and put back.

use std::sync::Arc;

use axum::extract::{FromRequestParts as _, State};
use countersign::http::admin::filtered::Filtered;
use countersign::http::admin::supporters::{Part, list};
use countersign::http::public::campaign::Found;
use countersign::organizer::{Caller, Role};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::harness::{Answer, Server, person};

/// Somebody with a token who may everything.
pub struct Organizer<'a> {
    pub server: &'a Server,
    token: String,
}

impl<'a> Organizer<'a> {
    pub async fn of(server: &'a Server) -> Self {
        Self { server, token: format!("Bearer {}", server.token().await) }
    }

    /// `path` is below the campaign `example`.
    pub async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let url = format!("{}/api/v1/admin/campaigns/example/{path}", self.server.url);
        let request = self.server.client.request(method.parse().unwrap(), url);
        let request = request.header("authorization", &self.token);
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(serde_json::to_vec(body).unwrap()),
            None => request,
        };
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, Some(body)).await
    }

    /// An act without a body that is taken.
    pub async fn act(&self, path: &str) -> Value {
        let answer = self.ask("POST", path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    }

    /// All whom a filter finds, page by page.
    pub async fn found(&self, filter: &str) -> Vec<Value> {
        let mut found = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.get(&format!("supporters?limit=7&{filter}{after}")).await;
            found.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return found,
            }
        }
    }

    pub async fn id_of(&self, email: &str) -> i64 {
        let found = self.found(&format!("q={}", crate::harness::urlencoded(email))).await;
        assert_eq!(found.len(), 1, "{email}");
        found[0]["id"].as_i64().unwrap()
    }
}

pub async fn sign(server: &Server, email: &str) {
    server.sign(&person(email)).await.assert_taken();
}

async fn signed(server: &Server, n: usize) {
    for n in 0..n {
        sign(server, &format!("p{n}@example.org")).await;
    }
}

fn emails(found: &[Value]) -> Vec<&str> {
    found.iter().map(|it| it["email"].as_str().unwrap()).collect()
}

/// The counters, the rows and what is counted at the database are one number.
pub async fn agree(server: &Server) -> u64 {
    let recounts = server.web.app.store.recount(false).await.unwrap();
    assert!(recounts.iter().all(|it| !it.drifts()), "{recounts:?}");
    let total = server.total().await;
    let campaign = server.web.app.campaigns.get("example").unwrap();
    let channels = server.web.app.store.channel_counts(campaign.id).await.unwrap();
    assert_eq!(total, server.counted_rows().await + channels.labelled);
    total
}

#[tokio::test]
async fn a_list_has_everybody_once_the_latest_first() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    for n in 0..20 {
        sign(&server, &format!("p{n}@example.org")).await;
        server.clock.advance_ms(n % 3);
    }
    let found = organizer.found("").await;
    let expected: Vec<_> = (0..20).rev().map(|n| format!("p{n}@example.org")).collect();
    assert_eq!(emails(&found), expected);
    assert_eq!(found[0]["network"], "127.0.0.0/24");
    assert_eq!(found[0]["state"], "counted");
    assert_eq!(found[0]["channel"], "online");
    let first = organizer.get("supporters?limit=3").await;
    assert_eq!((&first["of"], &first["read"]), (&json!(20), &json!(3)));
    organizer.ask("GET", "supporters?after=nonsense", None).await.assert_fields(&["after"]);
    let answer = organizer.ask("GET", "supporters?updates=perhaps", None).await;
    answer.assert_fields(&["updates"]);
    organizer.ask("GET", "supporters/0", None).await.assert_problem(404, "not_found");
    organizer.ask("GET", "supporters/x", None).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn a_search_finds_what_is_sealed() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    signed(&server, 5).await;
    let mut other = person("Zoë.Ümlaut@mail.bücher.example");
    other["name"] = json!("Zoë Ümlaut");
    other["country"] = json!("FR");
    other["message"] = json!("For the trees");
    server.sign(&other).await.assert_taken();
    for filter in [
        "q=%C3%BCMLAUT",
        "q=the%20trees",
        "q=ZO%C3%AB.%C3%9Cmlaut%40mail.b%C3%BCcher.example",
        "domain=xn--bcher-kva.example",
        "pattern=zo%3F.*%40*",
        "country=FR",
        "country=FR&network=127.0.0.0%2F8&state=counted&channel=online",
    ] {
        let found = organizer.found(filter).await;
        assert_eq!(found.len(), 1, "{filter}");
        assert_eq!(found[0]["name"], "Zoë Ümlaut", "{filter}");
    }
    for filter in ["q=nobody", "domain=example.com", "country=FR&q=p1", "network=10.0.0.0%2F8"] {
        assert!(organizer.found(filter).await.is_empty(), "{filter}");
    }
    let at = "2027-03-01T12:00:00Z";
    assert_eq!(organizer.found(&format!("from={at}")).await.len(), 6);
    assert!(organizer.found(&format!("to={at}")).await.is_empty());
}

#[tokio::test]
async fn fault_11_erasure_or_invalidation_while_counting_exactly_minus_1_once_never_below_zero() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    signed(&server, 2).await;
    let (one, two) =
        (organizer.id_of("p0@example.org").await, organizer.id_of("p1@example.org").await);
    let mut stream = server.watch(&[]).await;
    stream.until(|totals| totals["total"] == 2).await;
    let withdraw = format!("supporters/{one}/withdraw");
    let withdrawals = join_all((0..50).map(|_| organizer.act(&withdraw)));
    let people: Vec<_> = (10..30).map(|n| person(&format!("p{n}@example.org"))).collect();
    let signing = join_all(people.iter().map(|body| server.sign(body)));
    let (_, signing) = tokio::join!(withdrawals, signing);
    signing.iter().for_each(|answer| drop(answer.assert_taken()));
    assert_eq!(agree(&server).await, 21);
    // On the way up a frame may have shown 20 as well.
    stream.until(|totals| totals["total"] == 21).await;
    let erase = format!("supporters/{two}/erase");
    let erasures = join_all((0..50).map(|_| organizer.ask("POST", &erase, None))).await;
    assert_eq!(erasures.iter().filter(|it| it.status == 200).count(), 1);
    assert!(erasures.iter().all(|it| [200, 404].contains(&it.status)));
    assert_eq!(agree(&server).await, 20);
    let (_, totals) = stream.until(|totals| totals["total"] == 20).await;
    assert_eq!(totals["reason"], "removed");
    // Down to nothing, and not below.
    for supporter in organizer.found("state=counted").await {
        let id = &supporter["id"];
        organizer.act(&format!("supporters/{id}/withdraw")).await;
        organizer.act(&format!("supporters/{id}/erase")).await;
    }
    assert_eq!(agree(&server).await, 0);
}

#[tokio::test]
async fn fault_25_the_organizer_can_release_what_was_quarantined() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    let mut robot = person("robot@example.org");
    robot["website"] = json!("https://spam.example");
    server.sign(&robot).await.assert_taken();
    assert_eq!(server.total().await, 0);
    let held = organizer.found("state=quarantined").await;
    assert_eq!((held.len(), &held[0]["reason"]), (1, &json!("honeypot")));
    assert_eq!(held[0]["waits_for_mailbox"], false, "this campaign asks no mailbox");
    let id = held[0]["id"].as_i64().unwrap();
    let released = organizer.act(&format!("supporters/{id}/release")).await;
    assert_eq!(
        (&released["total"], &released["supporter"]["state"]),
        (&json!(1), &json!("counted"))
    );
    assert_eq!(organizer.act(&format!("supporters/{id}/release")).await["total"], 1);
    assert_eq!(agree(&server).await, 1);
    // And take it out again, for good.
    let refused = organizer.act(&format!("supporters/{id}/refuse")).await;
    assert_eq!(refused["supporter"]["state"], "refused");
    sign(&server, "robot@example.org").await;
    assert_eq!(agree(&server).await, 0);
    let withdraw = organizer.ask("POST", &format!("supporters/{id}/withdraw"), None).await;
    withdraw.assert_problem(409, "state_conflict");
}

#[tokio::test]
async fn fault_36_erasure_gone_from_rows_search_and_later_exports() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    signed(&server, 3).await;
    let id = organizer.id_of("p1@example.org").await;
    assert_eq!(organizer.act(&format!("supporters/{id}/erase")).await["total"], 2);
    assert!(organizer.found("q=p1%40example.org").await.is_empty());
    assert!(organizer.found("q=p1").await.is_empty());
    assert_eq!(emails(&organizer.found("").await), ["p2@example.org", "p0@example.org"]);
    let gone = organizer.ask("GET", &format!("supporters/{id}"), None).await;
    gone.assert_problem(404, "not_found");
    assert!(
        organizer
            .ask("GET", "pledges.csv", None)
            .await
            .text
            .lines()
            .all(|line| { !line.contains("p1@example.org") })
    );
    assert!(server.rows().await.iter().all(|row| row["email"] != "p1@example.org"));
    // The mailbox is free again.
    sign(&server, "p1@example.org").await;
    assert_eq!(agree(&server).await, 3);
}

#[tokio::test]
async fn a_correction_is_sealed_again_and_moves_countries() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    signed(&server, 2).await;
    let id = organizer.id_of("p0@example.org").await;
    let path = format!("supporters/{id}");
    let bad = json!({ "name": "", "country": "XX", "message": "x".repeat(501) });
    let answer = organizer.ask("PATCH", &path, Some(&bad)).await;
    answer.assert_fields(&["name", "country", "message"]);
    let good = json!({ "name": "Ama", "country": "FR", "message": "Salut", "updates": true });
    let done = organizer.ask("PATCH", &path, Some(&good)).await.json();
    assert_eq!(done["total"], 2);
    let now = organizer.get(&path).await;
    assert_eq!((&now["name"], &now["message"]), (&json!("Ama"), &json!("Salut")));
    assert_eq!((&now["country"], &now["updates"]), (&json!("FR"), &json!(true)));
    assert_eq!(
        (&now["email"], &now["network"]),
        (&json!("p0@example.org"), &json!("127.0.0.0/24"))
    );
    let totals = server.get("/api/v1/campaigns/example/totals").await.json();
    assert_eq!(totals["countries"], json!({ "KE": 1, "FR": 1 }));
    let both = join_all((0..8).map(|n| {
        let (organizer, path) = (&organizer, &path);
        let body = json!({ "message": format!("message {n}"), "country": if n % 2 == 0 { "KE" } else { "DE" } });
        async move { organizer.ask("PATCH", path, Some(&body)).await.status }
    }))
    .await;
    assert!(both.iter().all(|status| [200, 503].contains(status)), "{both:?}");
    assert_eq!(agree(&server).await, 2);
}

#[tokio::test]
async fn after_its_retention_a_row_is_listed_without_the_person() {
    let server = Server::start().await;
    let organizer = Organizer::of(&server).await;
    signed(&server, 1).await;
    let id = organizer.id_of("p0@example.org").await;
    server.clock.advance_ms(31 * 24 * 3600 * 1000);
    server.expire(countersign::clock::Clock::now(&server.clock)).await;
    let found = organizer.found("country=KE").await;
    assert_eq!((found.len(), &found[0]["email"]), (1, &json!(null)));
    assert!(organizer.found("q=Amina").await.is_empty());
    let path = format!("supporters/{id}");
    let rename = organizer.ask("PATCH", &path, Some(&json!({ "name": "Ama" }))).await;
    rename.assert_problem(409, "state_conflict");
    let moved = organizer.ask("PATCH", &path, Some(&json!({ "country": "FR" }))).await;
    assert_eq!(moved.status, 200, "{}", moved.text);
    assert_eq!(agree(&server).await, 1);
}

/// What a list answers to somebody of this role.
async fn list_as(server: &Server, role: Role, query: &str) -> Result<Value, u16> {
    let web = &server.web;
    let caller = Caller { role, ..Caller::command_line() };
    let uri = format!("/api/v1/admin/campaigns/example/supporters?{query}");
    let (mut parts, ()) = http::Request::get(uri).body(()).unwrap().into_parts();
    parts.extensions.insert(caller.clone());
    let filtered = Filtered::from_request_parts(&mut parts, web).await;
    let filtered = filtered.map_err(|error| error.status().as_u16())?;
    let part = Part::from_request_parts(&mut parts, web).await.unwrap();
    let found = Found(web.app.campaigns.get("example").unwrap());
    let page = list(State(Arc::clone(web)), caller, found, filtered, part).await.unwrap();
    Ok(serde_json::to_value(page.0).unwrap())
}

#[tokio::test]
async fn who_may_not_see_people_sees_rows_and_cannot_search_for_people() {
    let server = Server::start().await;
    signed(&server, 2).await;
    let page = list_as(&server, Role::Analyst, "country=KE").await.unwrap();
    let text = page.to_string();
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    for personal in ["example.org", "Amina", "127.0.0"] {
        assert!(!text.contains(personal), "{text}");
    }
    for query in ["q=amina", "domain=example.org", "network=127.0.0.0/8", "pattern=p*"] {
        assert_eq!(list_as(&server, Role::Analyst, query).await.unwrap_err(), 403, "{query}");
        assert!(list_as(&server, Role::Moderator, query).await.is_ok(), "{query}");
    }
}
