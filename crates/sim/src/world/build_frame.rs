//! Building a [`Frame`]: what there is to see of the world now. It changes nothing.

use std::rc::Rc;

use super::{FlightState, Scheduled, State, World};
use crate::event::Outcome;
use crate::frame::{
    Fate, Frame, Kind, Life, LinkFrame, MessageFrame, NodeFrame, OperationFrame, ProbeFrame, Shape,
    TimerFrame, Tone,
};
use crate::history::End;
use crate::network::{Rule, Verdict};
use crate::process::NodeId;
use crate::sorted::{self, SortedSet};
use crate::time::Duration;

/// Node frames made before, so that a node that did not change keeps its pointer.
#[derive(Clone, Default)]
pub struct FrameCache {
    nodes: Vec<Option<Made>>,
    /// Which future of a run the frames are of. What was done instead of something else changes a node as often,
    /// but in another way.
    pub(crate) future: u32,
}

/// A node's frame, and of which state it is.
#[derive(Clone)]
struct Made {
    future: u32,
    version: u32,
    frame: Rc<NodeFrame>,
}

/// A cluster of up to this many nodes shows all its links.
const ALL_LINKS_UP_TO: usize = 12;

/// Up to so many nodes, every pair is looked at for what is unusual about its link.
const ALL_PAIRS_UP_TO: usize = 100;

/// Of more nodes, so many links are told at most.
const CROWD_LINKS: usize = 1_000;
/// Up to this many messages say a word each.
const WORDS_UP_TO: usize = 40;
/// How long a loss stays visible, in seconds of wall time at speed 1x.
const LOSS_SHOWN: f64 = 0.8;

impl World {
    /// Everything there is to see. `pace` is the scenario's virtual seconds a wall second.
    #[must_use]
    pub fn frame(&self, cache: &mut FrameCache, pace: f64) -> Frame {
        let shown = Duration((LOSS_SHOWN * pace * 1e6) as u64);
        let recent = |loss: &&crate::frame::LossFrame| loss.at + shown > self.now;
        let told = self.protocol.and_then(|protocol| (protocol.narrate)(self));
        let answers = self.protocol.filter(|_| told.is_none());
        let answers = answers.and_then(|protocol| (protocol.answers)(self));
        Frame {
            time: self.now,
            events: self.events,
            records: self.records,
            halted: self.halted.clone(),
            calling: !self.stack.is_empty(),
            by_hand: self.is_by_hand(),
            nodes: self.ids().map(|id| self.cached_node(id, cache)).collect(),
            messages: self.message_frames(),
            losses: self.losses.iter().filter(recent).cloned().collect(),
            links: self.link_frames(),
            sides: self.sides(),
            lost_at_split: self.lost_at_split,
            verdicts: self.verdicts(false),
            probes: self
                .probes()
                .map(|(spec, value)| ProbeFrame {
                    name: spec.name,
                    title: spec.title,
                    unit: spec.unit,
                    value,
                })
                .collect(),
            sent: self.sent().into_iter().collect(),
            operations: self.operation_frames(),
            narration: told.or_else(|| Some(answers.as_ref()?.sentence())),
            answers: answers.map(Rc::new),
        }
    }

    fn cached_node(&self, id: NodeId, cache: &mut FrameCache) -> Rc<NodeFrame> {
        let meta = &self.nodes[id.index()];
        if cache.nodes.len() <= id.index() {
            cache.nodes.resize(id.index() + 1, None);
        }
        // A drifting clock is further off at every instant.
        let steady = meta.clock.drift_ppm() == 0;
        let (future, version) = (cache.future, meta.version);
        match &cache.nodes[id.index()] {
            Some(made) if (made.future, made.version) == (future, version) && steady => {
                made.frame.clone()
            }
            _ => {
                let frame = Rc::new(self.node_frame(id));
                cache.nodes[id.index()] = Some(Made {
                    future,
                    version,
                    frame: frame.clone(),
                });
                frame
            }
        }
    }

    /// One node as it is to be seen now.
    #[must_use]
    pub fn node_frame(&self, id: NodeId) -> NodeFrame {
        let meta = &self.nodes[id.index()];
        let timers = meta.timers.iter().filter_map(|(timer, slot)| {
            let Scheduled::Timer { set_at, due, .. } = &self.slots[*slot as usize].what else {
                return None;
            };
            let name = self.fleet.timer_kind(id, *timer);
            let text = self.fleet.timer_text(id, *timer);
            Some(TimerFrame {
                name,
                text,
                set_at: *set_at,
                due: *due,
            })
        });
        let mut frame = NodeFrame {
            id,
            life: match meta.state {
                State::Up | State::Removed => Life::Up,
                State::Down { since } => Life::Down { since },
                State::Paused { since } => Life::Paused { since },
            },
            lie: meta.lie.map(crate::fault::Lie::word),
            disk: meta.disk.each,
            clock_error_us: meta.clock.error(self.now),
            drift_ppm: meta.clock.drift_ppm(),
            flaky: meta.flaky,
            inbox: meta.inbox.len() as u32,
            lamport: meta.lamport,
            beliefs: self.beliefs(id),
            timers: timers.collect(),
            role: String::new(),
            label: String::new(),
            tone: Tone::Calm,
            inside: None,
            chips: Vec::new(),
            pips: None,
            colour: None,
            layer: 0,
            figures: Vec::new(),
        };
        self.fleet
            .draw(id, &self.common.settings.at(id), &mut frame);
        frame
    }

    /// What a kind of message means in this protocol.
    pub(super) fn kind_of(&self, name: &'static str) -> Kind {
        let kinds = self.protocol.map_or(&[][..], |protocol| protocol.kinds);
        let found = kinds.iter().find(|kind| kind.name == name).copied();
        found.unwrap_or(Kind {
            name,
            shape: Shape::Data,
            letter: "",
            says: "sends",
        })
    }

