//! Asking for a contract, and everything that happens to it afterwards.

use futures::FutureExt;
use linli_domain::claim::{Change, Claim, Shortage};
use linli_domain::contract::{self, ContractEvent, ContractState};
use linli_domain::eligibility::may_have;
use linli_domain::id::{ContractId, OfferingId, OrderId, PersonId};
use linli_domain::person::Person;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_store::audit::{self, ActingAs};
use linli_store::booking::contracts::{self, Contract};
use linli_store::people::{persons, verifications};
use linli_store::scarcity::{self, Holding, Needs};
use linli_store::{Tx, jobs};

use super::follow::{remind_jobs, tell_job};
use super::view::ContractView;
use super::{capacity, offered};
use crate::{App, Failure, Result, input};

/// The longest reason, in characters.
const REASON_MAX: usize = 200;
/// Contracts that run out in one transaction.
const AT_ONCE: u32 = 200;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NewContract {
    /// With whom.
    pub offering: OfferingId,
    /// For whom.
    pub person: PersonId,
    /// The key of the group they are in.
    pub group: String,
}

/// What the desk says to a request.
#[derive(Debug, Clone)]
pub enum Decision {
    /// Yes.
    Approve,
    /// No, and why.
    Reject(String),
}

impl App {
    /// Asks for a contract, for oneself or a minor of one's household. The place on the panel is kept until the desk
    /// has answered.
    ///
    /// # Errors
    /// [`Code::ContractNotOffered`], [`Code::ContractExists`], [`Code::PanelFull`], what the kind asks of its subject.
    pub async fn ask_for_contract(&self, actor: &Actor, new: NewContract) -> Result<ContractView> {
        let unknown = || Refusal::new(Code::PersonUnknown).field("subject_id");
        let acting = self.capacity_for(actor, new.person).await?.ok_or_else(unknown)?;
        self.sign_contract(actor, new, acting, ContractState::Requested).await
    }

    /// Staff make a contract for somebody at the desk; it holds at once.
    ///
    /// # Errors
    /// As [`App::ask_for_contract`]; [`Code::NotFound`] for offerings of other desks.
    pub async fn contract_at_desk(&self, actor: &Actor, new: NewContract) -> Result<ContractView> {
        let catalogue = self.catalogue().await?;
        if !catalogue.serves(actor, catalogue.offered(new.offering)?) {
            return Err(Code::NotFound.into());
        }
        self.sign_contract(actor, new, ActingAs::Staff, ContractState::Active).await
    }

    async fn sign_contract(
        &self,
        actor: &Actor,
        new: NewContract,
        acting: ActingAs,
        state: ContractState,
    ) -> Result<ContractView> {
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(new.offering)?;
        let (kind, terms) = self.terms_of(offered)?;
        if terms.group(&new.group).is_none() {
            let allowed: Vec<&str> = terms.groups.iter().map(|(key, _)| key.as_str()).collect();
            return Err(Refusal::new(Code::ValueInvalid).field("group").with("allowed", allowed.join(", ")).into());
        }
        let (now, today) = (self.now(), self.now().day());
        if capacity(offered, today) == 0 {
            return Err(Code::OfferingClosed.into());
        }
        let field = if acting == ActingAs::Staff { "person_id" } else { "subject_id" };
        let subject = persons::person(self.store.reads(), new.person).await?;
        let subject = subject.ok_or(Refusal::new(Code::PersonUnknown).field(field))?;
        let verified = verifications::of_persons(self.store.reads(), &[new.person]).await?;
        may_have(&catalogue.asked(offered, kind)?, &subject, &verified, today, now)?;
        let claims = contract::claims(new.offering, capacity(offered, today), new.person, &kind.key);
        let contract = Contract {
            id: ContractId(self.next_id()),
            version: 1,
            kind: kind.key.clone(),
            offering: new.offering,
            person: new.person,
            group: new.group,
            standing: terms.beginning(state, today),
            placed_by: actor.account,
            reason: String::new(),
            created_at: now,
            changed_at: now,
        };
        let (this, id) = (self.clone(), contract.id);
        let entry = self.entry(actor, acting, "contract.asked").about(new.person).on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    let change = Change { take: claims.clone(), ..Change::default() };
                    settle(tx, &change, vec![(id, claims)], &subject).await?;
                    contracts::insert(tx, &contract).await?;
                    this.plan_contract(tx, &contract).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        self.contract_now(actor, id).await
    }

