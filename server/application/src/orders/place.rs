//! Placing an order: everything that can be known beforehand, then the desk.

use std::collections::BTreeMap;
use std::sync::Arc;

use linli_domain::claim::{Claim, PoolKey, Shortage};
use linli_domain::course::CourseKey;
use linli_domain::eligibility::on_their_word;
use linli_domain::id::{OfferingId, OrderId, PersonId};
use linli_domain::needed::Needed;
use linli_domain::order::{ActingAs, Event, State};
use linli_domain::person::{Authority, MINOR_BELOW, Person};
use linli_domain::platform::Kind;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::slot::Door;
use linli_domain::text;
use linli_domain::time::{Day, Instant, Span};
use linli_domain::words::Words;
use linli_store::booking::asking::{Asking, Known};
use linli_store::booking::keys::IdempotencyKey;
use linli_store::booking::{Order, PayerShare, orders};
use linli_store::people::{household, persons};
use linli_store::scarcity;
use serde::Serialize;

use super::desk::{NotPlaced, Placed, Placing, Written};
use super::queue::DeskAsk;
use super::target::{Target, Wanted};
use super::view::OrderView;
use crate::catalogue::Catalogue;
use crate::idempotency::Once;
use crate::{App, Failure, Result, courses};

/// What somebody asks for.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceRequest {
    /// Of which offering.
    pub offering: OfferingId,
    /// What: a time, a room from–to, a seat.
    pub wanted: Wanted,
    /// For whom; the one who asks when nobody is named.
    pub subject: Option<PersonId>,
    /// The course whose next visit it is.
    pub course: Option<CourseKey>,
    /// Whether they would wait in line when there is no place.
    pub wait: bool,
    /// Answers to the kind's form.
    pub form: BTreeMap<String, String>,
}

/// For whom somebody asks, through which door, and by what right.
pub(crate) struct Behalf {
    pub(crate) subject: PersonId,
    pub(crate) door: Door,
    pub(crate) authority: Authority,
    pub(crate) acting: ActingAs,
}

/// An order that stands.
enum Stands {
    /// It was placed now.
    Now { written: Arc<Written>, subject: Person },
    /// An earlier request with the same key made it.
    Before(OrderId),
}

