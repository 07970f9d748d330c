//! The team, its invitations, its tokens.

use countersign::organizer::Role;
use countersign::organizer::session::Entrant;
use countersign::store::OrganizationId;
use serde_json::{Value, json};

use crate::harness::{Browser, Server};

const OURS: OrganizationId = OrganizationId(1);
const TEAM: &str = "/api/v1/admin/team";

async fn member(browser: &Browser, email: &str) -> Value {
    let team = browser.get(TEAM).await.json();
    let members = team["members"].as_array().unwrap();
    members.iter().find(|member| member["email"] == email).unwrap().clone()
}

async fn email(browser: &Browser) -> String {
    browser.get("/api/v1/admin/session").await.json()["email"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn fault_43_role_change_and_removal_are_effective_at_once() {
    let server = Server::start().await;
    let (owner, editor) =
        (server.organizer(Role::Owner).await, server.organizer(Role::Editor).await);
    let people = "/api/v1/admin/campaigns/example/supporters?q=amina";
    assert_eq!(editor.get(people).await.status, 200);
    let id = member(&owner, &email(&editor).await).await["id"].as_i64().unwrap();
    let path = format!("{TEAM}/{id}");
    assert_eq!(owner.patch(&path, &json!({ "role": "analyst" })).await.status, 204);
    editor.get(people).await.assert_problem(403, "forbidden");
    assert_eq!(owner.patch(&path, &json!({ "role": "owner" })).await.status, 204);
    assert_eq!(editor.get(TEAM).await.status, 200);
    assert_eq!(owner.delete(&path).await.status, 204);
    editor.get(TEAM).await.assert_problem(401, "unauthorized");
    owner.delete(&path).await.assert_problem(404, "not_found");
}

#[tokio::test]
async fn the_last_owner_stays() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    server.organizer(Role::Editor).await;
    let me = member(&owner, &email(&owner).await).await;
    assert_eq!(me["you"], true);
    let path = format!("{TEAM}/{}", me["id"]);
    owner.delete(&path).await.assert_problem(409, "last_owner");
    owner.patch(&path, &json!({ "role": "editor" })).await.assert_problem(409, "last_owner");
    assert_eq!(owner.patch(&path, &json!({ "role": "owner" })).await.status, 204);
}

#[tokio::test]
async fn an_invitation_is_replaced_withdrawn_and_never_for_a_member() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let invitations = format!("{TEAM}/invitations");
    let eve = json!({ "email": "Eve@Example.org", "role": "analyst" });
    let first = owner.post(&invitations, &eve).await.json()["url"].as_str().unwrap().to_owned();
    let second = owner.post(&invitations, &eve).await.json()["url"].as_str().unwrap().to_owned();
    let path = |url: &str| format!("/api/v1/admin/invitations/{}", url.rsplit('/').next().unwrap());
    owner.get(&path(&first)).await.assert_problem(404, "not_found");
    assert_eq!(owner.get(&path(&second)).await.status, 200);
    let open = owner.get(TEAM).await.json()["invitations"].clone();
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!(open[0]["email"], "eve@example.org");
    let one = format!("{invitations}/{}", open[0]["id"]);
    assert_eq!(owner.delete(&one).await.status, 204);
    owner.get(&path(&second)).await.assert_problem(404, "not_found");
    owner.delete(&one).await.assert_problem(404, "not_found");
    let again = json!({ "email": email(&owner).await, "role": "owner" });
    let refused = owner.post(&invitations, &again).await;
    refused.assert_fields(&["email"]);
    owner
        .post(&invitations, &json!({ "email": "nobody", "role": "owner" }))
        .await
        .assert_fields(&["email"]);
}

