//! The orchestrator: asks for one step after another, and undoes those that are done if one fails.

use std::rc::Rc;

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId, Operation, Start};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use faultline_sim::sorted::SortedMap;
use faultline_sim::time::Duration;
use serde::Serialize;

use super::descriptor::{EVERY, LOG, RETRY, TRIES, UNTIL_DONE, is_choreographed};
use super::{Message, Node, Reply, Request, Timer, Trip, figures, marks};
use crate::parts::roles::Role;
use crate::parts::workload::Pace;

/// How often it books a trip on its own.
fn pace(cx: &Context<Node>) -> Pace {
    Pace {
        every: cx.duration(&EVERY),
        least: Duration::millis(250),
    }
}

/// Why a trip is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Failure {
    /// The step that failed, from 1.
    pub step: u32,
    /// How many steps are undone: all before it, and itself if nobody knows whether it was done.
    pub undoes: u32,
}

/// A trip that has not ended. All of it is in the log, but how often a message was sent.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Open {
    /// The services in the order of their steps.
    pub along: Rc<[NodeId]>,
    /// The step that is done or undone now, from 0.
    pub at: u32,
    /// None: forwards.
    pub failure: Option<Failure>,
    /// How often it has asked for this step.
    pub tries: u32,
    /// The customer, who waits through a crash.
    pub operation: Option<Operation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Booked,
    Undone(Failure),
}

#[derive(Clone, Debug, Hash, Serialize)]
pub struct Ended {
    pub along: Rc<[NodeId]>,
    pub outcome: Outcome,
}

/// All of it is on disk, unless the rule `log` is off.
#[derive(Clone, Debug, Default, Hash, Serialize)]
pub struct Orchestrator {
    pub last: u64,
    pub open: SortedMap<Trip, Open>,
    pub ended: SharedMap<Trip, Ended>,
}

impl Role for Orchestrator {
    type Of = Node;

    /// What was under way goes on: each step and each compensation may be asked for again (section 4).
    fn on_start(&mut self, cx: &mut Context<Node>, _start: Start) {
        let under_way: Vec<Trip> = self.open.keys().copied().collect();
        for trip in under_way {
            cx.mark(&marks::GOES_ON, trip);
            self.ask(cx, trip);
        }
        let (_, wait) = pace(cx).next();
        cx.set_timer(Timer::NextTrip, wait);
    }

    fn on_message(&mut self, cx: &mut Context<Node>, from: NodeId, message: Message) {
        match message {
            Message::Booked { trip } => self.step_done(cx, from, trip),
            Message::Refused { trip } => self.step_failed(cx, from, trip),
            Message::Undone { trip, failed } => self.step_undone(cx, from, trip, failed),
            Message::AllBooked { trip } => self.all_booked(cx, trip),
            Message::Book { .. } | Message::Undo { .. } => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<Node>, timer: Timer) {
        match timer {
            Timer::Retry { trip } => self.no_answer(cx, trip),
            Timer::NextTrip => {
                let (acts, wait) = pace(cx).next();
                cx.set_timer(Timer::NextTrip, wait);
                if acts {
                    let operation = cx.invoke(Request::Book);
                    self.begin(cx, Some(operation));
                }
            }
        }
    }

    fn on_request(&mut self, cx: &mut Context<Node>, request: Request) {
        let operation = cx.operation();
        match (request, operation) {
            (Request::Book, _) => self.begin(cx, operation),
            (Request::Buy, Some(operation)) => {
                let why = "only services sell single places".to_owned();
                cx.reply(operation, Reply::Failed { why });
            }
            (Request::Buy, None) => {}
        }
    }

    fn recover(&self, cx: &mut Context<Node>) -> Self {
        let mut open = self.open.clone();
        if !cx.switch(&LOG) {
            for (trip, lost) in open {
                if let Some(operation) = lost.operation {
                    cx.reply(operation, Reply::Unknown { trip });
                }
            }
            open = SortedMap::new();
        }
        for (_, open) in &mut open {
            open.tries = 0;
        }
        Self {
            open,
            ..self.clone()
        }
    }

    fn draw(&self, settings: &Settings, to: &mut NodeFrame) {
        figures::draw_orchestrator(self, settings, to);
    }
}

impl Orchestrator {
    fn begin(&mut self, cx: &mut Context<Node>, operation: Option<Operation>) {
        let along: Rc<[NodeId]> = cx.peers().collect();
        if along.is_empty() {
            let why = "there is no service".to_owned();
            return operation.map_or((), |op| cx.reply(op, Reply::Failed { why }));
        }
        self.last += 1;
        let trip = Trip(self.last);
        cx.mark(&marks::BEGINS, (trip, along.len()));
        cx.write();
        let open = Open {
            along,
            at: 0,
            failure: None,
            tries: 0,
            operation,
        };
        self.open.insert(trip, open);
        self.ask(cx, trip);
    }

