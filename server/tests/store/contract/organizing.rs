//! Who organizes, and who is signed in.

use std::sync::Arc;

use countersign::organizer::session::horizon;
use countersign::store::organizers::{Acceptance, Changed, NewInvitation, NewProfile, Purpose};
use countersign::store::sessions::{Ceremony, NewPasskey, NewSession, Removed};
use countersign::store::tokens::NewToken;
use countersign::store::{OrganizationId, Store};
use countersign_shared::admin::Role;

use crate::harness::{DAY, Engine, at, entry};

const OURS: OrganizationId = OrganizationId(1);
const HOUR: i64 = 60 * 60 * 1000;

pub(super) fn invitation(email: &str, hash: u8, role: Role) -> NewInvitation {
    NewInvitation {
        hash: [hash; 32],
        organization: OURS,
        email: email.into(),
        role,
        purpose: Purpose::Join,
        now: at(0),
        expires_at: at(DAY),
    }
}

fn acceptance(hash: u8) -> Acceptance {
    Acceptance {
        hash: [hash; 32],
        name: "Ada".into(),
        password: Some("a hash".into()),
        proved: None,
        now: at(HOUR),
    }
}

/// A member with this address; `n` tells the invitations of a test apart.
pub(super) async fn member(store: &dyn Store, email: &str, n: u8, role: Role) -> i64 {
    store.invite(&invitation(email, n, role)).await.unwrap();
    store.accept(&acceptance(n), &entry("a change")).await.unwrap().unwrap().organizer
}

pub async fn fault_45_one_time_expiring_token_two_at_once_yield_one(engine: &dyn Engine) {
    let (store, other) = (engine.open().await, engine.open().await);
    store.invite(&invitation("ada@example.org", 1, Role::Owner)).await.unwrap();
    assert!(store.find_invitation([2; 32], at(0)).await.unwrap().is_none());
    assert!(store.find_invitation([1; 32], at(DAY)).await.unwrap().is_none(), "it is over");
    let late = Acceptance { now: at(DAY), ..acceptance(1) };
    assert!(store.accept(&late, &entry("a change")).await.unwrap().is_none());
    let acceptance = acceptance(1);
    let line = entry("a change");
    let (one, two) =
        tokio::join!(store.accept(&acceptance, &line), other.accept(&acceptance, &line));
    let won = [one.unwrap(), two.unwrap()].into_iter().flatten().collect::<Vec<_>>();
    assert_eq!(won.len(), 1, "{won:?}");
    assert_eq!((&*won[0].email, won[0].role), ("ada@example.org", Role::Owner));
    assert!(store.find_invitation([1; 32], at(0)).await.unwrap().is_none(), "it was used");
    assert_eq!(store.members(OURS).await.unwrap().len(), 1);
}

pub async fn an_invitation_for_an_account_needs_proof_that_it_is_theirs(engine: &dyn Engine) {
    let store = engine.open().await;
    let ada = member(&*store, "ada@example.org", 1, Role::Analyst).await;
    let theirs = store.organization("Another", at(0)).await.unwrap();
    let again =
        NewInvitation { organization: theirs, ..invitation("ada@example.org", 2, Role::Owner) };
    store.invite(&again).await.unwrap();
    assert!(store.accept(&acceptance(2), &entry("a change")).await.unwrap().is_none());
    let other = Acceptance { proved: Some(ada + 1), ..acceptance(2) };
    assert!(store.accept(&other, &entry("a change")).await.unwrap().is_none());
    // What failed has not used the link up, and changed nothing.
    let hers = Acceptance { proved: Some(ada), password: None, ..acceptance(2) };
    let accepted = store.accept(&hers, &entry("a change")).await.unwrap().unwrap();
    assert_eq!((accepted.organizer, accepted.organization), (ada, theirs));
    let memberships = store.memberships("ada@example.org").await.unwrap();
    assert_eq!(memberships, [(OURS, Role::Analyst), (theirs, Role::Owner)]);
    let account = store.organizer(ada).await.unwrap().unwrap();
    assert_eq!(account.password.as_deref(), Some("a hash"));
}

