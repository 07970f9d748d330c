//! What belongs to another organization, or to another campaign, is not there: whoever knows its
//! number and asks for it under a campaign of their own.

use std::collections::BTreeMap;

use countersign::http::admin::RULES;
use countersign::http::admin::access::Rule;
use countersign::organizer::Role;
use countersign::store::OrganizationId;
use serde_json::{Value, json};

use crate::harness::{Answer, Authenticator, Browser, Server, eventually, person};
use crate::passkeys;

const OURS: OrganizationId = OrganizationId(1);

/// One of everything that has a number, by the part of the path before it.
type Things = BTreeMap<&'static str, String>;

/// Every route to one thing, those that destroy it last.
fn routes_to_things() -> Vec<&'static Rule> {
    let mut rules: Vec<_> = RULES
        .iter()
        .copied()
        .flatten()
        .filter(|rule| rule.path.contains("{id}") || rule.path.contains("{delivery}"))
        .collect();
    rules.sort_by_key(|rule| match rule.method.as_str() {
        "GET" => 0,
        "PATCH" | "PUT" => 1,
        "DELETE" => 4,
        _ if rule.path.ends_with("/erase") => 3,
        _ => 2,
    });
    assert!(rules.len() >= 20, "{}", rules.len());
    rules
}

/// The path under a campaign, to these things.
fn to(rule: &Rule, slug: &str, things: &Things) -> String {
    let (before, _) = rule.path.split_once("/{id}").unwrap();
    let kind = before.rsplit('/').next().unwrap();
    let id = things.get(kind).unwrap_or_else(|| panic!("{kind}: this test makes none of them"));
    let path = rule.path.replace("{slug}", slug).replace("{id}", id);
    path.replace("{delivery}", &things["deliveries"])
}

async fn ask(browser: &Browser, rule: &Rule, path: &str) -> Answer {
    let body = match rule.path.rsplit_once("/{id}").map(|(before, _)| before) {
        _ if rule.method.is_safe() => None,
        Some(before) if before.ends_with("marks") => {
            Some(json!({ "at": "2027-03-01T12:00:00Z", "label": "a mark" }))
        }
        Some(before) if before.ends_with("team") => Some(json!({ "role": "analyst" })),
        Some(before) if before.ends_with("webhooks") => Some(json!({ "enabled": false })),
        _ => Some(json!({ "country": "FR" })),
    };
    browser.send(rule.method.as_str(), path, body.as_ref()).await
}

fn of(slug: &str, rest: &str) -> String {
    format!("/api/v1/admin/campaigns/{slug}/{rest}")
}

async fn made(browser: &Browser, path: &str, body: Value) -> Value {
    let answer = browser.post(path, &body).await;
    assert!((200..300).contains(&answer.status), "{path}: {} {}", answer.status, answer.text);
    answer.json()
}

/// A campaign with one of everything in it.
async fn campaign(server: &Server, owner: &Browser, slug: &str) -> Things {
    let ours = server.organizer(Role::Owner).await;
    let mut settings = ours.get("/api/v1/admin/campaigns/example").await.json()["settings"].clone();
    settings["slug"] = json!(slug);
    made(owner, "/api/v1/admin/campaigns", json!({ "settings": settings })).await;
    server.sign_at(slug, &person("amina@example.org"), &[]).await.assert_taken();
    let export = "0123456789abcdef";
    let rows = owner.get(&of(slug, &format!("pledges.ndjson?export={export}"))).await.json();
    let mark = json!({ "at": "2027-03-01T11:00:00Z", "label": "On the radio" });
    let mark = made(owner, &of(slug, "marks"), mark).await;
    let hook = json!({ "url": "https://receiver.example/", "events": ["goal.reached"] });
    let hook = made(owner, &of(slug, "webhooks"), hook).await["webhook"]["id"].to_string();
    let sent = made(owner, &of(slug, &format!("webhooks/{hook}/test")), json!({})).await;
    let job = json!({ "filter": { "domain": "x.example" }, "reason": "robots", "preview": true });
    let job = made(owner, &of(slug, "bulk"), job).await["id"].to_string();
    let ends =
        async || owner.get(&of(slug, &format!("bulk/{job}"))).await.json()["state"] == "done";
    eventually("the job ends", &ends).await;
    let file = json!({
        "label": "a list",
        "csv": "Name,Mail,Country\nBaraka,baraka@example.org,KE\n",
        "mapping": { "name": "Name", "email": "Mail", "country": "Country" },
        "dry_run": false,
    });
    let file = made(owner, &of(slug, "imports"), file).await;
    let label = json!({ "label": "a box", "country": "KE", "counted": 3 });
    let label = made(owner, &of(slug, "labelled"), label).await;
    Things::from([
        ("supporters", rows["id"].to_string()),
        ("signatures", rows["id"].to_string()),
        ("people", rows["id"].to_string()),
        ("exports", export.to_owned()),
        ("marks", mark["id"].to_string()),
        ("webhooks", hook),
        ("deliveries", sent["id"].as_str().unwrap().to_owned()),
        ("bulk", job),
        ("imports", file["id"].to_string()),
        ("labelled", label["id"].to_string()),
    ])
}

