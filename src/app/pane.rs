//! One looked-at run: its engine, what its stage shows and what the person has picked there.

use std::cell::RefCell;
use std::rc::Rc;

use faultline_sim::frame::{Frame, MessageFrame};
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;
use yew::prelude::*;

use super::clock;
use crate::engine::Engine;
use crate::layout::{Point, Scene};
use crate::moments::{Reign, Spot};
use crate::text::records::LogRow;
use crate::ui::arcs::Arcs;
use crate::ui::drawing::Drawing;
use crate::ui::messages::Flight;
use crate::ui::panels::EventDetail;
use crate::ui::{Mode, Same, Selection};

/// What the panels show: refreshed less often than the stage.
pub(super) struct Panels {
    pub frame: Rc<Frame>,
    pub rows: Rc<Vec<LogRow>>,
    pub now: Time,
    pub edge: Time,
    pub past: bool,
    pub spots: Same<Vec<Spot>>,
    pub reigns: Same<Vec<Reign>>,
    pub span: Time,
}

/// A message that the person picked, with where it was then.
#[derive(Clone)]
pub(super) struct Picked {
    pub message: MessageFrame,
    pub at: Point,
    pub text: Option<String>,
    /// The latest record then.
    pub seq: u64,
}

/// All that belongs to one looked-at run.
pub(super) struct Pane {
    pub engine: Rc<RefCell<Engine>>,
    pub frame: Rc<Frame>,
    pub scene: Rc<Scene>,
    pub size: (f64, f64),
    pub panels: Panels,
    pub flight: Option<Flight>,
    pub arcs: Option<Arcs>,
    pub drawing: Option<Drawing>,

    pub selection: Selection,
    /// What was selected before.
    pub before: Selection,
    pub picked: Option<Picked>,
    /// The event that was gone to.
    pub event: Option<Rc<EventDetail>>,
    pub mode: Mode,
    pub focus: NodeId,
    /// The home scenario's hint stands until the first intervention.
    pub fresh: bool,
    /// The next message that is sent will be dropped.
    pub armed: bool,
    pub redo: usize,
    /// The record up to which marks were told to the listener.
    pub heard: u64,

    pub stage_ref: NodeRef,
    pub flight_ref: NodeRef,
    pub canvas_ref: NodeRef,
    pub drawing_ref: NodeRef,
    pub observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Pane {
    /// A run on a stage of this size, drawn so many times larger than usual.
    pub fn new(mut engine: Engine, size: (f64, f64), scale: f64) -> Self {
        let frame = engine.frame();
        let scene = clock::scene_of(&frame, size, scale, &Scene::default());
        let panels = Panels {
            frame: frame.clone(),
            rows: Rc::default(),
            now: frame.time,
            edge: frame.time,
            past: false,
            spots: Same(Rc::default()),
            reigns: Same(Rc::default()),
            span: frame.time,
        };
        Self {
            heard: engine.records(),
            focus: frame.nodes.first().map_or(NodeId(1), |node| node.id),
            engine: Rc::new(RefCell::new(engine)),
            frame,
            scene: Rc::new(scene.unwrap_or_default()),
            size,
            panels,
            flight: None,
            arcs: None,
            drawing: None,
            selection: Selection::None,
            before: Selection::None,
            picked: None,
            event: None,
            mode: Mode::Normal,
            fresh: true,
            armed: false,
            redo: 0,
            stage_ref: NodeRef::default(),
            flight_ref: NodeRef::default(),
            canvas_ref: NodeRef::default(),
            drawing_ref: NodeRef::default(),
            observer: None,
        }
    }
}
