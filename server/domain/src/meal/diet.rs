//! What somebody must not or does not want to eat, and what of it is in a dish.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// The eight groups of foods and their products that cause allergies, as the standard for food labels names them
/// (GB 7718-2011 recommends to say them; GB 7718-2025, in force from 2027-03-16, requires it). It does not bind dishes
/// that are cooked and sold on the spot; here they are said for every dish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allergen {
    /// Grains that contain gluten.
    Gluten,
    /// Shrimps, crabs and other crustaceans.
    Crustaceans,
    /// Fish.
    Fish,
    /// Eggs.
    Eggs,
    /// Peanuts.
    Peanuts,
    /// Soya.
    Soy,
    /// Milk, lactose included.
    Milk,
    /// Nuts.
    Nuts,
}

impl Allergen {
    /// All eight.
    pub const ALL: [Self; 8] =
        [Self::Gluten, Self::Crustaceans, Self::Fish, Self::Eggs, Self::Peanuts, Self::Soy, Self::Milk, Self::Nuts];

    /// The stable key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Gluten => "gluten",
            Self::Crustaceans => "crustaceans",
            Self::Fish => "fish",
            Self::Eggs => "eggs",
            Self::Peanuts => "peanuts",
            Self::Soy => "soy",
            Self::Milk => "milk",
            Self::Nuts => "nuts",
        }
    }

    /// The group of a key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|allergen| allergen.key() == key)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Gluten => ("含麸质的谷物", "gluten"),
            Self::Crustaceans => ("虾蟹等甲壳类", "crustaceans"),
            Self::Fish => ("鱼类", "fish"),
            Self::Eggs => ("蛋类", "eggs"),
            Self::Peanuts => ("花生", "peanuts"),
            Self::Soy => ("大豆", "soya"),
            Self::Milk => ("乳（含乳糖）", "milk"),
            Self::Nuts => ("坚果", "nuts"),
        };
        Words::new(zh, en)
    }
}

/// How food is prepared for those who cannot chew or swallow everything: the levels 3 to 7 of the framework of the
/// International Dysphagia Diet Standardisation Initiative (IDDSI, 2019). The smaller, the easier to swallow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Texture {
    /// Level 3.
    Liquidised,
    /// Level 4.
    Pureed,
    /// Level 5.
    Minced,
    /// Level 6.
    Soft,
    /// Level 7.
    Regular,
}

impl Texture {
    /// All levels of food, the easiest first.
    pub const ALL: [Self; 5] = [Self::Liquidised, Self::Pureed, Self::Minced, Self::Soft, Self::Regular];

    /// The level's number in the framework.
    pub const fn level(self) -> u8 {
        match self {
            Self::Liquidised => 3,
            Self::Pureed => 4,
            Self::Minced => 5,
            Self::Soft => 6,
            Self::Regular => 7,
        }
    }

    /// The texture of a level, 3 to 7.
    pub fn from_level(level: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|texture| texture.level() == level)
    }

    /// For people.
    pub fn words(self) -> Words {
        let (zh, en) = match self {
            Self::Liquidised => ("流质", "liquidised"),
            Self::Pureed => ("细泥", "pureed"),
            Self::Minced => ("碎末", "minced and moist"),
            Self::Soft => ("软烂小块", "soft and bite-sized"),
            Self::Regular => ("普通", "regular"),
        };
        Words::new(zh, en)
    }
}

/// A dish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dish {
    /// Names it within the kitchen.
    pub key: String,
    /// For people.
    pub name: Words,
    /// What of the eight groups is in it.
    #[serde(default)]
    pub allergens: BTreeSet<Allergen>,
    /// What else is in it that people refuse: `pork`, `coriander`. The kitchen's own words.
    #[serde(default)]
    pub contains: BTreeSet<String>,
    /// In which textures it can be had.
    pub textures: BTreeSet<Texture>,
    /// Salt of a portion, in milligrams.
    pub salt_mg: u32,
}

/// What somebody may and wants to eat.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diet {
    /// What they are allergic to.
    #[serde(default)]
    pub allergies: BTreeSet<Allergen>,
    /// What they refuse, in the kitchen's words.
    #[serde(default)]
    pub refuses: BTreeSet<String>,
    /// The hardest texture they can swallow; all where nothing is said.
    #[serde(default)]
    pub texture: Option<Texture>,
    /// The most salt of a meal, in milligrams, all dishes together.
    #[serde(default)]
    pub most_salt_mg: Option<u32>,
}

/// What of a dish is against a diet. What endangers somebody comes first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Collision {
    /// They are allergic to something in it.
    Allergy(Allergen),
    /// They cannot swallow it.
    Texture(Texture),
    /// They refuse something in it.
    Refusal(String),
    /// With it the meal has too much salt.
    Salt {
        /// The salt of the meal, in milligrams.
        meal_mg: u32,
        /// The most they may have.
        most_mg: u32,
    },
}

impl Collision {
    /// Whether it endangers somebody; what does is never served.
    pub const fn is_danger(&self) -> bool {
        matches!(self, Self::Allergy(_) | Self::Texture(_))
    }

