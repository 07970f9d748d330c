//! LISTEN and NOTIFY: a relay that every installation on Postgres has.
//!
//! One connection of its own to send over and one to listen on; a pooler that hands connections
//! out by transaction breaks LISTEN.

use futures_util::{StreamExt as _, stream};
use sqlx::PgPool;
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgListener};

use super::{Heard, Transport};

/// Heard by all nodes of one database, and by nobody else.
const CHANNEL: &str = "countersign_totals";

pub struct Notify(PgPool);

impl Notify {
    pub fn new(options: &PgConnectOptions) -> Self {
        // The pool connects when it is first used.
        Self(PoolOptions::new().max_connections(2).connect_lazy_with(options.clone()))
    }
}

#[async_trait::async_trait]
impl Transport for Notify {
    async fn send(&self, message: String) -> anyhow::Result<()> {
        let notify = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(message);
        notify.execute(&self.0).await?;
        Ok(())
    }

    async fn listen(&self) -> anyhow::Result<Heard> {
        let mut listener = PgListener::connect_with(&self.0).await?;
        // Whoever listens reads anew after a loss, so it must learn of it.
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        let heard = stream::unfold(listener, |mut listener| async move {
            match listener.try_recv().await {
                Ok(Some(notification)) => Some((Ok(notification.payload().to_owned()), listener)),
                Ok(None) => None,
                Err(error) => Some((Err(error.into()), listener)),
            }
        });
        Ok(heard.boxed())
    }
}
