//! The log of what organizers did: each line bound to the one before, and the end sealed.

use std::sync::Arc;

use countersign::organizer::audit::{Proof, verify};
use countersign::store::audit::{Chain, NewLine};
use countersign::store::{OrganizationId, Store};
use countersign_shared::admin::Role;
use futures_util::future::join_all;
use jiff::Timestamp;

use super::organizing::{invitation, member, token};
use crate::harness::{Engine, at, entry, secrets};

const OURS: OrganizationId = OrganizationId(1);

fn line(organization: OrganizationId, subject: &str) -> NewLine {
    NewLine { organization, ..entry(subject).line }
}

/// What the log of all organizations says, oldest first.
async fn subjects(store: &dyn Store) -> Vec<String> {
    let lines = store.lines_after(0, 100).await.unwrap();
    lines.into_iter().map(|line| line.line.subject).collect()
}

async fn log(store: &dyn Store, subjects: &[&str]) {
    for subject in subjects {
        store.append_line(&line(OURS, subject), secrets().audit_link()).await.unwrap();
    }
}

async fn broken_at(store: &dyn Store) -> Option<i64> {
    verify(store, &secrets()).await.unwrap().broken_at
}

pub async fn fault_47_an_edited_audit_log_is_revealed_by_its_hash_chain(engine: &dyn Engine) {
    let store = engine.open().await;
    assert_eq!(verify(&*store, &secrets()).await.unwrap().lines, 0);
    log(&*store, &["a", "b", "c", "d"]).await;
    let proof = verify(&*store, &secrets()).await.unwrap();
    assert_eq!((proof.lines, proof.broken_at), (4, None));
    for statements in [
        "UPDATE audit_log SET actor = 'eve@example.org' WHERE id = 2",
        "UPDATE audit_log SET actor = 'ada@example.org', at = at + 1 WHERE id = 2",
        "UPDATE audit_log SET at = at - 1, organization_id = 2 WHERE id = 2",
        "UPDATE audit_log SET organization_id = 1, detail = '{}' WHERE id = 2",
    ] {
        engine.sql(statements).await;
        assert_eq!(broken_at(&*store).await, Some(2), "{statements}");
    }
    engine.sql("UPDATE audit_log SET detail = '{\"é\": [1, 2]}' WHERE id = 2").await;
    assert_eq!(broken_at(&*store).await, None);
    // Two lines that change places.
    engine
        .sql(
            "UPDATE audit_log SET id = 99 WHERE id = 3;
             UPDATE audit_log SET id = 3 WHERE id = 4;
             UPDATE audit_log SET id = 4 WHERE id = 99",
        )
        .await;
    assert_eq!(broken_at(&*store).await, Some(3));
}

pub async fn fault_47_a_deleted_line_is_revealed_and_so_is_a_tail_that_was_cut_off(
    engine: &dyn Engine,
) {
    let store = engine.open().await;
    log(&*store, &["a", "b", "c", "d"]).await;
    engine.sql("DELETE FROM audit_log WHERE id = 4").await;
    assert_eq!(broken_at(&*store).await, Some(4));
    // What is written afterwards does not mend it.
    log(&*store, &["e"]).await;
    assert_eq!(broken_at(&*store).await, Some(4));
    engine.sql("DELETE FROM audit_log WHERE id = 2").await;
    assert_eq!(broken_at(&*store).await, Some(2));
    engine.sql("DELETE FROM audit_log").await;
    assert_eq!(broken_at(&*store).await, Some(1));
}

/// As versions before seals left it: the lines do not say that there is one.
async fn unsealed(engine: &dyn Engine) {
    engine.sql("UPDATE meta SET bytes = substr(bytes, 1, 32) WHERE name = 'audit'").await;
}

pub async fn fault_47_a_tail_cut_off_with_the_end_moved_is_revealed(engine: &dyn Engine) {
    let store = engine.open().await;
    log(&*store, &["a", "b", "c", "d"]).await;
    // The head of line 2, as somebody without the key can make it: without its seal, or with that
    // of another line.
    engine
        .sql(
            "DELETE FROM audit_log WHERE id > 2;
             UPDATE meta SET number = 2, bytes = (SELECT hash FROM audit_log WHERE id = 2)
             WHERE name = 'audit'",
        )
        .await;
    assert_eq!(broken_at(&*store).await, Some(3), "no seal");
    store.append_line(&line(OURS, "e"), Arc::new(Unsealing)).await.unwrap();
    assert_eq!(broken_at(&*store).await, Some(4), "a wrong seal");
    engine.sql("UPDATE meta SET bytes = substr(bytes, 1, 40) WHERE name = 'audit'").await;
    assert_eq!(broken_at(&*store).await, Some(4), "half a seal");
    // Nor is all of it taken away unseen where somebody has come in.
    engine.sql("UPDATE meta SET number = 0, bytes = NULL WHERE name = 'audit'").await;
    engine.sql("DELETE FROM audit_log").await;
    assert_eq!(broken_at(&*store).await, None);
    member(&*store, "ada@example.org", 1, Role::Owner).await;
    engine.sql("UPDATE meta SET number = 0, bytes = NULL WHERE name = 'audit'").await;
    engine.sql("DELETE FROM audit_log").await;
    assert_eq!(broken_at(&*store).await, Some(1));
}

pub async fn a_log_from_before_there_were_seals_goes_on_and_is_sealed_by_its_next_line(
    engine: &dyn Engine,
) {
    let store = engine.open().await;
    store.append_line(&early(), Arc::new(Early)).await.unwrap();
    unsealed(engine).await;
    assert_eq!(broken_at(&*store).await, None);
    log(&*store, &["b"]).await;
    assert_eq!(broken_at(&*store).await, None);
    unsealed(engine).await;
    assert_eq!(broken_at(&*store).await, Some(3), "from here on a seal is missed");
}

