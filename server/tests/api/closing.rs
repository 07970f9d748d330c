//! Stopping: nothing is lost, nobody is left hanging, and it does not take long.

use std::time::{Duration, Instant};

use countersign::http::Settings;

use crate::harness::{Server, Setup, WriteLock, eventually, person};

#[tokio::test]
async fn graceful_stop_with_open_streams_takes_under_10_seconds_and_loses_nothing() {
    let mut server = Server::start().await;
    let mut streams = Vec::new();
    for _ in 0..30 {
        let mut events = server.watch(&[]).await;
        events.totals().await.unwrap();
        streams.push(events);
    }
    for n in 0..5 {
        server.sign(&person(&format!("p{n}@example.org"))).await.assert_taken();
    }
    let asked = Instant::now();
    server.stop().await;
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    for mut events in streams {
        // Each ends as it should: the last chunk says so, and no connection is reset.
        while events.next().await.is_some() {}
    }
    let server = server.restart(Setup::default()).await;
    assert_eq!(server.total().await, 5);
}

#[tokio::test]
async fn a_stopping_server_takes_no_new_connections() {
    let mut server = Server::start().await;
    let url = format!("{}/healthz", server.url);
    assert!(server.client.get(&url).send().await.is_ok());
    server.stop().await;
    let fresh = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(fresh.get(&url).send().await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_request_under_way_is_finished() {
    let mut server = Server::start().await;
    let body = person("amina@example.org").to_string();
    let mut client = server.connect().await;
    client.send_head(body.len()).await;
    client.send(&body[..10]).await;
    // The head was read once this answers: connections are served in turn.
    assert_eq!(server.get("/healthz").await.status, 200);
    let (answer, ()) = tokio::join!(
        async {
            client.send(&body[10..]).await;
            client.read_to_end().await
        },
        server.stop(),
    );
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let server = server.restart(Setup::default()).await;
    assert_eq!(server.total().await, 1);
}

#[tokio::test]
async fn a_stop_while_the_database_hangs_is_bounded_and_whoever_waits_is_told() {
    let settings = Settings {
        writing_deadline: Duration::from_millis(500),
        closing_deadline: Duration::from_secs(2),
        stop_deadline: Duration::from_secs(3),
        ..Settings::default()
    };
    let mut server = Server::with(Setup { settings, ..Setup::default() }).await;
    let lock = WriteLock::take(server.data_dir()).await;
    let url = format!("{}/api/v1/campaigns/example/pledges", server.url);
    let signing = server.client.post(url).json(&person("amina@example.org")).send();
    let signing = tokio::spawn(signing);
    let web = std::sync::Arc::clone(&server.web);
    eventually("the pledge waits", || async { web.app.writer.unfinished() == 1 }).await;
    let asked = Instant::now();
    server.stop().await;
    // SQLite itself would have waited for this long.
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    let answer = signing.await.unwrap().expect("an answer, and no connection that is cut off");
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    lock.release().await;
    let server = server.restart(Setup::default()).await;
    assert!(server.total().await <= 1, "either way, and once at most");
}
