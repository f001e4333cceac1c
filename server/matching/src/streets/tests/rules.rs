//! What tags mean: written on small maps that are packed as extracts are.

use super::*;
use crate::streets::tests::broken::Extract;

const ALL: [Travel; 3] = Travel::ALL;

/// A street of 1,000 m with three corners, the middle one with tags of its own; times from one end to the other and back.
fn along(way: &[(&str, &str)], middle: &[(&str, &str)]) -> [[Option<u32>; 2]; 3] {
    let streets = corridor(way, middle);
    ALL.map(|travel| {
        let ends = [0.0, 1_000.0].map(|east| streets.snap(travel, start().moved(0.0, east)).ok());
        let [Some(a), Some(b)] = ends else { return [None, None] };
        [streets.seconds(&a, &b), streets.seconds(&b, &a)].map(|time| time.map(|seconds| seconds.0))
    })
}

fn start() -> Wgs84 {
    Wgs84::new(38.3, 116.83).unwrap()
}

/// The street, and far away a round course that keeps its two ends in one piece, whatever its own tags allow: nobody is put
/// onto a street from which there is no way back.
fn corridor(way: &[(&str, &str)], middle: &[(&str, &str)]) -> Streets {
    let mut extract = Extract::default();
    let [a, b, c] = [0.0, 500.0, 1_000.0].map(|east| start().moved(0.0, east));
    extract.node(1, a, &[]);
    extract.node(2, b, middle);
    extract.node(3, c, &[]);
    extract.way(&[1, 2, 3], way);
    let (d, e) = (start().moved(9_000.0, 0.0), start().moved(9_000.0, 1_000.0));
    extract.node(4, d, &[]);
    extract.node(5, e, &[]);
    extract.way(&[1, 4, 5, 3], &[("highway", "residential")]);
    Streets::import(&extract.pack()).unwrap()
}

/// A long way round takes more than an hour on foot, more than a quarter of an hour by e-bike.
fn is_direct(seconds: Option<u32>) -> bool {
    seconds.is_some_and(|seconds| seconds < 1_000)
}

#[test]
fn speeds_are_those_that_are_documented() {
    let [foot, ebike, car] = along(&[("highway", "residential")], &[]);
    assert_eq!(foot, [Some(800), Some(800)]);
    assert_eq!(ebike, [Some(240), Some(240)]);
    assert_eq!(car, [Some(180), Some(180)]);
    let [foot, ebike, car] = along(&[("highway", "footway")], &[]);
    assert_eq!(foot, [Some(800), Some(800)]);
    assert_eq!(ebike, [Some(900), Some(900)]);
    assert!(!is_direct(car[0]));
    let [_, ebike, _] = along(&[("highway", "footway"), ("bicycle", "yes")], &[]);
    assert_eq!(ebike, [Some(360), Some(360)]);
    let [_, _, car] = along(&[("highway", "primary"), ("maxspeed", "20")], &[]);
    assert_eq!(car, [Some(180), Some(180)]);
    let [foot, ebike, car] = along(&[("highway", "steps")], &[]);
    assert_eq!(foot, [Some(2_000), Some(2_000)]);
    assert!(!is_direct(ebike[0]) && !is_direct(car[0]));
}

#[test]
fn one_ways_bind_those_they_are_for() {
    let [foot, ebike, car] = along(&[("highway", "residential"), ("oneway", "yes")], &[]);
    assert_eq!(foot, [Some(800), Some(800)]);
    for vehicle in [ebike, car] {
        assert!(is_direct(vehicle[0]) && !is_direct(vehicle[1]));
    }
    let [_, ebike, car] = along(&[("highway", "residential"), ("oneway", "yes"), ("oneway:bicycle", "no")], &[]);
    assert!(is_direct(ebike[1]) && !is_direct(car[1]));
    let [_, ebike, car] = along(&[("highway", "residential"), ("oneway", "-1")], &[]);
    assert!(!is_direct(ebike[0]) && is_direct(ebike[1]) && !is_direct(car[0]) && is_direct(car[1]));
    let [_, _, car] = along(&[("highway", "residential"), ("junction", "roundabout")], &[]);
    assert!(is_direct(car[0]) && !is_direct(car[1]));
}