pub async fn a_reset_sets_another_password_and_ends_all_sessions(engine: &dyn Engine) {
    let store = engine.open().await;
    let ada = member(&*store, "ada@example.org", 1, Role::Analyst).await;
    sign_in(&*store, ada, 1).await;
    let reset =
        NewInvitation { purpose: Purpose::Reset, ..invitation("ada@example.org", 2, Role::Owner) };
    store.invite(&reset).await.unwrap();
    assert!(store.invitations(OURS, at(0)).await.unwrap().is_empty(), "the team sees none");
    let new = Acceptance { password: Some("another".into()), name: "".into(), ..acceptance(2) };
    let accepted = store.accept(&new, &entry("a change")).await.unwrap().unwrap();
    assert_eq!((accepted.organizer, accepted.role), (ada, Role::Analyst));
    let account = store.organizer_by_email("ada@example.org").await.unwrap().unwrap();
    assert_eq!((account.password.as_deref(), &*account.name), (Some("another"), "Ada"));
    assert!(store.find_session([1; 32], horizon(at(HOUR))).await.unwrap().is_none());
}

async fn sign_in(store: &dyn Store, organizer: i64, hash: u8) {
    let session = NewSession {
        hash: [hash; 32],
        organizer,
        organization: OURS,
        agent: "a test".into(),
        since: at(0),
        now: at(0),
    };
    store.begin_session(&session, None).await.unwrap();
}

pub async fn a_session_is_idle_after_a_while_and_over_after_a_longer_one(engine: &dyn Engine) {
    let store = engine.open().await;
    let ada = member(&*store, "ada@example.org", 1, Role::Owner).await;
    sign_in(&*store, ada, 1).await;
    let is_there =
        async |when| store.find_session([1; 32], horizon(at(when))).await.unwrap().is_some();
    assert!(is_there(12 * HOUR - 1).await);
    assert!(!is_there(12 * HOUR).await);
    let mut last = 0;
    while last < 14 * DAY - 12 * HOUR {
        last += 11 * HOUR;
        store.touch_session([1; 32], at(last)).await.unwrap();
        assert!(is_there(last).await);
    }
    // A clock that jumps back makes no session older than it is.
    store.touch_session([1; 32], at(0)).await.unwrap();
    assert!(is_there(14 * DAY - 1).await);
    assert!(!is_there(14 * DAY).await);
    assert_eq!(store.sessions(ada, horizon(at(last))).await.unwrap().len(), 1);
    assert_eq!(store.forget_sessions(horizon(at(last)), at(last)).await.unwrap(), 0);
    store.invite(&invitation("eve@example.org", 2, Role::Owner)).await.unwrap();
    assert_eq!(store.forget_sessions(horizon(at(14 * DAY)), at(14 * DAY)).await.unwrap(), 1);
    assert!(store.find_invitation([2; 32], at(0)).await.unwrap().is_none(), "long over");
}

pub async fn fault_43_logout_and_role_change_effective_at_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let ada = member(&*store, "ada@example.org", 1, Role::Owner).await;
    let eve = member(&*store, "eve@example.org", 2, Role::Editor).await;
    for (who, session) in [(eve, 1), (eve, 2), (eve, 3), (ada, 4)] {
        sign_in(&*store, who, session).await;
    }
    let role = async |session: u8| {
        let found = store.find_session([session; 32], horizon(at(0))).await.unwrap();
        found.map(|found| found.role)
    };
    assert_eq!(role(1).await, Some(Role::Editor));
    assert_eq!(
        store.change_role(OURS, eve, Role::Analyst, &entry("role")).await.unwrap(),
        Changed::Done
    );
    assert_eq!(role(1).await, Some(Role::Analyst));
    store.end_session([1; 32], &entry("a change")).await.unwrap();
    assert_eq!(role(1).await, None);
    let profile = NewProfile {
        name: "Eve".into(),
        time_zone: "UTC".into(),
        locale: "en".into(),
        password: Some("another".into()),
        kept: Some([2; 32]),
    };
    assert!(store.update_organizer(eve, &profile, &entry("a password")).await.unwrap());
    assert_eq!((role(2).await, role(3).await), (Some(Role::Analyst), None));
    assert_eq!(store.remove_member(OURS, eve, &entry("removal")).await.unwrap(), Changed::Done);
    assert_eq!((role(2).await, role(4).await), (None, Some(Role::Owner)));
}

