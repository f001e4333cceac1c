//! Asking for somebody to come.

use std::collections::BTreeMap;
use std::sync::Arc;

use linli_domain::claim::{Claim, PoolKey, Shortage};
use linli_domain::climb;
use linli_domain::id::{OfferingId, OrderId, OrganisationId, PersonId, WorkerId};
use linli_domain::person::Authority;
use linli_domain::platform::{Kind, KindKey, PriceForm, Shape, VisitTerms, Way, Wish};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_domain::slot::Door as Entrance;
use linli_domain::thing;
use linli_domain::time::{Instant, Span};
use linli_domain::visit::VisitState;
use linli_domain::words::Words;
use linli_store::market::candidates::{self, Among};
use linli_store::market::visits::{self, Visit};
use serde::Serialize;
use serde_json::json;

use super::address::{Door, To};
use super::suit::{self, Job};
use super::terms;
use crate::catalogue::Catalogue;
use crate::idempotency::Once;
use crate::orders::desk::{NotPlaced, Placed, Placing};
use crate::orders::place::{Behalf, Checked, PlaceRequest};
use crate::orders::target::Wanted;
use crate::{App, Failure, Result, hazards, input};

/// The longest note, in characters.
const NOTE_MAX: usize = 300;
/// Somebody asked for now has so long to come, beyond the time to find them.
const TO_COME: Span = Span::minutes(90);

/// When somebody is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum When {
    /// As soon as possible.
    Now,
    /// Within a window.
    Window {
        /// From.
        from: Instant,
        /// By when it should be over.
        until: Instant,
    },
}

/// What is wished of whoever comes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Wishes {
    /// `female` or `male`.
    pub gender: Option<String>,
    /// The key of a language.
    pub language: Option<String>,
    /// Somebody they know.
    pub worker: Option<WorkerId>,
    /// Not these.
    pub not_workers: Vec<WorkerId>,
}

/// What is asked for.
#[derive(Debug, Clone, Serialize)]
pub struct VisitRequest {
    /// Of which kind.
    pub kind: KindKey,
    /// For whom; the one who asks when nobody is named.
    pub subject: Option<PersonId>,
    /// Where to.
    pub to: To,
    /// When.
    pub when: When,
    /// Answers to the kind's form.
    pub form: BTreeMap<String, String>,
    /// What else to know.
    pub note: String,
    /// Which thing it is about, where the kind asks.
    pub thing: String,
    /// What is wished of whoever comes.
    pub wishes: Wishes,
    /// Somebody from farther away will do.
    pub wider: bool,
    /// Only those who work on it may see it.
    pub private: bool,
    /// The district pays; staff decide.
    pub district_pays: bool,
}

impl VisitRequest {
    /// Everything written in it, to be looked through for words that sound like an emergency.
    pub fn words(&self) -> String {
        let answers = self.form.values().map(String::as_str);
        answers.chain([self.note.as_str()]).collect::<Vec<_>>().join("\n")
    }
}

/// What a request has led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// A visit of one's own.
    Made(OrderId),
    /// The same request was made before.
    Before(OrderId),
    /// Somebody has reported the same thing already; the one who asks follows that report now.
    Same(OrderId),
}

/// What would be asked for.
#[derive(Debug, Clone)]
pub struct VisitPreview {
    /// How the price comes about.
    pub price_form: PriceForm,
    /// What it is likely to cost, in fen.
    pub price_fen: i64,
    /// How long it takes, in minutes.
    pub minutes: u16,
    /// From when to when.
    pub window: (Instant, Instant),
    /// How many could come in time.
    pub nearby: usize,
    /// The nearest of them, in seconds.
    pub nearest_seconds: Option<u32>,
    /// Who is responsible, where somebody sends one of theirs.
    pub responsible: Option<OrganisationId>,
    /// The same thing is reported already.
    pub same: Option<OrderId>,
    /// Why it cannot be asked for, if so.
    pub refusal: Option<Refusal>,
}

impl VisitPreview {
    /// How many could come in time, in words.
    pub fn reach_words(&self) -> Words {
        let minutes = self.nearest_seconds.map_or(0, |seconds| seconds.div_ceil(60).max(1));
        match (self.responsible, self.nearby) {
            (Some(_), _) => Words::new("由负责单位派人上门", "The organisation responsible sends somebody"),
            (None, 0) => {
                Words::new("现在附近没有空闲的人，我们会继续找", "Nobody nearby is free just now; we go on looking")
            }
            (None, many) => Words::new(
                format!("附近有 {many} 人可以上门，最近的约 {minutes} 分钟"),
                format!("{many} nearby could come; the nearest is about {minutes} minutes away"),
            ),
        }
    }
}

