//! The home-care file: for the elder, and for the desk.

use linli_application::App;
use linli_application::care_file::{Opened, scale};
use linli_domain::id::{CareOpeningId, PersonId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::{AreaStaff, Resident};
use crate::answer::{Created, Done};
use crate::dto::care_file::{
    AbilityScale, AssessmentIn, CareConsentKey, CareContacts, CareFile, CareHealth, CareOpeningPage, CarePart,
    CarePartKey,
};
use crate::dto::{Cursor, Id, Limit, Text, page};
use crate::problem::Answer;
use crate::server::Tag;

const NOTE: usize = 300;

/// One's own home-care file.
#[derive(Clone)]
pub struct CareFileApi {
    /// The application.
    pub app: App,
}

/// Home-care files at the desk.
#[derive(Clone)]
pub struct DeskCareFileApi {
    /// The application.
    pub app: App,
}

/// Contacts as they are to be.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CareContactsIn {
    /// The version the file was read with.
    version: i64,
    /// The part.
    contacts: CareContacts,
}

/// Health as it is to be.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CareHealthIn {
    /// The version the file was read with.
    version: i64,
    /// The part.
    health: CareHealth,
}

/// How an elder agreed.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CareConsentIn {
    /// In which way.
    consent: CareConsentKey,
    /// Who witnessed it, where the paper is.
    note: Text<NOTE>,
}

/// What is to be opened, and why.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CareReadIn {
    /// Which part.
    part: CarePartKey,
    /// Why; the elder reads it.
    reason: Text<NOTE>,
}

/// Why.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct CareReasonIn {
    /// In words.
    reason: Text<NOTE>,
}

type Whose = Query<Option<Id<PersonId>>>;

fn whose(actor: &Resident, person: &Whose) -> PersonId {
    person.0.map_or(actor.person, |id| id.0)
}

#[OpenApi(prefix_path = "/me/care-file", tag = "Tag::Me")]
impl CareFileApi {
    /// My home-care file
    #[oai(path = "/", method = "get", operation_id = "care_file")]
    async fn get(&self, actor: Resident, person_id: Whose) -> Answer<Json<CareFile>> {
        Ok(Json(self.app.care_file(&actor, whose(&actor, &person_id)).await?.into()))
    }

    /// Open a home-care file
    ///
    /// From sixty on.
    #[oai(path = "/", method = "post", operation_id = "open_care_file")]
    async fn open(&self, actor: Resident, person_id: Whose) -> Answer<Created<CareFile>> {
        let person = whose(&actor, &person_id);
        self.app.open_care_file(&actor, person).await?;
        Ok(Created::Made(Json(self.app.care_file(&actor, person).await?.into())))
    }

    /// Close the home-care file
    ///
    /// What is in it is deleted. Who had opened it can still be read.
    #[oai(path = "/", method = "delete", operation_id = "close_care_file")]
    async fn close(&self, actor: Resident, person_id: Whose) -> Answer<Done> {
        self.app.close_care_file(&actor, whose(&actor, &person_id)).await?;
        Ok(Done::Nothing)
    }

    /// Say whom to call, who has a key, what is wished
    #[oai(path = "/contacts", method = "put", operation_id = "change_care_contacts")]
    async fn contacts(&self, actor: Resident, person_id: Whose, body: Json<CareContactsIn>) -> Answer<Json<CareFile>> {
        let person = whose(&actor, &person_id);
        self.app.change_care_file(&actor, person, body.0.version, body.0.contacts.into()).await?;
        Ok(Json(self.app.care_file(&actor, person).await?.into()))
    }

    /// Say what matters of health and diet
    #[oai(path = "/health", method = "put", operation_id = "change_care_health")]
    async fn health(&self, actor: Resident, person_id: Whose, body: Json<CareHealthIn>) -> Answer<Json<CareFile>> {
        let person = whose(&actor, &person_id);
        self.app.change_care_file(&actor, person, body.0.version, body.0.health.into()).await?;
        Ok(Json(self.app.care_file(&actor, person).await?.into()))
    }

    /// Say that health has changed
    ///
    /// The next assessment is due at once.
    #[oai(path = "/health-changed", method = "post", operation_id = "care_health_changed")]
    async fn changed(&self, actor: Resident, person_id: Whose) -> Answer<Done> {
        self.app.care_health_changed(&actor, whose(&actor, &person_id)).await?;
        Ok(Done::Nothing)
    }

