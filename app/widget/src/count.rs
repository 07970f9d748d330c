//! The number: which frames are believed, what is shown, and how fresh it is.

use std::collections::BTreeMap;

use countersign_shared::{CampaignStatus, Totals, WidgetState};

/// How the number comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Painted by the server; no script runs, or not yet.
    #[default]
    Painted,
    /// Frames arrive as they happen.
    Live,
    /// The stream is gone; asking now and then.
    Lost,
    /// The browser knows of no network.
    Offline,
}

impl Link {
    /// For style: `data-link`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Painted => "painted",
            Self::Live => "live",
            Self::Lost => "lost",
            Self::Offline => "offline",
        }
    }
}

/// The totals as this widget believes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    epoch: u64,
    seq: u64,
    pub total: Option<u64>,
    pub goal: Option<u64>,
    pub countries: BTreeMap<String, u64>,
    pub status: CampaignStatus,
    pub link: Link,
    /// Where somebody signed last, as a country code.
    pub latest: Option<String>,
    /// Seconds since the number was last known to be right. Counts only while the link is lost.
    pub age: u32,
    pub paused: bool,
}

impl Count {
    pub fn of(state: &WidgetState) -> Self {
        let totals = &state.campaign.totals;
        Self {
            epoch: totals.epoch,
            seq: totals.seq,
            total: totals.total,
            goal: totals.goal,
            countries: totals.countries.clone(),
            status: state.campaign.status,
            link: Link::Painted,
            latest: None,
            age: 0,
            paused: false,
        }
    }

    /// Takes in a frame, unless it is older than what is known. Says whether anything changed.
    ///
    /// A new epoch may start its sequence again. The total never falls, except in a frame that
    /// carries its reason: a restarted server that has read less so far waits to catch up.
    pub fn take(&mut self, frame: &Totals) -> bool {
        let newer = (frame.epoch, frame.seq) > (self.epoch, self.seq);
        let same = (frame.epoch, frame.seq) == (self.epoch, self.seq);
        let opened = frame.open == (self.status == CampaignStatus::Closed);
        if !newer && !(same && (opened || !frame.partial)) {
            return false;
        }
        let before = self.clone();
        (self.epoch, self.seq) = (frame.epoch, frame.seq);
        self.goal = frame.goal;
        if !frame.open {
            self.status = CampaignStatus::Closed;
        }
        let falls = frame.total < self.total;
        if !falls || frame.reason.is_some() {
            self.total = frame.total;
            self.latest = busiest(&self.countries, &frame.countries).or(self.latest.take());
            if !frame.partial {
                self.countries.clear();
            }
            for (code, n) in &frame.countries {
                self.countries.insert(code.clone(), *n);
            }
        }
        *self != before
    }

    /// The countries with the most pledges, the largest first; equal ones by code.
    pub fn leading(&self, most: usize) -> Vec<(&str, u64)> {
        let mut leading: Vec<(&str, u64)> = Vec::with_capacity(most + 1);
        // A few of many: putting each in its place is less code than sorting them all.
        for (code, n) in self.countries.iter().filter(|(_, n)| **n > 0) {
            let at = leading.iter().position(|(_, other)| n > other).unwrap_or(leading.len());
            leading.insert(at, (code, *n));
            leading.truncate(most);
        }
        leading
    }

    /// How many countries have pledges.
    pub fn spread(&self) -> u64 {
        self.countries.values().filter(|n| **n > 0).count() as u64
    }
}

/// The country whose number rose most.
fn busiest(before: &BTreeMap<String, u64>, now: &BTreeMap<String, u64>) -> Option<String> {
    // Against an empty map every number would be a rise: there is nothing to compare with.
    if before.is_empty() {
        return None;
    }
    now.iter()
        .map(|(code, n)| (n.saturating_sub(before.get(code).copied().unwrap_or(0)), code))
        .filter(|(rise, _)| *rise > 0)
        .max_by_key(|(rise, _)| *rise)
        .map(|(_, code)| code.clone())
}
