//! Whatever can run out or be exceeded is claimed: places of a pool, quarter hours of a calendar.
//!
//! [`Ledger`] is the state of the rows a batch touches. The store fills it under lock, the batch decides against it
//! in order of arrival, the store writes what changed. The rules of scarcity are here and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use crate::calendar::Mask;
use crate::id::{OfferingId, OrderId, PersonId, SessionId, WorkerId};
use crate::platform::KindKey;
use crate::time::{Day, Instant};

/// Names a pool. The text orders pools, so that every transaction locks them in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PoolKey(pub String);

impl PoolKey {
    /// The places of an offering at one time.
    pub fn slot(offering: OfferingId, start: Instant) -> Self {
        Self(format!("slot/{offering}/{}", start.0 / 60_000_000))
    }

    /// The seats of a session.
    pub fn seats(session: SessionId) -> Self {
        Self(format!("seat/{session}"))
    }

    /// One person in one session.
    pub fn once(person: PersonId, session: SessionId) -> Self {
        Self(format!("once/{person}/{session}"))
    }

    /// Minutes of use of a kind for one person in one week.
    pub fn minutes_per_week(person: PersonId, kind: &KindKey, day: Day) -> Self {
        Self(format!("minutes/{person}/{kind}/{}", day.monday().0))
    }

    /// Places of a kind for one person on one day.
    pub fn per_day(person: PersonId, kind: &KindKey, day: Day) -> Self {
        Self(format!("day/{person}/{kind}/{}", day.0))
    }

    /// Places of a kind for one person in one week.
    pub fn per_week(person: PersonId, kind: &KindKey, day: Day) -> Self {
        Self(format!("week/{person}/{kind}/{}", day.monday().0))
    }

    /// Open orders of a kind of one person.
    pub fn open(person: PersonId, kind: &KindKey) -> Self {
        Self(format!("open/{person}/{kind}"))
    }

    /// One open visit of a course at a time.
    pub fn course(person: PersonId, kind: &KindKey, course: &str) -> Self {
        Self(format!("course/{person}/{kind}/{course}"))
    }

    /// The places of a doctor's panel.
    pub fn panel(offering: OfferingId) -> Self {
        Self(format!("panel/{offering}"))
    }

    /// One open contract of a kind for one person.
    pub fn contract(person: PersonId, kind: &KindKey) -> Self {
        Self(format!("contract/{person}/{kind}"))
    }

    /// What is asked of an offering whose visits are not counted: no row is ever made of it.
    pub fn visits(offering: OfferingId) -> Self {
        Self(format!("visits/{offering}"))
    }

    /// A thing that is reported once while somebody is at it.
    pub fn thing(key: &str) -> Self {
        Self(format!("thing/{key}"))
    }

    /// A visit that one worker has: the only place there is.
    pub fn job(order: OrderId) -> Self {
        Self(format!("job/{order}"))
    }

    /// The open jobs of a worker.
    pub fn open_jobs(worker: WorkerId) -> Self {
        Self(format!("jobs/{worker}"))
    }

    /// Whether it keeps a thing from being reported twice.
    pub fn is_thing(&self) -> bool {
        self.0.starts_with("thing/")
    }

    /// Whether it belongs to whoever comes, not to the one they come to.
    pub fn is_work(&self) -> bool {
        self.0.starts_with("job/") || self.0.starts_with("jobs/")
    }

    /// Whether it keeps the visits of a course apart.
    pub fn is_course(&self) -> bool {
        self.0.starts_with("course/")
    }

    /// Whether it only counts open orders: given back as soon as an order is over.
    pub fn is_open_limit(&self) -> bool {
        ["open/", "jobs/", "thing/"].iter().any(|start| self.0.starts_with(start)) || self.is_course()
    }

    /// Whether it holds the places of a time or the seats of a session: what a line waits for.
    pub fn is_place(&self) -> bool {
        self.0.starts_with("slot/") || self.0.starts_with("seat/")
    }
}

