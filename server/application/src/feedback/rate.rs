//! Giving a rating, changing it, answering it.

use futures::FutureExt;
use linli_domain::id::{FileId, OrderId};
use linli_domain::order::ActingAs;
use linli_domain::platform::Shape;
use linli_domain::rating::{
    Given, Level, PICTURES_MOST, Rateable, Side, WORDS_MAX, checked_tags, may_answer, may_edit, may_rate, shown_from,
};
use linli_domain::refusal::{Code, Refusal};
use linli_domain::role::Actor;
use linli_store::audit;
use linli_store::booking::{Order, orders};
use linli_store::market::ratings::{self, Came, Rating};
use linli_store::{Tx, jobs};

use super::open::poor_rating;
use super::tell::rating_job;
use super::view::OrderRatings;
use crate::{App, Failure, Result, input};

/// What somebody says of an order.
#[derive(Debug, Clone)]
pub struct NewRating {
    /// 5 is very satisfied, 1 very dissatisfied.
    pub level: i64,
    /// Keys of tags.
    pub tags: Vec<String>,
    /// In their own words.
    pub words: Option<String>,
    /// Pictures; residents only.
    pub pictures: Vec<FileId>,
}

/// What was said, once it has been read.
struct Said {
    level: Level,
    tags: Vec<String>,
    words: String,
    pictures: Vec<FileId>,
}

/// Somebody on one side of an order.
struct Speaker {
    order: Order,
    acting: ActingAs,
    came: Option<Came>,
}

impl App {
    /// Rates an order: its subject or a guardian the service, or the worker the circumstances.
    ///
    /// # Errors
    /// [`Code::NotFound`] for orders of others; [`Code::RatingTooEarly`], [`Code::RatingTooLate`],
    /// [`Code::RatingExists`]; [`Code::ValueInvalid`] for the level or tags, [`Code::FileUnknown`], and what is
    /// refused of texts.
    pub async fn rate(&self, actor: &Actor, id: OrderId, side: Side, new: NewRating) -> Result<OrderRatings> {
        let speaker = self.speaker(actor, id, side).await?;
        let said = self.read_rating(actor, &speaker.order, side, new).await?;
        let (this, by) = (self.clone(), actor.clone());
        self.store.write(move |tx| async move { insert(&this, tx, &by, side, &speaker, said).await }.boxed()).await?;
        self.hub.publish("jobs", "").await;
        self.order_ratings(actor, id).await
    }

    /// Changes a rating of one's own, within a day.
    ///
    /// # Errors
    /// As [`App::rate`]; [`Code::NotFound`] where there is none; [`Code::RatingEditLate`], [`Code::RatingShown`].
    pub async fn change_rating(&self, actor: &Actor, id: OrderId, side: Side, new: NewRating) -> Result<OrderRatings> {
        let speaker = self.speaker(actor, id, side).await?;
        let said = self.read_rating(actor, &speaker.order, side, new).await?;
        let (this, by) = (self.clone(), actor.clone());
        self.store.write(move |tx| async move { change(&this, tx, &by, side, &speaker, said).await }.boxed()).await?;
        self.hub.publish("jobs", "").await;
        self.order_ratings(actor, id).await
    }

    /// Answers what a resident said: the worker who came, or the desk of who served; once.
    ///
    /// # Errors
    /// [`Code::NotFound`] for whoever is neither, and while it cannot be read; [`Code::RatingAnswered`].
    pub async fn answer_rating(&self, actor: &Actor, id: OrderId, words: &str) -> Result<OrderRatings> {
        let words = input::note("words", words, WORDS_MAX)?;
        let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
        let came = ratings::came(self.store.reads(), id).await?;
        let acting = if came.is_some_and(|came| came.person == actor.person) {
            ActingAs::Provider
        } else if actor.serves(order.organisation, &order.area) {
            ActingAs::Staff
        } else {
            return Err(Code::NotFound.into());
        };
        let (this, now) = (self.clone(), self.now());
        let entry = self.entry(actor, acting, "rating.answered").about(order.subject).on(id.0);
        self.store
            .write(move |tx| {
                async move {
                    orders::lock(tx, &[id]).await?;
                    let mut rating = of_side(tx, id, Side::Resident).await?.ok_or(Code::NotFound)?;
                    may_answer(&given(&rating), now)?;
                    rating.version += 1;
                    rating.answer = Some((words, now));
                    ratings::update(tx, &rating).await?;
                    jobs::enqueue(tx, &[rating_job(&this, id, "answered")]).await?;
                    Ok::<_, Failure>(audit::record(tx, entry).await?)
                }
                .boxed()
            })
            .await?;
        self.hub.publish("jobs", "").await;
        self.order_ratings(actor, id).await
    }

