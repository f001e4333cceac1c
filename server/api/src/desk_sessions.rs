//! Planning events, terms and groups, keeping their rosters, and the programme.

use linli_application::App;
use linli_application::sessions::browse;
use linli_application::sessions::change::{self, MeetingChange, SessionChange};
use linli_application::sessions::copy::{self, CopyRequest};
use linli_application::sessions::draft::{self, Dates, NewMeeting, NewSession};
use linli_application::sessions::{Typed, export, programme, roster};
use linli_domain::id::{MeetingId, OfferingId, OrderId, OrganisationId, PersonId, SessionId, UnitId};
use linli_domain::platform;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::session::plan::{Pattern, Until};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Attachment, Json};
use poem_openapi::{Object, OpenApi};

use crate::actor::{AreaStaff, Desk};
use crate::answer::Created;
use crate::dto::catalogue::AgeRange;
use crate::dto::manage::SheetFormat;
use crate::dto::orders::DeskPerson;
use crate::dto::sessions::{
    CopyResult, DatesPreview, FormKey, MarkKey, Meeting, Roster, RosterItem, SessionCard, SessionPage, SessionScope,
    Theme,
};
use crate::dto::{At, Clock, Cursor, Id, InArea, Limit, On, Text, page};
use crate::manage::saved;
use crate::orders::Seen;
use crate::problem::Answer;
use crate::request;
use crate::server::Tag;
use crate::sessions::month;

/// The sessions of a desk.
#[derive(Clone)]
pub struct DeskSessionsApi {
    /// The application.
    pub app: App,
}

/// A title or a topic; English may be left out.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct TitleIn {
    /// Simplified Chinese.
    zh: Text<60>,
    /// English; the Chinese stands there too when it is left out.
    en: Option<Text<180, 0>>,
}

impl From<TitleIn> for Typed {
    fn from(title: TitleIn) -> Self {
        Self { zh: title.zh.0, en: title.en.map(|en| en.0) }
    }
}

/// A description; English may be left out.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct AboutIn {
    /// Simplified Chinese.
    zh: Text<1000, 0>,
    /// English; the Chinese stands there too when it is left out.
    en: Option<Text<3000, 0>>,
}

impl From<AboutIn> for Typed {
    fn from(about: AboutIn) -> Self {
        Self { zh: about.zh.0, en: about.en.map(|en| en.0) }
    }
}

fn nothing() -> Typed {
    Typed { zh: String::new(), en: None }
}

/// A date.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct MeetingIn {
    /// From.
    start: At,
    /// To.
    end: At,
    /// What it is about.
    topic: Option<TitleIn>,
    /// The room it occupies.
    unit_id: Option<Id<UnitId>>,
}

impl From<MeetingIn> for NewMeeting {
    fn from(meeting: MeetingIn) -> Self {
        Self {
            time: (meeting.start.0, meeting.end.0),
            topic: meeting.topic.map(Typed::from),
            unit: meeting.unit_id.map(|id| id.0),
        }
    }
}

/// The same time on some days of every week.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct PatternIn {
    /// 1 (Monday) to 7 (Sunday).
    #[oai(validator(max_items = "7"))]
    weekdays: Vec<u8>,
    /// From.
    from: Clock,
    /// To.
    to: Clock,
    /// The first day that may be one of them.
    first_day: On,
    /// How many meetings; or `last_day`.
    count: Option<u32>,
    /// The last day that may be one of them; or `count`.
    last_day: Option<On>,
    /// Whether public holidays are left out.
    skip_holidays: bool,
    /// The room all of them occupy.
    unit_id: Option<Id<UnitId>>,
}

