//! The effect of each act on the diagram.

use faultline_diagram::{Axis, hits, next_event};
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::Target;
use yew::Context;

use super::subject::subject;
use super::{App, span};
use crate::browser;
use crate::storage;
use crate::text::spacetime as words;
use crate::ui::act::{PickAct, TravelAct, ViewAct};
use crate::ui::spacetime::Deed;
use crate::ui::{Act, Selection, Tab};

/// How near an event a click must be: half a fingertip.
const REACH: f64 = 14.0;

impl App {
    pub(in crate::app) fn spacetime_deed(&mut self, ctx: &Context<Self>, deed: Deed) {
        match deed {
            Deed::Open(on) => self.spacetime_open(on),
            Deed::Toggle if browser::wide() => self.spacetime_open(!self.spacetime.open),
            Deed::Toggle => {
                let there = self.showing.tab == Tab::SpaceTime;
                let tab = if there { Tab::Inspect } else { Tab::SpaceTime };
                self.act(ctx, Act::View(ViewAct::Tab(tab)));
            }
            Deed::Tall(on) => self.spacetime.tall = on,
            Deed::Zoom(factor, x) => self.spacetime_zoom(factor, x),
            Deed::Fit => {
                let end = self.spacetime_end();
                self.spacetime.follow = false;
                self.spacetime.view.fit(end);
            }
            Deed::Pan(part) => {
                self.spacetime.view.pan(part);
                self.spacetime_panned();
            }
            Deed::Drag(px) => {
                let by = px * self.spacetime.view.per_pixel();
                self.spacetime.view.from -= by;
                self.spacetime.view.to -= by;
                self.spacetime_panned();
            }
            Deed::Follow(on) => {
                self.spacetime.follow = on;
                self.spacetime.stood = None;
            }
            Deed::Stamps(stamps) => self.spacetime.view.stamps = stamps,
            Deed::Timers(on) => self.spacetime.view.timers = on,
            Deed::Axis(axis) => self.spacetime_axis(axis),
            Deed::Node(node, on) => {
                self.spacetime.view.hidden.retain(|own| *own != node);
                if !on {
                    self.spacetime.view.hidden.push(node);
                }
            }
            Deed::Kind(kind, on) => {
                self.spacetime.view.silent.retain(|own| *own != kind);
                if !on {
                    self.spacetime.view.silent.push(kind);
                }
            }
            Deed::From(at) => self.spacetime_edge(at, true),
            Deed::To(at) => self.spacetime_edge(at, false),
            Deed::Table(on) => self.spacetime.table = on,
            Deed::Picking(on) => {
                self.spacetime.picking = on;
                if on {
                    let first = subject(&self.pane, &self.reading).selected().is_some();
                    let said = if first {
                        words::PICK_SECOND
                    } else {
                        words::PICK_FIRST
                    };
                    self.said.announcer.at_once(said.into());
                }
            }
            Deed::Click { x, y, shift } => self.spacetime_click(ctx, x, y, shift),
            Deed::Walk(by) => self.spacetime_walk(by),
            Deed::Choose => {
                if let Some(seq) = self.spacetime_ring() {
                    let compare = self.spacetime.picking;
                    self.spacetime_choose(ctx, seq, compare);
                }
            }
            Deed::Compare => {
                if let Some(seq) = self.spacetime_ring() {
                    self.spacetime_choose(ctx, seq, true);
                }
            }
            Deed::Uncompare => {
                self.spacetime.second = None;
                self.spacetime.picking = false;
                browser::focus(".st-sheet");
            }
        }
        self.spacetime_stale(true);
        if self.spacetime_seen() {
            self.spacetime_words();
        }
    }

    fn spacetime_open(&mut self, on: bool) {
        self.spacetime.open = on;
        storage::set_spacetime(on);
        if !on && browser::focus_is_in(".spacetime") {
            browser::focus(&format!("[aria-label='{}']", words::TITLE));
        }
    }