pub async fn the_last_owner_stays_also_when_two_leave_at_once(engine: &dyn Engine) {
    let (store, other) = (engine.open().await, engine.open().await);
    let ada = member(&*store, "ada@example.org", 1, Role::Owner).await;
    assert_eq!(
        store.remove_member(OURS, ada, &entry("removal")).await.unwrap(),
        Changed::LastOwner
    );
    assert_eq!(
        store.change_role(OURS, ada, Role::Editor, &entry("role")).await.unwrap(),
        Changed::LastOwner
    );
    assert_eq!(
        store.change_role(OURS, ada, Role::Owner, &entry("role")).await.unwrap(),
        Changed::Done
    );
    assert_eq!(
        store.remove_member(OURS, ada + 1, &entry("removal")).await.unwrap(),
        Changed::Missing
    );
    let eve = member(&*store, "eve@example.org", 2, Role::Owner).await;
    let (removal, role) = (entry("removal"), entry("role"));
    let (one, two) = tokio::join!(
        store.remove_member(OURS, ada, &removal),
        other.change_role(OURS, eve, Role::Analyst, &role)
    );
    let mut both = [one.unwrap(), two.unwrap()].map(|changed| changed == Changed::Done);
    both.sort_unstable();
    assert_eq!(both, [false, true]);
    let owners = store.members(OURS).await.unwrap();
    assert_eq!(owners.iter().filter(|member| member.role == Role::Owner).count(), 1);
}

pub async fn who_belongs_nowhere_any_more_is_forgotten(engine: &dyn Engine) {
    let store = engine.open().await;
    member(&*store, "ada@example.org", 1, Role::Owner).await;
    let eve = member(&*store, "eve@example.org", 2, Role::Analyst).await;
    store.invite(&invitation("eve@example.org", 3, Role::Owner)).await.unwrap();
    assert_eq!(store.remove_member(OURS, eve, &entry("removal")).await.unwrap(), Changed::Done);
    assert!(store.organizer(eve).await.unwrap().is_none());
    // Nor does what she was sent before let her in again.
    assert!(store.find_invitation([3; 32], at(0)).await.unwrap().is_none());
    assert_eq!(store.everybody().await.unwrap().len(), 1);
}

pub async fn the_last_way_in_stays(engine: &dyn Engine) {
    let store = engine.open().await;
    store.invite(&invitation("ada@example.org", 1, Role::Owner)).await.unwrap();
    let without = Acceptance { password: None, ..acceptance(1) };
    let ada = store.accept(&without, &entry("a change")).await.unwrap().unwrap().organizer;
    let passkey = |id: u8| NewPasskey {
        organizer: ada,
        credential_id: vec![id],
        credential: "{}".into(),
        name: "laptop".into(),
        now: at(0),
    };
    let first = store.add_passkey(&passkey(1), &entry("a change")).await.unwrap().unwrap();
    assert!(
        store.add_passkey(&passkey(1), &entry("a change")).await.unwrap().is_none(),
        "it is known"
    );
    assert_eq!(store.find_passkey(&[1]).await.unwrap(), Some((first, ada, "{}".into())));
    assert_eq!(
        store.remove_passkey(ada, first, &entry("a change")).await.unwrap(),
        Removed::LastWayIn
    );
    assert_eq!(
        store.remove_passkey(ada + 1, first, &entry("a change")).await.unwrap(),
        Removed::Missing
    );
    store.add_passkey(&passkey(2), &entry("a change")).await.unwrap().unwrap();
    store.use_passkey(first, "{\"used\": 1}", at(DAY)).await.unwrap();
    let kept = store.passkeys(ada).await.unwrap();
    assert_eq!(
        (kept.len(), kept[0].used_at, &*kept[0].credential),
        (2, Some(at(DAY)), "{\"used\": 1}")
    );
    assert_eq!(store.organizer(ada).await.unwrap().unwrap().passkeys, 2);
    assert_eq!(store.remove_passkey(ada, first, &entry("a change")).await.unwrap(), Removed::Done);
}

