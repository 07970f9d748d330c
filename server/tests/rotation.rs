//! The secret key is rotated: nobody counts twice, nothing becomes unreadable, and in the end the
//! old key is not needed any more.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use countersign_bench::cluster::{Cluster, Durability};
use countersign_bench::node::{Node, Setup};
use serde_json::{Value, json};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml");

async fn sign(node: &Node, email: &str) -> u64 {
    let url = format!("{}/api/v1/campaigns/example/pledges", node.url());
    let body = json!({ "name": "Amina Otieno", "email": email, "country": "KE" });
    // Which TLS the client has is said once a process; either test may be the first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.post(url).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    answer.json::<Value>().await.unwrap()["totals"]["total"].as_u64().unwrap()
}

fn emails(setup: &Setup) -> Vec<String> {
    let rows = setup.run(&["export", "example", "--format", "ndjson"]).unwrap();
    let email = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        row["email"].as_str().unwrap().to_owned()
    };
    rows.lines().map(email).collect()
}

fn key_file(data: &Path) -> std::path::PathBuf {
    data.join("secret.key")
}

async fn rotate(database_url: Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let mut setup = Setup::new(env!("CARGO_BIN_EXE_countersign"), folder.path());
    setup.database_url = database_url;
    setup.apply(EXAMPLE.as_ref()).unwrap();
    let mut node = setup.start().await.unwrap();
    assert_eq!(sign(&node, "a@example.org").await, 1);
    assert_eq!(sign(&node, "b@example.org").await, 2);
    node.terminate().await.unwrap();

    let old = std::fs::read_to_string(key_file(folder.path())).unwrap();
    let new = "5a".repeat(32);
    let both = format!("2:{new}\n1:{old}");
    std::fs::write(key_file(folder.path()), both).unwrap();
    let mut node = setup.start().await.unwrap();
    assert_eq!(sign(&node, "A@example.org").await, 2, "known from before");
    assert_eq!(sign(&node, "c@example.org").await, 3);
    assert_eq!(emails(&setup), ["a@example.org", "b@example.org", "c@example.org"]);
    // While people may sign.
    let said = setup.run(&["rekey"]).unwrap();
    assert!(said.starts_with("2 people are under edition 2"), "{said}");
    assert_eq!(sign(&node, "b@example.org").await, 3);
    node.terminate().await.unwrap();

    std::fs::write(key_file(folder.path()), format!("2:{new}")).unwrap();
    let mut node = setup.start().await.unwrap();
    assert_eq!(sign(&node, "a@example.org").await, 3, "known without the old key");
    assert_eq!(emails(&setup).len(), 3);
    assert!(setup.run(&["recount"]).is_ok());
    node.terminate().await.unwrap();

    std::fs::write(key_file(folder.path()), old).unwrap();
    let refused = setup.run(&["recount"]).unwrap_err().to_string();
    assert!(refused.contains("a later edition"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_35_key_rotation_versioned_fingerprints_dedupe_holds() {
    rotate(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_35_key_rotation_versioned_fingerprints_dedupe_holds_on_postgres() {
    let cluster = Cluster::given_or_start(Durability::None).unwrap();
    rotate(Some(cluster.database().await.unwrap())).await;
}
