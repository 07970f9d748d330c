//! What is to be done for each pledge of a batch, and what came of it.
//!
//! Pure: the database says what it knows, the plan says which rows to insert, the database says
//! which of them were new and what the totals are with them, and that settles every outcome.

use std::collections::{BTreeMap, HashMap, HashSet};

use countersign_shared::Country;
use jiff::Timestamp;

use super::mails::NewMail;
use super::sources::{self, KnownSources};
use super::{
    CampaignId, Counters, Identity, NewPledge, Outcome, QuarantineReason, RequestKey, Verdict,
};
use crate::campaign::Goal;

/// What makes a pledge unique.
pub(super) type Mailbox = (CampaignId, [u8; 16]);

/// How many were counted, by campaign and country; in the order of both.
pub(super) type Tally = BTreeMap<(CampaignId, Country), u64>;

/// How many were counted, by campaign and source; in the order of both.
pub(super) type SourceTally = BTreeMap<(CampaignId, String), u64>;

/// What the database knew before the batch.
#[derive(Default)]
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
    /// What it works towards, where webhooks of the campaign listen.
    pub(super) listened: Option<Goal>,
}

/// A row of `campaigns.for_record`: id, opening, closing, total, and the goal as JSON where webhooks
/// of the campaign listen.
pub(super) type WindowRow = (i64, Option<i64>, Option<i64>, i64, Option<String>);

/// What webhooks are told of a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// Pledges that were counted, each with its number.
    pub(super) pledges: Vec<(i64, u64)>,
    /// Pledges that wait for their mailbox.
    pub(super) waiting: Vec<i64>,
    /// Goals that totals passed.
    pub(super) goals: Vec<(CampaignId, u64)>,
}

/// An answer that was given to a request.
pub(super) struct Seen {
    pub(super) body: Vec<u8>,
    pub(super) number: u64,
    pub(super) receipt: String,
}

impl NewPledge {
    pub(super) fn mailbox(&self) -> Mailbox {
        (self.campaign, self.identity.fingerprint)
    }
}

/// Whom the database knows under an earlier edition of the key signs under it once more, so that
/// the one constraint decides. `kept` are the mailboxes of earlier editions that have rows.
pub(super) fn recognise(batch: &mut [NewPledge], kept: &HashSet<Mailbox>) {
    for pledge in batch {
        let campaign = pledge.campaign;
        let known = |identity: &&Identity| kept.contains(&(campaign, identity.fingerprint));
        if let Some(identity) = pledge.earlier.iter().find(known) {
            pledge.identity = identity.clone();
        }
    }
}

/// The mailboxes that `recognise` asks about. Empty unless the key was rotated.
pub(super) fn earlier(batch: &[NewPledge]) -> Vec<Mailbox> {
    let of = |pledge: &NewPledge| {
        let campaign = pledge.campaign;
        pledge.earlier.iter().map(move |it| (campaign, it.fingerprint)).collect::<Vec<_>>()
    };
    batch.iter().flat_map(of).collect()
}

enum Step {
    Settled(Outcome),
    /// The same request as an earlier one of this batch, by its index.
    SameAs(usize),
    /// Has a row, or finds that its mailbox has one.
    Sign,
}

/// The goal of a campaign as `campaigns.for_record` gives it. One that cannot be read is none:
/// pledges do not wait for it.
pub(super) fn goal(json: Option<String>) -> Option<Goal> {
    json.map(|json| serde_json::from_str(&json).unwrap_or_default())
}

pub(super) struct Plan {
    steps: Vec<Step>,
    /// Indices of the pledges to insert: one a mailbox, and an honest one before a quarantined.
    pub(super) rows: Vec<usize>,
}

/// A first answer, to be kept for when the same request comes again.
pub(super) struct Answered<'a> {
    pub(super) request: RequestKey,
    pub(super) campaign: CampaignId,
    pub(super) number: u64,
    pub(super) receipt: &'a str,
}

impl Plan {
    pub(super) fn of(batch: &[NewPledge], known: &Known, now: Timestamp) -> Self {
        let mut first_with_key = HashMap::new();
        let mut steps = Vec::with_capacity(batch.len());
        let mut row_of: HashMap<Mailbox, usize> = HashMap::new();
        for (index, pledge) in batch.iter().enumerate() {
            let step = step(batch, index, known, &mut first_with_key, now);
            if let Step::Sign = step {
                let row = row_of.entry(pledge.mailbox()).or_insert(index);
                if honesty(pledge.verdict) > honesty(batch[*row].verdict) {
                    *row = index;
                }
            }
            steps.push(step);
        }
        let mut rows: Vec<usize> = row_of.into_values().collect();
        rows.sort_unstable();
        Self { steps, rows }
    }

    /// What the rows that came in add to the counters.
    pub(super) fn tally(&self, batch: &[NewPledge], inserted: &HashMap<Mailbox, i64>) -> Tally {
        let mut tally = Tally::new();
        for pledge in self.rows.iter().map(|index| &batch[*index]) {
            let is_new = inserted.contains_key(&pledge.mailbox());
            if is_new && pledge.verdict == Verdict::Count {
                *tally.entry((pledge.campaign, pledge.country)).or_insert(0) += 1;
            }
        }
        tally
    }

