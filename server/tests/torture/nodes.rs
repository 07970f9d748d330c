//! Two nodes on one Postgres: one dies, or they no longer hear each other.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use countersign_bench::cluster;
use countersign_bench::node::{Node, Setup, free_port};
use serde_json::json;
use tokio::task::block_in_place;

use crate::ask::{eventually, get, sign};
use crate::dice::{Dice, cycles, repeated};
use crate::follower::Follower;
use crate::metrics::Metrics;
use crate::turn;
use crate::world::{CAMPAIGN, SLUG, World, postgres};

/// Whoever listens for totals loses the connection.
const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%'";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_a_node_dies_under_load_and_its_people_go_to_the_other_with_their_keys() {
    let _turn = turn::together().await;
    let world = World::postgres(postgres()).await;
    let mut dice = Dice::of("two nodes");
    let (one, two) = (world.setup.clone(), world.second_node());
    let steady = two.start().await.unwrap();
    let pages = [&one, &two].map(|node| Follower::of(node.listen.unwrap()));
    let mut moved = 0;
    for _ in 0..cycles(3) {
        let mut node = one.start().await.unwrap();
        seen_on_both(&world, &node, &pages).await;
        seen_on_both(&world, &steady, &pages).await;
        let mut at_one = world.load(&one, 1_000_000);
        at_one.resend = false;
        let (at_one, at_two) = (crate::world::Fleet::of(at_one), world.fleet(&two, 8));
        let enough = world.ledger.acknowledged_count() + dice.between(50, 500) as usize;
        world.until_acknowledged(enough).await;
        node.kill_9().unwrap();
        drop(at_one.home().await);
        moved += world.ledger.unacknowledged().len();
        at_two.home().await;
        let node = one.start().await.unwrap();
        // Some go to the other node, some to the one that is back, some to both.
        let (_, counted) = tokio::join!(world.resent(&node), world.resent(&steady));
        for node in [&node, &steady] {
            world.site(node).until_total(counted).await.unwrap();
            world.check(node, &[&pages[0], &pages[1]]).await;
        }
    }
    println!("{moved} people moved; {} keys", world.ledger.len());
}