/// Everything a placing rests on, looked up and checked.
pub(crate) struct Checked<'a> {
    pub subject: Person,
    pub target: Target<'a>,
    pub needed: Needed,
    /// Whether nobody has seen their document yet, and the kind asks for none beforehand.
    pub on_their_word: bool,
    /// The step of a course it is.
    pub step: Option<courses::Step>,
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
            let target = self.target(&catalogue, request.offering, &request.wanted)?;
            let from = target.start - Span::minutes(i64::from(target.rules.check_in_minutes_before));
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
        let (target, refusal) = match self.check(&catalogue, request, subject, Door::Online).await {
            Ok(checked) => (checked.target, None),
            Err(Failure::Refused(refusal)) => {
                (self.target(&catalogue, request.offering, &request.wanted)?, Some(refusal))
            }
            Err(fault) => return Err(fault),
        };
        let person = persons::person(self.store.reads(), subject).await?.ok_or(Code::PersonUnknown)?;
        Ok(Preview {
            subject: (person.id, person.name),
            start: target.start,
            end: target.end,
            price_fen: target.price_fen,
            revisit_of: target.revisit_of.map(|(_, day)| day),
            changes_until: target.changes_until(self.now()),
            approval: target.first_event(Door::Online) == Event::Request,
            refusal,
        })
    }

    /// On whose authority somebody orders online for a person.
    pub(crate) async fn authority_online(&self, actor: &Actor, subject: PersonId) -> Result<(Authority, ActingAs)> {
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
        let Behalf { subject, door, .. } = *behalf;
        let catalogue = self.catalogue().await?;
        let known = self.known(&catalogue, &request, subject, Some(once.key.clone())).await?;
        // A repetition is answered before the rules are looked at: what was full since is still theirs.
        if let Some(made) = &known.made {
            once.is_repetition_of(made)?;
            return Ok(Stands::Before(made.order));
        }
        let checked = self.judge(&catalogue, &request, known, door)?;
        let placing = self.placing(actor, &catalogue, &request, &checked, behalf, once)?;
        match self.desk.place(placing).await? {
            Ok(Placed::Now(written)) => Ok(Stands::Now { written, subject: checked.subject }),
            Ok(Placed::Before(order)) => Ok(Stands::Before(order)),
            Err(NotPlaced::Refused(refusal)) if checked.step.is_none() => Err(refusal.into()),
            Err(NotPlaced::Short(shortage)) if !shortage.is_of_course() => {
                Err(self.shortage(&catalogue, &shortage, &checked).await?.into())
            }
            // Somebody else has changed the course in this very moment: what stands in the way now is said.
            Err(_) => {
                self.check(&catalogue, &request, subject, door).await?;
                Err(Code::StaleVersion.into())
            }
        }
    }

    /// The order as it will be stored, and everything that goes with it.
    pub(crate) fn placing(
        &self,
        actor: &Actor,
        catalogue: &Catalogue,
        request: &PlaceRequest,
        checked: &Checked<'_>,
        behalf: &Behalf,
        once: Once,
    ) -> Result<Placing> {
        let Behalf { subject, door, authority, acting } = *behalf;
        let Checked { target, needed, step, .. } = checked;
        let now = self.now();
        let order = Order {
            id: OrderId(self.next_id()),
            version: 1,
            kind: target.kind.key.clone(),
            platform_version: self.platform_version(target.kind),
            offering: request.offering,
            offering_version: target.version,
            organisation: target.offered.offering.organisation,
            place: target.offered.offering.place,
            area: catalogue.place(target.offered)?.area.clone(),
            subject,
            placed_by: actor.account,
            authority,
            state: State::Requested,
            starts_at: target.start,
            ends_at: target.end,
            pool: target.pool.clone(),
            session: target.session(),
            unit: None,
            series: None,
            course: step.as_ref().map(|step| (step.course, step.number)),
            revisit_of: target.revisit_of.map(|(id, _)| id),
            line_number: None,
            held_until: None,
            changes_until: target.changes_until(now),
            check_in_code: format!("{:06}", self.random.below(1_000_000)),
            form: filled_form(target.kind, &request.form)?,
            price_fen: target.price_fen,
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
        let line = target.line().filter(|_| request.wait);
        let first = target.first_event(door);
        Ok(Placing {
            order,
            needed: needed.clone(),
            first,
            line,
            shares,
            step: step.clone(),
            visit: None,
            acting,
            once,
        })
    }

    /// Looks at everything that does not depend on what others take at the same moment.
    pub(crate) async fn check<'a>(
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
    pub(crate) async fn known(
        &self,
        catalogue: &Catalogue,
        request: &PlaceRequest,
        subject: PersonId,
        key: Option<IdempotencyKey>,
    ) -> Result<Known> {
        let offered = catalogue.offered(request.offering).ok();
        let kind = offered.map(|offered| offered.offering.kind.clone());
        let revisit = offered.and_then(|offered| offered.revisit(request.wanted.day()?));
        let course = request.course.clone();
        self.asking.ask(Asking { subject, kind, key, course, revisit }).await
    }

    /// Judges by what is known.
    pub(crate) fn judge<'a>(
        &'a self,
        catalogue: &'a Catalogue,
        request: &PlaceRequest,
        known: Known,
        door: Door,
    ) -> Result<Checked<'a>> {
        let mut target = self.target(catalogue, request.offering, &request.wanted)?;
        target.follows(known.revisit_of);
        let wanted = request.course.as_ref().map(|key| courses::of_kind(target.kind, key)).transpose()?;
        let now = self.now();
        target.bookable(door, now)?;
        let subject = known.subject.ok_or(Refusal::new(Code::PersonUnknown).field("subject_id"))?;
        target.is_for(catalogue, &subject, &known.verified, now)?;
        // Whoever comes in person or calls is served also while online booking is paused.
        if door == Door::Online
            && target.kind.no_show.is_some()
            && let Some(until) = known.blocked_until
        {
            return Err(Refusal::new(Code::Blocked).with("until", until).into());
        }
        let mut needed = target.needed(subject.id, now);
        let on_their_word = on_their_word(target.kind, &known.verified, now);
        if on_their_word {
            needed = needed.on_their_word(target.kind, subject.id);
        }
        let mut step = None;
        if let Some(course) = wanted {
            let phone = &catalogue.place(target.offered)?.phone;
            let at = (target.start.day(), door);
            let known = known.course.as_ref();
            step = Some(self.course_step(&target.kind.key, course, known, subject.id, at, phone)?);
            needed.limits.push(course.claim(subject.id, &target.kind.key));
        }
        Ok(Checked { subject, target, needed, on_their_word, step })
    }

    /// The words for claims that could not be had.
    pub(crate) async fn shortage(
        &self,
        catalogue: &Catalogue,
        shortage: &Shortage,
        checked: &Checked<'_>,
    ) -> Result<Refusal> {
        let Checked { subject, target, needed, on_their_word, .. } = checked;
        if *on_their_word && *shortage == Shortage::Full(PoolKey::open(subject.id, &target.kind.key)) {
            return Ok(Code::LimitUntilVerified.into());
        }
        if let Some(refusal) = limit_reached(shortage, target.kind) {
            return Ok(refusal);
        }
        Ok(match shortage {
            Shortage::Full(pool) if pool.0.starts_with("once/") => {
                Refusal::new(Code::AlreadyIn).with("person", subject.name.as_str())
            }
            Shortage::Full(_) if target.offered.has_units() => Code::UnitBusy.into(),
            Shortage::Full(_) => Code::SlotFull.into(),
            Shortage::Waited(_) => Code::SlotHasLine.into(),
            Shortage::Closed(_) => Code::SlotClosed.into(),
            Shortage::LineFull(_) => Code::LineFull.into(),
            Shortage::Busy { owner, day } if *owner == subject.id.0 => {
                let (when, what) = self.in_the_way(catalogue, subject.id, *day, needed).await?;
                Refusal::new(Code::PersonBusy)
                    .with("person", subject.name.as_str())
                    .with("when", when.unwrap_or(target.start))
                    .with("other", what.unwrap_or_else(|| target.kind.name.clone()))
            }
            Shortage::Busy { .. } | Shortage::Nothing => Code::UnitBusy.into(),
        })
    }

    /// What somebody has on a day at the times that are needed, and when it begins. Nothing when it has just gone.
    async fn in_the_way(
        &self,
        catalogue: &Catalogue,
        subject: PersonId,
        day: Day,
        needed: &Needed,
    ) -> Result<(Option<Instant>, Option<Words>)> {
        let mask = needed.time.iter().find_map(|claim| match claim {
            Claim::Time { day: on, mask, .. } if *on == day => Some(*mask),
            _ => None,
        });
        let holders = scarcity::holders(self.store.reads(), subject.0, day, mask.unwrap_or_default()).await?;
        let held: Vec<OrderId> = holders.into_iter().map(OrderId).collect();
        let Some(other) = orders::many(self.store.reads(), &held).await?.into_iter().next() else {
            return Ok((None, None));
        };
        let meeting = other.session.and_then(|id| catalogue.sessions.get(&id)).and_then(|s| s.meeting_on(day));
        let when = meeting.map_or(other.starts_at, |meeting| meeting.start);
        Ok((Some(when), Some(self.service_of(catalogue, &other))))
    }

    /// What an order is for, as people call it: the session's title, otherwise the kind.
    pub(crate) fn service_of(&self, catalogue: &Catalogue, order: &Order) -> Words {
        let session = order.session.and_then(|id| catalogue.sessions.get(&id));
        let kind = || self.platforms.kind(&order.kind).map(|kind| kind.name.clone());
        session.map(|session| session.title.clone()).or_else(kind).unwrap_or_else(|| Words::new("服务", "service"))
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
    /// The day of the visit that makes it a revisit.
    pub revisit_of: Option<Day>,
    /// Until when it can be undone without calling.
    pub changes_until: Instant,
    /// Whether the place says yes or no to it.
    pub approval: bool,
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

/// The words for a limit of a person that is reached.
pub(crate) fn limit_reached(shortage: &Shortage, kind: &Kind) -> Option<Refusal> {
    let Shortage::Full(PoolKey(pool)) = shortage else { return None };
    let limits = &kind.limits;
    let (code, max) = match pool.split('/').next()? {
        "day" => (Code::LimitDay, limits.per_day),
        "week" => (Code::LimitWeek, limits.per_week),
        "open" => (Code::LimitOpen, limits.open),
        "minutes" => (Code::LimitHours, limits.hours_per_week),
        _ => return None,
    };
    Some(Refusal::new(code).with("max", max.unwrap_or(1)))
}