#[tokio::test]
async fn another_organizations_members_invitations_and_tokens_are_not_there() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let stranger = {
        let theirs = server.another_organization().await;
        server.organizer_of(Role::Owner, theirs).await
    };
    server.invite("eve@example.org", Role::Analyst, OURS).await;
    server.token_of(Role::Analyst, OURS).await;
    let id = member(&owner, &email(&owner).await).await["id"].clone();
    let invitation = owner.get(TEAM).await.json()["invitations"][0]["id"].clone();
    let token = owner.get("/api/v1/admin/tokens").await.json()[0]["id"].clone();
    let change = json!({ "role": "analyst" });
    stranger.patch(&format!("{TEAM}/{id}"), &change).await.assert_problem(404, "not_found");
    for path in [
        format!("{TEAM}/{id}"),
        format!("{TEAM}/invitations/{invitation}"),
        format!("/api/v1/admin/tokens/{token}"),
    ] {
        stranger.delete(&path).await.assert_problem(404, "not_found");
    }
    assert_eq!(stranger.get("/api/v1/admin/tokens").await.json(), json!([]));
    assert_eq!(stranger.get(TEAM).await.json()["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_has_the_rights_of_its_role_until_its_end() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let wish = json!({ "name": "script", "role": "moderator", "days": 7 });
    let made = owner.post("/api/v1/admin/tokens", &wish).await;
    assert_eq!(made.status, 201);
    let made = made.json();
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let headers = [("authorization", &*bearer)];
    let export = "/api/v1/admin/campaigns/example/pledges.csv";
    assert_eq!(server.get_with(export, &headers).await.status, 200);
    server.get_with(TEAM, &headers).await.assert_problem(403, "forbidden");
    let listed = owner.get("/api/v1/admin/tokens").await.json();
    assert_eq!(listed[0]["name"], "script");
    assert!(listed[0]["used_at"].is_string());
    assert!(!listed.to_string().contains(made["token"].as_str().unwrap()), "shown once");
    owner.post("/api/v1/admin/tokens", &wish).await.assert_fields(&["name"]);
    server.clock.advance_ms(7 * 86_400_000);
    server.get_with(export, &headers).await.assert_problem(401, "unauthorized");
    let wish = json!({ "name": "forever", "role": "analyst", "days": 0 });
    let owner = server.organizer(Role::Owner).await;
    owner.post("/api/v1/admin/tokens", &wish).await.assert_fields(&["days"]);
    let path = format!("/api/v1/admin/tokens/{}", made["made"]["id"]);
    assert_eq!(owner.delete(&path).await.status, 204);
    assert_eq!(owner.get("/api/v1/admin/tokens").await.json(), json!([]));
}

#[tokio::test]
async fn an_owner_makes_a_new_way_in_for_a_member() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let editor = server.organizer(Role::Editor).await;
    let who = email(&editor).await;
    let id = member(&owner, &who).await["id"].clone();
    let made = owner.post(&format!("{TEAM}/{id}/reset"), &json!({})).await;
    assert_eq!(made.status, 201, "{}", made.text);
    editor.get(TEAM).await.assert_problem(401, "unauthorized");
    let url = made.json()["url"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/admin/invitations/{}", url.rsplit('/').next().unwrap());
    let browser = server.browser();
    let shown = browser.get(&path).await.json();
    assert_eq!((&shown["reset"], &shown["email"]), (&json!(true), &json!(who)));
    let form = json!({ "name": "", "password": "correct horse battery" });
    let me = browser.post(&path, &form).await.json();
    assert_eq!((&me["email"], &me["role"]), (&json!(who), &json!("editor")));
    assert_eq!(server.browser().sign_in(&who, "correct horse battery").await.status, 200);
    let lines = owner.get("/api/v1/admin/audit").await.json()["items"].clone();
    let told = lines.as_array().unwrap().iter().any(|line| line["action"] == "account.reset");
    assert!(told, "{lines}");
}

#[tokio::test]
async fn a_new_way_in_opens_no_other_organization() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let editor = server.organizer(Role::Editor).await;
    let who = email(&editor).await;
    let path = format!("{TEAM}/{}/reset", member(&owner, &who).await["id"]);
    let made = owner.post(&path, &json!({})).await.json();
    // Signed out by it; a passkey or whoever runs the server lets them in again.
    let account = server.web.app.store.organizer_by_email(&who).await.unwrap().unwrap();
    let entrant = Entrant { organizer: account.id, organization: OURS };
    let theirs = server.another_organization().await;
    let issued = server.invite(&who, Role::Owner, theirs).await;
    let accept = format!("/api/v1/admin/invitations/{}", issued.ticket);
    let joined = server.signed_in(entrant).await.post(&accept, &json!({ "name": "" })).await;
    assert_eq!(joined.status, 200, "{}", joined.text);
    let link = made["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let old = server.browser().get(&format!("/api/v1/admin/invitations/{link}")).await;
    old.assert_problem(404, "not_found");
    owner.post(&path, &json!({})).await.assert_problem(409, "state_conflict");
}

#[tokio::test]
async fn tokens_end_with_whoever_answers_for_them_and_say_who_made_them() {
    let server = Server::start().await;
    let (owner, other) = (server.organizer(Role::Owner).await, server.organizer(Role::Owner).await);
    let who = email(&other).await;
    let tokens = "/api/v1/admin/tokens";
    let make = |name: &str| json!({ "name": name, "role": "owner" });
    let first = other.post(tokens, &make("first")).await.json();
    let bearer = format!("Bearer {}", first["token"].as_str().unwrap());
    // A token's token is theirs as well.
    let (script, body) = (server.browser(), make("second"));
    let headers = [("authorization", &*bearer)];
    let second = script.send_as("POST", tokens, Some(&body), &headers).await;
    assert_eq!(second.status, 201, "{}", second.text);
    assert_eq!(owner.post(tokens, &make("mine")).await.status, 201);
    let listed = owner.get(tokens).await.json();
    let by: Vec<_> = (0..3).map(|n| listed[n]["made_by"].as_str().unwrap()).collect();
    assert_eq!(by, [&*who, "token first", &*email(&owner).await]);
    let shown = member(&owner, &who).await;
    assert_eq!(shown["tokens"], json!(["first", "second"]));
    let path = format!("{TEAM}/{}", shown["id"]);
    assert_eq!(owner.patch(&path, &json!({ "role": "editor" })).await.status, 204);
    server.get_with(TEAM, &[("authorization", &bearer)]).await.assert_problem(401, "unauthorized");
    let left = owner.get(tokens).await.json();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["name"]), (1, &json!("mine")));
    assert_eq!(owner.delete(&path).await.status, 204);
    // The log knows who is meant, and what ended with them.
    let lines = owner.get("/api/v1/admin/audit").await.json()["items"].clone();
    assert_eq!((&lines[0]["action"], &lines[0]["subject"]), (&json!("member.remove"), &json!(who)));
    assert_eq!(lines[1]["subject"], who);
    let detail: Value = serde_json::from_str(lines[1]["detail"].as_str().unwrap()).unwrap();
    let said = json!({ "role": "editor", "before": "owner", "tokens": ["first", "second"] });
    assert_eq!(detail, said);
}
