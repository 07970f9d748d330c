//! A server in this process on a port of its own, and words to ask it with.

mod answer;
mod authenticator;
mod campaign;
mod db;
mod events;
mod organizer;
mod post;
mod raw;

use std::sync::Arc;
use std::time::Duration;

use countersign::assets::Asset;
use countersign::campaign::Campaign;
use countersign::clock::{Clock, ManualClock, SystemEntropy};
use countersign::config::Config;
use countersign::http::{Settings, Web, serve_web};
use countersign::organizer::Role;
use countersign::state::App;
use countersign::store::OrganizationId;
use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use answer::Answer;
pub use authenticator::Authenticator;
pub use campaign::{Change, campaign};
pub use db::{WriteLock, sql};
pub use events::{Event, Events};
pub use organizer::Browser;
pub use post::{Post, path};
pub use raw::Raw;

/// What browsers load, as the program has it.
static FILES: &[Asset] = include!("../../../target/widget-dist/assets.rs");

/// Whatever a test waits for comes within this, or the test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A site on the list of the harness's campaign.
pub const HOST: &str = "https://host.example";

/// What a server under test is like.
pub struct Setup {
    pub campaigns: Vec<Campaign>,
    pub settings: Settings,
    pub rate_limit: bool,
    pub trusted_proxies: Vec<&'static str>,
    pub max_streams_per_address: usize,
    pub allow_local_webhooks: bool,
    pub smtp_url: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            campaigns: vec![campaign("example")],
            settings: Settings::default(),
            rate_limit: false,
            trusted_proxies: vec![],
            max_streams_per_address: 300,
            allow_local_webhooks: false,
            smtp_url: None,
        }
    }
}

pub struct Server {
    pub url: String,
    pub web: Arc<Web>,
    pub clock: ManualClock,
    pub client: reqwest::Client,
    /// `None` once handed on to the next server.
    data: Option<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Server {
    /// With one open campaign `example`, which pages of [`HOST`] may use.
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        let clock = ManualClock::at("2027-03-01T12:00:00Z".parse().unwrap());
        Self::on(tempfile::tempdir().unwrap(), clock, setup).await
    }

    async fn on(data: TempDir, clock: ManualClock, setup: Setup) -> Self {
        // The first test that comes by does it for all.
        countersign::assets::install(FILES);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = Config::for_data_dir(data.path());
        config.listen = listener.local_addr().unwrap();
        config.public_url = format!("http://{}", config.listen);
        config.rate_limit = setup.rate_limit;
        config.trusted_proxies =
            setup.trusted_proxies.iter().map(|net| net.parse().unwrap()).collect();
        config.max_streams_per_address = setup.max_streams_per_address;
        config.allow_local_webhooks = setup.allow_local_webhooks;
        config.smtp_url = setup.smtp_url.map(Into::into);
        let url = config.public_url.clone();
        let app =
            App::start(config, Arc::new(clock.clone()), Arc::new(SystemEntropy)).await.unwrap();
        for campaign in &setup.campaigns {
            app.store.apply_campaign(campaign, clock.now()).await.unwrap();
        }
        app.refresh().await.unwrap();
        let web = Web::new(app, setup.settings);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(serve_web(listener, Arc::clone(&web), async {
            let _ = stopped.await;
        }));
        // Building a client asks for TLS, also where only plain HTTP is spoken.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { url, web, clock, client, data: Some(data), stop: Some(stop), task }
    }

    /// Stops gracefully; again, and it stays stopped.
    pub async fn stop(&mut self) {
        let Some(stop) = self.stop.take() else { return };
        let _ = stop.send(());
        tokio::time::timeout(PATIENCE, &mut self.task)
            .await
            .expect("the server stops")
            .unwrap()
            .unwrap();
    }

    /// Stops gracefully and starts again with the same data, on another port.
    pub async fn restart(mut self, setup: Setup) -> Self {
        self.stop().await;
        Self::on(self.data.take().unwrap(), self.clock.clone(), setup).await
    }

    /// The folder of the database.
    pub fn data_dir(&self) -> &std::path::Path {
        self.data.as_ref().unwrap().path()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[]).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = self.client.get(format!("{}{path}", self.url)).headers(header_map(headers));
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn options(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.url);
        let request = self.client.request(reqwest::Method::OPTIONS, url);
        Answer::of(request.headers(header_map(headers)).send().await.unwrap()).await
    }

    /// Signs `example`.
    pub async fn sign(&self, body: &Value) -> Answer {
        self.sign_with(body, &[]).await
    }

    pub async fn sign_with(&self, body: &Value, headers: &[(&str, &str)]) -> Answer {
        self.sign_at("example", body, headers).await
    }

    pub async fn sign_at(&self, slug: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let headers = [&[("content-type", "application/json")], headers].concat();
        let body = serde_json::to_vec(body).unwrap();
        self.post(&format!("/api/v1/campaigns/{slug}/pledges"), body, &headers).await
    }

    pub async fn post(&self, path: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Answer {
        let request = self.client.post(format!("{}{path}", self.url));
        let request = request.headers(header_map(headers)).body(body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// Posts the form of the page as a browser without script does.
    pub async fn post_form(&self, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", urlencoded(value))).collect();
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.post("/c/example", body.join("&").into_bytes(), &[&[kind], headers].concat()).await
    }

    /// The public total of `example`.
    pub async fn total(&self) -> u64 {
        let totals = self.get("/api/v1/campaigns/example/totals").await.json();
        let total = totals["total"].as_u64().unwrap();
        let countries = totals["countries"].as_object().unwrap();
        let sum: u64 = countries.values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(total, sum, "the total is the sum of its countries");
        total
    }

    /// Every stored pledge of `example`, as the export has it.
    pub async fn rows(&self) -> Vec<Value> {
        let token = self.token().await;
        let path = "/api/v1/admin/campaigns/example/pledges.ndjson";
        let answer = self.get_with(path, &[("authorization", &format!("Bearer {token}"))]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Stored pledges that count.
    pub async fn counted_rows(&self) -> u64 {
        let rows = self.rows().await;
        rows.iter().filter(|row| row["state"] == "counted").count() as u64
    }

    /// A new API token with an owner's rights.
    pub async fn token(&self) -> String {
        self.token_of(Role::Owner, OrganizationId(1)).await
    }

    /// Opens the stream of `example`.
    pub async fn watch(&self, headers: &[(&str, &str)]) -> Events {
        let url = format!("{}/api/v1/campaigns/example/stream", self.url);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Events::of(client.get(url).headers(header_map(headers)).send().await.unwrap())
    }

    /// A bare connection.
    pub async fn connect(&self) -> Raw {
        Raw::to(self.web.app.config.listen).await
    }

    /// Puts another campaign's settings in place of those with the same slug.
    pub async fn apply(&self, campaign: &Campaign) {
        self.web.app.store.apply_campaign(campaign, self.clock.now()).await.unwrap();
        self.web.app.refresh().await.unwrap();
    }
}

/// Somebody in Kenya with this address.
pub fn person(email: &str) -> Value {
    json!({ "name": "Amina Otieno", "email": email, "country": "KE", "locale": "en" })
}

/// Asks until the answer is yes.
pub async fn eventually<F: Future<Output = bool>>(what: &str, mut ask: impl FnMut() -> F) {
    let asking = async {
        while !ask().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("never: {what}"));
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn urlencoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn header_map(headers: &[(&str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    map
}
