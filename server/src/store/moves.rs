//! What a change outside of `record` does to the counters: every counter that a pledge is in moves
//! with it, in the transaction that changes the pledge.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::supporters::{Act, Acted, Apart};
use super::{NewPledge, sources};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// A pledge as the counters know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) id: i64,
    /// Why it is not counted; `None` where it is.
    pub(super) apart: Option<String>,
    pub(super) country: String,
    pub(super) signed_at: i64,
    /// JSON of `shared::pledge::Source`.
    pub(super) source: String,
    /// From an import: typed when it was counted, and signed before.
    pub(super) paper: bool,
    /// An e-mail asked its mailbox.
    pub(super) asked: bool,
}

/// A row of `pledges.hold.sql`.
pub(super) type HeldRow = (i64, Option<String>, String, i64, String, bool, bool);

/// What an act does to a pledge.
pub(super) enum Step {
    Settled(Acted),
    /// Why it is not counted from now on, and by how much the number moves.
    Flip(Option<&'static str>, i64),
}

/// What webhooks are told of an act: the event, and why. `None` where the number stays.
pub(super) fn told(by: i64, why: &'static str) -> Option<(&'static [&'static str], &'static str)> {
    match by {
        0 => None,
        1.. => Some((&["pledge.signed", "pledge.confirmed"], why)),
        _ => Some((&["pledge.withdrawn"], why)),
    }
}

/// What webhooks are told of a pledge that its mailbox has confirmed. That it was signed they know,
/// where it was not held back as a robot's.
pub(super) fn confirmed(held: &Held) -> &'static [&'static str] {
    match held.apart.as_deref() {
        Some("unconfirmed") => &["pledge.confirmed"],
        _ => &["pledge.signed", "pledge.confirmed"],
    }
}

impl Act {
    /// Why, in the words of a webhook's message.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Withdraw => "withdrawn",
            Self::Release => "released",
            Self::Refuse => "refused",
            Self::Confirm => "confirmed",
        }
    }
}

impl Held {
    pub(super) fn read(row: HeldRow) -> Self {
        let (id, apart, country, signed_at, source, paper, asked) = row;
        Self { id, apart, country, signed_at, source, paper, asked }
    }

    /// A pledge of a file that was counted just now.
    pub(super) fn typed(pledge: &NewPledge, now: Timestamp) -> Self {
        Self {
            id: 0,
            apart: None,
            country: pledge.country.as_str().to_owned(),
            signed_at: now.as_millisecond(),
            source: pledge.source.clone(),
            paper: true,
            asked: false,
        }
    }

    pub(super) fn decide(&self, act: Act) -> Step {
        let from = self.apart.as_deref();
        let to = act.to().map(Apart::as_str);
        if from == to {
            return Step::Settled(Acted::AlreadySo);
        }
        if !act.may(from, self.asked) {
            return Step::Settled(Acted::NotFromHere);
        }
        Step::Flip(to, i64::from(to.is_none()) - i64::from(from.is_none()))
    }

    pub(super) fn is_counted(&self) -> bool {
        self.apart.is_none()
    }

    pub(super) fn is_invalidated(&self) -> bool {
        self.apart.as_deref() == Some(Apart::Invalidated.as_str())
    }
}

/// `pledges.state` of one that is not counted for this reason.
pub(super) fn state(apart: Option<&str>) -> &'static str {
    if apart.is_none() { "counted" } else { "quarantined" }
}

/// By how much each counter of a campaign moves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Moves {
    pub(super) total: i64,
    pub(super) countries: BTreeMap<String, i64>,
    pub(super) minutes: BTreeMap<i64, i64>,
    /// Of `minutes`, those from paper.
    pub(super) paper: BTreeMap<i64, i64>,
    pub(super) country_days: BTreeMap<(i64, String), i64>,
    pub(super) source_days: BTreeMap<(i64, String), i64>,
}

