//! Whatever is changed is changed together with its line of the audit log.

use countersign::store::audit::Entry;
use countersign::store::{Store, Written};

use super::noting_world::World;
use crate::harness::{Engine, at, campaign, entry};

/// Who changes something, of all that a [`World`] can be asked to change. Those that come later leave
/// in place what earlier ones need.
const CHANGES: &[&str] = &[
    "correct",
    "withdraw",
    "refuse",
    "release",
    "erase",
    "begin a job",
    "undo a job",
    "import",
    "undo an import",
    "label",
    "unlabel",
    "make a campaign",
    "save a campaign",
    "add a mark",
    "change a mark",
    "delete a mark",
    "make a webhook",
    "change a webhook",
    "rotate a webhook",
    "test a webhook",
    "replay a message",
    "find a receiver gone",
    "delete a webhook",
    "accept an invitation",
    "add a passkey",
    "remove a passkey",
    "end a session",
    "change a password",
    "end all sessions",
    "delete what is past its retention",
];

/// They always do something: asked again, they do it again.
const TIRELESS: &[&str] = &["begin a job", "import", "label", "end all sessions"];

fn named(change: &str) -> Entry {
    let mut entry = entry("one");
    change.clone_into(&mut entry.line.action);
    entry
}

async fn lines(store: &dyn Store) -> Vec<String> {
    let lines = store.lines_after(0, 1_000).await.unwrap();
    lines.into_iter().map(|line| line.line.action).collect()
}

pub async fn a_change_and_its_line_come_together_or_not_at_all(engine: &dyn Engine) {
    let world = World::on(engine).await;
    let store = &*world.fixture.store;
    for change in CHANGES {
        let before = (world.seen().await, lines(store).await);
        engine.sql("UPDATE meta SET name = 'gone' WHERE name = 'audit'").await;
        let failed = world.change(change, &named(change)).await;
        engine.sql("UPDATE meta SET name = 'audit' WHERE name = 'gone'").await;
        assert!(failed.is_err(), "{change}: {failed:?}");
        assert_eq!((world.seen().await, lines(store).await), before, "{change}");
        assert!(world.change(change, &named(change)).await.unwrap(), "{change}");
        assert_ne!(world.seen().await, before.0, "{change}");
        let new = lines(store).await.split_off(before.1.len());
        assert_eq!(new, [*change], "{change}");
        if TIRELESS.contains(change) {
            continue;
        }
        // Done already, or there is no such thing any more.
        let again = world.change(change, &named(change)).await.unwrap();
        let new = lines(store).await.split_off(before.1.len());
        assert_eq!((again, new.len()), (false, 1), "{change}");
    }
}

pub async fn a_line_says_what_is_known_only_when_the_change_is_made(engine: &dyn Engine) {
    let world = World::on(engine).await;
    let store = &*world.fixture.store;
    let said = async |change: &'static str| {
        let mut entry = named(change);
        entry.line.detail = "{}".into();
        world.change(change, &entry).await.unwrap();
        let line = store.lines_after(0, 1_000).await.unwrap().pop().unwrap().line;
        format!("{} {}", line.subject, line.detail)
    };
    assert_eq!(said("withdraw").await, "one {\"total\":45}");
    assert_eq!(said("refuse").await, "one {}", "it was in no number");
    assert_eq!(said("label").await, "one/2 {\"total\":85}");
    assert_eq!(said("import").await, "one/2 {\"added\":2,\"duplicates\":1,\"total\":87}");
    assert_eq!(said("undo a job").await, "one {\"changed\":1,\"total\":88}");
    assert_eq!(said("begin a job").await, "one/2 {}");
    assert_eq!(said("accept an invitation").await, "one {\"role\":\"editor\"}");
    assert_eq!(said("end all sessions").await, "one {\"sessions\":3}");
    assert_eq!(said("delete what is past its retention").await, "one {\"people\":11}");
}

pub async fn a_campaign_that_is_not_written_is_not_in_the_log(engine: &dyn Engine) {
    let world = World::on(engine).await;
    let store = &*world.fixture.store;
    let before = lines(store).await;
    let mut changed = campaign("one", "");
    changed.hide_count_below = 9;
    let no = named("not done");
    let earlier = store.save_campaign(&changed, Some(99), at(0), &no).await.unwrap();
    let nowhere = store.save_campaign(&campaign("none", ""), None, at(0), &no).await.unwrap();
    assert_eq!((earlier, nowhere), (Written::ChangedMeanwhile, Written::Missing));
    assert_eq!(lines(store).await, before);
}
