//! The order in which corners are contracted: what decides how fast tables are.
//!
//! Corners with one or two neighbours go first, round by round, until none is left: dead ends, bends, and whole compounds with a
//! single gate. What remains is a third of a town or less, and is dissected along the map (`cch::inertial_order`).

use super::network::Network;

/// All corners in the order of contraction.
pub(crate) fn of(network: &Network) -> Vec<u32> {
    let mut neighbours: Vec<Vec<u32>> = vec![Vec::new(); network.nodes.len()];
    for edge in network.edges.iter().filter(|edge| edge.tail != edge.head) {
        join(&mut neighbours, edge.tail, edge.head);
    }
    let mut order = peel(&mut neighbours);
    let mut place = vec![None; network.nodes.len()];
    order.iter().for_each(|node| place[*node as usize] = Some(u32::MAX));
    let core: Vec<u32> = (0..network.nodes.len() as u32).filter(|node| place[*node as usize].is_none()).collect();
    // The library wants two corners at least.
    if core.len() < 2 {
        order.extend(core);
        return order;
    }
    for (number, node) in core.iter().enumerate() {
        place[*node as usize] = Some(number as u32);
    }
    let (mut tails, mut heads) = (Vec::new(), Vec::new());
    for node in &core {
        for next in &neighbours[*node as usize] {
            tails.push(place[*node as usize].expect("it is in the core"));
            heads.push(place[*next as usize].expect("who left the core is nobody's neighbour"));
        }
    }
    let degrees = |pick: fn(&super::network::Point) -> i32| -> Vec<f32> {
        core.iter().map(|node| (f64::from(pick(&network.nodes[*node as usize])) / 1e7) as f32).collect()
    };
    let (latitudes, longitudes) = (degrees(|node| node.latitude), degrees(|node| node.longitude));
    let inner = cch::inertial_order(core.len() as u32, &tails, &heads, &latitudes, &longitudes);
    order.extend(inner.into_iter().map(|number| core[number as usize]));
    order
}

fn join(neighbours: &mut [Vec<u32>], a: u32, b: u32) {
    if !neighbours[a as usize].contains(&b) {
        neighbours[a as usize].push(b);
        neighbours[b as usize].push(a);
    }
}

/// Takes away corners with at most two neighbours, and ties these two to each other. Of corners side by side only one goes in a
/// round, so that a long road of bends becomes a low tree and not a high one.
fn peel(neighbours: &mut [Vec<u32>]) -> Vec<u32> {
    let mut order = Vec::new();
    let mut gone = vec![false; neighbours.len()];
    let mut touched = vec![0u32; neighbours.len()];
    let mut open: Vec<u32> = (0..neighbours.len() as u32).collect();
    for round in 1.. {
        let mut next = Vec::new();
        for node in std::mem::take(&mut open) {
            let here = node as usize;
            if gone[here] || neighbours[here].len() > 2 {
                continue;
            }
            if touched[here] == round {
                next.push(node);
                continue;
            }
            gone[here] = true;
            order.push(node);
            let around = std::mem::take(&mut neighbours[here]);
            for near in &around {
                neighbours[*near as usize].retain(|other| *other != node);
                touched[*near as usize] = round;
                next.push(*near);
            }
            if let [a, b] = around[..] {
                join(neighbours, a, b);
            }
        }
        if next.is_empty() {
            break;
        }
        next.sort_unstable();
        next.dedup();
        open = next;
    }
    order
}
