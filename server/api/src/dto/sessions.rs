//! Events, terms and groups over the wire.

use linli_application::App;
use linli_application::catalogue::Catalogue;
use linli_application::sessions::browse::{self as sessions, SessionView};
use linli_application::sessions::certificate;
use linli_application::sessions::copy::Copied;
use linli_application::sessions::draft::Looked;
use linli_application::sessions::programme::{Programme as ProgrammeOf, Theme as ThemeOf};
use linli_application::sessions::roster::Entry;
use linli_domain::id::{MeetingId, OfferingId, OrderId, SessionId};
use linli_domain::refusal::Refusal;
use linli_domain::session::attended::Mark;
use linli_domain::session::{self, Form, Month, SessionState};
use linli_domain::words::Language;
use poem_openapi::{Enum, Object};

use super::catalogue::{AgeRange, LeftKey, OrganisationRef, Place, Provider};
use super::orders::{DeskPerson, OrderState};
use super::people::keys;
use super::rooms::TimeSpan;
use super::{At, Id, InArea, On, Words};
use crate::problem::Answer;

keys! {
    /// What sort of session it is.
    FormKey = Form {
        /// One meeting: a lecture, a show.
        Event,
        /// Several meetings that are taken together: a class.
        Term,
        /// A group that goes on, joined and left at any time.
        Group,
    }
}

keys! {
    /// Whether a session can be seen and joined.
    SessionStateKey = SessionState {
        /// Being prepared: only staff see it.
        Draft,
        /// For everybody.
        Open,
        /// It will not take place.
        Cancelled,
    }
}

keys! {
    /// What stands on the roster.
    MarkKey = Mark {
        /// They were there.
        Present,
        /// They were not.
        Absent,
        /// They said beforehand that they cannot come.
        Excused,
    }
}

keys! {
    /// Which sessions a desk lists.
    SessionScope = sessions::Scope {
        /// Those to come, the next first.
        Upcoming,
        /// Those that are over or were cancelled, the last first.
        Past,
        /// Those being prepared.
        Draft,
    }
}

/// Whether a meeting takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum MeetingState {
    /// It does.
    Planned,
    /// It does not.
    Cancelled,
}

/// One date of a session.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Meeting {
    /// Which.
    pub id: Id<MeetingId>,
    /// Counting from 1 in the order in which they were planned.
    pub number: u32,
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// What it is about.
    pub topic: Option<Words>,
    /// The room, where rooms are kept.
    pub place: Option<Words>,
    /// Whether it takes place.
    pub state: MeetingState,
    /// Why not.
    pub reason: Option<String>,
}

impl Meeting {
    /// A meeting as it goes over the wire.
    pub fn of(catalogue: &Catalogue, meeting: &session::Meeting) -> Self {
        let room = |id| catalogue.offerings.values().find_map(|offered| offered.unit(id));
        let off = meeting.cancelled.as_ref();
        Self {
            id: Id(meeting.id),
            number: meeting.number,
            start: meeting.start.into(),
            end: meeting.end.into(),
            topic: (!meeting.topic.zh.is_empty()).then(|| (&meeting.topic).into()),
            place: meeting.unit.and_then(room).map(|unit| (&unit.name).into()),
            state: if off.is_some() { MeetingState::Cancelled } else { MeetingState::Planned },
            reason: off.filter(|reason| !reason.is_empty()).cloned(),
        }
    }
}

