//! What those who run a server see of it: health checks, metrics, logs; and what they never see.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use countersign::demo::post::Post;
use countersign_bench::cluster::{Cluster, Durability, execute};
use countersign_bench::node::{Node, Setup, free_port};
use serde_json::{Value, json};
use sqlx::Connection as _;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../campaigns/example.toml");
const OPERATIONS: &str = include_str!("../../docs/operations.md");
const PATIENCE: Duration = Duration::from_secs(60);
const PLEDGES: &str = "/api/v1/campaigns/example/pledges";

fn client() -> reqwest::Client {
    // Building a client asks for TLS, also where only plain HTTP is spoken.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap()
}

async fn eventually(what: &str, mut ask: impl AsyncFnMut() -> bool) {
    let asking = async {
        while !ask().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("never: {what}"));
}

/// An installation on SQLite with the example campaign.
fn installation() -> (tempfile::TempDir, Setup) {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup::new(env!("CARGO_BIN_EXE_countersign"), folder.path());
    setup.apply(EXAMPLE.as_ref()).unwrap();
    (folder, setup)
}

/// Does to a database what no command would.
async fn damage(setup: &Setup, statements: &'static str) {
    let url = format!("sqlite://{}", setup.data_dir.join("countersign.db").display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(statements).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

const TAKES_NO_WRITES: &str = "CREATE TRIGGER full BEFORE UPDATE ON meta
    BEGIN SELECT RAISE(ABORT, 'the disk is full'); END;
    CREATE TRIGGER brim BEFORE INSERT ON pledges BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";

async fn sign(node: &Node, body: &Value) -> u16 {
    let answer = client().post(format!("{}{PLEDGES}", node.url())).json(body).send().await;
    answer.unwrap().status().as_u16()
}

fn person(email: &str) -> Value {
    json!({ "name": "Amina Otieno", "email": email, "country": "KE" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthcheck_says_ready_and_fails_where_pledges_cannot_be_stored() {
    let (_folder, setup) = installation();
    let node = setup.start().await.unwrap();
    let address = node.address.to_string();
    let check = || setup.run(&["healthcheck", "--listen", &address]);
    assert_eq!(check().unwrap(), "ready");
    damage(&setup, TAKES_NO_WRITES).await;
    // A probe that went through is good for a second.
    eventually("the check fails", async || check().is_err()).await;
    let said = check().unwrap_err().to_string();
    assert!(said.contains("exit status: 1") && said.contains("(503)"), "{said}");
    damage(&setup, "DROP TRIGGER full").await;
    eventually("the check is well again", async || check().is_ok()).await;
}

/// Everything in backticks in the tables of the metrics that names one of ours.
fn documented() -> BTreeSet<&'static str> {
    let (_, rest) = OPERATIONS.split_once("\n## What to watch\n").unwrap();
    let rows = rest.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with('|'));
    let quoted = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    quoted
        .map(|name| name.split('{').next().unwrap())
        .filter(|name| name.starts_with("countersign_"))
        .collect()
}

#[test]
fn what_dashboards_and_alarms_ask_for_is_documented_and_every_alarm_has_its_line() {
    let documented = documented();
    let dashboard = include_str!("../../deploy/grafana/countersign.json");
    let alarms = include_str!("../../deploy/prometheus/alerts.yaml");
    let panels: Value = serde_json::from_str(dashboard).unwrap();
    assert!(panels["panels"].as_array().unwrap().len() > 20);
    let is_name = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    for text in [dashboard, alarms] {
        for asked in
            text.split(|letter| !is_name(letter)).filter(|it| it.starts_with("countersign_"))
        {
            let of = ["_bucket", "_sum", "_count"].iter().find_map(|end| asked.strip_suffix(end));
            let known = documented.contains(asked) || of.is_some_and(|of| documented.contains(of));
            assert!(known, "{asked} is in no table of docs/operations.md");
        }
    }
    for alarm in alarms.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(OPERATIONS.contains(&format!("`{alarm}`")), "{alarm} is not in docs/operations.md");
    }
    for name in documented {
        assert!(dashboard.contains(name), "{name} is on no dashboard");
    }
}

/// The names at `/metrics`, those of a histogram without their endings.
async fn served(address: std::net::SocketAddr) -> BTreeSet<String> {
    let text = client().get(format!("http://{address}/metrics")).send().await.unwrap();
    let text = text.text().await.unwrap();
    let histograms: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" histogram"))
        .collect();
    let name = |line: &str| {
        let name = line.split(['{', ' ']).next()?;
        let of = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        Some(of.filter(|of| histograms.contains(of)).unwrap_or(name).to_owned())
    };
    text.lines().filter(|line| line.starts_with("countersign_")).filter_map(name).collect()
}

