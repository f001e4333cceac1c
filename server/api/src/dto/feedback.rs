//! Ratings, matters and figures over the wire.

use linli_application::feedback::{
    FiguresLine, MatterView, OrderRatings as OrderRatingsOf, RatingView, Received, ReportView, event_words,
};
use linli_domain::id::{FileId, MatterId, OrderId, RatingReportId};
use linli_domain::matter::{Form, MatterState, Rung};
use linli_domain::rating::{Level, Side, Tag};
use poem_openapi::{Enum, Object};

use super::orders::PersonRef;
use super::people::keys;
use super::{At, Id, InArea, On, Words};

keys! {
    /// Whose word it is.
    RatingSide = Side {
        /// Of whoever was served.
        Resident,
        /// Of the worker who came.
        Worker,
    }
}

keys! {
    /// What sort of matter it is.
    MatterFormKey = Form {
        /// One of the two lowest levels was given.
        PoorRating,
        /// Something was wrong.
        Complaint,
        /// Somebody did well.
        Praise,
        /// Weeks after a repair: does it hold?
        StillFixed,
    }
}

keys! {
    /// Where a matter stands.
    MatterStateKey = MatterState {
        /// The resident was asked whether it holds.
        Asked,
        /// Somebody has to see to it.
        Open,
        /// They have spoken with the resident.
        Contacted,
        /// They have said what came of it.
        Answered,
        /// It is over.
        Closed,
        /// It was taken back.
        Withdrawn,
    }
}

keys! {
    /// How high up a matter stands.
    MatterLevelKey = Rung {
        /// Whoever served.
        Organisation,
        /// The community.
        Community,
        /// The street office.
        Street,
        /// The district.
        District,
    }
}

/// Something that can be said with one tap.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct RatingTag {
    /// The stable key.
    pub key: String,
    /// What it says.
    pub words: Words,
}

impl From<&Tag> for RatingTag {
    fn from(tag: &Tag) -> Self {
        Self { key: tag.key.to_owned(), words: tag.words().into() }
    }
}

/// A level with what can be said of it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct RatingLevel {
    /// 5 is very satisfied, 1 very dissatisfied.
    pub level: u8,
    /// What it is called.
    pub words: Words,
    /// Tags for whoever was served.
    pub resident: Vec<RatingTag>,
    /// Tags for the worker who came; none where nobody comes.
    pub worker: Vec<RatingTag>,
}

/// The levels, the highest first.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct RatingLevels {
    /// The levels.
    pub items: Vec<RatingLevel>,
}

/// One side's word on an order.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct OrderRating {
    /// Whose.
    pub side: RatingSide,
    /// 5 is very satisfied, 1 very dissatisfied.
    pub level: u8,
    /// What the level is called.
    pub level_words: Words,
    /// What was said with one tap.
    pub tags: Vec<RatingTag>,
    /// In their own words.
    pub words: Option<String>,
    /// Pictures, to be read at `/files/{id}`.
    pub picture_ids: Vec<Id<FileId>>,
    /// When it was given.
    pub at: At,
    /// When it was changed.
    pub edited_at: Option<At>,
    /// Until when it can be changed; none when it can no longer be.
    pub editable_until: Option<At>,
    /// What the provider answered.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<At>,
    /// Why words and pictures are hidden from others.
    pub hidden_reason: Option<String>,
}

impl From<RatingView> for OrderRating {
    fn from(view: RatingView) -> Self {
        let RatingView { rating, tags, pictures, editable_until } = view;
        let (answer, answered_at) = rating.answer.unzip();
        Self {
            side: rating.side.into(),
            level: rating.level.number(),
            level_words: rating.level.words().into(),
            tags: tags.into_iter().map(|(key, words)| RatingTag { key, words: words.into() }).collect(),
            words: (!rating.words.is_empty()).then_some(rating.words),
            picture_ids: pictures.into_iter().map(Id).collect(),
            at: rating.at.into(),
            edited_at: rating.edited_at.map(At),
            editable_until: editable_until.map(At),
            answer,
            answered_at: answered_at.map(At),
            hidden_reason: rating.hidden.map(|(reason, _)| reason),
        }
    }
}

