//! The clock jumps a day ahead and two days back.

use std::sync::Arc;

use countersign::campaign::Campaign;
use countersign::clock::{Clock as _, ManualClock, SystemEntropy};
use countersign::config::Config;
use countersign::http::{Settings, Web, serve_web};
use countersign::state::App;
use countersign_bench::load;
use countersign_bench::oracle::{Site, Totals};
use countersign_bench::people::People;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::dice::repeated;
use crate::numbers;
use crate::world::{CAMPAIGN, SLUG};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A server in this process, whose clock we set.
struct Server {
    site: Site,
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Server {
    async fn start(folder: &std::path::Path, clock: &ManualClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config = Config { listen: address, rate_limit: false, ..Config::for_data_dir(folder) };
        let app = App::start(config, Arc::new(clock.clone()), Arc::new(SystemEntropy)).await;
        let app = app.unwrap();
        let campaign = Campaign::from_toml(&std::fs::read_to_string(CAMPAIGN).unwrap()).unwrap();
        app.store.apply_campaign(&campaign, clock.now()).await.unwrap();
        app.refresh().await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let web = Web::new(app, Settings::default());
        let stopped = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(serve_web(listener, web, stopped));
        Self { site: Site::new(address, SLUG, ""), stop, task }
    }

    async fn stop(self) {
        let _ = self.stop.send(());
        self.task.await.unwrap().unwrap();
    }

    /// Signs under a key; returns the receipt and the number.
    async fn sign(&self, key: &str, person: u64, people: &People) -> (String, u64) {
        let body = people.body(person);
        let answer = load::post(self.site.address, SLUG, key, &body).await.unwrap();
        assert_eq!(answer.status, 201);
        let taken: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        (taken["receipt"].as_str().unwrap().to_owned(), taken["number"].as_u64().unwrap())
    }

    async fn totals(&self) -> Totals {
        self.site.totals().await.unwrap()
    }
}

#[tokio::test]
async fn fault_09_the_clock_jumps_ahead_and_back_and_nobody_counts_twice() {
    repeated(ahead_and_back).await;
}

async fn ahead_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::at("2027-03-01T12:00:00Z".parse().unwrap());
    let people = People::new();
    let mut server = Server::start(folder.path(), &clock).await;
    let (mut keys, mut before) = (Vec::new(), server.totals().await);
    for (round, jump) in [0, DAY, -2 * DAY, 0, DAY].into_iter().enumerate() {
        clock.advance_ms(jump);
        if round == 3 {
            server.stop().await;
            server = Server::start(folder.path(), &clock).await;
        }
        let person = round as u64;
        let key = people.key(person);
        let taken = server.sign(&key, person, &people).await;
        assert_eq!(taken.1, person + 1);
        keys.push((key, taken));
        for (person, (key, taken)) in keys.iter().enumerate() {
            let person = person as u64;
            assert_eq!(server.sign(key, person, &people).await, *taken, "the first answer");
            server.sign(&format!("{key}-again-{round}"), person, &people).await;
        }
        let now = server.totals().await;
        assert_eq!(now.total, person + 1, "nobody counts twice");
        assert!((now.epoch, now.seq) > (before.epoch, before.seq), "{before:?}, then {now:?}");
        assert!(now.seq > before.seq, "{before:?}, then {now:?}");
        before = now;
    }
    server.stop().await;
    let wrong = numbers::of_file(&folder.path().join("countersign.db")).await.unwrap();
    assert!(wrong.is_empty(), "{wrong:?}");
}
