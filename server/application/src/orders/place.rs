//! Placing an order: everything that can be known beforehand, then the desk.

use std::collections::BTreeMap;
use std::sync::Arc;

use linli_domain::claim::{PoolKey, Shortage};
use linli_domain::eligibility::may_have;
use linli_domain::id::{OfferingId, OrderId, PersonId};
use linli_domain::order::{ActingAs, State};
use linli_domain::person::{Authority, MINOR_BELOW, Person};
use linli_domain::platform::{Kind, Rules};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::slot::{Door, Slot, SlotClaims, bookable, changes_until};
use linli_domain::text;
use linli_domain::time::{Instant, Span};
use linli_store::booking::asking::{Asking, Known};
use linli_store::booking::keys::IdempotencyKey;
use linli_store::booking::{Order, PayerShare, orders};
use linli_store::people::{household, persons};
use serde::Serialize;

use super::desk::{NotPlaced, Placed, Placing, Written};
use super::queue::DeskAsk;
use super::view::OrderView;
use crate::catalogue::{Catalogue, Offered};
use crate::idempotency::Once;
use crate::{App, Failure, Result};

/// What somebody asks for.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceRequest {
    /// What.
    pub offering: OfferingId,
    /// When: the beginning of a slot.
    pub start: Instant,
    /// For whom; the one who asks when nobody is named.
    pub subject: Option<PersonId>,
    /// Whether they would wait in line when there is no place.
    pub wait: bool,
    /// Answers to the kind's form.
    pub form: BTreeMap<String, String>,
}

/// For whom somebody asks, through which door, and by what right.
struct Behalf {
    subject: PersonId,
    door: Door,
    authority: Authority,
    acting: ActingAs,
}

/// An order that stands.
enum Stands {
    /// It was placed now.
    Now { written: Arc<Written>, subject: Person },
    /// An earlier request with the same key made it.
    Before(OrderId),
}

/// Everything a placing rests on, looked up and checked.
pub(super) struct Checked<'a> {
    pub subject: Person,
    pub offered: &'a Offered,
    pub kind: &'a Kind,
    pub slot: Slot,
    pub version: i32,
    pub rules: &'a Rules,
    pub claims: SlotClaims,
}

impl App {
    /// Places an order for oneself or a minor of one's household. Answers the order and whether this request made it.
    ///
    /// # Errors
    /// Every refusal that booking knows; nothing is written then.
    pub async fn place(&self, actor: &Actor, request: PlaceRequest, key: &str) -> Result<(OrderId, bool)> {
        Ok(match self.place_online(actor, request, key).await? {
            Stands::Now { written, .. } => (written.order.id, true),
            Stands::Before(id) => (id, false),
        })
    }

    /// Places an order like [`App::place`], and answers it as its page shows it.
    ///
    /// # Errors
    /// As [`App::place`].
    pub async fn place_and_show(&self, actor: &Actor, request: PlaceRequest, key: &str) -> Result<OrderView> {
        match self.place_online(actor, request, key).await? {
            Stands::Now { written, subject } => self.view_of_new(actor, &written, &subject).await,
            Stands::Before(id) => self.order(actor, id).await,
        }
    }

    async fn place_online(&self, actor: &Actor, request: PlaceRequest, key: &str) -> Result<Stands> {
        let once = Once::new(actor.account, "order.place", key, &request)?;
        let subject = request.subject.unwrap_or(actor.person);
        let (authority, acting) = self.authority_online(actor, subject).await?;
        self.place_for(actor, request, once, &Behalf { subject, door: Door::Online, authority, acting }).await
    }

