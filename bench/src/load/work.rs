//! What a load sends, and what it does with the answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use crate::ledger::{Entry, Ledger};
use crate::people::People;
use crate::wire::Answer;

/// The requests of a load.
#[derive(Clone)]
pub enum Work {
    Get {
        path: String,
    },
    /// Person `first`, the next, and so on.
    Pledges {
        path: String,
        people: People,
        first: u64,
        ledger: Option<Arc<Ledger>>,
    },
    /// These, in order, with their own keys and bodies.
    Again {
        path: String,
        entries: Arc<Vec<Entry>>,
        ledger: Arc<Ledger>,
    },
}

/// A request that is under way.
pub(super) struct Job {
    /// The Idempotency-Key of a pledge.
    pub key: Option<String>,
    /// When it was to be sent.
    pub due: Instant,
}

/// Of an answer to a pledge, what the ledger keeps.
#[derive(serde::Deserialize)]
struct Taken {
    receipt: String,
    number: Option<u64>,
}

/// Where pledges are sent.
pub(super) fn pledges_path(slug: &str) -> String {
    format!("/api/v1/campaigns/{slug}/pledges")
}

impl Work {
    /// Writes request `number` over `request`, and its key into the ledger. `None` where there is
    /// no such request.
    pub(super) fn render(
        &self,
        address: SocketAddr,
        headers: &str,
        number: u64,
        request: &mut Vec<u8>,
    ) -> Option<Option<String>> {
        match self {
            Self::Get { path } => {
                // The same bytes each time: rendered once.
                if request.is_empty() {
                    let line = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n");
                    request.extend_from_slice(line.as_bytes());
                }
                Some(None)
            }
            Self::Pledges { path, people, first, ledger } => {
                let (key, body) = (people.key(first + number), people.body(first + number));
                if let Some(ledger) = ledger {
                    ledger.sent(&key, first + number, &body);
                }
                render_pledge(address, path, headers, &key, &body, request);
                Some(Some(key))
            }
            Self::Again { path, entries, ledger } => {
                let entry = entries.get(usize::try_from(number).ok()?)?;
                ledger.sent(&entry.key, entry.person, entry.body.as_bytes());
                render_pledge(address, path, headers, &entry.key, entry.body.as_bytes(), request);
                Some(Some(entry.key.clone()))
            }
        }
    }

    /// Notes the answer in the ledger; false where a pledge was not acknowledged.
    pub(super) fn answered(&self, job: &Job, answer: &Answer) -> bool {
        let (ledger, key) = match (self, &job.key) {
            (
                Self::Pledges { ledger: Some(ledger), .. } | Self::Again { ledger, .. },
                Some(key),
            ) => (ledger, key),
            (Self::Pledges { .. }, _) => return answer.status == 201,
            _ => return answer.status < 400,
        };
        note(ledger, key, answer)
    }
}

/// Puts an answer to a pledge into the ledger; false where it was no acknowledgement.
pub fn note(ledger: &Ledger, key: &str, answer: &Answer) -> bool {
    match serde_json::from_slice::<Taken>(&answer.body) {
        Ok(taken) if answer.status == 201 => {
            ledger.acknowledged(key, &taken.receipt, taken.number);
            true
        }
        _ => {
            ledger.refused(key, answer.status);
            false
        }
    }
}

/// The bytes of one pledge.
pub(super) fn render_pledge(
    address: SocketAddr,
    path: &str,
    headers: &str,
    key: &str,
    body: &[u8],
    request: &mut Vec<u8>,
) {
    request.clear();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\nidempotency-key: {key}\r\n{headers}\r\n"
    );
    request.extend_from_slice(head.as_bytes());
    request.extend_from_slice(body);
}
