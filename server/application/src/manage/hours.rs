//! Weekly hours from a day on, extra hours, and opening again what was closed.

use linli_domain::claim::PoolKey;
use linli_domain::holiday::Holidays;
use linli_domain::hours::{is_open, is_slot, overlap, replaced};
use linli_domain::id::{ExceptionId, OfferingId, ScheduleId};
use linli_domain::platform::{Kind, Rules, Shape};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::slot::{Exception, Extra, ScheduleLine, Slot, Timetable};
use linli_domain::time::{Day, Instant, TimeOfDay};
use linli_domain::words::{Language, Words, say};
use linli_store::audit::{self, ActingAs};
use linli_store::catalogue::{self as tables, Authored};
use linli_store::managing::standing::{self, StandingTime};
use linli_store::managing::{hours as rows, offerings};
use linli_store::scarcity::{self, Needs};
use linli_store::{Reads, Tx};
use serde_json::json;

use super::offerings::{base, versions};
use super::rules::out_of_bounds;
use super::{FARTHEST, allowed, change, from_day, offering};
use crate::{App, Result, input};

/// The most lines of one offering.
pub const MOST_LINES: usize = 100;

/// One line of a week to be set.
#[derive(Debug, Clone)]
pub struct NewLine {
    /// 1 (Monday) to 7 (Sunday).
    pub weekdays: Vec<u8>,
    /// The first slot begins.
    pub from: TimeOfDay,
    /// The last slot has ended.
    pub to: TimeOfDay,
    /// How long a slot is; as the rules say when it is left out.
    pub slot_minutes: Option<u16>,
    /// Places per slot; as the rules say when it is left out.
    pub capacity: Option<u32>,
}

/// A week to be set from a day on.
#[derive(Debug, Clone)]
pub struct NewHours {
    /// Of which offering.
    pub offering: OfferingId,
    /// The first day it holds.
    pub valid_from: Day,
    /// Its lines; none closes the weekly hours.
    pub lines: Vec<NewLine>,
    /// Orders whose time would vanish stay as they are.
    pub keep_orders: bool,
    /// The version of the offering that was seen.
    pub version: Option<i32>,
}

/// Extra hours on one day.
#[derive(Debug, Clone)]
pub struct NewExtra {
    /// Of which offering.
    pub offering: OfferingId,
    /// On which day.
    pub day: Day,
    /// From.
    pub from: TimeOfDay,
    /// To.
    pub to: TimeOfDay,
    /// How long a slot is.
    pub slot_minutes: u16,
    /// Places per slot.
    pub capacity: u32,
    /// Why.
    pub reason: String,
}

/// How many orders would lose their time.
///
/// # Errors
/// As [`set`], but for those orders.
pub async fn preview(app: &App, actor: &Actor, new: &NewHours) -> Result<u32> {
    let catalogue = app.catalogue().await?;
    let kind = with_hours(app.orderable(offering(&catalogue, actor, new.offering)?)?)?;
    let valid_from = from_day(app, "valid_from", new.valid_from)?;
    let reads = app.store.reads();
    let rules = rules_on(reads, kind, new.offering, valid_from).await?;
    let lines = checked(kind, &rules, valid_from, &new.lines)?;
    lost(reads, kind, &catalogue.holidays, new.offering, valid_from, &lines).await
}