/// What was said of an order, as far as you may read it.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct OrderRatings {
    /// Of which order.
    pub order_id: Id<OrderId>,
    /// The word of whoever was served.
    pub resident: Option<OrderRating>,
    /// The word of the worker who came.
    pub worker: Option<OrderRating>,
    /// Until when you may rate; none when you may not, or have.
    pub rate_until: Option<At>,
    /// When both can be read at the latest: sooner, once both sides have spoken.
    pub shown_from: Option<At>,
    /// What you can do now: `rate`, `edit_rating`, `answer`, `report`.
    pub actions: Vec<String>,
}

impl From<OrderRatingsOf> for OrderRatings {
    fn from(all: OrderRatingsOf) -> Self {
        Self {
            order_id: Id(all.order),
            resident: all.resident.map(OrderRating::from),
            worker: all.worker.map(OrderRating::from),
            rate_until: all.rate_until.map(At),
            shown_from: all.shown_from.map(At),
            actions: all.actions.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// What was said of a job of your own.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct ReceivedRating {
    /// What the job was.
    pub kind_name: Words,
    /// When it began, as planned.
    pub start: At,
    /// What was said, as the job itself shows it.
    pub ratings: OrderRatings,
}

impl From<Received> for ReceivedRating {
    fn from(view: Received) -> Self {
        Self { kind_name: view.service.into(), start: view.start.into(), ratings: view.ratings.into() }
    }
}

/// What was said of your jobs, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct ReceivedRatingPage {
    /// The ratings, newest first.
    pub items: Vec<ReceivedRating>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// A request to look at a rating.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct RatingReport {
    /// Which.
    pub id: Id<RatingReportId>,
    /// Of which order.
    pub order_id: Id<OrderId>,
    /// What the order was.
    pub service: Words,
    /// Why.
    pub reason: String,
    /// When.
    pub at: At,
    /// What was said.
    pub rating: OrderRating,
}

impl From<ReportView> for RatingReport {
    fn from(view: ReportView) -> Self {
        Self {
            id: Id(view.report.id),
            order_id: Id(view.report.order),
            service: view.service.into(),
            reason: view.report.reason,
            at: view.report.at.into(),
            rating: view.rating.into(),
        }
    }
}

/// Requests to look at ratings, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct RatingReportPage {
    /// Those nobody has decided, oldest first.
    pub items: Vec<RatingReport>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// One line of a matter's timeline.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct MatterEvent {
    /// When.
    pub at: At,
    /// What, as a stable key.
    pub event: String,
    /// What, in words.
    pub event_words: Words,
    /// Who did it, in words.
    pub by: Words,
    /// What they said.
    pub words: Option<String>,
}

/// Somebody's work: a poor rating, a complaint, a praise, a repair asked after.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Matter {
    /// Which.
    pub id: Id<MatterId>,
    /// Raised with every change.
    pub version: i32,
    /// What sort it is.
    pub form: MatterFormKey,
    /// What sort it is, in words.
    pub form_words: Words,
    /// Where it stands.
    pub state: MatterStateKey,
    /// Where it stands, in words.
    pub state_words: Words,
    /// How high up.
    pub level: MatterLevelKey,
    /// How high up, in words.
    pub level_words: Words,
    /// Whose it is.
    pub person: PersonRef,
    /// Their number; only for whoever has it in hand.
    pub phone: Option<String>,
    /// The order it is about.
    pub order_id: Option<Id<OrderId>>,
    /// What the order was.
    pub service: Option<Words>,
    /// The key of its kind.
    pub kind: Option<String>,
    /// Who served.
    pub organisation: Option<Words>,
    /// The community of the order, or the area it is about.
    pub area_code: InArea,
    /// Its name.
    pub area_name: Words,
    /// What was said; none where only levels and tags were given.
    pub words: Option<String>,
    /// Pictures, to be read at `/files/{id}`.
    pub picture_ids: Vec<Id<FileId>>,
    /// The rating it follows from.
    pub rating: Option<OrderRating>,
    /// The name of who sees to it.
    pub owner: Option<String>,
    /// By when somebody gets in touch.
    pub contact_by: Option<At>,
    /// When somebody last did.
    pub contacted_at: Option<At>,
    /// By when there is an outcome.
    pub answer_by: Option<At>,
    /// What came of it.
    pub answer: Option<String>,
    /// When.
    pub answered_at: Option<At>,
    /// How the resident rated the outcome.
    pub follow_level: Option<u8>,
    /// Whether a deadline has passed.
    pub late: bool,
    /// When it last went up.
    pub climbed_at: Option<At>,
    /// Since when.
    pub created_at: At,
    /// What can be done now: `climb`, `withdraw`, `follow_rate`, `still_fixed`; at a desk `take`, `contacted`, `answer`,
    /// `climb`.
    pub actions: Vec<String>,
    /// What happened, oldest first.
    pub timeline: Vec<MatterEvent>,
}