    /// Who opened my home-care file
    #[oai(path = "/openings", method = "get", operation_id = "care_openings")]
    async fn openings(
        &self,
        actor: Resident,
        person_id: Whose,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<CareOpeningPage>> {
        let limit = limit.0.unwrap_or_default().0;
        let before = cursor.0.map(|cursor| CareOpeningId(cursor.0));
        let found = self.app.care_openings(&actor, whose(&actor, &person_id), before, limit + 1).await?;
        let (items, next) = page(found, limit, |opening| opening.id.0);
        Ok(Json(CareOpeningPage { items: items.into_iter().map(Into::into).collect(), next }))
    }
}

#[OpenApi(prefix_path = "/desk", tag = "Tag::Desk")]
impl DeskCareFileApi {
    /// The form of the ability assessment
    #[oai(path = "/ability-scale", method = "get", operation_id = "ability_scale")]
    async fn scale(&self, _actor: AreaStaff) -> Answer<Json<AbilityScale>> {
        Ok(Json(scale().into()))
    }

    /// Open a home-care file for somebody who agreed
    #[oai(path = "/people/:id/care-file", method = "post", operation_id = "open_care_file_at_desk")]
    async fn open(&self, actor: AreaStaff, id: Path<Id<PersonId>>, body: Json<CareConsentIn>) -> Answer<Done> {
        let opened = Opened { consent: body.0.consent.into(), note: body.0.note.0 };
        self.app.open_care_file_at_desk(&actor, id.0.0, opened).await?;
        Ok(Done::Nothing)
    }

    /// Close somebody's home-care file
    #[oai(path = "/people/:id/care-file/close", method = "post", operation_id = "close_care_file_at_desk")]
    async fn close(&self, actor: AreaStaff, id: Path<Id<PersonId>>, body: Json<CareReasonIn>) -> Answer<Done> {
        self.app.close_care_file_at_desk(&actor, id.0.0, &body.0.reason).await?;
        Ok(Done::Nothing)
    }

    /// Look into somebody's home-care file
    ///
    /// One part, for a reason. The elder reads who looked, and why.
    #[oai(path = "/people/:id/care-file/read", method = "post", operation_id = "read_care_file")]
    async fn read(&self, actor: AreaStaff, id: Path<Id<PersonId>>, body: Json<CareReadIn>) -> Answer<Json<CarePart>> {
        let CareReadIn { part, reason } = body.0;
        Ok(Json(self.app.read_care_file(&actor, id.0.0, part.into(), &reason).await?.into()))
    }

    /// Write down whom to call, who has a key, what is wished
    #[oai(path = "/people/:id/care-file/contacts", method = "put", operation_id = "change_care_contacts_at_desk")]
    async fn contacts(&self, actor: AreaStaff, id: Path<Id<PersonId>>, body: Json<CareContactsIn>) -> Answer<Done> {
        let CareContactsIn { version, contacts } = body.0;
        self.app.change_care_file_at_desk(&actor, id.0.0, version, contacts.into()).await?;
        Ok(Done::Nothing)
    }

    /// Write down what matters of health and diet
    #[oai(path = "/people/:id/care-file/health", method = "put", operation_id = "change_care_health_at_desk")]
    async fn health(&self, actor: AreaStaff, id: Path<Id<PersonId>>, body: Json<CareHealthIn>) -> Answer<Done> {
        let CareHealthIn { version, health } = body.0;
        self.app.change_care_file_at_desk(&actor, id.0.0, version, health.into()).await?;
        Ok(Done::Nothing)
    }

    /// Write down that health has changed
    #[oai(path = "/people/:id/care-file/health-changed", method = "post", operation_id = "care_health_changed_at_desk")]
    async fn changed(&self, actor: AreaStaff, id: Path<Id<PersonId>>, body: Json<CareReasonIn>) -> Answer<Done> {
        self.app.care_health_changed_at_desk(&actor, id.0.0, &body.0.reason).await?;
        Ok(Done::Nothing)
    }

    /// Write down an assessment of ability
    ///
    /// It cannot be changed; a better one is a new one.
    #[oai(path = "/people/:id/care-file/assessments", method = "post", operation_id = "assess_ability")]
    async fn assess(&self, actor: AreaStaff, id: Path<Id<PersonId>>, body: Json<AssessmentIn>) -> Answer<Done> {
        self.app.assess_ability(&actor, id.0.0, body.0.read()?).await?;
        Ok(Done::Nothing)
    }
}
