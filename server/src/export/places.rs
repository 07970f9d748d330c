//! How many exports run at once. Each keeps a snapshot alive, for which the database keeps what has
//! changed since; a workbook lies on the database's disk as well.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Format;
use crate::organizer::Caller;
use crate::store::OrganizationId;

/// At once on a node.
pub const MOST: usize = 4;
/// Of those, workbooks.
pub const MOST_BOOKS: usize = 1;
/// Of those, for one organizer or token: nobody takes all.
pub const MOST_EACH: usize = 2;

/// When to ask again.
pub const LATER: Duration = Duration::from_secs(30);

/// The places of a node.
#[derive(Clone, Default)]
pub struct Places(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    all: usize,
    books: usize,
    by_caller: HashMap<Who, usize>,
}

type Who = (OrganizationId, String);

/// Held while an export runs: by what reads, and by what sends.
#[derive(Clone)]
pub struct Place {
    _held: Arc<Held>,
}

struct Held {
    places: Places,
    who: Who,
    is_book: bool,
}

/// Why there is no place, in words for whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Full {
    #[error("You have two exports running. Wait until one is done, or stop it.")]
    OfYours,
    #[error("Another Excel file is being written. Try again in half a minute, or take CSV.")]
    Books,
    #[error("Other exports are running. Try again in half a minute.")]
    All,
}

impl Places {
    /// # Errors
    /// What there is too much of.
    pub fn take(&self, caller: &Caller, format: Format) -> Result<Place, Full> {
        let who = (caller.organization, caller.actor.clone());
        let is_book = format == Format::Xlsx;
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.by_caller.get(&who).is_some_and(|theirs| *theirs >= MOST_EACH) {
            return Err(Full::OfYours);
        }
        if taken.all >= MOST {
            return Err(Full::All);
        }
        if is_book && taken.books >= MOST_BOOKS {
            return Err(Full::Books);
        }
        taken.all += 1;
        taken.books += usize::from(is_book);
        *taken.by_caller.entry(who.clone()).or_default() += 1;
        Ok(Place { _held: Arc::new(Held { places: self.clone(), who, is_book }) })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        taken.books -= usize::from(self.is_book);
        if let Some(theirs) = taken.by_caller.get_mut(&self.who) {
            *theirs -= 1;
            if *theirs == 0 {
                taken.by_caller.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn caller(name: &str) -> Caller {
        Caller { actor: name.to_owned(), ..Caller::command_line() }
    }

    #[test]
    fn a_few_run_at_once_and_nobody_takes_all_places() {
        let places = Places::default();
        let refused = |name, format| places.take(&caller(name), format).err();
        let mut held = vec![places.take(&caller("a"), Format::Xlsx).unwrap()];
        assert_eq!(refused("b", Format::Xlsx), Some(Full::Books));
        held.push(places.take(&caller("a"), Format::Csv).unwrap());
        assert_eq!(refused("a", Format::Csv), Some(Full::OfYours));
        held.push(places.take(&caller("b"), Format::Csv).unwrap());
        held.push(places.take(&caller("b"), Format::Ndjson).unwrap());
        assert_eq!(refused("c", Format::Csv), Some(Full::All));
        // What is held twice is free once neither is left.
        let again = held[0].clone();
        held.remove(0);
        assert_eq!(refused("c", Format::Csv), Some(Full::All));
        drop(again);
        held.push(places.take(&caller("c"), Format::Xlsx).unwrap());
        held.clear();
        let taken = places.0.lock().unwrap();
        assert_eq!((taken.all, taken.books, taken.by_caller.len()), (0, 0, 0));
    }
}