    /// Whoever may speak on one side of an order; to everybody else it does not exist.
    async fn speaker(&self, actor: &Actor, id: OrderId, side: Side) -> Result<Speaker> {
        let came = ratings::came(self.store.reads(), id).await?;
        match side {
            Side::Resident => {
                let (order, acting) = self.own_order(actor, id).await?;
                Ok(Speaker { order, acting, came })
            }
            Side::Worker => {
                let order = orders::one(self.store.reads(), id).await?.ok_or(Code::NotFound)?;
                match came {
                    Some(came) if came.person == actor.person => {
                        Ok(Speaker { order, acting: ActingAs::Provider, came: Some(came) })
                    }
                    _ => Err(Code::NotFound.into()),
                }
            }
        }
    }

    async fn read_rating(&self, actor: &Actor, order: &Order, side: Side, new: NewRating) -> Result<Said> {
        let level = Level::from_number(new.level)
            .ok_or_else(|| Refusal::new(Code::ValueInvalid).field("level").with("allowed", "1–5"))?;
        let shape = self.platforms.kind(&order.kind).map_or(Shape::Slot, |kind| kind.shape);
        let tags = checked_tags(side, level, shape, &new.tags)?;
        let words = match new.words {
            Some(words) => input::note("words", &words, WORDS_MAX)?,
            None => String::new(),
        };
        let most = if side == Side::Resident { PICTURES_MOST } else { 0 };
        self.check_pictures(actor.person, &new.pictures, most).await?;
        Ok(Said { level, tags: tags.iter().map(|tag| tag.key.to_owned()).collect(), words, pictures: new.pictures })
    }
}

async fn insert(app: &App, tx: &Tx, by: &Actor, side: Side, speaker: &Speaker, said: Said) -> Result<()> {
    let id = speaker.order.id;
    let order = orders::lock(tx, &[id]).await?.pop().ok_or(Code::NotFound)?;
    let now = app.now();
    let given = ratings::of_order(tx, id).await?;
    let spoken = given.iter().any(|rating| rating.side == side);
    let other_spoke = given.iter().any(|rating| rating.side != side);
    may_rate(&Rateable { state: order.state, done_at: ratings::done_at(tx, id).await?, spoken }, now)?;
    let met = speaker.came.is_some();
    let rating = Rating {
        order: id,
        side,
        version: 1,
        person: if side == Side::Resident { order.subject } else { by.person },
        worker: speaker.came.map(|came| came.worker),
        organisation: order.organisation,
        area: order.area.clone(),
        kind: order.kind.clone(),
        level: said.level,
        tags: said.tags,
        words: said.words,
        at: now,
        edited_at: None,
        shown_from: shown_from(now, met, other_spoke),
        answer: None,
        hidden: None,
    };
    ratings::insert(tx, &rating).await?;
    if other_spoke {
        ratings::show(tx, id, now).await?;
        jobs::enqueue(tx, &[rating_job(app, id, "shown")]).await?;
    }
    if side == Side::Resident {
        ratings::put_pictures(tx, id, by.person, &said.pictures, now).await?;
        if let Some(came) = speaker.came {
            ratings::count(tx, came.worker, rating.level).await?;
        }
        poor_rating(app, tx, (Some(by.account), speaker.acting), &order, &rating).await?;
    }
    let entry = app.entry(by, speaker.acting, "rating.given").about(rating.person).on(id.0);
    Ok(audit::record(tx, entry).await?)
}

async fn change(app: &App, tx: &Tx, by: &Actor, side: Side, speaker: &Speaker, said: Said) -> Result<()> {
    let id = speaker.order.id;
    let order = orders::lock(tx, &[id]).await?.pop().ok_or(Code::NotFound)?;
    let now = app.now();
    let mut rating = of_side(tx, id, side).await?.ok_or(Code::NotFound)?;
    may_edit(&given(&rating), now)?;
    let before = std::mem::replace(&mut rating.level, said.level);
    (rating.tags, rating.words) = (said.tags, said.words);
    rating.version += 1;
    rating.edited_at = Some(now);
    ratings::update(tx, &rating).await?;
    if side == Side::Resident {
        ratings::put_pictures(tx, id, by.person, &said.pictures, now).await?;
        if let Some(worker) = rating.worker {
            ratings::recount(tx, worker, before, rating.level).await?;
        }
        poor_rating(app, tx, (Some(by.account), speaker.acting), &order, &rating).await?;
    }
    let entry = app.entry(by, speaker.acting, "rating.changed").about(rating.person).on(id.0);
    Ok(audit::record(tx, entry).await?)
}

/// What one side said of an order.
pub(super) async fn of_side(tx: &Tx, id: OrderId, side: Side) -> Result<Option<Rating>> {
    Ok(ratings::of_order(tx, id).await?.into_iter().find(|rating| rating.side == side))
}

/// What decides over a stored rating. Its worker is the other side, or itself.
pub(super) fn given(rating: &Rating) -> Given {
    Given {
        at: rating.at,
        shown_from: rating.shown_from,
        met: rating.worker.is_some(),
        answered: rating.answer.is_some(),
    }
}
