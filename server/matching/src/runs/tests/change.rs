//! What becomes of a plan when something changes, and from one day to the next.

use std::collections::HashMap;

use super::*;

/// Who comes to each stop.
fn whose(plan: &Plan) -> HashMap<i64, i64> {
    plan.runs.iter().flat_map(|run| run.visits.iter().map(|visit| (visit.stop, run.courier))).collect()
}

#[test]
fn whoever_comes_back_goes_again() {
    let mut round = round((1..=6).map(stop).collect(), vec![courier(10)]);
    round.couriers[0].capacity.portions = 3;
    let ways = along(&round, &[4, 5, 6, -4, -5, -6]);
    let plan = planned(&round, &ways);
    assert_eq!(plan.runs.len(), 2);
    assert!(plan.unassigned.is_empty());
    let (first, second) = (&plan.runs[0], &plan.runs[1]);
    assert_eq!((first.leaves, first.back), (after(5), Some(after(5 + 12 + 9))));
    assert_eq!(second.leaves, first.back.unwrap() + Span::minutes(5));
}

#[test]
fn meals_wait_in_the_kitchen_and_not_at_the_door() {
    let mut round = round(vec![stop(1), stop(2)], vec![Courier { returns: false, ..courier(10) }]);
    round.stops[1].earliest = after(60);
    let ways = along(&round, &[5, 10]);
    let plan = planned(&round, &ways);
    assert_eq!(doors(&plan), [(10, vec![1, 2])]);
    let run = &plan.runs[0];
    assert_eq!((run.leaves, run.visits[1].arrives), (after(47), after(60)));
    // Whoever must be at the first door soon waits at the second, or comes twice when that keeps it hot.
    round.stops[0].latest = after(30);
    assert_eq!(planned(&round, &ways).runs[0].leaves, after(25));
    round.rules.in_box = Seconds::minutes(30);
    let plan = planned(&round, &ways);
    assert_eq!(doors(&plan), [(10, vec![1]), (10, vec![2])]);
}

#[test]
fn whoever_usually_comes_comes_where_that_costs_little() {
    let mut round = round((1..=4).map(stop).collect(), vec![courier(10), courier(20)]);
    let ways = along(&round, &[4, 5, -4, -5]);
    for (stop, usual) in round.stops.iter_mut().zip([20, 20, 10, 10]) {
        stop.usual = Some(usual);
    }
    let plan = planned(&round, &ways);
    assert_eq!(whose(&plan), HashMap::from([(1, 20), (2, 20), (3, 10), (4, 10)]));
    // A courier who is not there today is missed by nobody, and one far away not for two minutes.
    round.stops[0].usual = Some(30);
    assert_eq!(whose(&planned(&round, &ways)), HashMap::from([(1, 20), (2, 20), (3, 10), (4, 10)]));
    round.stops[3].usual = Some(20);
    assert_eq!(whose(&planned(&round, &ways))[&4], 10);
    assert_eq!(weigh(&round, &ways, &planned(&round, &ways)).seconds, 20 * 60 + 120);
}

#[test]
fn nothing_changes_where_nothing_changed() {
    let mut dice = Dice(3);
    let mut round = lunch(80, 6, &mut dice);
    let ways = Ways::on(streets(), &round);
    let before = planned(&round, &ways);
    assert_eq!(whose(&replanned(&round, &ways, &before)), whose(&before));
    // Nor when a quarter of an hour has gone by.
    round.now = after(15);
    round.underway = before.underway(&round);
    let later = replanned(&round, &ways, &before);
    assert_eq!(whose(&later), whose(&before));
}

/// A lunch of 200 stops; somebody orders, somebody cancels, a courier drops out on the way.
#[test]
fn a_change_upsets_few() {
    let mut dice = Dice(11);
    let mut round = lunch(200, 12, &mut dice);
    let before = planned(&round, &Ways::on(streets(), &round));
    println!("{} runs, {} without", before.runs.len(), before.unassigned.len());
    assert!(before.unassigned.is_empty());

    round.now = after(20);
    let cancelled = before.runs.last().unwrap().visits.last().unwrap().stop;
    round.stops.retain(|stop| stop.key != cancelled);
    let ordered = Stop { at: round.stops[5].at, earliest: after(30), ..stop(1_000) };
    round.stops.push(ordered);
    round.underway = before.underway(&round);
    assert!(!round.underway.is_empty());
    let ways = Ways::on(streets(), &round);
    let after_orders = replanned(&round, &ways, &before);
    let moved = |plan: &Plan, before: &Plan| {
        let now = whose(plan);
        whose(before).into_iter().filter(|(stop, courier)| now.get(stop).is_some_and(|now| now != courier)).count()
    };
    assert!(whose(&after_orders).contains_key(&1_000) && !whose(&after_orders).contains_key(&cancelled));
    println!("{} changed couriers", moved(&after_orders, &before));
    assert!(moved(&after_orders, &before) <= 6);

    // Somebody who is under way drops out. What they have handed over is no longer given; the rest is cooked again.
    let gone = round.underway[0].clone();
    round.now = after(25);
    round.couriers.retain(|courier| courier.key != gone.courier);
    let has_it = |stop: i64| gone.visits.iter().any(|visit| visit.stop == stop && visit.handed_over <= after(25));
    round.stops.retain(|stop| !has_it(stop.key));
    round.underway = after_orders.underway(&round);
    assert!(round.underway.iter().all(|run| run.courier != gone.courier));
    let ways = Ways::on(streets(), &round);
    let plan = replanned(&round, &ways, &after_orders);
    let theirs = whose(&after_orders).values().filter(|courier| **courier == gone.courier).count();
    println!("{theirs} were theirs; {} stops have another courier", moved(&plan, &after_orders));
    assert!(moved(&plan, &after_orders) <= theirs + 12);
}

#[test]
fn a_cancelled_stop_under_way_leaves_the_others_alone() {
    let mut round = round((1..=3).map(stop).collect(), vec![Courier { returns: false, ..courier(10) }]);
    let ways = along(&round, &[4, 8, 12]);
    let before = planned(&round, &ways);
    round.now = after(10);
    round.stops.remove(1);
    round.underway = before.underway(&round);
    let ways = along(&round, &[4, 12]);
    let plan = replanned(&round, &ways, &before);
    assert_eq!(doors(&plan), [(10, vec![1, 3])]);
    assert_eq!(plan.runs[0].visits[1], before.runs[0].visits[2]);
    assert_eq!(plan.runs[0].back, before.runs[0].back);
    // Even when all of them are cancelled: the courier is still away.
    round.stops = vec![stop(9)];
    round.underway = before.underway(&round);
    let ways = along(&round, &[-4]);
    let plan = replanned(&round, &ways, &before);
    assert_eq!(doors(&plan), [(10, vec![]), (10, vec![9])]);
    assert_eq!(plan.runs[1].leaves, before.runs[0].back.unwrap() + Span::minutes(5));
}

#[test]
fn who_is_being_packed_is_under_way() {
    let mut round = round(vec![stop(1)], vec![courier(10)]);
    let ways = along(&round, &[4]);
    let plan = planned(&round, &ways);
    assert_eq!(plan.runs[0].leaves, after(5));
    assert_eq!(plan.underway(&round), plan.runs);
    round.now = morning() - Span::seconds(1);
    assert_eq!(plan.underway(&round), []);
}