/// An event, a term, a group.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct SessionCard {
    /// Which.
    pub id: Id<SessionId>,
    /// Of what.
    pub offering_id: Id<OfferingId>,
    /// The key of the kind.
    pub kind: String,
    /// What the kind is called.
    pub kind_name: Words,
    /// The key of the platform.
    pub platform: String,
    /// What sort.
    pub form: FormKey,
    /// What it is called.
    pub title: Words,
    /// What it is about; empty when nothing is said.
    pub about: Words,
    /// Who holds it.
    pub organisation: OrganisationRef,
    /// Where.
    pub place: Place,
    /// When the first meeting begins.
    pub first: Option<At>,
    /// When the last meeting ends.
    pub last: Option<At>,
    /// The next meeting.
    pub next: Option<TimeSpan>,
    /// How many meetings take place.
    pub meetings: u32,
    /// How many seats there are.
    pub seats: u32,
    /// Seats nobody has; 0 when it is over or cancelled.
    pub free: u32,
    /// People in line.
    pub waiting: u32,
    /// What is left, in a word.
    pub left: LeftKey,
    /// The price for all meetings together, in fen.
    pub price_fen: i64,
    /// Whether it costs nothing.
    pub free_of_charge: bool,
    /// The ages it is meant for, on the day of each meeting.
    pub age: Option<AgeRange>,
    /// The area whose residents alone may come.
    pub residents_of: Option<Words>,
    /// When booking opens; it always was open when nothing is said.
    pub opens_at: Option<At>,
    /// When booking ends; it does not when nothing is said.
    pub closes_at: Option<At>,
    /// Whether a seat can be had right away.
    pub bookable: bool,
    /// Whether one may join the line.
    pub can_wait: bool,
    /// The code with which booking would be refused.
    pub why_not: Option<String>,
    /// Whether it can be seen and joined.
    pub state: SessionStateKey,
    /// Its meetings, by beginning; only where one session is looked at.
    pub meetings_list: Option<Vec<Meeting>>,
    /// Until when a seat can be given up without calling, as a sentence; only where one session is looked at.
    pub changes_until_words: Option<Words>,
    /// With whom; only where one session is looked at.
    pub provider: Option<Provider>,
    /// Raised with every change: staff send back the one they saw. Only for staff.
    pub version: Option<i32>,
    /// Seats given out. Only for staff.
    pub taken: Option<u32>,
}

impl SessionCard {
    /// A session in a list.
    ///
    /// # Errors
    /// A fault of ours when the catalogue lacks something the session names.
    pub fn of(app: &App, catalogue: &Catalogue, view: &SessionView) -> Answer<Self> {
        let session = &view.session;
        let offered = catalogue.offered(session.offering)?;
        let key = &offered.offering.kind;
        let plain = || Words { zh: key.to_string(), en: key.to_string() };
        let residents_of = session.residents_of.as_ref().or(offered.offering.residents_of.as_ref());
        let span = session.span();
        Ok(Self {
            id: Id(session.id),
            offering_id: Id(session.offering),
            kind: key.to_string(),
            kind_name: app.platforms.kind(key).map_or_else(plain, |kind| (&kind.name).into()),
            platform: key.platform().to_owned(),
            form: session.form.into(),
            title: (&session.title).into(),
            about: (&session.about).into(),
            organisation: OrganisationRef::of(catalogue, offered)?,
            place: Place::of(catalogue.place(offered)?),
            first: span.map(|(first, _)| first.into()),
            last: span.map(|(_, last)| last.into()),
            next: view.next.map(|(start, end)| TimeSpan { start: start.into(), end: end.into() }),
            meetings: u32::try_from(session.planned().count()).unwrap_or(u32::MAX),
            seats: session.seats,
            free: view.free,
            waiting: view.waiting,
            left: view.left.into(),
            price_fen: session.price_fen,
            free_of_charge: session.price_fen == 0,
            age: view.ages.map(|age| AgeRange { min: age.min, max: age.max }),
            residents_of: residents_of.and_then(|code| catalogue.areas.get(code)).map(|area| (&area.name).into()),
            opens_at: view.opens_at.map(At),
            closes_at: view.closes_at.map(At),
            bookable: view.is_bookable(),
            can_wait: view.can_wait(),
            why_not: view.why_not.map(|code| code.key().to_owned()),
            state: session.state.into(),
            meetings_list: None,
            changes_until_words: None,
            provider: None,
            version: None,
            taken: None,
        })
    }

    /// A session that is looked at by itself.
    ///
    /// # Errors
    /// As [`SessionCard::of`].
    pub fn whole(app: &App, catalogue: &Catalogue, view: &SessionView) -> Answer<Self> {
        let offered = catalogue.offered(view.session.offering)?;
        let meetings = view.session.meetings.iter().map(|meeting| Meeting::of(catalogue, meeting));
        Ok(Self {
            meetings_list: Some(meetings.collect()),
            changes_until_words: sessions::changes_sentence(app, offered, &view.session).map(Words::from),
            provider: Provider::of(catalogue, offered),
            ..Self::of(app, catalogue, view)?
        })
    }

