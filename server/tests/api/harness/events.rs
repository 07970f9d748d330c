use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::timeout;

use super::PATIENCE;

/// One block of an event stream, up to its empty line.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Retry(u64),
    Comment,
    Totals { id: String, data: Value },
}

/// An open stream, read as a browser reads it.
pub struct Events {
    pub status: u16,
    pub headers: HeaderMap,
    chunks: BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    buffer: String,
}

impl Events {
    pub fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, chunks: response.bytes_stream().boxed(), buffer: String::new() }
    }

    /// The next block. `None` where the stream ended as it should.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let event = parse(block);
                self.buffer = rest.to_owned();
                return Some(event);
            }
            let chunk = timeout(PATIENCE, self.chunks.next()).await.expect("an event in time")?;
            self.buffer.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }

    /// The next totals: their id and data. Comments and hints are passed over.
    pub async fn totals(&mut self) -> Option<(String, Value)> {
        let reading = async {
            loop {
                if let Event::Totals { id, data } = self.next().await? {
                    return Some((id, data));
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("totals in time")
    }

    /// The first totals for which `wanted` holds.
    pub async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> (String, Value) {
        let reading = async {
            loop {
                let (id, data) = self.totals().await.expect("the stream goes on");
                if wanted(&data) {
                    return (id, data);
                }
            }
        };
        timeout(PATIENCE, reading).await.expect("the totals that are waited for")
    }
}

fn parse(block: &str) -> Event {
    if block.starts_with(':') {
        return Event::Comment;
    }
    if let Some(wait) = block.strip_prefix("retry: ") {
        return Event::Retry(wait.parse().unwrap());
    }
    let field = |name: &str| {
        block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap()
    };
    assert_eq!(field("event"), "totals", "{block}");
    Event::Totals { id: field("id").to_owned(), data: serde_json::from_str(field("data")).unwrap() }
}