/// One thing an order holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Places of a pool.
    Place {
        /// Which pool.
        pool: PoolKey,
        /// The capacity as it is now: what a new pool starts with, and what a known one grows or shrinks to, never
        /// below what is given out. 0 where it is not known and stays.
        capacity: u32,
        /// How many places: 1 of a time, minutes of a week.
        amount: u32,
    },
    /// Quarter hours of one day.
    Time {
        /// Whose: the id of a person, a room, a provider.
        owner: i64,
        /// Which day.
        day: Day,
        /// Which quarter hours.
        mask: Mask,
    },
}

/// A pool's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Places there are.
    pub capacity: u32,
    /// Places given out.
    pub taken: u32,
    /// People in line.
    pub waiting: u32,
    /// The last number given in the line.
    pub last_line: u32,
    /// Nothing is given out any more.
    pub closed: bool,
}

impl Pool {
    /// A pool nobody has used yet.
    pub const fn fresh(capacity: u32) -> Self {
        Self { capacity, taken: 0, waiting: 0, last_line: 0, closed: false }
    }

    /// Places left.
    pub const fn free(&self) -> u32 {
        self.capacity.saturating_sub(self.taken)
    }

    /// Grows or shrinks to a capacity, never below what is given out. 0 is unknown and changes nothing.
    pub fn resize(&mut self, capacity: u32) {
        if capacity > 0 {
            self.capacity = capacity.max(self.taken);
        }
    }
}

/// Joining or leaving the line of a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// Joins; refused when the line has `max` people.
    Join {
        /// Which pool.
        pool: PoolKey,
        /// The capacity a new pool starts with.
        capacity: u32,
        /// The longest line.
        max: u32,
    },
    /// Leaves.
    Leave {
        /// Which pool.
        pool: PoolKey,
    },
}

/// What one order asks of the ledger, all or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Given back first.
    pub give: Vec<Claim>,
    /// Taken then.
    pub take: Vec<Claim>,
    /// Joining or leaving a line.
    pub line: Option<Line>,
    /// Whether it is somebody from the line who takes the place: only they pass the people waiting.
    pub from_line: bool,
}

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortage {
    /// No place left.
    Full(PoolKey),
    /// A place may be left, but people are waiting for it.
    Waited(PoolKey),
    /// The pool is closed.
    Closed(PoolKey),
    /// The time is taken.
    Busy {
        /// Whose.
        owner: i64,
        /// On which day.
        day: Day,
    },
    /// The line is as long as it may get.
    LineFull(PoolKey),
    /// There is no way at all to have a place.
    Nothing,
}

impl Shortage {
    /// Whether another visit of a course stands in the way.
    pub fn is_of_course(&self) -> bool {
        matches!(self, Self::Full(pool) if pool.is_course())
    }

    /// Whether it is this claim that could not be had.
    pub fn is_of(&self, claim: &Claim) -> bool {
        match (self, claim) {
            (Self::Full(short) | Self::Waited(short) | Self::Closed(short), Claim::Place { pool, .. }) => short == pool,
            (Self::Busy { owner, day }, Claim::Time { owner: of, day: on, .. }) => (owner, day) == (of, on),
            _ => false,
        }
    }
}

/// The rows a batch touches, as they stand.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pools: BTreeMap<PoolKey, Pool>,
    calendars: BTreeMap<(i64, Day), Mask>,
    changed_pools: BTreeSet<PoolKey>,
    changed_calendars: BTreeSet<(i64, Day)>,
    /// The negative control of the race tests: rules of scarcity are not looked at.
    unguarded: bool,
}

impl Ledger {
    /// A ledger of these rows.
    pub fn new(pools: BTreeMap<PoolKey, Pool>, calendars: BTreeMap<(i64, Day), Mask>) -> Self {
        Self { pools, calendars, ..Self::default() }
    }