    /// Staff place an order for a person at the desk or on the phone, or for somebody standing there.
    ///
    /// # Errors
    /// As [`App::place`]; [`Code::NotFound`] for an offering they do not serve.
    pub async fn place_at_desk(
        &self,
        actor: &Actor,
        request: PlaceRequest,
        walk_in: bool,
        key: &str,
    ) -> Result<(OrderId, bool)> {
        let once = Once::new(actor.account, "desk.place", key, &(&request, walk_in))?;
        let catalogue = self.catalogue().await?;
        if !catalogue.serves(actor, catalogue.offered(request.offering)?) {
            return Err(Code::NotFound.into());
        }
        let subject = request.subject.ok_or(Refusal::new(Code::PersonUnknown).field("person_id"))?;
        if walk_in {
            // Looked at beforehand: a place that cannot be checked in to is not taken either.
            let offered = catalogue.offered(request.offering)?;
            let (slot, _, rules) = offered.slot_at(&catalogue.holidays, request.start)?;
            let from = slot.start - Span::minutes(i64::from(rules.check_in_minutes_before));
            if self.now() < from {
                return Err(Refusal::new(Code::CheckInTooEarly).with("from", from).into());
            }
        }
        let door = if walk_in { Door::WalkIn } else { Door::Desk };
        let behalf = Behalf { subject, door, authority: Authority::Staff, acting: ActingAs::Staff };
        let (id, made) = match self.place_for(actor, request, once, &behalf).await? {
            Stands::Now { written, .. } => (written.order.id, true),
            Stands::Before(id) => (id, false),
        };
        if walk_in {
            // Whoever stands there has arrived. A repetition finds them checked in already.
            let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
            if order.state == State::Confirmed {
                self.at_desk(actor, id, order.version, DeskAsk::CheckIn, &format!("walk-in-{id}")).await?;
            }
        }
        Ok((id, made))
    }

    /// What would be booked, or why not; nothing is written.
    ///
    /// # Errors
    /// [`Code::NotFound`] for unknown offerings and people; the refusals of booking are part of the answer.
    pub async fn preview(&self, actor: &Actor, request: &PlaceRequest) -> Result<Preview> {
        let subject = request.subject.unwrap_or(actor.person);
        self.authority_online(actor, subject).await?;
        let catalogue = self.catalogue().await?;
        let offered = catalogue.offered(request.offering)?;
        let (slot, _, rules) = offered.slot_at(&catalogue.holidays, request.start)?;
        let refusal = match self.check(&catalogue, request, subject, Door::Online).await {
            Ok(_) => None,
            Err(Failure::Refused(refusal)) => Some(refusal),
            Err(fault) => return Err(fault),
        };
        let person = persons::person(self.store.reads(), subject).await?.ok_or(Code::PersonUnknown)?;
        Ok(Preview {
            subject: (person.id, person.name),
            start: slot.start,
            end: slot.end,
            price_fen: rules.price_fen,
            changes_until: changes_until(slot.start, rules, self.now()),
            refusal,
        })
    }

    /// On whose authority somebody orders online for a person.
    async fn authority_online(&self, actor: &Actor, subject: PersonId) -> Result<(Authority, ActingAs)> {
        if subject == actor.person {
            return Ok((Authority::Myself, ActingAs::Resident));
        }
        let unknown = || Refusal::new(Code::PersonUnknown).field("subject_id");
        household::relation(self.store.reads(), actor.person, subject).await?.ok_or_else(unknown)?;
        let ward = persons::person(self.store.reads(), subject).await?.ok_or_else(unknown)?;
        // On their eighteenth birthday they act for themselves.
        match ward.age_on(self.now().day()) {
            Some(age) if age < MINOR_BELOW => Ok((Authority::Guardian, ActingAs::Guardian)),
            _ => Err(unknown().into()),
        }
    }

