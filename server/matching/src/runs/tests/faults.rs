//! Every fault is called by its name, and so is every reason.

use super::*;

/// Two couriers, five stops up and down a street, and a sixth that is too large for either.
fn example() -> (Round, Ways, Plan) {
    let mut round = round((1..=6).map(stop).collect(), vec![courier(10), courier(20)]);
    round.stops[5].load.portions = 5;
    let ways = along(&round, &[5, 8, 12, -4, -9, 2]);
    let visit = |stop, arrives, ends| Visit { stop, arrives: after(arrives), handed_over: after(ends) };
    let run = |courier, leaves, visits, back| Run { courier, leaves: after(leaves), visits, back: Some(after(back)) };
    let plan = Plan {
        runs: vec![
            run(10, 5, vec![visit(1, 10, 13), visit(2, 16, 19), visit(3, 23, 26)], 38),
            run(20, 5, vec![visit(4, 9, 12)], 16),
            run(20, 21, vec![visit(5, 30, 33)], 42),
        ],
        unassigned: vec![Unassigned { stop: 6, reason: Reason::TooLarge }],
    };
    (round, ways, plan)
}

/// What is found when something is changed.
fn found(change: impl FnOnce(&mut Round, &mut Plan)) -> Result<(), Fault> {
    let (mut round, ways, mut plan) = example();
    change(&mut round, &mut plan);
    check(&round, &ways, &plan)
}

#[test]
fn a_true_plan_passes() {
    assert_eq!(found(|_, _| ()), Ok(()));
}

#[test]
fn strangers_are_found() {
    assert_eq!(found(|_, plan| plan.runs[0].courier = 30), Err(Fault::NoSuchCourier(30)));
    assert_eq!(found(|_, plan| plan.runs[0].visits[1].stop = 9), Err(Fault::NoSuchStop(9)));
    assert_eq!(found(|_, plan| plan.unassigned[0].stop = 9), Err(Fault::NoSuchStop(9)));
    assert_eq!(found(|_, plan| plan.runs[1].visits.clear()), Err(Fault::EmptyRun(20)));
}

#[test]
fn each_stop_stands_there_once() {
    assert_eq!(found(|_, plan| plan.runs[2].visits[0].stop = 4), Err(Fault::Twice(4)));
    assert_eq!(found(|_, plan| plan.unassigned[0].stop = 2), Err(Fault::Twice(2)));
    let twice = |_: &mut Round, plan: &mut Plan| plan.unassigned.push(plan.unassigned[0]);
    assert_eq!(found(twice), Err(Fault::Twice(6)));
    assert_eq!(found(|_, plan| plan.unassigned.clear()), Err(Fault::Forgotten(6)));
    assert_eq!(found(|_, plan| drop(plan.runs.pop())), Err(Fault::Forgotten(5)));
}

#[test]
fn a_box_holds_what_it_holds() {
    assert_eq!(found(|round, _| round.couriers[0].capacity.portions = 2), Err(Fault::Load(10)));
    assert_eq!(found(|round, _| round.couriers[0].capacity.decilitres = 59), Err(Fault::Load(10)));
    assert_eq!(found(|round, _| round.stops[1].load.portions = u32::MAX), Err(Fault::Load(10)));
}

#[test]
fn nobody_leaves_too_soon() {
    let soon = |courier, leaves| Err(Fault::LeavesTooSoon { courier, leaves: after(leaves) });
    assert_eq!(found(|round, _| round.kitchen.ready = after(1)), soon(10, 5));
    assert_eq!(found(|round, _| round.couriers[0].on_duty = after(1)), soon(10, 5));
    assert_eq!(found(|round, _| round.now = after(1)), soon(10, 5));
    assert_eq!(found(|_, plan| plan.runs[2].leaves = after(20)), soon(20, 20));
    assert_eq!(found(|_, plan| plan.runs.swap(1, 2)), soon(20, 5));
    assert_eq!(found(|round, _| round.rules.packing = Seconds(301)), soon(10, 5));
}