impl Moves {
    /// All of these come into the number (1), or leave it (-1).
    pub(super) fn all<'a>(pledges: impl IntoIterator<Item = &'a Held>, by: i64) -> Self {
        let mut moves = Self::default();
        for held in pledges {
            moves.pledge(held, by);
        }
        moves
    }

    pub(super) fn pledge(&mut self, held: &Held, by: i64) {
        self.place(&held.country, held.signed_at, by);
        let source = match held.paper {
            true => sources::PAPER.to_owned(),
            false => sources::name_of_row(&held.source),
        };
        self.source(held.signed_at, source, by);
    }

    /// A number without rows behind it.
    pub(super) fn labelled(&mut self, country: &str, at: i64, by: i64) {
        self.place(country, at, by);
        self.source(at, sources::LABELLED.to_owned(), by);
    }

    fn source(&mut self, at: i64, key: String, by: i64) {
        if sources::is_paper(&key) {
            *self.paper.entry(at.div_euclid(MINUTE)).or_default() += by;
        }
        *self.source_days.entry((at.div_euclid(DAY), key)).or_default() += by;
    }

    fn place(&mut self, country: &str, at: i64, by: i64) {
        self.total += by;
        *self.countries.entry(country.to_owned()).or_default() += by;
        *self.minutes.entry(at.div_euclid(MINUTE)).or_default() += by;
        *self.country_days.entry((at.div_euclid(DAY), country.to_owned())).or_default() += by;
    }

    /// A pledge that is counted turns out to be from another country.
    pub(super) fn relocate(&mut self, held: &Held, country: &str) {
        self.place(&held.country, held.signed_at, -1);
        self.place(country, held.signed_at, 1);
    }
}

/// What is to be taken (-1) and what is to be added (1), both as numbers above zero: tables refuse
/// others, also for a moment.
pub(super) fn signed<K: Clone>(moved: &BTreeMap<K, i64>) -> [(i64, Vec<(K, i64)>); 2] {
    [-1, 1].map(|sign| {
        let of_sign = moved.iter().filter(|(_, by)| by.signum() == sign);
        (sign, of_sign.map(|(key, by)| (key.clone(), by * sign)).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(country: &str, at: i64, source: &str) -> Held {
        let (country, source) = (country.to_owned(), source.to_owned());
        Held { id: 1, apart: None, country, signed_at: at, source, paper: false, asked: false }
    }

    #[test]
    fn a_pledge_that_leaves_takes_one_from_each_counter_it_is_in() {
        let pledges = [
            held("KE", DAY + 1, "{}"),
            held("KE", DAY + MINUTE, r#"{"utm_source":"radio"}"#),
            held("FR", DAY + MINUTE, r#"{"referrer":"host.example"}"#),
        ];
        let moves = Moves::all(&pledges, -1);
        assert_eq!(moves.total, -3);
        assert_eq!(
            moves.countries.into_iter().collect::<Vec<_>>(),
            [("FR".to_owned(), -1), ("KE".to_owned(), -2)]
        );
        assert_eq!(moves.minutes.into_values().collect::<Vec<_>>(), [-1, -2]);
        let sources: Vec<_> = moves.source_days.into_keys().map(|(_, source)| source).collect();
        assert_eq!(sources, ["direct", "site host.example", "utm radio"]);
    }

    #[test]
    fn paper_has_a_source_of_its_own_and_is_told_apart_in_its_minute() {
        let typed = Held { paper: true, ..held("KE", MINUTE, "{}") };
        let mut moves = Moves::all([&typed, &held("KE", MINUTE, "{}")], 1);
        moves.labelled("FR", MINUTE, 40);
        assert_eq!(moves.minutes.into_iter().collect::<Vec<_>>(), [(1, 42)]);
        assert_eq!(moves.paper.into_iter().collect::<Vec<_>>(), [(1, 41)]);
        let sources = moves.source_days.into_iter().map(|((_, source), by)| (source, by));
        let expected = [("direct", 1), ("labelled", 40), ("paper", 1)];
        assert_eq!(sources.collect::<Vec<_>>(), expected.map(|(name, by)| (name.to_owned(), by)));
        assert!(Moves::all([&held("KE", 5, "{}")], -1).paper.is_empty());
    }

    #[test]
    fn a_pledge_from_another_country_moves_countries_only() {
        let mut moves = Moves::default();
        moves.relocate(&held("KE", 5, "{}"), "FR");
        let nothing = [(-1, Vec::new()), (1, Vec::new())];
        assert_eq!((moves.total, signed(&moves.minutes)), (0, nothing));
        let countries = [(-1, vec![("KE".to_owned(), 1)]), (1, vec![("FR".to_owned(), 1)])];
        assert_eq!(signed(&moves.countries), countries);
    }

    #[test]
    fn a_day_before_1970_is_a_day_too() {
        let mut moves = Moves::default();
        moves.labelled("KE", -1, 1);
        assert_eq!(moves.minutes.into_keys().collect::<Vec<_>>(), [-1]);
    }
}
