use linli_domain::area::{AreaLevel, Areas};
use linli_domain::demo::Demo;
use linli_domain::geo::Travel;

use super::*;
use crate::streets::{Bounds, Class, Direction, Seconds};

fn data(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn places() -> Vec<(String, AreaCode, Wgs84)> {
    let demo = Demo::parse(&data("demo.toml")).unwrap();
    let place = |place: linli_domain::demo::DemoPlace| {
        (place.key, place.area, Wgs84::new(place.latitude, place.longitude).unwrap())
    };
    demo.places.into_iter().map(place).collect()
}

#[test]
fn every_place_of_the_demo_lies_on_a_street_and_not_in_the_water() {
    let town = Town::new();
    let canal = town.streets.drawing(None, &[Class::Water]);
    let water: Vec<Wgs84> = canal["features"][0]["geometry"]["coordinates"][0]
        .as_array()
        .unwrap()
        .iter()
        .map(|at| Wgs84::new(at[1].as_f64().unwrap(), at[0].as_f64().unwrap()).unwrap())
        .collect();
    for (key, _, at) in places() {
        for travel in Travel::ALL {
            let snapped = town.streets.snap(travel, at).unwrap_or_else(|error| panic!("{key}: {error}"));
            assert!(snapped.metres() < 110.0, "{key} {travel}: {}", snapped.metres());
        }
        let dry = water.iter().map(|point| point.distance(at)).fold(f64::INFINITY, f64::min);
        assert!(dry > 60.0, "{key} lies in the canal: {dry}");
    }
}

#[test]
fn all_of_the_town_hangs_together() {
    let town = Town::new();
    let (corners, stretches) = town.streets.size();
    println!("{corners} corners, {stretches} stretches, {} compounds", town.compounds.len());
    let addresses = town.addresses(&[]);
    println!("{} addresses", addresses.len());
    assert!((3_000..12_000).contains(&addresses.len()));
    let snapped: Vec<_> =
        addresses.iter().map(|address| town.streets.snap(Travel::Foot, address.at).unwrap()).collect();
    assert!(snapped.iter().all(|snapped| snapped.metres() < 80.0));
    // Everybody gets out of every compound, by every means.
    for travel in Travel::ALL {
        let first = town.streets.snap(travel, addresses[0].at).unwrap();
        let day = town.streets.reach(&first, Seconds::minutes(600), Direction::From);
        for address in addresses.iter().step_by(7) {
            assert!(day.contains(&town.streets.snap(travel, address.at).unwrap()), "{}", address.text.en);
        }
    }
    for compound in &town.compounds {
        let walled = compound.key.starts_with('c');
        assert_eq!(walled, compound.gates.iter().any(|gate| gate.opens == Opens::ForAll), "{}", compound.key);
        assert!(compound.outline.len() == 5 && compound.outline[0] == compound.outline[4]);
    }
    let mut texts: Vec<&str> = addresses.iter().map(|address| address.text.zh.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), addresses.len(), "no address twice");
}

#[test]
fn the_town_is_the_same_every_time() {
    assert_eq!(Town::new().streets.to_bytes(), Town::new().streets.to_bytes());
}

#[test]
fn straight_lines_mislead() {
    let town = Town::new();
    let addresses = town.addresses(&[]);
    let snapped: Vec<_> =
        addresses.iter().map(|address| town.streets.snap(Travel::Foot, address.at).unwrap()).collect();
    // Neighbours as the crow flies, a quarter of an hour apart on foot.
    let far = addresses.iter().zip(&snapped).find_map(|(address, from)| {
        let near: Vec<_> = snapped.iter().filter(|to| to.asked().distance(address.at) < 400.0).copied().collect();
        let table = town.streets.table(std::slice::from_ref(from), &near);
        (0..near.len()).find(|column| table.get(0, *column).unwrap() > Seconds::minutes(15))
    });
    assert!(far.is_some(), "nobody is far from a neighbour");
    // The place nearest by air is often not the one nearest on foot.
    let places: Vec<_> = places().iter().map(|(_, _, at)| town.streets.snap(Travel::Foot, *at).unwrap()).collect();
    let table = town.streets.table(&snapped, &places);
    let misled = (0..snapped.len())
        .filter(|row| {
            let by_air = (0..places.len()).min_by(|a, b| {
                let air = |place: usize| places[place].asked().distance(snapped[*row].asked());
                air(*a).total_cmp(&air(*b))
            });
            let on_foot = (0..places.len()).min_by_key(|place| table.get(*row, *place).unwrap());
            table.get(*row, by_air.unwrap()) > table.get(*row, on_foot.unwrap())
        })
        .count();
    println!("{misled} of {} addresses are misled", snapped.len());
    assert!(misled * 20 > snapped.len(), "{misled} of {}", snapped.len());
}

#[test]
fn every_community_has_a_site_and_people() {
    let areas = Areas::parse("areas.csv", &data("areas.csv")).unwrap();
    let communities: Vec<AreaCode> =
        areas.iter().filter(|area| area.code.level() == AreaLevel::Community).map(|area| area.code.clone()).collect();
    let known: Vec<_> = places().into_iter().map(|(_, area, at)| (area, at)).collect();
    let sites = sites(&communities, &known);
    assert_eq!(sites.len(), communities.len());
    let addresses = Town::new().addresses(&sites);
    let homes: std::collections::HashSet<_> = addresses.iter().map(|address| address.community.clone()).collect();
    assert!(homes.len() * 10 > communities.len() * 8, "{} of {}", homes.len(), communities.len());
}

#[test]
fn the_drawing_is_small_and_has_names() {
    let town = Town::new();
    let all = town.streets.drawing(None, &[Class::Water, Class::Rail, Class::Main, Class::Street]);
    println!("{} bytes", all.to_string().len());
    assert!(all.to_string().len() < 400_000);
    let classes: std::collections::HashSet<&str> = all["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["class"].as_str().unwrap())
        .collect();
    assert_eq!(classes.len(), 4);
    let around = Bounds::square(Wgs84::new(38.3236, 116.8495).unwrap(), 300.0);
    let near = town.streets.drawing(Some(&around), &Class::ALL);
    assert!(near.to_string().len() < all.to_string().len());
}
