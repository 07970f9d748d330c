//! The number moves on every open page.

use std::time::{Duration, Instant};

use countersign::http::Settings;
use futures_util::future::join_all;

use crate::harness::{
    Change as _, Event, PATIENCE, Raw, Server, Setup, campaign, eventually, person,
};

#[tokio::test]
async fn fault_13_unknown_future_or_garbage_last_event_id_the_current_snapshot_no_error() {
    let server = Server::start().await;
    server.sign(&person("amina@example.org")).await.assert_taken();
    let long = "9".repeat(4_000);
    let future = format!("{}:999999", u64::MAX);
    for id in ["", "garbage", "0:0", "1:1", "1:999999", &future, "-1:-1", "💥", "1:1:1", &long] {
        let mut events = server.watch(&[("last-event-id", id)]).await;
        assert_eq!(events.status, 200, "{id}");
        let (_, data) = events.totals().await.unwrap();
        assert_eq!(data["total"], 1, "{id}");
        assert_eq!(data["countries"]["KE"], 1, "{id}");
        assert!(data.get("partial").is_none(), "whole: {data}");
    }
}

#[tokio::test]
async fn fault_14_server_restart_new_epoch_and_the_total_has_not_fallen() {
    let server = Server::start().await;
    for n in 0..3 {
        server.sign(&person(&format!("p{n}@example.org"))).await.assert_taken();
    }
    let before = server.get("/api/v1/campaigns/example/totals").await.json();
    let server = server.restart(Setup::default()).await;
    let after = server.get("/api/v1/campaigns/example/totals").await.json();
    assert!(after["epoch"].as_u64() > before["epoch"].as_u64(), "{before} {after}");
    assert_eq!((&after["total"], &after["countries"]), (&before["total"], &before["countries"]));
    let old_id = format!("{}:{}", before["epoch"], before["seq"]);
    let (id, data) = server.watch(&[("last-event-id", &old_id)]).await.totals().await.unwrap();
    assert!(id.starts_with(&format!("{}:", after["epoch"])), "{id}");
    assert_eq!(data["total"], 3);
    assert!(data.get("reason").is_none(), "nothing was removed: {data}");
}

#[tokio::test]
async fn fault_15_a_client_that_never_reads_dropped_at_its_maximum_age_pledge_latency_unaffected() {
    let settings = Settings { stream_lifetime: Duration::from_millis(500), ..Settings::default() };
    let server = Server::with(Setup { settings, ..Setup::default() }).await;
    let mut deaf = Vec::new();
    for _ in 0..50 {
        let mut client = server.connect().await;
        client.send("GET /api/v1/campaigns/example/stream HTTP/1.1\r\nhost: x\r\n\r\n").await;
        deaf.push(client);
    }
    eventually("all are watching", || async { server.web.streams.open() == 50 }).await;
    for n in 0..20 {
        let asked = Instant::now();
        server.sign(&person(&format!("p{n}@example.org"))).await.assert_taken();
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    }
    eventually("all are let go", || async { server.web.streams.open() == 0 }).await;
    assert_eq!(server.total().await, 20);
    drop(deaf);
}