/// Sets the week from a day on: the lines before end there, those to come are gone.
///
/// # Errors
/// [`Code::OrdersWithoutTime`] with how many orders would lose their time, unless they are to stay;
/// [`Code::ScheduleOverlaps`], [`Code::ValueInvalid`], [`Code::RulesOutOfBounds`], [`Code::ScheduleNotUsed`],
/// [`Code::NotFound`], [`Code::StaleVersion`], [`Code::DateInvalid`].
pub async fn set(app: &App, actor: &Actor, new: NewHours) -> Result<()> {
    let catalogue = app.catalogue().await?;
    let kind = with_hours(app.orderable(offering(&catalogue, actor, new.offering)?)?)?.clone();
    let valid_from = from_day(app, "valid_from", new.valid_from)?;
    let (this, id) = (app.clone(), new.offering);
    let entry = app.entry(actor, ActingAs::Staff, "offering.hours_set").on(id.0);
    change(app, move |tx| {
        Box::pin(async move {
            offerings::raise(tx, id, new.version).await?.ok_or(Code::StaleVersion)?;
            let rules = rules_on(tx, &kind, id, valid_from).await?;
            let lines = checked(&kind, &rules, valid_from, &new.lines)?;
            let count = lost(tx, &kind, &catalogue.holidays, id, valid_from, &lines).await?;
            if count > 0 && !new.keep_orders {
                return Err(Refusal::new(Code::OrdersWithoutTime).field("lines").with("count", count).into());
            }
            let numbered: Vec<_> = lines.iter().map(|line| (ScheduleId(this.next_id()), id, line.clone())).collect();
            rows::replace(tx, &[(id, valid_from)], &numbered).await?;
            let said = json!({ "valid_from": valid_from, "lines": lines.len(), "kept_orders": count });
            Ok(audit::record(tx, entry.saying(said)).await?)
        })
    })
    .await
}

/// Opens extra hours on a day.
///
/// # Errors
/// [`Code::ScheduleOverlaps`] where they cross hours there are, other than slot for slot; [`Code::DateInvalid`] for a
/// time that is over; as [`set`].
pub async fn add_extra(app: &App, actor: &Actor, new: NewExtra) -> Result<ExceptionId> {
    let catalogue = app.catalogue().await?;
    let offered = offering(&catalogue, actor, new.offering)?;
    let kind = with_hours(app.orderable(offered)?)?;
    let now = app.now();
    if new.day.at(new.to) <= now || new.day > now.day().plus(FARTHEST) {
        return Err(Refusal::new(Code::DateInvalid).field("day").into());
    }
    let (_, rules) = offered.rules_on(new.day).ok_or(Code::OfferingClosed)?;
    let line = NewLine {
        weekdays: vec![new.day.weekday()],
        from: new.from,
        to: new.to,
        slot_minutes: Some(new.slot_minutes),
        capacity: Some(new.capacity),
    };
    let lines = checked(kind, rules, new.day, &[line])?;
    let alone = Timetable { lines: &lines, exceptions: &[], holidays: &Holidays::default() }.slots(new.day);
    let crosses = |slot: &Slot| {
        alone.iter().any(|extra| slot.start < extra.end && extra.start < slot.end && slot.start != extra.start)
    };
    if offered.slots(&catalogue.holidays, new.day).iter().any(crosses) {
        return Err(overlapping(&lines[0]).into());
    }
    let (offering, id) = (new.offering, ExceptionId(app.next_id()));
    let extra = Some(Extra { slot_minutes: new.slot_minutes, capacity: new.capacity });
    let exception = Exception { day: new.day, from: new.from, to: new.to, extra };
    let authored = Authored { author: actor.account, at: now, reason: input::line("reason", &new.reason, 100)? };
    let said = json!({ "day": new.day, "from": new.from, "to": new.to });
    let entry = app.entry(actor, ActingAs::Staff, "offering.extra_hours").on(offering.0).saying(said);
    change(app, move |tx| {
        Box::pin(async move {
            offerings::raise(tx, offering, None).await?.ok_or(Code::NotFound)?;
            tables::insert_exception(tx, id, offering, &exception, &authored).await?;
            audit::record(tx, entry).await?;
            Ok(id)
        })
    })
    .await
}

