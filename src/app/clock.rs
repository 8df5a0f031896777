//! The frame clock: turns wall time into simulator time and updates the page.

use crate::moments::Moment;
use faultline_sim::frame::Frame;
use faultline_sim::standing::Form;
use faultline_sim::time::Time;
use web_sys::HtmlElement;
use yew::{Context, NodeRef};

use super::App;
use super::pane::Pane;
use crate::browser;
use crate::layout::{Cast, Room, Scene, timeline_span};
use crate::text;
use crate::ui::chain::{LANES, chain_of};
use crate::ui::clocks::{MOST, clock_of};
use crate::ui::logs::log_of;
use crate::ui::waits::{ROWS, waits_of};
use crate::ui::wheel::ring_of;
use crate::ui::{Selection, Tab};

/// The shortest time between two updates of panels, times and marks.
const PANELS_MS: f64 = 100.0;

/// The new layout of a frame's nodes; none if it has not changed.
pub(super) fn scene_of(
    frame: &Frame,
    form: Form,
    curve: bool,
    size: (f64, f64),
    scale: f64,
    now: &Scene,
) -> Option<Scene> {
    let cast = Cast::of(frame, form);
    let room = Room {
        logs: logs_of(frame),
        ring: has_ring(frame),
        curve,
        // A phone and a stage above a diagram have no room for it, a tablet has some.
        scale: if size.1 < 300.0 {
            1.0
        } else {
            scale.min(1.0 + (size.0 - 600.0).max(0.0) / 600.0)
        },
        ..Room::new(size.0, size.1)
    };
    (!now.suits(&cast, room)).then(|| Scene::new(&cast, room))
}

/// How many rows the table beside the nodes has: logs, lanes of blocks, clocks, locks.
pub(super) fn logs_of(frame: &Frame) -> usize {
    let nodes = || frame.nodes.iter();
    if nodes().any(|node| chain_of(node).is_some()) {
        return LANES;
    }
    if nodes().any(|node| waits_of(node).is_some()) {
        return ROWS;
    }
    let clocks = nodes().filter(|node| clock_of(node).is_some()).count();
    if clocks > 0 {
        return clocks.min(MOST);
    }
    nodes().filter(|node| log_of(node).is_some()).count()
}

/// Whether there is a ring of keys.
pub(super) fn has_ring(frame: &Frame) -> bool {
    ring_of(frame, Selection::None).is_some()
}

impl App {
    /// The visible runs, the active one first.
    pub(super) fn panes(&mut self) -> impl Iterator<Item = &mut Pane> {
        std::iter::once(&mut self.pane).chain(self.other.as_deref_mut())
    }

    /// After a render: a new stage gets its layers and its real size. The first one starts the clock.
    pub(super) fn attach_stages(&mut self, ctx: &Context<Self>, first: bool) {
        let still = self.motion.still;
        let fresh = self.panes().filter(|pane| pane.flight.is_none());
        fresh.for_each(|pane| pane.attach_stage(ctx, still));
        if first && self.motion.playing {
            self.motion.ticker.ask();
        }
    }

    /// One animation frame.
    pub(super) fn tick(&mut self, ctx: &Context<Self>, now: f64) -> bool {
        self.motion.ticker.came();
        let told = self.spacetime_tick();
        if !self.motion.playing {
            return told;
        }
        self.motion.ticker.ask();
        let passed = self
            .motion
            .last_tick
            .map_or(0.0, |last| (now - last).clamp(0.0, 100.0));
        self.motion.last_tick = Some(now);
        let happened = self.advance(passed);
        let stopped = self
            .panes()
            .find_map(|pane| pane.engine.borrow_mut().take_stopped());
        self.motion.since_panels += passed;
        let said = self.said.announcer.tick(passed);
        let panels = self.motion.since_panels >= PANELS_MS;
        if happened || panels {
            self.look(false);
            self.lose_if_armed(ctx);
        }
        if panels {
            self.hear_marks();
            self.refresh_panels();
        }
        self.panes().for_each(|pane| pane.place(passed));
        self.place_playhead();
        if self.panes().any(|pane| pane.frame.halted.is_some()) {
            self.motion.playing = false;
            self.motion.ticker.stop();
        }
        if let Some(spot) = stopped {
            self.play(false);
            self.remark(ctx, &text::stopped(&spot));
            return true;
        }
        if self.panes().any(|pane| pane.engine.borrow_mut().take_met()) {
            self.stand_first();
            return true;
        }
        if self.hear_answer() {
            return true;
        }
        happened || panels || said
    }

    /// Updates the visible runs. `jumped`: the person went to another instant.
    pub(super) fn look(&mut self, jumped: bool) {
        let scale = self.look.theme.scale();
        self.panes().for_each(|pane| pane.look(jumped, scale));
        self.spacetime_stale(jumped);
    }

