//! Oneself: profile, household, logins, consents, the record, leaving.

use linli_application::App;
use linli_application::input::{ADDRESS_MAX, NAME_MAX};
use linli_application::people::consents::ConsentView;
use linli_application::people::household::{self, NewWard};
use linli_application::people::profile::{self, Changes};
use linli_application::people::records::{self, RecordView};
use linli_application::people::{closing, consents, export, identity, logins};
use linli_domain::id::{ConsentId, LoginId, PersonId};
use linli_domain::refusal::Code;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};

use crate::actor::Resident;
use crate::answer::{Created, Done};
use crate::dto::{At, Cursor, Id, InArea, LanguageKey, Limit, Me, On, Person, RelationKey, Text, Words, page};
use crate::problem::Answer;
use crate::server::Tag;

/// Oneself.
#[derive(Clone)]
pub struct MeApi {
    /// The application.
    pub app: App,
}

type Name = Text<NAME_MAX>;

/// What to change of oneself; what is left out stays.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct MePatch {
    /// The person's version as it was read.
    version: i32,
    /// The name.
    name: Option<Name>,
    /// The birth date; fixed once it is verified.
    birth_date: Option<On>,
    /// The community.
    community_code: Option<InArea>,
    /// The address; an empty text removes it.
    address: Option<Text<ADDRESS_MAX, 0>>,
    /// The language of messages.
    language: Option<LanguageKey>,
    /// Large type and fewer things on a page.
    large_type: Option<bool>,
}

/// An identity number.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct IdentityIn {
    /// Eighteen characters (GB 11643).
    number: Text<18, 18>,
}

/// A child of the household.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WardIn {
    /// The name.
    name: Name,
    /// The birth date.
    birth_date: On,
    /// What the guardian is to the child.
    relation: RelationKey,
    /// The guardian's separate consent to the use of the child's data; needed under 14.
    consent_under_14: Option<bool>,
}

/// What to change of a child; what is left out stays.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct WardPatch {
    /// The child's version as it was read.
    version: i32,
    /// The name.
    name: Option<Name>,
    /// The birth date; fixed once it is verified.
    birth_date: Option<On>,
}

/// A login on one device.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct LoginRow {
    /// Which.
    id: Id<LoginId>,
    /// What the device calls itself; may be empty.
    device: String,
    /// Since when.
    created_at: At,
    /// When it was last used, to the hour.
    seen_at: At,
    /// Whether it is this one.
    current: bool,
}

/// The logins that stand.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct LoginRows {
    /// Newest first.
    items: Vec<LoginRow>,
}

/// A text, and whether it was agreed to.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct Consent {
    /// The consent; left out where it was not given yet.
    id: Option<Id<ConsentId>>,
    /// Whose data it is about; left out where it was not given yet.
    person_id: Option<Id<PersonId>>,
    /// The stable key.
    purpose: String,
    /// The version of the text: the one agreed to, otherwise today's.
    text_version: String,
    /// When it was given.
    given_at: Option<At>,
    /// When it was withdrawn.
    withdrawn_at: Option<At>,
    /// What it is called.
    title: Words,
    /// What it says.
    text: Words,
}

impl From<ConsentView> for Consent {
    fn from(view: ConsentView) -> Self {
        let ConsentView { text, consent } = view;
        Self {
            id: consent.as_ref().map(|given| Id(given.id)),
            person_id: consent.as_ref().map(|given| Id(given.person)),
            purpose: text.purpose.clone(),
            text_version: consent.as_ref().map_or_else(|| text.version.clone(), |given| given.text_version.clone()),
            given_at: consent.as_ref().map(|given| At(given.given_at)),
            withdrawn_at: consent.and_then(|given| given.withdrawn_at).map(At),
            title: (&text.title).into(),
            text: (&text.text).into(),
        }
    }
}

/// The texts, and what was agreed to.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct Consents {
    /// Those not given yet first.
    items: Vec<Consent>,
}

/// What to agree to.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ConsentIn {
    /// The key of the text.
    purpose: Text<64>,
}

