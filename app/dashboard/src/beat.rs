//! When what the stream does not carry is asked for again.

/// The page looks so often, in milliseconds: who signs alone is on every card at once.
pub const TICK: u32 = 500;
/// While the number moves: every two seconds at most. In ticks.
const MOVES: u32 = 4;
/// While the stream shows nothing, because the count is hidden or the stream is away.
const BLIND: u32 = 6;
/// After a request that failed.
const FAILED: u32 = 10;
/// While nobody signs: views and starts move too.
const QUIET: u32 = 60;

/// What happened since the cards asked last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    since: u32,
    moved: bool,
    failed: bool,
}

impl Beat {
    /// The number moved.
    pub fn moved(&mut self) {
        self.moved = true;
    }

    /// A card got no answer.
    pub fn failed(&mut self) {
        self.failed = true;
    }

    /// Whether it is time to ask. `blind` where the stream does not say whether the number moves.
    pub fn is_due(&mut self, blind: bool) -> bool {
        self.since += 1;
        let wait = match *self {
            Self { moved: true, .. } => MOVES,
            _ if blind => BLIND,
            Self { failed: true, .. } => FAILED,
            _ => QUIET,
        };
        let due = self.since >= wait;
        if due {
            *self = Self::default();
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In how many ticks the cards ask.
    fn ticks(beat: Beat, blind: bool) -> u32 {
        let mut beat = beat;
        (1..).find(|_| beat.is_due(blind)).unwrap_or(0)
    }

    #[test]
    fn cards_move_with_the_number_and_not_faster() {
        let mut beat = Beat { since: 30, ..Beat::default() };
        beat.moved();
        assert!(beat.is_due(false), "who signs after a while is shown at once");
        beat.moved();
        assert_eq!(ticks(beat, false), MOVES);
        assert_eq!(ticks(Beat::default(), false), QUIET);
    }

    #[test]
    fn a_hidden_count_and_a_lost_stream_are_asked_about() {
        assert_eq!(ticks(Beat::default(), true), BLIND);
    }

    #[test]
    fn what_failed_is_tried_again_soon_and_once() {
        let mut beat = Beat::default();
        beat.failed();
        assert_eq!(ticks(beat, false), FAILED);
        assert!((1..FAILED).all(|_| !beat.is_due(false)) && beat.is_due(false));
        assert_eq!(ticks(beat, false), QUIET);
    }
}
