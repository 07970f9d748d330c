//! Keys for scripts.

use jiff::Timestamp;

use super::admin::returned;
use super::audit;
use super::queries::queries;
use super::{PostgresStore, unavailable};
use crate::store::audit::Entry;
use crate::store::tokens::{FoundToken, ListedToken, NewToken, Tokens};
use crate::store::{OrganizationId, Result};

queries! {
    API_TOKENS_DELETE = "api_tokens.delete.sql";
    API_TOKENS_FIND = "api_tokens.find.sql";
    API_TOKENS_INSERT = "api_tokens.insert.sql";
    API_TOKENS_LIST = "api_tokens.list.sql";
    API_TOKENS_TOUCH = "api_tokens.touch.sql";
}

#[async_trait::async_trait]
impl Tokens for PostgresStore {
    async fn create_token(&self, token: &NewToken) -> Result<Option<i64>> {
        returned(&self.writer, async |tx| {
            sqlx::query_scalar(API_TOKENS_INSERT)
                .bind(&token.name)
                .bind(token.hash.as_slice())
                .bind(token.organization.0)
                .bind(token.role.as_str())
                .bind(token.maker)
                .bind(&token.made_by)
                .bind(token.now.as_millisecond())
                .bind(token.expires_at.map(Timestamp::as_millisecond))
                .fetch_optional(&mut *tx)
                .await
        })
        .await
    }

    async fn find_token(&self, hash: [u8; 32]) -> Result<Option<FoundToken>> {
        let row = sqlx::query_as(API_TOKENS_FIND)
            .bind(hash.as_slice())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)?;
        row.map(FoundToken::read).transpose()
    }

    async fn touch_token(&self, id: i64, now: Timestamp) -> Result<()> {
        let done = sqlx::query(API_TOKENS_TOUCH)
            .bind(id)
            .bind(now.as_millisecond())
            .execute(&self.writer)
            .await;
        done.map(drop).map_err(unavailable)
    }

    async fn tokens(&self, organization: OrganizationId) -> Result<Vec<ListedToken>> {
        let rows: Vec<_> = sqlx::query_as(API_TOKENS_LIST)
            .bind(organization.0)
            .fetch_all(&self.readers)
            .await
            .map_err(unavailable)?;
        rows.into_iter().map(ListedToken::read).collect()
    }

    async fn delete_token(
        &self,
        organization: OrganizationId,
        id: i64,
        entry: &Entry,
    ) -> Result<bool> {
        returned(&self.writer, async |tx| {
            let delete = sqlx::query(API_TOKENS_DELETE).bind(id).bind(organization.0);
            let done = delete.execute(&mut *tx).await?.rows_affected() == 1;
            audit::done(tx, done, entry).await
        })
        .await
    }
}
