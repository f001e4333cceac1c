use super::oracle::Oracle;
use super::*;

/// Share of the addresses inside one set that are also inside the other.
fn share(inside: usize, both: usize) -> f64 {
    both as f64 / inside.max(1) as f64
}

#[test]
fn the_circle_is_exact_and_its_outline_agrees_with_it() {
    for (streets, travel) in maps() {
        let mut dice = Dice(99);
        let points = addresses(&streets, travel, 3_000, &mut dice);
        for direction in [Direction::From, Direction::To] {
            let (mut exact, mut drawn, mut both) = (0, 0, 0);
            for origin in &points[..6] {
                for minutes in [5, 15] {
                    let reach = streets.reach(origin, Seconds::minutes(minutes), direction);
                    let polygons = reach.polygon();
                    let oracle = Oracle::new(&streets, origin);
                    for point in &points {
                        let is_exact = reach.contains(point);
                        if direction == Direction::From {
                            let time = oracle.millis(point);
                            assert_eq!(is_exact, time.is_some_and(|time| time <= u64::from(minutes) * 60_000));
                        }
                        let is_drawn = polygons.iter().any(|polygon| polygon.contains(point.asked()));
                        exact += usize::from(is_exact);
                        drawn += usize::from(is_drawn);
                        both += usize::from(is_exact && is_drawn);
                    }
                    check_rings(&polygons);
                }
            }
            let (of_exact, of_drawn) = (share(exact, both), share(drawn, both));
            println!("{travel} {direction:?}: {exact} within, {drawn} drawn, {of_exact:.4} and {of_drawn:.4} agree");
            assert!(of_exact >= 0.995 && of_drawn >= 0.995, "{travel}: {of_exact} {of_drawn}");
            assert!(exact > 1_000);
        }
    }
}

/// Rings are closed, outlines run anticlockwise, holes clockwise, and no ring crosses itself.
fn check_rings(polygons: &[Polygon]) {
    for polygon in polygons {
        for (number, ring) in polygon.rings.iter().enumerate() {
            assert!(ring.len() >= 4 && ring[0] == ring[ring.len() - 1]);
            let around = |pair: &[[f64; 2]]| {
                let at = |point: [f64; 2]| (point[0] - ring[0][0], point[1] - ring[0][1]);
                let (a, b) = (at(pair[0]), at(pair[1]));
                a.0 * b.1 - b.0 * a.1
            };
            let area: f64 = ring.windows(2).map(around).sum();
            assert_eq!(area > 0.0, number == 0);
            if ring.len() < 2_000 {
                assert!(!crosses_itself(ring), "a ring of {} points crosses itself", ring.len());
            }
        }
    }
}

fn crosses_itself(ring: &[[f64; 2]]) -> bool {
    let side = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| {
        ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).partial_cmp(&0.0).unwrap() as i32
    };
    let count = ring.len() - 1;
    (0..count).any(|first| {
        (first + 2..count).filter(|second| first != 0 || *second != count - 1).any(|second| {
            let (a, b, c, d) = (ring[first], ring[first + 1], ring[second], ring[second + 1]);
            side(a, b, c) * side(a, b, d) <= 0
                && side(c, d, a) * side(c, d, b) <= 0
                && (side(a, b, c), side(a, b, d)) != (0, 0)
        })
    })
}

#[test]
fn geojson_is_a_feature() {
    for (streets, travel) in maps() {
        let origin = addresses(&streets, travel, 1, &mut Dice(3))[0];
        let feature = streets.reach(&origin, Seconds::minutes(15), Direction::From).geojson();
        assert_eq!(feature["type"], "Feature");
        assert!(matches!(feature["geometry"]["type"].as_str(), Some("Polygon" | "MultiPolygon")));
        assert_eq!(feature["properties"]["seconds"], 900);
        assert_eq!(feature["properties"]["travel"], travel.key());
        println!("{travel}: {} bytes", feature.to_string().len());
    }
}

#[test]
fn both_ways_to_compute_a_circle_agree() {
    let mut both = 0;
    for (streets, travel) in maps().chain([(Streets::demo(), Travel::Foot)]) {
        for origin in addresses(&streets, travel, 30, &mut Dice(5)) {
            for (minutes, direction) in [(2, Direction::From), (5, Direction::To), (15, Direction::From)] {
                let limit = Seconds::minutes(minutes).millis();
                let doors = streets.doors(&origin, direction);
                let doors: Vec<_> = doors.into_iter().filter(|(_, time)| *time <= limit).collect();
                if let Some(spread) = streets.spread(travel, &doors, limit, direction) {
                    assert_eq!(spread, streets.sweep(travel, &doors, limit, direction));
                    both += 1;
                }
            }
        }
    }
    assert!(both > 60, "{both}");
}
