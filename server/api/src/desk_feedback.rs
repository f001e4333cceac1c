//! What desks do about ratings, complaints and praise, and their figures.

use linli_application::App;
use linli_application::feedback::{DeskMatters, FiguresAsked, Per};
use linli_domain::id::{MatterId, OrganisationId, RatingReportId};
use linli_domain::matter::{Form, MatterState};
use linli_domain::rating;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::actor::{AreaStaff, Desk};
use crate::answer::Done;
use crate::dto::feedback::{Figures, FiguresRow, Matter, MatterFormKey, MatterPage, RatingReport, RatingReportPage};
use crate::dto::{Cursor, Id, InArea, Limit, On, Text, page};
use crate::feedback::WORDS_MAX;
use crate::problem::Answer;
use crate::server::Tag;

/// The longest reason of a decision.
const REASON_MAX: usize = rating::WORDS_MAX;
/// The longest key of a platform.
const KEY_MAX: usize = 32;

/// The desk's side of feedback.
#[derive(Clone)]
pub struct DeskFeedbackApi {
    /// The application.
    pub app: App,
}

/// What was decided of a report.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DecisionIn {
    /// Whether words and pictures are hidden. The level counts either way.
    hide: bool,
    /// Why, in words whoever said it reads; at most 500 characters.
    reason: Text<REASON_MAX>,
}

/// What was said.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SaidIn {
    /// At most 1,000 characters; the resident reads it.
    words: Text<WORDS_MAX>,
}

/// Why it goes up.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SendUpIn {
    /// At most 1,000 characters; the resident reads it.
    reason: Text<WORDS_MAX>,
}

/// Which matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum MatterWanted {
    /// Waiting for the resident to say whether a repair holds.
    Asked,
    /// Somebody has to see to it.
    Open,
    /// The resident was contacted.
    Contacted,
    /// Answered.
    Answered,
    /// Over.
    Closed,
    /// Taken back.
    Withdrawn,
    /// Past a deadline.
    Late,
}

impl MatterWanted {
    const fn state(self) -> Option<MatterState> {
        match self {
            Self::Asked => Some(MatterState::Asked),
            Self::Open => Some(MatterState::Open),
            Self::Contacted => Some(MatterState::Contacted),
            Self::Answered => Some(MatterState::Answered),
            Self::Closed => Some(MatterState::Closed),
            Self::Withdrawn => Some(MatterState::Withdrawn),
            Self::Late => None,
        }
    }
}

/// What the lines of figures stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum FiguresPer {
    /// Platforms.
    Platform,
    /// Organisations.
    Organisation,
    /// Communities.
    Community,
}

