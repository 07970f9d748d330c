//! The outbox of e-mails, and what the links in them open.

use jiff::Timestamp;
use serde_json::json;
use sqlx::SqliteConnection;

use super::moves::{self, whole};
use super::queries::queries;
use super::record::{hex, json};
use super::{SqliteStore, count, hooks, unavailable};
use crate::store::mails::{
    COUNTED_FOR, Letter, LetterRow, MAILS_MOST, MailId, NewMail, SettledMail, StoredMail,
};
use crate::store::moves::{Held, Moves, Step, confirmed};
use crate::store::supporters::{Act, Acted};
use crate::store::{Mails, NewPledge, Result};

queries! {
    MAILS_CLAIM = "mails.claim.sql";
    MAILS_FIND = "mails.find.sql";
    MAILS_INSERT = "mails.insert.sql";
    MAILS_IS_DUE = "mails.is_due.sql";
    MAILS_LETTERS = "mails.letters.sql";
    MAILS_QUEUE = "mails.queue.sql";
    MAILS_SETTLE = "mails.settle.sql";
    PEOPLE_CONFIRM = "people.confirm.sql";
    PLEDGES_CONFIRM = "pledges.confirm.sql";
}

/// Writes the e-mails of a batch, in its transaction, after its pledges and people.
pub(super) async fn write(
    tx: &mut SqliteConnection,
    mails: &[(&NewPledge, NewMail)],
    now: Timestamp,
) -> sqlx::Result<()> {
    if mails.is_empty() {
        return Ok(());
    }
    let row = |(pledge, mail): &(&NewPledge, NewMail)| {
        json!({
            "id": hex(&mail.id), "mailbox": hex(&mail.mailbox),
            "campaign": pledge.campaign.0, "fingerprint": hex(&pledge.identity.fingerprint),
        })
    };
    sqlx::query(MAILS_INSERT)
        .bind(json(&mails.iter().map(row).collect::<Vec<_>>())?)
        .bind(now.as_millisecond())
        .bind((now - COUNTED_FOR).as_millisecond())
        .bind(MAILS_MOST)
        .bind(COUNTED_FOR.as_millis() as i64)
        .execute(tx)
        .await
        .map(drop)
}

#[async_trait::async_trait]
impl Mails for SqliteStore {
    async fn claim_mails(
        &self,
        now: Timestamp,
        lease: Timestamp,
        limit: u32,
    ) -> Result<Vec<Letter>> {
        // The writer is not troubled while nothing is due.
        let due = sqlx::query_scalar(MAILS_IS_DUE).bind(now.as_millisecond());
        if count(due.fetch_one(&self.readers).await.map_err(unavailable)?) == 0 {
            return Ok(Vec::new());
        }
        let rows: Vec<LetterRow> = whole(&self.writer, async |tx| {
            let ids: Vec<Vec<u8>> = sqlx::query_scalar(MAILS_CLAIM)
                .bind(now.as_millisecond())
                .bind(lease.as_millisecond())
                .bind(limit)
                .fetch_all(&mut *tx)
                .await?;
            let ids: Vec<String> = ids.iter().map(|id| hex(id)).collect();
            sqlx::query_as(MAILS_LETTERS).bind(json(&ids)?).fetch_all(tx).await
        })
        .await?;
        Ok(rows.into_iter().filter_map(Letter::read).collect())
    }

    async fn settle_mails(&self, settled: Vec<SettledMail>) -> Result<()> {
        whole(&self.writer, async |tx| {
            for mail in &settled {
                sqlx::query(MAILS_SETTLE)
                    .bind(mail.id.as_slice())
                    .bind(mail.state)
                    .bind(mail.attempts)
                    .bind(mail.next_at.as_millisecond())
                    .bind(mail.error.as_deref())
                    .execute(&mut *tx)
                    .await?;
            }
            Ok(())
        })
        .await
    }

    async fn waiting_mails(&self, now: Timestamp) -> Result<u64> {
        let waiting = sqlx::query_scalar(MAILS_QUEUE).bind(now.as_millisecond());
        Ok(count(waiting.fetch_one(&self.readers).await.map_err(unavailable)?))
    }

    async fn mail(&self, id: MailId) -> Result<Option<StoredMail>> {
        let found = sqlx::query_as(MAILS_FIND).bind(id.as_slice()).fetch_optional(&self.readers);
        Ok(found.await.map_err(unavailable)?.and_then(StoredMail::read))
    }

    async fn confirm(&self, id: MailId, now: Timestamp) -> Result<Acted> {
        whole(&self.writer, async |tx| confirm(tx, id, now).await).await
    }
}

async fn confirm(tx: &mut SqliteConnection, id: MailId, now: Timestamp) -> sqlx::Result<Acted> {
    let found = sqlx::query_as(MAILS_FIND).bind(id.as_slice()).fetch_optional(&mut *tx).await?;
    let Some(mail) = found.and_then(StoredMail::read) else { return Ok(Acted::NotFound) };
    let held = moves::hold(tx, mail.campaign, &format!("[{}]", mail.pledge)).await?.pop();
    let Some(held) = held else { return Ok(Acted::NotFound) };
    match held.decide(Act::Confirm) {
        Step::Settled(acted) => Ok(acted),
        Step::Flip(..) if !mail.confirms(now) => Ok(Acted::NotFromHere),
        Step::Flip(_, by) => {
            for statement in [PLEDGES_CONFIRM, PEOPLE_CONFIRM] {
                let set = sqlx::query(statement).bind(mail.pledge).bind(now.as_millisecond());
                set.execute(&mut *tx).await?;
            }
            let counts = Held { signed_at: now.as_millisecond(), ..held.clone() };
            let counters = moves::apply(tx, mail.campaign, Moves::all([&counts], by), now).await?;
            for event in confirmed(&held) {
                hooks::enqueue(tx, event, Some(Act::Confirm.why()), &[held.id], now).await?;
            }
            Ok(Acted::Done(Some(counters)))
        }
    }
}
