//! Postgres crashes and comes back while people sign.

use countersign_bench::cluster::{Cluster, Durability};
use tokio::task::block_in_place;

use crate::ask::{eventually, get, sign};
use crate::dice::{Dice, cycles, repeated};
use crate::follower::Follower;
use crate::turn;
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_07_postgres_crashes_under_load_and_the_server_comes_back_by_itself() {
    let _turn = turn::together().await;
    let mut dice = Dice::of("postgres -m immediate");
    let cluster = block_in_place(|| Cluster::start(Durability::Usual)).unwrap();
    let world = World::postgres(&cluster).await;
    let mut node = world.setup.start().await.unwrap();
    let address = node.address;
    let follower = Follower::of(address);
    let mut refused = 0;
    for _ in 0..cycles(2) {
        let fleet = world.fleet(&world.setup, dice.between(4, 32) as usize);
        let enough = world.ledger.acknowledged_count() + dice.between(20, 300) as usize;
        world.until_acknowledged(enough).await;
        block_in_place(|| cluster.stop("immediate")).unwrap();
        let before = follower.last();
        let answer = sign(&world, node.address).await;
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.retry_after.is_some_and(|wait| wait >= 1), "{answer:?}");
        eventually("not ready", async || !node.is_ready().await).await;
        assert_eq!(get(node.address, "/healthz").await.status, 200);
        let totals = async || get(address, "/api/v1/campaigns/example/totals").await;
        eventually("totals say that they are old", async || totals().await.json()["stale"] == true)
            .await;
        assert!(totals().await.json()["total"].as_u64() >= Some(before.total));
        assert_eq!(get(node.address, "/c/example").await.status, 200, "pages go on");
        block_in_place(|| cluster.up()).unwrap();
        let enough = world.ledger.acknowledged_count() + 20;
        eventually("ready again", async || node.is_ready().await).await;
        world.until_acknowledged(enough).await;
        refused += fleet.home().await.with(503);
        assert!(node.lives(), "without a restart");
        let counted = world.resent(&node).await;
        world.site(&node).until_total(counted).await.unwrap();
        eventually("totals are fresh", async || totals().await.json()["stale"].is_null()).await;
        world.check(&node, &[&follower]).await;
    }
    println!("{refused} times refused; {} keys", world.ledger.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_07_a_server_that_starts_before_its_database_waits_for_it() {
    let _turn = turn::together().await;
    repeated(before_its_database).await;
}

async fn before_its_database() {
    let cluster = block_in_place(|| Cluster::start(Durability::Usual)).unwrap();
    let world = World::postgres(&cluster).await;
    block_in_place(|| cluster.stop("immediate")).unwrap();
    let mut node = world.setup.spawn().unwrap();
    eventually("it lives", async || node.answers("/healthz").await).await;
    assert!(!node.is_ready().await);
    let answer = sign(&world, node.address).await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.retry_after.is_some_and(|wait| wait >= 1), "{answer:?}");
    block_in_place(|| cluster.up()).unwrap();
    eventually("it is ready", async || node.is_ready().await).await;
    assert!(node.lives());
    assert_eq!(sign(&world, node.address).await.status, 201);
    world.check(&node, &[]).await;
}
