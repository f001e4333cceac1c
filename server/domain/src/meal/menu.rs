//! What is cooked for a meal, and what of it somebody gets: nothing that endangers them, nothing they refuse.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::refusal::{Code, Refusal};
use crate::time::Day;
use crate::words::Words;

use super::Meal;
use super::diet::{Collision, Diet, Dish, Texture};

/// A part of a meal, such as the main dish, and the dishes there are for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Course {
    /// Names it within the menu.
    pub key: String,
    /// For people.
    pub name: Words,
    /// The first is what everybody gets; the others can be had instead.
    pub dishes: Vec<Dish>,
}

/// What is cooked for a meal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Menu {
    /// On which day.
    pub day: Day,
    /// For which meal.
    pub meal: Meal,
    /// Whether residents see it and can order by it.
    pub published: bool,
    /// In the order they are eaten.
    pub courses: Vec<Course>,
}

/// Dishes somebody chose: course by dish.
pub type Chosen = BTreeMap<String, String>;

/// A dish somebody gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plate<'a> {
    /// As which course.
    pub course: &'a Course,
    /// What.
    pub dish: &'a Dish,
    /// How it is prepared.
    pub texture: Texture,
}

/// That somebody does not get what everybody gets, or not what they chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning<'a> {
    /// Of which course.
    pub course: &'a Course,
    /// What they would have got.
    pub dish: &'a Dish,
    /// What is against it.
    pub collisions: Vec<Collision>,
    /// What they get instead; nothing where there is nothing.
    pub instead: Option<&'a Dish>,
    /// What else they could have.
    pub others: Vec<&'a Dish>,
}

/// What somebody gets of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served<'a> {
    /// Course by course; a course of which nothing can be eaten is left out.
    pub plates: Vec<Plate<'a>>,
    /// What to tell them and the kitchen.
    pub warnings: Vec<Warning<'a>>,
    /// That the meal still has too much salt.
    pub salt: Option<Collision>,
}

impl Menu {
    /// The menu to order by.
    ///
    /// # Errors
    /// [`Code::MenuNotPublished`] where there is none, or none that residents see.
    pub fn published(menu: Option<&Self>, day: Day, meal: Meal) -> Result<&Self, Refusal> {
        menu.filter(|menu| menu.published).ok_or_else(|| {
            Refusal::new(Code::MenuNotPublished).field("day").with("day", day).with("meal", meal.words())
        })
    }

    /// What somebody gets. What they chose is given unless it endangers them, also what they otherwise refuse; what
    /// nobody chose is swapped where it must be, and where that leaves less salt than is too much.
    pub fn served(&self, diet: &Diet, chosen: &Chosen) -> Served<'_> {
        let mut served = Served { plates: Vec::new(), warnings: Vec::new(), salt: None };
        for course in &self.courses {
            course.serve(diet, chosen.get(&course.key), &mut served);
        }
        if let Some(most) = diet.most_salt_mg {
            served.less_salt(diet, chosen, most);
        }
        served
    }
}

impl Course {
    fn serve<'a>(&'a self, diet: &Diet, chosen: Option<&String>, served: &mut Served<'a>) {
        let wished = chosen.and_then(|key| self.dishes.iter().find(|dish| dish.key == *key));
        let Some(first) = wished.or(self.dishes.first()) else { return };
        let against = first.collisions(diet);
        let accepted = against.is_empty() || (wished.is_some() && !against.iter().any(Collision::is_danger));
        let instead = if accepted { None } else { self.eatable(diet).next() };
        if let Some(dish) = if accepted { Some(first) } else { instead } {
            let texture = dish.texture_for(diet).expect("what nobody can swallow collides");
            served.plates.push(Plate { course: self, dish, texture });
        }
        if !accepted {
            let others = self.eatable(diet).skip(1).collect();
            served.warnings.push(Warning { course: self, dish: first, collisions: against, instead, others });
        }
    }

    /// Its dishes that nothing speaks against.
    fn eatable<'a>(&'a self, diet: &Diet) -> impl Iterator<Item = &'a Dish> {
        self.dishes.iter().filter(move |dish| dish.collisions(diet).is_empty())
    }
}

