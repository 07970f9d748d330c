//! The power fails while people sign. A kill alone proves nothing about the disk, since the page
//! cache survives it; here, what was not synced is gone.

use std::time::Duration;

use countersign_bench::node::Setup;

use crate::dice::{Dice, cycles, repeated};
use crate::follower::Follower;
use crate::loss::Lost;
use crate::shim::{Disk, Ill};
use crate::turn;
use crate::world::World;

/// The log is moved into the file every few batches, so that the power fails in there too.
const OFTEN: &str = "checkpoint_often=return";

fn disk(world: &World) -> Disk {
    Disk::of(&world.setup.data_dir, &world.folder().join("disk"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_power_loss_under_load_keeps_every_acknowledged_pledge() {
    let _turn = turn::together().await;
    let world = World::sqlite();
    let mut dice = Dice::of("power loss");
    let disk = disk(&world);
    let follower = Follower::of(world.setup.listen.unwrap());
    disk.fall_ill(Ill::Slow);
    let (mut cuts, mut bitten, mut all) = (0, 0, Lost::default());
    let (least, most) = (cycles(4), 4 * cycles(4));
    // Chance may let the power fail at idle moments only: then it goes on.
    for cycle in 0..most {
        if cycle >= least && bitten > 0 {
            break;
        }
        let fleet = world.fleet(&world.setup, dice.between(1, 48) as usize);
        for _ in 0..dice.between(1, 4) {
            let points = if dice.coin() { OFTEN } else { "" };
            let setup = disk.under(world.with_fail_points(points));
            let mut node = setup.start().await.unwrap();
            tokio::time::sleep(Duration::from_micros(dice.between(0, 400_000))).await;
            if dice.between(0, 4) == 0 {
                // In the middle of a shutdown, which moves the log into the file.
                node.ask_to_end().unwrap();
                tokio::time::sleep(Duration::from_micros(dice.between(0, 100_000))).await;
            }
            node.kill_9().unwrap();
            let torn = dice.coin();
            let lost = disk.lose_power(torn.then_some(&mut dice));
            cuts += 1;
            bitten += usize::from(lost.writes > 0);
            all.seen += lost.seen;
            all.writes += lost.writes;
            all.names += lost.names;
        }
        let node = world.setup.start().await.unwrap();
        world.until_acknowledged(world.ledger.acknowledged_count() + 1).await;
        fleet.home().await;
        world.check(&node, &[&follower]).await;
    }
    assert!(bitten > 0, "no power cut took anything: this test is blind");
    println!(
        "{cuts} power cuts, {bitten} of them took writes; {} records seen, {} writes and {} names \
         not synced; {} keys",
        all.seen,
        all.writes,
        all.names,
        world.ledger.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_power_loss_would_be_found_out_with_synchronous_normal() {
    let _turn = turn::together().await;
    repeated(with_synchronous_normal).await;
}

async fn with_synchronous_normal() {
    let world = World::sqlite();
    let disk = disk(&world);
    let setup = disk.under(world.with_fail_points("synchronous_normal=return"));
    let mut node = setup.start().await.unwrap();
    world.load(&setup, 200).run().await;
    assert_eq!(world.ledger.acknowledged_count(), 200);
    node.kill_9().unwrap();
    let lost = disk.lose_power(None);
    assert!(lost.writes > 0, "{lost:?}");
    let node = world.setup.start().await.unwrap();
    let wrong = world.violations(&node, &[]).await;
    let lies = wrong.iter().filter(|it| it.contains("was acknowledged with receipt")).count();
    println!("{lost:?}; {lies} acknowledged pledges were found to be lost");
    assert!(lies > 100, "only {lies} lies were found:\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn fault_power_loss_after_the_first_command_keeps_campaign_and_key() {
    let _turn = turn::together().await;
    repeated(after_the_first_command).await;
}

async fn after_the_first_command() {
    let world = World::sqlite();
    let site = world.folder().join("site");
    std::fs::create_dir(&site).unwrap();
    let disk = Disk::of(&site, &world.folder().join("disk-2"));
    let new = Setup { data_dir: site.join("data"), ..world.setup.clone() };
    let apply = ["campaign", "apply", crate::world::CAMPAIGN];
    // Made here, as a container's volume is; who makes it elsewhere syncs it there.
    std::fs::create_dir(&new.data_dir).unwrap();
    disk.under(new.clone()).run(&apply).unwrap();
    let key = std::fs::read(new.data_dir.join("secret.key")).unwrap();
    let lost = disk.lose_power(None);
    println!("{lost:?}");
    assert_eq!(std::fs::read(new.data_dir.join("secret.key")).unwrap(), key);
    assert_eq!(new.run(&["campaign", "list"]).unwrap(), "example\topen\t0");
}