/// What an organization has beside its campaigns.
async fn people(server: &Server, organization: OrganizationId, owner: &Browser) -> Things {
    let mut passkey = Authenticator::new(1);
    assert_eq!(passkeys::add(server, owner, &mut passkey).await.status, 204);
    server.account(Role::Analyst, organization).await;
    server.invite("eve@example.org", Role::Analyst, organization).await;
    server.token_of(Role::Analyst, organization).await;
    let team = owner.get("/api/v1/admin/team").await.json();
    let members = team["members"].as_array().unwrap();
    let member = members.iter().find(|member| member["role"] == "analyst").unwrap();
    let first = async |path: &str| owner.get(path).await.json()[0]["id"].clone();
    let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    Things::from([
        ("team", text(&member["id"])),
        ("invitations", text(&team["invitations"][0]["id"])),
        ("tokens", text(&first("/api/v1/admin/tokens").await)),
        ("passkeys", text(&first("/api/v1/admin/passkeys").await)),
    ])
}

/// Everything that the other side could have changed, as its owner sees it.
async fn seen(owner: &Browser, slug: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let lists = ["pledges.ndjson", "marks", "offline", "bulk", "overview"];
    let lists = lists.map(|list| of(slug, list));
    let others = ["team", "tokens", "passkeys"].map(|list| format!("/api/v1/admin/{list}"));
    for path in lists.iter().chain(&others) {
        let answer = owner.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        seen.push(answer.text);
    }
    // Whether its messages arrive is another matter.
    for hook in owner.get(&of(slug, "webhooks")).await.json().as_array().unwrap() {
        seen.push(json!([hook["id"], hook["url"], hook["enabled"]]).to_string());
    }
    seen
}

#[tokio::test]
async fn fault_43_anothers_things_answer_404_under_a_campaign_of_ones_own() {
    let server = Server::start().await;
    let stranger = server.organizer_of(Role::Owner, OURS).await;
    let theirs = server.another_organization().await;
    let owner = server.organizer_of(Role::Owner, theirs).await;
    let mut things = campaign(&server, &owner, "theirs").await;
    things.extend(people(&server, theirs, &owner).await);
    let before = seen(&owner, "theirs").await;
    for rule in routes_to_things() {
        let path = to(rule, "example", &things);
        let answer = ask(&stranger, rule, &path).await;
        let who = format!("{} {path}: {} {}", rule.method, answer.status, answer.text);
        assert_eq!(answer.status, 404, "{who}");
        assert_eq!(answer.json()["code"], "not_found", "{who}");
    }
    assert_eq!(seen(&owner, "theirs").await, before);
    // They were there all the time: their owner finds each of them.
    for rule in routes_to_things() {
        let path = to(rule, "theirs", &things);
        let answer = ask(&owner, rule, &path).await;
        let who = format!("{} {path}: {} {}", rule.method, answer.status, answer.text);
        assert!(![400, 403, 404, 405, 422, 500].contains(&answer.status), "{who}");
    }
}

#[tokio::test]
async fn fault_43_anothers_things_and_things_that_are_not_there_look_the_same_to_every_role() {
    let server = Server::start().await;
    let theirs = server.another_organization().await;
    let owner = server.organizer_of(Role::Owner, theirs).await;
    let mut things = campaign(&server, &owner, "theirs").await;
    things.extend(people(&server, theirs, &owner).await);
    let nowhere: Things = things.keys().map(|&kind| (kind, "987654321".to_owned())).collect();
    let before = seen(&owner, "theirs").await;
    for role in Role::ALL {
        let stranger = server.organizer_of(role, OURS).await;
        for rule in routes_to_things() {
            let allowed = rule.permission.is_some_and(|permission| role.allows(permission));
            let expected = if allowed { (404, "not_found") } else { (403, "forbidden") };
            for things in [&things, &nowhere] {
                let path = to(rule, "example", things);
                let answer = ask(&stranger, rule, &path).await;
                let code = answer.json()["code"].as_str().unwrap_or_default().to_owned();
                let who = format!("{} {} {path}", role.as_str(), rule.method);
                assert_eq!((answer.status, code.as_str()), expected, "{who}: {}", answer.text);
            }
        }
    }
    assert_eq!(seen(&owner, "theirs").await, before);
}

#[tokio::test]
async fn another_campaigns_things_answer_404_within_one_organization_too() {
    let server = Server::start().await;
    let owner = server.organizer_of(Role::Owner, OURS).await;
    let things = campaign(&server, &owner, "second").await;
    let before = seen(&owner, "second").await;
    for rule in routes_to_things().into_iter().filter(|rule| rule.path.contains("{slug}")) {
        let path = to(rule, "example", &things);
        let answer = ask(&owner, rule, &path).await;
        answer.assert_problem(404, "not_found");
    }
    assert_eq!(seen(&owner, "second").await, before);
}
