//! Contracts for a while, such as those with a family doctor: a place on a panel.

use crate::claim::{Claim, PoolKey};
use crate::id::{OfferingId, PersonId};
use crate::platform::{ContractTerms, KindKey};
use crate::refusal::{Code, Refusal};
use crate::time::Day;
use crate::words::Words;

/// Where a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContractState {
    /// Asked for; the desk says yes or no.
    Requested,
    /// It holds.
    Active,
    /// It was ended, withdrawn, or ran out.
    Ended,
    /// The desk said no.
    Rejected,
}

impl ContractState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Requested, Self::Active, Self::Ended, Self::Rejected];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Ended => "ended",
            Self::Rejected => "rejected",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether it holds a place on the panel.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Requested | Self::Active)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Requested => ("等待确认", "waiting for the doctor"),
            Self::Active => ("签约中", "in force"),
            Self::Ended => ("已结束", "ended"),
            Self::Rejected => ("未被接受", "not accepted"),
        };
        Words::new(zh, en)
    }
}

/// What may be done with a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContractEvent {
    /// The desk says yes.
    Approve,
    /// The desk says no.
    Reject,
    /// It goes on for another term.
    Renew,
    /// Somebody ends it, or takes back what they asked for.
    End,
    /// Its time is over.
    Expire,
}

/// How long it holds, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: ContractState,
    /// The first day.
    pub from: Day,
    /// The day after the last.
    pub until: Day,
}

/// So many months later: the same date, or the last one of a shorter month.
pub fn months_after(day: Day, months: u8) -> Day {
    let (month, date) = day.month_day();
    let all = month - 1 + u32::from(months);
    let (year, month) = (day.year() + i32::try_from(all / 12).expect("at most 21 years"), all % 12 + 1);
    (date.saturating_sub(3)..=date)
        .rev()
        .find_map(|date| Day::from_ymd(year, month, date))
        .expect("every month has 28 days")
}

impl ContractTerms {
    /// A contract that begins on a day.
    pub fn beginning(&self, state: ContractState, from: Day) -> Standing {
        Standing { state, from, until: months_after(from, self.months) }
    }

    /// From which day on one that ends on a day can be renewed.
    pub fn renewable_from(&self, until: Day) -> Day {
        until.plus(-i32::from(self.renew_days))
    }

    /// Whether it can be renewed today.
    pub fn is_renewable(&self, standing: &Standing, today: Day) -> bool {
        standing.state == ContractState::Active
            && (self.renewable_from(standing.until)..standing.until).contains(&today)
    }

    /// The words for a group.
    pub fn group(&self, key: &str) -> Option<&Words> {
        self.groups.iter().find(|(known, _)| known == key).map(|(_, name)| name)
    }
}

/// What comes of an event.
///
/// # Errors
/// [`Code::ContractNotRenewable`] with the day from which it is; [`Code::ContractNotPossible`] with where it stands.
pub fn step(standing: &Standing, event: ContractEvent, terms: &ContractTerms, today: Day) -> Result<Standing, Refusal> {
    use ContractEvent::{Approve, End, Expire, Reject, Renew};
    use ContractState::{Active, Ended, Rejected, Requested};
    match (standing.state, event) {
        (Requested, Approve) => Ok(terms.beginning(Active, today)),
        (Requested, Reject) => Ok(Standing { state: Rejected, ..*standing }),
        (Requested, End) => Ok(Standing { state: Ended, ..*standing }),
        (Active, End) => Ok(Standing { state: Ended, until: today.min(standing.until), ..*standing }),
        (Active, Expire) if today >= standing.until => Ok(Standing { state: Ended, ..*standing }),
        (Active, Renew) if terms.is_renewable(standing, today) => {
            Ok(Standing { until: months_after(standing.until, terms.months), ..*standing })
        }
        (Active, Renew) if today < standing.until => {
            Err(Refusal::new(Code::ContractNotRenewable).with("from", terms.renewable_from(standing.until)))
        }
        (Requested | Active | Ended | Rejected, _) => {
            Err(Refusal::new(Code::ContractNotPossible).with("state", standing.state.words()))
        }
    }
}

/// What an open contract holds: a place on the panel, and the person's only one of the kind.
pub fn claims(offering: OfferingId, panel: u32, person: PersonId, kind: &KindKey) -> Vec<Claim> {
    vec![
        Claim::Place { pool: PoolKey::contract(person, kind), capacity: 1, amount: 1 },
        Claim::Place { pool: PoolKey::panel(offering), capacity: panel, amount: 1 },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn terms() -> ContractTerms {
        ContractTerms { months: 12, renew_days: 30, groups: vec![("elder".into(), Words::new("老年人", "Elders"))] }
    }

    #[test]
    fn months_end_where_the_calendar_has_a_day() {
        assert_eq!(months_after(day("2026-11-23"), 12), day("2027-11-23"));
        assert_eq!(months_after(day("2026-11-30"), 3), day("2027-02-28"));
        assert_eq!(months_after(day("2027-12-31"), 2), day("2028-02-29"));
        assert_eq!(months_after(day("2026-01-31"), 255), day("2047-04-30"));
    }

    #[test]
    fn it_is_renewed_from_the_end_and_only_near_it() {
        let terms = terms();
        let active = terms.beginning(ContractState::Active, day("2026-11-23"));
        assert_eq!(active.until, day("2027-11-23"));
        let early = step(&active, ContractEvent::Renew, &terms, day("2027-10-23")).unwrap_err();
        assert_eq!((early.code, &early.params[0].1), (Code::ContractNotRenewable, &day("2027-10-24").into()));
        let renewed = step(&active, ContractEvent::Renew, &terms, day("2027-10-24")).unwrap();
        assert_eq!((renewed.from, renewed.until), (active.from, day("2028-11-23")));
        assert_eq!(
            step(&renewed, ContractEvent::Renew, &terms, day("2027-10-24")).unwrap_err().code,
            Code::ContractNotRenewable,
            "a second tap renews nothing twice"
        );
        assert_eq!(
            step(&active, ContractEvent::Renew, &terms, active.until).unwrap_err().code,
            Code::ContractNotPossible
        );
    }

    /// The whole table: which events lead where.
    #[test]
    fn every_state_and_event_is_answered() {
        use ContractEvent::{Approve, End, Expire, Reject, Renew};
        use ContractState::{Active, Ended, Rejected, Requested};
        let terms = terms();
        let table = |state| {
            let standing = terms.beginning(state, day("2026-11-23"));
            [Approve, Reject, Renew, End, Expire].map(|event| {
                let [soon, last] = [day("2026-11-24"), day("2027-11-23")];
                [soon, last].map(|today| step(&standing, event, &terms, today).ok().map(|now| now.state))
            })
        };
        let no = [None, None];
        let to = |state| [Some(state), Some(state)];
        assert_eq!(table(Requested), [to(Active), to(Rejected), no, to(Ended), no]);
        assert_eq!(table(Active), [no, no, no, to(Ended), [None, Some(Ended)]]);
        assert_eq!(table(Ended), [no; 5]);
        assert_eq!(table(Rejected), [no; 5]);
    }

    #[test]
    fn an_early_end_is_written_down_as_it_was() {
        let terms = terms();
        let active = terms.beginning(ContractState::Active, day("2026-11-23"));
        let ended = step(&active, ContractEvent::End, &terms, day("2027-01-05")).unwrap();
        assert_eq!((ended.state, ended.until), (ContractState::Ended, day("2027-01-05")));
    }
}
