//! The frame clock: wall time becomes simulator time, and what the page shows follows.

use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::Frame;
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use faultline_sim::timeline::MarkKind;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, HtmlElement, ResizeObserver};
use yew::Context;

use super::{App, Msg};
use crate::browser;
use crate::layout::{Room, Scene, timeline_span};
use crate::text;
use crate::ui::arcs::Arcs;
use crate::ui::drawing::Drawing;
use crate::ui::logs::log_of;
use crate::ui::messages::Flight;
use crate::ui::node::crowned;
use crate::ui::timeline::spots;
use crate::ui::{Act, Mode, Same, Selection, Tab};

/// Panels, times and marks are refreshed at most this often while time runs.
const PANELS_MS: f64 = 100.0;

/// Where the nodes of a frame stand; none if they stand there already.
pub(super) fn scene_of(frame: &Frame, size: (f64, f64), scale: f64, now: &Scene) -> Option<Scene> {
    let ids: Vec<NodeId> = frame.nodes.iter().map(|node| node.id).collect();
    let room = Room {
        logs: logs_of(frame),
        // On a phone there is no room for it.
        scale: if size.0 < 600.0 { 1.0 } else { scale },
        ..Room::new(size.0, size.1)
    };
    (!now.suits(&ids, room)).then(|| Scene::new(&ids, room))
}

/// How many nodes have a log to show.
pub(super) fn logs_of(frame: &Frame) -> usize {
    let nodes = frame.nodes.iter();
    nodes.filter(|node| log_of(node).is_some()).count()
}

impl App {
    /// After the first render: the layer of messages, the stage's real size, the clock.
    pub(super) fn take_the_stage(&mut self, ctx: &Context<Self>) {
        let layer = self.pane.flight_ref.cast();
        let canvas = self.pane.canvas_ref.cast::<HtmlCanvasElement>();
        if let (Some(layer), Some(canvas)) = (layer, canvas) {
            let mut flight = Flight::new(browser::document(), layer, canvas);
            flight.stand_still(self.still);
            self.pane.flight = Some(flight);
        }
        let stage = self.pane.stage_ref.cast::<web_sys::Element>();
        let arcs = stage.and_then(|stage| stage.query_selector(".arcs").ok().flatten());
        self.pane.arcs = arcs.map(|layer| Arcs::new(browser::document(), layer));
        if let Some(layer) = self.pane.drawing_ref.cast() {
            let parted = ctx
                .link()
                .callback(|sides| Msg::Act(Act::Do(Command::Fault(Fault::Partition(sides)))));
            self.pane.drawing = Drawing::new(&browser::document(), &layer, parted);
        }
        if let Some(stage) = self.pane.stage_ref.cast() {
            let resized = ctx.link().callback(|()| Msg::Resized);
            let seen = Closure::<dyn FnMut()>::new(move || resized.emit(()));
            if let Ok(observer) = ResizeObserver::new(seen.as_ref().unchecked_ref()) {
                observer.observe(&stage);
                self.pane.observer = Some((observer, seen));
            }
        }
        // The observer's first call measures the stage.
        self.show_flight(true);
        if self.playing {
            self.ticker.ask();
        }
    }

    /// One animation frame.
    pub(super) fn tick(&mut self, ctx: &Context<Self>, now: f64) -> bool {
        self.ticker.came();
        if !self.playing {
            return false;
        }
        self.ticker.ask();
        let passed = self
            .last_tick
            .map_or(0.0, |last| (now - last).clamp(0.0, 100.0));
        self.last_tick = Some(now);
        let happened = self.pane.engine.borrow_mut().advance(passed, self.speed);
        let stopped = self.pane.engine.borrow_mut().take_stopped();
        self.since_panels += passed;
        let said = self.announcer.tick(passed);
        let panels = self.since_panels >= PANELS_MS;
        if happened || panels {
            self.look(false);
            self.lose_if_armed(ctx);
        }
        if panels {
            self.hear_marks();
            self.refresh_panels();
        }
        let clock = self.pane.engine.borrow().clock();
        if let Some(flight) = &mut self.pane.flight {
            flight.place(clock, passed);
        }
        if let Some(arcs) = &mut self.pane.arcs {
            arcs.place(clock);
        }
        self.place_playhead();
        if self.pane.frame.halted.is_some() {
            self.playing = false;
            self.ticker.stop();
        }
        if let Some(spot) = stopped {
            self.play(false);
            self.remark(ctx, &text::stopped(&spot));
            return true;
        }
        happened || panels || said
    }

    /// Looks at the run again. `jumped`: the person went elsewhere in time.
    pub(super) fn look(&mut self, jumped: bool) {
        self.pane.frame = self.pane.engine.borrow_mut().frame();
        self.fit();
        self.show_flight(jumped);
    }

    /// Everything again, after the person did something.
    pub(super) fn look_at_all(&mut self, jumped: bool) {
        self.look(jumped);
        self.refresh_panels();
        if let Selection::Node(id) = self.pane.selection
            && !self.pane.frame.nodes.iter().any(|node| node.id == id)
        {
            self.pane.selection = Selection::None;
        }
        if !self
            .pane
            .frame
            .nodes
            .iter()
            .any(|node| node.id == self.pane.focus)
        {
            self.pane.focus = self
                .pane
                .frame
                .nodes
                .first()
                .map_or(NodeId(1), |node| node.id);
        }
    }

