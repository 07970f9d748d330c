//! Sessions: what a browser holds while somebody is signed in.

use countersign_shared::Code;
use countersign_shared::admin::account;
use jiff::{SignedDuration, Timestamp};

use super::{Caller, Refusal};
use crate::App;
use crate::secrets::Ticket;
use crate::store::OrganizationId;
use crate::store::Result;
use crate::store::sessions::{Horizon, ListedSession, NewSession};

/// A session that nobody used for this long is over.
pub const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// A session is over after this long, however it is used.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// For so long a sign-in proves who somebody is, where they make another way in.
pub const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// Its last use is written down this often at most.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);
/// So much of a browser's name is kept.
const AGENT: usize = 120;

/// What was made or seen before is over.
pub fn horizon(now: Timestamp) -> Horizon {
    let before = |ago: SignedDuration| now.saturating_sub(ago).unwrap_or(Timestamp::MIN);
    Horizon { created: before(ABSOLUTE), seen: before(IDLE) }
}

/// Somebody who has proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entrant {
    pub organizer: i64,
    pub organization: OrganizationId,
}

/// Begins a session and gives what the browser is to hold: always a new one, and the one that the
/// browser held before is over.
pub async fn begin(
    app: &App,
    entrant: Entrant,
    agent: &str,
    earlier: Option<&str>,
) -> Result<String> {
    begin_since(app, entrant, agent, earlier, app.clock.now()).await
}

/// [`begin`] for somebody who proved who they are at an earlier time: the session is as old.
pub async fn begin_since(
    app: &App,
    entrant: Entrant,
    agent: &str,
    earlier: Option<&str>,
    since: Timestamp,
) -> Result<String> {
    let ticket = app.secrets.new_ticket(&*app.entropy);
    let session = NewSession {
        hash: app.secrets.ticket_hash(Ticket::Session, &ticket),
        organizer: entrant.organizer,
        organization: entrant.organization,
        agent: agent.chars().filter(|sign| !sign.is_control()).take(AGENT).collect(),
        since,
        now: app.clock.now(),
    };
    let earlier = earlier.map(|ticket| app.secrets.ticket_hash(Ticket::Session, ticket));
    app.store.begin_session(&session, earlier).await?;
    Ok(ticket)
}

/// Whose session this is, with the role they have at this moment.
pub async fn identify(app: &App, ticket: &str) -> Result<Option<Caller>> {
    let now = app.clock.now();
    for hash in app.secrets.ticket_hashes(Ticket::Session, ticket) {
        let Some(session) = app.store.find_session(hash, horizon(now)).await? else { continue };
        if now.duration_since(session.seen_at) >= TOUCH
            && let Err(error) = app.store.touch_session(hash, now).await
        {
            // Reading goes on while the disk is full.
            tracing::warn!(%error, "the use of a session was not written down");
        }
        return Ok(Some(Caller {
            actor: session.email,
            organization: session.organization,
            role: session.role,
            organizer: Some(session.organizer),
            session: Some(hash),
            since: Some(session.created_at),
            answers: Some(session.organizer),
        }));
    }
    Ok(None)
}

/// The account that a caller has; tokens have none.
pub fn own(caller: &Caller) -> std::result::Result<i64, Refusal> {
    caller.organizer.ok_or(Refusal::Code(Code::Forbidden))
}

/// Refuses what makes another way in, unless the caller has proved who they are a moment ago: a
/// session that was stolen once would be one for ever.
pub fn fresh(app: &App, caller: &Caller) -> std::result::Result<(), Refusal> {
    let now = app.clock.now();
    let fresh = caller.since.is_some_and(|since| now.duration_since(since) <= FRESH);
    if fresh { Ok(()) } else { Err(Refusal::Code(Code::SignInAgain)) }
}

/// Where somebody is signed in, the last seen first.
pub async fn list(app: &App, organizer: i64) -> Result<Vec<ListedSession>> {
    app.store.sessions(organizer, horizon(app.clock.now())).await
}

/// A session as its owner sees it.
pub fn shown(session: &ListedSession, caller: &Caller) -> account::Session {
    account::Session {
        id: session.hash[..8].iter().map(|byte| format!("{byte:02x}")).collect(),
        created_at: session.created_at.to_string(),
        seen_at: session.seen_at.to_string(),
        ends_at: ends_at(session.created_at, session.seen_at),
        agent: session.agent.clone(),
        current: caller.session == Some(session.hash),
    }
}

/// When a session ends if nobody uses it any more.
fn ends_at(created: Timestamp, seen: Timestamp) -> String {
    let idle = seen.saturating_add(IDLE).unwrap_or(Timestamp::MAX);
    let absolute = created.saturating_add(ABSOLUTE).unwrap_or(Timestamp::MAX);
    idle.min(absolute).to_string()
}

/// When a session ends at the latest.
pub fn latest(created: Timestamp) -> String {
    created.saturating_add(ABSOLUTE).unwrap_or(Timestamp::MAX).to_string()
}