    fn message_frames(&self) -> Vec<MessageFrame> {
        let mut flights: Vec<_> = self.flights().map(|(_, flight)| flight).collect();
        sorted::sort_by_key(&mut flights, |flight| (flight.cause, flight.address));
        let readable = flights.len() <= WORDS_UP_TO;
        flights
            .into_iter()
            .map(|flight| {
                let kind = self.kind_of(self.fleet.kind(flight.message));
                let glyph = self.fleet.glyph_override(flight.message);
                let (shape, letter) = glyph.unwrap_or((kind.shape, kind.letter));
                let fate = match (flight.state, flight.wall) {
                    (FlightState::Held, _) => Fate::Held,
                    (FlightState::Waiting, _) => Fate::Waiting,
                    (FlightState::Flying, Some(_)) => Fate::Blocked {
                        at: flight.middle(),
                    },
                    (FlightState::Flying, None) => Fate::Flying,
                };
                // A held message stands where it was when it was caught.
                let held = match flight.state {
                    FlightState::Held => self.now.since(flight.held_at),
                    _ => Duration(0),
                };
                MessageFrame {
                    address: flight.address,
                    kind: kind.name,
                    shape,
                    letter,
                    sent: flight.sent + held,
                    arrives: flight.arrives + held,
                    fate,
                    delayed: flight.delayed,
                    lie: flight.lie,
                    word: readable.then(|| self.fleet.word(flight.message)).flatten(),
                }
            })
            .collect()
    }

    fn link_frames(&self) -> Vec<LinkFrame> {
        let small = self.known.len() <= ALL_LINKS_UP_TO;
        let plain = self.network.is_plain();
        if !small && plain {
            return Vec::new();
        }
        if self.known.len() > ALL_PAIRS_UP_TO {
            return self.links_of_a_crowd();
        }
        let mut links = Vec::new();
        for (at, a) in self.known.iter().enumerate() {
            for b in &self.known[at + 1..] {
                let link = self.link_frame(*a, *b);
                let usual = link.blocked.is_none()
                    && link.blocked_back.is_none()
                    && link.slow.is_none()
                    && link.slow_back.is_none()
                    && link.loss == 0.0;
                if small || !usual {
                    links.push(link);
                }
            }
        }
        links
    }

    /// The links that somebody changed one by one, at most so many. A split of a thousand nodes stands in the
    /// sides, and a loss on every link in the network's own settings: half a million links would say no more.
    fn links_of_a_crowd(&self) -> Vec<LinkFrame> {
        let own = self.network.changed_links();
        let exists = |id: &NodeId| self.known.binary_search(id).is_ok();
        let pairs = own.filter(|(a, b)| a != b && exists(a) && exists(b));
        let mut seen = SortedSet::new();
        for (a, b) in pairs {
            seen.insert((a.min(b), a.max(b)));
            if seen.len() >= CROWD_LINKS {
                break;
            }
        }
        let frame = |(a, b): &(NodeId, NodeId)| self.link_frame(*a, *b);
        seen.iter().map(frame).collect()
    }

    fn link_frame(&self, a: NodeId, b: NodeId) -> LinkFrame {
        let wall = |a, b| self.network.wall(a, b).map(|name| name.to_string());
        let slow = |a, b| {
            self.network
                .rules()
                .find_map(|rule| match rule.verdict(a, b) {
                    Verdict::Deliver(extra) => Some(extra),
                    _ => None,
                })
        };
        let cut = |rule: &Rule| matches!(rule, Rule::Cut(x, y) if (*x, *y) == (a, b) || (*x, *y) == (b, a));
        LinkFrame {
            a,
            b,
            blocked: wall(a, b),
            blocked_back: wall(b, a),
            slow: slow(a, b),
            slow_back: slow(b, a),
            loss: self
                .network
                .link(a, b)
                .loss
                .max(self.network.link(b, a).loss),
            cut: self.network.rules().any(cut),
            present: self
                .protocol
                .is_none_or(|protocol| (protocol.standing.links)(self, a, b)),
        }
    }

    fn sides(&self) -> Vec<Vec<NodeId>> {
        let sides = self.network.rules().find_map(|rule| match rule {
            Rule::Partition(sides) => Some(sides),
            _ => None,
        });
        let exists = |id: &NodeId| self.known.binary_search(id).is_ok();
        let living = |side: &Vec<NodeId>| side.iter().copied().filter(exists).collect();
        sides.map_or_else(Vec::new, |sides| sides.iter().map(living).collect())
    }

    fn operation_frames(&self) -> Vec<OperationFrame> {
        self.operations
            .iter()
            .map(|operation| {
                let outcome = operation.completed.as_ref().map(|(_, outcome)| outcome);
                let end = outcome.map(|outcome| self.end(outcome));
                OperationFrame {
                    id: operation.id.0,
                    node: operation.node,
                    request: operation.request.0.text(),
                    asked: operation.request.clone(),
                    invoked: operation.invoked,
                    completed: operation.completed.as_ref().map(|(at, _)| *at),
                    outcome: outcome.map(|outcome| match outcome {
                        Outcome::Refused(why) => why.clone(),
                        Outcome::Replied(reply) => reply.0.text(),
                    }),
                    reply: match outcome {
                        Some(Outcome::Replied(reply)) => Some(reply.clone()),
                        _ => None,
                    },
                    ok: end.map(|end| end == End::Ok),
                    end,
                    wrong: operation.wrong.clone(),
                }
            })
            .collect()
    }
}
