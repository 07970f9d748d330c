//! The audit log: what organizers did, each line bound to the one before.
//!
//! A line holds a keyed hash of itself and of the line before, so whoever edits or deletes one
//! without the secret key is found out. The last line is remembered apart from it, under a keyed
//! hash of its own, so that nobody can cut off the tail and move the end. Somebody who puts back
//! what the database was before, the log and its end, is found out only by who has noted the last
//! line elsewhere: `countersign audit verify` prints it.
//!
//! What gives something away (an export, a link, a token, a cookie) is noted before it is given
//! ([`note`]). What changes something goes to the store with its line ([`entry`]), which is written in
//! the transaction of the change: neither is there without the other. A pledge that a tool records
//! goes through the writer of pledges, and is noted after it and before the tool is answered.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Caller;
use crate::App;
use crate::secrets::{Fit, Secrets};
use crate::store::audit::{Entry, Head, Line, NewLine};
use crate::store::{OrganizationId, Result, Store};

/// So many lines are read at once.
const BITE: i64 = 1_000;
/// For so long a walk over the log is not made again.
const FRESH: SignedDuration = SignedDuration::from_mins(1);

/// Writes a line, with the words of the API: `campaign.update`, a slug. `detail` is an object without
/// any supporter's personal data.
pub async fn note(
    app: &App,
    caller: &Caller,
    action: &str,
    subject: &str,
    detail: Value,
) -> Result<()> {
    write(&*app.store, &app.secrets, app.clock.now(), caller, action, subject, &detail).await
}

/// A line to be written in the transaction of what it tells, with the words of [`note`].
pub fn entry(app: &App, caller: &Caller, action: &str, subject: &str, detail: Value) -> Entry {
    entry_at(app.clock.now(), &app.secrets, caller, action, subject, &detail)
}

/// [`entry`] without a server around it.
pub fn entry_at(
    now: Timestamp,
    secrets: &Secrets,
    caller: &Caller,
    action: &str,
    subject: &str,
    detail: &Value,
) -> Entry {
    let line = line(now, caller, action, subject, detail);
    Entry { line, link: secrets.audit_link() }
}

/// [`note`] without a server around it.
pub async fn write(
    store: &dyn Store,
    secrets: &Secrets,
    now: Timestamp,
    caller: &Caller,
    action: &str,
    subject: &str,
    detail: &Value,
) -> Result<()> {
    let line = line(now, caller, action, subject, detail);
    store.append_line(&line, secrets.audit_link()).await.map(drop)
}

fn line(now: Timestamp, caller: &Caller, action: &str, subject: &str, detail: &Value) -> NewLine {
    NewLine {
        // As it comes out again.
        at: Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now),
        organization: caller.organization,
        actor: caller.actor.clone(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_string(),
    }
}

/// What a walk over the whole log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Lines that fit.
    pub lines: u64,
    /// How many of them each organization has.
    pub of: HashMap<OrganizationId, u64>,
    /// The first line that was edited, or stands where one is missing.
    pub broken_at: Option<i64>,
    /// The last line that fits.
    pub head: Head,
}

/// What the last walk found, and when. Whoever asks while one is under way waits for it.
#[derive(Default)]
pub struct ProofCache(tokio::sync::Mutex<Option<(Timestamp, Proof)>>);

/// [`verify`], once a minute however many ask: the log of all organizations is long.
pub async fn proof(app: &App) -> Result<Proof> {
    let mut kept = app.proof.0.lock().await;
    let now = app.clock.now();
    if let Some((at, proof)) = &*kept
        && now.duration_since(*at).abs() < FRESH
    {
        return Ok(proof.clone());
    }
    let proof = verify(&*app.store, &app.secrets).await?;
    *kept = Some((now, proof.clone()));
    Ok(proof)
}

/// Walks over the whole log, of all organizations, while others write.
pub async fn verify(store: &dyn Store, secrets: &Secrets) -> Result<Proof> {
    let mut proof = Proof { lines: 0, of: HashMap::new(), broken_at: None, head: Head::default() };
    let mut sealed = false;
    loop {
        // Before the lines: what is written meanwhile comes after it.
        let promised = store.audit_head().await?;
        let lines = store.lines_after(proof.head.id, BITE).await?;
        for line in &lines {
            let fit = follows(secrets, &proof.head, line);
            if fit == Fit::No {
                // Where lines are missing, the first of them.
                let broken = if line.id > proof.head.id + 1 { proof.head.id + 1 } else { line.id };
                return Ok(Proof { broken_at: Some(broken), ..proof });
            }
            sealed |= fit == Fit::Sealed;
            proof.head = Head { id: line.id, hash: line.hash, seal: None };
            proof.lines += 1;
            *proof.of.entry(line.line.organization).or_default() += 1;
        }
        if lines.len() < BITE as usize {
            let end = End { secrets, last: proof.head, sealed };
            return Ok(Proof { broken_at: end.wrong(store, promised).await?, ..proof });
        }
    }
}

fn follows(secrets: &Secrets, before: &Head, line: &Line) -> Fit {
    if line.id == before.id + 1 { secrets.fits(&before.hash, line) } else { Fit::No }
}

/// The last line that there is.
struct End<'a> {
    secrets: &'a Secrets,
    last: Head,
    /// The head has been sealed ever since one of the lines.
    sealed: bool,
}

impl End<'_> {
    /// Whether the log ends before or after the line that is remembered as the last one.
    async fn wrong(&self, store: &dyn Store, promised: Head) -> Result<Option<i64>> {
        if self.last.id == 0 && promised.id == 0 {
            // Nobody comes in without a line.
            let emptied = !store.everybody().await?.is_empty();
            return Ok(emptied.then_some(1));
        }
        if self.last.id < promised.id {
            return Ok(Some(self.last.id + 1));
        }
        let head = if self.is(&promised) { promised } else { store.audit_head().await? };
        if self.last.id > head.id || (self.last.id == head.id && !self.is(&head)) {
            return Ok(Some(self.last.id));
        }
        let vouched = match head.seal {
            Some(_) => self.secrets.is_sealed(&head),
            None => !self.sealed,
        };
        Ok((!vouched).then_some(self.last.id + 1))
    }

    fn is(&self, head: &Head) -> bool {
        (self.last.id, self.last.hash) == (head.id, head.hash)
    }
}
