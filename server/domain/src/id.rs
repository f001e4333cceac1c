//! Ids: 63-bit numbers made by the application, ordered by time, written as 13 characters.
//!
//! An id is `milliseconds since 2026 (41 bits) · maker (10 bits) · counter (12 bits)`. A process draws its maker
//! number at start and never repeats itself; two processes could only meet when they drew the same maker number
//! *and* the same counter in the same millisecond, and then the primary key refuses the second.
//! Outside, an id is text (Crockford's base 32), since JavaScript cannot hold 63 bits in a number.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Instant;

const EPOCH_MILLIS: i64 = 1_767_225_600_000; // 2026-01-01T00:00:00Z
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 13;

/// Makes ids for one process.
#[derive(Debug)]
pub struct IdMaker {
    maker: i64,
    last: AtomicI64,
}

impl IdMaker {
    /// A maker; only the low ten bits of `maker` count.
    pub fn new(maker: u16) -> Self {
        Self { maker: i64::from(maker & 0x3FF), last: AtomicI64::new(0) }
    }

    /// The next id. Strictly increasing within this maker, also when the clock stands still or goes back.
    pub fn next(&self, now: Instant) -> i64 {
        let tick = ((now.0 / 1000 - EPOCH_MILLIS).max(0)) << 12;
        let previous = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(tick.max(last + 1)))
            .expect("the update never declines");
        let serial = tick.max(previous + 1);
        let (millis, counter) = (serial >> 12, serial & 0xFFF);
        millis << 22 | self.maker << 12 | counter
    }
}

/// The least id that can be made at an instant: ids are ordered by the time of their making, to the millisecond.
pub fn least(at: Instant) -> i64 {
    ((at.0 / 1000 - EPOCH_MILLIS).max(0)) << 22
}

/// A text that is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

/// Writes an id as text.
pub fn encode(id: i64) -> String {
    (0..LENGTH)
        .rev()
        .map(|place| char::from(ALPHABET[usize::try_from(id >> (place * 5) & 31).expect("five bits")]))
        .collect()
}

/// Reads an id from text: exactly 13 characters, upper or lower case.
///
/// # Errors
/// [`NotAnId`] for any other text.
pub fn decode(text: &str) -> Result<i64, NotAnId> {
    if text.len() != LENGTH {
        return Err(NotAnId);
    }
    let value = text.bytes().try_fold(0u128, |value, byte| {
        let digit = ALPHABET.iter().position(|c| *c == byte.to_ascii_uppercase()).ok_or(NotAnId)?;
        Ok(value << 5 | digit as u128)
    })?;
    i64::try_from(value).map_err(|_| NotAnId)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                decode(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// Somebody who can log in.
    AccountId,
    /// Somebody who can be served, with or without an account.
    PersonId,
    /// A login on one device.
    LoginId,
    /// A clinic, a canteen, a school, a company.
    OrganisationId,
    /// A building or room with an address.
    PlaceId,
    /// A doctor, an officer, a teacher: who or what is booked within an offering.
    ProviderId,
    /// Provider × kind × place, with price, hours and rules.
    OfferingId,
    /// A weekly template line of an offering.
    ScheduleId,
    /// One order.
    OrderId,
    /// A message to a person.
    NoticeId,
    /// A row of work to be done.
    JobId,
    /// A role somebody holds.
    GrantId,
    /// A verified fact about a person.
    VerificationId,
    /// A consent given.
    ConsentId,
    /// A task on the staff's list of people to call.
    CallId,
    /// A day off or extra hours of an offering.
    ExceptionId,
    /// A room, a table, a machine of an offering, told apart from the others.
    UnitId,
    /// An event, a term, a standing group.
    SessionId,
    /// One date of a session.
    MeetingId,
    /// Orders placed together, one after the other over the weeks.
    SeriesId,
    /// Doses or visits with intervals that somebody is on.
    CourseId,
    /// A contract with a family doctor.
    ContractId,
    /// What staff announce to residents.
    AnnouncementId,
    /// Somebody who comes to the door.
    WorkerId,
    /// A job offered to one worker.
    OfferId,
    /// A compound: buildings behind gates.
    CompoundId,
    /// An address somebody keeps.
    AddressId,
    /// A picture or a paper.
    FileId,
    /// A paper of a worker.
    DocumentId,
    /// A worker's call for help.
    HelpCallId,
    /// Somebody's work: a complaint, a poor rating.
    MatterId,
    /// A request to look at a rating's words.
    RatingReportId,
    /// An entry of the ledger.
    LedgerEntryId,
    /// Somebody's standing plan of meals.
    MealPlanId,
    /// An assessment of ability.
    AssessmentId,
    /// That somebody opened a home-care file.
    CareOpeningId,
    /// A card that identifies somebody.
    CardId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_number_agree() {
        for id in [0, 1, 31, 32, i64::MAX, 0x0123_4567_89AB_CDEF] {
            assert_eq!(decode(&encode(id)), Ok(id));
            assert_eq!(decode(&encode(id).to_lowercase()), Ok(id));
        }
        for wrong in ["", "0", "000000000000", "ZZZZZZZZZZZZZ", "00000000000U0", "0000000000000 ", "中中中中0"] {
            assert_eq!(decode(wrong), Err(NotAnId), "{wrong}");
        }
    }

    #[test]
    fn ids_tell_when_they_were_made() {
        let (ids, now) = (IdMaker::new(1023), Instant(1_800_000_000_000_000));
        let id = ids.next(now);
        assert!(least(now) <= id && id < least(Instant(now.0 + 1_000)));
    }

    #[test]
    fn ids_grow_while_the_clock_stands_still_or_turns_back() {
        let ids = IdMaker::new(5);
        let now = Instant(1_800_000_000_000_000);
        let mut last = ids.next(now);
        for step in 0..10_000 {
            let next = ids.next(Instant(now.0 - step));
            assert!(next > last);
            last = next;
        }
    }
}
