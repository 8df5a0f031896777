//! One process alone, without a network: for tables of a paper that say what a handler answers.

use crate::node::{Slab, TimerTable};
use crate::process::{Common, Context, Effects, Io, NodeId, Operation, Process, Start, Step};
use crate::rng::Rng;
use crate::settings::Settings;
use crate::time::LocalTime;

/// A process with all that its handlers need. Messages it sends are handed to the test; timers it
/// sets stay set until the test fires them.
pub struct Solo<P: Process> {
    /// The process's state.
    pub node: P,
    me: NodeId,
    known: Vec<NodeId>,
    common: Common,
    messages: Slab<P::Message>,
    timers: TimerTable<P::Timer>,
}

impl<P: Process> Solo<P> {
    /// Node `me` among the nodes 1 to `nodes`. It has not been started.
    #[must_use]
    pub fn new(me: u32, nodes: u32, settings: Settings) -> Self {
        let node = P::new(NodeId(me), &settings);
        let rngs = (0..nodes.max(me)).map(|id| Rng::stream(1, "solo", u64::from(id)));
        Self {
            node,
            me: NodeId(me),
            known: (1..=nodes).map(NodeId).collect(),
            common: Common {
                settings,
                rngs: rngs.collect(),
                effects: Effects::default(),
                next_operation: 0,
                held: 0,
                wrote: false,
            },
            messages: Slab::default(),
            timers: TimerTable::default(),
        }
    }

    /// Turns a rule of the algorithm on or off.
    ///
    /// # Panics
    /// If there is no such rule.
    pub fn set_switch(&mut self, name: &str, on: bool) {
        let set = self.common.settings.set_switch(name, on);
        set.unwrap_or_else(|why| panic!("{why}"));
    }

    /// Runs [`Process::on_message`] and answers what was sent, in order.
    pub fn deliver(&mut self, from: u32, message: P::Message) -> Vec<(NodeId, P::Message)> {
        self.with(None, |node, cx| node.on_message(cx, NodeId(from), message))
    }

    /// Runs [`Process::on_timer`], set or not, and answers what was sent.
    pub fn fire(&mut self, timer: P::Timer) -> Vec<(NodeId, P::Message)> {
        self.with(None, |node, cx| {
            cx.cancel_timer(&timer);
            node.on_timer(cx, timer);
        })
    }

    /// Runs [`Process::on_request`] and answers what was sent.
    pub fn request(&mut self, request: P::Request) -> Vec<(NodeId, P::Message)> {
        self.common.next_operation += 1;
        let operation = Operation(self.common.next_operation);
        self.with(Some(operation), |node, cx| node.on_request(cx, request))
    }

    /// A crash and what follows it: [`Process::recover`], then [`Process::on_start`].
    pub fn crash_and_recover(&mut self) {
        self.timers = TimerTable::default();
        self.with(None, |node, cx| {
            *node = node.recover(cx);
            node.on_start(cx, Start::Recovery);
        });
    }

    fn with(
        &mut self,
        operation: Option<Operation>,
        act: impl FnOnce(&mut P, &mut Context<'_, P>),
    ) -> Vec<(NodeId, P::Message)> {
        let mut io = Io {
            me: self.me,
            now: LocalTime(0),
            known: &self.known,
            common: &mut self.common,
            operation,
            reach: None,
        };
        let mut cx = Context {
            io: &mut io,
            messages: &mut self.messages,
            timers: &mut self.timers,
        };
        act(&mut self.node, &mut cx);
        self.common.effects.rare.clear();
        let steps = std::mem::take(&mut self.common.effects.steps);
        steps
            .into_iter()
            .filter_map(|step| match step {
                Step::Send { to, message, .. } => Some((to, self.messages.take(message))),
                _ => None,
            })
            .collect()
    }
}