/// A request that was looked at.
struct Looked<'a> {
    checked: Checked<'a>,
    door: Door,
    visit: Visit,
    responsible: Option<OrganisationId>,
    /// The open visit about the same thing, which others may follow.
    same: Option<OrderId>,
}

impl App {
    /// Asks for somebody to come, for oneself or a minor of one's household.
    ///
    /// # Errors
    /// What the kind asks of its subject, [`Code::WindowInvalid`], [`Code::AddressOffStreets`], [`Code::AddressUnknown`],
    /// [`Code::WishUnknown`], limits.
    pub async fn request_visit(&self, actor: &Actor, request: VisitRequest, key: &str) -> Result<Requested> {
        let subject = request.subject.unwrap_or(actor.person);
        let (authority, acting) = self.authority_online(actor, subject).await?;
        if request.district_pays {
            return Err(Refusal::new(Code::ValueInvalid).field("pay_by").with("allowed", "cash, free").into());
        }
        let behalf = Behalf { subject, door: Entrance::Online, authority, acting };
        let once = Once::new(actor.account, "visit.request", key, &request)?;
        self.request_for(actor, request, behalf, once).await
    }

    /// Staff ask for somebody to come, for a person at the desk or on the phone.
    ///
    /// # Errors
    /// As [`App::request_visit`]; [`Code::NotFound`] where they serve neither the service nor the area.
    pub async fn request_visit_at_desk(&self, actor: &Actor, request: VisitRequest, key: &str) -> Result<Requested> {
        let subject = request.subject.ok_or(Refusal::new(Code::PersonUnknown).field("person_id"))?;
        let catalogue = self.catalogue().await?;
        let (offering, _) = self.visiting(&catalogue, &request.kind)?;
        let door = self.door_of(&[subject, actor.person], &request.to).await?;
        if !catalogue.serves(actor, catalogue.offered(offering)?) && !actor.governs(&door.area) {
            return Err(Code::NotFound.into());
        }
        let (authority, acting) = (Authority::Staff, linli_domain::order::ActingAs::Staff);
        let behalf = Behalf { subject, door: Entrance::Desk, authority, acting };
        let once = Once::new(actor.account, "desk.visit.request", key, &request)?;
        self.request_for(actor, request, behalf, once).await
    }

    async fn request_for(&self, actor: &Actor, request: VisitRequest, behalf: Behalf, once: Once) -> Result<Requested> {
        if let Some(made) = self.made_before(&once).await? {
            return Ok(Requested::Before(made.order));
        }
        let catalogue = self.catalogue().await?;
        let looked = self.look_at(actor, &catalogue, &request, &behalf).await?;
        let Looked { checked, door, visit, responsible, same } = looked;
        if let Some(same) = same.filter(|_| !visit.is_private) {
            return self.follow_same(same, behalf.subject).await;
        }
        let place = place_request(&request, &checked, behalf.subject);
        let mut placing = self.placing(actor, &catalogue, &place, &checked, &behalf, once)?;
        self.complete(&mut placing, &door, visit, responsible);
        match self.desk.place(placing).await? {
            Ok(Placed::Now(written)) => Ok(Requested::Made(written.order.id)),
            Ok(Placed::Before(order)) => Ok(Requested::Before(order)),
            Err(NotPlaced::Refused(refusal)) => Err(refusal.into()),
            Err(NotPlaced::Short(Shortage::Full(pool))) if pool.0.starts_with("thing/") => {
                let thing = pool.0.trim_start_matches("thing/");
                let same = visits::of_thing(self.store.reads(), thing).await?.ok_or(Code::StaleVersion)?;
                self.follow_same(same, behalf.subject).await
            }
            Err(NotPlaced::Short(shortage)) => Err(self.shortage(&catalogue, &shortage, &checked).await?.into()),
        }
    }

    /// Whoever reports what is known already follows it, unless it is their own report.
    async fn follow_same(&self, same: OrderId, person: PersonId) -> Result<Requested> {
        hazards::join(self, same, person).await?;
        Ok(Requested::Same(same))
    }