    /// Updates everything after an act of the person.
    pub(super) fn look_at_all(&mut self, jumped: bool) {
        self.pane.engine.borrow_mut().listen();
        self.tell();
        self.look(jumped);
        self.refresh_panels();
        self.compare_runs(true);
        self.panes().for_each(Pane::hold_on);
    }

    pub(super) fn fit(&mut self) {
        let scale = self.look.theme.scale();
        self.panes().for_each(|pane| pane.fit(scale));
    }

    pub(super) fn show_flight(&mut self, jumped: bool) {
        self.spacetime_stale(jumped);
        self.panes().for_each(|pane| pane.show_flight(jumped));
    }

    pub(super) fn measure(&mut self) -> bool {
        if self.showing.tab == Tab::SpaceTime && browser::wide() {
            // Its own place has room now.
            self.showing.tab = Tab::Inspect;
            self.spacetime.open = true;
        }
        let scale = self.look.theme.scale();
        let mut changed = false;
        self.panes().for_each(|pane| changed |= pane.measure(scale));
        if changed {
            self.spacetime_stale(false);
        }
        changed
    }

    pub(super) fn refresh_panels(&mut self) {
        self.motion.since_panels = 0.0;
        if self.opening.poster.is_some() {
            // Only the stage and its caption are visible.
            self.pane.panels.frame = self.pane.frame.clone();
        } else {
            self.refresh_all();
        }
    }

    #[inline(never)]
    fn refresh_all(&mut self) {
        let log = self.showing.side && self.showing.tab == Tab::Log || !browser::wide();
        let span = self.span();
        self.panes().for_each(|pane| pane.refresh(span, log));
        self.shout_broken();
        self.paint_kept(span);
        self.compare_runs(false);
        self.spacetime_words();
        self.history_refresh();
        self.costs_refresh();
    }

    /// The length of the timeline, the same for all runs.
    fn span(&mut self) -> Time {
        let kept = self.longest_kept();
        let spans = self.panes().map(|pane| {
            let engine = pane.engine.borrow();
            timeline_span(engine.edge().max(kept), Time(engine.scenario().until.0))
        });
        spans.max().unwrap_or_default()
    }

    /// Announces events that the person did not cause. Losses are too frequent to announce, and broken
    /// rules are shouted.
    pub(super) fn hear_marks(&mut self) {
        self.hear(|kind| !matches!(kind, Moment::Drop | Moment::Violation));
    }

    /// Announces the immediate effects of the person's command. The command has its own sentence.
    pub(super) fn hear_consequences(&mut self) {
        self.hear(|kind| kind == Moment::Leader);
    }

    fn hear(&mut self, worth: impl Fn(Moment) -> bool) {
        // Sentences wait until the page is complete.
        if self.opening.poster.is_none() {
            self.hear_now(&worth);
        }
    }

    #[inline(never)]
    fn hear_now(&mut self, worth: &dyn Fn(Moment) -> bool) {
        let two = self.other.is_some();
        let panes = std::iter::once(&mut self.pane).chain(self.other.as_deref_mut());
        for pane in panes {
            let mut engine = pane.engine.borrow_mut();
            let (from, to) = (pane.heard, engine.records());
            let spots = engine.spots();
            let first = spots.partition_point(|spot| spot.seq <= from);
            let news = spots[first..].iter().take_while(|spot| spot.seq <= to);
            let news: Vec<u64> = news
                .filter(|spot| worth(spot.kind))
                .map(|spot| spot.seq)
                .collect();
            for seq in news {
                if let Some(sentence) = engine.sentence(seq) {
                    self.said.announcer.heard(if two {
                        text::compare::of_run(pane.letter, &sentence)
                    } else {
                        sentence
                    });
                }
            }
            pane.heard = to.max(from);
        }
    }

    pub(super) fn place_playhead(&self) {
        let shown = self.unfolded().map(|unfold| unfold.progress());
        let engine = self.pane.engine.borrow();
        let span = self.pane.panels.span.0.max(1) as f64;
        let part = |time: f64| format!("{:.3}%", (time / span * 100.0).clamp(0.0, 100.0));
        let lanes = [&self.focus.lane, &self.focus.runs];
        for lane in lanes.into_iter().filter_map(NodeRef::cast::<HtmlElement>) {
            let style = lane.style();
            // The messages of an instant take the whole line.
            let (at, edge) = match shown {
                Some(shown) => (shown * span, shown * span),
                None => (engine.clock(), engine.edge().0 as f64),
            };
            let _ = style.set_property("--at", &part(at));
            let _ = style.set_property("--edge", &part(edge));
        }
    }

    pub(super) fn set_title(&self) {
        let title = self.pane.engine.borrow().scenario().title;
        browser::document().set_title(&format!("{title} · {}", text::NAME));
    }
}
