//! Every plan of every round in every small town passes.

use proptest::prelude::*;

use super::*;
use crate::streets::tests::{addresses, small::town};

fn like() -> impl Strategy<Value = Like> {
    (0..26usize, 0..5usize, 6..46u32, 0..60usize, 2..12usize).prop_map(|(stops, couriers, in_box, window, room)| Like {
        stops,
        couriers,
        in_box,
        window,
        room,
    })
}

/// A round in a small town; none where no street of it is good for anything.
fn round_in(streets: &Streets, like: &Like, dice: &mut Dice) -> Option<(Round, Ways)> {
    if streets.stretches(Travel::EBike) == 0 {
        return None;
    }
    let places = addresses(streets, Travel::EBike, 30, dice);
    let places: Vec<Wgs84> = places.iter().map(crate::streets::Snapped::asked).collect();
    let round = any_round(&places, like, dice);
    let ways = Ways::on(streets, &round);
    Some((round, ways))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn every_plan_passes(streets in town(), like in like(), seed in any::<u64>()) {
        if let Some((round, ways)) = round_in(&streets, &like, &mut Dice(seed)) {
            let plan = planned(&round, &ways);
            prop_assert_eq!(&planned(&round, &ways), &plan, "the same round has the same plan");
            let weight = weigh(&round, &ways, &plan);
            prop_assert!(weight <= quality::nearest_neighbour(&round, &ways), "{:?}", weight);
        }
    }

    #[test]
    fn every_plan_passes_after_any_change(streets in town(), like in like(), seed in any::<u64>(), later in 0..70i64) {
        let mut dice = Dice(seed);
        if let Some((mut round, ways)) = round_in(&streets, &like, &mut dice) {
            let before = planned(&round, &ways);
            round.now = after(later);
            // A courier drops out, or an order, or both; and another order comes.
            if dice.below(2) == 0 && !round.couriers.is_empty() {
                round.couriers.remove(dice.below(like.couriers));
            }
            if dice.below(2) == 0 && !round.stops.is_empty() {
                round.stops.remove(dice.below(like.stops));
            }
            let asked = Stop { key: 1_000, earliest: round.now, latest: after(later + 40), ..stop(1_000) };
            round.stops.push(Stop { at: round.kitchen.at, ..asked });
            round.underway = before.underway(&round);
            let ways = Ways::on(&streets, &round);
            let plan = replanned(&round, &ways, &before);
            for run in &round.underway {
                prop_assert!(plan.runs.contains(run));
            }
        }
    }
}