pub async fn a_ceremony_is_given_out_once_and_in_time(engine: &dyn Engine) {
    let store = engine.open().await;
    let ceremony = Ceremony { organizer: None, state: "{}".into(), expires_at: at(1000) };
    let (store, other): (Arc<dyn Store>, _) = (store, engine.open().await);
    store.begin_ceremony([1; 32], &ceremony, at(0)).await.unwrap();
    let (one, two) =
        tokio::join!(store.take_ceremony([1; 32], at(999)), other.take_ceremony([1; 32], at(999)));
    let taken: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(taken, std::slice::from_ref(&ceremony));
    store.begin_ceremony([2; 32], &ceremony, at(0)).await.unwrap();
    assert!(store.take_ceremony([2; 32], at(1000)).await.unwrap().is_none());
    assert!(store.take_ceremony([3; 32], at(0)).await.unwrap().is_none());
}

/// `fill` begins ten thousand sign-ins that nobody finishes.
pub async fn very_many_ceremonies_keep_nobody_out(engine: &dyn Engine, fill: &'static str) {
    let store = engine.open().await;
    let ada = member(&*store, "ada@example.org", 1, Role::Owner).await;
    engine.sql(fill).await;
    let adding = Ceremony { organizer: Some(ada), state: "{}".into(), expires_at: at(500) };
    store.begin_ceremony([1; 32], &adding, at(0)).await.unwrap();
    let again = Ceremony { expires_at: at(501), ..adding.clone() };
    store.begin_ceremony([2; 32], &again, at(0)).await.unwrap();
    let sign_in = Ceremony { organizer: None, state: "{}".into(), expires_at: at(60_000) };
    store.begin_ceremony([3; 32], &sign_in, at(0)).await.unwrap();
    assert!(store.take_ceremony([1; 32], at(0)).await.unwrap().is_none(), "it was begun again");
    assert_eq!(store.take_ceremony([2; 32], at(0)).await.unwrap(), Some(again));
    assert_eq!(store.take_ceremony([3; 32], at(0)).await.unwrap(), Some(sign_in));
}

pub async fn where_somebody_came_in_last_is_first(engine: &dyn Engine) {
    let store = engine.open().await;
    let ada = member(&*store, "ada@example.org", 1, Role::Owner).await;
    let theirs = store.organization("Another", at(0)).await.unwrap();
    let again =
        NewInvitation { organization: theirs, ..invitation("ada@example.org", 2, Role::Analyst) };
    store.invite(&again).await.unwrap();
    let hers = Acceptance { proved: Some(ada), password: None, ..acceptance(2) };
    store.accept(&hers, &entry("a change")).await.unwrap().unwrap();
    let first = async || store.memberships("ada@example.org").await.unwrap()[0].0;
    assert_eq!(first().await, OURS, "the one that she joined first");
    for (organization, n) in [(theirs, 1), (OURS, 2), (theirs, 3)] {
        let session = NewSession {
            hash: [n; 32],
            organizer: ada,
            organization,
            agent: "a test".into(),
            since: at(0),
            now: at(i64::from(n)),
        };
        store.begin_session(&session, None).await.unwrap();
        assert_eq!(first().await, organization);
    }
}

