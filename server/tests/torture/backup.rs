//! A copy of the database, made while people sign, and what it is worth.

use std::process::Command;

use countersign_bench::node::{Setup, free_port};
use tokio::task::block_in_place;

use crate::ask::sign;
use crate::dice::repeated;
use crate::numbers;
use crate::turn;
use crate::world::World;

const RESTORING: &str = include_str!("../../../docs/operations.md");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_people_sign_is_whole_and_can_be_restored() {
    let _turn = turn::together().await;
    repeated(copied_and_restored).await;
}

async fn copied_and_restored() {
    let world = World::sqlite();
    let node = world.setup.start().await.unwrap();
    let fleet = world.fleet(&world.setup, 16);
    world.until_acknowledged(200).await;
    let copy = world.folder().join("backup.db");
    let before = world.site(&node).totals().await.unwrap();
    block_in_place(|| world.setup.run(&["backup", copy.to_str().unwrap()])).unwrap();
    let after = world.site(&node).totals().await.unwrap();
    fleet.home().await;
    world.check(&node, &[]).await;

    // Kept with the copy, as the document says; and restored by its one line.
    let key = "secret.key";
    std::fs::copy(world.setup.data_dir.join(key), world.folder().join(key)).unwrap();
    let line = RESTORING.lines().find(|line| line.starts_with("install -D ")).unwrap();
    let done = Command::new("sh").args(["-c", line]).current_dir(world.folder()).status().unwrap();
    assert!(done.success(), "{line}");
    let data_dir = world.folder().join("restored");
    assert!(numbers::of_file(&copy).await.unwrap().is_empty());
    let listen = Some(free_port().unwrap());
    let restored = Setup { data_dir, listen, ..world.setup.clone() };
    let said = restored.run(&["recount"]).unwrap();
    let rows: u64 = said.strip_prefix("example\tok\t").unwrap().parse().unwrap();
    assert!((before.total..=after.total).contains(&rows), "{before:?}, {rows}, {after:?}");

    let node = restored.start().await.unwrap();
    let now = world.site(&node).totals().await.unwrap();
    assert!(now.epoch > after.epoch, "pages take the restored totals for new: {now:?}");
    assert_eq!(now.total, rows);
    assert_eq!(world.site(&node).rows().await.unwrap().len() as u64, rows);
    assert_eq!(sign(&world, node.address).await.status, 201);
    println!("the copy has {rows} rows; {} before it, {} after", before.total, after.total);
}