#[test]
fn times_are_those_of_the_streets() {
    assert_eq!(found(|_, plan| plan.runs[0].visits[1].arrives = after(15)), Err(Fault::Way(2)));
    assert_eq!(found(|_, plan| plan.runs[0].visits.swap(0, 1)), Err(Fault::Way(2)));
    assert_eq!(found(|_, plan| plan.runs[1].leaves = after(6)), Err(Fault::Way(4)));
    assert_eq!(found(|_, plan| plan.runs[0].visits[2].handed_over = after(25)), Err(Fault::Handing(3)));
    assert_eq!(found(|_, plan| plan.runs[0].visits[2].handed_over = after(27)), Err(Fault::Handing(3)));
    assert_eq!(found(|_, plan| plan.runs[0].back = Some(after(37))), Err(Fault::Back(10)));
    assert_eq!(found(|_, plan| plan.runs[0].back = None), Err(Fault::Back(10)));
}

#[test]
fn windows_hold() {
    assert_eq!(found(|round, _| round.stops[1].earliest = after(17)), Err(Fault::TooSoon(2)));
    assert_eq!(found(|round, _| round.stops[1].earliest = after(16)), Ok(()));
    assert_eq!(found(|round, _| round.stops[1].latest = after(15)), Err(Fault::TooLate(2)));
    assert_eq!(found(|round, _| round.stops[1].latest = after(16)), Ok(()));
    assert_eq!(found(|round, _| round.stops[1].eat_by = after(18)), Err(Fault::EatBy(2)));
    assert_eq!(found(|round, _| round.stops[1].eat_by = after(19)), Ok(()));
}

#[test]
fn nothing_is_in_the_box_for_too_long() {
    assert_eq!(found(|round, _| round.rules.in_box = Seconds::minutes(20)), Err(Fault::InBox(3)));
    assert_eq!(found(|round, _| round.rules.in_box = Seconds::minutes(21)), Ok(()));
}

#[test]
fn work_ends() {
    assert_eq!(found(|round, _| round.couriers[1].off_duty = after(41)), Err(Fault::OffDuty(20)));
    assert_eq!(found(|round, _| round.couriers[1].off_duty = after(42)), Ok(()));
    let leaves_from_the_door = |until: i64| {
        found(|round, _| {
            round.couriers[1].returns = false;
            round.couriers[1].off_duty = after(until);
        })
    };
    assert_eq!(leaves_from_the_door(33), Ok(()));
    assert_eq!(leaves_from_the_door(32), Err(Fault::OffDuty(20)));
}

#[test]
fn what_is_under_way_is_left_alone() {
    let underway = |change: &dyn Fn(&mut Plan)| {
        found(|round, plan| {
            round.now = after(12);
            round.underway = plan.underway(round);
            assert_eq!(round.underway.len(), 2);
            change(plan);
        })
    };
    assert_eq!(underway(&|_| ()), Ok(()));
    // Nobody looks at the rules of what is under way: perhaps it is late.
    assert_eq!(underway(&|plan| plan.runs[0].visits[1].arrives = after(15)), Err(Fault::Underway(10)));
    assert_eq!(underway(&|plan| plan.runs[0].visits.truncate(2)), Err(Fault::Underway(10)));
    assert_eq!(underway(&|plan| drop(plan.runs.remove(0))), Err(Fault::Underway(10)));
    assert_eq!(underway(&|plan| plan.runs.swap(1, 2)), Err(Fault::Underway(20)));
    assert_eq!(underway(&|plan| plan.runs[0].courier = 20), Err(Fault::Underway(20)));
}

/// The reason a plan gives for a single stop at minute 10 of the street, as the planner and the checker see it.
fn reason(change: impl FnOnce(&mut Round)) -> Option<Reason> {
    let mut round = round(vec![stop(1)], vec![courier(10), courier(20)]);
    change(&mut round);
    let ways = along(&round, &[10, 11, 12][..round.stops.len()]);
    let plan = planned(&round, &ways);
    for said in [
        Reason::Nobody,
        Reason::NoWay,
        Reason::TooLarge,
        Reason::TooFar,
        Reason::TooLate,
        Reason::OffDuty,
        Reason::Full,
    ] {
        // Any other reason is a lie.
        let mut lie = plan.clone();
        if let Some(without) = lie.unassigned.first_mut()
            && without.reason != said
        {
            let (stop, found) = (without.stop, Some(without.reason));
            without.reason = said;
            assert_eq!(check(&round, &ways, &lie), Err(Fault::Reason { stop, said, found }));
        }
    }
    plan.unassigned.first().map(|without| without.reason)
}

