//! The cost of drawing alone: the stage and its messages with an artificial load, instead of the page
//! (`?bench=stage&nodes=50&messages=500&seconds=10`). The figures go to `window.__result`.

pub mod spacetime;

use std::cell::Cell;
use std::rc::Rc;

use faultline_sim::frame::{Fate, Frame, LinkFrame, MessageFrame, Shape, Tone};
use faultline_sim::network::Address;
use faultline_sim::process::NodeId;
use faultline_sim::sorted::sort_by;
use faultline_sim::time::Time;
use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use yew::prelude::*;

use crate::browser::{self, Ticker};
use crate::layout::{Cast, Room, Scene};
use crate::synthetic;
use crate::ui::messages::Flight;
use crate::ui::stage::Stage;
use crate::ui::{Mode, Same, Selection};

/// Not measured, because the first frames compile code and fill caches.
const WARM_UP_MS: f64 = 1_000.0;
/// A cluster of up to this many nodes shows all its links.
const ALL_LINKS_UP_TO: u32 = 12;
/// After this many arrivals, the receiver changes its look.
const TELLING: u64 = 20;

const KINDS: [(&str, Shape, &str); 4] = [
    ("Write", Shape::Request, "W"),
    ("AppendEntries", Shape::Data, "D"),
    ("RequestVote", Shape::Election, "V"),
    ("Vote", Shape::Ack, "✓"),
];

/// The load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    nodes: u32,
    messages: usize,
    seconds: f64,
}

