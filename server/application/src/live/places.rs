//! How many may listen in one process: each person a few times, all together as many as the process can carry.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use linli_domain::id::PersonId;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::time::Span;

/// Connections of one person: a phone, a tablet, some pages, and those that broke and were not missed yet.
const EACH: usize = 10;
/// Connections of everybody.
const ALL: usize = 20_000;
/// A connection that broke is missed within a minute.
const RETRY_AFTER: Span = Span::seconds(60);

/// Who listens how often. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Arc<Mutex<HashMap<PersonId, usize>>>);

/// One listener's place. Dropping it gives it back.
#[derive(Debug)]
pub struct Place {
    places: Places,
    person: PersonId,
}

impl Places {
    /// Takes a place.
    ///
    /// # Errors
    /// [`Code::LiveFull`].
    pub(crate) fn take(&self, person: PersonId) -> Result<Place, Refusal> {
        self.take_of(person, EACH, ALL)
    }

    fn take_of(&self, person: PersonId, each: usize, all: usize) -> Result<Place, Refusal> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let everybody: usize = taken.values().sum();
        let own = taken.entry(person).or_default();
        if *own >= each || everybody >= all {
            if *own == 0 {
                taken.remove(&person);
            }
            return Err(Refusal::new(Code::LiveFull).retry_after(RETRY_AFTER));
        }
        *own += 1;
        drop(taken);
        metrics::gauge!("linli_live_listeners").increment(1);
        Ok(Place { places: self.clone(), person })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.person) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.person);
            }
        }
        metrics::gauge!("linli_live_listeners").decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_given_back() {
        let places = Places::default();
        let (lin, he, wu) = (PersonId(1), PersonId(2), PersonId(3));
        let first = places.take_of(lin, 2, 3).unwrap();
        let second = places.take_of(lin, 2, 3).unwrap();
        assert_eq!(places.take_of(lin, 2, 3).unwrap_err().code, Code::LiveFull, "two each");
        let _third = places.take_of(he, 2, 3).unwrap();
        assert_eq!(places.take_of(wu, 2, 3).unwrap_err().code, Code::LiveFull, "three in all");
        drop(first);
        let _fourth = places.take_of(wu, 2, 3).unwrap();
        drop(second);
        assert!(!places.0.lock().unwrap().contains_key(&lin), "nobody is remembered who does not listen");
    }
}
