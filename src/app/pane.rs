//! One visible run: its engine, its stage and what the person has picked there.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_sim::command::Command;
use faultline_sim::fault::Fault;
use faultline_sim::frame::{Frame, Light, MessageFrame};
use faultline_sim::process::NodeId;
use faultline_sim::standing::Form;
use faultline_sim::time::Time;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

use super::broken::Breach;
use super::{App, Msg, clock};
use crate::browser;
use crate::engine::Engine;
use crate::layout::{Point, Scene};
use crate::moments::{Reign, Spot};
use crate::news::Course;
use crate::text::records::LogRow;
use crate::ui::act::BreakAct;
use crate::ui::arcs::Arcs;
use crate::ui::costs::Bill;
use crate::ui::drawing::Drawing;
use crate::ui::messages::Flight;
use crate::ui::node::crowned;
use crate::ui::spacetime::canvas::Painter;
use crate::ui::stage::NewsShown;
use crate::ui::timeline::spots;
use crate::ui::{Act, Mode, Same, Selection};
use crate::views::EventDetail;

/// The content of the panels, which update less often than the stage.
pub(super) struct Panels {
    pub frame: Rc<Frame>,
    pub rows: Rc<Vec<LogRow>>,
    pub now: Time,
    pub edge: Time,
    pub past: bool,
    pub spots: Same<Vec<Spot>>,
    pub reigns: Same<Vec<Reign>>,
    /// How news has spread, and what it is.
    pub news: Option<(&'static str, Same<Vec<Course>>)>,
    pub span: Time,
    /// What the run costs, while somebody looks.
    pub bill: Option<Same<Bill>>,
}

/// A message that the person picked, and where it was then.
#[derive(Clone)]
pub(super) struct Picked {
    pub message: MessageFrame,
    pub at: Point,
    pub text: Option<String>,
    /// The latest record at that time.
    pub seq: u64,
}

/// Reports changes of the stage's size, as long as the stage exists.
struct Observer {
    observer: ResizeObserver,
    _seen: Closure<dyn FnMut()>,
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Everything that belongs to one visible run.
pub(super) struct Pane {
    /// The run's letter.
    pub letter: char,
    /// Its place: the lower number is on the left.
    pub place: u32,
    /// Acts of its stage.
    pub on_act: Callback<Act>,
    pub engine: Rc<RefCell<Engine>>,
    pub frame: Rc<Frame>,
    pub scene: Rc<Scene>,
    /// The form that the person chose.
    pub form: Option<Form>,
    pub size: (f64, f64),
    pub panels: Panels,
    pub flight: Option<Flight>,
    pub arcs: Option<Arcs>,
    pub drawing: Option<Drawing>,
    /// Paints the past of lanes.
    pub lanes: Option<Painter>,

    pub selection: Selection,
    /// The previous selection.
    pub before: Selection,
    pub picked: Option<Picked>,
    /// The event that the person went to.
    pub event: Option<Rc<EventDetail>>,
    pub mode: Mode,
    pub focus: NodeId,
    /// The hint of the home scenario, until the first command.
    pub fresh: bool,
    /// The next message sent will be dropped.
    pub armed: bool,
    pub redo: usize,
    /// The last record whose marks were announced.
    pub heard: u64,
    /// Broken laws that were announced, and the one whose banner is hidden, each with its record.
    pub shouted: Vec<Breach>,
    pub hidden: Option<Breach>,

