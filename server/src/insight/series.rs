//! The total over time, in the organizer's own days.

use countersign_shared::admin::insight::SeriesPoint;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::store::Bucket;
use crate::store::insight::{Slot, Slots};

/// Every offset from UTC that is in use is a multiple of a quarter of an hour: what is counted by
/// quarters adds up to the hours and days of any zone.
const QUARTER: i64 = 15;

/// How the database is asked for a bucket: minutes in a slot.
pub fn slot_minutes(bucket: Bucket) -> i64 {
    match bucket {
        Bucket::Minute => 1,
        Bucket::Hour | Bucket::Day => QUARTER,
    }
}

/// The points of `slots`, which are of [`slot_minutes`], up to `until`. Buckets without anybody are
/// left out; the total of a point is that at its end.
pub fn points(
    slots: &Slots,
    bucket: Bucket,
    zone: &TimeZone,
    until: Option<Timestamp>,
) -> Vec<SeriesPoint> {
    let counted: u64 = slots.slots.iter().map(|slot| slot.counted).sum();
    // What came before the first slot.
    let mut total = slots.total.saturating_sub(counted);
    let mut points: Vec<(Timestamp, u64, u64)> = Vec::new();
    for Slot { number, counted } in &slots.slots {
        let seconds = number * slot_minutes(bucket) * 60;
        let Ok(at) = Timestamp::from_second(seconds) else { continue };
        if until.is_some_and(|until| at >= until) {
            break;
        }
        total += counted;
        let start = start(at, bucket, zone);
        match points.last_mut() {
            Some(last) if last.0 == start => (last.1, last.2) = (last.1 + counted, total),
            _ => points.push((start, *counted, total)),
        }
    }
    let point = |(start, counted, total): (Timestamp, u64, u64)| SeriesPoint {
        start: start.to_string(),
        counted,
        total,
    };
    points.into_iter().map(point).collect()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn slots(minutes: i64, times: &[(&str, u64)], total: u64) -> Slots {
        let slot = |(at, counted): &(&str, u64)| {
            let at: Timestamp = at.parse().unwrap();
            Slot { number: at.as_second() / 60 / minutes, counted: *counted }
        };
        Slots { slots: times.iter().map(slot).collect(), total }
    }

    fn told(points: Vec<SeriesPoint>) -> Vec<(String, u64, u64)> {
        points.into_iter().map(|point| (point.start, point.counted, point.total)).collect()
    }

    fn point(start: &str, counted: u64, total: u64) -> (String, u64, u64) {
        (start.to_owned(), counted, total)
    }

    #[test]
    fn days_begin_at_midnight_of_the_organizer_whatever_the_clock_does() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        // The clock goes forward in the night to the 28th: that day has 23 hours.
        let times = [
            ("2027-03-27T22:45:00Z", 1),
            ("2027-03-27T23:00:00Z", 2),
            ("2027-03-28T21:45:00Z", 4),
            ("2027-03-28T22:00:00Z", 8),
        ];
        let points = points(&slots(15, &times, 20), Bucket::Day, &berlin, None);
        let expected = [
            point("2027-03-26T23:00:00Z", 1, 6),
            point("2027-03-27T23:00:00Z", 6, 12),
            point("2027-03-28T22:00:00Z", 8, 20),
        ];
        assert_eq!(told(points), expected);
    }

    #[test]
    fn hours_are_those_of_the_clock_on_the_wall() {
        let nepal = TimeZone::get("Asia/Kathmandu").unwrap(); // 5:45 ahead
        let times = [("2027-03-01T00:00:00Z", 1), ("2027-03-01T00:15:00Z", 2)];
        let points = points(&slots(15, &times, 3), Bucket::Hour, &nepal, None);
        let expected = [point("2027-02-28T23:15:00Z", 1, 1), point("2027-03-01T00:15:00Z", 2, 3)];
        assert_eq!(told(points), expected);
    }

    #[test]
    fn an_hour_that_comes_twice_is_two() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let times = [("2027-10-31T00:15:00Z", 1), ("2027-10-31T01:15:00Z", 2)];
        let points = points(&slots(15, &times, 3), Bucket::Hour, &berlin, None);
        let expected = [point("2027-10-31T00:00:00Z", 1, 1), point("2027-10-31T01:00:00Z", 2, 3)];
        assert_eq!(told(points), expected);
    }

    #[test]
    fn what_comes_after_the_end_is_left_out_and_the_totals_stay_right() {
        let times = [("2027-03-01T00:00:00Z", 1), ("2027-03-01T00:01:00Z", 2)];
        let until = "2027-03-01T00:01:00Z".parse().unwrap();
        let points = points(&slots(1, &times, 10), Bucket::Minute, &TimeZone::UTC, Some(until));
        assert_eq!(told(points), [point("2027-03-01T00:00:00Z", 1, 8)]);
    }
}