#[test]
fn access_is_read_from_the_general_to_the_particular() {
    let open = |tags: &[(&str, &str)]| along(tags, &[]).map(|times| is_direct(times[0]));
    assert_eq!(open(&[("highway", "service"), ("access", "private")]), [false, false, false]);
    assert_eq!(open(&[("highway", "service"), ("access", "private"), ("foot", "yes")]), [true, false, false]);
    assert_eq!(open(&[("highway", "residential"), ("motor_vehicle", "no")]), [true, true, false]);
    assert_eq!(open(&[("highway", "residential"), ("vehicle", "no"), ("bicycle", "yes")]), [true, true, false]);
    assert_eq!(open(&[("highway", "motorway"), ("oneway", "no")]), [false, false, true]);
    assert_eq!(open(&[("highway", "motorway"), ("access", "yes"), ("oneway", "no")]), [false, false, true]);
    assert_eq!(open(&[("highway", "primary"), ("foot", "no"), ("bicycle", "no")]), [false, false, true]);
    assert_eq!(open(&[("highway", "trunk"), ("motorroad", "yes")]), [false, false, true]);
}

#[test]
fn barriers_let_some_pass() {
    let pass = |middle: &[(&str, &str)]| along(&[("highway", "residential")], middle).map(|times| is_direct(times[0]));
    assert_eq!(pass(&[("barrier", "gate")]), [true, true, true]);
    assert_eq!(pass(&[("barrier", "gate"), ("access", "private")]), [false, false, false]);
    assert_eq!(pass(&[("barrier", "gate"), ("access", "private"), ("foot", "yes")]), [true, false, false]);
    assert_eq!(pass(&[("barrier", "gate"), ("foot", "no")]), [false, true, true]);
    assert_eq!(pass(&[("barrier", "bollard")]), [true, true, false]);
    assert_eq!(pass(&[("barrier", "turnstile")]), [true, false, false]);
    assert_eq!(pass(&[("barrier", "wall")]), [false, false, false]);
    assert_eq!(pass(&[("barrier", "kerb")]), [true, true, true]);
    // Who opens a gate waits once.
    let [foot, ebike, car] = along(&[("highway", "residential")], &[("barrier", "gate")]);
    assert_eq!((foot[0], ebike[0], car[0]), (Some(800), Some(245), Some(185)));
}

#[test]
fn signals_and_crossings_cost_time() {
    let signal = [("highway", "traffic_signals")];
    let [foot, ebike, car] = along(&[("highway", "residential")], &signal);
    assert_eq!((foot[0], ebike[0], car[0]), (Some(800), Some(255), Some(195)));
    let crossing = [("highway", "crossing"), ("crossing", "traffic_signals")];
    assert_eq!(along(&[("highway", "footway")], &crossing)[0], [Some(820), Some(820)]);
    assert_eq!(along(&[("highway", "footway")], &[("highway", "crossing")])[0], [Some(805), Some(805)]);
    // Along a road nobody crosses it.
    assert_eq!(along(&[("highway", "residential")], &crossing)[0], [Some(800), Some(800)]);
}

#[test]
fn nobody_is_put_onto_an_island() {
    let mut extract = Extract::default();
    for (id, north, east) in [(1, 0.0, 0.0), (2, 0.0, 500.0), (3, 500.0, 0.0), (4, 60.0, 0.0), (5, 60.0, 100.0)] {
        extract.node(id, start().moved(north, east), &[]);
    }
    extract.way(&[1, 2, 3], &[("highway", "residential")]);
    extract.way(&[4, 5], &[("highway", "residential")]);
    let streets = Streets::import(&extract.pack()).unwrap();
    let snapped = streets.snap(Travel::Foot, start().moved(60.0, 50.0)).unwrap();
    assert!((snapped.metres() - 60.0).abs() < 0.5, "{}", snapped.metres());
    assert!(matches!(
        streets.snap(Travel::Foot, start().moved(-300.0, 0.0)),
        Err(TooFar::Street { metres: 300..=301 })
    ));
    assert_eq!(streets.snap(Travel::Foot, start().moved(50_000.0, 0.0)), Err(TooFar::OffTheMap));
    let words = TooFar::Street { metres: 343 }.words();
    assert!(words.zh.contains("343米") && words.zh.contains("200米") && words.en.contains("343 m"), "{words:?}");
}

#[test]
fn the_walk_to_the_street_counts_at_both_ends() {
    let streets = corridor(&[("highway", "residential")], &[]);
    let at = |north: f64, east: f64| streets.snap(Travel::EBike, start().moved(north, east)).unwrap();
    // 100 m on foot, 500 m by e-bike, 50 m on foot.
    assert_eq!(streets.seconds(&at(100.0, 200.0), &at(-50.0, 700.0)), Some(Seconds(80 + 120 + 40)));
    assert_eq!(streets.seconds(&at(100.0, 200.0), &at(100.0, 200.0)), Some(Seconds(0)));
}