/// Binds lines rightly, and vouches wrongly.
struct Unsealing;

impl Chain for Unsealing {
    fn link(&self, before: &[u8; 32], id: i64, line: &NewLine) -> [u8; 32] {
        secrets().audit_link().link(before, id, line)
    }

    fn seal(&self, _: i64, _: &[u8; 32]) -> [u8; 32] {
        [0; 32]
    }
}

/// Binds the first line as versions before seals did.
struct Early;

impl Chain for Early {
    fn link(&self, _: &[u8; 32], _: i64, _: &NewLine) -> [u8; 32] {
        EARLY
    }

    fn seal(&self, _: i64, _: &[u8; 32]) -> [u8; 32] {
        [0; 32]
    }
}

/// A line as such a version wrote it, and the hash that it gave to it as the first one.
fn early() -> NewLine {
    NewLine {
        at: Timestamp::from_millisecond(1_795_600_320_391).unwrap(),
        organization: OURS,
        actor: "command line".into(),
        action: "token.create".into(),
        subject: "script".into(),
        detail: r#"{"days":null,"role":"moderator"}"#.into(),
    }
}

const EARLY: [u8; 32] = [
    0xc3, 0x9f, 0xe7, 0xc5, 0xb2, 0x85, 0x9d, 0xfb, 0x95, 0xf4, 0x23, 0xcb, 0xa6, 0x90, 0xef, 0x24,
    0x2b, 0x8a, 0xae, 0x63, 0x14, 0xde, 0xb4, 0x92, 0xf5, 0xb8, 0x16, 0x9c, 0x95, 0x73, 0xf1, 0x67,
];

pub async fn what_is_not_done_is_not_in_the_log_and_what_is_done_is_in_its_transaction(
    engine: &dyn Engine,
) {
    let store = engine.open().await;
    let ada = member(&*store, "ada@example.org", 1, Role::Owner).await;
    let eve = member(&*store, "eve@example.org", 2, Role::Editor).await;
    let token = store.create_token(&token("script", 1)).await.unwrap().unwrap();
    let open = store.invite(&invitation("bob@example.org", 3, Role::Analyst)).await.unwrap();
    let come_in = subjects(&*store).await;
    let no = entry("not done");
    store.change_role(OURS, ada, Role::Editor, &no).await.unwrap();
    store.remove_member(OURS, ada, &no).await.unwrap();
    store.remove_member(OURS, eve + 9, &no).await.unwrap();
    store.delete_token(OURS, token + 9, &no).await.unwrap();
    store.withdraw_invitation(OURS, open + 9, &no).await.unwrap();
    assert_eq!(subjects(&*store).await, come_in);
    // Where no line can be written, nothing is changed.
    engine.sql("UPDATE meta SET name = 'gone' WHERE name = 'audit'").await;
    assert!(store.change_role(OURS, eve, Role::Analyst, &no).await.is_err());
    assert!(store.remove_member(OURS, eve, &no).await.is_err());
    assert!(store.delete_token(OURS, token, &no).await.is_err());
    assert!(store.withdraw_invitation(OURS, open, &no).await.is_err());
    engine.sql("UPDATE meta SET name = 'audit' WHERE name = 'gone'").await;
    let members = store.members(OURS).await.unwrap();
    assert_eq!((members.len(), members[1].role), (2, Role::Editor));
    store.change_role(OURS, eve, Role::Analyst, &entry("role")).await.unwrap();
    store.remove_member(OURS, eve, &entry("removal")).await.unwrap();
    assert!(store.delete_token(OURS, token, &entry("token")).await.unwrap());
    assert!(store.withdraw_invitation(OURS, open, &entry("invitation")).await.unwrap());
    let new = subjects(&*store).await.split_off(come_in.len());
    assert_eq!(new, ["role", "removal", "token", "invitation"]);
}

pub async fn lines_written_at_once_form_one_chain(engine: &dyn Engine) {
    let (one, two) = (engine.open().await, engine.open().await);
    let nodes = [&one, &two];
    let written = (0..40).map(|n| async move {
        let subject = n.to_string();
        let link = secrets().audit_link();
        nodes[n % 2].append_line(&line(OURS, &subject), link).await.unwrap().id
    });
    let mut ids = join_all(written).await;
    ids.sort_unstable();
    assert_eq!(ids, (1..=40).collect::<Vec<i64>>());
    let Proof { lines, broken_at, head, .. } = verify(&*one, &secrets()).await.unwrap();
    assert_eq!((lines, broken_at, head.id), (40, None, 40));
}

pub async fn an_organization_reads_its_own_lines_newest_first(engine: &dyn Engine) {
    let store = engine.open().await;
    let theirs = store.organization("Another", at(0)).await.unwrap();
    assert_eq!(store.organization("Another", at(0)).await.unwrap(), theirs);
    log(&*store, &["a", "b"]).await;
    store.append_line(&line(theirs, "x"), secrets().audit_link()).await.unwrap();
    log(&*store, &["c"]).await;
    let subjects = async |organization, before| -> Vec<String> {
        let lines = store.lines_before(organization, before, 2).await.unwrap();
        lines.into_iter().map(|line| line.line.subject).collect()
    };
    assert_eq!(subjects(OURS, i64::MAX).await, ["c", "b"]);
    assert_eq!(subjects(OURS, 2).await, ["a"]);
    assert_eq!(subjects(theirs, i64::MAX).await, ["x"]);
}
