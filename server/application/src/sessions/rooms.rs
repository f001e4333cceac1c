//! The rooms meetings are held in: each has a calendar, which orders and meetings share.

use linli_domain::calendar::{self, Mask};
use linli_domain::claim::{Change, Claim, Ledger, Shortage};
use linli_domain::id::{MeetingId, OrderId, UnitId};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::session::plan::Time;
use linli_domain::time::{Day, Span};
use linli_domain::words::Words;
use linli_store::booking::orders;
use linli_store::scarcity::{self, Holding, Needs};
use linli_store::sessions as tables;
use linli_store::{Reads, Tx};

use crate::catalogue::{Catalogue, Offered, Unit};
use crate::{App, Result};

/// A room, if whoever plans may use it on a day.
///
/// # Errors
/// [`Code::ValueInvalid`] with the rooms there are.
pub(crate) fn room<'a>(
    catalogue: &'a Catalogue,
    actor: &Actor,
    id: UnitId,
    day: Day,
) -> Result<(&'a Unit, &'a Offered), Refusal> {
    let mine = || catalogue.offerings.values().filter(|offered| catalogue.serves(actor, offered));
    let found = mine().find_map(|offered| offered.unit(id).map(|unit| (unit, offered)));
    found.filter(|(unit, _)| unit.holds_on(day)).ok_or_else(|| {
        let mut rooms = mine().flat_map(|offered| offered.units_on(day)).take(20).peekable();
        let allowed = match rooms.peek() {
            Some(_) => Words::listed(rooms.map(|unit| unit.name.clone())),
            None => Words::new("（没有房间）", "(no rooms)"),
        };
        Refusal::new(Code::ValueInvalid).field("unit_id").with("allowed", allowed)
    })
}

/// What a meeting takes of a room: its time, and the time to air and clean that the room's rules ask for.
pub(crate) fn claims(catalogue: &Catalogue, unit: UnitId, (start, end): Time) -> Vec<Claim> {
    let offered = catalogue.offerings.values().find(|offered| offered.unit(unit).is_some());
    let gap = offered.and_then(|offered| offered.rules_on(start.day())).map_or(0, |(_, rules)| rules.gap_minutes);
    calendar::busy(start, end + Span::minutes(i64::from(gap)))
        .into_iter()
        .map(|(day, mask)| Claim::Time { owner: unit.0, day, mask })
        .collect()
}

/// What one meeting holds of rooms from now on.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) meeting: MeetingId,
    pub(crate) claims: Vec<Claim>,
    pub(crate) is_new: bool,
}

/// Gives meetings their rooms in place of those they had, all or nothing.
///
/// # Errors
/// [`Code::RoomTaken`], naming what is in the way.
pub(crate) async fn settle(app: &App, tx: &Tx, catalogue: &Catalogue, wishes: Vec<Wish>) -> Result<()> {
    match attempt(tx, wishes).await? {
        None => Ok(()),
        Some(claim) => Err(in_the_way(app, tx, catalogue, &claim).await?.into()),
    }
}

/// As [`settle`]; answers the first claim that could not be had. The caller's transaction is then to be given up.
async fn attempt(tx: &Tx, wishes: Vec<Wish>) -> Result<Option<Claim>> {
    let standing: Vec<OrderId> =
        wishes.iter().filter(|wish| !wish.is_new).map(|wish| OrderId(wish.meeting.0)).collect();
    let mut held = scarcity::holdings(tx, &standing).await?;
    let changes: Vec<(Wish, Change)> = wishes
        .into_iter()
        .map(|wish| {
            let give = held.remove(&OrderId(wish.meeting.0)).unwrap_or_default();
            let change = Change { give, take: wish.claims.clone(), ..Change::default() };
            (wish, change)
        })
        .collect();
    let mut needs = Needs::default();
    changes.iter().for_each(|(_, change)| needs.change(change));
    let short = scarcity::settle(tx, &needs, |ledger| {
        let mut holdings = Vec::with_capacity(changes.len());
        for (wish, change) in changes {
            if let Some(claim) = lacking(ledger, &change) {
                return (Some(claim), Vec::new());
            }
            holdings.push(Holding { order: OrderId(wish.meeting.0), claims: wish.claims, is_new: wish.is_new });
        }
        (None, holdings)
    });
    Ok(short.await?)
}

/// Makes a change, or says which claim could not be had.
pub(crate) fn lacking(ledger: &mut Ledger, change: &Change) -> Option<Claim> {
    match ledger.apply(change) {
        Err(Shortage::Busy { owner: whose, day: on }) => change
            .take
            .iter()
            .find(|claim| matches!(claim, Claim::Time { owner, day, .. } if (*owner, *day) == (whose, on)))
            .cloned(),
        _ => None,
    }
}

/// Rooms as they stand now, for looking at what could be had.
///
/// # Errors
/// The database's.
pub(crate) async fn ledger(app: &App, claims: &[Claim]) -> Result<Ledger> {
    let mut needs = Needs::default();
    claims.iter().for_each(|claim| needs.claim(claim));
    Ok(scarcity::glance(app.store.reads(), &needs).await?)
}

/// Who has the room at that time, in words.
///
/// # Errors
/// The database's.
pub(crate) async fn in_the_way(app: &App, db: &impl Reads, catalogue: &Catalogue, claim: &Claim) -> Result<Refusal> {
    let (unit, day, mask) = match claim {
        Claim::Time { owner, day, mask } => (UnitId(*owner), *day, *mask),
        Claim::Place { .. } => (UnitId(0), Day(0), Mask::default()),
    };
    let name = catalogue.offerings.values().find_map(|offered| offered.unit(unit)).map(|unit| unit.name.clone());
    let mut when = day.start();
    let mut other = Words::new("另一次活动", "another meeting");
    if let Some(holder) = scarcity::holders(db, unit.0, day, mask).await?.first() {
        if let Some((title, start)) = tables::title_of_meeting(db, MeetingId(*holder)).await? {
            (other, when) = (title, start);
        } else if let Some(order) = orders::one(db, OrderId(*holder)).await? {
            // Who has booked it is nobody else's business: only what for.
            other = app
                .platforms
                .kind(&order.kind)
                .map_or(Words::new("居民预约", "a booking"), |kind| kind.name.clone());
            when = order.starts_at;
        }
    }
    Ok(Refusal::new(Code::RoomTaken)
        .field("unit_id")
        .with("room", name.unwrap_or_else(|| Words::new("房间", "The room")))
        .with("when", when)
        .with("other", other))
}
