use super::*;
use crate::meal::diet::Allergen;
use proptest::prelude::*;

fn at(text: &str) -> Instant {
    format!("{text}:00+08:00").parse().unwrap()
}
fn tray(dish: &str, texture: Texture) -> Tray {
    Tray { dish: dish.into(), name: Words::new(format!("菜{dish}"), format!("Dish {dish}")), texture }
}
fn to_cook(order: i64, portions: u32, diet: Diet, trays: &[(&str, Texture)]) -> ToCook {
    ToCook {
        order: OrderId(order),
        name: "王 3-201".into(),
        portions,
        diet,
        trays: trays.iter().map(|(dish, texture)| tray(dish, *texture)).collect(),
        hand_over: HandOver::Door,
    }
}
fn sheet(print: u32, orders: Vec<ToCook>) -> Sheet {
    Sheet::new(Day(20_781), Meal::Lunch, print, Instant(0), orders)
}
fn peanuts() -> Diet {
    Diet { allergies: [Allergen::Peanuts].into(), ..Diet::default() }
}
const REGULAR: Texture = Texture::Regular;

#[test]
fn dishes_are_counted_by_way_and_diet() {
    let one = sheet(
        1,
        vec![
            to_cook(1, 2, Diet::default(), &[("fish", REGULAR), ("rice", REGULAR)]),
            to_cook(2, 1, peanuts(), &[("tofu", REGULAR), ("rice", REGULAR)]),
            to_cook(3, 1, Diet::default(), &[("fish", Texture::Minced), ("rice", REGULAR)]),
            to_cook(4, 0, Diet::default(), &[("fish", REGULAR)]),
            to_cook(5, 1, Diet::default(), &[]),
        ],
    );
    assert_eq!((one.orders().count(), one.portions()), (3, 4), "what has nothing to cook is not on it");
    let way = |dish: &str, texture, diet| Way { dish: dish.into(), texture, diet };
    let expected = [
        (way("fish", Texture::Minced, Diet::default()), 1),
        (way("fish", REGULAR, Diet::default()), 2),
        (way("rice", REGULAR, Diet::default()), 3),
        (way("rice", REGULAR, peanuts()), 1),
        (way("tofu", REGULAR, peanuts()), 1),
    ];
    assert_eq!(one.counts(), expected.into());
    let dishes: Vec<(String, u32)> = one.dishes().into_iter().map(|(dish, (_, count))| (dish, count)).collect();
    assert_eq!(dishes, [("fish".into(), 3), ("rice".into(), 4), ("tofu".into(), 1)]);
}

#[test]
fn what_has_changed_is_all_that_is_said() {
    let fish = || to_cook(1, 2, Diet::default(), &[("fish", REGULAR)]);
    let before = sheet(1, vec![fish(), to_cook(2, 1, peanuts(), &[("tofu", REGULAR)])]);
    assert!(sheet(2, vec![to_cook(2, 1, peanuts(), &[("tofu", REGULAR)]), fish()]).since(&before).is_none());
    let elsewhere = ToCook { hand_over: HandOver::Canteen, ..fish() };
    let after = sheet(2, vec![elsewhere, to_cook(3, 1, Diet::default(), &[("fish", REGULAR)])]);
    let changes = after.since(&before);
    let way = |dish: &str, diet| Way { dish: dish.into(), texture: REGULAR, diet };
    assert_eq!(changes.counts, [(way("fish", Diet::default()), 1), (way("tofu", peanuts()), -1)].into());
    assert_eq!(
        (changes.added, changes.removed, changes.changed),
        (vec![OrderId(3)], vec![OrderId(2)], vec![OrderId(1)])
    );
}

#[test]
fn a_label_says_until_when_it_may_be_eaten() {
    let one = sheet(1, vec![to_cook(1, 2, peanuts(), &[("fish", Texture::Minced), ("rice", REGULAR)])]);
    let cooked = |at, kept| Cooked { at, kept };
    let mut times = BTreeMap::from([("fish".to_owned(), cooked(at("2026-11-24T10:40"), Kept::Hot))]);
    assert_eq!(one.labels(OrderId(1), &times, &Safety::STANDARD), Err(NotCooked("rice".into())));
    assert_eq!(one.samples(&times, &Safety::STANDARD), Err(NotCooked("rice".into())));
    times.insert("rice".into(), cooked(at("2026-11-24T10:50"), Kept::Warm));
    let labels = one.labels(OrderId(1), &times, &Safety::STANDARD).unwrap();
    assert_eq!(labels.len(), 2);
    assert_eq!(
        labels[1].lines(Language::Zh),
        [
            "王 3-201（2/2）",
            "过敏：花生",
            "菜fish（碎末）、菜rice",
            "制作：11月24日 周二 上午10:40",
            "请在11月24日 周二 中午12:50前食用",
            "送到家门口"
        ]
    );
    assert_eq!(labels[0].lines(Language::En)[4], "Eat by: Tue 24 Nov, 12:50 pm");
    assert_eq!(one.labels(OrderId(9), &times, &Safety::STANDARD), Ok(vec![]));
    let samples = one.samples(&times, &Safety::STANDARD).unwrap();
    assert_eq!(samples.len(), 2);
    assert_eq!((samples[0].grams, samples[0].until), (125, at("2026-11-26T10:40")));
}

proptest! {
    /// What stood and what has changed is what stands; and every portion has every dish of its tray on the sheet.
    #[test]
    fn a_print_and_its_changes_are_the_next_print(
        orders in prop::collection::vec((0i64..8, 0u32..4, any::<bool>(), 0usize..3, 0usize..5), 0..12),
        later in prop::collection::vec((0i64..8, 0u32..4, any::<bool>(), 0usize..3, 0usize..5), 0..12),
    ) {
        let of = |print, orders: Vec<(i64, u32, bool, usize, usize)>| {
            let cook = |(order, portions, plain, dishes, texture): (i64, u32, bool, usize, usize)| {
                let trays: Vec<_> = ["fish", "rice"][..dishes.min(2)].iter().map(|dish| (*dish, Texture::ALL[texture])).collect();
                to_cook(order, portions, if plain { Diet::default() } else { peanuts() }, &trays)
            };
            sheet(print, orders.into_iter().map(cook).collect())
        };
        let (before, after) = (of(1, orders), of(2, later));
        let changes = after.since(&before);
        let mut counts: BTreeMap<Way, i64> = before.counts().into_iter().map(|(way, count)| (way, i64::from(count))).collect();
        for (way, count) in &changes.counts {
            prop_assert!(*count != 0);
            *counts.entry(way.clone()).or_default() += count;
        }
        counts.retain(|_, count| *count != 0);
        let stands: BTreeMap<Way, i64> = after.counts().into_iter().map(|(way, count)| (way, i64::from(count))).collect();
        prop_assert_eq!(counts, stands);
        let cooked: u32 = after.counts().values().sum();
        prop_assert_eq!(cooked, after.orders().map(|order| order.portions * order.trays.len() as u32).sum::<u32>());
        prop_assert_eq!(after.orders().count(), before.orders().count() + changes.added.len() - changes.removed.len());
        prop_assert!(after.since(&after).is_none());
    }
}