    /// With what only staff see.
    #[must_use]
    pub fn for_staff(self, view: &SessionView) -> Self {
        Self { version: Some(view.session.version), taken: Some(view.taken), ..self }
    }
}

/// Sessions, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct SessionPage {
    /// The sessions.
    pub items: Vec<SessionCard>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// What stands in the way of something.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Obstacle {
    /// The stable code.
    pub code: String,
    /// In words.
    pub words: Words,
}

impl From<&Refusal> for Obstacle {
    fn from(refusal: &Refusal) -> Self {
        let words = Words { zh: refusal.detail(Language::Zh), en: refusal.detail(Language::En) };
        Self { code: refusal.code.key().to_owned(), words }
    }
}

/// A date that would be planned.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct PlannedDate {
    /// From.
    pub start: At,
    /// To.
    pub end: At,
    /// Whether nothing is in the way.
    pub ok: bool,
    /// What is in the way.
    pub problem: Option<Obstacle>,
}

/// A holiday that would be left out.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct SkippedDay {
    /// Which day.
    pub day: On,
    /// The holiday.
    pub name: Words,
}

/// The dates a session would have.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct DatesPreview {
    /// The dates, by beginning.
    pub meetings: Vec<PlannedDate>,
    /// Holidays left out.
    pub skipped: Vec<SkippedDay>,
}

impl From<Looked> for DatesPreview {
    fn from(looked: Looked) -> Self {
        let date = |((start, end), problem): ((_, _), Option<Refusal>)| PlannedDate {
            start: At(start),
            end: At(end),
            ok: problem.is_none(),
            problem: problem.as_ref().map(Obstacle::from),
        };
        Self {
            meetings: looked.meetings.into_iter().map(date).collect(),
            skipped: looked
                .skipped
                .into_iter()
                .map(|one| SkippedDay { day: one.day.into(), name: one.name.into() })
                .collect(),
        }
    }
}

/// A mark at a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct MeetingMark {
    /// At which meeting.
    pub meeting_id: Id<MeetingId>,
    /// What.
    pub mark: MarkKey,
}

/// Somebody on the roster.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct RosterItem {
    /// The order.
    pub order_id: Id<OrderId>,
    /// Its version.
    pub version: i32,
    /// Who.
    pub subject: DeskPerson,
    /// Where the order stands.
    pub state: OrderState,
    /// Where they stand in line, counting from 1.
    pub position: Option<u32>,
    /// Their marks, by meeting.
    pub marks: Vec<MeetingMark>,
}

impl RosterItem {
    /// An entry with who it is.
    pub fn of(entry: &Entry, subject: DeskPerson) -> Self {
        let mark = |(meeting, mark): &(MeetingId, Mark)| MeetingMark { meeting_id: Id(*meeting), mark: (*mark).into() };
        Self {
            order_id: Id(entry.order.id),
            version: entry.order.version,
            subject,
            state: entry.order.state.into(),
            position: entry.position,
            marks: entry.marks.iter().map(mark).collect(),
        }
    }
}

/// A roster.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct Roster {
    /// Of what.
    pub session: SessionCard,
    /// Its meetings, by beginning.
    pub meetings: Vec<Meeting>,
    /// Those with a seat in the order in which they came, then those in line.
    pub items: Vec<RosterItem>,
}

/// What a month is about.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Theme {
    /// Where.
    pub area_code: InArea,
    /// When, as `2026-11`.
    pub month: String,
    /// In a few words.
    pub title: Words,
    /// In more words; empty when nothing is said.
    pub about: Words,
}

impl From<ThemeOf> for Theme {
    fn from(theme: ThemeOf) -> Self {
        Self {
            area_code: theme.area.into(),
            month: Month(theme.month).to_string(),
            title: theme.title.into(),
            about: theme.about.into(),
        }
    }
}

/// Something in the programme.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(deny_unknown_fields)]
pub struct ProgrammeItem {
    /// What.
    pub session: SessionCard,
    /// When.
    pub meeting: Meeting,
}

/// A day of the programme.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ProgrammeDay {
    /// Which.
    pub day: On,
    /// The public holiday it is.
    pub holiday: Option<Words>,
    /// What there is, by beginning; what was called off says so.
    pub items: Vec<ProgrammeItem>,
}

