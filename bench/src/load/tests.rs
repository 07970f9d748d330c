//! Loads against a toy server that does as it is told.

#![allow(clippy::unwrap_used)]

use std::sync::atomic::AtomicU64;

use super::*;
use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use tokio::net::TcpListener;

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn pledges(address: SocketAddr, ledger: &Arc<Ledger>) -> Load {
    let ledger = Some(Arc::clone(ledger));
    Load { connections: 4, ..Load::pledges(address, "example", People::of("t"), 10, ledger) }
}

/// Takes a pledge the `n`th time that any is sent.
async fn takes_every(n: u64) -> SocketAddr {
    let calls = Arc::new(AtomicU64::new(0));
    let sign = move |headers: HeaderMap| {
        let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
        let key = headers["idempotency-key"].to_str().unwrap().to_owned();
        async move {
            if call.is_multiple_of(n) {
                (StatusCode::CREATED, format!(r#"{{"receipt":"R-{key}","number":1}}"#))
            } else {
                (StatusCode::SERVICE_UNAVAILABLE, String::new())
            }
        }
    };
    serve(Router::new().route("/api/v1/campaigns/example/pledges", post(sign))).await
}

#[tokio::test]
async fn a_closed_loop_sends_as_many_as_it_is_told_and_each_once() {
    let (address, ledger) = (takes_every(1).await, Arc::default());
    let report = Load { count: Some(100), ..pledges(address, &ledger) }.run().await;
    assert_eq!((report.with(201), report.errors, ledger.acknowledged_count()), (100, 0, 100));
    assert_eq!(ledger.entry("t-109").unwrap().acknowledged.unwrap().receipt, "R-t-109");
    assert!(ledger.entry("t-110").is_none());
}

#[tokio::test]
async fn what_is_not_taken_stays_open_and_can_be_sent_again() {
    let (address, ledger) = (takes_every(2).await, Arc::default());
    let report = Load { count: Some(20), ..pledges(address, &ledger) }.run().await;
    assert_eq!((report.with(201), report.with(503)), (10, 10));
    assert_eq!(ledger.unacknowledged().len(), 10);
    let report = Load::again(address, "example", Arc::clone(&ledger)).run().await;
    assert_eq!(report.with(201), 10);
    assert!(ledger.unacknowledged().is_empty());
    assert_eq!(ledger.len(), 20, "no new keys");
}

#[tokio::test]
async fn resending_goes_on_until_each_is_acknowledged() {
    let (address, ledger) = (takes_every(3).await, Arc::default());
    let load = Load { count: Some(20), resend: true, ..pledges(address, &ledger) };
    let report = load.run().await;
    assert_eq!((report.with(201), ledger.len(), ledger.acknowledged_count()), (20, 20, 20));
}

#[tokio::test]
async fn an_open_loop_measures_from_when_a_request_was_due() {
    // The only connection is held for 100 ms by each request, and one is due every 20 ms.
    let slow = get(|| async { tokio::time::sleep(Duration::from_millis(100)).await });
    let address = serve(Router::new().route("/slow", slow)).await;
    let pace = Pace::Open { per_second: 50.0 };
    let load = Load { connections: 1, count: Some(5), pace, ..Load::get(address, "/slow") };
    let report = load.run().await;
    assert_eq!(report.with(200), 5);
    // The fifth was due after 80 ms and answered after 500.
    assert!(report.quantile_ms(1.0) >= 400.0, "{}", report.line());
}

#[tokio::test]
async fn a_load_ends_when_told_and_survives_a_server_that_is_away() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let ledger = Arc::default();
    let load = Load { stop: Some(stopped), ..pledges(gone, &ledger) };
    let running = tokio::spawn(load.run());
    tokio::time::sleep(Duration::from_millis(50)).await;
    stop.send_replace(true);
    let report = running.await.unwrap();
    assert!(report.refused > 0);
    assert!(ledger.is_empty(), "nothing is taken for sent that never left");
}
