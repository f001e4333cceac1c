//! The district of the benchmark: the demo with a hundred doctors, one very popular one, and many residents who are
//! logged in and whose identity is verified.

use std::fmt::Write;

use linli_domain::id::OfferingId;
use linli_domain::time::{Day, Instant, Span, TimeOfDay};
use sha2::{Digest, Sha256};

/// Slots that orders are spread over.
pub(crate) const SLOTS: usize = 10_000;
/// Doctors who share the slots: 18 half hours on each of the six days from tomorrow on, which are always open.
const DOCTORS: usize = 100;
/// The first slot of a day, and the first minute after its last.
const OPEN: (u16, u16) = (8 * 60, 17 * 60);
/// How long a slot is.
const SLOT_MINUTES: u16 = 30;
/// Places in each slot, more than will be asked for.
const PLACES: usize = 1_000;
/// Places in the hot slot.
const HOT_PLACES: usize = 1_000_000;
/// Ids of the benchmark begin here; the demo's are far from it.
pub(crate) const FIRST_ID: usize = 1_000_000_000;
/// Rows of one INSERT.
const CHUNK: usize = 500;

/// Where the orders go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spread {
    /// Evenly over [`SLOTS`] slots.
    Wide,
    /// All into one.
    Hot,
}

impl Spread {
    pub(crate) const BOTH: [Self; 2] = [Self::Wide, Self::Hot];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Wide => "10,000 slots",
            Self::Hot => "one hot slot",
        }
    }
}

/// What stands in the prepared database.
#[derive(Debug)]
pub(crate) struct District {
    today: Day,
    residents: usize,
}

/// One order to place.
pub(crate) struct Wish {
    /// Of whom: counted from 0.
    pub resident: usize,
    /// What.
    pub offering: OfferingId,
    /// When.
    pub start: Instant,
    /// Places in that slot.
    pub places: usize,
}

impl District {
    pub(crate) fn new(today: Day, residents: usize) -> Self {
        Self { today, residents }
    }

    /// The n-th order, each of another resident, in no order of their ids; none when all residents have had theirs.
    pub(crate) fn wish(&self, n: usize, spread: Spread) -> Option<Wish> {
        const PRIME: usize = 1_000_003;
        if n >= self.residents {
            return None;
        }
        let resident = n * PRIME % self.residents;
        let slot = match spread {
            Spread::Wide => scattered(n) % SLOTS,
            Spread::Hot => 0,
        };
        let (doctor, rest) = (slot % DOCTORS, slot / DOCTORS);
        let per_day = usize::from((OPEN.1 - OPEN.0) / SLOT_MINUTES);
        let (day, at) = (rest / per_day, rest % per_day);
        let (doctor, places) = match spread {
            Spread::Wide => (doctor, PLACES),
            Spread::Hot => (DOCTORS, HOT_PLACES),
        };
        let day = self.today.plus(1 + i32::try_from(day).expect("six days"));
        let start = day.at(TimeOfDay(OPEN.0)) + Span::minutes((at * usize::from(SLOT_MINUTES)) as i64);
        Some(Wish { resident, offering: OfferingId((FIRST_ID + doctor) as i64), start, places })
    }

    /// The statements that turn a demo district into this one, the same for both databases.
    pub(crate) fn sql(&self) -> String {
        let mut sql = String::new();
        // A public holiday has no slots: the benchmark runs on any day of the year.
        sql.push_str("DELETE FROM holidays;\nUPDATE catalogue SET version = version + 1;\n");
        for doctor in 0..=DOCTORS {
            let (id, places) = (FIRST_ID + doctor, if doctor == DOCTORS { HOT_PLACES } else { PLACES });
            let like = "FROM offerings WHERE key = 'shuiyuesi_gp_chen'";
            let _ = writeln!(
                sql,
                "INSERT INTO offerings (id, key, kind, organisation_id, place_id, provider_id) \
                 SELECT {id}, 'bench_{doctor}', kind, organisation_id, place_id, provider_id {like};\n\
                 INSERT INTO offering_versions (offering_id, version, rules, valid_from, created_at) \
                 SELECT {id}, version, rules, valid_from, created_at FROM offering_versions \
                 WHERE offering_id = (SELECT id {like});\n\
                 INSERT INTO schedules (id, offering_id, weekdays, from_minute, to_minute, slot_minutes, capacity, \
                 valid_from) VALUES ({id}, {id}, 127, {}, {}, {SLOT_MINUTES}, {places}, {});",
                OPEN.0, OPEN.1, self.today.0
            );
        }
        let (since, until) = (self.today.start().0, self.today.plus(30).start().0);
        self.rows(&mut sql, "persons (id, name, birth_day, created_at)", |sql, n, id| {
            let _ = write!(sql, "({id}, '居民{n}', {}, {since})", 3650 + n % 9000);
        });
        self.rows(&mut sql, "accounts (id, person_id, phone, created_at)", |sql, n, id| {
            let _ = write!(sql, "({id}, {id}, '{}', {since})", 13_000_000_000_usize + n);
        });
        self.rows(&mut sql, "verifications (id, person_id, fact, document, verified_by, verified_at)", |sql, _, id| {
            let _ = write!(sql, "({id}, {id}, 'identity', 'identity_card', {id}, {since})");
        });
        // Nobody's login is due to be put off: that is a write of its own, once an hour.
        let seen = self.today.plus(2).start().0;
        self.rows(&mut sql, "logins (id, account_id, token_hash, created_at, seen_at, expires_at)", |sql, n, id| {
            let _ = write!(sql, "({id}, {id}, '{}', {since}, {seen}, {until})", hex::encode(Sha256::digest(token(n))));
        });
        sql
    }

    fn rows(&self, sql: &mut String, table: &str, row: impl Fn(&mut String, usize, usize)) {
        for first in (0..self.residents).step_by(CHUNK) {
            let _ = write!(sql, "INSERT INTO {table} VALUES ");
            for n in first..(first + CHUNK).min(self.residents) {
                if n > first {
                    sql.push(',');
                }
                row(sql, n, FIRST_ID + n);
            }
            sql.push_str(";\n");
        }
    }
}

/// The token a resident logged in with.
pub(crate) fn token(resident: usize) -> String {
    format!("bench-{resident:037}")
}

/// A number that follows from n and looks like none in particular (splitmix64).
fn scattered(n: usize) -> usize {
    let mut x = (n as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    usize::try_from((x ^ (x >> 31)) >> 1).expect("63 bits")
}