    fn spacetime_zoom(&mut self, factor: f64, x: Option<f64>) {
        let end = self.spacetime_end();
        let view = &mut self.spacetime.view;
        let middle = f64::midpoint(view.from, view.to);
        let here = view.here();
        let seen = here >= view.from && here <= view.to;
        let around = match x {
            Some(x) => view.at(x),
            None if seen => here,
            None => middle,
        };
        // The longest window is twice the whole run.
        let pace = subject(&self.pane, &self.reading).pace();
        let most = (end * 2.0).max(span(view.axis, pace));
        if factor < 1.0 || (view.to - view.from) * factor <= most {
            view.zoom(factor, around);
        }
        if x.is_some() && factor < 1.0 {
            self.spacetime.follow = false;
        }
        self.spacetime.view.keep_within(end);
    }

    /// The person moved the window, so it no longer follows the run.
    fn spacetime_panned(&mut self) {
        self.spacetime.follow = false;
        let end = self.spacetime_end();
        self.spacetime.view.keep_within(end);
    }

    fn spacetime_end(&self) -> f64 {
        subject(&self.pane, &self.reading).end(self.spacetime.view.axis)
    }

    fn spacetime_axis(&mut self, axis: Axis) {
        let pace = subject(&self.pane, &self.reading).pace();
        let view = &mut self.spacetime.view;
        view.axis = axis;
        let length = span(axis, pace);
        view.from = (view.here() - length * 0.9).max(0.0);
        view.to = view.from + length;
    }

    fn spacetime_edge(&mut self, at: f64, left: bool) {
        if !at.is_finite() || at < 0.0 {
            return;
        }
        let view = &mut self.spacetime.view;
        let at = match view.axis {
            Axis::Time => (at * 1e6).min(9e15),
            Axis::Order => at.min(9e15),
        };
        let least = view.least();
        if left {
            view.from = at;
            view.to = view.to.max(at + least);
        } else {
            view.to = at.max(least);
            view.from = view.from.min(view.to - least);
        }
        self.spacetime.follow = false;
    }

    fn spacetime_click(&mut self, ctx: &Context<Self>, x: f64, y: f64, shift: bool) {
        let (found, node, time, record, first) = {
            let subject = subject(&self.pane, &self.reading);
            let (index, view) = (subject.index(), &self.spacetime.view);
            let found = hits(index, view, x, y, REACH);
            let lanes = view.lanes(index);
            let lane = ((y - view.top()) / view.pitch(lanes.len())).floor();
            let node = (x < view.left() - 4.0 && lane >= 0.0)
                .then(|| lanes.get(lane as usize).copied())
                .flatten();
            let at = view.at(x).max(0.0);
            let time = at.min(subject.end(Axis::Time));
            let record = (at as u64).clamp(1, subject.records().max(1));
            (found, node, Time(time as u64), record, subject.selected())
        };
        // Another click at the same place picks the next event there.
        let selected = first.and_then(|seq| found.iter().position(|own| *own == seq));
        let next = selected.map_or(0, |at| (at + 1) % found.len().max(1));
        let compare = shift || self.spacetime.picking;
        match (found.get(next), node) {
            (None, Some(node)) => self.spacetime_pick(ctx, Selection::Node(node)),
            (Some(seq), _) => self.spacetime_choose(ctx, *seq, compare),
            // A log has no state to seek to.
            (None, None) if self.reading.is_some() => self.spacetime_pick(ctx, Selection::None),
            (None, None) if self.spacetime.view.axis == Axis::Time => {
                self.act(ctx, Act::Travel(TravelAct::Go(Target::Time(time))));
            }
            (None, None) => self.act(ctx, Act::Travel(TravelAct::Go(Target::Record(record)))),
        }
    }

