//! A load: clients that begin one transaction after the other on rows drawn from the seed.

use faultline_sim::process::{Context, NodeId};
use faultline_sim::time::Duration;

use super::descriptor::{CLIENTS, NODES, ROWS, SIZE, THINK};
use super::{Request, Row, Site, Timer, row_at};

/// The node that a client asks: they go round.
fn node_of(client: u32, nodes: u32) -> NodeId {
    NodeId(1 + client % nodes.max(1))
}

/// The clients of this node begin, each at another moment.
pub fn start(cx: &mut Context<Site>) {
    let (clients, nodes) = (cx.settings().count(&CLIENTS), cx.settings().count(&NODES));
    let think = cx.duration(&THINK).0;
    let me = cx.me();
    for client in (0..clients).filter(|client| node_of(*client, nodes) == me) {
        let wait = Duration(cx.rng().between(0, think));
        cx.set_timer(Timer::Think { client }, wait);
    }
}

/// Its transaction has ended: it begins the next one after a while.
pub fn think(cx: &mut Context<Site>, client: u32) {
    cx.set_timer(Timer::Think { client }, cx.duration(&THINK));
}

impl Site {
    /// A client locks as many rows as the settings say, in an order of its own.
    pub(super) fn begin_for(&mut self, cx: &mut Context<Self>, client: u32) {
        let mut all: Vec<Row> = (0..cx.count(&ROWS)).map(row_at).collect();
        cx.rng().shuffle(&mut all);
        all.truncate(cx.count(&SIZE) as usize);
        let rows = all.clone();
        let operation = cx.invoke(Request::Begin { rows });
        self.begin(cx, operation, all, Some(client));
    }
}
