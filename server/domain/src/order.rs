//! The life of an order.
//!
//! ```text
//! requested → [waiting → held(until)] → confirmed → underway → fulfilled → closed
//! fulfilled | closed → reopened → underway        leaving: rejected · cancelled(by) · expired · no_show
//! ```
//! [`step`] is pure and total: every state, event and actor has an answer. What should happen comes back as
//! [`Effect`]s, for the application to carry out in the same transaction.

use crate::refusal::{Code, Refusal};
use crate::time::{Instant, Span};
use crate::words::Words;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Asked for; the place has still to say yes. It holds what it asks for meanwhile.
    Requested,
    /// In line for a full time.
    Waiting,
    /// A place is kept until a deadline; a yes makes it theirs.
    Held,
    /// The place is theirs.
    Confirmed,
    /// They are there.
    Underway,
    /// The provider says it is done.
    Fulfilled,
    /// The resident agrees, or was silent long enough.
    Closed,
    /// It was not right: it goes on.
    Reopened,
    /// The provider said no.
    Rejected,
    /// Given up by somebody.
    Cancelled,
    /// Time ran out.
    Expired,
    /// They did not come.
    NoShow,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 12] = [
        Self::Requested,
        Self::Waiting,
        Self::Held,
        Self::Confirmed,
        Self::Underway,
        Self::Fulfilled,
        Self::Closed,
        Self::Reopened,
        Self::Rejected,
        Self::Cancelled,
        Self::Expired,
        Self::NoShow,
    ];

    /// States of orders that are not over: what a resident still has before them.
    pub const OPEN: [Self; 7] =
        [Self::Requested, Self::Waiting, Self::Held, Self::Confirmed, Self::Underway, Self::Fulfilled, Self::Reopened];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Confirmed => "confirmed",
            Self::Underway => "underway",
            Self::Fulfilled => "fulfilled",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::NoShow => "no_show",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// What residents read.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Requested => ("待确认", "Requested"),
            Self::Waiting => ("候补中", "In line"),
            Self::Held => ("名额已为您保留", "A place is held for you"),
            Self::Confirmed => ("已预约", "Booked"),
            Self::Underway => ("已到场", "Checked in"),
            Self::Fulfilled => ("已完成", "Done"),
            Self::Closed => ("已结束", "Closed"),
            Self::Reopened => ("继续处理中", "Reopened"),
            Self::Rejected => ("未被接受", "Not accepted"),
            Self::Cancelled => ("已取消", "Cancelled"),
            Self::Expired => ("已过期", "Expired"),
            Self::NoShow => ("未到场", "Missed"),
        };
        Words::new(zh, en)
    }

    /// Whether nothing is left to come.
    pub fn is_over(self) -> bool {
        !Self::OPEN.contains(&self)
    }
}

/// What happens to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A place was free.
    Place,
    /// A place was free, and the place says yes or no.
    Request,
    /// The place says yes.
    Approve,
    /// The place says no.
    Reject,
    /// No place was free, and they wait.
    Wait,
    /// A place came free and is kept for them until a deadline.
    Hold {
        /// The deadline.
        until: Instant,
    },
    /// The provider takes the time away and keeps another one for them until a deadline.
    Displace {
        /// The deadline.
        until: Instant,
    },
    /// They take the held place.
    Accept,
    /// They let the held place go.
    Decline,
    /// Another time instead.
    Move,
    /// Given up.
    Cancel,
    /// They are at the desk.
    CheckIn,
    /// The provider is done.
    Finish,
    /// The resident agrees.
    Agree,
    /// It was not right.
    Reopen,
    /// Work goes on after reopening.
    Resume,
    /// The deadline of a held place, or the beginning of the time waited for, has passed.
    Expire,
    /// They did not come.
    Miss,
    /// Silence after the provider's "done".
    Lapse,
    /// Somebody will come.
    Assign,
    /// They will not come after all; somebody else is looked for.
    Unassign,
    /// Somebody has come and begins.
    Start,
    /// Somebody came, and it could not be done.
    Fail {
        /// Because nobody was there.
        nobody_home: bool,
    },
    /// The price the provider asks for at the door is agreed to, or another thing that changes no state.
    Note,
}

