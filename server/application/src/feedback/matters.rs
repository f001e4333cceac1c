//! Matters from their resident's side, and the one way every step of a matter is made.

use futures::FutureExt;
use linli_domain::area::AreaCode;
use linli_domain::id::{AccountId, FileId, MatterId, OrderId, PersonId};
use linli_domain::matter::{By, Form, MatterEvent, PICTURES_MOST, Rung, WORDS_MAX, step};
use linli_domain::order::ActingAs;
use linli_domain::rating::Level;
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_store::audit::{self, AuditEntry};
use linli_store::booking::orders;
use linli_store::market::matters::{self as tables, Matter, MatterEventLine};
use linli_store::people::persons;
use linli_store::{Tx, jobs};

use super::open::{Opening, open, parties};
use super::tell::matter_job;
use super::view::MatterView;
use crate::people::household;
use crate::{App, Failure, Result, idempotency, input};

/// A complaint or a praise.
#[derive(Debug, Clone)]
pub struct NewMatter {
    /// Which of the two.
    pub form: Form,
    /// The order it is about.
    pub order: Option<OrderId>,
    /// The area it is about, where it is about no order; that of one's own community when none is named.
    pub area: Option<AreaCode>,
    /// What happened.
    pub words: String,
    /// Pictures of one's own.
    pub pictures: Vec<FileId>,
}

/// What whose matter it is may do with it.
#[derive(Debug, Clone)]
pub enum Act {
    /// Send it up.
    Climb {
        /// Why.
        words: Option<String>,
    },
    /// Take it back.
    Withdraw,
    /// Rate how it was seen to, once.
    Follow {
        /// 5 is very satisfied, 1 very dissatisfied.
        level: i64,
    },
}

/// One step of a matter.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) event: MatterEvent,
    pub(super) by: By,
    pub(super) actor: Option<AccountId>,
    pub(super) acting: ActingAs,
    pub(super) words: String,
}

impl Step {
    /// A step nobody in particular makes.
    pub(super) const fn by_system(event: MatterEvent) -> Self {
        Self { event, by: By::System, actor: None, acting: ActingAs::System, words: String::new() }
    }
}

/// A step that was decided, and what is to be written of it.
pub(super) struct Made {
    matter: Matter,
    line: MatterEventLine,
    entry: AuditEntry,
}

/// Decides a step of a matter that was locked in this transaction, and finds an owner where one is needed.
pub(super) async fn decide(app: &App, tx: &Tx, mut matter: Matter, step_of: Step) -> Result<Made> {
    let Step { event, by, actor, acting, words } = step_of;
    let now = app.now();
    matter.standing = step(&matter.standing, event, by, now)?;
    matter.version += 1;
    match event {
        MatterEvent::Take => matter.owner = actor,
        MatterEvent::Contact => {
            matter.contacted_at = Some(now);
            matter.owner = actor;
        }
        MatterEvent::Answer => {
            matter.answer = Some((words.clone(), now));
            matter.owner = actor;
        }
        MatterEvent::Climb | MatterEvent::Broken | MatterEvent::Renew => {
            if event == MatterEvent::Climb {
                matter.climbed_at = Some(now);
            }
            if event == MatterEvent::Broken {
                matter.words.clone_from(&words);
            }
            let not = parties(tx, matter.order, matter.person).await?;
            let (lowest, organisation) = (matter.standing.rung, matter.organisation);
            let found = tables::owner_for(tx, lowest, organisation, &matter.area, &not, now).await?;
            matter.owner = found.map(|(_, owner)| owner);
            matter.standing.rung = found.map_or(lowest, |(rung, _)| rung);
        }
        MatterEvent::Withdraw
        | MatterEvent::Follow(_)
        | MatterEvent::Holds
        | MatterEvent::Reopen
        | MatterEvent::Lapse => {}
    }
    let line = MatterEventLine {
        matter: matter.id,
        number: matter.version,
        at: now,
        event: event.key().to_owned(),
        actor,
        acting,
        words,
    };
    let entry = AuditEntry::new(app.next_id(), now, actor, acting, audit_action(event));
    let entry = entry.about(matter.person).on(matter.id.0);
    Ok(Made { matter, line, entry })
}