impl PatternIn {
    fn read(&self) -> Result<Pattern, Refusal> {
        let invalid = |field, allowed: &str| Refusal::new(Code::ValueInvalid).field(field).with("allowed", allowed);
        if self.weekdays.iter().any(|day| !(1..=7).contains(day)) {
            return Err(invalid("pattern", "1-7"));
        }
        let until = match (self.count, self.last_day) {
            (Some(count), None) => Until::Count(count),
            (None, Some(day)) => Until::LastDay(day.0),
            _ => return Err(invalid("pattern", "count / last_day")),
        };
        Ok(Pattern {
            weekdays: self.weekdays.iter().fold(0, |mask, day| mask | 1 << (day - 1)),
            from: self.from.0,
            to: self.to.0,
            first_day: self.first_day.0,
            until,
            skip_holidays: self.skip_holidays,
        })
    }
}

/// What to plan.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct SessionIn {
    /// By whom, where, of which kind.
    offering_id: Id<OfferingId>,
    /// What sort.
    form: FormKey,
    /// What it is called.
    title: TitleIn,
    /// What it is about.
    about: Option<AboutIn>,
    /// How many seats there are.
    seats: u32,
    /// Ages beside those of the kind, on the day of every meeting.
    age: Option<AgeRange>,
    /// Only for residents of this area.
    residents_of: Option<InArea>,
    /// For all meetings together, in fen; the offering's price when it is left out.
    price_fen: Option<i64>,
    /// When booking opens; by the offering's rules when it is left out.
    opens_at: Option<At>,
    /// When booking ends; by the offering's rules when it is left out.
    closes_at: Option<At>,
    /// Whether only staff see it for now.
    #[oai(default)]
    draft: bool,
    /// The dates one by one; or `pattern`.
    #[oai(validator(max_items = "400"))]
    meetings: Option<Vec<MeetingIn>>,
    /// The dates by the week; or `meetings`.
    pattern: Option<PatternIn>,
}

impl SessionIn {
    fn dates(&self) -> Result<Dates, Refusal> {
        match (&self.meetings, &self.pattern) {
            (Some(meetings), None) => Ok(Dates::Meetings(meetings.iter().cloned().map(NewMeeting::from).collect())),
            (None, Some(pattern)) => Ok(Dates::Pattern(pattern.read()?, pattern.unit_id.map(|id| id.0))),
            _ => Err(Refusal::new(Code::ValueInvalid).field("meetings").with("allowed", "meetings / pattern")),
        }
    }
}

fn ages(age: AgeRange) -> platform::AgeRange {
    platform::AgeRange { min: age.min, max: age.max }
}

/// What is to be different; nothing said, nothing changed.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct SessionPatch {
    /// The version staff saw.
    version: i32,
    /// What it is called.
    title: Option<TitleIn>,
    /// What it is about.
    about: Option<AboutIn>,
    /// How many seats there are; never fewer than are taken.
    seats: Option<u32>,
    /// For all meetings together, in fen; those who have booked keep their price.
    price_fen: Option<i64>,
    /// Ages beside those of the kind, for those who book from now on.
    age: Option<AgeRange>,
    /// Only for residents of this area, for those who book from now on.
    residents_of: Option<InArea>,
    /// When booking opens.
    opens_at: Option<At>,
    /// When booking ends.
    closes_at: Option<At>,
}

/// What is to be different about a meeting; nothing said, nothing changed.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct MeetingPatch {
    /// From; it stays as long as it was when `end` is left out.
    start: Option<At>,
    /// To.
    end: Option<At>,
    /// What it is about.
    topic: Option<TitleIn>,
    /// The room it occupies.
    unit_id: Option<Id<UnitId>>,
    /// Why, in words those who come read, at most 200 characters.
    reason: Option<Text<200>>,
}

/// Why something is called off.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct ReasonIn {
    /// In words those who come read, at most 200 characters.
    reason: Text<200>,
}

/// Why a session is called off.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct CancelIn {
    /// The version staff saw.
    version: i32,
    /// In words those who come read, at most 200 characters.
    reason: Text<200>,
}

