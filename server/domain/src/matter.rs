//! Somebody's work: a poor rating, a complaint, a praise, a repair that is asked after.
//!
//! ```text
//! asked → open → contacted → answered → closed        leaving: withdrawn
//! ```
//! A matter always has an owner, and deadlines: the resident hears from somebody within a day and has an outcome within
//! fifteen (GB/T 39735-2020), and may then rate once more. What is late climbs a rung: from the organisation to the
//! community, the street office, the district. The resident may send it up at any time. [`step`] is pure and total.

use crate::area::AreaLevel;
use crate::rating::Level;
use crate::refusal::{Code, Refusal};
use crate::role::Role;
use crate::time::{Instant, Span};
use crate::words::Words;

/// Within which somebody gets in touch with the resident, also after each rung.
pub const CONTACT_WITHIN: Span = Span::days(1);
/// Within which the resident has an outcome.
pub const ANSWER_WITHIN: Span = Span::days(15);
/// What a higher rung gets at least, where the time for the outcome is nearly up or over.
pub const ANSWER_ABOVE: Span = Span::days(5);
/// Silence after an answer, or after being asked, closes it; and so long a closed one can still be sent up.
pub const SILENCE: Span = Span::days(15);
/// The longest words of a matter, of an answer, of a reason, in characters.
pub const WORDS_MAX: usize = 1_000;
/// The most pictures of a complaint.
pub const PICTURES_MOST: usize = 6;

/// What sort of work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// One of the two lowest levels was given.
    PoorRating,
    /// Something was wrong.
    Complaint,
    /// Somebody did well.
    Praise,
    /// Weeks after a repair: does it hold?
    StillFixed,
}

impl Form {
    /// All forms.
    pub const ALL: [Self; 4] = [Self::PoorRating, Self::Complaint, Self::Praise, Self::StillFixed];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::PoorRating => "poor_rating",
            Self::Complaint => "complaint",
            Self::Praise => "praise",
            Self::StillFixed => "still_fixed",
        }
    }

    /// The form of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::PoorRating => ("差评回访", "Follow-up of a poor rating"),
            Self::Complaint => ("投诉", "Complaint"),
            Self::Praise => ("表扬", "Praise"),
            Self::StillFixed => ("维修回访", "Follow-up of a repair"),
        };
        Words::new(zh, en)
    }
}

/// Where a matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatterState {
    /// The resident was asked whether it holds, and has not answered.
    Asked,
    /// Somebody has to see to it.
    Open,
    /// They have spoken with the resident.
    Contacted,
    /// They have said what came of it.
    Answered,
    /// It is over.
    Closed,
    /// The resident took it back.
    Withdrawn,
}

impl MatterState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Asked, Self::Open, Self::Contacted, Self::Answered, Self::Closed, Self::Withdrawn];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Open => "open",
            Self::Contacted => "contacted",
            Self::Answered => "answered",
            Self::Closed => "closed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Asked => ("等待您的答复", "Waiting for your answer"),
            Self::Open => ("待处理", "Waiting to be seen to"),
            Self::Contacted => ("已联系，处理中", "In hand; you were contacted"),
            Self::Answered => ("已答复", "Answered"),
            Self::Closed => ("已办结", "Closed"),
            Self::Withdrawn => ("已撤回", "Taken back"),
        };
        Words::new(zh, en)
    }

    /// Whether somebody at a desk has still to do something.
    pub const fn is_work(self) -> bool {
        matches!(self, Self::Open | Self::Contacted)
    }
}

/// How high up a matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rung {
    /// Whoever served.
    Organisation,
    /// The community.
    Community,
    /// The street office.
    Street,
    /// The district.
    District,
}