/// Takes a coming day off back, or extra hours. The places of a day that was off are given out again.
///
/// # Errors
/// [`Code::NotFound`]; [`Code::DateInvalid`] for a time that is over; [`Code::OrdersWithoutTime`] where orders stand in
/// the extra hours.
pub async fn remove_exception(app: &App, actor: &Actor, id: ExceptionId) -> Result<()> {
    let found = rows::exception(app.store.reads(), id).await?.ok_or(Code::NotFound)?;
    let catalogue = app.catalogue().await?;
    let offered = offering(&catalogue, actor, found.offering)?;
    let kind = app.orderable(offered)?.clone();
    let now = app.now();
    let (day, offering) = (found.exception.day, found.offering);
    if day.at(found.exception.to) <= now {
        return Err(Refusal::new(Code::DateInvalid).field("day").into());
    }
    let what = if found.exception.extra.is_some() { "extra" } else { "closed" };
    let said = json!({ "day": day, "what": what, "from": found.exception.from, "to": found.exception.to });
    let entry = app.entry(actor, ActingAs::Staff, "offering.exception_removed").on(offering.0).saying(said);
    change(app, move |tx| {
        Box::pin(async move {
            let lines: Vec<ScheduleLine> =
                rows::lines(tx, &[offering]).await?.into_iter().map(|(_, line)| line).collect();
            let before = rows::exceptions(tx, offering, day).await?;
            if !rows::remove_exception(tx, id).await? {
                return Err(Code::NotFound.into());
            }
            let slots = |without: Option<ExceptionId>| {
                let left = before.iter().filter(|one| Some(one.id) != without);
                let exceptions: Vec<Exception> = left.map(|one| one.exception.clone()).collect();
                Timetable { lines: &lines, exceptions: &exceptions, holidays: &catalogue.holidays }.slots(day)
            };
            let (was, is) = (slots(None), slots(Some(id)));
            let times = standing::times(tx, &[(offering, day)]).await?;
            let without = times.iter().filter(|time| time.start.day() == day && loses(&kind, &was, &is, time));
            let count: u32 = without.map(|time| time.orders).sum();
            if count > 0 {
                return Err(Refusal::new(Code::OrdersWithoutTime).with("count", count).into());
            }
            reopen(tx, offering, &was, &is, now).await?;
            offerings::raise(tx, offering, None).await?;
            Ok(audit::record(tx, entry).await?)
        })
    })
    .await
}

/// Gives out again what was off and is not any more.
async fn reopen(tx: &Tx, offering: OfferingId, was: &[Slot], is: &[Slot], now: Instant) -> Result<()> {
    let off = |start: Instant| was.iter().any(|slot| slot.start == start && slot.off);
    let mut needs = Needs::default();
    let mut keys = Vec::new();
    for slot in is.iter().filter(|slot| !slot.off && now < slot.end && off(slot.start)) {
        let key = PoolKey::slot(offering, slot.start);
        needs.pool(&key, slot.capacity);
        keys.push(key);
    }
    let open = |ledger: &mut linli_domain::claim::Ledger| {
        keys.iter().for_each(|key| ledger.reopen(key));
        ((), Vec::new())
    };
    Ok(scarcity::settle(tx, &needs, open).await?)
}

/// A kind whose offerings have weekly hours: sessions have dates of their own.
pub(crate) fn with_hours(kind: &Kind) -> Result<&Kind, Refusal> {
    match kind.shape {
        Shape::Slot | Shape::Resource => Ok(kind),
        _ => Err(Code::ScheduleNotUsed.into()),
    }
}

async fn rules_on(reads: &impl Reads, kind: &Kind, id: OfferingId, day: Day) -> Result<Rules> {
    Ok(base(&versions(reads, id).await?, kind, day))
}

/// Lines that are right each and together.
fn checked(kind: &Kind, rules: &Rules, from: Day, lines: &[NewLine]) -> Result<Vec<ScheduleLine>, Refusal> {
    if lines.len() > MOST_LINES {
        return Err(allowed("lines", "最多 100 行", "at most 100 lines"));
    }
    let lines: Vec<ScheduleLine> = lines.iter().map(|line| one(kind, rules, from, line)).collect::<Result<_, _>>()?;
    match overlap(&lines) {
        Some(line) => Err(overlapping(line)),
        None => Ok(lines),
    }
}

