//! Repaints of the diagram: in the page's animation callback, and only while it is visible.

use faultline_diagram::{Axis, Chosen, Cones, Shape, View, content, overlay};
use wasm_bindgen::JsCast;
use web_sys::{PointerEvent, WheelEvent};
use yew::Context;

use super::App;
use super::subject::subject;
use crate::app::Msg;
use crate::browser::{self, Listener};
use crate::ui::spacetime::canvas::Painter;
use crate::ui::spacetime::{CutNames, Deed};
use crate::ui::{Act, Selection};

/// Records read per frame.
const READ_AT_ONCE: u64 = 20_000;
/// Where the present instant is in a following window.
const FOLLOWED: f64 = 0.94;
/// The height of a lane in pixels if there are many, which makes the panel scroll. Even more lanes are
/// squeezed.
const LEAST_PITCH: f64 = 22.0;
const MOST_SCROLLED: usize = 60;
/// A pointer that moves less than this clicks.
const CLICK: f64 = 4.0;
/// The zoom of one wheel notch.
const NOTCH: f64 = 1.0 / 500.0;

impl App {
    /// After a render: the canvases may be new or gone.
    pub(in crate::app) fn spacetime_rendered(&mut self, ctx: &Context<Self>) {
        if self.spacetime.painter.is_some() || self.spacetime_seen() {
            self.spacetime_now_rendered(ctx);
        }
    }

    #[inline(never)]
    fn spacetime_now_rendered(&mut self, ctx: &Context<Self>) {
        let host = self.spacetime.host.cast::<web_sys::HtmlElement>();
        let Some(host) = host.filter(|_| self.spacetime_seen() && !self.spacetime.table) else {
            self.spacetime.painter = None;
            self.spacetime.hands.clear();
            return;
        };
        let same = |painter: &Painter| painter.host == host;
        if !self.spacetime.painter.as_ref().is_some_and(same) {
            let painter = Painter::new(host.clone());
            let names = painter.as_ref().map(|painter| painter.names.clone());
            self.spacetime.hands = hands(ctx, &host, &names.unwrap_or_default());
            self.spacetime.painter = painter;
            self.spacetime_stale(true);
        }
        let size = host.parent_element().map(|area| browser::size_of(&area));
        let (width, height) = size.unwrap_or_default();
        let (was, tall) = (self.spacetime.view.width, self.spacetime.view.height);
        if (width - was).abs() > 0.5 || height - tall > 0.5 || tall - height > 0.5 {
            self.spacetime_stale(true);
        }
    }

    /// One animation frame; true if the texts beside the drawing have changed.
    pub(in crate::app) fn spacetime_tick(&mut self) -> bool {
        self.spacetime_seen()
            && (self.spacetime.stale || self.motion.playing)
            && self.spacetime_now_tick()
    }

    #[inline(never)]
    fn spacetime_now_tick(&mut self) -> bool {
        self.spacetime_look_at();
        let was_stale = std::mem::take(&mut self.spacetime.stale);
        self.spacetime_frame_run();
        self.spacetime_follow();
        let window = Some(&self.spacetime.view);
        let mut engine = self.pane.engine.borrow_mut();
        let all = self.reading.is_some() || engine.read_diagram(READ_AT_ONCE, window);
        drop(engine);
        self.spacetime_cones();
        self.spacetime_paint();
        if !all {
            self.spacetime_stale(true);
        }
        // While time runs, texts update together with the panels.
        was_stale && !self.motion.playing && self.spacetime_words()
    }

    /// Moves the window so that the present instant stays visible.
    fn spacetime_follow(&mut self) {
        let subject = subject(&self.pane, &self.reading);
        let space = &mut self.spacetime;
        let now = subject.now();
        let moved = space.stood != Some(now);
        space.view.now = now;
        space.stood = Some(now);
        if self.reading.is_some() || (!moved && !space.follow) {
            return;
        }
        let here = space.view.here();
        let view = &mut space.view;
        let span = view.to - view.from;
        let seen = here >= view.from && here <= view.to;
        let live = !subject.in_past();
        if space.follow && live {
            let from = (here - span * FOLLOWED).max(-span * 0.01);
            if (from - view.from).abs() > span * 1e-4 {
                space.whole = true;
            }
            view.from = from;
        } else if moved && !seen {
            view.from = (here - span * 0.5).max(0.0);
            space.whole = true;
        }
        view.to = view.from + span;
    }

    /// The cones of the selected event, including new events.
    pub(super) fn spacetime_cones(&mut self) {
        let subject = subject(&self.pane, &self.reading);
        let index = subject.index();
        let Some(seq) = subject.selected() else {
            self.spacetime.cones = None;
            self.spacetime.second = None;
            return;
        };
        let known = self.spacetime.cones.take().filter(|cones| cones.seq == seq);
        let known = known.and_then(|mut cones| cones.follow(index).then_some(cones));
        self.spacetime.cones = known.or_else(|| Cones::new(index, seq));
        let records = subject.records();
        self.spacetime.second = self.spacetime.second.filter(|seq| *seq <= records);
    }