    /// Where those that came in came from.
    pub(super) fn source_tally(
        &self,
        batch: &[NewPledge],
        inserted: &HashMap<Mailbox, i64>,
        known: &KnownSources,
        now: Timestamp,
    ) -> SourceTally {
        let day = sources::day(now.as_millisecond());
        let mut tally = SourceTally::new();
        for pledge in self.rows.iter().map(|index| &batch[*index]) {
            if pledge.verdict == Verdict::Count && inserted.contains_key(&pledge.mailbox()) {
                let name = sources::name_of_row(&pledge.source);
                let source = known.place(pledge.campaign, day, name);
                *tally.entry((pledge.campaign, source)).or_insert(0) += 1;
            }
        }
        tally
    }

    /// One outcome a pledge. `before` has the totals without this batch; numbers rise from there,
    /// in the order of the batch.
    pub(super) fn settle(
        &self,
        batch: &[NewPledge],
        inserted: &HashMap<Mailbox, i64>,
        mut before: HashMap<CampaignId, u64>,
    ) -> Vec<Outcome> {
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(batch.len());
        for (index, (pledge, step)) in batch.iter().zip(&self.steps).enumerate() {
            let total = before.entry(pledge.campaign).or_default();
            let is_row = || self.rows.binary_search(&index).is_ok();
            let is_new = || inserted.contains_key(&pledge.mailbox());
            outcomes.push(match (step, pledge.verdict) {
                (Step::Settled(outcome), _) => outcome.clone(),
                (Step::SameAs(first), _) => again(&outcomes[*first], &batch[*first]),
                (Step::Sign, Verdict::Quarantine(QuarantineReason::Unconfirmed)) => {
                    Outcome::Asked { number: *total }
                }
                (Step::Sign, Verdict::Quarantine(_)) => Outcome::Quarantined { number: *total },
                (Step::Sign, Verdict::Count) if is_row() && is_new() => {
                    *total += 1;
                    Outcome::Counted { number: *total }
                }
                (Step::Sign, Verdict::Count) => Outcome::Duplicate { number: *total },
            });
        }
        outcomes
    }

    /// What webhooks are told of it: nothing where none listens. `changed` are the totals with this
    /// batch.
    pub(super) fn told(
        &self,
        batch: &[NewPledge],
        outcomes: &[Outcome],
        inserted: &HashMap<Mailbox, i64>,
        known: &Known,
        changed: &[(CampaignId, Counters)],
    ) -> Told {
        let goal = |id: &CampaignId| known.windows.get(id)?.listened.as_ref();
        if known.windows.keys().all(|id| goal(id).is_none()) {
            return Told::default();
        }
        let mut told = Told::default();
        let mut more: HashMap<CampaignId, u64> = HashMap::new();
        for (pledge, outcome) in batch.iter().zip(outcomes) {
            let Some(id) = inserted.get(&pledge.mailbox()) else { continue };
            if goal(&pledge.campaign).is_none() {
                continue;
            }
            match outcome {
                Outcome::Counted { number } => {
                    told.pledges.push((*id, *number));
                    *more.entry(pledge.campaign).or_default() += 1;
                }
                Outcome::Asked { .. } if !told.waiting.contains(id) => told.waiting.push(*id),
                _ => {}
            }
        }
        for (campaign, counters) in changed {
            let before = counters.total.saturating_sub(more.get(campaign).copied().unwrap_or(0));
            let passed = goal(campaign).map(|goal| goal.passed(before, counters.total));
            told.goals.extend(passed.into_iter().flatten().map(|goal| (*campaign, goal)));
        }
        told
    }

    /// The e-mails that this batch brings along: one a mailbox, and none for what was sent again.
    pub(super) fn mails<'a>(&self, batch: &'a [NewPledge]) -> Vec<(&'a NewPledge, NewMail)> {
        let mut asked = HashSet::new();
        let signs = self.steps.iter().zip(batch).filter(|(step, _)| matches!(step, Step::Sign));
        signs
            .filter_map(|(_, pledge)| Some((pledge, pledge.mail?)))
            .filter(|(pledge, _)| asked.insert(pledge.mailbox()))
            .collect()
    }

    /// The answers to requests that came for the first time.
    pub(super) fn answered<'a>(
        &self,
        batch: &'a [NewPledge],
        outcomes: &[Outcome],
    ) -> Vec<Answered<'a>> {
        let first = |step: &Step| matches!(step, Step::Sign);
        self.steps
            .iter()
            .zip(batch)
            .zip(outcomes)
            .filter(|((step, _), _)| first(step))
            .filter_map(|((_, pledge), outcome)| {
                let number = match outcome {
                    Outcome::Counted { number }
                    | Outcome::Duplicate { number }
                    | Outcome::Quarantined { number }
                    | Outcome::Asked { number } => *number,
                    _ => return None,
                };
                let (request, campaign) = (pledge.request?, pledge.campaign);
                Some(Answered { request, campaign, number, receipt: &pledge.receipt })
            })
            .collect()
    }
}

/// How many were counted in each campaign, in the order of their ids.
pub(super) fn by_campaign(tally: &Tally) -> BTreeMap<CampaignId, u64> {
    let mut sums = BTreeMap::new();
    for ((campaign, _), counted) in tally {
        *sums.entry(*campaign).or_insert(0) += counted;
    }
    sums
}

/// Which of two signatures of a mailbox is kept: the more honest one, or else the first.
fn honesty(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Count => 2,
        Verdict::Quarantine(QuarantineReason::Unconfirmed) => 1,
        Verdict::Quarantine(_) => 0,
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
        | Outcome::Quarantined { number }
        | Outcome::Asked { number } => {
            Outcome::Replayed { number: *number, receipt: pledge.receipt.clone() }
        }
        other => other.clone(),
    }
}