    /// Looks at no rule of scarcity from now on, and keeps the counters within what the database allows.
    /// Only for the negative control that proves the race tests can fail.
    #[doc(hidden)]
    pub fn without_guard(mut self) -> Self {
        self.unguarded = true;
        self
    }

    /// A pool as it stands.
    pub fn pool(&self, key: &PoolKey) -> Option<&Pool> {
        self.pools.get(key)
    }

    /// Pools that changed since the ledger was made.
    pub fn changed_pools(&self) -> impl Iterator<Item = (&PoolKey, &Pool)> {
        self.changed_pools.iter().map(|key| (key, &self.pools[key]))
    }

    /// Calendars that changed since the ledger was made.
    pub fn changed_calendars(&self) -> impl Iterator<Item = ((i64, Day), Mask)> {
        self.changed_calendars.iter().map(|key| (*key, self.calendars[key]))
    }

    /// Gives a pool its present capacity, never below what is given out.
    pub fn resize(&mut self, key: &PoolKey, capacity: u32) {
        if let Some(pool) = self.pools.get_mut(key) {
            pool.resize(capacity);
            self.changed_pools.insert(key.clone());
        }
    }

    /// Closes a pool: nothing is given out any more. What is given out stays.
    pub fn close(&mut self, key: &PoolKey) {
        if let Some(pool) = self.pools.get_mut(key) {
            pool.closed = true;
            self.changed_pools.insert(key.clone());
        }
    }

    /// Opens a closed pool again: what is left of it is given out as before.
    pub fn reopen(&mut self, key: &PoolKey) {
        if let Some(pool) = self.pools.get_mut(key) {
            pool.closed = false;
            self.changed_pools.insert(key.clone());
        }
    }

    /// Makes a change, or leaves everything as it was. Answers the number in line when one was drawn.
    ///
    /// # Errors
    /// The first [`Shortage`] met.
    pub fn apply(&mut self, change: &Change) -> Result<Option<u32>, Shortage> {
        let mut done = Undo::default();
        match self.attempt(change, &mut done) {
            Ok(number) => {
                self.changed_pools.extend(done.pools.into_iter().map(|(key, _)| key));
                self.changed_calendars.extend(done.calendars.into_iter().map(|(key, _)| key));
                Ok(number)
            }
            Err(shortage) => {
                // The first saved value of a row is the one before the change: undo backwards.
                for (key, pool) in done.pools.into_iter().rev() {
                    self.pools.insert(key, pool);
                }
                for (key, mask) in done.calendars.into_iter().rev() {
                    self.calendars.insert(key, mask);
                }
                Err(shortage)
            }
        }
    }

    fn attempt(&mut self, change: &Change, done: &mut Undo) -> Result<Option<u32>, Shortage> {
        for claim in &change.give {
            match claim {
                Claim::Place { pool, amount, .. } => {
                    let row = self.touch_pool(pool, 0, done);
                    row.taken = row.taken.saturating_sub(*amount);
                }
                Claim::Time { owner, day, mask } => {
                    let row = self.touch_calendar((*owner, *day), done);
                    *row = row.without(*mask);
                }
            }
        }
        let mut number = None;
        match &change.line {
            Some(Line::Join { pool, capacity, max }) => {
                let guarded = !self.unguarded;
                let row = self.touch_pool(pool, *capacity, done);
                row.resize(*capacity);
                if row.closed {
                    return Err(Shortage::Closed(pool.clone()));
                }
                if guarded && row.waiting >= *max {
                    return Err(Shortage::LineFull(pool.clone()));
                }
                row.waiting += 1;
                row.last_line += 1;
                number = Some(row.last_line);
            }
            Some(Line::Leave { pool }) => {
                let row = self.touch_pool(pool, 0, done);
                row.waiting = row.waiting.saturating_sub(1);
            }
            None => {}
        }
        for claim in &change.take {
            self.take(claim, change.from_line, done)?;
        }
        Ok(number)
    }

