//! What a campaign works towards.

/// The goal: none, a number, or steps that rise by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    #[default]
    None,
    Fixed(u64),
    Steps {
        /// Rising, none of them 0.
        steps: Vec<u64>,
        /// The next step is shown once the total is this many thousandths of the current one.
        rise_at: u32,
    },
}

impl Goal {
    /// The goal that is shown at this total. Never 0, never an overflow.
    pub fn at(&self, total: u64) -> Option<u64> {
        match self {
            Self::None => None,
            Self::Fixed(goal) => Some(*goal),
            Self::Steps { steps, rise_at } => {
                let reached =
                    |goal: u64| u128::from(total) * 1000 >= u128::from(goal) * u128::from(*rise_at);
                let mut goal = *steps.first()?;
                let mut rest = steps.iter().skip(1);
                while reached(goal) && goal < u64::MAX {
                    goal = rest.next().copied().unwrap_or_else(|| round_number_above(goal));
                }
                Some(goal)
            }
        }
    }

    /// The goals that a total passes on its way up, lowest first: those above `before`, up to
    /// `after`.
    pub fn passed(&self, before: u64, after: u64) -> Vec<u64> {
        let (given, goes_on) = match self {
            Self::None => (&[][..], false),
            Self::Fixed(goal) => (std::slice::from_ref(goal), false),
            Self::Steps { steps, .. } => (&steps[..], true),
        };
        let last = given.last().copied().filter(|_| goes_on);
        let beyond = std::iter::successors(last, |goal| {
            Some(round_number_above(*goal)).filter(|next| next > goal)
        });
        let all = given.iter().copied().chain(beyond.skip(1));
        all.take_while(|goal| *goal <= after).filter(|goal| *goal > before).collect()
    }
}

/// The next of 1, 2, 5, 10, 20, 50, 100, …
fn round_number_above(number: u64) -> u64 {
    let mut ten: u64 = 1;
    loop {
        for digit in [1, 2, 5] {
            match ten.checked_mul(digit) {
                Some(round) if round > number => return round,
                Some(_) => {}
                None => return u64::MAX,
            }
        }
        let Some(next) = ten.checked_mul(10) else { return u64::MAX };
        ten = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_shows_when_the_share_is_reached() {
        let goal = Goal::Steps { steps: vec![1000, 5000], rise_at: 900 };
        assert_eq!(goal.at(0), Some(1000));
        assert_eq!(goal.at(899), Some(1000));
        assert_eq!(goal.at(900), Some(5000));
        assert_eq!(goal.at(4500), Some(10_000));
        assert_eq!(goal.at(9_000), Some(20_000));
        assert_eq!(goal.at(18_000), Some(50_000));
    }

    #[test]
    fn a_goal_is_passed_once_on_the_way_up() {
        let steps = Goal::Steps { steps: vec![10, 100], rise_at: 900 };
        assert!(steps.passed(0, 9).is_empty());
        assert_eq!(steps.passed(9, 10), [10]);
        assert!(steps.passed(10, 11).is_empty());
        assert_eq!(steps.passed(9, 500), [10, 100, 200, 500]);
        assert_eq!(steps.passed(u64::MAX - 1, u64::MAX), [u64::MAX]);
        assert_eq!(Goal::Fixed(50).passed(49, 51), [50]);
        assert!(Goal::Fixed(50).passed(50, 5000).is_empty());
        assert!(Goal::None.passed(0, u64::MAX).is_empty());
    }

    #[test]
    fn a_total_over_two_to_the_32_overflows_nothing() {
        let goal = Goal::Steps { steps: vec![1], rise_at: 1000 };
        assert_eq!(goal.at(1 << 33), Some(10_000_000_000));
        assert_eq!(goal.at(u64::MAX), Some(u64::MAX));
        assert_eq!(Goal::Fixed(400_000).at(u64::MAX), Some(400_000));
        assert_eq!(Goal::None.at(5), None);
    }
}
