//! Questions to a server, and waiting for what must come true.

use std::net::SocketAddr;
use std::time::Duration;

use countersign_bench::load;
use countersign_bench::wire::Wire;
use serde_json::Value;

use crate::world::{PATIENCE, SLUG, World};

/// Of an answer, what tests look at.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<u64>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

pub async fn get(address: SocketAddr, path: &str) -> Answer {
    answered(client().get(format!("http://{address}{path}"))).await
}

/// Somebody new signs, once; the ledger hears of it.
pub async fn sign(world: &World, address: SocketAddr) -> Answer {
    let (key, number, body) = world.somebody();
    world.ledger.sent(&key, number, &body);
    sign_as(world, address, &key, body).await
}

/// The same request again, or a first time.
pub async fn sign_as(world: &World, address: SocketAddr, key: &str, body: Vec<u8>) -> Answer {
    let url = format!("http://{address}/api/v1/campaigns/{SLUG}/pledges");
    let request = client()
        .post(url)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(body);
    let answer = answered(request).await;
    let body = answer.body.clone().into();
    let noted = countersign_bench::wire::Answer { status: answer.status, closes: true, body };
    load::note(&world.ledger, key, &noted);
    answer
}

/// As an organizer's script does.
pub async fn post(address: SocketAddr, path: &str, token: &str, body: &Value) -> Answer {
    let request = client().post(format!("http://{address}{path}"));
    let request = request.header("authorization", format!("Bearer {token}"));
    let request = request.header("content-type", "application/json");
    answered(request.body(body.to_string())).await
}

/// Presses the button that an e-mail leads to; `None` where nobody answers.
pub async fn press(address: SocketAddr, link: &str) -> Option<u16> {
    let request = format!("POST {link} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 0\r\n\r\n");
    let asked = async { Wire::connect(address).await?.exchange(request.as_bytes()).await };
    let answer = tokio::time::timeout(PATIENCE, asked).await;
    answer.ok()?.ok().map(|answer| answer.status)
}

async fn answered(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let retry_after = answer.headers().get("retry-after");
    Answer {
        status: answer.status().as_u16(),
        retry_after: retry_after.and_then(|wait| wait.to_str().ok()?.parse().ok()),
        body: answer.text().await.unwrap(),
    }
}

fn client() -> reqwest::Client {
    // Building a client asks for TLS, also where only plain HTTP is spoken.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap()
}

/// Asks until the answer is yes.
pub async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !ask().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("never: {what}"));
}
