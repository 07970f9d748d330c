//! Who is signed in, and the passkeys they sign in with.

use jiff::Timestamp;

use super::admin::returned;
use super::queries::queries;
use super::{SqliteStore, audit, unavailable};
use crate::store::Result;
use crate::store::audit::Entry;
use crate::store::sessions::{
    CEREMONIES, Ceremony, Horizon, ListedSession, NewPasskey, NewSession, Removed, Session,
    Sessions, StoredPasskey,
};

queries! {
    CEREMONIES_EXPIRE = "ceremonies.expire.sql";
    CEREMONIES_INSERT = "ceremonies.insert.sql";
    CEREMONIES_OVERFLOW = "ceremonies.overflow.sql";
    CEREMONIES_REPLACE = "ceremonies.replace.sql";
    CEREMONIES_TAKE = "ceremonies.take.sql";
    INVITATIONS_EXPIRE = "invitations.expire.sql";
    MEMBERS_ENTER = "members.enter.sql";
    PASSKEYS_DELETE = "passkeys.delete.sql";
    PASSKEYS_FIND = "passkeys.find.sql";
    PASSKEYS_FORGET = "passkeys.forget.sql";
    PASSKEYS_INSERT = "passkeys.insert.sql";
    PASSKEYS_IS_OF = "passkeys.is_of.sql";
    PASSKEYS_LIST = "passkeys.list.sql";
    PASSKEYS_USE = "passkeys.use.sql";
    SESSIONS_DELETE = "sessions.delete.sql";
    SESSIONS_DELETE_OF = "sessions.delete_of.sql";
    SESSIONS_EXPIRE = "sessions.expire.sql";
    SESSIONS_FIND = "sessions.find.sql";
    SESSIONS_INSERT = "sessions.insert.sql";
    SESSIONS_LIST = "sessions.list.sql";
    SESSIONS_TOUCH = "sessions.touch.sql";
}

