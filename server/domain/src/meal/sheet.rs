//! What the kitchen works by: how much of what, for whom it is different, labels, samples, and what has changed since
//! it was last printed.

use std::collections::BTreeMap;

use crate::id::OrderId;
use crate::time::{Day, Instant};
use crate::words::{Language, Words, say};

use super::Meal;
use super::diet::{Diet, Texture};
use super::menu::Served;
use super::plan::HandOver;
use super::safety::{Kept, Safety};

/// A dish on somebody's tray.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tray {
    /// The dish's key.
    pub dish: String,
    /// Its name.
    pub name: Words,
    /// How it is prepared.
    pub texture: Texture,
}

/// An order as the kitchen reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCook {
    /// Which.
    pub order: OrderId,
    /// What is written on the label, such as a surname and a door.
    pub name: String,
    /// How many portions.
    pub portions: u32,
    /// What they may and want to eat.
    pub diet: Diet,
    /// What they get with each portion.
    pub trays: Vec<Tray>,
    /// Where it is handed over.
    pub hand_over: HandOver,
}

impl ToCook {
    /// The trays of what somebody gets of a menu.
    pub fn trays(served: &Served<'_>) -> Vec<Tray> {
        let tray = |plate: &super::menu::Plate<'_>| Tray {
            dish: plate.dish.key.clone(),
            name: plate.dish.name.clone(),
            texture: plate.texture,
        };
        served.plates.iter().map(tray).collect()
    }
}

/// A dish prepared in one way for one diet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// The dish's key.
    pub dish: String,
    /// How it is prepared.
    pub texture: Texture,
    /// What whoever eats it may and wants to eat; the plain one comes first.
    pub diet: Diet,
}

/// The sheet of a meal, as it was at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// On which day.
    pub day: Day,
    /// Which meal.
    pub meal: Meal,
    /// Raised with every print.
    pub print: u32,
    /// When it was made.
    pub made: Instant,
    orders: BTreeMap<OrderId, ToCook>,
}

/// What has changed between two prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// So many more, or fewer, of a dish in a way.
    pub counts: BTreeMap<Way, i64>,
    /// Orders that came.
    pub added: Vec<OrderId>,
    /// Orders that went.
    pub removed: Vec<OrderId>,
    /// Orders that are different: their labels are printed anew.
    pub changed: Vec<OrderId>,
}

impl Changes {
    /// Whether nothing has changed.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// When a dish was cooked, and how it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cooked {
    /// When it was done.
    pub at: Instant,
    /// How it is kept since.
    pub kept: Kept,
}

/// What is stuck onto one portion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Of which order.
    pub order: OrderId,
    /// Which portion, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
    /// For whom.
    pub name: String,
    /// What is in it.
    pub dishes: Vec<Words>,
    /// What to mind.
    pub diet: Words,
    /// Where it goes.
    pub hand_over: Words,
    /// When the first of the dishes was cooked.
    pub cooked: Instant,
    /// Until when it may be eaten.
    pub eat_by: Instant,
}

/// A dish of which nobody has said when it was cooked: its labels cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nobody has said when {0} was cooked")]
pub struct NotCooked(pub String);

/// A sample to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToKeep {
    /// The dish's key.
    pub dish: String,
    /// Its name.
    pub name: Words,
    /// At least so much, in grams.
    pub grams: u16,
    /// Until when, if it is put aside when the dish is done.
    pub until: Instant,
}

impl Sheet {
    /// The sheet of orders; an order without a portion or without a dish is not on it.
    pub fn new(day: Day, meal: Meal, print: u32, made: Instant, orders: impl IntoIterator<Item = ToCook>) -> Self {
        let to_cook = orders.into_iter().filter(|order| order.portions > 0 && !order.trays.is_empty());
        Self { day, meal, print, made, orders: to_cook.map(|order| (order.order, order)).collect() }
    }

    /// The orders on it.
    pub fn orders(&self) -> impl Iterator<Item = &ToCook> {
        self.orders.values()
    }

    /// How many portions there are.
    pub fn portions(&self) -> u32 {
        self.orders().map(|order| order.portions).sum()
    }

    /// How much of each dish in each way.
    pub fn counts(&self) -> BTreeMap<Way, u32> {
        let mut counts = BTreeMap::new();
        for order in self.orders() {
            for tray in &order.trays {
                let way = Way { dish: tray.dish.clone(), texture: tray.texture, diet: order.diet.clone() };
                *counts.entry(way).or_default() += order.portions;
            }
        }
        counts
    }

