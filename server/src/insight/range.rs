//! Ranges of time, as they are asked for.

use countersign_shared::{Code, FieldError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::store::insight::Days;
use crate::store::sources::day;

/// `YYYY-MM-DD`, which is when that day begins in the time zone, or RFC 3339.
fn moment(field: &str, text: &str, zone: &TimeZone) -> Result<Timestamp, FieldError> {
    let wrong = || FieldError::new(field, Code::FieldInvalid);
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let date: Date = text.parse().map_err(|_| wrong())?;
    date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| wrong())
}

/// From the first moment to before the last; what is left out has no bound.
///
/// # Errors
/// `field_invalid` for `from` or `to`.
pub fn moments(
    from: Option<&str>,
    to: Option<&str>,
    zone: &TimeZone,
) -> Result<(Option<Timestamp>, Option<Timestamp>), FieldError> {
    let from = from.map(|text| moment("from", text, zone)).transpose()?;
    let to = to.map(|text| moment("to", text, zone)).transpose()?;
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(FieldError::new("to", Code::FieldInvalid));
    }
    Ok((from, to))
}

/// Whole days in UTC, from the first to before the last. A moment within a day stands for the whole
/// day. `None` where no bound was asked for.
///
/// # Errors
/// `field_invalid` for `from` or `to`.
pub fn days(from: Option<&str>, to: Option<&str>) -> Result<Option<Days>, FieldError> {
    let (from, to) = moments(from, to, &TimeZone::UTC)?;
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let first = from.map_or(Days::ALL.from, |at| day(at.as_millisecond()));
    let last = to.map_or(Days::ALL.to, |at| {
        let before = at.checked_sub(SignedDuration::from_millis(1)).unwrap_or(at);
        day(before.as_millisecond()) + 1
    });
    Ok(Some(Days { from: first, to: last.max(first) }))
}

/// `YYYY-MM-DD` of a day since 1970 in UTC.
pub fn date(day: i64) -> String {
    let at = Timestamp::from_second(day * 86_400).unwrap_or_default();
    Date::from(at.to_zoned(TimeZone::UTC)).to_string()
}

/// The time zone of this IANA name; UTC where none is given.
///
/// # Errors
/// `field_invalid` for `time_zone`.
pub fn zone(name: Option<&str>) -> Result<(String, TimeZone), FieldError> {
    let name = name.unwrap_or("UTC");
    let zone = TimeZone::get(name).map_err(|_| FieldError::new("time_zone", Code::FieldInvalid))?;
    Ok((zone.iana_name().unwrap_or(name).to_owned(), zone))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_midnight_of_its_zone() {
        let (name, nairobi) = zone(Some("Africa/Nairobi")).unwrap();
        assert_eq!(name, "Africa/Nairobi");
        let range = moments(Some("2027-03-01"), Some("2027-03-02T12:00:00Z"), &nairobi).unwrap();
        let expected = (Some(at("2027-02-28T21:00:00Z")), Some(at("2027-03-02T12:00:00Z")));
        assert_eq!(range, expected);
    }

    #[test]
    fn days_are_whole_and_the_last_is_left_out() {
        let first = day(at("2027-03-01T00:00:00Z").as_millisecond());
        let table = [
            (Some("2027-03-01"), Some("2027-03-02"), Some((first, first + 1))),
            (Some("2027-03-01T12:00:00Z"), Some("2027-03-01T13:00:00Z"), Some((first, first + 1))),
            (Some("2027-03-01"), None, Some((first, Days::ALL.to))),
            (None, Some("2027-03-01"), Some((0, first))),
            (None, None, None),
        ];
        for (from, to, expected) in table {
            let expected = expected.map(|(from, to)| Days { from, to });
            assert_eq!(days(from, to).unwrap(), expected, "{from:?} {to:?}");
        }
    }

    #[test]
    fn what_is_no_time_names_its_field() {
        for (from, to, field) in [
            (Some("yesterday"), None, "from"),
            (None, Some("2027-02-30"), "to"),
            (Some("2027-03-02"), Some("2027-03-01"), "to"),
        ] {
            assert_eq!(days(from, to).unwrap_err().field, field);
        }
        assert_eq!(zone(Some("Mars/Olympus")).unwrap_err().field, "time_zone");
    }
}