#[tokio::test]
async fn fault_15_a_client_that_never_reads_is_let_go_when_its_writes_stall_and_its_place_is_free()
{
    // Nothing but a stall ends a stream here: it would live for hours.
    let settings = Settings {
        heartbeat: Duration::from_millis(1),
        stall: Duration::from_millis(500),
        stream_lifetime: Duration::from_secs(3600),
        ..Settings::default()
    };
    let server = Server::with(Setup { settings, ..Setup::default() }).await;
    let mut reader = server.watch(&[]).await;
    let mut deaf = Vec::new();
    for _ in 0..10 {
        let mut client = Raw::with_small_buffer(server.web.app.config.listen).await;
        client.send("GET /api/v1/campaigns/example/stream HTTP/1.1\r\nhost: x\r\n\r\n").await;
        deaf.push(client);
    }
    eventually("all are watching", || async { server.web.streams.open() == 11 }).await;
    let reading = async {
        while server.web.streams.open() > 1 {
            reader.next().await.expect("whoever reads is kept");
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("those who never read are let go");
    assert!(matches!(reader.next().await, Some(Event::Comment | Event::Totals { .. })));
    drop(deaf);
}

#[tokio::test]
async fn fault_16_connections_exhausted_per_address_429_and_a_place_that_is_left_is_free() {
    let setup = Setup { max_streams_per_address: 3, ..Setup::default() };
    let server = Server::with(setup).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(server.watch(&[]).await);
    }
    let answer = server.get("/api/v1/campaigns/example/stream").await;
    answer.assert_problem(429, "too_many_streams");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    drop(open);
    eventually("the places are free", || async { server.web.streams.open() == 0 }).await;
    assert_eq!(server.watch(&[]).await.status, 200);
}

#[tokio::test]
async fn fault_18_a_buffering_proxy_x_accel_buffering_no_and_heartbeat() {
    let settings = Settings { heartbeat: Duration::from_millis(50), ..Settings::default() };
    let server = Server::with(Setup { settings, ..Setup::default() }).await;
    let mut events = server.watch(&[]).await;
    assert_eq!(events.headers["x-accel-buffering"], "no");
    assert_eq!(events.headers["content-type"], "text/event-stream");
    assert_eq!(events.headers["cache-control"], "no-store, no-transform");
    assert_eq!(events.headers["access-control-allow-origin"], "*");
    let Some(Event::Retry(wait)) = events.next().await else { panic!("a hint comes first") };
    assert!((1_000..=5_000).contains(&wait), "{wait}");
    assert!(matches!(events.next().await, Some(Event::Totals { .. })));
    for _ in 0..3 {
        assert_eq!(events.next().await, Some(Event::Comment));
    }
}

#[tokio::test]
async fn fault_19_closed_campaign_a_final_event_then_204() {
    let closing = campaign("example").closing_at("2027-03-01T13:00:00Z");
    let server = Server::with(Setup { campaigns: vec![closing], ..Setup::default() }).await;
    server.sign(&person("amina@example.org")).await.assert_taken();
    let mut events = server.watch(&[]).await;
    let (_, first) = events.totals().await.unwrap();
    assert!(first.get("open").is_none(), "open: {first}");
    server.clock.set(crate::harness::at("2027-03-01T13:00:00Z"));
    let (id, last) = events.until(|data| data["open"] == false).await;
    assert_eq!(last["total"], 1);
    assert!(events.next().await.is_none(), "the stream ends by itself");
    // Whoever did not see the end is told; whoever did stops asking.
    let mut late = server.watch(&[]).await;
    assert_eq!(late.totals().await.unwrap().1["open"], false);
    assert!(late.next().await.is_none());
    let again = server.watch(&[("last-event-id", &id)]).await;
    assert_eq!(again.status, 204);
}

#[tokio::test]
async fn the_stream_moves_at_a_signature_on_every_open_page() {
    let server = Server::start().await;
    let mut pages = join_all((0..20).map(|_| server.watch(&[]))).await;
    for page in &mut pages {
        assert_eq!(page.totals().await.unwrap().1["total"], 0);
    }
    let signed = Instant::now();
    server.sign(&person("amina@example.org")).await.assert_taken();
    for page in &mut pages {
        let (_, data) = page.totals().await.unwrap();
        assert_eq!((&data["total"], &data["countries"]["KE"]), (&1.into(), &1.into()));
    }
    // A second is the promise; the rest is for machines that are busy with other tests.
    assert!(signed.elapsed() < Duration::from_secs(5), "{:?}", signed.elapsed());
}

#[tokio::test]
async fn deltas_add_up_to_the_snapshot_and_ids_rise() {
    let server = Server::start().await;
    let mut events = server.watch(&[]).await;
    let (mut id, whole) = events.totals().await.unwrap();
    let mut countries = whole["countries"].as_object().unwrap().clone();
    let codes = ["KE", "FR", "DE", "KE", "JP", "FR", "BR", "KE"];
    let signing = async {
        for (n, code) in codes.iter().enumerate() {
            let mut body = person(&format!("p{n}@example.org"));
            body["country"] = (*code).into();
            server.sign(&body).await.assert_taken();
        }
    };
    let reading = async {
        loop {
            let (next, data) = events.totals().await.unwrap();
            let seq = |id: &str| id.split_once(':').unwrap().1.parse::<u64>().unwrap();
            assert!(seq(&next) > seq(&id), "{id} then {next}");
            if data["partial"] != true {
                countries.clear();
            }
            countries.extend(data["countries"].as_object().unwrap().clone());
            let sum: u64 = countries.values().map(|count| count.as_u64().unwrap()).sum();
            assert_eq!(data["total"], sum, "{data}");
            id = next;
            if data["total"] == codes.len() {
                return;
            }
        }
    };
    tokio::join!(signing, async { tokio::time::timeout(PATIENCE, reading).await.unwrap() });
    let now = server.get("/api/v1/campaigns/example/totals").await.json();
    assert_eq!(now["countries"].as_object().unwrap(), &countries);
}

#[tokio::test]
async fn a_stream_that_is_left_gives_its_place_back() {
    let server = Server::start().await;
    let events = server.watch(&[]).await;
    eventually("one is watching", || async { server.web.streams.open() == 1 }).await;
    drop(events);
    eventually("nobody is", || async { server.web.streams.open() == 0 }).await;
}
