//! kill -9, and deaths at the worst places, while people sign.

use std::collections::BTreeMap;
use std::time::Duration;

use countersign_bench::node::Node;

use crate::dice::{Dice, cycles};
use crate::follower::Follower;
use crate::turn;
use crate::world::{Fleet, World, postgres};

/// Where a server dies by itself, and in how many of a hundred times that it comes by: at least, and
/// less than.
pub type Point = (&'static str, u64, u64);

/// On the way of a batch of pledges.
pub const BATCH: [Point; 3] =
    [("before_commit", 1, 10), ("after_commit", 1, 10), ("before_reply", 1, 10)];

/// How servers died, for the curious.
#[derive(Debug, Default)]
pub struct Tally {
    kills: u32,
    deaths: BTreeMap<&'static str, u32>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_kill_9_under_load_keeps_every_acknowledged_pledge_on_sqlite() {
    let _turn = turn::together().await;
    under_load(World::sqlite(), Dice::of("kill -9, sqlite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_kill_9_under_load_keeps_every_acknowledged_pledge_on_postgres() {
    let _turn = turn::together().await;
    under_load(World::postgres(postgres()).await, Dice::of("kill -9, postgres")).await;
}

async fn under_load(world: World, mut dice: Dice) {
    let follower = Follower::of(world.setup.listen.unwrap());
    let (mut tally, mut unanswered) = (Tally::default(), 0);
    for _ in 0..cycles(4) {
        let mut load = world.load(&world.setup, 1_000_000);
        // Sometimes nobody tries again by themselves, and the oracle does so for them.
        load.resend = dice.coin();
        load.connections = dice.between(1, 48) as usize;
        let fleet = Fleet::of(load);
        for _ in 0..dice.between(1, 4) {
            hurt(&world, &mut dice, &BATCH, &mut tally).await;
        }
        let node = world.setup.start().await.unwrap();
        world.until_acknowledged(world.ledger.acknowledged_count() + 1).await;
        fleet.home().await;
        unanswered += world.ledger.unacknowledged().len();
        world.check(&node, &[&follower]).await;
    }
    let (frames, streams) = follower.counts();
    println!(
        "{tally:?}; {} keys, {unanswered} of them sent again by the oracle; \
         {frames} frames over {streams} streams",
        world.ledger.len(),
    );
}

/// Starts a server under the load that runs, and lets it die: at one of these points, or anywhere.
pub async fn hurt(world: &World, dice: &mut Dice, points: &[Point], tally: &mut Tally) {
    let point = dice.between(0, points.len() as u64 + 1) as usize;
    let Some((name, least, most)) = points.get(point) else {
        let mut node = world.setup.start().await.unwrap();
        tokio::time::sleep(Duration::from_micros(dice.between(0, 300_000))).await;
        node.kill_9().unwrap();
        tally.kills += 1;
        return;
    };
    let share = dice.between(*least, *most);
    let setup = world.with_fail_points(&format!("{name}={share}%return"));
    // It may die before it says that it is ready.
    let mut node = setup.spawn().unwrap();
    let died = died_within(&mut node, Duration::from_secs(3)).await;
    if died {
        *tally.deaths.entry(name).or_default() += 1;
    } else {
        node.kill_9().unwrap();
        tally.kills += 1;
    }
}

/// Whether the process ended by itself, which it does when enough people sign.
pub async fn died_within(node: &mut Node, patience: Duration) -> bool {
    let gone = async {
        while node.lives() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(patience, gone).await.is_ok()
}
