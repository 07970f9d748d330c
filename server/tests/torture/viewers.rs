//! Thousands of pages: they come all at once, or never read, and those who sign do not notice.

use std::time::{Duration, Instant};

use countersign_bench::load::{Load, Pace};
use countersign_bench::node::{Node, Setup};

use crate::ask::eventually;
use crate::crowd::{self, Crowd};
use crate::dice::is_long;
use crate::metrics::Metrics;
use crate::turn;
use crate::world::World;

fn for_many(setup: Setup) -> Setup {
    setup
        .env("COUNTERSIGN_MAX_STREAMS", "20000")
        .env("COUNTERSIGN_MAX_STREAMS_PER_ADDRESS", "20000")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_viewers_that_all_reconnect_at_once_do_not_reach_the_database() {
    let _turn = turn::alone().await;
    let count = if is_long() { 10_000 } else { 2_000 };
    let world = World::sqlite();
    let (setup, metrics) = Metrics::of(for_many(world.setup.clone()));
    let node = setup.start().await.unwrap();
    world.load(&setup, 50).run().await;
    let crowd = Crowd::open(node.address, count).await;
    let open =
        async |wanted: usize| metrics.sum("countersign_open_streams").await == Some(wanted as f64);
    eventually("all are counted", async || open(count).await).await;
    let asked = async || metrics.sum("countersign_store_seconds_count").await.unwrap();
    let (before, began) = (asked().await, Instant::now());
    drop(crowd);
    let _crowd = Crowd::open(node.address, count).await;
    let (after, seconds) = (asked().await, began.elapsed().as_secs_f64());
    // Each second the node looks by itself whether anything changed.
    let (more, by_itself) = (after - before, 10.0 + seconds * 4.0);
    println!("{count} came back within {seconds:.1} s; {more} questions to the database");
    assert!(more <= by_itself, "{more} questions to the database for {count} viewers");
    world.check(&node, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_15_viewers_that_never_read_cost_little_and_hold_up_nobody_who_signs() {
    let _turn = turn::alone().await;
    let count = if is_long() { 5_000 } else { 1_000 };
    let world = World::sqlite();
    let (setup, metrics) = Metrics::of(for_many(world.setup.clone()));
    let node = setup.start().await.unwrap();
    p99(&world, &setup).await;
    let alone = best_p99(&world, &setup).await;
    let before = resident(&node);
    let streams = crowd::deaf(node.address, count).await;
    let beside = best_p99(&world, &setup).await;
    let each = resident(&node).saturating_sub(before) / count as u64;
    println!(
        "p99 {alone:.1} ms without, {beside:.1} ms with {count} that never read; {each} bytes each"
    );
    if is_long() {
        unaffected_once_nothing_goes_out(&world, &setup, &metrics, alone).await;
    }
    // In a short round other tests compute at the same time.
    let most = if is_long() { 5.0 } else { 10.0 };
    assert!(beside < alone * most + 1.0, "p99 {alone} ms without, {beside} ms with them");
    assert!(each < 64 * 1024, "{each} bytes for each of {count} viewers");
    drop(streams);
    world.check(&node, &[]).await;
}

/// Until the kernel's buffers are full, whoever does not read is sent what any viewer is sent. From
/// then on they cost nothing, until they are cut off.
async fn unaffected_once_nothing_goes_out(
    world: &World,
    setup: &Setup,
    metrics: &Metrics,
    alone: f64,
) {
    let began = Instant::now();
    let sent = async || metrics.sum("countersign_frames_sent_total").await.unwrap_or_default();
    let mut before = sent().await;
    loop {
        p99(world, setup).await;
        let now = sent().await;
        if now == before {
            break;
        }
        before = now;
        assert!(began.elapsed() < Duration::from_secs(300), "frames go out for ever");
    }
    let seconds = began.elapsed().as_secs_f64();
    let beside = best_p99(world, setup).await;
    println!("nothing goes out after {seconds:.0} s: p99 {beside:.1} ms, {alone:.1} ms without");
    assert!(beside < alone * 1.5 + 1.0, "p99 {alone} ms without, {beside} ms with them");
}

/// The better of two, since the machine has other things to do as well.
async fn best_p99(world: &World, setup: &Setup) -> f64 {
    p99(world, setup).await.min(p99(world, setup).await)
}

/// In milliseconds, for people who sign at a steady pace.
async fn p99(world: &World, setup: &Setup) -> f64 {
    let load = Load {
        pace: Pace::Open { per_second: 150.0 },
        warm_up: Duration::from_millis(300),
        ..world.load(setup, 450)
    };
    load.run().await.quantile_ms(0.99)
}

fn resident(node: &Node) -> u64 {
    node.usage().unwrap().resident
}