    /// Goes to an event, or compares it with the selected one.
    fn spacetime_choose(&mut self, ctx: &Context<Self>, seq: u64, compare: bool) {
        let first = subject(&self.pane, &self.reading).selected();
        self.spacetime.ring = Some(seq);
        match first.filter(|_| compare) {
            Some(first) => {
                self.spacetime.second = Some(seq);
                self.spacetime.picking = false;
                let subject = subject(&self.pane, &self.reading);
                let compared = faultline_diagram::compare(subject.index(), first, seq);
                let said = compared.map_or(words::TOO_FAR_APART, |compared| {
                    words::verdict(compared.order).1
                });
                self.said.announcer.at_once(said.into());
            }
            None => {
                self.spacetime.second = None;
                self.spacetime_pick(ctx, Selection::Record(seq));
                self.spacetime_say(seq);
            }
        }
    }

    /// Selects an event and seeks to it in a run.
    fn spacetime_pick(&mut self, ctx: &Context<Self>, picked: Selection) {
        match (&mut self.reading, picked) {
            (Some(reading), _) => reading.selection = picked,
            (None, Selection::Record(seq)) => {
                self.act(ctx, Act::Travel(TravelAct::Go(Target::Record(seq))))
            }
            (None, _) => self.act(ctx, Act::Pick(PickAct::Inspect(picked))),
        }
    }

    /// The event with the keyboard focus; at first the selected one, or the latest up to the present
    /// instant.
    fn spacetime_ring(&mut self) -> Option<u64> {
        let subject = subject(&self.pane, &self.reading);
        let (index, view) = (subject.index(), &self.spacetime.view);
        let known = |seq: &u64| index.entry(*seq).is_some();
        let shown = |seq: &u64| view.shows(index, *seq);
        let until = subject.now().1.min(index.len());
        let latest = || (index.first()..=until).rev().find(shown);
        let ring = self.spacetime.ring.filter(known);
        ring.or(subject.selected().filter(known)).or_else(latest)
    }

    fn spacetime_walk(&mut self, by: faultline_diagram::Move) {
        let Some(here) = self.spacetime_ring() else {
            return self.said.announcer.at_once(words::NO_MORE.into());
        };
        let next = {
            let subject = subject(&self.pane, &self.reading);
            let (index, view) = (subject.index(), &self.spacetime.view);
            // The first key press only shows the focus.
            if self.spacetime.ring.is_none() {
                Some(here).filter(|seq| view.shows(index, *seq))
            } else {
                None
            }
            .or_else(|| next_event(index, view, here, by))
        };
        let Some(next) = next else {
            return self.said.announcer.at_once(words::NO_MORE.into());
        };
        self.spacetime.ring = Some(next);
        self.spacetime_reveal(next);
        self.spacetime_say(next);
    }

    /// Moves the window so that an event is visible.
    fn spacetime_reveal(&mut self, seq: u64) {
        let subject = subject(&self.pane, &self.reading);
        let view = &mut self.spacetime.view;
        let Some(entry) = subject.index().entry(seq) else {
            return;
        };
        let place = view.place(seq, entry.time);
        let span = view.to - view.from;
        if place < view.from || place > view.to {
            view.from = (place - span * 0.5).max(0.0);
            view.to = view.from + span;
            self.spacetime.follow = false;
        }
    }

    /// Announces an event and its relation to the selected one.
    fn spacetime_say(&mut self, seq: u64) {
        let sentence = self.spacetime_sentence(seq);
        let side = self.spacetime_side(seq);
        let said = if side.is_empty() {
            sentence
        } else {
            format!("{sentence} ({side})")
        };
        self.said.announcer.at_once(said);
    }

    /// The nodes that the diagram knows.
    pub(super) fn spacetime_nodes(&self) -> Vec<(NodeId, String, bool)> {
        let subject = subject(&self.pane, &self.reading);
        let index = subject.index();
        let all = (1..=index.nodes() as u32).map(NodeId);
        all.map(|id| {
            (
                id,
                index.name(id),
                !self.spacetime.view.hidden.contains(&id),
            )
        })
        .collect()
    }
}