/// Writes steps: the matters, their timelines, the record, and the jobs that tell people.
pub(super) async fn write(app: &App, tx: &Tx, made: Vec<Made>) -> Result<()> {
    let (mut matters, mut lines, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for Made { matter, line, entry } in made {
        matters.push(matter);
        lines.push(line);
        entries.push(entry);
    }
    tables::update(tx, &matters).await?;
    tables::add_events(tx, &lines).await?;
    let told: Vec<jobs::NewJob> = matters.iter().map(|one| matter_job(app, one.id, one.version)).collect();
    jobs::enqueue(tx, &told).await?;
    Ok(audit::record_all(tx, entries).await?)
}

/// Makes one step of a matter that was locked in this transaction.
pub(super) async fn go(app: &App, tx: &Tx, matter: Matter, step: Step) -> Result<()> {
    let made = decide(app, tx, matter, step).await?;
    write(app, tx, vec![made]).await
}

/// The audit's name for an event.
const fn audit_action(event: MatterEvent) -> &'static str {
    match event {
        MatterEvent::Take => "matter.taken",
        MatterEvent::Contact => "matter.contacted",
        MatterEvent::Answer => "matter.answered",
        MatterEvent::Climb => "matter.climbed",
        MatterEvent::Withdraw => "matter.withdrawn",
        MatterEvent::Follow(_) => "matter.follow_rated",
        MatterEvent::Holds | MatterEvent::Broken | MatterEvent::Reopen => "matter.said_whether_fixed",
        MatterEvent::Lapse => "matter.closed",
        MatterEvent::Renew => "matter.renewed",
    }
}