impl Rung {
    /// All rungs, the lowest first.
    pub const ALL: [Self; 4] = [Self::Organisation, Self::Community, Self::Street, Self::District];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Community => "community",
            Self::Street => "street",
            Self::District => "district",
        }
    }

    /// The rung of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rung| rung.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Organisation => ("服务单位", "The provider"),
            Self::Community => ("社区", "The community"),
            Self::Street => ("街道", "The street office"),
            Self::District => ("区里", "The district"),
        };
        Words::new(zh, en)
    }

    /// The next one up; none above the district.
    pub const fn above(self) -> Option<Self> {
        match self {
            Self::Organisation => Some(Self::Community),
            Self::Community => Some(Self::Street),
            Self::Street => Some(Self::District),
            Self::District => None,
        }
    }

    /// Where a matter begins that is about no order: with whoever looks after the area.
    pub const fn of_area(level: AreaLevel) -> Self {
        match level {
            AreaLevel::District => Self::District,
            AreaLevel::Street => Self::Street,
            AreaLevel::Community | AreaLevel::Section | AreaLevel::Group => Self::Community,
        }
    }

    /// Whether staff of an area see what stands here: the community what its organisations do, the street office and the
    /// district what has reached them.
    pub fn is_seen_by(self, role: Role) -> bool {
        match role {
            Role::CommunityStaff => true,
            Role::StreetStaff => self >= Self::Street,
            Role::DistrictStaff => self >= Self::District,
            Role::OrganisationStaff | Role::OrganisationManager | Role::CaseWorker => false,
        }
    }
}

/// What decides over a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What sort it is.
    pub form: Form,
    /// Where it stands.
    pub state: MatterState,
    /// How high up.
    pub rung: Rung,
    /// By when somebody gets in touch, or none where nobody need.
    pub contact_by: Option<Instant>,
    /// By when there is an outcome.
    pub answer_by: Option<Instant>,
    /// The one follow-up rating.
    pub followed: Option<Level>,
    /// When it last changed: from there silence is counted.
    pub changed_at: Instant,
}

impl Standing {
    /// A matter that somebody has to see to from now on.
    pub fn opened(form: Form, rung: Rung, now: Instant) -> Self {
        let contact_by = (form != Form::Praise).then(|| now + CONTACT_WITHIN);
        let answer_by = Some(now + ANSWER_WITHIN);
        Self { form, state: MatterState::Open, rung, contact_by, answer_by, followed: None, changed_at: now }
    }

    /// A repair that its resident is asked after.
    pub const fn asked(rung: Rung, now: Instant) -> Self {
        Self {
            form: Form::StillFixed,
            state: MatterState::Asked,
            rung,
            contact_by: None,
            answer_by: None,
            followed: None,
            changed_at: now,
        }
    }

    /// Whether a deadline has passed.
    pub fn is_late(&self, now: Instant) -> bool {
        let passed = |by: Option<Instant>| by.is_some_and(|by| by <= now);
        match self.state {
            MatterState::Open => passed(self.contact_by) || passed(self.answer_by),
            MatterState::Contacted => passed(self.answer_by),
            _ => false,
        }
    }
}

/// Who acts on a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whose matter it is, or a guardian.
    Resident,
    /// Whoever may see to it.
    Staff,
    /// A job.
    System,
}

impl By {
    /// Everybody.
    pub const ALL: [Self; 3] = [Self::Resident, Self::Staff, Self::System];
}

/// What happens to a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatterEvent {
    /// Somebody makes it theirs.
    Take,
    /// Somebody has spoken with the resident.
    Contact,
    /// Somebody says what came of it.
    Answer,
    /// It goes up a rung.
    Climb,
    /// It is taken back.
    Withdraw,
    /// The resident says how it was seen to.
    Follow(Level),
    /// The repair holds.
    Holds,
    /// The repair does not hold.
    Broken,
    /// The repair does not hold, and its order goes on.
    Reopen,
    /// Silence for long enough.
    Lapse,
    /// What was taken back is said again.
    Renew,
}

impl MatterEvent {
    /// The stable key, as it stands in the timeline.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Take => "taken",
            Self::Contact => "contacted",
            Self::Answer => "answered",
            Self::Climb => "climbed",
            Self::Withdraw => "withdrawn",
            Self::Follow(_) => "follow_rated",
            Self::Holds => "still_fixed",
            Self::Broken => "broken_again",
            Self::Reopen => "reopened",
            Self::Lapse => "closed",
            Self::Renew => "renewed",
        }
    }

    /// What the timeline says of an event's key.
    pub fn words(key: &str) -> Words {
        let (zh, en) = match key {
            "opened" => ("已受理", "Received"),
            "asked" => ("询问维修后情况", "Asked whether it still holds"),
            "taken" => ("有人负责处理", "Somebody sees to it"),
            "contacted" => ("已与居民联系", "The resident was contacted"),
            "answered" => ("已答复", "Answered"),
            "climbed" => ("转交上级处理", "Sent up"),
            "withdrawn" => ("已撤回", "Taken back"),
            "follow_rated" => ("居民评价了处理结果", "The resident rated how it was seen to"),
            "still_fixed" => ("居民说没有问题", "The resident says that it holds"),
            "broken_again" => ("居民说又坏了", "The resident says that it is broken again"),
            "reopened" => ("原订单继续处理", "The booking was reopened"),
            "closed" => ("已办结", "Closed"),
            "renewed" => ("再次提出", "Said again"),
            _ => ("有更新", "Updated"),
        };
        Words::new(zh, en)
    }
}

