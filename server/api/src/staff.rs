//! Finding and registering people at a desk, verifying what they say, how an area is reached, and giving roles.

use linli_application::App;
use linli_application::input::{DOCUMENT_MAX, NAME_MAX};
use linli_application::people::areas;
use linli_application::people::desk::{self, NewPerson, Wanted};
use linli_application::people::roles::{self, NewRole};
use linli_application::people::verification::{self, Seen};
use linli_domain::id::{GrantId, OrganisationId, PersonId, VerificationId};
use linli_domain::refusal::{Code, Refusal};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::{Administrator, AreaStaff, Desk};
use crate::answer::{Created, Done};
use crate::dto::{Area, Fact, FactKey, FoundPerson, HeldRole, Id, InArea, On, RoleKey, Text};
use crate::problem::Answer;
use crate::server::Tag;

/// People at the desk.
#[derive(Clone)]
pub struct DeskPeopleApi {
    /// The application.
    pub app: App,
}

/// Roles.
#[derive(Clone)]
pub struct RolesApi {
    /// The application.
    pub app: App,
}

/// The people found.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct FoundPeople {
    /// At most twenty.
    items: Vec<FoundPerson>,
}

/// Somebody without an account.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct PersonIn {
    /// The name.
    name: Text<NAME_MAX>,
    /// A phone to reach them by; it may be that of a relative.
    phone: Option<Text<32>>,
    /// The birth date.
    birth_date: Option<On>,
    /// The community.
    community_code: Option<InArea>,
}

/// A document that was seen.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct SeenIn {
    /// What it proves.
    fact: FactKey,
    /// Which document, in words.
    document: Text<DOCUMENT_MAX>,
    /// The last day on which it counts.
    expires_at: Option<On>,
}

/// A number to call; left out, there is none.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct AreaPhoneIn {
    /// As it is printed: digits, with spaces and dashes between them.
    phone: Option<Text<32>>,
}

#[OpenApi(prefix_path = "/desk", tag = "Tag::Desk")]
impl DeskPeopleApi {
    /// Find people
    ///
    /// By a whole phone, a whole identity number, the code of a card, or the beginning of a name among those who live in
    /// your areas: exactly one of them. Everybody found can read that it was done.
    #[oai(path = "/people", method = "get", operation_id = "find_people")]
    async fn find(
        &self,
        actor: Desk,
        /// A whole phone.
        phone: Query<Option<Text<32>>>,
        /// A whole identity number.
        identity: Query<Option<Text<18>>>,
        /// The code of a card, scanned or typed.
        card: Query<Option<Text<40>>>,
        /// A name, or how it begins; for staff of areas.
        name: Query<Option<Text<NAME_MAX>>>,
    ) -> Answer<Json<FoundPeople>> {
        let wanted = match (&phone.0, &identity.0, &card.0, &name.0) {
            (Some(phone), None, None, None) => Wanted::Phone(phone),
            (None, Some(number), None, None) => Wanted::Identity(number),
            (None, None, Some(code), None) => Wanted::Card(code),
            (None, None, None, Some(name)) => Wanted::Name(name),
            _ => return Err(Refusal::new(Code::Malformed).field("phone").into()),
        };
        let found = desk::find(&self.app, &actor, wanted).await?;
        Ok(Json(FoundPeople { items: found.into_iter().map(FoundPerson::from).collect() }))
    }

    /// Register a person without an account
    #[oai(path = "/people", method = "post", operation_id = "register_person")]
    async fn register(&self, actor: Desk, body: Json<PersonIn>) -> Answer<Created<FoundPerson>> {
        let PersonIn { name, phone, birth_date, community_code } = body.0;
        let new = NewPerson {
            name: name.0,
            phone: phone.map(|phone| phone.0),
            birth_date: birth_date.map(|day| day.0),
            community: community_code.map(|code| code.0),
        };
        Ok(Created::Made(Json(desk::register(&self.app, &actor, new).await?.into())))
    }

    /// Say that a document was seen
    #[oai(path = "/people/:id/verifications", method = "post", operation_id = "verify")]
    async fn verify(&self, actor: AreaStaff, id: Path<Id<PersonId>>, body: Json<SeenIn>) -> Answer<Created<Vec<Fact>>> {
        let SeenIn { fact, document, expires_at } = body.0;
        let seen = Seen { fact: fact.into(), document: document.0, expires_on: expires_at.map(|day| day.0) };
        let facts = verification::verify(&self.app, &actor, id.0.0, seen).await?;
        Ok(Created::Made(Json(facts.into_iter().map(Fact::from).collect())))
    }

    /// On which number an area is reached
    ///
    /// What residents see as the number of their community. Without one, they are given that of the service.
    #[oai(path = "/areas/:code/phone", method = "put", operation_id = "set_area_phone")]
    async fn set_phone(&self, actor: AreaStaff, code: Path<InArea>, body: Json<AreaPhoneIn>) -> Answer<Json<Area>> {
        let phone = body.0.phone.map(|phone| phone.0);
        Ok(Json(areas::set_phone(&self.app, &actor, code.0.0, phone).await?.into()))
    }

    /// Take a verification back
    #[oai(path = "/verifications/:id", method = "delete", operation_id = "revoke_verification")]
    async fn revoke(&self, actor: AreaStaff, id: Path<Id<VerificationId>>) -> Answer<Done> {
        verification::revoke(&self.app, &actor, id.0.0).await?;
        Ok(Done::Nothing)
    }
}

/// A role to be given; exactly one of area and organisation, as the role wants it.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct RoleIn {
    /// The phone of the holder's account.
    phone: Text<32>,
    /// Which role.
    role: RoleKey,
    /// The area it holds in.
    area_code: Option<InArea>,
    /// The organisation it holds for.
    organisation_id: Option<Id<OrganisationId>>,
    /// The last day on which it holds.
    valid_until: Option<On>,
}

/// The roles found.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct HeldRoles {
    /// In the order they were given.
    items: Vec<HeldRole>,
}

#[OpenApi(prefix_path = "/staff/roles", tag = "Tag::Staff")]
impl RolesApi {
    /// Roles I administer
    #[oai(path = "/", method = "get", operation_id = "roles")]
    async fn list(
        &self,
        actor: Administrator,
        /// Those of one phone.
        phone: Query<Option<Text<32>>>,
    ) -> Answer<Json<HeldRoles>> {
        let found = roles::list(&self.app, &actor, phone.0.as_deref()).await?;
        Ok(Json(HeldRoles { items: found.into_iter().map(HeldRole::from).collect() }))
    }

    /// Give a role
    #[oai(path = "/", method = "post", operation_id = "give_role")]
    async fn give(&self, actor: Administrator, body: Json<RoleIn>) -> Answer<Created<HeldRole>> {
        let RoleIn { phone, role, area_code, organisation_id, valid_until } = body.0;
        let new = NewRole {
            phone: phone.0,
            role: role.into(),
            area: area_code.map(|code| code.0),
            organisation: organisation_id.map(|id| id.0),
            valid_until: valid_until.map(|day| day.0),
        };
        Ok(Created::Made(Json(roles::give(&self.app, &actor, new).await?.into())))
    }

    /// End a role
    #[oai(path = "/:id", method = "delete", operation_id = "end_role")]
    async fn end(&self, actor: Administrator, id: Path<Id<GrantId>>) -> Answer<Done> {
        roles::end(&self.app, &actor, id.0.0).await?;
        Ok(Done::Nothing)
    }
}
