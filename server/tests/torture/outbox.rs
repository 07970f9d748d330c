//! kill -9 while webhooks are told and e-mails are sent: what is written with a pledge arrives, and
//! what came twice came under one id.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use countersign_bench::load::{Load, Pace};
use countersign_bench::node::Node;
use serde_json::json;

use crate::ask::{self, eventually};
use crate::dice::{Dice, cycles, repeated};
use crate::follower::Follower;
use crate::kill::{BATCH, Point, Tally, died_within, hurt};
use crate::receiver::{Mailboxes, Receiver};
use crate::turn;
use crate::world::{Fleet, SLUG, World, postgres};

mod oracle;

use oracle::{Outboxes, Told};

/// Told once on the way.
const GOAL: u64 = 40;

/// After somebody outside has taken it, and before that is written down.
const DELIVERY: Point = ("after_delivery", 20, 90);
const LETTER: Point = ("after_letter", 20, 90);

/// What was claimed by a server that died is due again at once, and not in a minute or two.
const DUE: [&str; 3] = [
    "UPDATE deliveries SET next_at = 0 WHERE state = 'pending' AND next_at > 0",
    "UPDATE webhooks SET paused_until = NULL WHERE paused_until IS NOT NULL",
    "UPDATE mails SET next_at = 0 WHERE state = 'waiting' AND next_at > 0",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_kill_9_loses_no_event_of_a_webhook_and_makes_none_up_on_sqlite() {
    let _turn = turn::together().await;
    under_load(World::sqlite(), false, Dice::of("outbox, sqlite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_kill_9_loses_no_event_of_a_webhook_and_makes_none_up_on_postgres() {
    let _turn = turn::together().await;
    under_load(World::postgres(postgres()).await, false, Dice::of("outbox, postgres")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_kill_9_loses_no_e_mail_and_no_confirmation_on_sqlite() {
    let _turn = turn::together().await;
    under_load(World::sqlite(), true, Dice::of("mailboxes, sqlite")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_kill_9_loses_no_e_mail_and_no_confirmation_on_postgres() {
    let _turn = turn::together().await;
    under_load(World::postgres(postgres()).await, true, Dice::of("mailboxes, postgres")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_what_arrived_before_the_crash_comes_again_under_its_id_on_sqlite() {
    let _turn = turn::together().await;
    repeated(async || comes_again(World::sqlite()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn fault_what_arrived_before_the_crash_comes_again_under_its_id_on_postgres() {
    let _turn = turn::together().await;
    repeated(async || comes_again(World::postgres(postgres()).await).await).await;
}

/// An installation whose campaign tells a receiver, and asks the mailboxes where `asks` says so.
struct Telling {
    world: World,
    asks: bool,
    receiver: Receiver,
    mailboxes: Mailboxes,
}

impl Telling {
    async fn of(mut world: World, asks: bool) -> Self {
        let receiver = Receiver::open().await;
        let mailboxes = Mailboxes::open(world.setup.listen.unwrap()).await;
        let setup = world.setup.clone().env("COUNTERSIGN_ALLOW_LOCAL_WEBHOOKS", "true");
        world.setup = setup.env("COUNTERSIGN_SMTP_URL", mailboxes.post.url());
        world.change_campaign(|text| {
            let (start, rest) = text.split_once("[goal]").unwrap();
            let (_, end) = rest.split_once("[theme]").unwrap();
            let text = format!("{start}[goal]\nfixed = {GOAL}\n[theme]{end}");
            text.replace("confirm_email = false", &format!("confirm_email = {asks}"))
        });
        let token = world.setup.run(&["token", "create", "hooks", "--role", "owner"]).unwrap();
        let mut node = world.setup.start().await.unwrap();
        let events = ["pledge.signed", "pledge.confirmed", "goal.reached"];
        let path = format!("/api/v1/admin/campaigns/{SLUG}/webhooks");
        let hook = json!({ "url": receiver.url, "events": events });
        let made = ask::post(node.address, &path, &token, &hook).await;
        assert_eq!(made.status, 201, "{made:?}");
        node.terminate().await.unwrap();
        Self { world, asks, receiver, mailboxes }
    }

    async fn outboxes(&self) -> Outboxes {
        let read = match &self.world.setup.database_url {
            None => Outboxes::of_file(&self.world.file()).await,
            Some(url) => Outboxes::of_postgres(url).await,
        };
        read.unwrap()
    }

    /// Holds a node to everything that was acknowledged, and its outboxes to all that is stored.
    async fn check(&self, node: &Node, follower: &Follower) {
        let world = &self.world;
        world.resent(node).await;
        let mut looks = 0;
        eventually("all has gone out, and whoever wants to has confirmed", async || {
            // Now and again, for a database may still be at work on what a dead server asked for last.
            if looks % 100 == 0 {
                make_due(world).await;
            }
            looks += 1;
            let asked = if self.asks { self.outboxes().await.pledges.len() } else { 0 };
            // In this order: who confirms is told of.
            self.mailboxes.are_done(asked) && self.outboxes().await.are_empty()
        })
        .await;
        world.check(node, &[follower]).await;
        let rows = world.site(node).rows().await.unwrap();
        let total = world.site(node).totals().await.unwrap().total;
        let receipt_of = |row: countersign_bench::oracle::Row| Some((row.email?, row.receipt));
        let numbers = world.ledger.entries().into_iter().filter_map(|it| it.acknowledged);
        let told = Told {
            heard: self.receiver.heard(),
            asks: self.asks,
            letters: self.mailboxes.letters(),
            confirmed: self.mailboxes.confirmed(),
            receipts: rows.into_iter().filter_map(receipt_of).collect(),
            numbers: numbers.filter_map(|it| Some((it.receipt, it.number?))).collect(),
            goals: if total >= GOAL { &[GOAL] } else { &[] },
        };
        let wrong = self.outboxes().await.violations(&told);
        assert!(wrong.is_empty(), "{}\n\n{}", wrong.join("\n"), node.complaint());
    }
}

/// Makes all that waits due now. Where a server takes the same rows in another order, one of the two
/// has to begin again.
async fn make_due(world: &World) {
    const TRIES: usize = 5;
    for statement in DUE {
        let mut left = TRIES;
        while let Err(error) = world.try_sql(statement).await {
            left -= 1;
            assert!(left > 0, "{statement}: {error}");
        }
    }
}

async fn under_load(world: World, asks: bool, mut dice: Dice) {
    let telling = Telling::of(world, asks).await;
    let world = &telling.world;
    let follower = Follower::of(world.setup.listen.unwrap());
    let points = match asks {
        true => [&BATCH[..], &[DELIVERY, LETTER]].concat(),
        false => [&BATCH[..], &[DELIVERY]].concat(),
    };
    let mut tally = Tally::default();
    for _ in 0..cycles(2) {
        // No more than outboxes get rid of.
        let pace = Pace::Open { per_second: dice.between(20, 60) as f64 };
        let fleet = Fleet::of(Load { pace, time: None, ..world.load(&world.setup, 1_000_000) });
        for _ in 0..dice.between(1, 4) {
            hurt(world, &mut dice, &points, &mut tally).await;
            // As the next server finds it in a minute or two.
            make_due(world).await;
        }
        let node = world.setup.start().await.unwrap();
        world.until_acknowledged(world.ledger.acknowledged_count() + 20).await;
        fleet.home().await;
        telling.check(&node, &follower).await;
    }
    let heard = telling.receiver.heard();
    let again = heard.values().filter(|bodies| bodies.len() > 1).count();
    println!(
        "{tally:?}; {} keys, {} messages, {again} of them more than once; {} confirmed",
        world.ledger.len(),
        heard.len(),
        telling.mailboxes.confirmed().len()
    );
}

/// Somebody signs while nobody outside takes anything; then all is taken, and the server dies before
/// it has noted that.
async fn comes_again(world: World) {
    let telling = Telling::of(world, true).await;
    let world = &telling.world;
    telling.receiver.answer(503);
    telling.mailboxes.post.answer(451);
    // Who has confirmed needs no other e-mail.
    telling.mailboxes.press(false);
    let mut node = world.setup.start().await.unwrap();
    let follower = Follower::of(node.address);
    assert_eq!(ask::sign(world, node.address).await.status, 201);
    let refused = async || !telling.receiver.heard().is_empty();
    eventually("the receiver was asked once", refused).await;
    eventually("the mail server, too", async || telling.mailboxes.post.asked() > 0).await;
    node.terminate().await.unwrap();
    let id = telling.receiver.heard().into_keys().next().unwrap();
    let times = || telling.receiver.heard()[&id].len();

    telling.receiver.answer(204);
    make_due(world).await;
    let before = times();
    crashes_at(world, "after_delivery").await;
    assert_eq!(times(), before + 1, "it arrived");
    let outboxes = telling.outboxes().await;
    assert_eq!(outboxes.deliveries.len(), 1);
    assert_eq!(outboxes.deliveries[0].3, "pending", "and that is written down nowhere");

    telling.mailboxes.post.answer(250);
    make_due(world).await;
    crashes_at(world, "after_letter").await;
    let letters = telling.mailboxes.post.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert_eq!(telling.outboxes().await.mails[0].3, "waiting");

    make_due(world).await;
    let node = world.setup.start().await.unwrap();
    let again = async || telling.mailboxes.post.letters().len() == 2;
    eventually("the e-mail comes again", again).await;
    eventually("so does the message", async || times() >= before + 2).await;
    let letters = telling.mailboxes.post.letters();
    let ids: BTreeSet<String> = letters.iter().map(|it| it.header("Message-ID")).collect();
    assert_eq!(ids.len(), 1, "{letters:?}");
    let links: BTreeMap<_, _> = letters.iter().map(|it| (it.parts().0, ())).collect();
    assert_eq!(links.len(), 1, "with the same link: {letters:?}");
    telling.mailboxes.press(true);
    telling.check(&node, &follower).await;
}

/// A server that does nothing but send, up to this point.
async fn crashes_at(world: &World, point: &str) {
    let mut node = world.with_fail_points(&format!("{point}=return")).spawn().unwrap();
    assert!(died_within(&mut node, Duration::from_secs(30)).await, "{point} was never reached");
}
