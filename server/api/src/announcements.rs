//! Announcements: made by staff, read by everybody.

use linli_application::App;
use linli_application::announcements::{
    Announced, Announcement as AnnouncementOf, BODY_MAX, NewAnnouncement, Preview as PreviewOf, State, TITLE_MAX,
};
use linli_domain::announcement::Group;
use linli_domain::id::AnnouncementId;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use crate::actor::AreaStaff;
use crate::answer::Created;
use crate::dto::{At, Cursor, Id, IdempotencyKey, InArea, Limit, On, Text, Words, page};
use crate::problem::Answer;
use crate::server::Tag;

const TITLE_EN_MAX: usize = 2 * TITLE_MAX;
const BODY_EN_MAX: usize = 2 * BODY_MAX;

/// A group of residents. Children without an account are told through their guardians.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum AnnouncementGroupKey {
    /// Whoever lives there; it is then public.
    Everybody,
    /// Whoever lives there and has an account.
    Registered,
    /// From 60 years on.
    Elders,
    /// Guardians of minors.
    Parents,
    /// Guardians of children under 14.
    #[oai(rename = "parents_under_14")]
    ParentsUnder14,
    /// Under 18 years.
    Minors,
}

impl From<AnnouncementGroupKey> for Group {
    fn from(key: AnnouncementGroupKey) -> Self {
        match key {
            AnnouncementGroupKey::Everybody => Self::Everybody,
            AnnouncementGroupKey::Registered => Self::Registered,
            AnnouncementGroupKey::Elders => Self::Elders,
            AnnouncementGroupKey::Parents => Self::Parents,
            AnnouncementGroupKey::ParentsUnder14 => Self::ParentsUnder14,
            AnnouncementGroupKey::Minors => Self::Minors,
        }
    }
}

/// A group with its name.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(deny_unknown_fields)]
struct AnnouncementGroup {
    /// The stable key.
    key: String,
    /// What it is called.
    name: Words,
}

impl From<Group> for AnnouncementGroup {
    fn from(group: Group) -> Self {
        Self { key: group.key().to_owned(), name: group.words().into() }
    }
}

/// How far an announcement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum AnnouncementState {
    /// People are being told.
    Sending,
    /// Everybody was told.
    Sent,
    /// Taken back.
    Withdrawn,
}

impl From<State> for AnnouncementState {
    fn from(state: State) -> Self {
        match state {
            State::Sending => Self::Sending,
            State::Sent => Self::Sent,
            State::Withdrawn => Self::Withdrawn,
        }
    }
}

/// The short words.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct AnnouncementTitleIn {
    /// Chinese.
    zh: Text<TITLE_MAX>,
    /// English; the Chinese words stand in its place when it is left out.
    en: Option<Text<TITLE_EN_MAX>>,
}

/// The longer words.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct AnnouncementBodyIn {
    /// Chinese.
    zh: Text<BODY_MAX>,
    /// English; the Chinese words stand in its place when it is left out.
    en: Option<Text<BODY_EN_MAX>>,
}

/// What to announce.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct AnnouncementIn {
    /// To the residents of this area.
    area_code: InArea,
    /// Of these groups, at least one.
    groups: Vec<AnnouncementGroupKey>,
    /// The short words.
    title: AnnouncementTitleIn,
    /// The longer words.
    body: AnnouncementBodyIn,
    /// Whether it leaves by more than the inbox.
    urgent: bool,
    /// The last day it is shown; always when it is left out.
    until: Option<On>,
}

impl From<AnnouncementIn> for NewAnnouncement {
    fn from(body: AnnouncementIn) -> Self {
        Self {
            area: body.area_code.0,
            groups: body.groups.into_iter().map(Group::from).collect(),
            title: (body.title.zh.0, body.title.en.map(|text| text.0)),
            body: (body.body.zh.0, body.body.en.map(|text| text.0)),
            urgent: body.urgent,
            until: body.until.map(|day| day.0),
        }
    }
}

/// How many would be told, by which ways. Somebody may be counted in the inbox and by one more way.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct AnnouncementPreview {
    /// People it is for.
    people: u32,
    /// In their inbox.
    inbox: u32,
    /// By WeChat.
    wechat: u32,
    /// By text message.
    sms: u32,
    /// With their daily digest.
    digest: u32,
    /// By a call of the staff, since nothing else reaches them.
    calls: u32,
}

impl From<PreviewOf> for AnnouncementPreview {
    fn from(preview: PreviewOf) -> Self {
        let PreviewOf { people, inbox, wechat, sms, digest, calls } = preview;
        Self { people, inbox, wechat, sms, digest, calls }
    }
}

/// An announcement, for staff.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct Announcement {
    /// Which.
    id: Id<AnnouncementId>,
    /// To whom it speaks: the residents of this area …
    area_code: InArea,
    /// … by name …
    area_name: Words,
    /// … of these groups.
    groups: Vec<AnnouncementGroup>,
    /// The short words.
    title: Words,
    /// The longer words.
    body: Words,
    /// Whether it leaves by more than the inbox.
    urgent: bool,
    /// The last day it is shown.
    until: Option<On>,
    /// How far it has come.
    state: AnnouncementState,
    /// How many people it was meant for when it was made.
    total: u32,
    /// How many were told so far.
    reached: u32,
    /// Who made it.
    author_name: String,
    /// When.
    created_at: At,
    /// When it was taken back.
    withdrawn_at: Option<At>,
}