    pub stage_ref: NodeRef,
    pub flight_ref: NodeRef,
    pub canvas_ref: NodeRef,
    pub drawing_ref: NodeRef,
    observer: Option<Observer>,
}

impl Pane {
    /// A run on a stage of this size and scale.
    pub fn new(
        ctx: &Context<App>,
        (place, letter): (u32, char),
        mut engine: Engine,
        size: (f64, f64),
        scale: f64,
    ) -> Self {
        let frame = engine.frame();
        let scene = clock::scene_of(
            &frame,
            engine.form(),
            engine.protocol().news.is_some(),
            size,
            scale,
            &Scene::default(),
        );
        let panels = Panels {
            frame: frame.clone(),
            rows: Rc::default(),
            now: frame.time,
            edge: frame.time,
            past: false,
            spots: Same(Rc::default()),
            reigns: Same(Rc::default()),
            news: None,
            span: frame.time,
            bill: None,
        };
        Self {
            letter,
            place,
            on_act: ctx.link().callback(move |act| Msg::ActIn(place, act)),
            heard: engine.records(),
            focus: first_of(&frame),
            engine: Rc::new(RefCell::new(engine)),
            frame,
            scene: Rc::new(scene.unwrap_or_default()),
            form: None,
            size,
            panels,
            flight: None,
            arcs: None,
            drawing: None,
            lanes: None,
            selection: Selection::None,
            before: Selection::None,
            picked: None,
            event: None,
            mode: Mode::Normal,
            fresh: true,
            armed: false,
            redo: 0,
            shouted: Vec::new(),
            hidden: None,
            stage_ref: NodeRef::default(),
            flight_ref: NodeRef::default(),
            canvas_ref: NodeRef::default(),
            drawing_ref: NodeRef::default(),
            observer: None,
        }
    }
}

impl Pane {
    /// After a render: the layers outside the virtual DOM, and the stage's real size.
    pub fn attach_stage(&mut self, ctx: &Context<App>, still: bool) {
        let layer = self.flight_ref.cast();
        let canvas = self.canvas_ref.cast::<HtmlCanvasElement>();
        if let (Some(layer), Some(canvas)) = (layer, canvas) {
            let mut flight = Flight::new(browser::document(), layer, canvas);
            flight.stand_still(still);
            self.flight = Some(flight);
        }
        let stage = self.stage_ref.cast::<Element>();
        let arcs = stage.and_then(|stage| stage.query_selector(".arcs").ok().flatten());
        self.arcs = arcs.map(|layer| Arcs::new(browser::document(), layer));
        if let Some(layer) = self.drawing_ref.cast() {
            let parted =
                |sides| Act::Break(BreakAct::Apply(Command::Fault(Fault::Partition(sides))));
            let parted = self.on_act.reform(parted);
            self.drawing = Drawing::new(&browser::document(), &layer, parted);
        }
        if let Some(stage) = self.stage_ref.cast() {
            let resized = ctx.link().callback(|()| Msg::Resized);
            let seen = Closure::<dyn FnMut()>::new(move || resized.emit(()));
            if let Ok(observer) = ResizeObserver::new(seen.as_ref().unchecked_ref()) {
                observer.observe(&stage);
                self.observer = Some(Observer {
                    observer,
                    _seen: seen,
                });
            }
        }
        // The observer's first call measures the stage.
        self.show_flight(true);
    }

    /// Updates the view of the run. `jumped`: the person went to another instant.
    pub fn look(&mut self, jumped: bool, scale: f64) {
        self.frame = self.engine.borrow_mut().frame();
        self.fit(scale);
        if jumped && self.scene.walks {
            // At another instant, everybody is where they are.
            Rc::make_mut(&mut self.scene).walks = false;
        }
        self.show_flight(jumped);
    }

    /// Keeps the selection and the focus if their subjects still exist.
    pub fn hold_on(&mut self) {
        let there = |id| self.frame.nodes.iter().any(|node| node.id == id);
        if let Selection::Node(id) = self.selection
            && !there(id)
        {
            self.selection = Selection::None;
        }
        if !there(self.focus) {
            self.focus = first_of(&self.frame);
        }
    }

    pub fn fit(&mut self, scale: f64) {
        let (own, curve) = {
            let engine = self.engine.borrow();
            (engine.form(), engine.protocol().news.is_some())
        };
        let form = self.form.unwrap_or(own);
        let (frame, now) = (&self.frame, &self.scene);
        if let Some(scene) = clock::scene_of(frame, form, curve, self.size, scale, now) {
            self.scene = Rc::new(scene.after(&self.scene));
        }
    }

