//! Somebody who comes to the door: their file until it is verified, the papers it stands on, and when they work.
//!
//! ```text
//! draft → submitted → verified ⇄ suspended
//!            ↓ ↑
//!          refused                    closed: they went away
//! ```
//! A file is saved in steps; [`missing`] says what is still wanted. What decides about safety is verified by staff, each
//! service and each paper by itself; a service whose papers have run out is off offer until new ones are verified.

mod hours;
mod papers;

use std::collections::BTreeSet;

pub use hours::{Hours, HoursWrong, Span as HourSpan};
pub use papers::{Document, Paper, PaperState, WARN_DAYS, needed, off_offer};

use crate::geo::Wgs84;
use crate::refusal::{Code, Refusal};
use crate::time::{Day, Instant};
use crate::words::Words;

/// The most jobs somebody may have open at the same time.
pub const MOST_OPEN: u32 = 20;
/// The longest pause, in minutes: whoever rests longer goes off duty.
pub const LONGEST_PAUSE: u16 = 480;

/// Languages and dialects workers say they speak, and residents wish for: key, Chinese, English.
pub const LANGUAGES: [(&str, &str, &str); 4] = [
    ("mandarin", "普通话", "Mandarin"),
    ("local", "沧州话", "Cangzhou dialect"),
    ("english", "英语", "English"),
    ("sign", "手语", "sign language"),
];

/// Where a worker's file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorkerState {
    /// Being written.
    Draft,
    /// Waiting for staff to look at it.
    Submitted,
    /// Looked at and good: they may take jobs.
    Verified,
    /// Looked at and not good, with a reason; it may be mended and submitted again.
    Refused,
    /// No jobs for the time being, with a reason.
    Suspended,
    /// They went away.
    Closed,
}

impl WorkerState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Submitted, Self::Verified, Self::Refused, Self::Suspended, Self::Closed];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Verified => "verified",
            Self::Refused => "refused",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Draft => ("填写中", "being written"),
            Self::Submitted => ("等待审核", "waiting to be verified"),
            Self::Verified => ("已通过审核", "verified"),
            Self::Refused => ("未通过审核", "not accepted"),
            Self::Suspended => ("已暂停", "suspended"),
            Self::Closed => ("已注销", "closed"),
        };
        Words::new(zh, en)
    }

    /// Whether who they are may still be changed by themselves. Once staff have looked, it stays as they saw it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Submitted | Self::Refused)
    }
}

/// What may happen to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WorkerEvent {
    /// Its owner hands it in.
    Submit,
    /// Staff say yes: to the file, or to what was added to it since.
    Verify,
    /// Staff say no.
    Refuse,
    /// Staff take them off all jobs for the time being.
    Suspend,
    /// Staff let them work again.
    Resume,
    /// Its owner goes away.
    Close,
}

impl WorkerEvent {
    /// All events, for tables.
    pub const ALL: [Self; 6] = [Self::Submit, Self::Verify, Self::Refuse, Self::Suspend, Self::Resume, Self::Close];
}

/// Where a file stands after an event.
///
/// # Errors
/// [`Code::WorkerNotPossible`] with the state it is in.
pub fn step(state: WorkerState, event: WorkerEvent) -> Result<WorkerState, Refusal> {
    use WorkerEvent as E;
    use WorkerState as S;
    match (state, event) {
        (S::Draft | S::Refused, E::Submit) => Ok(S::Submitted),
        (S::Submitted | S::Verified, E::Verify) | (S::Suspended, E::Resume) => Ok(S::Verified),
        (S::Submitted, E::Refuse) => Ok(S::Refused),
        (S::Verified, E::Suspend) => Ok(S::Suspended),
        (S::Draft | S::Submitted | S::Verified | S::Refused | S::Suspended, E::Close) => Ok(S::Closed),
        _ => Err(Refusal::new(Code::WorkerNotPossible).with("state", state.words())),
    }
}

/// Whether staff have looked at a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceState {
    /// Not yet.
    Asked,
    /// They may do it.
    Verified,
    /// They may not, with a reason.
    Refused,
}

impl ServiceState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Verified, Self::Refused];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Verified => "verified",
            Self::Refused => "refused",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// A step of the file on which something is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Name, gender, languages.
    Person,
    /// Where they start from, and how they travel.
    Home,
    /// When they work.
    Hours,
    /// What they do.
    Services,
    /// Their papers.
    Documents,
}

impl Step {
    /// All steps, in the order they are taken.
    pub const ALL: [Self; 5] = [Self::Person, Self::Home, Self::Hours, Self::Services, Self::Documents];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Home => "home",
            Self::Hours => "hours",
            Self::Services => "services",
            Self::Documents => "documents",
        }
    }
}

/// Something a file still wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// On which step.
    pub step: Step,
    /// What, for people.
    pub words: Words,
}

