//! The log of what organizers did.

use countersign::organizer::Role;
use serde_json::json;

use crate::harness::{Server, Setup, eventually, person};

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
    // Nor is it theirs to know how much others do.
    let proof = other.get("/api/v1/admin/audit/proof").await.json();
    assert_eq!(proof, json!({ "entries": 0, "intact": true, "broken_at": null }));
}

#[tokio::test]
async fn the_log_is_walked_once_a_minute_however_many_ask() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    let entries = async || owner.get("/api/v1/admin/audit/proof").await.json()["entries"].clone();
    assert_eq!(entries().await, 0);
    let token = json!({ "name": "script", "role": "analyst" });
    assert_eq!(owner.post("/api/v1/admin/tokens", &token).await.status, 201);
    server.clock.advance_ms(59_000);
    assert_eq!(entries().await, 0, "as it was a minute ago");
    server.clock.advance_ms(1_000);
    assert_eq!(entries().await, 1);
}

#[tokio::test]
async fn what_the_server_does_by_itself_is_a_line_as_well() {
    let mut server = Server::start().await;
    for n in 0..3 {
        server.sign(&person(&format!("p{n}@example.org"))).await.assert_taken();
    }
    server.clock.advance_ms(31 * 24 * 3600 * 1000);
    // What is due is deleted when a server starts.
    server = server.restart(Setup::default()).await;
    let owner = server.organizer(Role::Owner).await;
    let audit = async || owner.get("/api/v1/admin/audit").await.json()["items"].clone();
    eventually("a line", || async { audit().await != json!([]) }).await;
    let line = audit().await[0].clone();
    assert_eq!((&line["actor"], &line["action"]), (&json!("server"), &json!("retention.delete")));
    assert_eq!((&line["subject"], &line["detail"]), (&json!("example"), &json!("{\"people\":3}")));
}

#[tokio::test]
async fn a_job_that_takes_many_out_says_when_and_how_many_in_the_name_of_who_began_it() {
    let server = Server::start().await;
    let owner = server.organizer(Role::Owner).await;
    for n in 0..3 {
        server.sign(&person(&format!("p{n}@flood.example"))).await.assert_taken();
    }
    let job = json!({ "filter": { "domain": "flood.example" }, "reason": "a flood" });
    let path = "/api/v1/admin/campaigns/example/bulk";
    let id = owner.post(path, &job).await.json()["id"].clone();
    let path = format!("{path}/{id}");
    eventually("the job ends", || async { owner.get(&path).await.json()["state"] == "done" }).await;
    let lines = owner.get("/api/v1/admin/audit").await.json()["items"].clone();
    let of = |action: &str| {
        let all = lines.as_array().unwrap();
        all.iter().find(|line| line["action"] == action).unwrap().clone()
    };
    let (began, ended) = (of("bulk.invalidate"), of("bulk.finish"));
    assert_eq!(began["actor"], ended["actor"]);
    assert_eq!(ended["subject"], format!("example/{id}"));
    assert_eq!(ended["detail"], "{\"changed\":3,\"reason\":\"a flood\"}");
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