    /// New lines are drawn over the present picture.
    pub fn watch_for_lines(&self) {
        if let Some(drawing) = &self.drawing {
            let touch = matches!(self.mode, Mode::Ticking(_));
            drawing.sync(&self.scene, &self.frame.sides, touch);
        }
    }

    pub fn show_flight(&mut self, jumped: bool) {
        let picked = match self.selection {
            Selection::Message(address) => Some(address),
            _ => None,
        };
        if let Some(flight) = &mut self.flight {
            flight.sync(&self.frame, &self.scene, picked, jumped);
        }
        if let Some(arcs) = &mut self.arcs {
            arcs.timer = self.engine.borrow().protocol().aligns;
            arcs.sync(&self.frame, &self.scene);
        }
        self.place(0.0);
    }

    /// Moves what moves between two frames; `wall_ms` is the time since the last call.
    pub fn place(&mut self, wall_ms: f64) {
        let clock = self.engine.borrow().clock();
        if let Some(flight) = &mut self.flight {
            flight.place(clock, wall_ms);
        }
        if let Some(arcs) = &mut self.arcs {
            arcs.place(clock);
        }
    }

    /// Measures the stage; true if its size has changed.
    pub fn measure(&mut self, scale: f64) -> bool {
        let Some(stage) = self.stage_ref.cast::<Element>() else {
            return false;
        };
        let size = browser::size_of(&stage);
        let same = (size.0 - self.size.0).abs() < 0.5 && (size.1 - self.size.1).abs() < 0.5;
        if same || size.0 < 1.0 || size.1 < 1.0 {
            return false;
        }
        self.size = size;
        self.fit(scale);
        if let Some(flight) = &mut self.flight {
            flight.move_marks(&self.frame, &self.scene);
        }
        self.show_flight(false);
        true
    }

    /// The content of the panels for a timeline of this length; the log only if it is visible.
    pub fn refresh(&mut self, span: Time, log: bool) {
        let mut engine = self.engine.borrow_mut();
        let painted = spots(engine.spots(), span);
        if *self.panels.spots.0 != painted {
            self.panels.spots = Same(Rc::new(painted));
        }
        if *self.panels.reigns.0 != engine.reigns() {
            self.panels.reigns = Same(Rc::new(engine.reigns().to_vec()));
        }
        self.panels.news = engine.news().map(|(title, points)| (title, Same(points)));
        if log {
            self.panels.rows = engine.log();
        }
        engine.measure(&self.frame);
        self.panels.frame = self.frame.clone();
        self.panels.now = engine.now();
        self.panels.edge = engine.edge();
        self.panels.past = engine.in_past();
        self.panels.span = span;
    }

    /// How news has spread, for the stage.
    pub fn news(&self) -> Option<NewsShown> {
        let (title, points) = self.panels.news.clone()?;
        Some(NewsShown {
            title,
            points,
            edge: self.panels.edge,
            span: self.panels.span,
        })
    }

    /// The picked message now, and whether it is still in flight.
    pub fn picked_now(&self) -> Option<(MessageFrame, bool)> {
        let picked = self.picked.as_ref()?;
        let now = self
            .frame
            .messages
            .iter()
            .find(|m| m.address == picked.message.address);
        Some(now.map_or((picked.message, false), |now| (*now, true)))
    }

    /// This run and another, the left one first.
    pub fn and<'p>(&'p self, other: &'p Self) -> (&'p Self, &'p Self) {
        if self.place < other.place {
            (self, other)
        } else {
            (other, self)
        }
    }

    /// Whether a law is broken, of whatever kind.
    pub fn breaks_rules(&self) -> bool {
        let mut verdicts = self.frame.verdicts.iter();
        verdicts.any(|verdict| matches!(verdict.light, Light::Broken { .. }))
    }

    /// The node that thinks it is the leader.
    pub fn leader(&self) -> Option<NodeId> {
        let mut nodes = self.frame.nodes.iter();
        nodes.find(|node| crowned(node)).map(|node| node.id)
    }
}

fn first_of(frame: &Frame) -> NodeId {
    frame.nodes.first().map_or(NodeId(1), |node| node.id)
}
