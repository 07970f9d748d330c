//! The last 60 minutes, minute by minute, and how they move on; and the day the goal falls.

pub const MINUTE: f64 = 60_000.0;

/// Counted by minute; the last is the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minutes {
    /// The present minute, since 1970.
    now: i64,
    counted: [u64; 60],
}

impl Minutes {
    /// From what the server counted, oldest first; `now` in milliseconds.
    pub fn new(now: f64, counted: impl IntoIterator<Item = (f64, u64)>) -> Self {
        let mut minutes = Self { now: minute(now), counted: [0; 60] };
        for (at, count) in counted {
            if let Some(place) = minutes.place(minute(at)) {
                minutes.counted[place] += count;
            }
        }
        minutes
    }

    /// Moves on to the present minute.
    pub fn roll(&mut self, now: f64) {
        let passed = (minute(now) - self.now).max(0);
        if passed > 0 {
            let passed = usize::try_from(passed).unwrap_or(60).min(60);
            self.counted.rotate_left(passed);
            self.counted[60 - passed..].fill(0);
            self.now = minute(now);
        }
    }

    pub fn counted(&self) -> &[u64; 60] {
        &self.counted
    }

    /// When the minute at this place began, in milliseconds.
    pub fn began(&self, place: usize) -> f64 {
        (self.now - 59 + place as i64) as f64 * MINUTE
    }

    pub fn sum(&self) -> u64 {
        self.counted.iter().sum()
    }

    fn place(&self, at: i64) -> Option<usize> {
        usize::try_from(59 - (self.now - at)).ok().filter(|place| *place < 60)
    }
}

fn minute(millis: f64) -> i64 {
    (millis / MINUTE).floor() as i64
}

/// How far the goal is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ahead {
    None,
    Reached,
    /// In so many milliseconds, at this pace.
    In(f64),
    /// Nobody signs now, or it would take more than ten years.
    Never,
}

const TEN_YEARS: f64 = 10.0 * 366.0 * 24.0 * 60.0 * MINUTE;

/// When the goal falls at so many pledges an hour.
pub fn ahead(total: u64, goal: Option<u64>, pace: f64) -> Ahead {
    let Some(goal) = goal.filter(|goal| *goal > 0) else { return Ahead::None };
    if total >= goal {
        return Ahead::Reached;
    }
    let left = (goal - total) as f64 / pace * 60.0 * MINUTE;
    if left.is_finite() && pace > 0.0 && left < TEN_YEARS { Ahead::In(left) } else { Ahead::Never }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_move_on_and_what_is_an_hour_old_is_gone() {
        let at = |minute: f64| minute * MINUTE + 3.0;
        let mut minutes = Minutes::new(at(100.0), [(at(41.0), 5), (at(100.0), 2), (at(40.0), 9)]);
        assert_eq!((minutes.counted()[0], minutes.counted()[59], minutes.sum()), (5, 2, 7));
        assert_eq!((minutes.began(59), minutes.began(0)), (100.0 * MINUTE, 41.0 * MINUTE));
        minutes.roll(at(100.5));
        assert_eq!(minutes.sum(), 7);
        minutes.roll(at(102.0));
        assert_eq!(
            (minutes.counted()[57], minutes.counted()[58], minutes.counted()[59]),
            (2, 0, 0)
        );
        assert_eq!(minutes.sum(), 2);
        minutes.roll(at(10.0));
        assert_eq!(minutes.sum(), 2, "a clock that was set back loses nobody");
        minutes.roll(at(1000.0));
        assert_eq!(minutes.sum(), 0);
    }

    #[test]
    fn the_goal_falls_when_the_pace_reaches_it() {
        assert_eq!(ahead(100, Some(200), 50.0), Ahead::In(2.0 * 60.0 * MINUTE));
        assert_eq!(ahead(200, Some(200), 0.0), Ahead::Reached);
        assert_eq!(ahead(1, Some(200), 0.0), Ahead::Never);
        assert_eq!(ahead(1, Some(u64::MAX), 0.5), Ahead::Never);
        assert_eq!(ahead(1, Some(0), 1.0), Ahead::None);
        assert_eq!(ahead(1, None, 1.0), Ahead::None);
    }
}