    fn take(&mut self, claim: &Claim, from_line: bool, done: &mut Undo) -> Result<(), Shortage> {
        let guarded = !self.unguarded;
        match claim {
            Claim::Place { pool, capacity, amount } => {
                let row = self.touch_pool(pool, *capacity, done);
                row.resize(*capacity);
                if guarded {
                    if row.closed {
                        return Err(Shortage::Closed(pool.clone()));
                    }
                    if row.taken + amount > row.capacity {
                        return Err(Shortage::Full(pool.clone()));
                    }
                    if row.waiting > 0 && !from_line {
                        return Err(Shortage::Waited(pool.clone()));
                    }
                }
                row.taken = (row.taken + amount).min(row.capacity);
            }
            Claim::Time { owner, day, mask } => {
                let row = self.touch_calendar((*owner, *day), done);
                if guarded && !row.is_free_of(*mask) {
                    return Err(Shortage::Busy { owner: *owner, day: *day });
                }
                *row = row.with(*mask);
            }
        }
        Ok(())
    }

    fn touch_pool(&mut self, key: &PoolKey, capacity: u32, done: &mut Undo) -> &mut Pool {
        let row = self.pools.entry(key.clone()).or_insert_with(|| Pool::fresh(capacity));
        done.pools.push((key.clone(), *row));
        row
    }

    fn touch_calendar(&mut self, key: (i64, Day), done: &mut Undo) -> &mut Mask {
        let row = self.calendars.entry(key).or_default();
        done.calendars.push((key, *row));
        row
    }
}

/// What stood before, to put it back.
#[derive(Default)]
struct Undo {
    pools: Vec<(PoolKey, Pool)>,
    calendars: Vec<((i64, Day), Mask)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(n: u8) -> PoolKey {
        PoolKey(format!("slot/{n}"))
    }

    fn place(n: u8) -> Claim {
        Claim::Place { pool: key(n), capacity: 2, amount: 1 }
    }

    fn time(owner: i64, mask: i64) -> Claim {
        Claim::Time { owner, day: Day(1), mask: Mask { am: mask, pm: 0 } }
    }

    fn taking(take: Vec<Claim>) -> Change {
        Change { take, ..Change::default() }
    }

    #[test]
    fn a_refused_change_leaves_nothing_behind() {
        let mut ledger = Ledger::default();
        ledger.apply(&taking(vec![place(1), time(7, 1)])).unwrap();
        let refused = ledger.apply(&taking(vec![place(1), time(7, 1)]));
        assert_eq!(refused, Err(Shortage::Busy { owner: 7, day: Day(1) }));
        assert_eq!(ledger.pool(&key(1)).unwrap().taken, 1, "the place taken before the clash is given back");
        ledger.apply(&taking(vec![place(1), time(7, 2)])).unwrap();
        assert_eq!(ledger.apply(&taking(vec![place(1)])), Err(Shortage::Full(key(1))));
    }

    #[test]
    fn nobody_passes_the_line_but_those_in_it() {
        let mut ledger = Ledger::default();
        ledger.apply(&taking(vec![place(1)])).unwrap();
        ledger.apply(&taking(vec![place(1)])).unwrap();
        let join = Change { line: Some(Line::Join { pool: key(1), capacity: 2, max: 1 }), ..Change::default() };
        assert_eq!(ledger.apply(&join), Ok(Some(1)));
        assert_eq!(ledger.apply(&join), Err(Shortage::LineFull(key(1))));
        ledger.apply(&Change { give: vec![place(1)], ..Change::default() }).unwrap();
        assert_eq!(ledger.apply(&taking(vec![place(1)])), Err(Shortage::Waited(key(1))));
        let handed = Change {
            take: vec![place(1)],
            line: Some(Line::Leave { pool: key(1) }),
            from_line: true,
            ..Change::default()
        };
        ledger.apply(&handed).unwrap();
        assert_eq!(
            ledger.pool(&key(1)),
            Some(&Pool { capacity: 2, taken: 2, waiting: 0, last_line: 1, closed: false })
        );
    }

