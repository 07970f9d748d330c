//! Counters held against rows.

use std::collections::{BTreeMap, BTreeSet};

use countersign_shared::Slug;

/// One campaign's counters held against its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recount {
    pub slug: Slug,
    pub stored: u64,
    pub rows: u64,
    /// Countries whose stored counter differs from the rows: code, stored, rows.
    pub countries: Vec<(String, u64, u64)>,
    /// By how many the days differ from the rows, by country, or from themselves, by source.
    pub days: u64,
    pub repaired: bool,
}

impl Recount {
    pub fn drifts(&self) -> bool {
        self.drift() > 0
    }

    /// By how many pledges the counters are wrong, over all countries, or all days; 0 is right.
    pub fn drift(&self) -> u64 {
        let by_country: u64 =
            self.countries.iter().map(|(_, kept, rows)| kept.abs_diff(*rows)).sum();
        by_country.max(self.stored.abs_diff(self.rows)).max(self.days)
    }

    /// One a campaign. `kept` and `rows` are by campaign and country, `days` say by how many the days
    /// of a campaign are wrong.
    pub(super) fn all(
        campaigns: Vec<(i64, Slug)>,
        totals: Vec<(i64, i64)>,
        kept: Vec<(i64, String, i64)>,
        rows: Vec<(i64, String, i64)>,
        days: Vec<(i64, i64)>,
    ) -> Vec<(i64, Self)> {
        let totals: BTreeMap<i64, i64> = totals.into_iter().collect();
        let days: BTreeMap<i64, i64> = days.into_iter().collect();
        let by_campaign = |counts: Vec<(i64, String, i64)>| {
            let mut all: BTreeMap<i64, Vec<(String, i64)>> = BTreeMap::new();
            for (campaign, code, n) in counts {
                all.entry(campaign).or_default().push((code, n));
            }
            all
        };
        let (mut kept, mut rows) = (by_campaign(kept), by_campaign(rows));
        let one = |(id, slug): (i64, Slug)| {
            let total = totals.get(&id).map_or(0, |total| u64::try_from(*total).unwrap_or(0));
            let kept = kept.remove(&id).unwrap_or_default();
            let recount = Self::of(slug, total, kept, rows.remove(&id).unwrap_or_default());
            (id, Self { days: days.get(&id).map_or(0, |days| days.unsigned_abs()), ..recount })
        };
        campaigns.into_iter().map(one).collect()
    }

    /// `kept` and `rows` are both by country.
    pub(super) fn of(
        slug: Slug,
        stored: u64,
        kept: Vec<(String, i64)>,
        rows: Vec<(String, i64)>,
    ) -> Self {
        let unsigned = |counts: Vec<(String, i64)>| -> BTreeMap<String, u64> {
            counts.into_iter().map(|(code, n)| (code, u64::try_from(n).unwrap_or(0))).collect()
        };
        let (kept, rows) = (unsigned(kept), unsigned(rows));
        let codes: BTreeSet<&String> = kept.keys().chain(rows.keys()).collect();
        let of = |counts: &BTreeMap<String, u64>, code| counts.get(code).copied().unwrap_or(0);
        let countries = codes
            .into_iter()
            .map(|code| (code.clone(), of(&kept, code), of(&rows, code)))
            .filter(|(_, kept, rows)| kept != rows)
            .collect();
        Self { slug, stored, rows: rows.values().sum(), countries, days: 0, repaired: false }
    }
}