impl Event {
    /// The stable key, as it stands in the timeline.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Place => "placed",
            Self::Request => "requested",
            Self::Approve => "approved",
            Self::Reject => "rejected",
            Self::Wait => "joined_line",
            Self::Hold { .. } => "held",
            Self::Displace { .. } => "displaced",
            Self::Accept => "accepted",
            Self::Decline => "declined",
            Self::Move => "moved",
            Self::Cancel => "cancelled",
            Self::CheckIn => "checked_in",
            Self::Finish => "fulfilled",
            Self::Agree => "agreed",
            Self::Reopen => "reopened",
            Self::Resume => "resumed",
            Self::Expire => "expired",
            Self::Miss => "missed",
            Self::Lapse => "closed",
            Self::Assign => "assigned",
            Self::Unassign => "unassigned",
            Self::Start => "started",
            Self::Fail { nobody_home: false } => "failed",
            Self::Fail { nobody_home: true } => "nobody_home",
            Self::Note => "noted",
        }
    }

    /// What the timeline says of an event's key.
    pub fn words(key: &str) -> Words {
        let (zh, en) = match key {
            "placed" => ("预约成功", "Booked"),
            "requested" => ("已提交，等待确认", "Asked for"),
            "approved" => ("已确认", "Accepted by the place"),
            "rejected" => ("未被接受", "Not accepted by the place"),
            "joined_line" => ("加入候补", "Joined the waiting line"),
            "held" => ("有空位了，已为您保留", "A place came free and is held for you"),
            "displaced" => ("原时段停诊，已为您保留新的时段", "The time was cancelled; another one is held for you"),
            "accepted" => ("接受了保留的名额", "Accepted the held place"),
            "declined" => ("放弃了保留的名额", "Let the held place go"),
            "moved" => ("已改期", "Moved to another time"),
            "cancelled" => ("已取消", "Cancelled"),
            "checked_in" => ("已取号", "Checked in"),
            "fulfilled" => ("服务完成", "Done"),
            "agreed" => ("居民确认完成", "The resident agrees"),
            "reopened" => ("居民要求继续处理", "The resident asked for more"),
            "resumed" => ("继续处理", "Work goes on"),
            "expired" => ("已过期", "Expired"),
            "missed" => ("未到场", "Did not come"),
            "closed" => ("已结束", "Closed"),
            "assigned" => ("已有人接单", "Somebody will come"),
            "unassigned" => ("改由其他人上门，正在重新安排", "Somebody else is looked for"),
            "started" => ("开始服务", "Work began"),
            "failed" => ("上门后未能完成", "Could not be done"),
            "nobody_home" => ("上门时家中无人", "Nobody was at home"),
            "offered" => ("正在询问服务人员", "Somebody nearby was asked"),
            "nobody_found" => ("暂时没有找到人", "Nobody was found for now"),
            "widened" => ("同意扩大范围", "Somebody from farther away may come"),
            "rescheduled" => ("改了时间", "Another time"),
            "on_the_way" => ("已出发", "On the way"),
            "arrived" => ("已到门口", "At the door"),
            "quoted" => ("报了价", "A price was asked for"),
            "quote_agreed" => ("同意报价", "The price was agreed to"),
            "quote_refused" => ("不同意报价", "The price was not agreed to"),
            "quote_withdrawn" => ("撤回了报价", "The price was taken back"),
            "code_locked" => ("开工码连续输错，已锁定", "Too many wrong codes; the code is locked"),
            "late" => ("预计会晚到", "They will be late"),
            "climbed" => ("超时未处理，已上报", "A deadline passed; it went up"),
            "followed" => ("又有人反映同一问题", "Somebody else reported the same"),
            "picture_added" => ("添加了照片", "A picture was added"),
            "handed_over" => ("转交处理", "Handed over"),
            "excused" => ("已请假", "Excused from a meeting"),
            "meeting_added" => ("增加了一次活动", "A meeting was added"),
            "meeting_moved" => ("有一次活动改了时间", "A meeting was moved"),
            "meeting_cancelled" => ("有一次活动不举行", "A meeting was cancelled"),
            "session_stopped" => ("提前结束", "It ends early"),
            _ => ("状态更新", "Updated"),
        };
        Words::new(zh, en)
    }
}

/// In what capacity somebody acts on an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActingAs {
    /// The subject.
    Resident,
    /// A guardian of the subject.
    Guardian,
    /// Staff of the organisation or the area.
    Staff,
    /// The worker who comes.
    Provider,
    /// A job.
    System,
}

