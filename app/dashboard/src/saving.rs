//! How far an export is by what the server tells, look by look: all that is known of a file that
//! the browser saves by itself.

use countersign_shared::admin::exports::{ExportProgress, ExportState};

/// Milliseconds between two looks.
pub const LOOK_EVERY: i32 = 500;
/// So many looks in a row may find nothing: a browser may ask where to save a file, and every
/// second look may reach another server.
const UNSEEN: u32 = 20;
/// After so many nobody looks any more.
const LOST: u32 = 240;

/// The export as it was seen last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saving {
    pub latest: Option<ExportProgress>,
    missed: u32,
}

/// How far, and what of it can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Nothing is known yet.
    Waiting,
    /// Rows of the campaign that were looked at, of so many; and those that are in the file.
    Rows { read: u64, of: u64, rows: u64 },
    /// Every row is in the workbook, and that is made into a file.
    Packing,
    /// Bytes of a file whose length is known.
    Bytes { sent: u64, of: u64 },
}

impl Saving {
    pub fn told(&mut self, progress: ExportProgress) {
        *self = Self { latest: Some(progress), missed: 0 };
    }

    /// The server that was asked does not know it, or did not answer.
    pub fn missed(&mut self) {
        self.missed += 1;
    }

    /// It cannot be seen how far it is.
    pub fn is_unseen(&self) -> bool {
        self.missed >= UNSEEN
    }

    /// It has ended, or nobody will tell any more.
    pub fn is_over(&self) -> bool {
        self.missed >= LOST || self.end().is_some()
    }

    /// How it ended.
    pub fn end(&self) -> Option<&ExportProgress> {
        let running = [ExportState::Preparing, ExportState::Sending];
        self.latest.as_ref().filter(|progress| !running.contains(&progress.state))
    }

    /// Whether the server is at work on it.
    pub fn is_running(&self) -> bool {
        self.latest.is_some() && self.end().is_none()
    }

    pub fn at(&self) -> At {
        self.latest.as_ref().map_or(At::Waiting, at)
    }
}

fn at(progress: &ExportProgress) -> At {
    let ExportProgress { state, read, of, rows, sent, .. } = *progress;
    match progress.length {
        Some(length) if length > 0 => At::Bytes { sent, of: length },
        _ if of == 0 || (read == 0 && state == ExportState::Preparing) => At::Waiting,
        _ if read >= of && state == ExportState::Preparing => At::Packing,
        _ => At::Rows { read, of, rows },
    }
}

impl At {
    /// How full a bar is: so much of so much. 0 of 0 where that is not known.
    pub fn filled(self) -> (u64, u64) {
        match self {
            Self::Waiting | Self::Packing => (0, 0),
            Self::Rows { read, of, .. } => (read.min(of), of),
            Self::Bytes { sent, of } => (sent.min(of), of),
        }
    }
}

/// Whole percent, and 100 for nothing less than the whole.
pub fn percent((done, of): (u64, u64)) -> u64 {
    if of == 0 { 0 } else { u64::try_from(u128::from(done) * 100 / u128::from(of)).unwrap_or(100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(state: ExportState, read: u64, of: u64) -> ExportProgress {
        ExportProgress { state, reason: None, rows: read, read, of, sent: 0, length: None }
    }

    #[test]
    fn a_bar_is_as_full_as_what_was_looked_at_or_sent() {
        let rows = progress(ExportState::Sending, 30, 120);
        assert_eq!(at(&rows), At::Rows { read: 30, of: 120, rows: 30 });
        assert_eq!(at(&rows).filled(), (30, 120));
        let found = ExportProgress { rows: 2, ..rows.clone() };
        assert_eq!(at(&found).filled(), (30, 120), "few are found, and many looked at");
        let book = ExportProgress { sent: 7, length: Some(9), ..rows };
        assert_eq!(at(&book).filled(), (7, 9));
        let none = progress(ExportState::Sending, 0, 0);
        assert_eq!((at(&none), at(&none).filled()), (At::Waiting, (0, 0)));
    }

    #[test]
    fn a_workbook_whose_rows_are_written_is_not_there_yet() {
        assert_eq!(at(&progress(ExportState::Preparing, 0, 9)), At::Waiting);
        let half = at(&progress(ExportState::Preparing, 4, 9));
        assert_eq!(half, At::Rows { read: 4, of: 9, rows: 4 });
        assert_eq!(at(&progress(ExportState::Preparing, 9, 9)), At::Packing);
    }

    #[test]
    fn a_hundred_percent_is_the_whole() {
        assert_eq!(percent((0, 0)), 0);
        assert_eq!(percent((999_999, 1_000_000)), 99);
        assert_eq!(percent((1_000_000, 1_000_000)), 100);
        assert_eq!(percent((u64::MAX - 1, u64::MAX)), 99);
    }

    #[test]
    fn looks_that_find_nothing_now_and_then_are_no_loss_and_many_in_a_row_are() {
        let mut saving = Saving::default();
        for _ in 0..UNSEEN * 3 {
            saving.missed();
            saving.told(progress(ExportState::Sending, 1, 9));
        }
        assert!(!saving.is_unseen() && !saving.is_over());
        (0..UNSEEN).for_each(|_| saving.missed());
        assert!(saving.is_unseen() && !saving.is_over(), "it is still looked for");
        assert_eq!(saving.at().filled(), (1, 9));
        saving.told(progress(ExportState::Sending, 2, 9));
        assert!(!saving.is_unseen());
        (0..LOST).for_each(|_| saving.missed());
        assert!(saving.is_over() && saving.end().is_none());
    }

    #[test]
    fn every_end_is_one() {
        for state in ExportState::ALL {
            let mut saving = Saving::default();
            saving.told(progress(state, 1, 9));
            let runs = matches!(state, ExportState::Preparing | ExportState::Sending);
            assert_eq!((saving.is_over(), saving.is_running()), (!runs, runs), "{state:?}");
        }
    }
}