impl<'a> Served<'a> {
    /// The salt of the meal, in milligrams.
    pub fn salt_mg(&self) -> u32 {
        self.plates.iter().fold(0, |sum, plate| sum.saturating_add(plate.dish.salt_mg))
    }

    /// Whether anything has to be said.
    pub fn is_as_planned(&self) -> bool {
        self.warnings.is_empty() && self.salt.is_none()
    }

    /// Swaps the dish by which most is won, as long as there is too much and something is won.
    fn less_salt(&mut self, diet: &Diet, chosen: &Chosen, most_mg: u32) {
        loop {
            let meal_mg = self.salt_mg();
            if meal_mg <= most_mg {
                return;
            }
            let swaps = self.plates.iter().enumerate().filter_map(|(n, plate)| {
                let is_chosen = chosen.get(&plate.course.key).is_some_and(|key| *key == plate.dish.key);
                let mildest = plate.course.eatable(diet).min_by_key(|dish| dish.salt_mg).filter(|_| !is_chosen)?;
                let won = plate.dish.salt_mg.checked_sub(mildest.salt_mg).filter(|won| *won > 0)?;
                Some((won, std::cmp::Reverse(n), mildest))
            });
            let too_much = Collision::Salt { meal_mg, most_mg };
            let Some((_, n, dish)) = swaps.max_by_key(|(won, n, _)| (*won, *n)) else {
                self.salt = Some(too_much);
                return;
            };
            let plate = &mut self.plates[n.0];
            let before = plate.dish;
            plate.dish = dish;
            plate.texture = dish.texture_for(diet).expect("what nobody can swallow collides");
            let course = plate.course;
            match self.warnings.iter_mut().find(|warning| warning.course.key == course.key) {
                Some(warning) => {
                    warning.collisions.push(too_much);
                    warning.others.retain(|other| other.key != dish.key);
                    warning.others.push(before);
                    warning.instead = Some(dish);
                }
                None => self.warnings.push(Warning {
                    course,
                    dish: before,
                    collisions: vec![too_much],
                    instead: Some(dish),
                    others: Vec::new(),
                }),
            }
        }
    }
}