    /// For people.
    pub fn words(&self) -> Words {
        match self {
            Self::Allergy(allergen) => {
                let name = allergen.words();
                Words::new(format!("过敏：{}", name.zh), format!("allergy: {}", name.en))
            }
            Self::Texture(texture) => {
                let name = texture.words();
                Words::new(format!("需要{}", name.zh), format!("must be {}", name.en))
            }
            Self::Refusal(what) => Words::new(format!("不吃：{what}"), format!("does not eat: {what}")),
            Self::Salt { meal_mg, most_mg } => {
                let (meal, most) = (grams(*meal_mg), grams(*most_mg));
                Words::new(
                    format!("这一餐含盐 {meal} 克，超过 {most} 克"),
                    format!("the meal has {meal} g of salt, more than {most} g"),
                )
            }
        }
    }
}

/// Milligrams as grams with one digit, rounded up: 2,401 is said as 2.5.
fn grams(mg: u32) -> String {
    let tenths = mg.div_ceil(100);
    format!("{}.{}", tenths / 10, tenths % 10)
}

impl Dish {
    /// The hardest texture of it that a diet allows.
    pub fn texture_for(&self, diet: &Diet) -> Option<Texture> {
        self.textures.iter().copied().rfind(|texture| diet.texture.is_none_or(|most| *texture <= most))
    }

    /// What of it is against a diet; salt is a matter of the whole meal.
    pub fn collisions(&self, diet: &Diet) -> Vec<Collision> {
        let mut found: Vec<Collision> =
            self.allergens.intersection(&diet.allergies).map(|allergen| Collision::Allergy(*allergen)).collect();
        if self.texture_for(diet).is_none() {
            found.push(Collision::Texture(diet.texture.unwrap_or(Texture::Regular)));
        }
        found.extend(self.contains.intersection(&diet.refuses).map(|what| Collision::Refusal(what.clone())));
        found
    }
}

impl Diet {
    /// Whether nothing is said.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// One line for the kitchen and the label.
    pub fn words(&self) -> Words {
        let mut parts: Vec<Words> = Vec::new();
        parts.extend(self.allergies.iter().map(|allergen| Collision::Allergy(*allergen).words()));
        parts.extend(self.texture.filter(|texture| *texture < Texture::Regular).map(Texture::words));
        parts.extend(self.refuses.iter().map(|what| Collision::Refusal(what.clone()).words()));
        parts.extend(self.most_salt_mg.map(|most| {
            Words::new(format!("盐不超过 {} 克", grams(most)), format!("at most {} g of salt", grams(most)))
        }));
        let join = |texts: Vec<&str>, with: &str| texts.join(with);
        Words::new(
            join(parts.iter().map(|part| part.zh.as_str()).collect(), "；"),
            join(parts.iter().map(|part| part.en.as_str()).collect(), "; "),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dish() -> Dish {
        Dish {
            key: "fish".into(),
            name: Words::new("清蒸鱼", "Steamed fish"),
            allergens: [Allergen::Fish, Allergen::Soy].into(),
            contains: ["coriander".to_owned()].into(),
            textures: [Texture::Regular, Texture::Minced].into(),
            salt_mg: 900,
        }
    }

    #[test]
    fn what_endangers_comes_first() {
        let diet = Diet {
            allergies: [Allergen::Soy, Allergen::Eggs].into(),
            refuses: ["coriander".to_owned(), "pork".to_owned()].into(),
            texture: Some(Texture::Pureed),
            most_salt_mg: Some(1),
        };
        let found = dish().collisions(&diet);
        assert_eq!(
            found,
            [
                Collision::Allergy(Allergen::Soy),
                Collision::Texture(Texture::Pureed),
                Collision::Refusal("coriander".into())
            ]
        );
        assert_eq!(found.iter().map(Collision::is_danger).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(dish().collisions(&Diet::default()), []);
        assert!(Diet::default().is_plain() && !diet.is_plain());
        assert_eq!(diet.words().zh, "过敏：蛋类；过敏：大豆；细泥；不吃：coriander；不吃：pork；盐不超过 0.1 克");
        assert!(diet.words().en.is_ascii());
    }

    #[test]
    fn the_hardest_texture_that_can_be_swallowed() {
        let of = |texture| dish().texture_for(&Diet { texture, ..Diet::default() });
        assert_eq!(of(None), Some(Texture::Regular));
        assert_eq!(of(Some(Texture::Soft)), Some(Texture::Minced), "softer is always allowed");
        assert_eq!(of(Some(Texture::Minced)), Some(Texture::Minced));
        assert_eq!(of(Some(Texture::Pureed)), None);
    }

    #[test]
    fn keys_levels_and_words() {
        for allergen in Allergen::ALL {
            assert_eq!(Allergen::from_key(allergen.key()), Some(allergen));
            assert!(allergen.words().en.is_ascii());
        }
        for (texture, level) in Texture::ALL.into_iter().zip(3..=7) {
            assert_eq!((texture.level(), Texture::from_level(level)), (level, Some(texture)));
        }
        assert_eq!(Texture::from_level(2), None, "drinks are no food");
        assert_eq!(
            Collision::Salt { meal_mg: 2_401, most_mg: 2_000 }.words().en,
            "the meal has 2.5 g of salt, more than 2.0 g"
        );
    }
}