/// A week in an area.
#[derive(Debug, Clone, PartialEq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Programme {
    /// Where.
    pub area_code: InArea,
    /// What it is called.
    pub area_name: Words,
    /// The Monday.
    pub week: On,
    /// What the month is about.
    pub theme: Option<Theme>,
    /// Monday to Sunday.
    pub days: Vec<ProgrammeDay>,
}

impl Programme {
    /// A programme as it goes over the wire.
    ///
    /// # Errors
    /// As [`SessionCard::of`].
    pub fn of(app: &App, catalogue: &Catalogue, programme: ProgrammeOf) -> Answer<Self> {
        let mut days = Vec::with_capacity(programme.days.len());
        for day in programme.days {
            let item = |(view, meeting): &(SessionView, session::Meeting)| {
                let session = SessionCard::of(app, catalogue, view)?;
                Ok(ProgrammeItem { session, meeting: Meeting::of(catalogue, meeting) })
            };
            let items = day.items.iter().map(item).collect::<Answer<_>>()?;
            days.push(ProgrammeDay { day: day.day.into(), holiday: day.holiday.map(Words::from), items });
        }
        let (area_code, area_name) = programme.area;
        Ok(Self {
            area_code: area_code.into(),
            area_name: area_name.into(),
            week: programme.week.into(),
            theme: programme.theme.map(Theme::from),
            days,
        })
    }
}

/// Something that was copied, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct CopyMade {
    /// The new event, or the group that meets once more; none of what would be.
    pub session_id: Option<Id<SessionId>>,
    /// What it is called.
    pub title: Words,
    /// When it begins.
    pub start: At,
}

/// Something that is not copied.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct CopySkipped {
    /// What it is called.
    pub title: Words,
    /// When it would have begun.
    pub start: At,
    /// Why not.
    pub problem: Obstacle,
}

/// What copying a week did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct CopyResult {
    /// What there is now.
    pub made: Vec<CopyMade>,
    /// What was left out.
    pub skipped: Vec<CopySkipped>,
}

impl From<Copied> for CopyResult {
    fn from(copied: Copied) -> Self {
        let made = copied.made.into_iter().map(|one| CopyMade {
            session_id: one.session.map(Id),
            title: one.title.into(),
            start: one.start.into(),
        });
        let skipped = copied.skipped.into_iter().map(|one| CopySkipped {
            title: one.title.into(),
            start: one.start.into(),
            problem: Obstacle { code: one.code.to_owned(), words: one.words.into() },
        });
        Self { made: made.collect(), skipped: skipped.collect() }
    }
}

/// A certificate of attendance.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Certificate {
    /// Its number, for others to check.
    pub number: String,
    /// Who attended.
    pub name: String,
    /// What.
    pub title: Words,
    /// Who held it.
    pub organisation: Words,
    /// Where.
    pub place: Words,
    /// The first meeting.
    pub first_day: On,
    /// The last meeting.
    pub last_day: On,
    /// Meetings attended.
    pub attended: u32,
    /// Meetings that took place.
    pub planned: u32,
    /// Minutes attended.
    pub minutes: u32,
    /// When it was handed out.
    pub issued_on: On,
    /// All of it in a sentence.
    pub words: Words,
}

impl From<certificate::Certificate> for Certificate {
    fn from(one: certificate::Certificate) -> Self {
        Self {
            number: one.number,
            name: one.name,
            title: one.title.into(),
            organisation: one.organisation.into(),
            place: one.place.into(),
            first_day: one.first_day.into(),
            last_day: one.last_day.into(),
            attended: one.counted.attended,
            planned: one.counted.planned,
            minutes: one.counted.minutes,
            issued_on: one.issued_on.into(),
            words: one.words.into(),
        }
    }
}

/// What anybody is told of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct CertificateCheck {
    /// Whether it stands.
    pub valid: bool,
    /// The family name.
    pub name_masked: String,
    /// What.
    pub title: Words,
    /// Who held it.
    pub organisation: Words,
    /// When it was handed out.
    pub issued_on: On,
}

impl From<certificate::Shown> for CertificateCheck {
    fn from(one: certificate::Shown) -> Self {
        Self {
            valid: one.valid,
            name_masked: one.name_masked,
            title: one.title.into(),
            organisation: one.organisation.into(),
            issued_on: one.issued_on.into(),
        }
    }
}
