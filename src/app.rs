//! The root component: owns the run, the frame clock and what is open on the page.

mod acts;
mod breaking;
mod keyboard;
mod shell;

use std::cell::RefCell;
use std::rc::Rc;

use faultline_protocols::HOME;
use faultline_sim::descriptor::Recipe;
use faultline_sim::frame::{Frame, MessageFrame};
use faultline_sim::process::NodeId;
use faultline_sim::time::Time;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, HtmlElement, KeyboardEvent, ResizeObserver};
use yew::prelude::*;

use crate::browser::{self, Listener, Ticker};
use crate::engine::Engine;
use crate::layout::{Point, Scene, timeline_span};
use crate::storage;
use crate::text;
use crate::text::records::LogRow;
use crate::ui::live_region::Announcer;
use crate::ui::messages::Flight;
use crate::ui::node::crowned;
use crate::ui::timeline::{Spot, spots};
use crate::ui::{Act, Mode, Same, Selection, Tab};

/// Panels, times and marks are refreshed at most this often while time runs.
const PANELS_MS: f64 = 100.0;
/// How long a passing remark stays.
const TOAST_MS: u32 = 6_000;

/// What happens to the page.
pub enum Msg {
    /// An animation frame, at this wall time in milliseconds.
    Tick(f64),
    Act(Act),
    Key(KeyboardEvent),
    /// The stage has another size.
    Resized,
    /// The address has another fragment.
    Fragment,
    ToastOver(u32),
}

/// The stage's size before the first render, so that nothing jumps when the poster goes.
#[derive(Clone, PartialEq, Properties)]
pub struct AppProps {
    #[prop_or((1280.0, 552.0))]
    pub stage: (f64, f64),
}

/// What the panels show: refreshed less often than the stage.
struct Panels {
    frame: Rc<Frame>,
    rows: Rc<Vec<LogRow>>,
    now: Time,
    edge: Time,
    past: bool,
    spots: Same<Vec<Spot>>,
    span: Time,
}

/// A message that the person picked, with where it was then.
#[derive(Clone)]
struct Picked {
    message: MessageFrame,
    at: Point,
    text: Option<String>,
}

pub struct App {
    engine: Rc<RefCell<Engine>>,
    frame: Rc<Frame>,
    scene: Rc<Scene>,
    size: (f64, f64),
    panels: Panels,
    since_panels: f64,

    playing: bool,
    speed: f64,
    last_tick: Option<f64>,
    ticker: Ticker,
    flight: Option<Flight>,

    selection: Selection,
    picked: Option<Picked>,
    mode: Mode,
    focus: NodeId,
    /// The home scenario's hint stands until the first intervention.
    fresh: bool,
    /// The next message that is sent will be dropped.
    armed: bool,
    redo: usize,
    /// The record up to which marks were told to the listener.
    heard: u64,

    side: bool,
    side_was_opened: bool,
    tab: Tab,
    library: bool,
    help: bool,
    dark: bool,
    letters: bool,
    announcer: Announcer,
    /// A passing remark, and its number.
    toast: (u32, Option<String>),
    /// Something went wrong that the person must see.
    alert: Option<String>,
    /// What was wrong with the command typed last.
    wrong: Option<String>,
    message_focused: bool,