/// Announcements, and where the next page begins.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct AnnouncementPage {
    /// Newest first.
    items: Vec<Announcement>,
    /// The cursor of the next page; none on the last.
    next: Option<String>,
}

/// What everybody may read.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct PublicAnnouncement {
    /// Which.
    id: Id<AnnouncementId>,
    /// Where it is for.
    area_code: InArea,
    /// By name.
    area_name: Words,
    /// The short words.
    title: Words,
    /// The longer words.
    body: Words,
    /// Whether it is urgent.
    urgent: bool,
    /// The last day it is shown.
    until: Option<On>,
    /// Since when.
    created_at: At,
}

/// What everybody may read, and where the next page begins.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct PublicAnnouncementPage {
    /// Newest first.
    items: Vec<PublicAnnouncement>,
    /// The cursor of the next page; none on the last.
    next: Option<String>,
}

/// Announcements.
#[derive(Clone)]
pub struct AnnouncementsApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Inbox")]
impl AnnouncementsApi {
    /// What was announced to everybody in an area
    ///
    /// There, in its street office and in the district, newest first.
    #[oai(path = "/announcements", method = "get", operation_id = "public_announcements")]
    async fn public(
        &self,
        /// The area, usually a community.
        area: Query<InArea>,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<PublicAnnouncementPage>> {
        let (before, limit, more) = window(cursor.0, limit.0);
        let found = self.app.public_announcements(&area.0.0, before, more).await?;
        let (found, next) = page(found, limit, |one| one.id.0);
        let mut items = Vec::with_capacity(found.len());
        for one in found {
            items.push(PublicAnnouncement {
                id: Id(one.id),
                area_name: self.name_of(&one).await?,
                area_code: InArea(one.area),
                title: one.title.into(),
                body: one.body.into(),
                urgent: one.urgent,
                until: one.until.map(On),
                created_at: At(one.created_at),
            });
        }
        Ok(Json(PublicAnnouncementPage { items, next }))
    }

    /// How many an announcement would reach
    #[oai(
        path = "/staff/announcements/preview",
        method = "post",
        operation_id = "preview_announcement",
        tag = "Tag::Staff"
    )]
    async fn preview(&self, actor: AreaStaff, body: Json<AnnouncementIn>) -> Answer<Json<AnnouncementPreview>> {
        Ok(Json(self.app.preview_announcement(&actor, &body.0.into()).await?.into()))
    }

    /// Announce something to residents
    ///
    /// It is sent in the background; look again for how many were told.
    #[oai(path = "/staff/announcements", method = "post", operation_id = "announce", tag = "Tag::Staff")]
    async fn announce(
        &self,
        actor: AreaStaff,
        #[oai(name = "Idempotency-Key")] key: Header<IdempotencyKey>,
        body: Json<AnnouncementIn>,
    ) -> Answer<Created<Announcement>> {
        let made = self.app.announce(&actor, body.0.into(), key.0.as_str()).await?;
        Ok(Created::Made(Json(self.shown(made).await?)))
    }

    /// Announcements to my areas
    #[oai(path = "/staff/announcements", method = "get", operation_id = "announcements", tag = "Tag::Staff")]
    async fn list(
        &self,
        actor: AreaStaff,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<AnnouncementPage>> {
        let (before, limit, more) = window(cursor.0, limit.0);
        let found = self.app.announcements(&actor, before, more).await?;
        let (found, next) = page(found, limit, |one| one.announcement.id.0);
        let mut items = Vec::with_capacity(found.len());
        for one in found {
            items.push(self.shown(one).await?);
        }
        Ok(Json(AnnouncementPage { items, next }))
    }

    /// Take an announcement back
    ///
    /// Nobody more is told, and it is removed from inboxes.
    #[oai(
        path = "/staff/announcements/:id/withdraw",
        method = "post",
        operation_id = "withdraw_announcement",
        tag = "Tag::Staff"
    )]
    async fn withdraw(&self, actor: AreaStaff, id: Path<Id<AnnouncementId>>) -> Answer<Json<Announcement>> {
        let withdrawn = self.app.withdraw_announcement(&actor, id.0.0).await?;
        Ok(Json(self.shown(withdrawn).await?))
    }

    async fn shown(&self, announced: Announced) -> Answer<Announcement> {
        let Announced { announcement: one, author } = announced;
        Ok(Announcement {
            id: Id(one.id),
            area_name: self.name_of(&one).await?,
            area_code: InArea(one.area),
            groups: one.groups.into_iter().map(AnnouncementGroup::from).collect(),
            title: one.title.into(),
            body: one.body.into(),
            urgent: one.urgent,
            until: one.until.map(On),
            state: one.state.into(),
            total: one.total,
            reached: one.reached,
            author_name: author,
            created_at: At(one.created_at),
            withdrawn_at: one.withdrawn_at.map(At),
        })
    }

    async fn name_of(&self, one: &AnnouncementOf) -> Answer<Words> {
        let catalogue = self.app.catalogue().await?;
        let area = catalogue.areas.get(&one.area);
        Ok(area.map_or_else(|| Words { zh: String::new(), en: String::new() }, |area| (&area.name).into()))
    }
}

/// Where a page begins, how long it is, and how many to read to know whether there is another.
fn window(cursor: Option<Cursor>, limit: Option<Limit>) -> (Option<AnnouncementId>, u64, u32) {
    let limit = limit.unwrap_or_default().0;
    (cursor.map(|cursor| AnnouncementId(cursor.0)), limit, u32::try_from(limit + 1).unwrap_or(101))
}
