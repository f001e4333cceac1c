//! Small towns that are made up, for properties.

use proptest::prelude::*;

use super::*;
use crate::streets::network::{Edge, Name, Network, Point, Time};

fn time() -> impl Strategy<Value = Time> {
    prop_oneof![
        1 => Just(Time::CLOSED),
        4 => (0u32..200_000, prop_oneof![2 => Just(0u32), 1 => 0u32..30_000])
            .prop_map(|(moving, waiting)| Time { moving, waiting }),
    ]
}

/// Corners within two kilometres, stretches between any of them, also twice, also from a corner to itself.
pub(crate) fn town() -> impl Strategy<Value = Streets> {
    let corners = prop::collection::vec((0..180_000i32, 0..230_000i32), 2..14);
    let stretches = prop::collection::vec((any::<u16>(), any::<u16>(), [time(), time()]), 1..40);
    (corners, stretches).prop_map(|(corners, stretches)| {
        let nodes: Vec<Point> = corners
            .into_iter()
            .map(|(north, east)| Point { latitude: 383_000_000 + north, longitude: 1_168_300_000 + east })
            .collect();
        let mut network = Network {
            nodes,
            edges: vec![],
            points: vec![],
            names: vec![Name::default()],
            lines: vec![],
            order: vec![],
        };
        for (from, to, times) in stretches {
            let (tail, head) =
                (u32::from(from) % network.nodes.len() as u32, u32::from(to) % network.nodes.len() as u32);
            let first = network.points.len() as u32;
            let (a, b) = (network.nodes[tail as usize], network.nodes[head as usize]);
            // A bend, so that a stretch back to its own corner has a length.
            let bend = Point {
                latitude: a.latitude.midpoint(b.latitude) + 9_000,
                longitude: a.longitude.midpoint(b.longitude),
            };
            network.points.extend([a, bend, b]);
            let class = Class::Street;
            network.edges.push(Edge { tail, head, first, count: 3, class, name: 0, times: [times; 3] });
        }
        network.put_in_order();
        Streets::of(network)
    })
}

/// Points on and beside the stretches of a town.
pub(crate) fn points(streets: &Streets, seed: u64) -> Vec<Snapped> {
    let travel = Travel::EBike;
    if streets.stretches(travel) == 0 { Vec::new() } else { addresses(streets, travel, 6, &mut Dice(seed)) }
}
