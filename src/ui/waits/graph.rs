//! What all nodes know of waits as one graph: who waits for whom, and who waits in a circle.

use faultline_sim::frame::{Figure, Frame, NodeFrame, Wait, Waits};
use faultline_sim::process::NodeId;

/// One waits for another.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Positions in the list of points.
    pub from: usize,
    pub to: usize,
    pub on: String,
    /// Which nodes know of it.
    pub at: Vec<NodeId>,
    /// Part of the circle.
    pub circle: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Who waits or is waited for.
    pub points: Vec<String>,
    pub edges: Vec<Edge>,
    /// Positions of those who wait in a circle, each for the next one; empty if nobody does.
    pub circle: Vec<usize>,
}

/// What a node knows of locks and waits, if that is its subject.
#[must_use]
pub fn waits_of(node: &NodeFrame) -> Option<&Waits> {
    node.figures.iter().find_map(|figure| match figure {
        Figure::Waits(waits) => Some(waits),
        _ => None,
    })
}

impl Graph {
    #[must_use]
    pub fn of(frame: &Frame) -> Self {
        let all = known(frame);
        let mut points: Vec<String> = all
            .iter()
            .flat_map(|(_, wait)| [wait.waiter.clone(), wait.holder.clone()])
            .collect();
        // T2 before T10.
        points.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        points.dedup();
        let place = |name: &str| points.iter().position(|point| point == name).unwrap_or(0);
        let mut edges: Vec<Edge> = Vec::new();
        for (id, wait) in &all {
            let (from, to) = (place(&wait.waiter), place(&wait.holder));
            let same = |edge: &&mut Edge| (edge.from, edge.to, &edge.on) == (from, to, &wait.on);
            match edges.iter_mut().find(same) {
                Some(edge) if edge.at.contains(id) => {}
                Some(edge) => edge.at.push(*id),
                None => edges.push(Edge {
                    from,
                    to,
                    on: wait.on.clone(),
                    at: vec![*id],
                    circle: false,
                }),
            }
        }
        let circle = shortest_circle(points.len(), &edges);
        for (at, from) in circle.iter().enumerate() {
            let to = circle[(at + 1) % circle.len()];
            let on_it = |edge: &&mut Edge| edge.from == *from && edge.to == to;
            edges
                .iter_mut()
                .filter(on_it)
                .for_each(|edge| edge.circle = true);
        }
        Self {
            points,
            edges,
            circle,
        }
    }

    /// The names of those who wait in a circle.
    #[must_use]
    pub fn in_circle(&self) -> Vec<String> {
        self.circle
            .iter()
            .map(|at| self.points[*at].clone())
            .collect()
    }
}

/// All waits with the nodes that know of them: who stands in the queue of a lock waits for its holder.
fn known(frame: &Frame) -> Vec<(NodeId, Wait)> {
    let mut all = Vec::new();
    for (id, waits) in frame
        .nodes
        .iter()
        .filter_map(|node| Some((node.id, waits_of(node)?)))
    {
        for lock in &waits.locks {
            let wait = |waiter: &String| Wait {
                waiter: waiter.clone(),
                holder: lock.holder.clone(),
                on: lock.on.clone(),
            };
            all.extend(lock.queue.iter().map(|waiter| (id, wait(waiter))));
        }
        all.extend(waits.waits.iter().map(|wait| (id, wait.clone())));
    }
    all
}

/// The shortest way from a point back to itself; the first of equal ones.
fn shortest_circle(points: usize, edges: &[Edge]) -> Vec<usize> {
    let mut best: Vec<usize> = Vec::new();
    for start in 0..points {
        if let Some(way) = way_home(start, points, edges)
            && (best.is_empty() || way.len() < best.len())
        {
            best = way;
        }
    }
    best
}

/// Breadth first.
fn way_home(start: usize, points: usize, edges: &[Edge]) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; points];
    let mut next = vec![start];
    let mut at = 0;
    while let Some(point) = next.get(at).copied() {
        at += 1;
        for edge in edges.iter().filter(|edge| edge.from == point) {
            if edge.to == start {
                let mut way = vec![point];
                let mut last = point;
                while last != start {
                    last = before[last]?;
                    way.push(last);
                }
                way.reverse();
                return Some(way);
            }
            if before[edge.to].is_none() {
                before[edge.to] = Some(point);
                next.push(edge.to);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(pairs: &[(usize, usize)]) -> Vec<Edge> {
        let edge = |(from, to): &(usize, usize)| Edge {
            from: *from,
            to: *to,
            on: String::new(),
            at: vec![],
            circle: false,
        };
        pairs.iter().map(edge).collect()
    }

    #[test]
    fn a_circle_is_found_and_a_line_is_none() {
        assert!(shortest_circle(4, &edges(&[(0, 1), (1, 2), (2, 3)])).is_empty());
        assert_eq!(
            shortest_circle(4, &edges(&[(0, 1), (1, 2), (2, 1)])),
            [1, 2]
        );
        assert_eq!(
            shortest_circle(3, &edges(&[(0, 1), (1, 2), (2, 0)])),
            [0, 1, 2]
        );
        assert_eq!(shortest_circle(2, &edges(&[(0, 0), (0, 1)])), [0]);
    }
}
