//! The reply to COMMIT is lost: nobody knows whether the pledge was stored, until it is sent again.

use crate::ask::{sign, sign_as};
use crate::dice::{Dice, cycles, repeated};
use crate::follower::Follower;
use crate::turn;
use crate::world::{World, postgres};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_04_a_lost_commit_reply_is_503_and_the_retry_gets_the_first_receipt_on_sqlite() {
    let _turn = turn::together().await;
    repeated(async || one(World::sqlite()).await).await;
    many(World::sqlite(), Dice::of("lost replies, sqlite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_04_a_lost_commit_reply_is_503_and_the_retry_gets_the_first_receipt_on_postgres() {
    let _turn = turn::together().await;
    repeated(async || one(World::postgres(postgres()).await).await).await;
    let world = World::postgres(postgres()).await;
    many(world, Dice::of("lost replies, postgres")).await;
}

async fn one(world: World) {
    let setup = world.with_fail_points("lost_commit_reply=1*return");
    let node = setup.start().await.unwrap();
    let follower = Follower::of(node.address);
    let (key, number, body) = world.somebody();
    world.ledger.sent(&key, number, &body);
    let answer = sign_as(&world, node.address, &key, body.clone()).await;
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.retry_after.is_some_and(|wait| wait >= 1), "{answer:?}");
    // It was stored all the same, and pages learn of it before anybody signs again.
    assert!(follower.until(|seen| seen.total == 1).await, "{:?}", follower.last());
    world.site(&node).until_total(1).await.unwrap();
    let first = sign_as(&world, node.address, &key, body.clone()).await.json();
    assert_eq!(first["number"], 1);
    let second = sign_as(&world, node.address, &key, body).await.json();
    assert_eq!((&first["receipt"], &first["number"]), (&second["receipt"], &second["number"]));
    let other = sign(&world, node.address).await.json();
    assert_eq!(other["number"], 2);
    world.check(&node, &[&follower]).await;
}

async fn many(world: World, mut dice: Dice) {
    let follower = Follower::of(world.setup.listen.unwrap());
    let mut lost = 0;
    for _ in 0..cycles(2) {
        let share = dice.between(5, 60);
        let setup = world.with_fail_points(&format!("lost_commit_reply={share}%return"));
        let mut node = setup.start().await.unwrap();
        let load = world.load(&setup, dice.between(200, 800));
        lost += load.run().await.with(503);
        let counted = world.resent(&node).await;
        world.site(&node).until_total(counted).await.unwrap();
        node.kill_9().unwrap();
        let node = world.setup.start().await.unwrap();
        world.check(&node, &[&follower]).await;
    }
    println!("{lost} replies were lost; {} keys", world.ledger.len());
}