/// A mark for somebody.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct MarkIn {
    /// Whose order.
    order_id: Id<OrderId>,
    /// What.
    mark: MarkKey,
}

/// Who was at a meeting.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct AttendanceIn {
    /// Those who are marked now; what stands of others stays.
    #[oai(validator(max_items = "500"))]
    marks: Vec<MarkIn>,
}

/// What a month is about.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct ThemeIn {
    /// Where.
    area_code: InArea,
    /// When, as `2026-11`.
    month: Text<7, 7>,
    /// In a few words.
    title: TitleIn,
    /// In more words.
    about: Option<AboutIn>,
}

/// A week to copy.
#[derive(Debug, Clone, Object)]
#[oai(deny_unknown_fields)]
struct CopyIn {
    /// Where.
    area_code: InArea,
    /// Any day of the week to copy from.
    from_week: On,
    /// Any day of the week to fill.
    to_week: On,
    /// Only these; all events and groups when it is left out.
    #[oai(validator(max_items = "500"))]
    session_ids: Option<Vec<Id<SessionId>>>,
    /// Only look.
    #[oai(default)]
    dry_run: bool,
}

#[OpenApi(prefix_path = "/desk", tag = "Tag::Desk")]
impl DeskSessionsApi {
    /// Events, terms and groups I serve
    #[oai(path = "/sessions", method = "get", operation_id = "desk_sessions")]
    async fn list(
        &self,
        actor: Desk,
        /// Only held by this organisation.
        organisation: Query<Option<Id<OrganisationId>>>,
        /// Only in this area.
        area: Query<Option<InArea>>,
        /// Which; those to come if it is left out.
        scope: Query<Option<SessionScope>>,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<SessionPage>> {
        let limit = limit.0.unwrap_or_default().0;
        let more = usize::try_from(limit + 1).unwrap_or(101);
        let after = cursor.0.map(|cursor| SessionId(cursor.0));
        let area = area.0.map(|area| area.0);
        let whose = (organisation.0.map(|id| id.0), area.as_ref());
        let scope = scope.0.unwrap_or(SessionScope::Upcoming).into();
        let (catalogue, found) = browse::desk_list(&self.app, &actor, whose, scope, after, more).await?;
        let (found, next) = page(found, limit, |view| view.session.id.0);
        let items = found.iter().map(|view| Ok(SessionCard::of(&self.app, &catalogue, view)?.for_staff(view)));
        Ok(Json(SessionPage { items: items.collect::<Answer<_>>()?, next }))
    }

    /// One of them
    #[oai(path = "/sessions/:id", method = "get", operation_id = "desk_session")]
    async fn one(&self, actor: Desk, id: Path<Id<SessionId>>) -> Answer<Json<SessionCard>> {
        Ok(Json(self.shown(&actor, id.0.0).await?))
    }

    /// The dates something would have
    ///
    /// Each with what is in its way; nothing is written.
    #[oai(path = "/sessions/preview", method = "post", operation_id = "preview_session")]
    async fn preview(&self, actor: Desk, body: Json<SessionIn>) -> Answer<Json<DatesPreview>> {
        let dates = body.0.dates()?;
        Ok(Json(draft::preview(&self.app, &actor, body.0.offering_id.0, &dates).await?.into()))
    }

    /// Plan an event, a term, a group
    ///
    /// With all its dates and their rooms, or nothing.
    #[oai(path = "/sessions", method = "post", operation_id = "create_session")]
    async fn create(&self, actor: Desk, body: Json<SessionIn>) -> Answer<Created<SessionCard>> {
        let body = body.0;
        let dates = body.dates()?;
        let new = NewSession {
            offering: body.offering_id.0,
            form: body.form.into(),
            title: body.title.into(),
            about: body.about.map_or_else(nothing, Typed::from),
            seats: body.seats,
            age: body.age.map(ages),
            residents_of: body.residents_of.map(|area| area.0),
            price_fen: body.price_fen,
            opens_at: body.opens_at.map(|at| at.0),
            closes_at: body.closes_at.map(|at| at.0),
            draft: body.draft,
            dates,
        };
        let id = draft::create(&self.app, &actor, new).await?;
        Ok(Created::Made(Json(self.shown(&actor, id).await?)))
    }

    /// Change what it says of itself
    #[oai(path = "/sessions/:id", method = "patch", operation_id = "change_session")]
    async fn change(
        &self,
        actor: Desk,
        id: Path<Id<SessionId>>,
        body: Json<SessionPatch>,
    ) -> Answer<Json<SessionCard>> {
        let body = body.0;
        let new = SessionChange {
            title: body.title.map(Typed::from),
            about: body.about.map(Typed::from),
            seats: body.seats,
            price_fen: body.price_fen,
            age: body.age.map(ages),
            residents_of: body.residents_of.map(|area| area.0),
            opens_at: body.opens_at.map(|at| at.0),
            closes_at: body.closes_at.map(|at| at.0),
        };
        change::change(&self.app, &actor, id.0.0, body.version, new).await?;
        Ok(Json(self.shown(&actor, id.0.0).await?))
    }

    /// Show it to everybody
    #[oai(path = "/sessions/:id/open", method = "post", operation_id = "open_session")]
    async fn open(&self, actor: Desk, id: Path<Id<SessionId>>, body: Json<Seen>) -> Answer<Json<SessionCard>> {
        change::open(&self.app, &actor, id.0.0, body.0.version).await?;
        Ok(Json(self.shown(&actor, id.0.0).await?))
    }

    /// Call it off
    ///
    /// Everybody who has a seat or waits for one is told.
    #[oai(path = "/sessions/:id/cancel", method = "post", operation_id = "cancel_session")]
    async fn cancel(&self, actor: Desk, id: Path<Id<SessionId>>, body: Json<CancelIn>) -> Answer<Json<SessionCard>> {
        change::cancel(&self.app, &actor, id.0.0, body.0.version, &body.0.reason).await?;
        Ok(Json(self.shown(&actor, id.0.0).await?))
    }

    /// Add a meeting
    ///
    /// Everybody who has a seat is told.
    #[oai(path = "/sessions/:id/meetings", method = "post", operation_id = "add_meeting")]
    async fn add(&self, actor: Desk, id: Path<Id<SessionId>>, body: Json<MeetingIn>) -> Answer<Created<SessionCard>> {
        change::add_meeting(&self.app, &actor, id.0.0, body.0.into()).await?;
        Ok(Created::Made(Json(self.shown(&actor, id.0.0).await?)))
    }

    /// Move a meeting, or say what it is about
    ///
    /// Everybody who has a seat is told of a new time.
    #[oai(path = "/meetings/:id", method = "patch", operation_id = "change_meeting")]
    async fn change_meeting(
        &self,
        actor: Desk,
        id: Path<Id<MeetingId>>,
        body: Json<MeetingPatch>,
    ) -> Answer<Json<SessionCard>> {
        let body = body.0;
        let new = MeetingChange {
            start: body.start.map(|at| at.0),
            end: body.end.map(|at| at.0),
            topic: body.topic.map(Typed::from),
            unit: body.unit_id.map(|id| id.0),
            reason: body.reason.map(|reason| reason.0),
        };
        let session = change::change_meeting(&self.app, &actor, id.0.0, new).await?;
        Ok(Json(self.shown(&actor, session).await?))
    }

    /// Call a meeting off
    ///
    /// When it was the only one, the event or term is called off with it.
    #[oai(path = "/meetings/:id/cancel", method = "post", operation_id = "cancel_meeting")]
    async fn cancel_meeting(
        &self,
        actor: Desk,
        id: Path<Id<MeetingId>>,
        body: Json<ReasonIn>,
    ) -> Answer<Json<SessionCard>> {
        let session = change::cancel_meeting(&self.app, &actor, id.0.0, &body.0.reason).await?;
        Ok(Json(self.shown(&actor, session).await?))
    }

    /// The roster
    #[oai(path = "/sessions/:id/roster", method = "get", operation_id = "session_roster")]
    async fn roster(&self, actor: Desk, id: Path<Id<SessionId>>) -> Answer<Json<Roster>> {
        Ok(Json(self.roster_of(&actor, id.0.0).await?))
    }

    /// Save the roster
    ///
    /// Phones are masked, nothing in it can be carried out by a spreadsheet, and it is on record who saved it.
    #[oai(path = "/sessions/:id/roster/file", method = "get", operation_id = "export_roster")]
    async fn roster_file(
        &self,
        actor: Desk,
        id: Path<Id<SessionId>>,
        format: Query<SheetFormat>,
    ) -> Answer<Attachment<Vec<u8>>> {
        Ok(saved(export::file(&self.app, &actor, id.0.0, format.0.into(), request::language()).await?))
    }

    /// Mark who was there
    ///
    /// Marks can be corrected until seven days after the meeting.
    #[oai(path = "/meetings/:id/attendance", method = "put", operation_id = "mark_attendance")]
    async fn attendance(&self, actor: Desk, id: Path<Id<MeetingId>>, body: Json<AttendanceIn>) -> Answer<Json<Roster>> {
        let marks = body.0.marks.into_iter().map(|one| (one.order_id.0, one.mark.into())).collect();
        let session = roster::attendance(&self.app, &actor, id.0.0, marks).await?;
        Ok(Json(self.roster_of(&actor, session).await?))
    }

    /// Say what a month is about
    #[oai(path = "/themes", method = "put", operation_id = "set_theme")]
    async fn set_theme(&self, actor: AreaStaff, body: Json<ThemeIn>) -> Answer<Json<Theme>> {
        let ThemeIn { area_code, month: when, title, about } = body.0;
        let words = (title.into(), about.map_or_else(nothing, Typed::from));
        let theme = programme::set_theme(&self.app, &actor, area_code.0, month(&when)?, words).await?;
        Ok(Json(theme.into()))
    }

    /// Copy a week of the programme
    ///
    /// Events become new events, groups meet once more. Copying twice makes nothing twice.
    #[oai(path = "/programme/copy", method = "post", operation_id = "copy_programme")]
    async fn copy(&self, actor: Desk, body: Json<CopyIn>) -> Answer<Json<CopyResult>> {
        let body = body.0;
        let request = CopyRequest {
            area: body.area_code.0,
            from: body.from_week.0,
            to: body.to_week.0,
            only: body.session_ids.map(|ids| ids.into_iter().map(|id| id.0).collect()),
            dry_run: body.dry_run,
        };
        Ok(Json(copy::copy(&self.app, &actor, request).await?.into()))
    }

    async fn shown(&self, actor: &Desk, id: SessionId) -> Answer<SessionCard> {
        let (catalogue, view) = browse::desk_one(&self.app, actor, id).await?;
        Ok(SessionCard::whole(&self.app, &catalogue, &view)?.for_staff(&view))
    }

    async fn roster_of(&self, actor: &Desk, id: SessionId) -> Answer<Roster> {
        let (catalogue, view, entries) = roster::roster(&self.app, actor, id).await?;
        let people: Vec<PersonId> = entries.iter().map(|entry| entry.order.subject).collect();
        let people = self.app.desk_people(people).await?;
        let subject = |id: PersonId| DeskPerson::of(id, people.get(&id));
        Ok(Roster {
            session: SessionCard::of(&self.app, &catalogue, &view)?.for_staff(&view),
            meetings: view.session.meetings.iter().map(|meeting| Meeting::of(&catalogue, meeting)).collect(),
            items: entries.iter().map(|entry| RosterItem::of(entry, subject(entry.order.subject))).collect(),
        })
    }
}
