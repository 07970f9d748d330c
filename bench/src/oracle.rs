//! Holds a server to its ledger: what must be true after any fault, and a list of what is not.
//!
//! Every acknowledged key has exactly one row. The counted rows, the sum of the countries, the
//! public total and the streamed total are one number. A key that was sent again, acknowledged
//! before or not, gives one row and one receipt.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::ledger::{Entry, Ledger};
use crate::load;
use crate::wire::{self, Answer};

mod site;

pub use site::{Row, Site, Totals};

/// How thorough to be.
#[derive(Clone, Copy, Debug)]
pub struct Depth {
    /// Sends what was not acknowledged again, twice, and expects both to be taken. Not possible
    /// once the campaign is closed.
    pub resend: bool,
    /// Sends so many of the acknowledged keys again.
    pub sample: usize,
}

impl Default for Depth {
    fn default() -> Self {
        Self { resend: true, sample: 200 }
    }
}

/// Everything that is not as it should be, as sentences; empty where all is well. An error means
/// that the question could not be asked.
///
/// Nobody else may write to the campaign meanwhile. The database's own checks
/// (`integrity_check`, `foreign_key_check`, `recount`) are the caller's.
pub async fn examine(ledger: &Ledger, site: &Site, depth: Depth) -> Result<Vec<String>> {
    let mut wrong = ledger.contradictions();
    let rows = site.rows().await?;
    wrong.extend(agree(&rows, site).await?);
    wrong.extend(kept(&rows, &ledger.entries()));
    if depth.resend {
        wrong.extend(resend_open(ledger, site).await?);
    }
    wrong.extend(resend_known(ledger, site, depth.sample).await?);
    let after = site.rows().await?;
    wrong.extend(agree(&after, site).await?);
    wrong.extend(kept(&after, &ledger.entries()));
    wrong.extend(none_lost(&rows, &after));
    // Sending again is noted in the ledger, which may have found contradictions of its own.
    wrong.extend(ledger.contradictions());
    let mut seen = HashSet::new();
    wrong.retain(|sentence| seen.insert(sentence.clone()));
    Ok(wrong)
}

/// All numbers that say how many there are.
async fn agree(rows: &[Row], site: &Site) -> Result<Vec<String>> {
    let totals = site.totals().await?;
    let streamed = streamed(site, totals.total).await?;
    Ok(differences(rows, &totals, &streamed))
}

/// What the stream says once it has caught up: its frames have a pace, the totals have none.
async fn streamed(site: &Site, total: u64) -> Result<Totals> {
    const TRIES: u32 = 40;
    for _ in 1..TRIES {
        let streamed = site.streamed().await?;
        if streamed.total == total {
            return Ok(streamed);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    site.streamed().await
}

fn differences(rows: &[Row], totals: &Totals, streamed: &Totals) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut countries: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.counts()) {
        *countries.entry(row.country.clone()).or_default() += 1;
    }
    let counted: u64 = countries.values().sum();
    let sum: u64 = totals.countries.values().sum();
    if totals.total != counted || sum != counted {
        wrong.push(format!(
            "{counted} rows count, the API's total is {}, its countries sum up to {sum}",
            totals.total
        ));
    }
    let shown = |map: &BTreeMap<String, u64>| -> BTreeMap<String, u64> {
        map.iter().filter(|(_, count)| **count > 0).map(|(a, b)| (a.clone(), *b)).collect()
    };
    if shown(&totals.countries) != countries {
        wrong.push(format!("countries in rows {countries:?}, in the API {:?}", totals.countries));
    }
    let streamed_sum: u64 = streamed.countries.values().sum();
    if streamed.total != totals.total || streamed_sum != streamed.total {
        wrong.push(format!(
            "the stream says {} (countries: {streamed_sum}), the API {}",
            streamed.total, totals.total
        ));
    }
    wrong
}

