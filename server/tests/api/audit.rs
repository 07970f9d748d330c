//! The log of what organizers did.

use countersign::organizer::Role;
use serde_json::json;

use crate::harness::Server;

#[tokio::test]
async fn every_change_is_a_line_that_its_organization_reads_newest_first() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let invite = json!({ "email": "eve@example.org", "role": "analyst" });
    assert_eq!(owner.post("/api/v1/admin/team/invitations", &invite).await.status, 201);
    let token = json!({ "name": "script", "role": "analyst", "days": 7 });
    assert_eq!(owner.post("/api/v1/admin/tokens", &token).await.status, 201);
    let page = owner.get("/api/v1/admin/audit").await.json();
    let actions: Vec<_> =
        page["items"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["token.create", "invitation.create"]);
    assert_eq!(page["items"][1]["subject"], "eve@example.org");
    assert_eq!(page["items"][1]["detail"], "{\"role\":\"analyst\"}");
    let proof = owner.get("/api/v1/admin/audit/proof").await.json();
    assert_eq!(proof, json!({ "entries": 2, "intact": true, "broken_at": null }));
    let theirs = server.another_organization().await;
    let other = server.organizer_of(Role::Owner, theirs).await;
    assert_eq!(other.get("/api/v1/admin/audit").await.json()["items"], json!([]));
}

#[tokio::test]
async fn the_log_comes_page_by_page() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    for n in 0..60 {
        let token = json!({ "name": format!("script {n}"), "role": "analyst" });
        assert_eq!(owner.post("/api/v1/admin/tokens", &token).await.status, 201);
    }
    let first = owner.get("/api/v1/admin/audit").await.json();
    assert_eq!(first["items"].as_array().unwrap().len(), 50);
    let after = first["next"].as_str().unwrap();
    let second = owner.get(&format!("/api/v1/admin/audit?after={after}")).await.json();
    assert_eq!(second["items"].as_array().unwrap().len(), 10);
    assert_eq!(second["items"][9]["subject"], "script 0");
    assert!(second["next"].is_null());
}
