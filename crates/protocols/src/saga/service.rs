//! A service: some places, and what became of each trip here.

use faultline_sim::frame::NodeFrame;
use faultline_sim::process::{Context, NodeId};
use faultline_sim::settings::Settings;
use faultline_sim::shared::SharedMap;
use serde::Serialize;

use super::descriptor::{ONCE, REMEMBER, is_choreographed};
use super::{Message, Node, ORCHESTRATOR, Reply, Request, Trip, figures, marks};
use crate::parts::roles::Role;

/// What became of a trip at a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Held,
    Refused,
    /// Its step was undone, because this step failed; perhaps before it was done.
    GivenBack(u32),
}

/// All of it is on disk.
#[derive(Clone, Debug, Hash, Serialize)]
pub struct Service {
    /// Places that anyone may have.
    pub left: u32,
    /// Places sold to customers without a trip.
    pub sold: u32,
    pub trips: SharedMap<Trip, Place>,
}

impl Role for Service {
    type Of = Node;

    fn on_message(&mut self, cx: &mut Context<Node>, _from: NodeId, message: Message) {
        match message {
            Message::Book { trip, along } => self.book(cx, trip, &along),
            Message::Undo {
                trip,
                along,
                failed,
            } => self.undo(cx, trip, &along, failed),
            _ => {}
        }
    }

    /// A customer who wants one place and no trip. Nothing is locked, so nobody has to wait.
    fn on_request(&mut self, cx: &mut Context<Node>, request: Request) {
        let Some(operation) = cx.operation() else {
            return;
        };
        let reply = if let Request::Book = request {
            let why = "only node 1 books trips".to_owned();
            Reply::Failed { why }
        } else if self.left > 0 {
            self.left -= 1;
            self.sold += 1;
            cx.write();
            cx.mark(&marks::SELLS, self.left);
            Reply::Sold { left: self.left }
        } else {
            let why = "no place is left".to_owned();
            Reply::Failed { why }
        };
        cx.reply(operation, reply);
    }

    fn recover(&self, _cx: &mut Context<Node>) -> Self {
        self.clone()
    }

    fn draw(&self, _settings: &Settings, to: &mut NodeFrame) {
        figures::draw_service(self, to);
    }
}

impl Service {
    pub fn new(stock: u32) -> Self {
        Self {
            left: stock,
            sold: 0,
            trips: SharedMap::new(),
        }
    }

    pub fn holds(&self, trip: Trip) -> bool {
        self.trips.get(&trip) == Some(&Place::Held)
    }

    /// Ti. Asked again, it tells what became of it.
    fn book(&mut self, cx: &mut Context<Node>, trip: Trip, along: &[NodeId]) {
        let Some(at) = place_in(along, cx.me()) else {
            return;
        };
        let step = at as u32 + 1;
        let place = match self.trips.get(&trip).copied() {
            None => self.take(cx, trip, step),
            Some(Place::Held) if !cx.switch(&ONCE) && self.left > 0 => {
                cx.mark(&marks::TWICE, (trip, step));
                self.left -= 1;
                Place::Held
            }
            Some(known) => {
                if let Place::GivenBack(_) = known {
                    cx.mark(&marks::LATE, (trip, step));
                }
                known
            }
        };
        match place {
            _ if !is_choreographed(cx.settings()) => {
                let done = place == Place::Held;
                cx.send(
                    ORCHESTRATOR,
                    if done {
                        Message::Booked { trip }
                    } else {
                        Message::Refused { trip }
                    },
                );
            }
            Place::Held => ask_next(cx, trip, along, at),
            Place::Refused => undo_before(cx, trip, along, at, step),
            Place::GivenBack(failed) => undo_before(cx, trip, along, at, failed),
        }
    }

    fn take(&mut self, cx: &mut Context<Node>, trip: Trip, step: u32) -> Place {
        let place = if self.left > 0 {
            self.left -= 1;
            cx.mark(&marks::BOOKS, (trip, step));
            Place::Held
        } else {
            cx.mark(&marks::REFUSES, (trip, step));
            Place::Refused
        };
        cx.write();
        self.trips.insert(trip, place);
        place
    }

    /// Ci. A trip that it does not know was overtaken: its step may still come, and must then be refused.
    fn undo(&mut self, cx: &mut Context<Node>, trip: Trip, along: &[NodeId], failed: u32) {
        let Some(at) = place_in(along, cx.me()) else {
            return;
        };
        let step = at as u32 + 1;
        match self.trips.get(&trip) {
            Some(Place::GivenBack(_)) if cx.switch(&ONCE) => {}
            Some(Place::Held | Place::GivenBack(_)) => {
                self.left += 1;
                cx.mark(marks::undoes(step), (trip, step));
            }
            Some(Place::Refused) | None => cx.mark(&marks::CANCELS, (trip, step, step)),
        }
        cx.write();
        if cx.switch(&REMEMBER) {
            self.trips.insert(trip, Place::GivenBack(failed));
        } else {
            self.trips.remove(&trip);
        }
        if is_choreographed(cx.settings()) {
            undo_before(cx, trip, along, at, failed);
        } else {
            cx.send(ORCHESTRATOR, Message::Undone { trip, failed });
        }
    }
}

fn place_in(along: &[NodeId], me: NodeId) -> Option<usize> {
    along.iter().position(|id| *id == me)
}

/// Choreography, forwards: the service after this one is next.
fn ask_next(cx: &mut Context<Node>, trip: Trip, along: &[NodeId], at: usize) {
    match along.get(at + 1) {
        Some(next) => {
            let along = along.into();
            cx.send(*next, Message::Book { trip, along });
        }
        None => cx.send(ORCHESTRATOR, Message::AllBooked { trip }),
    }
}

/// Choreography, backwards: the service before this one is next.
fn undo_before(cx: &mut Context<Node>, trip: Trip, along: &[NodeId], at: usize, failed: u32) {
    match at.checked_sub(1).and_then(|before| along.get(before)) {
        Some(before) => {
            let along = along.into();
            cx.send(
                *before,
                Message::Undo {
                    trip,
                    along,
                    failed,
                },
            );
        }
        None => cx.send(ORCHESTRATOR, Message::Undone { trip, failed }),
    }
}