    fn spacetime_paint(&mut self) {
        let subject = subject(&self.pane, &self.reading);
        let index = subject.index();
        let space = &mut self.spacetime;
        let Some(painter) = &mut space.painter else {
            return;
        };
        let Some(area) = painter.host.parent_element() else {
            return;
        };
        let (width, height) = (
            f64::from(area.client_width()),
            f64::from(area.client_height()),
        );
        let view = &mut space.view;
        view.scale = if width < 600.0 {
            1.0
        } else {
            self.look.theme.scale().min(1.25)
        };
        let lanes = view.lanes(index).len();
        let least = if lanes <= MOST_SCROLLED {
            view.scale * (LEAST_PITCH * lanes as f64 + 46.0)
        } else {
            0.0
        };
        let height = height.max(least);
        if view.width != width || view.height != height {
            let style = painter.host.style();
            let _ = style.set_property("height", &format!("{height}px"));
            (view.width, view.height) = (width, height);
            space.whole = true;
        }
        // Messages in flight move while time runs, and the drawing slides in a following window.
        let live = !subject.in_past();
        view.flights = subject.flights();
        let flies = live && !view.flights.is_empty();
        if painter.renew() || space.painted != index.len() || flies || self.motion.playing {
            space.whole = true;
        }
        if std::mem::take(&mut space.whole) {
            space.painted = index.len();
            painter.content(&content(index, view), view);
            tell_window(painter, view);
        }
        let chosen = match subject.selection() {
            Selection::Record(seq) => Chosen::Record(seq),
            Selection::Node(id) => Chosen::Node(id),
            Selection::Message(address) => Chosen::Message(address),
            _ => Chosen::None,
        };
        let edge = match view.axis {
            Axis::Time => subject.end(Axis::Time),
            Axis::Order => subject.end(Axis::Order) + 0.5,
        };
        let mut over = overlay(
            index,
            view,
            chosen,
            space.cones.as_ref(),
            space.second,
            edge,
        );
        let focus = space.ring.and_then(|seq| spot(index, view, seq));
        over.extend(focus.map(|at| Shape::Focus { at }));
        painter.overlay(&over, view);
    }
}

/// The place of an event in the drawing.
fn spot(index: &faultline_diagram::Index, view: &View, seq: u64) -> Option<(f64, f64)> {
    let entry = index.entry(seq)?;
    let lanes = view.lanes(index);
    let node = faultline_sim::process::NodeId(entry.node);
    Some((view.x(view.place(seq, entry.time)), view.y(&lanes, node)?))
}

/// Publishes the painted window for tests.
fn tell_window(painter: &Painter, view: &View) {
    let text = format!(
        "{:?} {} {} {} {} {} {}",
        view.axis,
        view.from,
        view.to,
        view.left(),
        view.right(),
        view.top(),
        view.bottom()
    );
    let _ = painter.host.set_attribute("data-window", &text);
}

/// Pointer gestures: a drag pans, a wheel zooms, a press without movement clicks.
fn hands(ctx: &Context<App>, host: &web_sys::HtmlElement, names: &CutNames) -> Vec<Listener> {
    use std::cell::Cell;
    use std::rc::Rc;
    let deed = ctx.link().callback(|deed| Msg::Act(Act::SpaceTime(deed)));
    // Where the pointer went down and was last; whether it has moved.
    let grip: Rc<Cell<Option<(f64, f64, bool)>>> = Rc::default();
    let wheel = {
        let (deed, host) = (deed.clone(), host.clone());
        move |event: web_sys::Event| {
            let Some(wheel) = event.dyn_ref::<WheelEvent>() else {
                return;
            };
            event.prevent_default();
            let lines = if wheel.delta_mode() == 0 { 1.0 } else { 33.0 };
            if wheel.shift_key() || wheel.delta_x().abs() > wheel.delta_y().abs() {
                let by = wheel.delta_x() + wheel.delta_y();
                return deed.emit(Deed::Drag(-by * lines));
            }
            let power = (wheel.delta_y() * lines * NOTCH).clamp(-1.0, 1.0);
            let factor = libm::pow(2.0, power);
            deed.emit(Deed::Zoom(factor, Some(browser::within(&host, wheel).x)));
        }
    };
    let down = {
        let grip = grip.clone();
        let host = host.clone();
        move |event: web_sys::Event| {
            if let Some(event) = event.dyn_ref::<PointerEvent>().filter(|e| e.button() == 0) {
                let x = f64::from(event.client_x());
                grip.set(Some((x, x, false)));
                crate::browser::give_focus(&host);
            }
        }
    };
    let moved = {
        let (grip, deed, host) = (grip.clone(), deed.clone(), host.clone());
        let names = names.clone();
        move |event: web_sys::Event| {
            let Some(event) = event.dyn_ref::<PointerEvent>() else {
                return;
            };
            let Some((began, last, meant)) = grip.get() else {
                return names.pointed(&host, event);
            };
            let x = f64::from(event.client_x());
            if meant || (x - began).abs() > CLICK {
                if !meant {
                    let _ = host.set_pointer_capture(event.pointer_id());
                }
                grip.set(Some((began, x, true)));
                deed.emit(Deed::Drag(x - last));
            }
        }
    };
    let up = {
        let (grip, host) = (grip.clone(), host.clone());
        move |event: web_sys::Event| {
            let Some((.., meant)) = grip.take() else {
                return;
            };
            if let Some(event) = event.dyn_ref::<PointerEvent>().filter(|_| !meant) {
                let at = browser::within(&host, event);
                let shift = event.shift_key();
                deed.emit(Deed::Click {
                    x: at.x,
                    y: at.y,
                    shift,
                });
            }
        }
    };
    let leave = move |_: web_sys::Event| grip.set(None);
    vec![
        Listener::new(host, "wheel", wheel),
        Listener::new(host, "pointerdown", down),
        Listener::new(host, "pointermove", moved),
        Listener::new(host, "pointerup", up),
        Listener::new(host, "pointercancel", leave),
    ]
}
