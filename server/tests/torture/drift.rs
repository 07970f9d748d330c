//! A counter is wrong: it is noticed, named, and put right while people watch.

use crate::ask::eventually;
use crate::dice::repeated;
use crate::follower::Follower;
use crate::metrics::Metrics;
use crate::turn;
use crate::world::{World, postgres};

/// Five too many, in a country where nobody signed that often.
const DRIFT: &str = "UPDATE campaign_totals SET total = total + 5, peak = peak + 5, seq = seq + 1;
    UPDATE country_totals SET counted = counted + 5 WHERE country = 'DE'";

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_a_counter_that_drifted_is_named_and_repaired_before_everyones_eyes_on_sqlite() {
    let _turn = turn::together().await;
    repeated(async || drift(World::sqlite()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_a_counter_that_drifted_is_named_and_repaired_before_everyones_eyes_on_postgres() {
    let _turn = turn::together().await;
    repeated(async || drift(World::postgres(postgres()).await).await).await;
}

async fn drift(world: World) {
    let (setup, metrics) = Metrics::of(world.setup.clone());
    let mut node = setup.start().await.unwrap();
    world.load(&setup, 100).run().await;
    let gauge = "countersign_counter_drift";
    eventually("it was counted", async || metrics.sum(gauge).await == Some(0.0)).await;

    world.sql(DRIFT).await;
    let named = setup.run(&["recount"]).unwrap_err().to_string();
    assert!(named.contains("exit status: 1"), "{named}");
    let output = setup.command(["recount"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("example\tdrift\tcounter 105\trows 100"), "{said}");
    assert!(said.contains("example\tdrift\tDE\tcounter"), "{said}");

    // A node recounts when it starts, and every hour.
    node.terminate().await.unwrap();
    let mut node = setup.start().await.unwrap();
    let page = Follower::of(node.address);
    eventually("operators see it", async || metrics.sum(gauge).await == Some(5.0)).await;
    assert!(page.until(|seen| seen.total == 105).await, "{:?}", page.last());

    setup.run(&["recount", "--repair"]).unwrap();
    let right = |seen: &crate::follower::Seen| {
        seen.total == 100 && seen.reason.as_deref() == Some("recount")
    };
    assert!(page.until(right).await, "{:?}", page.last());
    assert!(node.lives(), "without a restart");
    world.load(&setup, 20).run().await;
    world.check(&node, &[&page]).await;
}