impl ActingAs {
    /// Every capacity.
    pub const ALL: [Self; 5] = [Self::Resident, Self::Guardian, Self::Staff, Self::Provider, Self::System];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Guardian => "guardian",
            Self::Staff => "staff",
            Self::Provider => "provider",
            Self::System => "system",
        }
    }

    /// The capacity of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|acting| acting.key() == key)
    }
}

/// What [`step`] needs to know of an order and its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// When the time begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
    /// Until when residents cancel or move by themselves.
    pub changes_until: Instant,
    /// Until when a place is held.
    pub held_until: Option<Instant>,
    /// When it was last changed: from there silence is counted.
    pub changed_at: Instant,
    /// From when the desk checks in.
    pub check_in_from: Instant,
    /// From when somebody who is not there may be counted as not come.
    pub late_from: Instant,
    /// How long silence closes a fulfilled order, and how long a closed one may be reopened.
    pub silence: Span,
    /// Whether somebody else can use what is left of the time of those who do not come: a room, not a doctor's hour.
    pub reusable: bool,
    /// Whether the place says yes or no to what residents ask for.
    pub asks: bool,
    /// Whether it ends by the clock, without anybody at a desk saying so: a class, a room.
    pub ends_itself: bool,
}

/// What should happen because of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Give back everything held, and hand the place on.
    ReleaseAll,
    /// Give back what only counts open orders, and, where somebody came to the door, their time: they are free again,
    /// however early they are done. The place itself stays taken.
    ReleaseOpenLimit,
    /// Give back what whoever was to come held: the job, their time, their open job.
    ReleaseWork,
    /// Leave the waiting line.
    LeaveLine,
    /// Note a missed visit; enough of them pause booking.
    Strike,
    /// Tell the subject, or who acts for them, by the inbox.
    Tell,
    /// Tell them by more than the inbox: it is urgent.
    TellUrgently,
    /// Come back at the deadline of the held place.
    ExpireAt(Instant),
    /// Come back when silence has lasted long enough.
    LapseAt(Instant),
}

/// Where a step leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The new state.
    pub to: State,
    /// What should happen.
    pub effects: Vec<Effect>,
}