impl Load {
    /// The load in the address, if any.
    pub fn asked_for() -> Option<Self> {
        let of = |name: &str| browser::query(name)?.parse::<f64>().ok();
        (browser::query("bench")? == "stage").then(|| Self {
            nodes: of("nodes").unwrap_or(50.0).clamp(1.0, 10_000.0) as u32,
            messages: of("messages").unwrap_or(500.0).clamp(0.0, 100_000.0) as usize,
            seconds: of("seconds").unwrap_or(10.0).max(0.1),
        })
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct BenchProps {
    pub load: Load,
}

/// The stage under load.
pub struct Bench {
    frame: Rc<Frame>,
    scene: Rc<Scene>,
    flight: Option<Flight>,
    refs: [NodeRef; 4],
    ticker: Ticker,
    dice: u32,
    arrivals: u64,
    /// The start of the present frame and of the previous one.
    began: Rc<Cell<f64>>,
    first: Option<f64>,
    last: f64,
    intervals: Vec<f64>,
    scripts: Vec<f64>,
}

impl Component for Bench {
    type Message = f64;
    type Properties = BenchProps;

    fn create(ctx: &Context<Self>) -> Self {
        let load = ctx.props().load;
        let mut frame = synthetic::frame();
        frame.nodes = (1..=load.nodes)
            .map(|id| Rc::new(synthetic::node(id)))
            .collect();
        if load.nodes <= ALL_LINKS_UP_TO {
            let pairs = (1..=load.nodes).flat_map(|a| (a + 1..=load.nodes).map(move |b| (a, b)));
            frame.links = pairs.map(|(a, b)| link(NodeId(a), NodeId(b))).collect();
        }
        let (began, link) = (Rc::new(Cell::new(0.0)), ctx.link().clone());
        let begins = began.clone();
        let ticker = Ticker::new(move |now| {
            begins.set(browser::clock_ms());
            link.send_message(now);
        });
        let mut bench = Self {
            frame: Rc::new(frame),
            scene: Rc::default(),
            flight: None,
            refs: Default::default(),
            ticker,
            dice: 1,
            arrivals: 0,
            began,
            first: None,
            last: 0.0,
            intervals: Vec::new(),
            scripts: Vec::new(),
        };
        bench.fill(load.messages);
        bench
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let [area, flight, canvas, drawing] = self.refs.clone();
        html! {
            <div class="page bench">
                <div class="scene-box" ref={area} ~style="position: fixed; inset: 0">
                    <Stage frame={Same(self.frame.clone())} scene={Same(self.scene.clone())}
                        selection={Selection::None} mode={Mode::Normal} focus={NodeId(1)}
                        hint={None::<NodeId>} {flight} {canvas} {drawing}
                        on_act={Callback::noop()} />
                </div>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return self.measured();
        }
        let size = self.refs[0]
            .cast()
            .map_or((1280.0, 720.0), |area| browser::size_of(&area));
        let ids: Vec<NodeId> = self.frame.nodes.iter().map(|node| node.id).collect();
        self.scene = Rc::new(Scene::new(&Cast::plain(&ids), Room::new(size.0, size.1)));
        if let (Some(layer), Some(canvas)) = (self.refs[1].cast(), self.refs[2].cast()) {
            self.flight = Some(Flight::new(browser::document(), layer, canvas));
        }
        ctx.link().send_message(0.0);
    }

    fn update(&mut self, ctx: &Context<Self>, now: f64) -> bool {
        self.ticker.came();
        let load = ctx.props().load;
        let start = *self.first.get_or_insert(now);
        if now - start > WARM_UP_MS && self.last > 0.0 {
            self.intervals.push(now - self.last);
        }
        let passed = now - self.last;
        self.last = now;
        if now - start > WARM_UP_MS + load.seconds * 1_000.0 {
            self.tell();
            return false;
        }
        self.ticker.ask();
        let happened = self.deliver(Time((now * 1e3) as u64), load.messages);
        if let Some(flight) = &mut self.flight {
            if happened {
                flight.sync(&self.frame, &self.scene, None, false);
            }
            flight.place(now * 1e3, passed);
        }
        if !happened {
            self.measured();
        }
        happened
    }
}

impl Bench {
    /// A number below `n` from a fixed sequence.
    fn below(&mut self, n: u32) -> u32 {
        self.dice = self
            .dice
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        ((u64::from(self.dice) * u64::from(n)) >> 32) as u32
    }

    fn message(&mut self, number: u64, sent: i64) -> MessageFrame {
        let nodes = self.frame.nodes.len() as u32;
        let from = 1 + self.below(nodes);
        let to = 1 + (from + self.below(nodes.max(2) - 1)) % nodes;
        let (kind, shape, letter) = KINDS[(number % 4) as usize];
        let arrives = sent + 400_000 + i64::from(self.below(1_200_000));
        MessageFrame {
            address: Address {
                from: NodeId(from),
                to: NodeId(to),
                k: number as u32,
                copy: 0,
            },
            kind,
            shape,
            letter,
            sent: Time(sent.max(0) as u64),
            arrives: Time(arrives.max(1) as u64),
            fate: Fate::Flying,
            delayed: false,
            lie: false,
            word: None,
        }
    }

    fn fill(&mut self, messages: usize) {
        let all = (0..messages as u64).map(|number| {
            let ahead = i64::from(self.below(1_000_000));
            self.message(number, ahead)
        });
        let all: Vec<_> = all.collect();
        Rc::make_mut(&mut self.frame).messages = all;
    }

    /// New messages replace those that have arrived, and their receivers have changed. This is a new
    /// frame, as after an event of a run.
    fn deliver(&mut self, now: Time, most: usize) -> bool {
        let (gone, mut messages): (Vec<_>, Vec<_>) = self
            .frame
            .messages
            .iter()
            .copied()
            .partition(|m| m.arrives <= now);
        if gone.is_empty() && self.arrivals > 0 {
            return false;
        }
        let mut frame = (*self.frame).clone();
        for message in gone {
            self.arrivals += 1;
            let node = Rc::make_mut(&mut frame.nodes[message.address.to.0 as usize - 1]);
            node.lamport += 1;
            if self.arrivals.is_multiple_of(TELLING) {
                let good = node.tone == Tone::Good;
                node.tone = if good { Tone::Calm } else { Tone::Good };
            }
        }
        while messages.len() < most {
            self.arrivals += 1;
            messages.push(self.message(self.arrivals + most as u64, now.0 as i64));
        }
        frame.time = now;
        frame.messages = messages;
        self.frame = Rc::new(frame);
        true
    }

    /// The work of the frame is done.
    fn measured(&mut self) {
        let took = browser::clock_ms() - self.began.get();
        if !self.intervals.is_empty() {
            self.scripts.push(took);
        }
    }

    fn tell(&mut self) {
        let (frames, scripts) = (quantiles(&mut self.intervals), quantiles(&mut self.scripts));
        tell(&[
            ("frame_p50", frames.0),
            ("frame_p95", frames.1),
            ("script_p50", scripts.0),
            ("script_p95", scripts.1),
            ("frames", self.intervals.len() as f64),
        ]);
    }
}

/// The median and the 95th percentile.
fn quantiles(all: &mut [f64]) -> (f64, f64) {
    sort_by(all, f64::total_cmp);
    let part = |part: f64| {
        let at = (part * all.len() as f64) as usize;
        all.get(at.min(all.len().saturating_sub(1)))
            .copied()
            .unwrap_or(f64::NAN)
    };
    (part(0.5), part(0.95))
}

/// Stores figures in `window.__result`.
fn tell(figures: &[(&str, f64)]) {
    let result = Object::new();
    for (name, value) in figures {
        let _ = Reflect::set(
            &result,
            &JsValue::from_str(name),
            &JsValue::from_f64(*value),
        );
    }
    let _ = Reflect::set(&browser::window(), &JsValue::from_str("__result"), &result);
}

fn link(a: NodeId, b: NodeId) -> LinkFrame {
    LinkFrame {
        a,
        b,
        blocked: None,
        blocked_back: None,
        slow: None,
        slow_back: None,
        loss: 0.0,
        cut: false,
        present: true,
    }
}