    /// What a request would lead to.
    ///
    /// # Errors
    /// Only what leaves nothing to show: [`Code::NotFound`], the address.
    pub async fn preview_visit(&self, actor: &Actor, request: &VisitRequest) -> Result<VisitPreview> {
        let subject = request.subject.unwrap_or(actor.person);
        let (authority, acting) = self.authority_online(actor, subject).await?;
        let behalf = Behalf { subject, door: Entrance::Online, authority, acting };
        let catalogue = self.catalogue().await?;
        let (offering, kind) = self.visiting(&catalogue, &request.kind)?;
        let terms = terms(kind)?;
        let rules = catalogue.offered(offering)?.rules_shown(self.now().day()).ok_or(Code::OfferingClosed)?;
        let (window, price_fen) = (self.window(terms, rules.slot_minutes, request.when), estimate(terms, rules));
        let nothing = VisitPreview {
            price_form: terms.price,
            price_fen,
            minutes: rules.slot_minutes,
            window,
            nearby: 0,
            nearest_seconds: None,
            responsible: None,
            same: None,
            refusal: None,
        };
        match self.look_at(actor, &catalogue, request, &behalf).await {
            Err(Failure::Refused(refusal)) => Ok(VisitPreview { refusal: Some(refusal), ..nothing }),
            Err(fault) => Err(fault),
            Ok(Looked { checked, door, visit, responsible, same }) => {
                let once = Once::new(actor.account, "visit.preview", "preview", request)?;
                let place = place_request(request, &checked, subject);
                let mut placing = self.placing(actor, &catalogue, &place, &checked, &behalf, once)?;
                self.complete(&mut placing, &door, visit, responsible);
                let visit = placing.visit.as_ref().ok_or_else(|| Failure::Fault("a visit without a visit".into()))?;
                let reads = self.store.reads();
                let job = Job::new(self, &placing.order, visit)?;
                let day = visit.from.day();
                let all = candidates::of_kind(reads, Among::Everybody, &kind.key, subject, day).await?;
                let judged = suit::judge(self, reads, &job, all, suit::By::Themselves).await?;
                let ways: Vec<u32> = judged.into_iter().flatten().map(|one| one.travel_seconds).collect();
                let nearest_seconds = ways.iter().min().copied();
                Ok(VisitPreview { nearby: ways.len(), nearest_seconds, responsible, same, ..nothing })
            }
        }
    }

