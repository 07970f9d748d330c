//! SIGTERM while people watch and sign.

use std::time::{Duration, Instant};

use crate::crowd::Crowd;
use crate::dice::{Dice, cycles};
use crate::follower::Follower;
use crate::turn;
use crate::world::{Fleet, World};

/// What `docs/operations.md` promises.
const BOUND: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_sigterm_with_open_streams_and_pledges_under_way_ends_in_time_and_keeps_all() {
    let _turn = turn::alone().await;
    let world = World::sqlite();
    let mut dice = Dice::of("SIGTERM");
    let setup = world.setup.clone().env("COUNTERSIGN_MAX_STREAMS_PER_ADDRESS", "20000");
    let follower = Follower::of(setup.listen.unwrap());
    let mut longest = Duration::ZERO;
    for _ in 0..cycles(2) {
        let mut node = setup.start().await.unwrap();
        let mut crowd = Crowd::open(node.address, 500).await;
        let mut load = world.load(&setup, 1_000_000);
        load.resend = false;
        let fleet = Fleet::of(load);
        let enough = world.ledger.acknowledged_count() + dice.between(50, 400) as usize;
        world.until_acknowledged(enough).await;
        let asked = Instant::now();
        let status = {
            node.ask_to_end().unwrap();
            node.ended_within(BOUND).await.unwrap()
        };
        longest = longest.max(asked.elapsed());
        assert!(status.success(), "{status}");
        crowd.until_ended().await;
        fleet.home().await;
        let node = setup.start().await.unwrap();
        world.check(&node, &[&follower]).await;
    }
    println!("it took {longest:.1?} at most; {} keys", world.ledger.len());
}