    async fn place_for(&self, actor: &Actor, request: PlaceRequest, once: Once, behalf: &Behalf) -> Result<Stands> {
        let Behalf { subject, door, authority, acting } = *behalf;
        let catalogue = self.catalogue().await?;
        let known = self.known(&catalogue, &request, subject, Some(once.key.clone())).await?;
        // A repetition is answered before the rules are looked at: what was full since is still theirs.
        if let Some(made) = &known.made {
            once.is_repetition_of(made)?;
            return Ok(Stands::Before(made.order));
        }
        let checked = self.judge(&catalogue, &request, known, door)?;
        let form = filled_form(checked.kind, &request.form)?;
        let now = self.now();
        let order = Order {
            id: OrderId(self.next_id()),
            version: 1,
            kind: checked.kind.key.clone(),
            platform_version: self.platform_version(checked.kind),
            offering: request.offering,
            offering_version: checked.version,
            organisation: checked.offered.offering.organisation,
            place: checked.offered.offering.place,
            area: catalogue.place(checked.offered)?.area.clone(),
            subject,
            placed_by: actor.account,
            authority,
            state: State::Requested,
            starts_at: checked.slot.start,
            ends_at: checked.slot.end,
            pool: PoolKey::slot(request.offering, checked.slot.start),
            line_number: None,
            held_until: None,
            changes_until: changes_until(checked.slot.start, checked.rules, now),
            check_in_code: format!("{:06}", self.random.below(1_000_000)),
            form,
            price_fen: checked.rules.price_fen,
            left_by: None,
            created_at: now,
            changed_at: now,
        };
        let shares = vec![PayerShare {
            order: order.id,
            payer: if authority == Authority::Guardian { "placer" } else { "subject" },
            payer_id: Some(if authority == Authority::Guardian { actor.person } else { subject }),
            amount_fen: order.price_fen,
        }];
        let line = (request.wait && checked.rules.line).then_some(checked.rules.max_line);
        let placing = Placing { order, claims: checked.claims, line, shares, acting, once };
        let (subject, kind, slot) = (checked.subject, checked.kind, checked.slot);
        match self.desk.place(placing).await? {
            Ok(Placed::Now(written)) => Ok(Stands::Now { written, subject }),
            Ok(Placed::Before(order)) => Ok(Stands::Before(order)),
            Err(NotPlaced::Refused(refusal)) => Err(refusal.into()),
            Err(NotPlaced::Short(shortage)) => Err(self.shortage(&shortage, &subject, kind, &slot).await?.into()),
        }
    }

