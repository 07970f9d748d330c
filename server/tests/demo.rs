//! The demo keeps what happened in it, where it was given a folder.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;

use countersign_bench::node::{Node, start_other};
use countersign_bench::oracle::Site;
use countersign_bench::wire;
use serde_json::{Value, json};

const SLUG: &str = "equal-futures";
const SEEDED: u64 = 40;

/// The demo wants a port and the next one.
fn two_ports() -> SocketAddr {
    loop {
        let one = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = one.local_addr().unwrap();
        let next = address.port().checked_add(1);
        if next.is_some_and(|next| TcpListener::bind((Ipv4Addr::LOCALHOST, next)).is_ok()) {
            return address;
        }
    }
}

async fn start(folder: &Path, address: SocketAddr, log: &str) -> (Node, String) {
    let log = folder.join(log);
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.args(["demo", "--days", "3", "--no-people", "--port", &address.port().to_string()]);
    command.args(["--seed-people", &SEEDED.to_string(), "--data-dir"]).arg(folder.join("data"));
    let node = start_other(command, address, &log, "/readyz").await.unwrap();
    // The links come once all have signed.
    let links = async {
        loop {
            let said = std::fs::read_to_string(&log).unwrap();
            if said.contains("(kept)") {
                return said;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let said = tokio::time::timeout(countersign_bench::node::PATIENCE, links).await.unwrap();
    (node, said)
}

/// The token that it prints for the export.
fn token(said: &str) -> &str {
    said.split("Bearer ").nth(1).unwrap().split('\'').next().unwrap()
}

async fn ask(address: SocketAddr, path: &str) -> Value {
    let answer = wire::ask(address, path, &[]).await.unwrap();
    assert_eq!(answer.status, 200, "{path}");
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_that_stops_and_starts_again_has_lost_nothing_and_made_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let address = two_ports();
    let (mut node, first) = start(folder.path(), address, "first.log").await;
    let person = json!({ "name": "Amina Otieno", "email": "amina@example.org", "country": "KE" });
    let body = serde_json::to_vec(&person).unwrap();
    let signed = countersign_bench::load::post(address, SLUG, "one", &body).await.unwrap();
    let taken: Value = serde_json::from_slice(&signed.body).unwrap();
    assert_eq!((signed.status, &taken["number"]), (201, &json!(SEEDED + 1)));
    let before = seen(address, token(&first)).await;
    assert!(node.terminate().await.unwrap().success());

    let (mut node, second) = start(folder.path(), address, "second.log").await;
    // A token stays good, and each start makes one of its own.
    for token in [token(&first), token(&second)] {
        assert_eq!(seen(address, token).await, before);
    }
    let again = countersign_bench::load::post(address, SLUG, "one", &body).await.unwrap();
    let again: Value = serde_json::from_slice(&again.body).unwrap();
    assert_eq!((&again["receipt"], &again["number"]), (&taken["receipt"], &taken["number"]));
    assert!(node.terminate().await.unwrap().success());
}

/// All receipts, the totals of every campaign, and the total over time.
async fn seen(address: SocketAddr, token: &str) -> (BTreeSet<String>, Vec<Value>) {
    let rows = Site::new(address, SLUG, token).rows().await.unwrap();
    let receipts: BTreeSet<String> = rows.into_iter().map(|row| row.receipt).collect();
    assert_eq!(receipts.len() as u64, SEEDED + 1);
    let mut shown = Vec::new();
    for slug in [SLUG, "closed-demo"] {
        let mut totals = ask(address, &format!("/api/v1/campaigns/{slug}/totals")).await;
        for new in ["epoch", "as_of", "rates"] {
            totals.as_object_mut().unwrap().remove(new);
        }
        shown.push(totals);
        shown.push(ask(address, &format!("/api/v1/campaigns/{slug}/history?bucket=day")).await);
    }
    (receipts, shown)
}