/// A line of the record.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct Record {
    /// When.
    at: At,
    /// What, as a stable key.
    action: String,
    /// By whom.
    by: Words,
    /// What, in words.
    detail: Words,
}

impl From<RecordView> for Record {
    fn from(view: RecordView) -> Self {
        Self { at: view.at.into(), action: view.action, by: view.by.into(), detail: view.detail.into() }
    }
}

/// A page of the record.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none, deny_unknown_fields)]
struct Records {
    /// Newest first.
    items: Vec<Record>,
    /// The cursor of the next page, if there is one.
    next: Option<String>,
}

#[OpenApi(tag = "Tag::Me")]
impl MeApi {
    /// Me
    #[oai(path = "/me", method = "get", operation_id = "me")]
    async fn me(&self, actor: Resident) -> Answer<Json<Me>> {
        Ok(Json(profile::me(&self.app, &actor).await?.into()))
    }

    /// Change my profile
    #[oai(path = "/me", method = "patch", operation_id = "change_me")]
    async fn change(&self, actor: Resident, body: Json<MePatch>) -> Answer<Json<Me>> {
        let patch = body.0;
        let changes = Changes {
            version: patch.version,
            name: patch.name.map(|name| name.0),
            birth_date: patch.birth_date.map(|day| day.0),
            community: patch.community_code.map(|code| code.0),
            address: patch.address.map(|address| address.0),
            language: patch.language.map(Into::into),
            large_type: patch.large_type,
        };
        Ok(Json(profile::change(&self.app, &actor, changes).await?.into()))
    }

    /// Close my account
    ///
    /// Forgets who I was. Refused while bookings are open.
    #[oai(path = "/me", method = "delete", operation_id = "close_account")]
    async fn close(&self, actor: Resident) -> Answer<Done> {
        closing::close(&self.app, &actor).await?;
        Ok(Done::Nothing)
    }

    /// Enter my identity number
    ///
    /// It is kept sealed and shown as a mask. A missing birth date is taken from it.
    #[oai(path = "/me/identity", method = "put", operation_id = "declare_identity")]
    async fn identity(&self, actor: Resident, body: Json<IdentityIn>) -> Answer<Json<Me>> {
        Ok(Json(identity::declare_own(&self.app, &actor, &body.number).await?.into()))
    }

    /// Add a child to my household
    #[oai(path = "/me/household", method = "post", operation_id = "add_child")]
    async fn add_child(&self, actor: Resident, body: Json<WardIn>) -> Answer<Created<Person>> {
        let WardIn { name, birth_date, relation, consent_under_14 } = body.0;
        let new = NewWard {
            name: name.0,
            birth_date: birth_date.0,
            relation: relation.into(),
            consent_under_14: consent_under_14.unwrap_or(false),
        };
        Ok(Created::Made(Json(household::add(&self.app, &actor, new).await?.into())))
    }

    /// Change a child of my household
    #[oai(path = "/me/household/:person", method = "patch", operation_id = "change_child")]
    async fn change_child(
        &self,
        actor: Resident,
        person: Path<Id<PersonId>>,
        body: Json<WardPatch>,
    ) -> Answer<Json<Person>> {
        let WardPatch { version, name, birth_date } = body.0;
        let changes = Changes {
            version,
            name: name.map(|name| name.0),
            birth_date: birth_date.map(|day| day.0),
            ..Changes::default()
        };
        Ok(Json(household::change(&self.app, &actor, person.0.0, changes).await?.into()))
    }

    /// Remove a child from my household
    ///
    /// Refused while the child has open bookings.
    #[oai(path = "/me/household/:person", method = "delete", operation_id = "remove_child")]
    async fn remove_child(&self, actor: Resident, person: Path<Id<PersonId>>) -> Answer<Done> {
        household::remove(&self.app, &actor, person.0.0).await?;
        Ok(Done::Nothing)
    }

