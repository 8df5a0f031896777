//! The moments of a run: where they are, how to go from one to the next, and where time stops.

use std::rc::Rc;

use faultline_sim::event::Event;
use faultline_sim::standing::Stop;
use faultline_sim::time::{Duration, Time};
use faultline_sim::timeline::Target;

use super::Engine;
use crate::moments::{Moment, Reign, Spot};
use crate::news::Course;

/// How far ahead the engine searches for the next moment.
const AHEAD: Duration = Duration(60_000_000);
/// The most events that the search may run.
const AHEAD_EVENTS: u32 = 30_000;

impl Engine {
    /// Reads the new records of the trace.
    fn catch_up(&mut self) {
        let vocabulary = self.vocabulary();
        let (story, timeline) = (&mut self.story, &self.timeline);
        for record in timeline.trace().from(story.read_up_to() + 1) {
            story.read(record, &vocabulary);
        }
    }

    /// The moments of the run, in order.
    pub fn spots(&mut self) -> &[Spot] {
        self.catch_up();
        self.story.spots()
    }

    /// Who led when, in order of start.
    pub fn reigns(&mut self) -> &[Reign] {
        self.catch_up();
        self.story.reigns()
    }

    /// How many live nodes had the news and when, if the protocol tells.
    pub fn news(&mut self) -> Option<(&'static str, Rc<Vec<Course>>)> {
        let news = self.protocol().news?;
        let from = self.hearing.read_up_to() + 1;
        for record in self.timeline.trace().from(from) {
            self.hearing.read(record, &news);
        }
        Some((news.title, self.hearing.points()))
    }

    /// The kinds of moments at which time stops.
    pub fn stops(&self) -> &[Moment] {
        &self.stops
    }

    /// Turns stopping at one kind of moment on or off.
    pub fn stop_at(&mut self, kind: Moment, on: bool) {
        self.stops.retain(|stop| *stop != kind);
        if on {
            self.stops.push(kind);
        }
    }

    /// The moment at which time has just stopped; a second call gives none.
    pub fn take_stopped(&mut self) -> Option<Spot> {
        self.stopped.take()
    }

    /// Time will stop once, as the scenario says.
    pub fn stop_first(&mut self, stop: Option<Stop>) {
        let passed = |stop: &Stop| matches!(stop, Stop::At(at) if Time(at.0) <= self.now());
        self.first_stop = stop.filter(|stop| !passed(stop));
    }

    /// Whether time has just stopped where the scenario says; a second call says no.
    pub fn take_met(&mut self) -> bool {
        std::mem::take(&mut self.met)
    }

    /// Whether time has stopped, and nobody has asked yet.
    pub(super) fn has_stopped(&self) -> bool {
        self.met || self.stopped.is_some() || self.has_news()
    }

    /// Whether time may stop.
    pub(super) fn is_watched(&self) -> bool {
        !self.stops.is_empty() || self.first_stop.is_some() || self.is_inquired()
    }

    /// Whether the scenario's own stop lies behind a record and has been reached.
    fn meets_first(&mut self, from: u64) -> bool {
        let Some(stop) = self.first_stop else {
            return false;
        };
        let mut fresh = self.timeline.trace().from(from + 1);
        self.met = match stop {
            Stop::At(at) => self.timeline.now().0 >= at.0,
            Stop::Mark(mark) => fresh.any(|record| record.is(mark)),
            Stop::Broken => fresh.any(|record| matches!(record.event, Event::Violated { .. })),
        };
        drop(fresh);
        if self.met {
            self.first_stop = None;
        }
        self.met
    }

    /// Runs event by event, up to a moment at which time stops.
    pub fn run_to_stop(&mut self, to: Time, budget: u64) -> bool {
        let to = match self.first_stop {
            Some(Stop::At(at)) => to.min(Time(at.0)),
            _ => to,
        };
        if !self.is_watched() {
            return self.timeline.run_until(to, budget);
        }
        for _ in 0..budget {
            let from = self.timeline.records();
            let due = if self.is_inquired() {
                self.due_answer()
            } else {
                None
            };
            let limit = due.map_or(to, |due| to.min(due));
            let there = self.timeline.run_until(limit, 1) && limit == to;
            // One record may be all of these: an answer, the scenario's own stop, and a person's.
            let heard = self.is_inquired() && self.hears(from);
            let met = self.meets_first(from);
            self.catch_up();
            let here = self.timeline.records();
            let stop = self
                .story
                .back_from(here)
                .take_while(|spot| spot.seq > from)
                .find(|spot| self.stops.contains(&spot.kind));
            if let Some(spot) = stop {
                self.stopped = Some(spot.clone());
                return false;
            }
            if heard || met {
                return false;
            }
            if there {
                return true;
            }
            if self.timeline.world().halted().is_some() {
                return false;
            }
        }
        false
    }

    /// Goes to the next moment. Beyond the furthest instant reached, the run continues until there is
    /// one; none if the search finds none.
    pub fn next_moment(&mut self) -> Option<Spot> {
        self.rest = 0.0;
        self.catch_up();
        let here = self.timeline.records();
        if self.story.after(here).is_none() {
            let edge = self.timeline.edge();
            self.timeline.go(Target::Time(edge));
            let until = edge + AHEAD;
            for _ in 0..AHEAD_EVENTS {
                let there = self.timeline.run_until(until, 1);
                self.catch_up();
                let halted = self.timeline.world().halted().is_some();
                if there || halted || self.story.after(here).is_some() {
                    break;
                }
            }
        }
        let spot = self.story.after(here)?.clone();
        self.timeline.go(Target::Record(spot.seq));
        Some(spot)
    }

    /// Goes to the moment before this one.
    pub fn previous_moment(&mut self) -> Option<Spot> {
        self.rest = 0.0;
        self.catch_up();
        let here = self.timeline.records();
        let before: Vec<Spot> = self.story.back_from(here).take(16).cloned().collect();
        // The latest one may be the present instant.
        before.into_iter().find(|spot| {
            self.timeline.go(Target::Record(spot.seq));
            self.timeline.records() < here
        })
    }
}