#[OpenApi(tag = "Tag::Feedback")]
impl DeskFeedbackApi {
    /// Ratings somebody should look at
    ///
    /// Those of your areas nobody has decided, oldest first.
    #[oai(path = "/desk/rating-reports", method = "get", operation_id = "desk_rating_reports")]
    async fn reports(
        &self,
        actor: AreaStaff,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<RatingReportPage>> {
        let limit = limit.0.unwrap_or_default().0;
        let after = cursor.0.map(|cursor| RatingReportId(cursor.0));
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let found = self.app.rating_reports(&actor, after, more).await?;
        let (found, next) = page(found, limit, |view| view.report.id.0);
        Ok(Json(RatingReportPage { items: found.into_iter().map(RatingReport::from).collect(), next }))
    }

    /// Decide whether the words of a rating stay
    ///
    /// Decides all reports of the same words.
    #[oai(path = "/desk/rating-reports/:id/decide", method = "post", operation_id = "decide_rating_report")]
    async fn decide(&self, actor: AreaStaff, id: Path<Id<RatingReportId>>, body: Json<DecisionIn>) -> Answer<Done> {
        self.app.decide_report(&actor, id.0.0, body.0.hide, &body.0.reason).await?;
        Ok(Done::Nothing)
    }

    /// Matters of the desk
    ///
    /// Those of your organisation; in your areas, those that have come up to you. Oldest first.
    #[oai(path = "/desk/matters", method = "get", operation_id = "desk_matters")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn matters(
        &self,
        actor: Desk,
        form: Query<Option<MatterFormKey>>,
        state: Query<Option<MatterWanted>>,
        area: Query<Option<InArea>>,
        /// Only those in your own hands.
        mine: Query<Option<bool>>,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<MatterPage>> {
        let limit = limit.0.unwrap_or_default().0;
        let after = cursor.0.map(|cursor| MatterId(cursor.0));
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let asked = DeskMatters {
            form: form.0.map(Form::from),
            state: state.0.and_then(MatterWanted::state),
            late: state.0 == Some(MatterWanted::Late),
            area: area.0.map(|area| area.0),
            mine: mine.0.unwrap_or(false),
        };
        let found = self.app.desk_matters(&actor, asked, after, more).await?;
        let (found, next) = page(found, limit, |view| view.matter.id.0);
        Ok(Json(MatterPage { items: found.into_iter().map(Matter::from).collect(), next }))
    }

    /// Make a matter your own
    ///
    /// From then on you see the number to call.
    #[oai(path = "/desk/matters/:id/take", method = "post", operation_id = "take_matter")]
    async fn take(&self, actor: Desk, id: Path<Id<MatterId>>) -> Answer<Json<Matter>> {
        Ok(Json(self.app.take_matter(&actor, id.0.0).await?.into()))
    }

    /// Write down that the resident was contacted
    #[oai(path = "/desk/matters/:id/contacted", method = "post", operation_id = "contacted_about_matter")]
    async fn contacted(&self, actor: Desk, id: Path<Id<MatterId>>, body: Json<SaidIn>) -> Answer<Json<Matter>> {
        Ok(Json(self.app.contacted_about(&actor, id.0.0, &body.0.words).await?.into()))
    }

    /// Say what came of a matter
    #[oai(path = "/desk/matters/:id/answer", method = "post", operation_id = "answer_matter")]
    async fn answer(&self, actor: Desk, id: Path<Id<MatterId>>, body: Json<SaidIn>) -> Answer<Json<Matter>> {
        Ok(Json(self.app.answer_matter(&actor, id.0.0, &body.0.words).await?.into()))
    }

    /// Send a matter up
    #[oai(path = "/desk/matters/:id/climb", method = "post", operation_id = "send_matter_up")]
    async fn send_up(&self, actor: Desk, id: Path<Id<MatterId>>, body: Json<SendUpIn>) -> Answer<Json<Matter>> {
        Ok(Json(self.app.send_up(&actor, id.0.0, &body.0.reason).await?.into()))
    }

    /// How it went, in figures
    ///
    /// Orders asked for in some days, at most 366; the last thirty when none are named. Of the area you work for, or of
    /// your organisation, when neither is named. No confidential matter is counted.
    #[oai(path = "/desk/figures", method = "get", operation_id = "desk_figures")]
    #[allow(clippy::too_many_arguments, reason = "each is a parameter of the query")]
    async fn figures(
        &self,
        actor: Desk,
        /// What the lines stand for; platforms when it is left out.
        by: Query<Option<FiguresPer>>,
        area: Query<Option<InArea>>,
        organisation: Query<Option<Id<OrganisationId>>>,
        platform: Query<Option<Text<KEY_MAX>>>,
        from: Query<Option<On>>,
        to: Query<Option<On>>,
    ) -> Answer<Json<Figures>> {
        let per = match by.0 {
            None | Some(FiguresPer::Platform) => Per::Platform,
            Some(FiguresPer::Organisation) => Per::Organisation,
            Some(FiguresPer::Community) => Per::Community,
        };
        let asked = FiguresAsked {
            per,
            area: area.0.map(|area| area.0),
            organisation: organisation.0.map(|id| id.0),
            platform: platform.0.map(|key| key.0),
            from: from.0.map(|day| day.0),
            to: to.0.map(|day| day.0),
        };
        let (from, to, lines) = self.app.figures(&actor, asked).await?;
        let row = |line: linli_application::feedback::FiguresLine| {
            let key = Some(line.key.clone());
            let row = FiguresRow::of(line);
            match per {
                Per::Platform => FiguresRow { platform: key, ..row },
                Per::Organisation => FiguresRow { organisation: key, ..row },
                Per::Community => FiguresRow { community: key, ..row },
            }
        };
        Ok(Json(Figures { from: On(from), to: On(to), rows: lines.into_iter().map(row).collect() }))
    }
}