/// Decides an event.
///
/// # Errors
/// [`Code::TransitionRefused`] where the state does not allow it, [`Code::DeadlinePassed`], [`Code::HoldEnded`],
/// [`Code::CheckInTooEarly`] where it is a matter of time, [`Code::RoleMissing`] where it is a matter of who.
pub fn step(order: &Standing, event: Event, acting: ActingAs, now: Instant) -> Result<Step, Refusal> {
    use ActingAs::{Provider, Staff, System};
    use Effect::{ExpireAt, LapseAt, LeaveLine, ReleaseAll, ReleaseOpenLimit, ReleaseWork, Strike, Tell, TellUrgently};
    use State::{
        Cancelled, Closed, Confirmed, Expired, Fulfilled, Held, NoShow, Rejected, Reopened, Requested, Underway,
        Waiting,
    };

    let go = |to, effects: &[Effect]| Ok(Step { to, effects: effects.to_vec() });
    let impossible = || Refusal::new(Code::TransitionRefused).with("state", order.state.words());
    let only = |allowed: bool| if allowed { Ok(()) } else { Err(Refusal::new(Code::RoleMissing)) };
    let resident = matches!(acting, ActingAs::Resident | ActingAs::Guardian);
    let for_resident = resident || acting == Staff;
    // Whoever hears of it from somebody else hears of it in time.
    let told = if resident { Tell } else { TellUrgently };

    match (order.state, event) {
        (Requested, Event::Place) => go(Confirmed, &[Tell]),
        (Requested, Event::Request) => go(Requested, &[Tell]),
        (Requested, Event::Approve) => {
            only(acting == Staff)?;
            if now >= order.ends_at {
                return Err(impossible());
            }
            go(Confirmed, &[TellUrgently])
        }
        (Requested, Event::Reject) => {
            only(acting == Staff)?;
            go(Rejected, &[ReleaseAll, TellUrgently])
        }
        (Requested, Event::Cancel) => {
            only(for_resident)?;
            go(Cancelled, &[ReleaseAll, told])
        }
        (Requested, Event::Expire) => {
            only(acting == System)?;
            if now < order.starts_at {
                return Err(impossible());
            }
            go(Expired, &[ReleaseAll, TellUrgently])
        }
        (Requested, Event::Wait) => go(Waiting, &[Tell]),
        // A worker accepts, or somebody responsible sends one.
        (Requested, Event::Assign) => {
            only(matches!(acting, Provider | Staff))?;
            go(Confirmed, &[TellUrgently])
        }

        (Waiting, Event::Hold { until }) => {
            only(acting == System)?;
            go(Held, &[LeaveLine, TellUrgently, ExpireAt(until)])
        }
        (Waiting, Event::Cancel) => {
            only(for_resident)?;
            go(Cancelled, &[LeaveLine, ReleaseAll, told])
        }
        (Waiting, Event::Expire) => {
            only(acting == System)?;
            go(Expired, &[LeaveLine, ReleaseAll, Tell])
        }

        (Held, Event::Accept) => {
            only(for_resident)?;
            if order.held_until.is_some_and(|until| now >= until) {
                return Err(Code::HoldEnded.into());
            }
            go(Confirmed, &[Tell])
        }
        (Held, Event::Decline | Event::Cancel) => {
            only(for_resident)?;
            go(Cancelled, &[ReleaseAll, told])
        }
        (Held, Event::Expire) => {
            only(acting == System)?;
            if order.held_until.is_some_and(|until| now < until) {
                return Err(impossible());
            }
            go(Expired, &[ReleaseAll, TellUrgently])
        }

        (Confirmed | Held, Event::Displace { until }) => {
            only(matches!(acting, Staff | System))?;
            go(Held, &[TellUrgently, ExpireAt(until)])
        }
        (Confirmed, Event::Move) => {
            only(for_resident)?;
            in_time(if resident { order.changes_until } else { order.starts_at }, now)?;
            go(if resident && order.asks { Requested } else { Confirmed }, &[Tell])
        }
        // Another time has to be asked for anew; what was asked for first is kept until it is had.
        (Requested, Event::Move) => {
            only(for_resident)?;
            go(Requested, &[Tell])
        }
        (Confirmed, Event::Cancel) => {
            only(for_resident)?;
            in_time(if resident { order.changes_until } else { order.ends_at }, now)?;
            go(Cancelled, &[ReleaseAll, told])
        }
        // Also whoever was to put it right: somebody else does.
        (Confirmed | Reopened, Event::Unassign) => {
            only(matches!(acting, Provider | Staff | System))?;
            go(Requested, &[ReleaseWork, TellUrgently])
        }
        (Confirmed, Event::Start) => {
            only(matches!(acting, Provider | Staff))?;
            go(Underway, &[Tell])
        }
        (Confirmed | Underway, Event::Fail { nobody_home }) => {
            only(matches!(acting, Provider | Staff))?;
            go(if nobody_home { NoShow } else { Cancelled }, &[ReleaseAll, TellUrgently])
        }
        (Confirmed, Event::CheckIn) => {
            only(acting == Staff)?;
            if now < order.check_in_from {
                return Err(Refusal::new(Code::CheckInTooEarly).with("from", order.check_in_from));
            }
            go(Underway, &[])
        }
        (Confirmed, Event::Miss) => {
            only(matches!(acting, Staff | System))?;
            if now < order.late_from {
                return Err(impossible());
            }
            go(NoShow, &[if order.reusable { ReleaseAll } else { ReleaseOpenLimit }, Strike, Tell])
        }

        (Confirmed | Underway, Event::Finish) if acting == System => {
            if !order.ends_itself || now < order.ends_at {
                return Err(impossible());
            }
            go(Fulfilled, &[ReleaseOpenLimit, Tell, LapseAt(now + order.silence)])
        }
        (Underway, Event::Finish) => {
            only(matches!(acting, Provider | Staff))?;
            go(Fulfilled, &[ReleaseOpenLimit, Tell, LapseAt(now + order.silence)])
        }
        // Checked in, called, gone: a visit that did not happen, but nobody's place was wasted by silence.
        (Underway, Event::Expire) => {
            only(matches!(acting, Staff | System))?;
            if now < order.ends_at {
                return Err(impossible());
            }
            go(Expired, &[ReleaseOpenLimit])
        }

        (Fulfilled, Event::Agree) => {
            only(for_resident)?;
            go(Closed, &[])
        }
        (Fulfilled, Event::Lapse) => {
            only(acting == System)?;
            if now < order.changed_at + order.silence {
                return Err(impossible());
            }
            go(Closed, &[])
        }
        (Fulfilled | Closed, Event::Reopen) => {
            only(for_resident)?;
            if order.state == Closed && now > order.changed_at + order.silence {
                return Err(impossible());
            }
            go(Reopened, &[])
        }
        (Reopened, Event::Resume | Event::Start) => {
            only(matches!(acting, Provider | Staff))?;
            go(Underway, &[])
        }

        // Nothing but the timeline changes.
        (state, Event::Note) if !state.is_over() => go(state, &[]),

        _ => Err(impossible()),
    }
}

