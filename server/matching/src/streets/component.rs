//! The parts of the network from everywhere of which everywhere of it is reached: nobody is put onto an island, or into a
//! street without a way back. A river without a bridge makes two banks of a town, which is why more than one part may stay.

use linli_domain::geo::Travel;

use super::network::{NEVER, Network};
use super::{Arcs, Class};

/// By stretch: bit `travel.index()` says that one may start from it and go to it.
pub(crate) fn usable(network: &Network, arcs: &Arcs) -> Vec<u8> {
    let mut usable = vec![0u8; network.edges.len()];
    for travel in Travel::ALL {
        let part = parts(arcs, travel, network.nodes.len());
        for (edge, usable) in network.edges.iter().zip(&mut usable) {
            let [tail, head] = [edge.tail, edge.head].map(|node| part[node as usize]);
            if tail.is_some() && tail == head && edge.is_open(travel) && edge.class != Class::Barrier {
                *usable |= 1 << travel.index();
            }
        }
    }
    usable
}

/// A part is no island when it has so many corners, and one of so many corners of the largest.
const LARGE: u32 = 20;

/// By corner: the strongly connected part it belongs to, unless that is an island. Tarjan (1972), with a stack of its own
/// instead of recursion.
fn parts(arcs: &Arcs, travel: Travel, count: usize) -> Vec<Option<u32>> {
    const UNSEEN: u32 = u32::MAX;
    let cost = &arcs.cost[travel.index()];
    let (mut seen, mut low) = (vec![UNSEEN; count], vec![0u32; count]);
    let (mut part, mut sizes) = (vec![UNSEEN; count], Vec::<u32>::new());
    let (mut open, mut path, mut time) = (Vec::new(), Vec::new(), 0);
    for root in 0..count as u32 {
        if seen[root as usize] != UNSEEN {
            continue;
        }
        path.push((root, arcs.leaving(root)));
        (seen[root as usize], low[root as usize]) = (time, time);
        time += 1;
        open.push(root);
        while let Some((node, rest)) = path.last_mut() {
            let node = *node as usize;
            if let Some(arc) = rest.next() {
                let next = arcs.head[arc] as usize;
                if cost[arc] == NEVER {
                    continue;
                }
                if seen[next] == UNSEEN {
                    (seen[next], low[next]) = (time, time);
                    time += 1;
                    open.push(next as u32);
                    path.push((next as u32, arcs.leaving(next as u32)));
                } else if part[next] == UNSEEN {
                    low[node] = low[node].min(seen[next]);
                }
                continue;
            }
            path.pop();
            if let Some((above, _)) = path.last() {
                let above = *above as usize;
                low[above] = low[above].min(low[node]);
            }
            if low[node] == seen[node] {
                let (number, mut size) = (sizes.len() as u32, 0);
                while let Some(member) = open.pop() {
                    part[member as usize] = number;
                    size += 1;
                    if member as usize == node {
                        break;
                    }
                }
                sizes.push(size);
            }
        }
    }
    // The first of the largest, so that the same network always gives the same parts.
    let best = (0..sizes.len()).max_by_key(|part| (sizes[*part], std::cmp::Reverse(*part)));
    let largest = best.map_or(0, |best| sizes[best]);
    let is_kept = |part: u32| {
        let size = sizes[part as usize];
        Some(part as usize) == best || (size >= LARGE && size >= largest / LARGE)
    };
    part.into_iter().map(|part| Some(part).filter(|part| is_kept(*part))).collect()
}
