//! Building a board: boxes that are added and connected. Each is a command of the run.

use faultline_sim::command::Command;
use faultline_sim::process::NodeId;
use yew::Context;

use super::App;
use crate::text::boards as text;

impl App {
    /// The boxes that a box calls now.
    fn calls(&self, id: NodeId) -> Vec<NodeId> {
        let engine = self.pane.engine.borrow();
        let kit = engine.protocol().kit;
        kit.map_or_else(Vec::new, |kit| {
            engine.settings().of_node(id).nodes(kit.to).to_vec()
        })
    }

    /// Adds a box that calls `to`, and that `from` calls.
    #[inline(never)]
    pub(super) fn add_box(
        &mut self,
        ctx: &Context<Self>,
        kind: &'static str,
        from: Option<NodeId>,
        to: Option<NodeId>,
    ) {
        let Some(kit) = self.pane.engine.borrow().protocol().kit else {
            return;
        };
        let next = NodeId(self.pane.engine.borrow().added() + 1);
        let mut own = vec![(kit.kind.name.to_owned(), kind.to_owned())];
        own.extend(to.map(|to| (kit.to.name.to_owned(), to.0.to_string())));
        self.command(ctx, Command::AddNode(own));
        if let Some(from) = from {
            let mut calls = self.calls(from);
            calls.push(next);
            self.command(ctx, kit.calls(from, calls.into_iter()));
        }
        self.pane.focus = next;
    }

    /// Connects a box to another one, or ends that.
    #[inline(never)]
    pub(super) fn toggle_call(&mut self, ctx: &Context<Self>, from: NodeId, to: NodeId) {
        let Some(kit) = self.pane.engine.borrow().protocol().kit else {
            return;
        };
        if from == to {
            return self.remark(ctx, text::ITSELF);
        }
        let mut calls = self.calls(from);
        match calls.iter().position(|id| *id == to) {
            Some(at) => drop(calls.remove(at)),
            None => calls.push(to),
        }
        self.command(ctx, kit.calls(from, calls.into_iter()));
    }
}
