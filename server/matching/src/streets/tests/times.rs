use proptest::prelude::*;

use super::oracle::Oracle;
use super::small::{points, town};
use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn in_any_small_town_times_are_those_of_dijkstra(streets in town(), seed in any::<u64>()) {
        let points = points(&streets, seed);
        let table = streets.table(&points, &points);
        for (row, from) in points.iter().enumerate() {
            let oracle = Oracle::new(&streets, from);
            for (column, to) in points.iter().enumerate() {
                let expected = oracle.millis(to);
                prop_assert_eq!(table.millis(row, column).map(u64::from), expected);
                prop_assert_eq!(streets.seconds(from, to), table.get(row, column));
                let path = streets.path(from, to);
                prop_assert_eq!(path.as_ref().map(|path| path.seconds), table.get(row, column));
                if let Some(path) = path {
                    prop_assert!(path.line[0].distance(from.asked()) < 0.1);
                    prop_assert!(path.line[path.line.len() - 1].distance(to.asked()) < 0.1);
                }
            }
        }
    }

    #[test]
    fn in_any_small_town_the_circle_is_exact(streets in town(), seed in any::<u64>(), limit in 0u32..600) {
        let points = points(&streets, seed);
        for origin in &points {
            let oracle = Oracle::new(&streets, origin);
            let outwards = streets.reach(origin, Seconds(limit), Direction::From);
            let inwards = streets.reach(origin, Seconds(limit), Direction::To);
            for other in &points {
                let there = oracle.millis(other).filter(|millis| *millis <= u64::from(limit) * 1000);
                prop_assert_eq!(outwards.seconds(other).is_some(), there.is_some());
                prop_assert_eq!(outwards.seconds(other), streets.seconds(origin, other).filter(|time| time.0 <= limit));
                prop_assert_eq!(inwards.seconds(other), streets.seconds(other, origin).filter(|time| time.0 <= limit));
            }
        }
    }

    #[test]
    fn a_network_comes_back_from_its_file(streets in town()) {
        let bytes = streets.to_bytes();
        let again = Streets::open(&bytes).unwrap();
        prop_assert_eq!(&again.network, &streets.network);
        prop_assert_eq!(again.to_bytes(), bytes);
    }
}

#[test]
fn on_real_maps_times_are_those_of_dijkstra() {
    for (streets, travel) in maps() {
        let points = addresses(&streets, travel, 60, &mut Dice(7));
        let table = streets.table(&points, &points);
        let mut reached = 0;
        for (row, from) in points.iter().enumerate() {
            let oracle = Oracle::new(&streets, from);
            for (column, to) in points.iter().enumerate() {
                assert_eq!(table.millis(row, column).map(u64::from), oracle.millis(to), "{travel}: {from:?} to {to:?}");
                reached += usize::from(table.get(row, column).is_some());
            }
        }
        // A river parts one of the maps; whoever gets somewhere gets back.
        assert!(reached * 2 > points.len() * points.len());
        let to = (1..points.len()).find(|column| table.get(0, *column).is_some()).unwrap();
        assert!(table.get(0, to).is_some() && streets.seconds(&points[to], &points[0]).is_some());
        let path = streets.path(&points[0], &points[to]).unwrap();
        assert_eq!(path.seconds, streets.seconds(&points[0], &points[to]).unwrap());
        let straight = points[0].asked().distance(points[to].asked());
        assert!(path.metres >= straight - 0.1 && path.line.len() > 2);
    }
}

#[test]
fn a_real_map_comes_back_from_its_file() {
    for (streets, travel) in maps() {
        let bytes = streets.to_bytes();
        let again = Streets::open(&bytes).unwrap();
        assert_eq!(again.network, streets.network);
        assert_eq!(again.stretches(travel), streets.stretches(travel));
    }
}
