//! What the stream of totals says, frame by frame.

use std::collections::{BTreeMap, VecDeque};

use countersign_shared::Totals;

/// So many of the latest places are kept: a screen that is on for days must not grow.
const LATEST: usize = 12;

/// A place from which somebody signed just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Rises; tells two of the same country apart.
    pub id: u64,
    pub country: String,
    pub people: u64,
}

/// A campaign's numbers as of the last frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    pub total: Option<u64>,
    pub goal: Option<u64>,
    pub countries: BTreeMap<String, u64>,
    /// Why the total fell with the last frame, where it did.
    pub fell: Option<String>,
    pub closed: bool,
    /// The newest first.
    pub latest: VecDeque<Place>,
    newest: Option<(u64, u64)>,
    places: u64,
}

impl Pulse {
    /// Takes in a frame, and says by how much the total rose. `None` for a frame that is older
    /// than what is known. A new epoch may begin with a lower sequence.
    pub fn take(&mut self, frame: &Totals) -> Option<u64> {
        let id = (frame.epoch, frame.seq);
        if self.newest.is_some_and(|newest| id < newest) {
            return None;
        }
        let first = self.newest.replace(id).is_none();
        let rose = frame.total.unwrap_or(0).saturating_sub(self.total.unwrap_or(0));
        self.total = frame.total;
        self.goal = frame.goal;
        self.fell.clone_from(&frame.reason);
        self.closed = !frame.open;
        if !first {
            self.note_places(&frame.countries);
        }
        match frame.partial {
            true => self.countries.extend(frame.countries.clone()),
            false => self.countries.clone_from(&frame.countries),
        }
        Some(if first { 0 } else { rose })
    }

    /// Whether a frame was taken in.
    pub fn is_known(&self) -> bool {
        self.newest.is_some()
    }

    /// Whether a frame is news.
    pub fn lacks(&self, frame: &Totals) -> bool {
        self.newest.is_none_or(|newest| (frame.epoch, frame.seq) > newest)
    }

    fn note_places(&mut self, countries: &BTreeMap<String, u64>) {
        for (country, &counted) in countries {
            let before = self.countries.get(country).copied().unwrap_or(0);
            if counted > before {
                self.places += 1;
                let people = counted - before;
                self.latest.push_front(Place { id: self.places, country: country.clone(), people });
            }
        }
        self.latest.truncate(LATEST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(epoch: u64, seq: u64, total: u64, countries: &[(&str, u64)]) -> Totals {
        Totals {
            campaign: "example".to_owned(),
            epoch,
            seq,
            total: Some(total),
            goal: Some(100),
            countries: countries.iter().map(|&(code, n)| (code.to_owned(), n)).collect(),
            as_of: String::new(),
            partial: seq > 1,
            reason: None,
            open: true,
            revision: 0,
        }
    }

    #[test]
    fn frames_add_up_and_the_first_one_is_no_news() {
        let mut pulse = Pulse::default();
        assert_eq!(pulse.take(&frame(1, 1, 10, &[("KE", 6), ("FR", 4)])), Some(0));
        assert!(pulse.latest.is_empty() && pulse.is_known());
        assert_eq!(pulse.take(&frame(1, 2, 13, &[("KE", 9)])), Some(3));
        assert_eq!((pulse.countries["KE"], pulse.countries["FR"]), (9, 4));
        assert_eq!((pulse.latest[0].country.as_str(), pulse.latest[0].people), ("KE", 3));
    }

    #[test]
    fn an_older_frame_is_dropped_and_a_new_epoch_may_begin_lower() {
        let mut pulse = Pulse::default();
        pulse.take(&frame(7, 50, 10, &[]));
        assert_eq!(pulse.take(&frame(7, 49, 9, &[])), None);
        assert_eq!(pulse.take(&frame(6, 99, 9, &[])), None);
        assert_eq!(pulse.take(&frame(8, 1, 12, &[])), Some(2));
        assert!(pulse.lacks(&frame(8, 2, 12, &[])) && !pulse.lacks(&frame(8, 1, 12, &[])));
    }

    #[test]
    fn the_latest_places_do_not_grow_with_the_days() {
        let mut pulse = Pulse::default();
        for seq in 1..10_000 {
            pulse.take(&frame(1, seq, seq, &[("KE", seq)]));
        }
        assert_eq!(pulse.latest.len(), LATEST);
    }
}