impl From<MatterView> for Matter {
    fn from(view: MatterView) -> Self {
        let matter = view.matter;
        let standing = matter.standing;
        let (answer, answered_at) = matter.answer.unzip();
        let timeline = view.timeline.into_iter().map(|(event, by)| MatterEvent {
            at: event.at.into(),
            event_words: event_words(&event).into(),
            by: by.into(),
            words: (!event.words.is_empty()).then_some(event.words),
            event: event.event,
        });
        Self {
            id: Id(matter.id),
            version: matter.version,
            form: standing.form.into(),
            form_words: standing.form.words().into(),
            state: standing.state.into(),
            state_words: standing.state.words().into(),
            level: standing.rung.into(),
            level_words: standing.rung.words().into(),
            person: PersonRef { id: Id(matter.person), name: view.person },
            phone: view.phone,
            order_id: matter.order.map(Id),
            service: view.service.map(Words::from),
            kind: matter.kind.map(|kind| kind.to_string()),
            organisation: view.organisation.map(Words::from),
            area_code: matter.area.into(),
            area_name: view.area.into(),
            words: (!matter.words.is_empty()).then_some(matter.words),
            picture_ids: view.pictures.into_iter().map(Id).collect(),
            rating: view.rating.map(OrderRating::from),
            owner: view.owner,
            contact_by: standing.contact_by.map(At),
            contacted_at: matter.contacted_at.map(At),
            answer_by: standing.answer_by.map(At),
            answer,
            answered_at: answered_at.map(At),
            follow_level: standing.followed.map(Level::number),
            late: view.late,
            climbed_at: matter.climbed_at.map(At),
            created_at: matter.created_at.into(),
            actions: view.actions.into_iter().map(str::to_owned).collect(),
            timeline: timeline.collect(),
        }
    }
}

/// Matters, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct MatterPage {
    /// The matters.
    pub items: Vec<Matter>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// How it went, for one platform, organisation or community.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct FiguresRow {
    /// The platform's key; only where lines stand for platforms.
    pub platform: Option<String>,
    /// The organisation's id; only where lines stand for organisations.
    pub organisation: Option<String>,
    /// The community's code; only where lines stand for communities.
    pub community: Option<String>,
    /// What it is called.
    pub name: Words,
    /// Orders asked for.
    pub requests: u32,
    /// Those that somebody said yes to, or that found a place.
    pub matched: u32,
    /// Half of those were answered within so many seconds.
    pub median_response_seconds: Option<i64>,
    /// Visits where somebody came …
    pub came: u32,
    /// … and came in time.
    pub on_time: u32,
    /// Those that were done.
    pub done: u32,
    /// Those rated at least fairly satisfied; left out where fewer than five were rated, so that nobody can tell who
    /// said what.
    pub satisfied: Option<u32>,
    /// Those that were rated.
    pub rated: u32,
    /// Those done and not rated. Silence is not satisfaction.
    pub unrated: u32,
    /// Those reopened at least once.
    pub reopened: u32,
}

impl FiguresRow {
    /// A line as it goes over the wire, without its key.
    pub fn of(line: FiguresLine) -> Self {
        let counts = line.line;
        Self {
            platform: None,
            organisation: None,
            community: None,
            name: line.name.into(),
            requests: counts.requests,
            matched: counts.matched,
            median_response_seconds: counts.median_response_seconds,
            came: counts.came,
            on_time: counts.on_time,
            done: counts.done,
            satisfied: line.satisfied,
            rated: counts.rated,
            unrated: line.unrated,
            reopened: counts.reopened,
        }
    }
}

/// Figures of some days.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
pub struct Figures {
    /// Orders asked for from this day on …
    pub from: On,
    /// … to the end of this one.
    pub to: On,
    /// The lines, by key.
    pub rows: Vec<FiguresRow>,
}