/// Somebody signs here, and pages of both nodes show it.
async fn seen_on_both(world: &World, node: &Node, pages: &[Follower; 2]) {
    let answer = sign(world, node.address).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let number = answer.json()["number"].as_u64().unwrap();
    for page in pages {
        assert!(page.until(|seen| seen.total >= number).await, "{:?}", page.last());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_10_what_is_changed_and_closed_at_one_node_holds_at_the_other() {
    let _turn = turn::together().await;
    repeated(changed_and_closed).await;
}

async fn changed_and_closed() {
    let world = World::postgres(postgres()).await;
    let (one, two) = (world.setup.clone(), world.second_node());
    let nodes = [one.start().await.unwrap(), two.start().await.unwrap()];
    let pages = [&one, &two].map(|node| Follower::of(node.listen.unwrap()));
    let toml = std::fs::read_to_string(CAMPAIGN).unwrap();
    let apply = |change: (&str, &str)| {
        assert!(toml.contains(change.0), "{change:?}");
        let file = world.folder().join("changed.toml");
        std::fs::write(&file, toml.replacen(change.0, change.1, 1)).unwrap();
        block_in_place(|| one.run(&["campaign", "apply", file.to_str().unwrap()])).unwrap();
    };
    let campaign =
        async |node: &Node| get(node.address, &format!("/api/v1/campaigns/{SLUG}")).await.json();
    let totals =
        async |node: &Node| get(node.address, &format!("/api/v1/campaigns/{SLUG}/totals")).await;

    apply(("stage = \"live\"", "stage = \"live\"\ncloses = 2026-01-01T00:00:00Z"));
    for node in &nodes {
        let closed = async || totals(node).await.json()["open"] == false;
        eventually("both nodes know that it is closed", closed).await;
        let late = sign(&world, node.address).await;
        assert_eq!(
            (late.status, &late.json()["code"]),
            (409, &json!("campaign_closed")),
            "{late:?}"
        );
        let shown = campaign(node).await;
        assert_eq!(shown["closes_at"], "2026-01-01T00:00:00Z", "{shown}");
    }
    apply(("stage = \"live\"", "stage = \"live\""));
    for node in &nodes {
        // Said only where it is not so.
        let open = async || totals(node).await.json()["open"].is_null();
        eventually("both nodes know that it is open again", open).await;
        seen_on_both(&world, node, &pages).await;
    }
    together(&world, &nodes, &pages).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_the_relay_is_cut_again_and_again_and_totals_come_together_all_the_same() {
    let _turn = turn::together().await;
    let world = World::postgres(postgres()).await;
    let mut dice = Dice::of("relay cut");
    let (one, metrics) = Metrics::of(world.setup.clone());
    let two = world.second_node();
    let nodes = [one.start().await.unwrap(), two.start().await.unwrap()];
    let pages = [&one, &two].map(|node| Follower::of(node.listen.unwrap()));
    let url = world.setup.database_url.clone().unwrap();
    let up = async || metrics.sum("countersign_relay_up").await == Some(1.0);
    for _ in 0..cycles(2) {
        eventually("the relay is up", up).await;
        let fleets = [world.fleet(&one, 4), world.fleet(&two, 4)];
        for _ in 0..3 {
            let more = dice.between(20, 200) as usize;
            world.until_acknowledged(world.ledger.acknowledged_count() + more).await;
            cluster::execute(&url, CUT).await.unwrap();
        }
        for fleet in fleets {
            fleet.home().await;
        }
        together(&world, &nodes, &pages).await;
    }
    eventually("the relay is up again", up).await;
    println!("{} keys; rereads: {:?}", world.ledger.len(), rereads(&metrics).await);
}

/// All nodes show the same, and what was acknowledged.
async fn together(world: &World, nodes: &[Node; 2], pages: &[Follower; 2]) {
    let counted = world.resent(&nodes[0]).await;
    for node in nodes {
        world.site(node).until_total(counted).await.unwrap();
        world.check(node, &[&pages[0], &pages[1]]).await;
    }
}

async fn rereads(metrics: &Metrics) -> Option<f64> {
    metrics.sum("countersign_relay_rereads_total").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_nats_goes_away_and_comes_back_and_totals_come_together_all_the_same() {
    let _turn = turn::together().await;
    repeated(without_nats).await;
}

async fn without_nats() {
    let world = World::postgres(postgres()).await;
    let address = free_port().unwrap();
    let mut nats = Nats::start(address);
    let with_nats = |setup: Setup| setup.env("COUNTERSIGN_RELAY_URL", format!("nats://{address}"));
    let (one, metrics) = Metrics::of(with_nats(world.setup.clone()));
    let two = with_nats(world.second_node());
    let nodes = [one.start().await.unwrap(), two.start().await.unwrap()];
    let pages = [&one, &two].map(|node| Follower::of(node.listen.unwrap()));
    let relay_is = async |wanted| metrics.sum("countersign_relay_up").await == Some(wanted);
    eventually("the relay is up", async || relay_is(1.0).await).await;
    for node in &nodes {
        seen_on_both(&world, node, &pages).await;
    }
    nats.stop();
    let fleets = [world.fleet(&one, 4), world.fleet(&two, 4)];
    world.until_acknowledged(world.ledger.acknowledged_count() + 200).await;
    for fleet in fleets {
        fleet.home().await;
    }
    together(&world, &nodes, &pages).await;
    eventually("the relay is noticed to be down", async || relay_is(0.0).await).await;
    for node in &nodes {
        seen_on_both(&world, node, &pages).await;
    }
    let _again = Nats::start(address);
    eventually("the relay is up again", async || relay_is(1.0).await).await;
    for node in &nodes {
        seen_on_both(&world, node, &pages).await;
    }
    together(&world, &nodes, &pages).await;
    println!("{} keys; rereads: {:?}", world.ledger.len(), rereads(&metrics).await);
}

/// A NATS server, gone when dropped.
struct Nats(Child);

impl Nats {
    fn start(address: SocketAddr) -> Self {
        // Debian puts it where only root looks.
        let path = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
        let child = Command::new("nats-server")
            .env("PATH", path)
            .args(["-a", &address.ip().to_string(), "-p", &address.port().to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("nats-server is missing: apt-get install nats-server");
        Self(child)
    }

    fn stop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.stop();
    }
}