/// Every acknowledged key has its row, and no key and no person has two.
fn kept(rows: &[Row], entries: &[Entry]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut by_receipt: HashMap<&str, u32> = HashMap::new();
    let mut by_email: HashMap<&str, u32> = HashMap::new();
    for row in rows {
        *by_receipt.entry(&row.receipt).or_default() += 1;
        if let Some(email) = &row.email {
            *by_email.entry(email).or_default() += 1;
        }
    }
    let twice = |map: &HashMap<&str, u32>, what: &str| -> Vec<String> {
        let many = map.iter().filter(|(_, count)| **count > 1);
        many.map(|(name, count)| format!("{what} {name} has {count} rows")).collect()
    };
    wrong.extend(twice(&by_receipt, "receipt"));
    wrong.extend(twice(&by_email, "mailbox"));
    // Where a person sent several keys, one of them made the row and the others found it.
    let mut keys_of: HashMap<String, Vec<&Entry>> = HashMap::new();
    for entry in entries {
        keys_of.entry(email_of(entry)).or_default().push(entry);
    }
    for entry in entries {
        let Some(given) = &entry.acknowledged else { continue };
        let email = email_of(entry);
        let alone = keys_of.get(&email).is_none_or(|keys| keys.len() == 1);
        let there = if alone {
            by_receipt.contains_key(given.receipt.as_str())
        } else {
            by_email.contains_key(email.as_str())
        };
        if !there {
            wrong.push(format!(
                "{} was acknowledged with receipt {} number {:?}, and has no row",
                entry.key, given.receipt, given.number
            ));
        }
    }
    wrong
}

fn email_of(entry: &Entry) -> String {
    let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap_or_default();
    body["email"].as_str().unwrap_or_default().to_owned()
}

/// Checking takes nothing away.
fn none_lost(before: &[Row], after: &[Row]) -> Vec<String> {
    let left: HashSet<&str> = after.iter().map(|row| row.receipt.as_str()).collect();
    let lost = before.iter().filter(|row| !left.contains(row.receipt.as_str()));
    lost.map(|row| format!("the row with receipt {} is gone", row.receipt)).collect()
}

/// Twice each: both are taken, with one receipt.
async fn resend_open(ledger: &Ledger, site: &Site) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for entry in ledger.unacknowledged() {
        for _ in 0..2 {
            let answer = send(site, &entry).await?;
            // The ledger notices where the second answer is not the first.
            if !load::note(ledger, &entry.key, &answer) {
                wrong.push(format!("{}: sent again, answered {}", entry.key, said(&answer)));
            }
        }
    }
    Ok(wrong)
}

/// A sample of what was acknowledged: the same receipt, the same number.
async fn resend_known(ledger: &Ledger, site: &Site, sample: usize) -> Result<Vec<String>> {
    let known = ledger.acknowledged_keys();
    let step = known.len().div_ceil(sample.max(1)).max(1);
    let mut wrong = Vec::new();
    for key in known.iter().step_by(step).take(sample) {
        let Some(entry) = ledger.entry(key) else { continue };
        let answer = send(site, &entry).await?;
        if !load::note(ledger, key, &answer) {
            wrong.push(format!("{key}: acknowledged, sent again, answered {}", said(&answer)));
        }
    }
    Ok(wrong)
}

/// Posts until the server takes it or says no for good; busy and unavailable are waited out.
async fn send(site: &Site, entry: &Entry) -> Result<Answer> {
    const TRIES: u32 = 100;
    for _ in 0..TRIES {
        let sent = load::post(site.address, &site.slug, &entry.key, entry.body.as_bytes()).await;
        match sent {
            Ok(answer) if answer.status == 503 => {}
            Ok(answer) => return Ok(answer),
            Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("{}: {TRIES} times no answer but 503", entry.key)
}

fn said(answer: &Answer) -> String {
    format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))
}

/// Asks for a page that must be there.
async fn fetch(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    let answer = wire::ask(address, path, headers)
        .await
        .with_context(|| format!("no answer from http://{address}{path}"))?;
    if answer.status != 200 {
        bail!("{path} answered {}", said(&answer));
    }
    Ok(answer)
}

#[cfg(test)]
mod tests;
