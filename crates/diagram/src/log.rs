//! Logs of other systems: hosts become lanes, knowledge that one host gets from another becomes a
//! message, and clocks are taken from the log.

use std::rc::Rc;

use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::shiviz::Execution;
use faultline_sim::sorted::{SortedMap, sort_by_key};
use faultline_sim::time::Time;

use crate::event_kind::EventKind;
use crate::index::{Entry, Index, Mark, NONE, STRIDE};
use crate::message::{Fate, Message};

impl Index {
    /// The index of an execution: one record per event, in the execution's order, so that
    /// [`Axis::Order`](crate::Axis::Order) shows it. It cannot read further records.
    #[must_use]
    pub fn of_log(execution: &Execution) -> Self {
        let mut index = Self::new();
        index.name_lanes(execution.hosts.clone());
        index.given = (execution.events.iter())
            .map(|event| event.clock.as_slice().into())
            .collect();
        let mut numbers: SortedMap<(u32, u32), u32> = SortedMap::new();
        // Messages come in order of their start.
        let mut edges = execution.edges.clone();
        sort_by_key(&mut edges, |edge| (edge.from, edge.to));
        for edge in &edges {
            let host = |at: u32| execution.events[at as usize].host + 1;
            let (from, to) = (host(edge.from), host(edge.to));
            let k = numbers.entry((from, to)).or_insert(0);
            *k += 1;
            index.add(Message {
                address: Address {
                    from: NodeId(from),
                    to: NodeId(to),
                    k: *k,
                    copy: 0,
                },
                kind: "",
                sent: u64::from(edge.from) + 1,
                sent_at: Time::ZERO,
                sent_own: 0,
                from: u64::from(edge.from) + 1,
                end: u64::from(edge.to) + 1,
                ended_at: Time::ZERO,
                fate: Fate::Delivered,
                late: 0,
                held: false,
                overtaken_by: None,
            });
        }
        for at in 0..execution.events.len() {
            index.push_event(execution, at);
        }
        index
    }

    fn push_event(&mut self, execution: &Execution, at: usize) {
        let seq = at as u64 + 1;
        if at.is_multiple_of(STRIDE) {
            let all = self.messages.iter();
            let open = all
                .filter(|(_, m)| m.from < seq && m.end >= seq)
                .map(|(id, _)| id);
            self.marks.push(Mark {
                len: at,
                open: open.collect::<Rc<[u32]>>(),
                vectors: None,
            });
        }
        let first = self.messages.begun_by(seq - 1);
        let sent = self.messages.get(first).filter(|m| m.from == seq);
        let event = &execution.events[at];
        let lane = &self.lanes[event.host as usize];
        let learned = execution
            .edges
            .partition_point(|edge| (edge.to as usize) < at);
        let learned = execution
            .edges
            .get(learned)
            .filter(|edge| edge.to as usize == at);
        let entry = Entry {
            time: Time::ZERO,
            node: event.host + 1,
            own: lane.len() + 1,
            sends: 0,
            cause: learned.map_or(0, |edge| u64::from(edge.from) + 1),
            lamport: u64::from(event.lamport),
            what: EventKind::Marked,
            link: sent.map_or(NONE, |_| first),
        };
        self.lanes[event.host as usize].places.push(at as u32);
        self.entries.push(entry);
    }
}
