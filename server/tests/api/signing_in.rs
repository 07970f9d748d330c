//! Ways in: invitations, passwords, sessions.

use countersign::organizer::Role;
use countersign::store::OrganizationId;
use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{Browser, Server, Setup};

const OURS: OrganizationId = OrganizationId(1);
const SESSION: &str = "/api/v1/admin/session";
const COOKIE: &str = "__Host-countersign";
const PASSWORD: &str = "correct horse battery";

async fn ada(server: &Server) -> Browser {
    let issued = server.invite("ada@example.org", Role::Owner, OURS).await;
    let browser = server.browser();
    let form = json!({ "name": "Ada", "password": PASSWORD });
    let answer = browser.post(&format!("/api/v1/admin/invitations/{}", issued.ticket), &form).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    browser
}

#[tokio::test]
async fn an_invitation_says_whom_it_is_for_and_lets_them_in() {
    let server = Server::start().await;
    let issued = server.invite("ada@example.org", Role::Editor, OURS).await;
    assert_eq!(
        issued.link(&server.url),
        format!("{}/admin/invitation/{}", server.url, issued.ticket)
    );
    let path = format!("/api/v1/admin/invitations/{}", issued.ticket);
    let browser = server.browser();
    let shown = browser.get(&path).await.json();
    assert_eq!(shown["email"], "ada@example.org");
    assert_eq!(shown["role"], "editor");
    assert_eq!(shown["has_account"], false);
    browser
        .post(&path, &json!({ "name": "Ada", "password": "short" }))
        .await
        .assert_fields(&["password"]);
    browser
        .post(&path, &json!({ "name": "", "password": PASSWORD }))
        .await
        .assert_fields(&["name"]);
    let me = browser.post(&path, &json!({ "name": "Ada", "password": PASSWORD })).await.json();
    assert_eq!((&me["email"], &me["name"]), (&json!("ada@example.org"), &json!("Ada")));
    assert_eq!(me["has_password"], true);
    assert_eq!(browser.get(SESSION).await.json(), me);
    assert_eq!(browser.get(SESSION).await.header("cache-control"), "no-store");
    let elsewhere = server.browser();
    assert_eq!(elsewhere.sign_in("ADA@Example.org", PASSWORD).await.status, 200);
    assert_eq!(elsewhere.get(SESSION).await.json()["role"], "editor");
}