#[test]
fn reasons_are_true() {
    assert_eq!(reason(|_| ()), None);
    assert_eq!(reason(|round| round.couriers.clear()), Some(Reason::Nobody));
    assert_eq!(reason(|round| round.stops[0].load.decilitres = 81), Some(Reason::TooLarge));
    assert_eq!(reason(|round| round.rules.in_box = Seconds(779)), Some(Reason::TooFar));
    assert_eq!(reason(|round| round.rules.in_box = Seconds(780)), None);
    assert_eq!(reason(|round| round.stops[0].latest = after(14)), Some(Reason::TooLate));
    assert_eq!(reason(|round| round.stops[0].latest = after(15)), None);
    assert_eq!(reason(|round| round.stops[0].eat_by = after(17)), Some(Reason::TooLate));
    assert_eq!(reason(|round| round.stops[0].earliest = after(178)), Some(Reason::TooLate));
    let off = |round: &mut Round, minute: i64| round.couriers.iter_mut().for_each(|c| c.off_duty = after(minute));
    assert_eq!(reason(|round| off(round, 27)), Some(Reason::OffDuty));
    assert_eq!(reason(|round| off(round, 28)), None);
    // There is time for two of three, since only one fits into a box.
    let crowded = |round: &mut Round| {
        round.stops = vec![stop(1), stop(2), stop(3)];
        round.couriers.iter_mut().for_each(|c| c.capacity.portions = 1);
        off(round, 32);
    };
    assert_eq!(reason(crowded), Some(Reason::Full));
    // The one who is furthest is who counts: one has a box too small, the other no time.
    let mixed = |round: &mut Round| {
        round.couriers[0].capacity.portions = 0;
        round.couriers[1].off_duty = after(20);
    };
    assert_eq!(reason(mixed), Some(Reason::OffDuty));
}

#[test]
fn somebody_has_a_place_whom_nobody_gave_one() {
    let wrong = found(|_, plan| {
        plan.runs.pop();
        plan.unassigned.insert(0, Unassigned { stop: 5, reason: Reason::Full });
    });
    assert_eq!(wrong, Err(Fault::Reason { stop: 5, said: Reason::Full, found: None }));
}

#[test]
fn there_is_no_way_where_there_is_none() {
    let round = round(vec![stop(1), stop(2)], vec![courier(10)]);
    let there = |_, from, to| match (from, to) {
        (Place::Stop(0), Place::Kitchen) | (_, Place::Stop(1)) => None,
        _ => Some(Seconds(60)),
    };
    let ways = Ways::told(&round, there, |_| Some(Seconds(0)));
    let reasons = |round: &Round, ways: &Ways| -> Vec<Reason> {
        planned(round, ways).unassigned.iter().map(|without| without.reason).collect()
    };
    assert_eq!(reasons(&round, &ways), [Reason::NoWay, Reason::NoWay]);
    // Who need not come back gets there; they are not seen at the kitchen again.
    let mut one_way = round.clone();
    one_way.couriers[0].returns = false;
    assert_eq!(reasons(&one_way, &ways), [Reason::NoWay]);
    assert_eq!(planned(&one_way, &ways).runs[0].back, None);
    let lost = Ways::told(&round, |_, _, _| Some(Seconds(60)), |_| None);
    assert_eq!(reasons(&round, &lost), [Reason::NoWay, Reason::NoWay]);
}

#[test]
fn a_round_that_contradicts_itself_is_not_planned() {
    let bad = |change: &dyn Fn(&mut Round)| {
        let (mut round, _, plan) = example();
        round.underway = vec![plan.runs[0].clone()];
        change(&mut round);
        let ways = along(&round, &[5, 8, 12, -4, -9, 2, 0]);
        Insertion::default().plan(&round, &ways).map(|_| ())
    };
    assert_eq!(bad(&|_| ()), Ok(()));
    assert_eq!(bad(&|round| round.stops[3].key = 1), Err(BadRound::StopTwice(1)));
    assert_eq!(bad(&|round| round.couriers[1].key = 10), Err(BadRound::CourierTwice(10)));
    assert_eq!(bad(&|round| round.couriers[0].key = 30), Err(BadRound::NoSuchCourier(10)));
    assert_eq!(bad(&|round| round.underway.push(round.underway[0].clone())), Err(BadRound::UnderwayTwice(1)));
    let (mut round, ways, _) = example();
    round.stops.pop();
    assert_eq!(Insertion::default().plan(&round, &ways), Err(BadRound::OtherWays));
}