#[async_trait::async_trait]
impl Sessions for SqliteStore {
    async fn begin_session(&self, session: &NewSession, earlier: Option<[u8; 32]>) -> Result<()> {
        returned(&self.writer, async |tx| {
            if let Some(earlier) = earlier {
                sqlx::query(SESSIONS_DELETE).bind(earlier.as_slice()).execute(&mut *tx).await?;
            }
            // First: somebody who is being removed waits, or is gone.
            sqlx::query(MEMBERS_ENTER)
                .bind(session.organization.0)
                .bind(session.organizer)
                .bind(session.now.as_millisecond())
                .execute(&mut *tx)
                .await?;
            sqlx::query(SESSIONS_INSERT)
                .bind(session.hash.as_slice())
                .bind(session.organizer)
                .bind(session.organization.0)
                .bind(&session.agent)
                .bind(session.since.as_millisecond())
                .bind(session.now.as_millisecond())
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
        .await
    }

    async fn find_session(&self, hash: [u8; 32], over: Horizon) -> Result<Option<Session>> {
        let row = sqlx::query_as(SESSIONS_FIND)
            .bind(hash.as_slice())
            .bind(over.created.as_millisecond())
            .bind(over.seen.as_millisecond())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        row.map(Session::read).transpose()
    }

    async fn touch_session(&self, hash: [u8; 32], now: Timestamp) -> Result<()> {
        let done = sqlx::query(SESSIONS_TOUCH)
            .bind(hash.as_slice())
            .bind(now.as_millisecond())
            .execute(&self.writer)
            .await;
        done.map(drop).map_err(unavailable)
    }

    async fn sessions(&self, organizer: i64, over: Horizon) -> Result<Vec<ListedSession>> {
        let rows: Vec<_> = sqlx::query_as(SESSIONS_LIST)
            .bind(organizer)
            .bind(over.created.as_millisecond())
            .bind(over.seen.as_millisecond())
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter().map(ListedSession::read).collect()
    }

    async fn end_session(&self, hash: [u8; 32], entry: &Entry) -> Result<bool> {
        returned(&self.writer, async |tx| {
            let delete = sqlx::query(SESSIONS_DELETE).bind(hash.as_slice());
            let ended = delete.execute(&mut *tx).await?.rows_affected() == 1;
            audit::done(tx, ended, entry).await
        })
        .await
    }

    async fn end_sessions(&self, organizer: i64, entry: &Entry) -> Result<u64> {
        returned(&self.writer, async |tx| {
            let delete = sqlx::query(SESSIONS_DELETE_OF).bind(organizer);
            let ended = delete.execute(&mut *tx).await?.rows_affected();
            audit::append(tx, &entry.with("sessions", ended)).await?;
            Ok(ended)
        })
        .await
    }

    async fn forget_sessions(&self, over: Horizon, now: Timestamp) -> Result<u64> {
        returned(&self.writer, async |tx| {
            let sessions = sqlx::query(SESSIONS_EXPIRE)
                .bind(over.created.as_millisecond())
                .bind(over.seen.as_millisecond())
                .execute(&mut *tx)
                .await?;
            for statement in [CEREMONIES_EXPIRE, INVITATIONS_EXPIRE] {
                sqlx::query(statement).bind(now.as_millisecond()).execute(&mut *tx).await?;
            }
            Ok(sessions.rows_affected())
        })
        .await
    }

    async fn add_passkey(&self, passkey: &NewPasskey, entry: &Entry) -> Result<Option<i64>> {
        returned(&self.writer, async |tx| {
            let id: Option<i64> = sqlx::query_scalar(PASSKEYS_INSERT)
                .bind(passkey.organizer)
                .bind(&passkey.credential_id)
                .bind(&passkey.credential)
                .bind(&passkey.name)
                .bind(passkey.now.as_millisecond())
                .fetch_optional(&mut *tx)
                .await?;
            if let Some(id) = id {
                audit::append(tx, &entry.with("passkey", id)).await?;
            }
            Ok(id)
        })
        .await
    }

    async fn passkeys(&self, organizer: i64) -> Result<Vec<StoredPasskey>> {
        let rows: Vec<_> = sqlx::query_as(PASSKEYS_LIST)
            .bind(organizer)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter().map(StoredPasskey::read).collect()
    }

    async fn find_passkey(&self, credential_id: &[u8]) -> Result<Option<(i64, i64, String)>> {
        sqlx::query_as(PASSKEYS_FIND)
            .bind(credential_id)
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)
    }

    async fn use_passkey(&self, id: i64, credential: &str, now: Timestamp) -> Result<()> {
        let done = sqlx::query(PASSKEYS_USE)
            .bind(id)
            .bind(credential)
            .bind(now.as_millisecond())
            .execute(&self.writer)
            .await;
        done.map(drop).map_err(unavailable)
    }

    async fn remove_passkey(&self, organizer: i64, id: i64, entry: &Entry) -> Result<Removed> {
        returned(&self.writer, async |tx| {
            let known: i64 = sqlx::query_scalar(PASSKEYS_IS_OF)
                .bind(id)
                .bind(organizer)
                .fetch_one(&mut *tx)
                .await?;
            if known == 0 {
                return Ok(Removed::Missing);
            }
            let deleted =
                sqlx::query(PASSKEYS_DELETE).bind(id).bind(organizer).execute(&mut *tx).await?;
            let gone = audit::done(tx, deleted.rows_affected() == 1, entry).await?;
            Ok(if gone { Removed::Done } else { Removed::LastWayIn })
        })
        .await
    }

    async fn forget_passkeys(&self, organizer: i64) -> Result<u64> {
        let done = sqlx::query(PASSKEYS_FORGET).bind(organizer).execute(&self.writer).await;
        done.map(|done| done.rows_affected()).map_err(unavailable)
    }

    async fn begin_ceremony(
        &self,
        hash: [u8; 32],
        ceremony: &Ceremony,
        now: Timestamp,
    ) -> Result<()> {
        returned(&self.writer, async |tx| {
            sqlx::query(CEREMONIES_EXPIRE).bind(now.as_millisecond()).execute(&mut *tx).await?;
            sqlx::query(CEREMONIES_REPLACE).bind(ceremony.organizer).execute(&mut *tx).await?;
            sqlx::query(CEREMONIES_OVERFLOW).bind(CEREMONIES - 1).execute(&mut *tx).await?;
            sqlx::query(CEREMONIES_INSERT)
                .bind(hash.as_slice())
                .bind(ceremony.organizer)
                .bind(&ceremony.state)
                .bind(ceremony.expires_at.as_millisecond())
                .execute(&mut *tx)
                .await?;
            Ok(())
        })
        .await
    }

    async fn take_ceremony(&self, hash: [u8; 32], now: Timestamp) -> Result<Option<Ceremony>> {
        let taken = returned(&self.writer, async |tx| {
            sqlx::query_as(CEREMONIES_TAKE).bind(hash.as_slice()).fetch_optional(&mut *tx).await
        })
        .await?;
        Ceremony::read(taken, now)
    }
}