    /// Asks for the present step, or for its compensation. In a choreography that is always the first one.
    fn ask(&mut self, cx: &mut Context<Node>, trip: Trip) {
        let Some(open) = self.open.get_mut(&trip) else {
            return;
        };
        open.tries += 1;
        let along = open.along.clone();
        let to = along[open.at as usize];
        let hops = match is_choreographed(cx.settings()) {
            true => along.len() as u64,
            false => 1,
        };
        let wait = Duration(cx.duration(&RETRY).0 * hops);
        let message = match open.failure {
            None => Message::Book { trip, along },
            Some(Failure { step: failed, .. }) => Message::Undo {
                trip,
                along,
                failed,
            },
        };
        cx.send(to, message);
        cx.set_timer(Timer::Retry { trip }, wait);
    }

    /// The trip, if it waits for this service: forwards, or backwards. Others are late answers.
    fn waits_for(&mut self, from: NodeId, trip: Trip, backwards: bool) -> Option<&mut Open> {
        let open = self.open.get_mut(&trip)?;
        let waits = open.along[open.at as usize] == from && open.failure.is_some() == backwards;
        waits.then_some(open)
    }

    fn step_done(&mut self, cx: &mut Context<Node>, from: NodeId, trip: Trip) {
        let Some(open) = self.waits_for(from, trip, false) else {
            return;
        };
        if open.at as usize + 1 == open.along.len() {
            return self.end(cx, trip, Outcome::Booked);
        }
        open.at += 1;
        open.tries = 0;
        cx.write();
        self.ask(cx, trip);
    }

    /// A step was refused: those before it are undone, the latest first.
    fn step_failed(&mut self, cx: &mut Context<Node>, from: NodeId, trip: Trip) {
        let Some(open) = self.waits_for(from, trip, false) else {
            return;
        };
        let (step, undoes) = (open.at + 1, open.at);
        open.failure = Some(Failure { step, undoes });
        cx.mark(&marks::TURNS_BACK, (trip, step));
        self.step_back(cx, trip);
    }

    fn step_undone(&mut self, cx: &mut Context<Node>, from: NodeId, trip: Trip, failed: u32) {
        if is_choreographed(cx.settings()) {
            let failure = Failure {
                step: failed,
                undoes: failed.saturating_sub(1),
            };
            self.end(cx, trip, Outcome::Undone(failure));
        } else if self.waits_for(from, trip, true).is_some() {
            self.step_back(cx, trip);
        }
    }

    /// The step before the present one is undone next; if there is none, all is undone.
    fn step_back(&mut self, cx: &mut Context<Node>, trip: Trip) {
        let Some(open) = self.open.get_mut(&trip) else {
            return;
        };
        let Some(failure) = open.failure else { return };
        if open.at == 0 {
            return self.end(cx, trip, Outcome::Undone(failure));
        }
        open.at -= 1;
        open.tries = 0;
        cx.write();
        self.ask(cx, trip);
    }

    fn all_booked(&mut self, cx: &mut Context<Node>, trip: Trip) {
        if is_choreographed(cx.settings()) {
            self.end(cx, trip, Outcome::Booked);
        }
    }

    /// No answer in time. A step may be given up, a compensation may not. In a choreography, node 1 begins
    /// again from the front: each service tells the next one what it has told before.
    fn no_answer(&mut self, cx: &mut Context<Node>, trip: Trip) {
        let tries = cx.count(&TRIES);
        let Some(open) = self.open.get_mut(&trip) else {
            return;
        };
        let step = open.at + 1;
        match open.failure {
            None if open.tries >= tries && !is_choreographed(cx.settings()) => {
                cx.mark(&marks::GIVES_UP, (trip, step));
                open.failure = Some(Failure { step, undoes: step });
                open.tries = 0;
                cx.write();
                self.ask(cx, trip);
            }
            Some(_) if !cx.switch(&UNTIL_DONE) => {
                cx.mark(&marks::MOVES_ON, (trip, step));
                self.step_back(cx, trip);
            }
            _ => {
                cx.mark(&marks::ASKS_AGAIN, trip);
                self.ask(cx, trip);
            }
        }
    }

    fn end(&mut self, cx: &mut Context<Node>, trip: Trip, outcome: Outcome) {
        let Some(open) = self.open.remove(&trip) else {
            return;
        };
        cx.cancel_timer(&Timer::Retry { trip });
        cx.write();
        let along = open.along;
        self.ended.insert(trip, Ended { along, outcome });
        let reply = match outcome {
            Outcome::Booked => {
                cx.mark(&marks::ALL_DONE, trip);
                Reply::Booked { trip }
            }
            Outcome::Undone(failure) => {
                cx.mark(&marks::ALL_UNDONE, trip);
                let failed = failure.step;
                Reply::Undone { trip, failed }
            }
        };
        if let Some(operation) = open.operation {
            cx.reply(operation, reply);
        }
    }
}