    /// Looks at everything that does not depend on what others take at the same moment.
    pub(super) async fn check<'a>(
        &'a self,
        catalogue: &'a Arc<Catalogue>,
        request: &PlaceRequest,
        subject: PersonId,
        door: Door,
    ) -> Result<Checked<'a>> {
        let known = self.known(catalogue, request, subject, None).await?;
        self.judge(catalogue, request, known, door)
    }

    /// Looks up what is known of the subject, and what the key has made before.
    async fn known(
        &self,
        catalogue: &Catalogue,
        request: &PlaceRequest,
        subject: PersonId,
        key: Option<IdempotencyKey>,
    ) -> Result<Known> {
        let kind = catalogue.offered(request.offering).ok().map(|offered| offered.offering.kind.clone());
        self.asking.ask(Asking { subject, kind, key, course: None, revisit: None }).await
    }

    /// Judges by what is known.
    fn judge<'a>(
        &'a self,
        catalogue: &'a Catalogue,
        request: &PlaceRequest,
        known: Known,
        door: Door,
    ) -> Result<Checked<'a>> {
        let offered = catalogue.offered(request.offering)?;
        let kind = self.orderable(offered)?;
        let (slot, version, rules) = offered.slot_at(&catalogue.holidays, request.start)?;
        let now = self.now();
        bookable(&slot, rules, door, now)?;
        let check_in_from = slot.start - Span::minutes(i64::from(rules.check_in_minutes_before));
        if door == Door::WalkIn && now < check_in_from {
            return Err(Refusal::new(Code::CheckInTooEarly).with("from", check_in_from).into());
        }
        let subject = known.subject.ok_or(Refusal::new(Code::PersonUnknown).field("subject_id"))?;
        may_have(&catalogue.asked(offered, kind)?, &subject, &known.verified, slot.start.day(), now)?;
        // Whoever comes in person or calls is served also while online booking is paused.
        if door == Door::Online
            && kind.no_show.is_some()
            && let Some(until) = known.blocked_until
        {
            return Err(Refusal::new(Code::Blocked).with("until", until).into());
        }
        let claims = SlotClaims::needed(request.offering, kind, &slot, subject.id);
        Ok(Checked { subject, offered, kind, slot, version, rules, claims })
    }

    /// The words for claims that could not be had.
    pub(super) async fn shortage(
        &self,
        shortage: &Shortage,
        subject: &Person,
        kind: &Kind,
        slot: &Slot,
    ) -> Result<Refusal> {
        let limit = |code: Code, max: Option<u16>| Refusal::new(code).with("max", max.unwrap_or(1));
        Ok(match shortage {
            Shortage::Full(pool) if pool.0.starts_with("day/") => limit(Code::LimitDay, kind.limits.per_day),
            Shortage::Full(pool) if pool.0.starts_with("week/") => limit(Code::LimitWeek, kind.limits.per_week),
            Shortage::Full(pool) if pool.is_open_limit() => limit(Code::LimitOpen, kind.limits.open),
            Shortage::Full(_) => Code::SlotFull.into(),
            Shortage::Waited(_) => Code::SlotHasLine.into(),
            Shortage::Closed(_) => Code::SlotClosed.into(),
            Shortage::LineFull(_) => Code::LineFull.into(),
            Shortage::Busy { .. } => {
                let other = orders::overlapping(self.store.reads(), subject.id, slot.start, slot.end).await?;
                let (when, what) = match &other {
                    Some(order) => (order.starts_at, self.platforms.kind(&order.kind).map(|kind| kind.name.clone())),
                    // Quarter hours are rounded outwards: a neighbouring booking may be the one in the way.
                    None => (slot.start, None),
                };
                let what = what.unwrap_or_else(|| kind.name.clone());
                Refusal::new(Code::PersonBusy)
                    .with("person", subject.name.as_str())
                    .with("when", when)
                    .with("other", what)
            }
        })
    }

    fn platform_version(&self, kind: &Kind) -> String {
        self.platforms.platform(kind.key.platform()).map(|platform| platform.version.clone()).unwrap_or_default()
    }
}

/// What would be booked.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Who is served: id and name.
    pub subject: (PersonId, String),
    /// From.
    pub start: Instant,
    /// To.
    pub end: Instant,
    /// The price in fen.
    pub price_fen: i64,
    /// Until when it can be undone without calling.
    pub changes_until: Instant,
    /// Why it cannot be booked, if so.
    pub refusal: Option<Refusal>,
}

/// The answers to a kind's form: all that are required, none that are not asked.
fn filled_form(kind: &Kind, answers: &BTreeMap<String, String>) -> Result<serde_json::Value, Refusal> {
    if answers.keys().any(|key| kind.form.iter().all(|field| field.key != *key)) {
        let allowed: Vec<&str> = kind.form.iter().map(|field| field.key.as_str()).collect();
        return Err(Refusal::new(Code::ValueInvalid).field("form").with("allowed", allowed.join(", ")));
    }
    let mut filled = serde_json::Map::new();
    for field in &kind.form {
        let answer = answers.get(&field.key).map(|answer| answer.trim()).filter(|answer| !answer.is_empty());
        let bad = || {
            Refusal::new(Code::FormInvalid)
                .field("form")
                .with("label", field.label.clone())
                .with("max", field.max_length)
        };
        match answer {
            None if field.required => return Err(bad()),
            None => {}
            Some(answer) => {
                let clean = text::note(answer, usize::from(field.max_length)).map_err(|_| bad())?;
                filled.insert(field.key.clone(), clean.into());
            }
        }
    }
    Ok(filled.into())
}