/// Residents change their mind until the deadline; staff move a time until it begins, and cancel it until it ends.
fn in_time(last: Instant, now: Instant) -> Result<(), Refusal> {
    if now > last { Err(Refusal::new(Code::DeadlinePassed).with("deadline", last)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        format!("2026-11-24T{text}:00+08:00").parse().unwrap()
    }

    fn order(state: State) -> Standing {
        Standing {
            state,
            starts_at: at("09:00"),
            ends_at: at("09:30"),
            changes_until: at("07:00"),
            held_until: Some(at("06:30")),
            changed_at: at("06:00"),
            check_in_from: at("08:00"),
            late_from: at("09:30"),
            silence: Span::days(7),
            reusable: false,
            asks: false,
            ends_itself: false,
        }
    }

    fn events() -> [Event; 25] {
        let until = at("06:30");
        [
            Event::Place,
            Event::Request,
            Event::Approve,
            Event::Reject,
            Event::Wait,
            Event::Hold { until },
            Event::Displace { until },
            Event::Accept,
            Event::Decline,
            Event::Move,
            Event::Cancel,
            Event::CheckIn,
            Event::Finish,
            Event::Agree,
            Event::Reopen,
            Event::Resume,
            Event::Expire,
            Event::Miss,
            Event::Lapse,
            Event::Assign,
            Event::Unassign,
            Event::Start,
            Event::Fail { nobody_home: false },
            Event::Fail { nobody_home: true },
            Event::Note,
        ]
    }

    /// The whole table, for review: who may do what, before and after the deadlines.
    #[test]
    fn the_table_of_transitions() {
        let mut table = String::new();
        for state in State::ALL {
            for event in events() {
                for acting in ActingAs::ALL {
                    let said = |now| match step(&order(state), event, acting, now) {
                        Ok(step) => step.to.key(),
                        Err(refusal) => match refusal.code {
                            Code::TransitionRefused => "·",
                            other => other.key(),
                        },
                    };
                    let (early, late) = (said(at("06:15")), said(at("10:00")));
                    if (early, late) != ("·", "·") {
                        let line = format!(
                            "{:<10} {:<11} {:<9} early {early:<20} late {late}",
                            state.key(),
                            event.key(),
                            acting.key()
                        );
                        table.push_str(line.trim_end());
                        table.push('\n');
                    }
                }
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn whoever_leaves_gives_back_what_they_hold() {
        for state in State::ALL {
            for event in events() {
                for acting in ActingAs::ALL {
                    for now in [at("06:15"), at("10:00")] {
                        let Ok(step) = step(&order(state), event, acting, now) else { continue };
                        let gave = step.effects.contains(&Effect::ReleaseAll);
                        let left = matches!(step.to, State::Cancelled | State::Rejected)
                            || matches!(event, Event::Fail { .. })
                            || (step.to == State::Expired && state != State::Underway);
                        assert_eq!(gave, left, "{} {} → {}", state.key(), event.key(), step.to.key());
                        assert_eq!(
                            step.effects.contains(&Effect::LeaveLine),
                            state == State::Waiting && event != Event::Note,
                            "the line is left with the state"
                        );
                        assert!(State::from_key(step.to.key()) == Some(step.to));
                    }
                }
            }
        }
    }

    #[test]
    fn a_held_place_is_theirs_until_the_very_deadline() {
        let held = order(State::Held);
        let until = held.held_until.unwrap();
        let just_before = Instant(until.0 - 1);
        assert!(step(&held, Event::Accept, ActingAs::Resident, just_before).is_ok());
        assert_eq!(step(&held, Event::Accept, ActingAs::Resident, until).unwrap_err().code, Code::HoldEnded);
        assert!(step(&held, Event::Expire, ActingAs::System, just_before).is_err(), "no job takes it away early");
        assert!(step(&held, Event::Expire, ActingAs::System, until).is_ok());
    }
}
