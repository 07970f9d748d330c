//! A database elsewhere that is not there yet, goes, and comes back: what a server says meanwhile.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use countersign_bench::cluster::{Cluster, Durability};
use countersign_bench::node::{Node, Setup};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml");
const PATIENCE: Duration = Duration::from_secs(60);

struct Site(Node);

impl Site {
    async fn get(&self, path: &str) -> Response {
        client().get(format!("{}{path}", self.0.url())).send().await.unwrap()
    }

    async fn status(&self, path: &str) -> StatusCode {
        self.get(path).await.status()
    }

    async fn totals(&self) -> Value {
        self.get("/api/v1/campaigns/example/totals").await.json().await.unwrap()
    }

    async fn sign(&self, person: &str) -> Response {
        let url = format!("{}/api/v1/campaigns/example/pledges", self.0.url());
        let email = format!("{person}@example.org");
        let body = json!({ "name": "Amina Otieno", "email": email, "country": "KE" });
        client().post(url).header("idempotency-key", person).json(&body).send().await.unwrap()
    }

    async fn until(&self, what: &str, is_so: impl AsyncFn(&Self) -> bool) {
        let asking = async {
            while !is_so(self).await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("never: {what}"));
    }
}

fn client() -> reqwest::Client {
    // Building a client asks for TLS, also where only plain HTTP is spoken.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap()
}

fn is_to_come_again(answer: &Response) {
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert!(answer.headers()["retry-after"].to_str().unwrap().parse::<u64>().unwrap() >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_07_database_down_at_boot_or_mid_run_503_liveness_up_totals_marked_stale() {
    let cluster = Cluster::start(Durability::Usual).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut setup = Setup::new(env!("CARGO_BIN_EXE_countersign"), folder.path());
    setup.database_url = Some(cluster.database().await.unwrap());
    setup.apply(EXAMPLE.as_ref()).unwrap();

    cluster.stop("immediate").unwrap();
    let site = Site(setup.spawn().unwrap());
    site.until("it lives", async |site| site.0.answers("/healthz").await).await;
    is_to_come_again(&site.get("/readyz").await);
    let refused = site.sign("early").await;
    is_to_come_again(&refused);
    assert_eq!(refused.headers()["access-control-allow-origin"], "*", "a widget may read it");

    // Somebody who never finishes asking must not keep the server from starting.
    let mut half = tokio::net::TcpStream::connect(site.0.address).await.unwrap();
    half.write_all(b"GET /").await.unwrap();
    assert_eq!(site.status("/healthz").await, 200);

    cluster.up().unwrap();
    site.until("it is ready", async |site| site.status("/readyz").await == 200).await;
    drop(half);
    assert_eq!(site.sign("early").await.status(), StatusCode::CREATED);
    assert_eq!(site.totals().await["stale"], Value::Null);

    cluster.stop("immediate").unwrap();
    is_to_come_again(&site.sign("late").await);
    site.until("totals are marked", async |site| site.totals().await["stale"] == true).await;
    assert_eq!(site.totals().await["total"], 1, "what was last known");
    assert_eq!(site.status("/healthz").await, 200);
    // A probe that went through is good for a second.
    site.until("it is not ready", async |site| site.status("/readyz").await == 503).await;
    assert_eq!(site.status("/c/example").await, 200);

    cluster.up().unwrap();
    site.until("it is ready again", async |site| site.status("/readyz").await == 200).await;
    assert_eq!(site.sign("late").await.status(), StatusCode::CREATED);
    site.until("nothing is marked", async |site| site.totals().await["stale"].is_null()).await;
    assert_eq!(site.totals().await["total"], 2);
}
