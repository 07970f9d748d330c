//! A campaign's numbers by day and country, for everybody, where the organizer publishes them.
//!
//! What is guaranteed, for `k` of the campaign:
//!
//! - Every number is a multiple of `k`. So is every sum and difference of numbers, of one file or of
//!   two that were fetched at any time, before and after any correction: none is a group of 1 to
//!   `k - 1` people.
//! - Where a country of a day is hidden, at least two are, with at least `k` people in them, also for
//!   who knows the true number of the day (see [`super::suppress`]). It is not said which.
//! - Only days that are over (UTC). A day's line depends on that day's pledges alone, so that a later
//!   file has the same line unless somebody withdrew, was erased, refused or released.
//! - There is no total by country. Summed up over days, a country has less than its public total; the
//!   difference says nothing of any single day unless all its other days are known otherwise.
//!
//! What is not: the live total names every country as people sign, by design. Whoever wrote it down
//! every day has a finer table than this one. A campaign that cannot have that hides its count.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::kept::PerCampaign;
use super::range::date;
use super::suppress::{step, suppress};
use crate::App;
use crate::store::sources::day;
use crate::store::{Result, StoreError, StoredCampaign};

/// The days are over: only corrections change them.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// The file in both forms.
#[derive(Clone, Debug)]
pub struct Files {
    pub csv: Bytes,
    pub json: Bytes,
}

/// Files made a moment ago, and of which edition of the campaign's settings.
#[derive(Default)]
pub struct OpenDataCache(PerCampaign<(Timestamp, i64, Files)>);

/// The numbers of a campaign by day and country.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OpenData {
    pub campaign: String,
    /// Every number is a multiple of this; 0 stands for exact numbers.
    pub steps_of: u64,
    /// The day on which it was made, which is not in it yet.
    pub until: String,
    /// The earliest first. Days with fewer than `steps_of` people are left out.
    pub days: Vec<OpenDay>,
}

/// One day, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct OpenDay {
    pub day: String,
    pub total: u64,
    /// By ISO 3166-1 alpha-2.
    pub countries: BTreeMap<String, u64>,
    /// What the countries lack to the total: hidden ones, and what was rounded off.
    pub other: u64,
}

impl OpenDataCache {
    /// The file with the groups under `k` hidden, at most ten minutes old. Who asks while it is made
    /// waits for it; other campaigns do not.
    pub async fn files(&self, app: &App, stored: &StoredCampaign, k: u64) -> Result<Files> {
        let now = app.clock.now();
        let is_fresh = |(made, revision, _): &(Timestamp, i64, Files)| {
            *revision == stored.revision && now.duration_since(*made).abs() < FRESH
        };
        let make = async { Ok((now, stored.revision, made(app, stored, k, now).await?)) };
        self.0.get(stored.id, is_fresh, make).await.map(|(_, _, files)| files)
    }
}

async fn made(app: &App, stored: &StoredCampaign, k: u64, now: Timestamp) -> Result<Files> {
    let today = day(now.as_millisecond());
    let total = app.hub.snapshot(stored.id).map_or(0, |snapshot| snapshot.counters.total);
    let rows = match stored.campaign.hides(total) {
        true => Vec::new(),
        false => app.store.country_days(stored.id, today).await?,
    };
    let data = OpenData {
        campaign: stored.campaign.slug.as_str().to_owned(),
        steps_of: k,
        until: date(today),
        days: days(rows, k),
    };
    let json = serde_json::to_vec(&data).map_err(|error| StoreError::Broken(error.into()))?;
    Ok(Files { csv: csv(&data).into(), json: json.into() })
}

/// Suppresses each day by itself.
fn days(rows: Vec<(i64, String, u64)>, k: u64) -> Vec<OpenDay> {
    let mut by_day: BTreeMap<i64, Vec<(String, u64)>> = BTreeMap::new();
    for (day, country, counted) in rows {
        by_day.entry(day).or_default().push((country, counted));
    }
    let open = |(day, groups): (i64, Vec<(String, u64)>)| {
        let total = step(groups.iter().map(|(_, counted)| counted).sum(), k);
        let shown = suppress(groups, k).in_steps(k).shown;
        let other = total - shown.iter().map(|(_, counted)| counted).sum::<u64>();
        OpenDay { day: date(day), total, countries: shown.into_iter().collect(), other }
    };
    by_day.into_iter().map(open).filter(|day| day.total > 0).collect()
}