    #[test]
    fn a_closed_pool_gives_nothing_and_takes_back() {
        let mut ledger = Ledger::default();
        ledger.apply(&taking(vec![place(1)])).unwrap();
        ledger.close(&key(1));
        assert_eq!(ledger.apply(&taking(vec![place(1)])), Err(Shortage::Closed(key(1))));
        ledger.apply(&Change { give: vec![place(1)], ..Change::default() }).unwrap();
        assert_eq!(ledger.pool(&key(1)).unwrap().taken, 0);
    }

    #[test]
    fn a_pool_follows_its_capacity_but_never_below_what_is_given_out() {
        let of = |capacity, amount| taking(vec![Claim::Place { pool: key(1), capacity, amount }]);
        let mut ledger = Ledger::default();
        ledger.apply(&of(100, 90)).unwrap();
        assert_eq!(ledger.apply(&of(100, 11)), Err(Shortage::Full(key(1))));
        assert_eq!(ledger.apply(&of(60, 1)), Err(Shortage::Full(key(1))), "it shrinks to what is taken");
        assert_eq!(ledger.pool(&key(1)).unwrap().capacity, 100, "and a refused change leaves it alone");
        ledger.apply(&of(120, 30)).unwrap();
        assert_eq!(ledger.apply(&of(0, 1)), Err(Shortage::Full(key(1))), "0 is unknown, not nothing");
        let back = Claim::Place { pool: key(1), capacity: 0, amount: 30 };
        ledger.apply(&Change { give: vec![back], ..Change::default() }).unwrap();
        assert_eq!(ledger.pool(&key(1)).unwrap().taken, 90);
    }

    #[test]
    fn a_move_may_reuse_its_own_time() {
        let mut ledger = Ledger::default();
        ledger.apply(&taking(vec![place(1), time(7, 0b0110)])).unwrap();
        let moved = Change {
            give: vec![place(1), time(7, 0b0110)],
            take: vec![place(2), time(7, 0b1100)],
            ..Change::default()
        };
        ledger.apply(&moved).unwrap();
        assert_eq!(ledger.pool(&key(1)).unwrap().taken, 0);
        assert_eq!(ledger.calendars[&(7, Day(1))], Mask { am: 0b1100, pm: 0 });
    }

    proptest! {
        /// Whatever is asked, counters equal what is held, stay within capacity, and no two hold the same time.
        #[test]
        fn counters_equal_what_is_held(asks in prop::collection::vec((0u8..3, 0i64..3, 1i64..16, any::<bool>()), 1..80)) {
            let mut ledger = Ledger::default();
            let mut held: Vec<Vec<Claim>> = Vec::new();
            for (pool, owner, mask, give_back) in asks {
                if give_back && !held.is_empty() {
                    let claims = held.swap_remove(usize::from(pool) % held.len());
                    ledger.apply(&Change { give: claims, ..Change::default() }).unwrap();
                } else {
                    let claims = vec![place(pool), time(owner, mask)];
                    if ledger.apply(&taking(claims.clone())).is_ok() {
                        held.push(claims);
                    }
                }
                for n in 0..3 {
                    let places = held.iter().flatten().filter(|c| matches!(c, Claim::Place { pool, .. } if *pool == key(n))).count();
                    prop_assert_eq!(ledger.pool(&key(n)).map_or(0, |p| p.taken as usize), places);
                    prop_assert!(places <= 2);
                    let mut all = 0;
                    for claim in held.iter().flatten() {
                        if let Claim::Time { owner, mask, .. } = claim && *owner == i64::from(n) {
                            prop_assert_eq!(all & mask.am, 0);
                            all |= mask.am;
                        }
                    }
                    prop_assert_eq!(ledger.calendars.get(&(i64::from(n), Day(1))).map_or(0, |m| m.am), all);
                }
            }
        }
    }
}
