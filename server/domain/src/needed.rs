//! What an order needs, whatever its shape: a place, the person's limits, the person's time.

use crate::calendar;
use crate::claim::{Change, Claim, Ledger, PoolKey, Shortage};
use crate::id::{PersonId, UnitId};
use crate::platform::Kind;
use crate::time::{Day, Instant};

/// One way to have a place. Where there are several rooms or tables, each is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Which room or table it is.
    pub unit: Option<UnitId>,
    /// What it takes.
    pub claims: Vec<Claim>,
}

/// Everything an order needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// The ways to have a place, the preferred one first. One of them is enough.
    pub ways: Vec<Way>,
    /// The person's limits for the kind. Those in line hold them too.
    pub limits: Vec<Claim>,
    /// The person's time, where the kind takes it.
    pub time: Vec<Claim>,
}

impl Needed {
    /// What somebody needs who is there at these times, the first of them first.
    pub fn new(kind: &Kind, subject: PersonId, times: &[(Instant, Instant)], ways: Vec<Way>) -> Self {
        let of_day = times.first().map(|(start, _)| Self::limits_of_day(kind, subject, start.day()));
        let open = limit(kind.limits.open, PoolKey::open(subject, &kind.key));
        let limits = of_day.into_iter().flatten().chain(open).collect();
        let time = if kind.takes_subject_time { time_of(subject, times) } else { Vec::new() };
        Self { ways, limits, time }
    }

    /// The person's limits for the kind on a day and in its week.
    pub fn limits_of_day(kind: &Kind, subject: PersonId, day: Day) -> Vec<Claim> {
        let of_day = limit(kind.limits.per_day, PoolKey::per_day(subject, &kind.key, day));
        let of_week = limit(kind.limits.per_week, PoolKey::per_week(subject, &kind.key, day));
        of_day.into_iter().chain(of_week).collect()
    }

    /// What somebody needs whose document nobody has seen yet: one open booking of the kind at most.
    #[must_use]
    pub fn on_their_word(mut self, kind: &Kind, subject: PersonId) -> Self {
        let open = PoolKey::open(subject, &kind.key);
        self.limits.retain(|claim| !matches!(claim, Claim::Place { pool, .. } if *pool == open));
        self.limits.extend(limit(Some(1), open));
        self
    }

    /// Everything that may be touched, to be locked beforehand.
    pub fn touched(&self) -> impl Iterator<Item = &Claim> {
        self.ways.iter().flat_map(|way| &way.claims).chain(&self.limits).chain(&self.time)
    }

    /// Takes the first way that can be had, together with limits and time, or leaves everything as it was. `change`
    /// says what is given back first, and whether it is somebody from the line.
    ///
    /// # Errors
    /// The [`Shortage`] of the last way, or at once the one that no other way would mend.
    pub fn take(&self, ledger: &mut Ledger, change: &Change) -> Result<(Option<UnitId>, Vec<Claim>), Shortage> {
        let mut short = None;
        for way in &self.ways {
            let own = self.limits.iter().chain(&self.time);
            // Where there is a choice, what no choice would mend is looked at first.
            let all: Vec<Claim> = if self.ways.len() > 1 {
                own.chain(&way.claims).cloned().collect()
            } else {
                way.claims.iter().chain(own).cloned().collect()
            };
            match ledger.apply(&Change { take: all.clone(), ..change.clone() }) {
                Ok(_) => return Ok((way.unit, all)),
                Err(shortage) if way.claims.iter().any(|claim| shortage.is_of(claim)) => short = Some(shortage),
                Err(shortage) => return Err(shortage),
            }
        }
        Err(short.unwrap_or(Shortage::Nothing))
    }
}

fn limit(capacity: Option<u16>, pool: PoolKey) -> Option<Claim> {
    capacity.map(|capacity| Claim::Place { pool, capacity: u32::from(capacity), amount: 1 })
}

/// The quarter hours of somebody at these times.
pub fn time_of(subject: PersonId, times: &[(Instant, Instant)]) -> Vec<Claim> {
    let busy = times.iter().flat_map(|(start, end)| calendar::busy(*start, *end));
    let mut claims: Vec<Claim> = Vec::new();
    for (day, mask) in busy {
        // Two meetings on one day are one claim: a quarter hour they share is taken once.
        let known = claims.iter_mut().find_map(|claim| match claim {
            Claim::Time { day: known, mask, .. } if *known == day => Some(mask),
            _ => None,
        });
        match known {
            Some(known) => *known = known.with(mask),
            None => claims.push(Claim::Time { owner: subject.0, day, mask }),
        }
    }
    claims
}
