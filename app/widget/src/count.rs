//! The number: which frames are believed, what is shown, and how fresh it is.

use std::collections::BTreeMap;

use countersign_shared::{CampaignStatus, Totals, WidgetState, totals};

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

/// For so many seconds in sight a number that fell says why.
const TELLS_FOR: u32 = 60;

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
    /// The message that says why the number fell last.
    fell: &'static str,
    /// Seconds for which it is still said.
    tells_for: u32,
    /// The newest edition of the settings that was heard of.
    revision: u64,
}

impl Count {
    pub fn of(state: &WidgetState) -> Self {
        let totals = &state.campaign.totals;
        // The server paints a reason only while it is news.
        let fell = totals.reason_key();
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
            fell: fell.unwrap_or_default(),
            tells_for: if fell.is_some() { TELLS_FOR } else { 0 },
            revision: totals.revision,
        }
    }

    /// The message that says why the number fell, while that is news.
    pub fn fell(&self) -> Option<&'static str> {
        (self.tells_for > 0).then_some(self.fell)
    }

    /// The same, within the second in which it fell.
    pub fn just_fell(&self) -> Option<&'static str> {
        (self.tells_for == TELLS_FOR).then_some(self.fell)
    }

    /// A second in sight has passed, and "just now" may be `over`. Says whether anything changed.
    pub fn quiet(&mut self, over: bool) -> bool {
        let tells = self.tells_for > 0;
        self.tells_for -= u32::from(tells);
        let names = over && self.latest.take().is_some();
        tells || names
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
        (self.goal, self.revision) = (frame.goal, frame.revision);
        if !frame.open {
            self.status = CampaignStatus::Closed;
        }
        let falls = frame.total < self.total;
        let why = frame.reason_key();
        if !falls || why.is_some() {
            if falls {
                (self.fell, self.tells_for) = (why.unwrap_or_default(), TELLS_FOR);
            }
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
        totals::leading(&self.countries, most)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(epoch: u64, seq: u64, kenya: u64) -> Totals {
        Totals {
            campaign: String::new(),
            epoch,
            seq,
            total: Some(kenya + 10),
            goal: Some(100),
            countries: BTreeMap::from([("FR".to_owned(), 10), ("KE".to_owned(), kenya)]),
            as_of: String::new(),
            partial: false,
            reason: None,
            open: true,
            revision: 1,
        }
    }

    fn count() -> Count {
        let totals = frame(1, 5, 20);
        Count {
            epoch: totals.epoch,
            seq: totals.seq,
            total: totals.total,
            goal: totals.goal,
            countries: totals.countries,
            status: CampaignStatus::Open,
            link: Link::Live,
            latest: None,
            age: 0,
            paused: false,
            fell: "",
            tells_for: 0,
            revision: 1,
        }
    }

    #[test]
    fn a_newer_frame_is_taken_and_says_where_somebody_signed() {
        let mut count = count();
        assert!(count.take(&frame(1, 6, 21)));
        assert_eq!((count.total, count.latest.as_deref()), (Some(31), Some("KE")));
    }

    #[test]
    fn an_older_frame_and_one_seen_before_change_nothing() {
        let mut count = count();
        for old in [frame(1, 4, 50), frame(0, 9, 50), frame(1, 5, 20)] {
            assert!(!count.take(&old));
        }
        assert_eq!(count.total, Some(30));
    }

    #[test]
    fn fault_14_after_a_restart_a_lower_sequence_is_taken_and_the_total_does_not_fall() {
        let mut count = count();
        assert!(!count.take(&frame(2, 1, 19)) || count.total == Some(30));
        assert_eq!(count.total, Some(30), "the restarted server has read less so far");
        assert!(count.take(&frame(2, 2, 25)), "its sequence counts from now on");
        assert_eq!(count.total, Some(35));
    }

    #[test]
    fn fault_14_the_total_falls_where_pledges_were_removed_with_the_reason() {
        let mut count = count();
        let fallen = Totals { reason: Some("removed".to_owned()), ..frame(1, 6, 12) };
        assert!(count.take(&fallen));
        assert_eq!((count.total, count.countries["KE"]), (Some(22), 12));
        assert_eq!(count.latest, None, "nobody signed");
        assert_eq!(count.fell(), Some("status-removed"));
        assert!(count.take(&frame(1, 7, 13)), "somebody signs right after");
        assert_eq!(count.fell(), Some("status-removed"), "there is time to read it");
        for second in 0..TELLS_FOR {
            assert!(count.fell().is_some() && count.quiet(false), "{second}");
            assert_eq!(count.just_fell(), None);
        }
        assert_eq!(count.fell(), None);
        assert!(!count.quiet(false) && count.quiet(true), "nobody signed just now any more");
        let recounted = Totals { reason: Some("recount".to_owned()), ..frame(1, 8, 9) };
        assert!(count.take(&recounted));
        assert_eq!(count.just_fell(), Some("status-recount"));
    }

    #[test]
    fn a_reason_without_a_fall_says_nothing() {
        let mut count = count();
        let below_the_peak = Totals { reason: Some("removed".to_owned()), ..frame(1, 6, 21) };
        assert!(count.take(&below_the_peak));
        assert_eq!((count.total, count.fell()), (Some(31), None));
    }

    #[test]
    fn a_partial_frame_keeps_the_countries_that_it_does_not_name() {
        let mut count = count();
        let mut frame = Totals { partial: true, ..frame(1, 6, 21) };
        frame.countries.remove("FR");
        frame.countries.insert("IN".to_owned(), 1);
        assert!(count.take(&frame));
        assert_eq!(count.leading(5), [("KE", 21), ("FR", 10), ("IN", 1)]);
        assert_eq!(count.spread(), 3);
    }

    #[test]
    fn fault_19_the_last_frame_closes_the_campaign_even_where_nothing_else_is_new() {
        let mut count = count();
        assert!(count.take(&Totals { open: false, ..frame(1, 5, 20) }));
        assert_eq!(count.status, CampaignStatus::Closed);
    }

    #[test]
    fn a_changed_campaign_is_news_even_where_the_count_is_hidden() {
        let mut count = Count { total: None, countries: BTreeMap::new(), ..count() };
        count.seq = 0;
        let hidden = Totals { total: None, countries: BTreeMap::new(), ..frame(1, 0, 0) };
        count.goal = hidden.goal;
        assert!(!count.take(&hidden));
        assert!(count.take(&Totals { revision: 2, ..hidden }));
    }

    #[test]
    fn a_count_that_appears_names_no_country_as_the_latest() {
        let mut count = Count { total: None, countries: BTreeMap::new(), ..count() };
        (count.epoch, count.seq) = (1, 0);
        assert!(count.take(&frame(1, 6, 40)));
        assert_eq!((count.total, count.latest), (Some(50), None));
    }

    #[test]
    fn leading_countries_are_few_the_largest_first_and_equal_ones_by_code() {
        let mut count = count();
        count.countries = [("A", 1), ("B", 3), ("C", 3), ("D", 0), ("E", 9)]
            .map(|(c, n)| (c.to_owned(), n))
            .into();
        assert_eq!(count.leading(3), [("E", 9), ("B", 3), ("C", 3)]);
    }
}
