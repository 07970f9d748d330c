//! Who may do what: every route of the organizers, against everybody who may come.

use std::collections::BTreeSet;

use countersign::http::admin::RULES;
use countersign::http::admin::access::Rule;
use countersign::organizer::{Permission, Role};
use countersign::store::OrganizationId;
use serde_json::json;

use crate::harness::{Answer, Server};

const OURS: OrganizationId = OrganizationId(1);

pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().flatten()
}

/// The path with a campaign that is there and other things that are not: nothing is destroyed that
/// the next request needs.
pub fn real(path: &str) -> String {
    let path = path.replace("{slug}", "example").replace("{token}", "x");
    let path = path.replace("{id}", "999999").replace("{delivery}", "x");
    assert!(!path.contains('{'), "{path}: a parameter that this test does not know");
    path
}

/// With a token, as scripts ask.
async fn with_token(server: &Server, rule: &Rule, token: &str) -> Answer {
    let path = real(rule.path);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", &*bearer)];
    let body = (!rule.method.is_safe()).then(|| json!({}));
    server.browser().send_as(rule.method.as_str(), &path, body.as_ref(), &headers).await
}

/// Signed in, from our own page.
async fn with_session(
    server: &Server,
    rule: &Rule,
    entrant: countersign::organizer::session::Entrant,
) -> Answer {
    // A new one each time: some routes end sessions.
    let browser = server.signed_in(entrant).await;
    let body = (!rule.method.is_safe()).then(|| json!({}));
    browser.send(rule.method.as_str(), &real(rule.path), body.as_ref()).await
}

/// Let in, whatever came of it.
fn assert_admitted(answer: &Answer, who: &str) {
    assert!(
        ![401, 403, 405, 500].contains(&answer.status),
        "{who}: {} {}",
        answer.status,
        answer.text
    );
    if answer.status == 404 {
        assert_ne!(answer.json()["code"], "campaign_not_found", "{who}");
    }
}

fn assert_refused(answer: &Answer, status: u16, code: &str, who: &str) {
    assert_eq!(answer.status, status, "{who}: {}", answer.text);
    assert_eq!(answer.json()["code"], code, "{who}");
}

#[tokio::test]
async fn every_route_admits_exactly_the_roles_of_its_rule() {
    let server = Server::start().await;
    for role in Role::ALL {
        let entrant = server.account(role, OURS).await;
        let token = server.token_of(role, OURS).await;
        for rule in rules() {
            let Some(permission) = rule.permission else { continue };
            let who = format!("{} {} {}", role.as_str(), rule.method, rule.path);
            let (session, token) = (
                with_session(&server, rule, entrant).await,
                with_token(&server, rule, &token).await,
            );
            match role.allows(permission) {
                true => assert_admitted(&session, &who),
                false => assert_refused(&session, 403, "forbidden", &who),
            }
            // A token has no account.
            match role.allows(permission) && permission != Permission::Account {
                true => assert_admitted(&token, &who),
                false => assert_refused(&token, 403, "forbidden", &who),
            }
        }
    }
}

#[tokio::test]
async fn nobody_is_admitted_nowhere_but_at_the_ways_in() {
    let server = Server::start().await;
    for rule in rules() {
        let who = format!("nobody {} {}", rule.method, rule.path);
        let body = (!rule.method.is_safe()).then(|| json!({}));
        let (method, path) = (rule.method.as_str(), real(rule.path));
        let answer = server.browser().send(method, &path, body.as_ref()).await;
        match rule.permission {
            Some(_) => assert_refused(&answer, 401, "unauthorized", &who),
            // Judged by what was sent, and by nothing else.
            None => {
                assert!([200, 401, 404, 409, 422].contains(&answer.status), "{who}: {answer:?}")
            }
        }
        if rule.permission.is_none() && answer.status == 401 {
            assert_ne!(answer.json()["code"], "unauthorized", "{who}");
        }
    }
}

#[tokio::test]
async fn fault_43_another_organizations_ids_answer_404_on_every_route_and_role() {
    let server = Server::start().await;
    let theirs = server.another_organization().await;
    for role in Role::ALL {
        let entrant = server.account(role, theirs).await;
        let token = server.token_of(role, theirs).await;
        for rule in rules().filter(|rule| rule.path.contains("{slug}")) {
            let who = format!("foreign {} {} {}", role.as_str(), rule.method, rule.path);
            let answer = with_session(&server, rule, entrant).await;
            assert_refused(&answer, 404, "campaign_not_found", &who);
            let answer = with_token(&server, rule, &token).await;
            assert_refused(&answer, 404, "campaign_not_found", &who);
        }
    }
}

#[tokio::test]
async fn fault_43_csrf_no_other_site_changes_anything_on_any_route() {
    let server = Server::start().await;
    let evil = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let sibling = [("origin", "http://sub.localhost"), ("sec-fetch-site", "same-site")];
    let entrant = server.account(Role::Owner, OURS).await;
    let browser = server.signed_in(entrant).await;
    for rule in rules().filter(|rule| !rule.method.is_safe()) {
        let who = format!("{} {}", rule.method, rule.path);
        for headers in [&evil[..], &sibling[..], &evil[..1], &[]] {
            let body = Some(json!({}));
            let (method, path) = (rule.method.as_str(), real(rule.path));
            let answer = browser.send_as(method, &path, body.as_ref(), headers).await;
            assert_refused(&answer, 403, "csrf_refused", &who);
        }
    }
    // Nothing happened: the session is still there.
    assert_eq!(browser.get("/api/v1/admin/session").await.status, 200);
}

#[tokio::test]
async fn every_documented_operation_has_one_rule_and_every_rule_is_documented() {
    let server = Server::start().await;
    let document = server.get("/openapi.json").await.json();
    let mut documented = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let methods = operations.as_object().unwrap().keys();
        let methods =
            methods.filter(|key| ["get", "post", "put", "patch", "delete"].contains(&key.as_str()));
        if ["/api/v1/admin", "/api/v1/osdi"].iter().any(|group| path.starts_with(group)) {
            documented.extend(methods.map(|method| (method.to_uppercase(), path.clone())));
        }
    }
    let mut ruled = BTreeSet::new();
    for rule in rules() {
        let one = (rule.method.to_string(), rule.path.to_owned());
        assert!(ruled.insert(one.clone()), "two rules: {one:?}");
    }
    assert_eq!(documented, ruled);
}
