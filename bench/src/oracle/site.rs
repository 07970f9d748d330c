//! What anybody, and whoever holds a token, can read of a campaign.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::fetch;
use crate::wire::{self, Wire};

/// Whatever is asked for comes within this.
const PATIENCE: Duration = Duration::from_secs(60);

/// A campaign on a server.
#[derive(Clone, Debug)]
pub struct Site {
    pub address: SocketAddr,
    pub slug: String,
    /// An API token, for the export.
    pub token: String,
}

/// Of an exported row, what the oracle looks at.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Row {
    pub state: String,
    pub country: String,
    pub receipt: String,
    /// Absent once the personal data was deleted.
    pub email: Option<String>,
}

impl Row {
    pub fn counts(&self) -> bool {
        self.state == "counted"
    }
}

/// Of the public totals, what the oracle looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct Totals {
    pub epoch: u64,
    pub seq: u64,
    pub total: u64,
    pub countries: BTreeMap<String, u64>,
}

impl Site {
    pub fn new(address: SocketAddr, slug: &str, token: &str) -> Self {
        Self { address, slug: slug.to_owned(), token: token.to_owned() }
    }

    /// Every row, as exported.
    pub async fn rows(&self) -> Result<Vec<Row>> {
        let path = format!("/api/v1/admin/campaigns/{}/pledges.ndjson", self.slug);
        let token = format!("Bearer {}", self.token);
        let answer = fetch(self.address, &path, &[("authorization", &token)]).await?;
        let lines = answer.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let rows: serde_json::Result<_> = lines.map(serde_json::from_slice).collect();
        rows.context("the export has a row that is none")
    }

    /// The public totals.
    pub async fn totals(&self) -> Result<Totals> {
        let path = format!("/api/v1/campaigns/{}/totals", self.slug);
        let answer = fetch(self.address, &path, &[]).await?;
        serde_json::from_slice(&answer.body).context("the totals are hidden or no totals")
    }

    /// What a new viewer of the stream is told first.
    pub async fn streamed(&self) -> Result<Totals> {
        tokio::time::timeout(PATIENCE, self.first_event()).await.context("the stream is silent")?
    }

    /// Waits until the public total is `total`, as it must become on every node of a database.
    pub async fn until_total(&self, total: u64) -> Result<()> {
        let reached = async {
            while self.totals().await.ok().is_none_or(|totals| totals.total != total) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        if tokio::time::timeout(PATIENCE, reached).await.is_err() {
            bail!("the total never became {total}; it is {:?}", self.totals().await);
        }
        Ok(())
    }

    async fn first_event(&self) -> Result<Totals> {
        let path = format!("/api/v1/campaigns/{}/stream", self.slug);
        let mut wire = Wire::connect(self.address).await?;
        let head = wire.send(&wire::get(self.address, &path, &[])).await?;
        if head.status != 200 {
            bail!("the stream answered {}", head.status);
        }
        let mut text = Vec::new();
        loop {
            if let Some(data) = first_data(&text) {
                return serde_json::from_slice(data).context("the stream sent no totals");
            }
            let piece = wire.piece().await?.context("the stream ended before its first event")?;
            text.extend_from_slice(&piece);
        }
    }
}

/// The first `data:` line of a stream, once it is whole.
fn first_data(text: &[u8]) -> Option<&[u8]> {
    let mut lines = text.split(|byte| *byte == b'\n');
    // What stands behind the last line break is not whole yet.
    lines.next_back();
    lines.find_map(|line| line.strip_prefix(b"data: "))
}

#[cfg(test)]
mod tests {
    use super::first_data;

    #[test]
    fn an_event_counts_once_its_line_is_whole() {
        assert_eq!(first_data(b"retry: 5\n\nevent: totals\ndata: {\"a\":1}"), None);
        assert_eq!(first_data(b"retry: 5\n\ndata: {}\n"), Some(&b"{}"[..]));
        assert_eq!(first_data(b""), None);
    }
}
