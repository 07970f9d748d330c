//! API tokens: keys for scripts, with the rights of a role and an end.

use countersign_shared::Code;
use jiff::{SignedDuration, Timestamp};

use super::{Caller, Refusal, Role};
use crate::App;
use crate::clock::Entropy;
use crate::secrets::Secrets;
use crate::store::Store;
use crate::store::tokens::{FoundToken, NewToken};

/// The longest life of a token that has an end: ten years.
const MOST_DAYS: u32 = 3_650;
/// The longest name, in characters.
const NAME: usize = 64;
/// Its last use is written down this often at most.
const TOUCH: SignedDuration = SignedDuration::from_mins(1);

/// What a token is to be like.
#[derive(Clone, Debug)]
pub struct Wish {
    pub name: String,
    pub role: Role,
    /// `None` for one without an end.
    pub days: Option<u32>,
}

/// A token that was made; its text is shown once.
#[derive(Clone, Debug)]
pub struct Made {
    pub id: i64,
    pub token: String,
    pub expires_at: Option<Timestamp>,
}

/// Makes a token of the organization of whoever asks.
pub async fn make(
    store: &dyn Store,
    secrets: &Secrets,
    entropy: &dyn Entropy,
    now: Timestamp,
    by: &Caller,
    wish: Wish,
) -> Result<Made, Refusal> {
    let name = wish.name.trim().to_owned();
    if !(1..=NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Refusal::Field("name", Code::FieldInvalid));
    }
    if wish.days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
        return Err(Refusal::Field("days", Code::FieldInvalid));
    }
    let ends = |days: u32| {
        now.saturating_add(SignedDuration::from_hours(24 * i64::from(days)))
            .unwrap_or(Timestamp::MAX)
    };
    let token = secrets.new_token(entropy);
    let new = NewToken {
        name,
        hash: secrets.token_hash(&token),
        organization: by.organization,
        role: wish.role,
        maker: by.answers,
        made_by: by.actor.clone(),
        now,
        expires_at: wish.days.map(ends),
    };
    match store.create_token(&new).await? {
        Some(id) => Ok(Made { id, token, expires_at: new.expires_at }),
        None => Err(Refusal::Field("name", Code::NameTaken)),
    }
}

/// Whose token this is; `None` for none, and for one that is over.
pub async fn identify(app: &App, token: &str) -> crate::store::Result<Option<Caller>> {
    let now = app.clock.now();
    for hash in app.secrets.token_hashes(token) {
        let Some(found) = app.store.find_token(hash).await? else { continue };
        if found.expires_at.is_some_and(|end| end <= now) {
            return Ok(None);
        }
        touch(app, &found, now).await;
        return Ok(Some(Caller {
            actor: format!("token {}", found.name),
            organization: found.organization,
            role: found.role,
            organizer: None,
            session: None,
            since: None,
            answers: found.maker,
        }));
    }
    Ok(None)
}

async fn touch(app: &App, found: &FoundToken, now: Timestamp) {
    if found.used_at.is_some_and(|used| now.duration_since(used) < TOUCH) {
        return;
    }
    tracing::info!(token = found.name, "an API token is in use");
    if let Err(error) = app.store.touch_token(found.id, now).await {
        // Reading goes on while the disk is full.
        tracing::warn!(%error, "the use of a token was not written down");
    }
}
