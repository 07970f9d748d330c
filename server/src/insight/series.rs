//! The total over time, in the organizer's own hours and days.

use countersign_shared::admin::insight::SeriesPoint;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::App;
use crate::store::insight::Slots;
use crate::store::{Bucket, CampaignId, Result};

/// What is asked for: buckets from the one in which `from` lies up to `to`; without them, from the
/// first pledge to now.
pub struct Asked {
    pub bucket: Bucket,
    pub zone: TimeZone,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// Buckets without anybody are left out; the total of a point is that at its end.
pub async fn series(app: &App, campaign: CampaignId, asked: &Asked) -> Result<Vec<SeriesPoint>> {
    let Some(first) = app.store.first_minute(campaign).await? else { return Ok(Vec::new()) };
    let first = asked.from.map_or(first, |from| minute(from).max(first));
    let slots = match asked.bucket {
        Bucket::Minute => app.store.minutes(campaign, first).await?,
        Bucket::Hour | Bucket::Day => {
            let end = asked.to.unwrap_or(app.clock.now());
            let mut firsts = starts(first, end, asked.bucket, &asked.zone);
            // What comes after the end is asked for as well: the total is that of now.
            firsts.extend(asked.to.map(minute));
            firsts.dedup();
            app.store.spans(campaign, &firsts).await?
        }
    };
    Ok(points(&slots, asked.to))
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// The minutes with which buckets begin: the one in which `first` lies, and all before `end`.
fn starts(first: i64, end: Timestamp, bucket: Bucket, zone: &TimeZone) -> Vec<i64> {
    let mut starts = Vec::new();
    let mut at = Timestamp::from_second(first * 60).map(|at| start(at, bucket, zone)).ok();
    while let Some(begins) = at.filter(|begins| *begins < end) {
        starts.push(minute(begins));
        at = next(begins, bucket, zone).filter(|next| *next > begins);
    }
    starts
}

/// When the bucket of this moment begins.
fn start(at: Timestamp, bucket: Bucket, zone: &TimeZone) -> Timestamp {
    match bucket {
        Bucket::Minute => at,
        // The hour on the clock of that place at that moment: where a clock is put back, the hour
        // that comes twice is two.
        Bucket::Hour => {
            let offset = i64::from(zone.to_offset(at).seconds());
            let local = at.as_second() + offset;
            Timestamp::from_second(local - local.rem_euclid(3600) - offset).unwrap_or(at)
        }
        Bucket::Day => {
            let midnight = at.to_zoned(zone.clone()).start_of_day();
            midnight.map_or(at, |midnight| midnight.timestamp())
        }
    }
}

/// When the bucket ends that begins now. A day has 23, 24 or 25 hours.
fn next(begins: Timestamp, bucket: Bucket, zone: &TimeZone) -> Option<Timestamp> {
    let later = |hours| begins.checked_add(SignedDuration::from_hours(hours)).ok();
    match bucket {
        Bucket::Minute => begins.checked_add(SignedDuration::from_mins(1)).ok(),
        // Where a clock moves by half an hour, an hour is cut there.
        Bucket::Hour => later(1).map(|later| start(later, bucket, zone).max(begins)).or(later(1)),
        Bucket::Day => {
            let tomorrow = begins.to_zoned(zone.clone()).date().tomorrow().ok()?;
            Some(tomorrow.to_zoned(zone.clone()).ok()?.timestamp())
        }
    }
}

/// The points of what was counted, up to `until`.
fn points(slots: &Slots, until: Option<Timestamp>) -> Vec<SeriesPoint> {
    let counted: u64 = slots.slots.iter().map(|slot| slot.counted).sum();
    // What came before the first slot.
    let mut total = slots.total.saturating_sub(counted);
    let until = until.map_or(i64::MAX, minute);
    slots
        .slots
        .iter()
        .take_while(|slot| slot.minute < until)
        .map(|slot| {
            total += slot.counted;
            let start = Timestamp::from_second(slot.minute * 60).unwrap_or_default().to_string();
            SeriesPoint { start, counted: slot.counted, paper: slot.paper, total }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::store::insight::Slot;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The starts from one moment to before another, as the time of day in UTC.
    fn told(from: &str, to: &str, bucket: Bucket, zone: &str) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let starts = starts(minute(at(from)), at(to), bucket, &zone);
        let time = |minute: i64| Timestamp::from_second(minute * 60).unwrap().to_string();
        starts.into_iter().map(|minute| time(minute)[5..16].to_owned()).collect()
    }

    #[test]
    fn days_begin_at_midnight_of_the_organizer_whatever_the_clock_does() {
        // The clock goes forward in the night to the 28th: that day has 23 hours.
        let days =
            told("2027-03-27T12:00:00Z", "2027-03-29T12:00:00Z", Bucket::Day, "Europe/Berlin");
        assert_eq!(days, ["03-26T23:00", "03-27T23:00", "03-28T22:00"]);
        // And back in the night to the 31st: 25 hours.
        let days =
            told("2027-10-31T12:00:00Z", "2027-11-01T12:00:00Z", Bucket::Day, "Europe/Berlin");
        assert_eq!(days, ["10-30T22:00", "10-31T23:00"]);
        // In Cairo midnight itself is left out on that day.
        let days =
            told("2027-04-29T12:00:00Z", "2027-05-01T00:00:00Z", Bucket::Day, "Africa/Cairo");
        assert_eq!(days, ["04-28T22:00", "04-29T22:00", "04-30T21:00"]);
    }

    #[test]
    fn hours_are_those_of_the_clock_on_the_wall() {
        let hours =
            told("2027-03-01T00:00:00Z", "2027-03-01T01:00:00Z", Bucket::Hour, "Asia/Kathmandu");
        assert_eq!(hours, ["02-28T23:15", "03-01T00:15"], "5:45 ahead");
    }

    #[test]
    fn an_hour_that_comes_twice_is_two_and_one_that_is_left_out_is_none() {
        let hours =
            told("2027-10-30T23:00:00Z", "2027-10-31T02:30:00Z", Bucket::Hour, "Europe/Berlin");
        assert_eq!(hours, ["10-30T23:00", "10-31T00:00", "10-31T01:00", "10-31T02:00"]);
        let hours =
            told("2027-03-28T00:00:00Z", "2027-03-28T02:30:00Z", Bucket::Hour, "Europe/Berlin");
        assert_eq!(hours, ["03-28T00:00", "03-28T01:00", "03-28T02:00"]);
        // By half an hour: what is between is counted once.
        let hours = told(
            "2027-04-03T13:00:00Z",
            "2027-04-03T17:00:00Z",
            Bucket::Hour,
            "Australia/Lord_Howe",
        );
        assert!(hours.windows(2).all(|pair| pair[0] < pair[1]), "{hours:?}");
    }

    #[test]
    fn what_comes_after_the_end_is_left_out_and_the_totals_stay_right() {
        let first = minute(at("2027-03-01T00:00:00Z"));
        let slots = [(first, 1), (first + 1, 2)];
        let slots = slots.map(|(minute, counted)| Slot { minute, counted, paper: 1 }).to_vec();
        let points = points(&Slots { slots, total: 10 }, Some(at("2027-03-01T00:01:00Z")));
        let expected = SeriesPoint {
            start: "2027-03-01T00:00:00Z".to_owned(),
            counted: 1,
            paper: 1,
            total: 8,
        };
        assert_eq!(points, [expected]);
    }
}
