//! NATS: for installations with many nodes, or a database that knows no LISTEN.

use std::time::Duration;

use anyhow::Context as _;
use async_nats::{Client, ConnectOptions};
use futures_util::StreamExt as _;
use tokio::sync::OnceCell;

use super::{Heard, Transport};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

pub struct Nats {
    url: String,
    /// Names the installation: several may share a NATS.
    subject: String,
    client: OnceCell<Client>,
}

impl Nats {
    /// `installation`: what all nodes of one database have in common and no others.
    pub fn new(url: &str, installation: &str) -> Self {
        let subject = format!("countersign.{installation}.totals");
        Self { url: url.to_owned(), subject, client: OnceCell::new() }
    }

    /// Connects at the first use; after that the client reconnects by itself.
    async fn client(&self) -> anyhow::Result<&Client> {
        let connect = || async {
            ConnectOptions::new()
                .name("countersign")
                .connection_timeout(CONNECT_TIMEOUT)
                .connect(&self.url)
                .await
                .context("NATS does not answer")
        };
        self.client.get_or_try_init(connect).await
    }
}

#[async_trait::async_trait]
impl Transport for Nats {
    async fn send(&self, message: String) -> anyhow::Result<()> {
        let client = self.client().await?;
        // Messages that wait for a lost server would come too late to be of use.
        if client.connection_state() != async_nats::connection::State::Connected {
            anyhow::bail!("NATS is not connected");
        }
        client.publish(self.subject.clone(), message.into()).await?;
        Ok(())
    }

    async fn listen(&self) -> anyhow::Result<Heard> {
        let heard = self.client().await?.subscribe(self.subject.clone()).await?;
        Ok(heard.map(|message| Ok(String::from_utf8_lossy(&message.payload).into_owned())).boxed())
    }
}
