//! Contracts with a family doctor, for residents and for the desk.

use linli_application::App;
use linli_application::contracts::{ContractView, Decision, NewContract, Wanted};
use linli_domain::id::{ContractId, OfferingId, PersonId};
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use crate::actor::{Desk, Resident};
use crate::answer::Created;
use crate::dto::contracts::{
    Contract, ContractGroupCount, ContractList, ContractPanel, ContractRoll, ContractStateKey,
};
use crate::dto::{Cursor, Id, Limit, Text, page};
use crate::problem::Answer;
use crate::server::Tag;

/// The longest key of a group.
const KEY_MAX: usize = 32;

/// Contracts.
#[derive(Clone)]
pub struct ContractsApi {
    /// The application.
    pub app: App,
}

/// What to ask for.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct ContractIn {
    /// With whom.
    offering_id: Id<OfferingId>,
    /// For whom; yourself when nobody is named.
    subject_id: Option<Id<PersonId>>,
    /// The key of the group.
    group: Text<KEY_MAX>,
}

/// A contract staff make for somebody.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct DeskContractIn {
    /// With whom.
    offering_id: Id<OfferingId>,
    /// For whom.
    person_id: Id<PersonId>,
    /// The key of the group.
    group: Text<KEY_MAX>,
}

/// Why a contract is to end.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct EndContractIn {
    /// In words, at most 200 characters.
    reason: Option<Text<200>>,
}

/// Why a request is not accepted.
#[derive(Debug, Object)]
#[oai(deny_unknown_fields)]
struct RejectContractIn {
    /// In words the resident reads, at most 200 characters.
    reason: Text<200>,
}

#[OpenApi(tag = "Tag::Courses")]
impl ContractsApi {
    /// My contracts
    ///
    /// And those of the minors of the household.
    #[oai(path = "/contracts", method = "get", operation_id = "list_contracts")]
    async fn list(&self, actor: Resident) -> Answer<Json<ContractList>> {
        let views = self.app.contracts(&actor).await?;
        let catalogue = self.app.catalogue().await?;
        let items = views.into_iter().map(|view| Contract::of(&catalogue, view)).collect::<Answer<_>>()?;
        Ok(Json(ContractList { items }))
    }

    /// Ask for a contract
    ///
    /// The place is kept until the desk has answered.
    #[oai(path = "/contracts", method = "post", operation_id = "ask_for_contract")]
    async fn ask(&self, actor: Resident, body: Json<ContractIn>) -> Answer<Created<Contract>> {
        let ContractIn { offering_id, subject_id, group } = body.0;
        let person = subject_id.map_or(actor.person, |id| id.0);
        let new = NewContract { offering: offering_id.0, person, group: group.0 };
        Ok(Created::Made(self.shown(self.app.ask_for_contract(&actor, new).await?).await?))
    }

    /// Renew a contract
    #[oai(path = "/contracts/:id/renew", method = "post", operation_id = "renew_contract")]
    async fn renew(&self, actor: Resident, id: Path<Id<ContractId>>) -> Answer<Json<Contract>> {
        self.shown(self.app.renew_contract(&actor, id.0.0).await?).await
    }

    /// End a contract, or take back the request for one
    #[oai(path = "/contracts/:id/end", method = "post", operation_id = "end_contract")]
    async fn end(
        &self,
        actor: Resident,
        id: Path<Id<ContractId>>,
        body: Json<EndContractIn>,
    ) -> Answer<Json<Contract>> {
        let reason = body.0.reason.map(|reason| reason.0);
        self.shown(self.app.end_contract(&actor, id.0.0, reason).await?).await
    }

    /// How full a panel is
    #[oai(path = "/offerings/:id/panel", method = "get", operation_id = "panel")]
    async fn panel(&self, id: Path<Id<OfferingId>>) -> Answer<Json<ContractPanel>> {
        Ok(Json(self.app.panel(id.0.0).await?.into()))
    }

    /// A doctor's contracts
    #[oai(path = "/desk/contracts", method = "get", operation_id = "desk_contracts")]
    async fn roll(
        &self,
        actor: Desk,
        offering: Query<Id<OfferingId>>,
        state: Query<Option<ContractStateKey>>,
        group: Query<Option<Text<KEY_MAX>>>,
        cursor: Query<Option<Cursor>>,
        limit: Query<Option<Limit>>,
    ) -> Answer<Json<ContractRoll>> {
        let limit = limit.0.unwrap_or_default().0;
        let before = cursor.0.map(|cursor| ContractId(cursor.0));
        let more = u32::try_from(limit + 1).unwrap_or(101);
        let wanted = Wanted { state: state.0.map(Into::into), group: group.0.as_deref() };
        let roll = self.app.roll(&actor, offering.0.0, wanted, before, more).await?;
        let (views, next) = page(roll.contracts, limit, |view| view.contract.id.0);
        let catalogue = self.app.catalogue().await?;
        let count = |(key, name, count): (String, linli_domain::words::Words, u32)| ContractGroupCount {
            key,
            name: name.into(),
            count,
        };
        Ok(Json(ContractRoll {
            capacity: roll.panel.capacity,
            signed: roll.panel.signed,
            requested: roll.panel.requested,
            groups: roll.groups.into_iter().map(count).collect(),
            items: views.into_iter().map(|view| Contract::of(&catalogue, view)).collect::<Answer<_>>()?,
            next,
        }))
    }

    /// Make a contract for somebody at the desk
    ///
    /// It holds at once.
    #[oai(path = "/desk/contracts", method = "post", operation_id = "contract_at_desk")]
    async fn at_desk(&self, actor: Desk, body: Json<DeskContractIn>) -> Answer<Created<Contract>> {
        let DeskContractIn { offering_id, person_id, group } = body.0;
        let new = NewContract { offering: offering_id.0, person: person_id.0, group: group.0 };
        Ok(Created::Made(self.shown(self.app.contract_at_desk(&actor, new).await?).await?))
    }

    /// Accept a request
    #[oai(path = "/desk/contracts/:id/approve", method = "post", operation_id = "approve_contract")]
    async fn approve(&self, actor: Desk, id: Path<Id<ContractId>>) -> Answer<Json<Contract>> {
        self.shown(self.app.decide_contract(&actor, id.0.0, Decision::Approve).await?).await
    }

    /// Do not accept a request
    #[oai(path = "/desk/contracts/:id/reject", method = "post", operation_id = "reject_contract")]
    async fn reject(
        &self,
        actor: Desk,
        id: Path<Id<ContractId>>,
        body: Json<RejectContractIn>,
    ) -> Answer<Json<Contract>> {
        let decision = Decision::Reject(body.0.reason.0);
        self.shown(self.app.decide_contract(&actor, id.0.0, decision).await?).await
    }

    async fn shown(&self, view: ContractView) -> Answer<Json<Contract>> {
        let catalogue = self.app.catalogue().await?;
        Ok(Json(Contract::of(&catalogue, view)?))
    }
}