/// One line, right for itself.
///
/// # Errors
/// [`Code::ValueInvalid`], [`Code::RulesOutOfBounds`].
pub(crate) fn one(kind: &Kind, rules: &Rules, from: Day, line: &NewLine) -> Result<ScheduleLine, Refusal> {
    let slot_minutes = line.slot_minutes.unwrap_or(rules.slot_minutes);
    let capacity = line.capacity.unwrap_or(rules.capacity);
    if line.weekdays.is_empty() || line.weekdays.iter().any(|weekday| !(1..=7).contains(weekday)) {
        return Err(allowed("weekdays", "1（周一）到 7（周日）", "1 (Monday) to 7 (Sunday)"));
    }
    let of_line = Rules { slot_minutes, capacity, ..*rules };
    let wrong = kind.check(&of_line).into_iter().find(|(field, _)| matches!(*field, "slot_minutes" | "capacity"));
    if let Some((field, bounds)) = wrong {
        return Err(out_of_bounds(field, &bounds));
    }
    if line.to.0 > 24 * 60 || line.to.0.saturating_sub(line.from.0) < slot_minutes {
        return Err(allowed("to", "比开始时间至少晚一个时段", "at least one slot after the beginning"));
    }
    Ok(ScheduleLine {
        weekdays: line.weekdays.iter().fold(0, |days, weekday| days | 1 << (weekday - 1)),
        from: line.from,
        to: line.to,
        slot_minutes,
        capacity,
        valid_from: from,
        valid_until: None,
    })
}

/// The refusal of a line that overlaps another.
pub(crate) fn overlapping(line: &ScheduleLine) -> Refusal {
    let said = |language| {
        let days = (1..=7).filter(|number| line.weekdays >> (number - 1) & 1 == 1);
        let days: Vec<&str> = days.map(|number| say::weekday(number, language)).collect();
        format!("{} {}-{}", days.join(language.between()), line.from, line.to)
    };
    let words = Words::new(said(Language::Zh), said(Language::En));
    Refusal::new(Code::ScheduleOverlaps).field("lines").with("line", words)
}

/// How many orders would lose their time if lines held from a day on.
async fn lost(
    reads: &impl Reads,
    kind: &Kind,
    holidays: &Holidays,
    offering: OfferingId,
    from: Day,
    lines: &[ScheduleLine],
) -> Result<u32> {
    let times = standing::times(reads, &[(offering, from)]).await?;
    if times.is_empty() {
        return Ok(0);
    }
    let old: Vec<ScheduleLine> = rows::lines(reads, &[offering]).await?.into_iter().map(|(_, line)| line).collect();
    let exceptions: Vec<Exception> =
        rows::exceptions(reads, offering, from).await?.into_iter().map(|one| one.exception).collect();
    let new = replaced(&old, from, lines);
    let slots = |lines: &[ScheduleLine], day| Timetable { lines, exceptions: &exceptions, holidays }.slots(day);
    Ok(losing(kind, &times, |day| (slots(&old, day), slots(&new, day))))
}

/// How many orders have a time in the first slots of their day and none in the second.
pub(crate) fn losing(kind: &Kind, times: &[StandingTime], slots: impl Fn(Day) -> (Vec<Slot>, Vec<Slot>)) -> u32 {
    let of_day = times.chunk_by(|one, other| one.start.day() == other.start.day());
    let lost = of_day.map(|of_day| {
        let (was, is) = slots(of_day[0].start.day());
        of_day.iter().filter(|time| loses(kind, &was, &is, time)).map(|time| time.orders).sum::<u32>()
    });
    lost.sum()
}

/// An order that had no time before, since it was kept, loses none.
fn loses(kind: &Kind, was: &[Slot], is: &[Slot], time: &StandingTime) -> bool {
    let has = if kind.shape == Shape::Resource { is_open } else { is_slot };
    has(was, time.start, time.end) && !has(is, time.start, time.end)
}
