//! The span of time that a page looks at.

use crate::day::Day;

/// Which days to look at. In the address as `range=30d`, `range=2026-11-01..2026-11-25`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Range {
    Today,
    /// So many days, today the last of them.
    Last(u16),
    #[default]
    All,
    /// Both days are in it.
    Between(Day, Day),
}

/// Days that are looked at: from, and up to but without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Day,
    pub to: Day,
}

impl Span {
    pub const fn days(self) -> i64 {
        self.to.0 - self.from.0
    }

    /// The span of the same length just before.
    pub const fn before(self) -> Self {
        Self { from: self.from.plus(-self.days()), to: self.from }
    }

    /// The whole days in UTC that cover the time between two moments, in milliseconds.
    pub fn utc(from: f64, to: f64) -> Self {
        const DAY: f64 = 86_400_000.0;
        let from = (from / DAY).floor() as i64;
        Self { from: Day(from), to: Day(((to / DAY).ceil() as i64).max(from + 1)) }
    }

    /// As the API takes it.
    pub fn query(self) -> String {
        format!("from={}&to={}", self.from, self.to)
    }
}

/// What a range is compared with. In the address as `compare=before`, `compare=year`,
/// `compare=2026-10-01`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    Before,
    YearAgo,
    /// As many days, from this one on.
    From(Day),
}

impl Against {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "before" => Some(Self::Before),
            "year" => Some(Self::YearAgo),
            _ => Day::parse(text).map(Self::From),
        }
    }

    pub fn span(self, span: Span) -> Span {
        match self {
            Self::Before => span.before(),
            Self::YearAgo => {
                Span { from: span.from.year_before(), to: span.to.plus(-1).year_before().plus(1) }
            }
            Self::From(day) => Span { from: day, to: day.plus(span.days()) },
        }
    }
}

impl Range {
    /// What the picker offers.
    pub const OFFERED: [Self; 5] =
        [Self::Today, Self::Last(7), Self::Last(30), Self::Last(90), Self::All];

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "today" => return Some(Self::Today),
            "all" => return Some(Self::All),
            _ => {}
        }
        if let Some(days) = text.strip_suffix('d') {
            let days = days.parse().ok().filter(|days| (1..=3660).contains(days))?;
            return Some(Self::Last(days));
        }
        let (from, to) = text.split_once("..")?;
        let (from, to) = (Day::parse(from)?, Day::parse(to)?);
        (from <= to).then_some(Self::Between(from, to))
    }

    pub fn text(self) -> String {
        match self {
            Self::Today => "today".to_owned(),
            Self::Last(days) => format!("{days}d"),
            Self::All => "all".to_owned(),
            Self::Between(from, to) => format!("{from}..{to}"),
        }
    }

    /// The days, or `None` for all there are.
    pub fn span(self, today: Day) -> Option<Span> {
        let to = today.plus(1);
        match self {
            Self::Today => Some(Span { from: today, to }),
            Self::Last(days) => Some(Span { from: to.plus(-i64::from(days)), to }),
            Self::All => None,
            Self::Between(from, to) => Some(Span { from, to: to.plus(1) }),
        }
    }

    /// The bucket that shows this much time in a few hundred points at most.
    pub fn bucket(self, today: Day) -> &'static str {
        match self.span(today).map(Span::days) {
            Some(..=1) => "minute",
            Some(2..=14) => "hour",
            _ => "day",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day(20_782);

    #[test]
    fn ranges_are_written_as_they_are_read() {
        let between = Range::Between(Day(20_700), TODAY);
        for range in Range::OFFERED.into_iter().chain([between, Range::Last(365)]) {
            assert_eq!(Range::parse(&range.text()), Some(range));
        }
        for text in ["", "0d", "-3d", "99999d", "2026-11-25..2026-11-01", "2026-11-25", "d"] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    #[test]
    fn today_is_in_every_span_and_the_one_before_ends_where_it_begins() {
        let week = Range::Last(7).span(TODAY).map(|span| (span.from, span.to, span.before()));
        let (from, to, before) = week.unwrap_or((TODAY, TODAY, Span { from: TODAY, to: TODAY }));
        assert_eq!((from, to), (Day(20_776), Day(20_783)));
        assert_eq!(before, Span { from: Day(20_769), to: Day(20_776) });
        assert_eq!(Range::Today.span(TODAY).map(Span::days), Some(1));
        assert_eq!(Range::All.span(TODAY), None);
        let one = Range::Between(TODAY, TODAY);
        assert_eq!(
            one.span(TODAY).map(|span| span.query()).as_deref(),
            Some("from=2026-11-25&to=2026-11-26")
        );
    }

    #[test]
    fn a_range_is_compared_with_the_time_before_a_year_ago_or_days_of_ones_own() {
        let day = |text: &str| Day::parse(text).unwrap_or(TODAY);
        let span = |from: &str, to: &str| Span { from: day(from), to: day(to) };
        let week = span("2028-02-23", "2028-03-01");
        for (text, expected) in [
            ("before", span("2028-02-16", "2028-02-23")),
            ("year", span("2027-02-23", "2027-03-01")),
            ("2026-10-01", span("2026-10-01", "2026-10-08")),
        ] {
            assert_eq!(Against::parse(text).map(|it| it.span(week)), Some(expected), "{text}");
        }
        let one = Against::YearAgo.span(span("2028-02-28", "2028-02-29"));
        assert_eq!(one, span("2027-02-28", "2027-03-01"));
        assert_eq!(Against::parse("yes"), None);
    }

    #[test]
    fn days_in_utc_cover_the_days_of_the_organizer() {
        const HOUR: f64 = 3_600_000.0;
        let midnight = TODAY.0 as f64 * 24.0 * HOUR;
        let covers = |from: f64, to: f64| {
            let span = Span::utc(midnight + from * HOUR, midnight + to * HOUR);
            (span.from.0 - TODAY.0, span.to.0 - TODAY.0)
        };
        assert_eq!(covers(0.0, 24.0), (0, 1), "in UTC they are the same");
        assert_eq!(covers(8.0, 18.0), (0, 1), "Los Angeles in the morning");
        assert_eq!(covers(8.0, 25.0), (0, 2), "and in the evening");
        assert_eq!(covers(-13.0, -5.0), (-1, 0), "Auckland in the morning");
        assert_eq!(covers(-13.0, 11.0), (-1, 1), "and in the evening");
        assert_eq!(covers(30.0, 5.0), (1, 2), "days that are to come");
    }

    #[test]
    fn longer_ranges_have_larger_buckets() {
        let bucket = |range: Range| range.bucket(TODAY);
        assert_eq!(bucket(Range::Today), "minute");
        assert_eq!(bucket(Range::Last(7)), "hour");
        assert_eq!(bucket(Range::Last(30)), "day");
        assert_eq!(bucket(Range::All), "day");
    }
}
