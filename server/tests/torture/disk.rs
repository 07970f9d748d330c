//! The disk runs full, or breaks, and is well again: without a restart, and without a lie.

use crate::ask::{eventually, get, sign};
use crate::dice::{Dice, repeated};
use crate::follower::Follower;
use crate::metrics::Metrics;
use crate::shim::{Disk, Ill};
use crate::turn;
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_05_disk_full_refuses_pledges_shows_totals_and_recovers_by_itself() {
    ills(&[Ill::Full, Ill::FullToTheBrim, Ill::Full], "disk full").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_05_a_disk_that_does_not_sync_refuses_pledges_and_recovers_by_itself() {
    ills(&[Ill::NoSync, Ill::NoSync], "no sync").await;
}

const UP: &str = "countersign_store_up";

/// The gauge falls, and stays down while the server goes on reading from its database.
async fn stays_down(metrics: &Metrics) {
    const READS: &str = "countersign_store_seconds_count{operation=\"pulse\"";
    eventually("the gauge falls", async || metrics.sum(UP).await == Some(0.0)).await;
    let reads = metrics.sum(READS).await.unwrap() + 3.0;
    eventually("the server reads thrice", async || {
        assert_eq!(
            metrics.sum(UP).await,
            Some(0.0),
            "the disk is ill, and the gauge says it is well"
        );
        metrics.sum(READS).await.unwrap() >= reads
    })
    .await;
}

async fn ills(ills: &[Ill], name: &str) {
    let _turn = turn::together().await;
    let mut dice = Dice::of(name);
    repeated(async || falls_ill(ills, &mut dice).await).await;
}

async fn falls_ill(ills: &[Ill], dice: &mut Dice) {
    let world = World::sqlite();
    let disk = Disk::of(&world.setup.data_dir, &world.folder().join("disk"));
    let often = if dice.coin() { "checkpoint_often=return" } else { "" };
    let (setup, metrics) = Metrics::of(disk.under(world.with_fail_points(often)));
    let mut node = setup.start().await.unwrap();
    let follower = Follower::of(node.address);
    let mut refused = 0;
    for ill in ills {
        let fleet = world.fleet(&world.setup, 8);
        world.until_acknowledged(world.ledger.acknowledged_count() + 50).await;
        disk.fall_ill(*ill);
        eventually("the server says that it is not ready", async || !node.is_ready().await).await;
        let answer = sign(&world, node.address).await;
        assert!([503, 507].contains(&answer.status), "{answer:?}");
        assert!(answer.retry_after.is_some_and(|wait| wait >= 1), "{answer:?}");
        for path in ["/healthz", "/c/example", "/api/v1/campaigns/example/totals"] {
            assert_eq!(get(node.address, path).await.status, 200, "{path} goes on");
        }
        stays_down(&metrics).await;
        let last = follower.last().total;
        assert!(world.site(&node).streamed().await.unwrap().total >= last, "the stream goes on");
        disk.get_well();
        let taken = world.ledger.acknowledged_count();
        eventually("the server is ready again", async || node.is_ready().await).await;
        world.until_acknowledged(taken + 50).await;
        eventually("the gauge says so", async || metrics.sum(UP).await == Some(1.0)).await;
        refused += fleet.home().await.with(503);
        assert!(node.lives(), "without a restart");
        // What was doubtful is looked up within a second or two.
        let counted = world.resent(&node).await;
        world.site(&node).until_total(counted).await.unwrap();
        world.check(&node, &[&follower]).await;
    }
    println!("{refused} times refused; {} keys", world.ledger.len());
}
