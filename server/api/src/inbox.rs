//! The inbox.

use linli_application::App;
use linli_application::notices::Notice as NoticeOf;
use linli_domain::id::{NoticeId, OrderId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::Resident;
use crate::answer::Done;
use crate::dto::{At, Cursor, Id, Limit, Words, page};
use crate::problem::Answer;
use crate::server::Tag;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct Notice {
    /// Which.
    pub id: Id<NoticeId>,
    /// What it is about, as a stable key.
    pub topic: String,
    /// The short words.
    pub title: Words,
    /// The longer words.
    pub body: Words,
    /// The order it is about.
    pub order_id: Option<Id<OrderId>>,
    /// When.
    pub at: At,
    /// When it was read.
    pub read_at: Option<At>,
}

impl From<NoticeOf> for Notice {
    fn from(notice: NoticeOf) -> Self {
        Self {
            id: Id(notice.id),
            topic: notice.topic,
            title: notice.title.into(),
            body: notice.body.into(),
            order_id: notice.order.map(Id),
            at: notice.at.into(),
            read_at: notice.read_at.map(At),
        }
    }
}

/// Messages, and where the next page begins.
#[derive(Debug, Clone, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
pub struct NoticePage {
    /// The messages, newest first.
    pub items: Vec<Notice>,
    /// The cursor of the next page; none on the last.
    pub next: Option<String>,
}

/// The inbox.
#[derive(Clone)]
pub struct InboxApi {
    /// The application.
    pub app: App,
}

#[OpenApi(tag = "Tag::Inbox")]
impl InboxApi {
    /// My messages
    #[oai(path = "/notices", method = "get", operation_id = "list_notices")]
    async fn list(
        &self,
        actor: Resident,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<NoticePage>> {
        let limit = limit.0.unwrap_or_default().0;
        let before = cursor.0.map(|cursor| NoticeId(cursor.0));
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let notices = self.app.inbox(&actor, before, more).await?;
        let (items, next) = page(notices, limit, |notice| notice.id.0);
        Ok(Json(NoticePage { items: items.into_iter().map(Notice::from).collect(), next }))
    }

    /// Mark one message as read
    #[oai(path = "/notices/:id/read", method = "post", operation_id = "read_notice")]
    async fn read(&self, actor: Resident, id: Path<Id<NoticeId>>) -> Answer<Done> {
        self.app.mark_read(&actor, Some(id.0.0)).await?;
        Ok(Done::Nothing)
    }

    /// Mark all messages as read
    #[oai(path = "/notices/read", method = "post", operation_id = "read_all_notices")]
    async fn read_all(&self, actor: Resident) -> Answer<Done> {
        self.app.mark_read(&actor, None).await?;
        Ok(Done::Nothing)
    }
}
