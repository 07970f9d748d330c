//! What is to be done for each pledge of a batch, and what came of it.
//!
//! Pure: the database says what it knows, the plan says which rows to insert, the database says
//! which of them were new, and that settles every outcome.

use std::collections::{BTreeMap, HashMap};

use countersign_shared::Country;
use jiff::Timestamp;

use crate::store::{CampaignId, NewPledge, Outcome, Verdict};

/// What makes a pledge unique.
pub(super) type Mailbox = (CampaignId, [u8; 16]);

/// What the database knew before the batch.
pub(super) struct Known {
    pub(super) windows: HashMap<CampaignId, Window>,
    /// Answers that were given, by the hash of their key.
    pub(super) requests: HashMap<Vec<u8>, Seen>,
}

/// When a campaign takes pledges, in milliseconds, and how many it has.
pub(super) struct Window {
    pub(super) opens: Option<i64>,
    pub(super) closes: Option<i64>,
    pub(super) total: u64,
}

/// An answer that was given to a request.
pub(super) struct Seen {
    pub(super) body: Vec<u8>,
    pub(super) number: u64,
    pub(super) receipt: String,
}

enum Step {
    Settled(Outcome),
    /// The same request as an earlier one of this batch, by its index.
    SameAs(usize),
    /// Has a row, or finds that its mailbox has one.
    Sign,
}

pub(super) struct Plan {
    steps: Vec<Step>,
    /// Indices of the pledges to insert: one a mailbox, and an honest one before a quarantined.
    pub(super) rows: Vec<usize>,
}

/// What became of the batch.
pub(super) struct Settled {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) counted: BTreeMap<(CampaignId, Country), u64>,
}

impl Plan {
    pub(super) fn of(batch: &[NewPledge], known: &Known, now: Timestamp) -> Self {
        let mut first_with_key = HashMap::new();
        let mut steps = Vec::with_capacity(batch.len());
        let mut row_of: HashMap<Mailbox, usize> = HashMap::new();
        for (index, pledge) in batch.iter().enumerate() {
            let step = step(batch, index, known, &mut first_with_key, now);
            if let Step::Sign = step {
                let row = row_of.entry((pledge.campaign, pledge.fingerprint)).or_insert(index);
                if batch[*row].verdict != Verdict::Count && pledge.verdict == Verdict::Count {
                    *row = index;
                }
            }
            steps.push(step);
        }
        let mut rows: Vec<usize> = row_of.into_values().collect();
        rows.sort_unstable();
        Self { steps, rows }
    }

    /// Whether this is the first request with its key.
    pub(super) fn is_first(&self, index: usize) -> bool {
        matches!(self.steps[index], Step::Sign)
    }

    /// Numbers rise through the batch in its order.
    pub(super) fn settle(
        &self,
        batch: &[NewPledge],
        known: &Known,
        inserted: &HashMap<Mailbox, i64>,
    ) -> Settled {
        let mut totals: HashMap<CampaignId, u64> =
            known.windows.iter().map(|(id, window)| (*id, window.total)).collect();
        let mut counted = BTreeMap::new();
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(batch.len());
        for (index, (pledge, step)) in batch.iter().zip(&self.steps).enumerate() {
            let total = totals.entry(pledge.campaign).or_default();
            let is_row = || self.rows.binary_search(&index).is_ok();
            let is_new = || inserted.contains_key(&(pledge.campaign, pledge.fingerprint));
            outcomes.push(match (step, pledge.verdict) {
                (Step::Settled(outcome), _) => outcome.clone(),
                (Step::SameAs(first), _) => again(&outcomes[*first], &batch[*first]),
                (Step::Sign, Verdict::Quarantine(_)) => Outcome::Quarantined { number: *total },
                (Step::Sign, Verdict::Count) if is_row() && is_new() => {
                    *total += 1;
                    *counted.entry((pledge.campaign, pledge.country)).or_insert(0) += 1;
                    Outcome::Counted { number: *total }
                }
                (Step::Sign, Verdict::Count) => Outcome::Duplicate { number: *total },
            });
        }
        Settled { outcomes, counted }
    }
}

fn step(
    batch: &[NewPledge],
    index: usize,
    known: &Known,
    first_with_key: &mut HashMap<[u8; 16], usize>,
    now: Timestamp,
) -> Step {
    let pledge = &batch[index];
    if let Some(request) = pledge.request {
        if let Some(seen) = known.requests.get(request.key.as_slice()) {
            return Step::Settled(if seen.body == request.body {
                Outcome::Replayed { number: seen.number, receipt: seen.receipt.clone() }
            } else {
                Outcome::KeyReused
            });
        }
        let first = *first_with_key.entry(request.key).or_insert(index);
        if first != index {
            let same_body = batch[first].request.is_some_and(|it| it.body == request.body);
            return if same_body { Step::SameAs(first) } else { Step::Settled(Outcome::KeyReused) };
        }
    }
    let now = now.as_millisecond();
    match known.windows.get(&pledge.campaign) {
        // A campaign that is not there takes no pledges, and no more is to be said.
        None => Step::Settled(Outcome::Closed),
        Some(window) if window.closes.is_some_and(|closes| now >= closes) => {
            Step::Settled(Outcome::Closed)
        }
        Some(window) if window.opens.is_some_and(|opens| now < opens) => {
            Step::Settled(Outcome::NotYetOpen)
        }
        Some(_) => Step::Sign,
    }
}

/// The answer to a request of this batch, given once more.
fn again(first: &Outcome, pledge: &NewPledge) -> Outcome {
    match first {
        Outcome::Counted { number }
        | Outcome::Duplicate { number }
        | Outcome::Quarantined { number } => {
            Outcome::Replayed { number: *number, receipt: pledge.receipt.clone() }
        }
        other => other.clone(),
    }
}