    pub(super) fn fit(&mut self) {
        if let Some(scene) = scene_of(
            &self.pane.frame,
            self.pane.size,
            self.theme.scale(),
            &self.pane.scene,
        ) {
            self.pane.scene = Rc::new(scene);
        }
    }

    /// Lines are drawn over what the stage shows now.
    pub(super) fn watch_for_lines(&self) {
        if let Some(drawing) = &self.pane.drawing {
            let touch = matches!(self.pane.mode, Mode::Ticking(_));
            drawing.sync(&self.pane.scene, &self.pane.frame.sides, touch);
        }
    }

    pub(super) fn show_flight(&mut self, jumped: bool) {
        let clock = self.pane.engine.borrow().clock();
        let picked = match self.pane.selection {
            Selection::Message(address) => Some(address),
            _ => None,
        };
        if let Some(flight) = &mut self.pane.flight {
            flight.sync(&self.pane.frame, &self.pane.scene, picked, jumped);
            flight.place(clock, 0.0);
        }
        if let Some(arcs) = &mut self.pane.arcs {
            arcs.timer = self.pane.engine.borrow().protocol().aligns;
            arcs.sync(&self.pane.frame, &self.pane.scene);
            arcs.place(clock);
        }
    }

    pub(super) fn measure(&mut self) -> bool {
        let Some(stage) = self.pane.stage_ref.cast::<web_sys::Element>() else {
            return false;
        };
        let size = browser::size_of(&stage);
        let same =
            (size.0 - self.pane.size.0).abs() < 0.5 && (size.1 - self.pane.size.1).abs() < 0.5;
        if same || size.0 < 1.0 || size.1 < 1.0 {
            return false;
        }
        self.pane.size = size;
        self.fit();
        self.show_flight(false);
        true
    }

    pub(super) fn refresh_panels(&mut self) {
        self.since_panels = 0.0;
        let mut engine = self.pane.engine.borrow_mut();
        let edge = engine.edge();
        let least = Time(engine.scenario().until.0);
        let span = timeline_span(edge, least);
        let painted = spots(engine.spots(), span);
        if *self.pane.panels.spots.0 != painted {
            self.pane.panels.spots = Same(Rc::new(painted));
        }
        if *self.pane.panels.reigns.0 != engine.reigns() {
            self.pane.panels.reigns = Same(Rc::new(engine.reigns().to_vec()));
        }
        if self.side && self.tab == Tab::Log || !browser::wide() {
            self.pane.panels.rows = engine.log();
        }
        engine.measure(&self.pane.frame);
        self.pane.panels.frame = self.pane.frame.clone();
        self.pane.panels.now = engine.now();
        self.pane.panels.edge = edge;
        self.pane.panels.past = engine.in_past();
        self.pane.panels.span = span;
    }

    /// Tells the listener what happened by itself. Losses come by the dozen: they are for the eye.
    pub(super) fn hear_marks(&mut self) {
        self.hear(|kind| kind != MarkKind::Loss);
    }

    /// Tells the listener what the person's own command brought about at once; the command has a
    /// sentence of its own.
    pub(super) fn hear_consequences(&mut self) {
        self.hear(|kind| matches!(kind, MarkKind::Leader | MarkKind::Violation));
    }

    fn hear(&mut self, worth: impl Fn(MarkKind) -> bool) {
        let mut engine = self.pane.engine.borrow_mut();
        let (from, to) = (self.pane.heard, engine.records());
        let marks = engine.marks();
        let first = marks.partition_point(|mark| mark.seq <= from);
        let news = marks[first..].iter().take_while(|mark| mark.seq <= to);
        let news: Vec<u64> = news
            .filter(|mark| worth(mark.kind))
            .map(|mark| mark.seq)
            .collect();
        for seq in news {
            if let Some(sentence) = engine.sentence(seq) {
                self.announcer.heard(sentence);
            }
        }
        self.pane.heard = to.max(from);
    }

    pub(super) fn place_playhead(&self) {
        let Some(lane) = self.lane_ref.cast::<HtmlElement>() else {
            return;
        };
        let engine = self.pane.engine.borrow();
        let span = self.pane.panels.span.0.max(1) as f64;
        let part = |time: f64| format!("{:.3}%", (time / span * 100.0).clamp(0.0, 100.0));
        let style = lane.style();
        let _ = style.set_property("--at", &part(engine.clock()));
        let _ = style.set_property("--edge", &part(engine.edge().0 as f64));
    }

    /// The node that leads, as it believes itself.
    pub(super) fn leader(&self) -> Option<NodeId> {
        self.pane
            .frame
            .nodes
            .iter()
            .find(|node| crowned(node))
            .map(|node| node.id)
    }

    pub(super) fn set_title(&self) {
        let title = self.pane.engine.borrow().scenario().title;
        browser::document().set_title(&format!("{title} · {}", text::NAME));
    }
}