    /// How much of each dish, in whatever way.
    pub fn dishes(&self) -> BTreeMap<String, (Words, u32)> {
        let mut dishes: BTreeMap<String, (Words, u32)> = BTreeMap::new();
        for order in self.orders() {
            for tray in &order.trays {
                dishes.entry(tray.dish.clone()).or_insert_with(|| (tray.name.clone(), 0)).1 += order.portions;
            }
        }
        dishes
    }

    /// What has changed since an earlier print.
    pub fn since(&self, before: &Self) -> Changes {
        let mut counts: BTreeMap<Way, i64> = BTreeMap::new();
        for (way, count) in self.counts() {
            *counts.entry(way).or_default() += i64::from(count);
        }
        for (way, count) in before.counts() {
            *counts.entry(way).or_default() -= i64::from(count);
        }
        counts.retain(|_, count| *count != 0);
        let missing_in = |other: &Self, order: &&OrderId| !other.orders.contains_key(*order);
        let differs = |(id, order): &(&OrderId, &ToCook)| before.orders.get(id).is_some_and(|other| other != *order);
        Changes {
            counts,
            added: self.orders.keys().filter(|order| missing_in(before, order)).copied().collect(),
            removed: before.orders.keys().filter(|order| missing_in(self, order)).copied().collect(),
            changed: self.orders.iter().filter(differs).map(|(id, _)| *id).collect(),
        }
    }

    /// The labels of an order, one for each portion; none for an order that is not on the sheet.
    ///
    /// # Errors
    /// [`NotCooked`] for a dish without a time.
    pub fn labels(
        &self,
        order: OrderId,
        cooked: &BTreeMap<String, Cooked>,
        safety: &Safety,
    ) -> Result<Vec<Label>, NotCooked> {
        let Some(order) = self.orders.get(&order) else { return Ok(Vec::new()) };
        let times = order.trays.iter().map(|tray| cooked.get(&tray.dish).ok_or_else(|| NotCooked(tray.dish.clone())));
        let times: Vec<&Cooked> = times.collect::<Result<_, _>>()?;
        let first = times.iter().map(|cooked| cooked.at).min();
        let eat_by = safety.meal_eat_by(times.iter().map(|cooked| (cooked.at, cooked.kept)));
        let (Some(first), Some(eat_by)) = (first, eat_by) else { return Ok(Vec::new()) };
        let label = |number| Label {
            order: order.order,
            number,
            of: order.portions,
            name: order.name.clone(),
            dishes: order.trays.iter().map(Tray::words).collect(),
            diet: order.diet.words(),
            hand_over: order.hand_over.words(),
            cooked: first,
            eat_by,
        };
        Ok((1..=order.portions).map(label).collect())
    }

    /// The samples to keep of the dishes on the sheet.
    ///
    /// # Errors
    /// [`NotCooked`] for a dish without a time.
    pub fn samples(&self, cooked: &BTreeMap<String, Cooked>, safety: &Safety) -> Result<Vec<ToKeep>, NotCooked> {
        let sample = |(dish, (name, _)): (String, (Words, u32))| {
            let done = cooked.get(&dish).ok_or_else(|| NotCooked(dish.clone()))?;
            Ok(ToKeep { dish, name, grams: safety.sample_grams, until: safety.sample_until(done.at) })
        };
        self.dishes().into_iter().map(sample).collect()
    }
}

impl Tray {
    /// For the label: what is not prepared as usual says so.
    pub fn words(&self) -> Words {
        if self.texture == Texture::Regular {
            return self.name.clone();
        }
        let texture = self.texture.words();
        Words::new(format!("{}（{}）", self.name.zh, texture.zh), format!("{} ({})", self.name.en, texture.en))
    }
}

impl Label {
    /// Its lines, from the top.
    pub fn lines(&self, language: Language) -> Vec<String> {
        let said = |words: &Words| words.in_language(language).to_owned();
        let dishes = self.dishes.iter().map(said).collect::<Vec<_>>();
        let (cooked, eat_by) = (say::instant(self.cooked, language), say::instant(self.eat_by, language));
        let mut lines = match language {
            Language::Zh => vec![
                format!("{}（{}/{}）", self.name, self.number, self.of),
                dishes.join("、"),
                format!("制作：{cooked}"),
                format!("请在{eat_by}前食用"),
            ],
            Language::En => vec![
                format!("{} ({}/{})", self.name, self.number, self.of),
                dishes.join(", "),
                format!("Cooked: {cooked}"),
                format!("Eat by: {eat_by}"),
            ],
        };
        // What to mind stands above everything but the name.
        if !said(&self.diet).is_empty() {
            lines.insert(1, said(&self.diet));
        }
        lines.push(said(&self.hand_over));
        lines
    }
}

#[cfg(test)]
mod tests;