#[tokio::test]
async fn fault_45_first_administrator_one_time_expiring_token_no_default_account() {
    let server = Server::start().await;
    // No default account.
    for (email, password) in [("admin@example.org", "admin"), ("admin", "admin"), ("", "")] {
        server.browser().sign_in(email, password).await.assert_problem(401, "sign_in_failed");
    }
    let issued = server.invite("ada@example.org", Role::Owner, OURS).await;
    let path = format!("/api/v1/admin/invitations/{}", issued.ticket);
    let form = json!({ "name": "Ada", "password": null });
    // One time: two at once yield one.
    let browsers: Vec<_> = (0..8).map(|_| server.browser()).collect();
    let answers = join_all(browsers.iter().map(|browser| browser.post(&path, &form))).await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 404, 404, 404, 404, 404, 404, 404]);
    // Guessed, used and expired look alike.
    let late = server.invite("eve@example.org", Role::Owner, OURS).await;
    server.clock.advance_ms(72 * 3_600_000);
    let guessed = "A".repeat(43);
    let mut bodies = Vec::new();
    for ticket in [&guessed, &issued.ticket, &late.ticket, &"x".to_owned()] {
        let path = format!("/api/v1/admin/invitations/{ticket}");
        let answer = server.browser().get(&path).await;
        answer.assert_problem(404, "not_found");
        bodies.push(answer.text);
        server.browser().post(&path, &form).await.assert_problem(404, "not_found");
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test]
async fn fault_43_session_fixation_every_sign_in_is_a_new_session() {
    let server = Server::start().await;
    ada(&server).await;
    let browser = server.browser();
    // What an attacker planted is not adopted.
    let planted = "P".repeat(43);
    browser.set(COOKIE, &planted);
    assert_eq!(browser.sign_in("ada@example.org", PASSWORD).await.status, 200);
    let first = browser.cookie(COOKIE).unwrap();
    assert_ne!(first, planted);
    let attacker = server.browser();
    attacker.set(COOKIE, &planted);
    attacker.get(SESSION).await.assert_problem(401, "unauthorized");
    // The next sign-in in the same browser ends the one before.
    assert_eq!(browser.sign_in("ada@example.org", PASSWORD).await.status, 200);
    assert_ne!(browser.cookie(COOKIE).unwrap(), first);
    attacker.set(COOKIE, &first);
    attacker.get(SESSION).await.assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn fault_43_logout_is_effective_at_once_here_and_everywhere() {
    let server = Server::start().await;
    let one = ada(&server).await;
    let kept = one.cookie(COOKIE).unwrap();
    assert_eq!(one.delete(SESSION).await.status, 204);
    assert_eq!(one.cookie(COOKIE), None);
    one.set(COOKIE, &kept);
    one.get(SESSION).await.assert_problem(401, "unauthorized");
    let (two, three) = (server.browser(), server.browser());
    for browser in [&two, &three] {
        assert_eq!(browser.sign_in("ada@example.org", PASSWORD).await.status, 200);
    }
    let sessions = two.get("/api/v1/admin/sessions").await.json();
    let current: Vec<_> =
        sessions.as_array().unwrap().iter().map(|it| it["current"].as_bool().unwrap()).collect();
    assert_eq!(current.iter().filter(|current| **current).count(), 1);
    assert_eq!(current.len(), 2);
    assert_eq!(two.delete("/api/v1/admin/sessions").await.status, 204);
    three.get(SESSION).await.assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn a_session_ends_by_itself_when_idle_and_at_last() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let hours = |n: i64| server.clock.advance_ms(n * 3_600_000);
    hours(11);
    assert_eq!(owner.get(SESSION).await.status, 200);
    hours(11);
    assert_eq!(owner.get(SESSION).await.status, 200);
    for _ in 0..28 {
        hours(11);
        owner.get(SESSION).await;
    }
    // Fourteen days are 336 hours.
    assert_eq!(owner.get(SESSION).await.status, 200);
    hours(6);
    owner.get(SESSION).await.assert_problem(401, "unauthorized");
    let idle = server.organizer(Role::Owner).await;
    hours(12);
    idle.get(SESSION).await.assert_problem(401, "unauthorized");
}

#[tokio::test]
async fn an_unknown_account_gets_the_answer_of_a_wrong_password() {
    let server = Server::start().await;
    ada(&server).await;
    let wrong = server.browser().sign_in("ada@example.org", "wrong horse battery").await;
    let unknown = server.browser().sign_in("eve@example.org", "wrong horse battery").await;
    wrong.assert_problem(401, "sign_in_failed");
    assert_eq!(wrong.text, unknown.text);
}

#[tokio::test]
async fn tries_are_limited_by_account_and_by_address() {
    let server = Server::with(Setup { rate_limit: true, ..Setup::default() }).await;
    let browser = server.browser();
    for _ in 0..5 {
        browser.sign_in("ada@example.org", "").await.assert_problem(401, "sign_in_failed");
    }
    browser.sign_in("ada@example.org", "").await.assert_problem(429, "rate_limited");
    for n in 0..14 {
        let answer = browser.sign_in(&format!("{n}@example.org"), "").await;
        answer.assert_problem(401, "sign_in_failed");
    }
    browser.sign_in("new@example.org", "").await.assert_problem(429, "rate_limited");
}

#[tokio::test]
async fn a_new_password_needs_the_present_one_and_ends_other_sessions() {
    let server = Server::start().await;
    let browser = ada(&server).await;
    let other = server.browser();
    assert_eq!(other.sign_in("ada@example.org", PASSWORD).await.status, 200);
    let new = "another horse battery";
    let change = json!({ "password": new, "present_password": "not that one at all" });
    browser.patch(SESSION, &change).await.assert_fields(&["present_password"]);
    let change =
        json!({ "password": new, "present_password": PASSWORD, "time_zone": "Africa/Nairobi" });
    let me = browser.patch(SESSION, &change).await.json();
    assert_eq!(me["time_zone"], "Africa/Nairobi");
    other.get(SESSION).await.assert_problem(401, "unauthorized");
    other.sign_in("ada@example.org", PASSWORD).await.assert_problem(401, "sign_in_failed");
    assert_eq!(other.sign_in("ada@example.org", new).await.status, 200);
    browser
        .patch(SESSION, &json!({ "time_zone": "Mars/Base" }))
        .await
        .assert_fields(&["time_zone"]);
    browser.patch(SESSION, &json!({ "locale": "e n" })).await.assert_fields(&["locale"]);
}

#[tokio::test]
async fn who_has_an_account_accepts_another_invitation_with_its_password() {
    let server = Server::start().await;
    ada(&server).await;
    let theirs = server.another_organization().await;
    let issued = server.invite("ada@example.org", Role::Analyst, theirs).await;
    let path = format!("/api/v1/admin/invitations/{}", issued.ticket);
    let stranger = server.browser();
    assert_eq!(stranger.get(&path).await.json()["has_account"], true);
    let form = json!({ "name": "Eve", "password": "my own new password" });
    stranger.post(&path, &form).await.assert_problem(401, "sign_in_failed");
    let form = json!({ "name": "", "password": PASSWORD });
    let me = stranger.post(&path, &form).await.json();
    assert_eq!((&me["name"], &me["organization"]), (&json!("Ada"), &json!("Another")));
    assert_eq!(me["role"], "analyst");
}

#[tokio::test]
async fn who_belongs_to_two_organizations_changes_between_them_and_begins_where_they_were_last() {
    let server = Server::start().await;
    let browser = ada(&server).await;
    server.clock.advance_ms(1_000);
    let theirs = server.another_organization().await;
    let issued = server.invite("ada@example.org", Role::Analyst, theirs).await;
    let path = format!("/api/v1/admin/invitations/{}", issued.ticket);
    // Signed in to the account, one press is enough.
    let me = browser.post(&path, &json!({ "name": "" })).await.json();
    assert_eq!(me["organization"], "Another");
    let all = me["organizations"].as_array().unwrap();
    let shown: Vec<_> = all.iter().map(|it| (it["current"].clone(), it["role"].clone())).collect();
    assert_eq!(shown, [(json!(false), json!("owner")), (json!(true), json!("analyst"))]);
    let elsewhere = server.browser();
    let me = elsewhere.sign_in("ada@example.org", PASSWORD).await.json();
    assert_eq!(me["organization"], "Another", "where she was last");
    let change = "/api/v1/admin/session/organization";
    let before = elsewhere.cookie(COOKIE).unwrap();
    server.clock.advance_ms(1_000);
    let back = elsewhere.post(change, &json!({ "organization": OURS.0 })).await;
    assert_eq!(back.status, 200, "{}", back.text);
    let (me, now) = (back.json(), elsewhere.get(SESSION).await.json());
    assert_eq!((&me["role"], &now["role"]), (&json!("owner"), &json!("owner")));
    assert_eq!(elsewhere.get("/api/v1/admin/team").await.status, 200);
    // Another session, and the one before is over.
    let after = elsewhere.cookie(COOKIE).unwrap();
    assert_ne!(before, after);
    elsewhere.set(COOKIE, &before);
    elsewhere.get(SESSION).await.assert_problem(401, "unauthorized");
    elsewhere.set(COOKIE, &after);
    let me = server.browser().sign_in("ada@example.org", PASSWORD).await.json();
    assert_eq!(me["role"], "owner", "where she was last");
    let stranger = json!({ "organization": theirs.0 + 1 });
    elsewhere.post(change, &stranger).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn changing_the_organization_proves_nothing_and_prolongs_nothing() {
    let server = Server::start().await;
    let browser = server.organizer(Role::Owner).await;
    let change = json!({ "organization": OURS.0 });
    let before = browser.get(SESSION).await.json()["session_ends_at"].clone();
    server.clock.advance_ms(11 * 60_000);
    let me = browser.post("/api/v1/admin/session/organization", &change).await.json();
    assert_eq!(me["session_ends_at"], before);
    let first = json!({ "password": PASSWORD });
    browser.patch(SESSION, &first).await.assert_problem(403, "sign_in_again");
}

#[tokio::test]
async fn a_first_password_asks_for_a_sign_in_of_the_last_minutes() {
    let server = Server::start().await;
    let (fresh, old) = (server.organizer(Role::Owner).await, server.organizer(Role::Owner).await);
    let first = json!({ "password": PASSWORD });
    assert_eq!(fresh.patch(SESSION, &first).await.status, 200);
    server.clock.advance_ms(10 * 60_000 + 1_000);
    old.patch(SESSION, &first).await.assert_problem(403, "sign_in_again");
    // What is no way in needs none.
    assert_eq!(old.patch(SESSION, &json!({ "name": "Ada" })).await.status, 200);
}

#[tokio::test]
async fn opening_the_page_of_the_sign_in_is_no_try() {
    let server = Server::with(Setup { rate_limit: true, ..Setup::default() }).await;
    let offer = "/api/v1/admin/session/passkey/begin";
    for n in 0..60 {
        let answer = server.browser().post(offer, &json!({})).await;
        assert_eq!(answer.status, 200, "{n}: {}", answer.text);
    }
    server.browser().post(offer, &json!({})).await.assert_problem(429, "rate_limited");
    let tried = server.browser().sign_in("ada@example.org", "").await;
    tried.assert_problem(401, "sign_in_failed");
}