/// A file as far as it decides whether it can be handed in.
#[derive(Debug)]
pub struct File<'a> {
    /// As residents read it.
    pub name: &'a str,
    /// Where they start from.
    pub home: Option<Wgs84>,
    /// When they work.
    pub hours: &'a Hours,
    /// What each service they ask for needs, beside who they are.
    pub services: &'a [Vec<Document>],
    /// Their papers.
    pub papers: &'a [Paper],
    /// Whether who they are was verified at a desk already.
    pub identity_verified: bool,
}

/// What must be there before a file can be handed in, step by step; empty when it can.
pub fn missing(file: &File<'_>, today: Day) -> Vec<Missing> {
    let mut found = Vec::new();
    let mut want = |wanted: bool, step, zh: &str, en: &str| {
        if wanted {
            found.push(Missing { step, words: Words::new(zh, en) });
        }
    };
    want(file.name.trim().is_empty(), Step::Person, "请填写姓名", "Please enter your name");
    want(file.home.is_none(), Step::Home, "请选择平时从哪里出发", "Please say where you usually start from");
    want(file.hours.is_empty(), Step::Hours, "请选择可以服务的时间", "Please choose when you work");
    want(file.services.is_empty(), Step::Services, "请至少选择一项服务", "Please choose at least one service");
    let mut wanted: BTreeSet<Document> = file.services.iter().flatten().copied().collect();
    if !file.identity_verified {
        wanted.insert(Document::Identity);
    }
    for document in wanted {
        let there = file.papers.iter().any(|paper| paper.document == document && paper.is_good_for_submitting(today));
        let words = document.words();
        want(!there, Step::Documents, &format!("请上传{}", words.zh), &format!("Please upload: {}", words.en));
    }
    found
}

/// Whether somebody takes jobs at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duty {
    /// No.
    Off,
    /// Yes.
    On,
    /// Not until then; afterwards yes, by itself.
    Paused(Instant),
}

impl Duty {
    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On => "on",
            Self::Paused(_) => "paused",
        }
    }

    /// As it is now: a pause that has ended is none.
    #[must_use]
    pub fn now(self, now: Instant) -> Self {
        match self {
            Self::Paused(until) if until <= now => Self::On,
            other => other,
        }
    }
}

/// Why somebody cannot be asked for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// They are off duty.
    OffDuty,
    /// They rest until then.
    Paused(Instant),
    /// They have that day off.
    DayOff(Day),
    /// It does not lie within their hours.
    OutsideHours,
}

impl Absence {
    /// What they themselves read of it.
    pub fn words(self) -> Words {
        match self {
            Self::OffDuty => {
                Words::new("您现在不在岗，点“上岗”后开始接单", "You are off duty; go on duty to be offered jobs")
            }
            Self::Paused(until) => {
                let time = until.time_of_day();
                Words::new(format!("休息到 {time}"), format!("Resting until {time}"))
            }
            Self::DayOff(_) => Words::new("今天是您的休息日", "You have today off"),
            Self::OutsideHours => Words::new("现在不在您设置的服务时间内", "This is outside of the hours you have set"),
        }
    }
}

/// When somebody works: planned, and just now.
#[derive(Debug, Clone, Copy)]
pub struct Presence<'a> {
    /// The hours of their week.
    pub hours: &'a Hours,
    /// Days on which they do not work after all.
    pub days_off: &'a BTreeSet<Day>,
    /// On duty, off, or resting.
    pub duty: Duty,
}

impl Presence<'_> {
    /// Why they cannot do what lasts from one instant to another; none where they can. Planned jobs need their hours;
    /// jobs of this moment also need them to be on duty.
    pub fn absence(&self, from: Instant, until: Instant, is_now: bool, now: Instant) -> Option<Absence> {
        if is_now {
            match self.duty.now(now) {
                Duty::Off => return Some(Absence::OffDuty),
                Duty::Paused(until) => return Some(Absence::Paused(until)),
                Duty::On => {}
            }
        }
        let last = Instant(until.0.max(from.0 + 1) - 1).day();
        let off = self.days_off.range(from.day()..=last).next();
        if let Some(day) = off {
            return Some(Absence::DayOff(*day));
        }
        (!self.hours.cover(from, until)).then_some(Absence::OutsideHours)
    }

    /// Minutes they still work after an instant without a break, up to 48 hours; 0 outside of their hours.
    pub fn minutes_left(&self, at: Instant) -> u32 {
        let end = self.hours.runs_until(at, |day| self.days_off.contains(&day));
        u32::try_from((end - at).0 / 60_000_000).unwrap_or(0)
    }
}

/// The initial by which somebody is shown before they are met: the family name alone.
pub fn initial(name: &str) -> String {
    let family = name.trim().chars().next();
    family.map(|first| format!("{first}**")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