    /// Enter a child's identity number
    #[oai(path = "/me/household/:person/identity", method = "put", operation_id = "declare_child_identity")]
    async fn child_identity(
        &self,
        actor: Resident,
        person: Path<Id<PersonId>>,
        body: Json<IdentityIn>,
    ) -> Answer<Json<Person>> {
        Ok(Json(identity::declare_for(&self.app, &actor, person.0.0, &body.number).await?.into()))
    }

    /// My logins
    #[oai(path = "/me/logins", method = "get", operation_id = "logins")]
    async fn logins(&self, actor: Resident) -> Answer<Json<LoginRows>> {
        let found = logins::list(&self.app, &actor).await?;
        let items = found
            .into_iter()
            .map(|login| LoginRow {
                id: Id(login.id),
                current: login.id == actor.login,
                device: login.device,
                created_at: login.created_at.into(),
                seen_at: login.seen_at.into(),
            })
            .collect();
        Ok(Json(LoginRows { items }))
    }

    /// End one of my logins
    #[oai(path = "/me/logins/:id", method = "delete", operation_id = "end_login")]
    async fn end_login(&self, actor: Resident, id: Path<Id<LoginId>>) -> Answer<Done> {
        logins::revoke(&self.app, &actor, id.0.0).await?;
        Ok(Done::Nothing)
    }

    /// End all my other logins
    #[oai(path = "/me/logins", method = "delete", operation_id = "end_other_logins")]
    async fn end_other_logins(&self, actor: Resident) -> Answer<Done> {
        logins::revoke_others(&self.app, &actor).await?;
        Ok(Done::Nothing)
    }

    /// Log out
    #[oai(path = "/logout", method = "post", operation_id = "logout")]
    async fn logout(&self, actor: Resident) -> Answer<Done> {
        match logins::revoke(&self.app, &actor, actor.login).await {
            // Ended a moment ago from elsewhere: that is what was wanted.
            Err(failure) if failure.refusal().code != Code::NotFound => Err(failure.into()),
            _ => Ok(Done::Nothing),
        }
    }

    /// What I agreed to
    ///
    /// And what I may still agree to: those items have no `id` and no `given_at`.
    #[oai(path = "/me/consents", method = "get", operation_id = "consents")]
    async fn consents(&self, actor: Resident) -> Answer<Json<Consents>> {
        let items = consents::list(&self.app, &actor).await?.into_iter().map(Consent::from).collect();
        Ok(Json(Consents { items }))
    }

    /// Agree
    #[oai(path = "/me/consents", method = "post", operation_id = "give_consent")]
    async fn give_consent(&self, actor: Resident, body: Json<ConsentIn>) -> Answer<Created<Consent>> {
        Ok(Created::Made(Json(consents::give(&self.app, &actor, &body.purpose).await?.into())))
    }

    /// Withdraw a consent
    ///
    /// Without consent an identity number is deleted, and a child under 14 leaves the household.
    #[oai(path = "/me/consents/:id", method = "delete", operation_id = "withdraw_consent")]
    async fn withdraw_consent(&self, actor: Resident, id: Path<Id<ConsentId>>) -> Answer<Done> {
        consents::withdraw(&self.app, &actor, id.0.0).await?;
        Ok(Done::Nothing)
    }

    /// Everything about me
    ///
    /// One JSON document to take away.
    #[oai(path = "/me/export", method = "get", operation_id = "export")]
    async fn export(&self, actor: Resident) -> Answer<Json<Any<serde_json::Value>>> {
        Ok(Json(Any(export::document(&self.app, &actor).await?)))
    }

    /// What was done about me
    #[oai(path = "/me/audit", method = "get", operation_id = "audit")]
    async fn audit(
        &self,
        actor: Resident,
        /// Where the page begins.
        cursor: Query<Option<Cursor>>,
        /// How many lines.
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<Records>> {
        let limit = limit.0.unwrap_or_default().0;
        let lines = records::list(&self.app, &actor, cursor.0.map(|cursor| cursor.0), limit + 1).await?;
        let (lines, next) = page(lines, limit, |line| line.id);
        Ok(Json(Records { items: lines.into_iter().map(Record::from).collect(), next }))
    }
}
