//! In how many orders the messages under way could arrive.

use super::{Probe, ProbeSpec};
use crate::clone_probe;
use crate::event::{Event, Record};
use crate::network::{Address, Network};
use crate::process::NodeId;
use crate::world::World;

/// The orders in which the messages under way could arrive, at most so far: one if there is none.
pub const ORDERS: ProbeSpec = ProbeSpec {
    name: "orders",
    title: "Orders in which messages could arrive (most)",
    unit: "orders",
    make: || Box::new(Orders { most: 1.0 }),
};

#[derive(Clone)]
struct Orders {
    most: f64,
}

impl Probe for Orders {
    clone_probe!();
    fn on_record(&mut self, record: &Record, world: &World) {
        if let Event::Sent { .. } = record.event {
            let messages = world.in_flight();
            self.most = self.most.max(orders(&messages, world.network()));
        }
    }
    /// Nothing, where there are more than a number can say.
    fn value(&self, _world: &World) -> Option<f64> {
        self.most.is_finite().then_some(self.most)
    }
}

/// All orders of so many messages, but for those of a link that keeps its order.
fn orders(messages: &[Address], network: &Network) -> f64 {
    let mut orders = 1.0;
    let mut in_order: Vec<((NodeId, NodeId), u32)> = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        orders *= (at + 1) as f64;
        let way = (message.from, message.to);
        if !network.link(way.0, way.1).fifo {
            continue;
        }
        match in_order.iter_mut().find(|(other, _)| *other == way) {
            Some((_, count)) => {
                *count += 1;
                orders /= f64::from(*count);
            }
            None => in_order.push((way, 1)),
        }
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Latency, Link};
    use crate::time::Duration;

    fn sent(ways: &[(u32, u32)]) -> Vec<Address> {
        let ways = ways.iter().enumerate();
        let address = |(number, (from, to)): (usize, &(u32, u32))| Address {
            from: NodeId(*from),
            to: NodeId(*to),
            k: number as u32 + 1,
            copy: 0,
        };
        ways.map(address).collect()
    }

    #[test]
    fn links_that_keep_their_order_leave_fewer_orders() {
        let link = Link::new(Latency::Constant(Duration::millis(5)));
        let loose = Network::new(1, link);
        let strict = Network::new(1, Link { fifo: true, ..link });
        for (ways, wanted) in [
            (&[][..], (1.0, 1.0)),
            (&[(1, 2)], (1.0, 1.0)),
            (&[(1, 2), (1, 3), (1, 4), (1, 5)], (24.0, 24.0)),
            (&[(1, 2), (1, 2), (1, 3), (2, 1)], (24.0, 12.0)),
            (&[(1, 2), (1, 2), (1, 2), (2, 1), (2, 1)], (120.0, 10.0)),
        ] {
            let messages = sent(ways);
            let found = (orders(&messages, &loose), orders(&messages, &strict));
            assert_eq!(found, wanted, "{ways:?}");
        }
    }
}