/// A receiver of webhooks, at its address.
async fn receiver() -> String {
    let router = Router::new().route("/", post(async || ""));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn every_series_that_is_documented_is_served_and_every_series_that_is_served_is_documented() {
    let cluster = Cluster::given_or_start(Durability::None).unwrap();
    let (_folder, setup) = installation();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let metrics = free_port().unwrap();
    let database = cluster.database().await.unwrap();
    let mut setup = setup
        .env("COUNTERSIGN_SECRET_KEY", "one key that both nodes of this test have")
        .env("COUNTERSIGN_ALLOW_LOCAL_WEBHOOKS", "true")
        // Nobody is there: an e-mail fails.
        .env("COUNTERSIGN_SMTP_URL", "smtp://127.0.0.1:1");
    setup.database_url = Some(database.clone());
    setup.data_dir = one.path().to_owned();
    setup.apply(EXAMPLE.as_ref()).unwrap();
    let asking = std::fs::read_to_string(EXAMPLE).unwrap();
    let asking = asking
        .replace("slug = \"example\"", "slug = \"asking\"")
        .replace("confirm_email = false", "confirm_email = true");
    let file = one.path().join("asking.toml");
    std::fs::write(&file, asking).unwrap();
    setup.apply(&file).unwrap();
    let token = setup.run(&["token", "create", "test", "--role", "owner"]).unwrap();
    let watched = setup.clone().env("COUNTERSIGN_METRICS_LISTEN", metrics.to_string());
    let node = watched.start().await.unwrap();
    setup.data_dir = other.path().to_owned();
    let neighbour = setup.start().await.unwrap();

    let stream = format!("{}/api/v1/campaigns/example/stream", node.url());
    let _page = client().get(stream).send().await.unwrap();
    let made = client()
        .post(format!("{}/api/v1/admin/campaigns/example/webhooks", node.url()))
        .bearer_auth(&token)
        .json(&json!({ "url": receiver().await, "events": ["pledge.signed"] }))
        .send()
        .await
        .unwrap();
    assert_eq!(made.status(), 201);
    assert_eq!(sign(&node, &person("amina@example.org")).await, 201);
    assert_eq!(sign(&neighbour, &person("brian@example.org")).await, 201);
    // Either node may be the one that tries to send it.
    let asked = async |email: &str| {
        let url = format!("{}/api/v1/campaigns/asking/pledges", node.url());
        let signed = client().post(url).json(&person(email)).send().await.unwrap();
        assert_eq!(signed.status(), 201);
    };
    for number in 0..20 {
        asked(&format!("asked{number}@example.org")).await;
    }
    // A total that moves without a message, while the relay is cut.
    let cut = "UPDATE campaign_totals SET seq = seq + 1;
               SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    execute(&database, cut).await.unwrap();

    let documented = documented();
    assert!(documented.len() >= 18, "{documented:?}");
    let is_served = async || {
        let served = served(metrics).await;
        documented.iter().filter(|name| !served.contains(**name)).copied().collect::<Vec<_>>()
    };
    let asking = async {
        while !is_served().await.is_empty() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    if tokio::time::timeout(PATIENCE, asking).await.is_err() {
        panic!("documented and not served: {:?}", is_served().await);
    }
    let served = served(metrics).await;
    let hidden: Vec<_> = served.iter().filter(|name| !documented.contains(&***name)).collect();
    assert!(hidden.is_empty(), "served and not documented in docs/operations.md: {hidden:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fault_37_a_canary_is_found_in_no_log_and_no_metric_and_fault_22_no_line_is_injected() {
    const CANARIES: [&str; 6] = [
        "Canaria",
        "canary.mailbox",
        "canary-request-key",
        "canary-source",
        "198.51.100.77",
        "canary-slug",
    ];
    let (folder, setup) = installation();
    let asking =
        std::fs::read_to_string(EXAMPLE).unwrap().replace("message = false", "message = true");
    // An e-mail to the canary that cannot be sent.
    let asking = asking.replace("confirm_email = false", "confirm_email = true");
    let campaign = folder.path().join("asking.toml");
    std::fs::write(&campaign, asking).unwrap();
    setup.apply(&campaign).unwrap();
    let metrics = free_port().unwrap();
    // It says no, and names the address while it does.
    let mail = Post::open().await.unwrap();
    mail.answer(550);
    let setup = setup
        .env("RUST_LOG", "debug")
        .env("COUNTERSIGN_LOG_FORMAT", "json")
        .env("COUNTERSIGN_TRUSTED_PROXIES", "127.0.0.0/8")
        .env("COUNTERSIGN_SMTP_URL", mail.url())
        .env("COUNTERSIGN_METRICS_LISTEN", metrics.to_string());
    let mut node = setup.start().await.unwrap();
    let post = async |query: &str, body: Vec<u8>, kind: &str| {
        let request = client()
            .post(format!("{}{PLEDGES}{query}", node.url()))
            .header("content-type", kind)
            .header("idempotency-key", "canary-request-key")
            .header("x-forwarded-for", "198.51.100.77")
            .header("referer", "https://canary-source.example/canary-source");
        request.body(body).send().await.unwrap().status().as_u16()
    };
    let canary = |change: &dyn Fn(&mut Value)| {
        let mut body = json!({
            "name": "Canaria Otieno", "email": "canary.mailbox@example.org", "country": "KE",
            "message": "Canaria was here", "source": { "utm_source": "canary-source" },
        });
        change(&mut body);
        body.to_string().into_bytes()
    };
    let json = "application/json";
    let query = "?utm_source=canary-source";
    assert_eq!(post(query, canary(&|_| ()), json).await, 201);
    // The same key with another body; what is no JSON; another type; fields that cannot be.
    let other = |body: &mut Value| body["name"] = "Canaria Two".into();
    assert_eq!(post("", canary(&other), json).await, 422);
    assert_eq!(post("", b"{\"name\": \"Canaria\"".to_vec(), json).await, 400);
    assert_eq!(post("", canary(&|_| ()), "text/plain").await, 415);
    for injected in
        ["Canaria\r\nlevel=ERROR injected", "Canaria\ninjected", "Canaria\r\x00injected"]
    {
        assert_eq!(post("", canary(&|body| body["name"] = injected.into()), json).await, 422);
        let email = format!("canary.mailbox{}@example.org", &injected[7..]);
        assert_eq!(post("", canary(&|body| body["email"] = email.clone().into()), json).await, 422);
    }
    let nowhere = format!("{}/c/canary-slug%0d%0ainjected?name=Canaria", node.url());
    assert_eq!(client().get(nowhere).send().await.unwrap().status(), 404);
    let signed_in = client()
        .post(format!("{}/api/v1/admin/session", node.url()))
        .json(&json!({ "email": "canary.mailbox@example.org", "password": "Canaria" }))
        .send()
        .await
        .unwrap();
    assert!(signed_in.status().is_client_error(), "{}", signed_in.status());
    let figures = async || {
        let asked = client().get(format!("http://{metrics}/metrics")).send().await.unwrap();
        asked.text().await.unwrap()
    };
    eventually("an e-mail failed", async || figures().await.contains("countersign_mail_total"))
        .await;
    // And what goes wrong on our side.
    damage(&setup, TAKES_NO_WRITES).await;
    let late = |body: &mut Value| body["email"] = "canary.mailbox.late@example.org".into();
    let request = client().post(format!("{}{PLEDGES}", node.url()));
    let request = request.header("content-type", json).body(canary(&late));
    assert_eq!(request.send().await.unwrap().status(), 503);

    let figures = figures().await;
    assert!(figures.contains("countersign_pledges_total{outcome=\"unavailable\"} 1"), "{figures}");
    node.terminate().await.unwrap();
    let log = std::fs::read_to_string(setup.log()).unwrap();
    assert!(log.contains("a batch was not stored") && log.contains("\"answered\""), "it is blind");
    for canary in CANARIES {
        assert!(!figures.contains(canary), "{canary} stands in the metrics");
        let line = log.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{canary} stands in the log: {line:?}");
    }
    for line in log.lines() {
        assert!(!line.contains("injected"), "{line}");
        assert!(serde_json::from_str::<Value>(line).is_ok(), "not a line of ours: {line}");
    }
}