    /// The desk says yes or no to a request.
    ///
    /// # Errors
    /// [`Code::NotFound`] for contracts of other desks; [`Code::ContractNotPossible`].
    pub async fn decide_contract(&self, actor: &Actor, id: ContractId, decision: Decision) -> Result<ContractView> {
        let (event, reason) = match decision {
            Decision::Approve => (ContractEvent::Approve, String::new()),
            Decision::Reject(reason) => (ContractEvent::Reject, input::note("reason", &reason, REASON_MAX)?),
        };
        let contract = contracts::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let catalogue = self.catalogue().await?;
        if !catalogue.serves(actor, offered(&catalogue, &contract)?) {
            return Err(Code::NotFound.into());
        }
        self.change_contract(actor, id, event, reason, ActingAs::Staff).await
    }

    /// Renews a contract of one's own or of a ward.
    ///
    /// # Errors
    /// [`Code::NotFound`] for contracts of others; [`Code::ContractNotRenewable`]; [`Code::ContractNotPossible`].
    pub async fn renew_contract(&self, actor: &Actor, id: ContractId) -> Result<ContractView> {
        let acting = self.contract_capacity(actor, id).await?;
        self.change_contract(actor, id, ContractEvent::Renew, String::new(), acting).await
    }

    /// Ends a contract, or takes back the request for one.
    ///
    /// # Errors
    /// [`Code::NotFound`] for contracts of others; [`Code::ContractNotPossible`].
    pub async fn end_contract(&self, actor: &Actor, id: ContractId, reason: Option<String>) -> Result<ContractView> {
        let reason = reason.map(|reason| input::note("reason", &reason, REASON_MAX)).transpose()?.unwrap_or_default();
        let acting = self.contract_capacity(actor, id).await?;
        self.change_contract(actor, id, ContractEvent::End, reason, acting).await
    }

    /// In what capacity somebody acts on a contract: for themselves, as a guardian, or as staff who serve it.
    pub(super) async fn contract_capacity(&self, actor: &Actor, id: ContractId) -> Result<ActingAs> {
        let contract = contracts::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        if let Some(acting) = self.capacity_for(actor, contract.person).await? {
            return Ok(acting);
        }
        let catalogue = self.catalogue().await?;
        let served = catalogue.serves(actor, offered(&catalogue, &contract)?);
        if served { Ok(ActingAs::Staff) } else { Err(Code::NotFound.into()) }
    }

    async fn change_contract(
        &self,
        actor: &Actor,
        id: ContractId,
        event: ContractEvent,
        reason: String,
        acting: ActingAs,
    ) -> Result<ContractView> {
        let this = self.clone();
        let entry = self.entry(actor, acting, action(event)).on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    let contract = contracts::lock(tx, &[id]).await?.pop().ok_or(Code::NotFound)?;
                    let entry = entry.about(contract.person);
                    let mut changed = vec![(contract, reason)];
                    this.step_contracts(tx, &mut changed, event).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        self.contract_now(actor, id).await
    }

    /// Makes a step of contracts that are locked in this transaction, each with its reason, and gives back what those
    /// hold that are over.
    async fn step_contracts(&self, tx: &Tx, changed: &mut [(Contract, String)], event: ContractEvent) -> Result<()> {
        let now = self.now();
        let mut over = Vec::new();
        for (contract, reason) in changed.iter_mut() {
            contract.standing =
                contract::step(&contract.standing, event, self.terms_of_contract(contract)?, now.day())?;
            contract.version += 1;
            contract.reason = std::mem::take(reason);
            contract.changed_at = now;
            if !contract.standing.state.is_open() {
                over.push(OrderId(contract.id.0));
            }
        }
        release(tx, &over).await?;
        let contracts: Vec<Contract> = changed.iter().map(|(contract, _)| contract.clone()).collect();
        contracts::update(tx, &contracts).await?;
        for contract in &contracts {
            self.plan_contract(tx, contract).await?;
        }
        Ok(())
    }

    /// What people are told now and reminded of later.
    async fn plan_contract(&self, tx: &Tx, contract: &Contract) -> Result<()> {
        let now = self.now();
        let mut later = vec![tell_job(self, contract, now)];
        if contract.standing.state == ContractState::Active {
            later.extend(remind_jobs(self, contract, self.terms_of_contract(contract)?, now));
        }
        jobs::enqueue(tx, &later).await?;
        Ok(())
    }