/// Decides an event.
///
/// # Errors
/// [`Code::MatterAtTop`] above the district; [`Code::MatterFollowed`] for a second follow-up rating;
/// [`Code::MatterNotPossible`] otherwise.
pub fn step(standing: &Standing, event: MatterEvent, by: By, now: Instant) -> Result<Standing, Refusal> {
    use MatterState::{Answered, Asked, Closed, Contacted, Open, Withdrawn};
    let no = || Refusal::new(Code::MatterNotPossible).with("state", standing.state.words());
    let to = |state| Ok(Standing { state, changed_at: now, ..*standing });
    let silent = now >= standing.changed_at + SILENCE;
    match (standing.state, event, by) {
        (Open | Contacted, MatterEvent::Take, By::Staff) => to(standing.state),
        (Open | Contacted, MatterEvent::Contact, By::Staff) if standing.form != Form::Praise => to(Contacted),
        (Open | Contacted, MatterEvent::Answer, By::Staff) => to(Answered),

        (Open | Contacted | Answered | Closed, MatterEvent::Climb, By::Resident | By::Staff | By::System)
            if standing.form != Form::Praise =>
        {
            let may = match by {
                By::Resident => standing.state != Closed || !silent,
                By::Staff => standing.state.is_work(),
                By::System => standing.is_late(now),
            };
            if !may {
                return Err(no());
            }
            let rung = standing.rung.above().ok_or(Code::MatterAtTop)?;
            let answer_by = (now + ANSWER_ABOVE).max(standing.answer_by.unwrap_or(now));
            let contact_by = Some(now + CONTACT_WITHIN);
            Ok(Standing { state: Open, rung, contact_by, answer_by: Some(answer_by), changed_at: now, ..*standing })
        }

        (Open | Contacted | Answered, MatterEvent::Withdraw, By::Resident) => to(Withdrawn),
        (Open, MatterEvent::Withdraw, By::System) => to(Withdrawn),
        (Withdrawn, MatterEvent::Renew, By::System) => Ok(Standing::opened(standing.form, standing.rung, now)),

        (Answered | Closed, MatterEvent::Follow(_), By::Resident) if standing.followed.is_some() => {
            Err(Code::MatterFollowed.into())
        }
        (Answered, MatterEvent::Follow(level), By::Resident) if standing.form != Form::Praise => {
            Ok(Standing { state: Closed, followed: Some(level), changed_at: now, ..*standing })
        }

        (Asked, MatterEvent::Holds | MatterEvent::Reopen, By::Resident) => to(Closed),
        (Asked, MatterEvent::Broken, By::Resident) => Ok(Standing::opened(standing.form, standing.rung, now)),
        (Asked | Answered, MatterEvent::Lapse, By::System) if silent => to(Closed),

        _ => Err(no()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> Instant {
        "2026-11-24T09:00:00+08:00".parse::<Instant>().unwrap() + Span::days(days)
    }

    fn events() -> [MatterEvent; 11] {
        use MatterEvent::{Answer, Broken, Climb, Contact, Follow, Holds, Lapse, Renew, Reopen, Take, Withdraw};
        [Take, Contact, Answer, Climb, Withdraw, Follow(Level::Fair), Holds, Broken, Reopen, Lapse, Renew]
    }

    /// The whole table, for review: soon, after two days, after three weeks.
    #[test]
    fn the_table_of_matters() {
        let mut table = String::new();
        for form in [Form::Complaint, Form::Praise] {
            for state in MatterState::ALL {
                for event in events() {
                    for by in By::ALL {
                        let standing = Standing { state, ..Standing::opened(form, Rung::Organisation, at(0)) };
                        let said = [0, 2, 21].map(|days| match step(&standing, event, by, at(days)) {
                            Ok(to) => format!("{} {}", to.state.key(), to.rung.key()),
                            Err(refusal) if refusal.code == Code::MatterNotPossible => "·".to_owned(),
                            Err(refusal) => refusal.code.key().to_owned(),
                        });
                        if said.iter().any(|said| said != "·") {
                            let [soon, late, later] = said;
                            let line = format!(
                                "{:<9} {:<9} {:<12} {:<8} {soon:<22} {late:<22} {later}",
                                form.key(),
                                state.key(),
                                event.key(),
                                format!("{by:?}"),
                            );
                            table.push_str(line.trim_end());
                            table.push('\n');
                        }
                    }
                }
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn what_is_late_climbs_to_the_top_and_no_further() {
        let mut standing = Standing::opened(Form::PoorRating, Rung::Organisation, at(0));
        assert!(!standing.is_late(Instant(at(1).0 - 1)) && standing.is_late(at(1)));
        for (day, rung) in [(1, Rung::Community), (2, Rung::Street), (3, Rung::District)] {
            assert!(step(&standing, MatterEvent::Climb, By::System, Instant(at(day).0 - 1)).is_err(), "not early");
            standing = step(&standing, MatterEvent::Climb, By::System, at(day)).unwrap();
            assert_eq!((standing.rung, standing.contact_by), (rung, Some(at(day + 1))));
            assert_eq!(standing.answer_by, Some(at(15)), "the outcome is not put off");
        }
        let top = step(&standing, MatterEvent::Climb, By::System, at(4)).unwrap_err();
        assert_eq!(top.code, Code::MatterAtTop);
        assert!(standing.is_late(at(4)), "it stays on the list of what is late");
    }

    #[test]
    fn a_higher_rung_has_some_days_for_the_outcome() {
        let open = Standing::opened(Form::Complaint, Rung::Community, at(0));
        let contacted = step(&open, MatterEvent::Contact, By::Staff, at(0)).unwrap();
        assert!(!contacted.is_late(at(14)) && contacted.is_late(at(15)));
        let above = step(&contacted, MatterEvent::Climb, By::System, at(15)).unwrap();
        assert_eq!((above.state, above.answer_by), (MatterState::Open, Some(at(20))));
    }

    #[test]
    fn there_is_one_follow_up_rating_and_still_a_way_up() {
        let open = Standing::opened(Form::PoorRating, Rung::Organisation, at(0));
        let answered = step(&open, MatterEvent::Answer, By::Staff, at(1)).unwrap();
        let poor = MatterEvent::Follow(Level::Dissatisfied);
        let closed = step(&answered, poor, By::Resident, at(2)).unwrap();
        assert_eq!((closed.state, closed.followed), (MatterState::Closed, Some(Level::Dissatisfied)));
        assert_eq!(step(&closed, poor, By::Resident, at(2)).unwrap_err().code, Code::MatterFollowed);
        let above = step(&closed, MatterEvent::Climb, By::Resident, at(3)).unwrap();
        assert_eq!((above.state, above.rung), (MatterState::Open, Rung::Community));
        let again = step(&above, MatterEvent::Answer, By::Staff, at(4)).unwrap();
        assert_eq!(step(&again, poor, By::Resident, at(5)).unwrap_err().code, Code::MatterFollowed);
        assert!(step(&closed, MatterEvent::Climb, By::Resident, at(2) + SILENCE).is_err(), "not for ever");
    }

    #[test]
    fn a_repair_that_broke_again_is_work_from_then_on() {
        let asked = Standing::asked(Rung::Organisation, at(0));
        assert!(!asked.is_late(at(100)), "nobody at a desk has to do anything");
        let open = step(&asked, MatterEvent::Broken, By::Resident, at(3)).unwrap();
        assert_eq!((open.state, open.contact_by, open.answer_by), (MatterState::Open, Some(at(4)), Some(at(18))));
        assert_eq!(step(&asked, MatterEvent::Holds, By::Resident, at(3)).unwrap().state, MatterState::Closed);
        assert_eq!(step(&asked, MatterEvent::Lapse, By::System, at(15)).unwrap().state, MatterState::Closed);
    }

    #[test]
    fn keys_are_read_back() {
        for form in Form::ALL {
            assert_eq!(Form::from_key(form.key()), Some(form));
        }
        for state in MatterState::ALL {
            assert_eq!(MatterState::from_key(state.key()), Some(state));
        }
        for rung in Rung::ALL {
            assert_eq!(Rung::from_key(rung.key()), Some(rung));
            assert!(rung.is_seen_by(Role::CommunityStaff));
            assert_eq!(rung.is_seen_by(Role::DistrictStaff), rung == Rung::District);
        }
        for event in events() {
            assert_ne!(MatterEvent::words(event.key()).zh, "有更新", "{event:?}");
        }
    }
}
