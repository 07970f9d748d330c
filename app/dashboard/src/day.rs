//! Days of the calendar, as numbers: what ranges and charts reckon with.

use std::fmt;

/// Days since 1 January 1970, in whatever time zone the caller thinks in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i64);

impl Day {
    /// Reads `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        let found = Self::from_date(year, month, day);
        // The 31st of April and the like come out as another day.
        (found.date() == (year, month, day)).then_some(found)
    }

    /// Howard Hinnant's `days_from_civil`: <https://howardhinnant.github.io/date_algorithms.html>.
    fn from_date(year: i64, month: u32, day: u32) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let month = i64::from(if month > 2 { month - 3 } else { month + 9 });
        let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
        Self(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// Year, month, day.
    fn date(self) -> (i64, u32, u32) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        (year, month as u32, day as u32)
    }

    /// The same date a year before; the 28th where there is no 29th of February.
    pub fn year_before(self) -> Self {
        let (year, month, day) = self.date();
        Self::from_date(year - 1, month, if month == 2 { day.min(28) } else { day })
    }

    pub const fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_they_are_read() {
        for (text, number) in
            [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-11-25", 20_782)]
        {
            let day = Day::parse(text).map(|day| day.0);
            assert_eq!(day, Some(number), "{text}");
            assert_eq!(Day(number).to_string(), text);
        }
        for number in -800_000..800_000 {
            let day = Day(number);
            let (year, month, date) = day.date();
            assert_eq!(Day::from_date(year, month, date), day);
        }
    }

    #[test]
    fn a_year_before_is_the_same_date() {
        for (day, before) in [
            ("2026-11-25", "2025-11-25"),
            ("2028-02-29", "2027-02-28"),
            ("2029-03-01", "2028-03-01"),
        ] {
            let day = Day::parse(day).map(|day| day.year_before().to_string());
            assert_eq!(day.as_deref(), Some(before));
        }
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for text in ["", "2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-04-31", "x"] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