    async fn contract_now(&self, actor: &Actor, id: ContractId) -> Result<ContractView> {
        self.hub.publish("jobs", "").await;
        self.contract(actor, id).await
    }
}

/// Takes the claims of new contracts, all or nothing.
async fn settle(tx: &Tx, change: &Change, holding: Vec<(ContractId, Vec<Claim>)>, person: &Person) -> Result<()> {
    let mut needs = Needs::default();
    needs.change(change);
    let outcome = scarcity::settle(tx, &needs, |ledger| match ledger.apply(change) {
        Ok(_) => {
            let held = |(id, claims): (ContractId, _)| Holding { order: OrderId(id.0), claims, is_new: true };
            (Ok(()), holding.into_iter().map(held).collect())
        }
        Err(shortage) => (Err(shortage), Vec::new()),
    });
    outcome.await?.map_err(|shortage| {
        let own = matches!(&shortage, Shortage::Full(pool) if pool.0.starts_with("contract/"));
        let refusal = if own {
            Refusal::new(Code::ContractExists).with("person", person.name.as_str())
        } else {
            Code::PanelFull.into()
        };
        Failure::from(refusal)
    })
}

/// Gives back everything contracts hold that are over.
async fn release(tx: &Tx, over: &[OrderId]) -> Result<()> {
    let held = scarcity::holdings(tx, over).await?;
    if held.is_empty() {
        return Ok(());
    }
    let change = Change { give: held.values().flatten().cloned().collect(), ..Change::default() };
    let mut needs = Needs::default();
    needs.change(&change);
    let outcome = scarcity::settle(tx, &needs, |ledger| {
        let gone = held.keys().map(|order| Holding { order: *order, claims: Vec::new(), is_new: false });
        (ledger.apply(&change).map(drop), gone.collect())
    });
    outcome.await?.map_err(|shortage| Failure::Fault(format!("a release took something: {shortage:?}")))
}

/// Ends contracts whose time is over. Answers how many.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn expire(app: &App) -> Result<usize> {
    let mut ended = 0;
    loop {
        let today = app.now().day();
        let ids = contracts::run_out(app.store.reads(), today, AT_ONCE).await?;
        if ids.is_empty() {
            return Ok(ended);
        }
        let this = app.clone();
        ended += app
            .store
            .write(move |tx| {
                async move {
                    let mut locked = contracts::lock(tx, &ids).await?;
                    // Renewed or ended meanwhile.
                    locked.retain(|one| one.standing.state == ContractState::Active && one.standing.until <= today);
                    let mut over: Vec<(Contract, String)> =
                        locked.into_iter().map(|contract| (contract, String::new())).collect();
                    this.step_contracts(tx, &mut over, ContractEvent::Expire).await?;
                    let now = this.now();
                    let entries = over.iter().map(|(contract, _)| {
                        audit::AuditEntry::new(this.next_id(), now, None, ActingAs::System, "contract.ran_out")
                            .about(contract.person)
                            .on(contract.id.0)
                    });
                    audit::record_all(tx, entries.collect()).await?;
                    Ok::<_, Failure>(over.len())
                }
                .boxed()
            })
            .await?;
    }
}

/// Ends the contracts of somebody who goes away, in the caller's transaction.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn end_all(app: &App, tx: &Tx, person: PersonId) -> Result<()> {
    let open = contracts::of_people(tx, &[person], u32::from(u8::MAX)).await?;
    let ids: Vec<ContractId> =
        open.iter().filter(|one| one.standing.state.is_open()).map(|contract| contract.id).collect();
    let mut locked: Vec<(Contract, String)> =
        contracts::lock(tx, &ids).await?.into_iter().map(|contract| (contract, String::new())).collect();
    locked.retain(|(contract, _)| contract.standing.state.is_open());
    app.step_contracts(tx, &mut locked, ContractEvent::End).await
}

/// The audit's name for an event.
const fn action(event: ContractEvent) -> &'static str {
    match event {
        ContractEvent::Approve => "contract.approved",
        ContractEvent::Reject => "contract.rejected",
        ContractEvent::Renew => "contract.renewed",
        ContractEvent::End => "contract.ended",
        ContractEvent::Expire => "contract.ran_out",
    }
}