    stage_ref: NodeRef,
    flight_ref: NodeRef,
    canvas_ref: NodeRef,
    lane_ref: NodeRef,
    _listeners: Vec<Listener>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

/// Opens what the address or the panic card asks for, else the home scenario; with what went wrong.
fn open_first() -> (Engine, Option<String>) {
    let home = || {
        // The home scenario is part of the catalogue, and a test opens it.
        Engine::open(&Recipe::new(HOME, 1), None).expect("the home scenario opens")
    };
    if let Some(saved) = storage::take_reopen() {
        match Engine::open(&saved.recipe, Some(Time(saved.cursor))) {
            Ok(engine) => return (engine, None),
            Err(why) => return (home(), Some(why)),
        }
    }
    let fragment = browser::fragment();
    if fragment.is_empty() {
        return (home(), None);
    }
    match Engine::open_fragment(&fragment) {
        Ok(engine) => (engine, None),
        Err(why) => (
            home(),
            Some(format!("{} {}", text::capital(&why), text::HOME_AGAIN)),
        ),
    }
}

impl Component for App {
    type Message = Msg;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let (mut engine, alert) = open_first();
        let size = ctx.props().stage;
        let frame = engine.frame();
        let scene = Rc::new(scene_of(&frame, size));
        let panels = Panels {
            frame: frame.clone(),
            rows: Rc::default(),
            now: frame.time,
            edge: frame.time,
            past: false,
            spots: Same(Rc::default()),
            span: frame.time,
        };
        let tick = ctx.link().callback(Msg::Tick);
        let key = ctx.link().callback(Msg::Key);
        let fragment = ctx.link().callback(|()| Msg::Fragment);
        let on_key = move |event: web_sys::Event| {
            if let Ok(event) = event.dyn_into() {
                key.emit(event);
            }
        };
        let listeners = vec![
            Listener::new(&browser::document(), "keydown", on_key),
            Listener::new(&browser::window(), "hashchange", move |_| fragment.emit(())),
        ];
        let dark = storage::dark();
        browser::set_dark(dark);
        let engine = Rc::new(RefCell::new(engine));
        browser::install_hooks(&engine);
        let mut app = Self {
            focus: frame.nodes.first().map_or(NodeId(1), |node| node.id),
            engine,
            frame,
            scene,
            size,
            panels,
            since_panels: 0.0,
            playing: !browser::asks_for_pause() && !browser::reduced_motion(),
            speed: 1.0,
            last_tick: None,
            ticker: Ticker::new(move |now| tick.emit(now)),
            flight: None,
            selection: Selection::None,
            picked: None,
            mode: Mode::Normal,
            fresh: true,
            armed: false,
            redo: 0,
            heard: 0,
            side: false,
            side_was_opened: false,
            tab: Tab::Inspect,
            library: false,
            help: false,
            dark,
            letters: storage::letters(),
            announcer: Announcer::default(),
            toast: (0, None),
            alert,
            wrong: None,
            message_focused: false,
            stage_ref: NodeRef::default(),
            flight_ref: NodeRef::default(),
            canvas_ref: NodeRef::default(),
            lane_ref: NodeRef::default(),
            _listeners: listeners,
            observer: None,
        };
        app.heard = app.engine.borrow().records();
        app.refresh_panels();
        app.set_title();
        app
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Tick(now) => self.tick(ctx, now),
            Msg::Act(act) => {
                self.act(ctx, act);
                true
            }
            Msg::Key(event) => self.key(ctx, &event),
            Msg::Resized => self.measure(),
            Msg::Fragment => self.open_fragment(ctx),
            Msg::ToastOver(number) => {
                let over = self.toast.0 == number;
                if over {
                    self.toast.1 = None;
                }
                over
            }
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        self.shell(ctx)
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.take_the_stage(ctx);
        }
        self.place_playhead();
        if self.message_focused && browser::focus_is_lost() {
            // The message under the keyboard's focus has arrived: stay in its list.
            browser::focus("#mirror-messages");
        }
        self.message_focused = browser::focus_is_on_message();
    }
}

fn scene_of(frame: &Frame, size: (f64, f64)) -> Scene {
    let ids: Vec<NodeId> = frame.nodes.iter().map(|node| node.id).collect();
    Scene::new(&ids, size.0, size.1)
}

impl App {
    /// After the first render: the layer of messages, the stage's real size, the clock.
    fn take_the_stage(&mut self, ctx: &Context<Self>) {
        let layer = self.flight_ref.cast();
        let canvas = self.canvas_ref.cast::<HtmlCanvasElement>();
        if let (Some(layer), Some(canvas)) = (layer, canvas) {
            let mut flight = Flight::new(browser::document(), layer, canvas);
            flight.still = browser::reduced_motion();
            self.flight = Some(flight);
        }
        if let Some(stage) = self.stage_ref.cast() {
            let resized = ctx.link().callback(|()| Msg::Resized);
            let seen = Closure::<dyn FnMut()>::new(move || resized.emit(()));
            if let Ok(observer) = ResizeObserver::new(seen.as_ref().unchecked_ref()) {
                observer.observe(&stage);
                self.observer = Some((observer, seen));
            }
        }
        self.measure();
        self.show_flight(true);
        if self.playing {
            self.ticker.ask();
        }
    }

