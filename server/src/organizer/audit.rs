//! The audit log: what organizers did, each line bound to the one before.
//!
//! A line holds a keyed hash of itself and of the line before, so whoever edits or deletes one
//! without the secret key is found out. The end of the log is remembered apart from it, so that a
//! tail that was cut off is missed. Somebody who puts back an older copy of the whole database is
//! found out only by who has noted the last line elsewhere: `countersign audit verify` prints it.

use jiff::Timestamp;
use serde_json::Value;

use super::Caller;
use crate::App;
use crate::secrets::Secrets;
use crate::store::audit::{Head, Line, NewLine};
use crate::store::{Result, Store};

/// So many lines are read at once.
const BITE: i64 = 1_000;

/// Writes a line. Called after the change, with the words of the API: `campaign.update`, a slug.
/// `detail` is an object without any supporter's personal data.
pub async fn note(
    app: &App,
    caller: &Caller,
    action: &str,
    subject: &str,
    detail: Value,
) -> Result<()> {
    write(&*app.store, &app.secrets, app.clock.now(), caller, action, subject, &detail).await
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
    let line = NewLine {
        // As it comes out again.
        at: Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now),
        organization: caller.organization,
        actor: caller.actor.clone(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail: detail.to_string(),
    };
    store.append_line(&line, secrets.audit_link()).await?;
    // Without the actor and the subject: logs hold nobody's address.
    tracing::info!(action, "audit");
    Ok(())
}

/// What a walk over the whole log found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Lines that fit.
    pub lines: u64,
    /// The first line that was edited, or stands where one is missing.
    pub broken_at: Option<i64>,
    /// The last line that fits.
    pub head: Head,
}

/// Walks over the whole log, of all organizations, while others write.
pub async fn verify(store: &dyn Store, secrets: &Secrets) -> Result<Proof> {
    let mut proof = Proof { lines: 0, broken_at: None, head: Head::default() };
    loop {
        // Before the lines: what is written meanwhile comes after it.
        let promised = store.audit_head().await?;
        let lines = store.lines_after(proof.head.id, BITE).await?;
        for line in &lines {
            if !follows(secrets, &proof.head, line) {
                // Where lines are missing, the first of them.
                let broken = if line.id > proof.head.id + 1 { proof.head.id + 1 } else { line.id };
                return Ok(Proof { broken_at: Some(broken), ..proof });
            }
            proof.head = Head { id: line.id, hash: line.hash };
            proof.lines += 1;
        }
        if lines.len() < BITE as usize {
            return Ok(Proof { broken_at: ends_wrong(store, &proof, promised).await?, ..proof });
        }
    }
}

fn follows(secrets: &Secrets, before: &Head, line: &Line) -> bool {
    line.id == before.id + 1 && secrets.fits(&before.hash, line)
}

/// Whether the log ends before or after the line that is remembered as the last one.
async fn ends_wrong(store: &dyn Store, proof: &Proof, promised: Head) -> Result<Option<i64>> {
    if proof.head.id < promised.id {
        return Ok(Some(proof.head.id + 1));
    }
    if proof.head == promised {
        return Ok(None);
    }
    let now = store.audit_head().await?;
    let wrong = proof.head.id > now.id || (proof.head.id == now.id && proof.head.hash != now.hash);
    Ok(wrong.then_some(proof.head.id))
}