    /// The offering of a kind that somebody comes for, which holds for the whole district.
    pub(crate) fn visiting<'a>(&'a self, catalogue: &Catalogue, kind: &KindKey) -> Result<(OfferingId, &'a Kind)> {
        let today = self.now().day();
        let offered = catalogue
            .offerings
            .values()
            .find(|offered| offered.offering.kind == *kind && !offered.has_ended(today))
            .ok_or(Code::NotFound)?;
        let kind = self.orderable(offered)?;
        if kind.shape == Shape::Dispatch { Ok((offered.offering.id, kind)) } else { Err(Code::NotFound.into()) }
    }

    fn window(&self, terms: &VisitTerms, minutes: u16, when: When) -> (Instant, Instant) {
        match when {
            When::Window { from, until } => (from, until),
            When::Now => {
                let now = self.now();
                let ways = i64::try_from(terms.ways.len()).unwrap_or(1);
                let find = Span::minutes(i64::from(terms.find_minutes) * ways + i64::from(minutes));
                (now, now + find + TO_COME)
            }
        }
    }

    async fn look_at<'a>(
        &'a self,
        actor: &Actor,
        catalogue: &'a Arc<Catalogue>,
        request: &VisitRequest,
        behalf: &Behalf,
    ) -> Result<Looked<'a>> {
        let (offering, kind) = self.visiting(catalogue, &request.kind)?;
        let terms = terms(kind)?;
        let rules = catalogue.offered(offering)?.rules_shown(self.now().day()).ok_or(Code::OfferingClosed)?;
        let (from, until) = self.window(terms, rules.slot_minutes, request.when);
        let door = self.door_of(&[behalf.subject, actor.person], &request.to).await?;
        let wishes = wishes(terms, &request.wishes)?;
        let place = PlaceRequest {
            offering,
            wanted: Wanted::Visit { from, until },
            subject: Some(behalf.subject),
            course: None,
            wait: false,
            form: request.form.clone(),
        };
        let mut checked = self.check(catalogue, &place, behalf.subject, behalf.door).await?;
        checked.target.price_fen = estimate(terms, rules);
        let note =
            if request.note.trim().is_empty() { String::new() } else { input::note("note", &request.note, NOTE_MAX)? };
        // Reports of homes are nobody else's; others may follow what is shared.
        let is_private = request.private || !terms.is_shareable();
        let mut same = None;
        let thing = match &terms.thing {
            None => String::new(),
            Some(_) => {
                let written = input::line("thing", &request.thing, 40)?;
                let keys = thing::keys(&kind.key, door.compound, door.point, &written);
                same = hazards::same(self.store.reads(), kind, &keys, door.point).await?.map(|same| same.order);
                // What only those who work on it may see keeps nobody else from reporting the same.
                if is_private { String::new() } else { keys.own }
            }
        };
        if !thing.is_empty() {
            let pool = PoolKey::thing(&thing);
            checked.needed.limits.push(Claim::Place { pool, capacity: 1, amount: 1 });
        }
        let way = terms.ways.first().copied().unwrap_or(Way::Staff);
        let responsible = if terms.ways.iter().all(|way| way.asks_workers()) {
            None
        } else {
            let own = catalogue.offered(offering)?.offering.organisation;
            Some(hazards::responsible_for(self.store.reads(), kind, &door.area, door.compound, own).await?)
        };
        let now = self.now();
        let after = |minutes: u16| now + Span::minutes(i64::from(minutes));
        let deadlines = terms.urgent.map(|urgent| climb::deadlines(urgent, now));
        let visit = Visit {
            order: OrderId(0),
            kind: kind.key.clone(),
            state: VisitState::Seeking,
            worker: None,
            way,
            wave: 0,
            next_look: Some(now),
            find_until: after(terms.find_minutes),
            nobody_at: None,
            sought_since: now,
            is_now: request.when == When::Now,
            from,
            until,
            minutes: rules.slot_minutes,
            address: door.text.clone(),
            detail: door.detail.clone(),
            compound: door.compound,
            point: door.point,
            thing,
            wider: request.wider,
            wishes,
            note,
            is_private,
            price_form: terms.price,
            pay_by: match terms.price {
                PriceForm::Free => "free".to_owned(),
                _ if request.district_pays => "district".to_owned(),
                _ => "cash".to_owned(),
            },
            quote: None,
            start_code: format!("{:04}", self.random.below(10_000)),
            code_tries: 0,
            accept_by: deadlines.map(|(accept_by, _)| accept_by),
            arrive_by: deadlines.map(|(_, arrive_by)| arrive_by),
            climbed: 0,
            reasons: json!([]),
            travel_seconds: None,
            accepted_at: None,
            on_way_at: None,
            arrived_at: None,
            started_at: None,
            done_at: None,
            start_reason: String::new(),
            late_told: false,
            failure: String::new(),
        };
        Ok(Looked { checked, door, visit, responsible, same })
    }

    fn complete(&self, placing: &mut Placing, door: &Door, mut visit: Visit, responsible: Option<OrganisationId>) {
        let order = &mut placing.order;
        visit.order = order.id;
        order.area = door.area.clone();
        order.organisation = responsible.unwrap_or(order.organisation);
        placing.visit = Some(visit);
    }
}

fn place_request(request: &VisitRequest, checked: &Checked<'_>, subject: PersonId) -> PlaceRequest {
    PlaceRequest {
        offering: checked.target.offered.offering.id,
        wanted: Wanted::Visit { from: checked.target.start, until: checked.target.end },
        subject: Some(subject),
        course: None,
        wait: false,
        form: request.form.clone(),
    }
}

/// What it is likely to cost: every hour begun, where it goes by the hour.
fn estimate(terms: &VisitTerms, rules: &linli_domain::platform::Rules) -> i64 {
    match terms.price {
        PriceForm::Hourly => rules.price_fen * i64::from(rules.slot_minutes.div_ceil(60)),
        _ => rules.price_fen,
    }
}

/// The wishes of a request, as they are kept: those the kind knows.
fn wishes(terms: &VisitTerms, wished: &Wishes) -> Result<serde_json::Value, Refusal> {
    let asked = [
        (Wish::Gender, wished.gender.is_some()),
        (Wish::Language, wished.language.is_some()),
        (Wish::Worker, wished.worker.is_some() || !wished.not_workers.is_empty()),
    ];
    if asked.iter().any(|(wish, is_asked)| *is_asked && !terms.wishes.contains(wish)) {
        let allowed: Vec<&str> = terms.wishes.iter().map(|wish| wish.key()).collect();
        let allowed = if allowed.is_empty() { "-".to_owned() } else { allowed.join(", ") };
        return Err(Refusal::new(Code::WishUnknown).field("wishes").with("allowed", allowed));
    }
    Ok(json!({
        "gender": wished.gender,
        "language": wished.language,
        "worker": wished.worker,
        "not_workers": wished.not_workers,
    }))
}
