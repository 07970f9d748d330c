//! What was sent and what was acknowledged, key by key: the promise that a server is held to.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};

/// Every Idempotency-Key that went out, and what came back. Shared by all connections of a load.
#[derive(Debug, Default)]
pub struct Ledger {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    entries: BTreeMap<String, Entry>,
    contradictions: Vec<String>,
}

/// One key: what was sent under it, and the first acknowledgement, if any.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    pub key: String,
    /// The number in [`crate::people::People`].
    pub person: u64,
    /// The JSON that was sent.
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Acknowledged>,
    /// The last answer that was no acknowledgement, such as 503.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<u16>,
}

/// The server's word that a pledge is stored for good.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Acknowledged {
    /// 201.
    pub status: u16,
    pub receipt: String,
    /// Absent while the campaign hides its count.
    pub number: Option<u64>,
}

impl Ledger {
    /// Notes a key before its request leaves. The same key may be sent any number of times.
    pub fn sent(&self, key: &str, person: u64, body: &[u8]) {
        let mut inner = self.inner();
        if !inner.entries.contains_key(key) {
            let body = String::from_utf8_lossy(body).into_owned();
            let key = key.to_owned();
            let entry = Entry { key: key.clone(), person, body, acknowledged: None, refused: None };
            inner.entries.insert(key, entry);
        }
    }

    /// Notes an acknowledgement. One that differs from the first of its key is a contradiction.
    pub fn acknowledged(&self, key: &str, receipt: &str, number: Option<u64>) {
        let mut inner = self.inner();
        let now = Acknowledged { status: 201, receipt: receipt.to_owned(), number };
        let Some(entry) = inner.entries.get_mut(key) else {
            inner.contradictions.push(format!("{key}: acknowledged, but never sent"));
            return;
        };
        match &entry.acknowledged {
            None => entry.acknowledged = Some(now),
            Some(first) if *first == now => {}
            Some(first) => {
                let what = format!(
                    "{key}: acknowledged with receipt {} number {:?}, then with receipt {} number {:?}",
                    first.receipt, first.number, now.receipt, now.number
                );
                inner.contradictions.push(what);
            }
        }
    }

    /// Notes an answer that promises nothing.
    pub fn refused(&self, key: &str, status: u16) {
        if let Some(entry) = self.inner().entries.get_mut(key) {
            entry.refused = Some(status);
        }
    }

    /// How many keys were sent.
    pub fn len(&self) -> usize {
        self.inner().entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every entry, in the order of the keys.
    pub fn entries(&self) -> Vec<Entry> {
        self.inner().entries.values().cloned().collect()
    }

    pub fn entry(&self, key: &str) -> Option<Entry> {
        self.inner().entries.get(key).cloned()
    }

    /// Keys of which nobody knows whether they were stored.
    pub fn unacknowledged(&self) -> Vec<Entry> {
        let inner = self.inner();
        inner.entries.values().filter(|entry| entry.acknowledged.is_none()).cloned().collect()
    }

    /// Keys that the server gave its word for.
    pub fn acknowledged_keys(&self) -> Vec<String> {
        let inner = self.inner();
        let given = inner.entries.values().filter(|entry| entry.acknowledged.is_some());
        given.map(|entry| entry.key.clone()).collect()
    }

    /// How many keys the server gave its word for.
    pub fn acknowledged_count(&self) -> usize {
        self.inner().entries.values().filter(|entry| entry.acknowledged.is_some()).count()
    }

    /// Acknowledgements that cannot all be true.
    pub fn contradictions(&self) -> Vec<String> {
        self.inner().contradictions.clone()
    }

    /// Writes one JSON object a line, for a look or a check later.
    pub fn write(&self, path: &Path) -> Result<()> {
        let file = std::fs::File::create(path)
            .with_context(|| format!("the ledger {} cannot be written", path.display()))?;
        let mut file = BufWriter::new(file);
        for entry in self.inner().entries.values() {
            serde_json::to_writer(&mut file, entry)?;
            file.write_all(b"\n")?;
        }
        Ok(file.flush()?)
    }

    /// Reads what [`Ledger::write`] wrote.
    pub fn read(path: &Path) -> Result<Self> {
        let file = std::fs::File::open(path)
            .with_context(|| format!("the ledger {} cannot be read", path.display()))?;
        let mut entries = BTreeMap::new();
        for (number, line) in BufReader::new(file).lines().enumerate() {
            let entry: Entry = serde_json::from_str(&line?)
                .with_context(|| format!("{}:{}: no entry", path.display(), number + 1))?;
            entries.insert(entry.key.clone(), entry);
        }
        Ok(Self { inner: Mutex::new(Inner { entries, contradictions: Vec::new() }) })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_open_until_it_is_acknowledged() {
        let ledger = Ledger::default();
        ledger.sent("a", 1, b"{}");
        ledger.sent("b", 2, b"{}");
        ledger.refused("a", 503);
        ledger.acknowledged("b", "R1", Some(9));
        assert_eq!(ledger.acknowledged_keys(), ["b"]);
        let open = ledger.unacknowledged();
        assert_eq!((open.len(), open[0].key.as_str(), open[0].refused), (1, "a", Some(503)));
        ledger.sent("b", 2, b"{}");
        assert_eq!(ledger.acknowledged_count(), 1, "sending again takes no word back");
    }

    #[test]
    fn two_answers_that_differ_are_a_contradiction() {
        let ledger = Ledger::default();
        ledger.sent("a", 1, b"{}");
        ledger.acknowledged("a", "R1", Some(9));
        ledger.acknowledged("a", "R1", Some(9));
        assert!(ledger.contradictions().is_empty());
        ledger.acknowledged("a", "R1", Some(10));
        ledger.acknowledged("a", "R2", Some(9));
        ledger.acknowledged("unknown", "R3", None);
        assert_eq!(ledger.contradictions().len(), 3);
    }

    #[test]
    fn a_ledger_comes_back_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.ndjson");
        let ledger = Ledger::default();
        ledger.sent("a", 1, "{\"name\":\"Jos\u{e9}\"}".as_bytes());
        ledger.sent("b", 2, b"{}");
        ledger.acknowledged("a", "R1", None);
        ledger.refused("b", 503);
        ledger.write(&path).unwrap();
        assert_eq!(Ledger::read(&path).unwrap().entries(), ledger.entries());
    }
}