pub async fn tokens_end_with_the_rights_of_who_answers_for_them(engine: &dyn Engine) {
    let store = engine.open().await;
    member(&*store, "ada@example.org", 1, Role::Owner).await;
    let eve = member(&*store, "eve@example.org", 2, Role::Owner).await;
    for (n, (maker, role)) in (1..).zip([
        (Some(eve), Role::Owner),
        (Some(eve), Role::Moderator),
        (Some(eve), Role::Analyst),
        (None, Role::Owner),
    ]) {
        let new = NewToken { maker, role, ..token(&format!("{n}"), n) };
        store.create_token(&new).await.unwrap().unwrap();
    }
    let names = async || -> Vec<String> {
        store.tokens(OURS).await.unwrap().into_iter().map(|token| token.name).collect()
    };
    store.change_role(OURS, eve, Role::Moderator, &entry("role")).await.unwrap();
    assert_eq!(names().await, ["2", "3", "4"]);
    store.remove_member(OURS, eve, &entry("removal")).await.unwrap();
    assert_eq!(names().await, ["4"]);
    let lines = store.lines_after(0, 9).await.unwrap();
    let changes = lines.iter().filter(|line| ["role", "removal"].contains(&&*line.line.subject));
    let told: Vec<_> = changes.map(|line| &*line.line.detail).collect();
    let [first, second] = told[..] else { panic!("{told:?}") };
    assert!(first.contains("\"tokens\":[\"1\"]"), "{first}");
    assert!(second.contains("\"tokens\":[\"2\",\"3\"]"), "{second}");
}

pub(super) fn token(name: &str, hash: u8) -> NewToken {
    NewToken {
        name: name.into(),
        hash: [hash; 32],
        organization: OURS,
        role: Role::Editor,
        maker: None,
        made_by: "command line".into(),
        now: at(0),
        expires_at: Some(at(DAY)),
    }
}

pub async fn a_token_is_found_by_its_hash_and_names_are_unique(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = store.create_token(&token("script", 1)).await.unwrap().unwrap();
    assert!(store.create_token(&token("script", 2)).await.unwrap().is_none());
    let theirs = store.organization("Another", at(0)).await.unwrap();
    let same = NewToken { organization: theirs, ..token("script", 3) };
    assert!(store.create_token(&same).await.unwrap().is_some(), "a name is one organization's");
    let found = store.find_token([1; 32]).await.unwrap().unwrap();
    assert_eq!((found.id, &*found.name, found.role), (id, "script", Role::Editor));
    assert_eq!((found.expires_at, found.used_at), (Some(at(DAY)), None));
    assert!(store.find_token([2; 32]).await.unwrap().is_none());
    store.touch_token(id, at(5)).await.unwrap();
    assert_eq!(store.tokens(OURS).await.unwrap()[0].used_at, Some(at(5)));
    assert!(!store.delete_token(OrganizationId(2), id, &entry("token")).await.unwrap());
    assert!(store.delete_token(OURS, id, &entry("token")).await.unwrap());
    assert!(store.find_token([1; 32]).await.unwrap().is_none());
}

pub async fn a_token_from_before_migration_3_can_export_and_has_no_end(engine: &dyn Engine) {
    let store = engine.open().await;
    store.create_token(&NewToken { expires_at: None, ..token("script", 1) }).await.unwrap();
    // As the migration finds it: the columns have what they are given there.
    engine
        .sql(
            "ALTER TABLE api_tokens DROP COLUMN role;
             ALTER TABLE api_tokens ADD COLUMN role TEXT NOT NULL DEFAULT 'moderator'",
        )
        .await;
    let store = {
        drop(store);
        engine.open().await
    };
    let found = store.find_token([1; 32]).await.unwrap().unwrap();
    assert_eq!((found.organization, found.role, found.expires_at), (OURS, Role::Moderator, None));
}
