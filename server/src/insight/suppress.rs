//! Small groups are hidden: who is one of three from a country can be guessed.
//!
//! Two rules, both old (L. H. Cox, "Suppression methodology and statistical disclosure control",
//! 1980):
//!
//! - **Suppression.** A group of fewer than `k` is hidden.
//! - **Complementary suppression.** Where the sum of all groups is known, a single hidden group is
//!   what is missing from the sum. So at least two are hidden, and at least `k` people in them.
//!
//! What that guarantees, for one list and its sum: from what is shown each hidden group may be
//! anything from nobody to all of the rest, and the rest is never fewer than `k`. Only where nothing
//! is shown at all may the rest be smaller: then it is the sum itself, which is known anyway.
//!
//! What it cannot: two lists that overlap, such as those of two ranges of days, may be subtracted from
//! each other. [`Suppressed::in_steps`] is for those: where every number that is shown is a multiple
//! of `k`, so is every difference, and none is of 1 to `k - 1` people.

/// A list whose small groups are hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed<T> {
    /// The largest first.
    pub shown: Vec<(T, u64)>,
    /// How many groups are hidden.
    pub hidden: u64,
    /// What the shown groups lack to the sum.
    pub rest: u64,
}

/// Hides the groups under `k`, and so many others that none can be computed from the sum.
pub fn suppress<T: Ord>(groups: Vec<(T, u64)>, k: u64) -> Suppressed<T> {
    let mut shown = groups;
    shown.retain(|(_, counted)| *counted > 0);
    shown.sort_by(|(a, counted_a), (b, counted_b)| counted_b.cmp(counted_a).then(a.cmp(b)));
    let (mut hidden, mut rest) = (0, 0);
    while let Some((_, smallest)) = shown.last() {
        let safe = hidden == 0 || (hidden >= 2 && rest >= k);
        if *smallest >= k && safe {
            break;
        }
        (hidden, rest) = (hidden + 1, rest + smallest);
        shown.pop();
    }
    Suppressed { shown, hidden, rest }
}

impl<T> Suppressed<T> {
    /// Rounds what is shown down to multiples of `k`; what is rounded off goes to the rest.
    pub fn in_steps(mut self, k: u64) -> Self {
        for (_, counted) in &mut self.shown {
            let rounded = step(*counted, k);
            self.rest += *counted - rounded;
            *counted = rounded;
        }
        self
    }
}

/// The multiple of `k` that is not above `counted`.
pub fn step(counted: u64, k: u64) -> u64 {
    counted - counted.checked_rem(k).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn groups() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec(prop_oneof![0..12u64, 0..400u64], 0..20)
    }

    fn named(counts: &[u64]) -> Vec<(usize, u64)> {
        counts.iter().copied().enumerate().collect()
    }

    /// The least and the most that a hidden group may be, for who knows what is shown, how many are
    /// hidden, and the sum.
    fn guesses(list: &Suppressed<usize>, sum: u64) -> (u64, u64) {
        let rest = sum - list.shown.iter().map(|(_, counted)| counted).sum::<u64>();
        match list.hidden {
            0 => (0, 0),
            1 => (rest, rest),
            // The others may be nobody, or all.
            _ => (0, rest),
        }
    }

    proptest! {
        #[test]
        fn fault_34_breakdown_cell_under_k_is_suppressed_with_complementary_suppression(
            counts in groups(),
            k in 0..12u64,
        ) {
            let sum: u64 = counts.iter().sum();
            let list = suppress(named(&counts), k);
            prop_assert!(list.shown.iter().all(|(_, counted)| *counted >= k));
            prop_assert_eq!(list.shown.iter().map(|(_, it)| it).sum::<u64>() + list.rest, sum);
            let there = counts.iter().filter(|counted| **counted > 0).count();
            prop_assert_eq!(list.shown.len() as u64 + list.hidden, there as u64);
            if list.hidden > 0 && !list.shown.is_empty() {
                let (least, most) = guesses(&list, sum);
                prop_assert!(most - least >= k.max(1), "{:?}: {}..{}", list, least, most);
            }
        }

        #[test]
        fn no_more_is_hidden_than_must_be(counts in groups(), k in 0..12u64) {
            let list = suppress(named(&counts), k);
            let small: Vec<u64> =
                counts.iter().copied().filter(|counted| (1..k).contains(counted)).collect();
            let enough = small.is_empty() || (small.len() >= 2 && small.iter().sum::<u64>() >= k);
            if enough {
                prop_assert_eq!(list.hidden, small.len() as u64);
            } else {
                prop_assert!(list.hidden <= small.len() as u64 + 2);
            }
        }

        #[test]
        fn fault_34_differencing_two_snapshots_shows_nothing_under_k(
            before in groups(),
            signed in prop::collection::vec((0..20usize, any::<bool>()), 0..9),
            k in 1..12u64,
        ) {
            let mut after = before.clone();
            for (at, more) in signed {
                if let Some(counted) = after.get_mut(at) {
                    *counted = if more { *counted + 1 } else { counted.saturating_sub(1) };
                }
            }
            let shown = |counts: &[u64]| -> Vec<u64> {
                let list = suppress(named(counts), k).in_steps(k);
                let mut all = vec![0; counts.len()];
                list.shown.iter().for_each(|(at, counted)| all[*at] = *counted);
                all
            };
            for (one, two) in shown(&before).into_iter().zip(shown(&after)) {
                let differ = one.abs_diff(two);
                prop_assert!(differ == 0 || differ >= k, "{} and {}", one, two);
            }
        }
    }

    #[test]
    fn a_single_small_group_takes_the_smallest_other_with_it() {
        let list = suppress(vec![("KE", 40), ("FR", 9), ("UG", 3), ("TZ", 7)], 5);
        assert_eq!(list.shown, [("KE", 40), ("FR", 9)]);
        assert_eq!((list.hidden, list.rest), (2, 10));
        // Two that are fewer than k together take one more.
        let list = suppress(vec![("KE", 40), ("FR", 9), ("UG", 1), ("TZ", 2)], 5);
        assert_eq!((list.shown.len(), list.hidden, list.rest), (1, 3, 12));
    }

    #[test]
    fn zero_hides_nothing_and_steps_by_nothing() {
        let list = suppress(vec![("KE", 1), ("FR", 0), ("UG", 2)], 0).in_steps(0);
        assert_eq!((list.shown, list.hidden, list.rest), (vec![("UG", 2), ("KE", 1)], 0, 0));
    }
}