    /// One animation frame.
    fn tick(&mut self, ctx: &Context<Self>, now: f64) -> bool {
        self.ticker.came();
        if !self.playing {
            return false;
        }
        self.ticker.ask();
        let passed = self
            .last_tick
            .map_or(0.0, |last| (now - last).clamp(0.0, 100.0));
        self.last_tick = Some(now);
        let happened = self.engine.borrow_mut().advance(passed, self.speed);
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
        let clock = self.engine.borrow().clock();
        if let Some(flight) = &mut self.flight {
            flight.place(clock, passed);
        }
        self.place_playhead();
        if self.frame.halted.is_some() {
            self.playing = false;
            self.ticker.stop();
        }
        happened || panels || said
    }

    /// Looks at the run again. `jumped`: the person went elsewhere in time.
    fn look(&mut self, jumped: bool) {
        self.frame = self.engine.borrow_mut().frame();
        self.fit();
        self.show_flight(jumped);
    }

    /// Everything again, after the person did something.
    fn look_at_all(&mut self, jumped: bool) {
        self.look(jumped);
        self.refresh_panels();
        if let Selection::Node(id) = self.selection
            && !self.frame.nodes.iter().any(|node| node.id == id)
        {
            self.selection = Selection::None;
        }
        if !self.frame.nodes.iter().any(|node| node.id == self.focus) {
            self.focus = self.frame.nodes.first().map_or(NodeId(1), |node| node.id);
        }
    }

    fn fit(&mut self) {
        let scene = scene_of(&self.frame, self.size);
        if *self.scene != scene {
            self.scene = Rc::new(scene);
        }
    }

    fn show_flight(&mut self, jumped: bool) {
        let clock = self.engine.borrow().clock();
        let picked = match self.selection {
            Selection::Message(address) => Some(address),
            _ => None,
        };
        if let Some(flight) = &mut self.flight {
            flight.sync(&self.frame, &self.scene, picked, jumped);
            flight.place(clock, 0.0);
        }
    }

    fn measure(&mut self) -> bool {
        let Some(stage) = self.stage_ref.cast::<web_sys::Element>() else {
            return false;
        };
        let size = browser::size_of(&stage);
        let same = (size.0 - self.size.0).abs() < 0.5 && (size.1 - self.size.1).abs() < 0.5;
        if same || size.0 < 1.0 || size.1 < 1.0 {
            return false;
        }
        self.size = size;
        self.fit();
        self.show_flight(false);
        true
    }

    fn refresh_panels(&mut self) {
        self.since_panels = 0.0;
        let mut engine = self.engine.borrow_mut();
        let edge = engine.edge();
        let least = Time(engine.scenario().until.0);
        let span = timeline_span(edge, least);
        let painted = spots(engine.marks(), span);
        if *self.panels.spots.0 != painted {
            self.panels.spots = Same(Rc::new(painted));
        }
        if self.side && self.tab == Tab::Log || !browser::wide() {
            self.panels.rows = engine.log();
        }
        self.panels.frame = self.frame.clone();
        self.panels.now = engine.now();
        self.panels.edge = edge;
        self.panels.past = engine.in_past();
        self.panels.span = span;
    }

    /// Tells the listener what happened by itself.
    fn hear_marks(&mut self) {
        let engine = self.engine.borrow();
        let (from, to) = (self.heard, engine.records());
        let marks = engine.marks();
        let first = marks.partition_point(|mark| mark.seq <= from);
        for mark in marks[first..].iter().take_while(|mark| mark.seq <= to) {
            if !matches!(mark.kind, faultline_sim::timeline::MarkKind::Loss) {
                self.announcer.heard(text::mark(mark));
            }
        }
        self.heard = to.max(from);
    }

    fn place_playhead(&self) {
        let Some(lane) = self.lane_ref.cast::<HtmlElement>() else {
            return;
        };
        let engine = self.engine.borrow();
        let span = self.panels.span.0.max(1) as f64;
        let part = |time: f64| format!("{:.3}%", (time / span * 100.0).clamp(0.0, 100.0));
        let style = lane.style();
        let _ = style.set_property("--at", &part(engine.clock()));
        let _ = style.set_property("--edge", &part(engine.edge().0 as f64));
    }

    /// The node that leads, as it believes itself.
    fn leader(&self) -> Option<NodeId> {
        self.frame
            .nodes
            .iter()
            .find(|node| crowned(node))
            .map(|node| node.id)
    }

    fn set_title(&self) {
        let title = self.engine.borrow().scenario().title;
        browser::document().set_title(&format!("{title} · {}", text::NAME));
    }
}