impl App {
    /// Makes a complaint or a praise, about an order or about none. The same words again on the same day are the same
    /// matter.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of others; [`Code::CommunityUnknown`] where neither an area nor one's own community
    /// is known; [`Code::FileUnknown`], and what is refused of texts.
    pub async fn make_matter(&self, actor: &Actor, new: NewMatter) -> Result<MatterView> {
        let words = input::note("words", &new.words, WORDS_MAX)?;
        self.check_pictures(actor.person, &new.pictures, PICTURES_MOST).await?;
        let request = (new.form.key(), new.order, new.area.as_ref().map(AreaCode::as_str), &words);
        let fingerprint = idempotency::fingerprint(&request);
        let (acting, mut opening) = match new.order {
            Some(id) => {
                let (order, acting) = self.own_order(actor, id).await?;
                (acting, Opening::of_order(new.form, &order, words, String::new()))
            }
            None => {
                let area = self.area_of_matter(actor, new.area).await?;
                let opening = Opening {
                    form: new.form,
                    order: None,
                    person: actor.person,
                    organisation: None,
                    lowest: Rung::of_area(area.level()),
                    area,
                    kind: None,
                    words,
                    source: String::new(),
                };
                (ActingAs::Resident, opening)
            }
        };
        let (form, person) = (new.form.key(), opening.person);
        opening.source = format!("{form}/{person}/{}/{fingerprint:x}", self.now().day());
        let (this, by, pictures) = (self.clone(), actor.clone(), new.pictures);
        let id = self
            .store
            .write(move |tx| {
                async move {
                    let (id, is_new) = open(&this, tx, opening, (Some(by.account), acting)).await?;
                    if is_new {
                        tables::put_pictures(tx, id, &pictures).await?;
                        let entry = this.entry(&by, acting, "matter.opened").about(person).on(id.0);
                        audit::record(tx, entry).await?;
                    }
                    Ok::<_, Failure>(id)
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        self.matter(actor, id).await
    }

    async fn area_of_matter(&self, actor: &Actor, named: Option<AreaCode>) -> Result<AreaCode> {
        let area = match named {
            Some(area) => Some(area),
            None => persons::person(self.store.reads(), actor.person).await?.and_then(|person| person.community),
        };
        let catalogue = self.catalogue().await?;
        let known = area.filter(|area| catalogue.areas.get(area).is_some());
        known.ok_or_else(|| Refusal::new(Code::CommunityUnknown).field("area_code").into())
    }

    /// The matters of the actor and the minors of their household, newest first, older than `before`.
    ///
    /// # Errors
    /// The database's.
    pub async fn matters(&self, actor: &Actor, before: Option<MatterId>, limit: u32) -> Result<Vec<MatterView>> {
        let mut people = vec![actor.person];
        people.extend(household::list(self, actor).await?.into_iter().map(|minor| minor.person.id));
        let found = tables::of_people(self.store.reads(), &people, before, limit).await?;
        self.matter_views(found, By::Resident, actor).await
    }

    /// One matter, for whose it is, a guardian, or staff who may see it.
    ///
    /// # Errors
    /// [`Code::NotFound`] for anybody else.
    pub async fn matter(&self, actor: &Actor, id: MatterId) -> Result<MatterView> {
        let matter = tables::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let by = match self.capacity_for(actor, matter.person).await? {
            Some(_) => By::Resident,
            None if self.sees(actor, &matter).await? => By::Staff,
            None => return Err(Code::NotFound.into()),
        };
        Ok(self.matter_views(vec![matter], by, actor).await?.remove(0))
    }

    /// Makes a step of a matter of one's own or of a ward.
    ///
    /// # Errors
    /// [`Code::NotFound`] for matters of others; [`Code::MatterNotPossible`], [`Code::MatterAtTop`],
    /// [`Code::MatterFollowed`]; what is refused of texts.
    pub async fn act_on_matter(&self, actor: &Actor, id: MatterId, act: Act) -> Result<MatterView> {
        let (event, words) = match act {
            Act::Climb { words } => (MatterEvent::Climb, words),
            Act::Withdraw => (MatterEvent::Withdraw, None),
            Act::Follow { level } => {
                let wrong = || Refusal::new(Code::ValueInvalid).field("level").with("allowed", "1–5");
                (MatterEvent::Follow(Level::from_number(level).ok_or_else(wrong)?), None)
            }
        };
        let words = words.map(|words| input::note("words", &words, WORDS_MAX)).transpose()?.unwrap_or_default();
        let (person, acting) = self.own_matter(actor, id).await?;
        debug_assert!(matches!(acting, ActingAs::Resident | ActingAs::Guardian), "{person} is one's own or a ward");
        let step = Step { event, by: By::Resident, actor: Some(actor.account), acting, words };
        self.go_on_with(id, step).await?;
        self.matter(actor, id).await
    }

    /// Whose matter it is and in what capacity the actor acts on it without being staff.
    pub(super) async fn own_matter(&self, actor: &Actor, id: MatterId) -> Result<(PersonId, ActingAs)> {
        let matter = tables::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let acting = self.capacity_for(actor, matter.person).await?.ok_or(Code::NotFound)?;
        Ok((matter.person, acting))
    }

    /// Makes one step in a transaction of its own.
    pub(super) async fn go_on_with(&self, id: MatterId, step: Step) -> Result<()> {
        let this = self.clone();
        self.store
            .write(move |tx| {
                async move {
                    let matter = tables::lock(tx, &[id]).await?.pop().ok_or(Code::NotFound)?;
                    go(&this, tx, matter, step).await
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        Ok(())
    }

    /// The order of a matter, if it is about one that still stands in the books.
    pub(super) async fn order_of(&self, matter: &Matter) -> Result<Option<linli_store::booking::Order>> {
        match matter.order {
            Some(id) => Ok(orders::one(self.store.reads(), id).await?),
            None => Ok(None),
        }
    }
}