/// One line a day and country; `other` is a line of its own, so that a day adds up.
fn csv(data: &OpenData) -> String {
    let mut lines = String::from("day,country,counted\r\n");
    for OpenDay { day, countries, other, .. } in &data.days {
        for (country, counted) in countries {
            lines.push_str(&format!("{day},{country},{counted}\r\n"));
        }
        if *other > 0 {
            lines.push_str(&format!("{day},other,{other}\r\n"));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn rows(days: &[Vec<u64>]) -> Vec<(i64, String, u64)> {
        let of = |(day, counts): (usize, &Vec<u64>)| {
            let row = move |(country, counted): (usize, &u64)| {
                (20_000 + day as i64, format!("C{country}"), *counted)
            };
            counts.iter().enumerate().map(row).collect::<Vec<_>>()
        };
        days.iter().enumerate().flat_map(of).collect()
    }

    /// Every number of the file.
    fn numbers(days: &[OpenDay]) -> BTreeMap<(String, String), u64> {
        let of = |day: &OpenDay| {
            let name = |what: &str| (day.day.clone(), what.to_owned());
            let mut all = vec![(name("total"), day.total), (name("other"), day.other)];
            all.extend(day.countries.iter().map(|(country, counted)| (name(country), *counted)));
            all
        };
        days.iter().flat_map(of).collect()
    }

    proptest! {
        #[test]
        fn fault_34_differencing_two_files_shows_nothing_under_k(
            before in prop::collection::vec(prop::collection::vec(0..30u64, 1..8), 1..6),
            corrected in prop::collection::vec((0..6usize, 0..8usize, 0..30u64), 0..4),
            k in 1..12u64,
        ) {
            let mut after = before.clone();
            for (day, country, counted) in corrected {
                if let Some(cell) = after.get_mut(day).and_then(|day| day.get_mut(country)) {
                    *cell = counted;
                }
            }
            let (one, two) = (numbers(&days(rows(&before), k)), numbers(&days(rows(&after), k)));
            for (name, number) in one.iter().chain(&two) {
                prop_assert_eq!(number % k, 0, "{:?}", name);
            }
            for (name, number) in &one {
                let differ = number.abs_diff(two.get(name).copied().unwrap_or(0));
                prop_assert!(differ == 0 || differ >= k, "{:?}", name);
            }
        }

        #[test]
        fn fault_34_no_cell_under_k_is_in_the_file_and_no_day_has_one_hidden_country(
            counts in prop::collection::vec(0..30u64, 1..8),
            k in 0..12u64,
        ) {
            let file = days(rows(std::slice::from_ref(&counts)), k);
            let there: Vec<u64> = counts.iter().copied().filter(|counted| *counted > 0).collect();
            for day in &file {
                prop_assert!(day.countries.values().all(|counted| *counted >= k));
                prop_assert_eq!(day.countries.values().sum::<u64>() + day.other, day.total);
                let hidden = there.len() - day.countries.len();
                prop_assert!(hidden != 1 || day.countries.is_empty(), "{:?}", day);
            }
        }
    }

    #[test]
    fn a_file_adds_up_and_small_days_are_left_out() {
        let day = |day, country: &str, counted| (day, country.to_owned(), counted);
        let rows = vec![
            day(20_000, "FR", 12),
            day(20_000, "KE", 41),
            day(20_000, "UG", 2),
            day(20_001, "KE", 3),
            day(20_002, "KE", 7),
        ];
        let file = OpenData {
            campaign: "one".into(),
            steps_of: 5,
            until: date(20_003),
            days: days(rows, 5),
        };
        assert_eq!(
            csv(&file),
            "day,country,counted\r\n2024-10-04,KE,40\r\n2024-10-04,other,15\r\n2024-10-06,KE,5\r\n"
        );
        let json = serde_json::to_value(&file).unwrap();
        assert_eq!(json["until"], "2024-10-07");
        assert_eq!(json["days"][0]["total"], 55);
    }

    #[test]
    fn zero_gives_exact_numbers() {
        let file = days(vec![(20_000, "KE".into(), 1), (20_000, "FR".into(), 2)], 0);
        assert_eq!((file[0].total, file[0].other, file[0].countries["KE"]), (3, 0, 1));
    }
}