impl Warning<'_> {
    /// For people.
    pub fn words(&self) -> Words {
        let reasons: Vec<Words> = self.collisions.iter().map(Collision::words).collect();
        let zh = reasons.iter().map(|words| words.zh.as_str()).collect::<Vec<_>>().join("；");
        let en = reasons.iter().map(|words| words.en.as_str()).collect::<Vec<_>>().join("; ");
        let name = &self.dish.name;
        let mut words = Words::new(format!("{}不适合（{zh}）", name.zh), format!("{} does not suit ({en})", name.en));
        match self.instead {
            Some(instead) => {
                words.zh.push_str(&format!("，改为{}", instead.name.zh));
                words.en.push_str(&format!("; {} instead", instead.name.en));
            }
            None => {
                words.zh.push_str("，没有可替换的菜，请致电食堂");
                words.en.push_str("; there is nothing to swap it for, please call the canteen");
            }
        }
        if !self.others.is_empty() {
            let names = |of: &dyn Fn(&Words) -> String, with: &str| {
                self.others.iter().map(|dish| of(&dish.name)).collect::<Vec<_>>().join(with)
            };
            words.zh.push_str(&format!("，也可以换{}", names(&|name| name.zh.clone(), "、")));
            words.en.push_str(&format!(", or {}", names(&|name| name.en.clone(), ", ")));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meal::diet::Allergen;
    use proptest::prelude::*;

    fn dish(key: &str, allergens: &[Allergen], contains: &[&str], textures: &[Texture], salt_mg: u32) -> Dish {
        Dish {
            key: key.into(),
            name: Words::new(format!("菜{key}"), format!("Dish {key}")),
            allergens: allergens.iter().copied().collect(),
            contains: contains.iter().map(|&what| what.to_owned()).collect(),
            textures: textures.iter().copied().collect(),
            salt_mg,
        }
    }

    const ALL: &[Texture] = &Texture::ALL;

    fn menu(courses: Vec<Vec<Dish>>) -> Menu {
        let course = |(n, dishes): (usize, Vec<Dish>)| Course {
            key: format!("c{n}"),
            name: Words::new("主菜", "main dish"),
            dishes,
        };
        let courses = courses.into_iter().enumerate().map(course).collect();
        Menu { day: Day(20_000), meal: Meal::Lunch, published: true, courses }
    }

    fn keys(served: &Served<'_>) -> Vec<String> {
        served.plates.iter().map(|plate| plate.dish.key.clone()).collect()
    }

    fn standing() -> Menu {
        menu(vec![
            vec![
                dish("fish", &[Allergen::Fish], &[], ALL, 900),
                dish("pork", &[], &["pork"], ALL, 800),
                dish("tofu", &[Allergen::Soy], &[], ALL, 700),
                dish("egg", &[Allergen::Eggs], &[], ALL, 300),
            ],
            vec![dish("rice", &[], &[], &[Texture::Regular], 10)],
        ])
    }

    #[test]
    fn what_collides_is_swapped_and_said() {
        let menu = standing();
        let diet = Diet { allergies: [Allergen::Fish].into(), refuses: ["pork".to_owned()].into(), ..Diet::default() };
        let served = menu.served(&diet, &Chosen::new());
        assert_eq!(keys(&served), ["tofu", "rice"]);
        assert_eq!(served.warnings.len(), 1);
        assert_eq!(
            served.warnings[0].words(),
            Words::new(
                "菜fish不适合（过敏：鱼类），改为菜tofu，也可以换菜egg",
                "Dish fish does not suit (allergy: fish); Dish tofu instead, or Dish egg"
            )
        );
        assert!(menu.served(&Diet::default(), &Chosen::new()).is_as_planned());
    }

    #[test]
    fn what_nobody_can_swap_is_left_out() {
        let menu = standing();
        let diet = Diet { texture: Some(Texture::Pureed), ..Diet::default() };
        let served = menu.served(&diet, &Chosen::new());
        assert_eq!(keys(&served), ["fish"]);
        assert_eq!(served.plates[0].texture, Texture::Pureed);
        let warning = &served.warnings[0];
        assert_eq!((warning.dish.key.as_str(), warning.instead), ("rice", None));
        assert!(warning.words().zh.contains("请致电食堂") && warning.words().en.contains("call the canteen"));
    }

    #[test]
    fn a_choice_passes_a_refusal_and_never_an_allergy() {
        let menu = standing();
        let diet = Diet { allergies: [Allergen::Soy].into(), refuses: ["pork".to_owned()].into(), ..Diet::default() };
        let chosen = |dish: &str| Chosen::from([("c0".to_owned(), dish.to_owned())]);
        assert_eq!(keys(&menu.served(&diet, &chosen("pork")))[0], "pork", "they said so themselves");
        let soy = menu.served(&diet, &chosen("tofu"));
        assert_eq!((keys(&soy)[0].as_str(), soy.warnings.len()), ("fish", 1));
        assert_eq!(keys(&menu.served(&diet, &chosen("gone")))[0], "fish", "what is not there was not chosen");
    }

    #[test]
    fn salt_is_brought_down_by_swapping() {
        let menu = standing();
        let of = |most| Diet { most_salt_mg: Some(most), ..Diet::default() };
        assert_eq!(keys(&menu.served(&of(910), &Chosen::new())), ["fish", "rice"]);
        let less = of(909);
        let served = menu.served(&less, &Chosen::new());
        assert_eq!(
            (keys(&served), served.salt_mg(), served.salt.clone()),
            (vec!["egg".into(), "rice".into()], 310, None)
        );
        assert_eq!(served.warnings[0].collisions, [Collision::Salt { meal_mg: 910, most_mg: 909 }]);
        let much = of(100);
        let served = menu.served(&much, &Chosen::new());
        assert_eq!(
            served.salt,
            Some(Collision::Salt { meal_mg: 310, most_mg: 100 }),
            "the least there is, and it is said"
        );
        let chosen = Chosen::from([("c0".to_owned(), "fish".to_owned())]);
        let served = menu.served(&less, &chosen);
        assert_eq!(
            (keys(&served)[0].as_str(), served.salt.is_some()),
            ("fish", true),
            "what was chosen is not swapped"
        );
    }

    #[test]
    fn one_orders_by_a_menu_that_is_published() {
        let menu = standing();
        let of = |menu| Menu::published(menu, Day(20_000), Meal::Lunch).map_err(|refusal| refusal.code);
        assert!(of(Some(&menu)).is_ok());
        let hidden = Menu { published: false, ..menu.clone() };
        assert_eq!(of(Some(&hidden)), Err(Code::MenuNotPublished));
        assert_eq!(of(None), Err(Code::MenuNotPublished));
    }

    fn any_dish() -> impl Strategy<Value = Dish> {
        (0u8..=255, 0u8..4, 1u8..32, 0u32..2_000, any::<u32>()).prop_map(
            |(allergens, contains, textures, salt, key)| {
                let of = |bits: u8, n: usize| bits >> n & 1 == 1;
                let mut one = dish(&format!("d{key}"), &[], &[], &[], salt);
                one.allergens =
                    Allergen::ALL.into_iter().enumerate().filter(|(n, _)| of(allergens, *n)).map(|(_, a)| a).collect();
                one.contains = ["pork", "onion"]
                    .into_iter()
                    .enumerate()
                    .filter(|(n, _)| of(contains, *n))
                    .map(|(_, c)| c.into())
                    .collect();
                one.textures =
                    Texture::ALL.into_iter().enumerate().filter(|(n, _)| of(textures, *n)).map(|(_, t)| t).collect();
                one
            },
        )
    }

    proptest! {
        /// Whatever is on the menu and whatever is chosen: nothing that endangers somebody is ever served, nothing refused
        /// is served that was not chosen, and whatever is not as planned is said.
        #[test]
        fn nobody_is_endangered(
            courses in prop::collection::vec(prop::collection::vec(any_dish(), 0..4), 0..4),
            allergies in 0u8..=255, refuses in any::<bool>(), texture in 0usize..6, salt in prop::option::of(0u32..4_000),
            choice in prop::option::of((0usize..4, 0usize..4)),
        ) {
            let menu = menu(courses);
            let diet = Diet {
                allergies: Allergen::ALL.into_iter().enumerate().filter(|(n, _)| allergies >> n & 1 == 1).map(|(_, a)| a).collect(),
                refuses: refuses.then(|| "pork".to_owned()).into_iter().collect(),
                texture: Texture::ALL.get(texture).copied(),
                most_salt_mg: salt,
            };
            let wished = choice.and_then(|(course, dish)| {
                let course = menu.courses.get(course)?;
                Some((course.key.clone(), course.dishes.get(dish)?.key.clone()))
            });
            let chosen: Chosen = wished.into_iter().collect();
            let served = menu.served(&diet, &chosen);
            for plate in &served.plates {
                let against = plate.dish.collisions(&diet);
                prop_assert!(!against.iter().any(Collision::is_danger));
                prop_assert!(against.is_empty() || chosen.get(&plate.course.key) == Some(&plate.dish.key));
                prop_assert!(plate.dish.textures.contains(&plate.texture));
                prop_assert!(diet.texture.is_none_or(|most| plate.texture <= most));
            }
            for course in &menu.courses {
                let plates: Vec<_> = served.plates.iter().filter(|plate| plate.course.key == course.key).collect();
                prop_assert!(plates.len() <= 1);
                let planned = course.dishes.first().map(|dish| &dish.key);
                let planned = chosen.get(&course.key).or(planned);
                if plates.first().map(|plate| &plate.dish.key) != planned {
                    let warning = served.warnings.iter().find(|warning| warning.course.key == course.key).unwrap();
                    prop_assert_eq!(warning.instead.map(|dish| &dish.key), plates.first().map(|plate| &plate.dish.key));
                    prop_assert!(!warning.collisions.is_empty());
                }
            }
            prop_assert_eq!(served.salt.is_some(), salt.is_some_and(|most| served.salt_mg() > most));
            prop_assert_eq!(menu.served(&diet, &chosen), served);
        }
    }
}
